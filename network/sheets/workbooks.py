"""The table in a workbook (XLSX, ODS), after a look at whether it is safe to open (see `limits`)."""

import re
import zipfile
import zlib
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from network.sentences import Sentence
from network.sheets.cells import SheetError
from network.sheets.limits import check_size
from network.sheets.reading import Reading, Sheet
from network.sheets.tables import Cells, table


def workbook_sheet(path: Path, reading: Reading) -> Sheet:
    """The table in the first visible sheet of the workbook that holds one, or in the one that `reading` names. Raises
    SheetError."""
    try:
        with zipfile.ZipFile(path) as parts:
            check_size(parts)
            system = _date_system(parts)
        book = CalamineWorkbook.from_path(path)
        sheet, reading = _chosen(book, reading)
        rows = _rows(sheet, _shift(system, reading.date_system))
        told = replace(
            reading, format="XLSX" if system else "ODS", encoding="", date_system=reading.date_system or system
        )
        return table(rows, told)
    except (CalamineError, zipfile.BadZipFile, zlib.error, RuntimeError):  # RuntimeError: a part has a password
        raise SheetError(_("This is not a workbook in XLSX or ODS, or it is damaged.")) from None


def _chosen(book: CalamineWorkbook, reading: Reading) -> tuple[CalamineSheet, Reading]:
    """The sheet to read, and the reading with its name and what there is beside it."""
    known = [data for data in book.sheets_metadata if data.typ == SheetTypeEnum.WorkSheet]
    visible = [data.name for data in known if data.visible == SheetVisibleEnum.Visible]
    hidden = [data.name for data in known if data.visible != SheetVisibleEnum.Visible]
    name = reading.sheet or next((name for name in visible if book.get_sheet_by_name(name).start), "")
    if not name:
        raise SheetError(_("The file is empty."))
    if name not in [*visible, *hidden]:
        sentence = _("There is no sheet “%(sheet)s”. There are: %(sheets)s.")
        raise SheetError(sentence % {"sheet": name, "sheets": ", ".join([*visible, *hidden])})
    sheet, remarks = book.get_sheet_by_name(name), []
    if others := [other for other in visible if other != name]:
        sentence = gettext_noop("The workbook has other sheets, which were not read: %(sheets)s.")
        remarks.append(Sentence(sentence, sheets=others))
    if hidden := [other for other in hidden if other != name]:
        sentence = gettext_noop("The workbook has hidden sheets, which were not read: %(sheets)s.")
        remarks.append(Sentence(sentence, sheets=hidden))
    if _filled(sheet):
        sentence = gettext_noop("Cells are merged over several rows; the value stands in each of the rows.")
        remarks.append(Sentence(sentence))
    return sheet, replace(reading, sheet=name, sheets=(*visible, *hidden), remarks=tuple(remarks))


def _rows(sheet: CalamineSheet, shift: timedelta) -> Cells:
    """The rows, numbered from 1. A cell merged over several rows stands in each of them."""
    until = _filled(sheet)
    merged: dict[int, tuple[int, str]] = {}  # column -> the last row of the merged cell, and its text
    for place, values in enumerate(sheet.iter_rows()):
        cells = [_text(value, shift) for value in values]
        for column, (last, text) in merged.items():
            if place <= last:
                cells[column] = cells[column] or text
        merged |= {column: (last, cells[column]) for column, last in until.get(place, ())}
        yield place + 1, cells


def _filled(sheet: CalamineSheet) -> dict[int, list[tuple[int, int]]]:
    """First row -> the column (among those that are read) and the last row of each cell merged over several rows."""
    first = sheet.start[1] if sheet.start else 0
    found: dict[int, list[tuple[int, int]]] = {}
    for (top, left), (bottom, _right) in sheet.merged_cell_ranges or ():
        if bottom > top:
            found.setdefault(top, []).append((left - first, bottom))
    return found


# -- dates


def _date_system(parts: zipfile.ZipFile) -> str:
    """From which year a workbook in XLSX counts its days; "" in ODS, where dates are written out."""
    if "xl/workbook.xml" not in parts.namelist():
        return ""
    is_1904 = re.search(rb"""\bdate1904\s*=\s*["'](?:1|true|on)["']""", parts.read("xl/workbook.xml"))
    return "1904" if is_1904 else "1900"


def _shift(system: str, wanted: str) -> timedelta:
    """What a correction of the date system adds to each date."""
    if wanted not in ("", "1900", "1904"):
        raise SheetError(_("The date system is 1900 or 1904."))
    if not system or wanted in ("", system):
        return timedelta()
    return timedelta(days=1462 if wanted == "1904" else -1462)


# -- cells


def _text(value: object, shift: timedelta) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, date) and shift:
        value = _shifted(value, shift)
    if isinstance(value, datetime) and (value.hour, value.minute, value.second) == (0, 0, 0):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value).strip()


def _shifted(value: date, shift: timedelta) -> date:
    try:
        return value + shift
    except OverflowError:
        return value
