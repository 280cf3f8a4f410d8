"""Which elements of Akoma Ntoso are provisions, and the anchors of those that came without one (Akoma Ntoso Naming
Convention 1.0, section 5: `sec_3__subsec_1`)."""

import re

# The hierarchy of acts, which holds its own words in <content>, <intro> and <wrapUp>.
HIERARCHY = {
    *("alinea", "article", "book", "chapter", "clause", "division", "hcontainer", "indent", "level", "list"),
    *("paragraph", "part", "point", "proviso", "rule", "section", "subchapter", "subclause", "subdivision", "sublist"),
    *("subparagraph", "subpart", "subrule", "subsection", "subtitle", "title", "tome", "transitional"),
}
# Parts of judgments and debates, and what holds provisions.
DEBATE = {
    *("administrationOfOath", "debateSection", "declarationOfVote", "communication", "petitions", "papers"),
    *("noticesOfMotion", "questions", "address", "proceduralMotions", "pointOfOrder", "adjournment", "prayers"),
    *("nationalInterest", "rollCall", "writtenStatements", "oralStatements", "personalStatements"),
    *("ministerialStatements", "resolutions", "speechGroup", "speech", "question", "answer", "other"),
}
JUDGMENT = {"introduction", "background", "arguments", "remedies", "motivation", "decision"}
BODIES = {"body", "mainBody", "judgmentBody", "debateBody", "collectionBody", "portionBody", "amendmentBody"}
DOCUMENTS = {
    *("act", "bill", "doc", "statement", "judgment", "debate", "debateReport", "documentCollection"),
    *("amendment", "amendmentList", "officialGazette", "portion"),
}
BEFORE = {"coverPage", "preface", "preamble", "header"}
AFTER = {"conclusions", "attachments"}
HOLDERS = {
    "attachment",
    "component",
    "components",
    "recitals",
    "citations",
    "recital",
    "citation",
    "blockContainer",
    "tblock",
}
KINDS = {*HIERARCHY, *DEBATE, *JUDGMENT, *BODIES, *DOCUMENTS, *BEFORE, *AFTER, *HOLDERS, "crossHeading"}
SCOPES = {"attachment", "component"}  # a document in there counts its provisions anew
NAMELESS = {*DOCUMENTS, "attachments"}  # the schema has no eId for them

# The body of a document of each kind.
BODY_OF = {
    **{"act": "body", "bill": "body", "judgment": "judgmentBody", "debate": "debateBody", "portion": "portionBody"},
    **dict.fromkeys(("documentCollection", "amendmentList", "officialGazette"), "collectionBody"),
    "amendment": "amendmentBody",
}
OTHER_BODY = "mainBody"

SHORT = {
    **{"alinea": "al", "article": "art", "attachment": "att", "blockList": "list", "chapter": "chp", "citation": "cit"},
    **{"citations": "cits", "clause": "cl", "component": "cmp", "components": "cmpnts", "debateSection": "dbsect"},
    **{"division": "dvs", "paragraph": "para", "recital": "rec", "recitals": "recs", "section": "sec"},
    **{"subchapter": "subchp", "subclause": "subcl", "subdivision": "subdvs", "subparagraph": "subpara"},
    **{"subsection": "subsec"},
    **dict.fromkeys(BODIES, "body"),
}
# Of these there is one in a document.
ALONE = {*BEFORE, *AFTER, *BODIES, "components", "recitals", "citations"}
# These do not begin the anchor of what is below them.
SILENT = {*BODIES, *DOCUMENTS, "attachments", "components"}
# An article has the same number wherever it stands, and so its anchor does not say where.
WHEREVER = {"article"}

WORD = re.compile(r"[^\W_]+", re.UNICODE)
MOST_LETTERS = 200  # of an anchor


class Anchors:
    """The anchors of one text: each once, and those that are made count what has none."""

    def __init__(self) -> None:
        self.taken: set[str] = set()
        self.counted: dict[tuple[str, str], int] = {}

    def take(self, wanted: str) -> str:
        """`wanted`, or what it is called where that is taken."""
        found, place = wanted, 1
        while found in self.taken:
            place += 1
            found = f"{wanted}_{place}"
        self.taken.add(found)
        return found

    def make(self, kind: str, number: str, above: str) -> str:
        """One for a provision of that kind and printed number, below the anchor `above` ("": at the top)."""
        short = SHORT.get(kind, kind)
        if kind in ALONE:
            said = short
        elif told := numeral(number):
            said = f"{short}_{told}"
        else:
            self.counted[above, kind] = place = self.counted.get((above, kind), 0) + 1
            said = f"{short}_{place}"
        return self.take((f"{above}__{said}" if above else said)[-MOST_LETTERS:].lstrip("_"))


def numeral(number: str) -> str:
    """The number in what is printed: `12` of “Article 12.”, `a` of “(a)”, `11-2bis` of “Art. 11.2 bis”; "" where there
    is none."""
    words: list[str] = WORD.findall(number)
    while len(words) > 1 and not any(mark.isdigit() for mark in words[0]) and len(words[0]) > 1:
        if _is_roman(words[0]):
            break
        del words[0]  # Article, المادة, §§
    if not words or (len(words) == 1 and len(words[0]) > 12):
        return ""
    head, *rest = words
    for word in rest:
        head += word if word.isalpha() else f"-{word}"
    return head[:40]


def _is_roman(word: str) -> bool:
    return bool(re.fullmatch(r"[ivxlcdm]+", word, re.IGNORECASE))
