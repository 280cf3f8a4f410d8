"""Mission: what others hold and we attend, a conference, a meeting or a visit: where and when, who goes for us (its
Envoys), and who of us sees to its report. Whether it is planned, under way or over is read off its days."""

import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.log_actions import log

from contacts.models import Message, Person, Task, User
from contacts.models.agreement import language_of
from events import ical, mail
from events.models.event import new_uid
from network.labels import LabelsField
from network.models import Country, Organization, Topic
from network.models.guarded import GuardedQuerySet, sees

REPORT_AFTER = 7  # days after the end: then whoever goes is asked for the report
ASKED_UNTIL = 90  # days after the end: what was over for longer when it was written down is not asked for


class MissionQuerySet(GuardedQuerySet):
    def of_desks(self, desks):
        """Those to the countries of the desks, or to one of their organizations."""
        return self.filter(self._of_desks(desks))

    def visible_to(self, viewer):
        """Whatever their desks, those who go and those who see to it see it."""
        seen = super().visible_to(viewer)
        if seen.query.is_empty() or not viewer.desk_keys:
            return seen
        goes = Envoy.objects.filter(person__user=viewer).values("mission")
        return self.filter(self._of_desks(viewer.desk_keys) | Q(owner=viewer) | Q(pk__in=goes))

    def _of_desks(self, desks) -> Q:
        hosts = Organization.objects.kept_by(desks).values("pk")
        return Q(country__in=Country.objects.of_desks(desks).values("pk")) | Q(host__in=hosts)

    def about(self, subject):
        """Those on which a person goes, that an organization holds, or that lead to a country."""
        if isinstance(subject, Person):
            return self.filter(pk__in=Envoy.objects.filter(person=subject).values("mission"))
        return self.filter(host=subject) if isinstance(subject, Organization) else self.filter(country=subject)

    def matching(self, text: str):
        """Those whose title or city holds `text`, or whose host is called so."""
        hosts = Organization.objects.matching(text).values("pk")
        return self.filter(Q(title__icontains=text) | Q(city__icontains=text) | Q(host__in=hosts))

    def standing(self):
        """Those that nobody has called off."""
        return self.filter(called_off_at=None)

    def called_off(self):
        return self.exclude(called_off_at=None)

    def coming(self, on: datetime.date | None = None):
        """Those that begin after the day `on` (today), the next first."""
        return self.standing().filter(starts_on__gt=on or timezone.localdate()).order_by("starts_on", "pk")

    def under_way(self, on: datetime.date | None = None):
        on = on or timezone.localdate()
        return self.standing().filter(starts_on__lte=on, ends_on__gte=on)

    def over(self, on: datetime.date | None = None):
        """Those that took place and ended before the day `on` (today), the last first."""
        return self.standing().filter(ends_on__lt=on or timezone.localdate()).order_by("-ends_on", "-pk")

    def last_to(self, country: Country, on: datetime.date | None = None) -> "Mission | None":
        """The last that led to `country` and was over on the day `on` (today)."""
        return self.over(on).filter(country=country).first()

    def within(self, first: datetime.date, last: datetime.date):
        """Those that touch the days from `first` to `last`."""
        return self.filter(starts_on__lte=last, ends_on__gte=first)

    def lacking_report(self, on: datetime.date | None = None):
        """Those that are over, and of which nobody has handed a report in."""
        reports = self.model._meta.get_field("reports").related_model.objects
        return self.over(on).filter(~Exists(reports.filter(mission=OuterRef("pk"))))

    def to_ask(self, on: datetime.date | None = None):
        """Those whose report is due, and was not asked for yet."""
        on = on or timezone.localdate()
        since, until = (on - datetime.timedelta(days=days) for days in (ASKED_UNTIL, REPORT_AFTER))
        return self.lacking_report(on).filter(ends_on__range=(since, until), asked_at=None)


class MissionManager(models.Manager.from_queryset(MissionQuerySet)):
    def ask_for_reports(self, on: datetime.date | None = None) -> int:
        """Ask those who went for the reports that are due; returns of how many missions. Each is asked for once,
        however many workers ask."""
        return sum(mission.ask_for_report(on) for mission in self.to_ask(on).select_related("owner", "host"))


