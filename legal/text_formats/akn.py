"""Akoma Ntoso, read and written: 3.0 (OASIS standard of 2018, and its drafts), and 2.0, which becomes 3.0.

A text goes in and comes out with the same elements, words and anchors; what is between the provisions is kept as it is
written there."""

import datetime
import re
from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape, quoteattr

from babel.core import Locale, get_global
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _n
from lxml import etree

from legal.text_formats import markup
from legal.text_formats.anchors import (
    AFTER,
    BEFORE,
    BODIES,
    BODY_OF,
    DOCUMENTS,
    HIERARCHY,
    KINDS,
    NAMELESS,
    OTHER_BODY,
    SCOPES,
    SILENT,
    WHEREVER,
    Anchors,
)
from legal.texts import BETWEEN, Node, Text, Unreadable

START = re.compile(r'<[\w:]+((?:[^>"]|"[^"]*")*)>')
ANCHOR = re.compile(r' eId="[^"]*"')
HEAD = ("num", "heading", "subheading")
WRAPPERS = ("content", "intro", "wrapUp")
# Where the name of a text is looked for, the best first.
TITLES = ("preface//shortTitle", "preface//docTitle", "coverPage//docTitle")
TWO_LETTERS: dict[str, str] = {code: short for code, short in get_global("language_aliases").items() if len(code) == 3}
THREE_LETTERS = {short: code for code, short in sorted(TWO_LETTERS.items()) if code not in ("arb", "chi", "fre", "ger")}
ENGLISH = Locale("en")
TERRITORIES: dict[str, list[str]] = dict(get_global("territory_aliases"))  # ITA -> IT
LAST_YEAR = 2200  # later days are a way to say that nobody knows
MOST_PROVISIONS = 50_000
MOST_LETTERS = 200  # of a number, as a list shows it


def read(content: bytes) -> Text:
    """The text in the file `content`. An impossible day, an unknown country or language are left out, and a remark
    says so. Raises Unreadable where it is no Akoma Ntoso, damaged or hostile."""
    root = markup.bare(markup.parsed(content))
    document = next(iter(root), None)
    if document is None or document.tag not in DOCUMENTS:
        raise Unreadable(_("It holds no document."))
    meta = document.find("meta")
    if meta is None:
        told = {"line": document.sourceline or 1}
        raise Unreadable(_("Line %(line)d: a document without <meta> says neither its language nor its date.") % told)
    text = _described(document, meta)
    text.meta, text.opening = markup.written(meta), _unless(markup.start(document), _document(str(document.tag)))
    reader = _Reader(text)
    for child in [*document, *list(root)[1:]]:
        text.nodes += reader.top(child)
    return text


def _described(document: etree._Element, meta: etree._Element) -> Text:
    """A text without words yet, with what the metadata says of it and its work."""
    work, expression = "identification/FRBRWork/", "identification/FRBRExpression/"
    text = Text("", _title(document, meta), doctype=str(document.tag), uri=_value(meta, f"{work}FRBRthis"))
    text.number = _value(meta, f"{work}FRBRnumber")
    text.dated_on, text.valid_on = _day(text, meta, f"{work}FRBRdate"), _day(text, meta, f"{expression}FRBRdate")
    said = _value(meta, f"{expression}FRBRlanguage", "language").lower().partition("-")[0]
    text.language = TWO_LETTERS.get(said, said)
    if said and text.language not in ENGLISH.languages:
        _doubt(
            text, meta.find(f"{expression}FRBRlanguage"), _n("Line %(line)d: there is no language “%(said)s”."), said
        )
        text.language = ""
    said = _value(meta, f"{work}FRBRcountry").split("-")[0].upper()
    text.country = [*TERRITORIES.get(said, []), said][0]
    if said and text.country not in ENGLISH.territories:
        _doubt(text, meta.find(f"{work}FRBRcountry"), _n("Line %(line)d: there is no country “%(said)s”."), said)
        text.country = ""
    return text


