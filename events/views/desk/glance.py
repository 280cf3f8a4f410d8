"""An event at a glance: where it stands, who answered, what is published, and what to do next."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from wagtail.admin.widgets.button import Button

from contacts.models import Delivery, Message
from events import mail
from events.models import Commitment, Document, Event, Invitation, NoteVerbale, Registration, Standing
from events.models.audience import sight_of
from events.models.commitment import CommitmentQuerySet, Status
from events.models.delegation import DelegationQuerySet
from events.models.details import with_missing
from events.models.invitation import InvitationQuerySet
from events.models.programme import Difference
from events.models.registration import RegistrationQuerySet
from events.views.desk.event_view import EventLookView
from events.views.desk.questionnaires import summaries


@dataclass(frozen=True)
class Step:
    """One row of the funnel: so many invitations, with the list that shows them."""

    label: str
    count: int
    total: int
    url: str
    tone: str = ""
    is_part: bool = False  # of the row above


class DeskView(EventLookView):
    """Everybody who may see events sees the picture; the buttons are for those who may change them."""

    template_name = "events/desk/desk.html"
    page_title = gettext_lazy("Desk")

    def get(self, request, **_where):
        return self.render_to_response(self.get_context_data())

    def get_breadcrumbs_items(self):
        return [*super().get_breadcrumbs_items()[:-2], {"url": "", "label": str(self.object)}]

    @cached_property
    def can_change(self) -> bool:
        return self.user_has_permission("change")

    @cached_property
    def header_more_buttons(self):
        places = [
            (_("Edit"), "event:edit", "edit"),
            (_("Formal letters"), "event:letter_texts", "mail"),
            (_("Answers from a file"), "event:answer_file", "upload"),
            (_("Documents"), "event:documents", "doc-full"),
            (pgettext("of a session", "Minutes"), "event:minutes", "form"),
            (_("Circles of participants"), "event:circles", "group"),
            (_("Run it again elsewhere"), "event:run_again", "copy"),
            (_("History"), "event:history", "history"),
        ]
        return [
            Button(label, url=reverse(name, args=[self.object.pk]), icon_name=icon)
            for label, name, icon in places
            if self.can_change
        ]

    def get_context_data(self, **more):
        event, programme = self.object, self.object.programme
        differs = event.unpublished() if sight_of(self.request.user).sees_all else Difference()
        invitations = event.invitations.visible_to(self.request.user)
        answers, unsendable = funnel(event, invitations), invitations.unsendable().count()
        sessions, lessons = event.sessions.visible_to(self.request.user).count(), event.lessons()
        asked = delegations(event.delegations.visible_to(self.request.user), invitations)
        return super().get_context_data(
            can_change=self.can_change,
            dates=mail.dates(event),
            answer_by=event.answer_by and date_format(event.answer_by.astimezone(event.zone), "DATETIME_FORMAT"),
            names_until=event.nominate_by and date_format(event.nominate_by.astimezone(event.zone), "DATETIME_FORMAT"),
            place=event.venue.place() if event.venue else "",
            seats=event.seats,
            elsewhere=event.quotas.of_event().exclude(place="ROOM").exclude(size=None, used=0),
            registrations=registrations(event.registrations.visible_to(self.request.user)),
            came=event.registrations.visible_to(self.request.user).present().count(),
            commitments=commitments(event, Commitment.objects.visible_to(self.request.user)),
            funnel=answers,
            drafts=answers[0].count,
            sendable=answers[0].count - unsendable,
            unsendable=unsendable,
            letters=letters(invitations),
            programme=programme,
            sessions=sessions,
            conflicts=len(event.conflicts(event.sessions.visible_to(self.request.user))) if sessions else 0,
            difference=differs,
            delegations=asked,
            form_asks=event.questions.count(),
            lessons=lessons,
            is_to_lay_out=any(lesson.session is None for lesson in lessons),
            documents=Document.objects.of(event).count(),
            questionnaires=summaries(list(event.questionnaires.all()), event),
            lacking=len(with_missing(event, invitations)),
            next=next_act(event, answers, unsendable, sessions, differs, asked),
            lists={name: _list(f"{name}:index", event=event.pk) for name in ("session", "registration", "invitation")},
            **more,
        )


def funnel(event: Event, invitations: InvitationQuerySet) -> list[Step]:
    """How many of `invitations` are where, drafts first; parts of the sent ones follow them."""
    rows = invitations.order_by().values_list("state", "reply").annotate(Count("pk"))
    counts = {(state, reply): count for state, reply, count in rows}
    states = {state: sum(n for (of, _reply), n in counts.items() if of == state) for state in Invitation.State.values}
    total = sum(states.values())

    def step(label, count, tone="", **filters) -> Step:
        url = _list("invitation:index", event=event.pk, **filters)
        return Step(str(label), count, total, url, tone, is_part=bool({"reply", "standing"} & filters.keys()))

    standings = dict(invitations.with_standing().order_by().values_list("standing").annotate(Count("pk")))
    troubles = [one for one in (Standing.UNDELIVERABLE, Standing.RECONFIRM) if one in standings]

    state, reply = Invitation.State, Invitation.Reply
    tones = {reply.DELEGATED: "sent"} if (state.SENT, reply.DELEGATED) in counts else {}
    tones = {
        reply.ACCEPTED: "good",
        reply.TENTATIVE: "open",
        reply.NEEDS_ACTION: "open",
        reply.DECLINED: "bad",
        **tones,
    }
    return [
        step(_("Drafts"), states[state.DRAFT], "draft", state=state.DRAFT.value),
        step(_("Sent"), states[state.SENT], "sent", state=state.SENT.value),
        *(
            step(answer.label, counts.get((state.SENT, answer), 0), tone, state=state.SENT.value, reply=answer.value)
            for answer, tone in tones.items()
        ),
        *(step(one.label, standings[one], "bad", standing=one.value) for one in troubles),
        step(_("Withdrawn"), states[state.WITHDRAWN], "bad", state=state.WITHDRAWN.value),
    ]


def next_act(
    event: Event, answers: list[Step], unsendable: int, sessions: int, differs: Difference, asked: dict
) -> str:
    """The name of what waits for the organizer first, or ""."""
    waits = {
        "cancelled": event.is_cancelled,
        "announce": event.status == Event.Status.DRAFT,
        "send": answers[0].count - unsendable,
        "mend": unsendable,
        "approve": asked["to_approve"],
        "check": asked["to_check"],
        "invite": not (answers[1].count or asked["total"]),
        "plan": not sessions,
        "publish": differs.total,
    }
    return next((act for act, is_due in waits.items() if is_due), "")


def registrations(rows: RegistrationQuerySet) -> dict[str, int]:
    """How many people have a seat, how many are offered one, and how many wait."""
    counts = dict(rows.order_by().values_list("state").annotate(Count("pk")))
    state = Registration.State
    counted = {"confirmed": state.CONFIRMED, "offered": state.OFFERED, "waiting": state.WAITING}
    return {name: counts.get(one, 0) for name, one in counted.items()}


def commitments(event: Event, rows: CommitmentQuerySet) -> dict[str, int]:
    """How many of `rows` were made there, how many of them are fulfilled, and what earlier ones are to be asked for."""
    there = rows.filter(event=event)
    return {
        "made": there.count(),
        "fulfilled": there.filter(status=Status.DONE).count(),
        "to_follow_up": rows.to_follow_up_at(event).count(),
    }


def delegations(rows: DelegationQuerySet, invitations: InvitationQuerySet) -> dict[str, int]:
    """How many organizations are asked, and how many people they have named."""
    named = invitations.expecting().exclude(delegation=None)
    return {
        "total": rows.standing().count(),
        "invited": rows.invited().count(),
        "named": named.count(),
        "to_approve": invitations.to_be_approved().count(),
        "to_check": NoteVerbale.objects.filter(delegation__in=rows.standing(), state=NoteVerbale.State.NEW).count(),
    }


def letters(invitations: InvitationQuerySet) -> list[tuple[str, int]]:
    """Where the letters about `invitations` are, as the words of the outbox and their number."""
    invited = ContentType.objects.get_for_model(Invitation)
    about = Message.objects.filter(about_type=invited, about_id__in=invitations.order_by().values("pk"))
    rows = Delivery.objects.filter(message__in=about.order_by().values("pk")).order_by().values_list("state")
    counts = dict(rows.annotate(Count("pk")))
    return [(label, counts[state]) for state, label in Delivery.State.choices if state in counts]


def _list(name: str, **filters) -> str:
    return f"{reverse(name)}?{urlencode(filters)}"
