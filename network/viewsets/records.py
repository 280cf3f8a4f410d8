"""What every list, card and chooser of records in the admin has in common."""

import re
import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from urllib.parse import urlsplit

import django_filters
from django import forms
from django.contrib.admin.utils import quote
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.cache import cache
from django.core.exceptions import EmptyResultSet, PermissionDenied, ValidationError
from django.db import models
from django.db.models import Case, ProtectedError, QuerySet, RestrictedError, When
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, resolve, reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.active_filters import BaseFilterAdapter, register_filter_adapter_class
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button, HeaderButton
from wagtail.coreutils import multigetattr
from wagtail.permission_policies import ModelPermissionPolicy

from network.forms import alphabetically
from network.models.few import few
from network.models.guarded import visible
from network.names import fold
from network.viewsets.access import KeptInSight, SeenObject, WhoSeesView, is_guarded, narrow
from network.viewsets.history import RecordCreate, RecordEditView, RecordHistoryView
from network.viewsets.timeline import TimelineView, timeline


class LimitedPolicy(ModelPermissionPolicy):
    """Django's permissions, and of them only the actions named here, whoever asks."""

    def __init__(self, model, *actions: str):
        super().__init__(model)
        self.actions = set(actions)

    def user_has_permission(self, user, action):
        return action in self.actions and super().user_has_permission(user, action)

    def user_has_any_permission(self, user, actions):
        return super().user_has_any_permission(user, self.actions.intersection(actions))


class Chunks:
    """A queryset for an export: read a part at a time, so that a hundred thousand rows need no more room than one."""

    def __init__(self, queryset: QuerySet):
        self.queryset, self.model = queryset, queryset.model

    def __iter__(self) -> Iterator:
        return self.queryset.iterator(chunk_size=1000)


MOST_FOUND = 5000  # of what was searched for so many are paged through: who is not among them needs another word
FORMULA = frozenset("=+-@\t\r\n＝＋－＠")  # the wide ones too: a spreadsheet in Japanese reads them alike
NUMBER = re.compile(r"[+-][\d\s().,/-]*\d(?: ?(?:ext|x)\.? ?\d+)?")


def harmless(text: str) -> str:
    """`text` as a cell that no spreadsheet takes for a formula (CWE-1236); a telephone number stays as it is."""
    return f"'{text}" if text[:1] in FORMULA and not NUMBER.fullmatch(text) else text


class KeysFirst(WagtailPaginator):
    """Finds the keys of a page in the index alone, then reads these rows: the last page costs what the first does.

    To count a million rows takes longer than all the rest of a list: a count that took long is remembered, for all
    who may see the same rows. What was `narrowed` to `most` rows or fewer is counted and shown by one question; of what
    was searched for (`ends`) no more are paged through. Of what is `sparse` few rows are looked at, as of the `first`
    part of a list in an order that has an index."""

    long = 0.05  # seconds
    remembered = 60  # seconds
    most = MOST_FOUND
    first = 1 / 50
    narrowed = ends = sparse = False
    keys: list | None = None  # of what was narrowed, where they were read together
    dressed: Callable[[QuerySet], QuerySet] = staticmethod(lambda rows: rows)

    @property
    def count(self):
        return min(self.found, self.most) if self.ends else self.found

    @property
    def is_cut(self) -> bool:
        """Whether there are more rows than are paged through."""
        return self.found > self.count

    @cached_property
    def found(self) -> int:
        try:
            sql, parameters = self.object_list.query.sql_with_params()
        except EmptyResultSet:
            return 0
        key = f"count:{sha256(f'{sql}{parameters}'.encode()).hexdigest()}"
        if (known := cache.get(key)) is not None:
            return known
        start = time.perf_counter()
        counted = self._counted()
        if time.perf_counter() - start > self.long:
            cache.set(key, counted, self.remembered)
        return counted

    def _counted(self) -> int:
        rows = few(self.object_list) if self.sparse else self.object_list
        if self.narrowed:
            keys = list(rows.values_list("pk", flat=True)[: self.most + 1])
            if self.ends or len(keys) <= self.most:
                self.keys = keys
                return len(keys)
        return rows.count()

    @cached_property
    def items_count_label(self):
        """What is counted, and then the number: no language bends a word for that."""
        return gettext("%(what)s: %(count)s") % {"what": self.verbose_name_plural, "count": intcomma(self.count)}

    def page(self, number):
        """The rows are read by their keys alone: what they were found by is not asked a second time."""
        page = super().page(number)
        start, end = max(page.start_index() - 1, 0), page.end_index()
        keys = self._read(start, end) if self.keys is None else self.keys[start:end]
        rows = {row.pk: row for row in self.dressed(self.object_list.model._default_manager.filter(pk__in=keys))}
        page.object_list = [rows[key] for key in keys if key in rows]
        return page

    def _read(self, start: int, end: int) -> list:
        is_first = end <= self.found * self.first and self._is_in_own_order()
        rows = few(self.object_list) if self.sparse or is_first else self.object_list
        return list(rows.values_list("pk", flat=True)[start:end])

    def _is_in_own_order(self) -> bool:
        """The order of the model, this way round or the other, has an index where there may be very many."""
        own = self.object_list.model._meta.ordering
        asked = self.object_list.query.order_by or own
        return [str(field).removeprefix("-") for field in asked] == [str(field).removeprefix("-") for field in own]


