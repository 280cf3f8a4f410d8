"""Presence: that somebody came in or went out, at the door of an event or of one of its sessions. Rows are added, never
changed; who is inside, and who was there, is worked out from them."""

import datetime
from collections import Counter
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.models import Person
from contacts.models.introduction import Introduced
from events.models.event import Event
from events.models.registration import LEGIBLE, Registration
from events.models.scanner import Scanner
from events.models.session import Session
from network.models.guarded import GuardedQuerySet

HASH = 64  # characters
NIGHT = datetime.timedelta(hours=4)  # until then it is the evening of the day before
LATE = datetime.timedelta(minutes=2)  # from the scan to us: a telephone without a line


class Direction(models.TextChoices):
    IN = "IN", pgettext_lazy("at a door", "In")
    OUT = "OUT", pgettext_lazy("at a door", "Out")


class ScanOutcome(models.TextChoices):
    """What the door says."""

    WELCOME = "WELCOME", pgettext_lazy("at a door", "Welcome")
    GOODBYE = "GOODBYE", pgettext_lazy("at a door", "Goodbye")
    AGAIN = "AGAIN", _("Is inside already")
    NOT_INSIDE = "NOT_INSIDE", _("Is not inside")
    NO_SEAT = "NO_SEAT", _("Has no seat")
    WRONG_DAY = "WRONG_DAY", _("Not on this day")
    ELSEWHERE = "ELSEWHERE", _("Badge of another event")
    STRANGER = "STRANGER", _("Badge not known")

    @property
    def lets_through(self) -> bool:
        return self in (ScanOutcome.WELCOME, ScanOutcome.GOODBYE)


@dataclass(frozen=True)
class Scan:
    """What a scanner has read, and when by its own clock. With the same `nonce` it is the same scan."""

    code: str
    nonce: str
    at: datetime.datetime
    direction: str = Direction.IN
    session: Session | None = None
    manifest: str = ""


@dataclass(frozen=True)
class Verdict:
    """The answer to a scan; `since`: when somebody who is inside already came in."""

    outcome: ScanOutcome
    registration: Registration | None = None
    since: datetime.datetime | None = None


class PresenceQuerySet(GuardedQuerySet):
    def of_desks(self, desks):
        return self.filter(registration__person__in=Person.objects.of_desks(desks).values("pk"))

    def erase(self) -> None:
        """That somebody came counts on: nothing in these rows says who."""

    def at(self, event: Event):
        return self.filter(registration__event=event)

    def at_door(self, session: Session | None):
        """At the door of `session`; None: of the event."""
        return self.filter(session=session)

    def came(self):
        return self.filter(direction=Direction.IN)

    def first_of_days(self):
        """Of each person and day the first time that they came."""
        same_day = Presence.objects.came().filter(registration=OuterRef("registration"), day=OuterRef("day"))
        return self.filter(pk=Subquery(same_day.order_by("at", "pk").values("pk")[:1]))


