"""Tables about events: workbooks that we make, rows in and the bytes of an XLSX file out; and answers to invitations
that stand in a table. Knows no models."""

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_noop
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from network.names import fold
from network.sentences import Sentence
from network.sheets import Layout, Refusal, Row, RowError, email_address, read_records, within

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"  # the type of what `workbook` makes

MOST_OFFERED = 255  # letters of a list to choose from
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")  # what a workbook takes for a character written as a number


def workbook(title: str, headings: Sequence[str], rows: Iterable[Sequence[str]], *, is_right_to_left: bool) -> bytes:
    """A workbook of one sheet; no cell of it is taken for a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_sheet_name(title))
    sheet.sheet_view.rightToLeft = is_right_to_left
    sheet.freeze_panes = "A2"
    head = [WriteOnlyCell(sheet, value=heading) for heading in headings]
    for cell in head:
        cell.font = Font(bold=True)
    sheet.append(head)
    for row in rows:
        sheet.append([_text(sheet, text) for text in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def table_of(
    title: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[str | datetime]],
    choices: Mapping[str, Sequence[str]],
    *,
    is_right_to_left: bool,
) -> bytes:
    """A workbook of one sheet to work in: columns wide enough, moments as such, and for a column (by its heading) some
    `choices`, beside which anything else can be written."""
    book = Workbook()
    sheet = book.active
    sheet.title = _sheet_name(title)
    sheet.sheet_view.rightToLeft = is_right_to_left
    sheet.freeze_panes = "A2"
    for number, heading in enumerate(headings, 1):
        sheet.cell(1, number, heading).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(number)].width = max(18, len(heading) + 2)
    for number, row in enumerate(rows, 2):
        for place, value in enumerate(row, 1):
            if value != "":
                _put(sheet.cell(number, place), value)
    for heading, options in choices.items():
        _offer(sheet, get_column_letter(headings.index(heading) + 1), ",".join(options))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _put(cell: Any, value: str | datetime) -> None:
    if isinstance(value, datetime):
        cell.value, cell.number_format = value, "yyyy-mm-dd hh:mm"
    else:
        cell.value, cell.data_type = _ESCAPE.sub("_x005F_", value), "s"


def _offer(sheet: Any, column: str, options: str) -> None:
    """The `options` to choose from in all rows of the `column`, as far as a workbook can hold so many."""
    if 0 < len(options) <= MOST_OFFERED and '"' not in options:
        rule = DataValidation("list", formula1=f'"{options}"', allow_blank=True, showErrorMessage=False)
        rule.add(f"{column}2:{column}5000")
        sheet.add_data_validation(rule)


def _sheet_name(title: str) -> str:
    return title[:31].translate({ord(mark): " " for mark in "[]:*?/\\"})


def _text(sheet: Any, text: str) -> WriteOnlyCell:
    """A cell of text, whatever it begins with (CWE-1236)."""
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    return cell


# -- answers to invitations, as others have gathered them

# PARTSTAT of RFC 5545 -> what people write for it, in the four languages.
WRITTEN = {
    "ACCEPTED": "accepted accept yes y oui accepté accepte sí acepta aceptado aceptada نعم قبول مقبول",
    "DECLINED": "declined decline no n non refusé décliné rechazado declina لا اعتذار",
    "TENTATIVE": "tentative maybe perhaps peut-être provisoire quizás tentativo ربما",
}
REPLIES = {fold(word): reply for reply, words in WRITTEN.items() for word in words.split()}
MOST_LETTERS = 1000  # of a reason, as on the page behind the link


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """What a table says that the one with the address `email` has answered; `reply` as RFC 5545 has it."""

    row: int
    email: str
    reply: str
    reason: str = ""


def read_answers(path: str | Path) -> Iterator[GivenAnswer | Refusal]:
    """The answers in the table at `path` (CSV, XLSX, ODS): columns e-mail and answer, and reason where there is one.
    Raises SheetError where it is no table, or has other columns."""
    return read_records(path, (ANSWERS,))


def _given(row: Row) -> GivenAnswer:
    said = row.text("answer")
    if not (reply := REPLIES.get(fold(said))):
        told = gettext_noop("“%(text)s” is no answer. Write accepted, declined or tentative.")
        raise RowError(Sentence(told, text=said))
    reason = within(row.text("reason"), MOST_LETTERS, "reason")
    return GivenAnswer(row.number, email_address(row.text("email")), reply, reason)


ANSWERS = Layout(
    _given,
    frozenset({"email", "answer"}),
    frozenset({"email", "answer", "reason"}),
    {"e_mail": "email", "e_mail_address": "email", "email_address": "email", "address": "email", "mail": "email"}
    | {"reply": "answer", "response": "answer", "rsvp": "answer", "message": "reason", "comment": "reason"},
)
