"""A work of the legal database, for readers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from legal.models import CaseStudy, ModelLaw, NationalLaw, Work
from network.views.answers import public

NEWEST = 20


def index(request: HttpRequest) -> HttpResponse:
    """What there is, the newest first."""
    works = Work.objects.visible_to(request.user).select_related("country").newest_first()[:NEWEST]
    return public(request, render(request, "legal/index.html", {"works": works}))


def law(request: HttpRequest, slug: str) -> HttpResponse:
    return _work(request, NationalLaw, slug)


def model_law(request: HttpRequest, slug: str) -> HttpResponse:
    return _work(request, ModelLaw, slug)


def case(request: HttpRequest, slug: str) -> HttpResponse:
    return _work(request, CaseStudy, slug)


def _work(request: HttpRequest, model: type[Work], slug: str) -> HttpResponse:
    works = model.objects.visible_to(request.user).select_related("country")
    work = get_object_or_404(works.prefetch_related("expressions", "topics"), slug=slug)
    expression = work.expression_in()
    passages = expression.passages.select_related("provision").in_order() if expression else []
    context = {"work": work, "expression": expression, "passages": passages}
    return public(request, render(request, "legal/work.html", context))
