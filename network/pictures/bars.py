"""Bars beside each other, for numbers of one kind."""

from collections.abc import Sequence
from dataclasses import dataclass

LENGTH, LINE = 1000, 40


@dataclass(frozen=True)
class Bar:
    label: str
    value: float
    shown: str  # the value as the reader sees it
    length: int  # of LENGTH
    y: int


def bars(rows: Sequence[tuple[str, float, str]]) -> list[Bar]:
    """`rows` of label, value and the value in words; the greatest fills the length, and what is more than nothing is
    never shorter than what one can see."""
    most = max((value for _label, value, _shown in rows), default=0) or 1
    lengths = [round(LENGTH * value / most) for _label, value, _shown in rows]
    return [
        Bar(label, value, shown, max(length, 4) if value > 0 else 0, place * LINE)
        for place, ((label, value, shown), length) in enumerate(zip(rows, lengths, strict=True))
    ]
