"""The questions that the admin asks about countries, topics and organizations."""

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from django import forms
from django.forms.utils import flatatt
from django.utils import timezone
from django.utils.html import format_html
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
    return [(country.pk, str(country)) for country in alphabetically(Country.objects.all())]


def topic_choices() -> list[tuple[int, str]]:
    """Every topic below its broader one."""
    narrower = defaultdict(list)
    for topic in Topic.objects.all():
        narrower[topic.parent_id].append(topic)
    return list(_below(None, narrower))


class LongSelect(forms.Select):
    """A select of hundreds: Django's own runs a template an option, which takes longer than the rest of the page."""

    def render(self, name, value, attrs=None, renderer=None):
        chosen = set(self.format_value(value))
        html_attrs = flatatt(self.build_attrs(self.attrs, {**(attrs or {}), "name": name}))
        return format_html("<select{}>{}</select>", html_attrs, _options(self.choices, chosen))


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
    """The day that a card is read for; empty is today."""

    on = forms.DateField(label=_("As of"), widget=AdminDateInput, required=False)

    @property
    def day(self):
        """The day asked for, or today where none is, or none that can be read."""
        return (self.is_valid() and self.cleaned_data["on"]) or timezone.localdate()


class TopicForm(RecordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._offer("parent", topic_choices)


def _options(choices: Iterable, chosen: set[str]) -> str:
    written = []
    for key, label in choices:
        if isinstance(label, list | tuple):
            written.append(format_html('<optgroup label="{}">{}</optgroup>', key, _options(label, chosen)))
        else:
            selected = mark_safe(" selected") if str(key) in chosen else ""
            written.append(format_html('<option value="{}"{}>{}</option>', key, selected, label))
    return mark_safe("".join(written))  # noqa: S308  (each part was escaped)


def _letters(text: str) -> str:
    spread = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in spread if not unicodedata.combining(letter))


def _below(parent: int | None, narrower: dict[int | None, list[Topic]], depth: int = 0) -> Iterator[tuple[int, str]]:
    for topic in narrower[parent]:
        yield topic.pk, "— " * depth + str(topic)
        yield from _below(topic.pk, narrower, depth + 1)
