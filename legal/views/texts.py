"""The text of a work, for readers: as it reads on a day, its versions and what they changed, and two languages side by
side. The page of every kind of work includes it."""

import datetime
from dataclasses import asdict, dataclass
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from legal.models import CaseStudy, Expression, Instrument, ModelLaw, NationalLaw, Work
from legal.models.foreseen import ToldChange
from legal.text_formats import rendering
from legal.text_formats.comparing import ADDED, CHANGED, GONE, MOVED, Change, Segment, aligned, compared, worded
from legal.text_formats.languages import name_of
from legal.texts import Node
from network.views.answers import public, too_many

# Where the works of a kind stand -> what they are.
SHELVES = {"instruments": Instrument, "laws": NationalLaw, "model-laws": ModelLaw, "cases": CaseStudy}
SHELF_OF = {"INSTRUMENT": "instruments", "LAW": "laws", "MODEL": "model-laws", "CASE": "cases"}
FORMS = {
    "akn.xml": "Akoma Ntoso",
    "docx": "DOCX",
    "pdf": "PDF",
    "html": "HTML",
    "json": "JSON",
    "bib": "BibTeX",
    "ris": "RIS",
    "txt": _("Citation"),
}
SHOWN = 100  # changes on a page
COMPARISONS = 120  # that a stranger may ask for in an hour
MATERIAL = ("meta", "opening", "body")  # what only files need


def with_texts(works):
    """`works` with what their pages say of texts."""
    texts = Expression.objects.defer(*MATERIAL).select_related("verified_by")
    return works.select_related("country").prefetch_related("topics", Prefetch("expressions", texts))


def asked_work(request: HttpRequest, shelf: str, slug: str) -> Work:
    """The work at that address; 404 for who may not see it."""
    return get_object_or_404(with_texts(SHELVES[shelf].objects.visible_to(request.user)), slug=slug)


def day_in(said: str) -> datetime.date | None:
    """The day that an address says."""
    try:
        return datetime.date.fromisoformat(said) if said else None
    except ValueError:
        raise Http404 from None


@dataclass
class TextPart:
    """What a page of `work` says of its text: `language` and `on` are what the reader asked for, if anything."""

    work: Work
    language: str = ""
    on: datetime.date | None = None

    @classmethod
    def of(cls, request: HttpRequest, work: Work) -> "TextPart":
        return cls(work, request.GET.get("language", ""), day_in(request.GET.get("on", "")))

    @cached_property
    def expression(self) -> Expression | None:
        """The text on that day (today), or the earliest there is."""
        on = self.on or timezone.localdate()
        found = self.work.expression_in(self.language or None, on)
        if found is not None or self.on is not None:
            return found
        return self.work.expression_in(self.language or None)

    @cached_property
    def text(self):
        return self.expression.as_text() if self.expression else None

    @property
    def html(self) -> SafeString:
        return mark_safe(rendering.page(self.text))  # noqa: S308  # nothing but what is listed there

    @property
    def contents(self) -> list[rendering.Entry]:
        return rendering.contents(self.text)

    @property
    def is_other_language(self) -> bool:
        """Whether there is none in the language that was asked for."""
        return bool(self.language and self.expression and self.expression.language != self.language)

    @cached_property
    def in_its_language(self) -> list[Expression]:
        """The versions in the language of the text, the newest first."""
        texts = [one for one in self.work.expressions.all() if one.language == self.expression.language]
        return sorted(texts, key=lambda one: one.valid_on, reverse=True)

    @property
    def next_version(self) -> Expression | None:
        """The version that follows the one that is shown."""
        later = [one for one in self.in_its_language if one.valid_on > self.expression.valid_on]
        return later[-1] if later else None

    @property
    def is_replaced(self) -> bool:
        """Whether another version reads today."""
        following = self.next_version
        return following is not None and following.valid_on <= timezone.localdate()

    @property
    def versions(self) -> list[dict]:
        shown = self.expression
        return [
            {
                "label": one.label,
                "day": one.valid_on,
                "url": self.url(one.language, one.valid_on),
                "is_current": one == shown,
            }
            for one in self.in_its_language
        ]

    @property
    def languages(self) -> list[dict]:
        codes = sorted({one.language for one in self.work.expressions.all()}, key=name_of)
        return [
            {"code": code, "name": name_of(code), "url": self.url(code, self.on), "is_current": code == self.shown}
            for code in codes
        ]

    @property
    def shown(self) -> str:
        return self.expression.language

    @property
    def others(self) -> list[dict]:
        """The languages that can stand beside it."""
        beside = self.address("text_beside")
        asked = {"language": self.shown, **({"on": self.on.isoformat()} if self.on else {})}
        return [
            {**one, "url": f"{beside}?{urlencode({**asked, 'other': one['code']})}"}
            for one in self.languages
            if not one["is_current"]
        ]

    @property
    def changes_url(self) -> str:
        """What the version that is shown changed; "" for the first."""
        earlier = [one for one in self.in_its_language if one.valid_on < self.expression.valid_on]
        if not earlier:
            return ""
        days = {"from": earlier[0].valid_on.isoformat(), "to": self.expression.valid_on.isoformat()}
        return f"{self.address('text_changes')}?{urlencode({'language': self.shown, **days})}"

    @property
    def files(self) -> list[dict]:
        asked = urlencode({"language": self.shown, "on": self.expression.valid_on.isoformat()})
        return [
            {"form": form, "label": label, "url": f"{self.address('text_file', form)}?{asked}"}
            for form, label in FORMS.items()
        ]

    def url(self, language: str, on: datetime.date | None = None) -> str:
        asked = {"language": language, **({"on": on.isoformat()} if on else {})}
        return f"{self.work.get_absolute_url()}?{urlencode(asked)}"

    def address(self, name: str, *more: str) -> str:
        return reverse(f"legal:{name}", args=[SHELF_OF[self.work.kind], self.work.slug, *more])


