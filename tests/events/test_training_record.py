"""The training record and its coverage: who was trained on what, for whom, and where nobody was."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from contacts.models import Affiliation, Person, Segment
from events.models import Curriculum, Event, FormalLetter
from events.models.trained import training_coverage
from network.models import Country, CountryGroup, Organization
from tests.conftest import person, queries_of, rows_of_sheet, staff
from tests.events.conftest import trained

LIST, COVERAGE = "/admin/events/training-record/", "/admin/events/training-coverage/"


@pytest.fixture
def police(db) -> Organization:
    return Organization.objects.create(kind="LAW_ENFORCEMENT", name="Police of Togo", country_id="TG")


@pytest.fixture
def kofi(police) -> Person:
    """Of the police of Togo, today."""
    return employed(person("Kofi", "Mensah", country_id="GH"), police)


@pytest.fixture
def other(curriculum, venue) -> Event:
    """Another training, the year before, on nothing that is kept."""
    day = datetime.date(2025, 3, 3)
    return Event.objects.create(
        slug="other",
        title="Seminar",
        kind="TRAINING",
        starts_on=day,
        ends_on=day,
        status="ANNOUNCED",
        venue=venue,
        answer_by=datetime.datetime(2100, 1, 1, tzinfo=datetime.UTC),
    )


def employed(who: Person, organization: Organization, **fields) -> Person:
    Affiliation.objects.create(person=who, organization=organization, **fields)
    return who


def record(letters=None) -> list[tuple]:
    rows = (letters or FormalLetter.objects).trained().with_origins().with_present().order_by("pk")
    return [(str(one.invitation.person), one.origin_name, one.nation, one.now_at) for one in rows]


# -- What counts ------------------------------------------------------------------------------------------------------


def test_trained_is_who_holds_a_certificate_that_stands(training, pavel, dina, kofi):
    held, void, gone = trained(training, pavel, dina, kofi)
    FormalLetter.objects.filter(pk=void.pk).update(void_at=timezone.now())
    gone.invitation.withdraw(by=None)

    assert list(FormalLetter.objects.trained()) == [held]

    training.cancel(by=None)
    assert list(FormalLetter.objects.trained()) == []


def test_other_letters_are_no_certificates(training, pavel):
    trained(training, pavel)
    FormalLetter.objects.update(kind="VISA")

    assert list(FormalLetter.objects.trained()) == []


def test_who_has_moved_on_was_there_for_the_organization_of_that_time(training, dina, customs, police):
    before = training.starts_on - datetime.timedelta(days=1)
    after = training.ends_on + datetime.timedelta(days=1)
    dina.affiliations.update(ends_on=after)
    employed(dina, police, starts_on=after)
    employed(dina, Organization.objects.create(kind="NGO", name="Watch"), ends_on=before)
    trained(training, dina)

    assert record() == [("Dina Haddad", "Customs of Example", "FR", "Customs of Example")]


def test_who_came_with_a_delegation_was_there_for_it(training, delegation, kofi):
    trained(training, kofi, delegation=delegation)

    assert record() == [("Kofi Mensah", "Customs of Example", "FR", "Police of Togo")]


def test_who_belongs_nowhere_counts_for_their_own_country(training, police):
    trained(training, person("Ada", "Abel", country_id="GH"))

    assert record() == [("Ada Abel", None, "GH", None)]


# -- The list ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def three(training, other, pavel, kofi):
    """Pavel was trained twice, Kofi once."""
    trained(other, pavel)
    trained(training, pavel, kofi)


def names(client, **asked) -> list[str]:
    page = client.get(LIST, asked)
    return [str(one.invitation.person) for one in page.context["object_list"]]


def test_the_list_is_narrowed_by_each_of_its_questions(client, olga, three, curriculum, customs, pavel):
    client.force_login(olga)
    group = CountryGroup.objects.create(slug="west", name="West")
    group.countries.add(Country.objects.get(pk="TG"))

    assert sorted(names(client)) == ["Kofi Mensah", "Pavel Novak", "Pavel Novak"]
    assert sorted(names(client, curriculum=curriculum.pk)) == ["Kofi Mensah", "Pavel Novak"]
    assert names(client, audience="JUDGES") == []
    assert names(client, country="TG") == names(client, group=group.pk) == ["Kofi Mensah"]
    assert names(client, organization=customs.pk) == ["Pavel Novak"] * 2
    assert names(client, year="2025") == ["Pavel Novak"]
    assert names(client, q="Mensa") == ["Kofi Mensah"]
    assert names(client, person=pavel.pk) == ["Pavel Novak"] * 2


def test_the_list_says_what_when_and_for_whom(client, olga, three):
    client.force_login(olga)

    page = client.get(LIST, {"country": "TG"}).text

    told = ("Kofi Mensah", "Police of Togo", "Togo", "Containers", "forum/00002")
    assert [words in page for words in told] == [True] * 5


def test_the_list_is_a_sheet_as_well(client, olga, three, training):
    client.force_login(olga)

    heading, row = rows_of_sheet(client.get(LIST, {"country": "TG", "export": "csv"}))

    assert heading[:4] == ["Person", "Organization at that time", "Now at", "Country code"]
    assert row == [
        *("Kofi Mensah", "Police of Togo", "Police of Togo", "TG", "Togo", "Containers", str(training)),
        *(str(training.starts_on), str(training.ends_on), "forum/00002"),
    ]


def test_the_list_asks_as_many_questions_for_three_as_for_one(client, olga, training, pavel, dina, kofi):
    client.force_login(olga)
    trained(training, pavel)
    one = queries_of(client, LIST)

    trained(training, dina, kofi)

    assert queries_of(client, LIST) == one


def test_a_desk_reads_what_its_own_people_were_trained_on(client, fatou, three, pavel, kofi):
    client.force_login(fatou)

    assert names(client) == ["Pavel Novak"] * 2
    assert names(client, country="TG") == []
    assert "Kofi" not in client.get(LIST, {"person": kofi.pk}).text


@pytest.mark.parametrize("role", ["editor", "front desk"])
def test_who_may_not_read_people_does_not_read_their_record(client, three, role):
    client.force_login(staff(role, "eve@example.org"))

    for url in (LIST, COVERAGE, f"{COVERAGE}people/?country=FR&curriculum=1"):
        assert "Pavel" not in client.get(url, follow=True).text


def test_cards_show_the_record_of_a_person_an_organization_and_a_country(client, olga, three, pavel, police, france):
    client.force_login(olga)
    cards = [("person", pavel.pk), ("organization", police.pk), ("country", "FR"), ("country", "TG"), ("country", "GH")]

    pages = [client.get(reverse(f"{name}:inspect", args=[key])).text for name, key in cards]

    told = [page.partition('id="training-record"')[2].partition("<h2")[0] for page in pages]
    assert [("Containers" in text, "Kofi Mensah" in text, "forum/00001" in text) for text in told] == [
        (True, False, True),
        (True, True, False),
        (True, False, True),
        (True, True, False),
        (False, False, False),
    ]
    assert "The whole training record (2)" in pages[0]


def test_who_came_with_a_delegation_is_on_the_card_of_its_organization_and_country(training, delegation, kofi, customs):
    [letter] = trained(training, kofi, delegation=delegation)
    rows = FormalLetter.objects.trained().with_origins()

    assert list(rows.about(customs)) == list(rows.about(customs.country)) == list(rows.about(kofi)) == [letter]
    assert list(rows.about(Country.objects.get(pk="TG"))) == []


def test_a_card_shows_a_desk_only_its_own(client, fatou, three, police):
    client.force_login(fatou)

    page = client.get(reverse("country:inspect", args=["TG"]), follow=True).text

    assert "Kofi" not in page


# -- Coverage ---------------------------------------------------------------------------------------------------------


def cells(found) -> dict[str, list[tuple[int, int]]]:
    return {row.country.pk: [(cell.trained, cell.never) for cell in row.cells] for row in found.rows}


def covered(curricula, profession="") -> dict:
    countries = Country.objects.filter(pk__in=["FR", "TG"])
    return cells(training_coverage(FormalLetter.objects, Affiliation.objects, countries, curricula, profession))


def test_coverage_counts_who_was_trained_and_who_never_was(training, curriculum, pavel, dina, kofi, customs):
    judge = Organization.objects.create(kind="CRIMINAL_JUSTICE", name="Court", country_id="FR")
    employed(person("Jeanne", "Juste"), judge)
    employed(person("Ines", "Industrie"), Organization.objects.create(kind="INDUSTRY", name="Firm", country_id="FR"))
    trained(training, pavel)

    assert covered([curriculum]) == {"FR": [(1, 2)], "TG": [(0, 1)]}
    assert covered([curriculum], "CUSTOMS") == {"FR": [(1, 1)], "TG": [(0, 1)]}
    assert covered([curriculum], "JUDGES") == {"FR": [(0, 1)], "TG": [(0, 0)]}


def test_who_was_trained_on_one_thing_was_not_trained_on_another(training, other, curriculum, pavel, customs):
    second = Curriculum.objects.create(title="Second", audience=["POLICE"])
    Event.objects.filter(pk=other.pk).update(curriculum=second)
    other.refresh_from_db()
    trained(training, pavel)
    assert covered([curriculum, second])["FR"] == [(1, 0), (0, 1)]

    trained(other, pavel)
    assert covered([curriculum, second])["FR"] == [(1, 0), (1, 0)]


def test_who_left_their_post_is_not_waited_for(curriculum, pavel):
    pavel.affiliations.update(ends_on=datetime.date(2020, 1, 1))

    assert covered([curriculum])["FR"] == [(0, 0)]


def test_coverage_asks_three_questions_for_each_audience(curriculum, training, pavel, django_assert_num_queries):
    trained(training, pavel)
    Curriculum.objects.create(title="Second", audience=["CUSTOMS", "JUDGES"])
    countries, curricula = list(Country.objects.all()), list(Curriculum.objects.all())

    with django_assert_num_queries(3):
        training_coverage(FormalLetter.objects, Affiliation.objects, countries, curricula)


def test_the_matrix_marks_gaps_in_words_and_counts_them(client, olga, training, curriculum, pavel, dina, kofi):
    trained(training, pavel)
    client.force_login(olga)
    group = CountryGroup.objects.create(slug="two", name="Two")
    group.countries.set(Country.objects.filter(pk__in=["FR", "TG"]))

    page = client.get(COVERAGE, {"group": group.pk})

    assert cells(page.context["coverage"]) == {"FR": [(1, 1)], "TG": [(0, 1)]}
    assert (page.context["coverage"].gaps, page.text.count("Nobody trained"), page.context["coverage"].totals) == (
        1,
        1,
        [(1, 1)],
    )
    with_gaps = client.get(COVERAGE, {"group": group.pk, "gaps": "on"})
    assert list(cells(with_gaps.context["coverage"])) == ["TG"]
    assert client.get(COVERAGE, {"audience": "DRAFTERS"}).context["coverage"].curricula == []


def test_the_matrix_is_a_workbook(client, olga, training, curriculum, pavel, dina, kofi, tmp_path):
    trained(training, pavel)
    client.force_login(olga)
    group = CountryGroup.objects.create(slug="two", name="Two")
    group.countries.set(Country.objects.filter(pk__in=["FR", "TG"]))
    file = tmp_path / "coverage.xlsx"

    file.write_bytes(client.get(COVERAGE, {"group": group.pk, "export": "xlsx"}).content)

    assert [tuple(row) for row in load_workbook(file).active.iter_rows(values_only=True)] == [
        ("Country code", "Country", "Containers: trained", "Containers: never trained"),
        ("FR", "France", "1", "1"),
        ("TG", "Togo", "0", "1"),
    ]


def test_a_cell_opens_those_never_trained_and_leads_to_a_segment_of_them(
    client, olga, training, curriculum, pavel, dina
):
    trained(training, pavel)
    client.force_login(olga)

    page = client.get(f"{COVERAGE}people/", {"country": "FR", "curriculum": curriculum.pk})

    assert [str(one.person) for one in page.context["rows"]] == ["Dina Haddad"]
    form = client.get(page.context["gather"]).context["form"]
    assert form.instance.answers == {
        "country": ["FR"],
        "untrained": [str(curriculum.pk)],
        "kind": ["LAW_ENFORCEMENT", "CRIMINAL_JUSTICE"],
    }
    assert list(Segment.objects.people_with(form.instance.answers)) == [dina]


def test_those_never_trained_of_a_country_that_there_is_not_are_nowhere(client, olga, curriculum):
    client.force_login(olga)

    assert (
        client.get(f"{COVERAGE}people/", {"country": "XX", "curriculum": curriculum.pk}, follow=True).status_code == 404
    )
    assert client.get(f"{COVERAGE}people/", follow=True).status_code == 404


def test_a_desk_covers_its_own_people_alone(client, fatou, training, curriculum, pavel, dina, kofi):
    trained(training, kofi)
    client.force_login(fatou)

    coverage = cells(client.get(COVERAGE).context["coverage"])
    people = client.get(f"{COVERAGE}people/", {"country": "TG", "curriculum": curriculum.pk})

    assert (coverage["FR"], coverage["TG"]) == ([(0, 2)], [(0, 0)])
    assert ("Kofi" in people.text, list(people.context["rows"])) == (False, [])


@pytest.mark.parametrize(("condition", "names"), [("trained", ["Novak"]), ("untrained", ["Haddad", "Mensah"])])
def test_a_segment_asks_who_was_trained_on_what(training, other, curriculum, pavel, dina, kofi, condition, names):
    trained(training, pavel)
    trained(other, dina)

    found = Segment.objects.people_with({condition: [str(curriculum.pk)]})

    assert sorted(found.values_list("family_name", flat=True)) == names
