"""How the people of a contact list become rows, linked to their organizations (see `network.models.intake`)."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from functools import reduce
from operator import or_

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop as _

from contacts.matching import Profile
from contacts.sheets import PersonRecord
from network.matching import Index, Match
from network.models import Organization
from network.models.intake import Entry, Intake, Progress, in_batches, put, too_long
from network.names import fold
from network.sentences import Sentence
from network.sheets import Refusal, Tally

NAMES = 200  # in one question: all pairs of the given and family names of a batch would be far too many


class PersonManager(models.Manager):
    def take_records(
        self, records: Iterable[PersonRecord | Refusal], *, by=None, progress: Progress | None = None
    ) -> Tally:
        """Take what a file says of people, as `contacts.sheets.read_people` gives it, and say what became of it.
        `progress` is called with the number of rows done.

        A person is known by the reference; else, unless both have one, by the names together with the first e-mail
        address; and a row without both, by the names together with the organization. What a record leaves empty stays
        as it is; addresses, telephone numbers, languages and affiliations are added, and a second time writes nothing.
        The first address is the one for letters unless the person has one. An organization is found by its reference,
        else by a name that only one has, else as the one that the words mean, with a note; it is never made here: a
        person without it is taken in, with a note. Raises
        what `records` raises; the rows before are then in."""
        return PersonIntake(self.model, by).take(records, progress)


class PersonIntake(Intake):
    action = "contacts.person.import"
    fields = (
        *("reference", "honorific", "given_name", "family_name", "languages", "country", "search_text"),
        *("passport_given_name", "passport_family_name"),
    )

    def __init__(self, model, by=None):
        super().__init__(model, by)
        self.email, self.phone, self.affiliation = (
            model._meta.get_field(name).related_model for name in ("emails", "phones", "affiliations")
        )
        self.names: dict[str, list[tuple[int, str]]] | None = None
        self.written: Index | None = None
        self.meant: dict[tuple[str, str], Match | None] = {}  # what was looked up there
        self.corrected: list[models.Model] = []  # affiliations whose position the batch changes

    def key(self, record: PersonRecord) -> Hashable:
        mark = next(iter(record.emails), record.organization_reference or fold(record.organization_name))
        return record.reference or (record.given_name, record.family_name, mark)

    def objection(self, record: PersonRecord) -> str:
        long = (too_long(self.email, address=address) for address in record.emails)
        return self.unknown_country(record) or _backwards(record) or next(filter(None, long), "")

    def organizations(self):
        """Those that a person may be linked to: of a desk's members only what they see."""
        return Organization.objects.within_reach_of(self.by)

    def held(self, people):
        """`people`, as they are to be read."""
        return people

    def meet(self, people: set[int]) -> None:
        """Told of the people (keys) whom the records of a batch may be about, before any of them is touched."""

    def enter(self, records: list[PersonRecord]) -> Iterator[Entry]:
        known = _Known(self, records)
        self.meet(known.people)
        erased = self._erased(records)
        register = self._register(
            {record.organization_reference for record in records if record.organization_reference}
        )
        for record in records:
            named = register.get(record.organization_reference)
            found = [named] if named else self._organizations_named(record)
            organization = found[0] if len(found) == 1 else None
            person = known.person(record, organization)
            if erased.intersection(record.emails).difference(known.addresses(person)):
                self.refuse(record, Sentence(_("Somebody with this address has been erased at their wish.")))
                continue
            if person is None:
                person = self.model(reference=record.reference or None)
            elif not self.claim(record, person):
                continue
            if organization is None and record.organization:
                self._note_organization(record, found)
            if organization is None:
                self._note_position(record, known.affiliations[person.pk])
            yield self._entry(record, person, known, organization)

    def _erased(self, records: list[PersonRecord]) -> set[str]:
        """Addresses of people who were erased: nobody comes back through a file, whoever mends its rows."""
        suppressions = apps.get_model("contacts", "Suppression").objects  # it stands above people, and so above this
        return suppressions.erased([address for record in records for address in record.emails])

    def _register(self, references: set[str]) -> dict[str, int]:
        """Reference -> key of the organization that stands for it."""
        known = Organization.everyone.filter(reference__in=references).standing_for(self.by)
        return {organization.reference: standing.pk for organization, standing in known}

    def _organizations_named(self, record: PersonRecord) -> list[int]:
        """Those of that very name; or else the one that the words mean, if they mean one."""
        if not record.organization_name:
            return []
        if self.names is None:
            self.names = self.organizations().by_name()
        found = [pk for pk, _country in self.names.get(fold(record.organization_name), [])]
        match = self._meant(record) if len(found) != 1 else None
        if match and match.is_strong:
            sentence = _("“%(text)s” was taken for %(name)s.")
            self.note(record.row, Sentence(sentence, text=record.organization_name, name=match.body.names[0]))
            return [match.body.key]
        return found

    def _meant(self, record: PersonRecord) -> Match | None:
        if self.written is None:
            self.written = self.organizations().as_index()
        asked = (record.organization_name, record.country)
        if asked not in self.meant:
            self.meant[asked] = self.written.best(*asked)
        return self.meant[asked]

    def _note_organization(self, record: PersonRecord, found: list[int]) -> None:
        sentence = _("Several organizations are called “%(name)s”; the person was linked to none of them.")
        facts = {"name": record.organization}
        if not found:
            sentence = _("The organization “%(name)s” is not known; the person was linked to none.")
        if not found and record.organization_name and (match := self._meant(record)):
            facts["like"] = match.body.names[0]
            sentence = _("“%(name)s” is not known, perhaps %(like)s; the person was linked to none.")
        self.note(record.row, Sentence(sentence, **facts))

    def _note_position(self, record: PersonRecord, there: list) -> None:
        """A position without an organization is nowhere kept, unless the person has it already."""
        if record.position and record.position not in {affiliation.position for affiliation in there}:
            sentence = _("The position “%(position)s” is left out, because the organization is not known.")
            self.note(record.row, Sentence(sentence, position=record.position))

    def _entry(self, record: PersonRecord, person, known: "_Known", organization: int | None) -> Entry:
        is_new = person.pk is None
        languages = list(dict.fromkeys([*([] if is_new else person.languages or []), *record.languages]))
        differs = put(
            person,
            reference=person.reference or record.reference,
            honorific=record.honorific,
            given_name=record.given_name,
            family_name=record.family_name,
            languages=languages,
            country_id=record.country,
            passport_given_name=record.passport_given_name,
            passport_family_name=record.passport_family_name,
        )
        emails = self._new_emails(record, person, known.emails[person.pk])
        if differs or emails:
            person.search_text = person.spell(email.address for email in [*known.emails[person.pk], *emails])
        phones = self._new_phones(record, person, known.phones[person.pk])
        corrected = len(self.corrected)
        affiliations = self._new_affiliations(record, person, known.affiliations[person.pk], organization)
        parts = [*emails, *phones, *affiliations]
        differs = differs or bool(parts) or len(self.corrected) > corrected
        return Entry(record, person, is_new, differs, parts)

    def _new_emails(self, record: PersonRecord, person, known: list) -> list:
        there = {email.address.lower() for email in known}
        new = [self.email(person=person, address=address) for address in record.emails if address not in there]
        if new and not known:
            new[0].is_primary = True
        return new

    def _new_phones(self, record: PersonRecord, person, known: list) -> list:
        there, kinds = {phone.number for phone in known}, dict(zip(record.phones, record.phone_kinds, strict=False))
        return [
            self.phone(person=person, number=number, kind=kinds.get(number) or "WORK")
            for number in record.phones
            if number not in there
        ]

    def _new_affiliations(self, record: PersonRecord, person, known: list, organization: int | None) -> list:
        """The affiliation that the record speaks of, unless the person has, or had, that position there."""
        there = [affiliation for affiliation in known if affiliation.organization_id == organization]
        is_told = any(record.position in ("", affiliation.position) for affiliation in there)
        if organization is None or is_told or self._corrected(record, there):
            return []
        dates = {"starts_on": record.starts_on, "ends_on": record.ends_on}
        return [self.affiliation(person=person, organization_id=organization, position=record.position, **dates)]

    def _corrected(self, record: PersonRecord, there: list) -> bool:
        """Whether the record's position is a new word for the only one that has not ended."""
        lasting = [affiliation for affiliation in there if affiliation.ends_on is None and record.ends_on is None]
        if len(lasting) == 1:
            lasting[0].position = record.position
            self.corrected.extend(lasting)
        return len(lasting) == 1

    def _write(self, entries: list[Entry]) -> None:
        super()._write(entries)
        if self.corrected:
            self.affiliation.objects.bulk_update(self.corrected, ["position"])
            self.corrected = []
        keys = self.model._meta.get_field("match_keys").related_model.objects
        keys.write(self._profiles([entry for entry in entries if entry.is_new]))
        keys.renew(entry.row for entry in entries if entry.differs and not entry.is_new)

    def _profiles(self, entries: list[Entry]) -> Iterator[Profile]:
        """What new people are compared with others by, of what was just written of them."""
        parts = [part for entry in entries for part in entry.parts]
        places = {part.organization_id for part in parts if isinstance(part, self.affiliation)}
        names = dict(Organization.everyone.filter(pk__in=places).values_list("pk", "name"))
        for person, parts in ((entry.row, entry.parts) for entry in entries):
            yield Profile(
                person.pk,
                person.given_name,
                person.family_name,
                tuple(part.address for part in parts if isinstance(part, self.email)),
                tuple(part.number for part in parts if isinstance(part, self.phone)),
                tuple(names[part.organization_id] for part in parts if isinstance(part, self.affiliation)),
                person.country_id or "",
            )


