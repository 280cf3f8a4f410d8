"""Invitations and registrations: lists to look things up; what changes them are the verbs of the desk."""

import django_filters
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Subquery
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn, StatusTagColumn
from wagtail.admin.views import generic

from contacts.models import Affiliation
from events.models import Event, Invitation, Registration, Standing
from events.models.quota import of_what
from events.views.desk import invitation as one
from events.views.desk.invite import countries
from events.viewsets.lists import PeopleListView, RecordViewSet
from network.models import Organization
from network.viewsets.access import SeenObject

REPLIES = dict(Invitation.Reply.choices)


def of_kind(rows, _name, kind):
    """Those whose person works for an organization of that kind now."""
    current = Affiliation.objects.current().filter(person=OuterRef("person"), organization__kind=kind)
    return rows.filter(Exists(current))


class InvitationFilterSet(WagtailFilterSet):
    event = django_filters.ModelChoiceFilter(label=_("Event"), queryset=Event.objects.all())
    state = django_filters.ChoiceFilter(label=_("State"), choices=Invitation.State.choices)
    reply = django_filters.ChoiceFilter(label=_("Answer"), choices=Invitation.Reply.choices)
    standing = django_filters.ChoiceFilter(label=_("Standing"), choices=Standing.choices, method="standing_so")
    language = django_filters.ChoiceFilter(label=_("Language of the letter"), choices=settings.LANGUAGES)
    country = django_filters.ChoiceFilter(label=_("Country"), choices=countries, field_name="person__country")
    kind = django_filters.ChoiceFilter(
        label=_("Kind of organization"), choices=Organization.Kind.choices, method=of_kind
    )
    is_asked_for = django_filters.BooleanFilter(label=_("Registered by themselves"))
    answered_at = django_filters.DateFromToRangeFilter(label=_("Answered"), widget=DateRangePickerWidget)

    class Meta:
        model = Invitation
        fields = []

    def standing_so(self, rows, _name, standing):
        return rows.filter(standing=standing)


def standing(invitation: Invitation) -> str:
    return Standing(invitation.standing).label


class InvitationListView(PeopleListView):
    related = ("event", "person")
    row_door = "invitation:inspect"
    results_template_name = "events/desk/invitation_results.html"
    list_display = (
        Column("event", label=_("Event"), sort_key="event__starts_on", classname="desk-wide"),
        StatusTagColumn(
            "standing",
            label=_("Standing"),
            accessor=standing,
            primary=lambda invitation: invitation.standing == Standing.ACCEPTED,
        ),
        Column(
            "language",
            label=_("Letter in"),
            accessor="get_language_display",
            sort_key="language",
            classname="desk-wide",
        ),
        Column("address", label=_("Address"), sort_key="address", classname="desk-wide"),
        DateColumn("sent_at", label=_("Sent"), sort_key="sent_at", classname="desk-wide"),
        DateColumn("answered_at", label=_("Answered"), sort_key="answered_at", classname="desk-wide"),
    )

    def dressed(self, rows):
        return super().dressed(rows).with_standing()

    def get_delete_url(self, instance):
        return super().get_delete_url(instance) if instance.state == Invitation.State.DRAFT else None


class InvitationDeleteView(SeenObject, generic.DeleteView):
    """Takes a draft off the list; what was sent is withdrawn instead, and stays."""

    def get_object(self, queryset=None):
        invitation = super().get_object(queryset)
        if invitation.state != Invitation.State.DRAFT:
            raise PermissionDenied
        return invitation

    def get_success_url(self):
        return f"{reverse('invitation:index')}?event={self.object.event_id}"


