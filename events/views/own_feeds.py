"""Where people see who fetches their calendar addresses, end them, and make new ones: by the link in their invitation,
or signed in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from contacts.models import Person
from events.models import Invitation
from events.models.event import person_of
from events.views.delegations import signed_in
from events.views.feeds import feed_links
from events.views.invitations import for_invitee
from network.views.answers import too_many

MOST_ENDED = 20


@require_http_methods(["GET", "HEAD", "POST"])
@for_invitee
def invitation_feeds(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """The addresses of who was invited (GET); makes one and shows it, this once (POST)."""
    back = reverse("events:invitation_reply", args=[invitation.token]), _("Back to the invitation")
    return _feeds(request, invitation.person, back, lambda pk: _of_invitation(invitation, pk))


@require_POST
@for_invitee
def feed_revoke(request: HttpRequest, invitation: Invitation, pk: int) -> HttpResponse:
    """Makes one of the person's calendar addresses void."""
    get_object_or_404(invitation.person.feeds.all(), pk=pk).revoke()
    return redirect("events:invitation_feeds", invitation.token)


@never_cache
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def own_feeds(request: HttpRequest) -> HttpResponse:
    """The same for who has signed in."""
    back = reverse("events:delegations"), _("My delegations")
    return _feeds(request, _reader(request), back, lambda pk: reverse("events:own_feed_revoke", args=[pk]))


@never_cache
@signed_in
@require_POST
def own_feed_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    get_object_or_404(_reader(request).feeds.all(), pk=pk).revoke()
    return redirect("events:own_feeds")


def _reader(request: HttpRequest) -> Person:
    """404 for an account that is nobody's."""
    person = person_of(request.user)
    return get_object_or_404(Person, pk=person.pk if person else None)


def _of_invitation(invitation: Invitation, pk: int) -> str:
    return reverse("events:feed_revoke", args=[invitation.token, pk])


def _feeds(request: HttpRequest, person: Person, back: tuple[str, str], revoke_url) -> HttpResponse:
    new_feed = None
    if request.method == "POST":
        if braked := too_many(request, "feed-create", most=20):
            return braked
        _feed, token = person.feeds.open()
        new_feed = feed_links(reverse("events:personal_feed", args=[token]))
    feeds = [(feed, revoke_url(feed.pk)) for feed in person.feeds.live()]
    ended = person.feeds.ended()[:MOST_ENDED]
    context = {"feeds": feeds, "ended": ended, "new_feed": new_feed, "back_url": back[0], "back_words": back[1]}
    return render(request, "events/own_feeds.html", context, status=201 if new_feed else 200)
