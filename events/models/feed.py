"""Secret calendar addresses, revocable one by one: a person's own CalendarFeed, and the StaffFeed of somebody who works
here, with all that is on the calendar of the house."""

import datetime
import hashlib
import secrets
from typing import ClassVar

from django.db import models, transaction
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from contacts.models import Person, User
from events import ical
from events.models.audience import Sight, sight_of
from events.models.event import Event
from events.models.mission import Mission
from events.models.plan import PlanItem, planned_by
from events.models.programme import Programme, ProgrammeEntry

NOTE_FETCHES_EVERY = datetime.timedelta(minutes=10)
KEPT = datetime.timedelta(days=366)  # so long after its end the calendar of the house tells of something


# By what a program says of itself (in small letters) it is known: the first that fits.
PROGRAMS = (
    ("google", "Google"),
    ("dataaccessd", "Apple"),
    ("calendaragent", "Apple"),
    ("microsoft outlook", _("Outlook on a computer")),
    ("outlook", _("Outlook on the web")),
    ("exchange", _("Outlook on the web")),
    ("microsoft", _("Outlook on the web")),
    ("thunderbird", "Thunderbird"),
    ("mozilla", _("a browser")),
)


class FeedRevoked(Exception):
    """The address was genuine and has been revoked; the sentence says where a new one is made."""


class FeedQuerySet(models.QuerySet):
    def live(self):
        return self.filter(revoked_at=None)

    def ended(self):
        """Those that are void, the last one first."""
        return self.exclude(revoked_at=None).order_by("-revoked_at")


class FeedManager(models.Manager.from_queryset(FeedQuerySet)):
    def open(self, **what) -> tuple["SecretFeed", str]:
        """A new feed (of a `scope`, where its kind has several) and the token of its address, which is shown once and
        kept only as a hash. Called on its owner."""
        token = secrets.token_urlsafe(24)
        return self.create(token_hash=_hash(token), **what), token

    def by_token(self, token: str) -> "SecretFeed":
        """The feed of that address; raises DoesNotExist, or FeedRevoked."""
        feed = self.select_related(self.model.owned_by).get(token_hash=_hash(token))
        if feed.revoked_at:
            raise FeedRevoked(feed.gone)
        return feed


class SecretFeed(models.Model):
    owned_by: ClassVar[str]  # the relation to whose it is
    gone: ClassVar[str]  # what is said where it was

    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    last_fetched_at = models.DateTimeField(_("last fetched"), null=True, blank=True)
    last_agent = models.CharField(_("fetched by"), max_length=200, blank=True)

    objects = FeedManager()

    class Meta:
        abstract = True
        ordering = ["-created_at"]

    @property
    def program(self) -> str:
        """What fetched it last, by the name that people know it by."""
        said = self.last_agent.lower()
        known = next((str(name) for sign, name in PROGRAMS if sign in said), "")
        own = self.last_agent.partition("/")[0].strip()[:40]
        return known or own or gettext("a program that does not say its name")

    def revoke(self) -> None:
        """Make the address void; idempotent."""
        self.revoked_at = self.revoked_at or timezone.now()
        self.save(update_fields=["revoked_at"])

    def note_fetch(self, agent: str, now: datetime.datetime | None = None) -> None:
        """Remember that a program asked, for its owner to see; at most once in ten minutes."""
        now = now or timezone.now()
        if self.last_fetched_at is None or now - self.last_fetched_at > NOTE_FETCHES_EVERY:
            type(self).objects.filter(pk=self.pk).update(last_fetched_at=now, last_agent=agent[:200])


class PersonFeedManager(FeedManager):
    @transaction.atomic
    def open_plan(self) -> tuple["SecretFeed", str]:
        """The feed of the person's plan: there is one, so that the one before is revoked. Called on its owner."""
        for feed in self.live().filter(scope=CalendarFeed.Scope.PLAN):
            feed.revoke()
        return self.open(scope=CalendarFeed.Scope.PLAN)


