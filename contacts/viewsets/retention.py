"""The admin's screens for how long what is kept: each rule with what it would do now."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, DateColumn

from contacts.models import RetentionRule
from network.viewsets.records import RecordIndexView, RecordInspectView, RecordViewSet

SAMPLE = 20


class RetentionRuleIndexView(RecordIndexView):
    title_label = gettext_lazy("What")
    title_sort_key = None
    is_searchable = False


class RetentionRuleInspectView(RecordInspectView):
    template_name = "contacts/retention_rule.html"

    def facts(self):
        rule = self.object
        return [
            (_("what"), rule.get_kind_display()),
            (_("kept for months"), rule.months),
            (_("why it is kept"), rule.purpose),
            (_("last applied"), rule.applied_at),
        ]

    def get_context_data(self, **kwargs):
        due = self.object.due()
        may_apply = self.request.user.has_perm("contacts.erase_person")
        return super().get_context_data(count=due.count(), due=due[:SAMPLE], may_apply=may_apply, **kwargs)


class ApplyView(View):
    """POST: what the rule says is done."""

    http_method_names = ["post"]

    def post(self, request, pk):
        if not request.user.has_perm("contacts.erase_person"):
            raise PermissionDenied
        rule = get_object_or_404(RetentionRule.objects.visible_to(request.user), pk=pk)
        done = rule.apply(by=request.user)
        messages.success(request, ngettext("Done, for %(n)s row.", "Done, for %(n)s rows.", done) % {"n": done})
        return redirect("retentionrule:inspect", pk)


class RetentionRuleViewSet(RecordViewSet):
    model = RetentionRule
    icon = "history"
    url_prefix = "contacts/retention"
    menu_label = gettext_lazy("Retention")
    index_view_class = RetentionRuleIndexView
    inspect_view_class = RetentionRuleInspectView
    ordering = "kind"
    list_display = [
        Column("months", label=gettext_lazy("Kept for months"), sort_key="months"),
        Column("due", label=gettext_lazy("Due now"), accessor=lambda rule: rule.due().count()),
        DateColumn("applied_at", label=gettext_lazy("Last applied"), sort_key="applied_at"),
    ]
    list_export = ["kind", "months", "purpose", "applied_at"]
    export_filename = "retention"
    edit_handler = ObjectList([FieldPanel("kind"), FieldPanel("months"), FieldPanel("purpose")])

    def get_urlpatterns(self):
        return [*super().get_urlpatterns(), path("<int:pk>/apply/", ApplyView.as_view(), name="apply")]