class PresenceManager(models.Manager.from_queryset(PresenceQuerySet)):
    @transaction.atomic
    def scan(self, scanner: Scanner, scan: Scan, now: datetime.datetime | None = None) -> Verdict:
        """Say whether who wears the badge comes in (or goes out), and note it if so. The same scan a second time has
        the same answer and is noted once; scans of one badge come one after the other."""
        now = now or timezone.now()
        event = scanner.event
        found = Registration.objects.select_for_update(of=("self",)).select_related("person", "event")
        registration = found.filter(badge=_worn(event, scan.code)).first()
        if registration is None:
            return Verdict(ScanOutcome.STRANGER)
        if registration.event_id != event.pk:
            return Verdict(ScanOutcome.ELSEWHERE)
        if noted := self.filter(scanner=scanner, nonce=scan.nonce).select_related("registration__person").first():
            return Verdict(
                ScanOutcome.WELCOME if noted.direction == Direction.IN else ScanOutcome.GOODBYE, noted.registration
            )
        at = scanner.moment_of(scan.at, scan.manifest, now)
        verdict = self._verdict(registration, event, scan, at)
        if verdict.outcome.lets_through:
            self.create(
                **{"registration": registration, "session": scan.session, "direction": scan.direction},
                **{"day": day_at_doors(event, at), "at": at, "received_at": now, "is_late": now - at > LATE},
                **{"scanner": scanner, "nonce": scan.nonce},
            )
        return verdict

    @transaction.atomic
    def walk_in(
        self,
        scanner: Scanner,
        named: Introduced,
        scan: Scan,
        *,
        organization: str = "",
        now: datetime.datetime | None = None,
    ) -> Verdict:
        """Let the one `named` in who was not registered, when and where `scan` says (its code is theirs, still to be
        made): they have a seat from now on. Raises ValidationError where none is left, or who is on the list of the
        event already."""
        now = now or timezone.now()
        if before := self.filter(scanner=scanner, nonce=scan.nonce).select_related("registration__person").first():
            return Verdict(ScanOutcome.WELCOME, before.registration)
        guest = scanner.event.invitations.admit(named, organization, by=None)
        verdict = self.scan(scanner, replace(scan, code=guest.registration.badge, direction=Direction.IN), now)
        if not verdict.outcome.lets_through:
            raise ValidationError(str(verdict.outcome.label))  # on another day, say: and nothing of the guest is kept
        return verdict

    def _verdict(self, registration: Registration, event: Event, scan: Scan, at: datetime.datetime) -> Verdict:
        if registration.state != Registration.State.CONFIRMED:
            return Verdict(ScanOutcome.NO_SEAT, registration)
        day = day_at_doors(event, at)
        if not event.starts_on <= day <= event.ends_on:
            return Verdict(ScanOutcome.WRONG_DAY, registration)
        before = registration.presences.at_door(scan.session).filter(day=day, at__lte=at).order_by("at", "pk").last()
        is_inside = before is not None and before.direction == Direction.IN
        if scan.direction == Direction.OUT:
            return Verdict(ScanOutcome.GOODBYE if is_inside else ScanOutcome.NOT_INSIDE, registration)
        if is_inside:
            return Verdict(ScanOutcome.AGAIN, registration, since=before.at)
        return Verdict(ScanOutcome.WELCOME, registration)


class Presence(models.Model):
    registration = models.ForeignKey(
        Registration, models.CASCADE, verbose_name=_("registration"), related_name="presences"
    )
    session = models.ForeignKey(
        Session, models.RESTRICT, verbose_name=_("session"), related_name="presences", null=True, blank=True
    )
    direction = models.CharField(_("direction"), max_length=3, choices=Direction, default=Direction.IN)
    day = models.DateField(_("day"))  # of the event, in its own time
    at = models.DateTimeField(_("at"))
    received_at = models.DateTimeField(_("received"))
    is_late = models.BooleanField(_("sent later"), default=False)
    scanner = models.ForeignKey(
        Scanner, models.SET_NULL, verbose_name=_("scanner"), related_name="presences", null=True
    )
    nonce = models.CharField(max_length=36)

    objects = PresenceManager()

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["registration", "day", "at"], name="presence_by_day")]
        constraints = [models.UniqueConstraint(fields=["scanner", "nonce"], name="presence_once")]

    def __str__(self) -> str:
        return f"{self.registration.person}: {self.get_direction_display()}"


def day_at_doors(event: Event, moment: datetime.datetime) -> datetime.date:
    """The day of the doors that `moment` belongs to: from four in the morning, as doors open before the programme."""
    return (moment.astimezone(event.zone).replace(tzinfo=None) - NIGHT).date()


def _worn(event: Event, code: str) -> str:
    """The badge that was read, typed, or chosen by its hash."""
    if len(code) == HASH:
        seats = event.registrations.only("badge")
        return next((one.badge for one in seats if one.badge_hash == code), "")
    return "".join(letter for letter in code.upper() if letter in LEGIBLE)


def counted(presences: PresenceQuerySet, day: datetime.date) -> dict[str, int]:
    """How many people of `presences` came to the house on `day`, and how many of them are inside now."""
    last: dict[int, str] = {}
    rows = presences.at_door(None).filter(day=day).order_by("at", "pk")
    for registration, direction in rows.values_list("registration", "direction"):
        last[registration] = direction
    return {"came": len(last), "inside": Counter(last.values())[Direction.IN]}
