"""The admin's list of what countries make of model laws."""

from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.permissions import register_permission_policy

from legal.forms.drafting import NationalDraftForm
from legal.models import NationalDraft
from legal.views.desk import drafting
from network.labels import language_name
from network.viewsets.records import LimitedPolicy, RecordIndexView, RecordInspectView, RecordViewSet

# They are begun at their model law.
register_permission_policy(NationalDraft, LimitedPolicy(NationalDraft, "view", "change", "delete"))


class NationalDraftIndexView(RecordIndexView):
    title_label = gettext_lazy("Draft")
    title_sort_key = None
    related = ("country", "model", "law")
    export_values = {"country": lambda draft: draft.country_id, "model": lambda draft: draft.model.slug}

    def search_queryset(self, queryset):
        return queryset.filter(model__search_text__icontains=self.search_query) if self.is_searching else queryset


class NationalDraftInspectView(RecordInspectView):
    def facts(self):
        one = self.object
        url = reverse("nationaldraft:choose", args=[one.pk])
        may_choose = self.request.user.has_perm("legal.change_nationaldraft")
        return [
            (_("country"), one.country),
            (_("model law"), one.model),
            (_("language"), language_name(one.expression.language)),
            (_("title"), str(one.title)),
            (_("choices"), format_html('<a href="{}">{}</a>', url, _("Open the choices")) if may_choose else ""),
            (_("recorded as"), one.law),
            (_("begun by"), one.by),
        ]


class NationalDraftViewSet(RecordViewSet):
    model = NationalDraft
    icon = "edit"
    url_prefix = "legal/drafts"
    index_view_class = NationalDraftIndexView
    inspect_view_class = NationalDraftInspectView
    list_export = ["country", "model", "begun_at"]
    export_filename = "drafts"
    list_display = [
        Column("model", label=gettext_lazy("Model law")),
        Column("law", label=gettext_lazy("Recorded as")),
        DateColumn("begun_at", label=gettext_lazy("Begun"), sort_key="begun_at"),
    ]
    edit_handler = ObjectList([FieldPanel("title")], base_form_class=NationalDraftForm)

    def get_urlpatterns(self):
        return [*super().get_urlpatterns(), path("<int:pk>/choices/", drafting.ChooseView.as_view(), name="choose")]
