"""Telling: what is told of a mission: Talks that were given, Encounters with people, FollowUps, and its MissionReport,
each version of which is kept."""

import datetime

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from contacts.models import Interaction, Person, Task, User
from contacts.uploads import clean_name, hidden_path
from events.models.mission import Mission
from network.models import Organization


def paper_path(_row, name: str) -> str:
    """Below a folder that nobody can guess; nothing there is handed out but by the mission's own pages."""
    return hidden_path("missions", name)


class TalkQuerySet(models.QuerySet):
    def erase(self) -> None:
        """That a talk was given, and of what, stays; its paper and its address go, which may name who gave it."""
        _delete_files(self)
        self.update(link="", file="", name="")


class TalkManager(models.Manager.from_queryset(TalkQuerySet)):
    @transaction.atomic
    def give(self, mission: Mission, person: Person, title: str, *, by, on=None, file=None, **more) -> "Talk":
        """Note that `person`, who goes on `mission`, gives a talk there; `file` is an upload that was looked at
        (`contacts.uploads`), `more` its language and link. Raises ValidationError for whoever does not go, and for a
        day on which the mission is not."""
        mission.hold()
        if mission.is_called_off:
            raise ValidationError(_("This mission was called off."))
        if not mission.envoys.filter(person=person).exists():
            raise ValidationError(_("%(name)s does not go on this mission.") % {"name": person})
        if on and not mission.starts_on <= on <= mission.ends_on:
            raise ValidationError(_("The mission is not on that day."))
        name = clean_name(file.name) if file else ""
        talk = self.create(
            mission=mission, person=person, title=title.strip(), on=on, file=file or "", name=name, **more
        )
        log(mission, "events.talk.give", user=by, data={"talk": talk.pk})
        return talk


class Talk(models.Model):
    mission = models.ForeignKey(Mission, models.CASCADE, verbose_name=_("mission"), related_name="talks")
    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("who gave it"), related_name="talks")
    title = models.CharField(_("title"), max_length=300)
    language = models.CharField(_("language"), max_length=12, blank=True)
    on = models.DateField(_("day"), null=True, blank=True)
    link = models.URLField(_("link"), max_length=500, blank=True)
    file = models.FileField(_("file"), upload_to=paper_path, max_length=400, blank=True)
    name = models.CharField(_("name of the file"), max_length=200, blank=True)

    objects = TalkManager()

    class Meta:
        verbose_name = _("talk")
        verbose_name_plural = _("talks")
        ordering = ["on", "pk"]

    def __str__(self) -> str:
        return self.title

    @transaction.atomic
    def drop(self, *, by) -> None:
        """It was not given, or was noted wrongly."""
        _delete_files(Talk.objects.filter(pk=self.pk))
        log(self.mission, "events.talk.drop", user=by, data={"talk": self.pk})
        self.delete()


class EncounterManager(models.Manager):
    @transaction.atomic
    def note(
        self,
        mission: Mission,
        subject: str,
        text: str,
        at: datetime.datetime,
        *,
        people: list[Person],
        organizations: list[Organization],
        by,
    ) -> "Encounter":
        """Note a meeting with `people` or `organizations` on `mission`: it stands on their timelines like any other,
        and with the mission. Raises ValidationError where nobody was met, or it is still to come."""
        mission.hold()
        mission.guard_telling(timezone.localdate(at))
        if not (people or organizations):
            raise ValidationError(_("Say whom you met."))
        interaction = Interaction.objects.note(
            Interaction.Kind.MEETING, subject, text, at, people=people, organizations=organizations, by=by
        )
        log(mission, "events.mission.meet", user=by, data={"interaction": interaction.pk})
        return self.create(mission=mission, interaction=interaction)


class Encounter(models.Model):
    """That a meeting took place on a mission."""

    mission = models.ForeignKey(Mission, models.CASCADE, verbose_name=_("mission"), related_name="encounters")
    interaction = models.OneToOneField(
        Interaction, models.CASCADE, verbose_name=_("interaction"), related_name="encounter"
    )

    objects = EncounterManager()

    class Meta:
        verbose_name = _("meeting on a mission")
        verbose_name_plural = _("meetings on missions")
        ordering = ["-interaction__happened_at", "pk"]

    def __str__(self) -> str:
        return str(self.interaction)


