"""Who exists: countries, topics, organizations."""

from network.models.country import Country, CountryGroup
from network.models.desk import Desk
from network.models.keys import key_in
from network.models.merge import OrganizationMerge
from network.models.organization import Organization, OrganizationName
from network.models.relationship import Relationship
from network.models.seal import Seal
from network.models.topic import Topic
from network.models.twins import OrganizationKey, OrganizationPair, OrganizationScan

__all__ = [
    "Country",
    "CountryGroup",
    "Desk",
    "Organization",
    "OrganizationKey",
    "OrganizationMerge",
    "OrganizationName",
    "OrganizationPair",
    "OrganizationScan",
    "Relationship",
    "Seal",
    "Topic",
    "key_in",
]
