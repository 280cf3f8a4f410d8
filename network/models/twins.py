"""OrganizationPair: two records that may be one organization, and why; OrganizationKey: what brings them together."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from network.matching import Comparison, Profile, compare, match_keys, pairs
from network.matching.likeness import MOST_IN_BLOCK, Reason
from network.models.guarded import GuardedQuerySet
from network.models.intake import in_batches
from network.models.organization import Organization

LONGEST_SCAN = timedelta(hours=2)


class OrganizationKeyManager(models.Manager):
    def renew(self, organizations: Iterable[Organization]) -> None:
        """Write the keys of `organizations` anew; a record that was merged away has none."""
        for some in in_batches(organization.pk for organization in organizations):
            self.filter(organization__in=some).delete()
            standing = Organization.objects.filter(pk__in=some).prefetch_related("other_names")
            rows = [
                self.model(organization=one, key=key) for one in standing for key in sorted(match_keys(one.profile()))
            ]
            self.bulk_create(rows, batch_size=2000)


class OrganizationKey(models.Model):
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="match_keys")
    key = models.CharField(max_length=120, db_index=True)

    objects = OrganizationKeyManager()

    def __str__(self) -> str:
        return self.key


class OrganizationPairQuerySet(GuardedQuerySet):
    def of_desks(self, desks):
        """Those of which both records may be seen."""
        seen = Organization.objects.of_desks(desks).values("pk")
        return self.filter(first__in=seen, second__in=seen)

    def open(self):
        """Those that wait for somebody to decide."""
        return self.filter(decided_at=None, first__merged_into=None, second__merged_into=None)

    def of(self, one: Organization, other: Organization):
        return self.filter(first__in=[one, other], second__in=[one, other])


class OrganizationPairManager(models.Manager.from_queryset(OrganizationPairQuerySet)):
    def like(self, profile: Profile) -> list[tuple[Organization, Comparison]]:
        """Which are likely the organization of `profile`, the likeliest first."""
        keys = OrganizationKey.objects.filter(key__in=match_keys(profile)).exclude(organization=profile.key)
        rare = keys.values("key").annotate(holders=Count("pk")).filter(holders__lt=MOST_IN_BLOCK).values("key")
        near = Organization.objects.filter(pk__in=keys.filter(key__in=rare).values("organization"))
        weighed = [(one, compare(profile, one.profile())) for one in near.prefetch_related("other_names")]
        return sorted((pair for pair in weighed if pair[1].is_likely), key=lambda pair: -pair[1].score)

    @transaction.atomic
    def look_at(self, organization: Organization) -> list["OrganizationPair"]:
        """Note which are likely the same as `organization`; the pairs that nobody has decided."""
        found = self.like(organization.profile())
        noted = [self._note(organization.pk, other.pk, comparison) for other, comparison in found]
        return [pair for pair in noted if pair.decided_at is None]

    def scan(self) -> int:
        """Compare all organizations with each other and note the likely pairs; what was decided stays decided. Pairs
        that are not likely any more are dropped. Returns how many wait for a decision."""
        OrganizationKey.objects.renew(Organization.objects.filter(match_keys=None))
        everyone = Organization.objects.prefetch_related("other_names").iterator(chunk_size=1000)
        found = pairs(organization.profile() for organization in everyone)
        with transaction.atomic():
            noted = [self._note(one.key, other.key, comparison).pk for one, other, comparison in found]
            self.open().exclude(pk__in=noted).delete()
        return self.open().count()

    def _note(self, one: int, other: int, comparison: Comparison) -> "OrganizationPair":
        first, second = sorted((one, other))
        reasons = [[reason.code, reason.one, reason.other] for reason in comparison.reasons]
        said = {"score": comparison.score, "said": reasons}
        pair, _created = self.update_or_create(first_id=first, second_id=second, defaults=said)
        return pair


class OrganizationPair(models.Model):
    first = models.ForeignKey(Organization, models.CASCADE, verbose_name=_("organization"), related_name="+")
    second = models.ForeignKey(Organization, models.CASCADE, verbose_name=_("organization"), related_name="+")
    score = models.FloatField(_("weight"))
    said = models.JSONField(default=list, editable=False)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    objects = OrganizationPairManager()

    class Meta:
        verbose_name = _("possible duplicate of an organization")
        verbose_name_plural = _("possible duplicates of organizations")
        ordering = ["-score", "pk"]
        constraints = [models.UniqueConstraint(fields=["first", "second"], name="organization_pair_once")]

    def __str__(self) -> str:
        return _("%(first)s and %(second)s") % {"first": self.first, "second": self.second}

    @property
    def reasons(self) -> list[Reason]:
        return [Reason(*said) for said in self.said]

    @transaction.atomic
    def keep_apart(self, *, by) -> None:
        """Somebody has looked: they are two organizations. The pair is not shown again."""
        now = timezone.now()
        if not OrganizationPair.objects.filter(pk=self.pk, decided_at=None).update(decided_at=now):
            raise ValidationError(_("Somebody has decided this already."))
        self.decided_at = now
        log(self, "network.organization.keep_apart", user=by)


class OrganizationScanQuerySet(models.QuerySet):
    def waiting(self, now: datetime | None = None):
        """Those that nobody has begun, or that somebody began so long ago that whoever it was is gone."""
        given_up = Q(started_at__lt=(now or timezone.now()) - LONGEST_SCAN)
        return self.filter(Q(started_at=None) | given_up, ended_at=None)


class OrganizationScanManager(models.Manager.from_queryset(OrganizationScanQuerySet)):
    @transaction.atomic
    def ask(self, *, by) -> "OrganizationScan":
        """All are to be compared; one that waits already will do. The worker sees to it."""
        if waits := self.waiting().first():
            return waits
        scan = self.create()
        log(scan, "network.organization.scan", user=by)
        return scan

    def run_next(self) -> bool:
        """Do the oldest that waits, whichever worker is first; False where there was none."""
        scan = self.waiting().order_by("pk").first()
        if scan is None or not self.waiting().filter(pk=scan.pk).update(started_at=timezone.now()):
            return False
        found = OrganizationPair.objects.scan()
        self.filter(pk=scan.pk).update(ended_at=timezone.now(), pairs=found)
        return True


class OrganizationScan(models.Model):
    """That all organizations are to be compared with each other, and when it was done."""

    asked_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    pairs = models.PositiveIntegerField(null=True)

    objects = OrganizationScanManager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return str(self.asked_at)
