"""The page behind the link in an invitation. A link shows (GET), a button acts (POST): mail scanners follow links."""

from functools import wraps

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from events import mail
from events.forms import NamedForm, ReplyForm
from events.forms.details import DetailsForm
from events.models import Invitation, Minutes, ProgrammeEntry, Questionnaire
from events.models.audience import sight_of
from events.models.handout import Taker
from events.models.invitation import LinkExpired
from events.models.nomination import Approval
from events.views.letters import paper
from events.views.papers import document_out, paper_out, papers_of, set_out
from network.views.answers import handed_out, problem, too_many


def for_invitee(view):
    """Hands the view the invitation that its link is for; a forged or old link gets a sentence instead."""

    @wraps(view)
    def wrapped(request: HttpRequest, token: str, **kwargs) -> HttpResponse:
        try:
            invitation = Invitation.objects.by_token(token)
        except Invitation.DoesNotExist:
            sentence = _("This link is not valid. Please use the link in your letter once more, complete.")
            braked = too_many(request, "invitation", most=60)
            return braked or problem(request, 404, _("We do not know this link"), sentence)
        except LinkExpired:
            sentence = _("This link was for an event that is over.")
            return problem(request, 410, _("This link has expired"), sentence)
        response = view(request, invitation, **kwargs)
        # The link goes to nobody else; not even less, or browsers say of the form's button that it comes from nowhere.
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex"
        return response

    return never_cache(wrapped)


@for_invitee
def invitation_reply(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """Shows the invitation (GET) and takes the answer (POST)."""
    form = ReplyForm(request.POST) if request.method == "POST" else _blank(invitation)
    status = 200
    if request.method == "POST":
        status = 422
        if braked := too_many(request, "answer", most=120):
            return braked
        if form.is_valid():
            try:
                invitation.answer(**form.cleaned_data)
                return redirect("events:invitation_reply", invitation.token)
            except ValidationError as error:
                form.add_error(None, error)
                status = 409
    return render(request, "events/invitation_reply.html", _context(request, invitation, form), status=status)


@require_safe
@for_invitee
def letter(request: HttpRequest, invitation: Invitation, pk: int) -> HttpResponse:
    """Hands one of the person's formal letters out."""
    return paper(get_object_or_404(invitation.formal_letters.standing(), pk=pk))


@require_POST
@for_invitee
def alternate_name(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """Takes the name of who is to come instead."""
    if braked := too_many(request, "alternate", most=20):
        return braked
    named = NamedForm(request.POST, prefix="alternate")
    if named.is_valid():
        try:
            invitation.delegate(named.named())
            return redirect("events:invitation_reply", invitation.token)
        except ValidationError as refusal:
            named.add_error(None, refusal.messages)
    context = {**_context(request, invitation, _blank(invitation)), "alternate_form": named}
    return render(request, "events/invitation_reply.html", context, status=422)


@require_POST
@for_invitee
def offer(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """Takes the seat that is offered, or lets it go."""
    if braked := too_many(request, "answer", most=120):
        return braked
    try:
        invitation.take_offer() if "take" in request.POST else invitation.let_offer_go()
    except ValidationError as refusal:
        return _refused(request, invitation, refusal)
    return redirect("events:invitation_reply", invitation.token)


@require_POST
@for_invitee
def alternate_recall(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """Takes back that somebody comes instead."""
    try:
        invitation.recall()
    except ValidationError as refusal:
        return _refused(request, invitation, refusal)
    return redirect("events:invitation_reply", invitation.token)


@require_POST
@for_invitee
def details_fill(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """Takes what the person says to the registration form."""
    if braked := too_many(request, "details", most=120):
        return braked
    form, status = DetailsForm(request.POST, request.FILES, details=invitation.details()), 422
    if form.is_valid():
        try:
            invitation.fill_in(form.given())
            return redirect(f"{reverse('events:invitation_reply', args=[invitation.token])}?saved=details#details")
        except ValidationError as refusal:
            form.add_error(None, refusal)
            status = 409
    context = {**_context(request, invitation, _blank(invitation)), "details": form}
    return render(request, "events/invitation_reply.html", context, status=status)


@require_safe
@for_invitee
def details_file(request: HttpRequest, invitation: Invitation, pk: int) -> HttpResponse:
    """Hands out a file that the person has sent with the form."""
    answer = get_object_or_404(invitation.answers_seen(), pk=pk)
    return handed_out(answer.file, answer.name)


@require_GET
@for_invitee
def document(request: HttpRequest, invitation: Invitation, pk: int) -> HttpResponse:
    """Hands a document of the event out, where the person may read it."""
    return document_out(request, invitation.event, pk, Taker(invitation.person))


@require_GET
@for_invitee
def minutes(request: HttpRequest, invitation: Invitation, pk: int) -> HttpResponse:
    """Hands minutes of a session out, where the person may read them."""
    found = get_object_or_404(Minutes.objects.open_at(invitation.event, invitation.person), pk=pk)
    return paper_out(found, invitation.event, Taker(invitation.person))


@require_GET
@for_invitee
def documents(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """Hands all papers out that the person may read, in one file."""
    return set_out(request, invitation.event, Taker(invitation.person))


def _blank(invitation: Invitation) -> ReplyForm:
    return ReplyForm(initial={"reply": invitation.reply, "reason": invitation.reason})


def _refused(request: HttpRequest, invitation: Invitation, refusal: ValidationError) -> HttpResponse:
    form = ReplyForm({"reply": invitation.reply})
    form.errors.clear()
    form.add_error(None, refusal.messages)
    return render(request, "events/invitation_reply.html", _context(request, invitation, form), status=409)


def _context(request: HttpRequest, invitation: Invitation, form: ReplyForm) -> dict:
    event, alternate = invitation.event, invitation.alternate
    sight = sight_of(invitation.person)
    shown = ProgrammeEntry.objects.newest_of(event).visible_to(sight)
    named_for, registration = invitation.delegation, invitation.registration
    offered_until = registration.offered_until if registration and registration.state == "OFFERED" else None
    return {
        "invitation": invitation,
        "alternate": alternate,
        "proposed": invitation.proposed_alternate,
        "organization": named_for.organization.name_in(get_language()) if named_for else "",
        "can_name": invitation.stands_for_id is None and alternate is None and not invitation.is_asked_for,
        "alternate_form": NamedForm(prefix="alternate"),
        "event": event,
        "form": form,
        "facts": mail.facts(event),
        "is_open": event.takes_answers() and invitation.approval != Approval.REJECTED,
        "deadline": event.answer_by and date_format(event.answer_by.astimezone(event.zone), "DATETIME_FORMAT"),
        "registration": registration,
        "offered_until": offered_until and mail.moment(event, offered_until),
        "details": DetailsForm(details=invitation.details()) if invitation.takes_details else None,
        "is_saved": request.GET.get("saved") == "details",
        "letters": invitation.formal_letters.standing(),
        "papers": papers_of(event, sight, token=invitation.token),
        "questionnaires": Questionnaire.objects.put_to(invitation),
        "feeds": invitation.person.feeds.live().count(),
        "can_have_feed": invitation.reply == Invitation.Reply.ACCEPTED and not event.is_cancelled,
        "programme_url": reverse("events:event_programme", args=[event.slug]) if shown.exists() else "",
    }
