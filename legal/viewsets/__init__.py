"""The admin's screens for the law."""

from legal.viewsets.drafts import NationalDraftViewSet
from legal.viewsets.expressions import ExpressionViewSet
from legal.viewsets.intakes import IntakeViewSet
from legal.viewsets.works import CaseStudyViewSet, InstrumentViewSet, ModelLawViewSet, NationalLawViewSet

__all__ = [
    "CaseStudyViewSet",
    "ExpressionViewSet",
    "InstrumentViewSet",
    "IntakeViewSet",
    "ModelLawViewSet",
    "NationalDraftViewSet",
    "NationalLawViewSet",
]
