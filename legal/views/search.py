"""The search of the legal database: one box, facets that are plain links, and where in a text it is said."""

from collections import Counter
from dataclasses import dataclass, field

from django.core.paginator import Paginator
from django.db.models import Case, F, IntegerField, Value, When, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext

from legal.models import Expression, Passage, SearchEntry, Work
from legal.models.facets import FACETS, Choice, Facet, counted
from legal.words import Question, excerpt, question
from network.views.answers import public, too_many

SHOWN = 20
PASSAGES = 3  # of each work
OPEN = {"kind", "topic", "region"}  # the other groups of facets are opened by their readers


@dataclass
class Found:
    """A search: what was asked, and what there is."""

    asked: QueryDict
    words: str = ""
    question: Question = field(default_factory=Question)
    is_loose: bool = False  # no text says all of it, these say some of it
    entries: object = None
    choice: Choice = field(default_factory=Choice)
    counts: dict[str, Counter] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return self.counts["kind"].total()


def search(request: HttpRequest) -> HttpResponse:
    """What there is to find, the best first; without a question the newest first."""
    if braked := too_many(request, "law-search", most=900):
        return braked
    found = find(request.GET, request.user)
    page = Paginator(Ordered(found), SHOWN).get_page(request.GET.get("page"))
    context = {
        "found": found,
        "page": page,
        "results": results(found, [entry.pk for entry in page.object_list], request.user),
        "asked": kept(request.GET),
        **facets(found),
    }
    return public(request, render(request, "legal/search.html", context))


def find(asked: QueryDict, viewer) -> Found:
    """What `viewer` finds who asks so. Where no text says all the words, those that say some."""
    found = Found(asked, spoken(asked))
    found.question, found.choice = question(found.words), Choice.of(asked).seen_by(viewer)
    seen = found.choice.narrow(SearchEntry.objects.visible_to(viewer))
    if found.words and not found.question.parts:  # nothing but words that every text has
        seen = seen.none()
    found.entries = seen.asked(found.question)
    found.counts = counted(found.entries, viewer)
    if not found.count and len(found.question.wanted) > 1:
        found.entries, found.is_loose = seen.asked_loosely(found.question), True
        found.counts = counted(found.entries, viewer)
    return found


def kept(asked: QueryDict) -> str:
    """Of the parameters of a search those that make it another one."""
    names = {"q", *(facet.name for facet in FACETS)}
    some = asked.copy()
    for name in {*some} - names:
        del some[name]
    return some.urlencode()


def spoken(asked: QueryDict) -> str:
    """What was typed into the box, in one line and not too long."""
    return "".join(mark if mark.isprintable() else " " for mark in asked.get("q", "")).strip()[:200]


class Ordered:
    """The entries in their order, counted already: what a Paginator cuts."""

    def __init__(self, found: Found):
        self.found = found

    def count(self) -> int:
        return self.found.count

    def __len__(self) -> int:
        return self.found.count

    def __getitem__(self, part: slice):
        return list(self.found.entries.best_first(self.found.question, self.found.count).only("pk")[part])


def results(found: Found, keys: list[int], viewer) -> list[dict]:
    """The works with these keys that `viewer` may see, in their order, each with where it says what was looked for."""
    works = Work.objects.visible_to(viewer).select_related("country").in_bulk(keys)
    said = passages(found.question, [*works])
    return [_result(works[key], said.get(key, []), found.question) for key in keys if key in works]


def _result(work: Work, said: list[Passage], asked: Question) -> dict:
    facts = [work.get_kind_display(), work.country, work.dated_on and date_format(work.dated_on)]
    return {
        "work": work,
        "url": work.get_absolute_url(),
        "eyebrow": " · ".join(str(fact) for fact in facts if fact),
        "passages": [
            {
                "label": one.label,
                "url": f"{work.get_absolute_url()}?language={one.expression.language}#{one.provision.eid}",
                "language": one.expression.language,
                "direction": one.expression.direction,
                "pieces": excerpt(one.text, asked.stems, one.expression.language),
            }
            for one in said
        ],
    }


def passages(asked: Question, works: list[int]) -> dict[int, list[Passage]]:
    """Key of a work -> where its newest texts say most of what was asked, in the reader's language first. One query."""
    if not asked.wanted:
        return {}
    language = (get_language() or "en").split("-")[0]
    score = sum(
        (Case(When(words__has=[part], then=Value(1)), default=Value(0)) for part in asked.wanted),
        Value(0, IntegerField()),
    )
    readers = Case(When(expression__language=language, then=Value(1)), default=Value(0))
    newest = Expression.objects.newest().filter(work__in=works)
    rows = Passage.objects.filter(expression__in=newest, words__has_any=asked.wanted).exclude(text="")
    order = (F("score").desc(), F("readers").desc(), F("expression").asc(), F("position").asc())
    ranked = rows.annotate(score=score, readers=readers).annotate(
        place=Window(RowNumber(), partition_by=F("expression__work"), order_by=order)
    )
    shown = ranked.filter(place__lte=PASSAGES).select_related("expression", "provision").defer("content", "after")
    found: dict[int, list[Passage]] = {}
    for row in shown.order_by("place"):
        found.setdefault(row.expression.work_id, []).append(row)
    return found


def facets(found: Found) -> dict:
    """What the component `facets.html` takes."""
    choice, groups, chosen = found.choice, [], []
    for facet in FACETS:
        wanted, unwanted = choice.of_facet(facet.name)
        values = [value for value, _count in _offered(facet, found.counts[facet.name])]
        names = facet.names({*values, *wanted, *unwanted})
        chosen += [_chosen(found.asked, facet, value, names, is_out=False) for value in wanted]
        chosen += [_chosen(found.asked, facet, value, names, is_out=True) for value in unwanted]
        shown = [value for value in values if value not in wanted]
        offered = [_value(found, facet, value, names) for value in shown]
        if len(offered) > 1 or (offered and not wanted):
            groups.append(
                {"label": facet.label, "values": offered, "is_open": facet.name in ("kind", "topic", "region")}
            )
    clear = f"?{_without(found.asked, *(facet.name for facet in FACETS)).urlencode()}"
    return {"groups": groups, "chosen": chosen, "clear_url": clear}


def _offered(facet: Facet, counts: Counter) -> list[tuple[str, int]]:
    if facet.name == "year":
        return sorted(counts.items(), reverse=True)[: facet.most]
    return counts.most_common(facet.most)


def _value(found: Found, facet: Facet, value: str, names: dict[str, str]) -> dict:
    return {
        "label": names.get(value, value),
        "count": found.counts[facet.name][value],
        "url": f"?{_with(found.asked, facet.name, value).urlencode()}",
        "out_url": f"?{_with(found.asked, facet.name, f'-{value}').urlencode()}",
    }


def _chosen(asked: QueryDict, facet: Facet, value: str, names: dict[str, str], *, is_out: bool) -> dict:
    label = names.get(value, value)
    words = gettext("not %(what)s") % {"what": label} if is_out else label
    kept = _without(asked, facet.name)
    for one in asked.getlist(facet.name):
        if one != f"{'-' if is_out else ''}{value}":
            kept.appendlist(facet.name, one)
    return {"label": words, "url": f"?{kept.urlencode()}"}


def _with(asked: QueryDict, name: str, value: str) -> QueryDict:
    more = _without(asked)
    more.appendlist(name, value)
    return more


def _without(asked: QueryDict, *names: str) -> QueryDict:
    """The parameters without `names`, from the first page on."""
    left = asked.copy()
    for name in ("page", *names):
        left.pop(name, None)
    return left
