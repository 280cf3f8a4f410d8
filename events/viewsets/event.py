"""Events: their list, their form with tracks, and the doors to the desk."""

import zoneinfo

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, NumberColumn, StatusTagColumn
from wagtail.admin.views import generic

from events import mail
from events.forms import EventForm
from events.models import Curriculum, Event, Invitation, Venue
from events.views.desk import (
    acts,
    answer_file,
    approvals,
    badges,
    board,
    certificates,
    check_in,
    circles,
    conflicts,
    delegation_letters,
    delegations,
    details,
    documents,
    exchange,
    glance,
    interpretation,
    invite,
    letters,
    minutes,
    participants,
    plans,
    questionnaires,
    questions,
    remind,
    texts,
    training,
    versions,
    waiting,
)
from events.viewsets.lists import InEventTime, ListView, RecordViewSet
from network.models import key_in
from network.viewsets.history import RecordCreate, RecordEditView
from network.viewsets.records import RecordDeleteView

CHOOSING = ("invite", "delegations", "delegations_add")  # lists of which the rows alone can be asked for


# What an organizer does with an event: the name of the address, and what is behind it.
VIEWS = {
    "desk": glance.DeskView,
    "announce": acts.AnnounceView,
    "publish": versions.PublishView,
    "versions": versions.VersionsView,
    "plans": plans.PlansView,
    "reschedule": acts.RescheduleView,
    "cancel": acts.CancelView,
    "seats": acts.SeatsView,
    "letters": letters.LettersView,
    "conflicts": conflicts.ConflictsView,
    "board": board.BoardView,
    "board_state": board.BoardStateView,
    "board_act": board.BoardActView,
    "absences": board.AbsencesView,
    "interpretation": interpretation.InterpretationView,
    "exchange": exchange.ExchangeView,
    "take_file": exchange.TakeFileView,
    "file_apply": exchange.FileApplyView,
    "file_compare": exchange.FileCompareView,
    "file_discard": exchange.FileDiscardView,
    "look_again": letters.LookAgainView,
    "paper": letters.PaperView,
    "answer_file": answer_file.AnswerFileView,
    "invite": invite.InviteView,
    "delegations": delegations.DelegationsView,
    "delegations_add": delegations.DelegationsAddView,
    "allotments": delegations.AllotmentsView,
    "delegation_letters": delegation_letters.DelegationLettersView,
    "delegation_paper": delegation_letters.DelegationPaperView,
    "letter_texts": texts.LetterTextsView,
    "approvals": approvals.ApprovalsView,
    "participants": participants.ParticipantsView,
    "check_in": check_in.CheckInView,
    "admit": check_in.AdmitView,
    "scanner_open": check_in.ScannerOpenView,
    "scanner_revoke": check_in.ScannerRevokeView,
    "badges": badges.BadgesView,
    "badge_renew": badges.BadgeRenewView,
    "certificates": certificates.CertificatesView,
    "questions": questions.QuestionsView,
    "form_preview": questions.PreviewView,
    "answers": details.AnswersView,
    "ask_details": details.AskView,
    "questionnaires": questionnaires.QuestionnairesView,
    "remind": remind.RemindView,
    "waiting": waiting.WaitingView,
    "reminder_set": remind.ReminderSetView,
    "reminder_drop": remind.ReminderDropView,
    "lay_out": training.LayOutView,
    "run_again": training.RunAgainView,
    "documents": documents.DocumentsView,
    "handouts": documents.HandoutsView,
    "circles": circles.CirclesView,
    "minutes": minutes.MinutesListView,
}


class EventFilterSet(WagtailFilterSet):
    kind = django_filters.MultipleChoiceFilter(
        label=_("Kind"), choices=Event.Kind.choices, widget=forms.CheckboxSelectMultiple
    )
    status = django_filters.MultipleChoiceFilter(
        label=_("Status"), choices=Event.Status.choices, widget=forms.CheckboxSelectMultiple
    )
    starts_on = django_filters.DateFromToRangeFilter(label=_("First day"), widget=DateRangePickerWidget)
    venue = django_filters.ModelChoiceFilter(label=_("Venue"), queryset=Venue.objects.all())

    class Meta:
        model = Event
        fields = []


class EventListView(ListView):
    related = ("venue__country",)
    row_door = "event:desk"
    title_label = _("Event")
    results_template_name = "events/desk/event_results.html"
    list_display = (
        StatusTagColumn(
            "get_status_display",
            label=_("Status"),
            sort_key="status",
            primary=lambda event: event.status == Event.Status.ANNOUNCED,
        ),
        Column("get_kind_display", label=_("Kind"), sort_key="kind", classname="desk-wide"),
        Column("dates", label=_("Days"), accessor=mail.dates, sort_key="starts_on"),
        Column(
            "place", label=_("Place"), accessor=lambda event: event.venue and event.venue.place(), classname="desk-wide"
        ),
        NumberColumn("invited", label=_("Invited"), sort_key="invited"),
        NumberColumn(
            "accepted", label=pgettext_lazy("number of people", "Accepted"), sort_key="accepted", classname="desk-wide"
        ),
    )

    def dressed(self, rows):
        sent = Q(invitations__state=Invitation.State.SENT)
        accepted = sent & Q(invitations__reply=Invitation.Reply.ACCEPTED)
        counts = {"invited": Count("invitations", sent), "accepted": Count("invitations", accepted)}
        return super().dressed(rows).annotate(**counts)

    def get_delete_url(self, instance):
        return super().get_delete_url(instance) if instance.status == Event.Status.DRAFT else None


