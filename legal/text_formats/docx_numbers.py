"""The numbers that Word puts before paragraphs, counted as it does (ECMA-376 part 1, 17.9)."""

import re
from functools import cache
from typing import Any

from docx.oxml.ns import qn

ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


def value(element: Any, path: str) -> str:
    """The `w:val` of the element at `path` below `element`, "" where there is none."""
    found = element.find(_clark(path))
    return "" if found is None else str(found.get(qn("w:val"), ""))


@cache
def _clark(path: str) -> str:
    return "/".join(map(qn, path.split("/")))


class Numbering:
    """The numbering of one document: a level goes on until one above it is counted."""

    def __init__(self, document: Any) -> None:
        self.levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self.counters: dict[str, dict[int, int]] = {}
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError, AttributeError):
            return
        drawn = {one.get(qn("w:abstractNumId")): self._levels(one) for one in root.iter(qn("w:abstractNum"))}
        self.drawn_of: dict[str, str] = {}
        for one in root.iter(qn("w:num")):
            name, drawing = one.get(qn("w:numId"), ""), value(one, "w:abstractNumId")
            self.levels[name], self.drawn_of[name] = drawn.get(drawing, {}), drawing
            for override in one.iter(qn("w:lvlOverride")):
                self.drawn_of[name] = f"{drawing} of {name}"
                self._begin_otherwise(name, override)

    def _levels(self, drawing: Any) -> dict[int, tuple[str, str, int]]:
        found = {}
        for level in drawing.iter(qn("w:lvl")):
            start = value(level, "w:start")
            place = int(level.get(qn("w:ilvl"), "0"))
            found[place] = (value(level, "w:numFmt"), value(level, "w:lvlText"), int(start) if start.isdigit() else 1)
        return found

    def _begin_otherwise(self, name: str, override: Any) -> None:
        place, start = override.get(qn("w:ilvl"), ""), value(override, "w:startOverride")
        if place.isdigit() and start.isdigit() and int(place) in self.levels[name]:
            form, said, _start = self.levels[name][int(place)]
            self.levels[name] = {**self.levels[name], int(place): (form, said, int(start))}

    def next(self, number: str, level: int) -> str:
        levels = self.levels.get(number, {})
        if level not in levels:
            return ""
        counters = self.counters.setdefault(self.drawn_of[number], {})
        counters[level] = counters.get(level, levels[level][2] - 1) + 1
        for deeper in [one for one in counters if one > level]:
            del counters[deeper]
        form, said, _start = levels[level]
        if form in ("bullet", "none"):
            return ""

        def counted(place: re.Match[str]) -> str:
            of = int(place[1]) - 1
            kind, _text, start = levels.get(of, ("decimal", "", 1))
            return numeral(counters.get(of, start), kind)

        return re.sub(r"%(\d)", counted, said).strip()


def numeral(value: int, form: str) -> str:
    if form in ("lowerLetter", "upperLetter"):
        letter = chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 + 1)
        return letter if form == "lowerLetter" else letter.upper()
    if form in ("lowerRoman", "upperRoman"):
        roman = _roman(value)
        return roman if form == "lowerRoman" else roman.upper()
    return str(value)


def _roman(value: int) -> str:
    found = ""
    for worth, letters in ROMAN:
        times, value = divmod(value, worth)
        found += letters * times
    return found
