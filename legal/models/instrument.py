"""Instrument: a treaty, convention or protocol, and what brings it into force."""

import datetime

from django.db import models, transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from contacts.models import User
from legal.models.standing import Act, Deed, Done, Force, Status, in_force_from
from legal.models.work import Work, WorkManager
from network.labels import LabelsField
from network.names import fold


def no_languages() -> list[str]:
    return []


def days_to_force(own: int | None, usual: int | None) -> int:
    """How many days after the deposit that was missing an instrument comes into force."""
    return own if own is not None else usual or 0


class InstrumentManager(WorkManager):
    @transaction.atomic
    def draft(self, title: str, *, by: User) -> "Instrument":
        """A draft of which no more is known than its title."""
        slug = slugify(fold(title))[:100].strip("-") or "instrument"
        taken = set(Work.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
        free = (slug if number == 1 else f"{slug}-{number}" for number in range(1, len(taken) + 2))
        draft = self.create(slug=next(one for one in free if one not in taken), title=title)
        log(draft, "wagtail.create", user=by)
        return draft


class Instrument(Work):
    place = models.CharField(_("place"), max_length=100, blank=True, help_text=_("Where it was adopted."))
    opened_on = models.DateField(_("opened for signature"), null=True, blank=True)
    in_force_on = models.DateField(_("in force since"), null=True, blank=True)
    in_force_clause = LabelsField(
        _("entry into force"), blank=True, rows=2, help_text=_("What its final clauses say, with the article.")
    )
    deposits_needed = models.PositiveSmallIntegerField(
        _("deposits needed"), null=True, blank=True, help_text=_("So many bring it into force.")
    )
    days_after_deposit = models.PositiveSmallIntegerField(
        _("days after the deposit"), null=True, blank=True, help_text=_("So long after its deposit it binds a country.")
    )
    days_to_force = models.PositiveSmallIntegerField(
        _("days until its entry into force"),
        null=True,
        blank=True,
        help_text=_("So long after the deposit that was missing. Empty: as after every deposit."),
    )
    depositary = models.CharField(_("depositary"), max_length=200, blank=True)
    registration = models.CharField(_("registration"), max_length=100, blank=True)
    authentic_languages = models.JSONField(_("authentic languages"), default=no_languages, blank=True)

    objects = InstrumentManager()

    class Meta:
        verbose_name = _("instrument")
        verbose_name_plural = _("instruments")

    def in_force_between(self):
        return self.in_force_on, None

    def force(self, *more: tuple[str, Done]) -> Force:
        """When it binds: as it is recorded, else by the number of deposits that its final clauses ask for, `more` (code
        of the country, act) among them."""
        since, days = self.in_force_on, self.days_after_deposit or 0
        if since is None and self.deposits_needed:
            acts = [(one.country_id, one) for one in self.participations.all()]
            since = in_force_from([*acts, *more], self.deposits_needed, days_to_force(self.days_to_force, days))
        return Force(since, days)

    def binds_from(self, country: str, deposited_on: datetime.date) -> datetime.date | None:
        """From when on it binds the country with this code if that deposits its instrument on that day, which may be
        the deposit that brings it into force. None: the day cannot be told yet."""
        deposit = Deed(Act.CONSENT, deposited_on, None)
        return self.force((country, deposit)).binds_from(deposited_on)

    def deposits(self, on: datetime.date | None = None) -> int:
        """How many countries have consented to be bound by the day `on` (today), and have not withdrawn."""
        return self.participations.standings(on).count(Status.PARTY, Status.BOUND_LATER)
