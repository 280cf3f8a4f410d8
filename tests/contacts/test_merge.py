"""Two records that are one human being become one, and two again."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.models import ModelLogEntry

from contacts.mail import Letter
from contacts.models import (
    Affiliation,
    DuplicatePair,
    Merge,
    Message,
    Person,
    PersonEmail,
    PersonPhone,
    Segment,
    Suppression,
    User,
)
from contacts.sheets import read_people
from network.changes import in_words
from network.sheets import Tally
from tests.conftest import person

FACTS = ("honorific", "given_name", "family_name", "country_id", "languages", "user_id")


def facts(who: Person) -> dict:
    """All that is known of somebody, as rows."""
    who = Person.everyone.get(pk=who.pk)
    parts = [sorted(part.values_list("pk", flat=True)) for part in (who.emails, who.phones, who.affiliations)]
    return {name: getattr(who, name) for name in FACTS} | {
        "parts": parts,
        "address": who.address,
        "search_text": who.search_text,
        "messages": sorted(who.messages.values_list("pk", flat=True)),
        "invitations": sorted(who.invitations.values_list("pk", flat=True)),
    }


@pytest.fixture
def double(customs, forum, olga) -> Person:
    """Pavel once more: with his Cyrillic name, another address, a telephone, a letter and an invitation."""
    double = person("Павел", "Новак", "ru", country_id="FR", reference="x:1")
    PersonPhone.objects.create(person=double, number="+33 1")
    Affiliation.objects.create(person=double, organization=customs, position="Deputy")
    Message.objects.post(double, Letter("note", "en", "Hello", "Hello", "<p>Hello</p>"))
    [invitation] = forum.invitations.draft([double], by=olga)
    invitation.send(by=olga)
    return Person.objects.get(pk=double.pk)


def test_everything_of_the_other_comes_over(pavel, double, noor):
    merge = Merge.objects.join(pavel, double, take=["country_id"], by=noor)

    kept = Person.objects.get()
    assert (kept, kept.name, kept.country_id) == (pavel, "Pavel Novak", "FR")
    assert sorted(email.address for email in kept.emails.all())[0] == "pavel.novak@example.org"
    assert (kept.address, kept.emails.count(), kept.languages) == ("pavel.novak@example.org", 2, ["fr", "ru"])
    assert (kept.phones.count(), kept.affiliations.count(), kept.messages.count()) == (1, 2, 2)
    assert (kept.invitations.count(), merge.left) == (1, [])
    assert list(Person.objects.matching("новак@example")) == list(Person.objects.matching("novak")) == [kept]
    assert ModelLogEntry.objects.get(action="contacts.person.merge").user == noor


def test_what_both_have_and_only_one_may_stays_with_the_old_record(pavel, double, forum, noor, olga):
    [his] = forum.invitations.draft([pavel], by=olga)
    PersonEmail.objects.create(person=double, address=pavel.address)

    merge = Merge.objects.join(pavel, double, by=noor)

    assert sorted(merge.left) == [
        "e-mail address: pavel.novak@example.org",
        "invitation: Павел Новак to Forum on illicit trade",
    ]
    assert list(pavel.invitations.all()) == [his]


def test_a_post_that_both_tell_of_is_there_once(pavel, double, customs, noor):
    Affiliation.objects.create(person=double, organization=customs, position="Director", starts_on="2024-03-01")
    [his] = pavel.affiliations.all()
    Affiliation.objects.filter(pk=his.pk).update(position="Director", starts_on="2024-03-01", is_head=True)
    before = facts(double)

    merge = Merge.objects.join(pavel, double, by=noor)

    assert merge.left == ["affiliation: Director, Customs of Example"]
    assert sorted(held.position for held in pavel.affiliations.all()) == ["Deputy", "Director"]
    merge.undo(by=noor)
    assert facts(double) == before


def test_it_can_be_taken_back_to_the_last_row(pavel, double, noor):
    before = facts(pavel), facts(double)
    merge = Merge.objects.join(pavel, double, take=["given_name", "family_name"], by=noor)
    assert Person.objects.get().name == "Павел Новак"

    assert Merge.objects.get(pk=merge.pk).undo(by=noor) == []

    assert (facts(pavel), facts(double)) == before
    assert Person.objects.count() == 2
    with pytest.raises(ValidationError, match="taken back already"):
        Merge.objects.get().undo(by=noor)


def test_what_somebody_changed_since_is_kept(pavel, double, noor):
    merge = Merge.objects.join(pavel, double, take=["given_name"], by=noor)
    kept = Person.objects.get()
    kept.given_name, kept.honorific = "Paul", "Dr"
    kept.save()
    new = PersonEmail.objects.create(person=kept, address="new@example.org")

    assert Merge.objects.get(pk=merge.pk).undo(by=noor) == ["honorific", "given name"]

    kept = Person.objects.get(pk=pavel.pk)
    assert (kept.given_name, kept.honorific, new in kept.emails.all()) == ("Paul", "Dr", True)


def test_the_account_comes_over_and_goes_back(pavel, double, noor, stranger):
    Person.objects.filter(pk=double.pk).update(user=stranger)
    double.refresh_from_db()

    merge = Merge.objects.join(pavel, double, by=noor)
    assert User.objects.get(pk=stranger.pk).person == pavel

    merge.undo(by=noor)
    assert User.objects.get(pk=stranger.pk).person == double


def test_three_records_become_one_and_only_the_last_step_can_be_taken_back(pavel, double, dina, noor):
    first = Merge.objects.join(pavel, double, by=noor)
    second = Merge.objects.join(dina, pavel, by=noor)

    assert Person.everyone.get(pk=double.pk).standing == dina
    with pytest.raises(ValidationError, match="merged into another one"):
        first.undo(by=noor)
    second.undo(by=noor)
    Merge.objects.get(pk=first.pk).undo(by=noor)
    assert Person.objects.count() == 3


@pytest.mark.parametrize("which", ["same", "gone"])
def test_one_record_is_not_merged_with_itself_nor_twice(pavel, double, dina, noor, which):
    Merge.objects.join(pavel, double, by=noor)

    with pytest.raises(ValidationError, match="two different records"):
        Merge.objects.join(dina, dina if which == "same" else double, by=noor)

    assert Merge.objects.count() == 1


def test_an_import_that_knows_the_old_reference_finds_the_record_that_stands(pavel, double, noor, sheet):
    Merge.objects.join(pavel, double, by=noor)

    tally = Person.objects.take_records(read_people(sheet("reference,given_name,family_name\nx:1,Pavel,Novak\n")))

    assert (tally, Person.objects.count()) == (Tally(unchanged=1), 1)


@pytest.fixture
def desk(client, noor):
    client.force_login(noor)
    return client


def test_an_officer_compares_the_two_merges_and_takes_it_back(desk, pavel, double):
    page = desk.get(reverse("person:merge", args=[pavel.pk]), {"other": double.pk})
    rows = {row.label: row for row in page.context["rows"]}
    assert [label for label, row in rows.items() if row.differs] == ["given name", "family name"]
    assert (rows["languages"].mine, rows["languages"].theirs) == ("French", "Russian")

    merged = desk.post(
        reverse("person:merge", args=[pavel.pk]), {"other": double.pk, "take": ["given_name"]}, follow=True
    )

    assert (merged.redirect_chain[0][0], Person.objects.get().name) == (
        reverse("person:inspect", args=[pavel.pk]),
        "Павел Novak",
    )
    [merge] = merged.context["merges"]
    desk.post(reverse("person:unmerge", args=[merge.pk]))
    assert Person.objects.count() == 2


def test_after_a_merge_the_next_two_are_one_step_away(desk, pavel, double, dina):
    twin = person("Dinah", "Haddad")
    DuplicatePair.objects.create(first=pavel, second=double, score=9)
    DuplicatePair.objects.create(first=dina, second=twin, score=5)

    merged = desk.post(reverse("person:merge", args=[pavel.pk]), {"other": double.pk}, follow=True)

    assert f"{reverse('person:merge', args=[dina.pk])}?other={twin.pk}" in merged.text


def test_the_address_of_an_old_record_leads_to_the_one_that_stands(desk, pavel, double, noor):
    Merge.objects.join(pavel, double, by=noor)

    old = desk.get(reverse("person:inspect", args=[double.pk]))

    assert (old.status_code, old["Location"]) == (302, reverse("person:inspect", args=[pavel.pk]))
    assert [found.pk for found in desk.get(reverse("person:index")).context["object_list"]] == [pavel.pk]


@pytest.mark.parametrize("other", ["", "nobody", "999999"])
def test_who_names_no_other_record_is_asked_for_one(desk, pavel, other):
    page = desk.get(reverse("person:merge", args=[pavel.pk]), {"other": other})

    assert (page.status_code, page.context["rows"]) == (200, [])


def test_comparing_changes_nothing(desk, pavel, double):
    before = facts(pavel), facts(double)

    desk.get(reverse("person:merge", args=[pavel.pk]), {"other": double.pk})

    assert (facts(pavel), facts(double), Merge.objects.count()) == (*before, 0)


def test_what_two_old_records_shared_stays_when_one_of_them_goes_back(pavel, double, dina, noor):
    for one in (double, dina):
        PersonEmail.objects.create(person=one, address="desk@example.org")
    first = Merge.objects.join(pavel, double, by=noor)
    second = Merge.objects.join(pavel, dina, by=noor)
    assert second.left == ["e-mail address: desk@example.org"]

    first.undo(by=noor)

    assert [pavel.emails.filter(address="desk@example.org").count(), double.emails.count()] == [1, 2]
    assert Merge.objects.get(pk=second.pk).left == []
    Merge.objects.get(pk=second.pk).undo(by=noor)
    assert sorted(email.address for email in dina.emails.all()) == ["desk@example.org", "dina.haddad@example.org"]


def test_what_somebody_removed_does_not_come_back_with_an_unmerge(pavel, double, dina, noor):
    for one in (double, dina):
        PersonEmail.objects.create(person=one, address="desk@example.org")
    first = Merge.objects.join(pavel, double, by=noor)
    Merge.objects.join(pavel, dina, by=noor)
    pavel.emails.filter(address="desk@example.org").delete()

    first.undo(by=noor)

    assert list(pavel.emails.filter(address="desk@example.org")) == []


@pytest.mark.parametrize("reason", ["OPT_OUT", "COMPLAINT", "CONSENT"])
def test_who_has_objected_at_one_address_is_not_written_to_at_another(pavel, noor, reason):
    other = person("Pavel", "Nowak", "fr")
    Suppression.objects.suppress("pavel.nowak@example.org", reason, "NEWS")
    Suppression.objects.suppress("pavel.nowak@example.org", "HARD_BOUNCE")

    merge = Merge.objects.join(pavel, other, by=noor)

    against = Suppression.objects.against(pavel.address, "NEWS")
    assert [row.reason for row in against] == [reason]
    merge.undo(by=noor)
    assert not Suppression.objects.against(pavel.address, "NEWS").exists()
    assert Suppression.objects.against("pavel.nowak@example.org", "NEWS").count() == 2


def test_who_was_left_out_of_a_segment_by_hand_stays_so(pavel, dina, noor):
    segment = Segment.objects.create(name="French", answers={"country": ["FR"]})
    segment.put(pavel, True, by=noor)
    segment.put(dina, False, by=noor)

    merge = Merge.objects.join(pavel, dina, by=noor)

    assert list(segment.people()) == []
    merge.undo(by=noor)
    assert pavel in segment.people()


def test_a_legal_hold_comes_over(pavel, noor):
    Merge.objects.join(pavel, person("Pavel", "Nowak", "fr", hold_reason="court"), by=noor)

    assert Person.objects.get(pk=pavel.pk).hold_reason == "court"


def test_who_saves_what_was_read_before_a_merge_does_not_take_it_back(pavel, dina, noor):
    stale = Person.objects.get(pk=dina.pk)
    Merge.objects.join(pavel, dina, by=noor)

    stale.save()

    assert Person.everyone.get(pk=dina.pk).merged_into == pavel
    assert dina.match_keys.count() == 0


def test_letters_go_to_one_address_when_another_comes_over_late(pavel, noor):
    PersonEmail.objects.filter(person=pavel).update(is_primary=True)
    twins = [Person.objects.create(given_name="Pavel", family_name="Novak") for _twin in range(2)]
    for twin in twins:
        PersonEmail.objects.create(person=twin, address="shared@example.org", is_primary=True)
    first, _second = [Merge.objects.join(pavel, twin, by=noor) for twin in twins]

    first.undo(by=noor)

    assert [email.address for email in pavel.emails.filter(is_primary=True)] == ["pavel.novak@example.org"]
    assert pavel.emails.count() == 2


def test_the_history_says_what_a_merge_has_changed(pavel, double, noor):
    merge = Merge.objects.join(pavel, double, take=["given_name"], by=noor)
    merge.undo(by=noor)

    entries = ModelLogEntry.objects.filter(action__contains="merge").order_by("pk")
    said = [
        [[label, *(in_words(label, told) for told in both)] for label, *both in one.data["changes"]] for one in entries
    ]
    assert said[0][:2] == [["given name", "Pavel", "Павел"], ["country", "", "France"]]
    assert said[1][:2] == [["given name", "Павел", "Pavel"], ["country", "France", ""]]


def test_to_confirm_somebody_writes_no_keys(pavel):
    keys = list(pavel.match_keys.values_list("pk", flat=True))

    pavel.confirm()

    assert list(pavel.match_keys.values_list("pk", flat=True)) == keys
