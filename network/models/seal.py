"""Seal: what binds an entry of the history to all entries sealed before it, so that none can be changed unseen.

Each seal is the SHA-256 of the seal before it and of what the entry says. The worker seals what is new, in the order in
which it finds it: a chain that every writer had to join would keep them all waiting for each other. Who could rewrite
the whole chain still cannot make it end in a digest that was written down elsewhere.
"""

import hashlib
import json
from dataclasses import dataclass, field

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import ModelLogEntry, PageLogEntry

BATCH = 1000
# A transaction may take its number long before it ends, so the newest numbers are looked through again.
OVERLAP = 5000
START = "0" * 64


@dataclass
class Verdict:
    """What became of the history: how many entries are sealed, not yet sealed, and emptied by an erasure; the `head`,
    which is the last digest; and what is broken, in sentences."""

    sealed: int = 0
    unsealed: int = 0
    emptied: int = 0
    head: str = START
    broken: list[str] = field(default_factory=list)


class SealManager(models.Manager):
    def append(self) -> int:
        """Seal the entries that have no seal yet; return how many. Of several workers one does it."""
        sealed = 0
        for kind, entries in ENTRIES.items():
            try:
                while some := self._append(kind, entries):
                    sealed += some
            except IntegrityError:  # another worker has been faster
                return sealed
        return sealed

    def verify(self) -> Verdict:
        """Read the whole chain and every entry once."""
        verdict = Verdict()
        for seals in _batches(self.order_by("pk")):
            entries = {kind: _by_key(entries, kind, seals) for kind, entries in ENTRIES.items()}
            for seal in seals:
                seal.check_against(entries[seal.kind].get(seal.entry), verdict)
        verdict.unsealed = sum(entries.objects.count() for entries in ENTRIES.values()) - verdict.sealed
        return verdict

    @transaction.atomic
    def empty(self, entries) -> int:
        """Take what `entries` of the history of records say out of them, because the people in them are erased; their
        seals stay, and say that it was done. Returns how many."""
        keys = list(entries.values_list("pk", flat=True))
        self.append()
        self.filter(kind=Seal.Kind.RECORD, entry__in=keys).update(emptied_at=timezone.now())
        return ModelLogEntry.objects.filter(pk__in=keys).update(label="", data={})

    @transaction.atomic
    def _append(self, kind: str, entries) -> int:
        newest = self.filter(kind=kind).aggregate(newest=models.Max("entry"))["newest"] or 0
        there = self.filter(kind=kind, entry=models.OuterRef("pk"))
        new = entries.objects.filter(~models.Exists(there), pk__gt=newest - OVERLAP).order_by("pk")[:BATCH]
        last = self.order_by("pk").last()
        digest, seals = last.digest if last else START, []
        for entry in new:
            seals.append(self.model(kind=kind, entry=entry.pk, said=said(entry), previous=digest))
            digest = seals[-1].digest = seals[-1].expected()
        return len(self.bulk_create(seals))


class Seal(models.Model):
    class Kind(models.TextChoices):
        RECORD = "RECORD", _("Record")
        PAGE = "PAGE", _("Page")

    kind = models.CharField(max_length=6, choices=Kind)
    entry = models.BigIntegerField()
    said = models.CharField(max_length=64, help_text="SHA-256 of what the entry said when it was sealed.")
    previous = models.CharField(max_length=64, unique=True)  # no two can follow the same one
    digest = models.CharField(max_length=64, unique=True)
    emptied_at = models.DateTimeField(null=True)

    objects = SealManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "entry"], name="seal_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.entry}: {self.digest}"

    def expected(self) -> str:
        """What the digest must be."""
        return _hash(self.previous, self.kind, self.entry, self.said)

    def check_against(self, entry, verdict: Verdict) -> None:
        """Add to `verdict` what this seal says of `entry` (None: it is not there any more)."""
        if self.previous != verdict.head or self.digest != self.expected():
            verdict.broken.append(f"{self.kind} {self.entry}: the chain is broken before or at this seal.")
        if entry is None:
            verdict.broken.append(f"{self.kind} {self.entry}: the entry has been removed.")
        elif self.emptied_at is None and said(entry) != self.said:
            verdict.broken.append(f"{self.kind} {self.entry}: the entry says something else than when it was sealed.")
        verdict.emptied += self.emptied_at is not None
        verdict.sealed += entry is not None
        verdict.head = self.digest


ENTRIES = {Seal.Kind.RECORD.value: ModelLogEntry, Seal.Kind.PAGE.value: PageLogEntry}


def said(entry) -> str:
    """The digest of what an entry of the history says."""
    subject = entry.object_id if isinstance(entry, ModelLogEntry) else entry.page_id
    facts = [entry.content_type_id, subject, entry.label, entry.action, entry.user_id, entry.data]
    return _hash(*facts, entry.timestamp.isoformat(), entry.content_changed, entry.deleted)


def _hash(*facts) -> str:
    text = json.dumps(facts, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _by_key(entries, kind: str, seals: list[Seal]) -> dict:
    return entries.objects.in_bulk([seal.entry for seal in seals if seal.kind == kind])


def _batches(seals: models.QuerySet):
    last = 0
    while some := list(seals.filter(pk__gt=last)[:BATCH]):
        yield some
        last = some[-1].pk
