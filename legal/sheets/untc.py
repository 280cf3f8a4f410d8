"""The status of a treaty as the United Nations Treaty Collection gives it as XML ("Multilateral Treaties Deposited with
the Secretary-General", one file a treaty), read as a table.

As far as we use it: a header with the title (`Titlesect`), and `Treaty/Participants/Table/TGroup` with the heads of the
columns (`Thead/Row/Entry`) and `Tbody/Rows/Row/Entry`. Where a treaty has a table of its own form, it is
`SpecialTables` with `TableHeader/Title` and `Row/Column`. A head says what the letters behind dates mean:
"Ratification, Acceptance(A), Accession(a)". Footnotes are `<superscript>`, as elements or written out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import parse
from django.utils.translation import gettext as _

from network.sheets import Reading, Row, Sheet, SheetError, one_line

_FOOTNOTE = re.compile(r"<superscript>.*?</superscript>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True)
class Status:
    """`treaty`: its title, as the file has it."""

    sheet: Sheet
    treaty: str


def is_xml(start: bytes) -> bool:
    """Whether a file that begins so is XML, or looks like it."""
    return start.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xfe\xff \t\r\n").startswith(b"<")


def untc_status(path: Path) -> Status:
    """The table in the file at `path`. Raises SheetError: not XML, broken off, dangerous, or of another form."""
    root = _root(path)
    if _name(root) == "html":
        raise _a_page()
    table = next((found for tag in ("Participants", "SpecialTables") for found in _all(root, tag)), None)
    if table is None:
        raise SheetError(_("This is XML, but there is no table of participants of the UN Treaty Collection in it."))
    columns = tuple(_head(table))
    rows = [cells for cells in map(_cells, _all(table, "Row")) if cells and cells != list(columns)]
    if not columns or not rows:
        raise SheetError(_("The table of participants in the XML is empty."))
    titles = [_words(found) for found in _all(root, "Titlesect")]
    numbered = (_row(columns, number, cells) for number, cells in enumerate(rows, 1))
    return Status(Sheet(columns, numbered, Reading(format="XML (UN Treaty Collection)")), next(iter(titles), "")[:500])


def _root(path: Path) -> Element:
    try:
        root: Element = parse(path).getroot()
        return root
    except ParseError as error:
        if _is_page(path):
            raise _a_page() from None
        line = error.position[0]
        raise SheetError(_("The XML breaks off, or is wrong, in line %(line)s.") % {"line": line}) from None
    except DefusedXmlException:
        raise SheetError(
            _("The XML defines entities of its own, which can fill the memory. It was not read.")
        ) from None
    except (LookupError, ValueError):  # an encoding that there is not
        raise SheetError(_("The XML says an encoding that it is not written in.")) from None


def _a_page() -> SheetError:
    return SheetError(_("This is a web page. On the page of the treaty, save what is behind “XML”."))


def _is_page(path: Path) -> bool:
    with path.open("rb") as file:
        start = file.read(4096).lower()
    return b"<html" in start or b"<!doctype html" in start


def _all(root: Element, tag: str) -> Iterator[Element]:
    """Those called `tag` in whatever namespace and capitals."""
    return (one for one in root.iter() if isinstance(one.tag, str) and _name(one) == tag.lower())


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2].lower()


def _head(table: Element) -> Iterator[str]:
    """The names of the columns, each once."""
    heads = next(_all(table, "Thead"), None)
    entries = list(_all(heads, "Entry")) if heads is not None else []
    if not entries and (heads := next(_all(table, "TableHeader"), None)) is not None:
        entries = list(_all(heads, "Title"))
    seen: dict[str, int] = {}
    for name in map(_words, entries):
        seen[name] = seen.get(name, 0) + 1
        yield name if seen[name] == 1 else f"{name} {seen[name]}"


def _cells(row: Element) -> list[str]:
    return [_words(cell) for cell in row if isinstance(cell.tag, str) and _name(cell) in ("entry", "column")]


def _words(element: Element) -> str:
    """The text of an element without its footnotes."""
    return one_line(_TAG.sub(" ", _FOOTNOTE.sub("", "".join(_texts(element)))))


def _texts(element: Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str) and _name(child) != "superscript":
            yield from _texts(child)
        yield child.tail or ""


def _row(columns: tuple[str, ...], number: int, cells: list[str]) -> Row:
    values = dict(zip(columns, [*cells, *[""] * len(columns)], strict=False))
    return Row(number, values, is_ragged=any(cells[len(columns) :]))
