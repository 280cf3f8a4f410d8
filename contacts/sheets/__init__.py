"""People in the files that others send us: contact lists, exports of address books, and Entente's own template."""

from contacts.sheets.columns import FIELDS, suggest
from contacts.sheets.mapped import check_mapping, mapped_person
from contacts.sheets.people import COLUMNS, read_people
from contacts.sheets.records import PersonRecord

__all__ = ["COLUMNS", "FIELDS", "PersonRecord", "check_mapping", "mapped_person", "read_people", "suggest"]
