"""The paper that reads answers: real ones say what they say, and nothing that comes in makes it fail, or takes long."""

import json
import time
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from contacts.incoming import Incoming, read, sender_of
from events import ical
from tests.events.calendar_mail import calendar, mailed

DATA = Path(settings.BASE_DIR).parent / "shared" / "data" / "calendar"
EXPECTED = json.loads((DATA / "replies" / "expected.json").read_text()) if DATA.is_dir() else {}
CORPUS = sorted((DATA / "corpus").glob("*.ics")) if DATA.is_dir() else []
VERDICTS = {
    "record": "ANSWER",
    "counter": "COUNTER",
    "nothing-to-record": "NOTHING",
    "ignore": "OTHER",
    "resend": "REFRESH",
}


def around(raw: bytes, kind: str = "text/calendar; charset=utf-8", encoding: str = "8bit") -> bytes:
    """A mail that holds `raw` as it is."""
    head = f"From: a@example.org\r\nMIME-Version: 1.0\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: {encoding}"
    return head.encode() + b"\r\n\r\n" + raw


def reading(raw: bytes) -> ical.Reading | None:
    """Within a second, or it fails; None for what cannot be read."""
    start = time.monotonic()
    try:
        return ical.read_answer(raw)
    except ical.Unreadable:
        return None
    finally:
        assert time.monotonic() - start < 1


@pytest.mark.real_data
@pytest.mark.parametrize("name", [*EXPECTED] or [pytest.param("", marks=pytest.mark.skip("no real input beside"))])
def test_a_real_answer_says_what_it_says(name):
    raw, wanted = (DATA / "replies" / name).read_bytes(), EXPECTED[name]

    found = reading(raw if name.endswith(".eml") else around(raw))

    entries = [
        {
            "uid": entry.uid,
            "recurrence_id": entry.recurrence or None,
            "sequence": entry.sequence,
            "dtstamp": entry.stamp and entry.stamp.strftime("%Y%m%dT%H%M%S") + ("Z" if entry.stamp.tzinfo else ""),
            "comment": entry.comment or None,
            "attendees": [
                (one.address, one.partstat or None, next(iter(one.delegated_from), None)) for one in entry.attendees
            ],
        }
        for entry in (found.entries if found else ())
    ]
    asked = [
        {**item, "attendees": [(one["email"], one["partstat"], one.get("delegated_from")) for one in item["attendees"]]}
        for item in wanted["items"]
    ]
    assert entries == [{name: item[name] for name in entry} for item, entry in zip(asked, entries, strict=True)]
    if wanted["expect"] in VERDICTS:
        assert (found.verdict, found.method) == (VERDICTS[wanted["expect"]], wanted["method"])
    else:
        assert (wanted["expect"][:10], found) == ("unreadable", None)


@pytest.mark.real_data
def test_no_calendar_in_the_world_makes_it_fail_or_takes_a_second():
    for path in CORPUS:
        raw = path.read_bytes()
        for mail in (
            raw,
            around(raw),
            around(raw, "application/ics"),
            around(raw, 'text/plain; name="x.ics"', "base64"),
            around(raw, "text/calendar; charset=utf-16; method=REPLY"),
            around(around(raw), "message/rfc822"),
            mailed("a@example.org", raw.decode("latin-1")),
        ):
            reading(mail)
    assert reading(around(around((DATA / "golden" / "invite.ics").read_bytes()), "message/rfc822")) is None
    assert len(CORPUS) == 89 or not CORPUS


FORM = calendar("i-1@x", "a@example.org", params=';CN=A;DELEGATED-TO="mailto:b@c.de"', lines=["COMMENT:x"])


@hypothesis(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_make_it_fail(raw):
    for mail in (raw, around(raw), around(b"BEGIN:VCALENDAR\r\n" + raw), mailed("a@example.org", FORM) + raw):
        assert isinstance(reading(mail), ical.Reading | None)
        assert isinstance(read(mail), Incoming)
        assert not sender_of(mail, "mx.example.net").is_proven  # no bytes of a stranger prove who sent them


LINES = FORM.encode().split(b"\r\n")


@hypothesis(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from([*LINES, b"END:VEVENT", b" ", b"\t:", b"BEGIN:VTIMEZONE"]), max_size=30), st.binary())
def test_no_order_of_lines_makes_it_fail(lines, rubbish):
    found = reading(around(b"\r\n".join([LINES[0], *lines, rubbish, *LINES[1:]])))

    assert found is None or found.verdict in ical.Verdict


def lots(line: str, count: int) -> bytes:
    return around(calendar("i-1@x", "a@example.org", lines=[line] * count).encode())


ENTRY = "END:VEVENT\r\nBEGIN:VEVENT"
TOO_MUCH = [
    (lambda: around(b"x" * 5_000_001), "The message is too large."),
    (lambda: around(b"".join([b"--a\r\n\r\nx\r\n"] * 102), "multipart/mixed; boundary=a"), "too many parts"),
    (lambda: lots(f"SUMMARY:{'x' * 300}", 900), "The calendar is too large."),
    (lambda: lots("X:y", 4100), "too many lines"),
    (lambda: lots(ENTRY, 51), "Too many entries"),
    (lambda: lots("ATTENDEE:mailto:a@example.org", 21), "Too many entries or people"),
    (lambda: lots("BEGIN:VALARM", 4), "too deeply nested"),
    (lambda: around(b"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\n"), "cut off"),
    (lambda: around(b"hello"), "no calendar"),
    (lambda: around(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR"), "no entry"),
]


@pytest.mark.parametrize(("mail", "sentence"), TOO_MUCH)
def test_what_is_too_much_or_cut_off_is_not_read(mail, sentence):
    with pytest.raises(ical.Unreadable, match=sentence):
        ical.read_answer(mail())


def test_time_zones_and_alarms_are_not_read_and_what_takes_too_long_is_stopped():
    zone = ["BEGIN:VTIMEZONE", "ATTENDEE:mailto:evil@example.org", "UID:other", "END:VTIMEZONE"]

    entry = ical.read_answer(around(calendar("own", "a@example.org", lines=zone).encode())).entry

    assert (entry.uid, [one.address for one in entry.attendees]) == ("own", ["a@example.org"])
    with pytest.raises(TimeoutError), ical.within(0.01):
        while True:
            pass
