"""The review list: what calendars have answered, and what a person decides on with one press."""

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn

from contacts.models import Person
from events.forms import NamedForm
from events.models import CalendarReply, Event
from events.models.calendar_outcome import DONE, TO_LOOK_AT, Outcome
from network.models.guarded import visible
from network.viewsets.records import RecordIndexView, RecordInspectView, RecordViewSet

OPEN, TRUSTED, SETTLED = "open", "trusted", "done"
STATES = [
    (OPEN, gettext_lazy("To decide")),
    (TRUSTED, gettext_lazy("Taken on trust")),
    (SETTLED, gettext_lazy("Dealt with")),
]
# What a press does: the verb, what the button says, and what is said once it is done.
VERBS = {
    "apply": (gettext_lazy("Take it as the answer"), gettext_lazy("Taken as the answer.")),
    "add_alias": (
        gettext_lazy("It is their other address"),
        gettext_lazy("The address stands with the person, and the answer is taken."),
    ),
    "take_back": (gettext_lazy("Take the answer back"), gettext_lazy("Taken back: what was said before counts again.")),
    "settle": (gettext_lazy("Dealt with"), gettext_lazy("Dealt with.")),
}
# How "settle" is called where that says more.
SETTLES = {
    Outcome.UNVERIFIED: gettext_lazy("It is right"),
    Outcome.ASSISTANT: gettext_lazy("It is right"),
    Outcome.FORWARDED: gettext_lazy("Ignore it"),
    Outcome.DISOWNED: gettext_lazy("Ignore it"),
    Outcome.EARLIER: gettext_lazy("Ignore it"),
    Outcome.HELD: gettext_lazy("Ignore it"),
    Outcome.REFUSED: gettext_lazy("Ignore it"),
    Outcome.DELEGATED: gettext_lazy("Nobody comes"),
}
EXPLANATIONS = {
    Outcome.APPLIED: gettext_lazy("The answer counts, as if they had pressed the button on their page."),
    Outcome.UNVERIFIED: gettext_lazy(
        "The answer counts, but nothing proves from whom the mail is. If it is not theirs, take it back."
    ),
    Outcome.ASSISTANT: gettext_lazy(
        "The answer counts. It came from another address, which is proven: perhaps somebody answers for them."
    ),
    Outcome.SAME: gettext_lazy("It says what we know already, so nothing has changed."),
    Outcome.OLDER: gettext_lazy("They have said something else since, and that counts."),
    Outcome.EARLIER: gettext_lazy(
        "Days or place have changed since what this answers, so it does not count. They have been asked again."
    ),
    Outcome.FORWARDED: gettext_lazy(
        "The invitation was passed on, and somebody else has answered it. Nothing has changed: decide who that is."
    ),
    Outcome.DELEGATED: gettext_lazy(
        "They name somebody to come in their place, who is not invited by that. A seat is kept until you decide."
    ),
    Outcome.COUNTER: gettext_lazy("They would rather come at another time. Answer them in your own words."),
    Outcome.REFRESHED: gettext_lazy(
        "Their calendar asked for the entry as it is now, and got it; at most once an hour."
    ),
    Outcome.DISOWNED: gettext_lazy(
        "The domain of the sender says that this mail is not from it, so nothing has changed. Ask them in another way."
    ),
    Outcome.NOBODY: gettext_lazy("It does not say who answers, or what. Ask them; nothing has changed."),
    Outcome.REFUSED: gettext_lazy("The button on their page would have been refused as well:"),
    Outcome.HELD: gettext_lazy(
        "More than twenty answers to one invitation came in a day: something may be out of order."
    ),
    Outcome.SESSION: gettext_lazy(
        "It answers the entry of one session, by which nobody is invited; their seat stays as it is. The session:"
    ),
    Outcome.UNMATCHED: gettext_lazy(
        "It bears no mark of an invitation that stands: it answers something else, or what was withdrawn."
    ),
    Outcome.OTHER: gettext_lazy("It is no answer that we know. Nothing has changed."),
    Outcome.UNREADABLE: gettext_lazy("What was written in the mail stands among the received letters."),
}


