"""Calendars as other programs receive them: exact lines, true moments, the same bytes twice."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest

from events.ical import (
    TZDATA_VERSION,
    Address,
    CalendarHead,
    Slot,
    calendar,
    cancel,
    publish,
    request,
    timezone_rule,
    vevent,
)

OPENING = Slot(
    uid="0192f1c4-aaaa-7bbb-8ccc-0123456789ab@entente.example",
    sequence=2,
    revised_at=datetime(2026, 1, 5, 8, 30, 59, 999, tzinfo=UTC),
    starts=datetime(2026, 6, 10, 7, 0, tzinfo=UTC),
    ends=datetime(2026, 6, 10, 8, 30, tzinfo=UTC),
    timezone="Europe/Paris",
    summary="Opening: seals, stamps; and trust",
    description="Two ministers speak.\nDoors open at 08:30.",
    location="Room XVII, Lyon",
    url="https://entente.example/en/events/lyon/sessions/1/",
    categories=("Plenary", "Customs, borders"),
)
FORUM = CalendarHead(
    name="Forum 2026, Lyon",
    description="All public sessions",
    url="https://entente.example/en/events/lyon/",
    source="https://entente.example/en/events/lyon/programme.ics",
    timezones=("Europe/Paris",),
)
TEAM = Address("Forum 2026, Lyon", "forum@rsvp.entente.example")
AMARA = Address("Amara Diallo", "amara@ministry.example")


def lines(written: str | bytes) -> list[str]:
    text = written if isinstance(written, str) else written.decode()
    return text.replace("\r\n ", "").split("\r\n")


def values(written: str | bytes, name: str) -> list[str]:
    """All lines of this property, without its name."""
    return [line[len(name) :] for line in lines(written) if line.startswith((f"{name}:", f"{name};"))]


def read(written: bytes) -> icalendar.Event:
    return icalendar.Calendar.from_ical(written).events[0]


def at(zone: str, *moment: int) -> Slot:
    """An hour that begins at this local time."""
    starts = datetime(*moment, tzinfo=ZoneInfo(zone))
    return replace(OPENING, timezone=zone, starts=starts, ends=starts.astimezone(UTC) + timedelta(hours=1))


# One entry


def test_a_session_is_written_property_by_property_in_one_order():
    assert lines(vevent(OPENING)) == [
        "BEGIN:VEVENT",
        "UID:0192f1c4-aaaa-7bbb-8ccc-0123456789ab@entente.example",
        "DTSTAMP:20260105T083059Z",
        "LAST-MODIFIED:20260105T083059Z",
        "SEQUENCE:2",
        "DTSTART;TZID=Europe/Paris:20260610T090000",
        "DTEND;TZID=Europe/Paris:20260610T103000",
        "SUMMARY;LANGUAGE=en:Opening: seals\\, stamps\\; and trust",
        "DESCRIPTION;LANGUAGE=en:Two ministers speak.\\nDoors open at 08:30.",
        "LOCATION;LANGUAGE=en:Room XVII\\, Lyon",
        "URL:https://entente.example/en/events/lyon/sessions/1/",
        "CATEGORIES;LANGUAGE=en:Plenary,Customs\\, borders",
        "STATUS:CONFIRMED",
        "TRANSP:OPAQUE",
        "END:VEVENT",
        "",
    ]


def test_what_is_not_known_is_left_out():
    bare = replace(OPENING, description="", location="", url="", categories=())

    assert [line.split(":")[0].split(";")[0] for line in lines(vevent(bare))[7:]] == [
        "SUMMARY",
        "STATUS",
        "TRANSP",
        "END",
        "",
    ]


def test_a_whole_event_lasts_days_takes_nobodys_time_and_ends_on_the_day_after():
    event = replace(OPENING, starts=date(2026, 6, 10), ends=date(2026, 6, 12), timezone="")

    assert values(vevent(event), "DTSTART") == [";VALUE=DATE:20260610"]
    assert values(vevent(event), "DTEND") == [";VALUE=DATE:20260612"]
    assert values(vevent(event), "TRANSP") == [":TRANSPARENT"]
    assert read(publish(event)).duration == timedelta(days=2)


def test_a_cancelled_session_stays_in_the_feed_and_frees_its_hour():
    written = vevent(replace(OPENING, status="CANCELLED", sequence=3))

    assert [values(written, name) for name in ("STATUS", "TRANSP", "SEQUENCE")] == [
        [":CANCELLED"],
        [":TRANSPARENT"],
        [":3"],
    ]


def test_a_session_without_length_has_no_end():
    written = vevent(replace(OPENING, ends=OPENING.starts))

    assert values(written, "DTEND") == []


@pytest.mark.parametrize(
    ("starts", "ends"),
    [
        (datetime(2026, 6, 10, 9, tzinfo=UTC), datetime(2026, 6, 10, 8, tzinfo=UTC)),
        (date(2026, 6, 10), date(2026, 6, 9)),
        (date(2026, 6, 10), datetime(2026, 6, 10, 8, tzinfo=UTC)),
    ],
)
def test_an_end_before_the_start_is_refused(starts, ends):
    with pytest.raises(ValueError, match="two times or two dates, in this order"):
        vevent(replace(OPENING, starts=starts, ends=ends))


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="without a zone"):
        vevent(replace(OPENING, starts=datetime(2026, 6, 10, 9), ends=datetime(2026, 6, 10, 10)))


@pytest.mark.parametrize("zone", ["", "Europe/Atlantis", "../../etc/passwd", "Europe/Paris\r\nX-A:1"])
def test_an_unknown_zone_is_refused(zone):
    with pytest.raises(ValueError, match="There is no time zone"):
        vevent(replace(OPENING, timezone=zone))


# Hostile and difficult text


@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029"])
def test_a_line_break_in_any_text_begins_no_new_property(line_end):
    trap = f"Title{line_end}ATTENDEE:mailto:trap@evil.example"
    slot = replace(
        OPENING, uid=trap, summary=trap, description=trap, location=trap, url=trap, categories=(trap,), status=trap
    )
    head = replace(FORUM, **dict.fromkeys(("name", "description", "url", "source", "color_name", "color_hex"), trap))

    feed = calendar(head, [vevent(slot)])

    assert [line for line in feed.decode().splitlines() if line.startswith("ATTENDEE")] == []
    assert values(feed, "DESCRIPTION") == [
        ":Title\\nATTENDEE:mailto:trap@evil.example",
        ";LANGUAGE=en:Title\\nATTENDEE:mailto:trap@evil.example",
    ]
    assert values(feed, "NAME") == [":Title ATTENDEE:mailto:trap@evil.example"]


def test_a_line_break_in_a_name_or_an_address_adds_nobody_to_an_invitation():
    trap = "x@evil.example\r\nATTENDEE:mailto:trap@evil.example"

    written = request(OPENING, Address(trap, "forum@entente.example"), Address(trap, trap))

    assert values(written, "ORGANIZER") == [
        ';CN="x@evil.example ATTENDEE:mailto:trap@evil.example":mailto:forum@entente.example'
    ]
    assert [value.split("TRUE:")[1] for value in values(written, "ATTENDEE")] == [
        "mailto:x@evil.example%0D%0AATTENDEE%3Amailto%3Atrap@evil.example"
    ]


def test_control_characters_are_left_out_and_tabs_kept():
    written = vevent(replace(OPENING, summary="a\x00b\x1b[31mc\x7f\x9d\ud800", description="one\ttwo\x08"))

    assert values(written, "SUMMARY") == [";LANGUAGE=en:ab[31mc"]
    assert values(written, "DESCRIPTION") == [";LANGUAGE=en:one\ttwo"]


def test_a_backslash_and_a_capital_n_are_not_a_line_break():
    path = "C:\\New\\network; a,b"

    written = vevent(replace(OPENING, description=path))

    assert values(written, "DESCRIPTION") == [";LANGUAGE=en:C:\\\\New\\\\network\\; a\\,b"]


def test_names_of_a_calendar_are_escaped_like_any_text():
    feed = calendar(replace(FORUM, name="Seals; stamps, trust"), [])

    assert values(feed, "NAME") == values(feed, "X-WR-CALNAME") == [":Seals\\; stamps\\, trust"]


def test_a_name_in_an_address_may_hold_what_a_parameter_may_not():
    written = request(OPENING, TEAM, Address('Jean "Jo" O’Neill; 3rd,\tDr', "o'neill+forum@x.example"))

    assert values(written, "ATTENDEE") == [
        ";CN=\"Jean 'Jo' O’Neill; 3rd, Dr\";CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE"
        ":mailto:o'neill+forum@x.example"
    ]


@pytest.mark.parametrize("text", ["é" * 200, "日本語" * 90, "العربية " * 60 + "end", "😀" * 120, "\\;,\n" * 80 + "."])
@pytest.mark.parametrize("shift", range(4))
def test_folding_keeps_to_75_octets_and_never_cuts_a_character_or_an_escape(text, shift):
    text = "x" * shift + text
    slot = replace(OPENING, description=text)

    folded = publish(slot).split(b"\r\n")

    assert [line for line in folded if len(line) > 75] == []
    assert b"\r\n".join(line.decode().encode() for line in folded) == publish(slot)  # each line is whole UTF-8
    assert [line for line in folded if len(line) - len(line.rstrip(b"\\")) & 1] == []
    assert str(read(publish(slot))["DESCRIPTION"]) == text


# Zones


@pytest.mark.parametrize(
    ("zone", "month", "day"),
    [
        ("Europe/Paris", 3, 29),
        ("Europe/Paris", 10, 25),
        ("America/New_York", 3, 8),
        ("America/New_York", 11, 1),
        ("Australia/Sydney", 4, 5),
        ("Australia/Sydney", 10, 4),
        ("Asia/Tokyo", 3, 29),
        ("Asia/Kolkata", 10, 25),
    ],
)
def test_our_rule_alone_puts_every_quarter_of_a_change_over_day_where_the_zone_has_it(zone, month, day):
    """The zone is renamed, so that the reader has nothing to go by but our VTIMEZONE."""
    midnight = datetime(2026, month, day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    moments = [midnight + timedelta(minutes=15) * n for n in range(4 * 24)]

    for moment in moments:
        feed = publish(replace(OPENING, timezone=zone, starts=moment, ends=moment + timedelta(minutes=1)))
        start = read(feed.replace(zone.encode(), f"Made-up/{zone}".encode())).start
        assert start.astimezone(UTC) == moment


@pytest.mark.parametrize(
    ("zone", "rules"),
    [
        ("Europe/Paris", {"STANDARD": "-1SU of 10", "DAYLIGHT": "-1SU of 3"}),
        ("America/New_York", {"STANDARD": "1SU of 11", "DAYLIGHT": "2SU of 3"}),
        ("Australia/Sydney", {"STANDARD": "1SU of 4", "DAYLIGHT": "1SU of 10"}),
        ("Europe/Dublin", {"STANDARD": "-1SU of 10", "DAYLIGHT": "-1SU of 3"}),
        ("Asia/Tokyo", {"STANDARD": None}),
        ("Asia/Kolkata", {"STANDARD": None}),
    ],
)
def test_a_zone_is_said_in_one_rule_for_each_half_of_the_year(zone, rules):
    (written,) = icalendar.Calendar.from_ical(publish(at(zone, 2026, 6, 10, 9))).timezones

    said = {
        part.name: f"{part['RRULE']['BYDAY'][0]} of {part['RRULE']['BYMONTH'][0]}" if "RRULE" in part else None
        for part in written.subcomponents
    }
    assert said == rules


def test_the_zone_of_paris_in_full():
    assert lines(publish(OPENING))[5:20] == [
        "BEGIN:VTIMEZONE",
        "TZID:Europe/Paris",
        "BEGIN:STANDARD",
        "DTSTART:19701025T030000",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
        "TZOFFSETFROM:+0200",
        "TZOFFSETTO:+0100",
        "TZNAME:CET",
        "END:STANDARD",
        "BEGIN:DAYLIGHT",
        "DTSTART:19700329T020000",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0200",
        "TZNAME:CEST",
    ]


@pytest.mark.parametrize(
    "zone",
    ["Africa/Casablanca", "Africa/Cairo", "Asia/Jerusalem", "America/Santiago", "America/Nuuk", "UTC", "Etc/GMT-3"],
)
def test_a_zone_that_cannot_be_said_is_written_in_utc(zone):
    slot = at(zone, 2026, 6, 10, 9)

    feed = publish(slot)

    assert values(feed, "DTSTART") == [f":{slot.starts.astimezone(UTC):%Y%m%dT%H%M%SZ}"]
    assert values(feed, "TZID") == []


def test_the_second_two_oclock_of_an_autumn_night_is_written_in_utc():
    first = replace(
        OPENING, starts=datetime(2026, 10, 25, 0, 30, tzinfo=UTC), ends=datetime(2026, 10, 25, 3, tzinfo=UTC)
    )
    second = replace(first, starts=datetime(2026, 10, 25, 1, 30, tzinfo=UTC))

    assert values(vevent(first), "DTSTART") == [";TZID=Europe/Paris:20261025T023000"]
    assert values(vevent(second), "DTSTART") == [":20261025T013000Z"]
    assert values(vevent(second), "DTEND") == [":20261025T030000Z"]


def test_a_rule_is_used_only_for_years_in_which_it_was_true_for_some_time():
    rule = timezone_rule("Europe/Paris")

    assert rule is not None
    assert rule.since == 1996
    assert values(vevent(at("Europe/Paris", 1998, 6, 10, 9)), "DTSTART") == [":19980610T070000Z"]
    assert values(vevent(at("Europe/Paris", 1999, 6, 10, 9)), "DTSTART") == [";TZID=Europe/Paris:19990610T090000"]


def test_the_edition_of_the_zones_is_known():
    assert int(TZDATA_VERSION.split(".")[0]) >= 2025


# Feeds


def test_a_feed_is_a_head_its_zones_and_the_stored_events():
    stored = [vevent(OPENING), vevent(at("Asia/Tokyo", 2026, 6, 11, 9)), vevent(at("Asia/Jerusalem", 2026, 6, 12, 9))]

    feed = calendar(FORUM, stored)

    assert lines(feed)[:16] == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Entente//Entente//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "NAME:Forum 2026\\, Lyon",
        "X-WR-CALNAME:Forum 2026\\, Lyon",
        "DESCRIPTION:All public sessions",
        "X-WR-CALDESC:All public sessions",
        "URL:https://entente.example/en/events/lyon/",
        "SOURCE;VALUE=URI:https://entente.example/en/events/lyon/programme.ics",
        "REFRESH-INTERVAL;VALUE=DURATION:PT4H",
        "X-PUBLISHED-TTL:PT4H",
        "X-WR-TIMEZONE:Europe/Paris",
        "COLOR:steelblue",
        "X-APPLE-CALENDAR-COLOR:#4682B4",
    ]
    assert values(feed, "TZID") == [":Asia/Tokyo", ":Europe/Paris"]
    assert feed.decode().endswith("".join(stored) + "END:VCALENDAR\r\n")


def test_a_feed_has_no_uid_of_its_own_and_names_nobody():
    feed = calendar(FORUM, [vevent(OPENING)])

    assert values(feed, "UID") == [f":{OPENING.uid}"]
    assert values(feed, "ORGANIZER") + values(feed, "ATTENDEE") == []


def test_an_empty_feed_is_still_a_calendar():
    feed = calendar(CalendarHead(name="Forum"), [])

    assert lines(feed)[-2:] == ["END:VCALENDAR", ""]
    assert values(feed, "TZID") + values(feed, "SOURCE") + values(feed, "URL") == []


def test_a_text_that_looks_like_a_zone_brings_no_zone_in():
    written = vevent(replace(OPENING, description="x\nDTSTART;TZID=Asia/Tokyo:20260610T090000" * 4))

    assert values(calendar(FORUM, [written]), "TZID") == [":Europe/Paris"]


def test_an_event_stored_under_older_rules_still_goes_out_when_its_zone_has_no_rule_any_more():
    old = vevent(OPENING).replace("Europe/Paris", "America/Santiago")

    feed = calendar(FORUM, [old])

    assert values(feed, "DTSTART") == [";TZID=America/Santiago:20260610T090000"]
    assert values(feed, "TZID") == []


@pytest.mark.parametrize(
    "write",
    [
        lambda: vevent(OPENING),
        lambda: calendar(FORUM, [vevent(OPENING)]),
        lambda: request(OPENING, TEAM, AMARA),
        lambda: cancel(OPENING, TEAM, AMARA),
        lambda: publish(OPENING),
    ],
    ids=["vevent", "calendar", "request", "cancel", "publish"],
)
def test_the_same_slot_is_the_same_bytes(write):
    assert write() == write()


def test_the_same_moment_said_in_another_zone_is_the_same_bytes():
    tokyo = ZoneInfo("Asia/Tokyo")
    moved = {name: getattr(OPENING, name).astimezone(tokyo) for name in ("revised_at", "starts", "ends")}

    assert vevent(replace(OPENING, **moved)) == vevent(OPENING)


# Invitations


def test_a_request_asks_exactly_one_person():
    written = request(OPENING, TEAM, AMARA)

    assert values(written, "METHOD") == [":REQUEST"]
    assert values(written, "STATUS") == [":CONFIRMED"]
    assert values(written, "ORGANIZER") == [';CN="Forum 2026, Lyon":mailto:forum@rsvp.entente.example']
    assert values(written, "ATTENDEE") == [
        ';CN="Amara Diallo";CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE'
        ":mailto:amara@ministry.example"
    ]
    assert [line for line in lines(written) if "VALARM" in line] == []


def test_a_cancellation_is_to_the_same_person_about_the_same_entry():
    asked, dropped = request(OPENING, TEAM, AMARA), cancel(replace(OPENING, sequence=3), TEAM, AMARA)

    assert values(dropped, "METHOD") == [":CANCEL"]
    assert values(dropped, "STATUS") == [":CANCELLED"]
    assert values(dropped, "SEQUENCE") == [":3"]
    for name in ("UID", "ORGANIZER", "ATTENDEE"):
        assert values(dropped, name) == values(asked, name)


def test_a_cancelled_slot_is_not_requested():
    with pytest.raises(ValueError, match="not requested but cancelled"):
        request(replace(OPENING, status="CANCELLED"), TEAM, AMARA)


def test_a_person_without_a_name_is_only_an_address():
    written = request(OPENING, Address("", TEAM.address), AMARA)

    assert values(written, "ORGANIZER") == [":mailto:forum@rsvp.entente.example"]


def test_a_confirmation_asks_nobody_and_names_no_new_calendar():
    written = publish(OPENING)

    assert values(written, "METHOD") == [":PUBLISH"]
    assert [values(written, name) for name in ("ORGANIZER", "ATTENDEE", "NAME", "X-WR-CALNAME")] == [[], [], [], []]
    assert read(written).uid == OPENING.uid
