"""CalendarFeed: a person's secret calendar address, revocable one by one."""

import datetime
import hashlib
import secrets

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models import Person
from events import ical
from events.models.event import Event
from events.models.programme import Programme, ProgrammeEntry

NOTE_FETCHES_EVERY = datetime.timedelta(minutes=10)


class FeedRevoked(Exception):
    """The address was genuine and has been revoked."""


class CalendarFeedQuerySet(models.QuerySet):
    def live(self):
        return self.filter(revoked_at=None)


class CalendarFeedManager(models.Manager.from_queryset(CalendarFeedQuerySet)):
    def open(self) -> tuple["CalendarFeed", str]:
        """A new feed and the token of its address, which is shown once and kept only as a hash. Called on a person."""
        token = secrets.token_urlsafe(24)
        return self.create(token_hash=_hash(token)), token

    def by_token(self, token: str) -> "CalendarFeed":
        """The feed of that address; raises CalendarFeed.DoesNotExist, or FeedRevoked."""
        feed = self.select_related("person").get(token_hash=_hash(token))
        if feed.revoked_at:
            raise FeedRevoked
        return feed


class CalendarFeed(models.Model):
    person = models.ForeignKey(Person, models.CASCADE, verbose_name=_("person"), related_name="feeds")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    last_fetched_at = models.DateTimeField(_("last fetched"), null=True, blank=True)
    last_agent = models.CharField(_("fetched by"), max_length=200, blank=True)

    objects = CalendarFeedManager()

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return _("Calendar of %(person)s") % {"person": self.person}

    def revoke(self) -> None:
        """Make the address void; idempotent."""
        self.revoked_at = self.revoked_at or timezone.now()
        self.save(update_fields=["revoked_at"])

    def note_fetch(self, agent: str, now: datetime.datetime | None = None) -> None:
        """Remember that a program asked, for its owner to see; at most once in ten minutes."""
        now = now or timezone.now()
        if self.last_fetched_at is None or now - self.last_fetched_at > NOTE_FETCHES_EVERY:
            CalendarFeed.objects.filter(pk=self.pk).update(last_fetched_at=now, last_agent=agent[:200])

    def events(self):
        """The events in the feed: those that the person is invited to and did not decline."""
        expecting = self.person.invitations.expecting().values("event")
        return Event.objects.filter(pk__in=expecting).announced().select_related("venue__country").order_by("starts_on")

    def entries(self):
        """The published sessions of those events that the person may see now."""
        newest = Programme.objects.filter(event=models.OuterRef("event")).order_by("-version").values("pk")[:1]
        programmes = Programme.objects.filter(event__in=self.events().values("pk"), pk=models.Subquery(newest))
        return ProgrammeEntry.objects.filter(programme__in=programmes).visible_to(self.person).for_calendar()

    def timezones(self) -> list[str]:
        """The time zones in which its sessions are written."""
        return sorted(set(self.events().values_list("timezone", flat=True)))

    def ingredients(self) -> list:
        """All that decides what the feed holds: when this is the same, so are its bytes."""
        events = self.events().values_list("pk", "sequence", "revised_at", "status")
        programmes = Programme.objects.filter(event__in=[event[0] for event in events]).values_list("pk", flat=True)
        seats = self.person.registrations.confirmed().values_list("event", flat=True)
        appearances = self.person.appearances.values_list("session", flat=True)
        return [list(events), sorted(programmes), sorted(seats), sorted(appearances)]

    def vevents(self, language: str) -> list[str]:
        """All that the feed holds, in `language`: each event as a whole, then the sessions."""
        whole = [ical.vevent(event.slot(language)) for event in self.events()]
        return whole + self.entries().vevents(language)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
