"""Message: a letter that we wrote, kept as it was sent. With its deliveries it is the outbox."""

import re
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.mail.utils import DNS_NAME
from django.core.signing import Signer
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, get_random_string, salted_hmac
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy

from contacts.mail import LINK, PREFERENCES, CalendarMail, Letter, Mail, Purpose
from contacts.models.person import Person
from contacts.models.suppression import PURPOSES
from network.models import Organization, key_in
from network.models.guarded import GuardedQuerySet

RETURN = re.compile(r"\+(\d{1,17})-([0-9a-f]{20})@", re.IGNORECASE | re.ASCII)


class MessageQuerySet(GuardedQuerySet):
    def of_desks(self, desks):
        """To a desk's people, or to an organization, at its own address, that it keeps."""
        to_people = Q(person__in=Person.objects.of_desks(desks).values("pk"))
        kept = Organization.objects.kept_by(desks).values("pk")
        of_organizations = ContentType.objects.get_for_model(Organization)
        return self.filter(to_people | Q(person=None, about_type=of_organizations, about_id__in=kept))

    def visible_to(self, viewer):
        """Besides, letters to applicants are for those alone who may see applications."""
        seen = super().visible_to(viewer)
        is_open = viewer.has_perm("contacts.view_application")
        return seen if is_open else seen.exclude(letter__startswith="application_")

    def erase(self) -> None:
        """Nothing stays of what they said and to whom; that they were sent counts on. What waits does not go."""
        keys = list(self.values_list("pk", flat=True))
        Message._meta.get_field("returns").related_model.objects.filter(message__in=keys).erase()
        Message._meta.get_field("deliveries").related_model.objects.filter(message__in=keys).erase()
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
        message = self.filter(pk=key_in(key)).first()
        if message is None or not constant_time_compare(signature, message._signature()):
            raise Message.DoesNotExist
        return message

    def named_in(self, numbers: Iterable[str]) -> "Message | None":
        """The letter whose Message-ID, ours or the one that a provider gave it, is the first among `numbers`."""
        asked = [number.strip("<>") for number in numbers]
        ours = {one.message_id.strip("<>"): one for one in self.filter(message_id__in=[f"<{bare}>" for bare in asked])}
        if not ours and asked:
            at_provider = {form: bare for bare in asked for form in (bare, f"<{bare}>", bare.partition("@")[0])}
            known = self.filter(deliveries__tracking_id__in=at_provider).annotate(number=F("deliveries__tracking_id"))
            ours = {at_provider[one.number]: one for one in known}
        return next((ours[bare] for bare in asked if bare in ours), None)

    def returned_to(self, addresses: Iterable[str]) -> "Message | None":
        """The letter to whose own return address something came."""
        for key, signature in (match.groups() for one in addresses if (match := RETURN.search(one))):
            found = self.filter(pk=int(key)).first()
            if found and constant_time_compare(signature, found._return_signature()):
                return found
        return None

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
        with transaction.atomic(savepoint=False):  # nothing but the database can refuse it from here on
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

    @cached_property
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
        link = self.link if LINK in text else ""
        return text.replace(LINK, link) if link else text

    def mail(self) -> Mail:
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
            mail = Mail(**envelope)
        mail.attach_alternative(self.with_link(self.html), "text/html")
        for name, content, kind in self._attachments():
            mail.attach(name, content, kind)
        return mail

    def _attachments(self) -> list[tuple[str, bytes, str]]:
        """What the letter carries, from what it is about: name, content, type. It is made as the letter leaves."""
        attachments_of = getattr(self.about, "attachments_of", None)
        return attachments_of(self.letter) if attachments_of else []

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
