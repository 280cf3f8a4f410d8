"""ReturnedLetter: that a letter of ours came back, or was unwelcome; and what follows from it.

Anybody can write a mail that looks like a report. So only one that is proven has consequences by itself: it names a
letter of ours, by a number that only its receiver knows, to the very address of which it speaks."""

import datetime
from collections.abc import Iterable

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from contacts.incoming import Failure, Incoming
from contacts.mail import Purpose
from contacts.models.delivery import Delivery
from contacts.models.message import Message
from contacts.models.person import Person
from contacts.models.suppression import OPTIONAL, Suppression
from network.models.guarded import GuardedQuerySet

MOST_UNPROVEN = 2000  # in a day


class ReturnedLetterQuerySet(GuardedQuerySet):
    def of_desks(self, desks):
        return self.filter(person__in=Person.objects.of_desks(desks).values("pk"))

    def of_mailing(self, mailing):
        return self.filter(message__mailing_recipients__mailing=mailing)

    def erase(self) -> None:
        """That something came back counts on; from whom it came is not said any more."""
        self.update(address="", detail="")


class ReturnedLetterManager(models.Manager.from_queryset(ReturnedLetterQuerySet)):
    @transaction.atomic
    def take(self, incoming: Incoming, came_to: Iterable[str] = ()) -> int:
        """Note what the report in `incoming`, which arrived at the addresses `came_to`, says, once; returns how many
        letters it is about."""
        message = Message.objects.named_in(incoming.mentions) or Message.objects.returned_to(came_to)
        report = incoming.report
        for address in report.arrivals:
            if delivery := _way(message, address):
                delivery.arrive()
        for place, failure in enumerate(report.failures):
            self._fail(f"{incoming.key}:{place}", failure, message)
        for place, address in enumerate(report.complaints):
            self.complain(f"{incoming.key}:{place}", address, message)
        return len(report.arrivals) + len(report.failures) + len(report.complaints)

    def _fail(self, key: str, failure: Failure, message: Message | None) -> None:
        address = failure.address or (message.to_address if message else "")
        way = _way(message, address)
        row = self._note(
            key,
            ReturnedLetter.Kind.HARD if failure.reason.is_hard and failure.is_final else ReturnedLetter.Kind.SOFT,
            address,
            message,
            reason=failure.reason.value,
            detail=failure.words or failure.status,
            is_proven=way is not None,
            is_final=failure.is_final,
        )
        if row:
            row._follow(way)

    @transaction.atomic
    def fail(self, key: str, failure: Failure, delivery: Delivery | None) -> None:
        """A provider, who is believed, says that a letter failed."""
        message = delivery.message if delivery else None
        kind = ReturnedLetter.Kind.HARD if failure.reason.is_hard else ReturnedLetter.Kind.SOFT
        facts = {"reason": failure.reason.value, "detail": failure.words, "is_final": failure.is_final}
        if row := self._note(key, kind, failure.address, message, is_proven=True, **facts):
            row._follow(delivery)

    @transaction.atomic
    def complain(self, key: str, address: str, message: Message | None, *, is_believed: bool = False) -> None:
        """The reader at `address` reported a letter as unwanted."""
        address = address or (message.to_address if message else "")
        way = _way(message, address)
        proof = {"is_proven": is_believed or way is not None}
        if row := self._note(key, ReturnedLetter.Kind.COMPLAINT, address, message, **proof):
            row._follow(way)

    @transaction.atomic
    def unsubscribe(self, key: str, address: str, delivery: Delivery | None) -> None:
        """The reader told the provider that they want no such letters."""
        message = delivery.message if delivery else None
        if row := self._note(key, ReturnedLetter.Kind.UNSUBSCRIBED, address, message, is_proven=True):
            row._follow(delivery)

    def _is_flooded(self) -> bool:
        """Whether somebody sends reports that prove nothing without end: no more of them are noted then."""
        since = timezone.now() - datetime.timedelta(days=1)
        return self.filter(is_proven=False, came_at__gte=since).count() >= MOST_UNPROVEN

    def _note(self, key: str, kind: str, address: str, message: Message | None, **facts) -> "ReturnedLetter | None":
        """The new row; None where the same report came before."""
        facts |= {"kind": kind, "address": address[:320], "message": message, "detail": facts.get("detail", "")[:2000]}
        if not facts.get("is_proven") and self._is_flooded():
            return None
        facts["person"] = (message and message.person) or whose(address)
        row, is_new = self.get_or_create(key=key[:100], defaults=facts)
        if not is_new:
            return None
        log(row, "contacts.returned.note", data={"kind": kind, "reason": row.reason})
        return row


