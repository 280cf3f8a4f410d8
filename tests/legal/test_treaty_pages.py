"""What readers see of treaties: the list, the page of one on any day, the matrix, countries, what has changed; and of
what is not published yet, nothing anywhere."""

import csv
import datetime
import re
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from legal.models import Act, Expression, Instrument, NationalLaw, Participation, Pathway
from legal.models.news import news
from legal.models.roll import OTHERS
from network.models import Country, CountryGroup, Topic
from tests.conftest import queries_of
from tests.legal.conftest import ADOPTED, text
from tests.legal.test_treaties import DEPOSITED, record, reservation

DAY = datetime.timedelta(days=1)
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def bound(convention, lena) -> Instrument:
    """In force since its adoption; France ratified it and left again, Kenya signed, Peru acceded."""
    convention.in_force_on, convention.days_after_deposit = ADOPTED, 0
    convention.save()
    record(convention, "FR", source="Depositary", as_at=datetime.date(2026, 4, 1))
    record(convention, "FR", Act.WITHDRAWAL, datetime.date(2020, 1, 1), effective_on=datetime.date(2021, 1, 1))
    record(convention, "KE", Act.SIGNATURE)
    record(convention, "PE", Act.ACCESSION, datetime.date(2018, 3, 1), source="=Depositary")
    return convention


@pytest.fixture
def secret(db) -> Instrument:
    """A draft that readers must not find, nor what Germany did and said about it."""
    secret = Instrument.objects.create(slug="candlelight", title="Candlelight convention", in_force_on=ADOPTED)
    record(secret, "DE", source="Candlelight source")
    reservation(secret, "DE", text={"en": "Candlelight reservation"})
    return secret


def page(client, name: str, *args, **asked):
    return client.get(reverse(f"legal:{name}", args=args), asked)


def told(answer) -> dict[str, list[str]]:
    """Name of the country -> the rest of its row in the table of who is bound."""
    rows = [row for region in answer.context["regions"] for row in region.rows]
    return {row["label"]: [row["status"], row["when"], row["acts"]] for row in rows}


def cells(answer) -> list[list[str]]:
    return list(csv.reader(answer.content.decode("utf-8-sig").splitlines()))


# -- an instrument


def test_the_page_says_who_is_bound_since_when_and_by_what(client, bound):
    answer = page(client, "instrument", bound.slug)

    assert told(answer) == {
        "Kenya": ["Signatory", "since 1 May 2014", "Signature: 1 May 2014"],
        "Peru": ["Party", "since 1 March 2018", "Accession: 1 March 2018"],
        "France": [
            "Withdrawn",
            "since 1 January 2021",
            "Ratification: 1 May 2014; Withdrawal: 1 January 2020 (takes effect 1 January 2021)",
        ],
    }
    assert answer.context["numbers"] == [
        *({"value": 1, "label": label} for label in ("Party", "Signatory", "Withdrawn")),
    ]
    assert [(source["label"], str(source["as_at"])) for source in answer.context["sources"]] == [
        *(("Depositary", "2026-04-01"), ("=Depositary", "None")),
    ]


def test_the_page_is_asked_about_any_day(client, bound):
    on_the_day = told(page(client, "instrument", bound.slug, on="2020-06-01"))
    before = told(page(client, "instrument", bound.slug, on="2013-01-01"))

    assert on_the_day["France"][:2] == ["Party", "since 1 May 2014, until 1 January 2021"]
    assert [row[0] for row in before.values()] == ["Not a party"] * 3


@pytest.mark.parametrize("said", ["yesterday", "2020-02-30", "1-1-1", "99999-01-01"])
def test_a_day_that_there_is_not_is_today_with_a_word(client, bound, said):
    answer = page(client, "instrument", bound.slug, on=said)

    assert (answer.status_code, answer.context["on"]) == (200, timezone.localdate())
    assert answer.context["form"].errors["on"] == ["Enter a valid date."]


def test_the_page_is_narrowed_to_a_region_and_a_status(client, bound):
    africa = page(client, "instrument", bound.slug, region="Africa")
    parties = page(client, "instrument", bound.slug, status="PARTY")

    assert (list(told(africa)), list(told(parties))) == (["Kenya"], ["Peru"])
    assert {tile["code"] for tile in parties.context["tiles"]} == {"PE"}
    assert len(africa.context["tiles"]) == sum(country.region == "Africa" for country in states())


def states() -> list[Country]:
    return [country for country in Country.objects.all() if country.pk not in OTHERS]


