"""In which encoding a file of text was written: said by its first bytes, proved by all of them, or guessed."""

import codecs
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TextIO

from charset_normalizer import from_bytes
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from network.sentences import Sentence
from network.sheets.cells import SheetError

LINE_LIMIT = 2**20  # characters, and bytes
BYTES_LIMIT = 2**24  # of a line that may hold a picture
SAMPLE = 2**14  # bytes of lines that are not in ASCII

TWICE = "utf-8 twice"
# Those that are guessed, the likelier first.
GUESSED = (
    *("cp1252", "cp1251", "cp1256", "cp932", "cp949", "big5", "gb18030", "cp1254", "cp1250", "cp1253", "iso8859-7"),
    *("cp1255", "cp1257", "cp874", "mac_roman", "koi8-r", "cp850", "iso8859-2"),
)
ENCODINGS = (
    "utf-8",
    TWICE,
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "utf-32-le",
    "utf-32-be",
    *GUESSED,
    "cp1258",
    "euc_jp",
)

# The first bytes of the letters in daily use. (Two bytes that fit together by chance make a rare one.)
_COMMON = {
    "cp932": ((0x82, 0x83), (0x88, 0x98)),
    "gb18030": ((0xB0, 0xD7),),
    "big5": ((0xA4, 0xC6),),
    "cp949": ((0xB0, 0xC8),),
}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_COMMON_MARKS = "\xa0’‘“”„«»–—…·•°€§№¿¡ªº،؛؟、。・（）「」："
_RARE = "þðýÞÐÝﬁﬂ"  # where Windows-1254 has the Turkish ş ğ ı Ş Ğ İ, and Windows-1252 ß
_WORD = re.compile(r"[^\x00-@\[-`{-\x7f]+")  # letters and all that is not ASCII
# What the bytes of a letter in UTF-8 look like in Windows-1252: one of C2 to F4, then one to three of 80 to BF.
_TAIL = "\x80-\xbf" + bytes(range(0x80, 0xA0)).decode("cp1252", "ignore")
_MISREAD = re.compile(f"[\xc2-\xf4][{_TAIL}]{{1,3}}")


@dataclass(slots=True)
class _Lines:
    """What one walk through the bytes of a file tells: the lines that are not in ASCII."""

    right: int = 0  # in UTF-8
    wrong: int = 0
    first_wrong: int = 0
    sample: bytearray = field(default_factory=bytearray)


def not_a_table() -> SheetError:
    return SheetError(_("This is not a table in CSV, XLSX, ODS or JSON Lines, and no vCard or LDIF."))


def find_encoding(path: Path, *, is_mixed: bool = False) -> tuple[str, list[Sentence]]:
    """The encoding of the text in the file, one of ENCODINGS, and what is to be said about it. Raises SheetError where
    it is UTF-8 and some line is not (unless it may be a mixture, as vCards are), or where no encoding fits."""
    with path.open("rb") as file:
        start = file.read(4096)
    told = next((name for mark, name in _MARKS if start.startswith(mark)), "") or _wide(start)
    if told not in ("", "utf-8"):
        return checked(path, told), []
    lines = _walk(path)
    if lines.wrong == 0:
        return _once_or_twice(lines.sample.decode("utf-8-sig", "ignore"))
    if told or lines.right > lines.wrong:
        if is_mixed:
            return "utf-8", []
        sentence = _("The file is in UTF-8, but line %(line)s is not. Save it as “CSV UTF-8”.")
        raise SheetError(sentence % {"line": lines.first_wrong})
    for encoding in ranked(bytes(lines.sample)):
        if not wrong_line(path, encoding):
            sentence = gettext_noop(
                "The file does not say its encoding; it was guessed from its letters: %(encoding)s."
            )
            return encoding, [Sentence(sentence, encoding=encoding)]
    raise SheetError(
        _("The file is not in UTF-8 (line %(line)s). Save it as “CSV UTF-8”.") % {"line": lines.first_wrong}
    )


def checked(path: Path, encoding: str) -> str:
    """`encoding`, as ENCODINGS spells it, after reading all of the file in it. Raises SheetError."""
    name = next((known for known in ENCODINGS if _same(known, encoding)), "")
    if not name:
        raise SheetError(_("The encoding “%(encoding)s” is unknown.") % {"encoding": encoding})
    if line := wrong_line(path, name):
        sentence = _("The file is not in %(encoding)s (line %(line)s).")
        raise SheetError(sentence % {"encoding": name, "line": line})
    return name


