"""My plan: the page behind a registered person's own link on which they mark sessions, see what clashes, and have the
plan in their calendar. Everything works without JavaScript, on a phone first."""

import uuid
from collections import Counter, defaultdict

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from events.models import CalendarFeed, Event, Invitation, PlanItem, ProgrammeEntry, Registration
from events.models.event import person_of
from events.models.plan import clashes, planned_by
from events.views.delegations import signed_in
from events.views.feeds import feed_links
from events.views.invitations import for_invitee
from events.views.programme import Choice, row
from network.views.answers import too_many

MINE = "mine"


@for_invitee
def plan(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """Shows the plan, or the sessions of a day (GET); puts one in, takes one out, or waits for a seat (POST)."""
    if request.method != "POST":
        return render(request, "events/plan.html", _context(request, invitation))
    if braked := too_many(request, "plan", most=600):
        return braked
    try:
        guid = _change(request, invitation)
    except ValidationError as refusal:
        context = {**_context(request, invitation), "refusals": refusal.messages}
        return render(request, "events/plan.html", context, status=409)
    chosen = request.GET.urlencode()
    return redirect(f"{_here(invitation)}{f'?{chosen}' if chosen else ''}#s-{guid}")


@require_POST
@for_invitee
def plan_feed(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """Makes the calendar address of the plan and shows it, this once; the one before is void."""
    if braked := too_many(request, "feed-create", most=20):
        return braked
    _feed, token = invitation.person.feeds.open_plan()
    links = feed_links(reverse("events:personal_feed", args=[token]))
    return render(request, "events/plan.html", {**_context(request, invitation), "new_feed": links}, status=201)


@never_cache
@signed_in
@require_safe
def my_plan(request: HttpRequest, slug: str) -> HttpResponse:
    """Leads who is signed in to their own plan."""
    person = person_of(request.user)
    invited = Invitation.objects.sent().filter(event__slug=slug, person=person) if person else Invitation.objects.none()
    if (invitation := invited.select_related("event", "person").first()) is None:
        raise Http404
    return redirect(_here(invitation))


def _here(invitation: Invitation) -> str:
    return reverse("events:plan", args=[invitation.token])


def _change(request: HttpRequest, invitation: Invitation) -> uuid.UUID:
    """Which session was put in or taken out, or is waited for. Raises ValidationError where it cannot be."""
    registration = invitation.registration
    if registration is None:
        raise ValidationError(_("Only those who have a seat at the event can plan sessions."))
    try:
        guid = uuid.UUID(next(filter(None, map(request.POST.get, ("mark", "wait", "drop"))), ""))
    except ValueError:
        raise ValidationError(_("This session is not open to you, or takes place no more.")) from None
    if "mark" in request.POST:
        registration.plan.mark(guid)
    elif "wait" in request.POST:
        registration.plan.wait(guid)
    elif item := registration.plan.filter(guid=guid).first():
        item.drop()
    return guid


def _seat(invitation: Invitation) -> Registration | None:
    return invitation.event.registrations.confirmed().filter(person=invitation.person).first()


def _context(request: HttpRequest, invitation: Invitation) -> dict:
    event, person, registration = invitation.event, invitation.person, _seat(invitation)
    programme = event.programme if registration else None
    rows = programme.entries.visible_to(person).in_order().lean() if programme else ProgrammeEntry.objects.none()
    entries = list(rows)
    planned = set(rows.filter(planned_by(person)).values_list("guid", flat=True))
    told = _Told(event, registration, entries, planned)
    mine = told.mine
    chosen = Choice(request, event, entries)
    chosen.base = _here(invitation)
    asked = request.GET.get("day", MINE if mine and not chosen.words else "")
    is_mine = asked == MINE
    shown = mine if is_mine else chosen.apply(entries)
    return {
        "invitation": invitation,
        "event": event,
        "registration": registration,
        "programme": programme,
        "days": chosen.days(),
        "q": chosen.words,
        "is_mine": is_mine,
        "mine_count": len(mine),
        "clash_count": len(told.clashes),
        "groups": told.by_day(shown),
        "feeds": person.feeds.live().filter(scope=CalendarFeed.Scope.PLAN),
        "new_feed": None,
        "refusals": [],
    }


class _Told:
    """What stands beside the sessions for whoever plans them. The same few queries however many there are."""

    def __init__(self, event: Event, registration: Registration | None, entries: list[ProgrammeEntry], planned: set):
        self.event, self.planned = event, planned
        self.waits = _places_in_line(registration) if registration else {}
        self.mine = [entry for entry in entries if entry.guid in planned or entry.guid in self.waits]
        self.clashes, self.beside = clashes(self.mine), defaultdict(list)
        for clash in self.clashes:
            self.beside[clash.one.guid].append(str(clash.other.title))
            self.beside[clash.other.guid].append(str(clash.one.title))
        items = PlanItem.objects.filter(registration=registration) if registration else ()
        self.marked = {item.guid: item.holds_seat for item in items}
        limited = event.quotas.exclude(session=None).exclude(size=None).select_related("session")
        self.left = {quota.session.guid: quota.left for quota in limited}

    def by_day(self, entries: list[ProgrammeEntry]) -> list[dict]:
        days: dict = defaultdict(list)
        for entry in entries:
            days[entry.day].append(self.row(entry))
        return [{"day": day, "rows": rows} for day, rows in days.items()]

    def row(self, entry: ProgrammeEntry) -> dict:
        base = reverse("events:event_programme", args=[self.event.slug])
        is_open = not entry.is_cancelled and entry.ends_at > timezone.now()
        is_marked, left = entry.guid in self.marked, self.left.get(entry.guid)
        is_full = left == 0 and not self.marked.get(entry.guid, False) and is_open
        appears = entry.guid in self.planned and not is_marked
        return {
            **row(self.event, entry, base),
            "guid": entry.guid,
            "is_mine": entry.guid in self.planned or entry.guid in self.waits,
            "waits": self.waits.get(entry.guid, 0),
            "is_marked": is_marked,
            "appears": appears,
            "has_seat": self.marked.get(entry.guid, False),
            "can_mark": is_open and left != 0 and not appears and not self.marked.get(entry.guid, False),
            "left": left,
            "is_full": is_full,
            "can_wait": is_full and not appears and entry.guid not in self.waits,
            "clashes": self.beside[entry.guid],
        }


def _places_in_line(registration: Registration) -> dict[uuid.UUID, int]:
    """The sessions for which somebody waits, and their place on the waiting list of each."""
    own = registration.plan.filter(waits=True).values("guid")
    places, counts = {}, Counter()
    for guid, who in PlanItem.objects.waiting().filter(guid__in=own).values_list("guid", "registration"):
        counts[guid] += 1
        if who == registration.pk:
            places[guid] = counts[guid]
    return places
