"""Question: what the registration form of an event asks, of whom and when; Option: what can be chosen as its answer,
with as many places as its quota has."""

from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.log_actions import log

from events.models.event import Event
from events.models.quota import Quota, Role
from events.models.usual_questions import SETS
from network.labels import LabelsField

Said = str | tuple[int, ...]  # an answer: its words, or the options (keys) that were chosen


class Kind(models.TextChoices):
    TEXT = "TEXT", _("A line of text")
    LONG_TEXT = "LONG_TEXT", _("Several lines of text")
    YES_NO = "YES_NO", _("Yes or no")
    CHOICE = "CHOICE", _("One of several options")
    CHOICES = "CHOICES", _("Any of several options")
    DATE = "DATE", _("A date")
    COUNTRY = "COUNTRY", _("A country")
    FILE = "FILE", _("A file")
    LISTING = "LISTING", _("Consent to be listed")


WITH_OPTIONS = (Kind.CHOICE, Kind.CHOICES)
CAN_DECIDE = (Kind.YES_NO, *WITH_OPTIONS)  # whether another question is asked


class Word(models.TextChoices):
    YES = "YES", _("Yes")
    NO = "NO", _("No")


class Listing(models.TextChoices):
    """How far somebody agrees to be listed, from nowhere to everywhere."""

    NONE = "NONE", _("Not listed")
    PARTICIPANTS = "PARTICIPANTS", _("In the list for participants")
    PUBLIC = "PUBLIC", _("In the public list as well")


class Stage(models.TextChoices):
    REGISTRATION = "REGISTRATION", _("With the registration")
    FOLLOW_UP = "FOLLOW_UP", _("Once the seat is confirmed")


class QuestionManager(models.Manager):
    @transaction.atomic
    def add_usual(self, event: Event, names: Iterable[str], *, by) -> int:
        """Put the ready-made sets of those `names` at the end of the form; what the event asks already, by the same
        English words, is not asked twice. Returns how many questions are new."""
        Event.objects.select_for_update().get(pk=event.pk)  # two at once come one after the other
        known = {question.label.in_language("en"): question for question in event.questions.all()}
        rows = [row for name in names for row in SETS[name]["questions"]]
        new = [row for row in rows if row["label"]["en"] not in known]
        for row in new:
            known[row["label"]["en"]] = self._put(event, dict(row), known)
        if new:
            log(event, "events.question.add_usual", user=by, data={"questions": [row["label"]["en"] for row in new]})
        return len(new)

    def _put(self, event: Event, row: dict, known: Mapping[str, "Question"]) -> "Question":
        options, only_if = row.pop("options", ()), row.pop("only_if", None)
        question = Question(event=event, **row)
        if only_if:
            question.only_if, question.wanted_word = known[only_if], Word.YES
        question.save()
        for position, label in enumerate(options):
            Option.objects.create(question=question, label=label, position=position)
        return question


