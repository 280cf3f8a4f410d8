"""The law: instruments and who is bound by them, national law, model law, cases, and their texts."""

from legal.models.archive import LawArchive
from legal.models.case import CaseStudy, Channel
from legal.models.instrument import Instrument
from legal.models.intake import IncomingText, Intake
from legal.models.law import NationalLaw
from legal.models.model_law import ModelLaw
from legal.models.participation import Act, Participation, Standing, Status, standing_of
from legal.models.sourced import Sourced
from legal.models.text import Expression, Passage, Provision
from legal.models.work import Work

__all__ = [
    "Act",
    "CaseStudy",
    "Channel",
    "Expression",
    "IncomingText",
    "Instrument",
    "Intake",
    "LawArchive",
    "ModelLaw",
    "NationalLaw",
    "Participation",
    "Passage",
    "Provision",
    "Sourced",
    "Standing",
    "Status",
    "Work",
    "standing_of",
]
