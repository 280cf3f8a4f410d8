"""Assistance: what a country asked of us, who of us sees to it, what was done by when, and what came of it."""

import datetime

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.log_actions import log

from contacts.models import Person, User
from legal.models.instrument import Instrument
from legal.models.law import NationalLaw
from legal.models.text import Provision
from network.labels import Labels, LabelsField
from network.models import Country, Organization
from network.models.guarded import GuardedQuerySet


class State(models.TextChoices):
    RECEIVED = "RECEIVED", pgettext_lazy("a request", "Received")
    AGREED = "AGREED", pgettext_lazy("a request", "Agreed")
    UNDER_WAY = "UNDER_WAY", pgettext_lazy("a request", "Under way")
    ON_HOLD = "ON_HOLD", pgettext_lazy("a request", "On hold")
    COMPLETED = "COMPLETED", pgettext_lazy("a request", "Completed")
    DECLINED = "DECLINED", pgettext_lazy("a request", "Declined")


OPEN = (State.RECEIVED, State.AGREED, State.UNDER_WAY, State.ON_HOLD)


class AssistanceQuerySet(GuardedQuerySet):
    def of_desks(self, desks):
        """Those of the countries of the desks, or asked for by one of their organizations."""
        return self.filter(self._of_desks(desks))

    def visible_to(self, viewer):
        """Whatever their desks, who sees to it sees it."""
        seen = super().visible_to(viewer)
        if seen.query.is_empty() or not viewer.desk_keys:
            return seen
        return self.filter(self._of_desks(viewer.desk_keys) | Q(owner=viewer))

    def _of_desks(self, desks) -> Q:
        countries = Country.objects.of_desks(desks).values("pk")
        return Q(country__in=countries) | Q(organization__in=Organization.objects.kept_by(desks).values("pk"))

    def about(self, subject):
        """Those of a country; asked for by an organization; asked for by a person, or in which they took part."""
        if isinstance(subject, Country):
            return self.filter(country=subject)
        if isinstance(subject, Organization):
            return self.filter(organization=subject)
        took_part = Q(engagements__person=subject) | Q(missions__advisers__person=subject)
        rows = self.model.objects.filter(Q(requester=subject) | took_part)
        return self.filter(pk__in=rows.values("pk"))

    def matching(self, text: str):
        """Those whose title, in any language, or scope holds `text`, or whose organization is called so."""
        called = Organization.objects.matching(text).values("pk")
        return self.filter(Q(title__icontains=text) | Q(scope__icontains=text) | Q(organization__in=called))

    def open(self):
        return self.filter(state__in=OPEN)

    def published(self):
        """Those whose outcome everybody may read."""
        return self.filter(is_public=True)

    def overdue(self, on: datetime.date | None = None):
        """Those of which a milestone should have been reached before the day `on` (today)."""
        return self.filter(pk__in=Milestone.objects.overdue(on).values("assistance"))

    def erase(self) -> None:
        """That a country asked counts on; who it was that wrote is not said any more."""
        self.update(requester=None)


class AssistanceManager(models.Manager.from_queryset(AssistanceQuerySet)):
    @transaction.atomic
    def receive(self, country: Country, kind: str, title, *, by: User, owner: User | None = None, **facts):
        """`country` asks for help of that `kind`; `owner` (who notes it) sees to it."""
        found = self.model(country=country, kind=kind, title=Labels.of(title), owner=owner or by, **facts)
        found.full_clean()
        found.save()
        log(found, "legal.assistance.receive", user=by, data={"kind": kind})
        return found


