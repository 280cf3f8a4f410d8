"""Focal points as the law knows them: who stands for a country, by an affiliation with one of its authorities."""

import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from wagtail.log_actions import log

from contacts.models import Affiliation, Message, Person, User
from legal import mail
from network.models import Country, Organization

# Who speaks for a country in matters of law; industry, science and NGOs have focal points too.
NATIONAL = (Organization.Kind.GOVERNMENT, Organization.Kind.LAW_ENFORCEMENT, Organization.Kind.CRIMINAL_JUSTICE)


def person_behind(viewer) -> Person | None:
    """The Person of a user who is signed in; None of anybody else."""
    return getattr(viewer, "person", None) if viewer.is_authenticated else None


def national_focal_points(on: datetime.date | None = None):
    """The affiliations by which people stand for a country on the day `on` (today), whatever they are focal point
    for; of no organization that is suspended or has left."""
    held = Affiliation.objects.current(on).focal_points()
    there = {"organization__kind__in": NATIONAL, "organization__status": Organization.Status.ACTIVE}
    return held.filter(organization__country__isnull=False, **there)


def countries_of(viewer):
    """Those for which `viewer`, a user or AnonymousUser, is a focal point today."""
    person = person_behind(viewer)
    if person is None:
        return Country.objects.none()
    held = national_focal_points().filter(person=person)
    return Country.objects.filter(pk__in=held.values("organization__country"))


@transaction.atomic
def invite_to_contribute(person: Person, country: Country, *, by: User) -> None:
    """Ask `person`, a focal point of `country`, to look through what we hold of its law; their account is opened where
    there is none. Raises ValidationError for who is no focal point of it, or cannot be written to."""
    if not national_focal_points().filter(person=person, organization__country=country).exists():
        raise ValidationError(_("%(name)s is no focal point of this country.") % {"name": person})
    if User.objects.open_for(person) is None:
        raise ValidationError(_("%(name)s has no address of their own to sign in with.") % {"name": person})
    with override(person.language):
        link = settings.SITE_URL + reverse("legal:portal")
    name = country.in_language(person.language)
    Message.objects.post(person, mail.contribution_invited(person, name, link))
    log(person, "legal.portal.invite", user=by, data={"country": country.pk})
