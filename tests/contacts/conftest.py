"""What several files of tests on contacts need."""

import pytest

from contacts.models import Watchlist

HEADER = "id,schema,name,aliases,birth_date,countries,identifiers,last_change"


@pytest.fixture
def load(sheet, noor):
    """Loads a list with these rows."""

    def load(*rows, name="Invented list", by=noor, **options) -> Watchlist:
        path = sheet("\n".join([HEADER, *rows, ""]), f"{name}.csv")
        return Watchlist.objects.load(name, "OPENSANCTIONS", path, by=by, **options)

    return load
