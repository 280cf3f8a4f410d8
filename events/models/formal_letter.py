"""FormalLetter: a letter on paper to somebody, or to an organization, whom we invite: numbered, and anybody who holds
it can have it verified."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from wagtail.log_actions import log

from contacts.models import Affiliation, Message, User
from contacts.names import honorific_in
from events import mail, pdf
from events.models.attendance import Attendance
from events.models.event import Event
from events.models.invitation import Invitation
from events.models.letter_text import Kind, LetterText
from events.models.trained import TrainedQuerySet


def new_code() -> str:
    """What the paper carries, too long to be guessed."""
    return get_random_string(24)


class FormalLetterQuerySet(TrainedQuerySet):
    def erase(self) -> None:
        """The number and its days stay, so that the paper can be told from a forgery; nobody is named any more."""
        self.update(subject="", body="", addressee=[], void_at=timezone.now())


class FormalLetterManager(models.Manager.from_queryset(FormalLetterQuerySet)):
    def issue(self, invitation: Invitation, kind: str, *, by, **known) -> "FormalLetter | None":
        """Number a letter of the `kind` to who was invited, in their language where there is a text in it; an earlier
        one is void. None where the event has no text of the kind. `known`: what the text may speak of besides."""
        letter = self.draft(invitation, kind, **known)
        return self._number(letter, invitation, by) if letter else None

    def draft(self, invitation: Invitation, kind: str, **known) -> "FormalLetter | None":
        """What a letter of the `kind` would say to who was invited: not numbered, and not kept."""
        text = self._text(invitation.event, kind, invitation.language)
        if text is None:
            return None
        values = {**_values(invitation, text.language), **known}
        until = None if kind == Kind.CERTIFICATE else invitation.event.ends_on
        letter = self._draw(text, values, _addressee(invitation, text.language), until)
        letter.event, letter.invitation = invitation.event, invitation
        return letter

    def issue_to(self, delegation, *, by) -> "FormalLetter | None":
        """Number the letter to the organization that is asked to send people; an earlier one is void. None where the
        event has no text for it."""
        letter = self.draft_to(delegation)
        return self._number(letter, delegation, by) if letter else None

    def draft_to(self, delegation) -> "FormalLetter | None":
        """What the letter to the organization would say, in the language of its first focal point where there is a
        text in it: not numbered, and not kept."""
        readers = delegation.focal_points
        text = self._text(delegation.event, Kind.DELEGATION, readers[0].language if readers else "en")
        if text is None:
            return None
        values, body = _values_of_delegation(delegation, text.language), delegation.organization
        country = body.country.in_language(text.language) if body.country else ""
        addressee = [line for line in (body.name_in(text.language), country) if line]
        letter = self._draw(text, values, addressee, delegation.event.ends_on)
        letter.event, letter.delegation = delegation.event, delegation
        return letter

    @transaction.atomic
    def certify(self, invitation: Invitation, attended: Attendance, *, by) -> "FormalLetter":
        """Send a certificate to who was there in `attended` sessions; who has no address finds it on the card of the
        invitation. Raises ValidationError where that is not enough, where there are no certificates, or where they have
        one."""
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
        if invitation.address:
            letter = mail.certificate(invitation)
            Message.objects.post(invitation.person, letter, address=invitation.address, about=invitation)
        return certificate

    @transaction.atomic
    def _number(self, letter: "FormalLetter", about: models.Model, by) -> "FormalLetter":
        event = Event.objects.select_for_update().get(pk=letter.event_id)  # numbers follow each other
        holder = {"invitation": letter.invitation_id, "delegation": letter.delegation_id}
        self.filter(**holder, kind=letter.kind, void_at=None).update(void_at=timezone.now())
        last = event.formal_letters.aggregate(last=models.Max("serial"))["last"] or 0
        letter.serial, letter.issued_by = last + 1, by
        letter.save()
        log(about, "events.letter.issue", user=by, data={"number": letter.number, "kind": letter.kind})
        return letter

    def _draw(self, text: LetterText, values: dict, addressee: list[str], until) -> "FormalLetter":
        return self.model(
            kind=text.kind,
            language=text.language,
            subject=text.subject.format_map(values),
            body=text.body.format_map(values),
            signatory=text.signatory,
            addressee=addressee,
            valid_until=until,
        )

    def _text(self, event: Event, kind: str, language: str) -> LetterText | None:
        """In that language, else in English, else in any."""
        texts = {text.language: text for text in event.texts_of_letters if text.kind == kind}
        return texts.get(language) or texts.get("en") or next(iter(texts.values()), None)


class FormalLetter(models.Model):
    event = models.ForeignKey(Event, models.CASCADE, verbose_name=_("event"), related_name="formal_letters")
    # To one of the two.
    invitation = models.ForeignKey(
        Invitation, models.CASCADE, verbose_name=_("invitation"), related_name="formal_letters", null=True
    )
    delegation = models.ForeignKey(
        "Delegation", models.CASCADE, verbose_name=_("delegation"), related_name="formal_letters", null=True
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
                condition=Q(kind="CERTIFICATE", void_at=None),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["event", "serial"], name="formal_letter_number_once"),
            models.CheckConstraint(
                condition=Q(invitation=None, delegation__isnull=False) | Q(invitation__isnull=False, delegation=None),
                name="formal_letter_to_one",
            ),
        ]

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
        stands = self.invitation.is_expected if self.invitation else self.delegation.state == "INVITED"
        return bool(self.void_at) or not stands or self.event.is_cancelled

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


def _values_of_delegation(delegation, language: str) -> dict[str, str]:
    with override(language):
        event = delegation.event
        places = [f"{quota.of_what}: {quota.size}" for quota in delegation.places if quota.size is not None]
        return {
            "name": delegation.organization.name_in(language),
            "event": event.title.in_language(language),
            "dates": mail.dates(event),
            "place": event.venue.place(language) if event.venue else "",
            "places": "; ".join(places) or "–",
            "until": mail.names_until(event) or mail.dates(event),
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
