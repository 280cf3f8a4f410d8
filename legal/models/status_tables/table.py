"""StatusTable: a table of participation on its way in: how it is read, what its treaties are, what its rows would do.

Nothing is recorded before somebody has seen it, nothing that is recorded is overwritten unless somebody says so row by
row, and all of it is done at once or not at all."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from contacts.models import User
from contacts.models.imports.files import kept_file, on_disk
from contacts.models.sentence import SentencesField
from legal.models.instrument import Instrument
from legal.models.participation import Participation
from legal.models.status_tables.contents import Contents, look_at
from legal.models.status_tables.judging import Judge, correction
from legal.models.status_tables.names import StatusName
from legal.models.status_tables.row import OPEN, StatusRow
from legal.sheets import check_mapping
from network.models import Country
from network.sheets import SheetError

MOST_TREATIES = 300
KEPT = ("source", "source_url", "as_at")


class State(models.TextChoices):
    READ = "READ", _("Columns to be chosen")
    NAMES = "NAMES", _("Treaties to be named")
    JUDGED = "JUDGED", _("To be looked through")
    DONE = "DONE", _("Recorded")


class StatusTableManager(models.Manager):
    def receive(self, upload, *, by: User, source: str, source_url: str = "", as_at=None) -> "StatusTable":
        """Keep an uploaded file and say how it is read. Raises ValidationError where it cannot be read to its end."""
        table = self.model(name=upload.name[-200:], size=upload.size, by=by, source=source, source_url=source_url)
        table.as_at = as_at or timezone.localdate()
        with on_disk(upload) as path:
            table._know(_looked_at(path, {}))
        with transaction.atomic():
            upload.seek(0)
            table.file.save(kept_file(upload.name), upload, save=False)
            table.save()
            log(table, "legal.status.receive", user=by)
        return table


class StatusTable(models.Model):
    State = State

    name = models.CharField(_("file"), max_length=200)
    file = models.FileField(_("stored file"), upload_to="status-tables/", blank=True, editable=False)
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True, editable=False)
    size = models.PositiveBigIntegerField(_("bytes"), default=0, editable=False)
    source = models.CharField(_("source"), max_length=300)
    source_url = models.URLField(_("address of the source"), max_length=500, blank=True)
    as_at = models.DateField(_("as at"))
    chosen = models.JSONField(default=dict, editable=False, help_text="What a person has said of how it is read.")
    reading = models.JSONField(default=dict, editable=False, help_text="How it is read.")
    remarks = SentencesField(default=list, editable=False)
    columns = models.JSONField(default=list, editable=False)
    sample = models.JSONField(default=list, editable=False, help_text="The cells of the first rows.")
    fields = models.JSONField(default=list, editable=False, help_text="The field of each column.")
    treaty = models.CharField(max_length=500, blank=True, editable=False, help_text="As the file has its title.")
    instruments = models.JSONField(default=dict, editable=False, help_text="What it calls a treaty -> the instrument.")
    countries = models.JSONField(default=dict, editable=False, help_text="What it calls a country -> its code.")
    total = models.PositiveIntegerField(_("rows"), default=0, editable=False)
    state = models.CharField(_("state"), max_length=6, choices=State, default=State.READ, editable=False)
    by = models.ForeignKey(User, models.SET_NULL, verbose_name=_("by"), related_name="+", null=True, editable=False)
    created_at = models.DateTimeField(_("uploaded"), default=timezone.now, editable=False)
    judged_at = models.DateTimeField(null=True, editable=False)
    recorded_at = models.DateTimeField(_("recorded"), null=True, editable=False)

    objects = StatusTableManager()

    class Meta:
        verbose_name = _("status table")
        verbose_name_plural = _("status tables")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def mapping(self) -> dict[str, str]:
        """Column -> field, "" where it is left out."""
        return dict(zip(self.columns, self.fields, strict=False))

    @property
    def before(self) -> "StatusTable | None":
        """The same file, where it was recorded already."""
        same = StatusTable.objects.filter(sha256=self.sha256, state=State.DONE)
        return same.exclude(pk=self.pk).first()

    def counts(self) -> dict[str, int]:
        """How many rows have which verdict."""
        return dict(self.rows.values_list("verdict").annotate(n=Count("pk")).order_by("verdict"))

    # -- how it is read

    @transaction.atomic
    def read_again(self, chosen: Mapping[str, object], *, by: User) -> None:
        """Read the file as `chosen` says: encoding, delimiter, header_row, date_system, sheet. Raises ValidationError
        where it cannot be read so; then it stays as it was."""
        self._hold(State.READ, State.NAMES, State.JUDGED)
        with on_disk(self.file) as path:
            self._know(_looked_at(path, chosen))
        self.chosen = dict(chosen)
        self._become(State.READ)
        log(self, "legal.status.read_again", user=by, data={"chosen": self.chosen})

    @transaction.atomic
    def choose(self, mapping: Mapping[str, str], *, by: User) -> None:
        """The columns are these fields. Raises ValidationError where that makes no table of participation."""
        self._hold(State.READ, State.NAMES, State.JUDGED)
        try:
            check_mapping(mapping, self.columns)
        except SheetError as error:
            raise ValidationError(str(error)) from None
        self.fields = [mapping.get(column, "") for column in self.columns]
        if len(self.contents().treaties) > MOST_TREATIES:
            sentence = _("By these columns the table is about more than %(most)s treaties. Choose another column.")
            raise ValidationError(sentence % {"most": MOST_TREATIES})
        self._become(State.NAMES)
        log(self, "legal.status.choose", user=by, data={"fields": [name for name in self.fields if name]})

    def contents(self) -> Contents:
        """What the file says by the columns that are chosen. Raises ValidationError where it is not kept any more."""
        if not self.file:
            raise ValidationError(_("The file is not kept any more. Upload it again."))
        with on_disk(self.file) as path:
            return Contents.of(path, self.chosen, self.mapping, self.treaty, self.reading.get("date_system", ""))

    @transaction.atomic
    def name_them(
        self, instruments: Mapping[str, Instrument | str | None], countries: Mapping[str, Country | None], *, by: User
    ) -> None:
        """What the table calls a treaty is this instrument, a new draft with this title, or left out (None); and what
        it calls a country, and nobody knew, is this one. The rows are judged by that. Raises ValidationError where
        every treaty is left out."""
        self._hold(State.NAMES, State.JUDGED)
        instruments = {
            text: Instrument.objects.draft(one, by=by) if isinstance(one, str) else one
            for text, one in instruments.items()
        }
        chosen = {text: one.pk for text, one in instruments.items() if one is not None}
        if not chosen:
            raise ValidationError(_("Choose an instrument for at least one treaty."))
        StatusName.objects.remember(StatusName.Kind.TREATY, {t: i for t, i in instruments.items() if t}, by=by)
        StatusName.objects.remember(StatusName.Kind.COUNTRY, countries, by=by)
        self.instruments, self.countries = chosen, {text: one.pk for text, one in countries.items() if one is not None}
        self._judge()
        log(self, "legal.status.judge", user=by, data={"instruments": sorted(chosen.values())})

    # -- what becomes of the rows

    @transaction.atomic
    def decide(self, decisions: Mapping[int, bool], *, by: User) -> int:
        """Which rows (by key) are taken; of several that say different things of the same, the last one. Returns how
        many of those that were wanted give way to another."""
        self._hold(State.JUDGED)
        rows = list(self.rows.filter(pk__in=decisions, verdict__in=OPEN).in_order())
        wanted = [row.pk for row in rows if decisions[row.pk]]
        self.rows.filter(pk__in=[row.pk for row in rows]).update(is_taken=False)
        slots = {row.slot: row.pk for row in rows if decisions[row.pk]}
        self.rows.taken().filter(slot__in=slots).update(is_taken=False)
        self.rows.filter(pk__in=slots.values()).update(is_taken=True)
        data = {"taken": len(slots), "left": len(rows) - len(slots)}
        log(self, "legal.status.decide", user=by, data=data)
        return len(wanted) - len(slots)

    @transaction.atomic
    def decide_all(self, verdict: str, is_taken: bool, *, by: User) -> int:
        """Take, or leave, every row with the verdict; of several that say different things of the same, the last."""
        keys = self.rows.filter(verdict=verdict).in_order().values_list("pk", flat=True)
        return self.decide(dict.fromkeys(keys, is_taken), by=by)

    def record(self, *, by: User) -> int:
        """Record what is taken, all of it at once; returns how many. Raises ValidationError where nothing is taken, or
        where somebody has recorded something about the same since: then the rows are judged anew."""
        try:
            with transaction.atomic():
                return self._record(by)
        except Overtaken:
            with transaction.atomic():
                self._hold(State.JUDGED)
                self._judge()
            sentence = _("What is recorded has changed meanwhile. The rows were compared anew: look at them again.")
            raise ValidationError(sentence) from None

    @transaction.atomic
    def discard(self, *, by: User) -> None:
        """The file goes with all its rows; only before it is recorded."""
        self._hold(State.READ, State.NAMES, State.JUDGED)
        log(self, "legal.status.discard", user=by, deleted=True)
        self._drop_file()
        self.delete()

    # -- pieces

    def _record(self, by: User) -> int:
        self._hold(State.JUDGED)
        rows = list(self.rows.taken().open().select_related("ours", "instrument", "country").in_order())
        if not rows:
            raise ValidationError(_("No row is taken."))
        changed = Participation.objects.filter(changed_at__gt=self.judged_at, instrument__in=self.instruments.values())
        if changed.exists() or any(row.verdict == StatusRow.Verdict.DIFFERS and row.ours is None for row in rows):
            raise Overtaken
        told = {name: getattr(self, name) for name in KEPT}
        for row in rows:
            if row.verdict == StatusRow.Verdict.DIFFERS:
                row.ours.correct(by=by, **correction(row, row.ours), **told)
                row.written = row.ours
        new = [row for row in rows if row.written is None]
        for row, written in zip(new, Participation.objects.record_all(map(_as_act, new), by=by, **told), strict=True):
            row.written = written
        StatusRow.objects.bulk_update(rows, ["written"], batch_size=500)
        self.recorded_at, self.sample = timezone.now(), []
        self._drop_file()
        self._become(State.DONE)
        log(self, "legal.status.record", user=by, data={"rows": len(rows)})
        return len(rows)

    def _judge(self) -> None:
        before = {row.key: row.is_taken for row in self.rows.open()} if self.state == State.JUDGED else {}
        self.judged_at = timezone.now()
        rows = Judge(self.instruments, self.countries).judge(self.contents().claims)
        for row in rows:
            row.table = self
            row.is_taken = row.is_open and before.get(row.key, row.is_taken)
        self.rows.all().delete()
        StatusRow.objects.bulk_create(rows, batch_size=1000)
        self._become(State.JUDGED)

    def _know(self, found) -> None:
        for name in ("sha256", "reading", "remarks", "columns", "sample", "fields", "treaty", "total"):
            setattr(self, name, getattr(found, name))

    def _hold(self, *states: str) -> None:
        """Hold the table until the transaction ends. Raises ValidationError where it is in none of `states`."""
        held = StatusTable.objects.select_for_update().filter(pk=self.pk).first()
        if held is None or held.state not in states:
            raise ValidationError(_("Somebody has gone on with this file already. Load the page again."))

    def _drop_file(self) -> None:
        """The stored file is not needed any more, once what is done now holds."""
        if self.file:
            name, storage = self.file.name, self.file.storage
            self.file = ""
            transaction.on_commit(lambda: storage.delete(name))

    def _become(self, state: str) -> None:
        self.state = state
        self.save()


class Overtaken(Exception):
    """What is recorded has changed since the rows were compared with it."""


def _looked_at(path, chosen: Mapping[str, object]):
    try:
        return look_at(path, chosen)
    except SheetError as error:
        raise ValidationError(str(error)) from None


def _as_act(row: StatusRow) -> Participation:
    said = {name: getattr(row, name) for name in ("act", "acted_on", "effective_on", "note")}
    return Participation(instrument=row.instrument, country=row.country, **said)
