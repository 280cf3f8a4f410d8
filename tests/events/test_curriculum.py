"""A curriculum, its modules laid out over the days of a training, and the training run again elsewhere."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from contacts.models import Affiliation, Merge
from contacts.models.dossier import dossier
from contacts.models.erasure import erase
from events.models import (
    Allotment,
    Appearance,
    Curriculum,
    Document,
    Event,
    Item,
    ItemOption,
    LetterText,
    Module,
    Option,
    Question,
    Questionnaire,
    Reminder,
    Session,
    Trainer,
)
from events.models.curriculum import kinds_of
from tests.conftest import at, person
from tests.events.papers import PDF, upload


def hours(event: Event) -> list[str]:
    rows = event.sessions.exclude(module=None).order_by("starts_at")
    return [f"{one.module}: {one.local_start:%d} {one.local_start:%H:%M}-{one.ends_at - one.starts_at}" for one in rows]


def days(event: Event) -> tuple[str, str]:
    return f"{event.starts_on:%d}", f"{event.ends_on:%d}"


# -- Laying the modules out -------------------------------------------------------------------------------------------


def test_modules_are_laid_out_in_their_order_with_breaks_and_lunch(training, olga):
    count = training.lay_out(by=olga)

    first, second = days(training)
    assert (count, hours(training)) == (
        3,
        [
            f"Risk: {first} 09:00-1:30:00",
            f"Search: {first} 13:30-2:00:00",  # after the first, half past ten is too late before lunch
            f"Exercise: {second} 09:00-3:30:00",
        ],
    )
    assert training.programme is None


def test_a_lesson_begins_after_a_break_where_it_fits_before_lunch(training, curriculum, olga):
    curriculum.modules.filter(minutes=120).update(minutes=60)

    training.lay_out(by=olga)

    first, _second = days(training)
    assert hours(training)[1:] == [f"Search: {first} 10:45-1:00:00", f"Exercise: {first} 13:30-3:30:00"]


def test_what_stands_in_the_programme_already_is_left_where_it_is(training, olga):
    times = {"starts_at": at(training, 0, 9), "ends_at": at(training, 0, 9, 45)}
    Session.objects.create(event=training, title="Opening", **times)
    dropped = {"starts_at": at(training, 1, 9), "ends_at": at(training, 1, 12)}
    Session.objects.create(event=training, title="Dropped", status="CANCELLED", **dropped)

    training.lay_out(by=olga)

    assert hours(training)[0] == f"Risk: {days(training)[0]} 09:45-1:30:00"
    assert hours(training)[2] == f"Exercise: {days(training)[1]} 09:00-3:30:00"


def test_only_modules_without_a_session_are_laid_out(training, curriculum, olga):
    exercise = curriculum.modules.get(minutes=210)
    times = {"starts_at": at(training, 0, 9), "ends_at": at(training, 0, 12)}
    training.sessions.create(title="Practice", module=exercise, **times)

    assert training.lay_out(by=olga) == 2
    with pytest.raises(ValidationError, match="nothing to lay out"):
        training.lay_out(by=olga)


def test_what_does_not_fit_is_refused_and_nothing_is_written(training, curriculum, olga):
    for position in range(3):
        Module.objects.create(curriculum=curriculum, title=f"More {position}", minutes=210, position=9)

    with pytest.raises(ValidationError, match="Only 4 of 6 modules fit into its days"):
        training.lay_out(by=olga)

    assert training.sessions.count() == 0


def test_the_objectives_are_the_abstract_of_the_session(training, olga):
    training.lay_out(by=olga)

    session = training.sessions.first()
    assert (session.kind, session.abstract) == ("Module", {"en": "Knows Risk.\n\nShows Risk."})


def test_a_lesson_has_the_session_of_its_module_and_who_teaches_in_it(
    training, dina, pavel, olga, django_assert_num_queries
):
    training.lay_out(by=olga)
    risk, search, _exercise = training.sessions.order_by("starts_at")
    Appearance.objects.create(session=risk, person=dina, role="TRAINER")
    Appearance.objects.create(session=risk, person=pavel, role="MODERATOR")
    search.status = "CANCELLED"
    search.save()

    with django_assert_num_queries(6):
        lessons = Event.objects.get(pk=training.pk).lessons()

    told = [(str(one.module), one.session and str(one.session), one.trainers) for one in lessons]
    assert told == [
        ("Risk", "Risk", [dina]),
        ("Search", None, []),
        ("Exercise", "Exercise", []),
    ]


def test_an_event_without_a_curriculum_has_no_lessons(forum):
    assert forum.lessons() == []


def test_a_curriculum_that_was_taught_is_kept(training, curriculum):
    with pytest.raises(Exception, match="protected"):
        curriculum.delete()


def test_a_curriculum_says_for_whom_it_is_and_where_they_work(curriculum):
    everybody = Curriculum.objects.create(title="All")

    assert (curriculum.professions, curriculum.minutes) == ("Prosecutors, Customs officers", 420)
    assert kinds_of(curriculum.audience) == ["LAW_ENFORCEMENT", "CRIMINAL_JUSTICE"]
    assert len(kinds_of(everybody.audience)) == 7
    assert list(Curriculum.objects.meant_for("CUSTOMS")) == [curriculum, everybody]
    assert list(Curriculum.objects.meant_for("JUDGES")) == [everybody]


# -- Who teaches it ---------------------------------------------------------------------------------------------------


def test_when_two_records_become_one_they_teach_it_once(curriculum, dina, olga):
    double = person("Dinah", "Haddad")
    for one in (dina, double):
        Trainer.objects.create(curriculum=curriculum, person=one)
    other = Curriculum.objects.create(title="Other")
    Trainer.objects.create(curriculum=other, person=double)

    merge = Merge.objects.join(dina, double, by=olga)

    assert {one.curriculum: one.person for one in Trainer.objects.filter(person=dina)} == {
        curriculum: dina,
        other: dina,
    }
    merge.undo(by=olga)
    assert sorted(str(one) for one in Trainer.objects.filter(person=double)) == [
        "Dinah Haddad: Containers",
        "Dinah Haddad: Other",
    ]


def test_what_we_hold_says_that_somebody_teaches_and_an_erased_person_teaches_no_more(curriculum, dina, olga):
    Trainer.objects.create(curriculum=curriculum, person=dina, teaches="Risk")
    [held] = [one for one in dossier(dina) if one.kind == "trainer"]
    assert [fact.value for fact in held.rows[0] if fact.name == "teaches"] == ["Risk"]

    erase(dina, by=olga)

    assert curriculum.trainers.count() == 0


# -- Running it again elsewhere ---------------------------------------------------------------------------------------


@pytest.fixture
def full(training, sessions, olga, pavel) -> Event:
    """The training with everything that a second run should have, and some of what it should not."""
    training.lay_out(by=olga)
    sessions["closed"].status = "CANCELLED"
    sessions["closed"].save()
    training.seats.resize(20, by=olga)
    LetterText.objects.create(event=training, language="en", subject="Come", body="Please.", signatory="Olga")
    Allotment.objects.give(training, "LAW_ENFORCEMENT", "HEAD", "", 1, by=olga)
    Reminder.objects.create(event=training, days=14)
    diet = Question.objects.create(event=training, label="Diet", kind="CHOICE")
    none = Option.objects.create(question=diet, label="None")
    none.quota.resize(5, by=olga)
    Option.objects.create(question=diet, label="Other", position=1)
    Question.objects.create(event=training, label="Which", only_if=diet, wanted_option=diet.options.last())
    slides = Document(event=training, title="Slides")
    Document.objects.add(slides, upload("slides.pdf"), by=olga)
    [invitation] = training.invitations.draft([pavel], by=olga)
    invitation.send(by=olga)
    invitation.answer("ACCEPTED")
    return Event.objects.get(pk=training.pk)


def again(event: Event, olga, **more) -> Event:
    starts_on = event.starts_on + datetime.timedelta(days=200)
    return event.run_again("again", "Containers in Dakar", starts_on, by=olga, **more)


def test_a_second_run_is_a_draft_on_the_same_pattern_with_nobody_in_it(full, curriculum, olga):
    second = again(full, olga, timezone="Africa/Dakar")

    assert (second.status, str(second.title), second.venue, second.curriculum) == (
        "DRAFT",
        "Containers in Dakar",
        None,
        curriculum,
    )
    assert (second.ends_on - second.starts_on, second.certificate_share) == (datetime.timedelta(days=1), 80)
    assert (second.answer_by - full.answer_by).days == 200
    assert [(one.place, one.role, one.size, one.used) for one in second.quotas.of_event()] == [
        ("ROOM", "", 20, 0),
        ("ONLINE", "", None, 0),
        ("PLENARY", "", None, 0),
    ]
    assert (second.invitations.count(), second.registrations.count()) == (0, 0)
    assert [(one.role, one.size) for one in second.allotments.all()] == [("HEAD", 1)]
    assert [one.days for one in second.reminders.all()] == [14]
    assert [one.subject for one in second.letter_texts.all()] == ["Come"]
    assert full.letter_texts.count() == 1


def test_its_sessions_are_at_the_same_hours_of_its_own_clock_without_people_and_rooms(full, olga):
    second = again(full, olga, timezone="Africa/Dakar")

    found = {str(one): (f"{one.local_start:%H:%M}", one.room, one.appearances.count()) for one in second.sessions.all()}
    assert found == {
        "Opening": ("09:30", None, 0),
        "Risk": (found["Risk"][0], None, 0),
        "Search": (found["Search"][0], None, 0),
        "Exercise": ("09:00", None, 0),
    }
    assert [lesson.session.event for lesson in second.lessons()] == [second] * 3
    assert [str(track) for track in second.tracks.all()] == ["Plenary"]
    assert second.sessions.filter(track__event=full).count() == 0


def test_at_the_same_venue_the_rooms_stay_and_so_do_the_people_where_asked_for(full, olga, dina):
    second = again(full, olga, venue=full.venue, with_people=True)

    opening = second.sessions.get(reference="", kind="", title__icontains="Opening")
    assert str(opening.room) == "Room A"
    assert [one.person for one in opening.appearances.all()] == [dina]
    assert Appearance.objects.filter(session__event=full).count() == 1


def test_the_registration_form_depends_on_its_own_answers(full, olga):
    second = again(full, olga)

    diet, which = second.questions.all()
    assert (which.only_if, which.wanted_option.question, str(which.wanted_option)) == (diet, diet, "Other")
    assert [(str(one), one.quota.size, one.quota.event) for one in diet.options.all()] == [
        ("None", 5, second),
        ("Other", None, second),
    ]


def test_documents_are_copied_with_files_of_their_own(full, olga, django_capture_on_commit_callbacks):
    second = again(full, olga)
    [old], [new] = full.documents.all(), second.documents.all()

    with django_capture_on_commit_callbacks(execute=True):
        old.drop(by=olga)

    assert (new.own.content(), new.own.name, str(new)) == (PDF, "slides.pdf", "Slides")


def test_a_deadline_that_would_be_over_is_left_out(full, olga):
    second = full.run_again("soon", "Soon", full.starts_on - datetime.timedelta(days=90), by=olga)

    assert second.answer_by is None


def test_a_short_name_that_is_taken_is_refused_and_nothing_is_written(full, olga):
    with pytest.raises(ValidationError, match="already exists"):
        full.run_again(full.slug, "Again", full.starts_on, by=olga)

    assert Event.objects.count() == 1


def test_an_erased_person_does_not_appear_again(full, olga, dina):
    Affiliation.objects.filter(person=dina).delete()
    erase(dina, by=olga)

    assert again(full, olga, with_people=True).sessions.exclude(appearances=None).count() == 0


def test_what_is_asked_before_and_after_is_asked_again_and_nobody_has_answered(full, olga):
    before, after = (Questionnaire.objects.begin(full, kind, by=olga) for kind in ("BEFORE", "AFTER"))
    item = Item.objects.create(questionnaire=before, label={"en": "What is a free zone?"}, kind="CHOICE")
    ItemOption.objects.create(item=item, label={"en": "A port"}, is_right=True)
    Item.objects.add_those_before(after, by=olga)
    before.open(by=olga)

    second = again(full, olga)

    first, last = second.questionnaires.order_by("pk")
    assert [(one.kind, one.opened_at) for one in (first, last)] == [("BEFORE", None), ("AFTER", None)]
    assert (str(first.items.get()), first.items.get().options.get().is_right) == ("What is a free zone?", True)
    assert last.items.get().same_as == first.items.get()
    assert full.questionnaires.count() == 2
