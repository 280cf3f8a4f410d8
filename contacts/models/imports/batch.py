"""ImportBatch: a contact file on its way in: how it is read, what its rows would do, what they did, the way back."""

from collections.abc import Iterator, Mapping
from itertools import islice

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from wagtail.log_actions import log

from contacts.models.imports.files import Found, kept_file, look_at, on_disk
from contacts.models.imports.judging import Judge
from contacts.models.imports.layout import ImportLayout
from contacts.models.imports.row import ImportRow
from contacts.models.sentence import SentenceField, SentencesField
from contacts.models.user import User
from contacts.sheets import check_mapping, suggest
from network.models import Organization
from network.models.guarded import GuardedQuerySet
from network.sentences import Sentence
from network.sheets import Row, SheetError


class ImportBatchQuerySet(GuardedQuerySet):
    def of_desks(self, desks):
        """A file is its maker's, and no desk's."""
        return self.none()

    def visible_to(self, viewer):
        """Those of the viewer's own making; all for who oversees them."""
        if viewer.has_perm("contacts.oversee_importbatch"):
            return self
        return self.filter(by=viewer) if viewer.has_perm("contacts.add_importbatch") else self.none()

    def at_work(self):
        """Those that the worker is to go on with."""
        return self.filter(state__in=[State.JUDGING, State.RUNNING, State.UNDOING])

    def with_content(self):
        """Those of which rows, or the file itself, are kept."""
        return self.filter(~Q(file="") | models.Exists(ImportRow.objects.filter(batch=models.OuterRef("pk"))))

    def erase(self) -> int:
        """What the files say goes; that there were such files stays. Afterwards none can be taken back."""
        batches = list(self)
        ImportRow.objects.filter(batch__in=batches).delete()
        for batch in batches:
            batch.drop_file()
            batch.organizations, batch.remarks = {}, []
            batch.save(update_fields=["file", "sample", "organizations", "remarks"])
        return len(batches)


class ImportBatchManager(models.Manager.from_queryset(ImportBatchQuerySet)):
    def receive(self, upload, *, by) -> "ImportBatch":
        """Keep an uploaded file and say how it is read. Raises ValidationError where it cannot be read to its end."""
        with on_disk(upload) as path:
            try:
                found = look_at(path, {})
            except SheetError as error:
                raise ValidationError(str(error)) from None
            batch = self.model(name=upload.name[-200:], by=by, size=upload.size)
            batch._know(found)
            with transaction.atomic():
                upload.seek(0)
                batch.file.save(kept_file(upload.name), upload, save=False)
                batch.save()
                log(batch, "contacts.import.receive", user=by)
        return batch


class State(models.TextChoices):
    READ = "READ", _("Columns to be chosen")
    JUDGING = "JUDGING", _("Being looked through")
    PREVIEWED = "PREVIEWED", _("To be imported")
    RUNNING = "RUNNING", _("Being imported")
    DONE = "DONE", _("Imported")
    UNDOING = "UNDOING", _("Being taken back")
    UNDONE = "UNDONE", _("Taken back")
    FAILED = "FAILED", _("Broken off")


