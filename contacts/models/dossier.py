"""Dossier: everything that the house holds about one human being, from whichever room (GDPR, article 15).

It is read off the relations, so that a table that is added later cannot be forgotten."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.models import ModelLogEntry

from contacts import pdf
from contacts.models.person import Person
from contacts.models.suppression import Suppression, digest

# What is made of other fields, seals a link, or is the same text once more.
INNER = {
    "id",
    "search_text",
    "nonce",
    "uid",
    "guid",
    "html",
    "calendar",
    "merged_into",
    "person",
    "digest",
    "about_type",
}
INNER |= {"about_id", "user", "sequence", "revised_at", "kept", "gone"}
# Rows that say nothing of themselves, or speak of two people.
WITHOUT = {"matchkey", "duplicatepair", "merge"}


@dataclass(frozen=True)
class Holding:
    """The rows of one kind, each as label -> value."""

    kind: str
    label: str
    rows: list[dict[str, object]]


def records_of(person: Person) -> list[Person]:
    """The record and the old ones that were merged into it."""
    found, new = [], [person]
    while new:
        found += new
        new = list(Person.everyone.filter(merged_into__in=new))
    return found


def relations() -> list:
    """All that belongs to a person."""
    return [relation for relation in Person._meta.related_objects if relation.related_model is not Person]


def rows_of(people: list[Person]) -> Iterator[tuple[type[models.Model], models.QuerySet]]:
    for relation in relations():
        if not relation.many_to_many:
            rows = relation.related_model._default_manager.filter(**{f"{relation.field.name}__in": people})
            yield relation.related_model, rows


def dossier(person: Person) -> list[Holding]:
    """What is held about `person`, in the active language."""
    people = records_of(person)
    found = [_holding(Person, people)]
    for model, rows in rows_of(people):
        if model._meta.model_name not in WITHOUT and (held := list(rows)):
            found.append(_holding(model, held))
    addresses = [digest(email.address) for one in people for email in one.emails.all()]
    if objections := list(Suppression.objects.filter(digest__in=addresses)):
        found.append(_holding(Suppression, objections))
    if entries := list(history(people)):
        found.append(_history(entries))
    return found


def history(people: list[Person]):
    """The entries of the history about `people`, and about what belongs to them."""
    about = Q()
    for model, rows in [(Person, people), *((model, list(rows)) for model, rows in rows_of(people))]:
        if keys := [str(row.pk) for row in rows]:
            about |= Q(content_type=ContentType.objects.get_for_model(model), object_id__in=keys)
    return ModelLogEntry.objects.filter(about).order_by("timestamp")


def as_json(person: Person) -> bytes:
    """The dossier for machines: kind -> rows, with names of fields."""
    held = {holding.kind: holding.rows for holding in dossier(person)}
    facts = {"person": person.pk, "as_of": timezone.now(), "held": held}
    return json.dumps(facts, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2, default=str).encode()


def as_pdf(person: Person) -> bytes:
    """The dossier for people, in the active language."""
    sections = [
        pdf.Section(
            holding.label,
            [(label, _text(value)) for row in holding.rows for label, value in row.items() if value not in ("", None)],
        )
        for holding in dossier(person)
    ]
    title = _("What we hold about %(name)s") % {"name": person.name}
    as_of = _("As of %(day)s.") % {"day": date_format(timezone.localdate())}
    language = (get_language() or "en").split("-")[0]
    return pdf.sheet(title, as_of, sections, language=language, footer=title)


def _holding(model: type[models.Model], rows: list[models.Model]) -> Holding:
    return Holding(model._meta.model_name, str(capfirst(model._meta.verbose_name_plural)), [_row(row) for row in rows])


def _row(row: models.Model) -> dict[str, object]:
    said: dict[str, object] = {}
    for field in row._meta.concrete_fields:
        if field.name not in INNER:
            shown = getattr(row, f"get_{field.name}_display", None)
            value = shown() if shown else getattr(row, field.name)
            said[str(field.verbose_name)] = str(value) if isinstance(value, models.Model) else value
    return said


def _history(entries: list[ModelLogEntry]) -> Holding:
    rows = [
        {str(_("when")): entry.timestamp, str(_("what")): entry.action, str(_("of")): entry.label, **entry.data}
        for entry in entries
    ]
    return Holding("history", str(_("History")), rows)


def _text(value: object) -> str:
    if hasattr(value, "isoformat"):
        return str(value)[:19]
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)
