"""The page that lets people in, for a telephone at the door. Its link is all that it needs; it goes on without a line
(static/entente/check_in.js), and without JavaScript, the camera aside."""

import datetime
import json
import re
import uuid
from functools import wraps

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from contacts.models import Person
from events import mail
from events.forms import GuestForm
from events.models import Presence, Scanner, Session
from events.models.participants import bodies_of
from events.models.presence import Direction, Scan, ScanOutcome, Verdict, counted, day_at_doors
from events.models.quota import Place, Role
from network.models import key_in
from network.views.answers import problem, too_many

MOST_AT_ONCE = 500  # scans that a telephone sends when its line is back
MOST_GUESTS = 200  # whom one telephone registers in an hour
SHOWN = 20  # people whose names fit


def for_scanner(view):
    """Hands the view the scanner that its link is for; a forged, void or old link gets a sentence instead."""

    @wraps(view)
    def wrapped(request: HttpRequest, token: str, **kwargs) -> HttpResponse:
        try:
            scanner = Scanner.objects.by_token(token)
        except Scanner.DoesNotExist:
            sentence = _("It was taken back, or the event is over. Ask the organizers for a new link.")
            braked = too_many(request, "scanner", most=60)
            return braked or problem(request, 404, _("This link does not let anybody in"), sentence)
        scanner.note_sight()
        response = view(request, scanner, **kwargs)
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex"
        return response

    return never_cache(wrapped)


@for_scanner
def check_in(request: HttpRequest, scanner: Scanner) -> HttpResponse:
    """Shows the door (GET); takes a badge that was typed or chosen by name (POST)."""
    if request.method != "POST":
        return _page(request, scanner)
    asked = request.POST
    scan = Scan(
        code=asked.get("code", ""),
        nonce=_nonce(asked.get("nonce", "")) or str(uuid.uuid4()),
        at=timezone.now(),
        direction=asked.get("direction") if asked.get("direction") in Direction.values else Direction.IN,
        session=_session(scanner, asked.get("session")),
    )
    return _page(request, scanner, verdict=Presence.objects.scan(scanner, scan))


@require_POST
@for_scanner
def walk_in(request: HttpRequest, scanner: Scanner) -> HttpResponse:
    """Lets somebody in who was not registered."""
    if braked := too_many(request, "walk-in", most=MOST_GUESTS):
        return braked
    form = GuestForm(request.POST, prefix="guest")
    scan = Scan("", _nonce(request.POST.get("nonce", "")) or str(uuid.uuid4()), timezone.now())
    if form.is_valid():
        try:
            return _page(request, scanner, verdict=_let_in(scanner, form, scan))
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
    return _page(request, scanner, status=422, guest=form)


@csrf_exempt  # the link is the proof, and no cookie plays a part
@require_POST
@for_scanner
def scans(request: HttpRequest, scanner: Scanner) -> JsonResponse:
    """Takes what a telephone has scanned, and the guests that it has noted, as JSON, and says of each what came of
    it."""
    try:
        told = json.loads(request.body)
        some, signature = told["scans"][:MOST_AT_ONCE], str(told.get("manifest", ""))
        found = [(_scan(scanner, one, signature), _guest(one)) for one in some]
    except (ValueError, KeyError, TypeError, AttributeError):
        return JsonResponse({"error": _("This is no list of scans.")}, status=422)
    answers = []
    for scan, guest in found:
        if guest and too_many(request, "walk-in", most=MOST_GUESTS):
            break  # the telephone keeps the rest, and sends it later
        words = _words_of_guest(scanner, guest, scan) if guest else _words(Presence.objects.scan(scanner, scan))
        answers.append({"nonce": scan.nonce, **words})
    return JsonResponse({"answers": answers, "counts": _counts(scanner.event)})


@require_safe
@for_scanner
def manifest(request: HttpRequest, scanner: Scanner) -> JsonResponse:
    """Who may come in today, for a telephone that loses its line. Badges stand in it as hashes: who finds the telephone
    can print none."""
    event, now = scanner.event, timezone.now()
    day, session = day_at_doors(event, now), _session(scanner, request.GET.get("session"))
    rows = list(event.registrations.on_site().select_related("person"))
    inside = {}
    for presence in Presence.objects.at(event).at_door(session).filter(day=day).order_by("at", "pk"):
        inside[presence.registration_id] = presence
    bodies = bodies_of(event, [row.person for row in rows], get_language())
    return JsonResponse(
        {
            "signature": scanner.manifest(now),
            "given": now.isoformat(),
            "days": [event.starts_on.isoformat(), event.ends_on.isoformat()],
            "today": day.isoformat(),
            "people": [
                {
                    "badge": row.badge_hash,
                    "name": row.person.name,
                    "organization": bodies.get(row.person_id, ""),
                    "role": _role(row),
                    "inside": _inside(inside.get(row.pk)),
                }
                for row in rows
            ],
        }
    )


@require_safe
@for_scanner
def worker(request: HttpRequest, scanner: Scanner) -> HttpResponse:
    """The service worker of the page: keeps what the page needs, for when there is no line."""
    files = ("site.css", "site.js", "check_in.js")
    kept = [static(f"entente/{name}") for name in files] + [static("vendor/qr-decode.js")]
    context = {"files": json.dumps([reverse("events:check_in", args=[scanner.token]), *kept])}
    return render(request, "events/check_in_worker.js", context, content_type="text/javascript")