class ImportBatch(models.Model):
    State = State

    name = models.CharField(_("file"), max_length=200)
    file = models.FileField(_("stored file"), upload_to="imports/", blank=True, editable=False)
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True, editable=False)
    size = models.PositiveBigIntegerField(_("bytes"), default=0, editable=False)
    chosen = models.JSONField(default=dict, editable=False, help_text="What a person has said of how it is read.")
    reading = models.JSONField(default=dict, editable=False, help_text="How it is read.")
    remarks = SentencesField(default=list, editable=False, help_text="What is odd in it, and what was done about that.")
    columns = models.JSONField(default=list, editable=False)
    sample = models.JSONField(default=list, editable=False, help_text="The cells of the first rows.")
    fields = models.JSONField(default=list, editable=False, help_text="The field of each column.")
    organizations = models.JSONField(
        default=dict, editable=False, help_text="Folded name that was not known -> key of the organization it means."
    )
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.READ, editable=False)
    broken_in = models.CharField(max_length=9, blank=True, editable=False)
    broken_why = SentenceField(blank=True, editable=False)
    total = models.PositiveIntegerField(_("rows"), default=0, editable=False)
    done = models.PositiveIntegerField(default=0, editable=False)
    cursor = models.PositiveIntegerField(default=0, editable=False, help_text="The last row that was looked through.")
    by = models.ForeignKey(User, models.SET_NULL, verbose_name=_("by"), related_name="+", null=True, editable=False)
    undone_by = models.ForeignKey(User, models.SET_NULL, related_name="+", null=True, editable=False)
    created_at = models.DateTimeField(_("uploaded"), default=timezone.now, editable=False)
    taken_at = models.DateTimeField(_("imported"), null=True, editable=False)
    undone_at = models.DateTimeField(_("taken back"), null=True, editable=False)

    objects = ImportBatchManager()

    class Meta:
        verbose_name = _("imported file")
        verbose_name_plural = _("imported files")
        ordering = ["-pk"]
        permissions = [("oversee_importbatch", "Can see the files that others import")]

    def __str__(self) -> str:
        return self.name

    @property
    def mapping(self) -> dict[str, str]:
        """Column -> field, "" where it is left out."""
        return dict(zip(self.columns, self.fields, strict=False))

    @property
    def before(self) -> "ImportBatch | None":
        """Whether the same file has been imported already."""
        same = ImportBatch.objects.filter(sha256=self.sha256, state=State.DONE).exclude(pk=self.pk)
        return same.filter(Q(by=self.by)).first()

    def counts(self) -> dict[str, int]:
        """How many rows have which verdict, outcome, and bucket of the way back, and how many have notes."""
        counted: dict[str, int] = {}
        for field in ("verdict", "outcome", "undone"):
            rows = self.rows.exclude(**{field: ""}).values_list(field).annotate(n=Count("pk")).order_by(field)
            counted.update({f"{field}:{name}": n for name, n in rows})
        return {**counted, "notes": self.rows.with_notes().count()}

    # -- how it is read

    @transaction.atomic
    def read_again(self, chosen: Mapping[str, object], *, by) -> None:
        """Read the file as `chosen` says: encoding, delimiter, header_row, date_system, sheet. Raises ValidationError
        where it cannot be read so; then it stays as it was."""
        self._hold(State.READ, State.PREVIEWED)
        try:
            with self.on_disk() as path:
                found = look_at(path, chosen)
        except SheetError as error:
            raise ValidationError(str(error)) from None
        self.rows.all().delete()
        self.chosen = dict(chosen)
        self._know(found)
        self._become(State.READ)
        log(self, "contacts.import.read_again", user=by, data={"chosen": self.chosen})

    @transaction.atomic
    def look_through(self, mapping: Mapping[str, str], *, by) -> None:
        """Say what becomes of each row if the columns are these fields; the worker does it. Mended cells stay mended.
        Raises ValidationError where no column holds a name."""
        self._hold(State.READ, State.PREVIEWED)
        try:
            check_mapping(mapping, self.columns)
        except SheetError as error:
            raise ValidationError(str(error)) from None
        self.fields = [mapping.get(column, "") for column in self.columns]
        self.rows.exclude(unknown_organization="").update(unknown_organization="")  # they may say more now
        if self.reading["header_row"] != 0:  # A, B, C would be every such file's
            ImportLayout.objects.remember(self.columns, mapping, by=by)
        self._become(State.JUDGING)
        log(self, "contacts.import.look_through", user=by, data={"fields": [name for name in self.fields if name]})

    def _know(self, found: Found) -> None:
        self.sha256, self.reading, self.total = found.sha256, found.reading, found.rows
        self.remarks = found.remarks
        self.columns, self.sample = list(found.columns), [list(row.values.values()) for row in found.first]
        known = ImportLayout.objects.recall(self.columns) if found.reading["header_row"] != 0 else None
        mapping = known or suggest(found.columns, found.first)
        self.fields = [mapping.get(column, "") for column in self.columns]

    # -- the verbs

    @transaction.atomic
    def mend(self, row: ImportRow, cells: Mapping[str, str], *, by) -> None:
        """The cells of a row say something else than in the file; it is judged anew, and with it those rows that speak,
        or spoke, of the same person."""
        self._hold(State.PREVIEWED)
        read = dict(zip(self.columns, row.cells, strict=False))
        mended = {column: text for column, text in {**row.edits, **cells}.items() if text != read.get(column)}
        if mended == row.edits:
            return
        judge, keys, people = Judge(self), {row.key}, {row.person_id}
        row.edits, row.unknown_organization = mended, ""
        judge.judge([row])
        row.save()
        keys, people = {*keys, row.key} - {""}, {*people, row.person_id} - {None}
        rows = list(self.rows.filter(Q(key__in=keys) | Q(person__in=people)).order_by("number"))
        judge.judge(rows)
        ImportRow.objects.put_back(rows, ImportRow.JUDGED)
        log(self, "contacts.import.mend", user=by, data={"row": row.number, "columns": sorted(cells)})

    @transaction.atomic
    def identify(self, name: str, organization: Organization | None, *, by) -> None:
        """A name that was not known means `organization` in each of its rows, or again nothing that is known (None).
        The worker judges the rows by that, and once more when they are taken in."""
        self._hold(State.JUDGING, State.PREVIEWED)
        if not self.rows.filter(unknown_organization=name).exists():
            raise ValidationError(_("No row of this file waits for this organization any more. Load the page again."))
        reach = Organization.objects.within_reach_of(by).within_reach_of(self.by)
        if organization and not reach.filter(pk=organization.pk).exists():
            raise ValidationError(_("It has to be an organization that whoever has uploaded the file may see."))
        self.organizations.pop(name, None)
        if organization:
            self.organizations[name] = organization.pk
        self._become(State.JUDGING)
        log(self, "contacts.import.identify", user=by, data={"organization": organization and organization.pk})

    @transaction.atomic
    def identify_as_new(self, name: str, organization: Organization, *, by) -> None:
        """A name that was not known means `organization`, which is made. It stays if the import is taken back."""
        self._hold(State.JUDGING, State.PREVIEWED)
        organization.save()
        log(organization, "wagtail.create", user=by)
        self.identify(name, organization, by=by)

    @transaction.atomic
    def start(self, *, by) -> None:
        """The rows are to be taken in; the worker does it."""
        self._hold(State.PREVIEWED)
        if not self.rows.standing().exists():
            raise ValidationError(_("Every row is refused. Mend the rows, or choose the columns again."))
        self._become(State.RUNNING)
        log(self, "contacts.import.start", user=by)

    @transaction.atomic
    def undo(self, *, by) -> None:
        """The rows are to be taken back, but for what somebody has changed since; the worker does it. A second time it
        tries again those rows that could not be taken back."""
        self._hold(State.DONE, State.UNDONE)
        self.rows.filter(undone=ImportRow.Undone.STUCK).update(undone="", undone_why="")
        self.total = self.rows.to_take_back().count()
        if not self.total:
            raise ValidationError(_("This import has written nothing, or its rows are not kept any more."))
        self.undone_by = by
        self._become(State.UNDOING)
        log(self, "contacts.import.undo", user=by)

    @transaction.atomic
    def resume(self, *, by) -> None:
        """It goes on where it broke off."""
        self._hold(State.FAILED)
        self.state, self.broken_in, self.broken_why = State(self.broken_in), "", ""
        self.save()
        log(self, "contacts.import.resume", user=by)

    @transaction.atomic
    def discard(self, *, by) -> None:
        """The file goes with all its rows; only before it is imported."""
        self._hold(State.READ, State.JUDGING, State.PREVIEWED, State.FAILED)
        if self.rows.exclude(outcome="").exists():
            raise ValidationError(_("Some rows are imported already. Let it go on, and take it back then."))
        log(self, "contacts.import.discard", user=by, deleted=True)
        self.drop_file()
        self.delete()

    def drop_file(self) -> None:
        """The stored file is not needed any more."""
        self.sample = []
        if self.file:
            self.file.delete(save=False)

    # -- pieces

    def on_disk(self):
        """A copy of the stored file with a path, for a while. Raises SheetError where it is not kept any more."""
        if not self.file:
            raise SheetError(Sentence(gettext_noop("The file is not kept any more. Upload it again.")))
        return on_disk(self.file)

    def file_rows(self, path) -> Iterator[Row]:
        """The rows of the stored file that are not kept as rows yet."""
        return islice(look_at(path, self.chosen, to_end=False).all_rows, self.rows.count(), None)

    def _hold(self, *states: str) -> None:
        """Hold the batch until the transaction ends. Raises ValidationError where it is in none of `states`."""
        held = ImportBatch.objects.select_for_update().filter(pk=self.pk).first()
        if held is None or held.state not in states:
            raise ValidationError(_("Somebody has gone on with this file already. Load the page again."))
        self.refresh_from_db()

    def _become(self, state: str) -> None:
        self.state, self.done, self.cursor = state, 0, 0
        self.save()
