"""Pathway: how a country comes to be bound by an instrument: the steps from consultation to deposit, whose turn it is,
and by when. The deposit is recorded with the country's other acts."""

import datetime
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.log_actions import log

from contacts.models import User
from legal.models.instrument import Instrument
from legal.models.participation import Participation
from legal.models.standing import CONSENTS, Act, Status
from network.models import Country
from network.models.guarded import GuardedQuerySet


class StepKind(models.TextChoices):
    """What most constitutions ask for, in the usual order; OTHER has words of its own."""

    SIGNATURE = "SIGNATURE", _("Signature of the instrument")
    CONSULTATION = "CONSULTATION", _("Consultation of ministries and of those concerned")
    TRANSLATION = "TRANSLATION", _("Translation of the text")
    REVIEW = "REVIEW", _("Comparison with national law")
    CABINET = "CABINET", _("Approval by the cabinet")
    PARLIAMENT = "PARLIAMENT", _("Approval by parliament")
    PROMULGATION = "PROMULGATION", _("Promulgation and publication")
    POWERS = "POWERS", _("Instrument of consent signed by the head of State or government")
    DEPOSIT = "DEPOSIT", _("Deposit with the depositary")
    OTHER = "OTHER", _("Another step")


USUAL = tuple(kind for kind in StepKind if kind not in (StepKind.SIGNATURE, StepKind.OTHER))


class PathwayQuerySet(GuardedQuerySet):
    def of_desks(self, desks):
        """Those of the countries of the desks."""
        return self.filter(country__in=Country.objects.of_desks(desks).values("pk"))

    def open(self):
        return self.filter(closed_on=None)

    def with_next(self):
        """Each with `next_due` and `next_owner` (key): until when, and by whom, its next step is to be taken."""
        steps = PathwayStep.objects.filter(pathway=OuterRef("pk"), taken_on=None).in_order()
        next_due, next_owner = (Subquery(steps.values(name)[:1]) for name in ("due_on", "owner"))
        return self.annotate(next_due=next_due, next_owner=next_owner).prefetch_related("steps__owner")

    def turn_of(self, user: User):
        """Those that are open, and whose next step is the turn of `user`: because it is theirs, or because it is
        nobody's and the pathway is theirs. To be used after `with_next`."""
        return self.open().filter(Q(next_owner=user.pk) | Q(next_owner=None, owner=user))

    def overdue(self, on: datetime.date | None = None):
        """Those that are open, and whose next step was to be taken before the day `on` (today)."""
        return self.open().filter(next_due__lt=on or timezone.localdate())

    def by_due(self):
        return self.order_by(F("closed_on").asc(nulls_first=True), F("next_due").asc(nulls_last=True), "pk")


class PathwayManager(models.Manager.from_queryset(PathwayQuerySet)):
    @transaction.atomic
    def begin(
        self,
        instrument: Instrument,
        country: Country,
        *,
        by: User | None,
        act: str = Act.RATIFICATION,
        owner: User | None = None,
        steps: Sequence[str] = USUAL,
        **facts,
    ) -> "Pathway":
        """`country` sets out to be bound by `instrument`, by these steps, of which the last is the deposit. Raises
        ValidationError where it is bound already, or on its way."""
        standing = Participation.objects.filter(instrument=instrument, country=country).standings()
        if standing[instrument.pk, country.pk].status in (Status.PARTY, Status.BOUND_LATER):
            raise ValidationError(_("%(country)s has consented to be bound already.") % {"country": country})
        pathway = self.model(instrument=instrument, country=country, act=act, owner=owner, **facts)
        pathway.full_clean()
        pathway.save()
        kinds = [*(kind for kind in steps if kind != StepKind.DEPOSIT), StepKind.DEPOSIT]
        PathwayStep.objects.bulk_create(
            PathwayStep(pathway=pathway, kind=kind, position=place) for place, kind in enumerate(kinds)
        )
        log(pathway, "legal.pathway.begin", user=by)
        return pathway


