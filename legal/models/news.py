"""News: what has changed in the legal database since a day, as far as a reader may see it: what countries did and said,
as it was recorded or corrected, and which works were published or have a new text."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.utils import timezone
from wagtail.models import ModelLogEntry

from legal.models.participation import Participation
from legal.models.statement import Statement
from legal.models.work import KINDS, Work

MOST = 500  # of each kind
TOLD = ("legal.work.publish", "legal.expression.record")


@dataclass(frozen=True)
class News:
    """`kind`: act, statement, publish or text; `is_correction`: it was recorded before, and says something else now."""

    kind: str
    at: datetime.datetime
    record: Participation | Statement | Work
    work: Work
    is_correction: bool = False
    language: str = ""

    @property
    def key(self) -> str:
        return f"{self.kind}-{self.record.pk}-{self.at:%Y%m%d%H%M%S}"


def news(viewer, since: datetime.date, *, country: str = "", topic: str = "", instrument: str = "") -> list[News]:
    """What `viewer` may see of it, the newest first; of a `country` (code), a `topic` or an `instrument` (short names)
    alone, where they are given. Four queries."""
    moment = timezone.make_aware(datetime.datetime.combine(since, datetime.time.min))
    works = Work.objects.visible_to(viewer)
    if topic:
        works = works.filter(topics__slug=topic)
    if instrument:
        works = works.filter(slug=instrument)
    found = [
        *_of_instruments("act", Participation.objects.all(), works, moment, country),
        *_of_instruments("statement", Statement.objects.all(), works, moment, country),
        *_of_works(works, moment, country),
    ]
    return sorted(found, key=lambda one: (one.at, one.key), reverse=True)


def _of_instruments(kind: str, records: QuerySet, works, moment, country: str) -> Iterator[News]:
    changed = records.filter(changed_at__gte=moment, instrument__in=works.values("pk"))
    if country:
        changed = changed.filter(country=country)
    for one in changed.select_related("instrument", "country").order_by("-changed_at", "-pk")[:MOST]:
        is_correction = one.changed_at - one.recorded_at > datetime.timedelta(minutes=1)
        yield News(kind, one.changed_at, one, one.instrument, is_correction)


def _of_works(works, moment, country: str) -> Iterator[News]:
    """What the history of the works says, each kind of news about a work once a day."""
    if country:
        works = works.filter(country=country)
    kinds = [ContentType.objects.get_by_natural_key("legal", name.lower()) for name in ("Work", *KINDS)]
    entries = ModelLogEntry.objects.filter(content_type__in=kinds, action__in=TOLD, timestamp__gte=moment)
    entries = list(entries.order_by("-timestamp", "-pk")[: 4 * MOST])
    keys = {int(entry.object_id) for entry in entries}
    known = works.select_related("country").in_bulk(keys) if keys else {}
    seen = set()
    for entry in entries:
        work = known.get(int(entry.object_id))
        kind = "publish" if entry.action == TOLD[0] else "text"
        language = (entry.data or {}).get("language", "")
        mark = (entry.object_id, kind, language, entry.timestamp.date())
        if work is not None and mark not in seen:
            seen.add(mark)
            yield News(kind, entry.timestamp, work, work, language=language)