class Assistance(ClusterableModel):
    class Kind(models.TextChoices):
        RATIFICATION = "RATIFICATION", _("Ratification")
        DRAFTING = "DRAFTING", _("Drafting of laws")
        IMPLEMENTATION = "IMPLEMENTATION", _("Implementation")
        LITIGATION = "LITIGATION", _("Litigation")
        ASSET_FORFEITURE = "ASSET_FORFEITURE", _("Asset forfeiture")
        EXTRADITION = "EXTRADITION", _("Extradition")
        MLA = "MLA", _("Mutual legal assistance")
        TRAINING = "TRAINING", _("Training")

    country = models.ForeignKey(Country, models.PROTECT, verbose_name=_("country"), related_name="assistance")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    title = LabelsField(_("title"), help_text=_("Everybody reads it, once it is published."))
    scope = models.TextField(
        _("scope"), max_length=10_000, blank=True, help_text=_("What was asked for, and what was agreed. For us alone.")
    )
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        verbose_name=_("asked for by the organization"),
        related_name="assistance",
        null=True,
        blank=True,
    )
    requester = models.ForeignKey(
        Person,
        models.SET_NULL,
        verbose_name=_("asked for by the person"),
        related_name="assistance",
        null=True,
        blank=True,
    )
    owner = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("owner"), related_name="assistance", help_text=_("Who of us sees to it.")
    )
    received_on = models.DateField(_("received"), default=timezone.localdate)
    agreed_on = models.DateField(_("agreed"), null=True, editable=False)
    begun_on = models.DateField(_("begun"), null=True, editable=False)
    ended_on = models.DateField(_("ended"), null=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.RECEIVED, editable=False)
    state_reason = models.CharField(_("why"), max_length=500, blank=True, editable=False)
    instruments = models.ManyToManyField(
        Instrument, verbose_name=_("instruments"), related_name="assistance", blank=True
    )
    provisions = models.ManyToManyField(
        Provision, verbose_name=_("articles"), related_name="assistance", blank=True, editable=False
    )
    laws = models.ManyToManyField(
        NationalLaw,
        verbose_name=_("laws that followed"),
        related_name="assistance",
        blank=True,
        help_text=_("What the country made law, or changed, after our help."),
    )
    outcome = LabelsField(_("outcome"), blank=True, rows=4, help_text=_("Everybody reads it, once it is published."))
    is_public = models.BooleanField(_("published"), default=False, editable=False)

    objects = AssistanceManager()

    class Meta:
        verbose_name = _("request for assistance")
        verbose_name_plural = _("requests for assistance")
        ordering = ["-received_on", "-pk"]
        indexes = [
            models.Index(fields=["country", "state"], name="assistance_of_country"),
            models.Index(fields=["owner", "state"], name="assistance_of_owner"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_public=False) | Q(state="COMPLETED"), name="assistance_published_when_completed"
            )
        ]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def desk_url(self) -> str:
        """Where those who work here find it."""
        return reverse("assistance:inspect", args=[self.pk])

    @property
    def since(self) -> datetime.date:
        """From when on something of it may have had an effect."""
        return self.begun_on or self.agreed_on or self.received_on

    def delete(self, *args, **kwargs):
        """Raises ValidationError for one of which something is told already."""
        if any(rows.exists() for rows in (self.drafts, self.missions, self.engagements)):
            raise ValidationError(_("Something was done for it already, so it is kept. Decline it, or complete it."))
        return super().delete(*args, **kwargs)

    def agree(self, *, by: User, on: datetime.date | None = None) -> None:
        """We help: what and how is agreed."""
        self._move(State.AGREED, (State.RECEIVED,), by, agreed_on=on or timezone.localdate())

    def begin(self, *, by: User, on: datetime.date | None = None) -> None:
        self._move(State.UNDER_WAY, (State.AGREED,), by, begun_on=on or timezone.localdate())

    def hold_back(self, reason: str, *, by: User) -> None:
        """Nothing happens for now, for the `reason`; no milestone is overdue meanwhile."""
        self._move(State.ON_HOLD, (State.RECEIVED, State.AGREED, State.UNDER_WAY), by, state_reason=_said(reason))

    def resume(self, *, by: User) -> None:
        """It goes on where it was."""
        was = State.UNDER_WAY if self.begun_on else State.AGREED if self.agreed_on else State.RECEIVED
        self._move(was, (State.ON_HOLD,), by, state_reason="")

    def complete(self, outcome, *, by: User, on: datetime.date | None = None) -> None:
        """It is done; `outcome`, in one language or as Labels, says what came of it. Raises ValidationError without."""
        outcome = Labels.of(outcome)
        if not outcome:
            raise ValidationError(_("Say what came of it."))
        ended_on = on or timezone.localdate()
        self._move(State.COMPLETED, (State.UNDER_WAY,), by, outcome=outcome, ended_on=ended_on, state_reason="")

    def decline(self, reason: str, *, by: User, on: datetime.date | None = None) -> None:
        before = (State.RECEIVED, State.AGREED, State.ON_HOLD)
        self._move(State.DECLINED, before, by, state_reason=_said(reason), ended_on=on or timezone.localdate())

    @transaction.atomic
    def publish(self, *, by: User) -> None:
        """Everybody reads that we helped, and the outcome; nothing else of it. Raises ValidationError before there is
        one."""
        if self.state != State.COMPLETED or not self.outcome:
            raise ValidationError(_("Complete it first, with its outcome."))
        self.is_public = True
        self.save(update_fields=["is_public"])
        log(self, "legal.assistance.publish", user=by)

    @transaction.atomic
    def withdraw(self, *, by: User) -> None:
        """It is for us alone again."""
        self.is_public = False
        self.save(update_fields=["is_public"])
        log(self, "legal.assistance.withdraw", user=by)

    @transaction.atomic
    def concern(self, provisions, *, by: User) -> None:
        """It is about these articles: of them alone it is asked what has changed."""
        self.provisions.set(provisions)
        log(self, "legal.assistance.concern", user=by, data={"provisions": [one.eid for one in provisions]})

    @transaction.atomic
    def credit(self, law: NationalLaw, *, by: User) -> None:
        """`law` followed: it came after our help. Raises ValidationError for that of another country."""
        if law.country_id != self.country_id:
            raise ValidationError(_("This is the law of another country."))
        self.laws.add(law)
        log(self, "legal.assistance.credit", user=by, data={"law": law.slug})

    @transaction.atomic
    def _move(self, state: str, before: tuple[str, ...], by: User, **facts) -> None:
        self.refresh_from_db(fields=["state"], from_queryset=Assistance.objects.select_for_update())
        if self.state not in before:
            sentence = _("It is “%(state)s”, so this cannot be done.")
            raise ValidationError(sentence % {"state": self.get_state_display()})
        was, self.state = self.state, state
        for name, value in facts.items():
            setattr(self, name, value)
        self.save(update_fields=["state", *facts])
        reason = facts.get("state_reason", "")
        log(self, "legal.assistance.move", user=by, data={"from": was, "to": state, "state_reason": reason})