def _page(request: HttpRequest, scanner: Scanner, status: int = 200, verdict: Verdict | None = None, guest=None):
    event, words = scanner.event, request.GET.get("q", "").strip()
    now = timezone.now()
    day, asked = day_at_doors(event, now), request.POST if request.method == "POST" else request.GET
    session = _session(scanner, asked.get("session"))
    sessions = event.sessions.taking_place().in_order().select_related("room")
    context = {
        **{"scanner": scanner, "event": event, "verdict": verdict and _words(verdict), "words": words},
        "nonce": uuid.uuid4(),
        "day": date_format(day, "DATE_FORMAT"),
        "dates": mail.dates(event),
        "is_on": event.starts_on <= day <= event.ends_on,
        "counts": _counts(event),
        "session": session,
        "sessions": [one for one in sessions if day_at_doors(event, one.starts_at) == day],
        "direction": Direction.OUT if asked.get("direction") == Direction.OUT else Direction.IN,
        "found": _found(scanner, words) if words else None,
        "guest": guest or GuestForm(prefix="guest"),
        "told": {
            "outcomes": {one.value: str(one.label) for one in ScanOutcome},
            "since": _("since %(time)s"),
            "waits": _("Waiting for a line: %(count)s"),
            "old": _("The list on this telephone is too old. Open the page once with a line."),
            "nobody": _("Nobody of that name is on the list of this telephone."),
            "no_camera": _("The camera cannot be used. Type the code, or look for the name."),
            "let_in": _("Let in"),
            "void": _("This link does not let anybody in"),
            "noted": _("Noted: a seat once there is a line, where one is left"),
        },
    }
    return render(request, "events/check_in.html", context, status=status)


def _counts(event) -> dict[str, int]:
    return counted(Presence.objects.at(event), day_at_doors(event, timezone.now()))


def _found(scanner: Scanner, words: str) -> list[dict]:
    """Those with a seat whose name it is, in any script."""
    rows = scanner.event.registrations.on_site().filter(person__in=Person.objects.matching(words))
    rows = list(rows.select_related("person").order_by("person__family_name", "pk")[:SHOWN])
    bodies = bodies_of(scanner.event, [row.person for row in rows], get_language())
    return [{"seat": row, "organization": bodies.get(row.person_id, ""), "role": _role(row)} for row in rows]


def _session(scanner: Scanner, key: str | None) -> Session | None:
    return scanner.event.sessions.filter(pk=key_in(key)).first() if key else None


def _scan(scanner: Scanner, one: dict, signature: str) -> Scan:
    """What a telephone says of one scan. Raises ValueError and the like where it says nothing that can be read."""
    at, nonce = parse_datetime(one["at"]), _nonce(str(one["nonce"]))
    if at is None or at.tzinfo is None or one.get("direction", "IN") not in Direction.values or not nonce:
        raise ValueError(one)
    session = _session(scanner, str(one.get("session") or ""))
    return Scan(str(one["code"]), nonce, at, one.get("direction", "IN"), session, signature)


def _guest(one: dict) -> GuestForm | None:
    """The guest whom a telephone has noted, where it is one. Raises AttributeError where that cannot be read."""
    said = one.get("guest")
    return GuestForm({name: str(value) for name, value in said.items()}) if said else None


def _let_in(scanner: Scanner, form: GuestForm, scan: Scan) -> Verdict:
    """Lets the guest of the form, which is valid, in. Raises ValidationError where that cannot be."""
    return Presence.objects.walk_in(scanner, form.named(), scan, organization=form.cleaned_data["organization"])


def _words_of_guest(scanner: Scanner, form: GuestForm, scan: Scan) -> dict[str, str]:
    """What a telephone is told of a guest whom it noted without a line."""
    title = _("This was not saved")
    if form.is_valid():
        try:
            return _words(_let_in(scanner, form, scan))
        except ValidationError as refusal:
            title = " ".join(refusal.messages)
    return {"outcome": "REFUSED", "tone": "bad", "title": title, "name": form.heading}


def _nonce(text: str) -> str:
    """Up to 36 letters, digits and hyphens; "" for anything else."""
    return text if re.fullmatch(r"[A-Za-z0-9-]{1,36}", text) else ""


def _words(verdict: Verdict) -> dict[str, str]:
    """What the page says of a verdict."""
    seat = verdict.registration
    since = verdict.since and date_format(verdict.since.astimezone(seat.event.zone), "TIME_FORMAT")
    detail = _("since %(time)s") % {"time": since} if since else ""
    if verdict.outcome == ScanOutcome.NO_SEAT:
        detail = seat.get_state_display()
    return {
        "outcome": verdict.outcome.value,
        "tone": "good" if verdict.outcome.lets_through else "wait" if verdict.outcome == ScanOutcome.AGAIN else "bad",
        "title": str(verdict.outcome.label),
        "name": seat.person.name if seat else "",
        "organization": bodies_of(seat.event, [seat.person], get_language()).get(seat.person_id, "") if seat else "",
        "role": _role(seat) if seat else "",
        "detail": detail,
    }


def _role(seat) -> str:
    role, place = Role(seat.role).label, Place(seat.place).label
    return str(role if seat.place == Place.ROOM else _("%(role)s, %(place)s") % {"role": role, "place": place})


def _inside(presence: Presence | None) -> str:
    """Since when, for a telephone; "" for who is not inside."""
    is_inside = presence is not None and presence.direction == Direction.IN
    return presence.at.astimezone(datetime.UTC).isoformat() if is_inside else ""
