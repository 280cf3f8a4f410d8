"""Programmes as other systems write them, read into one description."""

from events.programme_formats.plain_text import plain_text
from events.programme_formats.schedule import Schedule, ScheduledPerson, ScheduledSession, ScheduledTrack, ScheduleError
from events.programme_formats.schedule_xml import read_schedule

__all__ = [
    "Schedule",
    "ScheduleError",
    "ScheduledPerson",
    "ScheduledSession",
    "ScheduledTrack",
    "plain_text",
    "read_schedule",
]