def test_every_state_has_a_tile_and_a_territory_only_where_it_did_something(client, bound):
    record(bound, "HK", Act.ACCESSION)

    codes = {tile["code"] for tile in page(client, "instrument", bound.slug).context["tiles"]}

    assert (len(states()), codes) == (197, {*(country.pk for country in states()), "HK"})


def test_each_status_has_a_tile_of_its_own(client, bound):
    words = {tile["status"]: tile["words"] for tile in page(client, "instrument", bound.slug).context["tiles"]}

    assert words == {"full": "Party", "planned": "Signatory", "ended": "Withdrawn", "none": "Not a party"}


def test_what_countries_said_is_read_and_what_they_took_back_is_marked(client, bound):
    said = reservation(bound, withdrawn_on=DEPOSITED + DAY)
    objection = reservation(bound, "DE", kind="OBJECTION", objects_to=said)
    answer = page(client, "instrument", bound.slug)

    groups = {group["label"]: group["statements"] for group in answer.context["statements"]}

    assert groups == {"Reservation": [said], "Objection": [objection]}
    assert [one.is_standing for group in groups.values() for one in group] == [False, True]
    assert page(client, "instrument", bound.slug, on="2013-01-01").context["statements"] == []


def test_the_provisions_are_in_the_readers_language(client, bound):
    with translation.override("ar"):
        answer = page(client, "instrument", bound.slug)

    assert answer.context["part"].expression.language == "ar"
    assert 'id="art_2"' in answer.text
    assert '<article class="law-article law-words" lang="ar" dir="rtl">' in answer.text


def test_the_page_asks_as_often_for_many_acts_as_for_few(client, bound, stranger):
    client.force_login(stranger)  # what is the same for everybody is kept
    url = reverse("legal:instrument", args=[bound.slug])
    reservation(bound, "FR")
    asked = queries_of(client, url)
    for code in ("DE", "IT", "ES", "AR"):
        record(bound, code)
        reservation(bound, code)

    assert queries_of(client, url) == asked


def test_the_status_table_is_a_file(client, bound):
    rows = cells(page(client, "instrument_status", bound.slug, status="PARTY"))

    assert rows == [
        [
            *("code", "country", "region", "status", "status in words", "since", "until", "signed", "consent"),
            *("consented", "takes effect", "withdrew", "source", "as at"),
        ],
        [
            *("PE", "Peru", "Americas", "PARTY", "Party", "2018-03-01", "", "", "ACCESSION", "2018-03-01", "", ""),
            *("'=Depositary", ""),
        ],
    ]


# -- the list


def test_instruments_are_listed_with_how_many_are_bound(client, bound, tobacco):
    other = Instrument.objects.create(slug="other", title="Other protocol", is_published=True)
    entries = page(client, "instruments").context["entries"]
    found = {
        name: [entry["title"] for entry in page(client, "instruments", **asked).context["entries"]]
        for name, asked in {
            "words": {"q": "protocole tabac"},
            "topic": {"topic": tobacco.slug},
            "in force": {"force": "yes"},
            "not in force": {"force": "no"},
        }.items()
    }

    assert [(entry["title"], entry["foot"]) for entry in entries] == [
        (
            "Protocol on tobacco",
            ["in force since 12 November 2012", "Party: 1", "Signatory: 1", "Withdrawn: 1", "Tobacco"],
        ),
        ("Other protocol", []),
    ]
    assert found == {
        **{name: ["Protocol on tobacco"] for name in ("words", "topic", "in force")},
        "not in force": [other.name],
    }


# -- the matrix


def test_the_matrix_says_it_of_all_countries_and_instruments(client, bound):
    Instrument.objects.create(slug="other", title="Other protocol", dated_on=ADOPTED - DAY, is_published=True)

    answer = page(client, "matrix")

    [peru] = re.findall(r"<tr><th[^>]*><a[^>]*>Peru</a></th>(.*?)</tr>", answer.text)
    assert re.findall(r'<td class="is-(\w+)"><b[^>]*>(.)</b><span[^>]*>([^<]*)</span>([^<]*)', peru) == [
        *(("full", "●", "Party", " 2018"), ("none", "–", "Not a party", "")),
    ]
    assert answer.text.count('<th scope="row">') == answer.context["count"] == 197


def test_the_matrix_is_asked_about_any_day(client, bound):
    [france] = re.findall(r">France</a></th>(.*?)</tr>", page(client, "matrix", on="2015-01-01").text)

    assert re.findall('is-(\\w+)"', france) == ["full"]


