"""Work: the batches that wait are gone on with, a slice in a transaction, by whichever worker comes.

A worker that is stopped in the middle leaves whole slices, and the next one goes on after them: how far a batch is
stands in its row, which each slice holds while it is written."""

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from contacts.models.delivery import Delivery
from contacts.models.imports.batch import ImportBatch
from contacts.models.imports.judging import Judge
from contacts.models.imports.row import ImportRow, ImportRowQuerySet
from contacts.models.imports.taking import take
from contacts.models.imports.undoing import Undoing
from network.sentences import Sentence
from network.sheets import Row, SheetError

SLICE = 500
State = ImportBatch.State
ENDS = {State.JUDGING: State.PREVIEWED, State.RUNNING: State.DONE, State.UNDOING: State.UNDONE}


def work_off(seconds: float = 15.0, unhurried: float = 90.0) -> int:
    """Go on with every batch that waits, for about so long, or `unhurried` while no letter waits: letters are not to
    wait for an import, and what one learns of all organizations to begin with takes seconds. Returns how many slices
    were done."""
    end, last, done = time.monotonic() + seconds, time.monotonic() + unhurried, 0

    def is_over() -> bool:
        now = time.monotonic()
        return now >= last or (now >= end and Delivery.objects.due().exists())

    with _few_collections():
        for pk in list(ImportBatch.objects.at_work().order_by("pk").values_list("pk", flat=True)):
            done += _go_on(pk, is_over)
    return done


def go_on(pk: int, seconds: float = 1.0) -> int:
    """Go on with one batch until it is done or the time is over, one slice at least; returns how many slices. Short
    files are done at once by whoever asks for it."""
    end = time.monotonic() + seconds
    return _go_on(pk, lambda: time.monotonic() >= end)


@contextmanager
def _few_collections() -> Iterator[None]:
    """What is learned of all organizations is a million objects that stay: to look among them for garbage as often as
    Python does takes a seventh of the time. For the worker: the threads of a web process share one setting."""
    usual = gc.get_threshold()
    gc.set_threshold(50_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _go_on(pk: int, is_over: Callable[[], bool]) -> int:
    batch = ImportBatch.objects.select_related("by", "undone_by").get(pk=pk)
    done = 0
    try:
        for _slice in _slices(batch):
            done += 1
            if is_over():
                break
    except Exception as error:
        _break_off(pk, batch.state, error)
    return done


def _slices(batch: ImportBatch) -> Iterator[None]:
    actor = batch.undone_by if batch.state == State.UNDOING else batch.by
    if actor is None or not actor.is_active:
        raise Closed
    if batch.state == State.JUDGING:
        judge = Judge(batch)
        while _judge_again(judge):
            yield
        if batch.state == State.JUDGING:
            with batch.on_disk() as path:
                rows = batch.file_rows(path)
                while _read(judge, rows):
                    yield
    elif batch.state == State.RUNNING:
        judge = Judge(batch, is_taking=True)
        while _take(judge):
            yield
    elif batch.state == State.UNDOING:
        undoing = Undoing(batch, by=actor)
        while _take_back(undoing):
            yield


class Closed(Exception):
    """Nobody answers for this batch any more."""


class Overtaken(Exception):
    """Another worker does this already."""


@transaction.atomic
def _judge_again(judge: Judge) -> bool:
    """Judge the next rows that are kept from an earlier look; False where there are none left."""
    batch = _held(judge.batch, State.JUDGING)
    if batch.total == batch.done:
        return _end(batch)
    rows = list(_beyond(batch, batch.rows))
    if not rows:
        return False
    judge.judge(rows)
    ImportRow.objects.put_back(rows, ImportRow.JUDGED)
    return _step(batch, rows)


@transaction.atomic
def _read(judge: Judge, source: Iterator[Row]) -> bool:
    """Keep the next rows of the file, judged."""
    before = judge.batch.cursor
    batch = _held(judge.batch, State.JUDGING)
    if batch.cursor != before:
        raise Overtaken
    if batch.total == batch.done:
        return _end(batch)
    rows = [
        ImportRow(batch=batch, number=row.number, cells=list(row.values.values()), is_ragged=row.is_ragged)
        for row in islice(source, SLICE)
    ]
    judge.judge(rows)
    ImportRow.objects.bulk_create(rows)
    return _step(batch, rows)


@transaction.atomic
def _take(judge: Judge) -> bool:
    batch = _held(judge.batch, State.RUNNING)
    rows = list(_beyond(batch, batch.rows.to_take()))
    if not rows:
        batch.taken_at = timezone.now()
        batch.drop_file()
        return _end(batch)
    take(judge, rows)
    return _step(batch, rows)


@transaction.atomic
def _take_back(undoing: Undoing) -> bool:
    batch = _held(undoing.batch, State.UNDOING)
    rows = list(_beyond(batch, batch.rows.to_take_back()))
    if not rows:
        batch.undone_at = timezone.now()
        return _end(batch)
    undoing.take_back(rows)
    return _step(batch, rows)


def _beyond(batch: ImportBatch, rows: ImportRowQuerySet) -> ImportRowQuerySet:
    """The next of `rows`. (What is done lies before the cursor: a database that was to find that out by itself would
    pass over all of it again for each slice.)"""
    return rows.filter(number__gt=batch.cursor).order_by("number")[:SLICE]


def _held(batch: ImportBatch, state: str) -> ImportBatch:
    """The batch as it is, held until the transaction ends."""
    found = ImportBatch.objects.select_for_update().filter(pk=batch.pk, state=state)
    if not found:
        raise Overtaken
    batch.refresh_from_db(fields=["state", "done", "cursor", "total", "organizations"])
    return batch


def _step(batch: ImportBatch, rows: list[ImportRow]) -> bool:
    batch.done += len(rows)
    batch.cursor = rows[-1].number if rows else batch.cursor
    batch.save(update_fields=["done", "cursor"])
    return bool(rows)


def _end(batch: ImportBatch) -> bool:
    batch.state = ENDS[State(batch.state)]
    batch.save()
    return False


def _break_off(pk: int, state: str, error: Exception) -> None:
    """Say why; nothing of the slice is written, and somebody can let it go on. (The error itself may name people, so it
    is neither kept nor logged, but for its kind.)"""
    if isinstance(error, Overtaken):
        return
    why = Sentence(_("Something went wrong (%(kind)s). Nothing is half-written."), kind=type(error).__name__)
    if isinstance(error, SheetError):
        why = error.sentence
    elif isinstance(error, Closed):
        why = Sentence(_("The account of whoever began this is closed."))
    ImportBatch.objects.filter(pk=pk, state=state).update(state=State.FAILED, broken_in=state, broken_why=why)
