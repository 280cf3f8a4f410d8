"""Expert: somebody on the roster: what they know, in which languages, and when they can come; Engagement: that they
worked on what a country asked for."""

import datetime

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.log_actions import log

from contacts.models import Person
from legal.models.assistance import Assistance
from network.models import Topic
from network.models.guarded import GuardedQuerySet


def no_languages() -> list[str]:
    return []


class ExpertQuerySet(GuardedQuerySet):
    def of_desks(self, desks):
        return self.filter(person__in=Person.objects.of_desks(desks).values("pk"))

    def standing(self):
        """Those whose record stands: neither merged away nor erased."""
        return self.filter(person__in=Person.objects.values("pk"))

    def matching(self, text: str):
        return self.filter(person__in=Person.objects.matching(text).values("pk"))

    def speaking(self, language: str):
        keys = [pk for pk, languages in self.values_list("pk", "languages") if language in languages]
        return self.filter(pk__in=keys)

    def free(self, first: datetime.date, last: datetime.date):
        """Those who can come on all days from `first` to `last`: who said when they can, for all of them; and who is
        not at work for us then. Who never said anything is asked."""
        there = Availability.objects.filter(expert=models.OuterRef("pk"))
        whole = there.filter(starts_on__lte=first, ends_on__gte=last)
        busy = Engagement.objects.filter(person=models.OuterRef("person")).between(first, last)
        return self.filter(models.Exists(whole) | ~models.Exists(there)).exclude(models.Exists(busy))


class Expert(ClusterableModel):
    person = models.OneToOneField(Person, models.CASCADE, verbose_name=_("person"), related_name="expert")
    topics = models.ManyToManyField(Topic, verbose_name=_("expertise"), related_name="experts", blank=True)
    languages = models.JSONField(_("languages"), default=no_languages, blank=True)
    note = models.TextField(_("note"), max_length=2000, blank=True)

    objects = models.Manager.from_queryset(ExpertQuerySet)()

    class Meta:
        verbose_name = _("expert")
        verbose_name_plural = _("experts")
        ordering = ["person__family_name", "person__given_name", "pk"]

    def __str__(self) -> str:
        return str(self.person)


class Availability(models.Model):
    expert = ParentalKey(Expert, on_delete=models.CASCADE, verbose_name=_("expert"), related_name="availabilities")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))

    class Meta:
        verbose_name = _("availability")
        verbose_name_plural = _("availabilities")
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="availability_ends_after_it_starts",
                violation_error_message=_("It cannot end before it starts."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.starts_on} – {self.ends_on}"


class EngagementQuerySet(models.QuerySet):
    def between(self, first: datetime.date, last: datetime.date):
        """Those that touch the days from `first` to `last`."""
        return self.filter(starts_on__lte=last, ends_on__gte=first)

    def erase(self) -> None:
        """That somebody worked on it counts on; who it was is with the person alone."""
        self.update(task="")


class EngagementManager(models.Manager.from_queryset(EngagementQuerySet)):
    @transaction.atomic
    def engage(
        self, assistance: Assistance, expert: Expert, task: str, starts_on: datetime.date, ends_on: datetime.date, *, by
    ) -> "Engagement":
        """`expert` works on it from the first to the last of these days. Raises ValidationError where it is over, and
        where they are at work for us on one of these days already."""
        if not assistance.is_open:
            raise ValidationError(_("This request is closed: nobody works on it any more."))
        Person.everyone.select_for_update().get(pk=expert.person_id)
        if busy := self.filter(person=expert.person_id).between(starts_on, ends_on).first():
            sentence = _("%(name)s is at work for us from %(first)s to %(last)s already.")
            days = {"first": date_format(busy.starts_on), "last": date_format(busy.ends_on)}
            raise ValidationError(sentence % {"name": expert, **days})
        facts = {"task": task, "starts_on": starts_on, "ends_on": ends_on}
        found = self.model(assistance=assistance, person=expert.person, **facts)
        found.full_clean()
        found.save()
        log(assistance, "legal.expert.engage", user=by, data={"person": expert.person_id, "task": task})
        return found


class Engagement(models.Model):
    assistance = models.ForeignKey(
        Assistance, models.CASCADE, verbose_name=_("request for assistance"), related_name="engagements"
    )
    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("expert"), related_name="engagements")
    task = models.CharField(_("task"), max_length=300, blank=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))

    objects = EngagementManager()

    class Meta:
        verbose_name = _("engagement")
        verbose_name_plural = _("engagements")
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="engagement_ends_after_it_starts",
                violation_error_message=_("It cannot end before it starts."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.task}" if self.task else str(self.person)

    def is_over(self, on: datetime.date | None = None) -> bool:
        return self.ends_on < (on or timezone.localdate())
