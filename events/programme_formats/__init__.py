"""Programmes as other systems write them, read into one description; and that description written as they read it."""

from events.programme_formats.opening import read_schedule
from events.programme_formats.plain_text import paragraphs, plain_text, words
from events.programme_formats.schedule import (
    Frame,
    Schedule,
    ScheduledPerson,
    ScheduledSession,
    ScheduledTrack,
    ScheduleError,
    Wording,
)
from events.programme_formats.schedule_json import write_json
from events.programme_formats.schedule_sheet import write_table
from events.programme_formats.schedule_xml import write_xml

__all__ = [
    "Frame",
    "Schedule",
    "ScheduleError",
    "ScheduledPerson",
    "ScheduledSession",
    "ScheduledTrack",
    "Wording",
    "paragraphs",
    "plain_text",
    "read_schedule",
    "words",
    "write_json",
    "write_table",
    "write_xml",
]
