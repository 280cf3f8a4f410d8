"""The programme of an event goes out and comes back; what comes in is foreseen first."""

import os
import subprocess
from dataclasses import replace
from datetime import timedelta
from itertools import combinations
from pathlib import Path

import pytest
from defusedxml import ElementTree
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone
from django.utils.translation import override

from contacts.models import Person
from events.models import Appearance, Circle, Event, ProgrammeFile, Room, Session, Track
from events.models.exchange import drafted, published
from events.programme_formats import read_schedule, write_json, write_table, write_xml
from events.tasks import forget_programme_files
from network.sheets import Refusal, Tally
from tests.conftest import at

pytestmark = pytest.mark.django_db

WRITERS = {"xml": write_xml, "json": write_json, "xlsx": write_table}
KINDS = {
    "ROOM": lambda session: {session.room_id} - {None},
    "PERSON": lambda session: {one.person_id for one in session.appearances.all()},
}
CHECK = Path(__file__).resolve().parents[3] / "shared" / "checks" / "check_schedule.py"
BENCH = Path(os.environ.get("ICALBENCH") or Path.home() / ".cache" / "ical-bench") / "venv" / "bin" / "python"


@pytest.fixture
def full(forum, sessions, dina) -> Event:
    """The forum with all that makes a programme hard to take along: two people of one name, two rooms of one name, one
    person in two roles, titles in one language alone, marks that are not seen, past midnight, a session called off."""
    double = Person.objects.create(given_name="Dina", family_name="Haddad", honorific="Mme")
    opening, closed = sessions["opening"], sessions["closed"]
    for person, role in ((double, "SPEAKER"), (dina, "MODERATOR"), (double, "INTERPRETER")):
        Appearance.objects.create(session=closed, person=person, role=role)
    twin = Room.objects.create(venue=forum.venue, name={"en": "room a"}, position=2)
    Track.objects.create(event=forum, slug="second", name={"en": "PLENARY"})
    rows = [
        {"title": {"ar": "الجلسة\u200f الختامية"}, "language": "FR", "room": twin, "kind": "Clo\x07sing"},
        {"title": {"en": "<b>Bold</b> & “=1+1”", "fr": "Gras"}, "abstract": {"en": "One\n\n\n\n two <i>x</i>\x0c"}},
        {"title": {"fr": "Nuit"}, "starts_at": at(forum, 1, 1), "ends_at": at(forum, 1, 2), "track": opening.track},
        {"title": {"en": "Called off"}, "status": "CANCELLED"},
        {"title": {"es": "¿Quizás?"}, "status": "TENTATIVE", "audience": "PARTICIPANTS"},
    ]
    times = {"starts_at": at(forum, 0, 11), "ends_at": at(forum, 0, 12)}
    for row in rows:
        Session.objects.create(event=forum, **{**times, **row})
    return forum


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
@pytest.mark.parametrize("kind", WRITERS)
def test_taking_in_what_we_wrote_ourselves_changes_nothing(full, olga, tmp_path, kind, language):
    full.publish(by=olga)
    for number, written in enumerate((drafted(full, language), published(full, language))):
        path = tmp_path / f"{number}.{kind}"
        with override(language):
            path.write_bytes(WRITERS[kind](written))
        schedule = read_schedule(path, full.frame)

        foreseen = full.foresee(schedule)

        changed = [one for one in foreseen.differences if one.what != "GONE"]
        assert (changed, foreseen.tally.refused, foreseen.tally.created, foreseen.tally.changed) == ([], [], 0, 0)
        assert foreseen.tally.notes == [] or (kind, number) == ("xlsx", 1)  # where the restricted ones are missed


def test_a_file_is_looked_through_before_it_is_taken_in(full, olga):
    table = write_table(drafted(full, "en"))
    Session.objects.filter(title__contains="Opening").update(title={"en": "Old opening"}, audience="PARTICIPANTS")
    Session.objects.filter(title__contains="Nuit").delete()
    own = Session.objects.create(event=full, title={"en": "Own"}, starts_at=at(full, 0, 9), ends_at=at(full, 0, 10))

    waiting = ProgrammeFile.objects.receive(full, SimpleUploadedFile("plan.xlsx", table), by=olga)

    assert [str(one) for one in waiting.differences()] == [
        "Changed: Opening "
        f"({full.starts_on} 09:30): title: Old opening → Opening; audience: Participants with a seat → Everybody",
        f"New: Nuit ({full.starts_on + timedelta(days=1)} 01:00)",
        f"Not in the file: Own ({full.starts_on} 09:00)",
    ]
    assert full.sessions.filter(title__contains="Nuit").exists() is False
    tally = waiting.apply(drops=False, by=olga)
    assert (tally.created, tally.changed, tally.unchanged, tally.refused) == (1, 1, 5, [])
    own.refresh_from_db()
    assert (own.status, ProgrammeFile.objects.count(), Session.objects.get(title__contains="Opening").audience) == (
        *("CONFIRMED", 0),
        "PUBLIC",
    )


