"""Delivery: the way of a letter to one address, from the outbox to what became of it."""

import logging
import smtplib
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q, Value, prefetch_related_objects
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from contacts.mail import Carriers, Mail
from contacts.models.consent import Consent
from contacts.models.message import Message
from contacts.models.suppression import Suppression
from network.sentences import Sentence

logger = logging.getLogger(__name__)
LOOK_AHEAD = 50  # letters that a worker reads together, with what stands against them ...
LOOKED = timedelta(seconds=1)  # ... and for so long; what is left of them then is read anew


class DeliveryQuerySet(models.QuerySet):
    def due(self, now: datetime | None = None):
        return self.filter(state=Delivery.State.QUEUED, due_at__lte=now or timezone.now())

    def cut_off(self, now: datetime | None = None):
        """Claimed so long ago that whoever claimed them is gone."""
        return self.filter(state=Delivery.State.SENDING, claimed_at__lte=(now or timezone.now()) - settings.MAIL_LEASE)

    def in_line(self):
        """Whose turn has come, or was put off by the mail server: the line that should grow shorter by itself."""
        tried = Q(due_at__lte=timezone.now()) | Q(attempts__gt=0)
        return self.filter(tried, state__in=[Delivery.State.QUEUED, Delivery.State.SENDING])

    def line(self) -> dict:
        """How long the line is (`length`), how many of it were `put_off`, when the `oldest` of these was written, and
        since when the first has been due that no worker has fetched (`due_since`)."""
        waits = Q(state=Delivery.State.QUEUED)
        return self.in_line().aggregate(
            length=models.Count("pk"),
            put_off=models.Count("pk", filter=waits & Q(attempts__gt=0)),
            oldest=models.Min("message__created_at"),
            due_since=models.Min("due_at", filter=waits & Q(due_at__lte=timezone.now())),
        )

    def erase(self) -> None:
        """To whom they went is not said any more; what waits does not go, and its mailing says why."""
        waiting = self.filter(state__in=WAITING)
        readers = Message._meta.get_field("mailing_recipients").related_model.objects
        readers.filter(message__in=waiting.values("message")).update(
            obstacle=Sentence.of(Suppression.Reason.ERASED.label)
        )
        waiting.update(state=Delivery.State.SUPPRESSED)
        self.update(address="", error="")


class DeliveryManager(models.Manager.from_queryset(DeliveryQuerySet)):
    def empty_outbox(self) -> int:
        """Deliver all that is due, as many at once as there are connections; return how many were handed over.

        Any number of workers may do this at once: each delivery is claimed by a conditional update first.
        """
        self.give_up_cut_off()
        with Carriers(settings.MAIL_CONNECTIONS) as carriers:
            return sum(self._deliver(some, carriers) for some in iter(self._look_ahead, []))

    def known_as(self, number: str, address: str) -> "Delivery | None":
        """The way to `address` of the letter that a provider calls by that number."""
        bare = number.strip("<>")
        ours = Q(tracking_id__in=[number, bare]) | Q(message__message_id=f"<{bare}>")
        found = self.filter(ours, address__iexact=address).select_related("message__person") if bare else self.none()
        return found.first()

    def give_up_cut_off(self) -> int:
        """Mark as uncertain what was cut off at hand-over: the server may have it, so it never goes again by itself."""
        return self.cut_off().update(
            state=Delivery.State.UNCERTAIN, error=gettext_noop("Cut off while it was handed over.")
        )

    @transaction.atomic
    def supersede(self, about: models.Model, letter: str) -> int:
        """Take back the letters of the kind `letter` about an object that are still waiting; return how many."""
        waiting = self.filter(message__in=Message.objects.about(about).filter(letter=letter))
        return waiting.filter(state=Delivery.State.QUEUED).update(state=Delivery.State.SUPERSEDED)

    def claim(self, some: list["Delivery"]) -> list["Delivery"]:
        """Take them for handing them over, and return those that waited: no other worker has them, and nobody took them
        back."""
        with transaction.atomic():
            taken = self._take(some)
            if taken in (0, len(some)):
                return some[:taken]
            transaction.set_rollback(True)  # how many were waiting is known, but not which of them
        return [one for one in some if self._take([one])]

    def _take(self, some: list["Delivery"]) -> int:
        now = timezone.now()
        # Not the bare column: a planner that believes that next to nothing waits would look through all that does.
        waits = Exact(Coalesce(F("state"), Value("")), Delivery.State.QUEUED)
        these = self.filter(waits, pk__in=[one.pk for one in some], due_at__lte=now)
        return these.update(state=Delivery.State.SENDING, claimed_at=now, attempts=F("attempts") + 1)

    def _look_ahead(self) -> list["Delivery"]:
        """The next that are due, read together with what is needed to write them and what stands against them."""
        # Their keys first, by the index alone: the same planner would read all that waits, letters too, to sort it.
        keys = self.due().order_by("due_at").values("pk")[:LOOK_AHEAD]
        due = list(self.filter(pk__in=keys).select_related("message").order_by("due_at", "pk"))
        types = {delivery.message.about_type_id for delivery in due if delivery.message.about_type_id}
        models_of = [ContentType.objects.get_for_id(key).model_class() for key in types]
        dressed = [model.objects.for_letters() for model in models_of if hasattr(model.objects, "for_letters")]
        prefetch_related_objects(due, GenericPrefetch("message__about", dressed))
        against, gone = Suppression.objects.on({delivery.address for delivery in due}), Consent.objects.forbidden(due)
        for delivery in due:
            delivery.obstacle = delivery.objection(against.get(delivery.address, ()), gone)
        return due

    def _deliver(self, some: list["Delivery"], carriers: Carriers) -> int:
        """Hand over `some`, as long as what was read of them holds; return how many the mail server took."""
        handed_over, looked_at = 0, timezone.now()
        for turn in _turns(some, len(carriers)):
            handed_over += self._hand_over(self.claim(turn), carriers)
            if timezone.now() - looked_at > LOOKED:
                break
        return handed_over

    def _hand_over(self, claimed: list["Delivery"], carriers: Carriers) -> int:
        """Give them to the mail server, all at once, and note what it says; return how many it took."""
        letters = {delivery: mail for delivery in claimed if (mail := delivery.write())}
        taken = []
        for delivery, outcome in zip(letters, carriers.hand_over([*letters.values()]), strict=True):
            if isinstance(outcome, Exception):
                delivery.fail(outcome)
                continue
            taken.append(delivery.pk)
            if outcome:
                self.filter(pk=delivery.pk).update(tracking_id=outcome[:200])
        self.filter(pk__in=taken).update(state=Delivery.State.SENT, sent_at=timezone.now(), error="")
        return len(taken)


