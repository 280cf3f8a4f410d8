"""AdvisoryMission: a journey to a country for what it asked for: who went, when, and the report; Draft: a text that
went to and fro."""

import datetime

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.log_actions import log

from contacts.models import Person, User
from contacts.uploads import clean_name, hidden_path
from legal.models.assistance import Assistance


def report_path(mission: "AdvisoryMission", name: str) -> str:
    """Below a folder that nobody can guess; nothing there is handed out without asking who may see it."""
    return hidden_path("advisory-reports", name)


def draft_path(draft: "Draft", name: str) -> str:
    return hidden_path("drafts", name)


class AdvisoryMissionQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        return self.filter(assistance__in=Assistance.objects.visible_to(viewer).values("pk"))

    def over(self, on: datetime.date | None = None):
        """Those that ended before the day `on` (today), the last first."""
        return self.filter(ends_on__lt=on or timezone.localdate()).order_by("-ends_on", "-pk")


class AdvisoryMissionManager(models.Manager.from_queryset(AdvisoryMissionQuerySet)):
    @transaction.atomic
    def plan(self, assistance: Assistance, purpose: str, starts_on, ends_on, *, by: User, city="", people=()):
        """`people` go there on these days, for what `assistance` is about."""
        found = self.model(assistance=assistance, purpose=purpose, starts_on=starts_on, ends_on=ends_on, city=city)
        found.full_clean()
        found.save()
        for person in people:
            found.advisers.create(person=person)
        log(assistance, "legal.advisory.plan", user=by, data={"starts_on": starts_on.isoformat(), "purpose": purpose})
        return found


class AdvisoryMission(models.Model):
    assistance = models.ForeignKey(
        Assistance, models.CASCADE, verbose_name=_("request for assistance"), related_name="missions"
    )
    purpose = models.CharField(_("purpose"), max_length=300)
    city = models.CharField(_("city"), max_length=100, blank=True)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    report = models.TextField(_("report"), max_length=20_000, blank=True)
    file = models.FileField(_("file"), upload_to=report_path, max_length=400, blank=True)
    name = models.CharField(_("name of the file"), max_length=200, blank=True)
    reported_by = models.ForeignKey(
        User, models.SET_NULL, verbose_name=_("reported by"), related_name="+", null=True, blank=True
    )
    reported_on = models.DateField(_("reported"), null=True, blank=True)

    objects = AdvisoryMissionManager()

    class Meta:
        verbose_name = _("advisory mission")
        verbose_name_plural = _("advisory missions")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="advisory_mission_ends_after_it_starts",
                violation_error_message=_("It cannot end before it starts."),
            )
        ]

    def __str__(self) -> str:
        return self.purpose

    @transaction.atomic
    def hand_in(self, report: str, *, by: User, file=None, on: datetime.date | None = None) -> None:
        """Say what came of it; `file` is an upload that was looked at (`contacts.uploads`). Raises ValidationError
        without a word, and before it has begun."""
        on = on or timezone.localdate()
        if not report.strip():
            raise ValidationError(_("Say what came of it."))
        if self.starts_on > on:
            raise ValidationError(_("It has not begun yet."))
        self.report, self.reported_by, self.reported_on = report.strip(), by, on
        if file:
            self.name = clean_name(file.name)
            self.file.save(self.name, file, save=False)
        self.save()
        log(self.assistance, "legal.advisory.report", user=by, data={"purpose": self.purpose})


class AdviserQuerySet(models.QuerySet):
    def erase(self) -> None:
        """That somebody went counts on; who it was is with the person alone."""


class Adviser(models.Model):
    """Who goes."""

    mission = models.ForeignKey(
        AdvisoryMission, models.CASCADE, verbose_name=_("advisory mission"), related_name="advisers"
    )
    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("person"), related_name="advisers")

    objects = models.Manager.from_queryset(AdviserQuerySet)()

    class Meta:
        verbose_name = _("part in an advisory mission")
        verbose_name_plural = _("parts in advisory missions")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["mission", "person"],
                name="adviser_once",
                violation_error_message=_("This person goes already."),
            )
        ]

    def __str__(self) -> str:
        return str(self.person)


class DraftManager(models.Manager):
    @transaction.atomic
    def exchange(self, assistance: Assistance, file, *, came_from: str, by: User, language="", note="") -> "Draft":
        """Keep `file`, an upload that was looked at (`contacts.uploads`), as the next that went to and fro."""
        Assistance.objects.select_for_update().get(pk=assistance.pk)
        last = self.filter(assistance=assistance).aggregate(last=models.Max("number"))["last"] or 0
        facts = {"name": clean_name(file.name), "size": file.size, "language": language, "note": note}
        draft = self.model(assistance=assistance, number=last + 1, came_from=came_from, by=by, **facts)
        draft.file.save(draft.name, file, save=False)
        draft.save()
        log(assistance, "legal.draft.exchange", user=by, data={"name": draft.name, "came_from": came_from})
        return draft


class Draft(models.Model):
    class From(models.TextChoices):
        COUNTRY = "COUNTRY", _("From the country")
        US = "US", _("From us")

    assistance = models.ForeignKey(
        Assistance, models.CASCADE, verbose_name=_("request for assistance"), related_name="drafts"
    )
    number = models.PositiveSmallIntegerField(_("number"))
    came_from = models.CharField(pgettext_lazy("a draft", "from"), max_length=10, choices=From)
    language = models.CharField(_("language"), max_length=10, blank=True)
    file = models.FileField(_("file"), upload_to=draft_path, max_length=400)
    name = models.CharField(_("name"), max_length=200)
    size = models.PositiveIntegerField(_("size"))
    note = models.CharField(_("note"), max_length=500, blank=True)
    by = models.ForeignKey(User, models.SET_NULL, verbose_name=_("by"), related_name="+", null=True)
    at = models.DateTimeField(_("kept"), default=timezone.now)

    objects = DraftManager()

    class Meta:
        verbose_name = pgettext_lazy("of a law", "draft")
        verbose_name_plural = pgettext_lazy("of a law", "drafts")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["assistance", "number"], name="draft_number_once")]

    def __str__(self) -> str:
        return self.name
