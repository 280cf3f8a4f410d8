"""A search that somebody keeps: as an Atom feed, or as letters that end by a link."""

import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.feedgenerator import Atom1Feed
from django.utils.http import http_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from legal.forms.search import SaveSearchForm
from legal.models import SavedSearch
from legal.models.saved_search import new_since
from legal.views.search import kept, spoken
from network.views.answers import problem, too_many

BEGINNING = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
MOST_IN_FEED = 50


@require_safe
def search_feed(request: HttpRequest) -> HttpResponse:
    """What was published last for a search, as everybody may read it. The same content is the same bytes."""
    if braked := too_many(request, "law-feed", most=600):
        return braked
    asked, language = kept(request.GET), get_language()
    works = list(new_since(request.GET, BEGINNING)[:MOST_IN_FEED])
    words = spoken(request.GET)
    feed = Atom1Feed(
        title=_("Legal database: %(words)s") % {"words": words} if words else _("Legal database"),
        link=f"{settings.SITE_URL}{reverse('legal:index')}?{asked}",
        description=None,
        language=language,
        feed_url=f"{settings.SITE_URL}{request.path}?{asked}",
        feed_guid=f"tag:{settings.CALENDAR_NAMESPACE},2026:law/{language}?{asked}",
    )
    for work in works:
        feed.add_item(
            title=work.name,
            link=settings.SITE_URL + work.get_absolute_url(),
            description=" · ".join(str(fact) for fact in (work.get_kind_display(), work.country) if fact),
            unique_id=f"tag:{settings.CALENDAR_NAMESPACE},2026:law/{work.slug}",
            pubdate=work.published_at,
            updateddate=work.published_at,
        )
    response = HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
    if works:
        response["Last-Modified"] = http_date(works[0].published_at.timestamp())
    response["Access-Control-Allow-Origin"] = "*"
    patch_cache_control(response, public=True, max_age=settings.PAGE_CACHE_SECONDS)
    return response


@never_cache
def save_search(request: HttpRequest) -> HttpResponse:
    """Shows (GET) the form for a search; a POST asks for letters. The answer is the same whoever asks."""
    form = SaveSearchForm(request.POST if request.method == "POST" else None, initial={"asked": kept(request.GET)})
    if not form.is_valid():
        words = QueryDict(str(form["asked"].value() or "")).get("q", "")
        context = {"form": form, "words": words}
        return render(request, "legal/save_search.html", context, status=422 if form.errors else 200)
    if braked := too_many(request, "save-search", most=20):
        return braked
    if not form.is_machine:
        SavedSearch.objects.ask(form.cleaned_data["email"], form.cleaned_data["asked"], get_language())
    return redirect("legal:search_sent")


@require_safe
@never_cache
def search_sent(request: HttpRequest) -> HttpResponse:
    """What happens next."""
    return render(request, "legal/search_sent.html")


@never_cache
def saved_search(request: HttpRequest, token: str) -> HttpResponse:
    """Shows (GET) what was saved; a POST confirms it, or ends it."""
    try:
        saved = SavedSearch.objects.by_token(token)
    except SavedSearch.DoesNotExist:
        told = _("This link is not valid, or what it led to has ended. What nobody confirms is forgotten after 7 days.")
        braked = too_many(request, "saved-search", most=60)
        return braked or problem(request, 404, _("We do not know this link"), told)
    is_ended = request.method == "POST" and "end" in request.POST
    if is_ended:
        saved.end()
    elif request.method == "POST":
        saved.confirm()
    response = render(request, "legal/saved_search.html", {"saved": saved, "is_ended": is_ended})
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response
