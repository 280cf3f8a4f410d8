"""Other people's lists: which column is which field, and how far each row can be read."""

from dataclasses import replace
from datetime import date

import pytest

from contacts.sheets import FIELDS, PersonRecord, read_people, suggest
from network.sheets import Reading, Refusal, Row, SheetError, open_sheet

NOBODY = PersonRecord(2, "", "", "", "", "", "", "", "", (), (), ())
LEFT_OUT = "Left out, because there is no place for it: "


def fields(*columns, **cells):
    """What is suggested for columns over one row of cells."""
    row = Row(2, dict.fromkeys(columns, "") | {column.replace("_", " "): cell for column, cell in cells.items()})
    return suggest(tuple(row.values), [row])


def people(path, mapping=None, reading=None):
    """The records of a file, read as a person would who takes every suggestion."""
    sheet = open_sheet(path, reading)
    return list(read_people(path, mapping or suggest(sheet.columns, list(sheet.rows)), reading))


# -- which column is which


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (
            "Title,First Name,Middle Name,Last Name,Company,Job Title,Business Country/Region,Business Phone,"
            "Mobile Phone,E-mail Address,E-mail 2 Address",
            "honorific given_name middle_name family_name organization position country phone_work phone_mobile email "
            "email",
        ),
        (
            "Titre,Prénom,Nom,Société,Titre du poste,Pays (bureau),Téléphone (bureau),Tél. mobile,"
            "Adresse de messagerie",
            "honorific given_name family_name organization position country phone_work phone_mobile email",
        ),
        (
            "Anrede,Vorname,Nachname,Firma,Position,Land geschäftlich,Telefon geschäftlich,Mobiltelefon,E-Mail-Adresse",
            "honorific given_name family_name organization position country phone_work phone_mobile email",
        ),
        (
            "Tratamiento,Nombre,Apellidos,Organización,Cargo,País,Teléfono del trabajo,Móvil,Correo electrónico",
            "honorific given_name family_name organization position country phone_work phone_mobile email",
        ),
        (
            "Имя,Отчество,Фамилия,Организация,Должность,Страна,Телефон,Электронная почта",
            "given_name middle_name family_name organization position country phone email",
        ),
        (
            "الاسم الأول,اسم العائلة,المنظمة,المنصب,الدولة,الهاتف,البريد الإلكتروني",
            "given_name family_name organization position country phone email",
        ),
        (
            "First Name,Last Name,Name Prefix,Organization Name,Organization Title,E-mail 1 - Value,Phone 1 - Value,"
            "Address 1 - Country",
            "given_name family_name honorific organization position email phone country",
        ),
        (
            "N family,N given,N prefix,FN,ORG,TITLE,EMAIL,TEL work,TEL cell,TEL assistant,ADR country,LANG,UID",
            "family_name given_name honorific full_name organization position email phone_work phone_mobile "
            "phone_assistant country languages reference",
        ),
        (
            "cn,sn,givenname,o,title,mail,telephonenumber,mobile,c,preferredlanguage",
            "full_name family_name given_name organization position email phone_work phone_mobile country languages",
        ),
        (
            "reference,honorific,given name,family name,position,organization,organization reference,country,languages,"
            "email,phone",
            "reference honorific given_name family_name position organization organization_reference country languages "
            "email phone",
        ),
    ],
)
def test_the_names_of_columns_are_known(header, expected):
    columns = header.split(",")

    assert fields(*columns) == dict(zip(columns, expected.split(), strict=True))


def test_every_field_that_is_suggested_can_be_chosen():
    columns = ["reference", "name", "first name", "surname", "cargo", "since", "start date", "end date"]

    assert set(fields(*columns).values()) <= FIELDS.keys()


def test_a_title_is_an_honorific_or_a_position_by_what_stands_under_it():
    assert fields("Last Name", Title="Dr.") == {"Last Name": "family_name", "Title": "honorific"}
    assert fields("Last Name", Title="Director General") == {"Last Name": "family_name", "Title": "position"}


def test_cells_speak_where_the_name_of_the_column_does_not():
    assert fields(A="Amina Benali", B="amina@douane.example", C="+212 5 00 00 00", D="2026-01-01") == {
        "B": "email",
        "C": "phone",
    }
    assert fields("e-mail", Nickname="a@x.example", Birthday="01/02/1970") == {"e-mail": "email"}


