"""The screens on which a contact file arrives: upload, how it was read, and which column is which."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from contacts.forms.imports import DELIMITERS, ColumnsForm, ReadingForm, UploadForm
from contacts.models import ImportBatch
from contacts.models.imports.work import go_on

SHOWN = 5  # rows of the preview
LONGEST = 60  # letters of a cell in it


class ImportersOnly:
    def dispatch(self, request, *args, **kwargs):
        if not request.user.has_perm("contacts.add_importbatch"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class OfBatch(ImportersOnly):
    """A screen or an act of one batch that the viewer may see."""

    @cached_property
    def batch(self) -> ImportBatch:
        return get_object_or_404(ImportBatch.objects.visible_to(self.request.user), pk=self.kwargs["pk"])


class Screen(WagtailAdminTemplateMixin, View):
    header_icon = "upload"

    def show(self, **context):
        return self.render_to_response(self.get_context_data(**context))

    def trail(self) -> list[dict]:
        return []

    def get_breadcrumbs_items(self):
        files = {"url": reverse("importbatch:index"), "label": capfirst(ImportBatch._meta.verbose_name_plural)}
        return [*self.breadcrumbs_items, files, *self.trail(), {"url": "", "label": self.get_page_title()}]


class UploadView(ImportersOnly, Screen):
    template_name = "contacts/import_upload.html"
    page_title = gettext_lazy("Import contacts")

    def get(self, request):
        return self.show(form=UploadForm())

    def post(self, request):
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                batch = ImportBatch.objects.receive(form.cleaned_data["file"], by=request.user)
            except ValidationError as refusal:
                form.add_error("file", refusal)
            else:
                return redirect("importbatch:columns", batch.pk)
        return self.show(form=form)


class ColumnsView(OfBatch, Screen):
    """How the file was read, with a way to overrule it, and a field for each column."""

    template_name = "contacts/import_columns.html"
    page_title = gettext_lazy("Which column is which?")

    def get(self, request, **_where):
        if self.batch.state not in (ImportBatch.State.READ, ImportBatch.State.PREVIEWED):
            return redirect("importbatch:inspect", self.batch.pk)
        return self.page(self.reading_form(), self.columns_form())

    def post(self, request, **_where):
        if request.POST.get("act") == "read":
            return self.read_again()
        form = self.columns_form(request.POST)
        if form.is_valid():
            try:
                self.batch.look_through(form.mapping(), by=request.user)
            except ValidationError as refusal:
                form.add_error(None, refusal)
            else:
                go_on(self.batch.pk)
                return redirect("importbatch:inspect", self.batch.pk)
        return self.page(self.reading_form(), form)

    def read_again(self):
        form = self.reading_form(self.request.POST)
        if form.is_valid():
            try:
                self.batch.read_again(form.chosen(), by=self.request.user)
            except ValidationError as refusal:
                form.add_error(None, refusal)
            else:
                messages.success(self.request, _("The file was read again."))
                return redirect("importbatch:columns", self.batch.pk)
        return self.page(form, self.columns_form())

    def reading_form(self, data=None) -> ReadingForm:
        return ReadingForm(data, initial=self.batch.chosen, reading=self.batch.reading)

    def columns_form(self, data=None) -> ColumnsForm:
        initial = {f"column_{place}": field for place, field in enumerate(self.batch.fields)}
        return ColumnsForm(data, initial=initial, columns=self.batch.columns)

    def page(self, reading_form: ReadingForm, form: ColumnsForm):
        batch = self.batch
        samples = [self.first_cells(place) for place in range(len(batch.columns))]
        return self.show(
            batch=batch,
            facts=read_facts(batch.reading),
            earlier=batch.before,
            reading_form=reading_form,
            form=form,
            columns=zip(batch.columns, samples, list(form), strict=True),
            first=[[shortened(cell) for cell in row] for row in batch.sample[:SHOWN]],
        )

    def first_cells(self, place: int) -> list[str]:
        """The first cells of a column that say something, each once."""
        cells = [row[place] for row in self.batch.sample if place < len(row) and row[place]]
        return [shortened(cell) for cell in list(dict.fromkeys(cells))[:3]]

    def get_page_subtitle(self):
        return self.batch.name

    def trail(self):
        return [{"url": reverse("importbatch:inspect", args=[self.batch.pk]), "label": self.batch.name}]


def read_facts(reading: dict) -> list[tuple[str, str]]:
    """How a file was read, as label and value."""
    header = reading["header_row"]
    facts = [
        (_("Format"), reading["format"]),
        (_("Encoding"), reading["encoding"]),
        (_("Between the cells"), str(dict(DELIMITERS).get(reading["delimiter"], reading["delimiter"]))),
        (_("Sheet"), reading["sheet"]),
        (_("Names of the columns"), _("row %(row)s") % {"row": header} if header else ""),
        (_("Days are counted from"), reading["date_system"]),
    ]
    return [(label, value) for label, value in facts if value]


def shortened(cell: str) -> str:
    return cell if len(cell) <= LONGEST else f"{cell[: LONGEST - 1]}…"
