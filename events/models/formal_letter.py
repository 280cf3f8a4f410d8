"""FormalLetter: a letter on paper to somebody whom we invite, numbered, which anybody who holds it can have verified;
LetterText: what such letters of an event say, in each language."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_noop, override
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.log_actions import log

from contacts.models import Affiliation, Message, User
from contacts.models.mailing import check_fillable
from contacts.names import honorific_in
from events import mail, pdf
from events.models.attendance import Attendance
from events.models.event import Event
from events.models.invitation import Invitation
from events.models.trained import TrainedQuerySet

# What a text may speak of: known of everybody, so that no letter is left unfilled.
PLACEHOLDERS = {
    "salutation": _("how a letter to them begins"),
    "name": _("name"),
    "event": _("title of the event"),
    "dates": _("its days"),
    "place": _("its place"),
    "role": _("as what they come"),
}

USUAL = gettext_noop("has taken part in {event}, {dates}. Sessions attended: {attended} of {held}.")
# And a certificate besides.
CERTIFIED = {
    "attended": _("in how many sessions they were"),
    "held": _("how many there were"),
}


def new_code() -> str:
    """What the paper carries, too long to be guessed."""
    return get_random_string(24)


class Kind(models.TextChoices):
    INVITATION = "INVITATION", _("Letter of invitation")
    VISA = "VISA", _("Visa-support letter")
    CERTIFICATE = "CERTIFICATE", _("Certificate of attendance")


class LetterTextManager(models.Manager):
    @transaction.atomic
    def write_usual(self, event: Event, *, by) -> int:
        """Give certificates of the event our own text, in each language that has none; returns in how many. They can
        be changed like all others."""
        written = set(self.filter(event=event, kind=Kind.CERTIFICATE).values_list("language", flat=True))
        missing = [code for code, _name in settings.LANGUAGES if code not in written]
        for code in missing:
            with override(code):
                subject, body = gettext("Certificate of attendance"), gettext(USUAL)
            house = str(settings.SITE_NAME)
            self.create(event=event, kind=Kind.CERTIFICATE, language=code, subject=subject, body=body, signatory=house)
        event.__dict__.pop("texts_of_letters", None)  # to be read anew
        if missing:
            log(event, "events.letter.write_usual", user=by, data={"languages": missing})
        return len(missing)


class LetterText(models.Model):
    event = ParentalKey(Event, on_delete=models.CASCADE, verbose_name=_("event"), related_name="letter_texts")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.INVITATION)
    language = models.CharField(_("language"), max_length=12, choices=settings.LANGUAGES)
    subject = models.CharField(_("subject"), max_length=300)
    body = models.TextField(_("text"), help_text=_("An empty line begins a paragraph."))
    signatory = models.TextField(_("signature"), max_length=500, help_text=_("Name and title, a line for each."))

    objects = LetterTextManager()

    class Meta:
        verbose_name = _("text of formal letters")
        verbose_name_plural = _("texts of formal letters")
        ordering = ["kind", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "kind", "language"],
                name="letter_text_once",
                violation_error_message=_("There is a text in this language already."),
            )
        ]

    def __str__(self) -> str:
        return self.subject

    def clean(self):
        check_fillable(self, {**PLACEHOLDERS, **(CERTIFIED if self.kind == Kind.CERTIFICATE else {})})


class FormalLetterQuerySet(TrainedQuerySet):
    def erase(self) -> None:
        """The number and its days stay, so that the paper can be told from a forgery; nobody is named any more."""
        self.update(subject="", body="", addressee=[], void_at=timezone.now())


class FormalLetterManager(models.Manager.from_queryset(FormalLetterQuerySet)):
    def issue(self, invitation: Invitation, kind: str, *, by, **known) -> "FormalLetter | None":
        """Number a letter of the `kind` to who was invited, in their language where there is a text in it; an earlier
        one is void. None where the event has no text of the kind. `known`: what the text may speak of besides."""
        text = self._text(invitation, kind)
        return self._write(invitation, kind, text, by, known) if text else None

    def draft(self, invitation: Invitation, kind: str) -> "FormalLetter | None":
        """What a letter of the `kind` would say to who was invited: not numbered, and not kept."""
        text = self._text(invitation, kind)
        return self._draw(invitation, kind, text, {}) if text else None

    @transaction.atomic
    def certify(self, invitation: Invitation, attended: Attendance, *, by) -> "FormalLetter":
        """Send a certificate to who was there in `attended` sessions. Raises ValidationError where that is not enough,
        where there are no certificates, or where they have one."""
        event = invitation.event
        if not event.certificate_share:
            raise ValidationError(_("Say first from which share of the sessions there is a certificate."))
        if attended.share < event.certificate_share:
            told = _("%(name)s was in %(attended)d of %(held)d sessions; that is not enough.")
            counts = {"attended": attended.attended, "held": attended.held}
            raise ValidationError(told % {"name": invitation.person, **counts})
        if self.certificates().standing().filter(invitation=invitation).exists():
            raise ValidationError(_("%(name)s has a certificate already.") % {"name": invitation.person})
        counts = {"attended": attended.attended, "held": attended.held}
        certificate = self.issue(invitation, Kind.CERTIFICATE, by=by, **counts)
        if certificate is None:
            raise ValidationError(_("Write the text of the certificates first."))
        letter = mail.certificate(invitation)
        Message.objects.post(invitation.person, letter, address=invitation.address, about=invitation)
        return certificate

    @transaction.atomic
    def _write(self, invitation: Invitation, kind: str, text: LetterText, by, known: dict) -> "FormalLetter":
        event = Event.objects.select_for_update().get(pk=invitation.event_id)  # numbers follow each other
        self.filter(invitation=invitation, kind=kind, void_at=None).update(void_at=timezone.now())
        last = event.formal_letters.aggregate(last=models.Max("serial"))["last"] or 0
        letter = self._draw(invitation, kind, text, known)
        letter.serial, letter.issued_by = last + 1, by
        letter.save()
        log(invitation, "events.letter.issue", user=by, data={"number": letter.number, "kind": kind})
        return letter

    def _draw(self, invitation: Invitation, kind: str, text: LetterText, known: dict) -> "FormalLetter":
        values = {**_values(invitation, text.language), **known}
        return self.model(
            event=invitation.event,
            invitation=invitation,
            kind=kind,
            language=text.language,
            subject=text.subject.format_map(values),
            body=text.body.format_map(values),
            signatory=text.signatory,
            addressee=_addressee(invitation, text.language),
            valid_until=None if kind == Kind.CERTIFICATE else invitation.event.ends_on,
        )

    def _text(self, invitation: Invitation, kind: str) -> LetterText | None:
        """In their language, else in English, else in any."""
        texts = {text.language: text for text in invitation.event.texts_of_letters if text.kind == kind}
        return texts.get(invitation.language) or texts.get("en") or next(iter(texts.values()), None)


class FormalLetter(models.Model):
    event = models.ForeignKey(Event, models.CASCADE, verbose_name=_("event"), related_name="formal_letters")
    invitation = models.ForeignKey(
        Invitation, models.CASCADE, verbose_name=_("invitation"), related_name="formal_letters"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    serial = models.PositiveIntegerField(_("number"))
    code = models.CharField(max_length=24, unique=True, default=new_code, editable=False)
    language = models.CharField(_("language"), max_length=12, choices=settings.LANGUAGES)
    subject = models.CharField(_("subject"), max_length=600)
    body = models.TextField(_("text"))
    signatory = models.TextField(_("signature"))
    addressee = models.JSONField(_("to"), default=list)
    issued_at = models.DateTimeField(_("issued"), default=timezone.now)
    issued_by = models.ForeignKey(User, models.SET_NULL, verbose_name=_("issued by"), related_name="+", null=True)
    valid_until = models.DateField(_("valid until"), null=True)  # None: for good
    void_at = models.DateTimeField(_("void since"), null=True)

    objects = FormalLetterManager()

    class Meta:
        verbose_name = _("formal letter")
        verbose_name_plural = _("formal letters")
        ordering = ["-serial"]
        indexes = [  # the training record goes through the events, the last first
            models.Index(
                fields=["event", "id", "invitation"],
                name="certificate_of_event",
                condition=models.Q(kind="CERTIFICATE", void_at=None),
            ),
        ]
        constraints = [models.UniqueConstraint(fields=["event", "serial"], name="formal_letter_number_once")]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"{self.event.mailbox}/{self.serial:05d}"

    @property
    def file_name(self) -> str:
        return f"{self.event.slug}-{self.kind.lower()}-{self.serial:05d}.pdf"

    @property
    def link(self) -> str:
        """Where whoever holds the paper can have it verified, in its language."""
        with override(self.language):
            return settings.SITE_URL + reverse("events:letter", args=[self.code])

    @property
    def is_void(self) -> bool:
        """Whether it was replaced, or the invitation does not stand any more."""
        return bool(self.void_at) or not self.invitation.is_expected or self.event.is_cancelled

    def is_valid(self, on=None) -> bool:
        is_in_time = self.valid_until is None or (on or timezone.localdate()) <= self.valid_until
        return is_in_time and not self.is_void

    @property
    def paragraphs(self) -> tuple[str, ...]:
        parts = self.body.replace("\r", "").split("\n\n")
        return tuple(filter(None, (part.strip() for part in parts)))

    def as_pdf(self) -> bytes:
        """The paper; the same letter gives the same text."""
        is_certificate = self.kind == Kind.CERTIFICATE
        verify = _("Whoever holds this certificate can have it verified:")
        with override(self.language):
            return (pdf.certificate if is_certificate else pdf.formal_letter)(
                pdf.Formal(
                    house=str(settings.SITE_NAME),
                    number=str(_("No. %(number)s") % {"number": self.number} if self.serial else _("Draft")),
                    day=date_format(timezone.localtime(self.issued_at), "DATE_FORMAT"),
                    addressee=tuple(self.addressee),
                    subject=self.subject,
                    paragraphs=self.paragraphs,
                    signatory=tuple(self.signatory.splitlines()),
                    link=self.link,
                    verify=str(verify if is_certificate else _("Whoever holds this letter can have it verified:")),
                ),
                language=self.language,
            )


def _values(invitation: Invitation, language: str) -> dict[str, str]:
    with override(language):
        event = invitation.event
        return {
            "salutation": invitation.person.salutation,
            "name": invitation.person.formal_name,
            "event": event.title.in_language(language),
            "dates": mail.dates(event),
            "place": event.venue.place(language) if event.venue else "",
            "role": invitation.get_role_display(),
        }


def _addressee(invitation: Invitation, language: str) -> list[str]:
    """Name, position, organization and country, a line for each that is known."""
    person, sent_by = invitation.person, invitation.delegation and invitation.delegation.organization
    held = Affiliation.objects.current().filter(person=person).in_precedence().select_related("organization__country")
    if sent_by:
        held = held.filter(organization=sent_by)
    post = held.first()
    organization = sent_by or (post.organization if post else None)
    country = person.country or (organization and organization.country)
    lines = [
        f"{honorific_in(language, person.honorific)} {person.name}".strip(),
        post.position if post else "",
        organization.name_in(language) if organization else "",
        country.in_language(language) if country else "",
    ]
    return [line for line in lines if line]
