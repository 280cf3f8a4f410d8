"""A legal text as a tree of provisions: what every reader of files gives and every writer takes. Knows no models.

The kinds are the element names of Akoma Ntoso 3.0 (part, chapter, article, section, paragraph, preamble, ...), and the
anchors its eIds (Akoma Ntoso Naming Convention 1.0, section 5): `art_14__para_2`."""

from collections.abc import Iterator
from dataclasses import dataclass, field


class Unreadable(ValueError):
    """A file that is no text we can take; the sentence says where and why."""


@dataclass
class Node:
    """A provision: `number` and `heading` as they are printed, `content` its own blocks as Akoma Ntoso (what stands
    before its children), `after` those that stand behind them."""

    kind: str
    eid: str
    number: str = ""
    heading: str = ""
    content: str = ""
    after: str = ""
    children: list["Node"] = field(default_factory=list)

    def walk(self, depth: int = 0) -> Iterator[tuple[int, "Node"]]:
        """Itself and all below it, in the order of the text, each with its depth."""
        yield depth, self
        for child in self.children:
            yield from child.walk(depth + 1)


@dataclass
class Text:
    """A text in one language, as it reads from one day on. `meta` is the Akoma Ntoso <meta> it came with, if any."""

    language: str  # ISO 639-1 where there is one, else ISO 639-3
    title: str = ""
    doctype: str = "act"  # the element below <akomaNtoso>
    uri: str = ""  # FRBRWork/FRBRthis
    valid_on: str = ""  # ISO 8601 day of FRBRExpression/FRBRdate
    meta: str = ""
    nodes: list[Node] = field(default_factory=list)

    def walk(self) -> Iterator[tuple[int, Node]]:
        for node in self.nodes:
            yield from node.walk()
