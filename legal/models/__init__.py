"""The law: instruments and who is bound by them, national law, model law, cases, and their texts; how far the law of a
country meets a standard, and what our help changed."""

from legal.models.advisory_mission import Adviser, AdvisoryMission, Draft
from legal.models.archive import LawArchive
from legal.models.assistance import Assistance, Milestone, State
from legal.models.authority import Authority
from legal.models.case import CaseStudy, Channel
from legal.models.correspondence import Correspondence, Grade, Relation
from legal.models.drafting import Commentary, DraftChoice, DraftingOption, NationalDraft
from legal.models.expert import Availability, Engagement, Expert
from legal.models.instrument import Instrument
from legal.models.intake import IncomingText, Intake
from legal.models.law import NationalLaw
from legal.models.model_law import ModelLaw
from legal.models.participation import Participation, Standings
from legal.models.pathway import Pathway, PathwayStep
from legal.models.saved_search import SavedSearch
from legal.models.search import SearchEntry
from legal.models.sourced import Sourced
from legal.models.standing import Act, Force, Standing, Status, standing_of
from legal.models.statement import Statement
from legal.models.status_tables import StatusName, StatusRow, StatusTable
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
    "Commentary",
    "Correspondence",
    "Draft",
    "DraftChoice",
    "DraftingOption",
    "Engagement",
    "Expert",
    "Expression",
    "Force",
    "Grade",
    "IncomingText",
    "Instrument",
    "Intake",
    "LawArchive",
    "Milestone",
    "ModelLaw",
    "NationalDraft",
    "NationalLaw",
    "Participation",
    "Passage",
    "Pathway",
    "PathwayStep",
    "Provision",
    "Relation",
    "SavedSearch",
    "SearchEntry",
    "Sourced",
    "Standing",
    "Standings",
    "State",
    "Statement",
    "Status",
    "StatusName",
    "StatusRow",
    "StatusTable",
    "Suggestion",
    "Work",
    "standing_of",
]
