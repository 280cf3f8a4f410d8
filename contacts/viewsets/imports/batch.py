"""The page of a contact file: each row with what would become of it or became of it, to be filtered and mended."""

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn
from wagtail.admin.widgets.button import Button, HeaderButton

from contacts.models import ImportBatch, ImportRow, Person
from contacts.models.imports.doubles import doubles, is_there
from contacts.viewsets.imports.columns import read_facts
from contacts.viewsets.imports.organizations import MAY_CREATE, unknown_page
from network.changes import both_in_words
from network.models import Country, key_in
from network.viewsets.access import WhoSeesView
from network.viewsets.records import RecordIndexView, RecordInspectView

State = ImportBatch.State
PER_PAGE = 50
NAMES = ("honorific", "given_name", "middle_name", "family_name", "full_name", "family_comma_given")
# What the rows are sorted by at which time.
KINDS = {State.PREVIEWED: "verdict", State.DONE: "outcome", State.UNDONE: "undone"}
AT_WORK = (State.JUDGING, State.RUNNING, State.UNDOING)


class ImportIndexView(RecordIndexView):
    results_template_name = "contacts/imports_results.html"
    related = ("by",)
    export_values = {"state": ImportBatch.get_state_display}
    title_label = gettext_lazy("File")
    add_item_label = gettext_lazy("Import a file")

    def search_queryset(self, queryset):
        return queryset.filter(name__icontains=self.search_query) if self.is_searching else queryset


LIST_DISPLAY = [
    StatusTagColumn(
        "state",
        label=gettext_lazy("State"),
        accessor="get_state_display",
        primary=lambda batch: batch.state in (State.READ, State.PREVIEWED, State.FAILED),
    ),
    Column("total", label=gettext_lazy("Rows"), sort_key="total"),
    Column("by", label=gettext_lazy("By")),
    DateColumn("created_at", label=gettext_lazy("Uploaded"), sort_key="created_at"),
]


class ImportWhoView(WhoSeesView):
    """A file is seen by its maker and by those who oversee all files."""

    def people(self):
        users = self.permission_policy.users_with_any_permission(["view", "add"]).prefetch_related("groups")
        seen = [user for user in sorted(users, key=str) if self.is_seen_by(user)]
        return [(user, list(user.groups.all()), []) for user in seen]

    def is_seen_by(self, user) -> bool:
        return ImportBatch.objects.visible_to(user).filter(pk=self.object.pk).exists()

    def desks(self):
        return []


@dataclass(frozen=True)
class Tab:
    """A filter: `key` is "verdict:REFUSE", "notes", or "" for all."""

    key: str
    label: str
    count: int


@dataclass(frozen=True)
class Line:
    """One row as it is shown."""

    row: ImportRow
    who: str
    person: Person | None
    changes: list
    cells: list[tuple[str, str, str]]  # the field's name, the column, the text: where the row is being mended
    status: str
    tone: str
    double: tuple[Person, str] | None  # who is there already and may be the same, and why
    notes: list[str]


