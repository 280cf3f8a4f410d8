"""What a file that a stranger sent is: told by its content, never by its name. Knows no models."""

import unicodedata
import zipfile
from pathlib import PurePath
from typing import BinaryIO

from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

MOST_BYTES = 5 * 1024 * 1024
MOST_BYTES_OF_OURS = 20 * 1024 * 1024  # of what staff upload, slides with pictures in them
MOST_FILES = 5
MOST_LETTERS = 120  # of a name
KINDS = ("pdf", "docx", "xlsx", "odt", "ods", "jpg", "png")
WITH_SLIDES = (*KINDS, "pptx", "odp")
LETTERS = ("pdf", "docx", "odt", "jpg", "png")  # what a letter comes as
ACCEPT = ".pdf,.docx,.xlsx,.odt,.ods,.jpg,.jpeg,.png"
# What a file begins with -> its kind.
BEGINNINGS = {b"%PDF-": "pdf", b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg"}
# A member that only this kind of package has.
PACKAGES = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx"}
OPEN_PACKAGES = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.presentation": "odp",
}
ENDINGS = {"jpeg": "jpg"}


class Unwelcome(ValueError):
    """A file that is not taken; the sentence says which and why."""


def kind_of(file: BinaryIO) -> str:
    """The kind of `file` by its content (one of WITH_SLIDES), or ""."""
    file.seek(0)
    head = file.read(16)
    found = next((kind for beginning, kind in BEGINNINGS.items() if head.startswith(beginning)), "")
    if not found and head.startswith(b"PK\x03\x04"):
        found = _package(file)
    file.seek(0)
    return found


def check(file: BinaryIO, name: str, size: int, *, most: int = MOST_BYTES, kinds: tuple[str, ...] = KINDS) -> None:
    """Raises Unwelcome where the file is empty, larger than `most`, none of `kinds`, or not what its name says."""
    facts = {"name": PurePath(name).name, "most": most // 1024 // 1024}
    if not size:
        raise Unwelcome(_("“%(name)s” is empty.") % facts)
    if size > most:
        raise Unwelcome(_("“%(name)s” is larger than %(most)d MB.") % facts)
    kind, ending = kind_of(file), PurePath(name).suffix.lower().removeprefix(".")
    if kind not in kinds:
        told = _("“%(name)s” is not a PDF, a picture (JPEG, PNG) or a document (DOCX, XLSX, ODT, ODS).")
        if "pptx" in kinds:
            told = _("“%(name)s” is no PDF, picture (JPEG, PNG), document (DOCX, XLSX, ODT, ODS) or slide (PPTX, ODP).")
        if kinds == LETTERS:
            told = _("“%(name)s” is not a PDF, a picture (JPEG, PNG) or a document (DOCX, ODT).")
        raise Unwelcome(told % facts)
    if ENDINGS.get(ending, ending) != kind:
        told = _("“%(name)s” is a file of the kind %(kind)s. Please give it that ending, or send another file.")
        raise Unwelcome(told % {**facts, "kind": kind.upper()})


def hidden_path(folder: str, name: str) -> str:
    """Where in the private store a file is kept: below `folder`, in one of its own that nobody can guess."""
    return f"{folder}/{get_random_string(20)}/{PurePath(name).name}"


def clean_name(name: str) -> str:
    """What a file is called from now on: without a folder, without marks that are not seen or turn the text about, not
    hidden, and short."""
    seen = "".join(" " if unicodedata.category(mark)[0] in "CZ" else mark for mark in name.replace("\\", "/"))
    path = PurePath(" ".join(PurePath(seen).name.split()).strip(". ") or "file")
    ending = path.suffix[:10]
    return path.stem[: MOST_LETTERS - len(ending)].strip() + ending


def _package(file: BinaryIO) -> str:
    """The kind of an office document; none where it carries programs of its own, or cannot be opened."""
    try:
        with zipfile.ZipFile(file) as package:
            names = set(package.namelist())
            if any(name.endswith("vbaProject.bin") or name.startswith("Basic/") for name in names):
                return ""
            if "mimetype" in names:
                with package.open("mimetype") as member:
                    return OPEN_PACKAGES.get(member.read(100).strip(), "")
            return next((kind for member, kind in PACKAGES.items() if member in names), "")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError):
        return ""
