"""What the components of `templates/components/` work out: places in pictures, signs, numbers of pages."""

import json
from collections.abc import Mapping, Sequence
from functools import cache

from django import template
from django.core.paginator import Page

from network.labels import Labels
from network.pictures.bars import Bar, bars
from network.pictures.rosette import Ring, rosette
from network.pictures.world import FACTS, SIGNS, Region, world

register = template.Library()


@register.simple_tag
def rings(subject: object) -> list[Ring]:
    return rosette(str(subject))


@register.simple_tag
def regions_of(rows: Sequence[Mapping]) -> list[dict]:
    """The regions of the world with the tiles of `rows`, each under its name in the reader's language."""
    return [_region(region) for region in world(rows)]


def _region(region: Region) -> dict:
    return {"region": region, "label": str(_region_names().get(region.name, "")), "key": region.name.lower() or "none"}


@cache
def _region_names() -> dict[str, Labels]:
    facts = json.loads((FACTS / "regions.json").read_text(encoding="utf-8"))
    return {name: Labels(labels) for name, labels in facts["regions"].items()}


@register.simple_tag
def legend_of(rows: Sequence[Mapping]) -> list[tuple[str, str, str]]:
    """Status, its words and its sign, of those that occur, in the order of the signs."""
    words = {row["status"]: row["words"] for row in rows}
    return [(status, words[status], sign) for status, sign in SIGNS.items() if status in words]


@register.simple_tag
def bars_of(rows: Sequence[tuple[str, float, str]]) -> list[Bar]:
    return bars(rows)


@register.simple_tag
def trail(*parts: object) -> list[dict[str, object]]:
    """The steps of a breadcrumb from label, address, label, address ... and the label of the page itself."""
    return [{"label": label, "url": url} for label, url in zip(parts[::2], [*parts[1::2], ""], strict=True)]


@register.simple_tag
def under(columns: Sequence[Mapping], row: Sequence) -> list[tuple[object, bool]]:
    """Each cell of `row`, and whether it stands in a column of numbers."""
    return [(cell, bool(column.get("is_number"))) for column, cell in zip(columns, row, strict=True)]


@register.filter
def page_numbers(page: Page) -> list[int | None]:
    """The numbers to be shown around `page`; None for a gap."""
    ellipsis = page.paginator.ELLIPSIS
    shown = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return [None if number == ellipsis else number for number in shown]
