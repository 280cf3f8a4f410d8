"""One row of a list whose columns a person has mapped to our fields, read as far as it goes.

What would make a row of our own template wrong, such as an address that is none, is here left out with a note: the
sender of an address book cannot be asked to mend it."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain, islice

from django.utils.translation import gettext_noop as _

from contacts.sheets.columns import FIELDS, suggest
from contacts.sheets.records import PersonRecord, language_code, phone_number
from contacts.sheets.words import country_of, day_of, language_of
from network.sentences import Sentence
from network.sheets import Refusal, Row, RowError, Sheet, SheetError, country_code, email_address, one_line, within

NAMES = frozenset({"given_name", "family_name", "full_name", "family_comma_given"})
LENGTHS = {
    "reference": 200,
    "honorific": 40,
    "position": 200,
    "organization": 500,
    "organization_reference": 500,
    "passport_given_name": 150,
    "passport_family_name": 150,
}
KINDS = {"phone_work": "WORK", "phone_mobile": "MOBILE", "phone_assistant": "ASSISTANT"}
SAMPLE = 50  # rows, for a suggestion
SILENT = re.compile("dn|objectclass|modifytimestamp|KIND|X-ABSHOWAS|E-mail(?: [23])? Type")  # said of no person
PHONE_LABELS = (  # what stands beside a number in Google's lists
    ("", re.compile(r"fax|pager|home|domicile|casa|privat", re.IGNORECASE)),
    ("MOBILE", re.compile(r"mobil|cell|handy|m[oó]vil|portable", re.IGNORECASE)),
    ("ASSISTANT", re.compile(r"assistan", re.IGNORECASE)),
    ("WORK", re.compile(r"", re.IGNORECASE)),
)


def mapped_people(sheet: Sheet, mapping: Mapping[str, str] | None) -> Iterator[PersonRecord | Refusal]:
    """A record for each row, by `mapping` (column -> field of FIELDS, "" to leave it out) or else by what `suggest`
    says, or the row's Refusal. Raises SheetError, before the first, where the mapping does not fit or gives no name."""
    first = list(islice(sheet.rows, SAMPLE))
    mapping = suggest(sheet.columns, first) if mapping is None else dict(mapping)
    check_mapping(mapping, sheet.columns)
    for row in chain(first, sheet.rows):
        yield mapped_person(row, mapping, sheet.reading.date_system)


def mapped_person(row: Row, mapping: Mapping[str, str], date_system: str = "") -> PersonRecord | Refusal:
    """The record of one row, or the row's Refusal; `mapping` has passed `check_mapping`."""
    fields: dict[str, list[str]] = {}
    for column, field in mapping.items():
        fields.setdefault(field, []).append(column)
    try:
        return _Reader(row, fields, date_system).person()
    except RowError as error:
        return Refusal(row.number, error.sentence)


def check_mapping(mapping: Mapping[str, str], columns: Sequence[str]) -> None:
    """Raises SheetError where `mapping` does not fit `columns` or gives no name."""
    for column, field in mapping.items():
        if column not in columns:
            raise SheetError(Sentence(_("There is no column “%(column)s” in the file."), column=column))
        if field and field not in FIELDS:
            raise SheetError(Sentence(_("“%(field)s” is no field of a person."), field=field))
    if not NAMES & set(mapping.values()):
        raise SheetError(Sentence(_("No column holds a name. Say which one does.")))


