"""The addresses of the screens where texts come in, below /admin/legal/imports/."""

from django.urls import path
from django.utils.translation import gettext_lazy
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from legal.views.desk import contents, intakes
from legal.views.desk.door import RECORDS


class _ForKeepers(MenuItem):
    def is_shown(self, request):
        return request.user.has_perm(RECORDS)


class IntakeViewSet(ViewSet):
    name = "intake"
    url_prefix = "legal/imports"
    icon = "upload"
    menu_label = gettext_lazy("Import texts")
    menu_item_class = _ForKeepers

    def get_urlpatterns(self):
        acts = {"apply": intakes.IntakeApplyView, "compare": intakes.IntakeCompareView}
        of_texts = {
            "facts": intakes.IncomingFactsView,
            "replace": intakes.IncomingReplaceView,
            "leave": intakes.IncomingLeaveView,
            "contents": contents.IncomingContentsView,
            "passage": contents.IncomingPassageView,
        }
        return [
            path("", intakes.IntakeIndexView.as_view(), name="index"),
            path("<int:pk>/", intakes.IntakeView.as_view(), name="show"),
            path("<int:pk>/discard/", intakes.IntakeDiscardView.as_view(), name="discard"),
            *(path(f"<int:pk>/{name}/", view.as_view(), name=name) for name, view in acts.items()),
            *(path(f"<int:pk>/texts/<int:text>/{name}/", view.as_view(), name=name) for name, view in of_texts.items()),
        ]
