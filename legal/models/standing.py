"""Standing: where a country stands to an instrument on any day. It is kept nowhere: it follows from what the country
did (see `participation`), and from when the instrument itself came into force."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple, Protocol

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Act(models.TextChoices):
    """Vienna Convention on the Law of Treaties, articles 2, 11 to 17, 25 and 54."""

    SIGNATURE = "SIGNATURE", _("Signature")
    DEFINITIVE_SIGNATURE = "DEFINITIVE_SIGNATURE", _("Definitive signature")
    RATIFICATION = "RATIFICATION", _("Ratification")
    ACCESSION = "ACCESSION", _("Accession")
    ACCEPTANCE = "ACCEPTANCE", pgettext_lazy("of a treaty", "Acceptance")
    APPROVAL = "APPROVAL", pgettext_lazy("of a treaty", "Approval")
    SUCCESSION = "SUCCESSION", _("Succession")
    CONSENT = "CONSENT", _("Consent to be bound (the source does not say how)")
    PROVISIONAL = "PROVISIONAL", _("Provisional application")
    WITHDRAWAL = "WITHDRAWAL", pgettext_lazy("from a treaty", "Withdrawal")


CONSENTS = {
    *(Act.DEFINITIVE_SIGNATURE, Act.RATIFICATION, Act.ACCESSION),
    *(Act.ACCEPTANCE, Act.APPROVAL, Act.SUCCESSION, Act.CONSENT),
}


class Status(models.TextChoices):
    PARTY = "PARTY", pgettext_lazy("to a treaty", "Party")
    BOUND_LATER = "BOUND_LATER", _("Deposited, not yet in force")
    PROVISIONAL = "PROVISIONAL", _("Applies it provisionally")
    SIGNATORY = "SIGNATORY", _("Signatory")
    WITHDRAWN = "WITHDRAWN", pgettext_lazy("from a treaty", "Withdrawn")
    NONE = "NONE", _("Not a party")


class Done(Protocol):
    """What a country did: a Participation, or as much of it as is asked here."""

    act: str
    acted_on: datetime.date
    effective_on: datetime.date | None


class Deed(NamedTuple):
    """Something done, without a row of its own."""

    act: str
    acted_on: datetime.date
    effective_on: datetime.date | None


@dataclass(frozen=True)
class Standing:
    """Where a country stands: the status, since which day, by which act, and until when where that is known already:
    the day on which it will be a party, or on which its withdrawal takes effect."""

    status: Status
    since: datetime.date | None = None
    act: str = ""
    until: datetime.date | None = None

    @property
    def label(self) -> str:
        return str(self.status.label)


NOTHING = Standing(Status.NONE)


@dataclass(frozen=True)
class Force:
    """When an instrument binds: since when it is in force itself (None: it is not), and how many days after its deposit
    it binds a country."""

    since: datetime.date | None
    days: int = 0

    def binds_from(self, acted_on: datetime.date) -> datetime.date | None:
        """From when on it binds a country that consents on the day `acted_on`, as far as that is known."""
        return max(self.since, acted_on + datetime.timedelta(days=self.days)) if self.since else None


ALWAYS = Force(datetime.date.min)  # binds at once who consents


def standing_of(acts: Iterable[Done], on: datetime.date | None = None, force: Force = ALWAYS) -> Standing:
    """Where a country stands on the day `on` (today) that did `acts` about one instrument, which binds by `force` where
    an act does not say itself when it takes effect. They count in their order: a consent makes a party from when it
    takes effect, and a signature after it changes nothing; a withdrawal counts from when it takes effect; what comes
    after it counts again."""
    on = on or timezone.localdate()
    found = NOTHING
    for one in sorted(acts, key=_order):
        if day_of(one) <= on:
            found = _AFTER.get(one.act, _consented)(found, one, on, force)
    return found


def day_of(one: Done) -> datetime.date:
    """From which day on it is so. A succession counts from the day on which the State took the place of another, which
    lies before that of its notification (Vienna Convention on Succession of States in respect of Treaties, 23)."""
    is_earlier = one.act == Act.SUCCESSION and one.effective_on is not None and one.effective_on < one.acted_on
    return one.effective_on if is_earlier else one.acted_on


_RANKS = {Act.SIGNATURE: 0, Act.WITHDRAWAL: 2}  # of what is done on one day


def _order(one: Done) -> tuple[datetime.date, int]:
    return day_of(one), _RANKS.get(one.act, 1)


def _signed(before: Standing, one: Done, on: datetime.date, force: Force) -> Standing:
    is_first = before.status in (Status.NONE, Status.WITHDRAWN)
    return Standing(Status.SIGNATORY, one.acted_on, one.act) if is_first else before


def _consented(before: Standing, one: Done, on: datetime.date, force: Force) -> Standing:
    binds_from = one.effective_on or force.binds_from(one.acted_on)
    if binds_from is None or binds_from > on:
        is_more = before.status in (Status.PARTY, Status.PROVISIONAL, Status.BOUND_LATER)
        return before if is_more else Standing(Status.BOUND_LATER, one.acted_on, one.act, binds_from)
    if before.status == Status.PARTY:  # said twice, or taking a withdrawal back
        return replace(before, until=None)
    return Standing(Status.PARTY, binds_from, one.act)


def _applied(before: Standing, one: Done, on: datetime.date, force: Force) -> Standing:
    since = one.effective_on or one.acted_on
    is_bound = before.status == Status.PARTY or since > on
    return before if is_bound else Standing(Status.PROVISIONAL, since, one.act)


def _left(before: Standing, one: Done, on: datetime.date, force: Force) -> Standing:
    left_on = one.effective_on or one.acted_on
    if left_on <= on:
        return Standing(Status.WITHDRAWN, left_on, one.act)
    return before if before is NOTHING else replace(before, until=min(left_on, before.until or left_on))


_AFTER = {Act.SIGNATURE: _signed, Act.PROVISIONAL: _applied, Act.WITHDRAWAL: _left}


def in_force_from(acts: Iterable[tuple[str, Done]], needed: int, days: int) -> datetime.date | None:
    """The day on which an instrument comes into force that says: so many `days` after the deposit of the `needed`-th
    instrument. `acts` are what countries (by key) did about it; who withdrew before does not count. None where there
    are not enough."""
    consented: set[str] = set()
    for country, one in sorted(acts, key=lambda pair: (pair[1].acted_on, _RANKS.get(pair[1].act, 1))):
        if one.act == Act.WITHDRAWAL:
            consented.discard(country)
        elif one.act in CONSENTS:
            consented.add(country)
        if len(consented) >= needed:
            return one.acted_on + datetime.timedelta(days=days)
    return None
