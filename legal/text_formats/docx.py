"""DOCX (Office Open XML, ECMA-376), read into provisions and written from them."""

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from django.utils.translation import gettext as _
from docx import Document
from docx.oxml.ns import qn

from legal.text_formats import markup
from legal.text_formats.docx_numbers import Numbering, value
from legal.text_formats.outline import Line, outlined
from legal.texts import Text, Unreadable

MOST_UNPACKED = 100 * 1024 * 1024
MOST_PARTS = 5000
SPACE = re.compile(r"[\s\u00a0]+")
TITLE_STYLES = ("title", "titre", "título", "العنوان")
MARKS = {qn("w:b"): "b", qn("w:i"): "i", qn("w:u"): "u"}
RAISED = {"superscript": "sup", "subscript": "sub"}
OFF = ("0", "false", "none")
SAID = {qn("w:t"): "", qn("w:tab"): " ", qn("w:br"): " ", qn("w:cr"): " ", qn("w:noBreakHyphen"): "-"}
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
NUMBERED = f"{qn('w:pPr')}/{qn('w:numPr')}"
BOLD = f"{qn('w:rPr')}/{qn('w:b')}"


def read(content: bytes, language: str = "") -> Text:
    """The text in the document `content`; it says neither its language nor its day. Raises Unreadable where it is no
    DOCX, damaged, or unpacks to more than it should."""
    _looked_through(content)
    try:
        document = Document(BytesIO(content))
    except Exception:  # what is broken breaks in as many ways as there are
        raise Unreadable(_("This is no DOCX, or it is damaged.")) from None
    reader = _Reader(document)
    lines = list(reader.lines())
    if not lines:
        raise Unreadable(_("There are no words in it."))
    return Text(language, reader.title, doctype="act", nodes=outlined(lines))


