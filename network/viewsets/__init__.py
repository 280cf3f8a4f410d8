"""The admin's screens for countries, topics and organizations, and what every list of records has in common."""

from network.viewsets.chooser import OrganizationChooserViewSet
from network.viewsets.country import CountryGroupViewSet, CountryViewSet
from network.viewsets.desk import DeskViewSet
from network.viewsets.organization import OrganizationViewSet
from network.viewsets.relationship import RelationshipViewSet
from network.viewsets.topic import TopicViewSet
from network.viewsets.twins import OrganizationPairViewSet
from network.viewsets.world import WorldViewSet

__all__ = [
    "CountryGroupViewSet",
    "CountryViewSet",
    "DeskViewSet",
    "OrganizationChooserViewSet",
    "OrganizationPairViewSet",
    "OrganizationViewSet",
    "RelationshipViewSet",
    "TopicViewSet",
    "WorldViewSet",
]
