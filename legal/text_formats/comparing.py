"""Two texts of one work, compared provision by provision, and the words of a provision one by one."""

import re
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from hashlib import sha256
from typing import NamedTuple

from legal.text_formats.plain import plain
from legal.text_formats.rendering import SMALL
from legal.texts import Node, Text

ADDED, CHANGED, GONE, MOVED = "ADDED", "CHANGED", "GONE", "MOVED"
WORD = re.compile(r"\s+|\w+|[^\w\s]")
MOST_WORDS = 3000  # of a provision, beyond which it is shown whole, before and after
ALIKE = 0.3  # what has less in common is shown whole, too


@dataclass(frozen=True)
class Change:
    """What becomes of a provision: `what` is ADDED, CHANGED, GONE or MOVED (the same words stand at another anchor,
    `eid`, which was `from_eid`); its words `before` and `after`, and the article or section that it is `within`."""

    what: str
    eid: str
    label: str
    before: str = ""
    after: str = ""
    from_eid: str = ""
    within: str = ""


def compared(before: Text, after: Text) -> list[Change]:
    """What of the provisions of `before` is otherwise in `after`, in the order of the text."""
    was = {node.eid: node for _depth, node in before.walk()}
    now = {node.eid: node for _depth, node in after.walk()}
    within = {**_within(before.nodes), **_within(after.nodes)}
    gone = [node for eid, node in was.items() if eid not in now]
    moved = _moved(gone, [node for eid, node in now.items() if eid not in was])
    found: list[tuple[tuple[int, int, int], Change]] = []
    places = {eid: place for place, eid in enumerate(now)}
    for eid, node in now.items():
        if change := _change(node, was.get(eid), moved.get(eid)):
            found.append(((places[eid], 0, 0), change))
    left = {one.eid: places[eid] for eid, one in moved.items()}
    last = -1
    for place, (eid, node) in enumerate(was.items()):
        if eid in now or eid in left:
            last = places[eid] if eid in now else left[eid]
        else:
            found.append(((last, 1, place), Change(GONE, eid, node.label, words(node))))
    ordered = [change for _place, change in sorted(found, key=lambda one: one[0])]
    return [replace(one, within=within[one.eid]) for one in ordered]


def _within(nodes: list[Node], label: str = "") -> dict[str, str]:
    """Anchor -> what the nearest division above is called, for what has no heading of its own."""
    found = {}
    for node in nodes:
        found[node.eid] = label if node.kind in SMALL else ""
        found |= _within(node.children, label if node.kind in SMALL else node.label)
    return found


def _change(node: Node, before: Node | None, moved: Node | None) -> Change | None:
    said = words(node)
    if before is None and moved is not None:
        return Change(MOVED, node.eid, node.label, said, said, moved.eid)
    if before is None:
        return Change(ADDED, node.eid, node.label, "", said)
    return None if words(before) == said else Change(CHANGED, node.eid, node.label or before.label, words(before), said)


def _moved(gone: list[Node], new: list[Node]) -> dict[str, Node]:
    """New anchor -> the provision that stood elsewhere with the same words. Number and heading may differ."""
    waiting: dict[tuple[str, str], list[Node]] = {}
    for node in gone:
        waiting.setdefault((node.kind, _own(node)), []).append(node)
    found = {}
    for node in new:
        if _own(node) and (same := waiting.get((node.kind, _own(node)))):
            found[node.eid] = same.pop(0)
    return found


def _own(node: Node) -> str:
    return f"{plain(node.content)}\n{plain(node.after)}".strip()


def words(node: Node) -> str:
    """Everything that a provision says itself, in plain words."""
    return "\n".join(filter(None, [node.label, plain(node.content), plain(node.after)]))


def digest(text: Text) -> str:
    """The same for the same provisions with the same markup."""
    found = sha256()
    for depth, node in text.walk():
        said = (depth, node.kind, node.eid, node.number, node.heading, node.content, node.after, node.opening)
        found.update(repr(said).encode())
    return found.hexdigest()


class Segment(NamedTuple):
    """A run of words with what becomes of it: "same", "removed" or "added"."""

    kind: str
    text: str


def worded(before: str, after: str) -> list[Segment]:
    """The words of both, in order."""
    first, second = WORD.findall(before), WORD.findall(after)
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    if max(len(first), len(second)) > MOST_WORDS or matcher.quick_ratio() < ALIKE:
        return [Segment("removed", before), Segment("added", after)]
    runs: list[Segment] = []
    gone = new = ""
    for what, i, j, k, m in [*matcher.get_opcodes(), ("equal", len(first), len(first), 0, 0)]:
        same = "".join(first[i:j]) if what == "equal" else ""
        is_between = same.isspace() and "\n" not in same and bool(gone or new)  # a space between two changes
        if what != "equal" or is_between:
            gone, new = gone + "".join(first[i:j]), new + "".join(second[k:m])
            continue
        changed = (Segment("removed", gone), Segment("added", new), Segment("same", same))
        runs += [segment for segment in changed if segment.text]
        gone = new = ""
    return runs


def aligned(left: Text, right: Text) -> list[tuple[Node | None, Node | None]]:
    """The provisions of two texts side by side, in the order of the left one: those with the same anchor in one row,
    and what the right one has alone behind the last that both have."""
    first = {node.eid: node for _depth, node in left.walk()}
    second = {node.eid: node for _depth, node in right.walk()}
    alone: dict[str, list[Node]] = {}
    last = ""
    for eid, node in second.items():
        if eid in first:
            last = eid
        else:
            alone.setdefault(last, []).append(node)
    rows: list[tuple[Node | None, Node | None]] = [(None, node) for node in alone.get("", [])]
    for eid, node in first.items():
        rows.append((node, second.get(eid)))
        rows += [(None, one) for one in alone.get(eid, [])]
    return rows
