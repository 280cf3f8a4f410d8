"""Every file of a collection of contact lists as they were found: read, or refused with a sentence."""

import csv
import json
from collections import Counter, defaultdict
from contextlib import suppress
from itertools import islice

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.urls import reverse

from contacts.models import ImportBatch, Person
from contacts.models.imports.work import work_off
from contacts.sheets import FIELDS, PersonRecord, read_people, suggest
from network.sheets import Refusal, SheetError, open_sheet

pytestmark = pytest.mark.real_data

OLD_EXCEL = "This is an old Excel file, or one with a password. Save it as XLSX, without a password."
NO_TABLE = "This is not a table in CSV, XLSX, ODS or JSON Lines, and no vCard or LDIF."
DAMAGED = "This is not a workbook in XLSX or ODS, or it is damaged."
REFUSED = {
    **{f"excel-dates-sheetjs/{name}": OLD_EXCEL for name in ("1900.xls", "1904.biff5", "1904.xls")},
    "tables-csvkit/empty.csv": "The file is empty.",
    "tables-csvkit/sheets.xls": OLD_EXCEL,
    "tables-frictionless/capital-invalid.csv": "The column “name” is there twice.",
    "tables-frictionless/duplicate-headers.csv": "The column “id” is there twice.",
    "tables-frictionless/escaping.csv": (
        "Row 4 cannot be read: a quotation mark is out of place, or a cell is too long."
    ),
    "tables-frictionless/issue-1024.xlsx": "The column “Population Analysed” is there twice.",
    "tables-frictionless/issue-312.xlsx": "The column “name” is there twice.",
    "tables-frictionless/issue-320.xlsx": "The column “Population Analysed” is there twice.",
    **{
        f"tables-messytables/{name}.xls": OLD_EXCEL
        for name in ("encrypted_no_password", "excel_properties", "span_rich", "unicode_sheet_name")
    },
    "tables-messytables/libreoffice.xlsx": "The file is empty.",
    "tables-messytables/null.csv": "The column “0” is there twice.",
    "tables-messytables/simple.zip": DAMAGED,
    "vcard-folkerkinzel/Cropped_2_1.vcf": "Line 10 is no line of a vCard.",
}


@pytest.fixture
def folder(real_data):
    return real_data / "messy-contacts"


@pytest.fixture
def files(folder):
    """Path under the folder -> path, without licences, lists and the expected results."""
    found = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}
    return {
        name: path
        for name, path in found.items()
        if not name.startswith(("LICENSES/", "MANIFEST", "csv-spectrum/json/")) and path.suffix != ".md"
    }


