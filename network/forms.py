"""The questions that the admin asks about countries, topics and organizations."""

import calendar
import datetime
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from django import forms
from django.forms.utils import flatatt
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.formats import date_format
from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.widgets import AdminDateInput

from network.models import Country, Topic


def alphabetically(records: Iterable, shown: Callable = str, reverse: bool = False) -> list:
    """`records` in the order of what their reader sees; an accent does not send a name to the end of the list."""
    return sorted(records, key=lambda record: _letters(shown(record)), reverse=reverse)


def country_choices() -> list[tuple[str, str]]:
    """Every country by the name that the reader sees."""
    return alphabetically(((country.pk, str(country)) for country in Country.objects.all()), itemgetter(1))


def topic_choices() -> list[tuple[int, str]]:
    """Every topic below its broader one."""
    narrower = defaultdict(list)
    for topic in Topic.objects.all():
        narrower[topic.parent_id].append(topic)
    return list(_below(None, narrower))


class ForStrangers(forms.Form):
    """A form that is open to everybody."""

    # Nobody sees this field; who fills it in is a machine.
    fax = forms.CharField(required=False, label=_("Leave this empty"))

    @property
    def is_machine(self) -> bool:
        return bool(self.cleaned_data.get("fax"))


class LongSelect(forms.Select):
    """A select of hundreds: Django's own runs a template an option, which takes longer than the rest of the page."""

    def render(self, name, value, attrs=None, renderer=None):
        chosen = set(self.format_value(value))
        html_attrs = flatatt(self.build_attrs(self.attrs, {**(attrs or {}), "name": name}))
        return format_html("<select{}>{}</select>", html_attrs, _options(self.choices, chosen))


class Period(NamedTuple):
    """The days from `first` to `last`."""

    first: datetime.date
    last: datetime.date

    @classmethod
    def of_day(cls, day: datetime.date) -> "Period":
        return cls(day, day)

    @classmethod
    def of_month(cls, year: int, month: int) -> "Period":
        return cls(datetime.date(year, month, 1), datetime.date(year, month, calendar.monthrange(year, month)[1]))

    def __str__(self) -> str:
        return date_format(self.first, "DATE_FORMAT" if self.first == self.last else "YEAR_MONTH_FORMAT")


class PeriodField(forms.DateField):
    """A day, or a month: 2024-03, 3/2024, or its name in the active language or in English and the year."""

    default_error_messages = {"invalid": _("Enter a day, or a month such as 2024-03 or March 2024.")}

    def to_python(self, value) -> Period | None:
        if isinstance(value, Period) or value in self.empty_values:
            return value or None
        try:
            return _month(str(value)) or Period.of_day(super().to_python(value))
        except ValueError:  # a year or a month that there is not
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None


class MatchingForm(BaseFilterForm):
    """The search of a chooser: through names in any script or accent."""

    q = forms.CharField(
        label=_("Search term"), widget=forms.TextInput(attrs={"placeholder": _("Search")}), required=False
    )

    def filter(self, objects):
        self.search_query = self.cleaned_data.get("q")
        self.is_searching = bool(self.search_query)
        return objects.matching(self.search_query) if self.is_searching else objects


class RecordForm(WagtailAdminModelForm):
    """A record's form; countries by name and topics as a tree, where it has them."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._offer("country", country_choices)
        self._offer("countries", country_choices)
        self._offer("topics", topic_choices)

    def _offer(self, name: str, choices) -> None:
        if field := self.fields.get(name):
            empty = [("", "---------")] if not isinstance(field, forms.ModelMultipleChoiceField) else []
            field.choices = [*empty, *choices()]


class AsOfForm(forms.Form):
    """The day, or the month, that a card is read for; empty is today."""

    on = PeriodField(
        label=_("As of"),
        widget=AdminDateInput,
        required=False,
        help_text=_("A day, or a month such as 2024-03 or March 2024."),
    )

    @property
    def period(self) -> Period:
        """What is asked for, or today where nothing is, or nothing that can be read."""
        return (self.is_valid() and self.cleaned_data["on"]) or Period.of_day(timezone.localdate())


class TopicForm(RecordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._offer("parent", topic_choices)


def _options(choices: Iterable, chosen: set[str]) -> str:
    written = []
    for key, label in choices:
        if isinstance(label, list | tuple):
            written.append(f'<optgroup label="{escape(key)}">{_options(label, chosen)}</optgroup>')
        else:
            selected = " selected" if str(key) in chosen else ""
            written.append(f'<option value="{escape(key)}"{selected}>{escape(label)}</option>')
    return mark_safe("".join(written))  # noqa: S308  (each part was escaped)


def _month(text: str) -> Period | None:
    """The month that `text` names, if it is one. Raises ValueError for one that there is not."""
    if found := re.fullmatch(r"(\d{4})[-/. ](\d{1,2})", text.strip()):
        return Period.of_month(int(found[1]), int(found[2]))
    if found := re.fullmatch(r"(\d{1,2})[-/. ](\d{4})", text.strip()):
        return Period.of_month(int(found[2]), int(found[1]))
    name, _space, year = text.strip().rpartition(" ")
    names = {_letters(word): number for number, word in enumerate(calendar.month_name) if word}
    names |= {_letters(str(word)): number for number, word in MONTHS.items()}
    number = names.get(_letters(name.removesuffix(" de")))
    return Period.of_month(int(year), number) if number and year.isdecimal() else None


@lru_cache(maxsize=4096)  # hundreds of countries are sorted for every list
def _letters(text: str) -> str:
    spread = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in spread if not unicodedata.combining(letter))


def _below(parent: int | None, narrower: dict[int | None, list[Topic]], depth: int = 0) -> Iterator[tuple[int, str]]:
    for topic in narrower[parent]:
        yield topic.pk, "— " * depth + str(topic)
        yield from _below(topic.pk, narrower, depth + 1)
