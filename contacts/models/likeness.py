"""Likeness: which organizations and people an application may speak of that we know already."""

from urllib.parse import urlsplit

from django.db.models import Q

from contacts.matching import Profile, same_name
from contacts.models.application import Application
from contacts.models.duplicate import DuplicatePair
from contacts.models.person import Person
from network.models import Organization
from network.names import fold

MOST = 5
MOST_LOOKED_AT = 2000
SHORTEST_WORD = 4  # shorter ones are in half of all names


def organizations_like(application: Application, viewer) -> list[Organization]:
    """Those that `viewer` may see and that are called nearly so, or have the same website; the likeliest first."""
    name, host = fold(application.organization_name), _host(application.website)
    words = [word for word in name.split() if len(word) >= SHORTEST_WORD] or name.split()
    near = Q(website__icontains=host) if host else Q(pk=None)
    for word in words:
        near |= Q(search_text__contains=word)
    found = Organization.objects.visible_to(viewer).filter(near).select_related("country").order_by("pk")
    weighed = [(_likeness(name, host, one), one) for one in found.prefetch_related("other_names")[:MOST_LOOKED_AT]]
    likely = sorted((pair for pair in weighed if pair[0]), key=lambda pair: -pair[0])
    return [organization for _weight, organization in likely[:MOST]]


def people_like(application: Application, viewer) -> list[Person]:
    """Those that `viewer` may see and that are likely the contact person; the likeliest first."""
    names, address = (application.given_name, application.family_name), (application.email,)
    profile = Profile(0, *names, address, (), (application.organization_name,), application.country_id or "")
    likely = [person.pk for person, _comparison in DuplicatePair.objects.like(profile)]
    seen = Person.objects.visible_to(viewer).filter(pk__in=likely).in_bulk()
    return [seen[key] for key in likely if key in seen][:MOST]


def _likeness(name: str, host: str, organization: Organization) -> float:
    """How likely it is the same, 0 where it is not; 100 for the same website."""
    if host and _host(organization.website) == host:
        return 100
    names = [organization.name, *(other.name for other in organization.other_names.all())]
    return max(same_name(name, fold(other)) for other in names)


def _host(website: str) -> str:
    return (urlsplit(website).hostname or "").removeprefix("www.")
