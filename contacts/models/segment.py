"""Segment: people who fit saved conditions, now; with those whom somebody added or removed by hand."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import log

from contacts.models.affiliation import Affiliation
from contacts.models.person import Person, PersonQuerySet
from contacts.models.user import User
from network.models import Country, Organization, key_in

# What somebody can be in an organization, whatever the post is called there.
POSTS = ("is_head", "is_deputy", "is_focal_point")


@dataclass(frozen=True)
class Condition:
    """One question to a person. `holds(values)` says for whom the answer is one of `values` (texts, as stored). They
    are ticked among `choices`; or, where there are too many to list, the keys of records, chosen one by one as for
    the relation `chosen_as`."""

    name: str
    label: str
    choices: Callable[[], list[tuple[str, str]]]
    holds: Callable[[list[str]], Q]
    chosen_as: models.ForeignKey | None = None

    def words(self, values: Iterable[str], viewer) -> dict[str, str]:
        """Those of `values` that `viewer` may see, with their words."""
        if self.chosen_as is None:
            known = {key: str(label).strip("— ") for key, label in self.choices()}
        else:
            pairs = self.chosen_as.related_model.everyone.filter(pk__in=map(key_in, values)).standing_for(viewer)
            known = {str(one.pk): str(standing) for one, standing in pairs}
        return {value: known[value] for value in values if value in known}


def working(*which: Q, **lookups) -> Q:
    """Who has a current affiliation like that. (Asked of each person, so that it can stand beside another condition: of
    two long lists of keys with OR between them, PostgreSQL would go through one for each person.)"""
    return Q(Exists(Affiliation.objects.current().filter(*which, person=OuterRef("pk"), **lookups)))


def working_at(keys: list[str]) -> Q:
    """Who works for one of these organizations now; for the one that stands where it was merged away."""
    pairs = Organization.everyone.filter(pk__in=keys).standing_for(None)
    return working(organization__in=[standing.pk for _one, standing in pairs])


def holding(posts: list[str]) -> Q:
    """Who heads an organization, is a deputy there, or a focal point: `posts` are names of such fields."""
    return working(reduce(or_, (Q(**{post: True}) for post in posts if post in POSTS)))


def in_countries(codes: list[str]) -> Q:
    """Who lives there, or works for an organization there now: one list of keys, from which PostgreSQL begins. (Asked
    both things of each person, it would go through all of them.)"""
    live = Person.everyone.filter(country__in=codes).values("pk")
    work = Affiliation.objects.current().filter(organization__country__in=codes).values("person")
    return Q(pk__in=live.order_by().union(work.order_by(), all=True))


def in_groups(keys: list[str]) -> Q:
    return in_countries(_codes(Country.objects.filter(groups__in=keys)))


def _codes(countries) -> list[str]:
    """Asked first: with the codes themselves the database knows how few, or how many, people to expect."""
    return sorted(set(countries.values_list("pk", flat=True)))


def on_topics(keys: list[str]) -> Q:
    return working(organization__topics__in=keys) | working(competence__in=keys)


def focal_for(keys: list[str]) -> Q:
    """Focal points for one of these competences, or for everything."""
    return working(Q(competence__in=keys) | Q(competence=None), is_focal_point=True)


def without_focal(keys: list[str]) -> Q:
    """Who is of a country in which nobody is focal point for one of these competences."""
    focal = Affiliation.objects.current().focal_points()
    at = focal.alias(stands_for=Coalesce("organization__country", "person__country"))
    gaps = Q()
    for key in keys:
        gaps |= ~Exists(at.filter(Q(competence=key) | Q(competence=None), stands_for=OuterRef("pk")))
    return in_countries(_codes(Country.objects.filter(gaps)))


def speaking(codes: list[str]) -> Q:
    """Whose first language is one of these: letters come in it."""
    return Q(languages__0__in=codes)


def conditions() -> dict[str, Condition]:
    """All that may be asked: ours, and those of the rooms above."""
    found = [one for provide in hooks.get_hooks("segment_conditions") for one in provide()]
    return {condition.name: condition for condition in found}


class SegmentManager(models.Manager):
    def people_with(self, answers: dict[str, list[str]]) -> PersonQuerySet:
        """Who fits all of `answers`: name of a condition -> values, of which one must hold. Without any, nobody."""
        return Person.objects.filter(self.condition(answers))

    def condition(self, answers: dict[str, list[str]]) -> Q:
        known = conditions()
        asked = [known[name].holds(values) for name, values in answers.items() if values and name in known]
        return reduce(and_, asked) if asked else Q(pk__in=[])


class Segment(models.Model):
    name = models.CharField(_("name"), max_length=200, unique=True)
    note = models.TextField(_("note"), blank=True)
    answers = models.JSONField(_("conditions"), default=dict, blank=True)
    by = models.ForeignKey(User, models.SET_NULL, verbose_name=_("by"), related_name="+", null=True, editable=False)

    objects = SegmentManager()

    class Meta:
        verbose_name = _("segment")
        verbose_name_plural = _("segments")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def people(self) -> PersonQuerySet:
        """Who is in it now: who fits, and who was added by hand; nobody who was removed by hand."""
        fit = Segment.objects.condition(self.answers)
        by_hand = {is_in: self.choices.filter(is_in=is_in).values("person") for is_in in (True, False)}
        return Person.objects.filter(fit | Q(pk__in=by_hand[True])).exclude(pk__in=by_hand[False])

    @transaction.atomic
    def put(self, person: Person, is_in: bool, *, by) -> None:
        """`person` is in, or out, whatever the conditions say."""
        SegmentChoice.objects.update_or_create(segment=self, person=person, defaults={"is_in": is_in})
        log(self, "contacts.segment.put", user=by, data={"person": person.pk, "is_in": is_in})

    @transaction.atomic
    def leave_to_conditions(self, person: Person, *, by) -> None:
        """What was decided by hand about `person` is forgotten."""
        self.choices.filter(person=person).delete()
        log(self, "contacts.segment.leave", user=by, data={"person": person.pk})


class SegmentChoice(models.Model):
    segment = models.ForeignKey(Segment, models.CASCADE, related_name="choices")
    person = models.ForeignKey(Person, models.CASCADE, verbose_name=_("person"), related_name="segment_choices")
    is_in = models.BooleanField(_("in"))

    class Meta:
        verbose_name = _("decision by hand")
        verbose_name_plural = _("decisions by hand")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["segment", "person"], name="segment_choice_once")]

    def __str__(self) -> str:
        return f"{self.segment}: {self.person}"
