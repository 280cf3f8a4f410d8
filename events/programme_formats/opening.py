"""Opening a programme: what it is, by its first bytes and not by its name, and the reader for it."""

import codecs
from pathlib import Path

from django.utils.translation import gettext as _

from events.programme_formats.schedule import Frame, Schedule, ScheduleError
from events.programme_formats.schedule_json import read_json
from events.programme_formats.schedule_sheet import read_table
from events.programme_formats.schedule_xml import read_xml

SIZE_LIMIT = 64 * 2**20  # bytes; FOSDEM's 1,105 sessions are 3.4 MB


def read_schedule(path: str | Path, frame: Frame | None = None) -> Schedule:
    """The programme in the file at `path`: schedule.xml, schedule.json, submissions of pretalx in JSON, or a table.
    `frame`: what is known of its event, for what the file does not say. Raises ScheduleError where it is none of these,
    is damaged or hostile."""
    path = Path(path)
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(512).removeprefix(codecs.BOM_UTF8).lstrip()
    except OSError:
        raise ScheduleError(_("The file cannot be opened.")) from None
    if size > SIZE_LIMIT:
        raise ScheduleError(_("The file is too large for a programme."))
    if not start:
        raise ScheduleError(_("The file is empty."))
    if start.startswith(b"<") or b"<\x00" in start[:4] or b"\x00<" in start[:4]:
        return read_xml(path, frame)
    if start.startswith((b"{", b"[")):
        return read_json(path, frame)
    return read_table(path, frame)
