"""Programmes of other systems in, one description out."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.programme_formats import (
    Frame,
    ScheduledPerson,
    ScheduledSession,
    ScheduledTrack,
    ScheduleError,
    plain_text,
    read_schedule,
)
from network.sheets import Refusal

PARIS = ZoneInfo("Europe/Paris")
FRAME = Frame("forum", "Europe/Paris", time(6), date(2026, 3, 3), date(2026, 3, 4))
ONE = UUID("0190f3a0-0000-7000-8000-000000000001")

HEAD = """
<conference>
  <acronym>forum-2026</acronym><title>Forum on Illicit Trade</title><venue>Palais</venue><city>Lyon</city>
  <start>2026-03-03</start><end>2026-03-04</end><day_change>06:00:00</day_change>
  <base_url>https://forum.example/2026/</base_url><time_zone_name>Europe/Paris</time_zone_name>
</conference>"""


@pytest.fixture
def schedule(tmp_path):
    """Writes a schedule.xml and reads it."""

    def read(days, head=HEAD, **options):
        path = tmp_path / "schedule.xml"
        content = f"<schedule><version>1</version>{head}{days}</schedule>" if isinstance(days, str) else days
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_schedule(path, **options)

    return read


def day(*events, of="2026-03-03", room="Auditorium"):
    return f'<day index="1" date="{of}"><room name="{room}">{"".join(events)}</room></day>'


def event(number=1, *, guid=ONE, date="2026-03-03T09:30:00+01:00", duration="00:45", title="Opening", more=""):
    return (
        f'<event id="{number}" guid="{guid}"><date>{date}</date><duration>{duration}</duration>'
        f"<title>{title}</title>{more}</event>"
    )


def guids(count):
    return [UUID(int=ONE.int + number) for number in range(count)]


def test_a_schedule_is_read_with_its_head_tracks_and_rooms(schedule):
    tracks = """<tracks>
      <track slug="medicines" color="#4682b4">Falsified medicines</track><track>Douane &amp; TVA</track>
      </tracks>"""
    more = """
      <start>09:30</start><room>Auditorium</room><subtitle>Welcome</subtitle><type>plenary</type>
      <language>FR</language><track>Falsified medicines</track>
      <abstract>&lt;p&gt;First.&lt;/p&gt;&lt;p&gt;Second &amp;amp; last.&lt;/p&gt;</abstract><description/>
      <persons>
        <person id="7">Amina Benali</person><person>Li Wei</person><person id="7">Amina Benali</person>
      </persons>"""

    found = schedule(day(event(more=more)) + day(of="2026-03-04", room="Salon B"), head=HEAD + tracks)

    assert (found.title, found.acronym, found.timezone) == ("Forum on Illicit Trade", "forum-2026", "Europe/Paris")
    assert (found.starts_on, found.ends_on, found.day_starts_at) == (date(2026, 3, 3), date(2026, 3, 4), time(6))
    assert (found.venue, found.city, found.rooms) == ("Palais", "Lyon", ("Auditorium", "Salon B"))
    assert found.tracks == (
        ScheduledTrack("Falsified medicines", "medicines", "#4682b4"),
        ScheduledTrack("Douane & TVA", "douane-tva"),
    )
    assert found.sessions == (
        ScheduledSession(
            guid=ONE,
            reference="forum-2026:1",
            title="Opening",
            subtitle="Welcome",
            abstract="First.\n\nSecond & last.",
            description="",
            kind="plenary",
            language="fr",
            track="Falsified medicines",
            room="Auditorium",
            day=date(2026, 3, 3),
            starts_at=datetime(2026, 3, 3, 9, 30, tzinfo=PARIS),
            ends_at=datetime(2026, 3, 3, 10, 15, tzinfo=PARIS),
            persons=(ScheduledPerson("forum.example:7", "Amina Benali"), ScheduledPerson("", "Li Wei")),
        ),
    )
    assert (found.refused, found.ignored) == ((), ())


def test_tracks_are_found_in_every_place_and_have_slugs_of_their_own(schedule):
    head = HEAD.replace("</conference>", '<track name="Ports" slug="ports" color="#008080"/></conference>')
    tracks = [f"<track>{name}</track>" for name in ("Ports!", "Порты", "…", "Ports")]

    found = schedule(day(*(event(guid=guid, more=track) for guid, track in zip(guids(4), tracks, strict=True))), head)

    assert found.tracks == (
        ScheduledTrack("Ports", "ports", "#008080"),
        ScheduledTrack("Ports!", "ports-2"),
        ScheduledTrack("Порты", "porty"),
        ScheduledTrack("…", "track"),
    )


@pytest.mark.parametrize(
    ("written", "starts_at", "of"),
    [
        ("2026-03-03T09:30:00+01:00", datetime(2026, 3, 3, 8, 30, tzinfo=UTC), date(2026, 3, 3)),
        ("2026-03-03T08:30:00Z", datetime(2026, 3, 3, 8, 30, tzinfo=UTC), date(2026, 3, 3)),
        ("2026-03-03T09:30:00", datetime(2026, 3, 3, 8, 30, tzinfo=UTC), date(2026, 3, 3)),
        ("2026-03-03T17:30:00+09:00", datetime(2026, 3, 3, 8, 30, tzinfo=UTC), date(2026, 3, 3)),
        ("2026-03-04T01:15:00+01:00", datetime(2026, 3, 4, 0, 15, tzinfo=UTC), date(2026, 3, 3)),
        ("2026-03-04T06:00:00+01:00", datetime(2026, 3, 4, 5, 0, tzinfo=UTC), date(2026, 3, 4)),
    ],
)
def test_a_session_starts_in_the_zone_and_past_midnight_belongs_to_the_day_before(schedule, written, starts_at, of):
    (session,) = schedule(day(event(date=written))).sessions

    assert (session.starts_at, session.starts_at.tzinfo, session.day) == (starts_at, PARIS, of)


@pytest.mark.parametrize(
    ("clock", "starts_at"),
    [
        ("23:45", datetime(2026, 3, 3, 23, 45, tzinfo=PARIS)),
        ("00:30", datetime(2026, 3, 4, 0, 30, tzinfo=PARIS)),
        ("9:30", datetime(2026, 3, 3, 9, 30, tzinfo=PARIS)),
    ],
)
def test_an_older_file_says_only_the_day_and_the_start(schedule, clock, starts_at):
    (session,) = schedule(day(event(date="", more=f"<start>{clock}</start>"))).sessions

    assert (session.starts_at, session.day) == (starts_at, date(2026, 3, 3))


def test_without_a_day_change_the_first_day_tells_when_days_start(schedule):
    days = day(event(date="2026-03-04T03:00:00+01:00")).replace("<day ", '<day start="2026-03-03T04:00:00+01:00" ')

    found = schedule(days, head=HEAD.replace("<day_change>06:00:00</day_change>", ""))

    assert (found.day_starts_at, found.sessions[0].day) == (time(4), date(2026, 3, 3))


def test_a_session_lasts_as_long_as_it_says_when_the_clock_changes(schedule):
    (session,) = schedule(day(event(date="2026-03-29T01:30:00+01:00", duration="01:00:00"))).sessions

    assert session.ends_at.astimezone(UTC) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert session.ends_at.isoformat() == "2026-03-29T03:30:00+02:00"


def test_without_dates_in_the_head_the_days_tell(schedule):
    head = HEAD.replace("<start>2026-03-03</start><end>2026-03-04</end>", "")

    found = schedule(day(of="2026-03-03") + day(of="2026-03-05"), head)

    assert (found.starts_on, found.ends_on) == (date(2026, 3, 3), date(2026, 3, 5))


def test_a_bad_session_is_refused_by_its_number_and_the_next_is_read(schedule):
    one, two, *others = guids(9)
    found = schedule(
        day(
            event(1, guid=one),
            event(2, guid=others[0], date="tomorrow at noonT"),
            event(3, guid=others[1], date="2026-02-30"),
            event(4, guid=others[2], date="0001-01-01T00:00:00+14:00"),
            event(5, guid=others[3], date=""),
            event(6, guid=others[4], duration="half an hour"),
            event(7, guid=others[5], duration="00:00"),
            event(8, guid=others[6], title=" "),
            event(9, guid=one),
            event("", guid="none"),
            event(10, guid=others[6], date="", more="<start>25:00</start>"),
            event(11, guid=two),
        )
    )

    assert [session.reference for session in found.sessions] == ["forum-2026:1", "forum-2026:11"]
    assert found.refused == (
        Refusal(0, "“tomorrow at noonT” is not a date and time.", "session 2"),
        Refusal(0, "“2026-02-30” is not a date.", "session 3"),
        Refusal(0, "“0001-01-01T00:00:00+14:00” is not a date and time.", "session 4"),
        Refusal(0, "It does not say when it starts.", "session 5"),
        Refusal(0, "“half an hour” is not a duration.", "session 6"),
        Refusal(0, "“00:00” is not a duration.", "session 7"),
        Refusal(0, "It has no title.", "session 8"),
        Refusal(0, "Another session before it has the same guid.", "session 9"),
        Refusal(0, "It has neither a guid nor a number.", "session none"),
        Refusal(0, "“25:00” is not a time of day.", "session 10"),
    )


def test_what_was_mended_or_left_out_is_told(schedule):
    more = "<start>10:00</start><links><link href='x'>X</link></links><logo/><url>https://forum.example/1</url>"
    sessions = [event(number, guid="", more=more) for number in range(1, 8)]

    found = schedule(day(*sessions))

    assert found.sessions[0].guid == uuid5(NAMESPACE_URL, "forum-2026:1")
    assert found.ignored == (
        "Sessions without a usable guid; theirs were made from their numbers: 1, 2, 3, 4, 5 ... (7).",
        "Sessions whose start differs from their date; the date was taken: 1, 2, 3, 4, 5 ... (7).",
        "Left out of the sessions: links (7), url (7).",
    )


def test_a_file_without_a_time_zone_takes_the_one_that_the_event_has(schedule):
    head = HEAD.replace("<time_zone_name>Europe/Paris</time_zone_name>", "")

    found = schedule(day(event(date="2026-03-03T09:30:00")), head, frame=replace(FRAME, timezone="Asia/Tokyo"))

    assert found.timezone == "Asia/Tokyo"
    assert found.sessions[0].starts_at == datetime(2026, 3, 3, 0, 30, tzinfo=UTC)
    assert found.ignored == ("The file names no time zone; Asia/Tokyo was taken.",)


def test_persons_without_a_host_are_known_by_the_acronym(schedule):
    head = HEAD.replace("https://forum.example/2026/", "http://[nonsense")

    (session,) = schedule(day(event(more='<persons><person id="7">Li Wei</person></persons>')), head).sessions

    assert session.persons == (ScheduledPerson("forum-2026:7", "Li Wei"),)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("Europe/Paris", "Mars/Olympus", "The time zone “Mars/Olympus” is unknown."),
        ("Europe/Paris", "../../etc/passwd", "The time zone “../../etc/passwd” is unknown."),
        ("Europe/Paris", "", "The file names no time zone."),
        ("2026-03-03", "next spring", "“next spring” is not a date."),
        ("06:00:00", "dawn", "“dawn” is not a time of day."),
    ],
)
def test_a_head_that_cannot_be_read_refuses_the_whole_file(schedule, old, new, sentence):
    with pytest.raises(ScheduleError) as caught:
        schedule(day(event()), head=HEAD.replace(old, new))

    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"<", "This is not XML, or it is damaged (line 1)."),
        (b"<schedule>" + b"<a/>" * 1_000_001, "The file is too large for a programme."),
        (b'{"schedule":\n {}', "This is not JSON, or it is damaged (line 2)."),
        (b'{"schedule": "\xff"}', "The file is in an encoding that cannot be read. Save it as UTF-8."),
        (b"[" * 200_000, "The file is not a programme that we can read."),
        (b'{"id": ' + b"9" * 5_000 + b"}", "The file is not a programme that we can read."),
        (b'{"rows": []}', "This is JSON, and not a programme: there is no “schedule” and no list of sessions."),
        (b"{}", "This is JSON, and not a programme: there is no “schedule” and no list of sessions."),
        (
            b'{"schedule": {"conference": 1}}',
            "The file does not describe its event: there is no “conference” before the days.",
        ),
        (b'[{"title": "x"}]', "The file does not say when and where the event is. Make the event first."),
        (b"Title;Starts\n1;2", "The file does not say when and where the event is. Make the event first."),
        (b"<schedule>\n<conference></schedule>", "This is not XML, or it is damaged (line 2)."),
        (b"<rss></rss>", "This is not a programme in schedule.xml: it begins with “rss”."),
        (b"<schedule/>", "The file does not describe its event: there is no “conference” before the days."),
        (
            b"<schedule><day/></schedule>",
            "The file does not describe its event: there is no “conference” before the days.",
        ),
        (
            b"<!DOCTYPE s [<!ENTITY a 'a'><!ENTITY b '&a;&a;'>]><schedule>&b;</schedule>",
            "The file declares XML entities, which a programme does not need.",
        ),
        (
            b"<!DOCTYPE s [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><schedule>&a;</schedule>",
            "The file declares XML entities, which a programme does not need.",
        ),
        (
            b'<?xml version="1.0" encoding="shift_jis"?><schedule/>',
            "The file is in an encoding that cannot be read. Save it as UTF-8.",
        ),
        (
            b'<?xml version="1.0" encoding="nonsense"?><schedule/>',
            "The file is in an encoding that cannot be read. Save it as UTF-8.",
        ),
    ],
)
def test_another_file_is_refused_with_one_sentence(schedule, content, sentence):
    with pytest.raises(ScheduleError) as caught:
        schedule(content)

    assert str(caught.value) == sentence


def test_a_head_without_dates_or_days_is_refused(schedule):
    with pytest.raises(ScheduleError, match=r"^The file has no day, and does not say when the event is\.$"):
        schedule("", head=HEAD.replace("<start>2026-03-03</start><end>2026-03-04</end>", ""))


def test_a_file_that_is_not_there_or_too_large(tmp_path):
    with pytest.raises(ScheduleError, match=r"^The file cannot be opened\.$"):
        read_schedule(tmp_path / "nothing.xml")

    with (tmp_path / "huge.xml").open("wb") as file:
        file.truncate(65 * 2**20)
    with pytest.raises(ScheduleError, match=r"^The file is too large for a programme\.$"):
        read_schedule(tmp_path / "huge.xml")


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        (
            "Plain, with a < b and Vec<T>.\r\n\r\n\r\n\r\nSecond\nline.",
            "Plain, with a < b and Vec<T>.\n\nSecond\nline.",
        ),
        ("<p>One\n line.</p>\n<p>Two<br>lines &amp; more.</p>", "One line.\n\nTwo\nlines & more."),
        ("<ul><li>One</li><li><p>Two</p></li></ul><p>End</p>", "– One\n– Two\n\nEnd"),
        ('<p>See <a href="https://x.example/a">this</a>.</p>', "See this (https://x.example/a)."),
        ('<a href="https://x.example">https://x.example</a>', "https://x.example"),
        ('<p><a href="javascript:alert(1)">this</a></p>', "this"),
        ("<p>a</p><script>alert(1)</script><style>p {}</style>", "a"),
        ("<pre>one\n  two</pre><p>&lt;b&gt;</p>", "one\ntwo\n\n<b>"),
        ("</p></script><p>still here", "still here"),
    ],
)
def test_html_becomes_plain_paragraphs(html, text):
    assert plain_text(html) == text


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("file", "sessions", "tracks", "persons", "first_day"),
    [
        ("fosdem_2024_schedule.xml", 874, 67, 1128, date(2024, 2, 3)),
        ("fosdem_2025_schedule.xml", 1105, 79, 1455, date(2025, 2, 1)),
    ],
)
def test_fosdem_is_read_whole(real_data, file, sessions, tracks, persons, first_day):
    found = read_schedule(real_data / "programmes" / "fosdem" / file)

    assert (len(found.sessions), found.refused, len(found.rooms)) == (sessions, (), 35)
    assert (found.timezone, found.day_starts_at, found.starts_on) == ("Europe/Brussels", time(9), first_day)
    assert len(found.tracks) == len({track.slug for track in found.tracks}) == tracks
    assert {session.track for session in found.sessions} - {track.name for track in found.tracks} == set()
    assert sum(len(session.persons) for session in found.sessions) == persons
    assert {session.day for session in found.sessions} == {found.starts_on, found.ends_on}
    assert {person.reference.split(":")[0] for session in found.sessions for person in session.persons} == {
        "fosdem.org"
    }
    assert [session.title for session in found.sessions if "</p>" in session.abstract] == []


# What a file in JSON may hold where the schema says something else.
KEYS = ["schedule", "conference", "days", "rooms", "tracks", "events", "date", "start", "end", "duration", "guid", "id"]
KEYS += ["title", "persons", "name", "track", "room", "slots", "slot", "speakers", "state", "code", "time_zone_name"]
LEAVES = [
    None,
    True,
    0,
    -1,
    1.5,
    "",
    "x",
    "2026-03-03",
    "2026-03-03T10:00:00Z",
    "01:00",
    "\ud800",
    "http://[",
    "9" * 30,
]
anything = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6),
    max_leaves=25,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(conference=anything, session=anything, slots=anything)
def test_whatever_stands_in_the_json_there_is_a_programme_or_a_sentence(tmp_path, conference, session, slots):
    whole = {"title": "x", "start": "2026-03-03", "end": "2026-03-04", "days": [{"rooms": {"Hall": [session]}}]}
    documents = [
        {"schedule": {"conference": whole, "events": [session]}},
        {"schedule": {"conference": conference}, "generator": slots},
        [{"title": "x", "slots": slots, "slot": session, "speakers": session, "track": conference}],
    ]
    for number, document in enumerate(documents):
        path = tmp_path / f"{number}.json"
        path.write_text(json.dumps(document))
        try:
            read_schedule(path, FRAME)
        except ScheduleError as error:
            assert str(error) != ""
