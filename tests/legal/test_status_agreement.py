"""The status on a day agrees with the rows of real tables, for every country and treaty in them; where it does not, the
reference says why."""

from pathlib import Path

import pytest
from django.conf import settings

from bench.treaty_status import DATA, FILES, MARKS, compare, load, table

pytestmark = [pytest.mark.real_data, pytest.mark.slow, pytest.mark.same_everywhere]


@pytest.fixture
def agreement(real_data, lena) -> dict:
    return {name: compare(load(DATA / name, lena), DATA / name) for name in FILES}


def test_the_status_on_any_day_agrees_with_the_rows_of_real_tables(agreement):
    found = {name: (verdict.pairs, verdict.days, verdict.days - verdict.agreed) for name, verdict in agreement.items()}

    assert list(found.values()) == [(2188, 20249, 626), (197, 1508, 0), (1493, 12001, 10)]
    assert "Not explained." not in {why for verdict in agreement.values() for _treaty, why in verdict.disagreed}
    written = (Path(settings.BASE_DIR) / "docs/reference/treaty-status.md").read_text(encoding="utf-8")
    _head, _begin, rest = written.partition(MARKS[0])
    assert rest.partition(MARKS[1])[0].strip() == "\n".join(table(agreement.items())).strip()
