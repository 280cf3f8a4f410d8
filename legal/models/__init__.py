"""The law: instruments and who is bound by them, national law, model law, cases, and their texts."""

from legal.models.case import CaseStudy, Channel
from legal.models.instrument import Instrument
from legal.models.law import NationalLaw
from legal.models.model_law import ModelLaw
from legal.models.participation import Participation, Standings
from legal.models.pathway import Pathway, PathwayStep
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
    "Expression",
    "Force",
    "Instrument",
    "ModelLaw",
    "NationalLaw",
    "Participation",
    "Passage",
    "Pathway",
    "PathwayStep",
    "Provision",
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