class MilestoneQuerySet(models.QuerySet):
    def pending(self):
        return self.filter(reached_on=None)

    def overdue(self, on: datetime.date | None = None):
        """Those that should have been reached before the day `on` (today), of what goes on."""
        going_on = (State.RECEIVED, State.AGREED, State.UNDER_WAY)
        return self.pending().filter(due_on__lt=on or timezone.localdate(), assistance__state__in=going_on)


class MilestoneManager(models.Manager.from_queryset(MilestoneQuerySet)):
    @transaction.atomic
    def set_for(self, assistance: Assistance, title: str, due_on: datetime.date, *, by: User) -> "Milestone":
        """Something is to be reached by that day. Raises ValidationError where it is over."""
        if not assistance.is_open:
            raise ValidationError(_("This request is closed."))
        milestone = self.create(assistance=assistance, title=title, due_on=due_on)
        log(assistance, "legal.milestone.set", user=by, data={"title": title, "due_on": due_on.isoformat()})
        return milestone


class Milestone(models.Model):
    assistance = ParentalKey(Assistance, on_delete=models.CASCADE, related_name="milestones")
    title = models.CharField(_("what is to be reached"), max_length=300)
    due_on = models.DateField(_("by the day"))
    reached_on = models.DateField(_("reached"), null=True, editable=False)

    objects = MilestoneManager()

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return self.title

    def is_overdue(self, on: datetime.date | None = None) -> bool:
        return self.reached_on is None and self.due_on < (on or timezone.localdate())

    @transaction.atomic
    def reach(self, *, by: User, on: datetime.date | None = None) -> None:
        """It is reached. Raises ValidationError where it was already."""
        on = on or timezone.localdate()
        if not Milestone.objects.pending().filter(pk=self.pk).update(reached_on=on):
            raise ValidationError(_("This milestone was reached already."))
        self.reached_on = on
        log(self.assistance, "legal.milestone.reach", user=by, data={"title": self.title})


def _said(reason: str) -> str:
    if not reason.strip():
        raise ValidationError(_("Say why."))
    return reason.strip()
