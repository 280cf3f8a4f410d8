"""Tables in, records out: what a sender's file may look like, and what is said of the ones that cannot be read."""

import json
import zipfile
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from network.sheets import (
    OrganizationRecord,
    OtherName,
    Refusal,
    Row,
    RowError,
    SheetError,
    Tally,
    country_code,
    email_address,
    one_line,
    read_organizations,
    read_rows,
    web_address,
    within,
)

ROR = "ror_id,name,acronyms,aliases,labels_by_lang,types,status,country,website\n"
SUPRAVERDEN = "SPRVD_id,Name_en,Abbreviation_en,Name_fr,Name_es,Name_ar,Country,Website\n"
ENFORCEMENT = "source,source_id,name,acronym,country,type,website,email\n"
MANIFEST = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
TEMPLATE = "name,acronym,kind,country,website,email,parent,reference\n"


@pytest.fixture
def sheet(tmp_path):
    """Writes a file and gives its path."""

    def write(content, name="sheet.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.fixture
def workbook(tmp_path):
    def write(*rows):
        book = Workbook()
        for row in rows:
            book.active.append(row)
        book.save(tmp_path / "sheet.xlsx")
        return tmp_path / "sheet.xlsx"

    return write


def error_of(path, read=read_rows):
    with pytest.raises(SheetError) as caught:
        list(read(path))
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
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr("META-INF/manifest.xml", MANIFEST)
        book.writestr("content.xml", open_document([["name", "country"], ["Gendarmerie", "FR"]]))

    assert list(read_rows(path)) == [Row(2, {"name": "Gendarmerie", "country": "FR"})]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b" \n,,\n", "The file is empty."),
        (b"name,country,name\n", "The column “name” is there twice."),
        ("name\nPolícia\n".encode("latin-1"), "The file is not in UTF-8 (line 2). Save it as “CSV UTF-8”."),
        ("name\nOne\n".encode("utf-16"), "The file is not in UTF-8 (line 1). Save it as “CSV UTF-8”."),
        (b"name\nOn", None),
        (b"name\nOne\xc3", "The file is not in UTF-8 (line 2). Save it as “CSV UTF-8”."),
        (b"name\nO\0ne", "This is not a table in CSV, XLSX, ODS or JSON Lines."),
        (b"<html><table></table></html>", "This is not a table in CSV, XLSX, ODS or JSON Lines."),
        (b'[{"name": "One"}]', "This is not a table in CSV, XLSX, ODS or JSON Lines."),
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


def test_a_file_that_is_not_there(tmp_path):
    assert error_of(tmp_path / "nothing.csv") == "The file cannot be opened."
    assert error_of(tmp_path) == "The file cannot be opened."


# -- cells


def test_one_line_is_composed_single_spaced_and_without_unseen_characters():
    assert one_line(" Cafe\u0301 \u00a0 de\n\tLyon\u200b\ufeff\x07 ") == "Café de Lyon"
    assert one_line("می\u200cروم") == "می\u200cروم"


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


# -- organizations


def test_a_record_of_ror(sheet):
    path = sheet(
        ROR + "00898x434,Polícia Judiciária,PJ|JP,Judiciary Police|PJ Portugal,"
        "en:Judiciary Police|pt:Polícia Judiciária|fr:Police judiciaire,government,active,PT,"
        "http://www.policiajudiciaria.pt/\n"
    )

    assert list(read_organizations(path)) == [
        OrganizationRecord(
            row=2,
            reference="ror:00898x434",
            name="Polícia Judiciária",
            acronym="PJ",
            kind="LAW_ENFORCEMENT",
            country="PT",
            website="http://www.policiajudiciaria.pt/",
            status="ACTIVE",
            names=(
                OtherName("Judiciary Police", "en", "TRANSLATION"),
                OtherName("Police judiciaire", "fr", "TRANSLATION"),
                OtherName("JP", "", "ALIAS"),
                OtherName("PJ Portugal", "", "ALIAS"),
            ),
        )
    ]


def test_a_label_of_ror_may_hold_a_bar_of_its_own(sheet):
    path = sheet(ROR + "04dza7n80,NABU,,,de:NABU|naturgucker geG|zh-Hans:自然,nonprofit,withdrawn,DE,\n")

    (record,) = read_organizations(path)

    assert record.status == "ENDED"
    assert record.names == (
        OtherName("NABU|naturgucker geG", "de", "TRANSLATION"),
        OtherName("自然", "zh-Hans", "TRANSLATION"),
    )


