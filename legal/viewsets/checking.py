"""What is to be checked again: the works, texts and authorities that the viewer keeps, and what waits on the first page
of the admin."""

from django.core.exceptions import PermissionDenied
from django.urls import path, reverse
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.base import ViewSet

from legal.models import Assistance, Authority, Correspondence, Expression, Participation, Suggestion, Work

DOORS = {"INSTRUMENT": "instrument", "LAW": "nationallaw", "MODEL": "modellaw", "CASE": "casestudy"}
MOST = 200  # of each kind on the page


def stale_of(viewer) -> dict:
    """What `viewer` keeps and what nobody has checked, or not for too long; what belongs to a work comes to its
    keeper."""
    works = Work.objects.filter(owner=viewer)
    of_works = {"work__in": works.values("pk")}
    return {
        "works": works.stale().select_related("country").order_by("review_by", "pk"),
        "texts": Expression.objects.stale().filter(**of_works).select_related("work").order_by("review_by", "pk"),
        "participations": Participation.objects.stale()
        .filter(instrument__in=works.values("pk"))
        .select_related("instrument", "country")
        .order_by("instrument", "country", "pk"),
        "authorities": Authority.objects.visible_to(viewer).stale().filter(owner=viewer).select_related("country"),
    }


class CheckingView(WagtailAdminTemplateMixin, TemplateView):
    template_name = "legal/checking.html"
    page_title = gettext_lazy("To be checked again")
    header_icon = "history"

    def dispatch(self, request, *args, **kwargs):
        if not request.user.has_perm("legal.change_work"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs):
        found = stale_of(self.request.user)
        works = [(one, reverse(f"{DOORS[one.kind]}:inspect", args=[one.pk])) for one in found.pop("works")[:MOST]]
        counts = {name: rows.count() for name, rows in found.items()}
        shown = {name: rows[:MOST] for name, rows in found.items()}
        return super().get_context_data(works=works, counts=counts, doors=DOORS, **shown, **kwargs)


class _ForKeepers(MenuItem):
    def is_shown(self, request):
        return request.user.has_perm("legal.change_work")


class CheckingViewSet(ViewSet):
    name = "checking"
    url_prefix = "legal/checking"
    icon = "history"
    menu_label = gettext_lazy("To be checked again")
    menu_item_class = _ForKeepers

    def get_urlpatterns(self):
        return [path("", CheckingView.as_view(), name="index")]


class LawToday(Component):
    """What waits for the viewer: suggestions, findings to review, what is to be checked again, milestones."""

    name = "law_today"
    template_name = "legal/law_today.html"
    order = 60

    def __init__(self, viewer):
        self.viewer = viewer

    def get_context_data(self, _parent_context):
        viewer, lines = self.viewer, []
        if viewer.has_perm("legal.change_suggestion"):
            waiting = Suggestion.objects.visible_to(viewer).waiting().count()
            url = reverse("suggestion:index") + "?state=WAITING"
            lines.append((gettext_lazy("Suggestions of focal points that wait for an answer"), waiting, url))
        if viewer.has_perm("legal.change_correspondence"):
            others = Correspondence.objects.awaiting_review().exclude(assessor=viewer).count()
            url = reverse("correspondence:index") + "?state=awaiting_review&others=true"
            lines.append((gettext_lazy("Grades of others that wait for a review"), others, url))
        if viewer.has_perm("legal.change_work"):
            stale = sum(rows.count() for rows in stale_of(viewer).values())
            lines.append((gettext_lazy("Kept by you, and to be checked again"), stale, reverse("checking:index")))
        if viewer.has_perm("legal.view_assistance"):
            late = Assistance.objects.filter(owner=viewer).overdue().count()
            url = f"{reverse('assistance:index')}?owner={viewer.pk}&standing=overdue"
            lines.append((gettext_lazy("Your requests with an overdue milestone"), late, url))
        return {"lines": [line for line in lines if line[1]]}
