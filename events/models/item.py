"""Item: one question of a questionnaire; ItemOption: what can be chosen as its answer, right or wrong in an
assessment."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.log_actions import log

from events.models.question import Said, Word
from events.models.questionnaire import Questionnaire
from events.models.usual_items import SETS
from network.labels import LabelsField


class Grade(models.TextChoices):
    """The scale of a rating, from worst to best."""

    VERY_POOR = "1", pgettext_lazy("rating", "Very poor")
    POOR = "2", pgettext_lazy("rating", "Poor")
    FAIR = "3", pgettext_lazy("rating", "Fair")
    GOOD = "4", pgettext_lazy("rating", "Good")
    VERY_GOOD = "5", pgettext_lazy("rating", "Very good")


class ItemManager(models.Manager):
    @transaction.atomic
    def add_usual(self, questionnaire: Questionnaire, names: Iterable[str], *, by) -> int:
        """Put the ready-made sets of those `names` at the end; what is asked already, by the same English words, is not
        asked twice. Returns how many are new. Raises ValidationError once somebody has answered."""
        questionnaire._hold()
        questionnaire.guard_writing()
        known = {item.label.in_language("en") for item in questionnaire.items.all()}
        earlier = {one.label.in_language("en"): one for one in self.filter(questionnaire=questionnaire.before)}
        rows = [row for name in names for row in SETS[name]["items"] if row["label"]["en"] not in known]
        for row in rows:
            self.create(questionnaire=questionnaire, same_as=earlier.get(row["label"]["en"]), **row)
        if rows:
            told = {"items": [row["label"]["en"] for row in rows]}
            log(questionnaire, "events.questionnaire.write", user=by, data=told)
        return len(rows)

    @transaction.atomic
    def add_those_before(self, questionnaire: Questionnaire, *, by) -> int:
        """Ask after the event what was asked before it, so that the two can be compared; returns how many are new."""
        questionnaire._hold()
        questionnaire.guard_writing()
        known = set(questionnaire.items.values_list("same_as", flat=True))
        earlier = self.filter(questionnaire=questionnaire.before).exclude(pk__in=known - {None})
        rows = list(earlier.prefetch_related("options"))
        for row in rows:
            new = self.create(
                questionnaire=questionnaire,
                same_as=row,
                **{name: getattr(row, name) for name in ("label", "help", "kind", "is_required", "right_word")},
            )
            for one in row.options.all():
                ItemOption.objects.create(item=new, label=one.label, is_right=one.is_right, position=one.position)
        if rows:
            told = {"items": [row.label.in_language("en") for row in rows]}
            log(questionnaire, "events.questionnaire.write", user=by, data=told)
        return len(rows)


class Item(ClusterableModel):
    class Kind(models.TextChoices):
        RATING = "RATING", _("A rating from 1 to 5")
        CHOICE = "CHOICE", _("One of several options")
        CHOICES = "CHOICES", _("Any of several options")
        YES_NO = "YES_NO", _("Yes or no")
        TEXT = "TEXT", _("Words of their own")

    questionnaire = models.ForeignKey(
        Questionnaire, models.CASCADE, verbose_name=_("questionnaire"), related_name="items"
    )
    label = LabelsField(_("question"))
    help = LabelsField(_("explanation"), rows=2, blank=True)
    kind = models.CharField(_("kind of answer"), max_length=10, choices=Kind, default=Kind.RATING)
    is_required = models.BooleanField(_("must be answered"), default=False)
    right_word = models.CharField(
        _("right answer"),
        max_length=3,
        choices=Word,
        blank=True,
        help_text=_("To a question with yes or no in an assessment. Empty: it is not scored."),
    )
    same_as = models.ForeignKey("self", models.SET_NULL, related_name="again", null=True, editable=False)
    position = models.PositiveIntegerField(pgettext_lazy("order", "position"), default=0, editable=False)

    objects = ItemManager()

    class Meta:
        verbose_name = _("question of a questionnaire")
        verbose_name_plural = _("questions of questionnaires")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return str(self.label)

    def save(self, *args, **kwargs):
        if self.pk is None:
            last = Item.objects.filter(questionnaire=self.questionnaire).aggregate(last=Max("position"))["last"]
            self.position = 0 if last is None else last + 1
        super().save(*args, **kwargs)

    @property
    def name(self) -> str:
        """What a form calls it."""
        return f"i{self.pk}"

    @property
    def has_options(self) -> bool:
        return self.kind in (self.Kind.CHOICE, self.Kind.CHOICES)

    @property
    def is_scored(self) -> bool:
        """Whether an answer can be right or wrong."""
        is_marked = any(one.is_right for one in self.options.all()) if self.has_options else self.right_word != ""
        return is_marked and self.questionnaire.is_assessment

    def is_right(self, said: Said) -> bool:
        """Whether `said` (a word, or the keys of options) is the right answer: of options, all that are right and no
        other."""
        if self.has_options:
            return set(said or ()) == {one.pk for one in self.options.all() if one.is_right}
        return said == self.right_word

    def guard(self, said: Said) -> None:
        """Raises ValidationError, by the name of the field, for what is no answer to it."""
        if not said and self.is_required:
            raise ValidationError({self.name: _("Please answer this question.")})
        if said and not self._can_be(said):
            raise ValidationError({self.name: _("Choose one of the answers that are offered.")})

    def _can_be(self, said: Said) -> bool:
        if self.has_options:
            is_too_many = self.kind == self.Kind.CHOICE and len(said) > 1
            return not is_too_many and set(said) <= {one.pk for one in self.options.all()}
        offered = {self.Kind.RATING: Grade.values, self.Kind.YES_NO: Word.values}
        return said in offered.get(self.kind, [said])

    @transaction.atomic
    def move(self, steps: int, *, by) -> None:
        """One place up (-1) or down (1). Raises ValidationError once somebody has answered."""
        self.questionnaire._hold()
        self.questionnaire.guard_writing()
        rows = list(self.questionnaire.items.all())
        here = rows.index(self)
        if not 0 <= here + steps < len(rows):
            return
        rows[here], rows[here + steps] = rows[here + steps], rows[here]
        for position, row in enumerate(rows):
            row.position = position
        Item.objects.bulk_update(rows, ["position"])
        log(self.questionnaire, "events.questionnaire.write", user=by, data={"moved": str(self)})

    @transaction.atomic
    def drop(self, *, by) -> None:
        """Ask it no more. Raises ValidationError once somebody has answered."""
        self.questionnaire._hold()
        self.questionnaire.guard_writing()
        log(self.questionnaire, "events.questionnaire.write", user=by, data={"dropped": str(self)})
        self.delete()


class ItemOption(models.Model):
    item = ParentalKey(Item, on_delete=models.CASCADE, verbose_name=_("question"), related_name="options")
    label = LabelsField(_("option"))
    is_right = models.BooleanField(_("right"), default=False, help_text=_("In an assessment: counts for the score."))
    position = models.PositiveIntegerField(pgettext_lazy("order", "position"), default=0)

    class Meta:
        verbose_name = _("option of a questionnaire")
        verbose_name_plural = _("options of questionnaires")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return str(self.label)
