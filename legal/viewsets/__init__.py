"""The admin's screens for the law."""

from legal.viewsets.assistance import AssistanceViewSet, WorkloadViewSet
from legal.viewsets.authority import AuthorityViewSet
from legal.viewsets.checking import CheckingViewSet
from legal.viewsets.correspondence import CorrespondenceViewSet
from legal.viewsets.expert import ExpertViewSet
from legal.viewsets.gaps import GapsViewSet
from legal.viewsets.suggestion import SuggestionViewSet
from legal.viewsets.works import CaseStudyViewSet, InstrumentViewSet, ModelLawViewSet, NationalLawViewSet

__all__ = [
    "AssistanceViewSet",
    "AuthorityViewSet",
    "CaseStudyViewSet",
    "CheckingViewSet",
    "CorrespondenceViewSet",
    "ExpertViewSet",
    "GapsViewSet",
    "InstrumentViewSet",
    "ModelLawViewSet",
    "NationalLawViewSet",
    "SuggestionViewSet",
    "WorkloadViewSet",
]
