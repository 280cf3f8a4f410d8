"""Which rows a viewer may see: everything that their role opens, or of it what belongs to their desks.

There is this one rule, and every surface asks it: lists, counts, search, choosers, exports, letters.
"""

from collections.abc import Sequence

from django.db import models

ACTIONS = ("view", "change", "add", "delete")


class GuardedQuerySet(models.QuerySet):
    """Records that country desks and teams divide among themselves. A subclass says in `of_desks` how."""

    opened_by = ""  # "app.model": whose permissions open these records, where not their own

    def visible_to(self, viewer):
        """Those that `viewer` may see: nothing without a permission for them, everything for who belongs to no desk,
        and otherwise what belongs to one of the viewer's desks. `viewer` is a user, or AnonymousUser."""
        app, model = (self.opened_by or self.model._meta.label_lower).split(".")
        if not any(viewer.has_perm(f"{app}.{action}_{model}") for action in ACTIONS):
            return self.none()
        return self.of_desks(viewer.desk_keys) if viewer.desk_keys else self

    def within_reach_of(self, actor):
        """Those that a verb may touch: all for the house itself (None), else what `actor` may see."""
        return self if actor is None else self.visible_to(actor)

    def of_desks(self, desks: Sequence[int]):
        """Those that belong to one of `desks` (keys)."""
        raise NotImplementedError


def visible(records: models.QuerySet, viewer) -> models.QuerySet:
    """Those of `records` that `viewer` may see; what no desk divides is one whole."""
    return records.visible_to(viewer) if isinstance(records, GuardedQuerySet) else records


def sees(viewer, record: models.Model) -> bool:
    """Whether `viewer` may see `record`."""
    model = type(record)
    records = model._base_manager.all()
    if not isinstance(records, GuardedQuerySet):  # old records, which only the base manager knows, have a guard too
        records = model._default_manager.all()
    return visible(records.filter(pk=record.pk), viewer).exists()
