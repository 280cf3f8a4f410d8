"""How a file was read: what is found out about it, what is said about it, and what a person may correct."""

import tracemalloc
from datetime import date, datetime, time

import pytest
from openpyxl import Workbook

from network.sheets import ENCODINGS, Reading, Row, SheetError, open_sheet
from tests.network.conftest import open_document, write_open_document

NAMES = {
    "cp1252": "Müller, Núñez, Lefèvre, Ångström, d’Été",
    "cp1250": "Łukasz Wiśniewski, Jiří Dvořák, Żaneta Szczęsna",
    "cp1251": "Исакова Панкрат, Андрощук Гаврило",
    "iso8859-7": "Παπανδρικοπούλου Κλεόβουλος, Ζορμπάς Ιερώνυμος, Άννα",
    "cp1254": "Güler Sabancı, Işıl Yücesoy, Gökçe Şahin, Tuğba Özdoğan",
    "cp1255": "עמר אמילי, שטרית בארי, גולן מיכאל, כהן דוד, לוי שרה, מזרחי יעקב",
    "cp1256": "آل بن ظافر حكيم، رئيس الشؤون القانونية، مهنا منجد",
    "cp874": "สมชาย ใจดี, สมหญิง รักไทย",
    "cp932": "佐藤 ひろし, 鈴木 さくら, 権兵衛 名無し",
    "gb18030": "王伟 司法部国际合作局 海关总署缉私局 外交部条约法律司",
    "big5": "陳怡君 法務部廉政署 財政部關務署",
    "cp949": "김민준 법무부 국제형사과 관세청",
}


def first(sheet):
    return next(sheet.rows).values


# -- encodings


@pytest.mark.parametrize("encoding", NAMES)
def test_an_encoding_is_guessed_from_the_letters_and_told(sheet, encoding):
    read = open_sheet(sheet(f"name;country\n{NAMES[encoding]};XX\n".encode(encoding)))

    assert first(read) == {"name": NAMES[encoding], "country": "XX"}
    assert read.reading == Reading(
        format="CSV",
        encoding=encoding,
        delimiter=";",
        header_row=1,
        remarks=(f"The file does not say its encoding; it was guessed from its letters: {encoding}.",),
    )


