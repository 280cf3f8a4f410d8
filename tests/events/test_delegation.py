"""Delegations: an organization is asked to send people, its focal points name them, they confirm, we approve."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import override

from contacts.models import Affiliation, Message, Person, User
from contacts.models.introduction import Introduced, introduce
from events import mail
from events.models import Allotment, Delegation, Event, Invitation
from network.models import Organization
from tests.conftest import person
from tests.events.conftest import LAYLA, OMAR, confirmed, letters, places

pytestmark = pytest.mark.django_db


def test_the_focal_points_are_asked_in_their_language_and_can_sign_in(delegation, focal, pavel):
    [letter] = Message.objects.filter(person=pavel)
    told = [line for line in letter.text.splitlines() if line.startswith("- ")]

    assert [line.rpartition(" ")[2] for line in told] == ["2", "1", "1"]  # places, of which none can be taken yet
    assert (letter.letter, letter.language) == ("delegation_invited", "fr")
    assert f"/fr/delegations/{delegation.pk}/" in letter.text
    assert (focal.email, focal.has_usable_password()) == ("pavel.novak@example.org", False)
    assert list(Delegation.objects.led_by(focal.person)) == [delegation]


def test_an_organization_without_a_focal_point_cannot_be_asked(forum, olga):
    body = Organization.objects.create(kind="NGO", name="Watch")
    [delegation] = forum.delegations.draft([body], by=olga)

    with pytest.raises(ValidationError, match="Watch has no focal point with an e-mail address"):
        delegation.invite(by=olga)
    assert Delegation.objects.get().state == "DRAFT"


def test_it_starts_with_what_is_allotted_to_its_kind(delegation):
    assert places(delegation) == [("", "ROOM", 0, 2), ("HEAD", "", 0, 1), ("ADVISER", "ONLINE", 0, 1)]


def test_a_new_allotment_reaches_those_to_whom_nothing_else_was_given(forum, delegation, customs, olga):
    delegation.give("HEAD", "", 2, by=olga)

    keep = Allotment.objects.give(forum, customs.kind, "", "ROOM", 5, by=olga)
    keep += Allotment.objects.give(forum, customs.kind, "HEAD", "", 4, by=olga)

    assert (keep, places(delegation)[:2]) == (0, [("", "ROOM", 0, 5), ("HEAD", "", 0, 2)])


def test_an_allotment_takes_no_place_away_that_is_taken(forum, delegation, focal, customs, olga):
    delegation.nominate(LAYLA, "DELEGATE", "ROOM", by=focal)

    assert Allotment.objects.give(forum, customs.kind, "", "ROOM", 0, by=olga) == 1
    assert places(delegation)[0] == ("", "ROOM", 1, 2)


def test_who_is_named_holds_a_place_and_is_asked(delegation, focal):
    nominee = delegation.nominate(LAYLA, "HEAD", "ROOM", by=focal)

    assert places(delegation) == [("", "ROOM", 1, 2), ("HEAD", "", 1, 1), ("ADVISER", "ONLINE", 0, 1)]
    [letter] = Message.objects.filter(person=nominee.person)
    assert (letter.letter, letter.language, letter.calendar_method) == ("nomination", "fr", "REQUEST")
    assert (nominee.state, nominee.approval, nominee.person.name) == ("SENT", "PENDING", "Layla Amari")
    assert nominee.person.affiliations.get().organization == delegation.organization


@pytest.mark.parametrize(
    ("role", "place"),
    [("HEAD", "ROOM"), ("OBSERVER", "ONLINE"), ("ADVISER", "PLENARY")],
    ids=["taken", "not given", "given elsewhere"],
)
def test_nobody_is_named_beyond_the_places(delegation, focal, role, place):
    delegation.nominate(LAYLA, "HEAD", "ROOM", by=focal)

    with pytest.raises(ValidationError, match="no place left"):
        delegation.nominate(OMAR, role, place, by=focal)
    assert (places(delegation)[0][2], delegation.members.count(), Person.objects.filter(given_name="Omar").count()) == (
        1,
        1,
        0,
    )


def test_nobody_is_in_two_delegations(forum, delegation, focal, olga):
    delegation.nominate(LAYLA, "DELEGATE", "ROOM", by=focal)
    police = Organization.objects.create(kind="LAW_ENFORCEMENT", name="Police")
    [other] = forum.delegations.draft([police], by=olga)

    with pytest.raises(ValidationError, match="Layla Amari is on the list of this event already"):
        other.nominate(LAYLA, "DELEGATE", "ROOM", by=olga)
    assert places(other)[0] == ("", "ROOM", 0, 2)


def test_who_confirms_waits_for_the_organizers_and_has_no_seat_yet(forum, delegation, focal):
    nominee = confirmed(delegation.nominate(LAYLA, "DELEGATE", "ROOM", by=focal))

    assert Invitation.objects.with_standing().get(pk=nominee.pk).standing == "TO_APPROVE"
    assert letters(nominee.person) == ["nomination", "nomination_confirmed"]
    assert (forum.seats.used, list(forum.registrations.all())) == (0, [])


def test_who_is_approved_has_a_seat_of_the_role_and_place(forum, delegation, focal, olga):
    nominee = confirmed(delegation.nominate(LAYLA, "ADVISER", "ONLINE", by=focal))

    assert nominee.approve(by=olga) is True

    seat = forum.registrations.get()
    assert (seat.state, seat.role, seat.place) == ("CONFIRMED", "ADVISER", "ONLINE")
    assert {quota.place: quota.used for quota in forum.quotas.of_event()} == {"ROOM": 0, "ONLINE": 1, "PLENARY": 0}
    assert letters(nominee.person)[-1] == "registration_confirmed"


def test_nobody_is_approved_before_they_confirm_or_twice(delegation, focal, olga):
    nominee = delegation.nominate(LAYLA, "DELEGATE", "ROOM", by=focal)
    with pytest.raises(ValidationError, match="has not confirmed"):
        nominee.approve(by=olga)

    confirmed(nominee).approve(by=olga)

    with pytest.raises(ValidationError, match="decided on already"):
        nominee.approve(by=olga)


def test_where_two_must_agree_one_alone_does_not_approve(forum, delegation, focal, olga, root):
    Event.objects.update(is_approved_by_two=True)
    nominee = confirmed(Invitation.objects.get(pk=delegation.nominate(LAYLA, "DELEGATE", "ROOM", by=focal).pk))

    assert nominee.approve(by=olga) is False
    with pytest.raises(ValidationError, match="somebody else is to agree as well"):
        nominee.approve(by=olga)
    assert not forum.registrations.exists()
    assert nominee.approve(by=root) is True
    assert forum.registrations.confirmed().count() == 1


def test_who_is_not_approved_is_told_why_and_so_are_the_focal_points(delegation, focal, pavel, olga):
    nominee = confirmed(delegation.nominate(LAYLA, "DELEGATE", "ROOM", by=focal))

    nominee.reject("The list is closed for advisers.", by=olga)

    assert (letters(nominee.person)[-1], letters(pavel)[-1]) == ("nomination_rejected", "place_free")
    assert "The list is closed for advisers." in Message.objects.filter(person=pavel).first().text
    assert places(delegation)[0] == ("", "ROOM", 0, 2)
    with pytest.raises(ValidationError, match="was not approved"):
        nominee.answer("ACCEPTED")


def test_nobody_is_refused_without_a_reason(delegation, focal, olga):
    nominee = confirmed(delegation.nominate(LAYLA, "DELEGATE", "ROOM", by=focal))

    with pytest.raises(ValidationError, match="Say why"):
        nominee.reject("  ", by=olga)
    assert nominee.approval == "PENDING"


def test_a_seat_that_was_approved_can_be_taken_back_with_a_reason(forum, delegation, focal, olga):
    nominee = confirmed(delegation.nominate(LAYLA, "DELEGATE", "ROOM", by=focal))
    nominee.approve(by=olga)

    nominee.reject("The ministry has written.", by=olga)

    assert (forum.seats.used, forum.registrations.get().state, places(delegation)[0][2]) == (0, "CANCELLED", 0)


def test_who_declines_frees_the_place_and_the_focal_points_hear(delegation, focal, pavel):
    nominee = delegation.nominate(LAYLA, "HEAD", "ROOM", by=focal)

    nominee.answer("DECLINED", reason="I am on leave.")

    assert [row[2] for row in places(delegation)] == [0, 0, 0]
    letter = Message.objects.filter(person=pavel).first()
    assert (letter.letter, "I am on leave." in letter.text) == ("place_free", True)


def test_who_declined_comes_back_only_where_a_place_is_left(delegation, focal):
    layla = delegation.nominate(LAYLA, "HEAD", "ROOM", by=focal)
    layla.answer("DECLINED")
    delegation.nominate(OMAR, "HEAD", "ROOM", by=focal)

    with pytest.raises(ValidationError, match="no place left"):
        layla.answer("ACCEPTED")
    assert Invitation.objects.get(pk=layla.pk).reply == "DECLINED"


def test_the_one_who_comes_instead_takes_over_place_and_seat(forum, delegation, focal, olga):
    forum.seats.resize(1, by=olga)
    layla = confirmed(delegation.nominate(LAYLA, "HEAD", "ROOM", by=focal))
    layla.approve(by=olga)
    waiting = person("Wanda", "Waits")
    forum.registrations.enter(waiting)

    omar = delegation.replace(layla, OMAR, by=focal)

    assert [row[2] for row in places(delegation)] == [1, 1, 0]
    assert {(seat.person.given_name, seat.state) for seat in forum.registrations.all()} == {
        ("Layla", "CANCELLED"),
        ("Omar", "HELD"),
        ("Wanda", "WAITING"),
    }
    confirmed(omar).approve(by=olga)
    assert forum.registrations.confirmed().get().person == omar.person
    assert (forum.seats.used, letters(layla.person)[-1]) == (1, "invitation_withdrawn")


def test_when_the_one_who_comes_instead_declines_the_seat_goes_to_who_waits(forum, delegation, focal, olga):
    forum.seats.resize(1, by=olga)
    layla = confirmed(delegation.nominate(LAYLA, "HEAD", "ROOM", by=focal))
    layla.approve(by=olga)
    forum.registrations.enter(person("Wanda", "Waits"))

    delegation.replace(layla, OMAR, by=focal).answer("DECLINED")

    assert forum.registrations.confirmed().get().person.given_name == "Wanda"


def test_names_are_taken_until_the_day_and_by_staff_after_it(forum, delegation, focal, olga):
    Event.objects.update(nominate_by=timezone.now() - datetime.timedelta(minutes=1))
    delegation = Delegation.objects.get()

    with pytest.raises(ValidationError, match="The time for names is over"):
        delegation.nominate(LAYLA, "DELEGATE", "ROOM", by=focal)
    assert delegation.nominate(LAYLA, "DELEGATE", "ROOM", by=olga).state == "SENT"


def test_the_day_for_names_moves_with_the_event(forum, delegation, olga):
    forum.nominate_by = forum.answer_by - datetime.timedelta(days=7)
    forum.save()
    week = datetime.timedelta(days=7)
    before = forum.nominate_by

    forum.reschedule(forum.starts_on + week, forum.ends_on + week, by=olga)

    assert abs(forum.nominate_by - before - week) <= datetime.timedelta(hours=1)


def test_a_delegation_that_is_taken_back_takes_its_people_along(forum, delegation, focal, pavel, olga):
    nominee = confirmed(delegation.nominate(LAYLA, "DELEGATE", "ROOM", by=focal))
    nominee.approve(by=olga)

    delegation.withdraw(by=olga)

    assert (forum.seats.used, places(delegation)[0][2]) == (0, 0)
    assert (letters(nominee.person)[-1], letters(pavel)[-1]) == ("invitation_withdrawn", "delegation_withdrawn")
    assert list(Delegation.objects.led_by(focal.person)) == []
    [again] = forum.delegations.draft([delegation.organization], by=olga)
    assert (again.pk, again.state, places(again)[0]) == (delegation.pk, "DRAFT", ("", "ROOM", 0, 2))


def test_when_the_event_is_cancelled_who_was_named_hears_of_it(forum, delegation, focal, olga):
    nominee = delegation.nominate(LAYLA, "DELEGATE", "ROOM", by=focal)

    forum.cancel(by=olga)

    assert letters(nominee.person)[-1] == "event_cancelled"


def test_when_the_event_moves_twice_the_focal_points_hear_once_of_where_it_stands(forum, delegation, pavel, olga):
    week = datetime.timedelta(days=7)
    draft = Organization.objects.create(kind="NGO", name="Watch")
    Affiliation.objects.create(person=person("Ida", "Berg"), organization=draft, is_focal_point=True)
    forum.delegations.draft([draft], by=olga)

    for _weeks in (1, 2):
        forum.reschedule(forum.starts_on + week, forum.ends_on + week, by=olga)

    first, second = Message.objects.filter(letter="delegation_rescheduled").order_by("pk")
    assert (first.person, second.person, second.language) == (pavel, pavel, "fr")
    assert [one.deliveries.get().state for one in (first, second)] == ["SUPERSEDED", "QUEUED"]
    assert second.deliveries.get().due_at > timezone.now()
    with override("fr"):
        assert (mail.dates(forum) in second.text, mail.dates(forum) in first.text) == (True, False)


def test_when_the_event_is_cancelled_the_focal_points_hear_why_and_not_that_it_moved(forum, delegation, pavel, olga):
    day = datetime.timedelta(days=1)
    forum.reschedule(forum.starts_on + day, forum.ends_on + day, by=olga)

    forum.cancel("The venue is closed.", by=olga)

    moved, cancelled = Message.objects.filter(person=pavel).order_by("pk")[1:]
    assert (moved.letter, moved.deliveries.get().state) == ("delegation_rescheduled", "SUPERSEDED")
    assert (cancelled.letter, "The venue is closed." in cancelled.text) == ("delegation_cancelled", True)


def test_a_focal_point_who_has_left_sees_nothing_any_more(delegation, focal):
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    Affiliation.objects.filter(person__user=focal).update(ends_on=yesterday)

    assert list(Delegation.objects.led_by(focal.person)) == []


def test_a_draft_is_not_shown_to_focal_points(forum, customs, pavel, olga):
    forum.delegations.draft([customs], by=olga)
    account = User.objects.open_for(pavel)

    assert list(Delegation.objects.led_by(account.person)) == []


def test_who_is_named_with_a_known_address_and_another_name_is_somebody_else(customs, dina, focal):
    """Nobody learns from a name whom we know at an address."""
    named = introduce(Introduced("Zoe", "Zed", "dina.haddad@example.org"), customs, by=focal)

    assert (named == dina, named.name, named.address) == (False, "Zoe Zed", "dina.haddad@example.org")


def test_who_is_named_as_we_know_them_is_the_same(customs, dina, focal):
    assert introduce(Introduced("Haddad", "Dina", "Dina.Haddad@example.org"), customs, by=focal) == dina
    assert dina.affiliations.count() == 1


def test_the_account_follows_the_address_of_a_partner(pavel):
    account = User.objects.open_for(pavel)
    pavel.emails.filter(is_primary=True).update(address="pavel@example.net")
    pavel = Person.objects.get(pk=pavel.pk)

    assert (User.objects.open_for(pavel), User.objects.get(pk=account.pk).email) == (account, "pavel@example.net")


def test_nobody_gets_the_account_of_somebody_else(pavel, dina):
    User.objects.open_for(pavel)
    dina.emails.update(address=pavel.address)

    assert User.objects.open_for(Person.objects.get(pk=dina.pk)) is None
