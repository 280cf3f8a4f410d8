"""Registers and lists of organizations are taken in."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import ModelLogEntry

from network.models import Organization, OrganizationName
from network.sheets import Refusal, Tally, read_organizations

pytestmark = pytest.mark.django_db

HEADER = "name,acronym,kind,country,website,email,parent,reference\n"
ROR = "ror_id,name,types,status,country,acronyms,aliases,labels_by_lang,website\n"


def take(path, **options) -> Tally:
    return Organization.objects.take_records(read_organizations(path), **options)


def writes(queries) -> list[str]:
    return [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


def import_organizations(capsys, *files) -> list[str]:
    """The lines that the command prints after its progress."""
    call_command("import_organizations", *map(str, files))
    return [line for line in capsys.readouterr().out.splitlines() if " rows in " not in line]


def test_a_register_is_taken_in_with_names_in_many_languages(sheet, olga):
    path = sheet(
        ROR + "001,Douane Française,government,active,FR,DGDDI|DF,Customs|French Customs,"
        "en:French Customs|fr:Douane française,https://douane.example\n"
    )

    tally = take(path, by=olga)

    douane = Organization.objects.get()
    assert tally == Tally(created=1)
    assert (douane.reference, douane.name, douane.acronym) == ("ror:001", "Douane Française", "DGDDI")
    assert (douane.kind, douane.country.code, douane.status) == ("LAW_ENFORCEMENT", "FR", "ACTIVE")
    assert set(douane.other_names.values_list("name", "language", "kind")) == {
        ("French Customs", "en", "TRANSLATION"),
        ("Douane française", "fr", "TRANSLATION"),
        ("DF", "", "ALIAS"),
        ("Customs", "", "ALIAS"),
    }
    assert list(Organization.objects.matching("francaise dgddi")) == [douane]
    assert list(Organization.objects.matching("french customs")) == [douane]
    entry = ModelLogEntry.objects.get()
    assert (entry.action, entry.user) == ("network.organization.import", olga)
    assert (entry.object_id, entry.data) == (str(douane.pk), {"created": 1, "changed": 0, "refused": 0})


def test_a_second_time_writes_nothing(sheet):
    path = sheet(ROR + "001,Douane,government,active,FR,DG|DF,Customs,fr:La douane,\n002,Uni,education,inactive,,,,,\n")
    take(path)

    with CaptureQueriesContext(connection) as queries:
        tally = take(path)

    assert tally == Tally(unchanged=2)
    assert writes(queries) == []


def test_only_what_differs_is_changed_and_what_is_not_said_stays(sheet):
    take(
        sheet(HEADER + "Customs,CUS,LAW_ENFORCEMENT,FR,customs.example,a@customs.example,,x:1\nUni,,ACADEMIA,,,,,x:2\n")
    )

    tally = take(sheet(HEADER + "Customs and Excise,,LAW_ENFORCEMENT,,,,,x:1\nUni,,ACADEMIA,,,,,x:2\n"))

    customs = Organization.objects.get(reference="x:1")
    assert tally == Tally(changed=1, unchanged=1)
    assert (customs.name, customs.acronym, customs.country_id) == ("Customs and Excise", "CUS", "FR")
    assert (customs.website, customs.email) == ("https://customs.example", "a@customs.example")
    assert customs.search_text == "customs and excise cus"


def test_a_new_name_is_added_and_found_beside_those_that_staff_wrote(sheet):
    take(sheet(ROR + "001,Douane,government,active,FR,,,,\n"))
    douane = Organization.objects.get()
    douane.other_names.add(OrganizationName(name="Zoll", language="de", kind="TRANSLATION"))
    douane.save()

    tally = take(sheet(ROR + "001,Douane,government,active,FR,,Aduana,,\n"))

    douane = Organization.objects.get()
    assert tally == Tally(changed=1)
    assert {other.name for other in douane.other_names.all()} == {"Zoll", "Aduana"}
    assert (douane.search_text, take(sheet(ROR + "001,Douane,government,active,FR,,Aduana,,\n"))) == (
        "douane aduana zoll",
        Tally(unchanged=1),
    )


def test_without_a_reference_name_and_country_decide(sheet, customs):
    path = sheet(
        HEADER
        + "CUSTOMS of  Éxample,CEX,LAW_ENFORCEMENT,FR,cex.example,,,\n"
        + "Customs of Example,,LAW_ENFORCEMENT,BE,,,,\n"
    )

    first, second = take(path), take(path)

    assert (first, second) == (Tally(created=1, changed=1), Tally(unchanged=2))
    customs.refresh_from_db()
    assert customs.website == "https://cex.example"
    assert sorted(Organization.objects.values_list("country", flat=True)) == ["BE", "FR"]


def test_parents_are_found_by_reference_or_by_name_wherever_they_stand(sheet):
    path = sheet(
        HEADER
        + "Unit,,LAW_ENFORCEMENT,FR,,,Customs,\n"
        + "Customs,,LAW_ENFORCEMENT,FR,,,x:1,\n"
        + "Ministry,,GOVERNMENT,FR,,,,x:1\n"
    )

    first, second = take(path), take(path)

    assert (first, second) == (Tally(created=3), Tally(unchanged=3))
    assert dict(Organization.objects.values_list("name", "parent__name")) == {
        "Unit": "Customs",
        "Customs": "Ministry",
        "Ministry": None,
    }


def test_a_parent_that_is_all_that_is_new_counts_as_a_change(sheet):
    rows = "Unit,,LAW_ENFORCEMENT,FR,,,{},x:2\nMinistry,,GOVERNMENT,FR,,,,x:1\n"
    take(sheet(HEADER + rows.format("")))

    assert take(sheet(HEADER + rows.format("x:1"))) == Tally(changed=1, unchanged=1)


def test_a_parent_that_cannot_be_is_noted(sheet):
    path = sheet(
        HEADER
        + "Unit,,LAW_ENFORCEMENT,FR,,,Nowhere,x:1\n"
        + "Head,,GOVERNMENT,FR,,,x:3,x:2\n"
        + "Tail,,GOVERNMENT,FR,,,Head,x:3\n"
        + "Court,,CRIMINAL_JUSTICE,FR,,,,x:4\n"
        + "Court,,CRIMINAL_JUSTICE,FR,,,,x:5\n"
        + "Chamber,,CRIMINAL_JUSTICE,FR,,,Court,x:6\n"
        + "Self,,GOVERNMENT,FR,,,Self,x:7\n"
    )

    tally = take(path)

    assert tally.created == 7
    assert tally.notes == [
        Refusal(2, "“Nowhere”, of which it is part, is not known."),
        Refusal(4, "“Head” cannot be above it: it would be part of itself."),
        Refusal(7, "Several organizations are called “Court”; it was not put under one of them."),
        Refusal(8, "“Self” cannot be above it: it would be part of itself."),
    ]
    assert dict(Organization.objects.exclude(parent=None).values_list("name", "parent__name")) == {"Head": "Tail"}


def test_rows_that_cannot_be_taken_are_refused_one_by_one(sheet):
    path = sheet(
        HEADER
        + "Kosovo Customs,,LAW_ENFORCEMENT,XK,,,,\n"
        + "Twice,,NGO,FR,,,,x:1\n"
        + "Twice again,,NGO,FR,,,,x:1\n"
        + "Nameless kind,,CLUB,FR,,,,\n"
        + f"Far,,NGO,FR,,{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 20}.example,,\n"
        + "Good,,NGO,FR,,,,\n"
        + "good,,NGO,FR,,,,\n"
    )

    tally = take(path)

    assert tally.created == 2
    assert tally.refused == [
        Refusal(2, "XK is not a country we know."),
        Refusal(4, "The file speaks of the same one in row 3."),
        Refusal(
            5,
            "The kind “CLUB” is not one of IGO, GOVERNMENT, LAW_ENFORCEMENT, CRIMINAL_JUSTICE, INDUSTRY, NGO, "
            "ACADEMIA.",
        ),
        Refusal(6, "“email” is longer than 254 characters."),
        Refusal(8, "The file speaks of the same one in row 7."),
    ]


def test_one_organization_in_two_ways_is_taken_once(sheet):
    take(sheet(HEADER + "Customs,,LAW_ENFORCEMENT,FR,,,,x:1\n"))

    tally = take(sheet(HEADER + "Customs,CUS,LAW_ENFORCEMENT,FR,,,,x:1\nCustoms,SUC,LAW_ENFORCEMENT,FR,,,,\n"))

    assert tally == Tally(changed=1, refused=[Refusal(3, "The file speaks of the same one in row 2.")])


def test_progress_is_told_batch_by_batch(sheet):
    path = sheet(HEADER + "".join(f"Body {n},,NGO,FR,,,,\n" for n in range(1, 1202)))
    told = []

    tally = take(path, progress=told.append)

    assert (tally.created, told) == (1201, [500, 1000, 1201])


# -- the command


def test_the_command_says_what_became_of_each_file(sheet, capsys):
    good = sheet(HEADER + "Customs,,LAW_ENFORCEMENT,FR,,,,x:1\nKosovo Customs,,LAW_ENFORCEMENT,XK,,,,\n", "good.csv")
    more = sheet(HEADER + "Customs,,LAW_ENFORCEMENT,FR,,,Ministry,x:1\n", "more.csv")

    assert import_organizations(capsys, good, more) == [
        "good.csv: 1 created, 0 changed, 0 unchanged, 1 refused.",
        "good.csv, row 3: XK is not a country we know.",
        "more.csv: 0 created, 0 changed, 1 unchanged, 0 refused.",
        "more.csv, row 2 (taken in): “Ministry”, of which it is part, is not known.",
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
            "bad.csv: This is not a table in CSV, XLSX, ODS or JSON Lines, and no vCard or LDIF.",
        ),
        ("<html></html>", "bad.csv: This is not a table in CSV, XLSX, ODS or JSON Lines, and no vCard or LDIF."),
        ("", "bad.csv: The file is empty."),
        (
            "name,kind,colour\nCustoms,NGO,red\n",
            "bad.csv: Columns that are not understood: colour. Expected are: acronym, country, email, kind, name, "
            "parent, reference, website.",
        ),
        (
            HEADER + "".join(f"Body {n},,NGO,FR,,,,\n" for n in range(700)) + '"Customs,,NGO,FR,,,,\n',
            "bad.csv: Row 702 cannot be read: a quotation mark is out of place, or a cell is too long.",
        ),
    ],
)
def test_a_file_that_cannot_be_read_writes_nothing_and_neither_do_its_neighbours(sheet, content, sentence):
    good = sheet(HEADER + "Customs,,LAW_ENFORCEMENT,FR,,,,x:1\n", "good.csv")
    bad = sheet(content, "bad.csv")

    with pytest.raises(CommandError) as error:
        call_command("import_organizations", str(good), str(bad))

    assert (str(error.value), error.value.returncode) == (sentence, 1)
    assert list(Organization.objects.all()) == []


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(CommandError, match=r"^none.csv: The file cannot be opened\.$"):
        call_command("import_organizations", str(tmp_path / "none.csv"))


@pytest.mark.real_data
@pytest.mark.slow
def test_the_registers_are_taken_in_and_agree_with_each_other(real_data):
    folder = real_data / "organizations"
    files = ["ror/ror_organisations.csv", "igo/supraverden_flat.csv", "enforcement_and_regulators_subset.csv"]

    ror, igo, subset = (take(folder / file) for file in files)

    assert (ror.created, ror.changed, ror.unchanged) == (25_167, 0, 0)
    assert ror.refused == [Refusal(row, "XK is not a country we know.") for row in (17_566, 21_232, 24_571)]
    assert igo == Tally(created=617)
    assert (subset.created, subset.changed, subset.unchanged, len(subset.refused)) == (624, 0, 95, 1)
    for file in files:
        with CaptureQueriesContext(connection) as queries:
            again = take(folder / file)
        assert (again.created, again.changed, writes(queries)) == (0, 0, [])
