"""The training record: who was trained on what, when, and for which organization of which country. Somebody is trained
who holds a certificate that stands; and coverage: where nobody is."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import BigIntegerField, CharField, Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from contacts.models import Affiliation, Person
from events.models.curriculum import Curriculum, kinds_of
from events.models.event import Event
from events.models.invitation import Invitation
from network.models import Country, Organization
from network.models.few import few
from network.models.guarded import GuardedQuerySet


class TrainedQuerySet(GuardedQuerySet):
    """Formal letters, read as the record of what people were trained on."""

    def of_desks(self, desks):
        """Those of their people, of whom few among all were ever trained."""
        return self.filter(invitation__person__in=few(Person.objects.of_desks(desks)).values("pk"))

    def certificates(self):
        return self.filter(kind="CERTIFICATE")

    def standing(self):
        """Those that were not replaced by a later one."""
        return self.filter(void_at=None)

    def trained(self):
        """The certificates that hold: of people who were expected, at events that took place."""
        held = self.certificates().standing().filter(invitation__state="SENT")
        declined = Q(invitation__reply__in=["DECLINED", "DELEGATED"]) | Q(invitation__approval="REJECTED")
        return held.exclude(declined).exclude(event__status=Event.Status.CANCELLED)

    def with_origins(self):
        """Each with `origin` and `nation` (keys): the organization for which the person was there (that of the
        delegation, else the one where they worked on the first day), and its country, else their own."""
        then = Q(starts_on=None) | Q(starts_on__lte=OuterRef("event__starts_on"))
        then &= Q(ends_on=None) | Q(ends_on__gte=OuterRef("event__starts_on"))
        held = Affiliation.objects.filter(then, person=OuterRef("invitation__person")).in_precedence()
        sent_by, worked_at = "invitation__delegation__organization", Subquery(held.values("organization")[:1])
        origin = Coalesce(sent_by, worked_at, output_field=BigIntegerField())
        there = Organization.everyone.filter(pk=OuterRef("origin"))
        found = self.annotate(origin=origin)
        return found.annotate(
            origin_name=Subquery(there.values("name")[:1]),
            origin_kind=Subquery(there.values("kind")[:1]),
            nation=Coalesce(
                Subquery(there.values("country")[:1]), "invitation__person__country", output_field=CharField()
            ),
        )

    def with_present(self):
        """Each with `now_at`, the name of the organization at which the person works today."""
        held = Affiliation.objects.current().filter(person=OuterRef("invitation__person")).in_precedence()
        return self.annotate(now_at=Subquery(held.values("organization__name")[:1]))

    def about(self, subject):
        """Those of a person, of an organization, or of a country. Called after `with_origins`."""
        if isinstance(subject, Person):
            return self.filter(invitation__person=subject)
        found = type(subject)._base_manager.filter(pk=subject.pk)
        return self.from_organizations(found) if isinstance(subject, Organization) else self.from_countries(found)

    def from_organizations(self, organizations):
        """Those of people who were there for one of them. Called after `with_origins`."""
        keys = organizations.values("pk")
        work, sent = _once_at(organization__in=keys), Q(delegation__organization__in=keys)
        return self._of_some(work, sent).filter(origin__in=keys)

    def from_countries(self, countries):
        """Those of people who were there for one of them. Called after `with_origins`."""
        keys = countries.values("pk")
        work, sent = _once_at(organization__country__in=keys), Q(delegation__organization__country__in=keys)
        return self._of_some(work, sent, Q(person__country__in=keys)).filter(nation__in=keys)

    def _of_some(self, *which: Q):
        """Those of whoever was invited and is one of `which`: of few people it is asked where they were from, not of
        all; and one list of keys is what PostgreSQL begins with."""
        first, *others = (Invitation.objects.filter(one).order_by().values("pk") for one in which)
        return self.filter(invitation__in=first.union(*others, all=True))

    def on(self, curricula: Iterable[Curriculum]):
        return self.filter(event__curriculum__in=curricula)


@dataclass(frozen=True)
class Cell:
    """Of one country and one curriculum: how many people were trained, and how many whom it is for never were."""

    curriculum: Curriculum
    trained: int
    never: int

    @property
    def is_gap(self) -> bool:
        return not self.trained


@dataclass(frozen=True)
class Row:
    country: Country
    cells: list[Cell]

    @property
    def gaps(self) -> int:
        return sum(cell.is_gap for cell in self.cells)


@dataclass(frozen=True)
class TrainingCoverage:
    curricula: list[Curriculum]
    rows: list[Row]

    @property
    def gaps(self) -> int:
        return sum(row.gaps for row in self.rows)

    @property
    def totals(self) -> list[tuple[int, int]]:
        """Of each curriculum, how many people were trained and how many of the countries have nobody."""
        columns = [[row.cells[place] for row in self.rows] for place in range(len(self.curricula))]
        return [(sum(one.trained for one in cells), sum(one.is_gap for one in cells)) for cells in columns]

    def with_gaps(self) -> "TrainingCoverage":
        """The countries alone in which somebody is missing."""
        return TrainingCoverage(self.curricula, [row for row in self.rows if row.gaps])


def training_coverage(
    letters: TrainedQuerySet, affiliations, countries: Iterable[Country], curricula: Iterable[Curriculum], profession=""
) -> TrainingCoverage:
    """Who, by `letters`, was trained on which of `curricula` in which of `countries`, and how many of those who work
    there, by `affiliations`, never were: of people at organizations of the kind where a `profession` works, or those
    for whom a curriculum is. A query for all that were trained, and two for each audience."""
    curricula = list(curricula)
    rows = letters.trained().on(curricula).with_origins()
    if profession:
        rows = rows.filter(origin_kind__in=kinds_of([profession]))
    pairs = rows.order_by().values_list("nation", "event__curriculum")
    trained = {
        (nation, key): people
        for nation, key, people in pairs.annotate(people=Count("invitation__person", distinct=True))
    }
    never = _never(affiliations.current(), curricula, profession)
    return TrainingCoverage(
        curricula,
        [
            Row(country, [Cell(c, trained.get((country.pk, c.pk), 0), never[country.pk, c.pk]) for c in curricula])
            for country in countries
        ],
    )


def never_trained(affiliations, curriculum: Curriculum, profession: str = ""):
    """Those of `affiliations` that hold now, at an organization of the kind that the curriculum (or of it a
    `profession`) is for, of people who were never trained on it."""
    kinds = _kinds(curriculum, profession)
    return affiliations.current().filter(~Exists(trained_on([curriculum.pk], "person")), organization__kind__in=kinds)


def trained_on(curricula: Iterable, person: str):
    """The certificates of who was trained on one of `curricula` (keys), asked of each row; `person` leads to who."""
    letters = Event._meta.get_field("formal_letters").related_model.objects
    return letters.trained().filter(event__curriculum__in=curricula, invitation__person=OuterRef(person))


def _once_at(**organization) -> Q:
    """Who belongs, or once belonged, to an organization like that."""
    return Q(person__in=Affiliation.objects.filter(**organization).values("person"))


def _kinds(curriculum: Curriculum, profession: str) -> tuple[str, ...]:
    return tuple(kinds_of([profession] if profession else curriculum.audience))


def _never(affiliations, curricula: list[Curriculum], profession: str) -> Counter:
    """Country and curriculum (keys) -> how many work there whom it is for, but for those who were trained on it."""
    letters = Event._meta.get_field("formal_letters").related_model.objects.trained().on(curricula)
    letter = "person__invitations__formal_letters"
    found: Counter = Counter()
    for kinds in {_kinds(one, profession) for one in curricula}:
        alike = [one.pk for one in curricula if _kinds(one, profession) == kinds]
        there = affiliations.filter(organization__kind__in=kinds).order_by()
        people = Count("person", distinct=True)
        for nation, count in there.values_list("organization__country").annotate(people=people):
            found.update({(nation, key): count for key in alike})
        reached = there.filter(**{f"{letter}__in": letters.values("pk")})
        pairs = reached.values_list("organization__country", f"{letter}__event__curriculum").annotate(people=people)
        found.subtract({(nation, key): count for nation, key, count in pairs if key in alike})
    return found
