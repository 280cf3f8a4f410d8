"""Pairs: records that may be about one and the same, and what brings them together. Each kind has tables of its own."""

from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from network.matching import MOST_IN_BLOCK, Comparison, Reason
from network.matching import pairs as likely_pairs
from network.matching.pairs import Comparable
from network.models.errand import Errand
from network.models.guarded import GuardedQuerySet
from network.models.intake import in_batches

STEP = 1000  # records between two words of how far a scan is


class KeyManager(models.Manager):
    def renew(self, records: Iterable[models.Model]) -> None:
        """Bring the keys of `records` up to what they say now: of most of them one or two differ, or none. One that was
        merged away has none."""
        standing = self.model.record.field.related_model.objects.profiled()
        for some in in_batches(record.pk for record in records):
            held = self.filter(record__in=some).values_list("record", "key", "pk")
            there = {(record, key): pk for record, key, pk in held}
            made = set(_keys(one.profile() for one in standing.filter(pk__in=some)))
            self.filter(pk__in=[pk for pair, pk in there.items() if pair not in made]).delete()
            self._add(made - there.keys())

    def write(self, profiles: Iterable[Comparable]) -> None:
        """Write the keys of records that have none yet, as their `profiles` make them."""
        self._add(_keys(profiles))

    def _add(self, pairs: Iterable[tuple[int, str]]) -> None:
        self.bulk_create([self.model(record_id=record, key=key) for record, key in sorted(pairs)], batch_size=2000)

    def rare(self, keys: Iterable[str]) -> models.QuerySet:
        """Those of `keys` that not very many records have."""
        held = self.filter(key__in=keys)
        rare = held.values("key").annotate(holders=Count("pk")).filter(holders__lte=MOST_IN_BLOCK).values("key")
        return held.filter(key__in=rare)


class AbstractKey(models.Model):
    """A key of a `record`, as its profile makes them."""

    key = models.CharField(max_length=120, db_index=True)

    objects = KeyManager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.key


class PairQuerySet(GuardedQuerySet):
    @property
    def records(self) -> models.Manager:
        return self.model.first.field.related_model.objects

    @property
    def keys(self) -> KeyManager:
        return self.records.model._meta.get_field("match_keys").related_model.objects

    def of_desks(self, desks):
        """Those of which both records may be seen."""
        seen = self.records.of_desks(desks).values("pk")
        return self.filter(first__in=seen, second__in=seen)

    def standing(self):
        """Those of two records that nobody has made one."""
        return self.filter(first__merged_into=None, second__merged_into=None)

    def open(self):
        """Those that wait for somebody to decide."""
        return self.standing().filter(decided_at=None)

    def kept_apart(self):
        """Those of which somebody has decided that they are two."""
        return self.standing().exclude(decided_at=None)

    def of(self, one: models.Model, other: models.Model):
        return self.filter(first__in=[one, other], second__in=[one, other])

    def matching(self, text: str):
        """Those of which a record answers to `text`."""
        found = self.records.matching(text).values("pk")
        return self.filter(first__in=found) | self.filter(second__in=found)


