"""The admin's screens for the law."""

from legal.viewsets.assistance import AssistanceViewSet, WorkloadViewSet
from legal.viewsets.authority import AuthorityViewSet
from legal.viewsets.checking import CheckingViewSet
from legal.viewsets.correspondence import CorrespondenceViewSet
from legal.viewsets.drafts import NationalDraftViewSet
from legal.viewsets.expert import ExpertViewSet
from legal.viewsets.expressions import ExpressionViewSet
from legal.viewsets.gaps import GapsViewSet
from legal.viewsets.intakes import IntakeViewSet
from legal.viewsets.pathway import NextSteps, PathwayViewSet
from legal.viewsets.status_tables import StatusTableViewSet
from legal.viewsets.suggestion import SuggestionViewSet
from legal.viewsets.treaties import ParticipationViewSet, StatementViewSet
from legal.viewsets.works import CaseStudyViewSet, InstrumentViewSet, ModelLawViewSet, NationalLawViewSet

__all__ = [
    "AssistanceViewSet",
    "AuthorityViewSet",
    "CaseStudyViewSet",
    "CheckingViewSet",
    "CorrespondenceViewSet",
    "ExpertViewSet",
    "ExpressionViewSet",
    "GapsViewSet",
    "InstrumentViewSet",
    "IntakeViewSet",
    "ModelLawViewSet",
    "NationalDraftViewSet",
    "NationalLawViewSet",
    "NextSteps",
    "ParticipationViewSet",
    "PathwayViewSet",
    "StatementViewSet",
    "StatusTableViewSet",
    "SuggestionViewSet",
    "WorkloadViewSet",
]