def test_the_surest_column_is_suggested_and_an_empty_one_only_without_another():
    assert fields("Home Country", "Country", Home_Country="FR", Country="DE") == {"Country": "country"}
    assert fields("Full name", Name="Amina Benali") == {"Name": "full_name"}
    assert fields("Full name") == {"Full name": "full_name"}


def test_a_comma_in_most_names_is_a_notation():
    assert fields(Name="BENALI, Amina") == {"Name": "family_comma_given"}


# -- rows


def test_a_list_of_outlook_is_read_and_what_has_no_place_is_told(sheet):
    path = sheet(
        "Title;First Name;Middle Name;Last Name;Company;Job Title;Business Country/Region;Business Phone;Mobile Phone;"
        "Home Phone;E-mail Address;E-mail Display Name;Birthday\n"
        "Dr.;Amina;Zohra;Benali;Douane;Directrice;Maroc;+212 5;+212 6;+212 7;Amina@X.example;"
        "Amina Benali (amina@x.example);1.1.1970\n"
    )

    assert people(path) == [
        replace(
            NOBODY,
            honorific="Dr.",
            given_name="Amina Zohra",
            family_name="Benali",
            organization_name="Douane",
            position="Directrice",
            country="MA",
            emails=("amina@x.example",),
            phones=("+212 5", "+212 6"),
            phone_kinds=("WORK", "MOBILE"),
            notes=(f"{LEFT_OUT}“Home Phone”, “Birthday”.",),
        )
    ]


def test_google_says_the_kind_of_a_number_beside_it(sheet):
    path = sheet(
        "First Name,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,Phone 2 - Value,"
        "Phone 3 - Label,Phone 3 - Value,Phone 4 - Label,Phone 4 - Value\n"
        "Dina,* Work,a@x.example ::: b@x.example,Mobile,+1,Work Fax,+2,Assistant,+3,,+4 ::: +5\n"
    )

    (dina,) = people(path)

    assert dina.emails == ("a@x.example", "b@x.example")
    assert dina.phones == ("+1", "+3", "+4", "+5")
    assert dina.phone_kinds == ("MOBILE", "ASSISTANT", "", "")
    assert dina.notes == ("“Phone 2 - Value” is “Work Fax”, for which there is no place; it was left out.",)


def test_a_name_in_one_piece_is_never_cut_up(sheet):
    path = sheet("Name,E-mail\nMaría del Carmen García López,m@x.example\nBENALI,b@x.example\n")
    note = ("“Name”: the name is in one piece; it was not split.",)

    assert people(path) == [
        replace(NOBODY, family_name="María del Carmen García López", emails=("m@x.example",), notes=note),
        replace(NOBODY, row=3, family_name="BENALI", emails=("b@x.example",), notes=note),
    ]


def test_a_name_is_split_at_the_comma_that_its_notation_has(sheet):
    path = sheet('Name\n"BENALI, Amina"\n"GARCÍA LÓPEZ, María del Carmen"\nSukarno\n')

    assert people(path, {"Name": "family_comma_given"}) == [
        replace(NOBODY, given_name="Amina", family_name="BENALI"),
        replace(NOBODY, row=3, given_name="María del Carmen", family_name="GARCÍA LÓPEZ"),
        replace(
            NOBODY,
            row=4,
            family_name="Sukarno",
            notes=("“Name”: the name is in one piece; it was not split.",),
        ),
    ]
    assert [person.family_name for person in people(path, {"Name": "full_name"})] == [
        "BENALI, Amina",
        "GARCÍA LÓPEZ, María del Carmen",
        "Sukarno",
    ]


def test_a_display_name_is_told_where_it_says_more_than_the_names(sheet):
    path = sheet("First Name,Last Name,Display Name\nMax,Mustermann,Mustermann Max\nMax,Mustermann,Maxl\n")

    assert [person.notes for person in people(path)] == [(), (f"{LEFT_OUT}“Display Name”.",)]


def test_what_cannot_be_read_is_left_out_with_a_note_and_the_rest_is_kept(sheet):
    path = sheet(
        "name,email,phone,country,languages,starts on\n"
        "One,one (at) x.example;two@x.example,1.99E+09;ask,Atlantis,Elvish;français,3/4/2026,beside\n"
    )

    assert people(path) == [
        replace(
            NOBODY,
            family_name="One",
            emails=("two@x.example",),
            languages=("fr",),
            notes=(
                "“name”: the name is in one piece; it was not split.",
                "“email”: “one (at) x.example” is not an e-mail address. It was left out.",
                "“phone”: “1.99E+09” is a number that a spreadsheet has shortened. It was left out.",
                "“phone”: “ask” is not a telephone number. It was left out.",
                "“country”: Atlantis is not a country we know. It was left out.",
                "“languages”: “Elvish” is not the code of a language, such as fr. It was left out.",
                "“starts on”: “3/4/2026” is not one certain day, such as 2026-03-31; it was left out.",
                "There is text beside the named columns; it was left out.",
            ),
        )
    ]


