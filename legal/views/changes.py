"""What has changed in the legal database since a day: as a page, and as an Atom feed."""

import datetime
from itertools import groupby

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.feedgenerator import Atom1Feed
from django.utils.formats import date_format
from django.utils.http import http_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from legal.forms.readers import NewsFilterForm
from legal.models import Participation, Statement
from legal.models.news import News, news
from legal.views.instruments import act_words, trail
from network.forms import country_choices
from network.labels import language_name
from network.views.answers import public, too_many

MOST = 500  # on the page
IN_FEED = 100
FEED_DAYS = 365


@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """Since `?since=`, of a `?country=`, an `?instrument=` and a `?topic=`."""
    if braked := too_many(request, "law-pages", most=900):
        return braked
    form = NewsFilterForm(request.GET, country_choices(), request.user)
    found = [shown(one) for one in news(request.user, form.day, **asked(form))]
    is_cut, found = len(found) > MOST, found[:MOST]
    days = [(day, list(several)) for day, several in groupby(found, key=lambda one: one["day"])]
    query = request.GET.copy()
    query.pop("since", None)
    context = {
        "form": form,
        "since": form.day,
        "is_cut": is_cut,
        "days": days,
        "trail": trail((_("What has changed"), "")),
        "feed_url": f"{settings.SITE_URL}{reverse('legal:changes_feed')}{'?' if query else ''}{query.urlencode()}",
    }
    return public(request, render(request, "legal/changes.html", context))


@require_safe
def changes_feed(request: HttpRequest) -> HttpResponse:
    """The same of the last year for programs, as everybody may know it. The same content is the same bytes."""
    everybody = AnonymousUser()
    form = NewsFilterForm(request.GET, country_choices(), everybody)
    since = timezone.localdate() - datetime.timedelta(days=FEED_DAYS)
    found = news(everybody, since, **asked(form))[:IN_FEED]
    page = settings.SITE_URL + reverse("legal:changes")
    named = f"tag:{settings.CALENDAR_NAMESPACE},2026:law"
    feed = Atom1Feed(
        title=_("What has changed in the legal database"),
        link=page,
        description=None,
        language=get_language(),
        feed_url=settings.SITE_URL + request.get_full_path(),
        feed_guid=f"{named}/{get_language()}/{request.GET.urlencode()}",
        author_name=settings.SITE_NAME,
    )
    for one in found:
        told = shown(one)
        feed.add_item(
            title=told["title"],
            link=settings.SITE_URL + told["url"],
            description=told["text"],
            unique_id=f"{named}/{get_language()}/{one.key}",
            pubdate=one.at,
            updateddate=one.at,
        )
    response = HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
    if found:
        response["Last-Modified"] = http_date(found[0].at.timestamp())
    response["Access-Control-Allow-Origin"] = "*"
    patch_cache_control(response, public=True, max_age=settings.PAGE_CACHE_SECONDS)
    return response


def asked(form: NewsFilterForm) -> dict[str, str]:
    return {name: form.said(name) for name in ("country", "topic", "instrument")}


def shown(one: News) -> dict:
    """A piece of news as it is read."""
    return {
        "day": timezone.localdate(one.at),
        "at": one.at,
        "title": headline(one),
        "text": sentence(one),
        "url": one.work.get_absolute_url(),
    }


def headline(one: News) -> str:
    record = one.record
    if isinstance(record, Participation | Statement):
        return f"{record.country}: {one.work.name}"
    return f"{record.country}: {one.work.name}" if one.work.country else one.work.name


def sentence(one: News) -> str:
    record = one.record
    if isinstance(record, Participation):
        told = act_words(record)
        return _("Corrected: %(what)s") % {"what": told} if one.is_correction else told
    if isinstance(record, Statement):
        told = f"{record.get_kind_display()}: {date_format(record.made_on)}"
        if record.withdrawn_on:
            told = _("%(statement)s, withdrawn %(day)s") % {"statement": told, "day": date_format(record.withdrawn_on)}
        return told
    if one.kind == "publish":
        return _("Published: %(kind)s") % {"kind": one.work.get_kind_display()}
    return _("A text in %(language)s was recorded.") % {"language": language_name(one.language)}
