"""Message: a letter that we wrote, kept as it was sent; Delivery: its way to one address. Together the outbox."""

import logging
import re
import smtplib
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.mail.utils import DNS_NAME
from django.core.signing import Signer
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, get_random_string, salted_hmac
from django.utils.translation import gettext, gettext_noop, override, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from contacts.mail import LINK, PREFERENCES, CalendarMail, Connections, Letter, Purpose
from contacts.models.consent import Consent
from contacts.models.person import Person
from contacts.models.suppression import PURPOSES, Suppression
from network.models.guarded import GuardedQuerySet
from network.sentences import Sentence

RETURN = re.compile(r"\+(\d{1,17})-([0-9a-f]{20})@", re.IGNORECASE | re.ASCII)
logger = logging.getLogger(__name__)


class MessageQuerySet(GuardedQuerySet):
    def of_desks(self, desks):
        return self.filter(person__in=Person.objects.of_desks(desks).values("pk"))

    def visible_to(self, viewer):
        """Besides, letters to applicants are for those alone who may see applications."""
        seen = super().visible_to(viewer)
        is_open = viewer.has_perm("contacts.view_application")
        return seen if is_open else seen.exclude(letter__startswith="application_")

    def erase(self) -> None:
        """Nothing stays of what they said and to whom; that they were sent counts on. What waits does not go."""
        keys = list(self.values_list("pk", flat=True))
        Message._meta.get_field("returns").related_model.objects.filter(message__in=keys).erase()
        ways = Delivery.objects.filter(message__in=keys)
        waiting = ways.filter(state__in=WAITING)
        readers = Message._meta.get_field("mailing_recipients").related_model.objects
        readers.filter(message__in=waiting.values("message")).update(
            obstacle=Sentence.of(Suppression.Reason.ERASED.label)
        )
        waiting.update(state=Delivery.State.SUPPRESSED)
        ways.update(address="", error="")
        gone = {"subject": "", "text": "", "html": "", "calendar": "", "to_address": "", "reply_to": ""}
        Message.objects.filter(pk__in=keys).update(**gone)

    def about(self, *subjects: models.Model):
        """The letters about these objects, all of one model."""
        content_type = ContentType.objects.get_for_model(subjects[0])
        return self.filter(about_type=content_type, about_id__in=[subject.pk for subject in subjects])


class MessageManager(models.Manager.from_queryset(MessageQuerySet)):
    def by_token(self, token: str) -> "Message":
        """The letter whose reader came by the link with `token`. Raises Message.DoesNotExist for a forged one."""
        key, _dash, signature = token.partition("-")
        is_number = key.isascii() and key.isdecimal() and len(key) < 18
        message = self.filter(pk=int(key)).first() if is_number else None
        if message is None or not constant_time_compare(signature, message._signature()):
            raise Message.DoesNotExist
        return message

    def named_in(self, numbers: Iterable[str]) -> "Message | None":
        """The letter whose Message-ID, ours or the one that a provider gave it, is the first among `numbers`."""
        asked = [number.strip("<>") for number in numbers]
        ours = {one.message_id.strip("<>"): one for one in self.filter(message_id__in=[f"<{bare}>" for bare in asked])}
        if not ours and asked:
            at_provider = {form: bare for bare in asked for form in (bare, f"<{bare}>", bare.partition("@")[0])}
            ways = Delivery.objects.filter(tracking_id__in=at_provider).select_related("message")
            ours = {at_provider[way.tracking_id]: way.message for way in ways}
        return next((ours[bare] for bare in asked if bare in ours), None)

    def returned_to(self, addresses: Iterable[str]) -> "Message | None":
        """The letter to whose own return address something came."""
        for key, signature in (match.groups() for one in addresses if (match := RETURN.search(one))):
            found = self.filter(pk=int(key)).first()
            if found and constant_time_compare(signature, found._return_signature()):
                return found
        return None

    @transaction.atomic
    def post(
        self,
        person: Person | None,
        letter: Letter,
        *,
        address: str = "",
        about: models.Model | None = None,
        due_at: datetime | None = None,
    ) -> "Message":
        """Put `letter` to `person` into the outbox; the worker delivers it at `due_at` (now).

        `address` overrides the person's own. Raises ValidationError where there is no address to write to.
        """
        address = address or (person.address if person else "")
        if not address:
            raise ValidationError(_("%(name)s has no e-mail address.") % {"name": person})
        message = self.create(
            person=person,
            letter=letter.name,
            language=letter.language,
            from_address=letter.from_address or settings.DEFAULT_FROM_EMAIL,
            to_address=address,
            reply_to=letter.reply_to,
            subject=letter.subject,
            text=letter.text,
            html=letter.html,
            calendar=letter.calendar.decode(),
            calendar_method=letter.calendar_method,
            purpose=letter.purpose,
            message_id=f"<{get_random_string(24)}@{DNS_NAME}>",
            about=about,
        )
        message.deliveries.create(address=address, due_at=due_at or message.created_at)
        return message


