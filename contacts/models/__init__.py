"""People, and everything that we send to them."""

from contacts.models.admission import AdmissionItem, AdmissionRule
from contacts.models.affiliation import Affiliation
from contacts.models.agreement import Agreement, AgreementParty
from contacts.models.application import Application
from contacts.models.calendar_post import CalendarPost
from contacts.models.consent import Consent
from contacts.models.delivery import Delivery
from contacts.models.duplicate import DuplicatePair, DuplicateScan, MatchKey
from contacts.models.imports import ImportBatch, ImportLayout, ImportRow
from contacts.models.interaction import Interaction, InteractionParty
from contacts.models.mailing import Mailing, MailingRecipient, MailingText
from contacts.models.merge import Merge
from contacts.models.message import Message
from contacts.models.person import Person, PersonEmail, PersonPhone
from contacts.models.received import Outcome, ReceivedFile, ReceivedLetter
from contacts.models.retention import RetentionRule
from contacts.models.returned import ReturnedLetter
from contacts.models.review import ApplicationCheck, ApplicationDocument, ApplicationStep
from contacts.models.screening import ScreeningQuestion
from contacts.models.screening_run import ScreeningRun
from contacts.models.segment import Segment, SegmentChoice
from contacts.models.suppression import Suppression
from contacts.models.task import Task
from contacts.models.user import User
from contacts.models.watchlist import Watchlist, WatchlistEntry

__all__ = [
    "AdmissionItem",
    "AdmissionRule",
    "Affiliation",
    "Agreement",
    "AgreementParty",
    "Application",
    "ApplicationCheck",
    "ApplicationDocument",
    "ApplicationStep",
    "CalendarPost",
    "Consent",
    "Delivery",
    "DuplicatePair",
    "DuplicateScan",
    "ImportBatch",
    "ImportLayout",
    "ImportRow",
    "Interaction",
    "InteractionParty",
    "Mailing",
    "MailingRecipient",
    "MailingText",
    "MatchKey",
    "Merge",
    "Message",
    "Outcome",
    "Person",
    "PersonEmail",
    "PersonPhone",
    "ReceivedFile",
    "ReceivedLetter",
    "RetentionRule",
    "ReturnedLetter",
    "ScreeningQuestion",
    "ScreeningRun",
    "Segment",
    "SegmentChoice",
    "Suppression",
    "Task",
    "User",
    "Watchlist",
    "WatchlistEntry",
]
