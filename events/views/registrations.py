"""Registering for an event by oneself: the form, and the page behind the link in the letter that confirms it."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from events import mail
from events.forms import RegisterForm
from events.models import Event, SeatRequest
from network.views.answers import problem, too_many


@never_cache
def register(request: HttpRequest, slug: str) -> HttpResponse:
    """The form. The answer is the same for everybody, whoever is known here and whoever is a machine."""
    event = _event(request, slug)
    if not event.takes_registrations():
        return _closed(request, event)
    places, full = event.open_places(), event.full_places()
    form = RegisterForm(request.POST if request.method == "POST" else None, places=places, full=full)
    if form.is_valid():
        if braked := too_many(request, "register", most=20):
            return braked
        if not form.is_machine:
            try:
                SeatRequest.objects.ask(event, form.facts())
            except ValidationError:  # closed since the page was drawn
                return _closed(request, event)
        return redirect("events:register_sent", slug)
    context = {
        "event": event,
        "form": form,
        "facts": mail.facts(event, with_deadline=False),
        "is_full": set(places) <= set(full),
    }
    return render(request, "events/register.html", context, status=422 if form.errors else 200)


@require_safe
@never_cache
def sent(request: HttpRequest, slug: str) -> HttpResponse:
    """What happens next."""
    return render(request, "events/register_sent.html", {"event": _event(request, slug)})


@never_cache
def seat_request(request: HttpRequest, token: str) -> HttpResponse:
    """Shows (GET) what was asked; a POST confirms it, and leads to the person's own page."""
    try:
        asked = SeatRequest.objects.by_token(token)
    except SeatRequest.DoesNotExist:
        told = _("This link is not valid, or too old: a registration that nobody confirms is forgotten after 7 days.")
        braked = too_many(request, "seat-request", most=60)
        return braked or problem(request, 404, _("We do not know this link"), told)
    response = _confirmed(request, asked) if request.method == "POST" else _page(request, asked)
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response


def _confirmed(request: HttpRequest, asked: SeatRequest) -> HttpResponse:
    try:
        invitation = asked.confirm()
    except ValidationError as refusal:
        return _page(request, asked, status=409, refusal=refusal.messages)
    if invitation:
        return redirect("events:invitation_reply", invitation.token)
    return redirect("events:seat_request", asked.token)


def _page(request: HttpRequest, asked: SeatRequest, status: int = 200, **more) -> HttpResponse:
    event = asked.event
    context = {
        "asked": asked,
        "event": event,
        "facts": mail.facts(event, with_deadline=False),
        "is_open": event.takes_registrations(),
        "is_full": asked.place in event.full_places(),
        **more,
    }
    return render(request, "events/seat_request.html", context, status=status)


def _closed(request: HttpRequest, event: Event) -> HttpResponse:
    status = 409 if request.method == "POST" else 200
    return render(request, "events/register_closed.html", {"event": event}, status=status)


def _event(request: HttpRequest, slug: str) -> Event:
    return get_object_or_404(Event.objects.visible_to(request.user).select_related("venue__country"), slug=slug)
