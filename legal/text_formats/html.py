"""HTML, as gazettes and ministries put laws on their pages, read into provisions."""

import re
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape

from django.utils.translation import gettext as _
from lxml import html as parser
from lxml.etree import ParserError, XMLSyntaxError

from legal.text_formats.docx_numbers import numeral
from legal.text_formats.markup import MOST_BYTES
from legal.text_formats.outline import Line, outlined
from legal.texts import Text, Unreadable

SPACE = re.compile(r"[\s\u00a0]+")
DROPPED = {
    "script",
    "style",
    "nav",
    "header",
    "footer",
    "aside",
    "form",
    "noscript",
    "template",
    "head",
    "iframe",
    "svg",
}
HEADINGS = {f"h{level}": level for level in range(1, 7)}
BLOCKS = {
    *("p", "div", "li", "dt", "dd", "blockquote", "section", "article", "main", "ul", "ol", "dl", "body", "pre"),
    *("table", "figure", "center", "fieldset", "details", "summary", "address"),
    *HEADINGS,
}
MARKS = {"b": "b", "strong": "b", "i": "i", "em": "i", "u": "u", "sup": "sup", "sub": "sub"}
# The `type` of an <ol> -> how Word calls it.
COUNTED = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman", "1": "decimal"}
MOST_DEPTH = 200


def read(content: bytes, language: str = "") -> Text:
    """The text in the page `content`; its language is that of the page, if `language` is not said. Raises Unreadable
    where there are no words in it."""
    if len(content) > MOST_BYTES:
        raise Unreadable(_("It is larger than %(most)d MB.") % {"most": MOST_BYTES // 1024 // 1024})
    try:
        root = parser.document_fromstring(content, parser=parser.HTMLParser(encoding=_encoding(content)))
    except (ParserError, XMLSyntaxError, ValueError):
        raise Unreadable(_("There are no words in it.")) from None
    reader = _Reader()
    lines = list(reader.lines(_main(root), 0))
    if not lines:
        raise Unreadable(_("There are no words in it."))
    said = language or str(root.get("lang", "")).split("-")[0].lower()
    title = reader.title or SPACE.sub(" ", root.findtext(".//title") or "").strip()
    return Text(said, title, nodes=outlined(lines))


def _encoding(content: bytes) -> str | None:
    """UTF-8 where it is that; None where the page itself says what it is."""
    try:
        content.decode()
    except UnicodeDecodeError:
        return None
    return "utf-8"


def _main(root: Any) -> Any:
    """Where the text of the page is, without what stands around it."""
    for path in (".//main", ".//article", ".//body"):
        found = root.findall(path)
        if len(found) == 1:
            return found[0]
    return root


class _Reader:
    def __init__(self) -> None:
        self.title = ""

    def lines(self, element: Any, depth: int) -> Iterator[Line]:
        """The paragraphs below `element`: what stands between blocks is one as well."""
        if depth > MOST_DEPTH:
            raise Unreadable(_("Its elements are too deep in each other."))
        run: list[tuple[Any, str]] = [(None, element.text or "")]
        for child in element:
            tag = child.tag if isinstance(child.tag, str) else ""
            if tag in DROPPED or not tag:
                run.append((None, child.tail or ""))
            elif tag in BLOCKS or (tag != "br" and _holds_blocks(child)):
                yield from _line(run)
                yield from self.block(child, tag, depth)
                run = [(None, child.tail or "")]
            elif tag == "br":
                yield from _line(run)
                run = [(None, child.tail or "")]
            else:
                run += [(child, ""), (None, child.tail or "")]
        yield from _line(run)

    def block(self, element: Any, tag: str, depth: int) -> Iterator[Line]:
        if tag == "table":
            yield Line("", block=_table(element))
        elif tag in HEADINGS:
            yield from self.heading(element, HEADINGS[tag])
        elif tag == "ol":
            yield from self.counted(element, depth)
        else:
            yield from self.lines(element, depth + 1)

    def heading(self, element: Any, level: int) -> Iterator[Line]:
        text = _plain(element)
        if level == 1 and not self.title:
            self.title = text
        elif text:
            yield Line(text, _inline(element), level=level, is_bold=True)

    def counted(self, listing: Any, depth: int) -> Iterator[Line]:
        form = COUNTED.get(listing.get("type", "1"), "decimal")
        start = listing.get("start", "1")
        place = int(start) - 1 if start.lstrip("-").isdigit() else 0
        for item in listing:
            place += 1
            said = numeral(place, form)
            first = True
            for line in self.lines(item, depth + 1):
                if first and not line.number and not line.block:
                    line.number = f"{said}." if form == "decimal" else f"({said})"
                first = False
                yield line


def _holds_blocks(element: Any) -> bool:
    return any(one.tag in BLOCKS for one in element.iterdescendants())


def _line(run: list[tuple[Any, str]]) -> Iterator[Line]:
    inline = SPACE.sub(" ", "".join(_marked(one) if one is not None else escape(said) for one, said in run)).strip()
    text = SPACE.sub(" ", "".join(one.text_content() if one is not None else said for one, said in run)).strip()
    if text:
        bold = re.sub(r"<b>.*?</b>", "", inline).strip()
        yield Line(text, inline, is_bold=not bold or text.isupper())


def _plain(element: Any) -> str:
    return SPACE.sub(" ", str(element.text_content())).strip()


def _inline(element: Any) -> str:
    """What is in `element`, with its marks as Akoma Ntoso."""
    found = escape(element.text or "")
    for child in element:
        if isinstance(child.tag, str) and child.tag not in DROPPED:
            found += _marked(child)
        found += escape(child.tail or "")
    return found


def _marked(element: Any) -> str:
    if not isinstance(element.tag, str) or element.tag in DROPPED:
        return ""
    words, mark = _inline(element), MARKS.get(element.tag)
    return f"<{mark}>{words}</{mark}>" if mark and words.strip() else words


def _table(table: Any) -> str:
    rows = []
    for row in table.iter("tr"):
        cells = [_cell(cell) for cell in row if cell.tag in ("td", "th")]
        rows.append(f"<tr>{''.join(cells)}</tr>" if cells else "")
    return f"<table>{''.join(rows)}</table>" if any(rows) else ""


def _cell(cell: Any) -> str:
    spans = "".join(f' {name}="{said}"' for name in ("colspan", "rowspan") if (said := cell.get(name, "")).isdigit())
    return f"<{cell.tag}{spans}><p>{SPACE.sub(' ', _inline(cell)).strip()}</p></{cell.tag}>"
