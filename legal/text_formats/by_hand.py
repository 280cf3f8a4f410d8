"""A text set right by hand, provision by provision: each act gives nothing and changes the text that it is given.
Raises Unreadable, with a sentence, where it cannot be done."""

import re
from xml.sax.saxutils import unescape

from django.utils.translation import gettext as _

from legal.text_formats import akn, markup
from legal.text_formats.anchors import HIERARCHY, Anchors
from legal.texts import BETWEEN, Node, Text, Unreadable, tree

# What can be chosen for a provision.
CHOICES = sorted({*HIERARCHY, "preface", "preamble", "conclusions", "recital", "crossHeading", BETWEEN})
PARAGRAPH = re.compile(r"\s*<p>([^<]*)</p>\s*")
UNSAFE = {"script", "style", "iframe", "object", "embed"}


def is_plain(blocks: str) -> bool:
    """Whether `blocks` are paragraphs without any mark, so that they can be written as lines."""
    return not PARAGRAPH.sub("", blocks)


def as_lines(blocks: str) -> str:
    """Plain `blocks` as lines."""
    return "\n".join(unescape(one).strip() for one in PARAGRAPH.findall(blocks))


def as_blocks(written: str) -> str:
    """What somebody wrote: markup where it begins with a tag, else lines of which each is a paragraph."""
    if not written.lstrip().startswith("<"):
        return markup.paragraphs(written)
    held = markup.pieces(written)
    if any(str(one.tag).rpartition("}")[2] in UNSAFE for one in held.iter()):
        raise Unreadable(_("A text holds no scripts, styles or frames."))
    if (held.text or "").strip() or any((one.tail or "").strip() for one in held):
        raise Unreadable(_("All words must stand in blocks, such as <p>…</p>."))
    return written.strip()


def correct(text: Text, eid: str, *, kind: str, number: str, heading: str, anchor: str = "", **blocks: str) -> None:
    """The provision `eid` says this; `blocks` are its `content` and what stands `after` those below it, as somebody
    wrote them. `anchor` is a new one for it, while nothing refers to it yet."""
    node = found(text, eid)
    kept = (node.kind, node.number, node.heading)
    node.content, node.after = as_blocks(blocks.get("content", "")), as_blocks(blocks.get("after", ""))
    node.kind, node.number, node.heading = kind, number.strip(), heading.strip()
    if anchor and anchor != eid:
        if any(one.eid == anchor for _depth, one in text.walk()):
            raise Unreadable(_("The anchor “%(anchor)s” is that of another provision.") % {"anchor": anchor})
        node.eid = anchor
    if node.opening and (kept != (node.kind, node.number, node.heading) or node.eid != eid):
        node.opening = akn.reopened(node)


def shift(text: Text, eid: str, by: int) -> None:
    """It and all below it go one level out (-1) or in (1)."""
    rows = list(text.walk())
    place = _place(rows, eid)
    depth, end = rows[place][0], _end(rows, place)
    if by < 0 and depth == 0:
        raise Unreadable(_("It is at the highest level already."))
    if by > 0 and (place == 0 or rows[place - 1][0] < depth):
        raise Unreadable(_("There is nothing before it that it could be part of."))
    if by < 0:  # those behind it that were beside it stay where they were, and come after what goes out
        parent = next(at for at in range(place - 1, -1, -1) if rows[at][0] == depth - 1)
        last = _end(rows, parent)
        rows = [*rows[:place], *rows[end:last], *rows[place:end], *rows[last:]]
        place, end = place + last - end, last
    rows[place:end] = [(level + by, node) for level, node in rows[place:end]]
    _rebuild(text, rows)


def merge(text: Text, eid: str) -> None:
    """Its words join those of the provision before it, with its number before them; what is below it goes along."""
    rows = list(text.walk())
    place = _place(rows, eid)
    if place == 0:
        raise Unreadable(_("There is nothing before it."))
    depth, node = rows[place]
    above, before = rows[place - 1]
    words = markup.paragraphs(node.label) + node.content
    if above >= depth:  # the last of what is before it, with nothing below
        words, before.after = before.after + words, ""
    before.content += words
    before.after += node.after
    end = _end(rows, place)
    shifted = [(level - depth + above, one) for level, one in rows[place + 1 : end]]
    _rebuild(text, [*rows[:place], *shifted, *rows[end:]])


def split(text: Text, eid: str, at: int) -> str:
    """Its blocks from the one numbered `at` (the second is 2) on become a provision behind it; gives its anchor."""
    rows = list(text.walk())
    place = _place(rows, eid)
    depth, node = rows[place]
    held = list(markup.pieces(node.content))
    if not 2 <= at <= len(held):
        raise Unreadable(_("It cannot be divided there: it has %(count)d paragraphs.") % {"count": len(held)})
    node.content = "".join(map(markup.written, held[: at - 1]))
    anchors = Anchors()
    anchors.taken = {one.eid for _depth, one in rows}
    new = Node(node.kind, anchors.take(node.eid), content="".join(map(markup.written, held[at - 1 :])))
    _rebuild(text, [*rows[: place + 1], (depth, new), *rows[place + 1 :]])
    return new.eid


def remove(text: Text, eid: str) -> None:
    """It goes, with all below it."""
    rows = list(text.walk())
    place = _place(rows, eid)
    _rebuild(text, [*rows[:place], *rows[_end(rows, place) :]])


def found(text: Text, eid: str) -> Node:
    """The provision with that anchor."""
    rows = list(text.walk())
    return rows[_place(rows, eid)][1]


def _place(rows: list[tuple[int, Node]], eid: str) -> int:
    place = next((place for place, (_depth, node) in enumerate(rows) if node.eid == eid), None)
    if place is None:
        raise Unreadable(_("There is no provision “%(anchor)s” any more.") % {"anchor": eid})
    return place


def _end(rows: list[tuple[int, Node]], place: int) -> int:
    """Behind all that is below the one at `place`."""
    depth = rows[place][0]
    return next((at for at in range(place + 1, len(rows)) if rows[at][0] <= depth), len(rows))


def _rebuild(text: Text, rows: list[tuple[int, Node]]) -> None:
    for _depth, node in rows:
        node.children = []
    text.nodes = tree(rows)