@pytest.fixture
def truth(real_data):
    """The list from which exports were generated: address -> the names there, more than one where it has duplicates."""
    names = defaultdict(set)
    with (real_data / "people" / "synthetic-contacts" / "contacts.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            names[row["email"].lower()].add((row["given_name"], row["family_name"]))
    return names


def test_each_file_is_read_to_its_end_or_refused_with_one_sentence(files):
    refused = {}
    for name, path in files.items():
        try:
            for row in open_sheet(path).rows:
                assert row.number > 0
        except SheetError as error:
            refused[name] = str(error)

    assert len(files) == 163
    assert refused == REFUSED


def test_each_row_is_a_person_or_refused_with_one_sentence(files):
    for path in [path for name, path in files.items() if name not in REFUSED]:
        sheet = open_sheet(path)
        mapping = suggest(sheet.columns, list(islice(sheet.rows, 50)))
        try:
            found = list(read_people(path, mapping))
        except SheetError as error:
            assert str(error) == "No column holds a name. Say which one does."
        else:
            assert {type(person) for person in found} <= {PersonRecord, Refusal}
            assert all(person.reason.endswith(".") for person in found if isinstance(person, Refusal))
            assert mapping.keys() <= set(sheet.columns) and set(mapping.values()) <= FIELDS.keys()


def test_csv_spectrum_is_read_as_the_json_beside_it_says(folder):
    """Each cell of each row is compared, without the spaces around it, and without the carriage returns that the tables
    have lost on their way here."""
    for path in sorted((folder / "csv-spectrum" / "csvs").glob("*.csv")):
        expected = json.loads((folder / "csv-spectrum" / "json" / f"{path.stem}.json").read_text(encoding="utf-8"))
        expected = expected if isinstance(expected, list) else [expected]
        if path.stem == "location_coordinates":  # somebody changed the number in the JSON, and not in the table
            expected[0]["Contact Phone Number"] = "2095257564"

        assert [row.values for row in open_sheet(path).rows] == [
            {column: cell.replace("\r\n", "\n").strip() for column, cell in row.items()} for row in expected
        ], path.name


@pytest.mark.parametrize("name", ["1900.xlsx", "1904.xlsx", "1904.ods"])
def test_dates_are_those_that_the_text_beside_them_says(folder, name):
    """Column B holds the day as a number with the format of a date, C the same day as a text."""
    rows = [row.values for row in open_sheet(folder / "excel-dates-sheetjs" / name).rows]

    assert len(rows) == 5
    assert [row["B"] for row in rows] == [row["C"] for row in rows]


def test_generated_exports_have_as_many_rows_as_their_list_says(folder, files):
    with (folder / "MANIFEST.csv").open(encoding="utf-8", newline="") as file:
        expected = {row["file"]: int(row["rows"]) for row in csv.DictReader(file) if row["rows"]}

    assert {name: sum(1 for _row in open_sheet(files[name]).rows) for name in expected} == expected


EXPORTS = {
    "arabic_cp1256.csv": 20,
    "google_contacts.csv": 300,
    "greek_iso8859_7.csv": 9,
    "hebrew_cp1255.csv": 12,
    "japanese_cp932.csv": 35,
    "mojibake_double_utf8.csv": 300,
    "outlook_en_cp1252.csv": 149,
    "outlook_fr_semicolon_cp1252.csv": 149,
    "russian_cp1251_semicolon.csv": 19,
    "vcard21_qp_multi.vcf": 40,
    "vcard40_multi.vcf": 40,
}


@pytest.mark.parametrize("name", EXPORTS)
def test_generated_exports_say_the_names_of_the_list_that_they_come_from(folder, truth, name):
    """The person is found by the e-mail address; given and family name have to be the same, letter by letter."""
    path = folder / "generated-exports" / name
    sheet = open_sheet(path)
    found = list(read_people(path, suggest(sheet.columns, list(sheet.rows))))

    assert len(found) == EXPORTS[name]
    assert [person for person in found if (person.given_name, person.family_name) not in truth[person.emails[0]]] == []


@pytest.mark.slow
@pytest.mark.django_db
def test_each_file_is_shown_imported_and_taken_back_or_refused_with_a_sentence(client, noor, files):
    """The columns are taken as suggested; afterwards nobody is left."""
    client.force_login(noor)
    ends, refused = Counter(), {}
    for name, path in files.items():
        try:
            batch = ImportBatch.objects.receive(ContentFile(path.read_bytes(), path.name), by=noor)
        except ValidationError as refusal:
            [refused[name]] = refusal.messages
            continue
        assert client.get(reverse("importbatch:columns", args=[batch.pk])).status_code == 200
        for act in ("look_through", "start", "undo"):
            with suppress(ValidationError):
                getattr(batch, act)(*([batch.mapping] if act == "look_through" else []), by=noor)
            work_off()
            batch.refresh_from_db()
        assert client.get(reverse("importbatch:inspect", args=[batch.pk])).status_code == 200
        ends[batch.state] += 1

    assert refused == REFUSED
    assert dict(ends) == {"UNDONE": 90, "READ": 52, "PREVIEWED": 2}  # of 52 no column holds a name; in 2 no row has one
    assert Person.objects.count() == 0
