"""The letters about events: one small function each, an invitation in, a letter out. Knows no models."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from babel.dates import format_interval
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_noop, override
from django.utils.translation import gettext as _

from contacts.mail import LINK, Letter, Purpose, write

if TYPE_CHECKING:
    from contacts.models import Person
    from events.models import (
        Delegation,
        Event,
        Invitation,
        Mission,
        NoteVerbale,
        ProgrammeEntry,
        Question,
        Questionnaire,
        SeatRequest,
    )
    from events.models.appointment import Reader

# How lists of letters say the names below: marked here so that they are translated.
KINDS = [gettext_noop("Invitation"), gettext_noop("Registration confirmed"), gettext_noop("Registration waiting")]
KINDS += [gettext_noop("Answer received"), gettext_noop("Event rescheduled"), gettext_noop("Event cancelled")]
KINDS += [gettext_noop("Invitation withdrawn"), gettext_noop("Invitation reminder")]
KINDS += [gettext_noop("Nomination"), gettext_noop("Nomination confirmed"), gettext_noop("Nomination rejected")]
KINDS += [gettext_noop("Alternate lost"), gettext_noop("Place free"), gettext_noop("Note returned")]
KINDS += [gettext_noop("Delegation invited"), gettext_noop("Delegation reminder")]
KINDS += [gettext_noop("Delegation withdrawn"), gettext_noop("Certificate"), gettext_noop("Own invitation")]
KINDS += [gettext_noop("Delegation rescheduled"), gettext_noop("Delegation cancelled")]
KINDS += [gettext_noop("Seat request")]
KINDS += [gettext_noop("Seat offered"), gettext_noop("Offer lapsed"), gettext_noop("Seat changed")]
KINDS += [gettext_noop("Seat handed over")]
KINDS += [gettext_noop("Details missing"), gettext_noop("Mission report due")]
KINDS += [gettext_noop("Programme changed"), gettext_noop("Seat in session")]
KINDS += [gettext_noop("Calendar again")]
KINDS += [gettext_noop("Feedback request"), gettext_noop("Assessment request"), gettext_noop("Questionnaire reminder")]


def invitation(invitation: Invitation) -> Letter:
    """Would you come? With the facts and the link to answer."""
    return replace(_about(invitation, "invitation", asks=True), purpose=Purpose.INVITATION)


def registration_confirmed(invitation: Invitation) -> Letter:
    """You have a seat."""
    return _about(invitation, "registration_confirmed", details=invitation.missing_details())


def registration_waiting(invitation: Invitation) -> Letter:
    """No seat is left; you are on the waiting list."""
    return _about(invitation, "registration_waiting", details=invitation.missing_details())


def answer_received(invitation: Invitation) -> Letter:
    """Thank you for declining, or for saying that you are not sure."""
    return _about(invitation, "answer_received")


def invitation_reminder(invitation: Invitation) -> Letter:
    """We have not heard from you, or not since the event has moved. With the link to answer."""
    return replace(_about(invitation, "invitation_reminder", asks=True), purpose=Purpose.INVITATION)


def event_rescheduled(invitation: Invitation, *, has_programme: bool = False) -> Letter:
    """The event has moved, and its programme with it; please confirm."""
    return _about(invitation, "event_rescheduled", has_programme=has_programme)


def calendar_again(invitation: Invitation) -> Letter:
    """The calendar entry once more, as it is now: the reader's calendar program asked for it."""
    return _about(invitation, "calendar_again")


def event_cancelled(invitation: Invitation, reason: str = "") -> Letter:
    """The event will not take place."""
    return _about(invitation, "event_cancelled", reason=reason)


def certificate(invitation: Invitation) -> Letter:
    """You were there: the certificate is attached."""
    return _about(invitation, "certificate")


def invitation_withdrawn(invitation: Invitation, reason: str = "") -> Letter:
    """The invitation is taken back."""
    return _about(invitation, "invitation_withdrawn", reason=reason)


def nomination(invitation: Invitation) -> Letter:
    """Somebody has named you: will you come? With the facts and the link to answer."""
    named_by = invitation.delegation
    organization = named_by.organization.name_in(invitation.language) if named_by else ""
    letter = _about(invitation, "nomination", asks=True, organization=organization)
    return replace(letter, purpose=Purpose.INVITATION)


