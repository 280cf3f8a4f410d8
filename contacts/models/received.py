"""ReceivedLetter: what somebody wrote to us by mail, filed with the person and the letter that it answers."""

import datetime
from collections.abc import Iterable
from enum import StrEnum

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from contacts.incoming import Attachment, Incoming, Kind, head_of, read
from contacts.models.calendar_post import CalendarPost
from contacts.models.message import Message
from contacts.models.person import Person
from contacts.models.returned import ReturnedLetter, whose
from contacts.models.user import User
from network.models.guarded import GuardedQuerySet, sees

TAKEN_OVER = ("from_name", "from_address", "subject", "text", "message_id", "says_left")
HEAD = 64_000  # of a message that is too large, so many bytes are read


class Outcome(StrEnum):
    """What became of a message."""

    RETURNED = "RETURNED"
    FILED = "FILED"
    UNFILED = "UNFILED"
    CALENDAR = "CALENDAR"
    KNOWN = "KNOWN"
    BRAKED = "BRAKED"


class ReceivedLetterQuerySet(GuardedQuerySet):
    def of_desks(self, desks):
        """Those from people of the desks; what is not filed yet may be from anybody."""
        return self.filter(person__in=Person.objects.of_desks(desks).values("pk"))

    def open(self):
        """Written by people, and nobody has dealt with them."""
        return self.filter(kind=ReceivedLetter.Kind.REPLY, settled_at=None)

    def unfiled(self):
        return self.filter(person=None)

    def from_addresses(self, addresses: Iterable[str]):
        return self.filter(from_address__in=[address.lower() for address in addresses])

    def erase(self) -> None:
        """They go, with their files."""
        for letter in self:
            letter.delete()


class ReceivedLetterManager(models.Manager.from_queryset(ReceivedLetterQuerySet)):
    @transaction.atomic
    def take(self, raw: bytes, *, envelope_to: str = "") -> Outcome:
        """Take a message in, whatever it is: a report is noted, what has a calendar waits for the worker, a letter is
        filed with whom it is from, the same message a second time changes nothing. `envelope_to` is the address at
        which it arrived, where that is known. Nothing in a message makes this fail."""
        is_cut = len(raw) > settings.RECEIVED_MOST_BYTES
        incoming = read(head_of(raw, HEAD) if is_cut else raw)
        if incoming.has_calendar:
            is_new = CalendarPost.objects.keep(incoming.key, raw, envelope_to)
            return Outcome.CALENDAR if is_new else Outcome.KNOWN
        return self._sort(incoming, envelope_to, is_cut=is_cut, size=len(raw))

    @transaction.atomic
    def take_letter(self, raw: bytes, *, envelope_to: str = "") -> Outcome:
        """The same for a message whose calendar answers nothing: it is a letter, or a report."""
        return self._sort(read(raw), envelope_to, is_cut=False, size=len(raw))

    def _sort(self, incoming: Incoming, envelope_to: str, **facts) -> Outcome:
        came_to = (*incoming.came_to, envelope_to)
        if incoming.kind not in (Kind.REPLY, Kind.AUTO_REPLY):
            ReturnedLetter.objects.take(incoming, came_to)
            return Outcome.RETURNED
        if self.filter(key=incoming.key).exists():
            return Outcome.KNOWN
        if self._is_braked(incoming):
            return Outcome.BRAKED
        answered = Message.objects.named_in(incoming.mentions) or Message.objects.returned_to(came_to)
        return self._enter(incoming, answered, **facts)

    def _is_braked(self, incoming: Incoming) -> bool:
        since = timezone.now() - datetime.timedelta(days=1)
        of_today = self.filter(from_address=incoming.from_address, came_at__gte=since)
        return of_today.count() >= settings.RECEIVED_MOST_A_DAY

    def _enter(self, incoming: Incoming, answered: Message | None, **facts) -> Outcome:
        person = _standing(answered.person if answered else None) or whose(incoming.from_address)
        facts |= {name: getattr(incoming, name) for name in TAKEN_OVER}
        facts |= {"kind": incoming.kind.value, "person": person, "answers": answered}
        facts |= {"written_at": _believable(incoming.written_at)}
        facts |= {"refused": [one.name for one in incoming.attachments if not one.kind]}
        letter, is_new = self.get_or_create(key=incoming.key, defaults=facts)
        if not is_new:
            return Outcome.KNOWN
        for one in incoming.attachments:
            if one.kind:
                letter.keep(one)
        log(letter, "contacts.received.take", data={"kind": letter.kind, "files": letter.files.count()})
        return Outcome.FILED if person else Outcome.UNFILED