class EventCreateView(InEventTime, generic.CreateView):
    action_class = RecordCreate

    def event(self):
        return _in_zone(self.request.POST.get("timezone"))

    def get_initial(self):
        """`?curriculum=` says what a training is to teach."""
        asked = Curriculum.objects.filter(pk=key_in(self.request.GET.get("curriculum", ""))).first()
        taught = {"curriculum": asked.pk, "kind": Event.Kind.TRAINING} if asked else {}
        return {**super().get_initial(), **taught}

    def get_success_url(self):
        return reverse("event:desk", args=[self.object.pk])


class EventEditView(InEventTime, RecordEditView):
    @cached_property
    def can_delete(self):
        return super().can_delete and self.object.status == Event.Status.DRAFT

    def event(self):
        return _in_zone(self.request.POST.get("timezone")) or Event.objects.filter(pk=self.object_pk).first()

    def get_success_url(self):
        return reverse("event:desk", args=[self.object.pk])


class EventDeleteView(RecordDeleteView):
    """Only what nobody has heard of can be deleted; an announced event is cancelled instead."""

    def get_object(self, queryset=None):
        event = super().get_object(queryset)
        if event.status != Event.Status.DRAFT:
            raise PermissionDenied
        return event


class EventViewSet(RecordViewSet):
    model = Event
    name = "event"
    url_prefix = "events/event"
    icon = "calendar-alt"
    menu_label = _("Events")
    menu_order = 100
    edit_door = "desk"
    index_view_class = EventListView
    add_view_class = EventCreateView
    edit_view_class = EventEditView
    delete_view_class = EventDeleteView
    filterset_class = EventFilterSet
    search_fields = ["title", "slug", "venue__city"]
    list_export = (
        *("slug", "title", "kind", "status", "starts_on", "ends_on", "timezone", "venue", "answer_by"),
        *("invited", "accepted"),
    )
    export_headings = {"invited": _("Invited"), "accepted": pgettext_lazy("number of people", "Accepted")}
    export_filename = "events"
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [
                    FieldPanel("title"),
                    FieldRowPanel([FieldPanel("kind"), FieldPanel("slug")]),
                    FieldPanel("summary"),
                    FieldPanel("curriculum"),
                ],
                heading=_("What"),
            ),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("starts_on"), FieldPanel("ends_on")]),
                    FieldRowPanel([FieldPanel("timezone", widget=forms.Select), FieldPanel("day_starts_at")]),
                    FieldPanel("venue"),
                ],
                heading=_("When and where"),
            ),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("answer_by"), FieldPanel("nominate_by")]),
                    FieldRowPanel([FieldPanel("open_to"), FieldPanel("offer_hours")]),
                    FieldPanel("is_approved_by_two"),
                    FieldPanel("certificate_share"),
                    FieldPanel("reply_to"),
                    FieldPanel("is_public"),
                    FieldPanel("publishes_participants"),
                    FieldPanel("is_chatham_house"),
                ],
                heading=_("Invitations and readers"),
            ),
            InlinePanel(
                "letter_texts",
                [
                    FieldRowPanel([FieldPanel("kind"), FieldPanel("language")]),
                    FieldPanel("subject"),
                    FieldPanel("body"),
                    FieldPanel("signatory"),
                    HelpPanel(template="events/desk/letter_help.html"),
                ],
                heading=_("Formal letters"),
                label=_("Text"),
            ),
            InlinePanel(
                "tracks",
                [
                    FieldPanel("name"),
                    FieldRowPanel([FieldPanel("slug"), FieldPanel("color"), FieldPanel("position")]),
                ],
                heading=_("Tracks"),
                label=_("Track"),
            ),
            InlinePanel(
                "booths",
                [FieldRowPanel([FieldPanel("room"), FieldPanel("language"), FieldPanel("channel")])],
                heading=_("Interpretation"),
                label=_("Booth"),
            ),
        ],
        base_form_class=EventForm,
    )

    def get_urlpatterns(self):
        lists = {f"{door}_results": VIEWS[door].as_view(results_only=True) for door in CHOOSING}
        doors = {**{name: view.as_view() for name, view in VIEWS.items()}, **lists}
        desk = [path(f"<int:pk>/{name.replace('_', '-')}/", view, name=name) for name, view in doors.items()]
        parts = [
            path("<int:pk>/documents/<int:document>/", documents.DocumentView.as_view(), name="document"),
            path("<int:pk>/documents/<int:document>/card/", documents.CardView.as_view(), name="document_card"),
            path("<int:pk>/minutes/<int:session>/", minutes.MinutesView.as_view(), name="session_minutes"),
            path("<int:pk>/versions/<int:version>/", versions.VersionView.as_view(), name="version"),
            path("<int:pk>/versions/<int:version>/go-back/", versions.GoBackView.as_view(), name="go_back"),
            path("<int:pk>/plans/<int:session>/", plans.SessionPlansView.as_view(), name="session_plans"),
            path("<int:pk>/board/<int:session>/", board.BoardMoveView.as_view(), name="board_move"),
            path("<int:pk>/absences/<int:absence>/drop/", board.AbsenceDropView.as_view(), name="absence_drop"),
        ]
        return [*super().get_urlpatterns(), *desk, *parts]


def _in_zone(name: str | None) -> Event | None:
    return Event(timezone=name) if name in zoneinfo.available_timezones() else None
