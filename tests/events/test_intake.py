"""Programmes from files become the sessions of an event."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import ModelLogEntry

from contacts.models import Person
from events.models import Appearance, Event, Room, Session, Track, Venue
from events.programme_formats import read_schedule
from network.sheets import Refusal, Tally
from tests.conftest import at

pytestmark = pytest.mark.django_db

ONE, TWO, THREE = (UUID(int=number) for number in (1, 2, 3))
HEAD = """<conference>
  <acronym>forum-2026</acronym><title>Forum</title><venue>Palais</venue><city>Lyon</city>
  <start>2026-03-03</start><end>2026-03-04</end><day_change>06:00:00</day_change>
  <base_url>https://forum.example/</base_url><time_zone_name>Europe/Paris</time_zone_name>
</conference>"""


def session(guid=ONE, title="Opening", date="2026-03-03T09:30:00+01:00", room="Hall", more="", **texts):
    parts = "".join(f"<{tag}>{text}</{tag}>" for tag, text in {"title": title, "room": room, **texts}.items())
    return f'<event id="{guid.int}" guid="{guid}"><date>{date}</date><duration>01:00</duration>{parts}{more}</event>'


def persons(*people):
    """Of `number name`, or of a name alone."""
    return f"<persons>{''.join(map(_person, people))}</persons>"


def _person(text):
    number, _space, name = text.partition(" ") if text[0].isdigit() else ("", "", text)
    return f'<person id="{number}">{name}</person>'


@pytest.fixture
def xml(sheet):
    """Writes a schedule.xml."""

    def write(*sessions, head=HEAD):
        days = f'<day index="1" date="2026-03-03"><room name="">{"".join(sessions)}</room></day>'
        return sheet(f"<schedule>{head}{days}</schedule>", "schedule.xml")

    return write


@pytest.fixture
def schedule(xml):
    return lambda *sessions, **options: read_schedule(xml(*sessions, **options))


@pytest.fixture
def blank(db) -> Event:
    """A draft of which nothing is settled."""
    days = {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 1, 1)}
    return Event.objects.create(slug="blank", title={"en": "Blank"}, timezone="Asia/Tokyo", **days)


def writes(queries) -> list[str]:
    return [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


def speakers(**lookup) -> list[str]:
    return [appearance.person.name for appearance in Appearance.objects.filter(**lookup).order_by("position", "pk")]


AMINA = "7 Amina Benali"
TEXTS = {"type": "plenary", "language": "fr", "track": "Medicines", "subtitle": "Welcome", "abstract": "First."}
FULL = [
    session(**TEXTS, more=persons(AMINA, "Li Wei")),
    session(TWO, "Ports", "2026-03-04T01:00:00+01:00", room="HALL", track="Ports", more=persons(AMINA)),
    session(THREE, "Late", "2026-03-05T01:00:00+01:00", room="Salon", track="medicines"),
]
COLORED = HEAD + '<tracks><track slug="meds" color="#cd5c5d">Medicines</track><track>Ports</track></tracks>'


def test_a_programme_is_taken_into_a_blank_draft(blank, schedule, olga):
    tally = blank.take_schedule(schedule(*FULL, head=COLORED), by=olga)

    assert tally == Tally(created=3)
    event = Event.objects.get()
    assert (event.starts_on, event.ends_on, event.timezone) == (date(2026, 3, 3), date(2026, 3, 4), "Europe/Paris")
    assert (event.day_starts_at, event.status, event.venue.place()) == (time(6), "DRAFT", "Palais, Lyon")
    assert [str(room) for room in event.venue.rooms.all()] == ["Hall", "Salon"]
    assert [(track.slug, track.color) for track in event.tracks.all()] == [("meds", "indianred"), ("ports", "teal")]
    opening = Session.objects.get(guid=ONE)
    assert (opening.title, opening.abstract) == ({"fr": "Opening"}, {"fr": "Welcome\n\nFirst."})
    assert (opening.kind, opening.language, opening.reference) == ("plenary", "fr", "forum-2026:1")
    assert (opening.starts_at, opening.ends_at) == (datetime(2026, 3, 3, 8, 30, tzinfo=UTC), at(event, 0, 10, 30))
    assert (speakers(session=opening), speakers(session__guid=TWO)) == (["Amina Benali", "Li Wei"], ["Amina Benali"])
    assert list(Person.objects.matching("benali amina").values_list("reference", flat=True)) == ["forum.example:7"]
    entry = ModelLogEntry.objects.get()
    assert (entry.action, entry.user, entry.object_id) == ("events.programme.import", olga, str(event.pk))
    assert entry.data == {"created": 3, "changed": 0, "refused": 0}


@pytest.mark.parametrize(
    "sessions",
    [
        FULL,
        [session(more=persons("8 Li Wei")), session(TWO, more=persons("Li Wei"))],
        [session(more=persons(f"{'A' * 200} {'B' * 200}"))],
        [],
    ],
    ids=["whole", "with and without a number", "a long name", "no sessions"],
)
def test_a_second_time_writes_nothing(blank, schedule, sessions):
    first = blank.take_schedule(schedule(*sessions))

    with CaptureQueriesContext(connection) as queries:
        second = Event.objects.get().take_schedule(schedule(*sessions))

    assert (first, second) == (Tally(created=len(sessions)), Tally(unchanged=len(sessions)))
    assert writes(queries) == []


def test_what_staff_changed_stays(blank, schedule):
    blank.take_schedule(schedule(*FULL, head=COLORED))
    Person.objects.filter(reference="forum.example:7").update(given_name="Yamina")
    Room.objects.filter(position=0).update(name={"fr": "hall", "en": "Great hall"})
    Track.objects.filter(slug="meds").update(name={"en": "Falsified medicines"}, color="olive")
    Appearance.objects.filter(session__guid=TWO).update(role="MODERATOR")
    texts = {"title": {"fr": "Opening", "ar": "الافتتاح"}, "abstract": {"fr": "Welcome\n\nFirst.", "en": "Hello."}}
    Session.objects.filter(guid=ONE).update(audience="PARTICIPANTS", **texts)
    Session.objects.filter(guid=THREE).update(status="CANCELLED")
    Event.objects.update(ends_on=date(2026, 3, 5))

    with CaptureQueriesContext(connection) as queries:
        tally = Event.objects.get().take_schedule(schedule(*FULL, head=COLORED))

    assert (tally, writes(queries)) == (Tally(unchanged=3), [])
    assert speakers(session__guid=TWO, role="MODERATOR") == ["Yamina Benali"]


def test_only_what_differs_is_changed_and_what_is_not_said_stays(blank, schedule):
    blank.take_schedule(schedule(*FULL))

    tally = blank.take_schedule(
        schedule(session(title="Grand opening", room="Salon", language="fr", more=persons("Omar Sy")), *FULL[1:])
    )

    opening = Session.objects.get(guid=ONE)
    assert (tally.changed, tally.unchanged) == (1, 2)
    assert (opening.title, opening.abstract) == ({"fr": "Grand opening"}, {"fr": "Welcome\n\nFirst."})
    assert (str(opening.room), str(opening.track), opening.kind) == ("Salon", "Medicines", "plenary")
    assert sorted(speakers(session=opening)) == ["Amina Benali", "Li Wei", "Omar Sy"]


def test_speakers_are_known_by_number_or_by_name_among_those_who_appear(forum, sessions, dina, pavel, schedule):
    amina = Person.objects.create(given_name="Yamina", family_name="Ben Ali", reference="forum.example:7")

    named = session(more=persons(AMINA, "Haddad, Dina", "Pavel Novak"))
    forum.take_schedule(schedule(session(TWO, more=persons("Amina Benali")), named))

    opening = Session.objects.get(guid=ONE)
    assert speakers(session__guid=TWO) == ["Yamina Ben Ali"]
    assert [appearance.person for appearance in opening.appearances.all()][:2] == [amina, dina]
    assert Person.objects.filter(family_name="Novak").exclude(pk=pavel.pk).get().appearances.get().session == opening
    assert Person.objects.count() == 4


def test_rooms_and_tracks_of_the_house_are_used_in_any_language(forum, sessions, schedule):
    forum.take_schedule(schedule(session(room="ROOM  B", track="Plénière")))

    taken = Session.objects.get(guid=ONE)
    assert (taken.room, taken.track) == (sessions["closed"].room, sessions["opening"].track)
    assert (Room.objects.count(), Track.objects.count(), Venue.objects.count()) == (2, 1, 1)


def test_names_in_braces_are_names(blank, schedule):
    head = HEAD.replace("Palais", "{Palais}")

    blank.take_schedule(schedule(session(room="{Hall}", track="{fmt}", more=persons("{Li}")), head=head))

    taken = Session.objects.get()
    assert (str(taken.room), str(taken.track), str(taken.room.venue)) == ("{Hall}", "{fmt}", "{Palais}")


def test_an_event_without_a_venue_gets_the_known_one_and_its_calendar_says_so(forum, venue, schedule):
    venue.name = {"en": "Palace of Congresses", "fr": "Palais"}
    venue.save()
    before = timezone.now() - timedelta(days=1)
    Event.objects.update(venue=None, revised_at=before)

    Event.objects.get().take_schedule(schedule(session()))

    forum.refresh_from_db()
    assert (forum.venue, forum.revised_at > before, Venue.objects.count()) == (venue, True, 1)


def test_a_session_past_midnight_belongs_to_the_last_evening(blank, schedule):
    blank.take_schedule(schedule())
    early, late = (session(guid, date=f"2026-03-05T{clock}+01:00") for guid, clock in ((ONE, "05:59"), (TWO, "06:00")))

    tally = blank.take_schedule(schedule(early, late))

    assert tally == Tally(created=2, notes=[Refusal(0, "It is outside the days of the event.", "session 2")])


def test_an_announced_event_keeps_its_days_and_its_zone(forum, schedule):
    before = (forum.starts_on, forum.timezone, forum.day_starts_at)
    days = HEAD.replace("Europe/Paris", "Europe/London").replace("2026-03-03", f"{forum.starts_on}")

    tally = forum.take_schedule(
        schedule(session(date=at(forum, 0, 9).isoformat()), head=days.replace("2026-03-04", f"{forum.ends_on}"))
    )

    sentence = "The file is in the time zone Europe/London, and the event in Europe/Paris."
    assert tally == Tally(created=1, notes=[Refusal(0, sentence, "the programme")])
    forum.refresh_from_db()
    assert (forum.starts_on, forum.timezone, forum.day_starts_at) == before
    assert Session.objects.get(guid=ONE).starts_at == at(forum, 0, 9)


def test_sessions_that_cannot_be_taken_are_refused_one_by_one(blank, forum, sessions, schedule):
    stolen, unfit = session(sessions["opening"].guid, "Stolen"), session(TWO, type="k" * 41)

    tally = blank.take_schedule(schedule(stolen, unfit, session(ONE, title=""), session(THREE)))

    assert (tally.created, [str(one) for one in blank.sessions.all()]) == (1, ["Opening"])
    assert tally.refused == [
        Refusal(0, "It has no title.", "session 1"),
        Refusal(
            0, "It is in the programme of “Forum on illicit trade” already.", f"session {sessions['opening'].guid.int}"
        ),
        Refusal(0, "“kind” is longer than 40 characters.", "session 2"),
    ]
    sessions["opening"].refresh_from_db()
    assert (str(sessions["opening"]), str(sessions["opening"].event)) == ("Opening", "Forum on illicit trade")


def test_what_is_not_in_the_file_any_more_stays_and_is_noted(blank, schedule, dina):
    blank.take_schedule(schedule(session(more=persons(AMINA, "8 Li Wei")), session(TWO, "Ports")))
    opening = Session.objects.get(guid=ONE)
    Appearance.objects.create(session=opening, person=Person.objects.get(family_name="Wei"), role="MODERATOR")
    Appearance.objects.create(session=opening, person=dina)
    Session.objects.create(event=blank, title={"en": "Our own"}, starts_at=opening.starts_at, ends_at=opening.ends_at)

    tally = blank.take_schedule(schedule(session(more=persons(AMINA))))

    gone = "Li Wei is not in the file any more, and still appears in the session."
    ports = "“Ports” is not in the file any more; it stays in the programme."
    assert tally == Tally(unchanged=1, notes=[Refusal(0, gone, "session 1"), Refusal(0, ports, "session 2")])
    assert (blank.sessions.count(), opening.appearances.count()) == (3, 4)


def test_an_event_cannot_end_before_it_starts(blank, schedule):
    with pytest.raises(ValidationError, match=r"An event cannot end before it starts\."):
        blank.take_schedule(schedule(head=HEAD.replace("2026-03-04", "2026-03-02")))


def test_nothing_is_half_written_when_a_session_breaks_the_rest(blank, schedule):
    found = schedule(*FULL)
    broken = replace(found.sessions[2], ends_at=found.sessions[2].starts_at)

    with pytest.raises(IntegrityError):
        blank.take_schedule(replace(found, sessions=(*found.sessions[:2], broken)))

    kinds = (Session, Room, Venue, Track, Person, ModelLogEntry)
    assert [kind.objects.count() for kind in kinds] == [0] * 6
    assert Event.objects.get().timezone == "Asia/Tokyo"


# -- the command


def test_the_command_makes_the_event_and_publishes_it_and_the_second_time_nothing(xml, capsys):
    path = xml(*FULL[:2], session(THREE, title=""))

    for _time in range(2):
        call_command("import_programme", "forum-2026", str(path), "--create", "--publish")

    assert capsys.readouterr().out.splitlines() == [
        "schedule.xml: 2 sessions read",
        "schedule.xml: 2 created, 0 changed, 0 unchanged, 1 refused.",
        "schedule.xml, session 3: It has no title.",
        "Version 1 of the programme is published.",
        "schedule.xml: 2 sessions read",
        "schedule.xml: 0 created, 0 changed, 2 unchanged, 1 refused.",
        "schedule.xml, session 3: It has no title.",
        "Version 1 of the programme is published.",
    ]
    assert (Event.objects.get().status, Event.objects.get().programme.entries.count()) == ("ANNOUNCED", 2)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["none"], "There is no event with the short name “none”; --create makes it from the file."),
        (["a b", "--create"], "a b: Enter a valid “slug” consisting of letters, numbers, underscores or hyphens."),
        (["forum"], "forum: This event has been cancelled."),
    ],
)
def test_the_command_ends_with_one_sentence_and_writes_nothing(forum, olga, xml, arguments, sentence):
    forum.cancel(by=olga)

    with CaptureQueriesContext(connection) as queries, pytest.raises(CommandError) as error:
        call_command("import_programme", *arguments, str(xml(*FULL)))

    assert (str(error.value), writes(queries)) == (sentence, [])


@pytest.mark.real_data
@pytest.mark.slow
def test_fosdem_is_taken_in_two_years_running(real_data):
    folder = real_data / "programmes" / "fosdem"
    schedules = {year: read_schedule(folder / f"fosdem_{year}_schedule.xml") for year in (2024, 2025)}

    events, tallies = zip(*(Event.objects.begin(f"fosdem-{year}", schedules[year]) for year in schedules), strict=True)
    with CaptureQueriesContext(connection) as queries:
        again = [event.take_schedule(found) for event, found in zip(events, schedules.values(), strict=True)]

    assert [(tally.created, tally.refused) for tally in tallies] == [(874, []), (1105, [])]
    assert [(tally.unchanged, tally.refused) for tally in again] == [(874, []), (1105, [])]
    assert (writes(queries), Appearance.objects.count()) == ([], 1128 + 1455)
    assert [event.tracks.count() for event in events] == [65, 78]  # those that a session is in
