"""A work of the legal database, for readers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from legal.models import Instrument, NationalLaw, Work
from network.views.answers import public


def instrument(request: HttpRequest, slug: str) -> HttpResponse:
    return _work(request, Instrument, slug)


def law(request: HttpRequest, slug: str) -> HttpResponse:
    return _work(request, NationalLaw, slug)


def _work(request: HttpRequest, model: type[Work], slug: str) -> HttpResponse:
    works = model.objects.visible_to(request.user).select_related("country")
    work = get_object_or_404(works.prefetch_related("expressions", "topics"), slug=slug)
    expression = work.expression_in()
    passages = expression.passages.select_related("provision").in_order() if expression else []
    context = {"work": work, "expression": expression, "passages": passages}
    return public(request, render(request, "legal/work.html", context))
