"""The page of a national law: its life, its text, and what programs and reference managers take from it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from legal.text_formats import citing
from legal.views.texts import TextPart, asked_work
from network.views.answers import public


def law(request: HttpRequest, slug: str) -> HttpResponse:
    """A law, with its text in `?language=` (the reader's) as it read `?on=` a day (today)."""
    part = TextPart.of(request, asked_work(request, "laws", slug))
    cited = part.work.cited(part.expression)
    context = {"work": part.work, "part": part, "citation": citing.plain(cited), "linked": citing.json_ld(cited)}
    return public(request, render(request, "legal/law.html", context))
