"""A text as papers print it: headings, paragraphs and tables in their order, with what is bold, and their notes. The
writers of DOCX and PDF take it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from legal.text_formats import markup
from legal.text_formats.plain import plain
from legal.text_formats.rendering import BLOCKS, DROPPED, has_heading
from legal.texts import Node, Text, Unreadable

MARKS = {"b": "b", "strong": "b", "i": "i", "em": "i", "u": "u", "sup": "sup", "sub": "sub", "remark": "i", "def": "b"}
DEEPEST = 5  # of headings and indents


@dataclass
class Run:
    """Words with the same marks; `note` is a footnote behind them."""

    text: str
    marks: tuple[str, ...] = ()
    note: str = ""


@dataclass
class Cell:
    runs: list[Run]
    columns: int = 1
    rows: int = 1
    is_head: bool = False


@dataclass
class Block:
    """`kind`: "heading", "paragraph" or "table". `level` is that of a heading, or how far a paragraph is indented."""

    kind: str
    level: int = 0
    number: str = ""
    runs: list[Run] = field(default_factory=list)
    rows: list[list[Cell]] = field(default_factory=list)
    eid: str = ""


def blocks(text: Text) -> list[Block]:
    """All of `text`."""
    return [block for node in text.nodes for block in _node(node, 1, 0)]


def _node(node: Node, level: int, indent: int) -> Iterator[Block]:
    number = node.number
    if has_heading(node):
        yield Block("heading", min(level, DEEPEST), number, [Run(node.heading)] if node.heading else [], eid=node.eid)
        level, number = level + 1, ""
    found = list(_blocks(node.content, indent))
    if number and (not found or found[0].kind != "paragraph" or found[0].number):
        found.insert(0, Block("paragraph", indent, number))
    elif number:
        found[0].number = number
    yield from found
    deeper = min(indent + 1, DEEPEST) if number else indent
    for child in node.children:
        yield from _node(child, level, deeper)
    yield from _blocks(node.after, indent)


def _blocks(content: str, indent: int) -> Iterator[Block]:
    if not content:
        return
    try:
        held = markup.pieces(content)
    except Unreadable:
        yield Block("paragraph", indent, runs=[Run(plain(content))])
        return
    yield from _inside(held, indent)


def _inside(element: Any, indent: int) -> Iterator[Block]:
    """The blocks in `element`; words between them are a paragraph as well."""
    runs: list[Run] = _text(element.text, ())
    for child in element:
        tag = _tag(child)
        if tag in BLOCKS and tag != "num":
            yield from _paragraph(runs, indent)
            runs = []
            yield from _block(child, tag, indent)
        elif tag not in DROPPED:
            runs += _runs(child, ())
        runs += _text(child.tail, ())
    yield from _paragraph(runs, indent)


def _block(element: Any, tag: str, indent: int) -> Iterator[Block]:
    if tag == "table":
        yield Block("table", indent, rows=_rows(element))
    elif tag in ("item", "li"):
        yield from _item(element, min(indent + 1, DEEPEST))
    else:
        yield from _inside(element, indent)


def _item(element: Any, indent: int) -> Iterator[Block]:
    """An item of a list, with its number before its first words."""
    number = element.find("num")
    said = markup.words(number) if number is not None else ("•" if _tag(element) == "li" else "")
    found = list(_inside_without(element, number, indent))
    if found and found[0].kind == "paragraph" and not found[0].number:
        found[0].number = said
    elif said:
        found.insert(0, Block("paragraph", indent, said))
    yield from found


def _inside_without(element: Any, number: Any, indent: int) -> Iterator[Block]:
    if number is not None:
        element.remove(number)
    yield from _inside(element, indent)


def _paragraph(runs: list[Run], indent: int) -> Iterator[Block]:
    if any(run.text.strip() or run.note for run in runs):
        yield Block("paragraph", indent, runs=_trimmed(runs))


def _trimmed(runs: list[Run]) -> list[Run]:
    runs[0].text, runs[-1].text = runs[0].text.lstrip(), runs[-1].text.rstrip()
    return [run for run in runs if run.text or run.note]


def _rows(table: Any) -> list[list[Cell]]:
    rows = []
    for row in table.iter():
        if _tag(row) == "tr":
            rows.append([_cell(one) for one in row if _tag(one) in ("td", "th")])
    return [row for row in rows if row]


def _cell(cell: Any) -> Cell:
    runs: list[Run] = []
    for block in _inside(cell, 0):
        if runs:
            runs.append(Run("\n"))
        runs += [Run(f"{block.number} ")] if block.number else []
        runs += block.runs
    spans = {name: int(said) if (said := cell.get(name, "")).isdigit() else 1 for name in ("colspan", "rowspan")}
    return Cell(runs, min(spans["colspan"], 50), min(spans["rowspan"], 500), _tag(cell) == "th")


def _runs(element: Any, marks: tuple[str, ...]) -> list[Run]:
    tag = _tag(element)
    if tag == "authorialNote":
        return [Run("", note=markup.SPACE.sub(" ", " ".join(element.itertext())).strip())]
    if tag in ("br", "eol"):
        return [Run("\n")]
    marks = (*marks, MARKS[tag]) if tag in MARKS and MARKS[tag] not in marks else marks
    runs = _text(element.text, marks)
    for child in element:
        runs += [] if _tag(child) in DROPPED else _runs(child, marks)
        runs += _text(child.tail, marks)
    return runs


def _text(words: str | None, marks: tuple[str, ...]) -> list[Run]:
    said = markup.SPACE.sub(" ", words or "")
    return [Run(said, marks)] if said else []


def _tag(element: Any) -> str:
    return str(element.tag).rpartition("}")[2] if isinstance(element.tag, str) else ""
