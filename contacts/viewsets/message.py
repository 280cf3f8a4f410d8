"""The admin's screens for the outbox: every letter as it was written, and its way."""

from datetime import timedelta

import django_filters
from django import forms
from django.conf import settings
from django.contrib.admin.utils import quote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views import View
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn

from contacts.models import Delivery, Message, Person
from network.viewsets.records import RecordIndexView, RecordInspectView, RecordViewSet

State = Delivery.State

# What each state means to the person who looks after the letter.
EXPLANATIONS = {
    State.QUEUED: _("It waits for its turn and goes out by itself."),
    State.SENDING: _("It is being handed to the mail server now."),
    State.SENT: _("The mail server took it. Nothing has come back."),
    State.DELIVERED: _("The recipient's mail server has it."),
    State.BOUNCED: _("The recipient's mail server sent it back: the address may be wrong."),
    State.COMPLAINED: _("The recipient reported it as unwanted. Do not write to this address again before you asked."),
    State.FAILED: _("The mail server refused it. Check the address, then send it again."),
    State.UNCERTAIN: _(
        "The connection was lost while it was handed over, so the recipient may have it or not. "
        "Ask, or send it again: the two would be recognised as one letter by most mail programs."
    ),
    State.SUPERSEDED: _("A later letter took its place before it went out."),
    State.SUPPRESSED: _("It was not sent, because letters of this kind must not go to this address."),
    State.STOPPED: _("The mailing was stopped."),
}
TROUBLE = {State.BOUNCED, State.COMPLAINED, State.FAILED, State.UNCERTAIN}
PATIENCE = timedelta(minutes=10)  # a worker looks every second
WAITING = {State.QUEUED, State.SENDING, State.SUPERSEDED, State.SUPPRESSED, State.STOPPED}


def letter_name(letter: str) -> str:
    """The kind of letter in words: "invitation_withdrawn" is "Invitation withdrawn"."""
    return gettext(letter.replace("_", " ").capitalize())


def letter_choices() -> list[tuple[str, str]]:
    kinds = Message.objects.order_by("letter").values_list("letter", flat=True).distinct()
    return [(letter, letter_name(letter)) for letter in kinds]


def state(message: Message) -> str:
    """Where the letter is now: the state of its latest way."""
    latest = next(iter(message.deliveries.all()), None)
    return latest.get_state_display() if latest else ""


def is_well(message: Message) -> bool:
    return not any(delivery.state in TROUBLE for delivery in message.deliveries.all())


class MessageFilterSet(WagtailFilterSet):
    letter = django_filters.ChoiceFilter(label=_("Letter"), choices=letter_choices, widget=forms.RadioSelect)
    state = django_filters.MultipleChoiceFilter(
        label=_("State"), choices=State.choices, method="on_the_way", widget=forms.CheckboxSelectMultiple
    )
    language = django_filters.ChoiceFilter(label=_("Language"), choices=settings.LANGUAGES, widget=forms.RadioSelect)
    created_at = django_filters.DateFromToRangeFilter(label=_("Written"), widget=DateRangePickerWidget)

    class Meta:
        model = Message
        fields = []

    def on_the_way(self, letters, _name, states):
        return letters.filter(pk__in=Delivery.objects.filter(state__in=states).values("message")) if states else letters


def line_seen_by(viewer) -> dict:
    """The line of letters that go out next, of those the viewer sees; `is_stuck` where no worker comes for any."""
    line = Delivery.objects.filter(message__in=Message.objects.visible_to(viewer)).line()
    long_ago = timezone.now() - PATIENCE
    waits = line["due_since"] is not None and line["due_since"] < long_ago
    return {**line, "is_stuck": waits and not Delivery.objects.filter(claimed_at__gte=long_ago).exists()}


class MessageIndexView(RecordIndexView):
    results_template_name = "contacts/letters_results.html"
    title_label = _("Subject")
    title_sort_key = None
    export_values = {
        "letter": lambda message: letter_name(message.letter),
        "state": state,
        "error": lambda message: "; ".join(delivery.why for delivery in message.deliveries.all() if delivery.error),
    }

    @cached_property
    def no_results_message(self):
        if self.is_searching or self.is_filtering:
            return super().no_results_message
        return _("No letter has been written yet. Letters appear here when you send invitations from an event's desk.")

    def get_context_data(self, **kwargs):
        return super().get_context_data(line=line_seen_by(self.request.user), **kwargs)

    def dressed(self, rows):
        letters = super().dressed(rows).defer("text", "html", "calendar")
        return letters.select_related("person").prefetch_related("deliveries")

    def search_queryset(self, queryset):
        if not self.is_searching:
            return queryset
        people = Person.objects.matching(self.search_query).values("pk")
        wanted = Q(subject__icontains=self.search_query) | Q(to_address__icontains=self.search_query)
        return queryset.filter(wanted | Q(person__in=people))


