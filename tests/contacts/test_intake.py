"""Contact lists are taken in, and the people linked to their organizations."""

import csv
import datetime
import io
from itertools import chain

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import ModelLogEntry

from contacts.models import Affiliation, Person, PersonEmail, PersonPhone
from contacts.sheets import COLUMNS, read_people
from network.models import Desk, Organization, OrganizationName
from network.sheets import Refusal, Tally, read_organizations
from tests.conftest import person

pytestmark = pytest.mark.django_db

CEX = {"organization": "Customs of Example"}
UNKNOWN = "The organization “Nowhere” is not known; the person was linked to none."


def row(name, **cells):
    given, family = name.split()
    return {"given_name": given, "family_name": family, **cells}


@pytest.fixture
def contacts(sheet):
    """Writes a contact list."""

    def write(*rows, name="contacts.csv"):
        text = io.StringIO()
        table = csv.DictWriter(text, sorted(COLUMNS))
        table.writeheader()
        table.writerows(rows)
        return sheet(text.getvalue(), name)

    return write


@pytest.fixture
def take(contacts):
    return lambda *rows, **options: Person.objects.take_records(read_people(contacts(*rows)), **options)


def writes(queries) -> list[str]:
    return [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


def positions(who: Person) -> list[tuple[str, str]]:
    return list(who.affiliations.order_by("pk").values_list("organization__name", "position"))


def test_a_person_is_taken_in_with_all_that_the_list_says(take, customs, olga):
    ways = {"email": "Amina@Douane.example; a.benali@example.org", "phone": "+212 5; 0612"}
    cells = {"honorific": "H.E.", "position": "Directrice", "country": "MA", "languages": "fr; ar", "reference": "S1"}

    tally = take(row("Amina Benali", **CEX, **cells, **ways), by=olga)

    amina = Person.objects.get()
    assert tally == Tally(created=1)
    assert (amina.formal_name, amina.country_id, amina.reference) == ("H.E. Amina Benali", "MA", "S1")
    assert (amina.languages, amina.language, amina.address) == (["fr", "ar"], "fr", "amina@douane.example")
    assert [email.address for email in amina.emails.all()] == ["amina@douane.example", "a.benali@example.org"]
    assert [phone.number for phone in amina.phones.all()] == ["+212 5", "0612"]
    assert positions(amina) == [("Customs of Example", "Directrice")]
    assert list(Person.objects.matching("BENALI douane")) == [amina]
    entry = ModelLogEntry.objects.get()
    assert (entry.action, entry.user, entry.object_id) == ("contacts.person.import", olga, str(amina.pk))
    assert entry.data == {"created": 1, "changed": 0, "refused": 0}


def test_a_second_time_writes_nothing(take, customs):
    rows = [
        row("Amina Benali", **CEX, position="Head", email="a@x.example;b@x.example", phone="1", reference="S1"),
        row("Amina Benali", **CEX, languages="fr", email="c@x.example", phone="2"),
        row("Amina Benali", organization="Nowhere"),
        row("Dina Haddad", **CEX, position="Clerk"),
        row("Dina Haddad", country="FR"),
    ]

    first = take(*rows)
    with CaptureQueriesContext(connection) as queries:
        second = take(*rows)

    notes = [Refusal(4, UNKNOWN)]
    assert (first, second) == (Tally(created=5, notes=notes), Tally(unchanged=5, notes=notes))
    assert (writes(queries), ModelLogEntry.objects.count()) == ([], 1)


@pytest.mark.parametrize(
    "found",
    [
        row("Yamina Ben-Ali", reference="S1"),
        row("Amina Benali", email="AMINA.Benali@example.org"),
        row("Amina Benali", **CEX),
        row("Amina Benali", organization_reference="x:1"),
    ],
    ids=["reference", "name and address", "name and organization", "name and the reference of the organization"],
)
def test_a_person_is_known_by(take, customs, found):
    Organization.objects.update(reference="x:1")
    namesake, amina = Person.objects.create(**row("Amina Benali")), person("Amina", "Benali", reference="S1")
    Affiliation.objects.create(person=amina, organization=customs, position="Head")

    tally = take({**found, "honorific": "Dr"})

    assert (tally, list(Person.objects.exclude(honorific="Dr"))) == (Tally(changed=1), [namesake])
    assert positions(amina) == [("Customs of Example", "Head")]
    assert list(Person.objects.matching(f"{found['given_name']} amina.benali@example.org")) == [amina]


def test_the_same_name_with_another_address_is_somebody_else(take, dina):
    assert take(row("Dina Haddad", email="dina@elsewhere.example")) == Tally(created=1)


def test_what_is_said_is_added_and_what_is_not_said_stays(take, dina):
    PersonPhone.objects.create(person=dina, number="1")
    Organization.objects.create(kind="GOVERNMENT", name="Ministry")
    emails = [dina.address, "d@ministry.example"]

    tally = take(row("Dina Haddad", organization="Ministry", languages="fr", email=";".join(emails), phone="2"))

    dina = Person.objects.get()
    assert tally == Tally(changed=1)
    assert (dina.honorific, dina.languages, dina.address) == ("Dr", ["ar", "fr"], "dina.haddad@example.org")
    assert [email.address for email in dina.emails.all()] == emails
    assert [phone.number for phone in dina.phones.all()] == ["1", "2"]
    assert positions(dina) == [("Customs of Example", "Head of unit"), ("Ministry", "")]
    assert list(Person.objects.matching("d@ministry.example")) == [dina]


def test_letters_go_on_to_the_address_that_staff_wrote(take):
    amina = Person.objects.create(**row("Amina Benali", reference="S1"))
    PersonEmail.objects.create(person=amina, address="amina@example.org")

    take(row("Amina Benali", email="info@example.org", reference="S1"))

    assert list(Person.objects.matching("info@example.org")) == [amina]
    assert Person.objects.get().address == "amina@example.org"


def test_a_new_position_corrects_the_only_one_and_a_former_one_stays(take, customs, dina, pavel):
    dina.affiliations.update(ends_on=datetime.date(2025, 12, 31))
    rows = [
        row("Dina Haddad", **CEX, position="Director", email=dina.address),
        row("Pavel Novak", **CEX, position="Deputy", email=pavel.address),
    ]

    first, second = take(*rows), take(*rows)

    assert (first, second) == (Tally(changed=2), Tally(unchanged=2))
    assert positions(dina) == [(customs.name, "Head of unit"), (customs.name, "Director")]
    assert list(pavel.affiliations.values_list("position", "is_focal_point")) == [("Deputy", True)]
    assert take({**rows[0], "position": "Head of unit"}) == Tally(unchanged=1)


def test_only_the_one_organization_of_a_name_is_linked(take, customs):
    for country in ("FR", "BE"):
        Organization.objects.create(kind="CRIMINAL_JUSTICE", name="Court", country_id=country)

    tally = take(*(row("Li Wei", organization=name) for name in ("CUSTOMS of  Éxample", "Court", "Nowhere")))

    several = "Several organizations are called “Court”; the person was linked to none of them."
    assert tally == Tally(created=3, notes=[Refusal(3, several), Refusal(4, UNKNOWN)])
    assert [positions(who) for who in Person.objects.order_by("pk")] == [[(customs.name, "")], [], []]


def test_a_position_without_a_known_organization_is_left_out_and_it_is_said(take, customs, pavel):
    Affiliation.objects.create(person=pavel, organization=customs, position="Deputy")

    tally = take(
        row("Amina Benali", organization="Nowhere", position="Head"),
        row("Li Wei", position="Judge"),
        row("Pavel Novak", position="Deputy", email="pavel.novak@example.org"),
        row("Omar Sy", **CEX, position="Clerk"),
    )

    left_out = "The position “%s” is left out, because the organization is not known."
    told = [Refusal(2, UNKNOWN), Refusal(2, left_out % "Head"), Refusal(3, left_out % "Judge")]
    assert (tally.notes, tally.created) == (told, 3)


def test_an_organization_in_other_words_is_linked_and_it_is_said(take, customs):
    OrganizationName.objects.create(organization=customs, name="Douanes d’Exemple", language="fr")

    tally = take(row("Amina Benali", organization="Bureau 4, Douane d’Exemple, Paris, France", position="Head"))

    assert positions(Person.objects.get()) == [("Customs of Example", "Head")]
    taken = "“Bureau 4, Douane d’Exemple, Paris, France” was taken for Customs of Example."
    assert tally == Tally(created=1, notes=[Refusal(2, taken)])


def test_what_is_only_nearly_a_name_is_proposed_and_not_linked(take, customs):
    tally = take(row("Amina Benali", organization="Customs of Exampel"))

    perhaps = "“Customs of Exampel” is not known, perhaps Customs of Example; the person was linked to none."
    assert (positions(Person.objects.get()), tally.notes) == ([], [Refusal(2, perhaps)])


def test_of_several_of_a_name_the_one_in_the_country_of_the_person_is_linked(take, france):
    for country in ("FR", "ES"):
        Organization.objects.create(kind="CRIMINAL_JUSTICE", name="Court", country_id=country)

    take(row("Amina Benali", organization="Court", country="ES"))

    assert Affiliation.objects.get().organization.country_id == "ES"


def test_an_organization_of_another_desk_is_not_named_to_who_imports(take, customs, noor):
    desk = Desk.objects.create(name="Iberia")
    desk.countries.set(["ES"])
    noor.desks.add(desk)

    tally = take(row("Amina Benali", organization="Customs of Exampel"), by=noor)

    sentence = "The organization “Customs of Exampel” is not known; the person was linked to none."
    assert tally.notes == [Refusal(2, sentence)]


def test_who_came_before_the_organization_is_linked_to_it_later(take):
    amina = row("Amina Benali", **CEX, position="Head")
    take(amina)
    Organization.objects.create(kind="LAW_ENFORCEMENT", name="Customs of Example")

    assert (take(amina), take(amina)) == (Tally(changed=1), Tally(unchanged=1))
    assert positions(Person.objects.get()) == [("Customs of Example", "Head")]


def test_rows_that_cannot_be_taken_are_refused_one_by_one(take, customs):
    tally = take(
        row("Amina Benali", country="XK"),
        {"honorific": "Dr"},
        row("Amina Benali", email=f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 20}.example"),
        row("Amina Benali", email="a@x.example", phone="1"),
        row("Amina Benali", email="A@x.example", phone="2"),
        row("Dina Haddad", reference="S1"),
        row("Amina Benali", reference="S1"),
    )

    assert (tally.created, list(PersonPhone.objects.values_list("number", flat=True))) == (2, ["1"])
    assert tally.refused == [
        Refusal(2, "XK is not a country we know."),
        Refusal(3, "There is no name."),
        Refusal(4, "“address” is longer than 254 characters."),
        Refusal(6, "The file speaks of the same one in row 5."),
        Refusal(8, "The file speaks of the same one in row 7."),
    ]


def test_one_person_in_two_ways_is_taken_once(take, dina):
    Person.objects.filter(pk=dina.pk).update(reference="S1")

    tally = take(
        row("Dina Haddad", honorific="Prof.", reference="S1"),
        row("Dina Haddad", honorific="Ms", email=dina.address, organization="Nowhere"),
    )

    assert tally == Tally(changed=1, refused=[Refusal(3, "The file speaks of the same one in row 2.")])
    assert Person.objects.get().honorific == "Prof."


def test_a_source_that_breaks_off_leaves_whole_people_and_the_next_time_does_the_rest(take, contacts, customs):
    rows = [row("Li Wei", **CEX, email=f"a{n}@x.example", phone="1", reference=f"S{n}") for n in range(1, 703)]

    with pytest.raises(OSError, match="unplugged"):
        Person.objects.take_records(chain(list(read_people(contacts(*rows)))[:600], breaking()))

    assert [kind.objects.count() for kind in (Person, PersonEmail, PersonPhone, Affiliation)] == [500] * 4
    assert take(*rows) == Tally(created=202, unchanged=500)


def breaking():
    raise OSError("The disk was unplugged.")
    yield


# -- the command


def test_the_command_says_what_became_of_each_file(contacts, capsys):
    amina = row("Amina Benali", organization="Nowhere", email="a@x.example")
    files = [contacts(amina, row("Li Wei", country="XK"), name="a.csv"), contacts(amina, name="b.csv")]

    call_command("import_people", *map(str, files))

    assert [line for line in capsys.readouterr().out.splitlines() if " rows in " not in line] == [
        "a.csv: 1 created, 0 changed, 0 unchanged, 1 refused.",
        "a.csv, row 3: XK is not a country we know.",
        f"a.csv, row 2 (taken in): {UNKNOWN}",
        "b.csv: 0 created, 0 changed, 1 unchanged, 0 refused.",
        f"b.csv, row 2 (taken in): {UNKNOWN}",
    ]


def test_a_file_that_is_no_contact_list_writes_nothing_and_neither_do_its_neighbours(contacts, sheet):
    files = [contacts(row("Amina Benali"), name="good.csv"), sheet("name,email\nAmina,a@x.example\n", "bad.csv")]

    with pytest.raises(CommandError, match=r"^bad\.csv: Columns that are not understood: name\."):
        call_command("import_people", *map(str, files))

    assert list(Person.objects.all()) == []


@pytest.mark.real_data
@pytest.mark.slow
def test_the_contact_list_is_taken_in_and_linked_to_the_registers(real_data):
    for file in ("ror/ror_organisations.csv", "igo/supraverden_flat.csv"):
        Organization.objects.take_records(read_organizations(real_data / "organizations" / file))
    path = real_data / "people" / "synthetic-contacts" / "contacts.csv"

    tally = Person.objects.take_records(read_people(path))
    with CaptureQueriesContext(connection) as queries:
        again = Person.objects.take_records(read_people(path))

    assert (tally.created, tally.refused, len(tally.notes)) == (4619, [], 464 + 454)  # of no register; and of what post
    assert (Affiliation.objects.count(), PersonEmail.objects.count()) == (4619 - 461, 4619)  # of three the words tell
    assert (again.unchanged, again.notes, writes(queries)) == (4619, tally.notes, [])


def test_whom_staff_entered_first_gets_the_reference_of_the_list(take, dina):
    tally = take(row("Dina Haddad", reference="ac:7", email=dina.address))

    assert (tally, Person.objects.get().reference) == (Tally(changed=1), "ac:7")
    assert take(row("Dina Haddad", reference="ac:7", email=dina.address)) == Tally(unchanged=1)
    assert take(row("Dina Haddad", reference="ac:8", email=dina.address)) == Tally(created=1)
