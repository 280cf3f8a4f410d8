"""Participation: what a country did about an instrument, on which day. Where it stands on any day follows from that."""

import datetime
from collections import defaultdict
from collections.abc import Iterable

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from contacts.models import User
from legal.models.instrument import Instrument, days_to_force
from legal.models.recorded import SOURCE, Recorded
from legal.models.sourced import SourcedQuerySet
from legal.models.standing import CONSENTS, NOTHING, Act, Deed, Force, Standing, Status, in_force_from, standing_of
from legal.models.work import Work
from network.changes import change
from network.models import Country
from network.models.facts import told


class Standings(dict):
    """(key of an instrument, code of a country) -> Standing; a country that did nothing stands nowhere."""

    def __missing__(self, _key: tuple[int, str]) -> Standing:
        return NOTHING

    def count(self, *statuses: Status) -> int:
        """How many stand so."""
        return sum(one.status in statuses for one in self.values())


class ParticipationQuerySet(SourcedQuerySet):
    def visible_to(self, viewer):
        return self.filter(instrument__in=Work.objects.visible_to(viewer).values("pk"))

    def up_to(self, on: datetime.date):
        return self.filter(acted_on__lte=on)

    def consents(self):
        return self.filter(act__in=CONSENTS)

    def in_order(self):
        return self.order_by("acted_on", "pk")

    def standings(self, on: datetime.date | None = None) -> Standings:
        """Where each country stands to each instrument on the day `on` (today), by what is in this queryset: which must
        hold whatever a country did about an instrument. One query, and a second one where an instrument comes into
        force by a number of deposits and nobody has said when it did."""
        deeds, bounds = defaultdict(list), {}
        told = self.order_by().values_list("instrument", "country", "act", "acted_on", "effective_on", *_BOUNDS)
        for instrument, country, act, acted_on, effective_on, *bound in told:
            deeds[instrument, country].append(Deed(act, acted_on, effective_on))
            bounds[instrument] = bound
        forces = self.model.objects.forces(bounds)
        on = on or timezone.localdate()
        return Standings({key: standing_of(acts, on, forces[key[0]]) for key, acts in deeds.items()})


_BOUNDS = (
    *("instrument__in_force_on", "instrument__deposits_needed"),
    *("instrument__days_after_deposit", "instrument__days_to_force"),
)
Bounds = dict[int, tuple[datetime.date | None, int | None, int | None, int | None]]


class ParticipationManager(models.Manager.from_queryset(ParticipationQuerySet)):
    def forces(self, bounds: Bounds) -> dict[int, Force]:
        """Key of an instrument -> when it binds, where `bounds` say of each since when it is in force, how many
        deposits bring it into force, how many days after its deposit it binds a country, and how many days after the
        deposit that was missing it comes into force."""
        open_ones = [key for key, (since, needed, *_days) in bounds.items() if since is None and needed]
        deeds = defaultdict(list)
        for instrument, country, *deed in self._deeds_about(open_ones):
            deeds[instrument].append((country, Deed(*deed)))
        computed = {
            key: in_force_from(deeds[key], bounds[key][1], days_to_force(bounds[key][3], bounds[key][2]))
            for key in open_ones
        }
        return {key: Force(since or computed.get(key), days or 0) for key, (since, _n, days, _to) in bounds.items()}

    def _deeds_about(self, instruments: list[int]) -> Iterable[tuple]:
        fields = ("instrument", "country", "act", "acted_on", "effective_on")
        return self.filter(instrument__in=instruments).order_by().values_list(*fields) if instruments else ()

    @transaction.atomic
    def record(self, instrument: Instrument, country: Country, act: str, acted_on: datetime.date, *, by, **facts):
        """Keep what `country` did. `facts` are its other fields: `effective_on`, `source`, `as_at`, `note` ... Raises
        ValidationError where it is recorded already, or cannot be."""
        done = self.model(instrument=instrument, country=country, act=act, acted_on=acted_on, **facts)
        done.full_clean()
        done.save()
        log(done, "legal.participation.record", user=by, data={"act": act, "acted_on": acted_on.isoformat()})
        return done

    @transaction.atomic
    def record_all(self, acts: Iterable["Participation"], *, by: User | None, **facts) -> list["Participation"]:
        """Keep many acts at once, each with `facts` besides its own; what cannot be (see `record`) was sorted out
        before. Whoever calls this writes an entry of their own into the history, which tells readers to look anew."""
        rows = list(acts)
        for one in rows:
            for name, value in facts.items():
                setattr(one, name, value)
            one.clean()
        rows = self.bulk_create(rows, batch_size=1000)
        kind, now = ContentType.objects.get_for_model(self.model), timezone.now()
        entries = [
            ModelLogEntry(
                content_type=kind,
                object_id=str(one.pk),
                label=str(one),
                action="legal.participation.record",
                user=by,
                timestamp=now,
                content_changed=True,
                data={"act": one.act, "acted_on": one.acted_on.isoformat()},
            )
            for one in rows
        ]
        ModelLogEntry.objects.bulk_create(entries, batch_size=1000)
        return rows


class Participation(Recorded):
    said = ("instrument_id", "country_id", "act", "acted_on", "effective_on", "note", *SOURCE)
    instrument = models.ForeignKey(
        Instrument, models.CASCADE, verbose_name=_("instrument"), related_name="participations"
    )
    country = models.ForeignKey(Country, models.PROTECT, verbose_name=_("country"), related_name="participations")
    act = models.CharField(_("act"), max_length=20, choices=Act)
    acted_on = models.DateField(pgettext_lazy("of an act", "date"), help_text=_("Of the signature or the deposit."))
    effective_on = models.DateField(
        _("takes effect"),
        null=True,
        blank=True,
        help_text=_("When it binds the country, or ceases to. Empty: as the instrument has it."),
    )
    note = models.CharField(_("note"), max_length=500, blank=True)

    objects = ParticipationManager()

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        ordering = ["instrument", "country", "acted_on", "pk"]
        indexes = [models.Index(fields=["country", "instrument"])]
        constraints = [
            models.UniqueConstraint(
                fields=["instrument", "country", "act", "acted_on"],
                name="participation_once",
                violation_error_message=_("This act of that day is recorded already."),
            ),
            models.CheckConstraint(
                condition=Q(effective_on=None) | Q(effective_on__gte=models.F("acted_on")) | Q(act=Act.SUCCESSION),
                name="participation_takes_effect_afterwards",
                violation_error_message=_("Only a succession takes effect before it is notified."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country}: {self.get_act_display()}, {self.acted_on}"

    def clean(self):
        if self.acted_on and self.acted_on > timezone.localdate():
            raise ValidationError({"acted_on": _("This day is still to come.")})

    @transaction.atomic
    def correct(self, *, by: User | None, **facts) -> None:
        """It says `facts` instead. Raises ValidationError where that cannot be."""
        before = {name: told(self, name) for name in facts}
        for name, value in facts.items():
            setattr(self, name, value)
        self.full_clean()
        self.save()
        labels = {name: self._meta.get_field(name).verbose_name for name in facts}
        changes = [change(labels[name], before[name], told(self, name)) for name in facts]
        changes = [one for one in changes if one[1] != one[2]]
        log(self, "legal.participation.correct", user=by, content_changed=True, data={"changes": changes})
