"""Answer: what a registration says to a question of the form; a later version stands beside the earlier ones. Choice:
that an answer chooses an option, and holds a place of it. (What was said to an invitation is an InvitationAnswer.)"""

import datetime
from collections import Counter
from collections.abc import Iterable

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from contacts.models import User
from contacts.uploads import clean_name, hidden_path, kind_of
from events.models.event import Event
from events.models.question import Kind, Listing, Option, Question, Said, Word
from events.models.quota import Quota
from network.models import Country


def answer_path(answer: "Answer", name: str) -> str:
    """Below a folder that nobody can guess, under no name of the sender's; nothing there is handed out unasked."""
    return hidden_path("answers", name)


class AnswerQuerySet(models.QuerySet):
    def current(self):
        """What is said now; of a dropped answer, that nothing is said."""
        return self.filter(is_current=True)

    def given(self):
        return self.filter(is_current=True, is_empty=False)

    def erase(self) -> None:
        """Nothing is left of what was said; the places are free."""
        rows = self.model.objects.filter(pk__in=list(self.values_list("pk", flat=True)))
        rows.give_places_back()
        names = [answer.file.name for answer in rows.exclude(file="")]
        rows.delete()
        transaction.on_commit(lambda: [default_storage.delete(name) for name in names])

    def give_places_back(self) -> None:
        """Free the places of options that these hold."""
        held = Choice.objects.filter(answer__in=self, holds_place=True).order_by("option__quota")
        for pk, quota in list(held.values_list("pk", "option__quota")):
            if Choice.objects.filter(pk=pk, holds_place=True).update(holds_place=False):
                Quota.objects.filter(pk=quota).give_back()

    def take_places_anew(self) -> None:
        """Hold the places again that were given back; an option that is full by now is to be chosen anew."""
        for answer in self.given().filter(choices__holds_place=False).distinct():
            lost = []
            for choice in answer.choices.filter(holds_place=False).order_by("option__quota"):
                if Quota.objects.filter(option=choice.option_id).take():
                    Choice.objects.filter(pk=choice.pk).update(holds_place=True)
                else:
                    lost.append(choice.option_id)
            if lost:
                kept = tuple(pk for pk in answer.said if pk not in lost)
                answer.question.answers.write(answer.registration, {answer.question: kept}, by=None)

    def vanishing(self, now: datetime.datetime | None = None):
        """Travel and passport data whose time is over, of nobody on legal hold."""
        last = (now or timezone.now()).date() - datetime.timedelta(days=settings.TRAVEL_DATA_DAYS)
        over = self.filter(question__is_travel_data=True, registration__event__ends_on__lt=last)
        return over.filter(registration__person__hold_reason="")


