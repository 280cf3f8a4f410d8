"""Questionnaires: to whom they are put, what is handed in, and what is asked before and after a training."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from wagtail.models import ModelLogEntry

from contacts.models import Merge, Message
from contacts.models.dossier import dossier
from contacts.models.erasure import erase
from events.models import Addressee, Invitation, Item, ItemOption, Presence, Questionnaire, Sheet, SheetAnswer
from events.models.presence import Scan
from tests.conftest import person, staff
from tests.events.test_details import coming

pytestmark = pytest.mark.django_db
NAMES = ["Ada", "Bo", "Cy", "Dee", "Eve", "Fay", "Gus", "Hal"]


def over(event) -> None:
    """It has been, two days ago."""
    event.starts_on = event.ends_on = timezone.localdate() - datetime.timedelta(days=2)
    event.answer_by = None
    event.save()


def came(event, olga, count: int, **more) -> list[Invitation]:
    """So many people said yes to `event`, and have a seat."""
    return [coming(event, person(name, "Guest", **more), olga) for name in NAMES[:count]]


def asked(questionnaire, label: str, kind: str = "RATING", options: tuple = (), **more) -> Item:
    """A question; an option that begins with + is right."""
    item = Item.objects.create(questionnaire=questionnaire, label={"en": label}, kind=kind, **more)
    for position, option in enumerate(options):
        label, is_right = {"en": option.lstrip("+")}, option.startswith("+")
        ItemOption.objects.create(item=item, label=label, is_right=is_right, position=position)
    return item


def pick(item: Item, *labels: str) -> tuple[int, ...]:
    return tuple(sorted(one.pk for one in item.options.all() if str(one) in labels))


def begun(event, kind: str, olga, *, is_anonymous: bool = False) -> Questionnaire:
    new = Questionnaire.objects.begin(event, kind, by=olga)
    new.is_anonymous = is_anonymous
    new.save()
    return new


def opened(event, olga, *, is_anonymous: bool = False) -> Questionnaire:
    """Feedback with a rating that must be answered, and words."""
    feedback = begun(event, "FEEDBACK", olga, is_anonymous=is_anonymous)
    asked(feedback, "Content", is_required=True)
    asked(feedback, "Missing", "TEXT")
    feedback.open(by=olga)
    return feedback


def answer(questionnaire, invitation, *said, **more) -> Sheet:
    """What is said to its questions, in their order."""
    items = questionnaire.items.all()
    return questionnaire.hand_in(invitation, {item.pk: value for item, value in zip(items, said, strict=False)}, **more)


def words(sheet: Sheet) -> list[str]:
    return sorted(one.words for one in sheet.answers.all())


@pytest.fixture
def past(forum, dina, olga):
    """The forum is over; Dina had a seat."""
    coming(forum, dina, olga)
    over(forum)
    return forum


@pytest.fixture
def guest(past) -> Invitation:
    return past.invitations.get()


# -- To whom it is put


def whom(questionnaire) -> list[str]:
    return sorted(str(seat.person) for seat in questionnaire.addressed())


def let_in(event, seat, olga) -> None:
    door = event.scanners.open(event, "Door", by=olga)
    at = datetime.datetime.combine(event.starts_on, datetime.time(9), event.zone)
    Presence.objects.scan(door, Scan(seat.badge, str(seat.pk), at), now=at)


def test_it_is_put_to_who_came_and_to_who_was_online_or_where_no_door_counts_to_all_with_a_seat(forum, olga):
    ada, bo, cy = came(forum, olga, 3)
    cy.registration.move("DELEGATE", "ONLINE")
    bo.event.invitations.draft([person("No", "Seat")], by=olga)
    over(forum)
    feedback = begun(forum, "FEEDBACK", olga)
    assert whom(feedback) == ["Ada Guest", "Bo Guest", "Cy Guest"]

    let_in(forum, ada.registration, olga)

    assert whom(feedback) == ["Ada Guest", "Cy Guest"]
    assert whom(begun(forum, "BEFORE", olga)) == ["Ada Guest", "Bo Guest", "Cy Guest"]


def test_whom_no_letter_reaches_is_not_asked(past, guest, olga):
    feedback = begun(past, "FEEDBACK", olga)
    Invitation.objects.filter(pk=guest.pk).update(address="")

    assert whom(feedback) == []


def test_who_has_answered_stays_among_them_when_a_door_is_counted_later(past, guest, olga):
    feedback = opened(past, olga)
    answer(feedback, guest, "4")
    other = coming_late(past, olga)

    let_in(past, other.registration, olga)

    assert whom(feedback) == ["Dina Haddad", "Late Guest"]


def coming_late(event, olga) -> Invitation:
    who = person("Late", "Guest")
    invitation = event.invitations.nominate(who, None, "DELEGATE", "ROOM")
    invitation.sit_down(by=olga)
    return Invitation.objects.get(pk=invitation.pk)


# -- Opening and closing


def test_each_assessment_is_there_once_and_feedback_as_often_as_wanted(past, olga):
    kinds = [begun(past, kind, olga).kind for kind in ("FEEDBACK", "FEEDBACK", "BEFORE", "AFTER")]

    assert kinds == ["FEEDBACK", "FEEDBACK", "BEFORE", "AFTER"]
    for kind, sentence in (("AFTER", "such an assessment already"), ("NONE", "what kind")):
        with pytest.raises(ValidationError, match=sentence):
            Questionnaire.objects.begin(past, kind, by=olga)
    with pytest.raises(IntegrityError), transaction.atomic():
        Questionnaire.objects.create(event=past, kind="AFTER", title="x")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda one: one.items.all().delete(), "Nothing is asked yet"),
        (lambda one: setattr(one.event, "status", "DRAFT"), "Only for an announced event"),
        (lambda one: setattr(one.event, "starts_on", timezone.localdate() + datetime.timedelta(days=2)), "not begun"),
        (lambda one: late(one), "last day has passed"),
    ],
)
def test_it_cannot_be_opened_where(past, olga, change, sentence):
    feedback = begun(past, "FEEDBACK", olga)
    asked(feedback, "Content")
    change(feedback)

    with pytest.raises(ValidationError, match=sentence):
        feedback.open(by=olga)

    assert Questionnaire.objects.opened().count() == 0


def late(feedback) -> None:
    feedback.closes_on = timezone.localdate() - datetime.timedelta(days=1)
    feedback.save()


def test_it_takes_answers_until_its_last_day_or_until_it_is_closed(past, guest, olga):
    feedback = opened(past, olga)
    assert (feedback.last_day, feedback.takes_sheets()) == (past.ends_on + datetime.timedelta(days=30), True)
    too_late = timezone.now() + datetime.timedelta(days=30)
    with pytest.raises(ValidationError, match="No answers are taken any more"):
        answer(feedback, guest, "4", now=too_late)
    feedback.close(by=olga)
    with pytest.raises(ValidationError, match="No answers are taken any more"):
        answer(feedback, guest, "4")
    with pytest.raises(ValidationError, match="It is not open"):
        feedback.close(by=olga)

    feedback.open(by=olga)

    assert answer(feedback, guest, "4").registration.person == guest.person


def test_an_assessment_before_is_taken_until_the_first_day(forum, olga):
    before = begun(forum, "BEFORE", olga)
    asked(before, "Knowledge")

    before.open(by=olga)

    assert (before.last_day, before.takes_sheets()) == (forum.starts_on, True)


def test_what_nobody_has_seen_can_be_deleted_and_what_was_open_stays(past, olga):
    begun(past, "BEFORE", olga).drop(by=olga)
    feedback = opened(past, olga)

    with pytest.raises(ValidationError, match="has been open and stays"):
        feedback.drop(by=olga)

    assert list(past.questionnaires.all()) == [feedback]


# -- Writing


def labels(questionnaire) -> list[str]:
    return [str(item) for item in questionnaire.items.all()]


def test_the_usual_questions_come_once_in_four_languages_and_can_be_moved_and_dropped(past, olga):
    feedback = begun(past, "FEEDBACK", olga)

    assert Item.objects.add_usual(feedback, ["event"], by=olga) == 8
    assert Item.objects.add_usual(feedback, ["event", "training"], by=olga) == 4

    assert {len(item.label) for item in feedback.items.all()} == {4}
    first, second, *_rest = feedback.items.all()
    second.move(-1, by=olga)
    second.move(-1, by=olga)
    first.drop(by=olga)
    assert labels(feedback)[:2] == ["Speakers and moderators", "Organization, before and during the event"]


def test_once_somebody_has_answered_it_stays_as_it_is(past, guest, olga):
    feedback = opened(past, olga)
    answer(feedback, guest, "4")

    first, _second = feedback.items.all()
    for change in (
        lambda: first.move(1, by=olga),
        lambda: first.drop(by=olga),
        lambda: Item.objects.add_usual(feedback, ["event"], by=olga),
        lambda: Item.objects.add_those_before(feedback, by=olga),
    ):
        with pytest.raises(ValidationError, match="cannot be changed any more"):
            change()
    assert labels(feedback) == ["Content", "Missing"]


# -- Handing in


def test_what_must_be_answered_is_asked_for_and_what_cannot_be_is_refused(past, guest, olga):
    feedback = opened(past, olga)
    tour = asked(feedback, "Tour", "CHOICE", ("Harbour", "Museum"))
    asked(feedback, "Again", "YES_NO")

    for said in (
        ("", "x"),
        ("6",),
        ("4", "", (0,)),
        ("4", "", pick(tour, "Harbour", "Museum")),
        ("4", "", (), "PERHAPS"),
    ):
        with pytest.raises(ValidationError):
            answer(feedback, guest, *said)
    assert Sheet.objects.count() == 0
    sheet = answer(feedback, guest, "4", "A map", pick(tour, "Museum"), "YES")

    assert words(sheet) == ["4 (Good)", "A map", "Museum", "Yes"]


def test_what_carries_a_name_can_be_changed_until_it_closes_and_the_history_says_that_it_was_answered(
    past, guest, olga
):
    feedback = opened(past, olga)
    first = answer(feedback, guest, "4", "A map")

    second = answer(feedback, guest, "5")

    assert (first.pk, words(second), second.group) == (second.pk, ["5 (Very good)"], "LAW_ENFORCEMENT")
    told = ModelLogEntry.objects.filter(action="events.questionnaire.answer")
    assert [(entry.object_id, entry.data) for entry in told] == [(str(guest.pk), {"questionnaire": feedback.pk})] * 2


def test_who_was_not_there_answers_nothing(past, olga, pavel):
    feedback = opened(past, olga)
    [stranger] = past.invitations.draft([pavel], by=olga)

    with pytest.raises(ValidationError, match="No answers are taken"):
        answer(feedback, stranger, "4")

    assert Addressee.objects.filter(registration__person=pavel).count() == 0


# -- Assessments


@pytest.fixture
def before(past, olga) -> Questionnaire:
    """Two questions that can be right, and one that cannot."""
    before = begun(past, "BEFORE", olga)
    asked(before, "Seal", "CHOICES", ("+Customs", "+Police", "Carrier"))
    asked(before, "Photo", "YES_NO", right_word="NO")
    asked(before, "Knowledge")
    before.closes_on = timezone.localdate()
    before.save()
    before.open(by=olga)
    return before


@pytest.mark.parametrize(
    ("seal", "photo", "score"),
    [
        (("Customs", "Police"), "NO", 2),
        (("Customs",), "NO", 1),
        (("Customs", "Police", "Carrier"), "YES", 0),
        ((), "", 0),
    ],
)
def test_an_answer_is_right_with_all_that_is_right_and_nothing_else(before, guest, seal, photo, score):
    sheet = answer(before, guest, pick(before.items.first(), *seal), photo, "3")

    assert (sheet.score, sheet.out_of, sheet.percent) == (score, 2, 50 * score)


def test_a_test_is_taken_once(before, guest):
    answer(before, guest, (), "NO", "3")

    with pytest.raises(ValidationError, match="You have answered already"):
        answer(before, guest, (), "YES", "3")


def test_feedback_is_never_scored_and_an_assessment_never_anonymous(past, guest, olga):
    feedback = begun(past, "FEEDBACK", olga)
    asked(feedback, "Again", "YES_NO", right_word="YES")
    feedback.open(by=olga)

    assert answer(feedback, guest, "YES").out_of is None
    with pytest.raises(IntegrityError), transaction.atomic():
        Questionnaire.objects.create(event=past, kind="AFTER", title="x", is_anonymous=True)


def test_after_the_event_is_asked_what_was_asked_before_it(before, past, olga):
    after = begun(past, "AFTER", olga)
    assert Item.objects.add_those_before(after, by=olga) == 3
    assert Item.objects.add_those_before(after, by=olga) == 0

    pairs = [(str(item), item.same_as.questionnaire, item.right_word) for item in after.items.all()]
    assert pairs == [("Seal", before, ""), ("Photo", before, "NO"), ("Knowledge", before, "")]
    assert [(str(one), one.is_right) for one in after.items.first().options.all()] == [
        ("Customs", True),
        ("Police", True),
        ("Carrier", False),
    ]


def test_the_same_usual_questions_before_and_after_belong_together(past, olga):
    earlier, later = begun(past, "BEFORE", olga), begun(past, "AFTER", olga)
    for one in (earlier, later):
        Item.objects.add_usual(one, ["self"], by=olga)

    assert [item.same_as for item in later.items.all()] == list(earlier.items.all())


# -- Letters


def letters() -> list[tuple[str, str]]:
    found = Message.objects.filter(letter__in=["feedback_request", "assessment_request", "questionnaire_reminder"])
    return list(found.order_by("pk").values_list("letter", "language"))


def test_a_letter_goes_to_who_has_not_answered_and_another_to_who_still_has_not_an_hour_later(past, guest, olga):
    other = coming_late(past, olga)
    feedback = opened(past, olga)
    assert (feedback.ask(by=olga), feedback.ask(by=olga)) == (2, 0)
    answer(feedback, other, "4")

    later = timezone.now() + datetime.timedelta(minutes=61)
    assert (feedback.ask(by=olga, now=later), feedback.ask(by=olga, now=later)) == (1, 0)

    assert letters() == [("feedback_request", "ar"), ("feedback_request", "en"), ("questionnaire_reminder", "ar")]
    told = ModelLogEntry.objects.filter(action="events.questionnaire.ask").order_by("pk")
    assert [entry.data for entry in told] == [{"letters": 2}, {"letters": 1}]


def test_the_letter_leads_to_the_questionnaire_and_the_stored_one_nowhere(past, guest, olga):
    feedback = opened(past, olga)
    feedback.ask(by=olga)

    letter = Message.objects.get(letter="feedback_request")

    assert f"{guest.link}questionnaires/{feedback.pk}/" in letter.mail().body
    assert (guest.token in letter.text, "your-own-link.invalid/questionnaires/" in letter.text) == (False, True)


def test_many_letters_go_in_small_steps_and_none_twice(past, olga, monkeypatch):
    came(past_to_come(past), olga, 5)
    over(past)
    feedback = opened(past, olga)
    monkeypatch.setattr("events.models.questionnaire.AT_ONCE", 2)

    assert (feedback.ask(by=olga), len(letters())) == (6, 6)


def past_to_come(event):
    event.starts_on = event.ends_on = timezone.localdate() + datetime.timedelta(days=9)
    event.save()
    return event


def test_nobody_is_asked_while_it_is_not_open(before, past, olga):
    assert (before.ask(by=olga), letters()) == (1, [("assessment_request", "ar")])
    before.close(by=olga)

    with pytest.raises(ValidationError, match="It is not open"):
        before.ask(by=olga, now=timezone.now() + datetime.timedelta(days=1))


def test_an_organizer_of_a_desk_writes_to_their_own_people_alone(past, guest, olga, french_desk):
    coming_late(past, olga)
    feedback = opened(past, olga)
    french = staff("organizer", "frank@example.org")
    french.desks.add(french_desk)

    assert (feedback.ask(by=french), letters()) == (1, [("feedback_request", "ar")])


# -- What we hold, merged and erased


def test_a_sheet_with_a_name_is_in_what_we_hold_and_loses_the_person_with_them(past, guest, olga):
    feedback = opened(past, olga)
    answer(feedback, guest, "4", "I am the one from Lyon")
    held = {one.kind: one for one in dossier(guest.person)}
    told = sorted(fact.text for row in held["sheetanswer"].told for fact in row if fact.name == "value")
    assert (told, len(held["sheet"].rows), len(held["addressee"].rows)) == (["4", "I am the one from Lyon"], 1, 1)

    erase(guest.person, by=olga)

    sheet = Sheet.objects.get()
    assert (sheet.registration, sheet.at, sheet.group, words(sheet)) == (None, None, "", ["4 (Good)"])
    assert SheetAnswer.objects.count() == 1


def test_of_an_anonymous_one_we_hold_that_it_was_answered(past, guest, olga):
    feedback = opened(past, olga, is_anonymous=True)
    answer(feedback, guest, "4", "Nothing")

    held = {one.kind: one for one in dossier(guest.person)}

    assert ({"sheet", "sheetanswer"} & held.keys(), len(held["addressee"].rows)) == (set(), 1)
    erase(guest.person, by=olga)
    assert words(Sheet.objects.get()) == ["4 (Good)", "Nothing"]


def test_when_two_records_become_one_the_answers_come_along(past, guest, olga, noor):
    feedback = opened(past, olga)
    sheet = answer(feedback, guest, "4")
    kept = person("Dina", "Hadad")

    Merge.objects.join(kept, guest.person, by=noor)

    assert Sheet.objects.get(pk=sheet.pk).registration.person == kept
    assert [one.kind for one in dossier(kept) if one.kind == "sheet"] == ["sheet"]
