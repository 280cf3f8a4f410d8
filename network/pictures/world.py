"""The world as tiles: each country and territory of ISO 3166-1 as large as every other, roughly where it lies.

`network/facts/tiles.txt` is the arrangement: a line of the file is a row of tiles. Tiles say nothing about borders.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

FACTS = Path(__file__).parent.parent / "facts"
REGIONS = ("Americas", "Europe", "Asia", "Africa", "Oceania", "")
SIZE, GAP = 40, 4
SHOWN = 0.75  # on a wide screen, of its measures
# A status is never told by its colour alone.
SIGNS = {"full": "●", "part": "◐", "planned": "○", "ended": "×", "none": "–", "unknown": "?"}
# In the region's own picture these would stand far from all others; there they come nearer.
NEARER = {"AQ": (0, 0), "TW": (1, 0), "BV": (6, 18), "SJ": (12, 0), "HM": (24, 17), "UM": (24, 7), "RU": (17, 2)}


@cache
def tiles() -> dict[str, tuple[int, int]]:
    """Code -> column and row in the picture of the whole world, from 1."""
    rows = (FACTS / "tiles.txt").read_text(encoding="utf-8").splitlines()
    return {
        code: (column, row)
        for row, line in enumerate(rows, 1)
        for column, code in enumerate(line.split(), 1)
        if code != ".."
    }


@cache
def regions() -> dict[str, str]:
    """Code -> region of the United Nations (M49), "" for the two that belong to none."""
    with (FACTS / "countries.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["region"] for row in csv.DictReader(file)}


@dataclass(frozen=True)
class Tile:
    row: Mapping[str, str]  # as it was given
    x: int
    y: int

    @property
    def middle(self) -> int:
        return self.x + SIZE // 2

    @property
    def code_line(self) -> int:
        return self.y + 17

    @property
    def sign(self) -> str:
        return SIGNS.get(self.row["status"], "")

    @property
    def sign_line(self) -> int:
        return self.y + 34


@dataclass
class Region:
    """The tiles of one region, in a picture of its own."""

    name: str
    tiles: list[Tile] = field(default_factory=list)
    width: int = 0
    height: int = 0

    @property
    def shown_width(self) -> int:
        return round(self.width * SHOWN)

    @property
    def shown_height(self) -> int:
        return round(self.height * SHOWN)


def world(rows: Sequence[Mapping[str, str]]) -> list[Region]:
    """`rows` (each with a `code`) by region, each tile where its country lies. Codes that ISO 3166-1 does not have
    are left out, and so are regions of which there is nothing."""
    by_region: dict[str, list[Mapping[str, str]]] = {name: [] for name in REGIONS}
    for row in rows:
        if row["code"] in tiles():
            by_region[regions().get(row["code"], "")].append(row)
    return [_region(name, found) for name, found in by_region.items() if found]


def _region(name: str, rows: Sequence[Mapping[str, str]]) -> Region:
    places = {row["code"]: NEARER.get(row["code"], tiles()[row["code"]]) for row in rows}
    left, top = min(column for column, _row in places.values()), min(row for _column, row in places.values())
    step = SIZE + GAP
    placed = [Tile(row, (places[row["code"]][0] - left) * step, (places[row["code"]][1] - top) * step) for row in rows]
    width, height = max(tile.x for tile in placed) + SIZE, max(tile.y for tile in placed) + SIZE
    return Region(name, placed, width, height)
