"""Who exists: countries, topics, organizations."""

from network.models.country import Country, CountryGroup
from network.models.desk import Desk
from network.models.organization import Organization, OrganizationName
from network.models.relationship import Relationship
from network.models.seal import Seal
from network.models.topic import Topic

__all__ = ["Country", "CountryGroup", "Desk", "Organization", "OrganizationName", "Relationship", "Seal", "Topic"]
