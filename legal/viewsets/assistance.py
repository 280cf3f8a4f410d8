"""The admin's screens for requests for assistance: which are open, whose milestones are overdue, and by whom."""

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Min, Q
from django.urls import path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, ObjectList
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.base import ViewSet

from contacts.models import User
from legal.forms.assistance import AssistanceForm
from legal.models import Assistance, Milestone, State
from legal.models.assistance import OPEN
from legal.viewsets import assistance_card as card
from network.forms import LongSelect, country_choices
from network.models import Country, Organization, key_in
from network.viewsets.records import RecordCreateView, RecordIndexView, RecordViewSet

STANDINGS = {
    "open": gettext_lazy("Open"),
    "overdue": gettext_lazy("Milestone overdue"),
    **{f"is:{state.value}": state.label for state in State},
}


class AssistanceFilterSet(WagtailFilterSet):
    standing = django_filters.ChoiceFilter(
        label=gettext_lazy("State"), choices=list(STANDINGS.items()), method="standing_so", widget=forms.RadioSelect
    )
    country = django_filters.ChoiceFilter(label=gettext_lazy("Country"), choices=country_choices, widget=LongSelect)
    kind = django_filters.ChoiceFilter(
        label=gettext_lazy("Kind"), choices=Assistance.Kind.choices, widget=forms.RadioSelect
    )
    owner = django_filters.ModelChoiceFilter(label=gettext_lazy("Owner"), queryset=User.objects.staff())

    class Meta:
        model = Assistance
        fields = []

    def standing_so(self, rows, _name, standing):
        _is, _colon, state = standing.partition(":")
        return rows.filter(state=state) if state else getattr(rows, standing)()


class AssistanceIndexView(RecordIndexView):
    title_label = gettext_lazy("Request")
    title_sort_key = None
    related = ("country", "organization", "owner")
    export_values = {
        "title": str,
        "kind": Assistance.get_kind_display,
        "country": lambda one: one.country_id,
        "organization": lambda one: str(one.organization or ""),
        "state": Assistance.get_state_display,
        "outcome": lambda one: str(one.outcome),
    }

    def dressed(self, rows):
        return super().dressed(rows).annotate(next_on=Min("milestones__due_on", filter=Q(milestones__reached_on=None)))


class AssistanceCreateView(RecordCreateView):
    """`?country=`, `?organization=` and `?person=` say who asks; whoever notes it sees to it."""

    def get_initial_form_instance(self):
        return Assistance(owner=self.request.user)

    def get_initial(self):
        asked = self.request.GET
        organization = Organization.objects.filter(pk=key_in(asked.get("organization", ""))).first()
        code = asked.get("country") or (organization.country_id if organization else "")
        found = {"country": code if code and Country.objects.filter(pk=code).exists() else ""}
        found |= {"organization": organization and organization.pk, "requester": key_in(asked.get("person", ""))}
        return {name: value for name, value in found.items() if value}


def due(one: Assistance) -> str:
    return date_format(one.next_on) if one.is_open and one.next_on else ""


