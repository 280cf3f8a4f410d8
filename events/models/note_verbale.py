"""NoteVerbale: the letter in which an organization tells formally who comes for it: one for the whole delegation. A
later version stands beside the earlier ones; staff say of each whether it is in order."""

from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.log_actions import log

from contacts.models import User
from contacts.uploads import hidden_path
from events import mail
from events.models.delegation import Delegation


def note_path(note: "NoteVerbale", name: str) -> str:
    """Below a folder that nobody can guess; nothing there is handed out without asking who may see it."""
    return hidden_path("notes", name)


class NoteVerbaleManager(models.Manager):
    @transaction.atomic
    def submit(self, delegation: Delegation, file, *, by) -> "NoteVerbale":
        """Keep `file`, an upload that was looked at (`contacts.uploads`), as the next version."""
        Delegation.objects.select_for_update().get(pk=delegation.pk)
        last = self.filter(delegation=delegation).order_by("-version").first()
        name = PurePath(file.name).name[-200:]
        version = last.version + 1 if last else 1
        note = self.create(delegation=delegation, version=version, file=file, name=name, size=file.size, sent_by=by)
        log(delegation, "events.note.add", user=by, data={"version": note.version})
        return note


class NoteVerbale(models.Model):
    class State(models.TextChoices):
        NEW = "NEW", pgettext_lazy("a paper", "To be checked")
        IN_ORDER = "IN_ORDER", pgettext_lazy("a paper", "In order")
        RETURNED = "RETURNED", pgettext_lazy("a paper", "Returned")

    delegation = models.ForeignKey(
        Delegation, models.CASCADE, verbose_name=_("delegation"), related_name="notes_verbales"
    )
    version = models.PositiveSmallIntegerField(_("version"))
    file = models.FileField(_("file"), upload_to=note_path, max_length=400)
    name = models.CharField(_("name"), max_length=200)
    size = models.PositiveIntegerField(_("size"))
    sent_by = models.ForeignKey(User, models.SET_NULL, verbose_name=_("sent by"), related_name="+", null=True)
    sent_at = models.DateTimeField(_("sent"), default=timezone.now)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.NEW)
    remark = models.TextField(_("what is wrong with it"), max_length=1000, blank=True)
    checked_by = models.ForeignKey(User, models.SET_NULL, verbose_name=_("checked by"), related_name="+", null=True)
    checked_at = models.DateTimeField(_("checked"), null=True)

    objects = NoteVerbaleManager()

    class Meta:
        verbose_name = _("note verbale")
        verbose_name_plural = _("notes verbales")
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["delegation", "version"], name="note_version_once")]

    def __str__(self) -> str:
        return self.name

    @transaction.atomic
    def accept(self, *, by) -> None:
        """Say that it is in order."""
        self._check(self.State.IN_ORDER, "", by)

    @transaction.atomic
    def send_back(self, remark: str, *, by) -> None:
        """Say what is wrong with it; the focal points are asked for another. Raises ValidationError without a word."""
        if not remark.strip():
            raise ValidationError(_("Say what is wrong: the focal points read it."))
        self._check(self.State.RETURNED, remark.strip(), by)
        self.delegation.write(lambda delegation, person: mail.note_returned(delegation, person, self))

    def _check(self, state: str, remark: str, by) -> None:
        self.refresh_from_db(fields=("state",), from_queryset=NoteVerbale.objects.select_for_update())
        if self.state != self.State.NEW:
            raise ValidationError(_("This note verbale has been checked already."))
        self.state, self.remark, self.checked_by, self.checked_at = state, remark, by, timezone.now()
        self.save(update_fields=["state", "remark", "checked_by", "checked_at"])
        log(self.delegation, "events.note.check", user=by, data={"version": self.version, "to": state})
