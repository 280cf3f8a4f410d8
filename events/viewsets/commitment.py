"""The admin's screens for commitments: what was undertaken, what is overdue, and what to ask for at the next event."""

import django_filters
from django import forms
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.tables import Column, StatusTagColumn

from contacts.models import User
from events.forms import CommitmentForm, ReportForm
from events.models import Commitment, Event
from events.models.commitment import Status
from network.models import Organization, key_in
from network.viewsets.access import narrow
from network.viewsets.chooser import OrganizationChooserViewSet
from network.viewsets.records import RecordActView, RecordCreateView, RecordIndexView, RecordViewSet, RecordWithActsView


class EndorseForm(forms.Form):
    """An organization that stands by the commitment of another: one of very many, so it is chosen by its name."""

    organization = forms.ModelChoiceField(
        Organization.objects.all(), label=gettext_lazy("Organization"), widget=OrganizationChooserViewSet().widget_class
    )


class CommitmentFilterSet(WagtailFilterSet):
    event = django_filters.ModelChoiceFilter(label=gettext_lazy("Event"), queryset=Event.objects.all())
    follow_up_at = django_filters.ModelChoiceFilter(
        label=gettext_lazy("To follow up at"), queryset=Event.objects.coming(), method="asked_to"
    )
    status = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("Status"), choices=Status.choices, widget=forms.CheckboxSelectMultiple
    )
    overdue = django_filters.BooleanFilter(
        label=gettext_lazy("Overdue"),
        method="late",
        widget=forms.Select(choices=[("", "---"), ("true", gettext_lazy("Yes"))]),
    )
    owner = django_filters.ModelChoiceFilter(label=gettext_lazy("Owner"), queryset=User.objects.staff())

    class Meta:
        model = Commitment
        fields = []

    def asked_to(self, commitments, _name, event):
        return commitments.to_follow_up_at(event) if event else commitments

    def late(self, commitments, _name, is_late):
        return commitments.overdue() if is_late else commitments


def due(commitment: Commitment) -> str:
    day = date_format(commitment.due_on) if commitment.due_on else ""
    return _("%(day)s, overdue") % {"day": day} if commitment.is_overdue else day


class CommitmentIndexView(RecordIndexView):
    title_label = gettext_lazy("Commitment")
    title_sort_key = None
    related = ("organization", "event", "owner")

    def search_queryset(self, queryset):
        if not self.is_searching:
            return queryset
        named = Organization.objects.matching(self.search_query)
        return queryset.filter(text__icontains=self.search_query) | queryset.filter(organization__in=named.values("pk"))

    def order_queryset(self, queryset):
        return queryset.soonest_first() if self.ordering == "due_on" else super().order_queryset(queryset)


class CommitmentCreateView(RecordCreateView):
    """`?event=` and `?organization=` say of whom and where; whoever writes it down follows it up."""

    def get_initial_form_instance(self):
        asked = self.request.GET
        event, organization = key_in(asked.get("event", "")), key_in(asked.get("organization", ""))
        return Commitment(owner=self.request.user, event_id=event, organization_id=organization)


class CommitmentInspectView(RecordWithActsView):
    def facts(self):
        one = self.object
        reports = [
            (
                date_format(report.at),
                report.get_status_display(),
                report.words,
                report.event or "",
                _link(report.evidence),
            )
            for report in one.reports.select_related("event")
        ]
        return [
            (_("organization"), _card(one.organization)),
            (_("event"), format_html('<a href="{}">{}</a>', reverse("event:desk", args=[one.event_id]), one.event)),
            (_("what it undertook"), str(one.text)),
            (_("due"), due(one)),
            (_("status"), one.get_status_display()),
            (_("owner"), one.owner),
            (_("public"), _("Yes") if one.is_public else _("No")),
            (_("endorsed by"), ", ".join(str(row) for row in one.endorsements.select_related("organization"))),
            (_("reports"), format_html_join("", "<div>{} · {} · {} {} {}</div>", reports)),
        ]

    def get_context_data(self, **kwargs):
        acts, report, endorse = [], ReportForm(), EndorseForm()
        narrow(endorse, self.request.user)
        if self.request.user.has_perm("events.change_commitment"):
            acts = [
                (_("Report how it stands"), "commitment:report", report, _("Note the report"), ""),
                (_("Another organization endorses it"), "commitment:endorse", endorse, _("Note the endorsement"), ""),
            ]
        return super().get_context_data(acts=acts, media=report.media + endorse.media, **kwargs)


class CommitmentActView(RecordActView):
    model = Commitment


class ReportView(CommitmentActView):
    form_class = ReportForm

    def act(self, commitment, answers):
        commitment.report(**answers, by=self.request.user)
        return _("The report is noted.")


class EndorseView(CommitmentActView):
    form_class = EndorseForm

    def act(self, commitment, answers):
        commitment.endorse(answers["organization"], by=self.request.user)
        return _("The endorsement is noted.")


class CommitmentViewSet(RecordViewSet):
    model = Commitment
    name = "commitment"
    icon = "clipboard-list"
    menu_label = gettext_lazy("Commitments")
    menu_order = 150
    url_prefix = "events/commitment"
    index_view_class = CommitmentIndexView
    inspect_view_class = CommitmentInspectView
    add_view_class = CommitmentCreateView
    filterset_class = CommitmentFilterSet
    ordering = "due_on"
    list_display = [
        Column("event", label=gettext_lazy("Event"), sort_key="event__starts_on"),
        StatusTagColumn(
            "status",
            label=gettext_lazy("Status"),
            accessor="get_status_display",
            primary=lambda commitment: commitment.status == Status.DONE,
        ),
        Column("due", label=pgettext_lazy("a day", "Due"), accessor=due, sort_key="due_on"),
        Column("owner", label=gettext_lazy("Owner"), sort_key="owner"),
    ]
    list_export = ["event.slug", "organization.name", "text", "due_on", "status", "owner", "is_public"]
    export_headings = {"event.slug": gettext_lazy("Event"), "organization.name": gettext_lazy("Organization")}
    export_filename = "commitments"
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("event"), FieldPanel("organization")]),
            FieldPanel("text"),
            FieldRowPanel([FieldPanel("due_on"), FieldPanel("owner", widget=forms.Select)]),
            FieldPanel("is_public"),
        ],
        base_form_class=CommitmentForm,
    )

    def get_urlpatterns(self):
        acts = {"report": ReportView, "endorse": EndorseView}
        return [
            *super().get_urlpatterns(),
            *(path(f"<int:pk>/{name}/", view.as_view(), name=name) for name, view in acts.items()),
        ]


def _card(organization: Organization) -> str:
    url = reverse("organization:inspect", args=[organization.pk])
    return format_html('<a href="{}">{}</a>', url, organization)


def _link(address: str) -> str:
    return format_html('<a href="{}" rel="noreferrer">{}</a>', address, _("evidence")) if address else ""
