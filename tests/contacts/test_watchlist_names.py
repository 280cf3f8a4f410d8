"""Names that are one name, in any script, order and spelling, and names that are not."""

import pytest
from django.utils.translation import override

from contacts.watchlists import ORGANIZATION, PERSON, Facts, Index, Reason, compare


def who(*names: str, kind: str = PERSON, **more) -> Facts:
    return Facts(kind, names, **{name: tuple(value) for name, value in more.items()})


SAME = [
    ("Pavel Novak", "Pavel Novak", "name"),
    ("Pavel Novak", "NOVAK, Pavel", "name_spelled"),
    ("Pavel Novak", "Павел Новак", "name_spelled"),
    ("Dina Haddad", "دينا حداد", "name_spelled"),
    ("Li Weiming", "李伟明", "name_spelled"),
    ("Mohammed Youssef", "Muhammad Yusuf", "name_spelled"),
    ("Omar Qadhafi", "Umar Gaddafi", "name_spelled"),
    ("Pavel Novak", "Pavel Nowak", "name_spelled"),
    ("Pavel Novak", "Pavel Josef Novak", "name_part"),
    ("Dina al-Haddad", "Dina Haddad", "name_spelled"),
    ("P. Novak", "Pavel Novak", "name_similar"),
]
OTHERS = [
    ("Pavel Novak", "Pavel Kuznetsov"),
    ("Maria Garcia Lopez", "Maria Garcia Perez"),
    ("Pavel", "Pavel Novak"),
    ("", "Pavel Novak"),
]


@pytest.mark.parametrize(("one", "other", "reason"), SAME)
def test_one_name_is_found_however_it_is_written(one, other, reason):
    [(key, comparison)] = Index([("entry", who(other))]).like(who(one))

    assert (key, [said.code for said in comparison.reasons]) == ("entry", [reason])
    assert [found for found, _comparison in Index([("record", who(one))]).like(who(other))] == ["record"]


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_another_name_is_not(one, other):
    assert Index([("entry", who(other))]).like(who(one)) == []


ORGANIZATIONS = [
    ("Blue Harbour Trading LLC", "BLUE HARBOR TRADING COMPANY", True),
    ("Novatek Example", "Novatec Example", True),
    ("Customs of Example", "Таможня", False),
    ("Global Trading Company", "Global Shipping Company", False),
    ("Ministry of Justice", "Ministry of Defence", False),
    ("Ministry of Justice", "Ministry of Justice of Example", False),
]


@pytest.mark.parametrize(("one", "other", "is_found"), ORGANIZATIONS)
def test_organizations_are_told_apart_by_the_words_that_few_have(one, other, is_found):
    found = Index([("entry", who(other, kind=ORGANIZATION))]).like(who(one, kind=ORGANIZATION))

    assert bool(found) is is_found


WEIGHED = [
    ({}, {}, 100),
    ({"countries": ["FR"]}, {"countries": ["FR", "RU"]}, 100),
    ({"countries": ["FR"]}, {"countries": ["RU"]}, 90),
    ({"birth_years": [1961]}, {"birth_years": [1980]}, 80),
    ({"birth_years": [1961]}, {"birth_years": [1962, 1990]}, 100),
    ({"birth_years": [1961], "countries": ["FR"]}, {"birth_years": [1980], "countries": ["RU"]}, 70),
]


@pytest.mark.parametrize(("mine", "theirs", "points"), WEIGHED)
def test_country_and_year_of_birth_speak_for_or_against(mine, theirs, points):
    assert compare(who("Pavel Novak", **mine), who("Pavel Novak", **theirs)).score == points


def test_a_number_is_enough_whatever_the_names():
    entry = who("Somebody Else", identifiers=["AB123456"])

    [(_key, comparison)] = Index([("entry", entry)]).like(who("Pavel Novak", identifiers=["AB123456"]))

    assert [(reason.code, str(reason)) for reason in comparison.reasons] == [
        ("identifier", "The same number or address: AB123456")
    ]


def test_a_person_is_no_organization():
    assert compare(who("Blue Harbour"), who("Blue Harbour", kind=ORGANIZATION)).score == 0
    assert compare(who("Blue Harbour"), who("Blue Harbour", kind="")).score == 100


def test_facts_have_another_digest_as_soon_as_they_change_but_not_for_their_order():
    facts = who("Pavel Novak", "Павел Новак", countries=["FR", "RU"])

    assert facts.digest() == who("Павел Новак", "Pavel Novak", countries=["RU", "FR"]).digest()
    assert facts.digest() != who("Pavel Novak", "Павел Новак", countries=["FR"]).digest()


def test_a_reason_is_said_with_both_sides():
    [reason] = compare(who("Pavel Novak"), who("NOVAK, Pavel")).reasons

    with override("en"):
        assert str(reason) == "The same name in another order, script or spelling: Pavel Novak, NOVAK, Pavel"


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Different countries: France, Germany, Russia"),
        ("pt-br", "Different countries: França, Alemanha, Rússia"),
    ],
)
def test_countries_are_said_with_their_names(language, sentence):
    differs = compare(who("Pavel Novak", countries=["FR"]), who("Pavel Novak", countries=["DE", "RU"])).reasons[-1]

    with override(language):
        assert str(differs) == sentence


def test_the_house_s_own_name_of_a_country_goes_before_and_what_nobody_knows_stays_a_code():
    [_name, same] = compare(who("Pavel Novak", countries=["FR"]), who("Pavel Novak", countries=["FR"])).reasons

    assert same.in_words({"FR": "The French Republic"}) == "The same country: The French Republic"
    assert str(Reason("country", 5, "QQ")) == "The same country: QQ"
