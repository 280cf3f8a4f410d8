"""Papers to print, set by Typst. Knows no models: facts in, the bytes of a tagged PDF out."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typst

ROOT = Path(__file__).parent.parent
RIGHT_TO_LEFT = {"ar"}


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with records, each of them rows of label and text."""

    heading: str
    records: Sequence[Sequence[tuple[str, str]]]


def sheet(title: str, introduction: str, sections: Sequence[Section], *, language: str, footer: str = "") -> bytes:
    """A sheet of facts in the language with the code `language`; in Arabic from right to left. The same facts give
    the same text; PDF/UA-1 (ISO 14289), so that it can be read aloud."""
    facts = {
        "title": title,
        "introduction": introduction,
        "sections": [{"heading": section.heading, "records": section.records} for section in sections],
        "language": language,
        "is_right_to_left": language in RIGHT_TO_LEFT,
        "footer": footer,
    }
    return typeset("sheet", facts)


def typeset(template: str, facts: dict[str, Any]) -> bytes:
    """The paper `template` (`templates/pdf/<template>.typ`) with `facts`, in the fonts of the house, as PDF/UA-1; as a
    plain PDF where a name is in letters that these fonts lack, which the standard forbids."""

    def compiled(**standard: Any) -> bytes:
        document: bytes = typst.compile(
            ROOT / "templates" / "pdf" / f"{template}.typ",
            root=ROOT / "templates",
            font_paths=[ROOT / "static" / "fonts"],
            ignore_system_fonts=True,
            sys_inputs={"facts": json.dumps(facts, ensure_ascii=False)},
            **standard,
        )
        return document

    try:
        return compiled(pdf_standards=["ua-1"])
    except typst.TypstError:
        return compiled()
