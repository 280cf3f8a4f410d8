"""Texts of a programme as plain paragraphs, with HTML or without."""

import re
from html.parser import HTMLParser

from network.sheets import one_line

_FORBIDDEN = re.compile("[\ud800-\udfff\ufffe\uffff]")
BLOCKS = re.compile("address|article|blockquote|dd|div|dl|dt|h[1-6]|hr|ol|p|pre|section|table|tr|ul")
HTML = re.compile(r"</?(?:p|br|div|span|ul|ol|li|a|em|strong|b|i|h[1-6]|pre|code|blockquote)\b[^<>]*>", re.IGNORECASE)


def plain_text(text: str) -> str:
    """`text`, with or without HTML, as plain paragraphs with an empty line between them. List items begin with a dash;
    the address of a link follows it in parentheses."""
    if HTML.search(text):
        parser = _PlainText()
        parser.feed(text)
        parser.close()
        text = re.sub(r"– \s+", "– ", "".join(parser.parts))
    return paragraphs(text)


def paragraphs(text: str) -> str:
    """`text` line by line, each as `words` has it, with one empty line at most between two."""
    lines = "\n".join(words(line) for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


def words(text: str) -> str:
    """`text` on one line, as every format can write it: without what XML and UTF-8 forbid."""
    return one_line(_FORBIDDEN.sub("", text))


class _PlainText(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.silent = self.exact = 0
        self.link = ("", 0)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in ("script", "style")
        self.exact += tag == "pre"
        self._break(tag)
        if tag == "li":
            self.parts.append("\n– ")
        elif tag == "a":
            self.link = (dict(attrs).get("href") or "", len(self.parts))

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in ("script", "style") and self.silent > 0
        self.exact -= tag == "pre" and self.exact > 0
        self._break(tag)
        if tag == "a":
            address, start = self.link
            if address.startswith(("http://", "https://")) and address not in "".join(self.parts[start:]):
                self.parts.append(f" ({address})")
            self.link = ("", 0)

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(data if self.exact else re.sub(r"\s+", " ", data))

    def _break(self, tag: str) -> None:
        if BLOCKS.fullmatch(tag):
            self.parts.append("\n\n")
        elif tag == "br":
            self.parts.append("\n")
