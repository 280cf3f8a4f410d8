"""What we convene: events, their programmes, invitations, seats and calendars."""

from events.models.answer import InvitationAnswer
from events.models.event import Event, Room, Venue
from events.models.feed import CalendarFeed
from events.models.invitation import Invitation
from events.models.programme import Programme, ProgrammeEntry
from events.models.registration import Quota, Registration
from events.models.reminder import Reminded, Reminder
from events.models.session import Appearance, Session, Track
from events.models.standing import Standing

__all__ = [
    "Appearance",
    "CalendarFeed",
    "Event",
    "Invitation",
    "InvitationAnswer",
    "Programme",
    "ProgrammeEntry",
    "Quota",
    "Registration",
    "Reminded",
    "Reminder",
    "Room",
    "Session",
    "Standing",
    "Track",
    "Venue",
]
