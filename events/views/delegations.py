"""The pages for focal points, who sign in by a code: who comes with a delegation, its places, its note verbale."""

from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, Q
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from contacts.models import Affiliation
from events import mail
from events.forms import MemberForm, NomineeForm, NoteForm
from events.models import Delegation, FormalLetter, Invitation, Role, Standing
from events.models.audience import sight_of
from events.models.details import Filler, overview
from events.models.event import person_of
from events.views.letters import paper
from events.views.papers import papers_of
from network.views.answers import handed_out, too_many

# What the standing of somebody says to who has named them.
WORDS = {
    Standing.QUEUED: _("To confirm"),
    Standing.SENT: _("To confirm"),
    Standing.DELIVERED: _("To confirm"),
    Standing.OPENED: _("To confirm"),
    Standing.UNDELIVERABLE: _("The letter did not arrive"),
    Standing.TO_APPROVE: _("Confirmed; the organizers are to approve"),
    Standing.ACCEPTED: _("Comes"),
}
UNSURE = {"WAITING": _("Approved; on the waiting list"), "OFFERED": _("Approved; a seat is offered to them")}
TONES = {Standing.ACCEPTED: "good", Standing.UNDELIVERABLE: "bad", Standing.REJECTED: "bad", Standing.DECLINED: "bad"}

signed_in = login_required(login_url="account_request_login_code")


def for_focal_point(view):
    """Hands the view the delegation, of which the reader is focal point; to everybody else there is none."""

    @wraps(view)
    def wrapped(request: HttpRequest, pk: int, **kwargs) -> HttpResponse:
        led = Delegation.objects.led_by(person_of(request.user)).select_related("event__venue__country", "organization")
        return view(request, get_object_or_404(led, pk=pk), **kwargs)

    return never_cache(signed_in(wrapped))


@never_cache
@signed_in
@require_safe
def delegations(request: HttpRequest) -> HttpResponse:
    """What the reader is focal point for, and to what they are invited themselves; what is coming first."""
    person, today = person_of(request.user), timezone.localdate()
    led = Delegation.objects.led_by(person).select_related("event__venue__country", "organization")
    invited = person.invitations.sent().filter(event__ends_on__gte=today) if person else Invitation.objects.none()
    context = {
        "coming": [_card(one) for one in led.filter(event__ends_on__gte=today).order_by("event__starts_on")],
        "past": [_card(one) for one in led.filter(event__ends_on__lt=today).order_by("-event__starts_on")],
        "invited": invited.select_related("event__venue__country").order_by("event__starts_on"),
    }
    return render(request, "events/delegations.html", context)


@for_focal_point
@require_safe
def delegation(request: HttpRequest, delegation: Delegation) -> HttpResponse:
    """Who comes, which places are left, and what the organizers say."""
    return _page(request, delegation)


@for_focal_point
@require_POST
def member_nominate(request: HttpRequest, delegation: Delegation) -> HttpResponse:
    form = NomineeForm(request.POST, delegation=delegation)
    if form.is_valid():
        if braked := too_many(request, "nominate", most=100):
            return braked
        try:
            nominee = delegation.nominate(form.named(), *form.sort(), by=request.user)
            return _done(request, delegation, _("%(name)s is named, and a letter asks them to confirm."), nominee)
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
    return _page(request, delegation, status=422, form=form)


@for_focal_point
@require_POST
def member_replace(request: HttpRequest, delegation: Delegation, member: int) -> HttpResponse:
    leaving = get_object_or_404(delegation.members.standing(), pk=member)
    form = MemberForm(request.POST, delegation=delegation, prefix=f"m{leaving.pk}")
    if form.is_valid():
        if braked := too_many(request, "nominate", most=100):
            return braked
        try:
            nominee = delegation.replace(leaving, form.named(), by=request.user)
            return _done(request, delegation, _("%(name)s is named, and a letter asks them to confirm."), nominee)
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
    return _page(request, delegation, status=422, replacing=form)


@for_focal_point
@require_POST
def member_remove(request: HttpRequest, delegation: Delegation, member: int) -> HttpResponse:
    """Takes somebody back whom the delegation has named."""
    leaving = get_object_or_404(delegation.members.standing(), pk=member)
    try:
        delegation.take_back(leaving, by=request.user)
    except ValidationError as refusal:
        return _page(request, delegation, status=409, refusal=refusal.messages)
    return _done(request, delegation, _("%(name)s does not come any more, and is told by a letter."), leaving)


@for_focal_point
@require_safe
def letter(request: HttpRequest, delegation: Delegation, letter: int) -> HttpResponse:
    """Hands a formal letter out: to the organization, or to somebody of the delegation."""
    to_it = Q(delegation=delegation) | Q(invitation__delegation=delegation)
    issued = FormalLetter.objects.standing().filter(to_it)
    return paper(get_object_or_404(issued, pk=letter))