@pytest.mark.parametrize(
    ("types", "name", "kind"),
    [
        ("education|funder", "Canadian Police College", "ACADEMIA"),
        ("company|government", "Bell Labs", "INDUSTRY"),
        ("funder|nonprofit", "ZOLL Foundation", "NGO"),
        ("facility", "Institut Pasteur", "ACADEMIA"),
        ("archive", "Bodleian Libraries", "ACADEMIA"),
        ("healthcare", "Osaka Police Hospital", "GOVERNMENT"),
        ("other", "Chemical Society", "NGO"),
        ("funder", "Wellcome", "NGO"),
        ("nonprofit", "United Nations Children's Fund", "IGO"),
        ("government", "World Health Organization - Bangladesh", "IGO"),
        ("government", "Food and Drug Administration", "GOVERNMENT"),
        ("government", "Tribunal de Contas", "GOVERNMENT"),
        ("government", "Polizei Berlin", "LAW_ENFORCEMENT"),
        ("government", "Zollkriminalamt", "LAW_ENFORCEMENT"),
        ("government", "Hauptzollamt Köln", "LAW_ENFORCEMENT"),
        ("government", "Direction générale des douanes", "LAW_ENFORCEMENT"),
        ("government", "Dirección General de Aduanas", "LAW_ENFORCEMENT"),
        ("government", "Національна поліція України", "LAW_ENFORCEMENT"),
        ("government", "شرطة دبي", "LAW_ENFORCEMENT"),
        ("government", "鳥取県警察", "LAW_ENFORCEMENT"),
        ("government", "Crown Prosecution Service", "CRIMINAL_JUSTICE"),
        ("government", "Ministère de la Justice", "CRIMINAL_JUSTICE"),
        ("government", "Fiscalía General", "CRIMINAL_JUSTICE"),
        ("government", "Bundesgerichtshof", "CRIMINAL_JUSTICE"),
        ("government", "Eidgenössisches Justiz- und Polizeidepartement - Bundesamt für Migration", "GOVERNMENT"),
        ("government", "Eidgenössisches Justiz- und Polizeidepartement - Bundesamt für Justiz", "CRIMINAL_JUSTICE"),
        ("government", "Finanzdepartement - Eidgenössische Zollverwaltung - Stab", "LAW_ENFORCEMENT"),
    ],
)
def test_the_kind_follows_the_types_and_where_they_say_too_little_the_name(sheet, types, name, kind):
    path = sheet(ROR + f'00aaaaa00,"{name}",,,,{types},active,CH,\n')

    assert [record.kind for record in read_organizations(path)] == [kind]


def test_a_record_of_supraverden_has_no_country(sheet):
    path = sheet(
        SUPRAVERDEN + "SPRVD0688288,Court of Justice of the European Union,CJEU,Cour de justice,Tribunal de Justicia,"
        ",EU,https://curia.europa.eu/\nSPRVD0000001,Opec,Organization of the Petroleum Exporting Countries,,,,ZZ,\n"
    )

    assert list(read_organizations(path)) == [
        OrganizationRecord(
            row=2,
            reference="supraverden:SPRVD0688288",
            name="Court of Justice of the European Union",
            acronym="CJEU",
            kind="IGO",
            website="https://curia.europa.eu/",
            names=(
                OtherName("Cour de justice", "fr", "TRANSLATION"),
                OtherName("Tribunal de Justicia", "es", "TRANSLATION"),
            ),
        ),
        OrganizationRecord(
            row=3,
            reference="supraverden:SPRVD0000001",
            name="Opec",
            kind="IGO",
            names=(OtherName("Organization of the Petroleum Exporting Countries", "", "ALIAS"),),
        ),
    ]


def test_records_of_the_enforcement_list_keep_the_references_of_their_registers(sheet):
    path = sheet(
        ENFORCEMENT + "ror,001symg34,Staffordshire Police,,GB,government,https://www.staffordshire.police.uk,\n"
        "publicbodies,ch/fedpol,Bundesamt für Polizei,fedpol,CH,Federal,,Info@fedpol.example\n"
        "supraverden,SPRVD0346601,International Criminal Police Organization,INTERPOL|ICPO,ZZ,,,\n"
    )

    assert list(read_organizations(path)) == [
        OrganizationRecord(
            row=2,
            reference="ror:001symg34",
            name="Staffordshire Police",
            kind="LAW_ENFORCEMENT",
            country="GB",
            website="https://www.staffordshire.police.uk",
        ),
        OrganizationRecord(
            row=3,
            reference="publicbodies:ch/fedpol",
            name="Bundesamt für Polizei",
            acronym="fedpol",
            kind="LAW_ENFORCEMENT",
            country="CH",
            email="info@fedpol.example",
        ),
        OrganizationRecord(
            row=4,
            reference="supraverden:SPRVD0346601",
            name="International Criminal Police Organization",
            acronym="INTERPOL",
            kind="IGO",
            names=(OtherName("ICPO", "", "ALIAS"),),
        ),
    ]


def test_the_template_is_read_from_a_workbook_whatever_the_capitals(workbook):
    path = workbook(
        ["Name", "Acronym", "Kind", "Country", "Web site", "E-mail", "Parent", "Reference"],
        ["Ministry of Finance", "MoF", "government", "fr", "finance.example", "a@finance.example", "", "fr:1"],
        ["Customs", "", "Law enforcement", "FR", "", "", "fr:1", ""],
    )

    assert list(read_organizations(path)) == [
        OrganizationRecord(
            row=2,
            reference="fr:1",
            name="Ministry of Finance",
            acronym="MoF",
            kind="GOVERNMENT",
            country="FR",
            website="https://finance.example",
            email="a@finance.example",
        ),
        OrganizationRecord(
            row=3, reference="", name="Customs", kind="LAW_ENFORCEMENT", country="FR", parent_reference="fr:1"
        ),
    ]