class CalendarFeed(SecretFeed):
    class Scope(models.TextChoices):
        ALL = "ALL", _("All sessions open to you")
        PLAN = "PLAN", _("My plan")

    owned_by = "person"
    gone = _("This calendar address has been revoked. Open your invitation, or sign in, to make a new one.")

    person = models.ForeignKey(Person, models.CASCADE, verbose_name=_("person"), related_name="feeds")
    scope = models.CharField(_("holds"), max_length=4, choices=Scope, default=Scope.ALL)

    objects = PersonFeedManager()

    class Meta(SecretFeed.Meta):
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")

    def __str__(self) -> str:
        return _("Calendar of %(person)s") % {"person": self.person}

    def events(self):
        """The events in the feed: those that the person is invited to and did not decline."""
        expecting = self.person.invitations.expecting().values("event")
        return Event.objects.filter(pk__in=expecting).announced().select_related("venue__country").order_by("starts_on")

    @cached_property
    def sight(self) -> Sight:
        return sight_of(self.person)

    def entries(self):
        """The published sessions of those events that the person may see now; of a plan those in it."""
        newest = Programme.objects.filter(event=models.OuterRef("event")).order_by("-version").values("pk")[:1]
        programmes = Programme.objects.filter(event__in=self.events().values("pk"), pk=models.Subquery(newest))
        entries = ProgrammeEntry.objects.filter(programme__in=programmes).visible_to(self.sight).for_calendar()
        return entries if self.scope == self.Scope.ALL else entries.filter(planned_by(self.person))

    def timezones(self) -> list[str]:
        """The time zones in which its sessions are written."""
        return sorted(set(self.events().values_list("timezone", flat=True)))

    def ingredients(self) -> list:
        """All that decides what the feed holds: when this is the same, so are its bytes."""
        events = self.events().values_list("pk", "sequence", "revised_at", "status")
        # Each change of an entry, and of who may see it, is a revision; what is not seen tells nothing here.
        seen = self.entries().order_by().aggregate(count=models.Count("pk"), last=models.Max("revised_at"))
        marked = PlanItem.objects.of_person(self.person).values_list("guid", flat=True)
        return [self.scope, list(events), seen, self.sight.ingredients(), sorted(marked)]

    def vevents(self, language: str) -> list[str]:
        """All that the feed holds, in `language`: each event as a whole, then the sessions."""
        whole = [ical.vevent(event.slot(language)) for event in self.events()]
        return whole + self.entries().vevents(language)


class StaffFeed(SecretFeed):
    """What its owner may see on the calendar of the house is asked at each fetch."""

    owned_by = "user"
    gone = _("This calendar address has been revoked. Open the calendar in the admin to make a new one.")

    user = models.ForeignKey(User, models.CASCADE, verbose_name=_("account"), related_name="feeds")

    class Meta(SecretFeed.Meta):
        verbose_name = _("calendar feed of a colleague")
        verbose_name_plural = _("calendar feeds of colleagues")

    def __str__(self) -> str:
        return _("Calendar of %(person)s") % {"person": self.user}

    def slots(self, language: str, on: datetime.date | None = None) -> list[ical.Slot]:
        """Our events and the missions, of a year ago and later; what was called off, until its days are over."""
        on = on or timezone.localdate()
        events = Event.objects.announced().select_related("venue__country").filter(ends_on__gte=on - KEPT)
        if not self.user.has_perm("events.view_event"):
            events = events.none()
        missions = Mission.objects.visible_to(self.user).filter(ends_on__gte=on - KEPT)
        missions = missions.select_related("host", "country").prefetch_related("host__other_names")
        slots = [one.slot(language) for rows in (events, missions) for one in rows]
        shown = [slot for slot in slots if slot.status != "CANCELLED" or slot.ends > on]
        return sorted(shown, key=lambda slot: (slot.starts, slot.uid))

    def timezones(self) -> list[str]:
        """None: all that it holds are whole days."""
        return []

    def ingredients(self) -> list:
        """All that decides what the feed holds: when this is the same, so are its bytes."""
        return self.slots(get_language() or "en")

    def vevents(self, language: str) -> list[str]:
        return [ical.vevent(slot) for slot in self.slots(language)]


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
