"""Tables about events as workbooks. Knows no models: rows in, the bytes of an XLSX file out."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"  # the type of what `workbook` makes


def workbook(title: str, headings: Sequence[str], rows: Iterable[Sequence[str]], *, is_right_to_left: bool) -> bytes:
    """A workbook of one sheet; no cell of it is taken for a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31].translate({ord(mark): " " for mark in "[]:*?/\\"}))
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


def _text(sheet: Any, text: str) -> WriteOnlyCell:
    """A cell of text, whatever it begins with (CWE-1236)."""
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    return cell