class FollowUpManager(models.Manager):
    @transaction.atomic
    def ask(self, mission: Mission, owner: User, title: str, due_on: datetime.date | None, *, by) -> "FollowUp":
        """Give `owner` something to do that follows from `mission`: a task about its host and its country."""
        mission.hold()
        mission.guard_telling(mission.starts_on)
        task = Task.objects.set_for(owner, title, due_on, by=by, organization=mission.host, country=mission.country)
        log(mission, "events.mission.follow_up", user=by, data={"task": task.pk})
        return self.create(mission=mission, task=task)


class FollowUp(models.Model):
    """That a task follows from a mission."""

    mission = models.ForeignKey(Mission, models.CASCADE, verbose_name=_("mission"), related_name="follow_ups")
    task = models.OneToOneField(Task, models.CASCADE, verbose_name=_("task"), related_name="follow_up")

    objects = FollowUpManager()

    class Meta:
        verbose_name = _("task that follows from a mission")
        verbose_name_plural = _("tasks that follow from missions")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.task)


class ReportQuerySet(models.QuerySet):
    def current(self):
        """The last version of each."""
        later = MissionReport.objects.filter(mission=models.OuterRef("mission"), version__gt=models.OuterRef("version"))
        return self.filter(~models.Exists(later))

    def visible_to(self, viewer):
        """Of missions that `viewer` sees: to those who may change missions every version; to others the last, where
        it is not restricted."""
        seen = self.filter(mission__in=Mission.objects.visible_to(viewer).values("pk"))
        return seen if viewer.has_perm("events.change_mission") else seen.current().filter(is_restricted=False)


class ReportManager(models.Manager.from_queryset(ReportQuerySet)):
    @transaction.atomic
    def hand_in(self, mission: Mission, summary: str, *, by, file=None, **more) -> "MissionReport":
        """Keep the next version of the report on `mission`; `more` are outcomes, recommendations and `is_restricted`,
        `file` an upload that was looked at (`contacts.uploads`). The file of the version before stays where none is
        sent. Raises ValidationError without a summary, and before the mission has begun."""
        mission.hold()
        mission.guard_telling(mission.starts_on)
        if not summary.strip():
            raise ValidationError({"summary": _("Say in a few sentences what it was about.")})
        last = self.filter(mission=mission).first()
        kept = {"file": last.file.name, "name": last.name} if last else {}
        sent = {"file": file, "name": clean_name(file.name)} if file else kept
        version = last.version + 1 if last else 1
        report = self.create(mission=mission, version=version, summary=summary.strip(), by=by, **sent, **more)
        log(mission, "events.mission.report", user=by, data={"version": version})
        return report


class MissionReport(models.Model):
    mission = models.ForeignKey(Mission, models.CASCADE, verbose_name=_("mission"), related_name="reports")
    version = models.PositiveSmallIntegerField(_("version"))
    summary = models.TextField(_("summary"), max_length=10_000)
    outcomes = models.TextField(_("outcomes"), max_length=10_000, blank=True)
    recommendations = models.TextField(_("recommendations"), max_length=10_000, blank=True)
    file = models.FileField(_("file"), upload_to=paper_path, max_length=400, blank=True)
    name = models.CharField(_("name of the file"), max_length=200, blank=True)
    is_restricted = models.BooleanField(_("restricted"), default=False)
    by = models.ForeignKey(User, models.SET_NULL, verbose_name=_("handed in by"), related_name="+", null=True)
    at = models.DateTimeField(_("handed in"), default=timezone.now)

    objects = ReportManager()

    class Meta:
        verbose_name = _("report on a mission")
        verbose_name_plural = _("reports on missions")
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["mission", "version"], name="mission_report_version_once")]

    def __str__(self) -> str:
        return f"{self.mission}: {self.version}"


def _delete_files(rows: models.QuerySet) -> None:
    """Once the transaction is through."""
    names = list(rows.filter(~Q(file="")).values_list("file", flat=True))
    transaction.on_commit(lambda: [default_storage.delete(name) for name in names])
