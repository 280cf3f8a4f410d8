"""The lists and forms of events in the admin."""

from events.viewsets.calendar import CalendarViewSet
from events.viewsets.calendar_reply import CalendarReplyViewSet
from events.viewsets.commitment import CommitmentViewSet
from events.viewsets.curriculum import CurriculumViewSet
from events.viewsets.delegation import DelegationViewSet
from events.viewsets.event import EventViewSet
from events.viewsets.invitation import InvitationViewSet, RegistrationViewSet
from events.viewsets.mission import MissionViewSet
from events.viewsets.question import QuestionViewSet
from events.viewsets.questionnaire import ItemViewSet, QuestionnaireViewSet
from events.viewsets.session import SessionViewSet, VenueViewSet
from events.viewsets.training_coverage import TrainingCoverageViewSet
from events.viewsets.training_record import TrainingRecordViewSet

__all__ = [
    "CalendarReplyViewSet",
    "CalendarViewSet",
    "CommitmentViewSet",
    "CurriculumViewSet",
    "DelegationViewSet",
    "EventViewSet",
    "InvitationViewSet",
    "ItemViewSet",
    "MissionViewSet",
    "QuestionViewSet",
    "QuestionnaireViewSet",
    "RegistrationViewSet",
    "SessionViewSet",
    "TrainingCoverageViewSet",
    "TrainingRecordViewSet",
    "VenueViewSet",
]