def acts(reply: CalendarReply) -> list[tuple[str, str]]:
    """What can be done with one press: the name of the verb, and what the button says; the likeliest first."""
    if reply.settled_at or reply.outcome in DONE:
        return []
    names = ["add_alias"] if reply.outcome == Outcome.FORWARDED and reply.can_be_applied else []
    names += ["apply"] if reply.can_be_applied and not names else []
    is_to_take_back = reply.outcome in (*TO_LOOK_AT, Outcome.DELEGATED) and reply.answer_id is not None
    settle = [("settle", SETTLES.get(reply.outcome, VERBS["settle"][0]))]
    back = [("take_back", VERBS["take_back"][0])] if is_to_take_back else []
    return [*((name, VERBS[name][0]) for name in names), *settle, *back]


class ActsColumn(Column):
    """The buttons of each row, for who may press them."""

    cell_template_name = "events/desk/calendar_reply_cell.html"

    def get_value(self, instance):
        return acts(instance)

    def get_cell_context_data(self, instance, parent_context):
        context, request = super().get_cell_context_data(instance, parent_context), parent_context["request"]
        context["acts"] = context["value"] if request.user.has_perm("events.change_calendarreply") else []
        return {**context, "here": request.get_full_path(), "csrf_token": get_token(request)}


class CalendarReplyFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"), choices=STATES, method="standing_so", widget=forms.RadioSelect
    )
    outcome = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("Outcome"), choices=Outcome.choices, widget=forms.CheckboxSelectMultiple
    )
    event = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Event"), queryset=Event.objects.all(), field_name="invitation__event"
    )
    came_at = django_filters.DateFromToRangeFilter(label=gettext_lazy("Came in"), widget=DateRangePickerWidget)

    class Meta:
        model = CalendarReply
        fields = []

    def standing_so(self, replies, _name, state):
        if state == SETTLED:
            return replies.filter(Q(settled_at__isnull=False) | Q(outcome__in=DONE))
        return replies.open() if state == OPEN else replies.to_look_at()


class CalendarReplyIndexView(RecordIndexView):
    title_label = gettext_lazy("Who, and what they say")
    title_sort_key = "attendee"
    results_template_name = "events/desk/calendar_reply_results.html"
    related = ("invitation__person", "invitation__event")
    sorting = {"invitation": ("invitation__person__family_name", "invitation__person__given_name")}

    def search_queryset(self, queryset):
        if not self.is_searching:
            return queryset
        people = visible(Person.objects.matching(self.search_query), self.request.user).values("pk")
        said = Q()
        for field in ("attendee", "attendee_name", "sender", "comment"):
            said |= Q(**{f"{field}__icontains": self.search_query})
        return queryset.filter(said | Q(invitation__person__in=people))

    @cached_property
    def no_results_message(self):
        if self.request.GET.get("state") == OPEN and not self.is_searching:
            return _("Nothing waits for you to decide.")
        if self.is_searching or self.is_filtering:
            return super().no_results_message
        return _("No calendar has answered yet. Answers appear here once mail to the events is taken in.")

    def get_context_data(self, *args, **kwargs):
        counts = CalendarReply.objects.visible_to(self.request.user).counts()
        trusted = sum(counts.pop(outcome, 0) for outcome in TO_LOOK_AT)
        here = self.get_index_url()
        bar = [(_("To decide"), sum(counts.values()), f"{here}?state={OPEN}")]
        bar += [(Outcome(one).label, counts[one], f"{here}?state={OPEN}&outcome={one}") for one in sorted(counts)]
        bar += [(_("Taken on trust"), trusted, f"{here}?state={TRUSTED}")]
        return super().get_context_data(*args, bar=bar, **kwargs)


class CalendarReplyInspectView(RecordInspectView):
    template_name = "events/desk/calendar_reply.html"

    def facts(self):
        reply = self.object
        invitation = reply.invitation
        proof = _("proven") if reply.is_proven else _("disowned") if reply.is_disowned else _("not proven")
        return [
            (_("invitation"), invitation and _link("invitation:inspect", invitation.pk, invitation.person)),
            (_("event"), invitation and _link("event:desk", invitation.event_id, invitation.event)),
            (_("outcome"), reply.get_outcome_display()),
            (_("answer"), reply.said),
            (_("who answers"), format_html("{} <bdi>{}</bdi>", reply.attendee_name, reply.attendee)),
            (_("sender"), reply.sender and format_html("<bdi>{}</bdi> ({})", reply.sender, proof)),
            (_("who comes instead"), reply.delegate),
            (_("proposed"), reply.proposal),
            (_("comment"), reply.comment),
            (_("answered"), reply.stamped_at),
            (_("came in"), reply.came_at),
            (_("calendar program"), reply.program),
            (_("dealt with"), reply.settled_at),
            (_("dealt with by"), reply.settled_by),
        ]

    def get_context_data(self, **kwargs):
        reply = self.object
        may_act = self.request.user.has_perm("events.change_calendarreply")
        return super().get_context_data(
            acts=acts(reply) if may_act else [],
            explanation=EXPLANATIONS[reply.outcome],
            named=named_form(reply) if may_act and reply.nominee[1] else None,
            **kwargs,
        )


