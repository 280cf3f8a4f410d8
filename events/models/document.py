"""Document: a paper that belongs to a curriculum, and so to each of its runs, or to one event or session alone, for its
audience; DocumentVersion: its file in one language, as it was at one time."""

import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from contacts.models import User
from contacts.uploads import clean_name, hidden_path, kind_of
from events import pdf
from events.models.audience import Audience, ForAudience, sight_of
from events.models.curriculum import Curriculum
from events.models.event import Event
from events.models.programme import ProgrammeEntry
from events.models.session import Session
from network.labels import LabelsField, language_name

OF_EVENTS_ALONE = ("session", "circle", "opens_at")  # a curriculum has none of them


def document_path(version: "DocumentVersion", name: str) -> str:
    """Below a folder that nobody can guess, under no name of the sender's; nothing there is handed out unasked."""
    return hidden_path("materials", name)


class DocumentQuerySet(models.QuerySet):
    def of(self, event: Event):
        """Those of the event and its sessions, and of its curriculum."""
        found = Q(event=event)
        if event.curriculum_id:
            found |= Q(curriculum=event.curriculum_id)
        return self.filter(found).with_files()

    def with_files(self):
        return self.select_related("circle", "session").prefetch_related("versions")

    def open_at(self, event: Event, viewer, now: datetime.datetime | None = None):
        """Those of `event` that `viewer` (a User, a Person, None, or a Sight) may read `now`, by the one policy:
        `audience`. What belongs to a session is for nobody who does not see the session in the programme."""
        sight = sight_of(viewer)
        if sight.sees_all:
            return self.of(event)
        if event.status == Event.Status.DRAFT:
            sight = sight_of(None)
        sessions = ProgrammeEntry.objects.newest_of(event).visible_to(sight).exclude(session=None).values("session")
        open_now = Q(opens_at=None) | Q(opens_at__lte=now or timezone.now())
        return self.of(event).filter(sight.at(event), open_now, Q(session=None) | Q(session__in=sessions))


class DocumentManager(models.Manager.from_queryset(DocumentQuerySet)):
    @transaction.atomic
    def add(self, document: "Document", file, *, by, language: str = "") -> "Document":
        """Keep `file`, an upload that was looked at (`contacts.uploads`), as the new `document` in its `language` ("":
        in none, or in several). Raises ValidationError where it cannot be marked with the name of its readers."""
        document.guard()
        document.save()
        document.add_version(file, language, by=by)
        return document

    def copy_to(self, event: Event, circles: dict) -> None:
        """Each once more for `event`, with files of its own: the newest. What belongs to a session stays there.
        `circles`: old circle (key) -> new circle. Called on another event."""
        days = event.starts_on - self.instance.starts_on
        for row in self.filter(session=None).with_files():
            opens_at = row.opens_at and row.opens_at + days
            facts = {"title": row.title, "audience": row.audience, "circle": circles.get(row.circle_id)}
            copy = self.model.objects.create(event=event, opens_at=opens_at, **facts)
            for version in row.newest:
                with version.file.open("rb") as file:
                    content = ContentFile(file.read(), version.name)
                copy.versions.keep(copy, content, version.language, 1, version.added_by)


