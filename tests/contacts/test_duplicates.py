"""Records that may be about one human being: found, explained, and decided by people."""

import csv
import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from wagtail.models import ModelLogEntry

from contacts.matching import Profile, mailbox
from contacts.models import Affiliation, DuplicatePair, DuplicateScan, Merge, Person, PersonEmail
from contacts.tasks import find_duplicates
from network.matching import pairs
from network.models import Country
from tests.conftest import person, queries_of, several_connections


def profile(given: str, family: str, email: str = "", organization: str = "", country: str = "", **more) -> Profile:
    emails, organizations = (tuple(filter(None, [text])) for text in (email, organization))
    key = f"{given} {family} {email}"
    return Profile(key, given, family, emails, organizations=organizations, country=country, **more)


SAME = [  # one person, written twice
    (("Pavel", "Novak", "p@a.example"), ("Павел", "Новак", "p@a.example"), "address name_scripts"),
    (("Pavel", "Novak", "p@a.example"), ("Novak", "Pavel", "P+news@A.example"), "address name_swapped"),
    (("Pavel", "Novak", "", "Customs"), ("Павел", "Новак", "", "Customs"), "name_scripts organization"),
    (("P.", "Novak", "p@a.example"), ("Pavel", "Novak", "p@a.example"), "address family given_initial"),
    (("Ana", "Ruiz", "", "", "ES"), ("Ana", "Ruiz", "", "", "ES"), "name country"),
    (("Хельмут", "Хасан", "", "", "FR"), ("Helmut", "Hasan", "", "", "FR"), "name_scripts country"),
    (("Khaled", "Haddad", "", "", "FR"), ("Haled", "Haddad", "", "", "FR"), "name_scripts country"),
    (
        ("حسن", "الخطيب", "", "Customs", "FR"),
        ("Hassan", "Al-Khatib", "", "Customs", "FR"),
        "organization family_similar given_similar country",
    ),
    (("Cathy", "Broks", "c@a.example"), ("Cathy", "Brooks", "c@a.example"), "address given family_similar"),
]
OTHERS = [  # two people, or not enough to say
    (("John", "Smith", "", "Customs"), ("John", "Smith", "", "Tax office"), "name organization_differs"),
    (
        ("Ana", "Ruiz", "info@a.example"),
        ("Luis", "Paz", "info@a.example"),
        "family_differs given_differs office_address",
    ),
    (("Ana", "Ruiz", "a@a.example"), ("Luis", "Paz", "a@a.example"), "address family_differs given_differs"),
    (("Maria", "Silva", "m@a.example"), ("Maria", "Costa", "m@a.example"), "address family_differs given"),
    (("Ana", "Ruiz"), ("Ana", "Ruiz"), "name"),
    (("Li", "Khan", "", "Customs"), ("Mei", "Han", "", "Customs"), "given_differs organization family_similar"),
    (("حسن", "حداد", "", "Customs"), ("Hisham", "Haddad", "", "Customs"), "given_differs organization family_similar"),
]


@pytest.mark.parametrize(("one", "other", "codes"), SAME + OTHERS)
def test_reasons_for_and_against_are_weighed(one, other, codes):
    comparison = profile(*one).compare(profile(*other))

    assert " ".join(reason.code for reason in comparison.reasons) == codes
    assert comparison.is_likely is ((one, other, codes) in SAME)


def test_one_telephone_in_an_office_is_not_enough():
    one, other = (profile(given, "Office", phones=("+33 1 42 00 00 00",)) for given in ("Ana", "Luis"))

    assert not one.compare(other).is_likely


def test_a_reason_is_a_sentence_in_the_readers_language():
    [reason] = profile("Pavel", "Novak").compare(profile("Павел", "Новак")).reasons

    assert str(reason) == "The same name in two scripts or spellings: Pavel Novak, Павел Новак"
    with override("fr"):
        assert str(reason) == "Le même nom en deux écritures ou graphies\xa0: Pavel Novak, Павел Новак"


@pytest.mark.parametrize(("one", "other", "codes"), SAME)
def test_two_records_of_one_share_a_key(one, other, codes):
    assert profile(*one).match_keys() & profile(*other).match_keys()


@pytest.mark.parametrize("address", ["Pavel@Work.example", "pavel+list@work.example", " pavel@work.example "])
def test_a_mailbox_is_one_however_it_is_written(address):
    assert mailbox(address) == "pavel@work.example"


