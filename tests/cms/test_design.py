"""The look: light enough for a slow line, readable by day and by night, and every component on the style page."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings

from cms.views.styleguide import component_names
from tests.conftest import staff

ROOT = Path(settings.BASE_DIR)
SHEET = (ROOT / "static" / "entente" / "site.css").read_text(encoding="utf-8")
FONTS = ROOT / "static" / "fonts"
KILOBYTE = 1000
BLOCKS = re.compile(r":root \{\n(.*?)\n\s*\}", re.DOTALL)
COLOR = re.compile(r"--([\w-]+): #([0-9a-f]{3,6});")

GROUNDS = ("paper", "surface", "sunken")
# What is read, on what it stands.
TEXTS = [
    *((text, ground) for text in ("ink", "ink-soft", "link", "link-hover", "seal") for ground in GROUNDS),
    *((state, ground) for state in ("good", "wait", "bad") for ground in (*GROUNDS, f"{state}-wash")),
    *(("ink", f"{state}-wash") for state in ("good", "wait", "bad")),
    *((text, "deep") for text in ("on-deep", "on-deep-soft", "seal-bright")),
    *(("ink", f"tile-{number}") for number in (2, 3, 4)),
    ("on-button", "button"),
    ("on-button", "link-hover"),
    ("on-button", "tile-1"),
    ("on-seal", "seal-bright"),
    ("link", "good-wash"),
    ("link", "wait-wash"),
    ("link", "bad-wash"),
]
# What must be seen: the edges of fields, what has the focus, the strands of the mark.
SHAPES = [
    *(
        (shape, ground)
        for shape in ("line-strong", "focus", "strand", "strand-other")
        for ground in ("paper", "surface")
    ),
    ("focus", "sunken"),
    ("focus-deep", "deep"),
]


def schemes() -> dict[str, dict[str, str]]:
    """Scheme -> name -> colour. What the night does not name anew it has from the day."""
    light, dark = (dict(COLOR.findall(block)) for block in BLOCKS.findall(SHEET)[:2])
    return {"light": light, "dark": {**light, **dark}}


def luminance(color: str) -> float:
    """Relative luminance, WCAG 2.2."""
    digits = color if len(color) == 6 else "".join(digit * 2 for digit in color)
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("pairs", "least"), [(TEXTS, 4.5), (SHAPES, 3)], ids=["texts", "shapes"])
def test_what_meets_can_be_told_apart(scheme, pairs, least):
    colors = schemes()[scheme]

    faint = {pair: ratio for pair in pairs if (ratio := contrast(*(colors[name] for name in pair))) < least}

    assert faint == {}


def test_contrast_is_measured_as_wcag_says():
    assert (contrast("000", "fff"), round(contrast("777777", "ffffff"), 2)) == (21, 4.48)


def test_the_one_stylesheet_is_light():
    assert len(gzip.compress(SHEET.encode())) < 40 * KILOBYTE


def test_the_stylesheet_knows_no_left_and_right():
    physical = re.findall(
        r"[\s;{](?:margin|padding|border)-(?:left|right|top|bottom)\b|[\s;{](?:left|right|float):", SHEET
    )

    assert physical == []


def test_every_rule_stands_in_a_layer():
    outside = re.sub(
        r"(@layer \w+|@font-face|@media[^{]*|:root|:lang\(ar\)) \{.*?\n\}|/\*.*?\*/|@font-face \{.*?\}",
        "",
        SHEET,
        flags=re.DOTALL,
    )

    assert re.findall(r"[^;{}]+\{", outside) == []


@pytest.mark.parametrize(("path", "language"), [("/en/", "en"), ("/ar/", "ar"), ("/fr/", "fr")])
def test_a_first_visit_is_light(client, db, path, language):
    """The page, its stylesheet, scripts and pictures, and every font that its letters need: 150 kB at most."""
    page = client.get(path)
    linked = {*re.findall(r'(?:src|href)="(/static/[^"#]+)"', page.text)}
    fonts = {f"/static/fonts/entente-{font}.woff2" for font in FONTS_OF[language]}

    weights = {name: weight(name) for name in linked | fonts}
    assert {f"/static/fonts/entente-{font}.woff2" for font in PRELOADED[language]} == {*filter(is_font, linked)}
    assert len(gzip.compress(page.content)) + sum(weights.values()) <= 150 * KILOBYTE


LATIN = ["display-latin", "text-latin"]
ARABIC = ["display-arabic", "text-arabic"]
PRELOADED = {"en": LATIN, "fr": LATIN, "ar": ARABIC}
# Of an Arabic page, as if there were Latin letters in its titles and its text.
FONTS_OF = {"en": LATIN, "fr": LATIN, "ar": [*ARABIC, "display-figures", "text-figures", *LATIN]}


def is_font(name: str) -> bool:
    return name.endswith(".woff2")


def weight(name: str) -> int:
    """As it goes over the line: fonts are compressed already."""
    content = (ROOT / name.lstrip("/")).read_bytes()
    return len(content) if is_font(name) else len(gzip.compress(content))


def test_every_font_comes_with_its_licence():
    listed = (FONTS / "README.md").read_text(encoding="utf-8")
    licences = set(re.findall(r"`(OFL-[\w-]+\.txt)`", listed))

    assert {path.name for path in FONTS.glob("OFL*")} == licences
    assert [name for name in licences if "SIL OPEN FONT LICENSE" not in (FONTS / name).read_text().upper()] == []
    assert {font.name for font in FONTS.glob("*.woff2")} == set(re.findall(r"fonts/([\w-]+\.woff2)", SHEET))


def test_every_component_has_a_sample_and_says_its_arguments(client, db):
    client.force_login(staff("organizer", "olga@example.org"))
    page = client.get("/en/styleguide/")

    shown = {component["name"]: component["arguments"] for component in page.context["components"]}
    used = {name for name in shown if f"components/{name}.html" in {template.name for template in page.templates}}
    samples = {path.stem for path in (ROOT / "templates" / "styleguide").glob("*.html")} - {"styleguide"}
    assert (set(shown), used, samples) == (set(component_names()), set(component_names()), set(component_names()))
    assert [name for name, arguments in shown.items() if len(arguments.splitlines()) < 2] == []


def test_the_brief_components_are_there():
    wanted = (
        "alert breadcrumb button card difference facets field languages pagination programme_grid table tiles timeline"
    )

    assert set(wanted.split()) <= set(component_names())


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_the_style_page_speaks_every_language(client, db, language):
    client.force_login(staff("editor", "eva@example.org"))
    page = client.get(f"/{language}/styleguide/")

    assert (page.status_code, page.headers.get("Cache-Control", "").count("public")) == (200, 0)
    assert re.findall(r'<html lang="(\w+)" dir="(\w+)">', page.text) == [
        (language, "rtl" if language == "ar" else "ltr")
    ]


def test_the_style_page_is_for_who_works_here(client, db, stranger):
    anonymous = client.get("/en/styleguide/").status_code
    client.force_login(stranger)

    assert (anonymous, client.get("/en/styleguide/").status_code) == (404, 404)


def test_no_page_writes_a_style_or_a_script_into_its_markup():
    """The content security policy of the public site would forbid it; the admin and letters have rules of their own."""
    folders = ("components", "styleguide", "cms", "account")
    pages = [path for folder in folders for path in (ROOT / "templates" / folder).rglob("*.html")]
    written = re.compile(r"\sstyle=|<style|\son\w+=\"|<script(?![^>]*src=)")

    assert [path.name for path in [*pages, ROOT / "templates" / "base.html"] if written.search(path.read_text())] == []