def test_what_the_file_does_not_hold_is_cancelled_only_where_one_says_so(full, sessions, olga):
    """What stands in it and cannot be read is not missing."""
    draft = drafted(full, "en")
    untitled = replace(draft.sessions[0], title="", wordings=())
    table = write_table(replace(draft, sessions=(untitled, *draft.sessions[1:])))
    own = Session.objects.create(event=full, title={"en": "Own"}, starts_at=at(full, 0, 9), ends_at=at(full, 0, 10))

    waiting = ProgrammeFile.objects.receive(full, SimpleUploadedFile("plan.xlsx", table), by=olga)
    waiting.apply(drops=True, by=olga)

    own.refresh_from_db()
    assert [one["row"] for one in waiting.foreseen["tally"]["refused"]] == [2]
    assert (own.status, full.sessions.filter(status="CANCELLED").count()) == ("CANCELLED", 2)


def test_what_has_changed_since_is_not_written_over(full, sessions, olga):
    table = write_table(drafted(full, "en"))
    Session.objects.filter(pk=sessions["opening"].pk).update(kind="Panel")
    waiting = ProgrammeFile.objects.receive(full, SimpleUploadedFile("plan.xlsx", table), by=olga)
    assert waiting.differences() == []
    Session.objects.filter(pk=sessions["opening"].pk).update(title={"en": "Grand opening"})

    with pytest.raises(ValidationError, match="has changed since this was compared"):
        waiting.apply(drops=False, by=olga)

    assert str(Session.objects.get(pk=sessions["opening"].pk)) == "Grand opening"
    waiting.look_again()
    waiting.apply(drops=False, by=olga)
    assert str(Session.objects.get(pk=sessions["opening"].pk)) == "Opening"


def test_one_file_waits_for_an_event_and_not_for_ever(full, olga, django_capture_on_commit_callbacks):
    table = write_table(drafted(full, "en"))
    first = ProgrammeFile.objects.receive(full, SimpleUploadedFile("one.xlsx", table), by=olga)
    with django_capture_on_commit_callbacks(execute=True):
        second = ProgrammeFile.objects.receive(full, SimpleUploadedFile("two.xlsx", table), by=olga)
    assert (first.file.storage.exists(first.file.name), str(ProgrammeFile.objects.get())) == (False, "two.xlsx")

    ProgrammeFile.objects.update(received_at=timezone.now() - timedelta(days=15))
    with django_capture_on_commit_callbacks(execute=True):
        forgotten = forget_programme_files.call()

    assert (forgotten, ProgrammeFile.objects.count(), second.file.storage.exists(second.file.name)) == (1, 0, False)


def test_a_row_that_cannot_be_taken_is_refused_by_its_number(forum, sheet):
    day = f"{forum.starts_on}"
    path = sheet(
        "Session ID;Day;Starts;Ends;Title;Room;Speakers;Audience;Remarks\n"
        f"1;{day};9:30;10:30;Opening;Hall;Amina Benali;;\n"
        f"2;{day};23:30;0:30;Night;Hall;Amina Benali;Everybody;\n"
        f"1;{day};11:00;12:00;Twice;;;;\n"
        f";{day};11:00;12:00;;;;;\n"
        f"4;;11:00;12:00;No day;;;;\n"
        f"5;{day};12:00;{day} 11:00;Backwards;;;;\n"
        f"6;{day};12:00;13:00;Secret;;;Ministers;x\n"
    )

    tally = forum.take_schedule(read_schedule(path, forum.frame))

    assert (tally.created, [str(one) for one in forum.sessions.all()]) == (2, ["Opening", "Night"])
    assert forum.sessions.get(title__contains="Night").ends_at == at(forum, 1, 0, 30)
    assert tally.refused == [
        Refusal(4, "It is the same session as in row 2."),
        Refusal(5, "It has no title."),
        Refusal(6, "It does not say on which day it is."),
        Refusal(7, "A session cannot end before it starts."),
        Refusal(
            0,
            "“MINISTERS” is none of these: Everybody, Participants with a seat, Trainers of the event, A circle of "
            "participants.",
            "row 8",
        ),
    ]
    assert tally.notes == [Refusal(0, "Columns that were not read: Remarks.", "the programme")]
    again = forum.take_schedule(read_schedule(path, forum.frame))
    assert (again.created, again.changed, again.unchanged) == (0, 0, 2)


