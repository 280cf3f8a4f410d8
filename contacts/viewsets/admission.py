"""The admin's screens for what is checked before an organization of a kind is admitted."""

from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel, InlinePanel, ObjectList
from wagtail.admin.ui.tables import Column, StatusFlagColumn

from contacts.models import AdmissionRule
from network.viewsets.country import in_every_language
from network.viewsets.records import RecordIndexView, RecordInspectView, RecordViewSet


class AdmissionRuleIndexView(RecordIndexView):
    title_label = gettext_lazy("Kind of organization")
    title_sort_key = "kind"
    is_searchable = False
    export_values = {
        "kind": AdmissionRule.get_kind_display,
        "items": lambda rule: "; ".join(str(item) for item in rule.items.all()),
    }

    def dressed(self, rows):
        return super().dressed(rows).prefetch_related("items")


class AdmissionRuleInspectView(RecordInspectView):
    def facts(self):
        rule = self.object
        items = [(in_every_language(item.label),) for item in rule.items.all()]
        return [
            (_("kind of organization"), rule.get_kind_display()),
            (_("two people must agree"), _("yes") if rule.needs_two else _("no")),
            (_("checklist"), format_html_join("", '<div class="checks__item">{}</div>', items)),
        ]


class AdmissionRuleViewSet(RecordViewSet):
    model = AdmissionRule
    icon = "list-ul"
    url_prefix = "contacts/admission-rules"
    index_view_class = AdmissionRuleIndexView
    inspect_view_class = AdmissionRuleInspectView
    ordering = "kind"
    list_display = [
        Column("items", label=gettext_lazy("Items of the checklist"), accessor=lambda rule: len(rule.items.all())),
        StatusFlagColumn("needs_two", label="", true_label=gettext_lazy("Two people")),
    ]
    list_export = ["kind", "needs_two", "items"]
    export_headings = {"items": gettext_lazy("Checklist")}
    export_filename = "admission-rules"
    edit_handler = ObjectList(
        [
            FieldPanel("kind"),
            FieldPanel("needs_two"),
            InlinePanel(
                "items", [FieldPanel("label")], heading=gettext_lazy("Checklist"), label=gettext_lazy("To be checked")
            ),
        ]
    )
