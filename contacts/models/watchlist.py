"""Watchlist: a list of people and organizations that others have published, as it was loaded last; WatchlistEntry: one
of them. A list is loaded from a file by the operator; the house never asks for one in the net. A retired list has no
entries, so that nobody is compared with it."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from contacts.models.user import User
from contacts.watchlists import Facts, Listed, Reader, open_watchlist
from network.models.intake import in_batches
from network.sheets import SheetError

FIELDS = ("kind", "names", "countries", "birth_years", "identifiers", "programme", "digest")


class WatchlistQuerySet(models.QuerySet):
    def in_use(self):
        return self.filter(retired_at=None)


class WatchlistManager(models.Manager.from_queryset(WatchlistQuerySet)):
    def load(self, name: str, kind: str, path: Path, *beside: Path, version: str = "", by=None) -> "Watchlist":
        """Make the list called `name` what the file says: one transaction, so that who compares meanwhile sees the old
        list or the new one. The worker sees it and compares everybody. Raises ValidationError with the place in the
        file that cannot be read; the list is then what it was."""
        try:
            reader = open_watchlist(kind, path, *beside)
            entries = list(reader)  # to its end, before the first row is written
        except SheetError as error:
            raise ValidationError(str(error)) from None
        with transaction.atomic():
            watchlist = self.select_for_update().filter(name=name).first() or self.model(name=name, kind=kind)
            watchlist._take(reader, entries, version, by)
        return watchlist


class Watchlist(models.Model):
    class Kind(models.TextChoices):
        OPENSANCTIONS = "OPENSANCTIONS", _("OpenSanctions, targets.simple.csv")
        UN = "UN", _("United Nations Security Council, XML")
        OFAC = "OFAC", _("OFAC, sdn.csv and alt.csv")

    name = models.CharField(_("name"), max_length=100, unique=True)
    kind = models.CharField(_("kind of file"), max_length=14, choices=Kind)
    version = models.CharField(_("version"), max_length=60)
    digest = models.CharField(_("SHA-256 of the file"), max_length=64)
    count = models.PositiveIntegerField(_("entries"), default=0)
    skipped = models.PositiveIntegerField(_("ships, aircraft and other things left out"), default=0)
    loaded_at = models.DateTimeField(_("loaded"), default=timezone.now)
    loaded_by = models.ForeignKey(User, models.SET_NULL, verbose_name=_("by"), related_name="+", null=True)
    retired_at = models.DateTimeField(_("retired"), null=True, editable=False)

    objects = WatchlistManager()

    class Meta:
        verbose_name = _("watchlist")
        verbose_name_plural = _("watchlists")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @transaction.atomic
    def retire(self, *, by) -> None:
        """The house relies on this list no more: its entries go, and with them the questions that nobody has decided.
        What was decided stays as it was read then. A file that is loaded puts the list back."""
        now = timezone.now()
        if not type(self).objects.in_use().filter(pk=self.pk).update(retired_at=now):
            raise ValidationError(_("This list is retired already."))
        self.retired_at, self.count = now, 0
        self.save(update_fields=["count"])
        dropped, _rows = self.questions.undecided().delete()
        self._forget(self.entries.values_list("pk", flat=True))
        told = {"version": self.version, "digest": self.digest, "questions": dropped}
        log(self, "contacts.watchlist.retire", user=by, data=told)

    def _take(self, reader: Reader, entries: list[Listed], version: str, by) -> None:
        if self.kind != reader.kind:
            sentence = _("“%(name)s” was loaded from another kind of file: %(kind)s. Give this list a name of its own.")
            raise ValidationError(sentence % {"name": self.name, "kind": self.get_kind_display()})
        self.version = version or reader.told.version or date_format(timezone.localdate(), "Y-m-d")
        self.digest, self.skipped = fingerprint(reader.path, *reader.beside), reader.told.skipped
        self.count, self.loaded_at, self.loaded_by = len(entries), timezone.now(), by
        self.retired_at = None
        self.save()
        counts = self._replace(entries)
        log(self, "contacts.watchlist.load", user=by, data={"version": self.version, "digest": self.digest, **counts})

    def _replace(self, entries: list[Listed]) -> dict[str, int]:
        """Write the entries that are new or other than before, and remove those that are gone; the rest stays the same
        row, so that what was decided about it stays with it."""
        known = {row.reference: row for row in self.entries.all()}
        new, changed = [], []
        for entry in entries:
            row = known.pop(entry.reference, None)
            if row is None:
                new.append(WatchlistEntry(watchlist=self, reference=entry.reference).say(entry))
            elif row.digest != entry.facts.digest() or row.programme != entry.programme:
                changed.append(row.say(entry))
        self._forget(row.pk for row in known.values())
        WatchlistEntry.objects.bulk_create(new, batch_size=2000)
        WatchlistEntry.objects.bulk_update(changed, FIELDS, batch_size=200)
        return {"new": len(new), "changed": len(changed), "gone": len(known)}

    def _forget(self, keys: Iterable[int]) -> None:
        for some in in_batches(list(keys)):
            self.entries.filter(pk__in=some).delete()


class WatchlistEntryQuerySet(models.QuerySet):
    def facts(self) -> Iterator[tuple[int, Facts]]:
        """The key and the facts of each, a part at a time."""
        for row in self.only("kind", "names", "countries", "birth_years", "identifiers").iterator(chunk_size=2000):
            yield row.pk, row.facts


class WatchlistEntry(models.Model):
    watchlist = models.ForeignKey(Watchlist, models.CASCADE, verbose_name=_("watchlist"), related_name="entries")
    reference = models.CharField(_("reference"), max_length=200)
    kind = models.CharField(max_length=12, blank=True)
    names = models.JSONField(_("names"), default=list)
    countries = models.JSONField(_("countries"), default=list)
    birth_years = models.JSONField(_("years of birth"), default=list)
    identifiers = models.JSONField(_("numbers and addresses"), default=list)
    programme = models.CharField(_("programme"), max_length=500, blank=True)
    digest = models.CharField(max_length=64)

    objects = models.Manager.from_queryset(WatchlistEntryQuerySet)()

    class Meta:
        verbose_name = _("watchlist entry")
        verbose_name_plural = _("watchlist entries")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["watchlist", "reference"], name="watchlist_entry_once")]

    def __str__(self) -> str:
        return self.names[0] if self.names else self.reference

    @property
    def facts(self) -> Facts:
        told = (self.names, self.countries, self.birth_years, self.identifiers)
        return Facts(self.kind, *map(tuple, told))

    def told(self) -> dict:
        """What the list says of it, to be kept with a decision."""
        fields = ("names", "countries", "birth_years", "identifiers", "programme")
        return {name: getattr(self, name) for name in fields}

    def say(self, entry: Listed) -> "WatchlistEntry":
        """What the list says of it now; not yet written."""
        facts = entry.facts
        self.kind, self.programme, self.digest = facts.kind, entry.programme, facts.digest()
        self.names, self.countries = list(facts.names), list(facts.countries)
        self.birth_years, self.identifiers = list(facts.birth_years), list(facts.identifiers)
        return self


def fingerprint(*paths: Path) -> str:
    """The SHA-256 of the file, or of the files one after the other."""
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            for block in iter(lambda: file.read(2**20), b""):
                digest.update(block)
    return digest.hexdigest()
