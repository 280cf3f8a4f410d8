"""How a programme leaves the house: what is published, or the draft, as the papers take it."""

from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import override

from events.models.booth import languages_heard
from events.models.event import Event
from events.models.intake import COLORS
from events.models.programme import Programme, ProgrammeEntry
from events.programme_formats import Schedule, ScheduledPerson, ScheduledSession, ScheduledTrack, Wording
from network.labels import Labels

LANGUAGES = [code for code, _name in settings.LANGUAGES]


def published(event: Event, language: str) -> Schedule | None:
    """What everybody may see of the published programme, in `language`; None where there is none."""
    programme = event.programme
    if programme is None:
        return None
    entries = programme.entries.visible_to(None).select_related("circle").in_order()
    return described(event, entries, language, version=str(programme.version))


def drafted(event: Event, language: str) -> Schedule:
    """All sessions as they are now, published or not, for whoever organizes the event."""
    programme = Programme(event=event)
    with override(language):
        entries = [programme.draft(session) for session in event.sessions.scheduled().whole().in_order()]
    return described(event, entries, language, version="draft")


def described(event: Event, entries: Iterable[ProgrammeEntry], language: str, *, version: str) -> Schedule:
    """`entries` as a schedule in `language`."""
    entries = list(entries)
    site = f"{settings.SITE_URL}/{language}/"
    rooms = dict.fromkeys(entry.room_name.in_language(language) for entry in entries if entry.room_name)
    tracks = {entry.track_slug: entry for entry in entries if entry.track_slug}
    return Schedule(
        title=event.title.in_language(language),
        acronym=event.slug,
        timezone=event.timezone,
        day_starts_at=event.day_starts_at,
        starts_on=event.starts_on,
        ends_on=event.ends_on,
        venue=event.venue.name.in_language(language) if event.venue else "",
        city=event.venue.city if event.venue else "",
        tracks=tuple(_track(entry, language) for entry in tracks.values()),
        rooms=tuple(rooms),
        sessions=tuple(_session(event, entry, language) for entry in entries),
        refused=(),
        ignored=(),
        language=language,
        site=site,
        url=f"{site}events/{event.slug}/",
        version=version,
    )


def _track(entry: ProgrammeEntry, language: str) -> ScheduledTrack:
    color = f"#{COLORS[entry.track_color]:06x}" if entry.track_color in COLORS else ""
    return ScheduledTrack(entry.track_name.in_language(language), entry.track_slug, color)


def _session(event: Event, entry: ProgrammeEntry, language: str) -> ScheduledSession:
    with override(language):
        interpretation, readers = languages_heard(entry.interpretation), entry.readers if entry.is_restricted else ""
    return ScheduledSession(
        guid=entry.guid,
        reference="",
        title=entry.title.in_language(language),
        subtitle="",
        abstract=entry.abstract.in_language(language),
        description="",
        kind=entry.kind,
        language=entry.language,
        interpretation=interpretation,
        readers=readers,
        track=entry.track_name.in_language(language),
        room=entry.room_name.in_language(language),
        day=entry.day,
        starts_at=entry.starts_at.astimezone(event.zone),
        ends_at=entry.ends_at.astimezone(event.zone),
        persons=tuple(ScheduledPerson("", person["name"], person["role"]) for person in entry.people),
        wordings=tuple(_wordings(entry.title, entry.abstract)),
        status=entry.status,
        audience=entry.audience,
    )


def _wordings(title: Labels, abstract: Labels) -> list[Wording]:
    return [
        Wording(code, title.get(code, ""), abstract.get(code, ""))
        for code in LANGUAGES
        if title.get(code) or abstract.get(code)
    ]