class ImportInspectView(RecordInspectView):
    template_name = "contacts/import_batch.html"

    def facts(self):
        batch = self.object
        read = ", ".join(value for _label, value in read_facts(batch.reading)[:2])
        return [
            (_("read as"), read),
            (_("rows"), batch.total if batch.state not in (State.UNDOING, State.UNDONE) else ""),
            (_("state"), batch.get_state_display()),
            (_("uploaded"), batch.created_at),
            (_("by"), batch.by),
            (_("imported"), batch.taken_at),
            (_("taken back"), batch.undone_at),
        ]

    @cached_property
    def header_buttons(self):
        if self.object.state not in (State.READ, State.PREVIEWED):
            return []
        url = reverse("importbatch:columns", args=[self.object.pk])
        return [HeaderButton(_("Choose columns"), url=url, icon_name="edit")]

    @cached_property
    def header_more_buttons(self):
        buttons = super().header_more_buttons
        return [button for button in buttons if isinstance(button, Button)]

    @cached_property
    def counts(self) -> dict[str, int]:
        return self.object.counts()

    def get_context_data(self, **kwargs):
        batch = self.object
        page = self.page()
        lines = self.lines(page)
        names, unknown = unknown_page(batch, self.request.user, self.request.GET.get("names", ""))
        return super().get_context_data(
            batch=batch,
            at_work=batch.state in AT_WORK,
            progress_url=reverse("importbatch:progress", args=[batch.pk]),
            tabs=self.tabs(),
            show=self.show,
            lines=lines,
            page=page,
            back=self.request.GET.urlencode(),
            edit=self.edited,
            refused=self.counts.get("verdict:REFUSE", 0),
            standing=sum(self.counts.get(f"verdict:{name}", 0) for name in ("CREATE", "UPDATE")),
            stuck=self.counts.get("undone:STUCK", 0),
            counts=self.counts,
            names=names,
            unknown=unknown,
            may_create=self.request.user.has_perm(MAY_CREATE),
            earlier=batch.before if batch.state == State.PREVIEWED else None,
            **kwargs,
        )

    # -- which rows

    @property
    def kind(self) -> str:
        """verdict, outcome or undone: what is to be said of the rows now."""
        return KINDS.get(State(self.object.state), "outcome" if self.object.undone_by_id else "verdict")

    def tabs(self) -> list[Tab]:
        labels = ImportRow._meta.get_field(self.kind).choices
        found = [
            Tab(f"{self.kind}:{name}", str(label), self.counts.get(f"{self.kind}:{name}", 0)) for name, label in labels
        ]
        noted = Tab("notes", _("With a remark"), self.counts["notes"])
        shown = [tab for tab in (*found, noted) if tab.count]
        return [Tab("", _("All"), sum(self.counts.get(f"verdict:{name}", 0) for name in ImportRow.Verdict)), *shown]

    @cached_property
    def show(self) -> str:
        asked = self.request.GET.get("show", "")
        return asked if asked in {tab.key for tab in self.tabs()} else ""

    @cached_property
    def edited(self) -> int:
        """The row that is being mended, by key."""
        return key_in(self.request.GET.get("edit", "")) if self.object.state == State.PREVIEWED else 0

    def page(self) -> Page:
        return Paginator(self.object.rows.shown(self.show), PER_PAGE).get_page(self.request.GET.get("p"))

    # -- what is shown of them

    def lines(self, page: Page) -> list[Line]:
        """The rows of the page. Of a person whom the viewer does not see (any more) nothing is told."""
        keys = {row.person_id for row in page if row.person_id}
        viewer, is_preview = self.request.user, self.object.state == State.PREVIEWED
        people = Person.objects.visible_to(viewer).in_bulk(keys)
        found = doubles(self.object, page, viewer) if is_preview else {}
        return [self.line(row, people.get(row.person_id), found.get(row.number)) for row in page]

    def changes(self, row: ImportRow) -> list[tuple[str, ...]]:
        """What is written: label, before, afterwards; in the reader's language, countries and languages by name."""
        return [(_(label), *both_in_words(label, *sides, self.countries)) for label, *sides in row.changes]

    @cached_property
    def countries(self):
        return Country.objects.by_code()

    def line(self, row: ImportRow, person: Person | None, double: tuple[Person, str] | None) -> Line:
        batch = self.object
        values, mapping = row.values(batch.columns), batch.mapping
        names = [values.get(column, "") for field in NAMES for column in mapping if mapping[column] == field]
        is_told = row.person_id is None or person is not None
        mapped = [(place, column) for place, column in enumerate(batch.columns) if mapping[column]]
        edited = [(f"cell_{place}", column, values.get(column, "")) for place, column in mapped]
        status = getattr(row, f"get_{self.kind}_display")() or row.get_outcome_display()
        return Line(
            row,
            " ".join(filter(None, names)),
            person,
            self.changes(row) if is_told else [],
            edited if row.pk == self.edited else [],
            str(status),
            getattr(row, self.kind).lower(),
            double,
            [note for note in row.notes if not double or note != is_there()],
        )
