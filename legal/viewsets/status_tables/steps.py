"""The screens on which a table arrives: upload, how it was read and which column is which, which treaty is which."""

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

from contacts.forms.imports import ReadingForm
from contacts.viewsets.imports.columns import SHOWN, read_facts, shortened
from legal.forms.status_tables import ColumnsForm, NamesForm, UploadForm
from legal.models import StatusTable
from legal.models.status_tables.names import Instruments

State = StatusTable.State


class LoadersOnly:
    def dispatch(self, request, *args, **kwargs):
        if not request.user.has_perm("legal.add_statustable"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class OfTable(LoadersOnly):
    @cached_property
    def table(self) -> StatusTable:
        return get_object_or_404(StatusTable, pk=self.kwargs["pk"])


class Screen(WagtailAdminTemplateMixin, View):
    header_icon = "upload"

    def show(self, **context):
        return self.render_to_response(self.get_context_data(**context))

    def trail(self) -> list[dict]:
        return []

    def get_breadcrumbs_items(self):
        tables = {"url": reverse("statustable:index"), "label": capfirst(StatusTable._meta.verbose_name_plural)}
        return [*self.breadcrumbs_items, tables, *self.trail(), {"url": "", "label": self.get_page_title()}]


class UploadView(LoadersOnly, Screen):
    template_name = "legal/desk/status_upload.html"
    page_title = gettext_lazy("Load a status table")

    def get(self, request):
        return self.page(UploadForm())

    def post(self, request):
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            told = dict(form.cleaned_data)
            try:
                table = StatusTable.objects.receive(told.pop("file"), by=request.user, **told)
            except ValidationError as refusal:
                form.add_error("file", refusal)
            else:
                return redirect("statustable:columns", table.pk)
        return self.page(form)

    def page(self, form: UploadForm):
        return self.show(form=form, media=form.media)


class StepView(OfTable, Screen):
    """A screen of a table that is not recorded yet."""

    def dispatch(self, request, *args, **kwargs):
        if request.user.has_perm("legal.add_statustable") and self.table.state == State.DONE:
            return redirect("statustable:inspect", self.table.pk)
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self):
        return self.table.name

    def trail(self):
        return [{"url": reverse("statustable:inspect", args=[self.table.pk]), "label": self.table.name}]


class ColumnsView(StepView):
    """How the file was read, with a way to overrule it, and a field for each column."""

    template_name = "legal/desk/status_columns.html"
    page_title = gettext_lazy("Which column is which?")

    def get(self, request, **_where):
        return self.page(self.reading_form(), self.columns_form())

    def post(self, request, **_where):
        if request.POST.get("act") == "read":
            return self.read_again()
        form = self.columns_form(request.POST)
        if form.is_valid():
            try:
                self.table.choose(form.mapping(), by=request.user)
            except ValidationError as refusal:
                form.add_error(None, refusal)
            else:
                return redirect("statustable:names", self.table.pk)
        return self.page(self.reading_form(), form)

    def read_again(self):
        form = self.reading_form(self.request.POST)
        if form.is_valid():
            try:
                self.table.read_again(form.chosen(), by=self.request.user)
            except ValidationError as refusal:
                form.add_error(None, refusal)
            else:
                messages.success(self.request, _("The file was read again."))
                return redirect("statustable:columns", self.table.pk)
        return self.page(form, self.columns_form())

    def reading_form(self, data=None) -> ReadingForm:
        return ReadingForm(data, initial=self.table.chosen, reading=self.table.reading)

    def columns_form(self, data=None) -> ColumnsForm:
        initial = {f"column_{place}": field for place, field in enumerate(self.table.fields)}
        return ColumnsForm(data, initial=initial, columns=self.table.columns)

    def page(self, reading_form: ReadingForm, form: ColumnsForm):
        table = self.table
        samples = [self.first_cells(place) for place in range(len(table.columns))]
        return self.show(
            table=table,
            facts=read_facts(table.reading),
            reading_form=reading_form,
            form=form,
            columns=zip(table.columns, samples, list(form), strict=True),
            first=[[shortened(cell) for cell in row] for row in table.sample[:SHOWN]],
        )

    def first_cells(self, place: int) -> list[str]:
        """The first cells of a column that say something, each once."""
        cells = [row[place] for row in self.table.sample if place < len(row) and row[place]]
        return [shortened(cell) for cell in list(dict.fromkeys(cells))[:3]]


class NamesView(StepView):
    """Which instrument each treaty of the table is, and which countries the names are that nobody knows."""

    template_name = "legal/desk/status_names.html"
    page_title = gettext_lazy("Which treaty is which?")

    def get(self, request, **_where):
        if self.table.state == State.READ:
            return redirect("statustable:columns", self.table.pk)
        return self.page(self.form())

    def post(self, request, **_where):
        form = self.form(request.POST)
        if form.is_valid():
            try:
                self.table.name_them(form.instruments(), form.countries(), by=request.user)
            except ValidationError as refusal:
                form.add_error(None, refusal)
            else:
                return redirect("statustable:inspect", self.table.pk)
        return self.page(form)

    def form(self, data=None) -> NamesForm:
        contents, known, chosen = self.table.contents(), Instruments(), self.table.instruments
        found = {
            text: chosen.get(text) or known.find([text, *told, self.table.treaty])
            for text, told in contents.treaties.items()
        }
        return NamesForm(data, contents=contents, found=found)

    def page(self, form: NamesForm):
        return self.show(table=self.table, form=form)
