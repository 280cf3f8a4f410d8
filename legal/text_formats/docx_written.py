"""A text as a document of Word (Office Open XML), in the direction of its language. The paragraphs are written as
markup and put into an empty document of python-docx at once: one by one they would take seconds."""

from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt

from legal.text_formats.printed import Block, Cell, Run, blocks
from legal.texts import Text

INDENT = 510  # twentieths of a point: 0.9 cm
MARKS = {
    "b": "<w:b/><w:bCs/>",
    "i": "<w:i/><w:iCs/>",
    "u": '<w:u w:val="single"/>',
    "sup": '<w:vertAlign w:val="superscript"/>',
    "sub": '<w:vertAlign w:val="subscript"/>',
}
ORDER = ("b", "i", "u", "sup", "sub")  # in which the schema wants them
BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="999999"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)


def write(text: Text, *, is_right_to_left: bool, lines: list[str], source: str) -> bytes:
    """`text` with its title, `lines` about it below, and the line of its `source` at the end."""
    document: Any = Document()
    properties = document.core_properties
    properties.title, properties.language = text.title[:250], text.language
    properties.author = properties.comments = ""
    normal = document.styles["Normal"]
    normal.font.size, normal.font.name = Pt(11), "Times New Roman"
    writer = _Writer(is_right_to_left, text.language)
    held = "".join(writer.body(text, lines, source))
    body = document.element.body
    for element in parse_xml(f"<w:body {nsdecls('w')}>{held}</w:body>"):
        body.insert(len(body) - 1, element)  # before the properties of the section
    if is_right_to_left:
        body.sectPr.insert(len(body.sectPr) - 1, parse_xml(f"<w:bidi {nsdecls('w')}/>"))
    out = BytesIO()
    document.save(out)
    return out.getvalue()


class _Writer:
    def __init__(self, is_right_to_left: bool, language: str) -> None:
        self.bidi = "<w:bidi/>" if is_right_to_left else ""
        said = "w:bidi" if is_right_to_left else "w:val"
        self.language = ("<w:rtl/>" if is_right_to_left else "") + f"<w:lang {said}={quoteattr(language or 'en')}/>"
        self.visual = "<w:bidiVisual/>" if is_right_to_left else ""
        self.notes: list[str] = []

    def body(self, text: Text, lines: list[str], source: str) -> list[str]:
        found = [self.paragraph([Run(text.title)], "Title")]
        found += [self.paragraph([Run(line)], "Subtitle") for line in lines if line]
        found += [self.block(block) for block in blocks(text)]
        numbered = enumerate(self.notes, start=1)
        found += [self.paragraph([Run(str(number), ("sup",)), Run(f" {note}")]) for number, note in numbered]
        return [*found, self.paragraph([Run(source, ("i",))]) if source else ""]

    def block(self, block: Block) -> str:
        if block.kind == "table":
            return self.table(block)
        if block.kind == "heading":
            number = [Run(f"{block.number} ")] if block.number else []
            return self.paragraph([*number, *block.runs], f"Heading{block.level}")
        number = [Run(f"{block.number}\t")] if block.number else []
        start = INDENT * (block.level + bool(block.number))
        hanging = f' w:hanging="{INDENT}"' if block.number else ""
        return self.paragraph([*number, *block.runs], indent=f'<w:ind w:start="{start}"{hanging}/>' if start else "")

    def paragraph(self, runs: list[Run], style: str = "", indent: str = "") -> str:
        said = f'<w:pStyle w:val="{style}"/>' if style else ""
        return f"<w:p><w:pPr>{said}{self.bidi}{indent}</w:pPr>{''.join(map(self.run, runs))}</w:p>"

    def run(self, run: Run) -> str:
        said = self.words(run.text, run.marks) if run.text else ""
        if run.note:
            self.notes.append(run.note)
            said += self.words(str(len(self.notes)), ("sup",))
        return said

    def words(self, words: str, marks: tuple[str, ...]) -> str:
        facts = "".join(MARKS[mark] for mark in ORDER if mark in marks)
        lines = "<w:br/>".join(
            "<w:tab/>".join(f'<w:t xml:space="preserve">{escape(_clean(part))}</w:t>' for part in line.split("\t"))
            for line in words.split("\n")
        )
        return f"<w:r><w:rPr>{facts}{self.language}</w:rPr>{lines}</w:r>"

    def table(self, block: Block) -> str:
        """Cells over several columns and rows span them."""
        width = max(sum(cell.columns for cell in row) for row in block.rows)
        below: dict[int, int] = {}  # column -> in how many rows more a cell from above is there
        rows = "".join(f"<w:tr>{self.row(row, width, below)}</w:tr>" for row in block.rows)
        facts = f'{self.visual}<w:tblW w:w="5000" w:type="pct"/><w:tblBorders>{BORDERS}</w:tblBorders>'
        grid = "<w:gridCol/>" * width
        return f"<w:tbl><w:tblPr>{facts}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>{self.paragraph([])}"

    def row(self, row: list[Cell], width: int, below: dict[int, int]) -> str:
        found, waiting = [], list(row)
        place = 0
        while place < width:
            if below.get(place, 0):
                below[place] -= 1
                found.append(f"<w:tc><w:tcPr><w:vMerge/></w:tcPr>{self.paragraph([])}</w:tc>")
                place += 1
            elif waiting:
                cell = waiting.pop(0)
                span = min(cell.columns, width - place)
                found.append(self.cell(cell, span))
                below.update({column: cell.rows - 1 for column in range(place, place + span) if cell.rows > 1})
                place += span
            else:
                found.append(f"<w:tc>{self.paragraph([])}</w:tc>")
                place += 1
        return "".join(found)

    def cell(self, cell: Cell, span: int) -> str:
        facts = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
        facts += '<w:vMerge w:val="restart"/>' if cell.rows > 1 else ""
        head = ("b",) if cell.is_head else ()
        runs = [Run(run.text, (*head, *run.marks), run.note) for run in cell.runs]
        return f"<w:tc><w:tcPr>{facts}</w:tcPr>{self.paragraph(runs)}</w:tc>"


def _clean(words: str) -> str:
    """Without what no XML may hold."""
    return "".join(mark for mark in words if mark >= " ")
