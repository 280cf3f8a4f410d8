"""Sessions with who appears in them, and venues with their rooms."""

import datetime

import django_filters
from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, NumberColumn, StatusTagColumn
from wagtail.admin.views import generic
from wagtail.admin.widgets import AdminDateInput

from events.forms import SessionForm, room_of_venue, track_of_event
from events.models import Event, Room, Session, Track, Venue
from events.models.audience import Audience
from events.viewsets.lists import InEventTime, ListView, RecordViewSet
from network.models import Country, key_in
from network.viewsets.history import RecordCreate, RecordEditView
from network.viewsets.records import RecordDeleteView


def tracks(request):
    """The tracks to choose from: those of the event that is chosen already."""
    found = Track.objects.select_related("event")
    return found.filter(event=event) if (event := _event_in(request)) else found


def rooms(request):
    """The rooms to choose from: those at the venue of the event that is chosen already."""
    found = Room.objects.select_related("venue")
    return found.filter(venue__events=event) if (event := _event_in(request)) else found


def _event_in(request) -> int:
    return key_in(request.GET.get("event", "")) if request else 0


class SessionFilterSet(WagtailFilterSet):
    event = django_filters.ModelChoiceFilter(label=_("Event"), queryset=Event.objects.all())
    day = django_filters.DateFilter(label=_("Day"), method="on_day", widget=AdminDateInput)
    track = django_filters.ModelChoiceFilter(label=_("Track"), queryset=tracks)
    room = django_filters.ModelChoiceFilter(label=_("Room"), queryset=rooms)
    status = django_filters.ChoiceFilter(label=_("Status"), choices=Session.Status.choices)
    audience = django_filters.ChoiceFilter(label=_("Audience"), choices=Audience.choices)
    language = django_filters.ChoiceFilter(label=_("Language"), choices=settings.LANGUAGES)

    class Meta:
        model = Session
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.form.fields["track"].label_from_instance = track_of_event
        self.form.fields["room"].label_from_instance = room_of_venue

    def on_day(self, sessions, _name, day: datetime.date):
        """Those of the day in each event's own time: what is before `day_starts_at` belongs to the day before."""
        wanted = Q(pk=None)
        for event in Event.objects.filter(starts_on__lte=day, ends_on__gte=day):
            first, last = (
                datetime.datetime.combine(date, event.day_starts_at, event.zone)
                for date in (day, day + datetime.timedelta(days=1))
            )
            wanted |= Q(event=event, starts_at__gte=first, starts_at__lt=last)
        return sessions.filter(wanted)


def begins(session: Session) -> str:
    """When it starts, by the clock of its event."""
    return date_format(session.local_start, "SHORT_DATETIME_FORMAT")


class SessionListView(ListView):
    related = ("event", "track", "room", "circle")
    title_label = _("Session")
    results_template_name = "events/desk/session_results.html"
    list_display = (
        Column("starts_at", label=_("Starts"), accessor=begins, sort_key="starts_at"),
        Column("event", label=_("Event"), sort_key="event__starts_on", classname="desk-wide"),
        Column("track", label=_("Track"), sort_key="track__position", classname="desk-wide"),
        Column("room", label=_("Room"), sort_key="room__position"),
        StatusTagColumn(
            "get_status_display",
            label=_("Status"),
            sort_key="status",
            primary=lambda session: session.status == Session.Status.CONFIRMED,
        ),
        Column("readers", label=_("Who may see it"), sort_key="audience", classname="desk-wide"),
    )


class SessionCreateView(InEventTime, generic.CreateView):
    action_class = RecordCreate

    def event(self):
        return _event(self.request.POST.get("event") or self.request.GET.get("event"))

    def get_initial(self):
        event = self.event()
        return {**super().get_initial(), **({"event": event.pk} if event else {})}

    def get_success_url(self):
        """Back to where the next one is added."""
        return reverse("event:desk", args=[self.object.event_id])


