"""People, and everything that we send to them."""

from contacts.models.affiliation import Affiliation
from contacts.models.consent import Consent
from contacts.models.duplicate import DuplicatePair, DuplicateScan, MatchKey
from contacts.models.imports import ImportBatch, ImportLayout, ImportRow
from contacts.models.interaction import Interaction, InteractionParty
from contacts.models.mailing import Mailing, MailingRecipient, MailingText
from contacts.models.merge import Merge
from contacts.models.message import Delivery, Message
from contacts.models.person import Person, PersonEmail, PersonPhone
from contacts.models.retention import RetentionRule
from contacts.models.segment import Segment, SegmentChoice
from contacts.models.suppression import Suppression
from contacts.models.task import Task
from contacts.models.user import User

__all__ = [
    "Affiliation",
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
    "Person",
    "PersonEmail",
    "PersonPhone",
    "RetentionRule",
    "Segment",
    "SegmentChoice",
    "Suppression",
    "Task",
    "User",
]
