"""Anonymous feedback: nothing that is kept joins what somebody said to who they are."""

import datetime
import json

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.utils import timezone
from wagtail.models import ModelLogEntry

from contacts.models import Affiliation, Message
from events.models import Addressee, Event, Questionnaire, Sheet, SheetAnswer
from events.models.results import by_group, groups, items_of, shown_sheets, tallies, why_hidden
from events.models.sheet import drawn_key
from network.models import Organization
from tests.conftest import person, several_connections, staff
from tests.events.test_details import coming
from tests.events.test_questionnaire import answer, came, opened, over, words

pytestmark = pytest.mark.django_db
SAID = "The quiet words of one of them"


@pytest.fixture
def feedback(forum, olga):
    """Eight people had a seat."""
    came(forum, olga, 8)
    over(forum)
    return opened(forum, olga, is_anonymous=True)


def guests(feedback) -> list:
    return list(feedback.event.invitations.order_by("pk"))


def rows() -> dict[str, dict]:
    """Every row of the database, as the text of its columns."""
    found = {}
    for model in apps.get_models():
        if model._meta.managed:
            for row in model._base_manager.values():
                found[f"{model._meta.label}:{row[model._meta.pk.attname]}"] = row
    return found


def difference(before: dict, after: dict) -> dict[str, dict]:
    """What is new or reads otherwise, by the names of its columns."""
    return {
        key: {name: value for name, value in row.items() if before.get(key, {}).get(name, ...) != value}
        for key, row in after.items()
        if before.get(key) != row
    }


def test_all_that_an_answer_writes_is_a_mark_and_a_sheet_that_is_nobodys(feedback):
    guest = guests(feedback)[3]
    before = rows()

    sheet = answer(feedback, guest, "2", SAID)

    written = difference(before, rows())
    mark = Addressee.objects.get(registration__person=guest.person)
    keys = {f"events.Sheet:{sheet.pk}", *(f"events.SheetAnswer:{one.pk}" for one in sheet.answers.all())}
    assert written.keys() == {f"events.Addressee:{mark.pk}", *keys}
    assert written[f"events.Addressee:{mark.pk}"] == {"has_answered": True}
    nothing = {"registration_id": None, "at": None, "group": "", "score": None, "out_of": None}
    assert {name: written[f"events.Sheet:{sheet.pk}"][name] for name in nothing} == nothing


def test_no_row_but_the_sheets_own_knows_its_key_or_its_words(feedback):
    sheet = answer(feedback, guests(feedback)[0], "2", SAID)

    own = ("events.Sheet:", "events.SheetAnswer:")
    elsewhere = {key: row for key, row in rows().items() if not key.startswith(own)}
    told = {key: json.dumps(list(row.values()), default=str) for key, row in elsewhere.items()}

    assert [key for key, row in told.items() if str(sheet.pk) in row or SAID in row] == []
    assert len(told) > 50


def test_neither_the_sheet_nor_the_mark_can_keep_a_time_of_answering():
    times = {
        f"{model._meta.model_name}.{field.name}"
        for model in (Addressee, Sheet, SheetAnswer)
        for field in model._meta.get_fields()
        if isinstance(field, models.DateField | models.TimeField)
    }

    assert times == {"addressee.asked_at", "sheet.at"}  # the letter; and of a sheet with a name, by a constraint
    assert [one.name for one in Sheet._meta.constraints] == ["sheet_once", "sheet_of_nobody_has_no_time"]


def test_the_order_of_the_keys_does_not_tell_who_came_when(feedback):
    marks = list(Addressee.objects.values_list("pk", flat=True))
    keys = [answer(feedback, guest, "3", "x").pk for guest in guests(feedback)]
    parts = [one.pk for key in keys for one in Sheet.objects.get(pk=key).answers.all()]

    assert list(Addressee.objects.values_list("pk", flat=True)) == marks
    assert (min(keys) > 1000, min(parts) > 1000) == (True, True)  # far from what counts from 1
    assert {model._meta.pk.default for model in (Sheet, SheetAnswer)} == {drawn_key}


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL")
@several_connections
def test_not_even_the_number_of_the_transaction_says_whose_mark_has_changed(feedback):
    for guest in guests(feedback)[:3]:
        answer(feedback, guest, "3", "x")

    with connection.cursor() as cursor:
        cursor.execute("SELECT xmin::text, count(*) FROM events_addressee GROUP BY 1")
        numbers = cursor.fetchall()

    assert [count for _number, count in numbers] == [8]


def test_nothing_is_in_the_history_and_no_letter_says_that_somebody_has_answered(feedback):
    entries, letters = ModelLogEntry.objects.count(), Message.objects.count()

    answer(feedback, guests(feedback)[0], "3", "x")

    assert (ModelLogEntry.objects.count(), Message.objects.count()) == (entries, letters)


def test_one_person_answers_once(feedback):
    guest = guests(feedback)[0]
    answer(feedback, guest, "3", "x")

    with pytest.raises(ValidationError, match="You have answered already"):
        answer(feedback, guest, "5", "y")

    assert [words(sheet) for sheet in Sheet.objects.all()] == [["3 (Fair)", "x"]]


