"""Document: a file that belongs to a curriculum, and so to each of its runs, or to one event alone; for those who
teach, for those who have a seat, or for everybody."""

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.log_actions import log

from contacts.models import User
from contacts.uploads import clean_name, hidden_path, kind_of
from events.models.curriculum import Curriculum
from events.models.event import Event, person_of
from events.models.lessons import TRAINER
from network.labels import LabelsField, language_name


def document_path(document: "Document", name: str) -> str:
    """Below a folder that nobody can guess, under no name of the sender's; nothing there is handed out unasked."""
    return hidden_path("materials", name)


class DocumentAudience(models.TextChoices):
    TRAINERS = "TRAINERS", _("Trainers of the event")
    PARTICIPANTS = "PARTICIPANTS", _("Participants with a seat")
    PUBLIC = "PUBLIC", _("Everybody")


class DocumentQuerySet(models.QuerySet):
    def of(self, event: Event):
        """Those of the event, and of its curriculum."""
        found = Q(event=event)
        if event.curriculum_id:
            found |= Q(curriculum=event.curriculum_id)
        return self.filter(found)

    def open_at(self, event: Event, viewer):
        """Those of `event` that `viewer` (a User, a Person, or None) may read: what is for everybody; with a seat, what
        is for participants; and who teaches there everything. Staff who may see events read all of them."""
        found = self.of(event)
        if viewer is not None and getattr(viewer, "is_active", False) and viewer.has_perm("events.view_event"):
            return found
        return found.filter(audience__in=_open_to(event, person_of(viewer)))


def _open_to(event: Event, person) -> list[str]:
    if person is None or event.status == Event.Status.DRAFT:
        return [DocumentAudience.PUBLIC]
    held = person.appearances.filter(session__event=event, role=TRAINER).exclude(session__status="CANCELLED")
    if held.exists():
        return list(DocumentAudience.values)
    if event.registrations.confirmed().filter(person=person).exists():
        return [DocumentAudience.PARTICIPANTS, DocumentAudience.PUBLIC]
    return [DocumentAudience.PUBLIC]


class DocumentManager(models.Manager.from_queryset(DocumentQuerySet)):
    @transaction.atomic
    def add(self, document: "Document", file, *, by) -> "Document":
        """Keep `file`, an upload that was looked at (`contacts.uploads`), as the new `document`."""
        document.name, document.size, document.added_by = clean_name(file.name), file.size, by
        document.file.save(f"file.{kind_of(file)}", file, save=False)
        document.save()
        log(
            document.holder, "events.document.add", user=by, data={"name": document.name, "audience": document.audience}
        )
        return document

    def copy_to(self, event: Event) -> None:
        """Each once more for `event`, with a file of its own. Called on another event."""
        for row in self.all():
            with row.file.open("rb") as file:
                content = ContentFile(file.read())
            ending = row.file.name.rpartition(".")[2]
            row.pk, row.event, row.added_at, row._state.adding = None, event, timezone.now(), True
            row.file.save(f"file.{ending}", content, save=False)
            row.save()


class Document(models.Model):
    event = models.ForeignKey(
        Event, models.CASCADE, verbose_name=_("event"), related_name="documents", null=True, blank=True
    )
    curriculum = models.ForeignKey(
        Curriculum, models.CASCADE, verbose_name=_("curriculum"), related_name="documents", null=True, blank=True
    )
    title = LabelsField(_("title"))
    language = models.CharField(
        _("language"), max_length=12, blank=True, help_text=_("In which it is written. Empty: in none, or in several.")
    )
    audience = models.CharField(
        _("who reads it"), max_length=12, choices=DocumentAudience, default=DocumentAudience.PARTICIPANTS
    )
    file = models.FileField(_("file"), upload_to=document_path, max_length=400)
    name = models.CharField(_("name"), max_length=200, editable=False)
    size = models.PositiveIntegerField(_("size"), default=0, editable=False)
    added_by = models.ForeignKey(
        User, models.SET_NULL, verbose_name=_("added by"), related_name="+", null=True, editable=False
    )
    added_at = models.DateTimeField(_("added"), default=timezone.now, editable=False)

    objects = DocumentManager()

    class Meta:
        verbose_name = pgettext_lazy("of an event", "document")
        verbose_name_plural = pgettext_lazy("of an event", "documents")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(event=None, curriculum__isnull=False) | Q(event__isnull=False, curriculum=None),
                name="document_of_one",
                violation_error_message=_("A document belongs to an event, or to a curriculum."),
            )
        ]

    def __str__(self) -> str:
        return str(self.title) or self.name

    @property
    def kind(self) -> str:
        """What sort of file it is, as its name ends: PDF."""
        return self.name.rpartition(".")[2].upper()

    @property
    def language_name(self) -> str:
        return language_name(self.language) if self.language else ""

    @property
    def holder(self) -> "Event | Curriculum":
        return self.event or self.curriculum

    @transaction.atomic
    def drop(self, *, by) -> None:
        """Take it away, with its file."""
        log(self.holder, "events.document.drop", user=by, data={"name": self.name})
        kept = self.file.name
        self.delete()
        transaction.on_commit(lambda: default_storage.delete(kept))
