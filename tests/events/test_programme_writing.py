"""Programmes written as others read them, and read back as they were."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.programme_formats import (
    Frame,
    Schedule,
    ScheduledPerson,
    ScheduledSession,
    ScheduledTrack,
    Wording,
    paragraphs,
    read_schedule,
    words,
    write_json,
    write_table,
    write_xml,
)

WRITERS = {"xml": write_xml, "json": write_json, "xlsx": write_table}
LANGUAGES = ("en", "fr", "es", "ar")
ZONES = sorted(zone for zone in available_timezones() if not zone.startswith(("posix", "right")) and zone != "Factory")


def writable(most: int) -> st.SearchStrategy[str]:
    """Anything that a database holds: all scripts, controls, marks that turn the text; no half pairs."""
    return st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=most)


texts = st.one_of(
    writable(60), st.sampled_from(["=1+1", "<b>&amp;", "_x0041_", "]]>", "#N/A", "x" * 40_000, "2026-01-01"])
)
titles = texts.map(lambda text: text[:900] if words(text[:900]) else "Ⅷ")


@st.composite
def sessions(draw, zone: ZoneInfo, number: int) -> ScheduledSession:
    begins = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=draw(st.integers(0, 366 * 24 * 60)))
    title, abstract, person = draw(titles), draw(texts), draw(writable(20))
    return ScheduledSession(
        guid=UUID(int=draw(st.integers(0, 2**100)) * 100 + number),
        reference="",
        title=title,
        **{"subtitle": "", "description": "", "abstract": abstract},
        kind=words(draw(writable(30))),
        language=draw(st.sampled_from(["", "en", "ar", "pt-br"])),
        track=words(draw(writable(20))),
        room=words(draw(writable(20))),
        day=date(2026, 1, 1),
        starts_at=begins.astimezone(zone),
        ends_at=(begins + timedelta(minutes=draw(st.integers(1, 99 * 60)))).astimezone(zone),
        persons=(ScheduledPerson("", person, "SPEAKER"),) if words(person) else (),
        wordings=(Wording("ar", title, abstract),),
        status=draw(st.sampled_from(["CONFIRMED", "TENTATIVE"])),
        audience=draw(st.sampled_from(["PUBLIC", "PARTICIPANTS"])),
    )


@st.composite
def schedules(draw) -> Schedule:
    zone = ZoneInfo(draw(st.sampled_from(ZONES)))
    found = tuple(draw(sessions(zone, number)) for number in range(draw(st.integers(0, 4))))
    site = "https://entente.example/ar/"
    return Schedule(
        title=draw(writable(40)),
        acronym=draw(st.from_regex(r"[A-Za-z0-9_-]{1,12}", fullmatch=True)),
        timezone=zone.key,
        day_starts_at=time(draw(st.integers(0, 12)), 30),
        starts_on=date(2026, 3, 3),
        ends_on=date(2026, 3, 4),
        **{"venue": draw(writable(20)), "city": "", "refused": (), "ignored": (), "version": "1", "language": "ar"},
        tracks=tuple(ScheduledTrack(name, f"track-{n}") for n, name in enumerate({one.track for one in found} - {""})),
        rooms=tuple(sorted({one.room for one in found} - {""})),
        sessions=found,
        site=site,
        url=f"{site}events/x/",
    )


def told(session: ScheduledSession, kind: str) -> tuple:
    """What a file of the `kind` tells of the session."""
    texts = [(one.language, words(one.title), paragraphs(one.abstract)) for one in session.wordings]
    if kind == "xlsx":  # a cell holds no more
        texts = [(language, title, "" if len(abstract) > 32_767 else abstract) for language, title, abstract in texts]
    names = [words(person.name.replace(";", ",") if kind == "xlsx" else person.name) for person in session.persons]
    times = [moment.astimezone(UTC) for moment in (session.starts_at, session.ends_at)]
    codes = (session.status, session.audience) if kind == "xlsx" else ()
    return (session.guid, *times, texts, session.kind, session.language, session.track, session.room, names, *codes)


def frame_of(schedule: Schedule) -> Frame:
    names = ("acronym", "timezone", "day_starts_at", "starts_on", "ends_on")
    return Frame(**{name: getattr(schedule, name) for name in names})


@pytest.mark.parametrize("kind", WRITERS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(schedule=schedules())
def test_what_is_written_is_read_back_as_it_was(tmp_path, kind, schedule):
    path = tmp_path / f"programme.{kind}"
    path.write_bytes(WRITERS[kind](schedule))

    found = read_schedule(path, frame_of(schedule))

    assert (found.refused, found.ignored) == ((), ())
    assert (found.timezone, found.starts_on, found.ends_on) == (schedule.timezone, schedule.starts_on, schedule.ends_on)
    assert sorted(told(one, kind) for one in found.sessions) == sorted(told(one, kind) for one in schedule.sessions)
    if kind != "xlsx":
        assert found.title == words(schedule.title)
