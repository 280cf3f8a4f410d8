"""The values of properties: finished, clean and escaped before the library sees them."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from urllib.parse import quote

from icalendar import Component
from icalendar.prop import vCalAddress, vCategory, vDDDTypes, vText, vUri

LINE_ENDS = re.compile("\r\n|[\r\n\v\f\x85\u2028\u2029]")  # all that some parser takes for the end of a line
CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
ESCAPES = str.maketrans({"\\": r"\\", ";": r"\;", ",": r"\,", "\n": r"\n"})


class EscapedText(vText):
    """TEXT (RFC 5545, 3.3.11). The library's own takes a backslash and a capital N in plain text for a line break."""

    def to_ical(self) -> bytes:
        return self.translate(ESCAPES).encode()


def text(value: str, **params: str) -> vText:
    """Text of any number of lines, without control characters."""
    return EscapedText(CONTROLS.sub("", LINE_ENDS.sub("\n", value)).strip(), params=params)


def line(value: str, **params: str) -> vText:
    """Text in one line, with single spaces."""
    return text(" ".join(LINE_ENDS.sub(" ", value).split()), **params)


def categories(names: Iterable[str], **params: str) -> vCategory:
    """A list of one-line texts."""
    value = vCategory([], params=params)
    value.cats = [line(name) for name in names]
    return value


def when(value: datetime | date) -> vDDDTypes:
    """A date, a time in UTC, or a local time with its TZID."""
    return vDDDTypes(value)


def uri(value: str, **params: str) -> vUri:
    """An address on the web; what no URI may hold, a line break first of all, is percent-encoded."""
    return vUri(quote(value.strip(), safe="%:/?#[]@!$&'()*+,;=~"), params=params)


def cal_address(name: str, address: str, **params: str) -> vCalAddress:
    """A person as `mailto:` (RFC 6068) with the name as CN, which cannot hold a quotation mark."""
    shown = {"CN": line(name).replace('"', "'")} if name.strip() else {}
    return vCalAddress("mailto:" + quote(address.strip(), safe="@!$&'*+-/=^_`{|}~"), params={**shown, **params})


def written(component: Component) -> str:
    """The component as folded lines with CRLF, its properties in the order in which they were set."""
    return "".join(f"{_folded(line)}\r\n" for line in component.content_lines(sorted=False) if line)


def _folded(line: str) -> str:
    """At most 75 octets a line (RFC 5545, 3.1), cut between characters. The library also cuts escaped backslashes."""
    rest, room, pieces = line.encode(), 75, []
    while len(rest) > room:
        cut = next(at for at in range(room, 0, -1) if rest[at] & 0xC0 != 0x80)
        cut -= (cut - len(rest[:cut].rstrip(b"\\"))) % 2
        pieces.append(rest[:cut])
        rest, room = rest[cut:], 74
    return b"\r\n ".join([*pieces, rest]).decode()
