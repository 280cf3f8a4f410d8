"""Tables in, rows out: what a sender's file may look like, and what is said of the ones that cannot be read."""

import json
import zipfile
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from network.sheets import (
    Refusal,
    Row,
    RowError,
    SheetError,
    Tally,
    country_code,
    email_address,
    one_line,
    read_rows,
    web_address,
    within,
)
from tests.network.conftest import open_document, write_open_document


def error_of(path):
    with pytest.raises(SheetError) as caught:
        list(read_rows(path))
    return str(caught.value)


# -- rows


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_mark_between_cells_is_found(sheet, mark):
    path = sheet(f'name{mark}"town, or; city|\t"\nINTERPOL{mark}Lyon\n')

    assert list(read_rows(path)) == [Row(2, {"name": "INTERPOL", "town, or; city|": "Lyon"})]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_utf_8_is_read_with_and_without_its_mark_and_with_any_line_end(sheet, encoding, end):
    path = sheet(f"name,country{end}Zollkriminalamt Köln,DE{end}".encode(encoding))

    assert list(read_rows(path)) == [Row(2, {"name": "Zollkriminalamt Köln", "country": "DE"})]


def test_rows_are_numbered_as_a_spreadsheet_shows_them(sheet):
    path = sheet('name,address\nOne,"Main street\n1"\n,\n\nTwo,\n')

    assert list(read_rows(path)) == [
        Row(2, {"name": "One", "address": "Main street\n1"}),
        Row(5, {"name": "Two", "address": ""}),
    ]


def test_excels_note_on_the_mark_is_no_header(sheet):
    path = sheet("sep=;\nname;country\nInterpol, Lyon;FR\n")

    assert list(read_rows(path)) == [Row(3, {"name": "Interpol, Lyon", "country": "FR"})]


def test_a_short_row_has_empty_cells_and_a_long_one_is_ragged(sheet):
    path = sheet("name,country,,\nOne\nTwo,FR,,\nThree,FR,more\nFour,FR,,,much more\n")

    assert [(row.values, row.is_ragged) for row in read_rows(path)] == [
        ({"name": "One", "country": ""}, False),
        ({"name": "Two", "country": "FR"}, False),
        ({"name": "Three", "country": "FR"}, True),
        ({"name": "Four", "country": "FR"}, True),
    ]


def test_json_lines_give_texts_and_keep_lists_as_json(sheet):
    lines = [{"name": " One ", "size": 3, "none": None}, {"name": "Two", "list": ["é"]}]
    path = sheet("\n\n".join(json.dumps(line) for line in lines))

    assert list(read_rows(path)) == [
        Row(1, {"name": "One", "size": "3", "none": ""}),
        Row(3, {"name": "Two", "list": '["é"]'}),
    ]


def test_a_workbook_is_read_from_its_first_row_with_text(workbook):
    path = workbook([None], ["name", "number", "day"], [], ["One", 20.0, date(2026, 3, 1)], ["Two", 1.5, None])

    assert list(read_rows(path)) == [
        Row(4, {"name": "One", "number": "20", "day": "2026-03-01"}),
        Row(5, {"name": "Two", "number": "1.5", "day": ""}),
    ]


def test_a_moment_in_a_workbook_keeps_its_time(workbook):
    path = workbook(["from", "to"], [datetime(2026, 3, 1, 9, 30), datetime(2026, 3, 2)])

    assert [row.values for row in read_rows(path)] == [{"from": "2026-03-01T09:30:00", "to": "2026-03-02"}]


def test_an_open_document_sheet_is_read(tmp_path):
    path = tmp_path / "sheet.ods"
    write_open_document(path, open_document([["name", "country"], ["Gendarmerie", "FR"]]))

    assert list(read_rows(path)) == [Row(2, {"name": "Gendarmerie", "country": "FR"})]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b" \n,,\n", "The file is empty."),
        (b"name,country,name\n", "The column “name” is there twice."),
        (b"name\nOn", None),
        (
            "name\nMüller\nNúñez\n".encode() + b"Pe\xf1a",
            "The file is in UTF-8, but line 4 is not. Save it as “CSV UTF-8”.",
        ),
        (b"name\nO\0ne", "This is not a table in CSV, XLSX, ODS or JSON Lines, and no vCard or LDIF."),
        (b"<html><table></table></html>", "This is not a table in CSV, XLSX, ODS or JSON Lines, and no vCard or LDIF."),
        (b"%PDF-1.7 no table", "This is not a table in CSV, XLSX, ODS or JSON Lines, and no vCard or LDIF."),
        (b'[{"name": "One"}]', "This is not a table in CSV, XLSX, ODS or JSON Lines, and no vCard or LDIF."),
        (b'{"name": "One"}\n[1]', "Line 2 is not an object in JSON."),
        (b'{"name": "One"', "Line 1 is not an object in JSON."),
        (b'{"a":' * 100_000, "Line 1 is not an object in JSON."),
        (b'name\n"One\n', "Row 2 cannot be read: a quotation mark is out of place, or a cell is too long."),
        (b'name\nOne\n"T"w"o"\n', "Row 3 cannot be read: a quotation mark is out of place, or a cell is too long."),
        (b"name\n" + b"n" * 200_000, "Row 2 cannot be read: a quotation mark is out of place, or a cell is too long."),
        (b"name\n" + b"n" * 2_000_000, "Line 2 is too long."),
        (b"PK\x03\x04nonsense", "This is not a workbook in XLSX or ODS, or it is damaged."),
        (
            b"\xd0\xcf\x11\xe0 an old one",
            "This is an old Excel file, or one with a password. Save it as XLSX, without a password.",
        ),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_one_sentence(sheet, content, sentence):
    path = sheet(content)

    if sentence is None:
        assert list(read_rows(path)) == [Row(2, {"name": "On"})]
    else:
        assert error_of(path) == sentence