# -- The results


def handed_in(feedback, count: int, *, close: bool = True) -> None:
    for number, guest in enumerate(guests(feedback)[:count]):
        answer(feedback, guest, str(1 + number % 5), SAID if number == 0 else "")
    if close:
        feedback.close(by=None)


@pytest.mark.parametrize(
    ("count", "close", "sentence"),
    [(8, False, "are shown once it is closed"), (4, True, "Fewer than 5 people"), (5, True, "")],
)
def test_the_results_are_shown_once_it_is_closed_and_from_five_sheets_on(feedback, olga, count, close, sentence):
    handed_in(feedback, count, close=close)

    told = why_hidden(feedback)

    assert (sentence in told, bool(told)) == (True, bool(sentence))
    assert len(shown_sheets(feedback, olga)) == (0 if sentence else count)


def test_what_has_been_shown_is_not_opened_again_and_what_has_not_may_be(feedback, olga):
    handed_in(feedback, 4)
    feedback.open(by=olga)
    answer(feedback, guests(feedback)[5], "5", "")
    feedback.close(by=olga)

    with pytest.raises(ValidationError, match="would be found out by comparing"):
        feedback.open(by=olga)


def test_the_whole_is_counted(feedback, olga):
    handed_in(feedback, 6)

    rating, missing = tallies(items_of(feedback), shown_sheets(feedback, olga))

    assert [(bar.label, bar.count, bar.percent) for bar in rating.bars] == [
        ("5 Very good", 1, 17),
        ("4 Good", 1, 17),
        ("3 Fair", 1, 17),
        ("2 Poor", 1, 17),
        ("1 Very poor", 2, 33),
    ]
    assert (rating.mean, rating.mean_percent, missing.words) == (2.7, 43, [SAID])


def test_a_desk_reads_what_is_nobodys(feedback, french_desk):
    handed_in(feedback, 5)
    french = staff("organizer", "frank@example.org")
    french.desks.add(french_desk)

    assert len(shown_sheets(feedback, french)) == 5


# -- Kinds of organization


def convene(forum, olga, **kinds: int) -> list:
    """So many people of each kind of organization have a seat."""
    found = []
    for kind, count in kinds.items():
        body = Organization.objects.create(kind=kind, name=kind.title())
        for number in range(count):
            who = person(f"P{number}", kind.title())
            Affiliation.objects.create(person=who, organization=body, position="Officer")
            found.append(coming(forum, who, olga))
    over(forum)
    return found


def test_a_kind_of_which_fewer_than_five_are_asked_does_not_stand_on_the_sheet(forum, olga):
    invited = convene(forum, olga, NGO=5, INDUSTRY=4)
    feedback = opened(forum, olga, is_anonymous=True)

    sheets = [answer(feedback, one, "3") for one in invited]

    assert [sheet.group for sheet in sheets] == ["NGO"] * 5 + [""] * 4


def test_a_kind_is_shown_only_where_the_rest_cannot_be_worked_out(forum, olga):
    invited = convene(forum, olga, NGO=6, INDUSTRY=5, ACADEMIA=1)
    feedback = opened(forum, olga)
    for one in invited:
        answer(feedback, one, "5" if one.person.family_name == "Ngo" else "2")

    def shown(sheets):
        return [(name, len(rows)) for name, rows in groups(sheets)]

    sheets = shown_sheets(feedback, olga)
    without = [sheet for sheet in sheets if sheet.group != "ACADEMIA"]
    assert shown(without) == [("Non-governmental organization", 6), ("Industry", 5)]
    assert shown(sheets) == [("Non-governmental organization", 6)]  # else the one of academia stands alone
    names, means = by_group(items_of(feedback), without)
    assert (names, means[0][1]) == ([("Non-governmental organization", 6), ("Industry", 5)], [5.0, 2.0])
    assert by_group(items_of(feedback), sheets[:4]) == ([], [])


def test_it_is_over_by_itself_after_its_last_day(feedback, olga):
    handed_in(feedback, 5, close=False)
    feedback.closes_on = timezone.localdate() - datetime.timedelta(days=1)
    feedback.save()

    assert why_hidden(feedback) == ""


def test_what_ran_out_and_was_shown_does_not_open_again_when_the_event_moves(feedback, olga):
    today = timezone.localdate()
    for guest in guests(feedback)[:6]:
        answer(feedback, guest, "2", SAID)
    Questionnaire.objects.filter(pk=feedback.pk).update(closes_on=today - datetime.timedelta(days=1))
    event = Event.objects.get(pk=feedback.event_id)

    event.reschedule(today - datetime.timedelta(days=1), today + datetime.timedelta(days=60), by=olga)
    Questionnaire.objects.filter(pk=feedback.pk).update(closes_on=None)

    again = Questionnaire.objects.get(pk=feedback.pk)
    assert (again.takes_sheets(), again.closed_at is not None) == (False, True)
