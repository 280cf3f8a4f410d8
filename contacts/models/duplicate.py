"""DuplicatePair: two records that may be one human being, and why; MatchKey: what brings them together."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from contacts.matching import MOST_IN_BLOCK, Comparison, Profile, Reason, compare, match_keys, pairs
from contacts.models.person import Person
from contacts.models.user import User
from network.models.guarded import GuardedQuerySet
from network.models.intake import in_batches

LONGEST_SCAN = timedelta(hours=2)


def with_all(people):
    """`people` with everything that their profiles are made of."""
    return people.prefetch_related("emails", "phones", "affiliations__organization")


class MatchKeyManager(models.Manager):
    def renew(self, people: Iterable[Person]) -> None:
        """Write the keys of `people` anew; a record that was merged away has none."""
        for some in in_batches(person.pk for person in people):
            self.filter(person__in=some).delete()
            standing = with_all(Person.objects.filter(pk__in=some))
            rows = [self.model(person=one, key=key) for one in standing for key in sorted(match_keys(one.profile()))]
            self.bulk_create(rows, batch_size=2000)


class MatchKey(models.Model):
    person = models.ForeignKey(Person, models.CASCADE, related_name="match_keys")
    key = models.CharField(max_length=120, db_index=True)

    objects = MatchKeyManager()

    def __str__(self) -> str:
        return self.key


class DuplicatePairQuerySet(GuardedQuerySet):
    def of_desks(self, desks):
        """Those of which both records may be seen."""
        seen = Person.objects.of_desks(desks).values("pk")
        return self.filter(first__in=seen, second__in=seen)

    def open(self):
        """Those that wait for somebody to decide."""
        return self.filter(decided_at=None, first__merged_into=None, second__merged_into=None)

    def of(self, one: Person, other: Person):
        return self.filter(first__in=[one, other], second__in=[one, other])


class DuplicatePairManager(models.Manager.from_queryset(DuplicatePairQuerySet)):
    def like(self, profile: Profile) -> list[tuple[Person, Comparison]]:
        """Who is likely the human being of `profile`, the likeliest first."""
        keys = MatchKey.objects.filter(key__in=match_keys(profile)).exclude(person=profile.key)
        rare = keys.values("key").annotate(holders=Count("pk")).filter(holders__lt=MOST_IN_BLOCK).values("key")
        found = with_all(Person.objects.filter(pk__in=keys.filter(key__in=rare).values("person")))
        weighed = [(person, compare(profile, person.profile())) for person in found]
        return sorted((pair for pair in weighed if pair[1].is_likely), key=lambda pair: -pair[1].score)

    @transaction.atomic
    def look_at(self, person: Person) -> list["DuplicatePair"]:
        """Note who is likely the same as `person`; the pairs that nobody has decided."""
        noted = [self._note(person.pk, other.pk, comparison) for other, comparison in self.like(person.profile())]
        return [pair for pair in noted if pair.decided_at is None]

    def scan(self, *, by=None) -> int:
        """Compare all people with each other and note the likely pairs; what was decided stays decided. Pairs that are
        not likely any more are dropped. Returns how many wait for a decision."""
        MatchKey.objects.renew(Person.objects.filter(match_keys=None))
        found = pairs(person.profile() for person in with_all(Person.objects.all()).iterator(chunk_size=1000))
        with transaction.atomic():
            noted = [self._note(one.key, other.key, comparison).pk for one, other, comparison in found]
            self.open().exclude(pk__in=noted).delete()
            if noted:
                log(self.get(pk=noted[0]), "contacts.duplicates.scan", user=by, data={"pairs": len(noted)})
        return self.open().count()

    def _note(self, one: int, other: int, comparison: Comparison) -> "DuplicatePair":
        first, second = sorted((one, other))
        reasons = [[reason.code, reason.one, reason.other] for reason in comparison.reasons]
        said = {"score": comparison.score, "said": reasons}
        pair, _created = self.update_or_create(first_id=first, second_id=second, defaults=said)
        return pair


class DuplicatePair(models.Model):
    first = models.ForeignKey(Person, models.CASCADE, verbose_name=_("person"), related_name="+")
    second = models.ForeignKey(Person, models.CASCADE, verbose_name=_("person"), related_name="+")
    score = models.FloatField(_("weight"))
    said = models.JSONField(default=list, editable=False)
    decided_by = models.ForeignKey(User, models.SET_NULL, verbose_name=_("by"), related_name="+", null=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    objects = DuplicatePairManager()

    class Meta:
        verbose_name = _("possible duplicate")
        verbose_name_plural = _("possible duplicates")
        ordering = ["-score", "pk"]
        constraints = [models.UniqueConstraint(fields=["first", "second"], name="duplicate_pair_once")]

    def __str__(self) -> str:
        return _("%(first)s and %(second)s") % {"first": self.first, "second": self.second}

    @property
    def reasons(self) -> list[Reason]:
        return [Reason(*said) for said in self.said]

    @transaction.atomic
    def keep_apart(self, *, by) -> None:
        """Somebody has looked: they are two people. The pair is not shown again."""
        now = timezone.now()
        if not DuplicatePair.objects.filter(pk=self.pk, decided_at=None).update(decided_at=now, decided_by=by):
            raise ValidationError(_("Somebody has decided this already."))
        self.decided_at, self.decided_by = now, by
        log(self, "contacts.duplicates.keep_apart", user=by)


class DuplicateScanQuerySet(models.QuerySet):
    def waiting(self, now: datetime | None = None):
        """Those that nobody has begun, or that somebody began so long ago that whoever it was is gone."""
        given_up = Q(started_at__lt=(now or timezone.now()) - LONGEST_SCAN)
        return self.filter(Q(started_at=None) | given_up, ended_at=None)


class DuplicateScanManager(models.Manager.from_queryset(DuplicateScanQuerySet)):
    def ask(self, *, by) -> "DuplicateScan":
        """Everybody is to be compared; one that waits already will do. The worker sees to it."""
        return self.waiting().first() or self.create(asked_by=by)

    def run_next(self) -> bool:
        """Do the oldest that waits, whichever worker is first; False where there was none."""
        scan = self.waiting().order_by("pk").first()
        if scan is None or not self.waiting().filter(pk=scan.pk).update(started_at=timezone.now()):
            return False
        pairs = DuplicatePair.objects.scan(by=scan.asked_by)
        self.filter(pk=scan.pk).update(ended_at=timezone.now(), pairs=pairs)
        return True


class DuplicateScan(models.Model):
    """That everybody is to be compared with everybody, and when it was done."""

    asked_by = models.ForeignKey(User, models.SET_NULL, related_name="+", null=True)
    asked_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    pairs = models.PositiveIntegerField(null=True)

    objects = DuplicateScanManager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return str(self.asked_at)
