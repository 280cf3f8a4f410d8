"""The door to Wagtail's admin for events."""

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.permissions import register_permission_policy

from events.models import CalendarReply
from events.viewsets import (
    CalendarReplyViewSet,
    CalendarViewSet,
    CommitmentViewSet,
    CurriculumViewSet,
    DelegationViewSet,
    EventViewSet,
    InvitationViewSet,
    ItemViewSet,
    MissionViewSet,
    QuestionnaireViewSet,
    QuestionViewSet,
    RegistrationViewSet,
    SessionViewSet,
    TrainingCoverageViewSet,
    TrainingRecordViewSet,
    VenueViewSet,
    mission_card,
    training_record,
)
from events.viewsets.sources import conditions, dossier_rows, sources
from network.viewsets.records import LimitedPolicy

# What the verbs leave in the history: action, and how the history says it.
ACTIONS = {
    "events.event.announce": _("Announced"),
    "events.event.reschedule": _("Moved to other days"),
    "events.event.cancel": _("Cancelled"),
    "events.programme.publish": _("Published the programme"),
    "events.programme.go_back": _("Went back to an earlier programme"),
    "events.plan.mark": _("Put a session into the plan"),
    "events.plan.drop": _("Took a session out of the plan"),
    "events.plan.wait": _("Waits for a seat in a session"),
    "events.plan.seat": _("Got a seat in a session for which they waited"),
    "events.programme.import": _("Imported a programme"),
    "events.programme.receive": _("Uploaded a programme"),
    "events.programme.discard": _("Put an uploaded programme aside"),
    "events.invitation.look_up": _("Looked up missing addresses"),
    "events.quota.resize": _("Changed the number of places"),
    "events.registration.offer": _("Gave a free seat to the waiting list"),
    "events.registration.prioritize": _("Changed the priority on the waiting list"),
    "events.registration.transfer": _("Changed the seat"),
    "events.registration.hand_over": _("Handed the seat to another person"),
    "events.offer.take": _("Took the seat that was offered"),
    "events.offer.lapse": _("An offer lapsed"),
    "events.invitation.ask_for": _("Registered on the page of the event"),
    "events.invitation.draft": _("Put people on the list of invitations"),
    "events.invitation.send": _("Sent the invitation"),
    "events.invitation.answer": _("Took an answer"),
    "events.invitation.withdraw": _("Withdrew the invitation"),
    "events.invitation.remind": _("Asked for an answer again"),
    "events.invitation.import_answers": _("Took answers from a file"),
    "events.invitation.send_calendar_again": _("Sent the calendar entry again"),
    "events.calendar_reply.take": _("Came in from a calendar"),
    "events.calendar_reply.settle": _("Dealt with it"),
    "events.calendar_reply.apply": _("Took it as the answer"),
    "events.calendar_reply.nominate": _("Named somebody to come instead"),
    "events.calendar_reply.take_back": _("Took the answer back"),
    "events.allotment.give": _("Allotted places to a kind of organization"),
    "events.allotment.drop": _("Took an allotment back"),
    "events.delegation.draft": _("Put organizations on the list of invitations"),
    "events.delegation.invite": _("Invited the delegation"),
    "events.delegation.remind": _("Asked the focal points again"),
    "events.delegation.withdraw": _("Took the invitation of the delegation back"),
    "events.question.add_usual": _("Added usual questions to the registration form"),
    "events.question.move": _("Moved a question of the registration form"),
    "events.question.drop": _("Took a question out of the registration form"),
    "events.details.fill": _("Filled in the registration form"),
    "events.details.ask": _("Asked for missing details"),
    "events.details.vanish": _("Travel and passport data have vanished"),
    "events.nomination.ask": _("Asked who was named to confirm"),
    "events.nomination.agree": _("Agreed, as the first of two"),
    "events.nomination.approve": _("Approved who was named"),
    "events.nomination.reopen": _("To be approved again, because details have changed"),
    "events.nomination.reject": _("Did not approve who was named"),
    "events.registration.renew_badge": _("Made a lost badge void"),
    "events.scanner.open": _("Made a link for a telephone at the door"),
    "events.scanner.revoke": _("Took the link of a telephone back"),
    "events.commitment.report": _("Reported on a commitment"),
    "events.commitment.endorse": _("Noted who endorses a commitment"),
    "events.mission.call_off": _("Called the mission off"),
    "events.mission.take_up_again": _("Took the mission up again"),
    "events.mission.ask_for_report": _("Asked for the report"),
    "events.mission.report": _("Handed the report in"),
    "events.mission.meet": _("Noted a meeting"),
    "events.mission.follow_up": _("Wrote down what follows"),
    "events.talk.give": _("Noted a talk"),
    "events.talk.drop": _("Took a talk off"),
    "events.letter.write_usual": _("Took our usual text of formal letters"),
    "events.letter.issue": _("Issued a formal letter"),
    "events.note.add": _("Sent a note verbale"),
    "events.note.check": _("Checked a note verbale"),
    "events.questionnaire.begin": _("Began a questionnaire"),
    "events.questionnaire.write": _("Changed what a questionnaire asks"),
    "events.questionnaire.open": _("Opened a questionnaire"),
    "events.questionnaire.close": _("Closed a questionnaire"),
    "events.questionnaire.ask": _("Asked for answers to a questionnaire"),
    "events.questionnaire.answer": _("Answered a questionnaire"),
    "events.questionnaire.drop": _("Deleted a questionnaire"),
    "events.reminder.set": _("Set a reminder"),
    "events.reminder.drop": _("Took a reminder back"),
    "events.curriculum.lay_out": _("Laid the modules out as sessions"),
    "events.event.run_again": _("Made a draft after the pattern of another event"),
    "events.event.weigh": _("Said what conflicts weigh"),
    "events.event.arrange": _("Moved sessions on the board"),
    "events.event.duplicate_day": _("Duplicated a day of the programme"),
    "events.event.take_copies_back": _("Took a duplicated day back"),
    "events.absence.note": _("Noted that a room is closed, or somebody not available"),
    "events.absence.drop": _("Took an absence off"),
    "events.document.add": _("Added a document"),
    "events.document.change": _("Said for whom a document is"),
    "events.document.drop": _("Took a document away"),
    "events.circle.keep": _("Said who is in a circle of participants"),
    "events.circle.drop": _("Took a circle of participants away"),
    "events.minutes.write": _("Wrote minutes"),
    "events.minutes.approve": _("Approved minutes"),
    "events.minutes.reopen": _("Opened minutes again"),
}