def test_a_key_that_everybody_has_brings_nobody_together():
    crowd = [profile("Ana", "Ruiz", f"{number}@x.example", "House") for number in range(80)]

    assert list(pairs(crowd)) == []
    assert all(len(one.match_keys()) >= 3 for one in crowd)


@pytest.mark.real_data
@pytest.mark.slow
def test_nearly_all_known_duplicates_are_found_and_little_else(real_data):
    folder = real_data / "people" / "synthetic-contacts"
    with (folder / "truth.csv").open(encoding="utf-8", newline="") as file:
        clusters = {row["contact_id"]: row["cluster"] for row in csv.DictReader(file)}
    with (folder / "contacts.csv").open(encoding="utf-8", newline="") as file:
        people = [
            Profile(row["contact_id"], row["given_name"], row["family_name"], (row["email"],), (row["phone"],),
                    (row["organisation"],), row["country"])
            for row in csv.DictReader(file)
        ]  # fmt: skip

    found = [clusters[one.key] == clusters[other.key] for one, other, _comparison in pairs(people)]

    true = len(clusters) - len(set(clusters.values()))
    assert (sum(found) / true >= 0.95, sum(found) / len(found) >= 0.95) == (True, True)


@pytest.fixture
def double(pavel, customs) -> Person:
    """Pavel in Cyrillic, at the same customs service."""
    double = person("Павел", "Новак", "ru")
    Affiliation.objects.create(person=double, organization=customs, position="Director")
    return Person.objects.get(pk=double.pk)


def test_the_scan_finds_a_pair_once_and_says_why(pavel, double, dina):
    assert (DuplicatePair.objects.scan(), DuplicatePair.objects.scan()) == (1, 1)

    pair = DuplicatePair.objects.get()
    assert {pair.first, pair.second} == {pavel, double}
    assert [reason.code for reason in pair.reasons][:2] == ["name_scripts", "organization"]


def test_who_was_kept_apart_is_not_asked_about_again(pavel, double, noor):
    DuplicatePair.objects.scan()
    pair = DuplicatePair.objects.get()

    pair.keep_apart(by=noor)

    assert DuplicatePair.objects.scan() == 0
    assert ModelLogEntry.objects.get(action="contacts.duplicates.keep_apart").user == noor
    with pytest.raises(ValidationError, match="decided this already"):
        DuplicatePair.objects.get().keep_apart(by=noor)


def test_a_pair_goes_when_a_record_is_corrected_or_merged(pavel, double, noor):
    DuplicatePair.objects.scan()
    Merge.objects.join(pavel, double, by=noor)
    assert DuplicatePair.objects.open().count() == 0
    Merge.objects.get().undo(by=noor)
    assert DuplicatePair.objects.open().count() == 1

    double.refresh_from_db()
    double.given_name, double.family_name = "Ольга", "Иванова"
    double.save()

    assert DuplicatePair.objects.scan() == 0


@pytest.fixture
def desk(client, noor):
    client.force_login(noor)
    return client


def test_who_adds_somebody_again_is_told_at_once(desk, pavel):
    form = {"given_name": "Pavel", "family_name": "Novák", "languages": ["fr"]}
    for name in ("emails", "phones", "affiliations"):
        form |= {f"{name}-TOTAL_FORMS": 0, f"{name}-INITIAL_FORMS": 0}
    form |= {"emails-TOTAL_FORMS": 1, "emails-0-address": "PAVEL.NOVAK@example.org"}

    page = desk.post(reverse("person:add"), form, follow=True)

    new = Person.objects.exclude(pk=pavel.pk).get()
    assert "This may be the same as Pavel Novak: The same e-mail address: pavel.novak@example.org." in page.text
    assert f"{reverse('person:merge', args=[pavel.pk])}?other={new.pk}" in page.text


def test_an_officer_goes_from_the_list_to_the_two_records_and_keeps_them_apart(desk, pavel, double):
    DuplicatePair.objects.scan()
    pair = DuplicatePair.objects.get()
    listed = desk.get(reverse("duplicatepair:index"))
    assert "The same name in two scripts or spellings: Pavel Novak, Павел Новак" in listed.text

    compared = desk.get(reverse("duplicatepair:inspect", args=[pair.pk]), follow=True)
    chosen = desk.get(reverse("person:merge", args=[pavel.pk]))
    desk.post(reverse("duplicatepair:keep_apart", args=[pair.pk]))

    asks = "Choose the other record"
    assert (compared.context["pair"], asks in compared.text, asks in chosen.text) == (pair, False, True)
    assert list(desk.get(reverse("duplicatepair:index")).context["object_list"]) == []


