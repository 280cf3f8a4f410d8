"""A file of a list, opened as what it is said to be. What cannot be read whole is refused with a sentence."""

from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from contacts.watchlists import ofac, opensanctions, united_nations
from contacts.watchlists.facts import Listed
from contacts.watchlists.told import Told
from network.sheets import SheetError

BYTES_LIMIT = 300 * 2**20
ENTRY_LIMIT = 300_000

KINDS = {"OPENSANCTIONS": opensanctions.read, "UN": united_nations.read, "OFAC": ofac.read}


class Reader:
    """The entries of a file, one after the other; what the file says of itself is in `told` after the last one."""

    def __init__(self, kind: str, path: Path, *beside: Path):
        self.kind, self.path, self.beside = kind, path, sorted(beside, key=lambda file: file.name)
        self.told = Told()

    def __iter__(self) -> Iterator[Listed]:
        """Raises SheetError where the file cannot be read, is another kind of file, or says something twice."""
        self._check_size()
        places: dict[str, str] = {}
        try:
            for entry in KINDS[self.kind](self.path, self.beside, self.told):
                if entry.reference in places:
                    sentence = _("%(place)s: “%(reference)s” stands in the file already: %(before)s.")
                    said = {"place": entry.place, "reference": entry.reference, "before": places[entry.reference]}
                    raise SheetError(sentence % said)
                if len(places) == ENTRY_LIMIT:
                    raise SheetError(_("The file has more than %(n)s entries.") % {"n": ENTRY_LIMIT})
                places[entry.reference] = entry.place
                yield entry
        except UnicodeDecodeError:
            raise SheetError(_("The file is not a text in UTF-8.")) from None
        if not places:
            raise SheetError(_("There is no person and no organization in the file."))

    def _check_size(self) -> None:
        for path in (self.path, *self.beside):
            if path.stat().st_size > BYTES_LIMIT:
                raise SheetError(_("The file is larger than %(n)s MB.") % {"n": BYTES_LIMIT // 2**20})


def open_watchlist(kind: str, path: Path, *beside: Path) -> Reader:
    """`kind` is one of KINDS; `beside` are the files that belong to OFAC's. Raises SheetError."""
    if beside and kind != "OFAC":
        raise SheetError(_("Only OFAC's list has further files beside it."))
    return Reader(kind, path, *beside)
