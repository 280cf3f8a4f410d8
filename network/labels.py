"""A text in the languages of the house, kept on the record itself: the title of an event, the name of a topic."""

import json

from django import forms
from django.conf import settings
from django.db import models
from django.db.models.query_utils import DeferredAttribute
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext_lazy as _

RIGHT_TO_LEFT = {"ar", "he", "fa", "ur"}


def language_name(code: str) -> str:
    """The language `code` in the words of the active language; the code itself where Django does not know it."""
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


class Labels(dict):
    """Language code -> text. `str()` reads in the active language, else English, else whatever there is."""

    def in_language(self, code: str) -> str:
        """The text in the language `code`, or the nearest that exists, or ""."""
        return self.get(code) or self.get("en") or next(filter(None, self.values()), "")

    def __str__(self) -> str:
        return self.in_language((get_language() or "en").split("-")[0])

    def __hash__(self) -> int:  # Django's querysets and forms put values into sets
        return hash(tuple(sorted(self.items())))

    @classmethod
    def of(cls, value: "dict[str, str] | str | None") -> "Labels":
        """Labels from a mapping, from one English text, or from nothing; empty texts are left out."""
        texts = {"en": value} if isinstance(value, str) else value or {}
        return cls({code: text.strip() for code, text in texts.items() if text and text.strip()})


def told_apart(one: Labels, other: Labels) -> tuple[str, str]:
    """Two texts in the active language; where they are the same there, in the languages in which they are not."""
    if str(one) != str(other):
        return str(one), str(other)
    codes = [code for code in {**one, **other} if one.get(code) != other.get(code)]
    first, second = (
        " / ".join(f"\u2068{language_name(code)}: {text[code]}\u2069" for code in codes if code in text)
        for text in (one, other)
    )
    return first, second


class LabelsAttribute(DeferredAttribute):
    """What is put into the field is Labels from then on, be it a mapping or one English text."""

    def __set__(self, instance, value):
        instance.__dict__[self.field.attname] = self.field.to_python(value)


class LabelsField(models.TextField):
    """Stores Labels as JSON text with sorted keys and plain letters, so that `icontains` finds any language."""

    descriptor_class = LabelsAttribute

    def __init__(self, *args, rows: int = 1, **kwargs):
        kwargs["default"] = Labels
        self.rows = rows
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        del kwargs["default"]
        return name, path, args, kwargs

    def from_db_value(self, value, expression, connection):
        return Labels(json.loads(value)) if value else Labels()

    def to_python(self, value):
        if isinstance(value, Labels) or hasattr(value, "resolve_expression"):
            return value
        texts = _serialized(value)
        return Labels.of(value if texts is None else texts)

    def get_prep_value(self, value):
        if isinstance(value, str):
            return value  # a search text, or JSON already
        return json.dumps(Labels.of(value), ensure_ascii=False, sort_keys=True)

    def value_to_string(self, obj):
        return self.get_prep_value(self.value_from_object(obj))

    def formfield(self, **kwargs):
        return models.Field.formfield(
            self, form_class=LabelsFormField, **{"rows": self.rows, "required": not self.blank, **kwargs}
        )


def _serialized(value) -> dict[str, str] | None:
    """The mapping that a fixture wrote as JSON; None for a mapping itself and for a plain text, be it in braces."""
    try:
        found = json.loads(value)
    except (TypeError, ValueError):
        return None
    return found if isinstance(found, dict) and all(isinstance(text, str) for text in found.values()) else None


class LabelsWidget(forms.MultiWidget):
    """One input a language, each with its own `lang` and `dir`."""

    template_name = "network/labels_widget.html"

    def __init__(self, rows: int = 1, attrs=None):
        self.rows = rows
        control = forms.Textarea if rows > 1 else forms.TextInput
        super().__init__({code: control(self._attrs(code, name)) for code, name in settings.LANGUAGES}, attrs)

    def _attrs(self, code: str, name: str) -> dict[str, str]:
        attrs = {"lang": code, "dir": "rtl" if code in RIGHT_TO_LEFT else "ltr", "aria-label": name}
        return {**attrs, "rows": str(self.rows)} if self.rows > 1 else attrs

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        for widget, (_code, language) in zip(context["widget"]["subwidgets"], settings.LANGUAGES, strict=True):
            widget["language"] = language
        return context

    def decompress(self, value):
        return [(value or {}).get(code, "") for code, _name in settings.LANGUAGES]


class LabelsFormField(forms.MultiValueField):
    """A form field that gives Labels; one language is enough."""

    def __init__(self, *, rows: int = 1, required: bool = True, **kwargs):
        kwargs.pop("max_length", None)
        kwargs["widget"] = LabelsWidget(rows)
        fields = [forms.CharField(required=False) for _language in settings.LANGUAGES]
        super().__init__(fields, required=required, require_all_fields=False, **kwargs)
        self.error_messages["required"] = _("Write it in at least one language.")

    def compress(self, values):
        return Labels.of(dict(zip((code for code, _name in settings.LANGUAGES), values, strict=False)))

    def has_changed(self, initial, data):
        return Labels.of(initial) != self.compress(data or [])