class Question(ClusterableModel):
    event = models.ForeignKey(Event, models.CASCADE, verbose_name=_("event"), related_name="questions")
    stage = models.CharField(_("when it is asked"), max_length=12, choices=Stage, default=Stage.REGISTRATION)
    section = LabelsField(
        _("heading"), blank=True, help_text=_("Questions that follow each other under one heading stand together.")
    )
    label = LabelsField(_("question"))
    help = LabelsField(_("explanation"), rows=2, blank=True)
    kind = models.CharField(_("kind of answer"), max_length=12, choices=Kind, default=Kind.TEXT)
    roles = models.JSONField(_("asked of"), default=list, blank=True)
    is_required = models.BooleanField(
        _("must be answered"), default=False, help_text=_("Until then details are missing; the seat stays.")
    )
    is_for_managers = models.BooleanField(
        _("for organizers only"), default=False, help_text=_("Nobody else sees it; organizers fill it in.")
    )
    asks_approval_again = models.BooleanField(
        _("a change is to be approved"),
        default=False,
        help_text=_("When the answer of somebody approved changes, they are to be approved again."),
    )
    is_travel_data = models.BooleanField(
        _("travel or passport data"), default=False, help_text=_("Its answers vanish by themselves after the event.")
    )
    position = models.PositiveIntegerField(pgettext_lazy("order", "position"), default=0, editable=False)
    only_if = models.ForeignKey(
        "self", models.RESTRICT, verbose_name=_("only if"), related_name="decides", null=True, blank=True
    )
    wanted_option = models.ForeignKey("Option", models.RESTRICT, related_name="decides", null=True, blank=True)
    wanted_word = models.CharField(max_length=3, choices=Word, blank=True)

    objects = QuestionManager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(only_if=None, wanted_option=None, wanted_word="")
                | Q(only_if__isnull=False, wanted_option__isnull=False, wanted_word="")
                | (Q(only_if__isnull=False, wanted_option=None) & ~Q(wanted_word="")),
                name="question_wants_one_answer_of_another",
            )
        ]

    def __str__(self) -> str:
        return str(self.label)

    def save(self, *args, **kwargs):
        if self.pk is None:
            last = Question.objects.filter(event=self.event).aggregate(last=Max("position"))["last"]
            self.position = 0 if last is None else last + 1
        super().save(*args, **kwargs)

    @property
    def name(self) -> str:
        """What a form calls it."""
        return f"q{self.pk}"

    @property
    def has_options(self) -> bool:
        return self.kind in WITH_OPTIONS

    @property
    def of_whom(self) -> str:
        """The roles of which it is asked, in words."""
        return ", ".join(str(Role(role).label) for role in self.roles)

    @property
    def condition(self) -> str:
        """Of whom it is asked, by what they have answered before; "" where of everybody."""
        if self.only_if is None:
            return ""
        wanted = self.wanted_option or Word(self.wanted_word).label
        return _("Only if you answered “%(answer)s” to “%(question)s”") % {"answer": wanted, "question": self.only_if}

    def applies(self, said: Mapping[int, Said]) -> bool:
        """Whether it is asked of somebody who has `said` (question -> answer) so much."""
        if self.only_if_id is None:
            return True
        given = said.get(self.only_if_id, "")
        return self.wanted_option_id in (given or ()) if self.wanted_option_id else given == self.wanted_word

    @transaction.atomic
    def move(self, steps: int, *, by) -> None:
        """One place up (-1) or down (1). Raises ValidationError where it would come before what decides about it."""
        Event.objects.select_for_update().get(pk=self.event_id)
        rows = list(Question.objects.filter(event=self.event_id))
        here = rows.index(self)
        there = here + steps
        if not 0 <= there < len(rows):
            return
        other = rows[there]
        first, second = (self, other) if steps < 0 else (other, self)
        if first.only_if_id == second.pk:
            told = _("“%(question)s” depends on “%(other)s” and comes after it.")
            raise ValidationError(told % {"question": first, "other": second})
        rows[here], rows[there] = rows[there], rows[here]
        for position, row in enumerate(rows):
            row.position = position
        Question.objects.bulk_update(rows, ["position"])
        log(self.event, "events.question.move", user=by, data={"question": str(self)})

    @transaction.atomic
    def drop(self, *, by) -> None:
        """Ask it no more. Raises ValidationError once somebody has answered, and where another depends on it."""
        if self.answers.exists():
            raise ValidationError(_("“%(question)s” has been answered and stays.") % {"question": self})
        if other := self.decides.first():
            told = _("“%(question)s” depends on “%(other)s” and comes after it.")
            raise ValidationError(told % {"question": other, "other": self})
        log(self.event, "events.question.drop", user=by, data={"question": str(self)})
        self.delete()


class Option(models.Model):
    question = ParentalKey(Question, on_delete=models.CASCADE, verbose_name=_("question"), related_name="options")
    label = LabelsField(_("option"))
    position = models.PositiveIntegerField(pgettext_lazy("order", "position"), default=0)

    class Meta:
        verbose_name = _("option")
        verbose_name_plural = _("options")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return str(self.label)

    @transaction.atomic
    def save(self, *args, **kwargs):
        is_new = self.pk is None
        super().save(*args, **kwargs)
        if is_new:  # without a limit, and counted from the first answer on
            Quota.objects.create(event=self.question.event, option=self)