class Pathway(models.Model):
    instrument = models.ForeignKey(Instrument, models.CASCADE, verbose_name=_("instrument"), related_name="pathways")
    country = models.ForeignKey(Country, models.PROTECT, verbose_name=_("country"), related_name="pathways")
    act = models.CharField(
        _("consents by"),
        max_length=20,
        choices=[(act.value, act.label) for act in Act if act in CONSENTS],
        default=Act.RATIFICATION,
    )
    owner = models.ForeignKey(
        User,
        models.SET_NULL,
        verbose_name=_("owner"),
        related_name="+",
        null=True,
        blank=True,
        help_text=_("Who of us follows it; the steps that are nobody's are theirs."),
    )
    begun_on = models.DateField(_("begun"), default=timezone.localdate)
    expected_on = models.DateField(
        _("deposit expected"), null=True, blank=True, help_text=_("When the country expects to deposit its instrument.")
    )
    note = models.TextField(_("note"), blank=True)
    closed_on = models.DateField(_("closed"), null=True, editable=False)
    closed_why = models.CharField(_("why it was closed"), max_length=500, blank=True, editable=False)
    deposit_made = models.ForeignKey(
        Participation, models.SET_NULL, verbose_name=_("deposit"), related_name="+", null=True, editable=False
    )

    objects = PathwayManager()

    class Meta:
        verbose_name = _("ratification")
        verbose_name_plural = _("ratifications")
        ordering = ["-begun_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["instrument", "country"],
                condition=Q(closed_on=None),
                name="pathway_open_once",
                violation_error_message=_("This country is on its way to this instrument already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.country}: {self.instrument.name}"

    @property
    def is_open(self) -> bool:
        return self.closed_on is None

    @cached_property
    def steps_in_order(self) -> list["PathwayStep"]:
        return sorted(self.steps.all(), key=lambda step: (step.position, step.pk))

    @property
    def next_step(self) -> "PathwayStep | None":
        """The first that is not taken; None where it is closed."""
        return next((step for step in self.steps_in_order if step.taken_on is None), None) if self.is_open else None

    def binds_from(self, deposited_on: datetime.date | None = None) -> datetime.date | None:
        """From when on the instrument would bind the country if that deposited on the day `deposited_on` (when it
        expects to, else today), as far as that can be told."""
        day = deposited_on or self.expected_on or timezone.localdate()
        return self.instrument.binds_from(self.country_id, day)

    # -- the verbs

    @transaction.atomic
    def plan(self, step: "PathwayStep", *, due_on: datetime.date | None, owner: User | None, by: User) -> None:
        """`owner` is to see to `step` by the day `due_on`."""
        self._hold()
        self._refuse_taken(step)
        step.due_on, step.owner = due_on, owner
        step.save(update_fields=["due_on", "owner"])
        data = {"step": step.kind, "due_on": due_on and due_on.isoformat()}
        log(self, "legal.pathway.plan", user=by, data=data)

    @transaction.atomic
    def add_step(self, title: str, *, before: "PathwayStep", by: User) -> "PathwayStep":
        """One more step, with words of its own, before another."""
        self._hold()
        self._refuse_taken(before)
        self.steps.filter(position__gte=before.position).update(position=F("position") + 1)
        step = self.steps.create(kind=StepKind.OTHER, title=title, position=before.position)
        log(self, "legal.pathway.add_step", user=by, data={"step": title})
        return step

    @transaction.atomic
    def take_step(self, step: "PathwayStep", *, by: User, on: datetime.date | None = None, note: str = "") -> None:
        """It was taken on the day `on` (today). Raises ValidationError where it was taken already, lies in the future,
        or is the deposit."""
        self._hold()
        self._refuse_taken(step)
        if step.kind == StepKind.DEPOSIT:
            raise ValidationError(_("A deposit is recorded by itself, with what it says."))
        step.take(on or timezone.localdate(), by, note)
        log(self, "legal.pathway.take_step", user=by, data={"step": step.kind, "on": step.taken_on.isoformat()})

    @transaction.atomic
    def deposit(self, *, by: User, on: datetime.date | None = None, **facts) -> Participation:
        """The instrument was deposited on the day `on` (today): recorded with `facts` (source, source_url, as_at,
        effective_on), and the pathway has come to its end. Raises ValidationError where it cannot be recorded."""
        self._hold()
        on = on or timezone.localdate()
        done = Participation.objects.record(self.instrument, self.country, self.act, on, by=by, **facts)
        for step in self.steps.filter(kind=StepKind.DEPOSIT, taken_on=None):
            step.take(on, by, "")
        self._close(on, "", deposit_made=done)
        log(self, "legal.pathway.deposit", user=by, data={"on": on.isoformat()})
        return done

    @transaction.atomic
    def stop(self, reason: str, *, by: User) -> None:
        """It goes no further, for a reason."""
        self._hold()
        self._close(timezone.localdate(), reason)
        log(self, "legal.pathway.stop", user=by, data={"reason": reason})

    # -- pieces

    def _close(self, on: datetime.date, why: str, deposit_made: Participation | None = None) -> None:
        self.closed_on, self.closed_why, self.deposit_made = on, why, deposit_made
        self.save(update_fields=["closed_on", "closed_why", "deposit_made"])

    def _hold(self) -> None:
        """Hold it until the transaction ends. Raises ValidationError where it is closed."""
        if not Pathway.objects.select_for_update().filter(pk=self.pk, closed_on=None).exists():
            raise ValidationError(_("This ratification is closed."))
        self.__dict__.pop("steps_in_order", None)

    def _refuse_taken(self, step: "PathwayStep") -> None:
        if not self.steps.filter(pk=step.pk, taken_on=None).exists():
            raise ValidationError(_("This step was taken already."))


class PathwayStepQuerySet(models.QuerySet):
    def in_order(self):
        return self.order_by("position", "pk")

    def next_ones(self):
        """Of each open pathway the first step that is not taken."""
        earlier = PathwayStep.objects.filter(
            pathway=OuterRef("pathway"), taken_on=None, position__lt=OuterRef("position")
        )
        return self.filter(~Exists(earlier), taken_on=None, pathway__closed_on=None)


class PathwayStep(models.Model):
    Kind = StepKind

    pathway = models.ForeignKey(Pathway, models.CASCADE, related_name="steps")
    kind = models.CharField(_("step"), max_length=12, choices=StepKind)
    title = models.CharField(_("in its own words"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(pgettext_lazy("order", "position"), default=0)
    owner = models.ForeignKey(
        User, models.SET_NULL, verbose_name=_("who sees to it"), related_name="+", null=True, blank=True
    )
    due_on = models.DateField(_("by"), null=True, blank=True)
    taken_on = models.DateField(pgettext_lazy("a step", "taken"), null=True, editable=False)
    taken_by = models.ForeignKey(User, models.SET_NULL, related_name="+", null=True, editable=False)
    note = models.CharField(_("note"), max_length=500, blank=True)

    objects = PathwayStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of a ratification")
        verbose_name_plural = _("steps of ratifications")
        ordering = ["pathway", "position", "pk"]

    def __str__(self) -> str:
        return self.title or str(self.get_kind_display())

    @property
    def is_overdue(self) -> bool:
        return self.taken_on is None and self.due_on is not None and self.due_on < timezone.localdate()

    def take(self, on: datetime.date, by: User, note: str) -> None:
        """Called by the pathway's verbs. Raises ValidationError where the day is still to come."""
        if on > timezone.localdate():
            raise ValidationError(_("This day is still to come."))
        self.taken_on, self.taken_by, self.note = on, by, note or self.note
        self.save(update_fields=["taken_on", "taken_by", "note"])