def test_a_file_neither_opens_a_circle_by_silence_nor_chooses_one(full, sessions, olga, tmp_path):
    heads = Circle.objects.create(event=full, name={"en": "Heads"}, roles=["HEAD"])
    Session.objects.filter(pk=sessions["closed"].pk).update(audience="CIRCLE", circle=heads)
    path = tmp_path / "plan.xlsx"
    path.write_bytes(write_table(drafted(full, "en")))
    schedule = read_schedule(path, full.frame)
    assert full.foresee(schedule).differences == []

    others = replace(schedule, sessions=[replace(one, audience="CIRCLE") for one in schedule.sessions])
    refused = full.take_schedule(others, by=olga).refused
    sentence = "Which circle may see it is chosen in the form of the session; a file cannot say it."
    assert [one.reason for one in refused] == [sentence] * (len(schedule.sessions) - 1)
    full.take_schedule(replace(schedule, sessions=[replace(one, audience="") for one in schedule.sessions]), by=olga)
    assert Session.objects.get(pk=sessions["closed"].pk).circle == heads
    public = replace(schedule, sessions=[replace(one, audience="PUBLIC") for one in schedule.sessions])
    full.take_schedule(public, by=olga)
    assert Session.objects.get(pk=sessions["closed"].pk).readers == "Everybody"


def test_what_waits_beside_the_board_is_in_no_file_and_no_file_cancels_it(full, sessions, olga, tmp_path):
    Session.objects.filter(pk=sessions["closed"].pk).update(is_unscheduled=True)
    path = tmp_path / "plan.xlsx"
    path.write_bytes(write_table(drafted(full, "en")))
    schedule = read_schedule(path, full.frame)
    assert sessions["closed"].guid not in {one.guid for one in schedule.sessions}

    full.take_schedule(schedule, by=olga, drops=True)

    assert Session.objects.get(pk=sessions["closed"].pk).status != "CANCELLED"


def test_who_is_named_in_no_file_is_not_missed_in_it(full, sessions, tmp_path):
    sessions["closed"].is_chatham_house = True
    sessions["closed"].save()
    path = tmp_path / "plan.xlsx"
    path.write_bytes(write_table(drafted(full, "en")))
    schedule = read_schedule(path, full.frame)
    assert [one.persons for one in schedule.sessions if one.guid == sessions["closed"].guid] == [()]

    foreseen = full.foresee(schedule)

    assert (foreseen.differences, foreseen.tally.notes) == ([], [])


def test_a_file_that_gives_hours_to_what_waits_beside_the_board_says_that_it_waits_on(full, sessions, olga, tmp_path):
    path = tmp_path / "plan.xlsx"
    path.write_bytes(write_table(drafted(full, "en")))
    schedule = read_schedule(path, full.frame)
    Session.objects.filter(pk=sessions["closed"].pk).update(is_unscheduled=True)

    foreseen = full.foresee(schedule)

    told = [one.reason for one in foreseen.tally.notes if "beside the board" in one.reason]
    assert told == ["It waits beside the board still, and is not published: put it on the board."]
    full.take_schedule(schedule, by=olga)
    assert Session.objects.get(pk=sessions["closed"].pk).is_unscheduled is True


def test_a_submission_of_pretalx_becomes_a_session_for_each_of_its_times(forum, sheet):
    day = f"{forum.starts_on}"
    path = sheet(
        f"""{{"count": 3, "results": [
        {{"code": "ABC", "title": "Talk", "state": "confirmed", "submission_type": {{"en": "Panel"}}, "duration": 45,
          "track": {{"name": {{"en": "Ports"}}}}, "content_locale": "fr", "abstract": "<p>One</p>",
          "speakers": [{{"code": "X", "name": "Amina Benali"}}],
          "slots": [{{"start": "{day}T12:00:00+02:00", "end": "{day}T13:00:00+02:00",
                      "room": {{"name": {{"en": "Hall"}}}}}},
                    {{"start": "{day}T15:00:00+02:00", "room": null}}]}},
        {{"code": "DEF", "title": "Later", "state": "accepted", "slot": null}},
        {{"code": "GHI", "title": "Never", "state": "rejected"}}]}}""",
        "submissions.json",
    )

    tally = forum.take_schedule(read_schedule(path, forum.frame))

    first, second = forum.sessions.all()
    assert (first.reference, second.reference) == ("forum:ABC", "forum:ABC-2")
    assert (first.title, first.abstract, first.kind, str(first.track)) == (
        {"fr": "Talk"},
        {"fr": "One"},
        "Panel",
        "Ports",
    )
    assert (second.ends_at - second.starts_at, second.room) == (timedelta(minutes=45), None)
    assert [str(one.person) for one in Appearance.objects.all()] == ["Amina Benali"] * 2
    assert tally.refused == [Refusal(0, "It does not say when it starts.", "session DEF")]
    assert [note.reason for note in tally.notes] == [
        "Left out, because they are not confirmed: rejected (1).",
        "Sessions without a usable guid; theirs were made from their numbers: ABC, ABC-2, DEF.",
    ]