class ReceivedLetter(models.Model):
    class Kind(models.TextChoices):
        REPLY = "REPLY", _("Letter")
        AUTO_REPLY = "AUTO_REPLY", _("Automatic answer")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    person = models.ForeignKey(
        Person, models.SET_NULL, verbose_name=_("person"), related_name="received_letters", null=True, blank=True
    )
    answers = models.ForeignKey(
        Message, models.SET_NULL, verbose_name=_("answers"), related_name="answers", null=True, editable=False
    )
    from_name = models.CharField(_("name of the sender"), max_length=200, blank=True)
    from_address = models.CharField(_("from"), max_length=320, blank=True, db_index=True)
    subject = models.CharField(_("subject"), max_length=500, blank=True)
    text = models.TextField(_("text"), blank=True)
    message_id = models.CharField(_("message number"), max_length=200, blank=True)
    says_left = models.BooleanField(_("may say that somebody has left"), default=False)
    is_cut = models.BooleanField(_("too large to be kept"), default=False)
    size = models.PositiveBigIntegerField(_("size in bytes"), default=0)
    refused = models.JSONField(_("files that were not kept"), default=list)
    written_at = models.DateTimeField(_("written"))
    came_at = models.DateTimeField(_("came in"), default=timezone.now, db_index=True)
    filed_by = models.ForeignKey(
        User, models.SET_NULL, verbose_name=_("filed by"), related_name="+", null=True, editable=False
    )
    settled_at = models.DateTimeField(_("dealt with"), null=True, editable=False)
    settled_by = models.ForeignKey(
        User, models.SET_NULL, verbose_name=_("dealt with by"), related_name="+", null=True, editable=False
    )
    key = models.CharField(max_length=64, unique=True, editable=False)

    objects = ReceivedLetterManager()

    class Meta:
        verbose_name = _("received letter")
        verbose_name_plural = _("received letters")
        ordering = ["-came_at", "-pk"]

    def __str__(self) -> str:
        return self.subject or str(_("(no subject)"))

    @property
    def sender(self) -> str:
        return f"{self.from_name} <{self.from_address}>" if self.from_name else self.from_address

    @property
    def is_open(self) -> bool:
        return self.kind == self.Kind.REPLY and self.settled_at is None

    @property
    def is_from_another(self) -> bool:
        """Whether it answers a letter, and came from an address that its reader does not have."""
        if self.person is None or self.answers is None or not self.from_address:
            return False
        return not self.person.emails.filter(address__iexact=self.from_address).exists()

    def keep(self, attachment: Attachment) -> None:
        """Store a file that came with the letter."""
        facts = {"name": attachment.name, "kind": attachment.kind, "size": attachment.size}
        self.files.create(**facts, file=ContentFile(attachment.content, name="file"))

    def delete(self, *args, **kwargs):
        for file in self.files.all():
            file.drop()
        return super().delete(*args, **kwargs)

    @transaction.atomic
    def file(self, person: Person, *, by) -> None:
        """It is from `person`, says `by`. Raises ValidationError for somebody whom `by` does not see."""
        if not sees(by, person):
            raise ValidationError(_("Choose somebody whom you can see."))
        before, self.person, self.filed_by = self.person_id, person, by
        self.save(update_fields=["person", "filed_by"])
        log(self, "contacts.received.file", user=by, data={"person": {"old": before, "new": person.pk}})

    @transaction.atomic
    def settle(self, *, by) -> None:
        """Somebody answered it, or there is nothing to do. Raises ValidationError where that was done already."""
        now = timezone.now()
        if not ReceivedLetter.objects.open().filter(pk=self.pk).update(settled_at=now, settled_by=by):
            raise ValidationError(_("Somebody has dealt with this letter already."))
        self.settled_at, self.settled_by = now, by
        log(self, "contacts.received.settle", user=by)


def place(_file: "ReceivedFile", _name: str) -> str:
    """Where a file lies: under a name that says nothing and cannot be guessed."""
    return f"received/{get_random_string(32)}"


class ReceivedFile(models.Model):
    """A file in a letter that came in: of a quiet kind, by its content. Who may see the letter may fetch it."""

    letter = models.ForeignKey(ReceivedLetter, models.CASCADE, verbose_name=_("letter"), related_name="files")
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=100)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    file = models.FileField(_("file"), upload_to=place, max_length=200)

    class Meta:
        verbose_name = _("file received")
        verbose_name_plural = _("files received")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    def drop(self) -> None:
        """The file goes as soon as it is sure that the letter goes."""
        storage, name = self.file.storage, self.file.name
        transaction.on_commit(lambda: storage.delete(name))


def _standing(person: Person | None) -> Person | None:
    """The record that stands for whom a letter went to; None where it was erased."""
    standing = person.standing if person else None
    return None if standing is None or standing.erased_at else standing


def _believable(when: datetime.datetime | None) -> datetime.datetime:
    """The date of a letter; its coming in where it has none, or one that cannot be."""
    now = timezone.now()
    return when if when and datetime.datetime(1990, 1, 1, tzinfo=datetime.UTC) < when < now else now


def of_person(people: Iterable[Person]) -> Q:
    """The letters of `people`: filed with them, or from their addresses and not filed yet."""
    people = list(people)
    addresses = [email.address.lower() for person in people for email in person.emails.all()]
    return Q(person__in=people) | Q(person=None, from_address__in=addresses)