class Delivery(models.Model):
    class State(models.TextChoices):
        QUEUED = "QUEUED", _("Waiting")
        SENDING = "SENDING", _("Being handed over")
        SENT = "SENT", _("Sent")
        DELIVERED = "DELIVERED", _("Delivered")
        BOUNCED = "BOUNCED", _("Came back")
        COMPLAINED = "COMPLAINED", _("Reported as unwanted")
        FAILED = "FAILED", _("Refused")
        UNCERTAIN = "UNCERTAIN", _("Uncertain")
        SUPERSEDED = "SUPERSEDED", _("Replaced by a later letter")
        SUPPRESSED = "SUPPRESSED", _("Not sent")
        STOPPED = "STOPPED", _("Stopped")

    MOST_ATTEMPTS = 6

    message = models.ForeignKey(Message, models.CASCADE, verbose_name=_("letter"), related_name="deliveries")
    address = models.EmailField(_("address"), max_length=320)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.QUEUED)
    due_at = models.DateTimeField(_("due"), default=timezone.now)
    claimed_at = models.DateTimeField(_("claimed"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.TextField(_("what went wrong"), blank=True)
    opened_at = models.DateTimeField(_("opened"), null=True, blank=True)  # known only where opening is tracked
    tracking_id = models.CharField(_("number at the provider"), max_length=200, blank=True, db_index=True)

    objects = DeliveryManager()
    obstacle = ""  # why the letter must not go, in a sentence; a worker looks for it when it looks ahead

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["state", "due_at"], name="delivery_due")]

    def __str__(self) -> str:
        return f"{self.address}: {self.get_state_display()}"

    @property
    def why(self) -> str:
        """What went wrong: our words in the active language, or the server's own."""
        return gettext(self.error)

    def objection(self, suppressions: Iterable[Suppression], gone: set[tuple[int, str]]) -> str:
        """Why the letter must not go, in a sentence, or "": what stands against its address, the weightiest first, and
        whether its person has taken back what its purpose rests on (`gone`: person and purpose)."""
        purpose = self.message.purpose
        covering = [one for one in suppressions if one.purpose in ("", purpose)]
        for suppression in sorted(covering, key=lambda one: (one.purpose, one.pk)):
            return Sentence.of(suppression.get_reason_display())
        is_gone = (self.message.person_id, purpose) in gone
        return Sentence.of(Suppression.Reason.CONSENT.label) if is_gone else ""

    def write(self) -> Mail | None:
        """The claimed letter as a mail; None where something stands against it, or where it cannot be written."""
        if self.obstacle:
            self._suppress(self.obstacle)
            return None
        try:
            return self.message.mail()
        except Exception as error:
            self.fail(error)
            return None

    def fail(self, error: Exception) -> None:
        """Note that the mail server did not take it. A refusal for good is for a person to see, a refusal for now puts
        it back with a growing pause, and a connection lost in the middle leaves it uncertain."""
        match error:
            case smtplib.SMTPServerDisconnected():
                self._end(self.State.UNCERTAIN, error)
            case smtplib.SMTPResponseException() | smtplib.SMTPRecipientsRefused():
                self._refused(error)
            case OSError():  # no connection came about: nothing was handed over
                self._put_back(error)
            case _:
                logger.error("Delivery %s failed: %s", self.pk, type(error).__name__)  # no address in the logs
                self._end(self.State.FAILED, error)

    @transaction.atomic
    def send_again(self, *, by) -> None:
        """A person decided that an uncertain or failed letter goes out once more."""
        if self.state not in (self.State.UNCERTAIN, self.State.FAILED):
            raise ValidationError(_("Only a letter that is uncertain or was refused can be sent again."))
        self.state, self.due_at, self.attempts, self.error = self.State.QUEUED, timezone.now(), 0, ""
        self.save(update_fields=["state", "due_at", "attempts", "error"])
        log(self.message, "contacts.message.send_again", user=by)

    def arrive(self) -> bool:
        """The recipient's server has it, so it says; a letter that came back since did not arrive."""
        return self._learn(self.State.DELIVERED, "", self.State.SENT, self.State.UNCERTAIN, self.State.SENDING)

    def open(self) -> bool:
        """The reader's program showed it, so says the provider; returns whether that is news. It is kept only where the
        installation tracks opening."""
        if not settings.TRACKS_OPENING:
            return False
        self.arrive()
        is_news = Delivery.objects.filter(pk=self.pk, opened_at=None).update(opened_at=timezone.now())
        return bool(is_news)

    def come_back(self, words: str) -> bool:
        """A server gave it back with these `words`; returns whether that is news."""
        return self._learn(self.State.BOUNCED, words, *LEFT)

    def complain(self) -> bool:
        """The reader reported it as unwanted; returns whether that is news."""
        return self._learn(self.State.COMPLAINED, "", *LEFT, self.State.BOUNCED)

    @transaction.atomic
    def _learn(self, state: str, words: str, *before: str) -> bool:
        """What became of it after it left, where it is in one of the states `before`."""
        facts = {"state": state, "error": words[:2000]}
        if not Delivery.objects.filter(pk=self.pk, state__in=before).update(**facts):
            return False
        self.state, self.error = state, facts["error"]
        log(self.message, "contacts.message.learn", data={"state": state})
        return True

    @transaction.atomic
    def _suppress(self, objection: str) -> None:
        """It does not go, and its mailing lists the reader with the reason."""
        self.message.mailing_recipients.update(obstacle=objection)
        self._end(self.State.SUPPRESSED, objection)

    def _refused(self, error: smtplib.SMTPException) -> None:
        codes = (
            [code for code, _text in error.recipients.values()] if hasattr(error, "recipients") else [error.smtp_code]
        )
        if all(400 <= code < 500 for code in codes):
            self._put_back(error)
        else:
            self._end(self.State.FAILED, error)

    def _put_back(self, error: Exception) -> None:
        self.refresh_from_db(fields=["attempts"])
        if self.attempts >= self.MOST_ATTEMPTS:
            return self._end(self.State.FAILED, error)
        self.due_at = timezone.now() + 2**self.attempts * timedelta(minutes=1)
        is_stopped = self.message.mailing_recipients.filter(mailing__state="STOPPED").exists()
        return self._end(self.State.STOPPED if is_stopped else self.State.QUEUED, error)

    def _end(self, state: str, error: Exception | str | None = None) -> None:
        self.state, self.error = state, str(error or "")[:2000]
        self.save(update_fields=["state", "error", "due_at"])


def _turns(some: list[Delivery], most: int) -> Iterator[list[Delivery]]:
    """Those that go at once: no more than `most`, and one alone to one address, so that letters to somebody leave in
    the order in which they were written."""
    turn: dict[str, Delivery] = {}
    for delivery in some:
        if len(turn) == most or delivery.address in turn:
            yield list(turn.values())
            turn = {}
        turn[delivery.address] = delivery
    yield list(turn.values())


# The states of a letter that has not left and still may.
WAITING = (Delivery.State.QUEUED, Delivery.State.STOPPED)
# The states of a letter of which the recipient's server may have something to say.
LEFT = (Delivery.State.SENDING, Delivery.State.SENT, Delivery.State.DELIVERED, Delivery.State.UNCERTAIN)