class Mission(ClusterableModel):
    class Kind(models.TextChoices):
        CONFERENCE = "CONFERENCE", _("Conference of others")
        MEETING = "MEETING", _("Meeting of others")
        VISIT = "VISIT", _("Visit")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.CONFERENCE)
    title = LabelsField(_("title"))
    host = models.ForeignKey(
        Organization, models.PROTECT, verbose_name=_("host"), related_name="missions", null=True, blank=True
    )
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    city = models.CharField(_("city"), max_length=100, blank=True)
    country = models.ForeignKey(
        Country,
        models.PROTECT,
        verbose_name=_("country"),
        related_name="missions",
        null=True,
        blank=True,
        help_text=_("Where it leads. Empty where it takes place online."),
    )
    website = models.URLField(_("website"), max_length=500, blank=True)
    topics = models.ManyToManyField(Topic, verbose_name=_("topics"), related_name="missions", blank=True)
    purpose = models.TextField(_("purpose"), blank=True, help_text=_("What we go for."))
    owner = models.ForeignKey(
        User,
        models.PROTECT,
        verbose_name=_("owner"),
        related_name="missions",
        help_text=_("Sees to the report, and is asked for it a week after the end."),
    )
    called_off_at = models.DateTimeField(_("called off"), null=True, editable=False)
    call_off_reason = models.CharField(_("why it was called off"), max_length=500, blank=True, editable=False)
    asked_at = models.DateTimeField(_("report asked for"), null=True, editable=False)
    uid = models.CharField(max_length=200, unique=True, default=new_uid, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    revised_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = MissionManager()

    class Meta:
        verbose_name = _("mission")
        verbose_name_plural = _("missions")
        ordering = ["-starts_on", "-pk"]
        indexes = [models.Index(fields=["country", "ends_on"], name="mission_to_country")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="mission_ends_after_it_starts",
                violation_error_message=_("A mission cannot end before it starts."),
            )
        ]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def link(self) -> str:
        """Where those who work here find it."""
        return settings.SITE_URL + reverse("mission:inspect", args=[self.pk])

    @property
    def dates(self) -> str:
        """Its days, in words of the active language."""
        return mail.dates(self)

    @property
    def is_called_off(self) -> bool:
        return self.called_off_at is not None

    def has_begun(self, on: datetime.date | None = None) -> bool:
        return self.starts_on <= (on or timezone.localdate())

    def place(self, language: str | None = None) -> str:
        """City and country on one line, in the language given (None: the active one)."""
        language = language or (get_language() or "en").split("-")[0]
        country = self.country.in_language(language) if self.country else ""
        return ("، " if language == "ar" else ", ").join(filter(None, (self.city, country)))

    def standing(self, on: datetime.date | None = None) -> str:
        """Its state on the day `on` (today), in words."""
        on = on or timezone.localdate()
        if self.is_called_off:
            return gettext("Called off")
        if self.starts_on > on:
            return gettext("Planned")
        return gettext("Under way") if self.ends_on >= on else gettext("Over")

    def slot(self, language: str) -> ical.Slot:
        """The mission as one all-day calendar entry (exclusive end), in `language`; who goes is not in it."""
        return ical.Slot(
            uid=self.uid,
            sequence=self.sequence,
            revised_at=self.revised_at,
            starts=self.starts_on,
            ends=self.ends_on + datetime.timedelta(days=1),
            timezone="",
            summary=self.title.in_language(language),
            description=self.host.name_in(language) if self.host else "",
            location=self.place(language),
            url=self.link,
            status="CANCELLED" if self.is_called_off else "CONFIRMED",
            language=language,
        )

    @transaction.atomic
    def save(self, *args, update_fields=None, **kwargs):
        """What a calendar shows of it is counted: its time and place in the sequence, all of it as a revision."""
        before = None
        if update_fields is None and not self._state.adding:
            before = Mission.objects.select_for_update().filter(pk=self.pk).first()
        if before:
            moved, shown = ("starts_on", "ends_on", "city", "country_id"), ("title", "host_id")
            has_moved = any(getattr(self, name) != getattr(before, name) for name in moved)
            self.sequence = before.sequence + has_moved
            if has_moved or any(getattr(self, name) != getattr(before, name) for name in shown):
                self.revised_at = timezone.now()
        super().save(*args, update_fields=update_fields, **kwargs)

    def delete(self, *args, **kwargs):
        """Raises ValidationError for one of which something is told already."""
        if any(rows.exists() for rows in (self.reports, self.talks, self.encounters, self.follow_ups)):
            raise ValidationError(_("Something is told of this mission already, so it is kept. Call it off instead."))
        return super().delete(*args, **kwargs)

    def guard_telling(self, on: datetime.date) -> None:
        """Raises ValidationError where there is nothing to be told of the day `on`."""
        if self.is_called_off:
            raise ValidationError(_("This mission was called off."))
        if on > timezone.localdate():
            raise ValidationError(_("That day is still to come."))

    @transaction.atomic
    def call_off(self, reason: str, *, by) -> None:
        """Nobody goes. It stays, with the reason, and is struck out in the calendars."""
        if not reason.strip():
            raise ValidationError(_("Say why nobody goes."))
        self.hold()
        if self.is_called_off:
            raise ValidationError(_("This mission was called off."))
        if self.reports.exists():
            raise ValidationError(_("There is a report, so it has taken place."))
        self._turn(timezone.now(), reason.strip())
        log(self, "events.mission.call_off", user=by, data={"call_off_reason": self.call_off_reason})

    @transaction.atomic
    def take_up_again(self, *, by) -> None:
        """It takes place after all."""
        self.hold()
        if not self.is_called_off:
            raise ValidationError(_("This mission was not called off."))
        self._turn(None, "")
        log(self, "events.mission.take_up_again", user=by)

    @transaction.atomic
    def ask_for_report(self, on: datetime.date | None = None) -> bool:
        """Write to its owner, and to those who went and work here; False where another worker was faster. Where none
        of them may see it any more, it waits on everybody's desk instead."""
        if not Mission.objects.to_ask(on).filter(pk=self.pk).update(asked_at=timezone.now()):
            return False
        readers = self.readers()
        for user, person in readers.items():
            letter = mail.mission_report_due(self, language_of(user))
            Message.objects.post(person, letter, address=user.email, about=self)
        if not readers:
            title = gettext("“%(title)s” is over, and its report is missing") % {"title": self}
            Task.objects.set_for(None, title[:300], None, by=None, organization=self.host, country=self.country)
        log(self, "events.mission.ask_for_report")
        return True

    def readers(self) -> dict[User, Person | None]:
        """Those who see to its report: the owner, and who goes, where they work here and may see it; each with the
        person that they are, where that is known."""
        envoys = [envoy.person for envoy in self.envoys.select_related("person__user").order_by("pk")]
        people = {person.user: person for person in envoys if person.user}
        users = {self.owner: people.get(self.owner), **people}
        return {user: person for user, person in users.items() if user.is_active and sees(user, self)}

    def hold(self) -> None:
        """Two verbs at once come one after the other, and the second sees what the first did."""
        fields = ("called_off_at", "call_off_reason", "sequence")
        self.refresh_from_db(fields=fields, from_queryset=Mission.objects.select_for_update())

    def _turn(self, called_off_at: datetime.datetime | None, reason: str) -> None:
        self.called_off_at, self.call_off_reason = called_off_at, reason
        self.sequence, self.revised_at = self.sequence + 1, timezone.now()
        self.save(update_fields=["called_off_at", "call_off_reason", "sequence", "revised_at"])


class EnvoyQuerySet(models.QuerySet):
    def erase(self) -> None:
        """That somebody went, and as what, counts on; who it was is with the person alone."""


class Envoy(models.Model):
    """Who goes for us, and as what."""

    class Role(models.TextChoices):
        HEAD = "HEAD", _("Head of delegation")
        DELEGATE = "DELEGATE", _("Delegate")
        SPEAKER = "SPEAKER", _("Speaker")
        EXPERT = "EXPERT", _("Expert")
        OBSERVER = "OBSERVER", _("Observer")

    mission = ParentalKey(Mission, on_delete=models.CASCADE, verbose_name=_("mission"), related_name="envoys")
    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("person"), related_name="envoys")
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.DELEGATE)

    objects = models.Manager.from_queryset(EnvoyQuerySet)()

    class Meta:
        verbose_name = _("part in a mission")
        verbose_name_plural = _("parts in missions")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["mission", "person"],
                name="envoy_once",
                violation_error_message=_("This person goes already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} ({self.get_role_display()})"