# What came from a calendar stays as it came.
register_permission_policy(CalendarReply, LimitedPolicy(CalendarReply, "view"))


class EventsGroup(ViewSetGroup):
    menu_label = _("Events")
    menu_name = "events"
    menu_icon = "calendar-alt"
    menu_order = 120
    items = (
        *(EventViewSet, SessionViewSet, VenueViewSet, DelegationViewSet, InvitationViewSet, RegistrationViewSet),
        *(CalendarReplyViewSet, CommitmentViewSet, MissionViewSet, CalendarViewSet),
        *(CurriculumViewSet, TrainingRecordViewSet, TrainingCoverageViewSet),
    )


@hooks.register("register_log_actions")
def register_actions(actions):
    for name, label in ACTIONS.items():
        actions.register_action(name, label, label)


@hooks.register("register_admin_viewset")
def register_viewsets():
    # Those of questions have no entry in the menu: they are reached from an event.
    return [EventsGroup(), QuestionViewSet(), QuestionnaireViewSet(), ItemViewSet()]


@hooks.register("insert_global_admin_css")
def desk_styles():
    return format_html('<link rel="stylesheet" href="{}">', static("entente/desk.css"))


@hooks.register("timeline_sources")
def timeline_sources():
    return sources()


@hooks.register("record_panels")
def record_panels(record, viewer):
    return [*training_record.panels(record, viewer), *mission_card.panels(record, viewer)]


@hooks.register("segment_conditions", order=10)  # below what is asked of people themselves
def segment_conditions():
    return conditions()


@hooks.register("dossier_rows")
def rows_of_people(people):
    return dossier_rows(people)


@hooks.register("record_buttons")
def record_buttons(record, viewer):
    return mission_card.buttons(record, viewer)