def changes(request: HttpRequest, shelf: str, slug: str) -> HttpResponse:
    """What changed between the versions of two days, `?from=` and `?to=` (the two newest), in `?language=`."""
    part = TextPart.of(request, asked_work(request, shelf, slug))
    if part.expression is None:
        raise Http404
    if refusal := too_many(request, "law-changes", COMPARISONS):
        return refusal
    by_day = {one.valid_on: one for one in part.in_its_language}
    days = sorted(by_day)
    if len(days) < 2:
        raise Http404
    before = by_day.get(day_in(request.GET.get("from", "")) or days[-2])
    after = by_day.get(day_in(request.GET.get("to", "")) or days[-1])
    if before is None or after is None:
        raise Http404
    found = compared(before.as_text(), after.as_text())
    page = Paginator(found, SHOWN).get_page(request.GET.get("p"))
    page.object_list = [(ToldChange(**asdict(change)), lines(change)) for change in page.object_list]
    context = {"part": part, "work": part.work, "before": before, "after": after, "page": page, "days": days}
    return public(request, render(request, "legal/text_changes.html", context))


def lines(change: Change) -> list[dict]:
    """A change as the component for differences takes it; a label that stays is said above it already."""
    label = f"{change.label}\n"
    before, after = (said.removeprefix(label) for said in (change.before, change.after))
    if change.what == CHANGED and not (change.before.startswith(label) and change.after.startswith(label)):
        before, after = change.before, change.after
    kinds = {ADDED: ("added", after), GONE: ("removed", before), MOVED: ("same", after)}
    if change.what in kinds:
        kind, said = kinds[change.what]
        return [{"kind": kind, "segments": [Segment("same", said)]}]
    return [{"kind": "same", "segments": worded(before, after)}]


def beside(request: HttpRequest, shelf: str, slug: str) -> HttpResponse:
    """The text in `?language=` with that in `?other=` (one of the others) beside it, both as they read on `?on=`
    (today)."""
    part = TextPart.of(request, asked_work(request, shelf, slug))
    if refusal := too_many(request, "law-beside", COMPARISONS):
        return refusal
    codes = [one["code"] for one in part.languages if not one["is_current"]] if part.expression else []
    other = TextPart(part.work, request.GET.get("other") or next(iter(codes), ""), part.on)
    if not codes or other.expression is None or part.shown == other.shown:
        raise Http404
    rows = [
        (_cell(left, ""), _cell(right, "o-" if left is not None else ""))
        for left, right in aligned(part.text, other.text)
    ]
    sides = [part.expression, other.expression]
    context = {"part": part, "other": other, "work": part.work, "rows": rows, "sides": sides}
    return public(request, render(request, "legal/text_beside.html", context))


def _cell(node: Node | None, prefix: str) -> dict | None:
    if node is None:
        return None
    html = mark_safe(rendering.own(node, prefix))  # noqa: S308  # nothing but what is listed there
    label = node.label if rendering.has_heading(node) else ""
    return {"eid": prefix + node.eid, "label": label, "html": html}
