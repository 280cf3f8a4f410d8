"""ScreeningRun: that everybody is compared with all watchlists, by the worker; and between two of them whoever changed.

Who changed is read off the history, in the order in which it was sealed: that order has no gaps, and every verb leaves
an entry there, so none has to think of the lists.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import ModelLogEntry

from contacts.models.person import Person
from contacts.models.screening import ScreeningQuestion, Subject, facts_of, key_of, with_facts
from contacts.models.watchlist import Watchlist, WatchlistEntry
from contacts.watchlists import Index
from network.models import Organization, Seal
from network.models.errand import Errand, ErrandManager
from network.models.intake import in_batches

BATCH = 500
# One entry of the history that speaks of very many.
IMPORTS = ("contacts.person.import", "network.organization.import")


class ScreeningRunManager(ErrandManager):
    def has_work(self) -> bool:
        """Whether `run_next` would find something to do; asked every second."""
        if not Watchlist.objects.exists():
            return False
        return self.waiting().exists() or self._newer_list() is not None or self._unread().exists()

    def run_next(self) -> bool:
        """Compare everybody where somebody asked for it or a list is newer than the last run, and else who changed."""
        if newer := self._newer_list():
            self.ask(by=newer.loaded_by)
        return super().run_next() or self.catch_up() > 0

    def catch_up(self) -> int:
        """Compare whoever has changed since; returns how many of them. Where it may be a great many, everybody is."""
        last, seals = self.done().first(), list(self._unread()[: BATCH * 10])
        if not seals:
            return 0
        keys = defaultdict(set)
        entries = ModelLogEntry.objects.filter(pk__in=[seal.entry for seal in seals], content_type__in=_kinds())
        for model, key, action in entries.values_list("content_type__model", "object_id", "action"):
            keys["import" if action in IMPORTS else model].add(int(key))
        subjects = [*_subjects(Person, keys["person"]), *_subjects(Organization, keys["organization"])]
        if keys["import"] or len(subjects) > BATCH:
            self.ask(by=None)
        elif subjects:
            compare_few(subjects)
        self.filter(pk=last.pk).update(up_to=seals[-1].pk)
        return len(subjects)

    def covers(self, watchlist: Watchlist) -> datetime | None:
        """When everybody was last compared with `watchlist` as it is, or None."""
        last = self.done().first()
        return last.started_at if last and last.started_at >= watchlist.loaded_at else None

    def is_behind(self, subject: Subject) -> bool:
        """Whether `subject` has changed since it was compared."""
        last = self.done().first()
        newest = _history(subject).aggregate(newest=models.Max("pk"))["newest"]
        if last is None or newest is None:
            return False
        return not Seal.objects.filter(kind=Seal.Kind.RECORD, entry=newest, pk__lte=last.up_to).exists()

    def screened(self, subject: Subject, watchlist: Watchlist) -> tuple[datetime | None, bool]:
        """When `subject` was compared with `watchlist` as it is, or None where it was not; and whether that was alone,
        by the worker, at some time after that moment, which is then that of its last change."""
        day, is_behind = self.covers(watchlist), self.is_behind(subject)
        changed = _history(subject).aggregate(changed=models.Max("timestamp"))["changed"]
        if day is None or changed is None or changed <= day:
            return day, False
        if not is_behind:
            return changed, True
        is_newer = _history(subject).filter(action="wagtail.create", timestamp__gt=day).exists()
        return None if is_newer else day, False

    def _newer_list(self) -> Watchlist | None:
        newest = Watchlist.objects.order_by("-loaded_at").first()
        if (
            newest is None
            or self.filter(models.Q(started_at=None) | models.Q(started_at__gte=newest.loaded_at)).exists()
        ):
            return None
        return newest

    def _unread(self):
        """The seals on the history of records that are newer than what has been compared."""
        last = self.done().first()
        seals = Seal.objects.filter(kind=Seal.Kind.RECORD).order_by("pk")
        return seals.filter(pk__gt=last.up_to) if last else seals.none()


class ScreeningRun(Errand):
    action = "contacts.screening.run"

    up_to = models.BigIntegerField(default=0)  # the last seal on the history that was there when it began
    questions = models.PositiveIntegerField(_("new questions"), default=0)

    objects = ScreeningRunManager()

    class Meta(Errand.Meta):
        verbose_name = _("screening run")
        verbose_name_plural = _("screening runs")

    def run(self) -> None:
        self.up_to = Seal.objects.aggregate(last=models.Max("pk"))["last"] or 0
        self.questions, done = 0, 0
        everybody = [Person.objects.order_by("pk"), Organization.objects.order_by("pk")]
        total = sum(subjects.count() for subjects in everybody)
        self.tell(0, total)
        index = Index(WatchlistEntry.objects.facts())
        for subjects in in_batches(chain.from_iterable(map(_stream, everybody)), BATCH):
            found = {key_of(subject): index.like(facts_of(subject)) for subject in subjects}
            self.questions += ScreeningQuestion.objects.note(subjects, found)
            done += len(subjects)
            self.tell(done, total)
        type(self).objects.filter(pk=self.pk).update(up_to=self.up_to, questions=self.questions)


def compare_few(subjects: list[Subject]) -> int:
    """Compare `subjects` with all lists. They are put into the index, and the lists go by: that takes a second or two,
    where an index of the lists takes as many as a whole run."""
    index = Index((key_of(subject), facts_of(subject)) for subject in subjects)
    found = defaultdict(list)
    for entry, facts in WatchlistEntry.objects.facts():
        for key, comparison in index.like(facts):
            found[key].append((entry, comparison))
    return ScreeningQuestion.objects.note(subjects, found)


def _history(subject: Subject):
    kind = ContentType.objects.get_for_model(subject)
    return ModelLogEntry.objects.filter(content_type=kind, object_id=str(subject.pk))


def _kinds() -> Iterable[ContentType]:
    return ContentType.objects.get_for_models(Person, Organization).values()


def _subjects(model: type[models.Model], keys: Iterable[int]) -> list[Subject]:
    return list(with_facts(model.objects.filter(pk__in=keys)))


def _stream(subjects) -> Iterator[Subject]:
    return with_facts(subjects).iterator(chunk_size=BATCH)