def _doubt(text: Text, element: etree._Element | None, sentence: str, said: str) -> None:
    if element is not None:
        text.remarks.append(markup.at_line(element, sentence, said=said[:40]))


def _value(meta: etree._Element, path: str, attribute: str = "value") -> str:
    found = meta.find(path)
    return "" if found is None else str(found.get(attribute, "")).strip()


def _day(text: Text, meta: etree._Element, path: str) -> str:
    """The day there; "" where there is none, or an impossible one. A time of day is not looked at."""
    said = _value(meta, path, "date")
    try:
        day = datetime.date.fromisoformat(said[:10]) if said else None
    except ValueError:
        day = datetime.date.max
    if day is None or day.year < LAST_YEAR:
        return day.isoformat() if day else ""
    _doubt(text, meta.find(path), _n("Line %(line)d: there is no day “%(said)s” of a text."), said)
    return ""


def _title(document: etree._Element, meta: etree._Element) -> str:
    for path in TITLES:
        if (found := document.find(path)) is not None and (title := markup.words(found)):
            return title
    named = _value(meta, "identification/FRBRWork/FRBRalias") or _value(meta, "identification/FRBRWork/FRBRname")
    return named or _value(meta, "references/TLCConcept[@eId='varSITitle']", "showAs")


def _unless(said: str, generated: str) -> str:
    """`said`, where it is not what is written anyhow."""
    return "" if said == generated else said