def open_text(path: Path, encoding: str) -> TextIO:
    """The file as text, without the mark at its beginning and with the ends of its lines as they are."""
    codec = "utf-8-sig" if encoding in ("utf-8", TWICE) else encoding
    return path.open(encoding=codec, newline="", errors="strict")


def text_lines(file: TextIO, encoding: str) -> Iterator[str]:
    """The lines of what `open_text` opened. Raises SheetError where one has no end, or holds what no text holds."""
    for number, line in enumerate(iter(lambda: file.readline(LINE_LIMIT), ""), 1):
        if len(line) == LINE_LIMIT:
            raise SheetError(_("Line %(line)s is too long.") % {"line": number})
        yield undone(line) if encoding == TWICE else line


def byte_lines(path: Path, encoding: str) -> Iterator[tuple[int, bytes]]:
    """The lines of the file with their numbers, without their ends, in the bytes of `encoding` (in UTF-8 where it has
    two or four bytes a letter): for formats in which a line may name an encoding of its own."""
    if encoding.startswith(("utf-16", "utf-32")):
        with open_text(path, encoding) as text:
            for number, read in enumerate(text_lines(text, encoding), 1):
                yield number, read.lstrip("\ufeff").rstrip("\r\n").encode("utf-8", "replace")
        return
    with path.open("rb") as file:
        number = 0
        for line in iter(lambda: file.readline(BYTES_LIMIT), b""):
            if len(line) == BYTES_LIMIT:
                raise SheetError(_("Line %(line)s is too long.") % {"line": number + 1})
            for number, piece in enumerate(line.rstrip(b"\r\n").split(b"\r"), number + 1):  # noqa: B020
                yield number, piece.removeprefix(codecs.BOM_UTF8) if number == 1 else piece


def text_of(raw: bytes, encoding: str) -> str:
    """The text of a line that `byte_lines` gave. Raises UnicodeDecodeError."""
    if encoding == TWICE:
        return undone(raw.decode())
    return raw.decode("utf-8" if encoding.startswith(("utf-16", "utf-32")) else encoding)


def undone(text: str) -> str:
    """`text` with the letters that were UTF-8, read as Windows-1252, put right: "MÃ¼ller" -> "Müller"."""
    return _MISREAD.sub(lambda found: _right(found[0]) or found[0], text)


def wrong_line(path: Path, encoding: str) -> int:
    """The number of the first line that is not in `encoding`; 0 where all are."""
    decoder = codecs.getincrementaldecoder("utf-8" if encoding == TWICE else encoding)()
    end = {"utf-16-be": b"\0\n", "utf-32-be": b"\0\0\0\n"}.get(encoding, b"\n")
    line = 1
    with path.open("rb") as file:
        try:
            for block in iter(lambda: file.read(LINE_LIMIT), b""):
                if "\0" in decoder.decode(block):
                    raise not_a_table()
                line += block.count(end)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            return line + error.object[: error.start].count(end)
        except UnicodeError:  # UTF-16 or UTF-32 without its mark
            return line
    return 0


def ranked(sample: bytes) -> list[str]:
    """The encodings of GUESSED in which `sample` can be read, the likeliest first."""
    if sum(byte > 0x7F for byte in sample) < 2:  # too few to tell anything
        return list(GUESSED)
    found = {match.encoding: match for match in from_bytes(sample, cp_isolation=list(GUESSED))}
    scores = []
    for place, encoding in enumerate(GUESSED):
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(sample)  # which may end within a letter
        except UnicodeDecodeError:
            continue
        match = found.get(codecs.lookup(encoding).name.replace("-", "_"))
        chaos, coherence = (match.chaos, match.coherence) if match else (0.2, 0.0)
        if encoding in _COMMON:
            chaos, coherence = 0, _common(text, encoding)
        scores.append((round(2 * _oddness(text) + chaos - 0.3 * coherence, 2), place, encoding, text))
    same = {text: encoding for _score, _place, encoding, text in sorted(scores, key=lambda score: -score[1])}
    return list(dict.fromkeys(same[text] for _score, _place, _encoding, text in sorted(scores)))


# -- by all the bytes


