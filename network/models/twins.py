"""OrganizationPair: two records that may be one organization, and why."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from network.matching.likeness import Reason
from network.models.organization import Organization
from network.models.pairs import AbstractKey, AbstractPair, AbstractScan


class OrganizationKey(AbstractKey):
    record = models.ForeignKey(Organization, models.CASCADE, related_name="match_keys")


class OrganizationPair(AbstractPair):
    reason = Reason
    apart_action = "network.organization.keep_apart"
    again_action = "network.organization.compare_again"

    first = models.ForeignKey(Organization, models.CASCADE, verbose_name=_("organization"), related_name="+")
    second = models.ForeignKey(Organization, models.CASCADE, verbose_name=_("organization"), related_name="+")

    class Meta(AbstractPair.Meta):
        verbose_name = _("possible duplicate of an organization")
        verbose_name_plural = _("possible duplicates of organizations")
        constraints = [models.UniqueConstraint(fields=["first", "second"], name="organization_pair_once")]


class OrganizationScan(AbstractScan):
    action = "network.organization.scan"
    pair = OrganizationPair
