"""The page on which whoever holds a formal letter has it verified: its number, its days and whether it holds; nobody is
named. And the paper itself, for those who may have it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from events.models import FormalLetter
from network.views.answers import problem, too_many


@never_cache
@require_safe
def letter(request: HttpRequest, code: str) -> HttpResponse:
    """Whether the letter with the `code` of its paper is ours and holds still."""
    found = FormalLetter.objects.select_related("event", "invitation", "delegation").filter(code=code).first()
    if found is None:
        told = _("No letter of ours has this code. Compare it with the paper, letter by letter.")
        braked = too_many(request, "letter", most=60)
        return braked or problem(request, 404, _("We do not know this letter"), told)
    response = render(request, "events/letter.html", {"letter": found, "is_valid": found.is_valid()})
    response["X-Robots-Tag"] = "noindex"
    return response


def paper(found: FormalLetter) -> HttpResponse:
    """The letter as a file, for its holder alone."""
    response = HttpResponse(found.as_pdf(), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{found.file_name}"'
    response["Cache-Control"] = "private, no-store"
    return response
