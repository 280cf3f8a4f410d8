"""The admin's screens for the law."""

from legal.viewsets.drafts import NationalDraftViewSet
from legal.viewsets.expressions import ExpressionViewSet
from legal.viewsets.intakes import IntakeViewSet
from legal.viewsets.pathway import NextSteps, PathwayViewSet
from legal.viewsets.status_tables import StatusTableViewSet
from legal.viewsets.treaties import ParticipationViewSet, StatementViewSet
from legal.viewsets.works import CaseStudyViewSet, InstrumentViewSet, ModelLawViewSet, NationalLawViewSet

__all__ = [
    "CaseStudyViewSet",
    "ExpressionViewSet",
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
]
