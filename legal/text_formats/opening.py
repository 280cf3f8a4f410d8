"""A file with a legal text, whatever its form: told by its content, and read by who knows it."""

import json
from typing import Any

from django.utils.translation import gettext as _

from legal.text_formats import akn, docx, html, markup, own_json, treaty_json
from legal.texts import Text, Unreadable

ZIP = b"PK\x03\x04"
MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")  # of the byte order, before the first letter
PAGES = (".html", ".htm", ".xhtml")


def read_texts(content: bytes, name: str, language: str = "") -> list[Text]:
    """The texts in a file called `name`: one, or one for each language. `language` is that of a document which does
    not say it. Raises Unreadable."""
    if not content.strip():
        raise Unreadable(_("It is empty."))
    if len(content) > markup.MOST_BYTES:
        raise Unreadable(_("It is larger than %(most)d MB.") % {"most": markup.MOST_BYTES // 1024 // 1024})
    if content.startswith(ZIP):
        return [docx.read(content, language)]
    head = content[:200]
    for mark in MARKS:
        head = head.removeprefix(mark)
    head = head.lstrip(b"\x00 \t\r\n")
    if head.startswith((b"{", b"[")):
        return _json(content)
    if name.lower().endswith(PAGES):
        return [html.read(content, language)]
    if head.startswith(b"<"):
        return [akn.read(content)]
    raise Unreadable(_("This is neither Akoma Ntoso nor DOCX, HTML or JSON."))


def _json(content: bytes) -> list[Text]:
    try:
        found: Any = json.loads(content)
    except json.JSONDecodeError as error:
        raise Unreadable(_("Line %(line)d: this is not JSON, or it is damaged.") % {"line": error.lineno}) from None
    except (UnicodeDecodeError, RecursionError):
        raise Unreadable(_("This is not JSON, or it is damaged.")) from None
    if isinstance(found, dict) and "articles" in found:
        return treaty_json.read(found)
    if isinstance(found, dict) and "provisions" in found:
        return [own_json.read(found)]
    raise Unreadable(_("This JSON has neither “articles” nor “provisions”."))
