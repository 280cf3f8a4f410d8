"""The page on which a focal point fills in the registration form for somebody of the delegation."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from events.forms.details import DetailsForm
from events.models import Delegation, Invitation
from events.models.details import Filler
from events.views.delegations import for_focal_point
from network.views.answers import handed_out, too_many


@for_focal_point
@require_http_methods(["GET", "HEAD", "POST"])
def member_details(request: HttpRequest, delegation: Delegation, member: int) -> HttpResponse:
    """What is asked of the member (GET), and what the focal point says for them (POST)."""
    invitation = _member(delegation, member)
    details, status = invitation.details(), 200
    form = DetailsForm(details=details, filler=Filler.FOCAL_POINT)
    if request.method == "POST":
        if braked := too_many(request, "details", most=300):
            return braked
        form, status = DetailsForm(request.POST, request.FILES, details=details, filler=Filler.FOCAL_POINT), 422
        if form.is_valid():
            try:
                invitation.fill_in(form.given(), by=request.user, filler=Filler.FOCAL_POINT)
                here = reverse("events:member_details", args=[delegation.pk, invitation.pk])
                return redirect(f"{here}?saved=details")
            except ValidationError as refusal:
                form.add_error(None, refusal)
                status = 409
    return render(request, "events/member_details.html", _context(request, delegation, invitation, form), status=status)


@for_focal_point
@require_safe
def member_file(request: HttpRequest, delegation: Delegation, member: int, answer: int) -> HttpResponse:
    """Hands out a file of the form."""
    found = get_object_or_404(_member(delegation, member).answers_seen(Filler.FOCAL_POINT), pk=answer)
    return handed_out(found.file, found.name)


def _member(delegation: Delegation, pk: int) -> Invitation:
    rows = delegation.members.standing().select_related("event__venue__country", "person", "delegation__organization")
    return get_object_or_404(rows, pk=pk)


def _context(request: HttpRequest, delegation: Delegation, invitation: Invitation, form: DetailsForm) -> dict:
    return {
        "delegation": delegation,
        "organization": delegation.organization.name_in(get_language()),
        "event": delegation.event,
        "member": invitation,
        "details": form,
        "is_saved": request.GET.get("saved") == "details",
    }
