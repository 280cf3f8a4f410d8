"""Sheets: what other people send us (CSV, XLSX, ODS, JSON Lines, vCard, LDIF), read into records."""

from network.sheets.cells import RowError, SheetError, country_code, email_address, one_line, web_address, within
from network.sheets.encodings import ENCODINGS
from network.sheets.opening import open_sheet, read_rows
from network.sheets.organizations import OrganizationRecord, OtherName, read_organizations
from network.sheets.reading import Reading, Row, Sheet
from network.sheets.rows import Layout, read_records
from network.sheets.tally import Refusal, Tally

__all__ = [
    "ENCODINGS",
    "Layout",
    "OrganizationRecord",
    "OtherName",
    "Reading",
    "Refusal",
    "Row",
    "RowError",
    "Sheet",
    "SheetError",
    "Tally",
    "country_code",
    "email_address",
    "one_line",
    "open_sheet",
    "read_organizations",
    "read_records",
    "read_rows",
    "web_address",
    "within",
]
