"""Wording: what a record says, in words of the active language for a reader who knows nothing of tables."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import models
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import ModelLogEntry

from contacts.models.person import Person
from network.changes import in_words
from network.labels import Labels, language_name
from network.models import Country

# What only the house's own machinery reads.
TECHNICAL = {
    *("appearance.position", "message.calendar_method", "message.message_id", "receivedletter.message_id"),
    *("applicationstep.version", "application.version", "screeningquestion.score", "screeningquestion.file_digest"),
    *("screeningquestion.version", "receivedfile.kind", "returnedletter.is_final"),
}
# What is kept in a form of its own, and how the record tells it: lines, or pairs of a label and a text.
TOLD = {
    "applicationstep.data": lambda step: step.said(),
    "importrow.cells": lambda row: row.values(row.batch.columns).items(),
    "importrow.edits": lambda row: row.edits.items(),
    "importrow.changes": lambda row: differences(Person, row.changes),
    "importrow.notes": lambda row: row.notes,
    "screeningquestion.said": lambda question: map(str, question.reasons),
    "screeningquestion.listed": lambda question: [question.listed_name] if question.listed else [],
}


# What rows are called beside a person, where what they are called in their own room would not say it.
BESIDE_A_PERSON = {
    "interactionparty": gettext_lazy("Part in meetings, calls and notes"),
    "mailingrecipient": gettext_lazy("Mailings to this person"),
    "matchkey": gettext_lazy("Marks by which duplicates are found"),
}


def heading(model: type[models.Model], count: int = 0) -> str:
    """What readers call the rows of a person, or the one that there is."""
    meta = model._meta
    usual = meta.verbose_name if count == 1 else meta.verbose_name_plural
    return str(capfirst(BESIDE_A_PERSON.get(meta.model_name, usual)))


def label(model: type[models.Model] | None, name: str) -> str:
    """What readers call the field `name`: its label, else what it leads to; a text that is no field is translated."""
    field = {field.name: field for field in _fields(model)}.get(name)
    if field is None:
        return _(name)
    is_labelled = isinstance(field.verbose_name, Promise) or not field.related_model
    return str(field.verbose_name if is_labelled else field.related_model._meta.verbose_name)


def wording(row: models.Model, field: models.Field) -> str:
    """What the field of `row` says; "" where it says nothing, or nothing to people."""
    place = f"{row._meta.model_name}.{field.name}"
    if place in TECHNICAL:
        return ""
    if place in TOLD:
        return lines(TOLD[place](row))
    if field.choices and field.name != "language" and getattr(row, field.name) is not None:
        return str(getattr(row, f"get_{field.name}_display")())
    return text(field.name, getattr(row, field.name))


def text(name: str, value: object) -> str:
    """`value`, of a field called `name`, in words."""
    if value in (None, "", False):
        return ""
    if isinstance(value, bool):
        return _("yes")
    if isinstance(value, Labels):
        return lines((language_name(code), words) for code, words in sorted(value.items()))
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(value, date):
        return date_format(value)
    if name in ("language", "languages"):
        return ", ".join(map(language_name, [value] if isinstance(value, str) else value))
    if name == "size":
        return filesizeformat(value)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def lines(told: Iterable) -> str:
    """Lines, of texts or of pairs of a label and a text, without those that say nothing."""
    pairs = [one if isinstance(one, tuple) else ("", one) for one in told]
    said = [(capfirst(name), str(words)) for name, words in pairs if words]
    sentence = _("%(label)s: %(text)s")
    return "\n".join(sentence % {"label": apart(name), "text": apart(words)} if name else words for name, words in said)


def differences(model: type[models.Model] | None, changes: Iterable) -> list[tuple[str, str]]:
    """What changed, as label and text: what was said before, and what is said since."""
    return [(label(model, name), _difference(*(_said(name, words) for words in said))) for name, *said in changes]


def detail(entry: ModelLogEntry) -> str:
    """What an entry of the history says beyond what was done; to which record it leads is for machines."""
    model = entry.content_type.model_class()
    told = [field for field in _fields(model) if field.name in entry.data and not field.is_relation]
    facts = [(label(model, field.name), _told(field, entry.data[field.name])) for field in told]
    return lines([*differences(model, entry.data.get("changes", [])), *facts])


def apart(words: str) -> str:
    """`words` in a direction of their own, whatever stands beside them (Unicode's first strong isolate)."""
    return f"\N{FIRST STRONG ISOLATE}{words}\N{POP DIRECTIONAL ISOLATE}"


def _fields(model: type[models.Model] | None) -> list[models.Field]:
    return list(model._meta.concrete_fields) if model else []  # none of a kind of record that is no more


def _told(field: models.Field, value: object) -> str:
    return next((str(words) for key, words in field.flatchoices if key == value), text(field.name, value))


def _said(name: str, words: object) -> str:
    return in_words(name, words, SimpleLazyObject(Country.objects.by_code))


def _difference(before: str, after: str) -> str:
    if not before or not after:
        return after or _("%(text)s was removed") % {"text": apart(before)}
    return (
        f"{apart(before)} → {apart(after)}"  # without letters outside of the two, it runs as its arrow in any language
    )