def _walk(path: Path) -> _Lines:
    lines, decoder = _Lines(), codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        number = 0
        for number, line in enumerate(iter(lambda: file.readline(LINE_LIMIT), b""), 1):
            if b"\0" in line:
                raise not_a_table()
            if not line.isascii():
                _judge(lines, number, line, decoder)
        if decoder.getstate()[0]:  # the file ends within a letter
            lines.wrong, lines.first_wrong = lines.wrong + 1, lines.first_wrong or number
    return lines


def _judge(lines: _Lines, number: int, line: bytes, decoder: codecs.IncrementalDecoder) -> None:
    lines.sample += line[: max(0, SAMPLE - len(lines.sample))]
    try:
        decoder.decode(line)
        lines.right += 1
    except UnicodeDecodeError:
        decoder.reset()
        lines.wrong, lines.first_wrong = lines.wrong + 1, lines.first_wrong or number


def _wide(start: bytes) -> str:
    """UTF-16 or UTF-32 without a mark: every second byte of an ASCII letter is 0, or three of four."""
    zeros = [start[place::4].count(0) * 4 > len(start) * 0.3 for place in range(4)]
    patterns = {
        (False, True, True, True): "utf-32-le",
        (True, True, True, False): "utf-32-be",
        (False, True, False, True): "utf-16-le",
        (True, False, True, False): "utf-16-be",
    }
    return patterns.get((zeros[0], zeros[1], zeros[2], zeros[3]), "") if len(start) >= 8 else ""


def _once_or_twice(sample: str) -> tuple[str, list[Sentence]]:
    pieces = [piece for piece in _MISREAD.findall(sample) if _right(piece)]
    if not pieces:
        return "utf-8", []
    shown = next((piece for piece in pieces if piece.isprintable()), pieces[0])
    twice = gettext_noop(
        "The file was UTF-8 and was converted to UTF-8 again; that was undone: “%(wrong)s” is “%(right)s”."
    )
    spoilt = gettext_noop("Some letters look as if they had been spoilt before: “%(wrong)s” may have been “%(right)s”.")
    others = len(re.sub(r"[\x00-\x7f]", "", undone(sample))) - len(pieces)
    encoding, sentence = ("utf-8", spoilt) if others > len(pieces) else (TWICE, twice)
    return encoding, [Sentence(sentence, wrong=shown, right=_right(shown))]


def _right(misread: str) -> str:
    """The letters whose UTF-8 was read as Windows-1252 or Latin-1; "" where it was not."""
    try:
        raw = b"".join(letter.encode("latin-1" if letter < "\u0100" else "cp1252") for letter in misread)
        return raw.decode("utf-8")
    except UnicodeError:
        return ""


def _same(known: str, encoding: str) -> bool:
    try:
        return encoding.lower() == known or codecs.lookup(encoding).name == codecs.lookup(known).name
    except LookupError:
        return False


# -- by the letters


def _common(text: str, encoding: str) -> float:
    """The share of the letters outside ASCII that are in daily use."""
    letters = [letter.encode(encoding, "replace") for letter in text if letter > "\x7f"]
    common = sum(any(low <= letter[0] <= high for low, high in _COMMON[encoding]) for letter in letters)
    return common / max(1, len(letters))


def _oddness(text: str) -> float:
    """How unlike words the words are, per letter outside ASCII: 0 for a text, more where bytes were read wrongly."""
    words: list[str] = [word for word in _WORD.findall(text) if not word.isascii()]
    letters = sum(letter > "\x7f" for word in words for letter in word)
    odd = sum(map(_oddness_of_word, words))
    return odd / max(1, letters)


def _oddness_of_word(word: str) -> float:
    marks = sum(_oddness_of_mark(mark) for mark in word if mark > "\x7f" and not mark.isalpha())
    letters = [letter for letter in word if letter.isalpha()]
    scripts = {_script(letter) for letter in letters}
    humps = sum(one.islower() and two.isupper() for one, two in pairwise(letters))
    small = 0.1 * bool(letters and letters[0].islower())  # many a name, in a script with capitals, begins with one
    return float(small + marks + humps + max(0, len(scripts) - 1) + 0.5 * sum(letter in _RARE for letter in letters))


def _oddness_of_mark(mark: str) -> float:
    category = unicodedata.category(mark)
    if category.startswith("M"):
        return 0
    if category in ("Cc", "Cn", "Co"):
        return 2
    return 0.3 if mark in _COMMON_MARKS else 1


def _script(letter: str) -> str:
    name = unicodedata.name(letter, "").split(" ")[0]
    return "CJK" if name in ("HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "HANGUL", "FULLWIDTH") else name