@for_focal_point
@require_POST
def note_add(request: HttpRequest, delegation: Delegation) -> HttpResponse:
    form = NoteForm(request.POST, request.FILES)
    if form.is_valid():
        if braked := too_many(request, "note", most=30):
            return braked
        delegation.notes_verbales.submit(delegation, form.cleaned_data["file"], by=request.user)
        return _done(request, delegation, _("Thank you. The note verbale has come; the organizers look at it."))
    return _page(request, delegation, status=422, note_form=form)


@for_focal_point
@require_safe
def note(request: HttpRequest, delegation: Delegation, note: int) -> FileResponse:
    """Hands one version of the note verbale out."""
    found = get_object_or_404(delegation.notes_verbales.all(), pk=note)
    return handed_out(found.file, found.name)


def _done(request: HttpRequest, delegation: Delegation, told: str, member: Invitation | None = None) -> HttpResponse:
    """Back to the top of the page, which says what was done."""
    messages.success(request, told % {"name": member.person.formal_name} if member else told)
    return redirect(f"{delegation.get_absolute_url()}#content")  # else a browser goes where the form was


def _card(delegation: Delegation) -> dict:
    return {
        "delegation": delegation,
        "facts": mail.facts(delegation.event, with_deadline=False),
        "organization": delegation.organization.name_in(get_language()),
        "named": delegation.members.expecting().count(),
        "names_until": mail.names_until(delegation.event) if delegation.takes_names() else "",
    }


def _page(request: HttpRequest, delegation: Delegation, status: int = 200, replacing=None, **more) -> HttpResponse:
    event = delegation.event
    takes_names = delegation.takes_names()
    own = [(one.pk, one.name) for one in delegation.own_people()]
    context = {
        "delegation": delegation,
        "event": event,
        "organization": delegation.organization.name_in(get_language()),
        "facts": mail.facts(event, with_deadline=False),
        "names_until": mail.names_until(event),
        "takes_names": takes_names,
        "is_coming": not event.is_cancelled and event.ends_on >= timezone.localdate(),
        "quotas": delegation.quotas.all(),
        "members": _members(delegation, replacing, own),
        "invited": _invited(delegation),
        "notes": delegation.notes_verbales.all(),
        "letters": delegation.formal_letters.standing(),
        "form": NomineeForm(delegation=delegation, own=own) if takes_names and delegation.free_places() else None,
        "note_form": NoteForm(),
        "papers": papers_of(event, sight_of(request.user)),
        **more,
    }
    return render(request, "events/delegation.html", context, status=status)


def _members(delegation: Delegation, replacing: MemberForm | None, own: list[tuple]) -> list[dict]:
    """Who is named, by role, each with the form to name somebody else instead."""
    rows = delegation.members.standing().with_standing().select_related("person", "stands_for__person")
    rows = rows.prefetch_related(Prefetch("formal_letters", FormalLetter.objects.standing().select_related("event")))
    unsure = delegation.event.registrations.filter(state__in=UNSURE).values_list("person", "state")
    seats = dict(unsure.filter(person__in=rows.values("person")))
    form_of = dict(overview(delegation.event, rows))
    found = []
    for member in sorted(form_of, key=lambda one: Role.values.index(one.role)):
        standing, prefix = Standing(member.standing), f"m{member.pk}"
        seat = seats.get(member.person_id) if standing == Standing.ACCEPTED else None
        is_open = replacing is not None and replacing.prefix == prefix
        found.append(
            {
                "member": member,
                "words": UNSURE[seat] if seat else WORDS.get(standing, standing.label),
                "tone": "wait" if seat else TONES.get(standing, ""),
                "form": replacing if is_open else MemberForm(prefix=prefix, delegation=delegation, own=own),
                "is_open": is_open,
                "asks": bool(form_of[member].asked(Filler.FOCAL_POINT)) and member.takes_details,
                "missing": form_of[member].missing(Filler.FOCAL_POINT) if member.takes_details else [],
                "letters": member.formal_letters.all(),
            }
        )
    return found


def _invited(delegation: Delegation) -> list[tuple[Invitation, str]]:
    """Those of the organization whom the organizers have invited themselves, and how that stands."""
    there = Affiliation.objects.current().filter(organization=delegation.organization).values("person")
    rows = delegation.event.invitations.sent().filter(delegation=None, person__in=there).with_standing()
    found = rows.select_related("person").order_by("person__family_name", "person__given_name", "pk")
    return [(one, WORDS.get(Standing(one.standing), Standing(one.standing).label)) for one in found]
