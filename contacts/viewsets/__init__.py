"""The admin's screens for people and letters."""

from contacts.viewsets.admission import AdmissionRuleViewSet
from contacts.viewsets.agreement import AgreementViewSet
from contacts.viewsets.application import ApplicationViewSet
from contacts.viewsets.chooser import PersonChooserViewSet
from contacts.viewsets.coverage import CoverageViewSet
from contacts.viewsets.duplicate import DuplicatePairViewSet
from contacts.viewsets.imports import ImportBatchViewSet
from contacts.viewsets.interaction import InteractionViewSet
from contacts.viewsets.mailing import MailingViewSet
from contacts.viewsets.membership import MembershipViewSet
from contacts.viewsets.message import MessageViewSet
from contacts.viewsets.person import PersonViewSet
from contacts.viewsets.received import ReceivedLetterViewSet
from contacts.viewsets.retention import RetentionRuleViewSet
from contacts.viewsets.returned import ReturnedLetterViewSet
from contacts.viewsets.screening import ScreeningQuestionViewSet
from contacts.viewsets.segment import SegmentViewSet
from contacts.viewsets.suppression import SuppressionViewSet
from contacts.viewsets.task import TaskViewSet
from contacts.viewsets.user import UserViewSet
from contacts.viewsets.watchlist import WatchlistViewSet

__all__ = [
    "AdmissionRuleViewSet",
    "AgreementViewSet",
    "ApplicationViewSet",
    "CoverageViewSet",
    "DuplicatePairViewSet",
    "ImportBatchViewSet",
    "InteractionViewSet",
    "MailingViewSet",
    "MembershipViewSet",
    "MessageViewSet",
    "PersonChooserViewSet",
    "PersonViewSet",
    "ReceivedLetterViewSet",
    "RetentionRuleViewSet",
    "ReturnedLetterViewSet",
    "ScreeningQuestionViewSet",
    "SegmentViewSet",
    "SuppressionViewSet",
    "TaskViewSet",
    "UserViewSet",
    "WatchlistViewSet",
]
