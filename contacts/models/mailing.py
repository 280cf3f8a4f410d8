"""Mailing: one letter in several languages to the people of a segment, each as it is for that person."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_noop, override
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.log_actions import log

from contacts import mail
from contacts.models.consent import Consent
from contacts.models.delivery import Delivery
from contacts.models.message import Message
from contacts.models.person import Person
from contacts.models.segment import Segment
from contacts.models.sentence import SentenceField
from contacts.models.suppression import Suppression
from contacts.models.user import User
from contacts.names import honorific_in
from network.models.guarded import GuardedQuerySet
from network.models.intake import in_batches
from network.sentences import Sentence

SLICE = 100  # letters in one transaction: nobody else waits long, and a stop is heeded soon


class MailingQuerySet(models.QuerySet):
    def due(self, now=None):
        """Those that the worker is to go on with."""
        return self.filter(state=Mailing.State.SENDING, send_at__lte=now or timezone.now())

    def within_reach_of(self, actor):
        """Those that a verb may touch: of whose recipients none is hidden from `actor`. (A draft has none yet.)"""
        seen = MailingRecipient.objects.within_reach_of(actor).filter(pk=OuterRef("pk"))
        return self.exclude(Exists(MailingRecipient.objects.exclude(Exists(seen)).filter(mailing=OuterRef("pk"))))


class MailingManager(models.Manager.from_queryset(MailingQuerySet)):
    def work_off(self) -> int:
        """Put the letters of what is due into the outbox, a slice at a time; returns how many. Any number of workers
        may do this at once."""
        written = 0
        for mailing in self.due():
            while some := mailing.write_some():
                written += some
        return written


class Mailing(ClusterableModel):
    class State(models.TextChoices):
        DRAFT = "DRAFT", _("Draft")
        SENDING = "SENDING", _("On its way")
        STOPPED = "STOPPED", _("Stopped")
        SENT = "SENT", _("Sent")

    name = models.CharField(_("name"), max_length=200, help_text=_("For you and your colleagues alone."))
    segment = models.ForeignKey(Segment, models.PROTECT, verbose_name=_("segment"), related_name="mailings")
    reply_to = models.EmailField(_("replies go to"), blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.DRAFT, editable=False)
    send_at = models.DateTimeField(_("goes out"), null=True, editable=False)
    by = models.ForeignKey(User, models.SET_NULL, verbose_name=_("by"), related_name="+", null=True, editable=False)

    objects = MailingManager()

    class Meta:
        verbose_name = _("mailing")
        verbose_name_plural = _("mailings")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def in_language(self) -> "dict[str, MailingText]":
        return {text.language: text for text in self.texts.all()}

    def text_in(self, language: str) -> "MailingText | None":
        """The words in `language`, else in the first language of the house that there is."""
        codes = [language, *dict(settings.LANGUAGES)]
        return next((self.in_language[code] for code in codes if code in self.in_language), None)

    def letter_for(self, person: Person) -> mail.Letter:
        """The letter as `person` gets it. Raises mail.Unfilled where something that it speaks of is not known."""
        text = self.text_in(person.language)
        with override(text.language):
            values = facts(person)
        return mail.mailing(text.language, text.subject, text.body, values, reply_to=self.reply_to)

    def outlook(self, viewer) -> "Outlook":
        """What would become of it, were `viewer` to send it now; nothing is written."""
        rows = [row for some in self._recipients(viewer) for row in some]
        return Outlook([row for row in rows if not row.obstacle], [row for row in rows if row.obstacle])

    @transaction.atomic
    def send(self, *, by, at=None) -> int:
        """Fix who gets it, of those whom `by` sees, and let the worker begin at `at` (now). Returns to how many it
        goes. Raises ValidationError where there is nothing to send."""
        if not self.in_language:
            raise ValidationError(_("Write the letter in at least one language first."))
        if not Mailing.objects.filter(pk=self.pk, state=self.State.DRAFT).update(state=self.State.SENDING):
            raise ValidationError(_("This mailing has been sent already."))
        for rows in self._recipients(by):
            MailingRecipient.objects.bulk_create(rows)
        count = self.recipients.waiting().count()
        if not count:
            raise ValidationError(_("Nobody would get this letter."))
        self.state, self.send_at = self.State.SENDING, at or timezone.now()
        self.save(update_fields=["state", "send_at"])
        log(self, "contacts.mailing.send", user=by, data={"recipients": count})
        return count

    @transaction.atomic
    def write_some(self) -> int:
        """Put the next letters into the outbox; returns how many. When there are none left, it is sent."""
        held = Mailing.objects.select_for_update().filter(pk=self.pk, state=self.State.SENDING)
        if not held.exists():
            return 0
        waiting = self.recipients.waiting().select_for_update(of=("self",))
        read = [f"person__{name}" for name in FACTS]
        rows = list(waiting.select_related("person__country").prefetch_related(*read)[:SLICE])
        for row in rows:
            row.write()
        if not rows:
            held.update(state=self.State.SENT)
        return len(rows)

    @property
    def is_on_its_way(self) -> bool:
        """Whether a letter of it has not left yet: it is still written, or waits in the outbox."""
        if self.state == self.State.SENT:
            return self._deliveries().filter(state=Delivery.State.QUEUED).exists()
        return self.state == self.State.SENDING

    @transaction.atomic
    def stop(self, *, by) -> int:
        """No letter goes out any more, not even those in the outbox; returns how many are kept back."""
        going = Mailing.objects.filter(pk=self.pk, state__in=[self.State.SENDING, self.State.SENT])
        if not self.is_on_its_way or not going.update(state=self.State.STOPPED):
            raise ValidationError(_("This mailing is not on its way."))
        self.state = self.State.STOPPED
        kept = self.recipients.waiting().count()
        kept += self._deliveries().filter(state=Delivery.State.QUEUED).update(state=Delivery.State.STOPPED)
        log(self, "contacts.mailing.stop", user=by, data={"kept": kept})
        return kept

    @transaction.atomic
    def resume(self, *, by) -> None:
        """It goes on where it was stopped: what was taken out of the outbox is put back, the rest is still written."""
        if not Mailing.objects.filter(pk=self.pk, state=self.State.STOPPED).update(state=self.State.SENDING):
            raise ValidationError(_("This mailing is not stopped."))
        self.state = self.State.SENDING
        self._deliveries().filter(state=Delivery.State.STOPPED).update(state=Delivery.State.QUEUED)
        log(self, "contacts.mailing.resume", user=by)

    def test(self, person: Person, *, to: User) -> Message:
        """The letter as `person` would get it, to the one who asks. Raises ValidationError where that fails."""
        try:
            letter = self.letter_for(person)
        except mail.Unfilled as gap:
            raise ValidationError(str(gap)) from None
        return Message.objects.post(None, letter, address=to.email)

    def progress(self, viewer=None) -> dict[str, int]:
        """How many of the recipients whom `viewer` sees (None: of all) are where: `total`, `written`, of these
        `leaving` (in the outbox), `waiting`, `skipped`."""
        ways = Delivery.objects.filter(message=OuterRef("message"))
        stopped, queued = (
            Q(Exists(ways.filter(state=state))) for state in (Delivery.State.STOPPED, Delivery.State.QUEUED)
        )
        is_skipped, is_written = ~Q(obstacle=""), Q(message__isnull=False) & ~stopped
        return self.recipients.within_reach_of(viewer).aggregate(
            total=Count("pk"),
            written=Count("pk", filter=~is_skipped & is_written),
            leaving=Count("pk", filter=~is_skipped & queued),
            skipped=Count("pk", filter=is_skipped),
            waiting=Count("pk", filter=~is_skipped & ~is_written),
        )

    def _deliveries(self):
        return Delivery.objects.filter(message__in=self.recipients.values("message"))

    def _recipients(self, viewer) -> Iterator[list["MailingRecipient"]]:
        """A row for each person of the segment whom `viewer` sees, some at a time; nothing is written."""
        people = with_facts(self.segment.people().visible_to(viewer))
        for some in in_batches(people.iterator(chunk_size=500)):
            addresses = [person.address for person in some]
            objections = Suppression.objects.objections(filter(None, addresses), mail.Purpose.NEWS)
            consents = Consent.objects.filter(person__in=some).taken_back(mail.Purpose.NEWS)
            withdrawn = dict.fromkeys(consents, Sentence.of(Suppression.Reason.CONSENT.label))
            yield [
                MailingRecipient(
                    mailing=self,
                    person=person,
                    address=address,
                    language=person.language,
                    obstacle=objections.get(address) or withdrawn.get(person.pk) or self._obstacle(person, address),
                )
                for person, address in zip(some, addresses, strict=True)
            ]

    def _obstacle(self, person: Person, address: str) -> str:
        """Why the letter cannot be written to `person`, in a sentence, or ""."""
        if not address:
            return Sentence(gettext_noop("There is no e-mail address."))
        try:
            self.letter_for(person)
        except mail.Unfilled as gap:
            return gap.sentence
        return ""


class MailingText(models.Model):
    mailing = ParentalKey(Mailing, on_delete=models.CASCADE, verbose_name=_("mailing"), related_name="texts")
    language = models.CharField(_("language"), max_length=12, choices=settings.LANGUAGES)
    subject = models.CharField(_("subject"), max_length=300)
    body = models.TextField(_("letter"))

    class Meta:
        verbose_name = _("text")
        verbose_name_plural = _("texts")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["mailing", "language"],
                name="mailing_text_once",
                violation_error_message=_("There is a text in this language already."),
            )
        ]

    def __str__(self) -> str:
        return self.subject

    def clean(self):
        check_fillable(self, PLACEHOLDERS)


class RecipientQuerySet(GuardedQuerySet):
    opened_by = "contacts.mailing"

    def of_desks(self, desks):
        return self.filter(person__in=Person.objects.of_desks(desks).values("pk"))

    def erase(self) -> None:
        self.waiting().update(obstacle=Sentence.of(Suppression.Reason.ERASED.label))
        self.update(address="")

    def waiting(self):
        """Those whose letter is not in the outbox yet."""
        return self.filter(message=None, obstacle="")

    def skipped(self):
        return self.exclude(obstacle="")


class MailingRecipient(models.Model):
    """Who gets it, fixed when it is sent: later changes of the segment change nothing here."""

    mailing = models.ForeignKey(Mailing, models.CASCADE, related_name="recipients")
    person = models.ForeignKey(Person, models.CASCADE, verbose_name=_("person"), related_name="mailings")
    address = models.EmailField(_("address"), max_length=320, blank=True)
    language = models.CharField(_("language"), max_length=12)
    obstacle = SentenceField(_("not sent because"), blank=True)
    message = models.ForeignKey(
        Message, models.SET_NULL, verbose_name=_("letter"), related_name="mailing_recipients", null=True
    )

    objects = models.Manager.from_queryset(RecipientQuerySet)()

    class Meta:
        verbose_name = _("recipient")
        verbose_name_plural = _("recipients")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["mailing", "person"], name="mailing_recipient_once")]

    def __str__(self) -> str:
        return f"{self.person}: {self.mailing}"

    @property
    def letter(self) -> Message | mail.Letter:
        """As it was written, else as it would be now. Raises mail.Unfilled as `letter_for` does."""
        return self.message or self.mailing.letter_for(self.person)

    def write(self) -> None:
        """Put the letter into the outbox; what is not known any more holds it back."""
        try:
            letter = self.mailing.letter_for(self.person)
        except mail.Unfilled as gap:
            self.obstacle = gap.sentence
        else:
            self.message = Message.objects.post(self.person, letter, address=self.address, about=self.mailing)
        self.save(update_fields=["obstacle", "message"])


@dataclass(frozen=True)
class Outlook:
    """Who would get a mailing, and who not and why (`obstacle`)."""

    going: list[MailingRecipient]
    held: list[MailingRecipient]


PLACEHOLDERS = {
    "salutation": _("how a letter to them begins"),
    "name": _("name"),
    "honorific": _("honorific"),
    "given_name": _("given name"),
    "family_name": _("family name"),
    "position": _("position"),
    "organization": _("organization"),
    "country": _("country"),
}


def check_fillable(text: models.Model, names: Iterable[str]) -> None:
    """Raises ValidationError where subject or body of `text` speak in braces of something else than `names`."""
    for field in ("subject", "body"):
        try:
            unknown = mail.placeholders(getattr(text, field)) - set(names)
        except ValueError:
            raise ValidationError({field: _("A brace { or } is left open. Write {{ for the sign itself.")}) from None
        if unknown:
            known = {"unknown": ", ".join(sorted(unknown)), "known": ", ".join(names)}
            sentence = _("These cannot be filled: %(unknown)s. There are: %(known)s.")
            raise ValidationError({field: sentence % known})


FACTS = ("emails", "affiliations__organization__country", "affiliations__organization__other_names")


def with_facts(people):
    """`people` with all that `facts` reads, in few queries."""
    return people.select_related("country").prefetch_related(*FACTS)


def facts(person: Person) -> dict[str, str]:
    """What the placeholders say of `person`, in the active language; of several posts, the first that holds now."""
    today, language = timezone.localdate(), (get_language() or "").split("-")[0]
    held = [one for one in person.affiliations.all() if one.holds_on(today)]
    post = held[0] if held else None
    country = person.country or (post and post.organization.country)
    return {
        "salutation": person.salutation,
        "name": person.name,
        "honorific": honorific_in(language, person.honorific),
        "given_name": person.given_name,
        "family_name": person.family_name,
        "position": post.position if post else "",
        "organization": post.organization.name_in(language) if post else "",
        "country": str(country or ""),
    }
