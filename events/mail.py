"""The letters about events: one small function each, an invitation in, a letter out. Knows no models."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from babel.dates import format_interval
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_noop, override
from django.utils.translation import gettext as _

from contacts.mail import LINK, Letter, Purpose, write

if TYPE_CHECKING:
    from events.models import Event, Invitation

# How lists of letters say the names below: marked here so that they are translated.
KINDS = [gettext_noop("Invitation"), gettext_noop("Registration confirmed"), gettext_noop("Registration waiting")]
KINDS += [gettext_noop("Answer received"), gettext_noop("Event rescheduled"), gettext_noop("Event cancelled")]
KINDS += [gettext_noop("Invitation withdrawn"), gettext_noop("Invitation reminder")]


def invitation(invitation: Invitation) -> Letter:
    """Would you come? With the facts and the link to answer."""
    return replace(_about(invitation, "invitation", asks=True), purpose=Purpose.INVITATION)


def registration_confirmed(invitation: Invitation) -> Letter:
    """You have a seat."""
    return _about(invitation, "registration_confirmed")


def registration_waiting(invitation: Invitation) -> Letter:
    """No seat is left; you are on the waiting list."""
    return _about(invitation, "registration_waiting")


def answer_received(invitation: Invitation) -> Letter:
    """Thank you for declining, or for saying that you are not sure."""
    return _about(invitation, "answer_received")


def invitation_reminder(invitation: Invitation) -> Letter:
    """We have not heard from you, or not since the event has moved. With the link to answer."""
    return replace(_about(invitation, "invitation_reminder", asks=True), purpose=Purpose.INVITATION)


def event_rescheduled(invitation: Invitation) -> Letter:
    """The event has moved; please confirm."""
    return _about(invitation, "event_rescheduled")


def event_cancelled(invitation: Invitation, reason: str = "") -> Letter:
    """The event will not take place."""
    return _about(invitation, "event_cancelled", reason=reason)


def invitation_withdrawn(invitation: Invitation, reason: str = "") -> Letter:
    """The invitation is taken back."""
    return _about(invitation, "invitation_withdrawn", reason=reason)


def dates(event: Event) -> str:
    """The days of `event` in words of the active language: "3 May 2027" or "30–31 Mar 2027"."""
    if event.starts_on == event.ends_on:
        return date_format(event.starts_on, "DATE_FORMAT")
    language = get_language() or "en"
    return format_interval(event.starts_on, event.ends_on, "yMMMMd", locale="en_GB" if language == "en" else language)


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


def _about(invitation: Invitation, name: str, asks: bool = False, **more: str) -> Letter:
    event = invitation.event
    with override(invitation.language):
        organizer = event.organizer
        context = {
            "invitation": invitation,
            "event": event,
            "person": invitation.person,
            "link": LINK,
            "facts": facts(event, with_deadline=asks),
            **more,
        }
    sender = f"{_quoted(organizer.name)} <{organizer.address}>"
    return write(name, invitation.language, context, from_address=sender, reply_to=event.reply_to)


def _quoted(name: str) -> str:
    return '"' + name.translate({ord(mark): " " for mark in '"\\<>\r\n'}) + '"'
