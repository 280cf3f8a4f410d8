"""What we convene: events, their programmes, invitations, seats and calendars."""

from events.models.absence import Absence
from events.models.allotment import Allotment
from events.models.answer import InvitationAnswer
from events.models.answers import Answer, Choice
from events.models.appointment import Appointment, Notice
from events.models.audience import Audience, Circle
from events.models.board import Move, Spot, Stale
from events.models.booth import Booth
from events.models.calendar_reply import CalendarReply
from events.models.commitment import Commitment
from events.models.curriculum import Curriculum, Module, Profession, Trainer
from events.models.delegation import Delegation
from events.models.document import Document, DocumentVersion
from events.models.event import Event
from events.models.feed import CalendarFeed, StaffFeed
from events.models.formal_letter import FormalLetter
from events.models.handout import Handout
from events.models.invitation import Invitation
from events.models.item import Item, ItemOption
from events.models.letter_text import LetterText
from events.models.minutes import Minutes
from events.models.mission import Envoy, Mission
from events.models.note_verbale import NoteVerbale
from events.models.plan import PlanItem
from events.models.presence import Presence
from events.models.programme import Programme, ProgrammeEntry
from events.models.programme_file import ProgrammeFile
from events.models.question import Option, Question
from events.models.questionnaire import Questionnaire
from events.models.quota import Place, Quota, Role
from events.models.registration import Registration
from events.models.reminder import Reminded, Reminder
from events.models.scanner import Scanner
from events.models.seat_request import SeatRequest
from events.models.session import Appearance, Session, Track
from events.models.sheet import Addressee, Sheet, SheetAnswer
from events.models.standing import Standing
from events.models.telling import Encounter, FollowUp, MissionReport, Talk
from events.models.venue import Room, Venue

__all__ = [
    "Absence",
    "Addressee",
    "Allotment",
    "Answer",
    "Appearance",
    "Appointment",
    "Audience",
    "Booth",
    "CalendarFeed",
    "CalendarReply",
    "Choice",
    "Circle",
    "Commitment",
    "Curriculum",
    "Delegation",
    "Document",
    "DocumentVersion",
    "Encounter",
    "Envoy",
    "Event",
    "FollowUp",
    "FormalLetter",
    "Handout",
    "Invitation",
    "InvitationAnswer",
    "Item",
    "ItemOption",
    "LetterText",
    "Minutes",
    "Mission",
    "MissionReport",
    "Module",
    "Move",
    "NoteVerbale",
    "Notice",
    "Option",
    "Place",
    "PlanItem",
    "Presence",
    "Profession",
    "Programme",
    "ProgrammeEntry",
    "ProgrammeFile",
    "Question",
    "Questionnaire",
    "Quota",
    "Registration",
    "Reminded",
    "Reminder",
    "Role",
    "Room",
    "Scanner",
    "SeatRequest",
    "Session",
    "Sheet",
    "SheetAnswer",
    "Spot",
    "StaffFeed",
    "Stale",
    "Standing",
    "Talk",
    "Track",
    "Trainer",
    "Venue",
]
