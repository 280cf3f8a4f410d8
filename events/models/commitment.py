"""Commitment: what an organization undertook at an event, until when, what was reported of it since, and who stands by
it. Reports are added, never changed; the last one says how it stands."""

import datetime

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.log_actions import log

from contacts.models import User
from events.models.event import Event
from network.labels import LabelsField
from network.models import Country, Organization
from network.models.guarded import GuardedQuerySet


class Status(models.TextChoices):
    OPEN = "OPEN", pgettext_lazy("commitment", "Open")
    UNDER_WAY = "UNDER_WAY", pgettext_lazy("commitment", "Under way")
    DONE = "DONE", pgettext_lazy("commitment", "Fulfilled")
    DROPPED = "DROPPED", pgettext_lazy("commitment", "Given up")


class CommitmentQuerySet(GuardedQuerySet):
    def of_desks(self, desks):
        return self.filter(organization__in=Organization.objects.kept_by(desks).values("pk"))

    def about(self, subject):
        """Those of an organization, or of the organizations of a country; none of a person."""
        if isinstance(subject, Organization | Country):
            field = "organization" if isinstance(subject, Organization) else "organization__country"
            return self.filter(**{field: subject})
        return self.none()

    def pending(self):
        """Those of which something is still to come."""
        return self.filter(status__in=[Status.OPEN, Status.UNDER_WAY])

    def overdue(self, on: datetime.date | None = None):
        return self.pending().filter(due_on__lt=on or timezone.localdate())

    def to_follow_up_at(self, event: Event):
        """Those from earlier events of which something is still to come, of the organizations asked to `event`."""
        asked = event.delegations.standing().values("organization")
        return self.pending().filter(event__starts_on__lt=event.starts_on, organization__in=asked)

    def published(self):
        """Those that everybody may read."""
        return self.filter(is_public=True).exclude(event__status=Event.Status.DRAFT)

    def soonest_first(self):
        return self.order_by(F("due_on").asc(nulls_last=True), "pk")


class Commitment(models.Model):
    event = models.ForeignKey(Event, models.PROTECT, verbose_name=_("event"), related_name="commitments")
    organization = models.ForeignKey(
        Organization, models.PROTECT, verbose_name=_("organization"), related_name="commitments"
    )
    text = LabelsField(_("what it undertook"), rows=3)
    owner = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("owner"), related_name="+", help_text=_("Who of us follows it up.")
    )
    due_on = models.DateField(_("due"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.OPEN, editable=False)
    is_public = models.BooleanField(
        _("public"), default=False, help_text=_("Everybody reads it on the page of the event, with how it stands.")
    )

    objects = models.Manager.from_queryset(CommitmentQuerySet)()

    class Meta:
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return Truncator(f"{self.organization}: {self.text}").chars(120)

    @property
    def is_overdue(self) -> bool:
        is_pending = self.status in (Status.OPEN, Status.UNDER_WAY)
        return is_pending and self.due_on is not None and self.due_on < timezone.localdate()

    @transaction.atomic
    def report(self, status: str, words: str, *, by, evidence: str = "", event: Event | None = None) -> "Report":
        """Note how it stands, in `words`, with the address of the `evidence`; at the `event` where it was said. Raises
        ValidationError for a status that is none, without words, and for what is fulfilled without evidence."""
        self.refresh_from_db(fields=["status"], from_queryset=Commitment.objects.select_for_update())
        words = words.strip()
        if status not in Status.values or not words:
            raise ValidationError(_("Choose how it stands, and say in a sentence what was done."))
        if status == Status.DONE and not evidence:
            raise ValidationError(_("What is fulfilled can be shown: give the address of a document or a page."))
        before, self.status = self.status, status
        self.save(update_fields=["status"])
        report = self.reports.create(status=status, words=words, evidence=evidence, event=event, by=by)
        log(self, "events.commitment.report", user=by, data={"from": before, "to": status})
        return report

    @transaction.atomic
    def endorse(self, organization: Organization, *, by) -> None:
        """`organization` stands by it; idempotent. Raises ValidationError for the one whose commitment it is."""
        if organization == self.organization:
            raise ValidationError(_("It is their own commitment; others endorse it."))
        _row, is_new = self.endorsements.get_or_create(organization=organization)
        if is_new:
            log(self, "events.commitment.endorse", user=by, data={"organization": organization.pk})


class Report(models.Model):
    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="reports")
    status = models.CharField(_("status"), max_length=10, choices=Status)
    words = models.TextField(_("what was done"), max_length=2000)
    evidence = models.URLField(_("evidence"), max_length=500, blank=True)
    event = models.ForeignKey(
        Event, models.SET_NULL, verbose_name=_("reported at"), related_name="+", null=True, blank=True
    )
    at = models.DateTimeField(_("reported"), default=timezone.now)
    by = models.ForeignKey(User, models.SET_NULL, verbose_name=_("noted by"), related_name="+", null=True)

    class Meta:
        verbose_name = _("report on a commitment")
        verbose_name_plural = _("reports on commitments")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_status_display()}: {self.words}"


class Endorsement(models.Model):
    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="endorsements")
    organization = models.ForeignKey(
        Organization, models.PROTECT, verbose_name=_("organization"), related_name="endorsements"
    )
    at = models.DateTimeField(_("endorsed"), default=timezone.now)

    class Meta:
        verbose_name = _("endorsement")
        verbose_name_plural = _("endorsements")
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["commitment", "organization"], name="endorsed_once")]

    def __str__(self) -> str:
        return str(self.organization)