class ReturnedLetter(models.Model):
    class Kind(models.TextChoices):
        HARD = "HARD", _("For good")
        SOFT = "SOFT", _("For now")
        COMPLAINT = "COMPLAINT", _("Reported as unwanted")
        UNSUBSCRIBED = "UNSUBSCRIBED", _("Wants no such letters")

    class Reason(models.TextChoices):
        NO_ADDRESS = "NO_ADDRESS", _("The address does not exist")
        NO_DOMAIN = "NO_DOMAIN", _("What stands behind the @ does not exist")
        FULL = "FULL", _("The mailbox is full")
        CLOSED = "CLOSED", _("The mailbox is closed or blocked")
        REFUSED = "REFUSED", _("The server did not want it")
        TOO_BIG = "TOO_BIG", _("It was too large")
        LATE = "LATE", _("The server could not be reached in time")
        UNKNOWN = "UNKNOWN", _("Not said in words that we know")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    reason = models.CharField(_("reason"), max_length=12, choices=Reason, blank=True)
    address = models.EmailField(_("address"), max_length=320, blank=True)
    person = models.ForeignKey(Person, models.SET_NULL, verbose_name=_("person"), related_name="returns", null=True)
    message = models.ForeignKey(Message, models.SET_NULL, verbose_name=_("letter"), related_name="returns", null=True)
    detail = models.TextField(_("the server's own words"), blank=True)
    is_proven = models.BooleanField(_("gives back a letter of ours"), default=False)
    is_final = models.BooleanField(_("given up"), default=True)
    came_at = models.DateTimeField(_("came back"), default=timezone.now, db_index=True)
    key = models.CharField(max_length=100, unique=True, editable=False)

    objects = ReturnedLetterManager()

    class Meta:
        verbose_name = _("returned letter")
        verbose_name_plural = _("returned letters")
        ordering = ["-came_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.address or _('(erased)')}: {self.get_reason_display() or self.get_kind_display()}"

    @property
    def stands_open(self) -> bool:
        """Whether a person has to decide: it speaks of an end for good, and nothing has followed."""
        is_grave = self.kind in (self.Kind.HARD, self.Kind.COMPLAINT) and bool(self.address)
        return is_grave and not Suppression.objects.against(self.address, Purpose.NEWS).exists()

    @transaction.atomic
    def stop_letters(self, *, by) -> None:
        """A person believes it: no letters go to this address any more."""
        self._suppress(by)
        log(self, "contacts.returned.believe", user=by)

    def _follow(self, way: Delivery | None) -> None:
        """What a report brings about by itself."""
        if way and self.kind == self.Kind.COMPLAINT:
            way.complain()
        elif way and self.is_final and self.kind != self.Kind.UNSUBSCRIBED:
            way.come_back(self.detail)
        if self.is_proven:
            self._suppress(None)

    def _suppress(self, by) -> None:
        facts = {"by": by, "detail": self.detail}
        if not self.address:
            return
        if self.kind == self.Kind.HARD:
            Suppression.objects.suppress(self.address, Suppression.Reason.HARD_BOUNCE, **facts)
        elif self.kind == self.Kind.COMPLAINT:
            for purpose in OPTIONAL:
                Suppression.objects.suppress(self.address, Suppression.Reason.COMPLAINT, purpose, **facts)
        elif self.kind == self.Kind.UNSUBSCRIBED:
            Suppression.objects.suppress(self.address, Suppression.Reason.OPT_OUT, Purpose.NEWS, **facts)


def whose(address: str) -> Person | None:
    """The one person with that address; None where nobody or several have it."""
    found = list(Person.objects.filter(emails__address__iexact=address).distinct()[:2]) if address else []
    return found[0] if len(found) == 1 else None


def _way(message: Message | None, address: str) -> Delivery | None:
    return message.deliveries.filter(address__iexact=address).first() if message and address else None
