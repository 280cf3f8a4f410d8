"""What Lena found of the law and Luc agreed to."""

import datetime

from legal.models import Correspondence, Provision, Work
from network.models import Country

FOUND, LATER, NOW = datetime.date(2020, 1, 10), datetime.date(2023, 6, 1), datetime.date(2024, 6, 1)


def place(work: Work, eid: str) -> Provision:
    return work.provisions.get(eid=eid)


def assessed(standard: Provision, what: Provision | Country, grade: str, by, on=FOUND, **said) -> Correspondence:
    """Waits for a review. `what`: the provision that is graded, or the country in which it is absent."""
    whose = {"country" if isinstance(what, Country) else "provision": what}
    return Correspondence.objects.assess(
        standard, grade, by=by, on=on, **{"rationale": "As it reads.", **whose, **said}
    )


def reviewed(standard: Provision, what: Provision | Country, grade: str, by, reviewer, on=FOUND, **said):
    """Reviewed on the day on which it was assessed."""
    found = assessed(standard, what, grade, by, on, **said)
    found.review(by=reviewer, on=on)
    return found
