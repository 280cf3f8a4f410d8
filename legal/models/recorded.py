"""Recorded: a sourced claim of which it is known when it was recorded, and when it came to say something else."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from legal.models.sourced import Sourced

SOURCE = ("source", "source_url", "as_at")


class Recorded(Sourced):
    """`said`: the fields (as columns) that are what it claims; to verify it changes none of them."""

    said: ClassVar[tuple[str, ...]]

    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now, editable=False)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now, editable=False, db_index=True)

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        """Where it says something else than before, it was changed now, and nobody has verified that yet."""
        stored = None if self._state.adding else type(self).objects.filter(pk=self.pk).values(*self.said).first()
        if stored is not None and stored != {name: getattr(self, name) for name in self.said}:
            self.changed_at, self.verified_by, self.verified_on = timezone.now(), None, None
            if (fields := kwargs.get("update_fields")) is not None:
                kwargs["update_fields"] = {*fields, "changed_at", "verified_by", "verified_on"}
        super().save(*args, **kwargs)
