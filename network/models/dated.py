"""Facts that hold from one day until another; an end that is not known is open."""

import datetime

from django.db.models import Q
from django.utils import timezone

from network.models.guarded import GuardedQuerySet


class DatedQuerySet(GuardedQuerySet):
    """Records with `starts_on` and `ends_on`."""

    def current(self, on: datetime.date | None = None):
        """Those that hold on the day `on` (today)."""
        on = on or timezone.localdate()
        return self.within(on, on)

    def within(self, starts_on: datetime.date | None, ends_on: datetime.date | None):
        """Those that hold on some day between the two; None is without a bound."""
        found = self.filter(Q(ends_on=None) | Q(ends_on__gte=starts_on)) if starts_on else self
        return found.filter(Q(starts_on=None) | Q(starts_on__lte=ends_on)) if ends_on else found