class AnswerManager(models.Manager.from_queryset(AnswerQuerySet)):
    def write(self, registration, said: dict[Question, "Said | File"], *, by) -> None:
        """The next version of each of these answers of `registration`; the places of their options are taken, and
        those of the version before given back. Raises ValidationError, by the name of the question, where an option
        is full. Called in the transaction of the verb that writes."""
        rows = self.model.objects.filter(registration=registration)
        counts: Counter[int] = Counter()
        for question in said:
            for choice in Choice.objects.filter(answer__in=rows.filter(question=question), holds_place=True):
                counts[choice.option_id] -= 1
                Choice.objects.filter(pk=choice.pk).update(holds_place=False)
            rows.filter(question=question, is_current=True).update(is_current=False)
        for question, value in said.items():
            counts.update(self._add(registration, question, value, by))
        self._settle(counts, list(said))

    def _add(self, registration, question: Question, value: "Said | File", by) -> Iterable[int]:
        answer = self.model(registration=registration, question=question, by=by, is_empty=not value)
        if isinstance(value, File):
            answer.name, answer.size = clean_name(value.name), value.size
            answer.file.save(f"file.{kind_of(value)}", value, save=False)
            value = answer.name
        chosen = value if isinstance(value, tuple) else ()
        options = list(Option.objects.filter(pk__in=chosen))
        answer.value = "; ".join(one.label.in_language("en") for one in options) if chosen else value or ""
        answer.country_id = value if question.kind == Kind.COUNTRY and value else None
        answer.save()
        for option in options:
            answer.choices.create(option=option)
        return [option.pk for option in options]

    def _settle(self, counts: Counter[int], questions: list[Question]) -> None:
        """Places are taken and given back in the order of the quotas, so that two people never wait for each other."""
        quotas = Quota.objects.filter(option__in=[pk for pk, count in counts.items() if count]).select_related("option")
        for quota in quotas.order_by("pk"):
            rows = Quota.objects.filter(pk=quota.pk)
            if counts[quota.option_id] < 0:
                rows.give_back()
            elif not rows.take():
                question = next(one for one in questions if one.pk == quota.option.question_id)
                told = _("No place is left for “%(option)s”. Please choose another.") % {"option": quota.option}
                raise ValidationError({question.name: told})

    def vanish(self, now: datetime.datetime | None = None) -> int:
        """Delete travel and passport data, all versions and files, of events that are over for so many days; the
        history of each event says how much it was. Returns how many answers are gone."""
        gone = 0
        events = Event.objects.filter(pk__in=self.vanishing(now).values("registration__event"))
        for event in events:
            with transaction.atomic():
                Event.objects.select_for_update().get(pk=event.pk)  # a second worker waits, and finds nothing
                rows = self.vanishing(now).filter(registration__event=event)
                told = {"answers": rows.count(), "files": rows.exclude(file="").count()}
                if told["answers"]:
                    rows.erase()
                    log(event, "events.details.vanish", data=told)
                gone += told["answers"]
        return gone


class Answer(models.Model):
    registration = models.ForeignKey(
        "Registration", models.CASCADE, verbose_name=_("registration"), related_name="answers"
    )
    question = models.ForeignKey(Question, models.RESTRICT, verbose_name=_("question"), related_name="answers")
    value = models.TextField(_("answer"), blank=True)
    file = models.FileField(_("file"), upload_to=answer_path, max_length=200, blank=True)
    country = models.ForeignKey(Country, models.PROTECT, verbose_name=_("country"), related_name="+", null=True)
    name = models.CharField(_("name of the file"), max_length=200, blank=True)
    size = models.PositiveIntegerField(_("size"), default=0)
    at = models.DateTimeField(_("answered"), default=timezone.now)
    by = models.ForeignKey(User, models.SET_NULL, verbose_name=_("filled in by"), related_name="+", null=True)
    is_current = models.BooleanField(_("current"), default=True)
    is_empty = models.BooleanField(_("emptied"), default=False)

    objects = AnswerManager()

    class Meta:
        verbose_name = _("answer in the registration form")
        verbose_name_plural = _("answers in the registration form")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "question"], condition=Q(is_current=True), name="answer_current_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.words}"

    @property
    def said(self) -> Said:
        """What it says to the conditions of other questions, and to a form."""
        if self.question.has_options:
            return tuple(sorted(choice.option_id for choice in self.choices.all()))
        return self.value

    @property
    def words(self) -> str:
        """What it says, in words of the active language."""
        if self.question.has_options:
            return ", ".join(str(choice.option) for choice in self.choices.all())
        if self.country:
            return str(self.country)
        return in_words(self.question.kind, self.value) if self.value else ""


class Choice(models.Model):
    answer = models.ForeignKey(Answer, models.CASCADE, related_name="choices")
    option = models.ForeignKey(Option, models.RESTRICT, verbose_name=_("option"), related_name="choices")
    holds_place = models.BooleanField(default=True)  # in the quota of the option

    class Meta:
        verbose_name = _("choice")
        verbose_name_plural = _("choices")
        ordering = ["option__position", "option"]
        constraints = [models.UniqueConstraint(fields=["answer", "option"], name="choice_once")]

    def __str__(self) -> str:
        return str(self.option)


def in_words(kind: str, value: str) -> str:
    if kind == Kind.YES_NO:
        return str(Word(value).label)
    if kind == Kind.LISTING:
        return str(Listing(value).label)
    if kind == Kind.DATE:
        return date_format(datetime.date.fromisoformat(value), "DATE_FORMAT")
    return value
