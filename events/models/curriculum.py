"""Curriculum: what a training teaches, to whom, in which Modules, and by which Trainers of the network. A training is
a run of a curriculum; the curriculum stays, and is run again elsewhere."""

import datetime

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel

from contacts.models import Person
from network.labels import LabelsField
from network.models import Organization, Topic

HALF_A_DAY = 210  # minutes, as in events.models.lessons: from nine to half past twelve


class Profession(models.TextChoices):
    """Whom a curriculum is for."""

    PROSECUTORS = "PROSECUTORS", _("Prosecutors")
    JUDGES = "JUDGES", _("Judges")
    CUSTOMS = "CUSTOMS", _("Customs officers")
    POLICE = "POLICE", _("Police officers")
    DRAFTERS = "DRAFTERS", _("Legislative drafters")


# At which kinds of organizations people of a profession work.
KINDS = {
    Profession.PROSECUTORS: Organization.Kind.CRIMINAL_JUSTICE,
    Profession.JUDGES: Organization.Kind.CRIMINAL_JUSTICE,
    Profession.CUSTOMS: Organization.Kind.LAW_ENFORCEMENT,
    Profession.POLICE: Organization.Kind.LAW_ENFORCEMENT,
    Profession.DRAFTERS: Organization.Kind.GOVERNMENT,
}


class CurriculumQuerySet(models.QuerySet):
    def meant_for(self, profession: str):
        """Those that are for a profession; those that are for everybody are for it too. (A small table: SQLite cannot
        ask what is in a list.)"""
        rows = self.values_list("pk", "audience")
        return self.filter(pk__in=[pk for pk, audience in rows if not audience or profession in audience])


class Curriculum(ClusterableModel):
    title = LabelsField(_("title"))
    summary = LabelsField(_("summary"), rows=3, blank=True)
    audience = models.JSONField(_("for whom"), default=list, blank=True)  # of Profession; none: for everybody
    topics = ParentalManyToManyField(Topic, verbose_name=_("topics"), related_name="curricula", blank=True)
    certificate_share = models.PositiveSmallIntegerField(
        _("certificate from"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("Per cent of the sessions, where a training says nothing else. Empty: there are no certificates."),
    )

    objects = CurriculumQuerySet.as_manager()

    class Meta:
        verbose_name = _("curriculum")
        verbose_name_plural = _("curricula")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def professions(self) -> str:
        """For whom it is, in words."""
        return ", ".join(str(label) for value, label in Profession.choices if value in self.audience)

    @property
    def minutes(self) -> int:
        """How long its modules take together."""
        return sum(module.minutes for module in self.modules.all())


class Module(models.Model):
    curriculum = ParentalKey(Curriculum, on_delete=models.CASCADE, verbose_name=_("curriculum"), related_name="modules")
    title = LabelsField(_("title"))
    objectives = LabelsField(
        _("learning objectives"), rows=3, blank=True, help_text=_("What somebody can do afterwards; a line for each.")
    )
    minutes = models.PositiveSmallIntegerField(
        _("minutes"),
        default=90,
        validators=[MinValueValidator(5), MaxValueValidator(HALF_A_DAY)],
        help_text=_("At most 210, half a day. Divide what takes longer."),
    )
    position = models.PositiveIntegerField(pgettext_lazy("order", "position"), default=0)

    class Meta:
        verbose_name = pgettext_lazy("of a curriculum", "module")
        verbose_name_plural = pgettext_lazy("of a curriculum", "modules")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def length(self) -> datetime.timedelta:
        return datetime.timedelta(minutes=self.minutes)

    def goals(self) -> list[str]:
        """Its learning objectives in the active language, one by one."""
        return [line.strip() for line in str(self.objectives).splitlines() if line.strip()]


class Trainer(models.Model):
    curriculum = ParentalKey(
        Curriculum, on_delete=models.CASCADE, verbose_name=_("curriculum"), related_name="trainers"
    )
    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("person"), related_name="teaches")
    teaches = models.CharField(
        _("can teach"), max_length=200, blank=True, help_text=_("Modules and languages. Empty: all of it.")
    )

    class Meta:
        verbose_name = pgettext_lazy("of a curriculum", "trainer")
        verbose_name_plural = pgettext_lazy("of a curriculum", "trainers")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["curriculum", "person"],
                name="trainer_once",
                violation_error_message=_("This person teaches it already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.curriculum}"


def kinds_of(professions: list[str]) -> list[str]:
    """The kinds of organizations at which people of these professions work; of none, all kinds."""
    if not professions:
        return list(Organization.Kind.values)
    return list(dict.fromkeys(KINDS[Profession(one)].value for one in professions))
