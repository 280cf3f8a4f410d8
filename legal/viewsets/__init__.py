"""The admin's screens for the law."""

from legal.viewsets.status_tables import StatusTableViewSet
from legal.viewsets.treaties import ParticipationViewSet, StatementViewSet
from legal.viewsets.works import CaseStudyViewSet, InstrumentViewSet, ModelLawViewSet, NationalLawViewSet

__all__ = [
    "CaseStudyViewSet",
    "InstrumentViewSet",
    "ModelLawViewSet",
    "NationalLawViewSet",
    "ParticipationViewSet",
    "StatementViewSet",
    "StatusTableViewSet",
]
