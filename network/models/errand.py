"""Errand: slow work that somebody asked for and a worker does, with how far it is and how it ended."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

LONGEST = timedelta(hours=2)


class ErrandQuerySet(models.QuerySet):
    def waiting(self, now: datetime | None = None):
        """Those that nobody has begun, or that somebody began so long ago that whoever it was is gone."""
        given_up = Q(started_at__lt=(now or timezone.now()) - LONGEST)
        return self.filter(Q(started_at=None) | given_up, ended_at=None)

    def done(self):
        return self.filter(ended_at__isnull=False, failure="")


class ErrandManager(models.Manager.from_queryset(ErrandQuerySet)):
    @transaction.atomic
    def ask(self, *, by):
        """It is to be done; one that nobody has begun will do. The worker sees to it."""
        if waits := self.filter(started_at=None).first():
            return waits
        errand = self.create()
        log(errand, self.model.action, user=by)
        return errand

    def run_next(self) -> bool:
        """Do the oldest that waits, whichever worker is first; False where there was none."""
        errand = self.waiting().order_by("pk").first()
        now = timezone.now()
        if errand is None or not self.waiting().filter(pk=errand.pk).update(started_at=now, done=0):
            return False
        errand.started_at = now
        own = self.filter(pk=errand.pk, started_at=now)  # unless another worker has given this one up, and begun anew
        try:
            errand.run()
        except Exception as error:
            own.update(ended_at=timezone.now(), failure=type(error).__name__)
            raise
        own.update(ended_at=timezone.now())
        return True


class Errand(models.Model):
    action: ClassVar[str]  # what the history calls it that somebody asked

    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    started_at = models.DateTimeField(_("begun"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    done = models.PositiveIntegerField(_("done"), default=0)
    total = models.PositiveIntegerField(_("of"), default=0)
    failure = models.CharField(_("failure"), max_length=100, blank=True)

    objects = ErrandManager()

    class Meta:
        abstract = True
        ordering = ["-pk"]

    def __str__(self) -> str:
        return str(self.asked_at)

    def run(self) -> None:
        """The work itself; says with `tell` how far it is."""
        raise NotImplementedError

    def tell(self, done: int, total: int) -> None:
        type(self).objects.filter(pk=self.pk).update(done=done, total=total)
