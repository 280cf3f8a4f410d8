"""The law: instruments and who is bound by them, national law, model law, cases, and their texts."""

from legal.models.case import CaseStudy, Channel
from legal.models.drafting import Commentary, DraftChoice, DraftingOption, NationalDraft
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
from legal.models.text import Expression, Passage, Provision
from legal.models.work import Work

__all__ = [
    "Act",
    "CaseStudy",
    "Channel",
    "Commentary",
    "DraftChoice",
    "DraftingOption",
    "Expression",
    "Force",
    "IncomingText",
    "Instrument",
    "Intake",
    "ModelLaw",
    "NationalDraft",
    "NationalLaw",
    "Participation",
    "Passage",
    "Pathway",
    "PathwayStep",
    "Provision",
    "SavedSearch",
    "SearchEntry",
    "Sourced",
    "Standing",
    "Standings",
    "Statement",
    "Status",
    "StatusName",
    "StatusRow",
    "StatusTable",
    "Work",
    "standing_of",
]
