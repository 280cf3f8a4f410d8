"""Answers that several screens give: a public page, a plain sentence for a problem, a brake for strangers."""

import time

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _


def public(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """`response`, marked as the same for every reader who is not signed in."""
    if request.user.is_authenticated:
        patch_cache_control(response, private=True, max_age=0)
    else:
        patch_cache_control(response, public=True, max_age=settings.PAGE_CACHE_SECONDS)
    return response


def problem(request: HttpRequest, status: int, title: str, sentence: str) -> HttpResponse:
    """A page that says what is wrong, in the reader's language."""
    context = {"title": title, "sentence": sentence, "status_code": status}
    response = render(request, "problem.html", context, status=status)
    patch_cache_control(response, private=True, no_store=True)
    return response


def too_many(request: HttpRequest, what: str, most: int, seconds: int = 3600) -> HttpResponse | None:
    """Counts one `what` by this reader; the answer 429 when there were more than `most` in the period, else None."""
    reader = get_adapter().get_client_ip(request)
    key = f"brake:{what}:{reader}:{int(time.time() // seconds)}"
    cache.add(key, 0, seconds)
    if cache.incr(key) <= most:
        return None
    sentence = _("You have tried this very often. Please wait a while and try again.")
    return problem(request, 429, _("Please wait a little"), sentence)


def handed_out(file: FieldFile, name: str) -> FileResponse:
    """A private file, to be saved: nothing in it runs here, and nobody on the way keeps it."""
    return kept_apart(FileResponse(file.open("rb"), as_attachment=True, filename=name))


def kept_apart(response: FileResponse) -> FileResponse:
    """`response`, a file: nothing in it runs here, and nobody on the way keeps it."""
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    patch_cache_control(response, private=True, no_store=True)
    return response
