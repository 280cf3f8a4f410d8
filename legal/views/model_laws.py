"""A model law for readers, with its commentary and options, and any two texts side by side."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from legal.alignment import aligned
from legal.models import Expression, Passage, Work
from legal.models.drafting import explained_provisions
from legal.text_formats import rendering
from legal.views.texts import TextPart, asked_work
from network.models import key_in
from network.views.answers import public, too_many

CHOICES = 400  # works that the form for a comparison offers


class ExplainedPart(TextPart):
    """The text of a model law, in which commentary and options stand below the provision that they are of."""

    @property
    def html(self) -> SafeString:
        explained = {one.eid: one for one in explained_provisions(self.work)}
        parts = []
        for node in self.text.nodes:
            rows = [(below, explained[below.eid]) for _depth, below in node.walk() if below.eid in explained]
            parts.append(mark_safe(rendering.provision(node)))  # noqa: S308  # nothing but what is listed there
            if rows:
                parts.append(render_to_string("legal/_explained.html", {"rows": rows}))
        return mark_safe("".join(parts))  # noqa: S308  # each part was escaped


def model_law(request: HttpRequest, slug: str) -> HttpResponse:
    """The text in `?language=` (the reader's) as it read `?on=` a day, each provision with what is said of it."""
    work = asked_work(request, "model-laws", slug)
    context = {
        "work": work,
        "part": ExplainedPart.of(request, work),
        "instruments": work.instruments.visible_to(request.user),
    }
    return public(request, render(request, "legal/model_law.html", context))


def compare(request: HttpRequest) -> HttpResponse:
    """Two texts side by side: `?left=` and `?right=` are keys of texts; a passage stands beside what answers it."""
    if braked := too_many(request, "compare", most=60):
        return braked
    texts = Expression.objects.visible_to(request.user).select_related("work")
    left, right = (_asked(texts, request.GET.get(name, "")) for name in ("left", "right"))
    both = {"left": left, "right": right}
    context = {**both, "sides": list(both.items()), "choices": _choices(texts)}
    if left and right:
        context["rows"] = _rows(left, right)
    return public(request, render(request, "legal/compare.html", context))


def _asked(texts, key: str) -> Expression | None:
    """The text of that key; None where none is asked for. Raises Http404 for one that the reader may not see."""
    if not key:
        return None
    found = texts.filter(pk=key_in(key)).first()
    if found is None:
        raise Http404
    return found


def _choices(texts) -> list[tuple[str, list[Expression]]]:
    """The newest texts by work, for who chooses what to compare."""
    grouped: dict[Work, list[Expression]] = {}
    for one in texts.order_by("work__kind", "work", "language", "-valid_on").defer("meta")[:CHOICES]:
        grouped.setdefault(one.work, []).append(one)
    return [(work.name, rows) for work, rows in grouped.items()]


def _rows(left: Expression, right: Expression) -> list[tuple[Passage | None, Passage | None]]:
    said = [
        list(one.passages.select_related("provision").exclude(text="", heading="").order_by("position"))
        for one in (left, right)
    ]
    words = [
        [(row.provision.eid, f"{row.heading} {row.text}", side.language) for row in rows]
        for side, rows in zip((left, right), said, strict=True)
    ]
    pairs = aligned(*words, by_anchor=left.work_id == right.work_id)
    return [(None if i is None else said[0][i], None if j is None else said[1][j]) for i, j in pairs]