def test_a_row_without_a_name_or_with_too_long_a_text_is_refused(sheet):
    path = sheet(f"Nom,Fonction,Courriel\n,,a@x.example\nTwo,{'x' * 201},\n{'y' * 151},,\nb@x.example,,\n")

    assert people(path, {"Nom": "full_name", "Fonction": "position", "Courriel": "email"}) == [
        Refusal(2, "There is no name."),
        Refusal(3, "“Fonction” is longer than 200 characters."),
        Refusal(4, "“Nom” is longer than 150 characters."),
        Refusal(5, "There is no name."),
    ]


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-2", "@sum"])
def test_what_looks_like_a_formula_is_a_text(sheet, text):
    path = sheet(f"family name,given name\n{text},One\n")

    assert [person.family_name for person in people(path)] == [text]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-31", date(2026, 3, 31)),
        ("2026-03-31T09:30:00", date(2026, 3, 31)),
        ("31.3.2026", date(2026, 3, 31)),
        ("31/03/2026", date(2026, 3, 31)),
        ("3/31/2026", date(2026, 3, 31)),
        ("3/3/2026", date(2026, 3, 3)),
        ("31.2.2026", None),
        ("31.3.26", None),
        ("March", None),
        ("46112", None),
    ],
)
def test_a_day_is_taken_where_it_can_be_one_day_only(sheet, text, day):
    (person,) = people(sheet(f"family name,starts on,ends on\nOne,{text},\n"))

    assert person.starts_on == day
    assert len(person.notes) == (day is None)


@pytest.mark.parametrize(("system", "day"), [("1900", date(2026, 3, 31)), ("1904", date(2030, 4, 1))])
def test_a_number_of_days_is_counted_as_the_file_counts(sheet, system, day):
    path = sheet("family name,ends on\nOne,46112\n")

    assert [person.ends_on for person in people(path, reading=Reading(date_system=system))] == [day]


# -- cards and directories, without a mapping


def test_cards_are_read_as_they_are_without_a_mapping(sheet):
    path = sheet(
        "BEGIN:VCARD\nVERSION:4.0\nUID:u1\nFN:Amina Benali\nN:Benali;Amina;;H.E.;\nEMAIL:a@x.example\n"
        "TEL;TYPE=cell:+1\nEND:VCARD\nBEGIN:VCARD\nVERSION:4.0\nKIND:group\nFN:All\nEND:VCARD\n"
        "BEGIN:VCARD\nVERSION:3.0\nFN:Douane\nORG:Douane\nX-ABShowAs:COMPANY\nEND:VCARD\n"
    )

    assert list(read_people(path)) == [
        replace(
            NOBODY,
            row=1,
            reference="u1",
            honorific="H.E.",
            given_name="Amina",
            family_name="Benali",
            emails=("a@x.example",),
            phones=("+1",),
            phone_kinds=("MOBILE",),
        ),
        Refusal(2, "This is a list of people, and no person."),
        Refusal(3, "This is an organization or a place, and no person."),
    ]


def test_a_directory_holds_people_and_lists(sheet):
    path = sheet(
        "dn: cn=Eva,o=Zoll\nobjectclass: person\nsn: Müller\ngivenName: Eva\ntitle: Chief\nc: DE\n\n"
        "dn: cn=All,o=Zoll\nobjectclass: groupOfNames\ncn: All\n"
    )

    assert list(read_people(path)) == [
        replace(NOBODY, row=1, given_name="Eva", family_name="Müller", position="Chief", country="DE"),
        Refusal(2, "This is a list of people, and no person."),
    ]


# -- mappings that do not fit


@pytest.mark.parametrize(
    ("mapping", "sentence"),
    [
        ({"name": "full_name", "shoe": ""}, "There is no column “shoe” in the file."),
        ({"name": "shoe_size"}, "“shoe_size” is no field of a person."),
        ({"email": "email"}, "No column holds a name. Say which one does."),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused_before_the_first_row(sheet, mapping, sentence):
    with pytest.raises(SheetError) as caught:
        next(read_people(sheet("name,email\nOne,a@x.example\n"), mapping))

    assert str(caught.value) == sentence