class Text(Column):
    """A column of words. Wagtail's own runs a template a cell, which takes a fifth of the time of a list."""

    def render_cell_html(self, instance, parent_context):
        value = self.get_value(instance)
        said = "" if value in (None, "") else format_html("<bdi>{}</bdi>", value)
        return format_html('<td data-label="{}">{}</td>', self.label, said)


class Title(TitleColumn):
    """The column of names, each of which opens the card."""

    def render_cell_html(self, instance, parent_context):
        name, url = self.get_value(instance), self.get_link_url(instance, parent_context)
        link = format_html('<a href="{}">{}</a>', url, name) if url else name
        return format_html('<td class="title"><div class="title-wrapper">{}</div></td>', link)


class YesOrNo(BaseFilterAdapter):
    """What a list is narrowed to, in the words of the filter, where Wagtail says "True"."""

    def get_active_filters(self):
        words = dict(self.filter.field.widget.choices)
        for shown in super().get_active_filters():
            yield shown._replace(value=words[str(self.value).lower()])


register_filter_adapter_class(django_filters.BooleanFilter, YesOrNo)


class RecordIndexView(generic.IndexView):
    """A list: found by `matching`, sorted in an order that has no ties, exported in parts; each name opens the card."""

    is_searchable = True
    paginator_class = KeysFirst
    results_template_name = "network/list_results.html"
    title_label = _("Name")
    title_accessor: str | Callable = str
    title_sort_key: str | None = "name"
    sorting: dict[str, tuple[str, ...]] = {}  # a column's sort key -> the fields it means, where not the key itself
    sparse_filters: tuple[str, ...] = ()  # those that leave few of very many rows, whatever is chosen
    related: tuple[str, ...] = ()
    export_values: dict[str, Callable] = {}

    @cached_property
    def columns(self):
        """The name, which opens the card, and then what the viewset lists. Fifty menus, one a row, would take three
        times as long as everything else on the screen, so what can be done with a record stands on its card."""
        title = Title(
            "title",
            label=self.title_label,
            accessor=self.title_accessor,
            sort_key=self.title_sort_key,
            get_url=self.get_title_url,
        )
        return [title, *self.list_display]

    def get_title_url(self, instance) -> str | None:
        """Where a row leads."""
        return self.get_inspect_url(instance)

    def get_base_queryset(self):
        return self.dressed(visible(super().get_base_queryset(), self.request.user))

    def dressed(self, rows):
        """`rows` with all that a line of the list says."""
        return rows.select_related(*self.related)

    def search_queryset(self, queryset):
        return queryset.matching(self.search_query) if self.is_searching else queryset

    def get_paginator(self, *args, **kwargs):
        paginator = super().get_paginator(*args, **kwargs)
        paginator.most, paginator.dressed = MOST_FOUND, self.dressed
        paginator.narrowed, paginator.ends = self.is_searching or self.is_filtering, self.is_searching
        paginator.sparse = self.is_filtering and any(self.request.GET.get(name) for name in self.sparse_filters)
        return paginator

    def order_queryset(self, queryset):
        if not self.ordering:
            return queryset.order_by(*self.model._meta.ordering, "pk")
        sign = "-" if self.ordering.startswith("-") else ""
        key = self.ordering.removeprefix("-")
        return queryset.order_by(*(f"{sign}{field}" for field in (*self.sorting.get(key, (key,)), "pk")))

    def get(self, request, *args, **kwargs):
        if self.is_export:
            return self.as_spreadsheet(Chunks(self.get_queryset()), request.GET["export"])
        if asked := self._left_with():
            return redirect(f"{request.path}?{asked}")
        return super().get(request, *args, **kwargs)

    def _left_with(self) -> str:
        """With what search, filters, order and page somebody left the list, who comes back from one of its records;
        whoever comes from elsewhere, or from the list itself, starts afresh."""
        lists, index_url = self.request.session.get("lists", {}), self.get_index_url()
        asked = self.request.GET.urlencode()
        came_from = urlsplit(self.request.headers.get("Referer", "")).path
        if not asked and came_from != index_url and came_from.startswith(index_url):
            return lists.get(index_url, "")
        if asked != lists.get(index_url, ""):
            self.request.session["lists"] = {**lists, index_url: asked}
        return ""

    def to_row_dict(self, item):
        named = {field: value(item) for field, value in self.export_values.items() if field in self.list_export}
        return {field: named[field] if field in named else multigetattr(item, field) for field in self.list_export}

    def preprocess_field_value(self, field, value, export_format):
        cell = super().preprocess_field_value(field, value, export_format)
        return harmless(cell) if export_format == self.FORMAT_CSV and isinstance(cell, str) else cell


