"""Minutes: what was said and agreed in a session, in one language; a draft until an organizer has approved it."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import get_language, gettext, override, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from contacts.matching import Mentions
from contacts.models import Affiliation, Person, User
from events import pdf
from events.models.audience import Audience, ForAudience, sight_of
from events.models.event import Event
from events.models.programme import ProgrammeEntry
from events.models.session import Appearance, Session
from network.labels import language_name


class MinutesQuerySet(models.QuerySet):
    def open_at(self, event: Event, viewer):
        """The approved ones of `event` that `viewer` (a User, a Person, None, or a Sight) may read, by the one policy:
        `audience`. They are for nobody who does not see the session in the programme."""
        sight = sight_of(viewer)
        entries = ProgrammeEntry.objects.newest_of(event).visible_to(sight).exclude(session=None)
        approved = self.filter(session__event=event, state=Minutes.State.APPROVED)
        return approved.filter(sight.at(event), session__in=entries.values("session")).select_related(
            "session__event", "circle"
        )

    def in_order(self):
        return self.order_by("session__starts_at", "session", "language")


class MinutesManager(models.Manager.from_queryset(MinutesQuerySet)):
    @transaction.atomic
    def write(self, session: Session, language: str, text: str, audience: str, circle=None, *, by) -> "Minutes":
        """The draft of the minutes of `session` in `language` says this. Raises ValidationError where it says nothing,
        or where what is there is approved already."""
        minutes, _new = self.select_for_update().get_or_create(session=session, language=language)
        if minutes.state == Minutes.State.APPROVED:
            raise ValidationError(_("These minutes are approved. An organizer has to open them again first."))
        if circle and circle.event_id != session.event_id:
            raise ValidationError(_("This belongs to another event."))
        minutes.text, minutes.audience, minutes.circle = text.strip(), audience, circle
        minutes.written_by, minutes.written_at = by, timezone.now()
        if not minutes.text:
            raise ValidationError(_("Write something first."))
        minutes.save()
        log(session, "events.minutes.write", user=by, data={"language": language, "audience": audience})
        return minutes


class Minutes(ForAudience):
    class State(models.TextChoices):
        DRAFT = "DRAFT", _("Draft")
        APPROVED = "APPROVED", _("Approved")

    session = models.ForeignKey(Session, models.PROTECT, verbose_name=_("session"), related_name="minutes")
    language = models.CharField(_("language"), max_length=12, choices=settings.LANGUAGES)
    text = models.TextField(_("text"), help_text=_("An empty line begins a paragraph."))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    audience = models.CharField(_("who may see this?"), max_length=12, choices=Audience, default=Audience.PARTICIPANTS)
    written_by = models.ForeignKey(User, models.SET_NULL, verbose_name=_("written by"), related_name="+", null=True)
    written_at = models.DateTimeField(_("written"), default=timezone.now)
    approved_by = models.ForeignKey(User, models.SET_NULL, verbose_name=_("approved by"), related_name="+", null=True)
    approved_at = models.DateTimeField(_("approved"), null=True)

    objects = MinutesManager()

    class Meta(ForAudience.Meta):
        abstract = False
        verbose_name = pgettext_lazy("of a session", "minutes")
        verbose_name_plural = pgettext_lazy("of a session", "minutes")
        ordering = ["session", "language"]
        constraints = [
            *ForAudience.Meta.constraints,
            models.UniqueConstraint(fields=["session", "language"], name="minutes_once"),
        ]

    def __str__(self) -> str:
        return pgettext("of a session", "Minutes: %(session)s") % {"session": self.session}

    @property
    def is_approved(self) -> bool:
        return self.state == self.State.APPROVED

    @property
    def paragraphs(self) -> list[str]:
        return [part.strip() for part in re.split(r"\n\s*\n", self.text.replace("\r", "")) if part.strip()]

    @property
    def language_name(self) -> str:
        return language_name(self.language)

    @property
    def name(self) -> str:
        """What the file is called."""
        with override(self.language):
            title = slugify(str(self.session), allow_unicode=True) or str(self.session.guid)
            return f"{pgettext('of a session', 'minutes')}-{title[:80]}-{self.language}.pdf"

    @property
    def what(self) -> str:
        return f"{self} ({self.language_name})"

    @property
    def is_marked(self) -> bool:
        return self.is_restricted or self.session.is_for_some

    @transaction.atomic
    def approve(self, *, by) -> None:
        """From now on they are read by those whom they are for. Raises ValidationError where they name somebody who may
        not be named."""
        self._hold()
        if self.is_approved:
            raise ValidationError(_("These minutes are approved already."))
        if self.session.is_unattributed and (found := self.names_said()):
            told = _("Under the Chatham House Rule nobody is named; the minutes say: %(names)s.")
            raise ValidationError(told % {"names": ", ".join(found)})
        self._turn(self.State.APPROVED, by, timezone.now())
        log(self.session, "events.minutes.approve", user=by, data={"language": self.language})

    @transaction.atomic
    def reopen(self, *, by) -> None:
        """They are a draft again, and nobody reads them meanwhile."""
        self._hold()
        if not self.is_approved:
            raise ValidationError(_("These minutes are a draft already."))
        self._turn(self.State.DRAFT, None, None)
        log(self.session, "events.minutes.reopen", user=by, data={"language": self.language})

    def names_said(self) -> list[str]:
        """Who is named in the text, as it is written there, be it in another script than ours: people who appear in the
        session or have a seat at the event, and the organizations of those who appear."""
        appearing = list(Person.everyone.filter(appearances__session=self.session).distinct())
        seated = Person.objects.filter(registrations__in=self.session.event.registrations.confirmed())
        mentions = Mentions(self.text)
        found = {mentions.of(one.given_name, one.family_name) for one in (*seated, *appearing)}
        found |= {mentions.of(one.family_name) for one in appearing}
        held = Affiliation.objects.current().filter(person__in=appearing).select_related("organization")
        for organization in (one.organization for one in held.prefetch_related("organization__other_names")):
            others = [other.name for other in organization.other_names.all()]
            found |= {name for name in (organization.name, organization.acronym, *others) if self._says(name)}
        found -= {""}
        return sorted(one for one in found if not any(one != other and one in other for other in found))

    def _says(self, name: str) -> bool:
        return bool(name and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", self.text))

    def content(self) -> bytes:
        """The minutes on paper, as PDF. They name who appeared, unless nobody may be named."""
        event, session = self.session.event, self.session
        with override(self.language):
            facts = pdf.Minutes(
                house=str(settings.SITE_NAME),
                event=str(event.title),
                title=str(session.title),
                heading=pgettext("of a session", "Minutes"),
                when=date_format(session.local_start, "DATETIME_FORMAT"),
                room=str(session.room.name) if session.room else "",
                rule=gettext("Held under the Chatham House Rule: nobody is named with what was said.")
                if session.is_unattributed
                else "",
                people=() if session.is_unattributed else tuple(_people(session)),
                paragraphs=tuple(self.paragraphs),
            )
        return pdf.minutes(facts, language=self.language)

    def _hold(self) -> None:
        self.refresh_from_db(from_queryset=Minutes.objects.select_for_update().select_related("session__event"))

    def _turn(self, state: str, by, at) -> None:
        self.state, self.approved_by, self.approved_at = state, by, at
        self.save(update_fields=["state", "approved_by", "approved_at"])


def in_own_language(rows) -> list[Minutes]:
    """Of `rows`, those of each session in the reader's language, or else in the first that there is."""
    found: dict[int, Minutes] = {}
    for row in rows:
        if row.session_id not in found or row.language == get_language():
            found[row.session_id] = row
    return list(found.values())


def may_write(session: Session, user) -> bool:
    """Whether `user` writes its minutes: its rapporteurs do, and organizers."""
    person = getattr(user, "person", None)
    is_rapporteur = person and session.appearances.filter(person=person, role=Appearance.Role.RAPPORTEUR).exists()
    return bool(is_rapporteur or user.has_perm("events.change_session"))


def _people(session: Session):
    for one in session.appearances.select_related("person"):
        yield f"{one.person.formal_name} ({one.get_role_display()})"