def test_the_commands_compare_and_write(full, tmp_path, capsys):
    path = tmp_path / "plan.xlsx"

    call_command("export_programme", "forum", str(path), "--draft")
    Session.objects.filter(title__contains="Opening").update(title={"en": "Old", "fr": "Ouverture"})
    call_command("import_programme", "forum", str(path), "--compare")

    assert capsys.readouterr().out.splitlines() == [
        "plan.xlsx: 7 sessions written",
        "plan.xlsx: 7 sessions read",
        "plan.xlsx: 0 created, 1 changed, 6 unchanged, 0 refused.",
        f"Changed: Opening ({full.starts_on} 09:30): title: Old → Opening",
    ]
    assert [str(one) for one in full.sessions.all()].count("Old") == 1


@pytest.mark.real_data
@pytest.mark.slow
def test_fosdem_goes_out_valid_and_comes_back_the_same(real_data, tmp_path):
    path = real_data / "programmes" / "fosdem" / "fosdem_2025_schedule.xml"
    event, _tally = Event.objects.begin("fosdem-2025", read_schedule(path))
    first = event.sessions.order_by("starts_at").first()
    assert (f"{first.local_start:%Y-%m-%d %H:%M %Z}", event.sessions.count()) == ("2025-02-01 09:30 CET", 1105)

    assert clashes(event) == {"ROOM": set(), "PERSON": set()}  # the programme has none
    Session.objects.filter(pk=first.pk).update(ends_at=first.ends_at + timedelta(hours=3))
    found = clashes(event)
    assert (found, len(found["ROOM"]) > 1) == ({kind: overlapping(event, key) for kind, key in KINDS.items()}, True)
    first.save(update_fields=["ends_at"])

    written = drafted(event, "en")
    files = [tmp_path / f"schedule.{kind}" for kind in WRITERS]
    for file, write in zip(files, WRITERS.values(), strict=True):
        file.write_bytes(write(written))

    again = [event.foresee(read_schedule(file, event.frame)) for file in files]
    assert [(one.tally, one.differences) for one in again] == [(Tally(unchanged=1105), [])] * 3
    if BENCH.exists():
        checked = subprocess.run([BENCH, CHECK, *files[:2]], capture_output=True, text=True, check=False)
        assert (checked.returncode, checked.stdout.count("1105 events")) == (0, 2), checked.stdout


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("file", "sessions", "zone"),
    [
        ("frab-camp2019.json", 79, "Europe/Berlin"),
        ("hub-schedule2.json", 2, "Europe/Berlin"),
        ("pretalx-democon.json", 36, "UTC"),
        ("pretalx-rc3.json", 48, "Europe/Paris"),
    ],
)
def test_programmes_in_json_of_others_are_read(real_data, forum, file, sessions, zone):
    found = read_schedule(real_data / "programmes" / "c3voc-json" / file, forum.frame)

    assert (len(found.sessions), found.refused, found.timezone) == (sessions, (), zone)


@pytest.mark.real_data
@pytest.mark.parametrize("year", [2024, 2025])
def test_the_clocks_of_fosdem_are_those_of_its_file(real_data, year):
    """Read by two readers: ours, and one of three lines."""
    path = real_data / "programmes" / "fosdem" / f"fosdem_{year}_schedule.xml"
    days = ElementTree.parse(path).iter("day")
    theirs = {e.get("guid"): (day.get("date"), e.findtext("start")) for day in days for e in day.iter("event")}

    ours = {str(one.guid): (f"{one.day}", f"{one.starts_at:%H:%M}") for one in read_schedule(path).sessions}

    assert (len(ours), ours) == ({2024: 874, 2025: 1105}[year], theirs)


def clashes(event: Event) -> dict[str, set[frozenset]]:
    """Two and two, as the desk lists them."""
    found: dict[str, set[frozenset]] = {kind: set() for kind in KINDS}
    for one in event.conflicts():
        found[one.kind].add(frozenset((one.session.pk, one.other.pk)))
    return found


def overlapping(event: Event, key) -> set[frozenset]:
    """Two and two of the sessions that share a `key` and a moment, found the long way."""
    sessions = list(event.sessions.prefetch_related("appearances"))
    found = set()
    for one, other in combinations(sessions, 2):
        if one.starts_at < other.ends_at and other.starts_at < one.ends_at and key(one) & key(other):
            found.add(frozenset((one.pk, other.pk)))
    return found
