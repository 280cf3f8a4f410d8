"""LawArchive: the whole public base in one file, as it was when it was made."""

import zipfile
from collections.abc import Iterable
from tempfile import NamedTemporaryFile

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from contacts.uploads import hidden_path

# What takes something back that readers could see.
TAKES_BACK = (
    *("legal.work.withdraw", "wagtail.delete", "wagtail.edit"),
    *("legal.expression.replace", "legal.expression.correct"),
)


def archive_path(archive: "LawArchive", name: str) -> str:
    """Below a folder that nobody can guess: only its page hands it out."""
    return hidden_path("law", "law.zip")


class LawArchiveManager(models.Manager):
    def make(self, entries: Iterable[tuple[str, bytes]], *, works: int, texts: int) -> "LawArchive":
        """Keep `entries` (name and content) as the archive of that many works and texts; earlier ones go."""
        made_at = timezone.now()
        with NamedTemporaryFile(suffix=".zip") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
                for name, content in entries:
                    info = zipfile.ZipInfo(name, timezone.localtime(made_at).timetuple()[:6])
                    info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
                    package.writestr(info, content)
            size = file.tell()
            file.seek(0)
            return self._keep(self.model(made_at=made_at, works=works, texts=texts, size=size), File(file))

    @transaction.atomic
    def _keep(self, archive: "LawArchive", file: File) -> "LawArchive":
        for before in self.all():
            before.forget()
        archive.file.save("law.zip", file, save=False)
        archive.save()
        log(archive, "legal.archive.make", data={"works": archive.works, "texts": archive.texts})
        return archive

    def newest(self) -> "LawArchive | None":
        """The one that may be handed out: nothing in it has been taken back since."""
        found = self.order_by("-made_at").first()
        if found is None:
            return None
        later = ModelLogEntry.objects.filter(
            timestamp__gte=found.made_at, action__in=TAKES_BACK, content_type__app_label="legal"
        )
        return None if later.exists() else found


class LawArchive(models.Model):
    file = models.FileField(upload_to=archive_path, max_length=400, editable=False)
    made_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    works = models.PositiveIntegerField(_("works"), default=0, editable=False)
    texts = models.PositiveIntegerField(_("texts"), default=0, editable=False)
    size = models.PositiveBigIntegerField(_("size"), default=0, editable=False)

    objects = LawArchiveManager()

    class Meta:
        verbose_name = _("archive of the legal database")
        verbose_name_plural = _("archives of the legal database")
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d %H:%M}"

    @transaction.atomic
    def forget(self) -> None:
        """Row and file go."""
        kept = self.file.name
        self.delete()
        transaction.on_commit(lambda: default_storage.delete(kept))
