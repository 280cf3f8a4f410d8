"""A text as JSON, for programs: provisions in each other, with their anchors, plain words and markup."""

import json
from typing import Any

from django.utils.translation import gettext as _

from legal.text_formats import markup
from legal.text_formats.plain import plain
from legal.texts import Node, Text, Unreadable

FORMAT = "entente-text/1"
FACTS = ("language", "title", "doctype", "uri", "valid_on", "country", "dated_on", "number")
SAID = ("number", "heading", "content", "after")
MOST_DEPTH = 60
MOST_PROVISIONS = 50_000


def write(text: Text, **more: Any) -> bytes:
    """`text`, with `more` about it (its addresses, its source)."""
    facts = {name: said for name in FACTS if (said := getattr(text, name))}
    told = {"format": FORMAT, **facts, **more, "provisions": [_written(node) for node in text.nodes]}
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def _written(node: Node) -> dict[str, Any]:
    told = {"kind": node.kind, "eId": node.eid, **{name: said for name in SAID if (said := getattr(node, name))}}
    if words := "\n".join(filter(None, [plain(node.content), plain(node.after)])):
        told["text"] = words
    if node.children:
        told["provisions"] = [_written(child) for child in node.children]
    return told


def read(found: dict[str, Any]) -> Text:
    """The text that `write` wrote, or one that has provisions of `text` alone. Raises Unreadable, saying which
    provision is wrong."""
    provisions = found.get("provisions")
    if not isinstance(provisions, list) or not provisions:
        raise Unreadable(_("It has no “provisions”."))
    text = Text(_said(found, "language"))
    for name in FACTS:
        setattr(text, name, _said(found, name))
    text.doctype = text.doctype or "act"
    text.nodes = [_read(one, f"{place}", 1) for place, one in enumerate(provisions, start=1)]
    if sum(1 for _node in text.walk()) > MOST_PROVISIONS:
        raise Unreadable(_("It has more than %(most)d provisions.") % {"most": MOST_PROVISIONS})
    return text


def _read(found: Any, place: str, depth: int) -> Node:
    below = found.get("provisions", []) if isinstance(found, dict) else None
    if not isinstance(below, list) or not (_said(found, "eId") and _said(found, "kind")):
        raise Unreadable(_("Provision %(place)s is none: it needs a “kind” and an “eId”.") % {"place": place})
    if depth > MOST_DEPTH:
        raise Unreadable(_("Its provisions are too deep in each other."))
    node = Node(_said(found, "kind"), _said(found, "eId"))
    for name in SAID:
        setattr(node, name, _said(found, name))
    node.content = node.content or markup.paragraphs(_said(found, "text"))
    for blocks in (node.content, node.after):
        markup.pieces(blocks)  # raises Unreadable where they are no markup
    node.children = [_read(one, f"{place}.{number}", depth + 1) for number, one in enumerate(below, start=1)]
    return node


def _said(found: dict[str, Any], name: str) -> str:
    said = found.get(name, "")
    return said.strip() if isinstance(said, str) else ""