def test_the_matrix_is_narrowed_by_region_group_and_topic(client, bound, tobacco):
    other = Instrument.objects.create(slug="other", title="Other protocol", is_published=True)
    other.topics.add(Topic.objects.create(slug="medicines", name="Medicines"))
    group = CountryGroup.objects.create(slug="pair", name="Pair")
    group.countries.set(["FR", "KE"])

    rows = cells(page(client, "matrix_csv", group="pair", topic=tobacco.slug))
    americas = page(client, "matrix", region="Americas", topic="medicines")

    assert rows == [
        ["code", "country", "region", "tobacco-protocol"],
        ["FR", "France", "Europe", "WITHDRAWN"],
        ["KE", "Kenya", "Africa", "SIGNATORY"],
    ]
    assert (americas.context["count"], "Protocol on tobacco" in americas.text) == (35, False)


def test_the_matrix_takes_few_questions_however_large_it_is(client, bound):
    def asked(day: str) -> int:
        client.get(reverse("legal:matrix"), {"on": day})
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("legal:matrix"), {"on": f"{day[:-1]}9"}).status_code == 200
        return len(captured)

    small = asked("2020-01-01")
    for number in range(5):
        other = Instrument.objects.create(slug=f"other-{number}", title=f"Other {number}", is_published=True)
        for code in ("FR", "DE", "IT", "ES", "AR"):
            record(other, code)

    assert asked("2020-02-01") == small
    assert small <= 12


def test_of_very_many_instruments_the_newest_are_shown_and_all_are_in_the_file(client, bound):
    for number in range(41):
        Instrument.objects.create(slug=f"other-{number}", title=f"Other {number}", is_published=True)

    answer = page(client, "matrix")

    assert (answer.context["is_cut"], answer.text.count('<th scope="col"><a')) == (True, 40)
    assert len(cells(page(client, "matrix_csv"))[0]) == 3 + 42


# -- countries


def test_a_country_has_what_it_is_bound_by_what_it_said_and_its_laws(client, bound, act):
    said = reservation(bound)
    other = Instrument.objects.create(slug="other", title="Other protocol", is_published=True)

    context = page(client, "country", "fr", on="2020-06-01").context

    assert [(bond.instrument, bond.row["status"], bond.row["when"]) for bond in context["bonds"]] == [
        (bound, "Party", "since 1 May 2014, until 1 January 2021")
    ]
    assert (context["unbound"], context["statements"], list(context["laws"])) == ([other], [said], [act])
    assert page(client, "country", "XX").status_code == 404


def test_countries_are_listed_by_region_with_how_many_instruments_bind_them(client, bound):
    groups = page(client, "countries").context["groups"]

    [americas] = [group for group in groups if group["label"] == "Americas"]
    assert [one for one in americas["countries"] if one["count"]] == [
        {"label": "Peru", "url": reverse("legal:country", args=["PE"]), "count": 1}
    ]


def test_a_ratification_is_on_the_page_for_those_alone_who_may_see_it(client, pathway, french_officer, stranger):
    seen = []
    for viewer in (None, stranger, french_officer):
        client.logout()
        if viewer:
            client.force_login(viewer)
        answer = page(client, "country", "FR")
        seen.append((list(answer.context["pathways"]), "Consultation of ministries" in answer.text))

    assert seen == [([], False), ([], False), ([pathway], True)]


def test_a_ratification_of_another_desks_country_is_not_on_its_page(client, convention, lena, french_officer):
    Pathway.objects.begin(convention, Country.objects.get(pk="DE"), by=lena)
    client.force_login(french_officer)

    assert list(page(client, "country", "DE").context["pathways"]) == []


# -- what has changed


def days_ago(record_, days: int) -> None:
    moment = timezone.now() - datetime.timedelta(days=days)
    type(record_).objects.filter(pk=record_.pk).update(recorded_at=moment, changed_at=moment)


def headlines(answer) -> list[tuple[str, str]]:
    return [(one["title"], one["text"]) for _day, several in answer.context["days"] for one in several]


def test_what_has_changed_is_told_since_a_day(client, bound, lena, act):
    for one in Participation.objects.exclude(country="PE"):
        days_ago(one, 40)
    Participation.objects.get(country="KE").correct(by=lena, acted_on=DEPOSITED + DAY)
    reservation(bound, "PE")
    act.publish(by=lena)
    Expression.objects.record(act, text("en"), by=lena, valid_on=ADOPTED)

    found = headlines(page(client, "changes", country="", instrument=bound.slug))
    french = headlines(page(client, "changes", country="FR"))

    assert found[:3] == [
        ("Peru: Protocol on tobacco", "Reservation: 1 May 2014"),
        ("Kenya: Protocol on tobacco", "Corrected: Signature: 2 May 2014"),
        ("Peru: Protocol on tobacco", "Accession: 1 March 2018"),
    ]
    assert {text_ for _title, text_ in found[3:]} == {f"A text in {name} was recorded." for name in LANGUAGES}
    assert french[:2] == [
        ("France: Tobacco Act", "A text in English was recorded."),
        ("France: Tobacco Act", "Published: National law"),
    ]


