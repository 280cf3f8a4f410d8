"""What a file is, read from its first bytes and never from its name: only what is known to be quiet is let in."""

import zipfile
from io import BytesIO

import filetype

QUIET = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/tiff": "tif",
    "text/plain": "txt",
    "text/calendar": "ics",
    "text/vcard": "vcf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.presentation": "odp",
}
OFFICE = {"word/": "docx", "xl/": "xlsx", "ppt/": "pptx"}
MOST_ENTRIES = 5000
BROKEN = (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, KeyError, EOFError)


def kind_of(content: bytes) -> str:
    """The type of the file, one of QUIET; "" for everything else: programs, archives, macros, pages, the unknown."""
    if content[:4] == b"PK\x03\x04":
        return _office(content)
    guess = filetype.guess_mime(content[:8192])
    if guess:
        return guess if guess in QUIET and not guess.startswith("application/vnd.") else ""
    return _text(content)


def _office(content: bytes) -> str:
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            names = packed.namelist()
            first = packed.read("mimetype")[:100].decode("ascii") if names[:1] == ["mimetype"] else ""
    except BROKEN:
        return ""
    if len(names) > MOST_ENTRIES or any("vbaproject" in name.lower() or "basic/" in name.lower() for name in names):
        return ""
    if first:
        return first if first in QUIET else ""
    ending = next(
        (OFFICE[folder] for folder in OFFICE if f"{folder}" in {f"{name.split('/')[0]}/" for name in names}), ""
    )
    return next((kind for kind, known in QUIET.items() if known == ending and "[Content_Types].xml" in names), "")


def _text(content: bytes) -> str:
    try:
        said = content.decode("utf-8-sig")
    except ValueError:
        return ""
    begin = said.lstrip()[:400].lower()
    if not begin or any(ord(sign) < 32 and sign not in "\t\n\r\f" for sign in said):
        return ""
    if begin.startswith(("#!", "<", "{\\rtf", "@echo")) or "<script" in begin or "<html" in begin:
        return ""
    if begin.startswith("begin:vcalendar"):
        return "text/calendar"
    return "text/vcard" if begin.startswith("begin:vcard") else "text/plain"
