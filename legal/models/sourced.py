"""Sourced: what the legal database claims says who says so, as at which day, who of us checked it, and until when that
is good enough."""

import datetime

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from contacts.models import User

REVIEWED_FOR = datetime.timedelta(days=730)  # where nobody says until when a check is good


class SourcedQuerySet(models.QuerySet):
    def stale(self, on: datetime.date | None = None):
        """Those that are to be checked again since before the day `on` (today), and those that nobody ever checked."""
        due = models.Q(review_by__lt=on or timezone.localdate())
        return self.filter(due | models.Q(verified_on=None))


class Sourced(models.Model):
    source = models.CharField(
        _("source"), max_length=300, blank=True, help_text=_("Who says so: a gazette, a depositary, a letter.")
    )
    source_url = models.URLField(_("address of the source"), max_length=500, blank=True)
    as_at = models.DateField(_("as at"), null=True, blank=True, help_text=_("The day on which the source said so."))
    verified_by = models.ForeignKey(
        User, models.SET_NULL, verbose_name=_("verified by"), related_name="+", null=True, blank=True, editable=False
    )
    verified_on = models.DateField(_("verified"), null=True, blank=True, editable=False)
    review_by = models.DateField(
        _("to be reviewed by"), null=True, blank=True, help_text=_("From then on the page says that this may be old.")
    )

    class Meta:
        abstract = True

    def is_stale(self, on: datetime.date | None = None) -> bool:
        """Whether it is to be checked again, or was never checked."""
        on = on or timezone.localdate()
        return self.verified_on is None or (self.review_by is not None and self.review_by < on)

    @transaction.atomic
    def verify(self, *, by: User, review_by: datetime.date | None = None, on: datetime.date | None = None) -> None:
        """`by` has compared it with its source, which is good until `review_by` (two years). Raises ValidationError
        where it names no source."""
        if not (self.source or self.source_url):
            raise ValidationError(_("Say first where it comes from: without a source nothing can be verified."))
        self.verified_by, self.verified_on = by, on or timezone.localdate()
        self.review_by = review_by or self.verified_on + REVIEWED_FOR
        self.save(update_fields=["verified_by", "verified_on", "review_by"])
        log(self, "legal.verify", user=by, data={"review_by": self.review_by.isoformat()})
