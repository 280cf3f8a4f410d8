"""A questionnaire as put to one person, behind their own link. GET shows it, POST hands it in."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from events.forms.questionnaire import SheetForm
from events.models import Invitation, Questionnaire, Sheet
from events.models.results import items_of
from events.views.invitations import for_invitee
from network.views.answers import too_many


@for_invitee
def questionnaire(request: HttpRequest, invitation: Invitation, pk: int) -> HttpResponse:
    """For those alone to whom it is put; for everybody else there is none."""
    asked = get_object_or_404(Questionnaire.objects.opened(), event=invitation.event_id, pk=pk)
    asked.event = invitation.event
    seat = get_object_or_404(asked.addressed(), person=invitation.person_id)
    is_answered = asked.is_answered_by(seat)
    sheet = asked.sheets.filter(registration=seat).first()
    items = items_of(asked)
    form, status = SheetForm(items=items, said=sheet.said() if sheet else None), 200
    if request.method == "POST":
        if braked := too_many(request, "questionnaire", most=120):
            return braked
        form, status = SheetForm(request.POST, items=items), 422
        if form.is_valid():
            try:
                asked.hand_in(invitation, form.given())
                return redirect(f"{reverse('events:questionnaire', args=[invitation.token, pk])}?saved=1")
            except ValidationError as refusal:
                form.add_error(None, refusal.messages)
                status = 409
    context = _context(invitation, asked, form, sheet, is_answered=is_answered)
    context["is_saved"] = is_answered and request.GET.get("saved") == "1"
    return render(request, "events/questionnaire.html", context, status=status)


def _context(
    invitation: Invitation, asked: Questionnaire, form: SheetForm, sheet: Sheet | None, *, is_answered: bool
) -> dict:
    takes = asked.takes_sheets()
    return {
        "invitation": invitation,
        "event": invitation.event,
        "questionnaire": asked,
        "form": form,
        "is_answered": is_answered,
        "shows_form": takes and (not is_answered or asked.can_be_changed),
        "is_open": takes,
        "score": sheet if sheet and asked.shows_score and sheet.out_of else None,
    }