def _looked_through(content: bytes) -> None:
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        raise Unreadable(_("This is no DOCX, or it is damaged.")) from None
    if "word/document.xml" not in {part.filename for part in parts}:
        raise Unreadable(_("This is no DOCX: it holds no document of Word."))
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Unreadable(_("It unpacks to more than %(most)d MB.") % {"most": MOST_UNPACKED // 1024 // 1024})


class _Reader:
    """Reads the paragraphs of a document as lines, with the numbers that Word counts."""

    def __init__(self, document: Any) -> None:
        self.document = document
        self.title = ""
        styles = map(_Style, document.styles.element.iter(qn("w:style")))
        self.styles = {style.style_id: style for style in styles}
        self.numbering = Numbering(document)
        self.notes = _notes(document)

    def lines(self) -> Iterator[Line]:
        for block in self.document.element.body.iter(qn("w:p"), qn("w:tbl")):
            if _is_inside(block, qn("w:tbl")) or _is_inside(block, qn("w:p")):
                continue
            if block.tag == qn("w:tbl"):
                yield Line("", block=self.table(block))
            elif (line := self.line(block)) is not None:
                yield line

    def line(self, paragraph: Any) -> Line | None:
        style = self.styles.get(value(paragraph, "w:pPr/w:pStyle"))
        text = SPACE.sub(" ", "".join(_words(paragraph))).strip()
        name = style.name if style else ""
        if name.startswith("toc") or not text:
            return None
        if name in TITLE_STYLES and not self.title:
            self.title = text
            return None
        level = self.level(paragraph, style)
        is_bold = _is_bold(paragraph, text) or self.is_bold(style)
        return Line(text, self.inline(paragraph), self.number(paragraph, style), level, is_bold)

    def level(self, paragraph: Any, style: "_Style | None") -> int:
        """The level of a heading, by the outline level of the paragraph or its style."""
        said = value(paragraph, "w:pPr/w:outlineLvl") or self.of_style(style, "w:pPr/w:outlineLvl")
        return int(said) + 1 if said.isdigit() and int(said) < 9 else 0

    def is_bold(self, style: "_Style | None") -> bool:
        for _step in range(20):
            if style is None:
                return False
            if (found := style.element.find(BOLD)) is not None:
                return found.get(qn("w:val")) not in OFF
            style = self.styles.get(style.based_on)
        return False

    def of_style(self, style: "_Style | None", path: str) -> str:
        """What the style says there, or one that it is based on."""
        for _step in range(20):  # styles that are based on each other in a circle say nothing
            if style is None:
                return ""
            if said := value(style.element, path):
                return said
            style = self.styles.get(style.based_on)
        return ""

    def number(self, paragraph: Any, style: "_Style | None") -> str:
        """The number that Word puts before the paragraph; "" for a bullet."""
        own = paragraph.find(NUMBERED)
        number = value(paragraph, "w:pPr/w:numPr/w:numId") or self.of_style(style, "w:pPr/w:numPr/w:numId")
        level = value(paragraph, "w:pPr/w:numPr/w:ilvl")
        if not level and own is None:
            level = self.of_style(style, "w:pPr/w:numPr/w:ilvl")
        return self.numbering.next(number, int(level) if level.isdigit() else 0) if number not in ("", "0") else ""

    def inline(self, paragraph: Any) -> str:
        found = "".join(self.run(run) for run in paragraph.iter(qn("w:r")))
        return re.sub(r"</(b|i|u|sup|sub)><\1>", "", SPACE.sub(" ", found)).strip()

    def run(self, run: Any) -> str:
        words = escape("".join(_words(run)))
        for note in run.iter(qn("w:footnoteReference")):
            number = note.get(qn("w:id"), "")
            told = f'<authorialNote marker={quoteattr(number)} placement="bottom">'
            words += f"{told}{self.notes.get(number, '<p/>')}</authorialNote>"
        facts = run.find(qn("w:rPr"))
        if facts is None or not words.strip():
            return words
        set_here = {tag: found for tag in MARKS if (found := facts.find(tag)) is not None}
        marks = [MARKS[tag] for tag, found in set_here.items() if found.get(qn("w:val")) not in OFF]
        raised = RAISED.get(value(run, "w:rPr/w:vertAlign"))
        for name in [*marks, *([raised] if raised else [])]:
            words = f"<{name}>{words}</{name}>"
        return words

    def table(self, table: Any) -> str:
        rows = []
        for row in table.iter(qn("w:tr")):
            cells = []
            for cell in row.iter(qn("w:tc")):
                blocks = "".join(f"<p>{inline}</p>" for one in cell.iter(qn("w:p")) if (inline := self.inline(one)))
                span = value(cell, "w:tcPr/w:gridSpan")
                cells.append(f"<td{f' colspan={quoteattr(span)}' if span else ''}>{blocks or '<p/>'}</td>")
            rows.append(f"<tr>{''.join(cells)}</tr>" if cells else "")
        return f"<table>{''.join(rows)}</table>" if any(rows) else ""


class _Style:
    def __init__(self, element: Any) -> None:
        self.element = element
        self.style_id = element.get(qn("w:styleId"), "")
        self.name = value(element, "w:name").lower()
        self.based_on = value(element, "w:basedOn")


def _notes(document: Any) -> dict[str, str]:
    """Footnotes, by number, as blocks."""
    for relation in document.part.rels.values():
        if relation.reltype.endswith("/footnotes") and not relation.is_external:
            root = markup.parsed(relation.target_part.blob)
            return {
                note.get(qn("w:id"), ""): "".join(
                    f"<p>{escape(SPACE.sub(' ', ''.join(_words(one))).strip())}</p>" for one in note.iter(qn("w:p"))
                )
                for note in root.iter(qn("w:footnote"))
            }
    return {}


def _words(element: Any) -> Iterator[str]:
    """The words in a paragraph or run, without what was struck out and what is there twice for older programs."""
    for one in element.iter(*SAID):
        if not _is_inside(one, FALLBACK):
            yield SAID[one.tag] or one.text or ""


def _is_inside(element: Any, tag: str) -> bool:
    return next(element.iterancestors(tag), None) is not None


def _is_bold(paragraph: Any, text: str) -> bool:
    """Whether all its words are bold or in capitals."""
    runs = [run for run in paragraph.iter(qn("w:r")) if "".join(_words(run)).strip()]
    return text.isupper() or all(run.find(BOLD) is not None and value(run, "w:rPr/w:b") not in OFF for run in runs)