class AssistanceViewSet(RecordViewSet):
    model = Assistance
    icon = "help"
    url_prefix = "legal/assistance"
    index_view_class = AssistanceIndexView
    inspect_view_class = card.AssistanceInspectView
    add_view_class = AssistanceCreateView
    filterset_class = AssistanceFilterSet
    ordering = "-received_on"
    list_display = [
        Column("country", label=gettext_lazy("Country"), sort_key="country"),
        Column("kind", label=gettext_lazy("Kind"), accessor="get_kind_display"),
        Column("owner", label=gettext_lazy("Owner")),
        DateColumn("received_on", label=gettext_lazy("Received"), sort_key="received_on"),
        StatusTagColumn(
            "state",
            label=gettext_lazy("State"),
            accessor="get_state_display",
            primary=lambda one: one.is_open,
        ),
        Column("next_on", label=gettext_lazy("Next milestone"), accessor=due),
    ]
    list_export = [
        *("title", "kind", "country", "organization", "owner", "received_on", "agreed_on", "begun_on", "ended_on"),
        *("state", "state_reason", "outcome", "is_public"),
    ]
    export_filename = "assistance"
    edit_handler = ObjectList(
        [
            FieldPanel("title"),
            FieldRowPanel([FieldPanel("country", widget=LongSelect), FieldPanel("kind")]),
            FieldRowPanel([FieldPanel("organization"), FieldPanel("requester")]),
            FieldRowPanel([FieldPanel("received_on"), FieldPanel("owner", widget=forms.Select)]),
            FieldPanel("scope"),
            FieldPanel("instruments", widget=forms.CheckboxSelectMultiple(attrs={"class": "in-columns"})),
            InlinePanel(
                "milestones",
                [FieldRowPanel([FieldPanel("title"), FieldPanel("due_on")])],
                heading=gettext_lazy("Milestones"),
                label=gettext_lazy("Milestone"),
            ),
            FieldPanel("laws", widget=forms.CheckboxSelectMultiple(attrs={"class": "in-columns"})),
            FieldPanel("outcome"),
        ],
        base_form_class=AssistanceForm,
    )

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),
            *(
                path(f"<int:pk>/{name.replace('_', '-')}/", view.as_view(), name=name)
                for name, view in card.ACTS.items()
            ),
            path("<int:pk>/milestones/<int:row>/reach/", card.ReachView.as_view(), name="reach"),
            path("<int:pk>/laws/<int:row>/", card.LinkLawView.as_view(), name="credit"),
            path("<int:pk>/missions/<int:row>/report/", card.ReportView.as_view(), name="report"),
            path("<int:pk>/missions/<int:row>/file/", card.ReportFileView.as_view(), name="report_file"),
            path("<int:pk>/drafts/<int:row>/", card.DraftFileView.as_view(), name="draft_file"),
        ]


class WorkloadView(WagtailAdminTemplateMixin, TemplateView):
    """Who of us sees to how much: open requests, overdue milestones, and what is next."""

    template_name = "legal/workload.html"
    page_title = gettext_lazy("Assistance by owner")
    header_icon = "help"

    def dispatch(self, request, *args, **kwargs):
        if not request.user.has_perm("legal.view_assistance"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs):
        seen = Assistance.objects.visible_to(self.request.user)
        overdue = Milestone.objects.overdue().filter(assistance__in=seen.values("pk"))
        late = dict(overdue.order_by().values_list("assistance__owner").annotate(n=Count("pk")))
        pending = Milestone.objects.pending().filter(assistance__in=seen.open().values("pk"))
        coming = pending.filter(due_on__gte=timezone.localdate()).order_by()
        following = dict(coming.values_list("assistance__owner").annotate(first=Min("due_on")))
        counts = dict(seen.filter(state__in=OPEN).order_by().values_list("owner").annotate(n=Count("pk")))
        owners = sorted(User.objects.filter(pk__in=counts), key=lambda user: (-late.get(user.pk, 0), str(user)))
        rows = [(user, counts[user.pk], late.get(user.pk, 0), following.get(user.pk)) for user in owners]
        milestones = overdue.select_related("assistance__country", "assistance__owner").order_by("due_on", "pk")
        return super().get_context_data(rows=rows, overdue=milestones[:100], **kwargs)


class _ForReaders(MenuItem):
    def is_shown(self, request):
        return request.user.has_perm("legal.view_assistance")


class WorkloadViewSet(ViewSet):
    name = "workload"
    url_prefix = "legal/assistance-by-owner"
    icon = "tasks"
    menu_label = gettext_lazy("Assistance by owner")
    menu_item_class = _ForReaders

    def get_urlpatterns(self):
        return [path("", WorkloadView.as_view(), name="index")]
