"""The registration form: what is asked of whom, what follows from an answer, and what is missing."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from contacts.models import Message
from events.models import Answer, Choice, Invitation, Option, Question, Registration
from events.models.details import Filler, with_missing
from events.models.usual_questions import SETS
from tests.conftest import limited
from tests.events.conftest import LAYLA, confirmed, letters

pytestmark = pytest.mark.django_db


def ask(event, label: str, kind: str = "TEXT", options: tuple = (), **more) -> Question:
    question = Question.objects.create(event=event, label={"en": label}, kind=kind, **more)
    for position, option in enumerate(options):
        Option.objects.create(question=question, label={"en": option}, position=position)
    return question


def option(label: str) -> Option:
    return Option.objects.get(label__contains=label)


def coming(event, who, olga, role: str = "DELEGATE") -> Invitation:
    [invitation] = event.invitations.draft([who], by=olga)
    invitation.role = role
    invitation.save()
    invitation.send(by=olga)
    invitation.answer("ACCEPTED")
    return Invitation.objects.get(pk=invitation.pk)


def said(invitation: Invitation) -> dict[str, str]:
    """Question -> what is said now."""
    return {
        str(one.question): one.words for one in Answer.objects.given() if one.registration.person == invitation.person
    }


def missing(invitation: Invitation) -> list[str]:
    return [str(question) for question in invitation.missing_details()]


@pytest.fixture
def guest(forum, dina, olga) -> Invitation:
    """Dina has said yes and has a seat."""
    return coming(forum, dina, olga)


@pytest.fixture
def approved(delegation, focal, olga) -> Invitation:
    layla = confirmed(delegation.nominate(LAYLA, "DELEGATE", "ROOM", by=focal))
    layla.approve(by=olga)
    return Invitation.objects.get(pk=layla.pk)


def test_what_must_be_answered_is_missing_until_it_is_and_the_seat_is_there_all_the_same(forum, guest):
    badge = ask(forum, "Name on the badge", is_required=True)
    ask(forum, "Anything else")

    assert missing(guest) == ["Name on the badge"]
    assert guest.registration.state == "CONFIRMED"
    guest.fill_in({badge.pk: "Dina"})
    assert (missing(guest), said(guest)) == ([], {"Name on the badge": "Dina"})


def test_each_version_stays_with_who_wrote_it_and_the_same_again_writes_nothing(forum, guest, olga):
    badge = ask(forum, "Name on the badge")
    guest.fill_in({badge.pk: "Dina"})
    guest.fill_in({badge.pk: "Dina"})
    guest.fill_in({badge.pk: "D. Haddad"}, by=olga, filler=Filler.ORGANIZER)
    guest.fill_in({badge.pk: ""})

    [(_question, versions)] = guest.said_to_form()
    assert [(one.value, one.by, one.is_current, one.is_empty) for one in versions] == [
        ("", None, True, True),
        ("D. Haddad", olga, False, False),
        ("Dina", None, False, False),
    ]


def test_a_question_is_asked_only_of_its_roles(forum, guest, pavel, olga):
    ask(forum, "Speech", roles=["HEAD"], is_required=True)
    head = coming(forum, pavel, olga, role="HEAD")

    assert (missing(guest), missing(head)) == ([], ["Speech"])


def test_a_question_whose_condition_is_not_met_is_not_required_and_its_answer_is_dropped(forum, guest):
    visa = ask(forum, "Visa?", "YES_NO", is_required=True)
    number = ask(forum, "Passport", only_if=visa, wanted_word="YES", is_required=True)
    guest.fill_in({visa.pk: "YES"})
    assert missing(guest) == ["Passport"]
    guest.fill_in({visa.pk: "YES", number.pk: "X123"})

    guest.fill_in({visa.pk: "NO", number.pk: "X123"})

    assert (missing(guest), said(guest)) == ([], {"Visa?": "No"})
    assert [one.value for one in number.answers.order_by("pk")] == ["X123", ""]


def test_what_depends_on_what_is_not_asked_is_not_asked_either(forum, guest):
    comes = ask(forum, "Dinner?", "CHOICE", ("Yes please", "No thanks"))
    yes = option("Yes please")
    wine = ask(forum, "Wine?", "YES_NO", only_if=comes, wanted_option=yes)
    colour = ask(forum, "Colour", only_if=wine, wanted_word="YES", is_required=True)
    guest.fill_in({comes.pk: (yes.pk,), wine.pk: "YES", colour.pk: "red"})
    assert said(guest) == {"Dinner?": "Yes please", "Wine?": "Yes", "Colour": "red"}

    guest.fill_in({comes.pk: (option("No thanks").pk,)})

    assert said(guest) == {"Dinner?": "No thanks"}


def test_what_is_asked_later_is_missing_only_once_the_seat_is_confirmed(forum, guest, pavel, olga):
    ask(forum, "Flight", stage="FOLLOW_UP", is_required=True)
    limited(forum, 1)
    waits = coming(forum, pavel, olga)

    assert (missing(guest), missing(waits)) == (["Flight"], [])


def test_only_organizers_see_and_fill_what_is_for_them(forum, guest, olga):
    room = ask(forum, "Hotel room", is_for_managers=True, is_required=True)

    guest.fill_in({room.pk: "101"})
    guest.fill_in({room.pk: "101"}, by=olga, filler=Filler.FOCAL_POINT)
    assert (said(guest), missing(guest), guest.details().asked()) == ({}, [], [])
    guest.fill_in({room.pk: "101"}, by=olga, filler=Filler.ORGANIZER)
    assert said(guest) == {"Hotel room": "101"}


def test_the_words_of_a_question_for_organizers_are_not_told_by_one_that_depends_on_it(forum, guest, olga):
    risk = ask(forum, "Needs an escort?", "YES_NO", is_for_managers=True)
    driver = ask(forum, "Your driver", only_if=risk, wanted_word="YES")
    assert guest.details().asked() == []

    guest.fill_in({risk.pk: "YES"}, by=olga, filler=Filler.ORGANIZER)

    assert guest.details().asked() == [driver]


def test_the_form_is_closed_to_who_does_not_come_and_after_the_event(forum, guest):
    badge = ask(forum, "Badge")
    guest.answer("DECLINED")
    with pytest.raises(ValidationError, match="The form is closed"):
        guest.fill_in({badge.pk: "Dina"})
    guest.answer("ACCEPTED")
    forum.ends_on = forum.starts_on = timezone.localdate() - datetime.timedelta(days=1)
    forum.save()
    with pytest.raises(ValidationError, match="The form is closed"):
        Invitation.objects.get(pk=guest.pk).fill_in({badge.pk: "Dina"})

    assert Answer.objects.count() == 0


def test_who_is_still_to_be_approved_fills_the_form_in_and_has_no_seat(forum, delegation, focal):
    badge = ask(forum, "Badge", is_required=True)
    layla = confirmed(delegation.nominate(LAYLA, "DELEGATE", "ROOM", by=focal))
    assert missing(layla) == ["Badge"]

    layla.fill_in({badge.pk: "Layla"}, by=focal, filler=Filler.FOCAL_POINT)

    assert missing(layla) == []
    assert layla.registration is None


def test_an_option_has_so_many_places_and_no_more(forum, guest, pavel, olga):
    tour = ask(forum, "Tour", "CHOICE", ("Harbour", "Museum"))
    harbour, museum = option("Harbour"), option("Museum")
    harbour.quota.resize(1, by=olga)
    late = coming(forum, pavel, olga)
    guest.fill_in({tour.pk: (harbour.pk,)})

    with pytest.raises(ValidationError) as refusal:
        late.fill_in({tour.pk: (harbour.pk,)})
    assert refusal.value.message_dict == {tour.name: ["No place is left for “Harbour”. Please choose another."]}
    assert said(late) == {}
    guest.fill_in({tour.pk: (museum.pk,)})
    late.fill_in({tour.pk: (harbour.pk,)})

    assert (said(guest), said(late)) == ({"Tour": "Museum"}, {"Tour": "Harbour"})
    assert used() == {"Harbour": (1, 1), "Museum": (1, 1)}


def used() -> dict[str, tuple[int, int]]:
    """Option -> what the quota says is taken, and how many answers hold a place."""
    return {
        str(one): (one.quota.used, Choice.objects.filter(option=one, holds_place=True).count())
        for one in Option.objects.select_related("quota")
    }


def test_what_is_full_refuses_the_whole_form(forum, guest, olga):
    badge = ask(forum, "Badge")
    tours = ask(forum, "Tours", "CHOICES", ("Harbour", "Museum"))
    harbour, museum = option("Harbour"), option("Museum")
    museum.quota.resize(0, by=olga)

    with pytest.raises(ValidationError):
        guest.fill_in({badge.pk: "Dina", tours.pk: (harbour.pk, museum.pk)})

    assert (said(guest), used()) == ({}, {"Harbour": (0, 0), "Museum": (0, 0)})


def test_a_full_option_that_is_mine_already_stays_mine_whatever_else_i_choose(forum, guest, olga):
    tours = ask(forum, "Tours", "CHOICES", ("Harbour", "Museum"))
    harbour, museum = option("Harbour"), option("Museum")
    harbour.quota.resize(1, by=olga)
    guest.fill_in({tours.pk: (harbour.pk,)})

    guest.fill_in({tours.pk: tuple(sorted((harbour.pk, museum.pk)))})

    assert (said(guest), used()) == ({"Tours": "Harbour, Museum"}, {"Harbour": (1, 1), "Museum": (1, 1)})


def test_who_gives_the_seat_up_gives_the_option_up_and_chooses_anew_where_it_is_gone(forum, guest, pavel, olga):
    tour = ask(forum, "Tour", "CHOICE", ("Harbour", "Museum"), is_required=True)
    harbour = option("Harbour")
    harbour.quota.resize(1, by=olga)
    late = coming(forum, pavel, olga)
    guest.fill_in({tour.pk: (harbour.pk,)})

    guest.answer("DECLINED")
    assert used()["Harbour"] == (0, 0)
    guest.answer("ACCEPTED")
    assert (used()["Harbour"], missing(guest)) == ((1, 1), [])
    guest.answer("TENTATIVE")
    late.fill_in({tour.pk: (harbour.pk,)})
    guest.answer("ACCEPTED")

    assert (used()["Harbour"], missing(guest), said(late)) == ((1, 1), ["Tour"], {"Tour": "Harbour"})


@pytest.mark.parametrize("act", ["withdraw", "reject", "delegate"])
def test_whatever_ends_it_frees_the_option(forum, approved, olga, act):
    tour = ask(forum, "Tour", "CHOICE", ("Harbour",))
    approved.fill_in({tour.pk: (option("Harbour").pk,)})
    assert used() == {"Harbour": (1, 1)}

    if act == "withdraw":
        approved.withdraw(by=olga)
    elif act == "reject":
        approved.reject("No.", by=olga)
    else:
        approved.delegate(type(LAYLA)("Omar", "Saleh", "omar@example.org"))

    assert used() == {"Harbour": (0, 0)}


def test_an_option_cannot_be_given_fewer_places_than_are_taken(forum, guest, olga):
    tour = ask(forum, "Tour", "CHOICE", ("Harbour",))
    guest.fill_in({tour.pk: (option("Harbour").pk,)})

    with pytest.raises(ValidationError, match="More places than that are taken already"):
        option("Harbour").quota.resize(0, by=olga)


def test_a_change_of_what_was_approved_is_to_be_approved_again_and_holds_the_seat(forum, approved, focal, olga):
    name = ask(forum, "Name in the passport", asks_approval_again=True)
    approved.fill_in({name.pk: "Layla Amari"})
    assert approved.approval == "APPROVED"  # the first answer changes nothing

    assert approved.fill_in({name.pk: "Leila Ammari"}, by=focal, filler=Filler.FOCAL_POINT) is True

    again = Invitation.objects.get(pk=approved.pk)
    assert (again.approval, again.registration.state, forum.seats.used) == ("PENDING", "HELD", 1)
    assert again.changed_since_approval() == [(name, "Layla Amari", "Leila Ammari")]
    again.approve(by=olga)
    assert (again.registration.state, again.reopened_at, forum.seats.used) == ("CONFIRMED", None, 1)
    assert again.formal_letters.count() == 0


def test_who_is_turned_down_the_second_time_loses_the_seat(forum, approved, olga):
    name = ask(forum, "Name in the passport", asks_approval_again=True)
    approved.fill_in({name.pk: "Layla"})
    approved.fill_in({name.pk: "Somebody else"})

    approved.reject("Another name.", by=olga)

    assert (approved.registration, forum.seats.used) == (None, 0)


def test_an_organizer_who_changes_it_needs_no_approval(forum, approved, olga):
    name = ask(forum, "Name in the passport", asks_approval_again=True)
    approved.fill_in({name.pk: "Layla"})

    assert approved.fill_in({name.pk: "Leila"}, by=olga, filler=Filler.ORGANIZER) is False
    assert approved.approval == "APPROVED"


def test_what_the_first_of_two_agreed_to_is_agreed_to_again_once_it_has_changed(forum, delegation, focal, olga, root):
    forum.is_approved_by_two = True
    forum.save()
    name = ask(forum, "Name in the passport", asks_approval_again=True)
    layla = confirmed(delegation.nominate(LAYLA, "DELEGATE", "ROOM", by=focal))
    layla = Invitation.objects.get(pk=layla.pk)
    layla.fill_in({name.pk: "Layla"})
    assert layla.approve(by=olga) is False

    layla.fill_in({name.pk: "Leila"})

    assert layla.approve(by=root) is False
    assert layla.approve(by=olga) is True


def test_the_confirmation_says_what_is_missing(forum, dina, olga):
    ask(forum, "Badge", is_required=True)
    coming(forum, dina, olga)

    letter = Message.objects.get(letter="registration_confirmed")
    assert "- Badge" in letter.text


def test_who_lacks_something_is_asked_once_within_the_hour(forum, guest, pavel, olga):
    badge = ask(forum, "Badge", is_required=True)
    ready = coming(forum, pavel, olga)
    ready.fill_in({badge.pk: "Pavel"})
    assert [(row.person, missing) for row, missing in with_missing(forum, forum.invitations.all())] == [
        (guest.person, [badge])
    ]

    assert [one.ask_for_details(by=olga) for one in (guest, guest, ready)] == [True, False, False]
    assert letters(guest.person).count("details_missing") == 1
    Message.objects.update(created_at=timezone.now() - datetime.timedelta(minutes=61))
    assert guest.ask_for_details(by=olga) is True


# -- The questions themselves ----------------------------------------------------------------------------------------


def test_the_usual_questions_come_in_four_languages_and_once(forum, olga):
    assert Question.objects.add_usual(forum, SETS, by=olga) == sum(len(one["questions"]) for one in SETS.values())
    assert Question.objects.add_usual(forum, SETS, by=olga) == 0

    texts = [*forum.questions.all(), *Option.objects.all()]
    assert [one for one in texts if set(one.label) != {"en", "fr", "es", "ar"}] == []
    number = forum.questions.get(label__contains="Number of the passport")
    assert (str(number.only_if), number.wanted_word) == ("Do you need a letter for a visa?", "YES")


def test_a_question_moves_but_not_before_what_decides_about_it(forum, olga):
    first, second = ask(forum, "Visa?", "YES_NO"), ask(forum, "Badge")
    third = ask(forum, "Passport", only_if=first, wanted_word="YES")

    third.move(-1, by=olga)
    assert list(forum.questions.all()) == [first, third, second]
    for question, steps in ((third, -1), (first, 1)):
        with pytest.raises(ValidationError, match="“Passport” depends on “Visa"):
            question.move(steps, by=olga)
    first.move(-1, by=olga)

    assert list(forum.questions.all()) == [first, third, second]


def test_what_was_answered_or_decides_about_another_stays(forum, guest, olga):
    visa, badge = ask(forum, "Visa?", "YES_NO"), ask(forum, "Badge")
    ask(forum, "Passport", only_if=visa, wanted_word="YES")
    guest.fill_in({badge.pk: "Dina"})

    with pytest.raises(ValidationError, match="has been answered and stays"):
        badge.drop(by=olga)
    with pytest.raises(ValidationError, match="depends on"):
        visa.drop(by=olga)
    forum.questions.get(label__contains="Passport").drop(by=olga)
    visa.drop(by=olga)

    assert list(forum.questions.all()) == [badge]
    assert Registration.objects.count() == 1


def test_an_event_goes_with_its_whole_form(forum, guest):
    visa = ask(forum, "Visa?", "YES_NO")
    tour = ask(forum, "Tour", "CHOICE", ("Harbour",), only_if=visa, wanted_word="YES")
    ask(forum, "Shoes", only_if=tour, wanted_option=option("Harbour"))
    guest.fill_in({visa.pk: "YES"})
    guest.fill_in({tour.pk: (option("Harbour").pk,)})

    forum.delete()

    assert (Question.objects.count(), Option.objects.count(), Answer.objects.count()) == (0, 0, 0)
