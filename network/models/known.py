"""Known: what people and organizations have in common: found by any of their names, and made one with another."""

from collections.abc import Iterable
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.models import ClusterableModel

from network.models.guarded import GuardedQuerySet
from network.names import fold


class KnownQuerySet(GuardedQuerySet):
    def matching(self, text: str):
        """Those whose names or addresses hold every word of `text`, in any script or accent."""
        found = self
        for word in fold(text).split():
            found = found.filter(search_text__contains=word)
        return found


class Known(ClusterableModel):
    """A record with names and a profile (`spell`, `spelled_with`, `profile`); one that was merged away leads on to the
    record that stands. The keys by which it is compared with others, `match_keys`, are written with it."""

    reference = models.CharField(
        _("reference"),
        max_length=500,
        unique=True,
        null=True,
        blank=True,
        editable=False,
        help_text=_("The register that the record came from, and its number there."),
    )
    search_text = models.TextField(editable=False, default="")
    merged_into = models.ForeignKey(
        "self", models.CASCADE, verbose_name=_("merged into"), related_name="+", null=True, editable=False
    )

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        self.reference = self.reference or None
        self.search_text = self.spell(self.spelled_with())
        if kwargs.get("update_fields"):
            kwargs["update_fields"] = {*kwargs["update_fields"], "search_text"}
        super().save(*args, **kwargs)
        self._meta.get_field("match_keys").related_model.objects.renew([self])

    @property
    def standing(self) -> Self:
        """The record that stands for this one: itself, or the one that it was merged into."""
        record = self
        while record.merged_into_id:
            record = record.merged_into
        return record

    def spelled_with(self) -> Iterable[str]:
        """What `spell` is told of the parts that are stored."""
        raise NotImplementedError
