"""The law: instruments and who is bound by them, national law, model law, cases, and their texts; how far the law of a
country meets a standard, and what our help changed."""

from legal.models.advisory_mission import Adviser, AdvisoryMission, Draft
from legal.models.assistance import Assistance, Milestone, State
from legal.models.authority import Authority
from legal.models.case import CaseStudy, Channel
from legal.models.correspondence import Correspondence, Grade, Relation
from legal.models.expert import Availability, Engagement, Expert
from legal.models.instrument import Instrument
from legal.models.law import NationalLaw
from legal.models.model_law import ModelLaw
from legal.models.participation import Act, Participation, Standing, Status, standing_of
from legal.models.sourced import Sourced
from legal.models.suggestion import Suggestion
from legal.models.text import Expression, Passage, Provision
from legal.models.work import Work

__all__ = [
    "Act",
    "Adviser",
    "AdvisoryMission",
    "Assistance",
    "Authority",
    "Availability",
    "CaseStudy",
    "Channel",
    "Correspondence",
    "Draft",
    "Engagement",
    "Expert",
    "Expression",
    "Grade",
    "Instrument",
    "Milestone",
    "ModelLaw",
    "NationalLaw",
    "Participation",
    "Passage",
    "Provision",
    "Relation",
    "Sourced",
    "Standing",
    "State",
    "Status",
    "Suggestion",
    "Work",
    "standing_of",
]