class _Reader:
    """Makes provisions of elements, in the order of the text."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self.anchors = Anchors()
        self.count = 0

    def top(self, element: etree._Element) -> Iterable[Node]:
        """Those that a child of the document stands for: a body is the provisions in it."""
        if element.tag == "meta":
            return []
        if element.tag in BODIES:
            self.text.body = _unless(markup.start(element), f"<{element.tag}>")
            return self.children(element, "", "")
        return [self.node(element, "", "")] if element.tag in KINDS else [self.between([element], "")]

    def children(self, element: etree._Element, above: str, scope: str) -> list[Node]:
        """Everything in `element` as nodes."""
        found: list[Node] = []
        run: list[etree._Element] = []
        for child in element:
            if child.tag in KINDS:
                found += [self.between(run, above)] if run else []
                found.append(self.node(child, above, scope))
                run = []
            else:
                run.append(child)
        return found + ([self.between(run, above)] if run else [])

    def between(self, run: list[etree._Element], above: str) -> Node:
        return Node(BETWEEN, self.anchors.make(BETWEEN, "", above), content="".join(map(markup.written, run)))

    def node(self, element: etree._Element, above: str, scope: str) -> Node:
        self.count += 1
        if self.count > MOST_PROVISIONS:
            raise Unreadable(_("It has more than %(most)d provisions.") % {"most": MOST_PROVISIONS})
        kind, head = str(element.tag), _head(element)
        number, heading = _printed(head, "num"), _printed(head, "heading") or _printed(head, "subheading")
        short = number if len(number) <= MOST_LETTERS else f"{number[:MOST_LETTERS]}…"  # the opening has it whole
        node = Node(kind, self.anchor(element, kind, number, above, scope), short, heading)
        if kind == "crossHeading":
            node.heading, node.opening = markup.words(element), markup.start(element) + markup.inner(element)
            return node
        opening = "".join([markup.start(element), *map(markup.written, head)])
        meta = element.find("meta") if kind in DOCUMENTS else None
        rest = [child for child in element if child not in head and child is not meta]
        node.opening = opening + (markup.written(meta) if meta is not None else "")
        self.fill(node, element, rest, node.eid + "__" if kind in SCOPES else scope)
        node.opening = _unless(node.opening, _opening(node))
        return node

    def anchor(self, element: etree._Element, kind: str, number: str, above: str, scope: str) -> str:
        """Its own; within another document, that of the document before it. One that stands twice is told."""
        own = str(element.get("eId", ""))
        if not own:
            made = self.anchors.make(kind, number, scope.removesuffix("__") if kind in WHEREVER else above)
            if kind not in NAMELESS:
                element.set("eId", made)
            return made
        wanted = own if own.startswith(scope) else scope + own
        found = self.anchors.take(wanted)
        if found != wanted:
            told = {"anchor": own, "new": found}
            text = _n("Line %(line)d: the anchor “%(anchor)s” stands twice; here the second becomes “%(new)s”.")
            self.text.remarks.append(markup.at_line(element, text, **told))
        return found

    def fill(self, node: Node, element: etree._Element, rest: list[etree._Element], scope: str) -> None:
        """What stands before its children, they, what stands between and behind them."""
        above = scope.removesuffix("__") if node.kind in SILENT else node.eid
        first = next((place for place, child in enumerate(rest) if child.tag in KINDS), len(rest))
        last = next((place for place in range(len(rest), first, -1) if rest[place - 1].tag in KINDS), first)
        node.content, node.after = self.own(node, rest[:first]), self.own(node, rest[last:])
        if stray := " ".join(filter(str.strip, [element.text or "", *(child.tail or "" for child in element)])):
            text = _n("Line %(line)d: the words “%(words)s” stood outside any paragraph; here they are one.")
            self.text.remarks.append(markup.at_line(element, text, words=stray.strip()[:80]))
            node.content += markup.paragraphs(" ".join(stray.split()))
        held = etree.Element("held", nsmap=element.nsmap)
        held.extend(rest[first:last])
        node.children = self.children(held, above, scope)

    def own(self, node: Node, blocks: list[etree._Element]) -> str:
        """`blocks` as markup; a wrapper that is put around them anyhow is taken off."""
        if len(blocks) == 1 and blocks[0].tag in WRAPPERS and not blocks[0].attrib and node.kind in HIERARCHY:
            return markup.inner(blocks[0]).strip()
        return "".join(map(markup.written, blocks))


def _head(element: etree._Element) -> list[etree._Element]:
    """The elements with which it begins that are its number and heading."""
    found = []
    for child in element:
        if child.tag not in HEAD:
            break
        found.append(child)
    return found


def _printed(head: list[etree._Element], tag: str) -> str:
    return " ".join(markup.words(one) for one in head if one.tag == tag)


# -- written


def write(text: Text) -> bytes:
    """`text` as Akoma Ntoso 3.0, which is valid against its schema where what it holds is."""
    parts = [f'<?xml version="1.0" encoding="UTF-8"?>\n<akomaNtoso xmlns="{markup.NAMESPACE}">\n', *_whole(text)]
    return "".join([*parts, "\n</akomaNtoso>\n"]).replace(' xmlns=""', f' xmlns="{markup.NAMESPACE}"').encode()


def _whole(text: Text) -> Iterator[str]:
    body = BODY_OF.get(text.doctype, OTHER_BODY)
    yield text.opening or _document(text.doctype)
    yield f"\n{_told(text) if text.meta else _meta(text)}\n"
    places = {"before": BEFORE, "after": AFTER, "apart": {"components"}}
    found = {place: [node for node in text.nodes if node.kind in kinds] for place, kinds in places.items()}
    beside = {*BEFORE, *AFTER, "components"}
    yield from _all(found["before"])
    yield text.body or f"<{body}>"
    yield from _all([node for node in text.nodes if node.kind not in beside])
    yield f"</{body}>\n"
    yield from _all(found["after"])
    yield f"</{text.doctype}>\n"
    yield from _all(found["apart"])


def _all(nodes: Iterable[Node]) -> Iterator[str]:
    for node in nodes:
        yield from _one(node)


def _one(node: Node) -> Iterator[str]:
    if node.kind == BETWEEN:
        yield node.content
        return
    yield node.opening or _opening(node)
    yield _wrapped(node, node.content, "intro" if node.children or node.after else "content")
    yield from _all(node.children)
    yield _wrapped(node, node.after, "wrapUp")
    yield f"</{node.kind}>\n"


def _wrapped(node: Node, blocks: str, wrapper: str) -> str:
    if not blocks or node.kind not in HIERARCHY or blocks.startswith(tuple(f"<{one}" for one in WRAPPERS)):
        return blocks
    return f"<{wrapper}>{blocks}</{wrapper}>"


def _opening(node: Node) -> str:
    """The start tag with number and heading, of one that says nothing else there."""
    if node.kind == "crossHeading":
        return f"<crossHeading eId={quoteattr(node.eid)}>{escape(node.heading)}"
    said = "" if node.kind in NAMELESS else f" eId={quoteattr(node.eid)}"
    if node.kind == "hcontainer":
        said += f' name="{"schedule" if node.number else "heading"}"'
    return f"<{node.kind}{said}>{_numbered(node)}"


def _numbered(node: Node) -> str:
    number = f"<num>{escape(node.number)}</num>" if node.number else ""
    return number + (f"<heading>{escape(node.heading)}</heading>" if node.heading else "")


def reopened(node: Node) -> str:
    """The opening of `node`, whose kind, anchor, number or heading are others now: the attributes stay."""
    tag = START.match(node.opening)
    attributes = ANCHOR.sub("", tag[1]) if tag else ""
    anchor = f" eId={quoteattr(node.eid)}" if ANCHOR.search(node.opening) else ""
    return _unless(f"<{node.kind}{anchor}{attributes}>{_numbered(node)}", _opening(node))


def _document(doctype: str) -> str:
    return f'<{doctype} name="{doctype}">'


def _told(text: Text) -> str:
    """The metadata that the text came with, with the language and day that it has here."""
    language = THREE_LETTERS.get(text.language, text.language)
    held = markup.pieces(text.meta)
    is_otherwise = False
    for path, name, said in (("FRBRlanguage", "language", language), ("FRBRdate", "date", text.valid_on)):
        found = held.find(f"meta/identification/FRBRExpression/{path}")
        if found is not None and said and found.get(name, "")[:10] not in (said, text.language):
            found.set(name, said)
            is_otherwise = True
    return markup.written(held[0]) if is_otherwise else text.meta


def _meta(text: Text) -> str:
    """What identifies a text that came without it (Akoma Ntoso Naming Convention, section 4)."""
    day = text.dated_on or text.valid_on
    work = text.uri.removesuffix("/!main") or f"/akn/{text.country.lower() or 'un'}/{text.doctype}/{day}/nn"
    language = THREE_LETTERS.get(text.language, text.language)
    expression = f"{work}/{language}@{text.valid_on}"
    number = f"<FRBRnumber value={quoteattr(text.number)}/>" if text.number else ""
    title = f'<FRBRalias value={quoteattr(text.title)} name="title"/>' if text.title else ""
    return (
        '<meta><identification source="#entente">'
        f'<FRBRWork>{_uris(work)}{title}{_dated(day, "Generation")}<FRBRauthor href="#author"/>'
        f"<FRBRcountry value={quoteattr(text.country.lower() or 'un')}/>{number}</FRBRWork>"
        f"<FRBRExpression>{_uris(expression)}{_dated(text.valid_on, 'Version')}"
        f'<FRBRauthor href="#author"/><FRBRlanguage language={quoteattr(language)}/></FRBRExpression>'
        f"<FRBRManifestation>{_uris(expression, '.akn')}{_dated(text.valid_on, 'Publication')}"
        '<FRBRauthor href="#entente"/></FRBRManifestation></identification>'
        '<references source="#entente"><TLCOrganization eId="entente" href="/akn/ontology/organization/entente" '
        'showAs="Entente"/><TLCOrganization eId="author" href="/akn/ontology/organization/author" showAs="Author"/>'
        "</references></meta>"
    )


def _uris(uri: str, ending: str = "") -> str:
    return f"<FRBRthis value={quoteattr(uri + '/!main' + ending)}/><FRBRuri value={quoteattr(uri + ending)}/>"


def _dated(day: str, name: str) -> str:
    return f'<FRBRdate date="{day}" name="{name}"/>'
