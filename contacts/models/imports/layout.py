"""ImportLayout: which column is which field, as somebody has said it for a file with the same names of columns."""

import hashlib
import json
from collections.abc import Mapping, Sequence

from django.db import models
from django.utils import timezone

from contacts.models.user import User


def digest(columns: Sequence[str]) -> str:
    """How a layout is known: the names themselves are not kept, a header may turn out to be somebody's data."""
    return hashlib.sha256(json.dumps(list(columns)).encode()).hexdigest()


class ImportLayoutManager(models.Manager):
    def remember(self, columns: Sequence[str], mapping: Mapping[str, str], *, by) -> None:
        fields = [mapping.get(column, "") for column in columns]
        said = {"fields": fields, "by": by, "used_at": timezone.now()}
        self.update_or_create(columns=digest(columns), defaults=said)

    def recall(self, columns: Sequence[str]) -> dict[str, str] | None:
        """Column -> field, or None where nobody has said it yet."""
        known = self.filter(columns=digest(columns)).first()
        return dict(zip(columns, known.fields, strict=True)) if known else None


class ImportLayout(models.Model):
    columns = models.CharField(max_length=64, unique=True, editable=False)
    fields = models.JSONField(default=list, editable=False, help_text="The field of each column, in their order.")
    by = models.ForeignKey(User, models.SET_NULL, related_name="+", null=True, editable=False)
    used_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ImportLayoutManager()

    def __str__(self) -> str:
        return self.columns[:12]
