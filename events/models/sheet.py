"""Sheet: what one person has handed in to a questionnaire, with a SheetAnswer for each thing said; Addressee: that it
is put to somebody, and whether they have answered.

Of an anonymous questionnaire nothing joins the two. A sheet has no person, no time, and a key that was drawn by lot, so
that no order tells when it came; that somebody has answered is a mark on a row that was there before, without a time,
and with each sheet all of these rows are written anew, so that not even the database's own bookkeeping (the number of
the transaction) says which of them has changed. The history says nothing of it. What sort of organization somebody is
from stands on the sheet only where it is put to five or more of that sort."""

import datetime
import secrets
from collections.abc import Mapping

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils.translation import gettext_lazy as _

from contacts.models import Person
from events.models.item import Grade, Item, ItemOption
from events.models.participants import held_by
from events.models.question import Said, Word
from events.models.questionnaire import Questionnaire
from events.models.registration import Registration
from network.models import Organization
from network.models.guarded import GuardedQuerySet

ENOUGH = 5  # sheets, below which somebody could be guessed from what is said


def drawn_key() -> int:
    """A key that says nothing of when the row was written; a browser can still count so far."""
    return secrets.randbelow(2**53 - 1) + 1


class AddresseeQuerySet(GuardedQuerySet):
    opened_by = "events.questionnaire"

    def of_desks(self, desks):
        return self.filter(registration__person__in=Person.objects.of_desks(desks).values("pk"))

    def erase(self) -> None:
        """That somebody was asked, and has answered, counts on: nothing in these rows says who."""


class AddresseeManager(models.Manager.from_queryset(AddresseeQuerySet)):
    def enlist(self, questionnaire: Questionnaire) -> None:
        """Write down everybody to whom it is put and who is not yet there. Called on a questionnaire, in the
        transaction of a verb."""
        seats = list(questionnaire.addressed().exclude(pk__in=self.values("registration")).select_related("person"))
        kinds = kinds_of(questionnaire, seats)
        self.bulk_create(
            Addressee(questionnaire=questionnaire, registration=seat, group=kinds.get(seat.person_id, ""))
            for seat in seats
        )

    def mark_answered(self, seat: Registration) -> None:
        """Every row is written, though one alone changes: see above. Called on a questionnaire."""
        self.update(has_answered=Case(When(registration=seat, then=Value(True)), default=F("has_answered")))


class Addressee(models.Model):
    questionnaire = models.ForeignKey(
        Questionnaire, models.CASCADE, verbose_name=_("questionnaire"), related_name="addressees"
    )
    registration = models.ForeignKey(
        Registration, models.CASCADE, verbose_name=_("registration"), related_name="questionnaires"
    )
    group = models.CharField(_("kind of organization"), max_length=20, choices=Organization.Kind, blank=True)
    has_answered = models.BooleanField(_("has answered"), default=False)
    asked_at = models.DateTimeField(_("written to"), null=True)  # the letter; when they answered is nowhere

    objects = AddresseeManager()

    class Meta:
        verbose_name = _("questionnaire that was put to somebody")
        verbose_name_plural = _("questionnaires that were put to somebody")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["questionnaire", "registration"], name="addressee_once")]

    def __str__(self) -> str:
        return str(self.questionnaire)


class SheetQuerySet(GuardedQuerySet):
    opened_by = "events.questionnaire"

    def of_desks(self, desks):
        """Of a desk's own people, and those that are nobody's."""
        own = Q(registration__person__in=Person.objects.of_desks(desks).values("pk"))
        return self.filter(own | Q(questionnaire__is_anonymous=True))

    def is_enough(self) -> bool:
        """Whether there are so many that nobody can be guessed."""
        return self.count() >= ENOUGH

    def erase(self) -> None:
        """The sheet counts on, and is nobody's."""
        self.update(registration=None, at=None, group="")


class SheetManager(models.Manager.from_queryset(SheetQuerySet)):
    def take(self, questionnaire: Questionnaire, seat: Registration, said: Mapping[int, Said], now) -> "Sheet":
        """The sheet of `seat` with what is `said`, new or written anew; of an anonymous questionnaire one that is
        nobody's. Raises ValidationError for what is no answer. Called on a questionnaire, in the transaction of its
        verb."""
        items = list(questionnaire.items.prefetch_related("options"))
        for item in items:
            item.questionnaire = questionnaire  # read once
            item.guard(said.get(item.pk, ""))
        sheet = self._find(questionnaire, seat, now)
        sheet.write(items, said)
        return sheet

    def _find(self, questionnaire: Questionnaire, seat: Registration, now: datetime.datetime) -> "Sheet":
        group = questionnaire.addressees.get(registration=seat).group
        if not questionnaire.is_anonymous:
            return self.update_or_create(registration=seat, defaults={"at": now, "group": group})[0]
        alike = questionnaire.addressees.filter(group=group, registration__in=questionnaire.addressed())
        return self.create(group=group if alike.count() >= ENOUGH else "")


