"""The admin's calendar of the house: our events and missions, month by month, and who of us is to be at two places at
once; with addresses by which colleagues have it in their own calendar."""

import datetime
from urllib.parse import urlencode

from babel.dates import get_day_names
from django.core.exceptions import PermissionDenied
from django.db.models import Max, Min
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import get_format
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.base import ViewSet

from events.forms.mission import CalendarForm
from events.models import Event, Mission
from events.models.agenda import Agenda, Month
from events.views.feeds import feed_links

SHOWN = 12  # months


def may_read(viewer) -> bool:
    return viewer.has_perm("events.view_event") or viewer.has_perm("events.view_mission")


class CalendarDoor(WagtailAdminTemplateMixin, View):
    """For whoever may see events or missions."""

    def dispatch(self, request, *args, **kwargs):
        if not may_read(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class CalendarView(CalendarDoor):
    template_name = "events/calendar.html"
    page_title = gettext_lazy("Calendar")
    header_icon = "calendar-alt"
    new_feed: dict | None = None

    def get(self, request):
        return self.render_to_response(self.get_context_data())

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    @cached_property
    def events(self):
        """Those that the viewer may see, drafts too."""
        may_see = self.request.user.has_perm("events.view_event")
        return Event.objects.all() if may_see else Event.objects.none()

    @cached_property
    def missions(self):
        return Mission.objects.visible_to(self.request.user)

    @cached_property
    def form(self) -> CalendarForm:
        return CalendarForm(self.request.GET, years=self.years)

    @cached_property
    def asked(self) -> dict:
        return self.form.cleaned_data if self.form.is_valid() else {}

    @cached_property
    def years(self) -> list[int]:
        """Those in which there is something, and this one."""
        found = {timezone.localdate().year}
        for rows in (self.events, self.missions):
            ends = rows.order_by().aggregate(first=Min("starts_on"), last=Max("ends_on"))
            found |= {day.year for day in ends.values() if day}
        return list(range(min(found), max(found) + 1))

    @cached_property
    def agenda(self) -> Agenda:
        first = timezone.localdate()
        if year := self.asked.get("year"):
            first = datetime.date(year, 1, 1)
        whose, _colon, kind = self.asked.get("kind", "").partition(":")
        events, missions = self.events, self.missions
        if whose == "others":
            events = events.none()
        if whose == "ours":
            missions = missions.none()
        if kind:
            events, missions = events.filter(kind=kind), missions.filter(kind=kind)
        if country := self.asked.get("country"):
            events, missions = events.filter(venue__country=country), missions.filter(country=country)
        if topic := self.asked.get("topic"):
            events, missions = events.none(), missions.filter(topics=topic)
        return Agenda(self.request.user, first, SHOWN, events, missions)

    def get_context_data(self, **kwargs):
        agenda = self.agenda
        return super().get_context_data(
            form=self.form,
            media=self.form.media,
            months=[(month, leading(month)) for month in agenda.months()],
            weekdays=weekdays(),
            total=len(agenda.entries),
            today=timezone.localdate(),
            clashes=agenda.clashes(),
            years=[(year, self.at(year)) for year in self.years],
            year=self.asked.get("year"),
            all_year=self.at(""),
            can_add=self.request.user.has_perm("events.add_mission"),
            feeds=self.request.user.feeds.live(),
            new_feed=self.new_feed,
            **kwargs,
        )

    def at(self, year: int | str) -> str:
        """The same question of another year."""
        asked = {name: value for name, value in {**self.request.GET.dict(), "year": year}.items() if value}
        return urlencode(asked)


def first_of_week() -> int:
    """The day on which the reader's week begins: Django counts from Sunday, Python and Babel from Monday."""
    return (get_format("FIRST_DAY_OF_WEEK") - 1) % 7


def weekdays() -> list[str]:
    """The days of the week as short as can be, from the first on."""
    names = get_day_names("narrow", "stand-alone", locale=(get_language() or "en").split("-")[0])
    return [names[(first_of_week() + place) % 7] for place in range(7)]


def leading(month: Month) -> list[None]:
    """As many blanks as there are days of the week before its first."""
    return [None] * ((month.first.weekday() - first_of_week()) % 7)


class FeedCreateView(CalendarView):
    """Makes an address and shows it, this once."""

    http_method_names = ["post"]

    def post(self, request):
        _feed, token = request.user.feeds.open()
        self.new_feed = feed_links(reverse("events:personal_feed", args=[token]))
        response = self.render_to_response(self.get_context_data())
        response.status_code = 201
        response["Cache-Control"] = "private, no-store"
        return response


class FeedRevokeView(CalendarDoor):
    http_method_names = ["post"]

    def post(self, request, pk):
        get_object_or_404(request.user.feeds.all(), pk=pk).revoke()
        messages.success(request, _("The address is ended: calendar programs find nothing there any more."))
        return redirect("calendar:index")


class _ForReaders(MenuItem):
    def is_shown(self, request):
        return may_read(request.user)


class CalendarViewSet(ViewSet):
    name = "calendar"
    url_prefix = "events/calendar"
    icon = "calendar-alt"
    menu_label = gettext_lazy("Calendar")
    menu_order = 90
    menu_item_class = _ForReaders

    def get_urlpatterns(self):
        return [
            path("", CalendarView.as_view(), name="index"),
            path("feeds/", FeedCreateView.as_view(), name="feed_create"),
            path("feeds/<int:pk>/revoke/", FeedRevokeView.as_view(), name="feed_revoke"),
        ]
