"""What contacts tell the timeline of a record, and the first page of the admin."""

import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.components import Component
from wagtail.admin.widgets.button import Button, HeaderButton

from contacts.models import (
    Agreement,
    Application,
    Delivery,
    Interaction,
    Message,
    Person,
    ReceivedLetter,
    ReturnedLetter,
    ScreeningQuestion,
    Task,
)
from contacts.viewsets import agreement, application, membership
from contacts.viewsets.message import line_seen_by
from network.models import Country, Organization
from network.viewsets.timeline import Entry, Source

LOST = (Delivery.State.FAILED, Delivery.State.UNCERTAIN)  # what came back, or was unwelcome, is a ReturnedLetter


def letters(subject, viewer, before, limit) -> list[Entry]:
    found = Message.objects.visible_to(viewer).filter(person__in=Person.objects.of(subject).values("pk"))
    found = found.filter(created_at__lt=before).select_related("person").prefetch_related("deliveries")
    return [
        Entry(
            letter.created_at,
            letter.subject,
            reverse("message:inspect", args=[letter.pk]),
            ", ".join(str(delivery) for delivery in letter.deliveries.all()),
        )
        for letter in found.defer("text", "html", "calendar")[:limit]
    ]


def interactions(kind: str):
    def read(subject, viewer, before, limit) -> list[Entry]:
        found = Interaction.objects.visible_to(viewer).about(subject).filter(kind=kind, happened_at__lt=before)
        return [
            Entry(
                interaction.happened_at,
                interaction.subject,
                reverse("interaction:inspect", args=[interaction.pk]),
                interaction.text,
                str(interaction.by or ""),
            )
            for interaction in found.select_related("by")[:limit]
        ]

    return read


def received(subject, viewer, before, limit) -> list[Entry]:
    """Letters that came in by mail, and those of which somebody took a note."""
    found = ReceivedLetter.objects.visible_to(viewer).filter(person__in=Person.objects.of(subject).values("pk"))
    letters_in = [
        Entry(
            letter.came_at,
            str(letter),
            reverse("receivedletter:inspect", args=[letter.pk]),
            str(letter.get_kind_display()) if letter.kind == letter.Kind.AUTO_REPLY else letter.text,
            letter.sender,
        )
        for letter in found.filter(came_at__lt=before)[:limit]
    ]
    return [*letters_in, *interactions("LETTER")(subject, viewer, before, limit)]


def tasks(subject, viewer, before, limit) -> list[Entry]:
    found = Task.objects.visible_to(viewer).about(subject).select_related("owner").filter(created_at__lt=before)
    return [
        Entry(
            task.created_at,
            task.title,
            reverse("task:inspect", args=[task.pk]),
            _("Done on %(day)s.") % {"day": date_format(task.done_at)} if task.done_at else "",
            str(task.owner or ""),
        )
        for task in found.order_by("-created_at")[:limit]
    ]


KINDS = {"MEETING": "group", "CALL": "mobile-alt", "NOTE": "comment"}


def buttons(record, viewer) -> list[Button]:
    """What may be written down about somebody, or something, that has a timeline: a call in sight, a task in the
    menu."""
    if not isinstance(record, Person | Organization | Country):
        return []
    found = [
        ("interaction", HeaderButton, _("Record a call or meeting"), "comment"),
        ("task", Button, _("Write down a task"), "tasks"),
    ]
    about = f"?{record._meta.model_name}={record.pk}"
    return [
        kind(label, url=reverse(f"{name}:add") + about, icon_name=icon, priority=13)
        for name, kind, label, icon in found
        if viewer.has_perm(f"contacts.add_{name}")
    ]


def sources() -> list[Source]:
    spoken = [
        Source(kind.lower(), Interaction.Kind(kind).label, icon, interactions(kind)) for kind, icon in KINDS.items()
    ]
    spoken.append(Source("letter", Interaction.Kind.LETTER.label, "download", received))
    return [
        *(Source("sent", _("Letter"), "mail", letters), *spoken, Source("task", _("Task"), "tasks", tasks)),
        Source("agreement", _("Agreement"), "doc-full", agreement.entries),
        Source("application", _("Application"), "clipboard-list", application.entries),
        Source("membership", _("Membership"), "circle-check", membership.entries),
    ]


class DeskToday(Component):
    """What waits for the viewer: tasks that are due, and letters that did not arrive."""

    name = "desk_today"
    template_name = "contacts/desk_today.html"
    order = 50

    def __init__(self, request):
        self.viewer = request.user

    def get_context_data(self, parent_context):
        today = timezone.localdate()
        seen = Task.objects.visible_to(self.viewer).select_related("person", "organization", "country")
        own = seen.filter(owner=self.viewer)
        since = timezone.now() - datetime.timedelta(days=30)
        lost = Message.objects.visible_to(self.viewer).filter(created_at__gte=since, deliveries__state__in=LOST)
        return {
            "request": parent_context["request"],
            "csrf_token": parent_context["csrf_token"],  # a component is rendered without a request of its own
            "due": own.due(today)[:20],
            "later": own.open().filter(due_on__gt=today)[:5],
            "unclaimed": seen.open().filter(owner=None)[:10],
            "undated": own.open().filter(due_on=None)[:5],
            "waiting": ReceivedLetter.objects.visible_to(self.viewer).open().count(),
            "waiting_url": reverse("receivedletter:index") + "?open=true",
            "returned": ReturnedLetter.objects.visible_to(self.viewer).filter(came_at__gte=since).count(),
            "returned_url": reverse("returnedletter:index"),
            "lost": lost.distinct().count(),
            "lost_url": reverse("message:index") + "?" + "&".join(f"state={state}" for state in LOST),
            "line": line_seen_by(self.viewer),
            "questions": self._questions(),
            "questions_url": reverse("screeningquestion:index") + "?verdict=OPEN",
            "may_finish": self.viewer.has_perm("contacts.change_task"),
            "may_add": self.viewer.has_perm("contacts.add_task"),
            **self._partners(),
            "has_tasks": any(self.viewer.has_perm(f"contacts.{action}_task") for action in ("view", "change")),
        }

    def _partners(self) -> dict:
        """Applications with which the viewer could go on, and the viewer's agreements that expire soon."""
        may_review = self.viewer.has_perm("contacts.change_application")
        seen = Application.objects.visible_to(self.viewer) if may_review else Application.objects.none()
        own = Agreement.objects.visible_to(self.viewer).filter(owner=self.viewer)
        return {"applications": seen.awaiting(self.viewer)[:10], "agreements": own.expiring()[:5]}

    def _questions(self) -> int:
        """How many the viewer could decide."""
        may_decide = self.viewer.has_perm("contacts.change_screeningquestion")
        return ScreeningQuestion.objects.visible_to(self.viewer).open().count() if may_decide else 0