class MessageInspectView(RecordInspectView):
    template_name = "contacts/letter.html"

    def facts(self):
        letter = self.object
        return [
            (_("subject"), letter.subject),
            (_("to"), letter.to_address),
            (
                _("person"),
                _link(reverse("person:inspect", args=[letter.person_id]), letter.person) if letter.person else "",
            ),
            (pgettext_lazy("a letter", "from"), letter.from_address),
            (_("reply to"), letter.reply_to),
            (_("letter"), letter_name(letter.letter)),
            (_("language"), dict(settings.LANGUAGES).get(letter.language, letter.language)),
            (_("written"), letter.created_at),
            (_("about"), letter.about and self._about(letter.about)),
            (_("message number"), letter.message_id),
        ]

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context["can_send_again"] = self.request.user.has_perm("contacts.change_message")
        # The reader's own link opens their invitation: it is shown to who may act on letters, and dead for all others.
        letter, may_act = self.object, context["can_send_again"]
        context["html"] = letter.with_link(letter.html) if may_act else letter.html
        context["text"] = letter.with_link(letter.text) if may_act else letter.text
        context["deliveries"] = [_way(delivery) for delivery in self.object.deliveries.all()]
        return context

    def _about(self, subject) -> str:
        url = AdminURLFinder(self.request.user).get_edit_url(subject)
        return _link(url, subject) if url else str(subject)


class SendAgainView(View):
    """POST: the uncertain or refused delivery goes out once more."""

    http_method_names = ["post"]

    def post(self, request, pk):
        if not request.user.has_perm("contacts.change_message"):
            raise PermissionDenied
        letters = Message.objects.visible_to(request.user)
        delivery = get_object_or_404(Delivery.objects.select_related("message").filter(message__in=letters), pk=pk)
        try:
            delivery.send_again(by=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(
                request, _("The letter to %(address)s is in the outbox again.") % {"address": delivery.address}
            )
        return redirect("message:inspect", delivery.message_id)


class MessageViewSet(RecordViewSet):
    """Letters are read here; only a verb writes one."""

    model = Message
    icon = "mail"
    url_prefix = "contacts/letters"
    index_view_class = MessageIndexView
    inspect_view_class = MessageInspectView
    filterset_class = MessageFilterSet
    ordering = "-created_at"
    list_display = [
        Column("to_address", label=pgettext_lazy("a letter", "To"), sort_key="to_address", width="24%"),
        Column("letter", label=_("Letter"), accessor=lambda message: letter_name(message.letter), sort_key="letter"),
        Column(
            "language", label=_("Language"), accessor=lambda message: dict(settings.LANGUAGES).get(message.language)
        ),
        StatusTagColumn("state", label=_("State"), accessor=state, primary=is_well),
        DateColumn("created_at", label=_("Written"), sort_key="created_at"),
    ]
    list_export = ["created_at", "letter", "language", "to_address", "subject", "state", "error", "message_id"]
    export_headings = {"state": _("State"), "error": _("What went wrong")}
    export_filename = "letters"
    form_fields = ["subject"]  # never shown: the policy lets nobody add or change a letter

    def get_urlpatterns(self):
        again = path("deliveries/<int:pk>/send-again/", SendAgainView.as_view(), name="send_again")
        return [*super().get_urlpatterns(), again]


def _link(url: str, subject) -> str:
    return format_html('<a href="{}">{}</a>', url, subject)


def _way(delivery: Delivery) -> dict:
    is_held = delivery.state == State.QUEUED and delivery.error
    return {
        "delivery": delivery,
        "explanation": _("The mail server could not take it yet; it is tried again by itself.")
        if is_held
        else EXPLANATIONS[delivery.state],
        "kind": "trouble" if delivery.state in TROUBLE else "waiting" if delivery.state in WAITING else "well",
        "can_go_again": delivery.state in (State.UNCERTAIN, State.FAILED),
        "url": reverse("message:send_again", args=[quote(delivery.pk)]),
    }
