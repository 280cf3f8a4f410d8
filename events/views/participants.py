"""The public list of participants: those with a seat who agree to be listed for everybody to see."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from events import mail
from events.models import Event
from events.models.participants import public_participants


@never_cache
@require_safe
def event_participants(request: HttpRequest, slug: str) -> HttpResponse:
    """Never kept on the way: who takes the consent back is not shown any more from that moment."""
    event = get_object_or_404(Event.objects.visible_to(request.user).select_related("venue__country"), slug=slug)
    if not event.publishes_participants or event.is_chatham_house:
        raise Http404
    people = public_participants(event, (get_language() or "en").split("-")[0])
    context = {"event": event, "dates": mail.dates(event), "people": people}
    response = render(request, "events/participants.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response
