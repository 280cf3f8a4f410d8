"""What events tell of people: to timelines, segments and dossiers; invitations, answers, seats."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contacts.models import Person
from contacts.models.segment import Condition
from events.models import Event, Invitation, InvitationAnswer, Registration
from network.viewsets.timeline import Entry, Source


def invitations(subject, viewer, before, limit) -> list[Entry]:
    found = Invitation.objects.visible_to(viewer).filter(person__in=Person.objects.of(subject).values("pk"))
    sent = found.filter(sent_at__lt=before).select_related("event", "person").order_by("-sent_at")
    return [
        Entry(
            invitation.sent_at,
            str(invitation),
            reverse("invitation:inspect", args=[invitation.pk]),
            " · ".join(filter(None, (invitation.get_reply_display(), invitation.reason))),
        )
        for invitation in sent[:limit]
    ]


def registrations(subject, viewer, before, limit) -> list[Entry]:
    found = Registration.objects.visible_to(viewer).filter(person__in=Person.objects.of(subject).values("pk"))
    entered = found.filter(entered_at__lt=before).select_related("event", "person").order_by("-entered_at")
    return [
        Entry(seat.entered_at, f"{seat.person}: {seat.event}", detail=seat.get_state_display())
        for seat in entered[:limit]
    ]


def dossier_rows(people: list[Person]):
    """What belongs to `people` by something else that does."""
    return [(InvitationAnswer, InvitationAnswer.objects.filter(invitation__person__in=people))]


def sources() -> list[Source]:
    return [
        Source("invitation", _("Invitation"), "calendar-alt", invitations),
        Source("registration", _("Seat"), "tick-inverse", registrations),
    ]


def conditions() -> list[Condition]:
    def events():
        return [(str(event.pk), str(event)) for event in Event.objects.order_by("-starts_on")[:100]]

    def among(rows, keys):
        return Q(pk__in=rows.filter(event__in=keys).values("person"))

    sent = Invitation.objects.sent
    return [
        Condition("invited", _("Was invited to"), events, lambda keys: among(sent(), keys)),
        Condition(
            "unanswered", _("Has not answered the invitation to"), events, lambda keys: among(sent().open(), keys)
        ),
        Condition("seated", _("Had a seat at"), events, lambda keys: among(Registration.objects.confirmed(), keys)),
    ]