class Sheet(models.Model):
    id = models.BigAutoField(primary_key=True, default=drawn_key)
    questionnaire = models.ForeignKey(
        Questionnaire, models.CASCADE, verbose_name=_("questionnaire"), related_name="sheets"
    )
    registration = models.ForeignKey(
        Registration, models.CASCADE, verbose_name=_("registration"), related_name="sheets", null=True
    )
    group = models.CharField(_("kind of organization"), max_length=20, choices=Organization.Kind, blank=True)
    at = models.DateTimeField(_("handed in"), null=True)
    score = models.PositiveSmallIntegerField(_("right answers"), null=True)
    out_of = models.PositiveSmallIntegerField(_("out of"), null=True)

    objects = SheetManager()

    class Meta:
        verbose_name = _("answers to a questionnaire")
        verbose_name_plural = _("answers to questionnaires")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "registration"], name="sheet_once"),
            models.CheckConstraint(
                condition=Q(registration__isnull=False) | Q(at__isnull=True), name="sheet_of_nobody_has_no_time"
            ),
        ]

    def __str__(self) -> str:
        return str(self.questionnaire)

    @property
    def percent(self) -> int | None:
        """Of what can be right, how much is."""
        return round(100 * self.score / self.out_of) if self.out_of else None

    def said(self) -> dict[int, Said]:
        """Item (key) -> what is said to it."""
        found: dict[int, Said] = {}
        for answer in self.answers.all():
            before = found.get(answer.item_id, ())
            found[answer.item_id] = (*before, answer.option_id) if answer.option_id else answer.value
        return found

    def write(self, items: list[Item], said: Mapping[int, Said]) -> None:
        """What was said before is replaced. Called in the transaction of the verb."""
        self.answers.all().delete()
        rows = []
        for item in items:
            value = said.get(item.pk) or ""
            parts = [{"option_id": pk} for pk in value] if isinstance(value, tuple) else [{"value": value}]
            rows += [SheetAnswer(sheet=self, item=item, **part) for part in parts if value]
        SheetAnswer.objects.bulk_create(rows)
        if scored := [item for item in items if item.is_scored]:
            self.out_of = len(scored)
            self.score = sum(item.is_right(said.get(item.pk) or "") for item in scored)
            self.save(update_fields=["score", "out_of"])


class SheetAnswerQuerySet(models.QuerySet):
    def erase(self) -> None:
        """What was chosen counts on; words of their own may say who they are."""
        self.filter(item__kind=Item.Kind.TEXT).delete()


class SheetAnswer(models.Model):
    id = models.BigAutoField(primary_key=True, default=drawn_key)
    sheet = models.ForeignKey(Sheet, models.CASCADE, related_name="answers")
    item = models.ForeignKey(Item, models.RESTRICT, verbose_name=_("question"), related_name="answers")
    option = models.ForeignKey(ItemOption, models.RESTRICT, verbose_name=_("option"), related_name="answers", null=True)
    value = models.TextField(_("answer"), blank=True)

    objects = SheetAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer to a questionnaire")
        verbose_name_plural = _("single answers to questionnaires")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.item}: {self.words}"

    @property
    def words(self) -> str:
        """What it says, in words of the active language."""
        if self.option_id:
            return str(self.option)
        return in_words(self.item.kind, self.value)


def in_words(kind: str, value: str) -> str:
    if kind == Item.Kind.YES_NO:
        return str(Word(value).label)
    if kind == Item.Kind.RATING:
        return f"{value} ({Grade(value).label})"
    return value


def kinds_of(questionnaire: Questionnaire, seats: list[Registration]) -> dict[int, str]:
    """Person (key) -> the kind of the organization for which they come."""
    people = [seat.person for seat in seats]
    found = {key: held[0].organization.kind for key, held in held_by(people).items()}
    sent = questionnaire.event.invitations.filter(person__in=people).exclude(delegation=None)
    return found | dict(sent.values_list("person", "delegation__organization__kind"))