@pytest.mark.parametrize(
    ("encoding", "told"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("utf-16", "utf-16"), ("utf-32", "utf-32")]
    + [(name, name) for name in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")],
)
def test_unicode_needs_no_guess(sheet, encoding, told):
    read = open_sheet(sheet("name\tplace\nПольская\tŁódź\n".encode(encoding)))

    assert first(read) == {"name": "Польская", "place": "Łódź"}
    assert read.reading == Reading(format="CSV", encoding=told, delimiter="\t", header_row=1)


def test_a_text_that_was_converted_twice_is_put_right_and_that_is_said(sheet):
    spoilt = "name,office\nMüller,Zollkriminalamt Köln\nحكيم,Łódź\n".encode().decode("latin-1").encode()
    read = open_sheet(sheet(spoilt))

    assert [row.values for row in read.rows] == [
        {"name": "Müller", "office": "Zollkriminalamt Köln"},
        {"name": "حكيم", "office": "Łódź"},
    ]
    assert read.reading.encoding == "utf-8 twice"
    assert read.reading.remarks == (
        "The file was UTF-8 and was converted to UTF-8 again; that was undone: “Ã¼” is “ü”.",
    )


def test_one_spoilt_word_is_told_and_left_as_it_is(sheet):
    read = open_sheet(sheet("name\nMüller\nNúñez\nKÃ¶ln\nЯна\n"))

    assert [row.text("name") for row in read.rows] == ["Müller", "Núñez", "KÃ¶ln", "Яна"]
    assert read.reading.remarks == ("Some letters look as if they had been spoilt before: “Ã¶” may have been “ö”.",)


def test_a_person_may_correct_the_encoding(sheet):
    path = sheet("name\nحكيم\n".encode("cp1256"))

    assert first(open_sheet(path, Reading(encoding="cp1256"))) == {"name": "حكيم"}
    assert first(open_sheet(path, Reading(encoding="Windows-1256"))) == {"name": "حكيم"}
    assert open_sheet(path, Reading(encoding="cp1256")).reading.remarks == ()


@pytest.mark.parametrize(
    ("encoding", "sentence"),
    [
        ("utf-8", "The file is not in utf-8 (line 2)."),
        ("klingon", "The encoding “klingon” is unknown."),
        ("zlib", "The encoding “zlib” is unknown."),
        ("unicode_escape", "The encoding “unicode_escape” is unknown."),
    ],
)
def test_a_wrong_correction_is_refused(sheet, encoding, sentence):
    with pytest.raises(SheetError) as caught:
        open_sheet(sheet("name\nÉté\n".encode("cp1252")), Reading(encoding=encoding))

    assert str(caught.value) == sentence


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_each_encoding_that_is_offered_reads_plain_letters(sheet, encoding):
    codec = "utf-8" if encoding == "utf-8 twice" else encoding

    assert first(open_sheet(sheet("name\nOne\n".encode(codec)), Reading(encoding=encoding))) == {"name": "One"}


# -- delimiter and header


def test_titles_above_the_header_are_told_and_not_read(sheet):
    read = open_sheet(sheet("List of participants\n\nVienna, 3 March 2026\nname;e-mail;country\nOne;a@x.example;FR\n"))

    assert list(read.rows) == [Row(5, {"name": "One", "e-mail": "a@x.example", "country": "FR"})]
    assert read.reading.header_row == 4
    assert read.reading.remarks == (
        "Above the names of the columns stands: List of participants Vienna, 3 March 2026.",
    )


@pytest.mark.parametrize("text", ["Amina,amina@douane.example\nDina,dina@x.example\n", "1,2\n3,4\n"])
def test_a_table_without_a_header_gets_the_letters_of_a_spreadsheet(sheet, text):
    read = open_sheet(sheet(text))

    assert read.columns == ("A", "B")
    assert [row.number for row in read.rows] == [1, 2]
    assert read.reading.header_row == 0
    assert read.reading.remarks == ("The file has no names of columns; they are called A, B, C ...",)


def test_a_person_may_say_where_the_header_is_and_what_stands_between_the_cells(sheet):
    path = sheet("a,b|c\nd,e|f\ng,h|i\n")

    assert open_sheet(path, Reading(delimiter="|")).columns == ("a,b", "c")
    assert open_sheet(path, Reading(header_row=2)).columns == ("d", "e|f")
    assert [row.number for row in open_sheet(path, Reading(header_row=2)).rows] == [3]
    assert open_sheet(path, Reading(header_row=0, delimiter="|")).columns == ("A", "B")


@pytest.mark.parametrize(
    ("reading", "sentence"),
    [
        (Reading(delimiter="::"), "“::” cannot stand between cells."),
        (Reading(header_row=9), "There are no names of columns in row 9."),
    ],
)
def test_what_cannot_be_is_refused(sheet, reading, sentence):
    with pytest.raises(SheetError) as caught:
        open_sheet(sheet("a,b\nc,d\n"), reading)

    assert str(caught.value) == sentence


def test_commas_in_texts_are_no_delimiter(sheet):
    read = open_sheet(
        sheet("name;office\nInterpol, Lyon;General Secretariat, Legal Affairs, Room 1\nTwo, Three;Four, 5\n")
    )

    assert read.columns == ("name", "office")


def test_what_looks_like_a_formula_is_read_as_it_stands(sheet):
    path = sheet('name,note\n"=HYPERLINK(""http://x.example"")",+1\n@cmd,-2\n')

    assert [row.values for row in open_sheet(path).rows] == [
        {"name": '=HYPERLINK("http://x.example")', "note": "+1"},
        {"name": "@cmd", "note": "-2"},
    ]


# -- workbooks


@pytest.fixture
def book(tmp_path):
    def write(change):
        book = Workbook()
        change(book)
        book.save(tmp_path / "book.xlsx")
        return tmp_path / "book.xlsx"

    return write


def test_the_first_visible_sheet_with_a_table_is_read_and_the_others_are_named(book):
    def change(book):
        book.active.title = "Empty"
        for title, state in (("Notes", "hidden"), ("People", "visible"), ("More", "visible")):
            sheet = book.create_sheet(title)
            sheet.sheet_state = state
            sheet.append(["name"])
            sheet.append([title])

    path = book(change)
    read = open_sheet(path)

    assert first(read) == {"name": "People"}
    assert read.reading == Reading(
        format="XLSX",
        header_row=1,
        date_system="1900",
        sheet="People",
        sheets=("Empty", "People", "More", "Notes"),
        remarks=(
            "The workbook has other sheets, which were not read: Empty, More.",
            "The workbook has hidden sheets, which were not read: Notes.",
        ),
    )
    assert first(open_sheet(path, Reading(sheet="More"))) == {"name": "More"}
    assert first(open_sheet(path, Reading(sheet="Notes"))) == {"name": "Notes"}
    with pytest.raises(SheetError, match=r"^There is no sheet “Less”\. There are: Empty, People, More, Notes\.$"):
        open_sheet(path, Reading(sheet="Less"))


def test_a_cell_merged_over_rows_stands_in_each_of_them_and_a_title_over_columns_in_one(book):
    def change(book):
        for row in (
            ["List of delegates"],
            ["country", "name"],
            ["FR", "One"],
            ["", "Two"],
            ["", "Three"],
            ["DE", "Four"],
        ):
            book.active.append(row)
        book.active.merge_cells("A1:B1")
        book.active.merge_cells("A3:A5")

    read = open_sheet(book(change))

    assert [list(row.values.values()) for row in read.rows] == [
        ["FR", "One"],
        ["FR", "Two"],
        ["FR", "Three"],
        ["DE", "Four"],
    ]
    assert read.reading.remarks == (
        "Cells are merged over several rows; the value stands in each of the rows.",
        "Above the names of the columns stands: List of delegates.",
    )


@pytest.mark.parametrize(("system", "epoch"), [("1900", date(1899, 12, 30)), ("1904", date(1904, 1, 1))])
def test_the_date_system_of_a_workbook_is_found_and_may_be_corrected(book, system, epoch):
    def change(book):
        book.epoch = datetime.combine(epoch, time())
        book.active.append(["since"])
        book.active.append([date(2026, 3, 1)])

    path = book(change)
    other = {"1900": "1904", "1904": "1900"}[system]
    moved = {"1900": "2030-03-02", "1904": "2022-02-28"}[system]

    assert first(open_sheet(path)) == {"since": "2026-03-01"}
    assert open_sheet(path).reading.date_system == system
    assert first(open_sheet(path, Reading(date_system=system))) == {"since": "2026-03-01"}
    assert first(open_sheet(path, Reading(date_system=other))) == {"since": moved}
    with pytest.raises(SheetError, match=r"^The date system is 1900 or 1904\.$"):
        open_sheet(path, Reading(date_system="1905"))


def test_open_documents_write_their_dates_out(tmp_path):
    write_open_document(tmp_path / "sheet.ods", open_document([["name"], ["One"]]))
    read = open_sheet(tmp_path / "sheet.ods")

    assert first(read) == {"name": "One"}
    assert read.reading == Reading(format="ODS", header_row=1, sheet="Sheet1", sheets=("Sheet1",))


# -- size


def test_a_hundred_thousand_rows_are_not_kept_in_memory(sheet):
    path = sheet("name;office\n" + "Müller;Zollkriminalamt, Köln\n" * 100_000)

    tracemalloc.start()
    count = sum(1 for _row in open_sheet(path).rows)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert count == 100_000
    assert peak < 8 * 2**20