class Message(models.Model):
    person = models.ForeignKey(
        Person, models.SET_NULL, verbose_name=_("person"), related_name="messages", null=True, blank=True
    )
    letter = models.CharField(_("letter"), max_length=40, db_index=True)
    language = models.CharField(_("language"), max_length=12)
    from_address = models.CharField(pgettext_lazy("a letter", "from"), max_length=320)
    to_address = models.EmailField(_("to"), max_length=320)
    reply_to = models.CharField(_("reply to"), max_length=320, blank=True)
    subject = models.CharField(_("subject"), max_length=500)
    text = models.TextField(_("text"))
    html = models.TextField(_("formatted text"))
    calendar = models.TextField(_("calendar part"), blank=True)
    calendar_method = models.CharField(_("calendar method"), max_length=10, blank=True)
    purpose = models.CharField(_("purpose"), max_length=10, choices=PURPOSES, default=Purpose.SERVICE)
    message_id = models.CharField(_("message number"), max_length=200, unique=True)
    about_type = models.ForeignKey(ContentType, models.SET_NULL, null=True, blank=True, related_name="+")
    about_id = models.PositiveBigIntegerField(null=True, blank=True)
    about = GenericForeignKey("about_type", "about_id")
    created_at = models.DateTimeField(_("written"), default=timezone.now, db_index=True)

    objects = MessageManager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["about_type", "about_id"], name="message_about")]

    def __str__(self) -> str:
        return self.subject or str(_("(emptied)"))

    @property
    def link(self) -> str:
        """The reader's own link, or "" where the letter has none. It is not in the stored text."""
        return getattr(self.about, "link", "")

    @property
    def token(self) -> str:
        """What the reader's links to their preferences carry: signed, and void with the letter."""
        return f"{self.pk}-{self._signature()}"

    def preferences_link(self, page: str = "preferences") -> str:
        """The address of the page on which the reader says what letters they want, or of `unsubscribe`."""
        with override(self.language):
            return settings.SITE_URL + reverse(f"contacts:{page}", args=[self.token])

    def with_link(self, text: str) -> str:
        """`text` or `html` of this letter with the reader's own links in their places."""
        text = text.replace(PREFERENCES, self.preferences_link()) if PREFERENCES in text else text
        return text.replace(LINK, self.link) if self.link else text

    def mail(self) -> EmailMultiAlternatives:
        """The letter as a mail; the same Message-ID each time, so that a duplicate can be recognised."""
        headers = {"Message-ID": self.message_id, "Auto-Submitted": "auto-generated", **self._ways_out()}
        if settings.RETURN_ADDRESS:
            headers["From"] = self.from_address
        envelope = {
            "subject": self.subject,
            "body": self.with_link(self.text),
            "from_email": self.return_address or self.from_address,
            "to": [self.to_address],
            "reply_to": [self.reply_to] if self.reply_to else [],
            "headers": headers,
        }
        if self.calendar:
            mail = CalendarMail(**envelope, calendar=self.calendar.encode(), method=self.calendar_method)
        else:
            mail = EmailMultiAlternatives(**envelope)
        mail.attach_alternative(self.with_link(self.html), "text/html")
        return mail

    def _ways_out(self) -> dict[str, str]:
        """RFC 8058: one click in the mail program ends the mailings; it is a POST, which no scanner makes."""
        if self.purpose != Purpose.NEWS:
            return {}
        link = self.preferences_link("unsubscribe")
        return {"List-Unsubscribe": f"<{link}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}

    @property
    def return_address(self) -> str:
        """The address on the envelope, of this letter alone, to which servers give it back; "" where there is none."""
        local, _at, domain = settings.RETURN_ADDRESS.partition("@")
        return f"{local}+{self.pk}-{self._return_signature()}@{domain}" if domain else ""

    def _return_signature(self) -> str:
        """In letters that mail servers do not change, as they may change capitals."""
        return salted_hmac("contacts.message.return", f"{self.pk}:{self.message_id}").hexdigest()[:20]

    def _signature(self) -> str:
        return Signer(salt="contacts.message").signature(f"{self.pk}:{self.message_id}")


class DeliveryQuerySet(models.QuerySet):
    def due(self, now: datetime | None = None):
        return self.filter(state=Delivery.State.QUEUED, due_at__lte=now or timezone.now())

    def cut_off(self, now: datetime | None = None):
        """Claimed so long ago that whoever claimed them is gone."""
        return self.filter(state=Delivery.State.SENDING, claimed_at__lte=(now or timezone.now()) - settings.MAIL_LEASE)


class DeliveryManager(models.Manager.from_queryset(DeliveryQuerySet)):
    def empty_outbox(self) -> int:
        """Deliver all that is due, one after another, and return how many were handed over.

        Any number of workers may do this at once: each delivery is claimed by a conditional update first.
        """
        self.give_up_cut_off()
        handed_over = 0
        with Connections() as connections:
            while delivery := self._claim_next():
                handed_over += delivery.hand_over(connections)
        return handed_over

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

    def _claim_next(self) -> "Delivery | None":
        for pk in self.due().order_by("due_at", "pk").values_list("pk", flat=True)[:50]:
            claimed = self.filter(pk=pk, state=Delivery.State.QUEUED).update(
                state=Delivery.State.SENDING, claimed_at=timezone.now(), attempts=models.F("attempts") + 1
            )
            if claimed:
                return self.select_related("message").get(pk=pk)
        return None


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
    tracking_id = models.CharField(_("number at the provider"), max_length=200, blank=True, db_index=True)

    objects = DeliveryManager()

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

    def hand_over(self, connections: Connections) -> bool:
        """Give the claimed letter to the mail server; True when it took it.

        A refusal for good fails the delivery, a refusal for now puts it back with a growing pause, and a connection
        lost in the middle leaves it uncertain. What stands against it is asked here, at the last moment.
        """
        if objection := self._objection():
            self._suppress(objection)
            return False
        try:
            mail = self.message.mail()
            mail.connection = connections.for_mail(mail)
            mail.send()
        except smtplib.SMTPServerDisconnected as error:
            self._end(self.State.UNCERTAIN, error)
        except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as error:
            self._refused(error)
        except OSError as error:  # no connection came about: nothing was handed over
            self._put_back(error)
        except Exception as error:
            logger.error("Delivery %s failed: %s", self.pk, type(error).__name__)  # no address in the logs
            self._end(self.State.FAILED, error)
        else:
            self.sent_at = timezone.now()
            status = getattr(mail, "anymail_status", None)
            self.tracking_id = str(getattr(status, "message_id", None) or "")[:200]
            self._end(self.State.SENT)
            return True
        connections.drop()
        return False

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

    def _objection(self) -> str:
        """Why the letter must not go, in a sentence, or ""."""
        message = self.message
        if objection := Suppression.objects.against(self.address, message.purpose).first():
            return Sentence.of(objection.get_reason_display())
        is_withdrawn = Consent.objects.forbids(message.person, message.purpose)
        return Sentence.of(Suppression.Reason.CONSENT.label) if is_withdrawn else ""

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
        if self.attempts >= self.MOST_ATTEMPTS:
            return self._end(self.State.FAILED, error)
        self.due_at = timezone.now() + 2**self.attempts * timedelta(minutes=1)
        is_stopped = self.message.mailing_recipients.filter(mailing__state="STOPPED").exists()
        return self._end(self.State.STOPPED if is_stopped else self.State.QUEUED, error)

    def _end(self, state: str, error: Exception | str | None = None) -> None:
        self.state, self.error = state, str(error or "")[:2000]
        self.save(update_fields=["state", "error", "due_at", "sent_at", "tracking_id"])


# The states of a letter that has not left and still may.
WAITING = (Delivery.State.QUEUED, Delivery.State.STOPPED)
# The states of a letter of which the recipient's server may have something to say.
LEFT = (Delivery.State.SENDING, Delivery.State.SENT, Delivery.State.DELIVERED, Delivery.State.UNCERTAIN)
