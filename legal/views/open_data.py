"""The whole public base in one file, for whoever builds on it or reads without a line: what is in it, and its page."""

import csv
import datetime
import io
import json
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import override

from legal.models import Expression, LawArchive, Participation, Work
from legal.text_formats import akn
from legal.views.files import standalone, structured
from legal.views.texts import SHELF_OF
from network.labels import Labels
from network.views.answers import handed_out, public, too_many
from network.viewsets.records import harmless

# Where a work has what only its kind has, and what of it goes out.
MODELS = {"INSTRUMENT": "instrument", "LAW": "nationallaw", "MODEL": "modellaw", "CASE": "casestudy"}
OWN = {
    "INSTRUMENT": ("place", "opened_on", "in_force_on", "in_force_clause", "depositary", "registration"),
    "LAW": ("form", "in_force_on", "repealed_on", "citation", "url"),
    "MODEL": ("prepared_by",),
    "CASE": ("summary", "goods", "modus_operandi", "route", "seizure", "channels", "outcome", "lessons"),
}
MOST = 6  # that a stranger may take in an hour
AT_ONCE = 200  # works that are held in memory


def page(request: HttpRequest) -> HttpResponse:
    """What the archive is, and where to take it."""
    return public(request, render(request, "legal/open_data.html", {"archive": LawArchive.objects.newest()}))


def archive(request: HttpRequest) -> HttpResponse:
    """The last one that was made; 404 where there is none, or something in it has been taken back since."""
    found = LawArchive.objects.newest()
    if found is None:
        raise Http404
    if refusal := too_many(request, "law-archive", MOST):
        return refusal
    return handed_out(found.file, f"law-{found.made_at:%Y-%m-%d}.zip")


def make() -> LawArchive:
    """Write the archive of what is public now; its addresses and words are English."""
    works = Work.objects.published()
    texts = Expression.objects.filter(work__in=works.values("pk"))
    with override("en"):
        return LawArchive.objects.make(entries(), works=works.count(), texts=texts.count())


def entries() -> Iterator[tuple[str, bytes]]:
    """Name and content of each file: the works with their texts, an index to read and one for programs, and who is
    bound by what."""
    index = []
    works = Work.objects.published().order_by("kind", "slug")
    keys = list(works.values_list("pk", flat=True))
    for start in range(0, len(keys), AT_ONCE):
        some = Work.objects.filter(pk__in=keys[start : start + AT_ONCE]).select_related(*MODELS.values())
        some = some.order_by("kind", "slug").prefetch_related("topics")
        for work in some.prefetch_related(Prefetch("expressions", Expression.objects.select_related("work"))):
            told = described(work)
            yield from _files(work, told)
            index.append(told)
    yield "index.json", _json({"site": str(settings.SITE_NAME), "url": settings.SITE_URL, "works": index})
    yield "index.html", render_to_string("legal/archive_index.html", {"works": index}).encode()
    yield "participations.csv", _participations()


def described(work: Work) -> dict[str, Any]:
    """What everybody may know of `work`, and where its texts are in the archive."""
    folder = f"{SHELF_OF[work.kind]}/{work.slug}"
    own = getattr(work, MODELS[work.kind])
    facts = {name: _said(getattr(own, name)) for name in OWN[work.kind]}
    return {
        "id": work.slug,
        "kind": work.kind,
        "title": dict(work.title),
        "number": work.number,
        "country": work.country_id or "",
        "dated_on": _said(work.dated_on),
        **{name: said for name, said in facts.items() if said},
        "topics": [topic.slug for topic in work.topics.all()],
        **_provenance(work),
        "page": f"{settings.SITE_URL}{work.get_absolute_url()}",
        "texts": [_text(one, folder) for one in work.expressions.all()],
    }


def _said(value: Any) -> Any:
    """As JSON says it: a day, labels, a list, words."""
    if isinstance(value, datetime.date):
        return value.isoformat()
    return dict(value) if isinstance(value, Labels) else value or ""


def _provenance(record: Work | Expression) -> dict[str, str]:
    days = {name: _said(getattr(record, name)) for name in ("as_at", "verified_on")}
    return {"source": record.source, "source_url": record.source_url, **days}


def _text(text: Expression, folder: str) -> dict[str, Any]:
    name = f"{folder}/{text.language}-{text.valid_on.isoformat()}"
    return {
        "language": text.language,
        "valid_on": text.valid_on.isoformat(),
        "authenticity": text.authenticity,
        "label": text.label,
        "title": text.title,
        **_provenance(text),
        "files": {form: f"{name}.{form}" for form in ("akn.xml", "html", "json")},
    }


def _files(work: Work, told: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
    for text, facts in zip(work.expressions.all(), told["texts"], strict=True):
        names = facts["files"]
        yield names["akn.xml"], akn.write(text.as_text())
        yield names["html"], standalone(work, text).encode()
        yield names["json"], structured(work, text)


def _participations() -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    fields = ("act", "acted_on", "effective_on", "note", "source", "source_url", "as_at")
    writer.writerow(["instrument", "country", *fields])
    rows = Participation.objects.filter(instrument__is_published=True).select_related("instrument")
    for one in rows.order_by("instrument__slug", "country_id", "acted_on", "pk").iterator(1000):
        said = [one.instrument.slug, one.country_id, *(getattr(one, name) or "" for name in fields)]
        writer.writerow([harmless(str(cell)) for cell in said])
    return out.getvalue().encode()


def _json(told: dict[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False, indent=1).encode()