def nomination_confirmed(invitation: Invitation) -> Letter:
    """Thank you for confirming; we are to approve still."""
    return _about(invitation, "nomination_confirmed", details=invitation.missing_details())


def nomination_rejected(invitation: Invitation, reason: str = "") -> Letter:
    """You cannot come, and why."""
    return _about(invitation, "nomination_rejected", reason=reason)


def alternate_lost(invitation: Invitation, alternate: Invitation) -> Letter:
    """Who was to come in your place does not, so you are asked again. With the link to answer."""
    return _about(invitation, "alternate_lost", asks=True, alternate=alternate)


def seat_request(request: SeatRequest) -> Letter:
    """Was it you who asked for a seat? With the link that says yes."""
    context = {"person": request, "request": request, "link": LINK}
    return _from_organizers(request.event, "seat_request", request.language, context)


def own_invitation(invitation: Invitation) -> Letter:
    """You are on the list already: this is your own link."""
    return _about(invitation, "own_invitation", asks=True)


def seat_offered(invitation: Invitation, until: datetime.datetime) -> Letter:
    """A seat is free for you, if you take it in time. With the link to take it."""
    with override(invitation.language):
        words = moment(invitation.event, until)
    return _about(invitation, "seat_offered", until=words)


def offer_lapsed(invitation: Invitation) -> Letter:
    """Nobody took the seat in time; it has gone to the next."""
    return _about(invitation, "offer_lapsed")


def seat_changed(invitation: Invitation) -> Letter:
    """You come as something else, or somewhere else, from now on."""
    return _about(invitation, "seat_changed")


def seat_handed_over(invitation: Invitation, reason: str = "") -> Letter:
    """Your seat has gone to somebody else."""
    return _about(invitation, "seat_handed_over", reason=reason)


def details_missing(invitation: Invitation, details: list[Question]) -> Letter:
    """Something of the registration form is still to be filled in: what, and the link."""
    return _about(invitation, "details_missing", details=details)


def feedback_request(invitation: Invitation, questionnaire: Questionnaire) -> Letter:
    """How was it? With the link to the questionnaire."""
    return _asking(invitation, "feedback_request", questionnaire)


def assessment_request(invitation: Invitation, questionnaire: Questionnaire) -> Letter:
    """What do you know, before or after? With the link to the questionnaire."""
    return _asking(invitation, "assessment_request", questionnaire)


def questionnaire_reminder(invitation: Invitation, questionnaire: Questionnaire) -> Letter:
    """You have not answered yet. With the link to the questionnaire."""
    return _asking(invitation, "questionnaire_reminder", questionnaire)


def delegation_invited(delegation: Delegation, person: Person) -> Letter:
    """To a focal point: whom do you send? With the address where they sign in, and the places that there are."""
    letter = _to_focal_point(delegation, person, "delegation_invited", quotas=delegation.places)
    return replace(letter, purpose=Purpose.INVITATION)


def delegation_reminder(delegation: Delegation, person: Person) -> Letter:
    """To a focal point: until when names are taken, and what is missing."""
    return _to_focal_point(delegation, person, "delegation_reminder", quotas=delegation.places)


def delegation_withdrawn(delegation: Delegation, person: Person) -> Letter:
    """To a focal point: the invitation of the organization is taken back."""
    return _to_focal_point(delegation, person, "delegation_withdrawn")


def delegation_rescheduled(delegation: Delegation, person: Person) -> Letter:
    """To a focal point: the event has moved, and until when names are taken now."""
    return _to_focal_point(delegation, person, "delegation_rescheduled")


def delegation_cancelled(delegation: Delegation, person: Person, reason: str = "") -> Letter:
    """To a focal point: the event will not take place."""
    return _to_focal_point(delegation, person, "delegation_cancelled", reason=reason)


def place_free(delegation: Delegation, person: Person, member: Invitation) -> Letter:
    """To a focal point: `member` has declined, or was not approved; somebody else can be named."""
    return _to_focal_point(delegation, person, "place_free", member=member)


def note_returned(delegation: Delegation, person: Person, note: NoteVerbale) -> Letter:
    """To a focal point: what is wrong with the note verbale."""
    return _to_focal_point(delegation, person, "note_returned", note=note)


