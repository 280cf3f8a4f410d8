"""What events tell of people: to timelines, segments and dossiers; invitations, answers, seats."""

import datetime

from django.db.models import Exists, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models import Person
from contacts.models.segment import Condition
from events.models import (
    Addressee,
    Answer,
    CalendarReply,
    Commitment,
    Curriculum,
    Delegation,
    Event,
    FormalLetter,
    Invitation,
    InvitationAnswer,
    Mission,
    MissionReport,
    PlanItem,
    Presence,
    Registration,
    SeatRequest,
    Sheet,
    SheetAnswer,
)
from events.models.trained import trained_on
from network.models import Organization
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


def presences(subject, viewer, before, limit) -> list[Entry]:
    """Each day on which somebody came, from the first time at a door."""
    people = Person.objects.of(subject).values("pk")
    found = Presence.objects.visible_to(viewer).filter(registration__person__in=people, at__lt=before).first_of_days()
    return [
        Entry(one.at, f"{one.registration.person}: {one.registration.event}")
        for one in found.select_related("registration__event", "registration__person").order_by("-at")[:limit]
    ]


def certificates(subject, viewer, before, limit) -> list[Entry]:
    """The training record: who was trained on what, and when."""
    people = Person.objects.of(subject).values("pk")
    seen = Invitation.objects.visible_to(viewer).filter(person__in=people).values("pk")
    found = FormalLetter.objects.certificates().standing().filter(invitation__in=seen, issued_at__lt=before)
    return [
        Entry(
            one.issued_at,
            f"{one.invitation.person}: {one.event}",
            reverse("invitation:letter", args=[one.invitation_id, one.pk]),
            one.number,
        )
        for one in found.select_related("event", "invitation__person").order_by("-issued_at")[:limit]
    ]


def delegations(subject, viewer, before, limit) -> list[Entry]:
    """For an organization, and for the organizations of a country."""
    if isinstance(subject, Person):
        return []
    whose = {"organization": subject} if isinstance(subject, Organization) else {"organization__country": subject}
    found = Delegation.objects.visible_to(viewer).filter(invited_at__lt=before, **whose).order_by("-invited_at")
    return [
        Entry(one.invited_at, str(one), reverse("delegation:inspect", args=[one.pk]), one.get_state_display())
        for one in found.select_related("event", "organization")[:limit]
    ]


def commitments(subject, viewer, before, limit) -> list[Entry]:
    """What was undertaken, and each report of it; for an organization, and for the organizations of a country."""
    found = Commitment.objects.visible_to(viewer).about(subject).select_related("event", "organization")
    told = []
    for one in found.prefetch_related("reports"):
        url = reverse("commitment:inspect", args=[one.pk])
        begun = datetime.datetime.combine(one.event.starts_on, datetime.time(12), one.event.zone)
        told.append(Entry(begun, str(one), url, str(one.event), is_day=True))
        told += [Entry(report.at, str(one), url, str(report)) for report in one.reports.all()]
    return sorted((one for one in told if one.at < before), key=lambda one: one.at, reverse=True)[:limit]


def missions(subject, viewer, before, limit) -> list[Entry]:
    """Where somebody went for us, what an organization held, what led to a country; and each report, in its last
    version."""
    found = Mission.objects.visible_to(viewer).about(subject).select_related("host", "country")
    told = []
    for one in found.prefetch_related("envoys__person", "talks"):
        begun = timezone.make_aware(datetime.datetime.combine(one.starts_on, datetime.time(12)))
        facts = (one.standing(), one.place(), *(str(talk) for talk in _talks(one, subject)))
        going = ", ".join(str(envoy.person) for envoy in one.envoys.all())
        told.append(Entry(begun, str(one), _mission(one), " · ".join(filter(None, facts)), going, is_day=True))
    reports = MissionReport.objects.visible_to(viewer).current().filter(mission__in=found.values("pk"))
    for report in reports.select_related("mission", "by"):
        title = _("Report: %(mission)s") % {"mission": report.mission}
        told.append(Entry(report.at, title, _mission(report.mission), report.summary, str(report.by or "")))
    return sorted((one for one in told if one.at < before), key=lambda one: one.at, reverse=True)[:limit]


def _talks(mission: Mission, subject) -> list:
    """Those that were given there; on a person's own timeline, by that person."""
    return [talk for talk in mission.talks.all() if not isinstance(subject, Person) or talk.person_id == subject.pk]


def _mission(mission: Mission) -> str:
    return reverse("mission:inspect", args=[mission.pk])


def dossier_rows(people: list[Person]):
    """What belongs to `people` by something else that does, or by their address."""
    by_invitation = (InvitationAnswer, FormalLetter)
    rows = [(model, model.objects.filter(invitation__person__in=people)) for model in by_invitation]
    presences = Presence.objects.filter(registration__person__in=people)
    said = Answer.objects.filter(registration__person__in=people).select_related("question", "country")
    asked = Addressee.objects.filter(registration__person__in=people).select_related("questionnaire")
    sheets = Sheet.objects.filter(registration__person__in=people).select_related("questionnaire")
    answers = SheetAnswer.objects.filter(sheet__registration__person__in=people).select_related("item", "option")
    rows += [(CalendarReply, CalendarReply.objects.held_of(people).select_related("invitation"))]
    planned = PlanItem.objects.filter(registration__person__in=people)
    rows += [
        (Answer, said),
        (Presence, presences),
        (PlanItem, planned),
        (SeatRequest, SeatRequest.objects.held_of(people)),
    ]
    return [*rows, (Addressee, asked), (SheetAnswer, answers), (Sheet, sheets)]  # a sheet leads to its answers: last


def sources() -> list[Source]:
    return [
        Source("invitation", _("Invitation"), "calendar-alt", invitations),
        Source("commitment", _("Commitment"), "clipboard-list", commitments),
        Source("delegation", _("Delegation"), "group", delegations),
        Source("mission", _("Mission"), "globe", missions),
        Source("registration", _("Seat"), "tick-inverse", registrations),
        Source("presence", _("Presence"), "user", presences),
        Source("certificate", _("Certificate"), "pick", certificates),
    ]


def conditions() -> list[Condition]:
    def events():
        return [(str(event.pk), str(event)) for event in Event.objects.order_by("-starts_on")[:100]]

    def curricula():
        return [(str(curriculum.pk), str(curriculum)) for curriculum in Curriculum.objects.all()]

    def among(rows, keys):
        return Q(pk__in=rows.filter(event__in=keys).values("person"))

    sent = Invitation.objects.sent
    return [
        Condition("invited", _("Was invited to"), events, lambda keys: among(sent(), keys)),
        Condition(
            "unanswered", _("Has not answered the invitation to"), events, lambda keys: among(sent().open(), keys)
        ),
        Condition("seated", _("Had a seat at"), events, lambda keys: among(Registration.objects.confirmed(), keys)),
        Condition("trained", _("Was trained on"), curricula, lambda keys: Q(Exists(trained_on(keys, "pk")))),
        Condition("untrained", _("Was never trained on"), curricula, lambda keys: ~Q(Exists(trained_on(keys, "pk")))),
        Condition("present", _("Was present at"), events, lambda keys: among(Registration.objects.present(), keys)),
    ]
