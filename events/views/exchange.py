"""What everybody may see of a published programme, for other programs, for printers and for other websites: the same
for every reader, kept like pages, open to scripts of other sites."""

import datetime
import json

from django.conf import settings
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.utils.formats import date_format
from django.utils.http import http_date
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from events import mail, pdf
from events.models import Event
from events.models.exchange import published
from events.programme_formats import Schedule, write_json, write_xml
from events.views.feeds import public_event
from network.views.answers import too_many

TYPES = {"xml": "application/xml; charset=utf-8", "json": "application/json", "pdf": "application/pdf"}


@require_safe
def schedule_xml(request: HttpRequest, slug: str) -> HttpResponse:
    """The programme as frab, pretalx and the programs of visitors read it."""
    event, schedule = _published(slug)
    return _open(write_xml(schedule), "xml", f"{slug}-schedule.xml", _changed_at(event))


@require_safe
def schedule_json(request: HttpRequest, slug: str) -> HttpResponse:
    """The same in JSON; what the programme on other websites is made of."""
    event, schedule = _published(slug)
    return _open(write_json(schedule), "json", f"{slug}-schedule.json", _changed_at(event))


@require_safe
def programme_pdf(request: HttpRequest, slug: str, day: datetime.date | None = None) -> HttpResponse:
    """The programme to print, of all days or of one."""
    event, schedule = _published(slug)
    if day and day not in {session.day for session in schedule.sessions}:
        raise Http404
    if request.GET:  # each address is set once, and kept
        return redirect(request.path)
    if braked := too_many(request, "paper", most=120):
        return braked
    content = pdf.programme(schedule, introduction(event), day=day, footer=footer(schedule, event))
    return _open(content, "pdf", f"{slug}-{day or 'programme'}.pdf")


@require_safe
def door_signs(request: HttpRequest, slug: str) -> HttpResponse:
    """A sheet for the door of each room on each day."""
    event, schedule = _published(slug)
    if request.GET:
        return redirect(request.path)
    if braked := too_many(request, "paper", most=120):
        return braked
    return _open(pdf.door_signs(schedule, footer=footer(schedule, event)), "pdf", f"{slug}-doors.pdf")


@require_safe
def widget(request: HttpRequest) -> HttpResponse:
    """The script that puts a programme on a page of another website."""
    words = {
        "language": get_language(),
        "direction": "rtl" if get_language_bidi() else "ltr",
        "programme": _("Programme"),
        "days": _("Days"),
        "whole": _("Open the whole programme"),
        "none": _("There is no session."),
    }
    response = render(request, "events/widget.js", {"words": json.dumps(words)}, content_type="text/javascript")
    return _for_all(response)


def introduction(event: Event) -> str:
    """When and where the event is."""
    place = event.venue.place() if event.venue else ""
    zone = _("Times are those of the place (%(timezone)s).") % {"timezone": event.timezone}
    return " · ".join(filter(None, (mail.dates(event), place, zone)))


def footer(schedule: Schedule, event: Event) -> str:
    """Which version it is, and where a newer one would be."""
    if event.programme is None or schedule.version != str(event.programme.version):
        return _("Draft")
    day = date_format(event.programme.published_at.astimezone(event.zone), "DATE_FORMAT")
    told = _("Version %(version)s, published %(date)s.") % {"version": schedule.version, "date": day}
    return f"{told} {schedule.url.partition('://')[2]}"


def _published(slug: str) -> tuple[Event, Schedule]:
    event = public_event(slug)
    schedule = published(event, get_language() or "en")
    if schedule is None:
        raise Http404
    return event, schedule


def _changed_at(event: Event) -> datetime.datetime:
    revised_at = event.programme.entries.visible_to(None).aggregate(Max("revised_at"))["revised_at__max"]
    return max(filter(None, (event.programme.published_at, event.revised_at, revised_at)))


def _open(content: bytes, kind: str, name: str, changed_at: datetime.datetime | None = None) -> HttpResponse:
    response = HttpResponse(content, content_type=TYPES[kind])
    response["Content-Disposition"] = f'inline; filename="{name}"'
    if changed_at:
        response["Last-Modified"] = http_date(changed_at.timestamp())
    return _for_all(response)


def _for_all(response: HttpResponse) -> HttpResponse:
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    patch_cache_control(response, public=True, max_age=settings.PAGE_CACHE_SECONDS)
    return response