def test_a_bad_row_is_refused_and_the_next_is_read(sheet):
    path = sheet(
        TEMPLATE + ",X,NGO,FR,,,,\nA,,NGO,France,,,,\nB,,NGO,FR,see below,,,\nC,,club,FR,,,,\nD,,NGO,FR,,no mail,,\n"
        f"E,,NGO,FR,,,,,too much\n{'F' * 501},,NGO,FR,,,,\nG,,NGO,FR,,,,\n"
    )

    *refused, last = read_organizations(path)

    assert refused == [
        Refusal(2, "There is no name."),
        Refusal(3, "The country “France” is not a code of two letters, such as FR."),
        Refusal(4, "“see below” is not a web address."),
        Refusal(
            5,
            "The kind “club” is not one of "
            "IGO, GOVERNMENT, LAW_ENFORCEMENT, CRIMINAL_JUSTICE, INDUSTRY, NGO, ACADEMIA.",
        ),
        Refusal(6, "“no mail” is not an e-mail address."),
        Refusal(7, "The row has more cells than the header has columns."),
        Refusal(8, "“name” is longer than 500 characters."),
    ]
    assert last == OrganizationRecord(row=9, reference="", name="G", kind="NGO", country="FR")


def test_a_row_of_a_register_needs_its_number_and_a_known_status(sheet):
    path = sheet(ROR + ",A,,,,other,active,FR,\n00a,B,,,,other,merged,FR,\n")

    assert list(read_organizations(path)) == [
        Refusal(2, "“ror_id” is empty."),
        Refusal(3, "The status “merged” is unknown."),
    ]


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        (
            "name,kind,colour,size",
            "Columns that are not understood: colour, size. "
            "Expected are: acronym, country, email, kind, name, parent, reference, website.",
        ),
        (
            "name,country",
            "Columns that are missing: kind. "
            "Expected are: acronym, country, email, kind, name, parent, reference, website.",
        ),
        ("name,kind,email,E-mail", "The column “email” is there twice."),
        (
            "source,source_id,name,type,shoe size",
            "Columns that are not understood: shoe size. "
            "Expected are: acronym, country, email, name, source, source_id, type, website.",
        ),
    ],
)
def test_an_unknown_layout_is_refused_before_its_first_row_and_without_one(sheet, header, sentence):
    assert error_of(sheet(header), read_organizations) == sentence
    assert error_of(sheet(f"{header}\na,b,c,d,e\n"), read_organizations) == sentence


def test_json_lines_name_their_columns_in_each_line(sheet):
    path = sheet(
        '{"name": "A", "kind": "NGO"}\n{"name": "B", "kind": "NGO", "country": "FR"}\n{"name": "C", "size": 1}'
    )

    assert list(read_organizations(path)) == [
        OrganizationRecord(row=1, reference="", name="A", kind="NGO"),
        OrganizationRecord(row=2, reference="", name="B", kind="NGO", country="FR"),
        Refusal(
            3,
            "Columns that are not understood: size. "
            "Expected are: acronym, country, email, kind, name, parent, reference, website.",
        ),
    ]


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


# -- the registers themselves


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("file", "rows", "refused"),
    [
        ("ror/ror_organisations.csv", 25_170, []),
        ("igo/supraverden_flat.csv", 617, []),
        ("enforcement_and_regulators_subset.csv", 720, [266]),
    ],
)
def test_every_row_of_a_register_is_read(real_data, file, rows, refused):
    found = list(read_organizations(real_data / "organizations" / file))

    assert len(found) == rows
    assert [record.row for record in found if isinstance(record, Refusal)] == refused
    assert len({record.reference for record in found if isinstance(record, OrganizationRecord)}) == rows - len(refused)


@pytest.mark.real_data
def test_an_organization_is_the_same_in_its_register_and_in_the_list_of_enforcement_bodies(real_data):
    folder = real_data / "organizations"
    registers = [folder / "ror/ror_organisations.csv", folder / "igo/supraverden_flat.csv"]
    known = {record.reference: essence(record) for path in registers for record in read_organizations(path)}
    listed = read_organizations(folder / "enforcement_and_regulators_subset.csv")

    shared = [record for record in listed if isinstance(record, OrganizationRecord) and record.reference in known]

    assert len(shared) == 95
    assert [essence(record) for record in shared] == [known[record.reference] for record in shared]


def essence(record):
    return record.name, record.acronym, record.kind, record.country, record.website


def open_document(rows):
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    namespace = "urn:oasis:names:tc:opendocument:xmlns:"
    return (
        f'<office:document-content xmlns:office="{namespace}office:1.0" xmlns:table="{namespace}table:1.0" '
        f'xmlns:text="{namespace}text:1.0"><office:body><office:spreadsheet><table:table table:name="Sheet1">'
        f"{cells}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