class _Reader:
    """Reads one row, and gathers what is to be said about it."""

    def __init__(self, row: Row, fields: Mapping[str, list[str]], date_system: str):
        self.row, self.fields, self.date_system = row, fields, date_system
        self.texts = {column: text for column, cell in row.values.items() if cell and (text := one_line(cell))}
        self.notes: list[str] = []

    def person(self) -> PersonRecord:
        """Raises RowError where the row is of no person, has no name, or holds a text too long for its field."""
        self._refuse_others()
        given_name, family_name = self._names()
        texts = {field: self._text(field, length) for field, length in LENGTHS.items()}
        emails = tuple(dict.fromkeys(self._each("email", ";,", _address)))
        phones: dict[str, str] = {}
        for number, kind in self._phones():
            phones.setdefault(number, kind)
        countries = list(self._each("country", "", _country))
        languages = tuple(dict.fromkeys(self._each("languages", ";,", _language)))
        starts_on, ends_on = self._day("starts_on"), self._day("ends_on")
        self._note_left_out(" ".join([given_name, family_name, *texts.values(), *emails]))
        return PersonRecord(
            row=self.row.number,
            reference=texts["reference"],
            honorific=texts["honorific"],
            given_name=given_name,
            family_name=family_name,
            position=texts["position"],
            organization_name=texts["organization"],
            organization_reference=texts["organization_reference"],
            country=countries[0] if countries else "",
            languages=languages,
            emails=emails,
            phones=tuple(phones),
            phone_kinds=tuple(phones.values()) if any(phones.values()) else (),
            starts_on=starts_on,
            ends_on=ends_on,
            passport_given_name=texts["passport_given_name"],
            passport_family_name=texts["passport_family_name"],
            note="\n".join(f"{column}: {_lines(self.row.values[column])}" for column in self._columns("note")),
            notes=tuple(self.notes),
        )

    def _columns(self, *fields: str) -> Iterator[str]:
        """The columns of `fields` in which the row has text."""
        return (column for field in fields for column in self.fields.get(field, ()) if column in self.texts)

    def _refuse_others(self) -> None:
        """Directories and address books hold more than people."""
        classes = {
            self.texts.get(column, "").casefold() for column in ("KIND", "X-ADDRESSBOOKSERVER-KIND", "X-ABSHOWAS")
        }
        classes |= set(self.texts.get("objectclass", "").casefold().split())
        if classes & {"group", "groupofnames", "groupofuniquenames", "mozillamailinglist"}:
            raise RowError(Sentence(_("This is a list of people, and no person.")))
        if classes & {"org", "company", "location", "application", "organization"} and "person" not in classes:
            raise RowError(Sentence(_("This is an organization or a place, and no person.")))

    # -- names

    def _names(self) -> tuple[str, str]:
        """Given and family name. A name in one piece is not cut up: nobody but the bearer knows where."""
        given, family = self._joined("given_name", "middle_name"), self._joined("family_name")
        if given or family:
            return given, family
        for column in self._columns("family_comma_given"):
            family, mark, given = (part.strip() for part in self.texts[column].partition(","))
            if mark:
                return within(given, 150, column), within(family, 150, column)
        for column in self._columns("full_name", "family_comma_given"):
            if re.fullmatch(r"\S+@\S+", self.texts[column]):  # what a mail program writes where it knows no name
                continue
            self._note(_("“%(column)s”: the name is in one piece; it was not split."), column)
            return "", within(self.texts[column], 150, column)
        raise RowError(Sentence(_("There is no name.")))

    def _joined(self, *fields: str) -> str:
        columns = list(self._columns(*fields))
        return within(" ".join(self.texts[column] for column in columns), 150, ", ".join(columns))

    # -- cells with one value

    def _text(self, field: str, length: int) -> str:
        first = next(self._columns(field), "")
        return within(self.texts[first], length, first) if first else ""

    def _day(self, field: str) -> date | None:
        for column in self._columns(field):
            if day := day_of(self.texts[column], self.date_system):
                return day
            sentence = _("“%(column)s”: “%(text)s” is not one certain day, such as 2026-03-31; it was left out.")
            self._note(sentence, column, text=self.texts[column])
        return None

    # -- cells with several

    def _each(self, field: str, marks: str, read: Callable[[str], str]) -> Iterator[str]:
        for column in self._columns(field):
            for item in _items(self.row.values[column], marks):
                try:
                    yield read(item)
                except RowError as error:
                    self._note(_("“%(column)s”: %(reason)s It was left out."), column, reason=error.sentence)

    def _phones(self) -> Iterator[tuple[str, str]]:
        """Each number and its kind, "" where the file does not say."""
        for field, kind in KINDS.items():
            for column in self._columns(field):
                yield from ((number, kind) for number in self._numbers(column))
        for column in self._columns("phone"):
            label = self._label(column)
            kind = _kind(label) if label else ""
            if label and not kind:
                sentence = _("“%(column)s” is “%(label)s”, for which there is no place; it was left out.")
                self._note(sentence, column, label=label)
            else:
                yield from ((number, kind) for number in self._numbers(column))

    def _numbers(self, column: str) -> Iterator[str]:
        for item in _items(self.row.values[column], ";"):
            try:
                yield _number(item)
            except RowError as error:
                self._note(_("“%(column)s”: %(reason)s It was left out."), column, reason=error.sentence)

    def _label(self, column: str) -> str:
        """What Google writes beside "Phone 1 - Value"."""
        beside = (re.sub("Value$", word, column) for word in ("Label", "Type"))
        return next((self.texts[name] for name in beside if name != column and name in self.texts), "")

    # -- notes

    def _note(self, sentence: str, column: str, **words: str) -> None:
        self.notes.append(Sentence(sentence, column=column, **words))

    def _note_left_out(self, said: str) -> None:
        """Names the columns whose text is not kept, unless its words are all kept elsewhere, as of a display name."""
        known = set(_plain_words(said))
        left_out = [
            column
            for column, text in self.texts.items()
            if self._is_left_out(column) and not SILENT.fullmatch(column) and not set(_plain_words(text)) <= known
        ]
        if left_out:
            sentence = _("Left out, because there is no place for it: %(columns)s.")
            self.notes.append(Sentence(sentence, columns=[f"“{column}”" for column in left_out]))
        if self.row.is_ragged:
            self.notes.append(Sentence(_("There is text beside the named columns; it was left out.")))

    def _is_left_out(self, column: str) -> bool:
        field = next((field for field, columns in self.fields.items() if column in columns), "")
        if field in ("full_name", "family_comma_given"):
            return any(self._columns("given_name", "family_name"))
        if field in LENGTHS:  # the first column alone was read
            return column != next(self._columns(field))
        return not field and not re.search(r"\d - (?:Label|Type)$", column)


# -- items


def _items(cell: str, marks: str) -> list[str]:
    items = map(one_line, re.split(rf":::|[{marks}\n\r]", cell))
    return list(dict.fromkeys(filter(None, items)))


def _lines(cell: str) -> str:
    return "\n".join(filter(None, map(one_line, cell.splitlines())))


def _plain_words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _address(text: str) -> str:
    """ "Amina Benali <amina@douane.example>" and "mailto:amina@douane.example" too."""
    inside = re.search(r"<([^<>]+)>\s*$", text)
    return email_address((inside[1] if inside else text).removeprefix("mailto:"))


def _number(text: str) -> str:
    text = re.sub("^tel:", "", text, flags=re.IGNORECASE)
    if re.fullmatch(r"\d[.,]\d+E\+?\d+", text, re.IGNORECASE):
        raise RowError(Sentence(_("“%(text)s” is a number that a spreadsheet has shortened."), text=text))
    return phone_number(text)


def _kind(label: str) -> str:
    return next(kind for kind, words in PHONE_LABELS if words.search(label))


def _country(text: str) -> str:
    try:
        return country_of(text) or country_code(text)
    except RowError:
        raise RowError(Sentence(_("%(code)s is not a country we know."), code=one_line(text))) from None


def _language(text: str) -> str:
    return language_of(text) or language_code(text)
