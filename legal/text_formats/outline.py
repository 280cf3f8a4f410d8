"""Lines of a document, made into a tree of provisions by what they begin with: “PART II”, “المادة 12”, “(a)”. What this
guesses wrongly is set right by hand."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from xml.sax.saxutils import escape

from legal.text_formats.anchors import WHEREVER, Anchors
from legal.texts import BETWEEN, Node

# The words of divisions in the languages of the house; the rank says what is inside what.
WORDS = {
    "book": (0, r"book|livre|libro|الكتاب"),
    "title": (1, r"title|titre|t[ií]tulo|العنوان"),
    "part": (2, r"part|partie|parte|الجزء|الباب"),
    "chapter": (3, r"chapter|chapitre|cap[ií]tulo|الفصل"),
    "section": (4, r"section|secci[oó]n|الفرع|القسم"),
    "article": (5, r"article|art[ií]culo|المادة|مادة|art\."),
    "schedule": (1, r"schedule|annex|annexe|anexo|appendix|appendice|ap[eé]ndice|ملحق|الملحق|المرفق|مرفق"),
}
ORDINALS = (
    r"first|second|third|fourth|fifth|premi[eè]re?|primer[oa]?|unique|único|única|الأول|الأولى|الثاني|الثانية|الثالث|"
    r"الثالثة|الرابع|الرابعة|الخامس|الخامسة|السادس|السادسة|السابع|السابعة|الثامن|الثامنة|التاسع|التاسعة|العاشر|العاشرة"
)
AGAIN = "bis|ter|quater|quinquies|مكررا?"
NUMERAL = rf"(?:[0-9٠-٩]+[a-zº°ᵉ]{{0,3}}(?:[ -]?(?:{AGAIN}))?|[IVXLC]+|[A-Z]|{ORDINALS})"
DIVISION = re.compile(
    rf"^(?P<printed>(?P<word>{'|'.join(words for _rank, words in WORDS.values())})\s*\(?(?P<numeral>{NUMERAL})\)?)"
    r"(?=$|[\s.:—–،\-])[\s.:—–،\-]*",
    re.IGNORECASE,
)
LONE = re.compile(rf"^(?P<printed>{WORDS['schedule'][1]})\s*[.:]?$", re.IGNORECASE)
# How paragraphs are numbered; the name says only which are alike.
STYLES = {
    "dotted": re.compile(r"^(?P<printed>(?P<value>[0-9٠-٩]{1,3})[.)])[\s\u00a0—–-]+"),
    "decimal": re.compile(r"^(?P<printed>(?P<value>[0-9٠-٩]{1,3}(?:\.[0-9٠-٩]{1,3})+)\.?)[\s\u00a0]+"),
    "round": re.compile(r"^(?P<printed>[(（](?P<value>[0-9٠-٩]{1,3})[)）])[\s\u00a0]*"),
    "roman": re.compile(r"^(?P<printed>[(（](?P<value>[ivxl]{1,6})[)）])[\s\u00a0]*"),
    "letter": re.compile(r"^(?P<printed>(?:[(（](?P<value>[a-z]{1,2})[)）]|(?P<bare>[a-z])\)))[\s\u00a0]*"),
    "capital": re.compile(r"^(?P<printed>[(（](?P<value>[A-Z]{1,2})[)）])[\s\u00a0]*"),
    "abjad": re.compile(r"^(?P<printed>[(（]?(?P<value>[أ-ي]{1,2})[)）-])[\s\u00a0]*"),
}
# What paragraphs are, one in the other: below an article, and where sections are the provisions.
BELOW = ("paragraph", "subparagraph", "point", "indent")
OF_SECTIONS = ("section", "subsection", "paragraph", "subparagraph", "point")
PREAMBLE = re.compile(r"^(preamble|pr[eé]ambule|pre[aá]mbulo|(ال)?ديباجة)[.:]?$", re.IGNORECASE)
MOST_LETTERS = 150  # of a heading
ENDS_A_SENTENCE = (".", ";", ":", ",", "؛", "،", "。")
ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50}


@dataclass
class Line:
    """A paragraph of a document: its words and the same as Akoma Ntoso; `number` is one that the program counted,
    `level` that of a heading (1 is the highest), 0 where it is none. A `block` (a table) is taken as it is."""

    text: str
    inline: str = ""
    number: str = ""
    level: int = 0
    is_bold: bool = False
    block: str = ""


def outlined(lines: Iterable[Line]) -> list[Node]:
    """The provisions of a document."""
    kept = [line for line in lines if line.text or line.number or line.block]
    outline = _Outline(has_articles=any(_division(line.text) == "article" for line in kept))
    for line in kept:
        outline.take(line)
    return outline.done()


def _division(text: str) -> str:
    """Which division `text` opens; "" where it opens none, but is a sentence: “Section 238 amends ...”."""
    found = DIVISION.match(text)
    if not found:
        return "schedule" if LONE.match(text) else ""
    word, rest = found["word"], text[found.end() :]
    is_sentence = found[0].endswith(" ") and found[0].rstrip() == found["printed"] and rest[:1].islower()
    if word[0].islower() or is_sentence or rest.startswith("("):
        return ""
    return next(kind for kind, (_rank, words) in WORDS.items() if re.fullmatch(words, word, re.IGNORECASE))


class _Outline:
    """Takes line by line; `open` are the provisions that the next line may belong to, each with its rank."""

    def __init__(self, *, has_articles: bool) -> None:
        self.has_articles = has_articles
        self.top: list[Node] = []
        self.open: list[tuple[float, str, Node]] = []  # rank, style of numbering, provision
        self.waits_for_heading = False
        self.announced: Line | None = None  # a short line in bold that may be the heading of what comes next

    def take(self, line: Line) -> None:
        if line.block:
            return self.say(line.block)
        if self.waits_for_heading and self._is_heading(line) and not _division(line.text):
            self.waits_for_heading = False
            self.open[-1][2].heading = line.text
            return None
        self.waits_for_heading = False
        if PREAMBLE.match(line.text):
            return self.begin(-1, "", Node("preamble", "", heading=line.text))
        if kind := "" if line.number else _division(line.text):
            return self.divide(kind, line)
        if numbered := self.numbered(line):
            return self.count(line, *numbered)
        if line.level:
            return self.announce_division(line)
        if line.is_bold and self._is_heading(line):
            self.tell_announced()
            self.announced = line
            return None
        self.tell_announced()
        return self.say(f"<p>{line.inline or escape(line.text)}</p>")

    def done(self) -> list[Node]:
        self.tell_announced()
        anchors = Anchors()
        for node in self.top:
            _anchored(node, "", anchors)
        return self.top

    # -- what a line is

    def divide(self, kind: str, line: Line) -> None:
        found = DIVISION.match(line.text) or LONE.match(line.text)
        assert found is not None  # noqa: S101  # it is one: that was asked
        self.tell_announced()
        rest = line.text[found.end() :].strip()
        rank = WORDS[kind][0]
        node = Node("hcontainer" if kind == "schedule" else kind, "", found["printed"].strip())
        self.begin(rank, "", node)
        if rest and self._is_heading(Line(rest)):
            node.heading = rest
        elif rest:
            self.open_with(rest)
        self.waits_for_heading = not rest

    def numbered(self, line: Line) -> tuple[str, str, str] | None:
        """Style, number as printed, and what follows it."""
        if line.number:
            style = next((name for name, one in STYLES.items() if one.match(f"{line.number} ")), f"own {line.level}")
            return self._told_apart(style, line.number), line.number, line.text
        for name, pattern in STYLES.items():
            if found := pattern.match(line.text):
                return self._told_apart(name, found["printed"]), found["printed"], line.text[found.end() :].strip()
        return None

    def _told_apart(self, style: str, printed: str) -> str:
        """Whether “(i)” is the ninth letter or the first Roman numeral: the letter, where (h) was the last."""
        if style != "roman":
            return style
        value = re.sub(r"\W", "", printed)
        for _rank, known, node in reversed(self.open):
            last = re.sub(r"\W", "", node.number)
            if known == "letter" and len(value) == 1 and last and ord(value) == ord(last[-1]) + 1:
                return "letter"
        return style

    def count(self, line: Line, style: str, printed: str, rest: str) -> None:
        """A numbered paragraph: beside the one before it that is numbered alike, else in the last one."""
        alike = next((place for place, (_rank, known, _node) in enumerate(self.open) if known == style), None)
        if alike is not None:
            del self.open[alike:]
        depth = sum(1 for _rank, known, _node in self.open if known)
        kinds = BELOW if self.is_in_article() else OF_SECTIONS
        kind = kinds[min(depth, len(kinds) - 1)]
        heading, self.announced = self.announced, None
        node = Node(kind, "", printed)
        self.begin(10 + depth, style, node)
        if heading is not None and depth == 0:
            node.heading = heading.text
        elif heading is not None:
            self.say(f"<p>{heading.inline or escape(heading.text)}</p>")
        if not node.heading and depth == 0 and kind == "section" and line.is_bold and self._is_heading(Line(rest)):
            node.heading = rest
        elif rest:
            self.open_with(rest, line.inline if rest == line.text else "")

    def is_in_article(self) -> bool:
        return self.has_articles and any(node.kind == "article" for _rank, _style, node in self.open)

    def open_with(self, rest: str, inline: str = "") -> None:
        """The words behind the number; another number may stand among them: “1.—(1) In these ...”."""
        bare = rest.lstrip("—–- ")
        if again := STYLES["round"].match(bare):
            head, tail = rest[: len(rest) - len(bare) + again.end()], bare[again.end() :].strip()
            marked = inline[len(head) :].strip() if inline.startswith(head) else ""
            self.count(Line(tail, marked), "round", again["printed"], tail)
        else:
            self.say(f"<p>{inline or escape(rest)}</p>")

    def announce_division(self, line: Line) -> None:
        """A heading without a number: a level of its own, at the level that its style says."""
        self.tell_announced()
        self.begin(line.level - 0.5 if line.level < 6 else 5.5, "", Node("hcontainer", "", heading=line.text))

    # -- where it goes

    def begin(self, rank: float, style: str, node: Node) -> None:
        while self.open and self.open[-1][0] >= rank:
            self.open.pop()
        if self.open and self.open[-1][2].kind == "preamble":
            self.open.pop()
        (self.open[-1][2].children if self.open else self.top).append(node)
        self.open.append((rank, style, node))

    def say(self, block: str) -> None:
        if not self.open:
            self.begin(-1, "", Node("preamble" if not self.top else BETWEEN, ""))
        node = self.open[-1][2]
        if node.children:
            node.after += block
        else:
            node.content += block

    def tell_announced(self) -> None:
        if (line := self.announced) is not None:
            self.announced = None
            self.say(f"<p>{line.inline or escape(line.text)}</p>")

    def _is_heading(self, line: Line) -> bool:
        is_short = 0 < len(line.text) <= MOST_LETTERS and not line.text.endswith(ENDS_A_SENTENCE)
        return is_short and not line.number and not any(style.match(line.text) for style in STYLES.values())


def _anchored(node: Node, above: str, anchors: Anchors) -> None:
    number = "" if node.kind == "hcontainer" else node.number
    node.eid = anchors.make(node.kind, number, "" if node.kind in WHEREVER else above)
    for child in node.children:
        _anchored(child, node.eid, anchors)