def named_form(reply: CalendarReply, data=None) -> NamedForm:
    """Who could come instead, as far as the calendar says."""
    name, address = reply.nominee
    given, _blank, family = name.partition(" ")
    initial = {"email": address, "given_name": given, "family_name": family, "language": reply.invitation.language}
    return NamedForm(data, initial=initial, prefix="named")


def _link(view: str, pk: int, name: object) -> str:
    return format_html('<a href="{}">{}</a>', reverse(view, args=[pk]), name)


class CalendarReplyActView(View):
    """A POST that calls one verb of a reply, and leads back to where the button was."""

    http_method_names = ["post"]
    verb = ""

    def post(self, request, pk):
        if not request.user.has_perm("events.change_calendarreply"):
            raise PermissionDenied
        reply = get_object_or_404(CalendarReply.objects.visible_to(request.user), pk=pk)
        try:
            messages.success(request, self.act(reply))
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        back = request.POST.get("next", "")
        is_ours = url_has_allowed_host_and_scheme(back, None) and back.startswith(reverse("calendarreply:index"))
        return redirect(back) if is_ours else redirect("calendarreply:inspect", pk)

    def act(self, reply: CalendarReply) -> str:
        """Call the verb; return what to tell the user."""
        getattr(reply, self.verb)(by=self.request.user)
        return VERBS[self.verb][1]


class NominateView(CalendarReplyActView):
    def act(self, reply):
        if not reply.nominee[1]:
            raise ValidationError(_("Nobody is to come instead."))
        form = named_form(reply, self.request.POST)
        if not form.is_valid():
            raise ValidationError([f"{form[name].label}: {' '.join(found)}" for name, found in form.errors.items()])
        nominee = reply.nominate(form.named(), by=self.request.user)
        return _("%(name)s is asked to come instead.") % {"name": nominee.person}


def invited(reply: CalendarReply) -> str:
    """Who and to what, each in its own direction."""
    one = reply.invitation
    return format_html("<bdi>{}</bdi> · <bdi>{}</bdi>", one.person, one.event) if one else ""


class CalendarReplyViewSet(RecordViewSet):
    model = CalendarReply
    icon = "calendar-check"
    url_prefix = "events/calendar-replies"
    menu_label = gettext_lazy("Answers from calendars")
    menu_order = 135
    index_view_class = CalendarReplyIndexView
    inspect_view_class = CalendarReplyInspectView
    filterset_class = CalendarReplyFilterSet
    ordering = "-came_at"
    list_display = [
        Column("invitation", label=gettext_lazy("Invitation"), accessor=invited, sort_key="invitation"),
        StatusTagColumn(
            "outcome",
            label=gettext_lazy("Outcome"),
            accessor="get_outcome_display",
            sort_key="outcome",
            primary=lambda reply: reply.is_open,
        ),
        DateColumn("came_at", label=gettext_lazy("Came in"), sort_key="came_at"),
        ActsColumn("acts", label=gettext_lazy("Decide")),
    ]
    list_export = [
        *("came_at", "invitation", "outcome", "said", "attendee", "sender", "is_proven", "proposal", "comment"),
        "settled_at",
    ]
    export_headings = {"said": gettext_lazy("Answer"), "proposal": gettext_lazy("Proposed")}
    export_filename = "answers-from-calendars"
    form_fields = ["comment"]  # never shown: the policy lets nobody add or change one

    @property
    def menu_url(self):
        """To what is to be decided."""
        return f"{super().menu_url}?state={OPEN}"

    def get_urlpatterns(self):
        verbs = [
            path(f"<int:pk>/{verb.replace('_', '-')}/", CalendarReplyActView.as_view(verb=verb), name=verb)
            for verb in VERBS
        ]
        return [*super().get_urlpatterns(), *verbs, path("<int:pk>/nominate/", NominateView.as_view(), name="nominate")]
