"""A text as safe HTML: of the markup of Akoma Ntoso only what is listed here is shown; of the rest the words are."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree

from legal.text_formats import markup
from legal.text_formats.anchors import DOCUMENTS, HIERARCHY
from legal.text_formats.plain import plain
from legal.texts import Node, Text, Unreadable

# Element of Akoma Ntoso (or of HTML within it) -> element of HTML. What is not here shows what is in it.
BLOCKS = {
    **{"p": "p", "block": "p", "listIntroduction": "p", "listWrapUp": "p", "blockList": "ul", "item": "li"},
    **{"ul": "ul", "ol": "ol", "li": "li", "table": "table", "caption": "caption", "thead": "thead", "tbody": "tbody"},
    **{"tr": "tr", "td": "td", "th": "th", "pre": "pre", "heading": "p", "subheading": "p", "longTitle": "p"},
    **dict.fromkeys(("quotedStructure", "embeddedStructure", "embeddedText"), "blockquote"),
    **dict.fromkeys((*HIERARCHY, "container", "blockContainer", "tblock", "formula", "foreign"), "div"),
    **dict.fromkeys(("content", "intro", "wrapUp", "toc"), "div"),
    **{"crossHeading": "p", "tocItem": "p", "num": "span"},
}
INLINE = {
    **{"b": "b", "i": "i", "u": "u", "sup": "sup", "sub": "sub", "ins": "ins", "del": "del", "abbr": "abbr"},
    **{"remark": "em", "quotedText": "q", "strong": "b", "em": "i", "code": "code"},
}
BREAKS = {"br": "<br>", "eol": "<br>", "hr": "<hr>", "eop": ""}
CLASSES = {"num": "num", "heading": "subheading", "subheading": "subheading", "blockList": "list", "remark": "remark"}
SPANS = ("colspan", "rowspan")
DROPPED = {"script", "style", "meta", "iframe", "object", "embed", "svg", "math", "componentRef", "documentRef"}
# Of these the number alone is no heading: it stands before the words.
SMALL = {
    *("paragraph", "subparagraph", "subsection", "point", "indent", "alinea", "list", "sublist", "subclause"),
    *("subrule", "proviso", "level", "recital"),
}
TOP, LOWEST = 2, 6  # the levels of the headings


@dataclass
class Entry:
    """A line of the table of contents."""

    eid: str
    label: str
    entries: list["Entry"] = field(default_factory=list)


def page(text: Text, *, prefix: str = "") -> str:
    """All provisions as HTML, each with its anchor, which begins with `prefix` where two texts are on one page."""
    writer = _Writer(prefix)
    return "".join(part for node in text.nodes for part in writer.provision(node, TOP))


def provision(node: Node) -> str:
    """One provision and all below it."""
    return "".join(_Writer("").provision(node, TOP))


def own(node: Node, prefix: str = "") -> str:
    """What a provision says itself, without its heading and what is below it."""
    writer = _Writer(prefix, f"{node.eid}-")
    number = "" if has_heading(node) else writer.number(node)
    return "".join([writer.numbered(number, writer.blocks(node.content)), writer.blocks(node.after), *writer.told()])


def contents(text: Text, deepest: int = 3) -> list[Entry]:
    """The table of contents: what has a heading, or a number of more than a paragraph."""

    def entries(nodes: list[Node], depth: int) -> Iterator[Entry]:
        for node in nodes:
            if not has_heading(node):
                yield from entries(node.children, depth)
            elif depth < deepest:
                yield Entry(node.eid, node.label, list(entries(node.children, depth + 1)))

    return list(entries(text.nodes, 0))


def has_heading(node: Node) -> bool:
    """Whether it begins with a heading, and not with a number before its words."""
    return bool(node.heading) or bool(node.number and node.kind not in SMALL)


class _Writer:
    """Writes a text; each anchor once, and notes behind the provision in which they stand."""

    def __init__(self, prefix: str, of_notes: str = "") -> None:
        self.prefix, self.of_notes = prefix, of_notes  # before each anchor, and before that of a note
        self.seen: set[str] = set()
        self.notes: list[str] = []
        self.count = 0

    def provision(self, node: Node, level: int) -> Iterator[str]:
        kind = "document" if node.kind in DOCUMENTS else node.kind
        yield f'<section{self.anchor(node.eid)} class="provision provision--{escape(kind)}">'
        below = level
        if has_heading(node):
            yield self.heading(node, level)
            below = min(level + 1, LOWEST)
            yield self.blocks(node.content)
        else:
            yield self.numbered(self.number(node), self.blocks(node.content))
        for child in node.children:
            yield from self.provision(child, below)
        yield self.blocks(node.after)
        yield from self.told()
        yield "</section>\n"

    def number(self, node: Node) -> str:
        return f'<span class="num">{escape(node.number)}</span> ' if node.number else ""

    def heading(self, node: Node, level: int) -> str:
        number = f'<span class="num">{escape(node.number)}</span>' if node.number else ""
        words = f"<span>{escape(node.heading)}</span>" if node.heading else ""
        link = _("Permanent link to this provision")
        href = f"#{escape(self.prefix + node.eid)}"
        sign = f'<a class="provision__link" href="{href}" title="{escape(link)}" aria-label="{escape(link)}">#</a>'
        return f"<h{level}>{' '.join(filter(None, [number, words]))} {sign}</h{level}>"

    def numbered(self, number: str, blocks: str) -> str:
        """The number before the words of the first paragraph."""
        if not number:
            return blocks
        return blocks.replace("<p>", f"<p>{number}", 1) if blocks.startswith("<p>") else f"<p>{number}</p>{blocks}"

    def told(self) -> Iterator[str]:
        """The notes that wait, once."""
        if self.notes:
            yield f'<div class="footnotes" role="doc-endnotes">{"".join(self.notes)}</div>'
            self.notes = []

    def anchor(self, eid: str) -> str:
        if not eid or eid in self.seen:
            return ""
        self.seen.add(eid)
        return f' id="{escape(self.prefix + eid)}"'

    def blocks(self, content: str) -> str:
        """Blocks of Akoma Ntoso as HTML; those that are broken as plain words."""
        if not content:
            return ""
        try:
            held = markup.pieces(content)
        except Unreadable:
            return f"<p>{escape(plain(content))}</p>"
        return "".join(self.inner(held))

    def inner(self, element: Any) -> Iterator[str]:
        if element.text:
            yield escape(element.text, quote=False)
        for child in element:
            if isinstance(child.tag, str):
                yield from self.element(child)
            if child.tail:
                yield escape(child.tail, quote=False)

    def element(self, element: Any) -> Iterator[str]:
        tag = str(element.tag).rpartition("}")[2]
        if tag in DROPPED:
            return
        if tag in BREAKS:
            yield BREAKS[tag]
        elif tag == "authorialNote":
            yield self.note(element)
        elif tag in ("ref", "a", "rref"):
            yield self.link(element)
        elif tag == "img":
            yield f"<span>[{escape(str(element.get('alt') or element.get('title') or _('picture')))}]</span>"
        elif tag in BLOCKS:
            yield f"<{BLOCKS[tag]}{self.anchor(element.get('eId', ''))}{_facts(tag, element)}>"
            yield from self.inner(element)
            yield f"</{BLOCKS[tag]}>" + (" " if tag == "num" else "")
        elif tag in INLINE:
            yield f"<{INLINE[tag]}{_facts(tag, element)}>"
            yield from self.inner(element)
            yield f"</{INLINE[tag]}>"
        else:
            yield from self.inner(element)

    def link(self, element: Any) -> str:
        """Only to an anchor here, or to the web."""
        href, words = str(element.get("href", "")), "".join(self.inner(element))
        if href.startswith("#") and len(href) > 1:
            return f'<a href="#{escape(self.prefix + href[1:])}">{words}</a>'
        if href.startswith(("https://", "http://")):
            return f'<a href="{escape(href)}" rel="nofollow noreferrer">{words}</a>'
        return words

    def note(self, element: Any) -> str:
        self.count += 1
        marker, name = (
            str(element.get("marker") or self.count),
            escape(f"{self.prefix}{self.of_notes}note-{self.count}"),
        )
        words = "".join(self.inner(element))
        back = f'<a href="#{name}-ref" class="num">{escape(marker)}</a>'
        self.notes.append(f'<div id="{name}" class="footnote">{self.numbered(f"{back} ", words)}</div>')
        return f'<sup><a id="{name}-ref" href="#{name}" role="doc-noteref">{escape(marker)}</a></sup>'


def _facts(tag: str, element: etree._Element) -> str:
    """The attributes that are shown."""
    found = f' class="{CLASSES[tag]}"' if tag in CLASSES else ""
    if tag in ("td", "th"):
        found += "".join(f' {name}="{said}"' for name in SPANS if (said := str(element.get(name, ""))).isdigit())
    if tag == "abbr" and (title := element.get("title")):
        found += f' title="{escape(str(title))}"'
    return found
