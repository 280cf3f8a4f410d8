"""`manage.py load_watchlist NAME KIND FILE`: makes a watchlist what a file says."""

import re
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from contacts.models import Watchlist


class Command(BaseCommand):
    help = "Load a watchlist from a file, or a new version of one; the worker then compares everybody with it."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE", help="targets.simple.csv, consolidated.xml or sdn.csv.")
        parser.add_argument("--kind", choices=Watchlist.Kind.values, help="Where the name of the file does not tell.")
        parser.add_argument("--name", default="", help="What the house calls the list (default: the kind's name).")
        parser.add_argument("--beside", type=Path, nargs="+", default=[], metavar="FILE", help="OFAC's further files.")
        parser.add_argument("--list-version", default="", help="Where the file does not say its own.")

    def handle(self, *, file: Path, kind: str, name: str, beside: list[Path], list_version: str, **options) -> None:
        kind = kind or _told_by(file)
        name = name or str(Watchlist.Kind(kind).label)
        try:
            watchlist = Watchlist.objects.load(name, kind, file, *beside, version=list_version)
        except (ValidationError, OSError) as error:
            raise CommandError(f"{file.name}: {_sentence(error)}") from None
        told = _("%(name)s, version %(version)s: %(n)s entries, %(skipped)s other things left out. SHA-256 %(digest)s")
        facts = {"name": watchlist, "version": watchlist.version, "n": watchlist.count}
        self.stdout.write(told % {**facts, "skipped": watchlist.skipped, "digest": watchlist.digest})


def _told_by(file: Path) -> str:
    """The kind, by the end of the name of the file and what publishers call it."""
    if file.suffix.casefold() == ".xml":
        return Watchlist.Kind.UN
    return Watchlist.Kind.OFAC if re.search("sdn|cons_prim", file.name.casefold()) else Watchlist.Kind.OPENSANCTIONS


def _sentence(error: ValidationError | OSError) -> str:
    return " ".join(error.messages) if isinstance(error, ValidationError) else str(error.strerror)
