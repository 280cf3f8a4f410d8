"""Papers for readers: which documents and minutes somebody may read, and the ways in which they are handed out."""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO, RawIOBase

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import get_language, override, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from contacts.uploads import clean_name
from events.models import Document, DocumentVersion, Event, Handout, Minutes, ProgrammeEntry
from events.models.audience import Sight
from events.models.handout import Paper, Taker
from events.models.minutes import in_own_language
from network.views.answers import handed_out, kept_apart, too_many

EVERY_LANGUAGE = "all"


@dataclass
class Papers:
    """What somebody may read of an event or a session, as plain values for a template."""

    documents: list[dict] = field(default_factory=list)
    minutes: list[dict] = field(default_factory=list)
    all_url: str = ""  # of all of it in one file
    speaks_several: bool = False  # whether something is there in several languages

    def __bool__(self) -> bool:
        return bool(self.documents or self.minutes)


def papers_of(event: Event, sight: Sight, *, session: int | None = None, token: str = "") -> Papers:
    """The papers of `event`, or of one `session` (key), that are open to `sight`; `token`: of the link behind which
    they are shown, which is the key to them."""
    of_session = {} if session is None else {"session": session}
    documents = list(Document.objects.open_at(event, sight).filter(**of_session))
    minutes = list(Minutes.objects.open_at(event, sight).filter(**of_session).in_order())
    titles = {} if session else _titles(event, [*documents, *minutes])
    door, first = ("invitation", token) if token else ("event", event.slug)
    found = Papers(
        documents=[_document_row(one, titles, f"events:{door}_document", first) for one in documents if one.own],
        minutes=[
            _minutes_row(one, minutes, titles, f"events:{door}_minutes", first) for one in in_own_language(minutes)
        ],
    )
    if len(found.documents) + len(found.minutes) > 1 and session is None:
        found.all_url = reverse(f"events:{door}_documents", args=[first])
    found.speaks_several = any(one["others"] for one in (*found.documents, *found.minutes))
    return found


@require_GET
def event_document(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Hands a document of the event out: one for everybody, or one that the signed-in reader may read."""
    return document_out(request, _event(request, slug), pk, Taker.of(request.user))


@require_GET
def event_documents(request: HttpRequest, slug: str) -> HttpResponse:
    """Hands all papers of the event out that the reader may read, in one file."""
    return set_out(request, _event(request, slug), Taker.of(request.user))


@require_GET
def event_minutes(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Hands minutes of a session out, as PDF."""
    if braked := too_many(request, "paper", most=120):
        return braked
    event = _event(request, slug)
    return paper_out(
        get_object_or_404(Minutes.objects.open_at(event, request.user), pk=pk), event, Taker.of(request.user)
    )


def document_out(request: HttpRequest, event: Event, pk: int, taker: Taker) -> HttpResponse:
    """The document in `?language=`, or in the reader's own; 404 where the `taker` may not read it."""
    document = get_object_or_404(Document.objects.open_at(event, taker.viewer), pk=pk)
    version = document.in_language(request.GET.get("language"))
    return paper_out(get_object_or_404(document.versions, pk=version and version.pk), event, taker)


def paper_out(paper: Paper, event: Event, taker: Taker) -> FileResponse:
    """`paper` for `taker`, of whom it was asked whether they may read it."""
    if isinstance(paper, DocumentVersion) and not paper.is_marked:
        return handed_out(paper.file, paper.name)
    content = BytesIO(Handout.objects.give(paper, event, taker))
    return kept_apart(FileResponse(content, as_attachment=True, filename=paper.name))


def set_out(request: HttpRequest, event: Event, taker: Taker) -> HttpResponse:
    """All that `taker` may read, as one ZIP that is made while it is sent: in the reader's language, or with
    `?language=all` in every one."""
    if braked := too_many(request, "documents", most=60):
        return braked
    documents = Document.objects.open_at(event, taker.viewer)
    minutes = list(Minutes.objects.open_at(event, taker.viewer).in_order())
    if request.GET.get("language") == EVERY_LANGUAGE:
        papers: list = [version for document in documents for version in document.newest]
    else:
        papers, minutes = [document.own for document in documents if document.own], in_own_language(minutes)
    papers += minutes
    names = _names(papers, _titles(event, [_owner(one) for one in papers]))
    response = StreamingHttpResponse(
        _zipped(papers, names, event, taker, get_language()), content_type="application/zip"
    )
    response["Content-Disposition"] = f'attachment; filename="{event.slug}.zip"'
    return kept_apart(response)


class _Outlet(RawIOBase):
    """Where a ZIP is written to: what has come since the last look."""

    def __init__(self):
        self.chunks: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:
        self.chunks.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        found, self.chunks = b"".join(self.chunks), []
        return found


def _zipped(papers: list, names: list[str], event: Event, taker: Taker, language: str) -> Iterator[bytes]:
    """One paper after the other; none is compressed again. Each is read and marked when its turn has come."""
    outlet = _Outlet()
    with zipfile.ZipFile(outlet, "w") as package:
        for name, paper in zip(names, papers, strict=True):
            with override(language):
                package.writestr(name, Handout.objects.give(paper, event, taker))
            yield outlet.taken()
    yield outlet.taken()


def _names(papers: list, titles: dict[int, str]) -> list[str]:
    """What each is called in the ZIP: in the folder of its session, and nothing twice."""
    found: list[str] = []
    for paper in papers:
        title = titles.get(_owner(paper).session_id, "")
        folder = f"{clean_name(title[:80])}/" if title else ""
        stem, dot, ending = paper.name.rpartition(".")
        name, number = f"{folder}{paper.name}", 2
        while name in found:
            name, number = f"{folder}{stem} {number}{dot}{ending}", number + 1
        found.append(name)
    return found


def _owner(paper: Paper):
    return paper.document if isinstance(paper, DocumentVersion) else paper


def _titles(event: Event, things: list) -> dict[int, str]:
    """Session (key) -> its title as it is published, of the sessions to which `things` belong."""
    keys = {one.session_id for one in things if one.session_id}
    if not keys:
        return {}
    rows = ProgrammeEntry.objects.newest_of(event).filter(session__in=keys).values_list("session", "title")
    return {key: str(title) for key, title in rows}


def _document_row(document: Document, titles: dict[int, str], door: str, first: str) -> dict:
    own, url = document.own, reverse(door, args=[first, document.pk])
    other = [(one.language_name or _("in several"), f"{url}?language={one.language}") for one in document.others]
    return {
        "title": str(document),
        "about": titles.get(document.session_id, ""),
        "url": url,
        "kind": own.kind,
        "size": own.size,
        "language": own.language_name,
        "others": other,
        "readers": document.readers if document.is_restricted else "",
    }


def _minutes_row(own: Minutes, found: list[Minutes], titles: dict[int, str], door: str, first: str) -> dict:
    others = [one for one in found if one.session_id == own.session_id and one != own]
    return {
        "title": pgettext("of a session", "Minutes"),
        "about": titles.get(own.session_id, ""),
        "url": reverse(door, args=[first, own.pk]),
        "kind": "PDF",
        "size": 0,
        "language": own.language_name,
        "paragraphs": own.paragraphs,
        "code": own.language,
        "others": [(one.language_name, reverse(door, args=[first, one.pk])) for one in others],
        "readers": own.readers if own.is_restricted else "",
    }


def _event(request: HttpRequest, slug: str) -> Event:
    return get_object_or_404(Event.objects.visible_to(request.user), slug=slug)