def mission_report_due(mission: Mission, language: str) -> Letter:
    """To those who see to it: the mission is over, and its report is missing."""
    with override(language):
        known = {"mission": mission, "days": dates(mission), "place": mission.place(language)}
    return write("mission_report_due", language, {**known, "link": LINK})


def programme_changed(event: Event, reader: Reader, link: str) -> Letter:
    """What is otherwise in the sessions of the reader, with the calendar entries."""
    known = {"person": reader.person, "concerns": reader.concerns, "link": link, "is_own": bool(reader.invitation)}
    return _from_organizers(event, "programme_changed", reader.language, known)


def seat_in_session(
    invitation: Invitation, session: ProgrammeEntry, *, when: str, room: str, clashes: list[str]
) -> Letter:
    """You have a seat in the session for which you waited. The link leads on to the reader's plan."""
    link = f"{LINK}plan/"
    return _about(invitation, "seat_in_session", session=session, when=when, room=room, clashes=clashes, link=link)


def dates(event: Event | Mission) -> str:
    """The days of `event` in words of the active language: "3 May 2027" or "30–31 Mar 2027"."""
    if event.starts_on == event.ends_on:
        return date_format(event.starts_on, "DATE_FORMAT")
    language = get_language() or "en"
    return format_interval(event.starts_on, event.ends_on, "yMMMMd", locale="en_GB" if language == "en" else language)


def moment(event: Event, at: datetime.datetime) -> str:
    """`at` on the clock of `event`, in words of the active language."""
    return f"{date_format(at.astimezone(event.zone), 'DATETIME_FORMAT')} ({event.timezone})"


def facts(event: Event, with_deadline: bool = True) -> list[dict[str, str]]:
    """What a letter or page says of `event`, as label and value in the active language; nothing that is empty."""
    asks = event.answer_by and with_deadline
    deadline = asks and date_format(event.answer_by.astimezone(event.zone), "DATETIME_FORMAT")
    rows = [
        (_("Dates"), dates(event)),
        (_("Place"), event.venue.place() if event.venue else ""),
        (_("Please answer by"), f"{deadline} ({event.timezone})" if deadline else ""),
    ]
    return [{"label": label, "value": value} for label, value in rows if value]


def names_until(event: Event) -> str:
    """Until when delegations can say who comes, in words of the active language; "" where nothing is set."""
    until = event.nominate_by or event.answer_by
    return f"{date_format(until.astimezone(event.zone), 'DATETIME_FORMAT')} ({event.timezone})" if until else ""


def _about(invitation: Invitation, name: str, asks: bool = False, **more: Any) -> Letter:
    context = {"invitation": invitation, "person": invitation.person, "link": LINK, **more}
    return _from_organizers(invitation.event, name, invitation.language, context, asks=asks)


def _asking(invitation: Invitation, name: str, questionnaire: Questionnaire) -> Letter:
    """The link leads on from the reader's own, to the questionnaire."""
    with override(invitation.language):
        until = date_format(questionnaire.last_day, "DATE_FORMAT")
    link = f"{LINK}{questionnaire.tail}"
    return _about(invitation, name, questionnaire=questionnaire, until=until, link=link)


def _to_focal_point(delegation: Delegation, person: Person, name: str, **more: Any) -> Letter:
    """The address that it leads to is no secret: who follows it signs in."""
    link = delegation.link_in(person.language)
    organization = delegation.organization.name_in(person.language)
    context = {"delegation": delegation, "organization": organization, "person": person, "link": link, **more}
    return _from_organizers(delegation.event, name, person.language, context)


def _from_organizers(event: Event, name: str, language: str, context: dict[str, Any], asks: bool = False) -> Letter:
    """`asks`: with the day until which an answer is taken."""
    with override(language):
        organizer = event.organizer
        known = {"event": event, "facts": facts(event, with_deadline=asks), "names_until": names_until(event)}
    sender = f"{_quoted(organizer.name)} <{organizer.address}>"
    return write(name, language, {**known, **context}, from_address=sender, reply_to=event.reply_to)


def _quoted(name: str) -> str:
    return '"' + name.translate({ord(mark): " " for mark in '"\\<>\r\n'}) + '"'
