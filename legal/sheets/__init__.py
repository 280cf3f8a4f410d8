"""Sheets: tables of who takes part in which treaty, from whoever keeps them, read into claims."""

from legal.sheets.claims import Claim, claims_of
from legal.sheets.columns import FIELDS, check_mapping, suggest
from legal.sheets.countries import key, other_names, spellings, why_none
from legal.sheets.opening import open_status

__all__ = [
    "FIELDS",
    "Claim",
    "check_mapping",
    "claims_of",
    "key",
    "open_status",
    "other_names",
    "spellings",
    "suggest",
    "why_none",
]
