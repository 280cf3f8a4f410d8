"""Sight: which people somebody who imports may touch, and which would be out of their sight once written."""

from collections.abc import Iterable

from contacts.models.person import Person
from network.models import Country, Organization


class Sight:
    def __init__(self, viewer):
        desks = viewer.desk_keys
        self.viewer, self.is_whole = viewer, not desks
        self.countries = set(Country.objects.of_desks(desks).values_list("pk", flat=True)) if desks else set()
        self.organizations = set(Organization.objects.kept_by(desks).values_list("pk", flat=True)) if desks else set()

    def of(self, people: Iterable[int]) -> set[int]:
        """Those of `people` (keys) who are seen."""
        return set(Person.objects.visible_to(self.viewer).filter(pk__in=people).values_list("pk", flat=True))

    def holds(self, country: str | None, organizations: Iterable[int | None]) -> bool:
        """Whether somebody of that country, with posts at these organizations (keys), is seen."""
        return self.is_whole or country in self.countries or not self.organizations.isdisjoint(organizations)
