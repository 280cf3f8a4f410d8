"""What several files of tests on contacts need."""

import pytest

from contacts.mail import Letter
from contacts.models import Affiliation, Message, Person, Watchlist
from network.models import Organization
from tests.conftest import person

HEADER = "id,schema,name,aliases,birth_date,countries,identifiers,last_change"


@pytest.fixture
def load(sheet, noor):
    """Loads a list with these rows."""

    def load(*rows, name="Invented list", by=noor, **options) -> Watchlist:
        path = sheet("\n".join([HEADER, *rows, ""]), f"{name}.csv")
        return Watchlist.objects.load(name, "OPENSANCTIONS", path, by=by, **options)

    return load


@pytest.fixture
def secret(db, tobacco) -> Person:
    """Known to the desk of Kenya alone."""
    guard = Organization.objects.create(kind="LAW_ENFORCEMENT", name="Nairobi Secret Guard", country_id="KE")
    secret = person("Sabine", "Secret", "fr", country_id="KE")
    Affiliation.objects.create(person=secret, organization=guard, is_focal_point=True, competence=tobacco)
    Message.objects.post(secret, Letter("invitation", "fr", "For Secret eyes", "Bonjour", "<p>Bonjour</p>"))
    return secret
