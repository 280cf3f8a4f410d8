"""Contact lists in, people out."""

import pytest
from openpyxl import Workbook

from contacts.sheets import PersonRecord, read_people
from network.sheets import Refusal, SheetError

AMINA = PersonRecord(
    row=2,
    reference="S00001",
    honorific="H.E.",
    given_name="Amina",
    family_name="Benali",
    position="Directrice générale",
    organization_name="Administration des douanes",
    organization_reference="ror:001symg34",
    country="MA",
    languages=("fr",),
    emails=("amina.benali@douane.example",),
    phones=("+212 5 00 00 00 00",),
)


@pytest.fixture
def sheet(tmp_path):
    def write(text):
        (tmp_path / "people.csv").write_text(text, encoding="utf-8")
        return tmp_path / "people.csv"

    return write


@pytest.mark.parametrize(
    "header",
    [
        "contact_id,honorific,given_name,family_name,job_title,organisation,organisation_ref,country,"
        "preferred_language,email,phone",
        "Reference,Honorific,Given name,Family name,Position,Organization,Organization reference,Country,"
        "Languages,E-mail,Phone",
        "reference,honorific,first_name,SURNAME,Job-title,Organization,organization ref,country,"
        "language,emails,Telephone",
    ],
)
def test_the_columns_may_be_spelled_in_several_ways(sheet, header):
    path = sheet(
        f"{header}\nS00001,H.E.,Amina,Benali,Directrice générale,Administration des douanes,ror:001symg34,MA,fr,"
        "Amina.BENALI@douane.example,+212 5 00 00 00 00\n"
    )

    assert list(read_people(path)) == [AMINA]


def test_a_workbook_may_hold_several_addresses_and_languages_in_a_cell(tmp_path):
    book = Workbook()
    book.active.append(["given_name", "family_name", "languages", "email", "phone"])
    book.active.append(["Amina", "Benali", "fr, ar; EN_gb", "a@x.example; b@x.example\nA@X.example", "+212 5; 0612"])
    book.save(tmp_path / "people.xlsx")

    (person,) = read_people(tmp_path / "people.xlsx")

    assert person.languages == ("fr", "ar", "en-gb")
    assert person.emails == ("a@x.example", "b@x.example")
    assert person.phones == ("+212 5", "0612")


def test_one_name_and_nothing_else_is_enough(sheet):
    path = sheet("given_name,family_name\n,\nSukarno,\n,สมชาย\n")

    assert list(read_people(path)) == [
        anonymous(3, "Sukarno", ""),
        anonymous(4, "", "สมชาย"),
    ]


def test_a_bad_row_is_refused_and_the_next_is_read(sheet):
    path = sheet(
        "given_name,family_name,country,languages,email,phone,honorific\n"
        ",,FR,,nobody@x.example,,\n"
        "A,A,,,nobody at x.example,,\n"
        "B,B,,,b@x.example;b@,,\n"
        "C,C,Cameroun,,,,\n"
        "D,D,,French,,,\n"
        "E,E,,,,ask her,\n"
        f"F,{'F' * 151},,,,,\n"
        f"G,G,,,,,{'G' * 41}\n"
        "H,H,,,,,,more\n"
        "I,I,,,,,\n"
    )

    *refused, last = read_people(path)

    assert refused == [
        Refusal(2, "There is no name."),
        Refusal(3, "“nobody at x.example” is not an e-mail address."),
        Refusal(4, "“b@” is not an e-mail address."),
        Refusal(5, "The country “Cameroun” is not a code of two letters, such as FR."),
        Refusal(6, "“French” is not the code of a language, such as fr."),
        Refusal(7, "“ask her” is not a telephone number."),
        Refusal(8, "“family_name” is longer than 150 characters."),
        Refusal(9, "“honorific” is longer than 40 characters."),
        Refusal(10, "The row has more cells than the header has columns."),
    ]
    assert last == anonymous(11, "I", "I")


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        ("given_name,family_name,shoe size", "Columns that are not understood: shoe size."),
        ("given_name,email", "Columns that are missing: family_name."),
        ("given_name,first_name,family_name", "The column “given_name” is there twice."),
    ],
)
def test_an_unknown_layout_is_refused_before_its_first_row(sheet, header, sentence):
    with pytest.raises(SheetError) as caught:
        next(read_people(sheet(f"{header}\nA,B,C\n")))

    expected = (
        " Expected are: country, email, family_name, given_name, honorific, languages, locale, organization, "
        "organization_reference, phone, position, reference."
    )
    assert str(caught.value) == sentence + ("" if "twice" in sentence else expected)


@pytest.mark.real_data
def test_every_row_of_the_contact_list_is_read(real_data):
    people = list(read_people(real_data / "people" / "synthetic-contacts" / "contacts.csv"))

    assert len(people) == 4619
    assert [person for person in people if isinstance(person, Refusal)] == []
    assert len({person.reference for person in people}) == 4619


def anonymous(row, given_name, family_name):
    """A person of whom the file says the name only."""
    return PersonRecord(row, "", "", given_name, family_name, "", "", "", "", (), (), ())
