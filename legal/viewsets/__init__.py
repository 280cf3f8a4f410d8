"""The admin's screens for the law."""

from legal.viewsets.drafts import NationalDraftViewSet
from legal.viewsets.works import CaseStudyViewSet, InstrumentViewSet, ModelLawViewSet, NationalLawViewSet

__all__ = ["CaseStudyViewSet", "InstrumentViewSet", "ModelLawViewSet", "NationalDraftViewSet", "NationalLawViewSet"]
