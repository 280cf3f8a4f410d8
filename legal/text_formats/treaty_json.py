"""Texts as JSON: treaties by article in several languages, as collections of treaties have them
(`{"treaty_en": ..., "articles": [{"article": "1", "title_en": ..., "content_en": ...}]}`)."""

import re
from typing import Any
from xml.sax.saxutils import escape

from django.utils.translation import gettext as _

from legal.text_formats.outline import Line, outlined
from legal.texts import Node, Text, Unreadable

CONTENT = re.compile(r"content_([a-z]{2,3}(?:-[A-Za-z]+)?)")
PRINTED = {"en": "Article {}", "fr": "Article {}", "es": "Artículo {}", "ar": "المادة {}", "zh": "第{}條"}
DIGITS = {digit: value for value, digit in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "Ｏ": 0}
TIMES = {"十": 10, "百": 100}
# “...: (a) Institute ...; (b) Ensure ...” in one line; each is a paragraph of its own.
AMONG = re.compile(r"(?<=[:;：；。，,.])\s*(?=(?:and |or |y |et )?[(（][a-z][)）])")


def read(found: dict[str, Any]) -> list[Text]:
    """The treaty in `found`, once for each language in which it has articles. Raises Unreadable where an article is
    none or stands twice."""
    articles = found.get("articles")
    if not isinstance(articles, list) or not articles:
        raise Unreadable(_("It has no “articles”."))
    for place, article in enumerate(articles, start=1):
        if not isinstance(article, dict):
            raise Unreadable(_("Article %(place)d is none: it has no fields.") % {"place": place})
    languages = list(dict.fromkeys(code[1] for one in articles for name in one if (code := CONTENT.fullmatch(name))))
    if not languages:
        raise Unreadable(_("It says no words: there is no “content_en” in any article."))
    return [_text(found, articles, language) for language in languages]


def _text(found: dict[str, Any], articles: list[dict[str, Any]], language: str) -> Text:
    nodes = []
    if preamble := _said(found, f"preamble_{language}"):
        blocks = "".join(f"<p>{escape(line)}</p>" for line in preamble.splitlines() if line.strip())
        nodes.append(Node("preamble", "preamble", content=blocks))
    seen: dict[str, int] = {}
    for place, article in enumerate(articles, start=1):
        node = _article(article, place, language)
        if node.eid in seen:
            told = {"place": place, "first": seen[node.eid], "number": node.number}
            raise Unreadable(_("Article %(place)d has the number of article %(first)d: “%(number)s”.") % told)
        seen[node.eid] = place
        nodes.append(node)
    title = _said(found, f"treaty_{language}") or _said(found, "treaty")
    return Text(language, title, dated_on=_said(found, "adopted"), number=_said(found, "number"), nodes=nodes)


def _article(article: dict[str, Any], place: int, language: str) -> Node:
    said = _said(article, "article") or str(place)
    number = western(said) or re.sub(r"\W+", "-", said).strip("-") or str(place)
    printed = said if language == "zh" else number
    eid = f"art_{number}"
    node = Node("article", eid, PRINTED.get(language, "{}").format(printed), _said(article, f"title_{language}"))
    for below in outlined(_lines(_said(article, f"content_{language}"))):
        if below.kind in ("preamble", "text"):  # what stands before the first number
            node.content += below.content
        else:
            _below(below, eid)
            node.children.append(below)
    return node


def _below(node: Node, above: str) -> None:
    """Within an article a number is that of a paragraph, whose anchor says which article."""
    kinds = {"section": "paragraph", "subsection": "subparagraph", "paragraph": "point", "subparagraph": "indent"}
    shorts = {"paragraph": "para", "subparagraph": "subpara", "point": "point", "indent": "indent"}
    last = node.eid.rpartition("__")[2]
    node.kind = kinds.get(node.kind, node.kind)
    short = shorts.get(node.kind)
    node.eid = f"{above}__{short}_{last.partition('_')[2]}" if short else f"{above}__{last}"
    for child in node.children:
        _below(child, node.eid)


def _lines(content: str) -> list[Line]:
    """The paragraphs of an article; letters among the words begin one, where they come in their order."""
    lines: list[Line] = []
    for line in content.splitlines():
        expected = "a"
        for piece in AMONG.split(line):
            letter = re.match(r"[(（]([a-z])[)）]", piece)
            if lines and letter and letter[1] != expected and not _starts(line, piece):
                lines[-1].text += f" {piece}"
                continue
            if letter:
                expected = chr(ord(letter[1]) + 1)
            lines.append(Line(piece.strip()))
    return [line for line in lines if line.text]


def _starts(line: str, piece: str) -> bool:
    return line.lstrip().startswith(piece.lstrip())


def _said(found: dict[str, Any], name: str) -> str:
    said = found.get(name, "")
    return str(said).strip() if isinstance(said, str | int) else ""


def western(said: str) -> str:
    """The number in 0 to 9 of “12”, “十二” or “三一九”; "" where it is none."""
    if said.isdecimal():
        return str(int(said))
    if not said or set(said) - set(DIGITS) - set(TIMES):
        return ""
    if not set(said) & set(TIMES):
        return str(int("".join(str(DIGITS[digit]) for digit in said)))
    total, digit = 0, 0
    for mark in said:
        if mark in TIMES:
            total += (digit or 1) * TIMES[mark]
            digit = 0
        else:
            digit = DIGITS[mark]
    return str(total + digit)
