"""What the commands that read files into the house have in common."""

import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import ClassVar

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from network.sheets import SheetError, Tally


class ImportCommand(BaseCommand):
    """A command with one or several tables to take. A subclass says how a table is read and who takes the records.

    All files are read to their end before the first row is written, so that one that turns out to be damaged, or not
    ours to read, writes nothing: the sentence on it is the error of the command (status 1). Rows that are refused are
    part of the summary (status 0)."""

    read: ClassVar[Callable[[Path], Iterable]]
    take: ClassVar[Callable[..., Tally]]

    def add_arguments(self, parser):
        parser.add_argument(
            "files",
            nargs="+",
            type=Path,
            metavar="FILE",
            help="CSV, XLSX, ODS or JSON Lines; people also as vCard or LDIF.",
        )

    def handle(self, *, files: list[Path], **options) -> None:
        for file in files:
            self._check(file)
        for file in files:
            line = ProgressLine(self.stdout, file.name)
            tally = type(self).take(type(self).read(file), progress=line.tell)
            line.end()
            self.stdout.write("\n".join(tally.summary(file.name)))

    def _check(self, file: Path) -> None:
        try:
            for _record in type(self).read(file):
                pass
        except SheetError as error:
            raise CommandError(f"{file.name}: {error}") from None


class ProgressLine:
    """One line that says how far a file is: rewritten in place on a terminal, written once at the end elsewhere."""

    def __init__(self, out, name: str):
        self.out, self.name = out, name
        self.done, self.start = 0, time.monotonic()

    def tell(self, done: int) -> None:
        self.done = done
        if self.out.isatty():
            self.out.write(f"\r{self._text()}", ending="")
            self.out.flush()

    def end(self) -> None:
        self.out.write(f"\r{self._text()}" if self.out.isatty() else self._text())

    def _text(self) -> str:
        seconds = f"{time.monotonic() - self.start:.0f}"
        return _("%(file)s: %(done)s rows in %(seconds)s s") % {
            "file": self.name,
            "done": self.done,
            "seconds": seconds,
        }
