"""The public addresses of events; all below a language prefix."""

import datetime

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from events.views import (
    changes,
    check_in,
    delegations,
    exchange,
    feeds,
    invitations,
    letters,
    members,
    minutes,
    own_feeds,
    papers,
    participants,
    plan,
    programme,
    questionnaires,
    registrations,
)


class DayConverter(StringConverter):
    """A day, as 2027-05-04."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> datetime.date:
        return datetime.date.fromisoformat(value)  # ValueError: no such address


register_converter(DayConverter, "day")

app_name = "events"
urlpatterns = [
    path("events/<slug:slug>/", programme.event_detail, name="event_detail"),
    path("events/<slug:slug>/register/", registrations.register, name="register"),
    path("events/<slug:slug>/register/sent/", registrations.sent, name="register_sent"),
    path("registrations/<str:token>/", registrations.seat_request, name="seat_request"),
    path("events/<slug:slug>/participants/", participants.event_participants, name="event_participants"),
    path("events/<slug:slug>/programme/", programme.event_programme, name="event_programme"),
    path("events/<slug:slug>/programme/changes/", changes.programme_changes, name="programme_changes"),
    path("events/<slug:slug>/programme/changes.atom", changes.changes_feed, name="changes_feed"),
    path("events/<slug:slug>/programme/versions/<int:version>/", changes.programme_version, name="programme_version"),
    path("events/<slug:slug>/plan/", plan.my_plan, name="my_plan"),
    path("events/<slug:slug>/sessions/<uuid:guid>/", programme.session_detail, name="session_detail"),
    path("events/<slug:slug>/commitments/", programme.commitments, name="commitments"),
    path("events/<slug:slug>/documents/<int:pk>/", papers.event_document, name="event_document"),
    path("events/<slug:slug>/documents.zip", papers.event_documents, name="event_documents"),
    path("events/<slug:slug>/minutes/<int:pk>/", papers.event_minutes, name="event_minutes"),
    path("events/<slug:slug>/sessions/<uuid:guid>/minutes/", minutes.minutes_write, name="minutes_write"),
    path("events/<slug:slug>/event.ics", feeds.event_feed, name="event_feed"),
    path("events.ics", feeds.events_feed, name="events_feed"),
    path("events/<slug:slug>/programme.ics", feeds.programme_feed, name="programme_feed"),
    path("events/<slug:slug>/tracks/<slug:track>.ics", feeds.track_feed, name="track_feed"),
    path("events/<slug:slug>/rooms/<slug:room>.ics", feeds.room_feed, name="room_feed"),
    path("events/<slug:slug>/sessions/<uuid:guid>.ics", feeds.session_feed, name="session_feed"),
    path("events/<slug:slug>/schedule.xml", exchange.schedule_xml, name="schedule_xml"),
    path("events/<slug:slug>/schedule.json", exchange.schedule_json, name="schedule_json"),
    path("events/<slug:slug>/programme.pdf", exchange.programme_pdf, name="programme_pdf"),
    path("events/<slug:slug>/programme-<day:day>.pdf", exchange.programme_pdf, name="programme_pdf_day"),
    path("events/<slug:slug>/doors.pdf", exchange.door_signs, name="door_signs"),
    path("programme.js", exchange.widget, name="widget"),
    path("calendar/<str:token>.ics", feeds.personal_feed, name="personal_feed"),
    path("invitations/<str:token>/", invitations.invitation_reply, name="invitation_reply"),
    path("invitations/<str:token>/letters/<int:pk>/", invitations.letter, name="invitation_letter"),
    path("formal-letters/<str:code>/", letters.letter, name="letter"),
    path("invitations/<str:token>/documents/<int:pk>/", invitations.document, name="invitation_document"),
    path("invitations/<str:token>/documents.zip", invitations.documents, name="invitation_documents"),
    path("invitations/<str:token>/minutes/<int:pk>/", invitations.minutes, name="invitation_minutes"),
    path("invitations/<str:token>/offer/", invitations.offer, name="offer"),
    path("invitations/<str:token>/alternate/", invitations.alternate_name, name="alternate_name"),
    path("invitations/<str:token>/alternate/recall/", invitations.alternate_recall, name="alternate_recall"),
    path("check-in/<str:token>/", check_in.check_in, name="check_in"),
    path("check-in/<str:token>/guests/", check_in.walk_in, name="walk_in"),
    path("check-in/<str:token>/scans/", check_in.scans, name="scans"),
    path("check-in/<str:token>/manifest/", check_in.manifest, name="manifest"),
    path("check-in/<str:token>/worker.js", check_in.worker, name="check_in_worker"),
    path("delegations/", delegations.delegations, name="delegations"),
    path("delegations/<int:pk>/", delegations.delegation, name="delegation"),
    path("delegations/<int:pk>/members/", delegations.member_nominate, name="member_nominate"),
    path("delegations/<int:pk>/members/<int:member>/replace/", delegations.member_replace, name="member_replace"),
    path("delegations/<int:pk>/members/<int:member>/remove/", delegations.member_remove, name="member_remove"),
    path("delegations/<int:pk>/letters/<int:letter>/", delegations.letter, name="delegation_letter"),
    path("delegations/<int:pk>/notes/", delegations.note_add, name="note_add"),
    path("delegations/<int:pk>/notes/<int:note>/", delegations.note, name="note"),
    path("invitations/<str:token>/details/", invitations.details_fill, name="details_fill"),
    path("invitations/<str:token>/details/<int:pk>/", invitations.details_file, name="details_file"),
    path("delegations/<int:pk>/members/<int:member>/details/", members.member_details, name="member_details"),
    path("delegations/<int:pk>/members/<int:member>/details/<int:answer>/", members.member_file, name="member_file"),
    path("invitations/<str:token>/questionnaires/<int:pk>/", questionnaires.questionnaire, name="questionnaire"),
    path("invitations/<str:token>/plan/", plan.plan, name="plan"),
    path("invitations/<str:token>/plan/feed/", plan.plan_feed, name="plan_feed"),
    path("invitations/<str:token>/feeds/", own_feeds.invitation_feeds, name="invitation_feeds"),
    path("invitations/<str:token>/feeds/<int:pk>/revoke/", own_feeds.feed_revoke, name="feed_revoke"),
    path("calendar/", own_feeds.own_feeds, name="own_feeds"),
    path("calendar/<int:pk>/revoke/", own_feeds.own_feed_revoke, name="own_feed_revoke"),
]
