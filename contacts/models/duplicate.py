"""DuplicatePair: two records that may be one human being, and why."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from contacts.matching import Reason
from contacts.models.person import Person
from network.models.pairs import AbstractKey, AbstractPair, AbstractScan


class MatchKey(AbstractKey):
    record = models.ForeignKey(Person, models.CASCADE, related_name="match_keys")


class DuplicatePair(AbstractPair):
    reason = Reason
    apart_action = "contacts.duplicates.keep_apart"
    again_action = "contacts.duplicates.compare_again"

    first = models.ForeignKey(Person, models.CASCADE, verbose_name=_("person"), related_name="+")
    second = models.ForeignKey(Person, models.CASCADE, verbose_name=_("person"), related_name="+")

    class Meta(AbstractPair.Meta):
        verbose_name = _("possible duplicate")
        verbose_name_plural = _("possible duplicates")
        constraints = [models.UniqueConstraint(fields=["first", "second"], name="duplicate_pair_once")]


class DuplicateScan(AbstractScan):
    action = "contacts.duplicates.scan"
    pair = DuplicatePair
