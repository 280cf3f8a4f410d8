"""The illustration of the house: a rosette of fine interlaced lines, as banknotes, treaties and tax stamps carry.

Each subject has its own, drawn from its name, so that it is the same at every visit and like no other's.
"""

import hashlib
from dataclasses import dataclass
from itertools import pairwise
from math import cos, pi, sin

CENTRE = 500
STEPS = 6  # pieces of curve in one wave


@dataclass(frozen=True)
class Ring:
    """A closed wave around the centre, drawn several times, each turned a little further."""

    key: str
    path: str
    turns: list[str]  # degrees, of the copies after the first


def rosette(subject: str) -> list[Ring]:
    """The rings of the rosette of `subject`, in a square of 1000 × 1000, from the outermost inwards."""
    digest = hashlib.sha256(subject.encode()).digest()
    key = digest[:4].hex()
    outer, middle, inner = 6 + digest[4] % 13, 4 + digest[5] % 8, 3 + digest[6] % 7
    heart = 90 + digest[10] % 90
    rings = [
        (outer, 410, 40 + digest[7] % 70, 6 + digest[11] % 5),
        (middle, 250 + digest[12] % 60, 50 + digest[8] % 100, 6 + digest[13] % 5),
        (inner, heart, heart * (30 + digest[9] % 60) // 100, 5 + digest[14] % 5),
    ]
    return [
        Ring(
            f"{key}-{place}", _wave(waves, radius, depth), [f"{360 / waves / copies * n:.2f}" for n in range(1, copies)]
        )
        for place, (waves, radius, depth, copies) in enumerate(rings)
    ]


def _wave(waves: int, radius: float, depth: float) -> str:
    """The path of r = radius + depth · cos(waves · angle), as cubic curves whose tangents are exact."""
    step = 2 * pi / (waves * STEPS)
    points = [_point(number * step, waves, radius, depth) for number in range(waves * STEPS + 1)]
    (x, y), _slope = points[0]
    pieces = [f"M{x:.0f} {y:.0f}"]
    for ((x0, y0), (dx0, dy0)), ((x1, y1), (dx1, dy1)) in pairwise(points):
        third = step / 3
        curve = (x0 + dx0 * third, y0 + dy0 * third, x1 - dx1 * third, y1 - dy1 * third, x1, y1)
        pieces.append("C" + " ".join(f"{number:.0f}" for number in curve))
    return "".join(pieces)


def _point(angle: float, waves: int, radius: float, depth: float) -> tuple[tuple[float, float], tuple[float, float]]:
    """Where the wave is at `angle`, and its derivative there."""
    far, change = radius + depth * cos(waves * angle), -depth * waves * sin(waves * angle)
    place = (CENTRE + far * cos(angle), CENTRE + far * sin(angle))
    return place, (change * cos(angle) - far * sin(angle), change * sin(angle) + far * cos(angle))