class LabelsIndexView(RecordIndexView):
    """A list of a small table whose names are Labels: found and sorted as its reader sees them, in any language."""

    search_in: tuple[str, ...] = ("name", "slug")

    def search_queryset(self, queryset):
        words = fold(self.search_query).split()
        found = [row.pk for row in self.model.objects.all() if all(word in self._spelled(row) for word in words)]
        return queryset.filter(pk__in=found) if self.is_searching else queryset

    def order_queryset(self, queryset):
        if self.ordering not in ("name", "-name"):
            return super().order_queryset(queryset)
        rows = alphabetically(self.model.objects.all(), reverse=self.ordering == "-name")
        places = [When(pk=row.pk, then=place) for place, row in enumerate(rows)]
        return queryset.order_by(Case(*places), "pk") if places else queryset

    def _spelled(self, row) -> str:
        values = [getattr(row, field) for field in self.search_in]
        return fold(*(text for value in values for text in (value.values() if isinstance(value, dict) else [value])))


def _of_hooks(name: str, record, viewer) -> list:
    """What other rooms add to a record's card, its `record_panels` and `record_buttons`: each room registers a function
    of both with the hook of that name."""
    return [added for provide in hooks.get_hooks(name) for added in provide(record, viewer)]


class RecordInspectView(SeenObject, generic.InspectView):
    """A record's card, for everybody who may see it."""

    template_name = "network/record.html"
    history_url_name = who_url_name = timeline_url_name = None

    @cached_property
    def header_buttons(self):
        edit_url = self.get_edit_url()
        own = [HeaderButton(gettext("Edit"), url=edit_url, icon_name="edit")] if edit_url else []
        return [*own, *self._others(HeaderButton)]

    def _others(self, kind: type[Button]) -> list[Button]:
        buttons = _of_hooks("record_buttons", self.object, self.request.user)
        return [button for button in buttons if type(button) is kind]

    @cached_property
    def header_more_buttons(self):
        history_url = reverse(self.history_url_name, args=[quote(self.object.pk)])
        buttons = [Button(gettext("History"), url=history_url, icon_name="history", priority=10)]
        if is_guarded(self.model):
            who_url = reverse(f"{self.who_url_name}", args=[quote(self.object.pk)])
            buttons.append(Button(gettext("Who can see this?"), url=who_url, icon_name="view", priority=12))
        if delete_url := self.get_delete_url():
            buttons.append(Button(gettext("Delete"), url=delete_url, icon_name="bin", priority=20))
        if self.timeline_url_name:
            url = reverse(self.timeline_url_name, args=[quote(self.object.pk)])
            buttons.append(Button(gettext("Timeline"), url=url, icon_name="time", priority=11))
        return [*buttons, *self._others(Button)]

    def get_context_data(self, **kwargs):
        kwargs["panels"] = _of_hooks("record_panels", self.object, self.request.user)
        if self.timeline_url_name:
            kwargs["timeline"] = timeline(self.object, self.request.user, limit=10)
            kwargs["timeline_url"] = reverse(self.timeline_url_name, args=[quote(self.object.pk)])
        return super().get_context_data(**kwargs)

    def get_page_title(self):
        return capfirst(self.model._meta.verbose_name)

    def get_fields_context(self):
        return [{"label": capfirst(label), "value": value} for label, value in self.facts() if value not in ("", None)]

    def facts(self) -> list[tuple[str, object]]:
        """What the card says, as label and value; what is empty is left out."""
        return [(self.get_field_label(name, None), self.get_field_display_value(name, None)) for name in self.fields]


class RecordWithActsView(RecordInspectView):
    """A card, and below it what can be done: `acts` are heading, address, form, label and tone of the button."""

    template_name = "network/record_acts.html"

    def get_context_data(self, acts, **kwargs):
        acts = [(heading, door, as_sent(self.request, door, form), *button) for heading, door, form, *button in acts]
        return super().get_context_data(acts=acts, **kwargs)


