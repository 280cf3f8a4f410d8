"""Delegations: the list over all events; what changes them are the verbs of the desk."""

import django_filters
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn

from events.models import Delegation, Event
from events.views.desk import delegation as one
from events.views.desk.delegations import (
    APPROVED,
    CONFIRMED,
    NAMED,
    DelegationFilterSet,
    DetailsColumn,
    glanced,
    lacking_details,
    missing,
)
from events.viewsets.lists import ListView, RecordViewSet
from network.models import Organization


class AllDelegationsFilterSet(DelegationFilterSet):
    event = django_filters.ModelChoiceFilter(label=_("Event"), queryset=Event.objects.all())
    field_order = ["event"]


class DelegationListView(ListView):
    related = ("event", "organization__country")
    row_door = "delegation:inspect"
    title_label = _("Organization")
    title_accessor = "organization"
    title_sort_key = "organization__name"
    list_display = (
        Column("event", label=_("Event"), sort_key="event__starts_on"),
        StatusTagColumn(
            "get_state_display",
            label=_("State"),
            sort_key="state",
            primary=lambda delegation: delegation.state == Delegation.State.INVITED,
        ),
        Column("country", label=_("Country"), accessor="organization.country", classname="desk-wide"),
        Column("named", label=NAMED, sort_key="named"),
        DetailsColumn("details", label=_("Details missing"), sort_key="details", classname="desk-wide"),
        Column("missing", label=_("Missing"), accessor=missing),
        DateColumn(
            "invited_at", label=pgettext_lazy("a delegation", "Invited"), sort_key="invited_at", classname="desk-wide"
        ),
    )

    def dressed(self, rows):
        """The form is asked of who comes until the event is over: what has passed lacks nothing."""
        asking = Event.objects.announced().coming().exclude(questions=None).exclude(delegations=None)
        return glanced(super().dressed(rows)).annotate(details=lacking_details(asking.distinct(), self.request.user))

    def search_queryset(self, queryset):
        found = Organization.objects.matching(self.search_query)
        return queryset.filter(organization__in=found.values("pk")) if self.is_searching else queryset


class DelegationViewSet(RecordViewSet):
    model = Delegation
    name = "delegation"
    url_prefix = "events/delegation"
    icon = "group"
    menu_label = _("Delegations")
    menu_order = 125
    doors = ("index", "index_results", "inspect", "history", "history_results")
    edit_door = "inspect"
    inspect_view_enabled = True
    form_fields = ()
    index_view_class = DelegationListView
    inspect_view_class = one.DelegationInspectView
    inspect_template_name = one.DelegationInspectView.template_name
    filterset_class = AllDelegationsFilterSet
    search_fields = ["organization__search_text"]
    list_export = (
        *("event.slug", "organization.name", "organization.kind", "organization.country_id", "state", "invited_at"),
        *("named", "confirmed", "approved", "details", "note"),
    )
    export_headings = {
        **{"event.slug": _("Event"), "organization.name": _("Organization"), "organization.kind": _("Kind")},
        **{"organization.country_id": _("Country"), "note": _("Note verbale")},
        **{"named": NAMED, "confirmed": CONFIRMED, "approved": APPROVED, "details": _("Details missing")},
    }
    export_filename = "delegations"

    def get_urlpatterns(self):
        acts = {
            "invite": one.InviteDelegationView,
            "remind": one.RemindDelegationView,
            "withdraw": one.WithdrawDelegationView,
            "places": one.PlacesView,
            "nominate": one.NominateView,
            "check": one.NoteActView,
            "note_add": one.NoteAddView,
            "issue": one.IssueView,
        }
        return [
            *super().get_urlpatterns(),
            *(path(f"<int:pk>/{name.replace('_', '-')}/", view.as_view(), name=name) for name, view in acts.items()),
            path("<int:pk>/notes/<int:note>/", one.NoteView.as_view(), name="note"),
            path("<int:pk>/letters/<int:letter>/", one.LetterView.as_view(), name="letter"),
        ]
