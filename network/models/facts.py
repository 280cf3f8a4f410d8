"""Facts: what a record says, field by field, for `network.changes` to keep."""

from django.db import models

from network.changes import named
from network.labels import Labels
from network.sentences import Sentence

Said = str | Labels | list[str | Labels]


def told(record: models.Model, name: str) -> Said:
    """What the field `name` of `record` says; a flag that is set is its own name."""
    value, field = getattr(record, name), record._meta.get_field(name)
    if value is None or value is False:
        return ""
    if field.many_to_many:
        return [named(one) for one in sorted(value.all(), key=str)] or ""
    if isinstance(value, Labels):
        return "; ".join(f"{code}: {text}" for code, text in sorted(value.items()))
    if isinstance(value, bool):
        return Sentence.of(field.verbose_name)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if field.choices:
        return Sentence.of(dict(field.flatchoices).get(value, value))
    return named(value)