class InvitationViewSet(RecordViewSet):
    model = Invitation
    name = "invitation"
    url_prefix = "events/invitation"
    icon = "mail"
    menu_label = _("Invitations")
    menu_order = 130
    doors = ("index", "index_results", "inspect", "delete", "history", "history_results")
    edit_door = "inspect"
    inspect_view_enabled = True
    form_fields = ()
    index_view_class = InvitationListView
    inspect_view_class = one.InvitationInspectView
    inspect_template_name = one.InvitationInspectView.template_name
    delete_view_class = InvitationDeleteView
    filterset_class = InvitationFilterSet
    search_fields = PeopleListView.search_fields
    list_export = (
        *("event.slug", "person.honorific", "person.given_name", "person.family_name", "person.country_id"),
        *("address", "language", "state", "reply", "standing", "reason", "sent_at", "answered_at"),
    )
    export_headings = {"event.slug": _("Event"), "person.country_id": _("Country"), "standing": _("Standing")}
    export_filename = "invitations"

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),
            path("<int:pk>/answer/", one.AnswerView.as_view(), name="answer"),
            path(
                "<int:pk>/details/",
                self.construct_view(one.DetailsView, **self.get_inspect_view_kwargs()),
                name="details",
            ),
            path("<int:pk>/details/<int:answer>/", one.DetailsFileView.as_view(), name="details_file"),
            path("<int:pk>/withdraw/", one.WithdrawView.as_view(), name="withdraw"),
            path("<int:pk>/offer/", one.OfferView.as_view(), name="offer"),
            path("<int:pk>/transfer/", one.TransferView.as_view(), name="transfer"),
            path("<int:pk>/hand-over/", one.HandOverView.as_view(), name="hand_over"),
            path("<int:pk>/issue/", one.IssueView.as_view(), name="issue"),
            path("<int:pk>/letters/<int:letter>/", one.PaperView.as_view(), name="letter"),
        ]


class RegistrationFilterSet(WagtailFilterSet):
    event = django_filters.ModelChoiceFilter(label=_("Event"), queryset=Event.objects.all())
    state = django_filters.ChoiceFilter(label=_("State"), choices=Registration.State.choices)
    country = django_filters.ChoiceFilter(label=_("Country"), choices=countries, field_name="person__country")
    kind = django_filters.ChoiceFilter(
        label=_("Kind of organization"), choices=Organization.Kind.choices, method=of_kind
    )

    class Meta:
        model = Registration
        fields = []


def sort_of(registration: Registration) -> str:
    return of_what(registration.role, registration.place)


class RegistrationListView(PeopleListView):
    related = ("event", "person__country")
    results_template_name = "events/desk/registration_results.html"
    list_display = (
        Column("event", label=_("Event"), sort_key="event__starts_on", classname="desk-wide"),
        StatusTagColumn(
            "get_state_display",
            label=_("State"),
            sort_key="state",
            primary=lambda registration: registration.state == Registration.State.CONFIRMED,
        ),
        Column(
            "country", label=_("Country"), accessor="person.country", sort_key="person__country", classname="desk-wide"
        ),
        Column("sort", label=_("Comes as"), accessor=sort_of, classname="desk-wide"),
        NumberColumn("priority", label=_("Priority"), sort_key="priority", classname="desk-wide"),
        DateColumn("entered_at", label=_("Since"), sort_key="entered_at", classname="desk-wide"),
    )

    def dressed(self, rows):
        came_from = Invitation.objects.filter(event=OuterRef("event"), person=OuterRef("person")).order_by()
        return super().dressed(rows).annotate(came_from=Subquery(came_from.values("pk")[:1]))

    def get_title_url(self, instance):
        """A seat leads to the invitation that it came from, where its answer can be changed."""
        return reverse("invitation:inspect", args=[instance.came_from]) if instance.came_from else None


class RegistrationViewSet(RecordViewSet):
    model = Registration
    name = "registration"
    url_prefix = "events/registration"
    icon = "tick-inverse"
    menu_label = _("Registrations")
    menu_order = 140
    doors = ("index", "index_results", "history", "history_results")
    edit_door = "history"
    form_fields = ()
    index_view_class = RegistrationListView
    filterset_class = RegistrationFilterSet
    search_fields = PeopleListView.search_fields
    list_export = (
        *("event.slug", "person.honorific", "person.given_name", "person.family_name", "person.country_id"),
        *("role", "place", "state", "priority", "entered_at", "offered_until"),
    )
    export_headings = {"event.slug": _("Event"), "person.country_id": _("Country")}
    export_filename = "registrations"