def test_an_officer_finds_who_was_kept_apart_and_has_them_compared_again(desk, pavel, double, noor):
    DuplicatePair.objects.scan()
    pair = DuplicatePair.objects.get()
    pair.keep_apart(by=noor)
    index, apart = reverse("duplicatepair:index"), {"is_kept_apart": "true"}

    listed = desk.get(index, apart)
    compared = desk.get(listed.context["table"].columns["title"].get_link_url(pair, listed.context))
    desk.post(compared.context["decide_url"])

    assert (list(listed.context["object_list"]), "Kept apart" in listed.text) == ([pair], True)
    assert ("Compare them again" in compared.text, f"({noor.get_full_name()})" in compared.text) == (True, True)
    assert [list(desk.get(index, asked).context["object_list"]) for asked in ({}, apart)] == [[pair], []]


def test_the_scan_is_done_by_the_worker(desk, pavel, double):
    desk.post(reverse("duplicatepair:scan"))
    desk.post(reverse("duplicatepair:scan"))
    assert (DuplicatePair.objects.count(), DuplicateScan.objects.waiting().count()) == (0, 1)
    told = desk.get(reverse("duplicatepair:scan")).text
    assert f'data-progress="{reverse("duplicatepair:scan")}"' in told
    assert "the worker begins with it." in told
    assert told.strip() in desk.get(reverse("duplicatepair:index")).text

    assert [find_duplicates.call(), find_duplicates.call()] == [True, False]

    scan = DuplicateScan.objects.get()
    assert "data-progress" not in desk.get(reverse("duplicatepair:scan")).text
    assert (DuplicatePair.objects.open().count(), scan.pairs, scan.done, scan.total) == (1, 1, 2, 2)
    assert ModelLogEntry.objects.get(action="contacts.duplicates.scan").object_id == str(scan.pk)


def test_a_scan_whose_worker_is_gone_is_done_by_another(pavel, double, noor):
    scan = DuplicateScan.objects.ask(by=noor)
    DuplicateScan.objects.update(started_at=timezone.now())
    assert DuplicateScan.objects.run_next() is False

    DuplicateScan.objects.update(started_at=timezone.now() - datetime.timedelta(hours=3))

    assert (DuplicateScan.objects.run_next(), DuplicateScan.objects.get(pk=scan.pk).pairs) == (True, 1)


def test_the_list_asks_as_often_for_three_pairs_as_for_one(desk, pavel, double):
    def several(count: int) -> None:
        for number in range(count):
            one, other = (person(f"Guest{count}{number}", "Dubois") for _time in range(2))
            PersonEmail.objects.create(person=other, address=f"same{count}{number}@x.example")
            PersonEmail.objects.create(person=one, address=f"same{count}{number}@x.example")
        DuplicatePair.objects.scan()

    DuplicatePair.objects.scan()
    with_one = queries_of(desk, reverse("duplicatepair:index"))
    several(2)

    assert (DuplicatePair.objects.open().count(), queries_of(desk, reverse("duplicatepair:index"))) == (3, with_one)


@several_connections
def test_what_is_noted_during_a_scan_stays_and_nobody_waits_for_it(pavel):
    noted = []

    def meanwhile(done, total):
        if not noted:
            twin = person("Paul", "Novak")
            other = Person.objects.create(given_name="Paul", family_name="Novak")
            PersonEmail.objects.create(person=other, address=twin.address)
            other.save()
            noted.extend(DuplicatePair.objects.look_at(Person.objects.get(pk=other.pk)))
        noted.append(connection.in_atomic_block)

    DuplicatePair.objects.scan(meanwhile)

    [pair, *in_transaction] = noted
    assert (list(DuplicatePair.objects.open()), any(in_transaction)) == ([pair], False)


def test_countries_are_named_as_the_house_names_them(desk, pavel, double):
    Country.objects.filter(pk="TR").update(display_name={"en": "Our Türkiye"})
    Person.objects.filter(pk=double.pk).update(country="TR")
    Person.objects.filter(pk=pavel.pk).update(country="FR")
    DuplicatePair.objects.scan()

    assert "Different countries: France, Our Türkiye" in desk.get(reverse("duplicatepair:index")).text
