"""A work of the legal database, for readers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from legal.models import Work
from legal.views.texts import TextPart, asked_work
from network.views.answers import public

NEWEST = 20


def index(request: HttpRequest) -> HttpResponse:
    """What there is, the newest first."""
    works = Work.objects.visible_to(request.user).select_related("country").newest_first()[:NEWEST]
    return public(request, render(request, "legal/index.html", {"works": works}))


def instrument(request: HttpRequest, slug: str) -> HttpResponse:
    return _work(request, "instruments", slug)


def model_law(request: HttpRequest, slug: str) -> HttpResponse:
    return _work(request, "model-laws", slug)


def case(request: HttpRequest, slug: str) -> HttpResponse:
    return _work(request, "cases", slug)


def _work(request: HttpRequest, shelf: str, slug: str) -> HttpResponse:
    work = asked_work(request, shelf, slug)
    context = {"work": work, "part": TextPart.of(request, work)}
    return public(request, render(request, "legal/work.html", context))