LANGUAGES = ("English", "French", "Arabic")


@pytest.mark.parametrize("said", ["0001-01-01", "soon", "2999-13-01"])
def test_news_are_asked_for_since_a_day_that_makes_sense(client, bound, said):
    answer = page(client, "changes", since=said)

    assert (answer.status_code, answer.context["since"]) == (200, timezone.localdate() - 30 * DAY)
    assert len(answer.context["form"].errors["since"]) == 1


def test_of_very_many_news_the_newest_are_shown(client, bound, monkeypatch):
    monkeypatch.setattr("legal.views.changes.MOST", 2)

    answer = page(client, "changes")

    assert (answer.context["is_cut"], len(headlines(answer))) == (True, 2)


def test_to_verify_something_is_no_news(client, bound, lena, stranger):
    for one in Participation.objects.all():
        days_ago(one, 40)
    statement = reservation(bound)
    days_ago(statement, 40)
    statement.refresh_from_db()
    statement.source = "Depositary"
    Participation.objects.get(country="FR", act="RATIFICATION").verify(by=lena)

    kinds = {one.kind for one in news(stranger, timezone.localdate() - 30 * DAY)}

    assert kinds == {"text"}


def test_the_feed_says_the_same_and_its_bytes_stay_the_same(client, bound):
    url = f"{reverse('legal:changes_feed')}?country=PE"

    first, second = client.get(url), client.get(url)

    entries = ElementTree.fromstring(first.content).findall(f"{ATOM}entry")  # noqa: S314  (ours)
    assert [entry.find(f"{ATOM}title").text for entry in entries] == ["Peru: Protocol on tobacco"]
    assert (first.content, first["Content-Type"]) == (second.content, "application/atom+xml; charset=utf-8")
    ids = [entry.find(f"{ATOM}id").text for entry in entries]
    assert len(set(ids)) == 1


def test_the_feed_is_that_of_everybody_whoever_asks(client, bound, secret, lena):
    client.force_login(lena)

    assert b"Candlelight" not in client.get(reverse("legal:changes_feed")).content


# -- what readers must not find


SURFACES = [
    ("index", [], {}),
    ("instruments", [], {}),
    ("matrix", [], {}),
    ("matrix_csv", [], {}),
    ("countries", [], {}),
    ("country", ["DE"], {}),
    ("changes", [], {}),
    ("changes_feed", [], {}),
]


@pytest.mark.parametrize(("name", "args", "asked"), SURFACES, ids=[surface[0] for surface in SURFACES])
def test_a_draft_is_nowhere_for_a_reader_and_there_for_a_legal_officer(
    client, bound, secret, lena, stranger, name, args, asked
):
    seen = []
    for viewer in (None, stranger, lena):
        client.logout()
        if viewer:
            client.force_login(viewer)
        seen.append("candlelight" in page(client, name, *args, **asked).text.lower())

    assert seen == [False, False, name != "changes_feed" and name != "countries"]


def test_a_draft_has_no_page_and_no_file_for_a_reader(client, secret, lena):
    names = ("instrument", "instrument_status")
    strange = [page(client, name, secret.slug).status_code for name in names]
    client.force_login(lena)

    assert (strange, [page(client, name, secret.slug).status_code for name in names]) == ([404, 404], [200, 200])


def test_a_draft_is_not_counted(client, bound, secret, lena):
    def counted() -> tuple[int, int]:
        context = page(client, "countries").context
        [germany] = [one for group in context["groups"] for one in group["countries"] if one["label"] == "Germany"]
        return context["total"], germany["count"]

    strange = counted()
    client.force_login(lena)

    assert (strange, counted()) == ((1, 0), (2, 1))


def test_a_law_that_is_a_draft_is_no_news(client, bound, bill, lena, stranger):
    def told_of(viewer) -> bool:
        return any(one.work.pk == bill.pk for one in news(viewer, timezone.localdate() - DAY))

    assert (NationalLaw.objects.filter(pk=bill.pk).exists(), told_of(stranger), told_of(lena)) == (True, False, True)


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
@pytest.mark.parametrize(("name", "args", "asked"), SURFACES, ids=[surface[0] for surface in SURFACES])
def test_every_page_is_in_every_language_and_the_same_for_every_stranger(client, bound, language, name, args, asked):
    with translation.override(language):
        answer = page(client, name, *args, **asked)

    assert (answer.status_code, "public" in answer["Cache-Control"]) == (200, True)
