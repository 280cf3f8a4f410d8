"""The lists and forms of events in the admin."""

from events.viewsets.commitment import CommitmentViewSet
from events.viewsets.delegation import DelegationViewSet
from events.viewsets.event import EventViewSet
from events.viewsets.invitation import InvitationViewSet, RegistrationViewSet
from events.viewsets.question import QuestionViewSet
from events.viewsets.session import SessionViewSet, VenueViewSet

__all__ = [
    "CommitmentViewSet",
    "DelegationViewSet",
    "EventViewSet",
    "InvitationViewSet",
    "QuestionViewSet",
    "RegistrationViewSet",
    "SessionViewSet",
    "VenueViewSet",
]
