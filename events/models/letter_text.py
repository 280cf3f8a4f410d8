"""LetterText: what the formal letters of an event say, in each language; organizers may begin with ours."""

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext, gettext_noop, override
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.log_actions import log

from contacts.models.mailing import check_fillable
from events.models.event import Event

# What a text may speak of: known of everybody, so that no letter is left unfilled.
PLACEHOLDERS = {
    "salutation": _("how a letter to them begins"),
    "name": _("name"),
    "event": _("title of the event"),
    "dates": _("its days"),
    "place": _("its place"),
    "role": _("as what they come"),
}
# And a certificate besides.
CERTIFIED = {
    "attended": _("in how many sessions they were"),
    "held": _("how many there were"),
}
# A letter to an organization speaks of nobody.
OF_DELEGATIONS = {
    "name": _("name"),
    "event": _("title of the event"),
    "dates": _("its days"),
    "place": _("its place"),
    "places": _("how many may come, and as what"),
    "until": _("until when they are to be named"),
}


class Kind(models.TextChoices):
    INVITATION = "INVITATION", _("Letter of invitation")
    DELEGATION = "DELEGATION", _("Letter to an organization")
    VISA = "VISA", _("Visa-support letter")
    CERTIFICATE = "CERTIFICATE", _("Certificate of attendance")


# Our own texts, subject and body.
USUAL = {
    Kind.INVITATION: (
        gettext_noop("Invitation to {event}"),
        gettext_noop(
            "{salutation}\n\nWe have the honour to invite you to {event} ({dates}, {place}).\n\n"
            "Please accept the assurances of our highest consideration."
        ),
    ),
    Kind.DELEGATION: (
        gettext_noop("Invitation to {event}"),
        gettext_noop(
            "We present our compliments to {name} and have the honour to invite it to send a delegation to {event} "
            "({dates}, {place}).\n\nThese places are held for the delegation: {places}. We should be grateful to know "
            "by {until} who comes, with a note verbale.\n\nWe avail ourselves of this opportunity to renew to {name} "
            "the assurances of our highest consideration."
        ),
    ),
    Kind.VISA: (
        gettext_noop("Visa support for {event}"),
        gettext_noop(
            "We confirm that {name} takes part in {event} ({dates}, {place}). Capacity: {role}.\n\n"
            "We should be grateful for all help with the visa that is needed."
        ),
    ),
    Kind.CERTIFICATE: (
        gettext_noop("Certificate of attendance"),
        gettext_noop("has taken part in {event}, {dates}. Sessions attended: {attended} of {held}."),
    ),
}


class LetterTextManager(models.Manager):
    @transaction.atomic
    def write_usual(self, event: Event, kind: str = Kind.CERTIFICATE, *, by) -> int:
        """Give the letters of the `kind` of the event our own text, in each language that has none; returns in how
        many. They can be changed like all others."""
        written = set(self.filter(event=event, kind=kind).values_list("language", flat=True))
        missing = [code for code, _name in settings.LANGUAGES if code not in written]
        subject, body = USUAL[Kind(kind)]
        for code in missing:
            with override(code):
                words = {"subject": gettext(subject), "body": gettext(body)}
            self.create(event=event, kind=kind, language=code, signatory=str(settings.SITE_NAME), **words)
        event.__dict__.pop("texts_of_letters", None)  # to be read anew
        if missing:
            log(event, "events.letter.write_usual", user=by, data={"kind": str(kind), "languages": missing})
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
        known = OF_DELEGATIONS if self.kind == Kind.DELEGATION else PLACEHOLDERS
        check_fillable(self, {**known, **(CERTIFIED if self.kind == Kind.CERTIFICATE else {})})