class Document(ForAudience):
    event = models.ForeignKey(
        Event, models.CASCADE, verbose_name=_("event"), related_name="documents", null=True, blank=True
    )
    curriculum = models.ForeignKey(
        Curriculum, models.CASCADE, verbose_name=_("curriculum"), related_name="documents", null=True, blank=True
    )
    session = models.ForeignKey(
        Session,
        models.RESTRICT,
        verbose_name=_("session"),
        related_name="documents",
        null=True,
        blank=True,
        help_text=_("It stands on the page of the session, for those who see the session."),
    )
    title = LabelsField(_("title"))
    audience = models.CharField(_("who may see this?"), max_length=12, choices=Audience, default=Audience.PARTICIPANTS)
    opens_at = models.DateTimeField(
        _("not before"), null=True, blank=True, help_text=_("Nobody but the organizers sees it until then.")
    )

    objects = DocumentManager()

    class Meta:
        verbose_name = pgettext_lazy("of an event", "document")
        verbose_name_plural = pgettext_lazy("of an event", "documents")
        ordering = ["pk"]
        constraints = [
            *ForAudience.Meta.constraints,
            models.CheckConstraint(
                condition=Q(event=None, curriculum__isnull=False) | Q(event__isnull=False, curriculum=None),
                name="document_of_one",
                violation_error_message=_("A document belongs to an event, or to a curriculum."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.title) or (self.newest[0].name if self.newest else "")

    @property
    def holder(self) -> "Event | Curriculum":
        return self.event or self.curriculum

    @property
    def newest(self) -> list["DocumentVersion"]:
        """Its last version in each language, the languages of the house in their order."""
        found: dict[str, DocumentVersion] = {}
        for version in self.versions.all():  # the newest first
            found.setdefault(version.language, version)
        order = [*(code for code, _name in settings.LANGUAGES), *found]
        return [found[code] for code in sorted(found, key=order.index)]

    @property
    def own(self) -> "DocumentVersion | None":
        """The file in the reader's language; else the one for all; else the first."""
        by_language = {version.language: version for version in self.newest}
        wanted = (get_language(), "", *by_language)
        return next((by_language[code] for code in wanted if code in by_language), None)

    @property
    def others(self) -> list["DocumentVersion"]:
        """The same in other languages."""
        return [version for version in self.newest if version != self.own]

    def in_language(self, language: str | None) -> "DocumentVersion | None":
        """The newest file in `language` (None: the reader's own); None where there is none."""
        if language is None:
            return self.own
        return next((version for version in self.newest if version.language == language), None)

    @property
    def is_marked(self) -> bool:
        """Whether who takes it away is written down, and on each page of a PDF: all that is not for everybody, by
        itself or by the session that it belongs to."""
        return self.is_restricted or (self.session is not None and self.session.is_for_some)

    def guard(self) -> None:
        """Raises ValidationError where it is for a circle, or of a session, of another event."""
        if self.curriculum_id and (self.circle_id or self.session_id or self.opens_at):
            raise ValidationError(_("Circles, sessions and days are those of an event, and not of a curriculum."))
        if self.event_id and any(one and one.event_id != self.event_id for one in (self.circle, self.session)):
            raise ValidationError(_("This belongs to another event."))

    @transaction.atomic
    def add_version(self, file, language: str, *, by) -> "DocumentVersion":
        """Keep `file`, an upload that was looked at, as what is read in `language` from now on. Raises ValidationError
        where it cannot be marked with the name of its readers."""
        file.seek(0)
        self.guard_marks({file.name: file.read()})
        file.seek(0)
        Document.objects.select_for_update().get(pk=self.pk)
        last = self.versions.filter(language=language).aggregate(last=models.Max("version"))["last"] or 0
        version = self.versions.keep(self, file, language, last + 1, by)
        facts = {"name": version.name, "language": language, "version": version.version, "audience": self.audience}
        log(self.holder, "events.document.add", user=by, data=facts)
        return version

    @transaction.atomic
    def change(self, *, by) -> None:
        """Save what was changed: its title, its audience, its session, and from when on it is open. Raises
        ValidationError where its files cannot be marked as that needs."""
        self.guard()
        self.guard_marks({version.name: version.content() for version in self.newest} if self.is_marked else {})
        self.save()
        log(self.holder, "events.document.change", user=by, data={"name": str(self), "audience": self.audience})

    def guard_marks(self, files: dict[str, bytes]) -> None:
        """Raises ValidationError where one of `files` (name -> content) cannot be marked, and has to be."""
        for name, content in files.items() if self.is_marked else ():
            if content.startswith(b"%PDF-") and not pdf.can_be_marked(content):
                told = _(
                    "“%(name)s” is encrypted or broken, so the name of the reader cannot be written on it. Save it "
                    "once more without a password, or let everybody read it."
                )
                raise ValidationError(told % {"name": clean_name(name)})

    @transaction.atomic
    def drop(self, *, by) -> None:
        """Take it away, with all its files."""
        log(self.holder, "events.document.drop", user=by, data={"name": str(self)})
        kept = [version.file.name for version in self.versions.all()]
        self.delete()
        transaction.on_commit(lambda: [default_storage.delete(name) for name in kept])


class DocumentVersionManager(models.Manager):
    def keep(self, document: Document, file, language: str, version: int, by) -> "DocumentVersion":
        row = self.model(document=document, language=language, version=version, added_by=by)
        row.name, row.size = clean_name(file.name), file.size
        row.file.save(f"file.{kind_of(file)}", file, save=False)
        row.save()
        return row


class DocumentVersion(models.Model):
    document = models.ForeignKey(Document, models.CASCADE, verbose_name=_("document"), related_name="versions")
    language = models.CharField(_("language"), max_length=12, blank=True)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    file = models.FileField(_("file"), upload_to=document_path, max_length=400)
    name = models.CharField(_("name"), max_length=200)
    size = models.PositiveIntegerField(_("size"), default=0)
    added_by = models.ForeignKey(User, models.SET_NULL, verbose_name=_("added by"), related_name="+", null=True)
    added_at = models.DateTimeField(_("added"), default=timezone.now)

    objects = DocumentVersionManager()

    class Meta:
        verbose_name = _("version of a document")
        verbose_name_plural = _("versions of documents")
        ordering = ["-version", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["document", "language", "version"], name="document_version_once")
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def kind(self) -> str:
        """What sort of file it is, as its name ends: PDF."""
        return self.name.rpartition(".")[2].upper()

    @property
    def language_name(self) -> str:
        return language_name(self.language) if self.language else ""

    @property
    def what(self) -> str:
        """Which paper it is, for whoever looks up who has taken it."""
        words = {"title": self.document, "language": self.language_name, "version": self.version}
        if self.language:
            return _("%(title)s (%(language)s), version %(version)d") % words
        return _("%(title)s, version %(version)d") % words

    @cached_property
    def is_marked(self) -> bool:
        return self.document.is_marked

    def content(self) -> bytes:
        with self.file.open("rb") as file:
            return file.read()