class _Known:
    """The people whom the records of a batch may be about, with what belongs to them."""

    def __init__(self, intake: PersonIntake, records: list[PersonRecord]):
        references = [record.reference for record in records if record.reference]
        everyone = intake.held(intake.model.everyone.all())
        self.by_reference = {
            person.reference: person.standing
            for person in everyone.filter(reference__in=references).select_related("merged_into")
        }
        self.by_name = defaultdict(list)
        names = sorted({(record.given_name, record.family_name) for record in records})
        for some in in_batches(names, NAMES):
            alike = reduce(or_, (Q(given_name=given, family_name=family) for given, family in some))
            for person in everyone.filter(alike).order_by("pk"):  # asked who stands, SQLite would read the whole table
                if person.merged_into_id is None and person.erased_at is None:
                    self.by_name[person.given_name, person.family_name].append(person)
        pks = {person.pk for group in (self.by_reference.values(), *self.by_name.values()) for person in group}
        self.people = pks
        self.emails, self.phones, self.affiliations = (
            _by_person(kind.objects.filter(person__in=pks)) for kind in (intake.email, intake.phone, intake.affiliation)
        )

    def person(self, record: PersonRecord, organization: int | None):
        """The person whom `record` is about, or None."""
        if record.reference in self.by_reference:
            return self.by_reference[record.reference]
        same = [
            person
            for person in self.by_name[record.given_name, record.family_name]
            if not (record.reference and person.reference)
        ]
        if record.emails:
            fit = [person for person in same if record.emails[0] in self.addresses(person)]
        elif record.reference:
            fit = []
        else:  # who was taken in before the organization was known has no place yet, and gets it now
            there = [person for person in same if organization in self._places(person)]
            fit = there or [person for person in same if not self._places(person) and not self.addresses(person)]
        return next(iter(fit), None)

    def addresses(self, person) -> set[str]:
        return {email.address.lower() for email in self.emails[person.pk]} if person else set()

    def _places(self, person) -> set[int]:
        return {affiliation.organization_id for affiliation in self.affiliations[person.pk]}


def _backwards(record: PersonRecord) -> str:
    if record.starts_on and record.ends_on and record.ends_on < record.starts_on:
        return Sentence(_("The position ends before it starts."))
    return ""


def _by_person(parts: Iterable[models.Model]) -> dict[int | None, list]:
    found = defaultdict(list)
    for part in parts:
        found[part.person_id].append(part)
    return found
