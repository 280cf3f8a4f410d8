"""How a text is cited: in words, for reference managers (BibTeX, RIS), for search engines (schema.org Legislation)."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

TYPES = {"LAW": "STAT", "INSTRUMENT": "STAT", "CASE": "CASE", "MODEL": "RPRT"}  # of RIS
SPECIAL = re.compile(r"([\\{}$&#%_~^])")
ESCAPES = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
VALUES = {
    "AUTHENTIC": "AuthoritativeLegalValue",
    "OFFICIAL": "OfficialLegalValue",
    "UNOFFICIAL": "UnofficialLegalValue",
    "MACHINE": "UnofficialLegalValue",
}
FORCE = {"IN_FORCE": "InForce", "NOT_YET": "NotInForce", "REPEALED": "NotInForce"}


@dataclass(frozen=True)
class Cited:
    """A work, and one of its texts where `language` is said; days as in ISO 8601."""

    key: str
    kind: str  # INSTRUMENT, LAW, MODEL, CASE
    title: str
    url: str
    site: str
    number: str = ""
    form: str = ""  # in words: Act, Regulation
    country: str = ""
    country_code: str = ""
    dated_on: str = ""
    official: str = ""  # as courts and gazettes of the country cite it
    status: str = ""
    language: str = ""
    valid_on: str = ""
    authenticity: str = ""
    authenticity_label: str = ""
    uri: str = ""
    source: str = ""
    topics: tuple[str, ...] = ()
    files: tuple[tuple[str, str], ...] = field(default_factory=tuple)  # address and kind of content


def plain(cited: Cited) -> str:
    """In one line of words."""
    if cited.official:
        head = f"{cited.title}, {cited.official}"
    else:
        number = f"No. {cited.number}" if cited.number else ""
        head = ", ".join(filter(None, [cited.title, cited.form, number, cited.dated_on]))
    where = f" ({cited.country})" if cited.country else ""
    version = " ".join(filter(None, [cited.language, cited.valid_on]))
    text = f" [{', '.join(filter(None, [version, cited.authenticity_label]))}]" if version else ""
    return f"{head}{where}{text}. {cited.site}, {cited.url}"


def bibtex(cited: Cited) -> str:
    """As BibTeX, in UTF-8."""
    year = (cited.dated_on or cited.valid_on)[:4]
    note = ", ".join(filter(None, [cited.authenticity_label, cited.valid_on and f"version of {cited.valid_on}"]))
    fields = {
        "title": cited.title,
        "author": cited.country,
        "number": cited.number,
        "howpublished": cited.official or cited.source,
        "date": cited.dated_on,
        "year": year,
        "language": cited.language,
        "note": note,
    }
    rows = [f"  {name} = {{{_tex(said)}}}," for name, said in fields.items() if said]
    return "\n".join([f"@misc{{{cited.key},", *rows, f"  url = {{{cited.url}}}", "}", ""])


def _tex(words: str) -> str:
    return SPECIAL.sub(lambda mark: ESCAPES.get(mark[1], f"\\{mark[1]}"), words)


def ris(cited: Cited) -> str:
    """As RIS, a tag a line."""
    rows = [
        ("TY", TYPES[cited.kind]),
        ("ID", cited.key),
        ("TI", cited.title),
        ("A1", cited.country),
        ("M1", cited.number),
        ("PB", cited.source),
        ("DA", cited.dated_on.replace("-", "/")),
        ("PY", (cited.dated_on or cited.valid_on)[:4]),
        ("LA", cited.language),
        ("ET", cited.valid_on),
        ("N1", cited.official),
        *(("KW", topic) for topic in cited.topics),
        ("UR", cited.url),
        ("DP", cited.site),
    ]
    lines = [f"{tag}  - {' '.join(said.split())}" for tag, said in rows if said]
    return "\r\n".join([*lines, "ER  - ", ""])


def json_ld(cited: Cited) -> str:
    """As JSON-LD, fit to stand in a page (https://schema.org/Legislation)."""
    told: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Legislation",
        "@id": cited.url,
        "url": cited.url,
        "name": cited.title,
        "legislationIdentifier": cited.uri or cited.number,
        "legislationType": cited.form,
        "legislationDate": cited.dated_on,
        "legislationDateVersion": cited.valid_on,
        "inLanguage": cited.language,
        "legislationLegalForce": f"https://schema.org/{FORCE[cited.status]}" if cited.status else "",
        "about": list(cited.topics),
    }
    if cited.country:
        told["legislationJurisdiction"] = {
            "@type": "Country",
            "name": cited.country,
            "identifier": cited.country_code,
        }
    if cited.files:
        value = VALUES.get(cited.authenticity, "")
        told["encoding"] = [
            {
                "@type": "LegislationObject",
                "contentUrl": url,
                "encodingFormat": kind,
                **({"legislationLegalValue": f"https://schema.org/{value}"} if value else {}),
            }
            for url, kind in cited.files
        ]
    found = json.dumps({name: said for name, said in told.items() if said}, ensure_ascii=False, indent=1)
    return found.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