class PairManager(models.Manager.from_queryset(PairQuerySet)):
    def like(self, profile: Comparable) -> list[tuple[models.Model, Comparison]]:
        """Who or what is likely that of `profile`, the likeliest first."""
        records = self.all().records
        keys = self.all().keys.rare(profile.match_keys())
        near = records.profiled().filter(pk__in=keys.values("record")).exclude(pk=profile.key)
        weighed = [(one, profile.compare(one.profile())) for one in near]
        return sorted((pair for pair in weighed if pair[1].is_likely), key=lambda pair: -pair[1].score)

    @transaction.atomic
    def look_at(self, record: models.Model) -> list["AbstractPair"]:
        """Note which records are likely of the same as `record`; the pairs that nobody has decided."""
        noted = [self._note(record.pk, other.pk, comparison) for other, comparison in self.like(record.profile())]
        return [pair for pair in noted if pair.decided_at is None]

    def scan(self, tell=lambda done, total: None) -> int:
        """Compare all records with each other and note the likely pairs; what was decided stays decided. Pairs that are
        not likely any more are dropped. `tell` hears how many are read of how many. Returns how many pairs wait for a
        decision."""
        self.all().keys.renew(self.all().records.filter(match_keys=None))
        before = self.aggregate(last=Max("pk"))["last"] or 0  # what is noted meanwhile stays
        found = {}
        for one, other, comparison in likely_pairs(self._profiles(tell)):
            found[min(one.key, other.key), max(one.key, other.key)] = _told(comparison)
        for some in in_batches(found):
            self._note_all({both: found[both] for both in some})
        rows = self.open().filter(pk__lte=before).values_list("pk", "first", "second").iterator()
        for some in in_batches([pk for pk, *both in rows if tuple(both) not in found]):
            self.open().filter(pk__in=some).delete()
        return self.open().count()

    @transaction.atomic
    def _note_all(self, found: dict[tuple[int, int], dict]) -> None:
        there = set(
            self.all().records.filter(pk__in={key for both in found for key in both}).values_list("pk", flat=True)
        )
        self.bulk_create(
            [
                self.model(first_id=one, second_id=other, **told)
                for (one, other), told in found.items()
                if {one, other} <= there
            ],
            update_conflicts=True,
            unique_fields=["first", "second"],
            update_fields=["score", "said"],
        )

    def _profiles(self, tell) -> Iterator[Comparable]:
        records = self.all().records
        total = records.count()
        for number, record in enumerate(records.profiled().iterator(chunk_size=STEP)):
            if number % STEP == 0:
                tell(number, total)
            yield record.profile()
        tell(total, total)

    def _note(self, one: int, other: int, comparison: Comparison) -> "AbstractPair":
        first, second = sorted((one, other))
        pair, _created = self.update_or_create(first_id=first, second_id=second, defaults=_told(comparison))
        return pair


class AbstractPair(models.Model):
    """That the records `first` and `second`, of which the first is older, may be of one, and why."""

    reason: ClassVar[type[Reason]]  # what it says is made of these
    apart_action: ClassVar[str]  # what the history calls it that somebody keeps the two apart
    again_action: ClassVar[str]  # and that somebody doubts it

    score = models.FloatField(_("weight"))
    said = models.JSONField(default=list, editable=False)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    objects = PairManager()

    class Meta:
        abstract = True
        ordering = ["-score", "pk"]

    def __str__(self) -> str:
        return _("%(first)s and %(second)s") % {"first": self.first, "second": self.second}

    @property
    def reasons(self) -> list[Reason]:
        return [self.reason(*said) for said in self.said]

    def said_in(self, countries: Mapping[str, object]) -> list[tuple[str, str]]:
        """Each reason: whether it speaks "for" or "against", and in words."""
        return [("for" if reason.weight > 0 else "against", reason.in_words(countries)) for reason in self.reasons]

    def beside(self, record: models.Model) -> models.Model:
        """The other of the two."""
        return self.first if self.second == record else self.second

    def decided_by(self) -> str:
        """Who has decided last that they are two."""
        entry = ModelLogEntry.objects.for_instance(self).filter(action=self.apart_action).first()
        return entry.user_display_name if entry else ""

    @transaction.atomic
    def keep_apart(self, *, by) -> None:
        """Somebody has looked: they are two. The pair is not shown again."""
        now = timezone.now()
        if not type(self).objects.filter(pk=self.pk, decided_at=None).update(decided_at=now):
            raise ValidationError(_("Somebody has decided this already."))
        self.decided_at = now
        log(self, self.apart_action, user=by)

    @transaction.atomic
    def compare_again(self, *, by) -> None:
        """Somebody doubts that they are two. The pair waits for a decision again."""
        if not type(self).objects.kept_apart().filter(pk=self.pk).update(decided_at=None):
            raise ValidationError(_("These two are not kept apart."))
        self.decided_at = None
        log(self, self.again_action, user=by)


class AbstractScan(Errand):
    """That all records are to be compared with each other, and when it was done."""

    pair: ClassVar[type[AbstractPair]]

    pairs = models.PositiveIntegerField(null=True)

    class Meta(Errand.Meta):
        abstract = True

    def run(self) -> None:
        self.pairs = self.pair.objects.scan(self.tell)
        type(self).objects.filter(pk=self.pk).update(pairs=self.pairs)


def _keys(profiles: Iterable[Comparable]) -> Iterator[tuple[int, str]]:
    """Key of a record -> each of those that its profile makes."""
    return ((profile.key, key) for profile in profiles for key in profile.match_keys())


def _told(comparison: Comparison) -> dict:
    """A comparison as a pair keeps it."""
    said = [[reason.code, reason.one, reason.other] for reason in comparison.reasons]
    return {"score": comparison.score, "said": said}