def test_another_zip_is_no_workbook(tmp_path):
    with zipfile.ZipFile(tmp_path / "notes.zip", "w") as archive:
        archive.writestr("notes.txt", "name,country")

    assert error_of(tmp_path / "notes.zip") == "This is not a workbook in XLSX or ODS, or it is damaged."


def test_a_workbook_that_says_it_unpacks_to_a_huge_one_is_not_unpacked(workbook):
    path = workbook(["name"], ["n" * 12_345])
    with zipfile.ZipFile(path) as parts:
        size = parts.getinfo("xl/worksheets/sheet1.xml").file_size
    path.write_bytes(path.read_bytes().replace(size.to_bytes(4, "little"), (2**31).to_bytes(4, "little")))

    assert error_of(path) == "The workbook is too large. Save its first sheet as CSV."


def test_a_workbook_whose_part_is_longer_than_it_says_is_damaged(workbook):
    path = workbook(["name"], ["n" * 12_345])
    with zipfile.ZipFile(path) as parts:
        size = parts.getinfo("xl/worksheets/sheet1.xml").file_size
    path.write_bytes(path.read_bytes().replace(size.to_bytes(4, "little"), (9).to_bytes(4, "little")))

    assert error_of(path) == "This is not a workbook in XLSX or ODS, or it is damaged."


def test_one_cell_in_the_last_corner_does_not_fill_the_memory(tmp_path):
    book = Workbook()
    book.active["A1"], book.active["XFD1048576"] = "name", "far away"
    book.save(tmp_path / "corner.xlsx")

    assert error_of(tmp_path / "corner.xlsx") == "The workbook is too large. Save its first sheet as CSV."


def test_one_cell_that_an_open_document_repeats_does_not_either(tmp_path):
    path = tmp_path / "repeated.ods"
    rows = open_document([["name"]]).replace(
        "<table:table-row>", '<table:table-row table:number-rows-repeated="99999">'
    )
    write_open_document(path, rows.replace("table-cell ", 'table-cell table:number-columns-repeated="999" '))

    assert error_of(path) == "The workbook is too large. Save its first sheet as CSV."


def test_the_empty_rest_of_an_open_document_is_no_size(tmp_path):
    path = tmp_path / "rest.ods"
    row, cell = 'table-row table:number-rows-repeated="1048574"', 'table-cell table:number-columns-repeated="16384"'
    rows = open_document([["name"], ["One"]])
    write_open_document(
        path, rows.replace("</table:table>", f"<table:{row}><table:{cell}/></table:table-row></table:table>")
    )

    assert [row.values for row in read_rows(path)] == [{"name": "One"}]


def test_a_file_that_is_not_there(tmp_path):
    assert error_of(tmp_path / "nothing.csv") == "The file cannot be opened."
    assert error_of(tmp_path) == "The file cannot be opened."


# -- cells


def test_one_line_is_composed_single_spaced_and_without_unseen_characters():
    assert one_line(" Cafe\u0301 \u00a0 de\n\tLyon\u200b\ufeff\x07 ") == "Café de Lyon"
    assert one_line("می\u200cروم") == "می\u200cروم"
    assert one_line("\u202eMatile\u202c") == "Matile"


@pytest.mark.parametrize(
    ("text", "code"), [("fr", "FR"), (" FR ", "FR"), ("", ""), ("ZZ", ""), ("EU", ""), ("UK", "GB"), ("EL", "GR")]
)
def test_a_country_is_a_code_or_none(text, code):
    assert country_code(text) == code


def test_addresses_are_tidied():
    assert web_address("www.interpol.int") == "https://www.interpol.int"
    assert web_address(" http://www.policiajudiciaria.pt/ ") == "http://www.policiajudiciaria.pt/"
    assert web_address("") == ""
    assert email_address("Front.Desk@Interpol.EXAMPLE ") == "front.desk@interpol.example"
    assert email_address("") == ""


@pytest.mark.parametrize(
    ("read", "text", "sentence"),
    [
        (country_code, "France", "The country “France” is not a code of two letters, such as FR."),
        (country_code, "F1", "The country “F1” is not a code of two letters, such as FR."),
        (web_address, "see below", "“see below” is not a web address."),
        (web_address, "javascript:alert(1)", "“javascript:alert(1)” is not a web address."),
        (web_address, "ftp://interpol.int", "“ftp://interpol.int” is not a web address."),
        (web_address, "https://interpol.int/" + "a" * 500, "“website” is longer than 500 characters."),
        (email_address, "front desk@interpol.example", "“front desk@interpol.example” is not an e-mail address."),
    ],
)
def test_a_wrong_cell_is_named(read, text, sentence):
    with pytest.raises(RowError) as caught:
        read(text)

    assert str(caught.value) == sentence


def test_what_does_not_fit_is_refused_and_not_cut():
    assert within("abc", 3, "name") == "abc"
    with pytest.raises(RowError, match=r"^“name” is longer than 2 characters\.$"):
        within("abc", 2, "name")


# -- the tally


def test_the_summary_counts_and_then_names_each_place():
    tally = Tally(created=3, unchanged=1)
    tally.refused += [Refusal(7, "There is no name."), Refusal(0, "It has no title.", "session 12")]
    tally.notes.append(Refusal(9, "Its parent is unknown."))

    assert tally.summary("list.csv") == [
        "list.csv: 3 created, 0 changed, 1 unchanged, 2 refused.",
        "list.csv, row 7: There is no name.",
        "list.csv, session 12: It has no title.",
        "list.csv, row 9 (taken in): Its parent is unknown.",
    ]
