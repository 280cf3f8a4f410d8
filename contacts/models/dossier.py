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
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.models import ModelLogEntry

from contacts import pdf
from contacts.models import wording
from contacts.models.application import Application
from contacts.models.interaction import Interaction
from contacts.models.person import Person
from contacts.models.received import ReceivedFile, ReceivedLetter, of_person
from contacts.models.review import ApplicationDocument, ApplicationStep
from contacts.models.suppression import Suppression, digest
from contacts.models.user import User

# What is made of other fields, seals a link or a door, or is the same text once more.
INNER = {"id", "search_text", "nonce", "uid", "guid", "html", "calendar", "merged_into", "person", "digest"}
INNER |= {"about_type", "about_id", "user", "sequence", "revised_at", "kept", "gone", "password", "is_superuser"}
INNER |= {"token_hash", "code", "key", "letter", "file", "subject_digest", "entry_digest", "written", "is_ragged"}
INNER |= {"unknown_organization", "perhaps"}
# Rows that say nothing of themselves, speak of two people, or only lead to what is told in full.
WITHOUT = {"matchkey", "duplicatepair", "merge", "interactionparty"}


@dataclass(frozen=True)
class Fact:
    """One field of a row: its name and value for machines, its label and text for people; "" is not for them."""

    name: str
    label: str
    value: object
    text: str


@dataclass(frozen=True)
class Holding:
    """The rows of one kind."""

    kind: str
    label: str
    rows: list[list[Fact]]

    @property
    def told(self) -> list[list[Fact]]:
        """What people are told of the rows."""
        rows = ([fact for fact in row if fact.text] for row in self.rows)
        return [row for row in rows if row]


def records_of(person: Person) -> list[Person]:
    """The record and the old ones that were merged into it."""
    found, new = [], [person]
    while new:
        found += new
        new = list(Person.everyone.filter(merged_into__in=new))
    return found


def rows_of(people: list[Person]) -> Iterator[tuple[type[models.Model], models.QuerySet]]:
    """Every table with rows that belong to `people`, and these rows."""
    applications = list(Application.objects.held_of(people).values_list("pk", flat=True))
    # The rooms above say first what is theirs: it may be known by addresses, which an erasure takes away on its way.
    elsewhere = [row for provide in hooks.get_hooks("dossier_rows") for row in provide(people)]
    for relation in Person._meta.related_objects:
        if relation.related_model not in (Person, Application) and not relation.many_to_many:
            rows = relation.related_model._default_manager.filter(**{f"{relation.field.name}__in": people})
            yield relation.related_model, rows
    yield from elsewhere
    yield ApplicationDocument, ApplicationDocument.objects.filter(application__in=applications)
    yield ApplicationStep, ApplicationStep.objects.filter(application__in=applications)
    yield Application, Application.objects.filter(pk__in=applications)


def dossier(person: Person) -> list[Holding]:
    """What is held about `person`, in the active language."""
    people = records_of(person)
    spoken = Interaction.objects.filter(parties__person__in=people).distinct()
    accounts = User.objects.filter(person__in=people)
    addresses = [digest(email.address) for one in people for email in one.emails.all()]
    wrote = ReceivedLetter.objects.filter(of_person(people))
    files = ReceivedFile.objects.filter(letter__in=wrote)
    tables = [(Person, people), *rows_of(people), (Interaction, spoken), (User, accounts)]
    tables = [(model, rows) for model, rows in tables if model is not ReceivedLetter]
    tables += [(ReceivedLetter, wrote), (ReceivedFile, files)]
    tables.append((Suppression, Suppression.objects.filter(digest__in=addresses)))
    found = [
        Holding(model._meta.model_name, wording.heading(model, len(held)), [_facts(row) for row in held])
        for model, rows in tables
        if model._meta.model_name not in WITHOUT and (held := list(rows))
    ]
    entries = [_said(entry) for entry in history(people)]
    return [*found, Holding("history", str(_("History")), entries)] if entries else found


def history(people: list[Person]):
    """The entries of the history about `people`, and about what belongs to them."""
    about = Q()
    for model, rows in [(Person, people), *rows_of(people)]:
        if keys := [str(row.pk) for row in rows]:
            about |= Q(content_type=ContentType.objects.get_for_model(model), object_id__in=keys)
    return ModelLogEntry.objects.filter(about).order_by("timestamp", "pk")


def as_json(person: Person) -> bytes:
    """The dossier for machines: kind -> rows, each name of a field -> value."""
    held = {one.kind: [{fact.name: fact.value for fact in row} for row in one.rows] for one in dossier(person)}
    facts = {"person": person.pk, "as_of": timezone.now(), "held": held}
    return json.dumps(facts, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2).encode()


def as_pdf(person: Person) -> bytes:
    """The dossier for people, in the active language."""
    sections = [
        pdf.Section(one.label, [[(fact.label, fact.text) for fact in row] for row in one.told])
        for one in dossier(person)
    ]
    title = _("What we hold about %(name)s") % {"name": person.name}
    as_of = _("As of %(day)s.") % {"day": date_format(timezone.localdate())}
    language = (get_language() or "en").split("-")[0]
    return pdf.sheet(title, as_of, sections, language=language, footer=title)


def _facts(row: models.Model) -> list[Fact]:
    facts = []
    for field in row._meta.concrete_fields:
        if field.name not in INNER:
            shown = getattr(row, f"get_{field.name}_display", None)
            value = shown() if shown else getattr(row, field.name)
            plain = str(value) if isinstance(value, models.Model | models.fields.files.FieldFile) else value
            label = capfirst(wording.label(type(row), field.name))
            facts.append(Fact(field.name, label, plain, wording.wording(row, field)))
    return facts


def _said(entry: ModelLogEntry) -> list[Fact]:
    return [
        Fact("timestamp", _("When"), entry.timestamp, wording.text("timestamp", entry.timestamp)),
        Fact("action", _("What"), str(entry.message), str(entry.message)),
        Fact("label", pgettext("history", "About"), entry.label, entry.label),
        Fact("data", _("In detail"), entry.data, wording.detail(entry)),
    ]
