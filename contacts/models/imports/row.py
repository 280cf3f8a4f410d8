"""ImportRow: one row of a contact file: what it says, what is to become of it and why, and what became of it."""

from django.db import models
from django.db.models import Count, Min, Q
from django.utils.translation import gettext_lazy as _

from contacts.models.person import Person
from contacts.models.sentence import SentenceField, SentencesField
from contacts.sheets import PersonRecord, mapped_person
from network.models.guarded import GuardedQuerySet
from network.models.intake import rewrite
from network.sheets import Refusal, Row


class ImportRowQuerySet(GuardedQuerySet):
    opened_by = "contacts.importbatch"

    def of_desks(self, desks):
        """A file is its maker's, and no desk's."""
        return self.none()

    def standing(self):
        """Those that something is to become of, or has become."""
        return self.exclude(verdict=ImportRow.Verdict.REFUSE)

    def shown(self, filter: str):
        """Those of a filter such as "verdict:REFUSE", in their order; all of them for ""."""
        if filter == "notes":
            return self.with_notes().order_by("number")
        field, _colon, name = filter.partition(":")
        return self.filter(**{field: name} if field in ("verdict", "outcome", "undone") else {}).order_by("number")

    def with_notes(self):
        return self.exclude(notes=[])

    def by_unknown_organization(self):
        """Each organization that was not known, by its folded name, with the number of its rows and the first of them;
        the most frequent first."""
        named = self.exclude(unknown_organization="").values("unknown_organization")
        return named.annotate(times=Count("pk"), first=Min("number")).order_by("-times", "first")

    def refused(self):
        return self.filter(verdict=ImportRow.Verdict.REFUSE)

    def to_take(self):
        return self.filter(outcome="")

    def to_take_back(self):
        written = [ImportRow.Outcome.CREATED, ImportRow.Outcome.UPDATED]
        return self.filter(outcome__in=written, undone="")

    def erase(self) -> int:
        """What the rows say of somebody goes, and with it the files that say it once more; that there were so many rows
        stays."""
        batch = ImportRow._meta.get_field("batch").related_model
        for one in batch.objects.filter(pk__in=self.values("batch")):
            one.drop_file()
            one.save(update_fields=["file", "sample"])
        nothing = {"cells": [], "edits": {}, "notes": [], "changes": [], "written": {}, "reason": "", "key": ""}
        return self.update(**nothing, unknown_organization="", perhaps=[])


class ImportRowManager(models.Manager.from_queryset(ImportRowQuerySet)):
    def put_back(self, rows: list["ImportRow"], fields: list[str]) -> None:
        """Write `fields` of many rows at once."""
        rewrite(self.model, rows, fields)


class ImportRow(models.Model):
    class Verdict(models.TextChoices):
        CREATE = "CREATE", _("Create")
        UPDATE = "UPDATE", _("Update")
        SAME = "SAME", _("Same")
        REFUSE = "REFUSE", _("Refuse")

    class Outcome(models.TextChoices):
        CREATED = "CREATED", _("Created")
        UPDATED = "UPDATED", _("Updated")
        SAME = "SAME", _("Unchanged")
        REFUSED = "REFUSED", _("Refused")

    class Undone(models.TextChoices):
        REVERSED = "REVERSED", _("Reversed")
        KEPT = "KEPT", _("Kept, because somebody has changed it since")
        STUCK = "STUCK", _("Could not be reversed")

    # What judging a row says of it, and what taking it in adds.
    JUDGED = ("key", "verdict", "reason", "notes", "changes", "person", "unknown_organization", "perhaps")
    TAKEN = ("person", "outcome", "written")

    batch = models.ForeignKey(
        "contacts.ImportBatch",
        models.CASCADE,
        verbose_name=_("imported file"),
        related_name="rows",
        db_index=False,  # each index below begins with it
    )
    number = models.PositiveIntegerField(_("row"))
    cells = models.JSONField(_("cells"), default=list)
    edits = models.JSONField(_("mended cells"), default=dict)
    is_ragged = models.BooleanField(default=False)
    key = models.CharField(max_length=64, blank=True, editable=False)
    verdict = models.CharField(_("verdict"), max_length=7, choices=Verdict, blank=True)
    reason = SentenceField(_("why"), blank=True)
    notes = SentencesField(_("notes"), default=list)
    changes = models.JSONField(_("changes"), default=list)
    person = models.ForeignKey(
        Person, models.SET_NULL, verbose_name=_("person"), related_name="import_rows", null=True, blank=True
    )
    unknown_organization = models.CharField(
        max_length=500, blank=True, editable=False, help_text="Its name, folded, where the house knew none by it."
    )
    perhaps = models.JSONField(default=list, editable=False, help_text="Keys of those that may be meant.")
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome, blank=True)
    written = models.JSONField(default=dict, editable=False, help_text="What was written, for the way back.")
    undone = models.CharField(_("taken back"), max_length=8, choices=Undone, blank=True)
    undone_why = SentenceField(_("why not taken back"), blank=True)

    objects = ImportRowManager()

    class Meta:
        verbose_name = _("row of an imported file")
        verbose_name_plural = _("rows of imported files")
        ordering = ["batch", "number"]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="import_row_once")]
        indexes = [
            models.Index(fields=["batch", "key"], name="import_row_by_key"),
            models.Index(fields=["batch", "verdict", "number"], name="import_row_by_verdict"),
            models.Index(
                fields=["batch", "unknown_organization", "number"],
                name="import_row_by_unknown",
                condition=~Q(unknown_organization=""),
            ),
        ]

    def __str__(self) -> str:
        return _("row %(row)s") % {"row": self.number}

    def judged(self) -> list:
        """What is said of it, but for whom it is about."""
        return [getattr(self, name) for name in self.JUDGED if name != "person"]

    def values(self, columns: list[str]) -> dict[str, str]:
        """Column -> text, as mended."""
        return {**dict(zip(columns, self.cells, strict=False)), **self.edits}

    def record(self, columns: list[str], mapping: dict[str, str], date_system: str) -> PersonRecord | Refusal:
        return mapped_person(Row(self.number, self.values(columns), self.is_ragged), mapping, date_system)
