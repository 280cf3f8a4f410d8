"""The admin's screens for countries, topics and organizations, and what every list of records has in common."""

from network.viewsets.country import CountryGroupViewSet, CountryViewSet
from network.viewsets.desk import DeskViewSet
from network.viewsets.organization import OrganizationChooserViewSet, OrganizationViewSet
from network.viewsets.relationship import RelationshipViewSet
from network.viewsets.topic import TopicViewSet
from network.viewsets.world import WorldViewSet

__all__ = [
    "CountryGroupViewSet",
    "CountryViewSet",
    "DeskViewSet",
    "OrganizationChooserViewSet",
    "OrganizationViewSet",
    "RelationshipViewSet",
    "TopicViewSet",
    "WorldViewSet",
]
