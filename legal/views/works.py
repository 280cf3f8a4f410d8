"""A work of the legal database, for readers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from legal.views.texts import TextPart, asked_work
from network.views.answers import public


def instrument(request: HttpRequest, slug: str) -> HttpResponse:
    return _work(request, "instruments", slug)


def _work(request: HttpRequest, shelf: str, slug: str) -> HttpResponse:
    work = asked_work(request, shelf, slug)
    context = {"work": work, "part": TextPart.of(request, work)}
    return public(request, render(request, "legal/work.html", context))
