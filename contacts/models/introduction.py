"""Introduction: a partner names somebody who is to come, with the address to write to."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from contacts.models.affiliation import Affiliation
from contacts.models.duplicate import DuplicatePair
from contacts.models.person import Person, PersonEmail
from network.changes import change
from network.models import Country, Organization
from network.names import fold


@dataclass(frozen=True)
class Introduced:
    """Who was named: what the partner says of them. Who comes to a door may have no address ("")."""

    given_name: str
    family_name: str
    email: str = ""
    language: str = "en"
    position: str = ""
    country: Country | None = None


@transaction.atomic
def introduce(named: Introduced, organization: Organization | None, *, by) -> Person:
    """Whom a partner has `named`: the one whom we know by both the name and the address, else a new record, so that
    nobody learns whom we know at an address. The person belongs to `organization` from now on, where nothing says so
    yet."""
    person = _known(named) or _new(named, by)
    if organization and not Affiliation.objects.current().filter(person=person, organization=organization).exists():
        today = timezone.localdate()
        joined = Affiliation.objects.create(
            person=person, organization=organization, position=named.position, starts_on=today
        )
        held = change(Affiliation._meta.verbose_name, "", str(joined))
        log(person, "wagtail.edit", user=by, data={"changes": [held]})
    return Person.objects.get(pk=person.pk)


def _known(named: Introduced) -> Person | None:
    if not named.email:
        return None
    names = {fold(named.given_name, named.family_name), fold(named.family_name, named.given_name)}
    bearers = Person.objects.filter(emails__address__iexact=named.email).order_by("pk").distinct()
    return next((one for one in bearers if fold(one.given_name, one.family_name) in names), None)


def _new(named: Introduced, by) -> Person:
    person = Person(given_name=named.given_name, family_name=named.family_name, languages=[named.language])
    person.country = named.country
    if named.email:
        person.emails = [PersonEmail(address=named.email.lower(), is_primary=True)]
    person.save()
    log(person, "contacts.person.introduce", user=by)
    DuplicatePair.objects.look_at(person)
    return person
