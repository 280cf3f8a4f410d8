"""A legal text as a tree of provisions: what every reader of files gives and every writer takes. Knows no models.

The kinds are the element names of Akoma Ntoso 3.0 (part, chapter, article, section, paragraph, preamble, ...), and the
anchors its eIds (Akoma Ntoso Naming Convention 1.0, section 5): `art_14__para_2`."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from network.sentences import SentenceError, kept, said

BETWEEN = "text"  # the kind of what stands between two provisions and is none itself


class Unreadable(SentenceError):
    """A file that is no text we can take; the sentence says where and why."""


@dataclass
class Node:
    """A provision: `number` and `heading` as they are printed, `content` its own blocks as Akoma Ntoso (what stands
    before its children), `after` those that stand behind them. `opening` is its start tag with number and heading as
    Akoma Ntoso, where they say more than those two words: marks in the heading, a class, a note."""

    kind: str
    eid: str
    number: str = ""
    heading: str = ""
    content: str = ""
    after: str = ""
    children: list["Node"] = field(default_factory=list)
    opening: str = ""

    @property
    def label(self) -> str:
        """Number and heading in one line."""
        return " ".join(filter(None, [self.number, self.heading]))

    def walk(self, depth: int = 0) -> Iterator[tuple[int, "Node"]]:
        """Itself and all below it, in the order of the text, each with its depth."""
        yield depth, self
        for child in self.children:
            yield from child.walk(depth + 1)


@dataclass
class Text:
    """A text in one language, as it reads from one day on. `meta` is the Akoma Ntoso <meta> it came with, if any;
    `opening` and `body` are the start tags of the document and its body, where they say more than their names."""

    language: str  # ISO 639-1 where there is one, else ISO 639-3
    title: str = ""
    doctype: str = "act"  # the element below <akomaNtoso>
    uri: str = ""  # FRBRWork/FRBRthis
    valid_on: str = ""  # ISO 8601 day of FRBRExpression/FRBRdate
    meta: str = ""
    nodes: list[Node] = field(default_factory=list)
    opening: str = ""
    body: str = ""
    # Of the work that it is a text of: its country (ISO 3166-1 alpha-2), day and number, as far as the file says.
    country: str = ""
    dated_on: str = ""
    number: str = ""
    remarks: list[str] = field(default_factory=list)  # sentences for who takes it, about what was mended in reading

    def walk(self) -> Iterator[tuple[int, Node]]:
        for node in self.nodes:
            yield from node.walk()


FACTS = ("language", "title", "doctype", "uri", "valid_on", "meta", "opening", "body", "country", "dated_on", "number")
SAID = ("kind", "eid", "number", "heading", "content", "after", "opening")


def stored(text: Text) -> dict[str, Any]:
    """`text` as JSON keeps it."""
    rows = [[depth, *(getattr(node, name) for name in SAID)] for depth, node in text.walk()]
    return {**{name: getattr(text, name) for name in FACTS}, "nodes": rows, "remarks": kept(text.remarks)}


def restored(found: dict[str, Any]) -> Text:
    """The text that was stored."""
    text = Text(**{name: found[name] for name in FACTS}, remarks=said(found["remarks"]))
    text.nodes = tree([(depth, Node(**dict(zip(SAID, words, strict=True)))) for depth, *words in found["nodes"]])
    return text


def tree(rows: "Iterator[tuple[int, Node]] | list[tuple[int, Node]]") -> list[Node]:
    """The nodes at the top of the tree that `rows`, each with its depth, are in the order of the text. One that is
    deeper than a child of the one before it is its child."""
    top: list[Node] = []
    above: list[Node] = []
    for depth, node in rows:
        del above[depth:]
        (above[-1].children if above else top).append(node)
        above.append(node)
    return top
