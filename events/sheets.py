"""Tables about events as workbooks. Knows no models: rows in, the bytes of an XLSX file out."""

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

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
