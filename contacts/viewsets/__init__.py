"""The admin's screens for people and letters."""

from contacts.viewsets.chooser import PersonChooserViewSet
from contacts.viewsets.coverage import CoverageViewSet
from contacts.viewsets.duplicate import DuplicatePairViewSet
from contacts.viewsets.imports import ImportBatchViewSet
from contacts.viewsets.interaction import InteractionViewSet
from contacts.viewsets.mailing import MailingViewSet
from contacts.viewsets.message import MessageViewSet
from contacts.viewsets.person import PersonViewSet
from contacts.viewsets.retention import RetentionRuleViewSet
from contacts.viewsets.segment import SegmentViewSet
from contacts.viewsets.suppression import SuppressionViewSet
from contacts.viewsets.task import TaskViewSet
from contacts.viewsets.user import UserViewSet

__all__ = [
    "CoverageViewSet",
    "DuplicatePairViewSet",
    "ImportBatchViewSet",
    "InteractionViewSet",
    "MailingViewSet",
    "MessageViewSet",
    "PersonChooserViewSet",
    "PersonViewSet",
    "RetentionRuleViewSet",
    "SegmentViewSet",
    "SuppressionViewSet",
    "TaskViewSet",
    "UserViewSet",
]