class RecordCreateView(KeptInSight, generic.CreateView):
    """Leads to the card of what is new: the list may be searched for something else."""

    action_class = RecordCreate
    inspect_url_name = None

    def get_success_url(self):
        return reverse(self.inspect_url_name, args=[quote(self.object.pk)])


def shown_again(request, card: str, pk: int, door: str, form: forms.Form):
    """The `card` (name of an address) of the record `pk` once more, after a POST to `door` that was refused: what was
    typed into `form` is there still, and the form is open."""
    request.method, request.refused = "GET", (door, form)
    view, args, kwargs = resolve(reverse(card, args=[pk]))
    response = view(request, *args, **kwargs)
    response.status_code = 422
    return response


def as_sent(request, door: str, form: forms.Form) -> forms.Form:
    """The form behind `door` as it was sent, where it was refused; else `form`, the empty one."""
    refused, sent = getattr(request, "refused", ("", None))
    if refused != door:
        return form
    sent.auto_id = form.auto_id
    return sent


class RecordActView(View):
    """A POST with a form that calls one verb of a record; what the verb refuses is said on the record's card, with the
    form as it was sent."""

    http_method_names = ["post"]
    model: type[models.Model]
    form_class: type[forms.Form]

    def post(self, request, pk, **_where):
        options = self.model._meta
        if not request.user.has_perm(f"{options.app_label}.change_{options.model_name}"):
            raise PermissionDenied
        record = get_object_or_404(visible(self.model._default_manager.all(), request.user), pk=pk)
        form = self.form(record)
        narrow(form, request.user)
        try:
            if not form.is_valid():
                raise ValidationError([f"{form[name].label}: {' '.join(found)}" for name, found in form.errors.items()])
            messages.success(request, self.act(record, form.cleaned_data))
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
            door = request.resolver_match.view_name
            return shown_again(request, f"{options.model_name}:inspect", pk, door, form)
        return redirect(f"{options.model_name}:inspect", pk)

    def form(self, record: models.Model) -> forms.Form:
        """With what was sent."""
        return self.form_class(self.request.POST)

    def act(self, record: models.Model, answers: dict) -> str:
        """Call the verb; return what to tell the user."""
        raise NotImplementedError


class RecordDeleteView(SeenObject, generic.DeleteView):
    def form_valid(self, form):
        try:
            return super().form_valid(form)
        except (ProtectedError, RestrictedError) as error:
            held = error.protected_objects if isinstance(error, ProtectedError) else error.restricted_objects
            holders = sorted({str(one._meta.verbose_name_plural) for one in held})
            message = gettext("%(record)s cannot be deleted while these refer to it: %(holders)s.")
            return self.refuse(message % {"record": self.object, "holders": ", ".join(holders)})
        except ValidationError as refusal:
            return self.refuse(" ".join(refusal.messages))

    def refuse(self, sentence: str):
        messages.error(self.request, sentence)
        return redirect(self.edit_url_name, quote(self.object.pk))


class RecordViewSet(ModelViewSet):
    """The screens of one kind of record, below /admin/<url_prefix>/."""

    index_view_class = RecordIndexView
    add_view_class = RecordCreateView
    inspect_view_class = RecordInspectView
    edit_view_class = RecordEditView
    delete_view_class = RecordDeleteView
    history_view_class = RecordHistoryView
    inspect_view_enabled = True
    has_timeline = False
    copy_view_enabled = False
    add_to_reference_index = False  # records are found through relations; the index would slow every import
    list_per_page = 50

    @cached_property
    def menu_label(self):
        return capfirst(self.model._meta.verbose_name_plural)

    def get_index_view_kwargs(self, **kwargs):
        """A list is called what the menu calls it."""
        return super().get_index_view_kwargs(**({"page_title": self.menu_label} | kwargs))

    def get_common_view_kwargs(self, **kwargs):
        return super().get_common_view_kwargs(**{**kwargs, "usage_url_name": None})

    def get_inspect_view_kwargs(self, **kwargs):
        kwargs = {"template_name": self.inspect_view_class.template_name, **kwargs}
        if self.has_timeline:
            kwargs = {"timeline_url_name": self.get_url_name("timeline"), **kwargs}
        return super().get_inspect_view_kwargs(**({"who_url_name": self.get_url_name("who")} | kwargs))

    @property
    def who_view(self):
        return self.construct_view(WhoSeesView)

    @property
    def timeline_view(self):
        return self.construct_view(TimelineView)

    def get_urlpatterns(self):
        who = [path("<str:pk>/who/", self.who_view, name="who")] if is_guarded(self.model) else []
        times = [path("<str:pk>/timeline/", self.timeline_view, name="timeline")] if self.has_timeline else []
        return [*super().get_urlpatterns(), *who, *times]
