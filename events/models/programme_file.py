"""ProgrammeFile: a programme that somebody has uploaded for an event, with what it would change; it waits to be taken
in, and then it goes."""

import datetime
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from contacts.models import User
from contacts.models.imports.files import on_disk
from contacts.uploads import clean_name, hidden_path
from events.models.difference import Foreseen, SessionDifference
from events.models.event import Event
from events.programme_formats import Schedule, ScheduleError, read_schedule
from network.sheets import Tally

KEPT = datetime.timedelta(days=14)  # so long it waits


def programme_path(file: "ProgrammeFile", name: str) -> str:
    """Below a folder that nobody can guess: it names people, and is handed out to nobody."""
    return hidden_path("programmes", "programme")


class ProgrammeFileQuerySet(models.QuerySet):
    def to_forget(self, now: datetime.datetime | None = None):
        """Those that have waited too long."""
        return self.filter(received_at__lt=(now or timezone.now()) - KEPT)


class ProgrammeFileManager(models.Manager.from_queryset(ProgrammeFileQuerySet)):
    @transaction.atomic
    def receive(self, event: Event, upload, *, by) -> "ProgrammeFile":
        """Keep `upload`, which takes the place of what waited before, with what it would change. Raises ValidationError
        where it is no programme, or the event cannot take one. Called on an event."""
        waiting = self.model(event=event, name=clean_name(upload.name), size=upload.size, by=by)
        with on_disk(upload) as path:
            waiting.foreseen = event.foresee(waiting.read(path)).as_json()
        for before in self.filter(event=event):
            before.forget()
        upload.seek(0)
        waiting.file.save("programme", upload, save=False)
        waiting.save()
        log(event, "events.programme.receive", user=by, data={"name": waiting.name})
        return waiting

    def forget_old(self) -> int:
        """Those that nobody took in go; returns how many."""
        old = list(self.to_forget())
        for waiting in old:
            waiting.forget()
        return len(old)


class ProgrammeFile(models.Model):
    event = models.OneToOneField(
        Event, models.CASCADE, verbose_name=_("event"), related_name="programme_file", editable=False
    )
    name = models.CharField(_("name"), max_length=200, editable=False)
    size = models.PositiveIntegerField(_("size"), default=0, editable=False)
    file = models.FileField(_("file"), upload_to=programme_path, max_length=400, editable=False)
    foreseen = models.JSONField(default=dict, editable=False, help_text="What it would change.")
    by = models.ForeignKey(User, models.SET_NULL, related_name="+", null=True, editable=False)
    received_at = models.DateTimeField(_("uploaded"), default=timezone.now, editable=False)

    objects = ProgrammeFileManager()

    class Meta:
        verbose_name = _("uploaded programme")
        verbose_name_plural = _("uploaded programmes")

    def __str__(self) -> str:
        return self.name

    def read(self, path: Path) -> Schedule:
        """The programme in the file, which lies at `path`; raises ValidationError."""
        try:
            return read_schedule(path, self.event.frame)
        except ScheduleError as error:
            told = {"file": self.name, "reason": str(error)}
            raise ValidationError(_("%(file)s: %(reason)s") % told) from None

    def differences(self) -> list[SessionDifference]:
        """What it would change, session by session."""
        return Foreseen.from_json(self.foreseen).differences

    @transaction.atomic
    def look_again(self) -> None:
        """Compare it with the programme as it is now."""
        with on_disk(self.file) as path:
            self.foreseen = self.event.foresee(self.read(path)).as_json()
        self.save(update_fields=["foreseen"])

    @transaction.atomic
    def apply(self, *, drops: bool, by) -> Tally:
        """Take in what was looked through, and nothing else; the file goes. `drops`: cancel what is not in it any more.
        Raises ValidationError where the programme has changed since."""
        with on_disk(self.file) as path:
            schedule = self.read(path)
        tally = self.event.take_schedule(schedule, by=by, drops=drops, foreseen=Foreseen.from_json(self.foreseen))
        self.forget()
        return tally

    @transaction.atomic
    def discard(self, *, by) -> None:
        """Take nothing in."""
        log(self.event, "events.programme.discard", user=by, data={"name": self.name})
        self.forget()

    def forget(self) -> None:
        """Row and file go."""
        kept = self.file.name
        self.delete()
        transaction.on_commit(lambda: default_storage.delete(kept))