class SessionEditView(InEventTime, RecordEditView):
    """Between the look at where the session is and the save nobody moves it."""

    @transaction.atomic
    def post(self, request, *args, **kwargs):
        return super().post(request, *args, **kwargs)

    def get_success_message(self):
        told = super().get_success_message()
        if not self.form.is_moved:
            return told
        return format_html("{} {}", told, _("Somebody else has moved it meanwhile, and there it stays."))

    def event(self):
        return Event.objects.filter(sessions=self.object_pk).first()


class SessionViewSet(RecordViewSet):
    model = Session
    name = "session"
    url_prefix = "events/session"
    icon = "time"
    menu_label = _("Sessions")
    menu_order = 110
    index_view_class = SessionListView
    add_view_class = SessionCreateView
    edit_view_class = SessionEditView
    delete_view_class = RecordDeleteView
    filterset_class = SessionFilterSet
    search_fields = ["title", "abstract", "reference"]
    ordering = "starts_at"
    list_export = (
        *("event.slug", "title", "kind", "language", "local_start", "starts_at", "ends_at", "track", "room"),
        *("status", "audience", "circle"),
    )
    export_headings = {"event.slug": _("Event"), "local_start": _("Starts, local time")}
    export_filename = "sessions"
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [
                    FieldPanel("event"),
                    FieldPanel("title"),
                    FieldPanel("abstract"),
                    FieldRowPanel([FieldPanel("kind"), FieldPanel("language")]),
                    FieldPanel("interpreted_into"),
                    FieldPanel("module"),
                ],
                heading=_("What"),
            ),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
                    FieldRowPanel([FieldPanel("room"), FieldPanel("track")]),
                    FieldRowPanel([FieldPanel("status"), FieldPanel("is_unscheduled")]),
                    FieldPanel("expected"),
                ],
                heading=_("When and where"),
                help_text=_("Hours are those of the event's own time zone."),
            ),
            MultiFieldPanel([FieldPanel("seen_by"), FieldPanel("is_chatham_house")], heading=_("For whom")),
            InlinePanel(
                "appearances",
                [
                    FieldPanel("person"),
                    FieldRowPanel([FieldPanel("role"), FieldPanel("language"), FieldPanel("position")]),
                ],
                heading=_("Who appears"),
                label=_("Appearance"),
            ),
        ],
        base_form_class=SessionForm,
    )


class VenueFilterSet(WagtailFilterSet):
    country = django_filters.ModelChoiceFilter(
        label=_("Country"), queryset=Country.objects.filter(venues__isnull=False).distinct()
    )

    class Meta:
        model = Venue
        fields = []


class VenueListView(ListView):
    related = ("country",)
    title_label = _("Venue")
    results_template_name = "events/desk/venue_results.html"
    list_display = (
        Column("city", label=_("City"), sort_key="city"),
        Column("country", label=_("Country"), sort_key="country", classname="desk-wide"),
        NumberColumn("room_count", label=_("Rooms"), sort_key="room_count"),
    )

    def dressed(self, rows):
        return super().dressed(rows).annotate(room_count=Count("rooms"))


class VenueViewSet(RecordViewSet):
    model = Venue
    name = "venue"
    url_prefix = "events/venue"
    icon = "home"
    menu_label = _("Venues")
    menu_order = 120
    index_view_class = VenueListView
    delete_view_class = RecordDeleteView
    filterset_class = VenueFilterSet
    search_fields = ["name", "city", "address"]
    list_export = ("name", "address", "city", "country", "room_count")
    export_headings = {"room_count": _("Rooms")}
    export_filename = "venues"
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [
                    FieldPanel("name"),
                    FieldPanel("address"),
                    FieldRowPanel([FieldPanel("city"), FieldPanel("country")]),
                ],
                heading=_("Where"),
            ),
            InlinePanel(
                "rooms",
                [
                    FieldPanel("name"),
                    FieldRowPanel([FieldPanel("capacity"), FieldPanel("admits"), FieldPanel("position")]),
                ],
                heading=_("Rooms"),
                label=_("Room"),
            ),
        ]
    )


def _event(pk: str | None) -> Event | None:
    return Event.objects.filter(pk=key_in(pk or "")).first()
