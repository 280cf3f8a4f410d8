"""Invitation: that we ask a person to come to an event, the letter's calendar object, and the answer."""

import datetime
from collections.abc import Iterable
from dataclasses import replace

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from wagtail.log_actions import log

from contacts.models import Delivery, Message, Person
from contacts.models.introduction import Introduced, introduce
from events import ical, mail
from events.models.by_calendar import InCalendars
from events.models.event import Event
from events.models.nomination import Approval, Nomination, NominationQuerySet
from events.models.offer import SeatHolder
from events.models.quota import Place, Role
from events.models.standing import letters_way, worked_out
from network.models.guarded import GuardedQuerySet
from network.models.linked import Linked, behind, new_nonce
from network.names import fold

LINK_LIVES = datetime.timedelta(days=30)  # after the last day of the event
AN_HOUR = datetime.timedelta(hours=1)


class LinkExpired(Exception):
    """The link is genuine, but its time is over."""


def new_invitation_uid() -> str:
    return ical.invitation_uid(ical.new_guid(), settings.CALENDAR_NAMESPACE, settings.CALENDAR_KEY.encode())


class InvitationQuerySet(NominationQuerySet, GuardedQuerySet):
    def of_desks(self, desks):
        return self.filter(person__in=Person.objects.of_desks(desks).values("pk"))

    def erase(self) -> None:
        """The answer counts on; where the letter went and what was said with the answer is forgotten."""
        self.drafts().delete()
        for invitation in self.standing().filter(event__ends_on__gte=timezone.localdate()):
            invitation.withdraw(by=None)
        for name in ("answers", "formal_letters", "calendar_replies"):
            Invitation._meta.get_field(name).related_model.objects.filter(invitation__in=self).erase()
        typed = {"typed_position": "", "typed_organization": ""}
        self.update(address="", reason="", objection="", nonce=new_nonce(), **typed)

    def drafts(self):
        return self.filter(state=Invitation.State.DRAFT)

    def sent(self):
        return self.filter(state=Invitation.State.SENT)

    def open(self):
        """Sent and not answered."""
        return self.sent().filter(reply=Invitation.Reply.NEEDS_ACTION)

    def accepted(self):
        return self.sent().filter(reply=Invitation.Reply.ACCEPTED)

    def expecting(self):
        """Those whose calendars hold the event: everybody who was invited and comes, or may."""
        reply = Invitation.Reply
        coming = self.sent().not_rejected().exclude(reply__in=[reply.DECLINED, reply.DELEGATED])
        return coming.select_related("event__venue__country", "person")

    def with_standing(self, now: datetime.datetime | None = None):
        """Each with its `standing` (see `events.models.standing`)."""
        events = Event.objects.filter(pk__in=self.order_by().values("event"))
        over = [event.pk for event in events if not event.takes_answers(now)]
        return self.annotate(way=letters_way(Invitation)).annotate(standing=worked_out(over))

    def standing(self):
        """Those that have not been withdrawn."""
        return self.exclude(state=Invitation.State.WITHDRAWN)

    def unsendable(self):
        """Drafts that no letter can carry: there is no address."""
        return self.drafts().filter(address="")


class InvitationManager(models.Manager.from_queryset(InvitationQuerySet)):
    @transaction.atomic
    def draft(self, people: Iterable[Person], *, by) -> list["Invitation"]:
        """Put `people` on the list of those to invite. Who is on it already stays as they are; whose invitation was
        withdrawn is to be invited anew. Called on an event."""
        known = {invitation.person_id: invitation for invitation in self.select_for_update()}
        drafts = [
            known[person.pk]._renew(person)
            if person.pk in known
            else self.create(person=person, address=person.address, language=person.language)
            for person in dict.fromkeys(people)
            if person.pk not in known or known[person.pk].state == Invitation.State.WITHDRAWN
        ]
        if drafts:
            log(drafts[0].event, "events.invitation.draft", user=by, data={"people": len(drafts)})
        return drafts

    def nominate(self, person: Person, delegation, role: str, place: str, stands_for=None) -> "Invitation":
        """The invitation of `person`, who was named for `delegation` (or None) as `role` at `place`, and is to be asked
        and approved. Raises ValidationError for who is on the list of the event already. Called on an event."""
        known = self.select_for_update().filter(person=person).first()
        if known and known.state != Invitation.State.WITHDRAWN:
            raise ValidationError(_("%(name)s is on the list of this event already.") % {"name": person})
        nominee = known._renew(person) if known else self.create(person=person)
        nominee.address, nominee.language = person.address, person.language
        nominee.delegation, nominee.role, nominee.place, nominee.stands_for = delegation, role, place, stands_for
        nominee.approval = Approval.PENDING
        nominee.save()
        return nominee

    @transaction.atomic
    def ask_for(self, person: Person, place: str, *, needs_approval: bool, **typed) -> tuple["Invitation", bool]:
        """The invitation of `person`, who asks to come, in the `place`, with what they `typed` of themselves; and
        whether it is new: who was invited already keeps theirs. Who was taken back before comes once we have approved.
        Called on an event."""
        known = self.select_for_update().filter(person=person).first()
        if known and known.state == Invitation.State.SENT:
            return known, False
        was_taken_back = known is not None and known.state == Invitation.State.WITHDRAWN
        asked = known._renew(person) if known else self.create(person=person)
        asked.state, asked.is_asked_for, asked.place = Invitation.State.SENT, True, place
        asked.sent_at = asked.revised_at = timezone.now()
        asked.approval = Approval.PENDING if needs_approval or was_taken_back else ""
        for name, value in typed.items():
            setattr(asked, name, value)
        asked.save()
        return asked, True

    @transaction.atomic
    def admit(self, named: Introduced, organization: str = "", *, by) -> "Invitation":
        """Give the one `named`, who stands at the door and was not registered, a seat; `organization` as they say it.
        Who has no address gets no letter. Raises ValidationError where no seat is left, or who is on the list already.
        Called on an event."""
        name = f"{named.given_name} {named.family_name}"
        if not named.email and self._bears(name, organization):
            told = _(
                "%(name)s is on the list already: look for the name. If it is somebody else, give an e-mail address."
            )
            raise ValidationError(told % {"name": name})
        guest = self.nominate(introduce(named, None, by=by), None, Role.DELEGATE, Place.ROOM)
        guest.typed_organization, guest.typed_position = organization, named.position
        guest.sit_down(by=by)
        return guest

    def _bears(self, name: str, organization: str) -> bool:
        """Whether somebody on the list is called so, and is not known to be from elsewhere."""
        rows = self.standing().filter(person__in=Person.objects.matching(name).values("pk")).select_related("person")
        alike = [row for row in rows if fold(row.person.given_name, row.person.family_name) == fold(name)]
        said = fold(organization)
        return any(not said or fold(row.typed_organization) in ("", said) for row in alike)

    def send_drafts(self, *, by) -> int:
        """Send every draft that has an address; return how many letters went into the outbox. Called on an event.

        A hundred at a time: nobody else waits long for the database, and what is cut off goes on where it stopped."""
        sent = 0
        while some := self._send_some(by):
            sent += some
        return sent

    @transaction.atomic
    def _send_some(self, by) -> int:
        ready = self.drafts().within_reach_of(by).exclude(address="").select_related("event__venue__country", "person")
        some = list(ready.select_for_update(of=("self",))[:100])  # a second sender waits here, and finds the others
        for invitation in some:
            invitation.event = some[0].event  # read once: all are to the same
        for invitation in some:
            invitation._send(by)
        return len(some)

    def for_letters(self):
        """With all that letters about them carry."""
        return self.prefetch_related("event", "formal_letters")

    @transaction.atomic
    def look_up_addresses(self, *, by) -> int:
        """Take the addresses of the drafts that have none from their people once more; return how many were found.
        Called on an event."""
        found = [
            draft for draft in self.unsendable().within_reach_of(by).select_related("person") if draft.person.address
        ]
        for draft in found:
            draft.address, draft.language = draft.person.address, draft.person.language
        self.bulk_update(found, ["address", "language"])
        if found:
            log(found[0].event, "events.invitation.look_up", user=by, data={"people": len(found)})
        return len(found)

    def by_uid(self, uid: str) -> "Invitation | None":
        """The invitation that an answer with `uid` is for; None where the seal in it is not ours."""
        is_ours = ical.invitation_uid_is_ours(uid, settings.CALENDAR_KEY.encode())
        found = self.select_related("event__venue__country", "person").filter(uid__iexact=uid.strip())
        return found.first() if is_ours else None

    def by_token(self, token: str, now: datetime.datetime | None = None) -> "Invitation":
        """The invitation that the link's `token` is for.

        Raises Invitation.DoesNotExist for a forged or withdrawn link, LinkExpired when its time is over.
        """
        invitation = behind(self.sent().select_related("event__venue__country", "person"), token)
        if (now or timezone.now()).date() > invitation.event.ends_on + LINK_LIVES:
            raise LinkExpired
        return invitation


class Invitation(Linked, InCalendars, SeatHolder, Nomination):
    class State(models.TextChoices):
        DRAFT = "DRAFT", _("Draft")
        SENT = "SENT", _("Sent")
        WITHDRAWN = "WITHDRAWN", _("Withdrawn")

    class Reply(models.TextChoices):
        """PARTSTAT of RFC 5545, stored as sent."""

        NEEDS_ACTION = "NEEDS-ACTION", _("No answer yet")
        ACCEPTED = "ACCEPTED", _("Accepted")
        DECLINED = "DECLINED", _("Declined")
        TENTATIVE = "TENTATIVE", _("Tentative")
        DELEGATED = "DELEGATED", _("Delegated")  # somebody else is to come

    event = models.ForeignKey(Event, models.CASCADE, verbose_name=_("event"), related_name="invitations")
    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("person"), related_name="invitations")
    address = models.EmailField(_("address"), max_length=320, blank=True)
    language = models.CharField(_("language"), max_length=12, choices=settings.LANGUAGES, default="en")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    # What the last of its answers says, for lists to ask for; `answer` alone writes it.
    reply = models.CharField(_("answer"), max_length=12, choices=Reply, default=Reply.NEEDS_ACTION)
    reason = models.TextField(_("reason"), max_length=4000, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    nonce = models.CharField(max_length=16, default=new_nonce, editable=False)
    uid = models.CharField(max_length=200, unique=True, default=new_invitation_uid, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    revised_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = InvitationManager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["person__family_name", "person__given_name", "pk"]
        indexes = [models.Index(fields=["event", "state", "reply"], name="invitation_by_reply")]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "person"],
                name="invitation_once",
                violation_error_message=_("This person is invited already."),
            )
        ]

    def __str__(self) -> str:
        return _("%(person)s to %(event)s") % {"person": self.person, "event": self.event}

    @property
    def merge_company(self) -> tuple:
        """A seat and the invitation that it came of belong to one record, whatever is merged with what."""
        return ("event", self.event_id)

    @property
    def link(self) -> str:
        """The address in the letter, in the letter's language."""
        with override(self.language):
            return settings.SITE_URL + reverse("events:invitation_reply", args=[self.token])

    @property
    def registration(self):
        """The seat or place on the waiting list that came of it, or None."""
        return self.event.registrations.filter(person=self.person).exclude(state="CANCELLED").first()

    @property
    def is_to_be_confirmed(self) -> bool:
        """Whether the event has moved since the person said that they come, or may; asked while answers are taken."""
        moved_at, comes = self.event.moved_at, (self.Reply.ACCEPTED, self.Reply.TENTATIVE)
        has_moved = self.reply in comes and moved_at is not None and self.answered_at < moved_at
        return has_moved and self.state == self.State.SENT and self.event.takes_answers()

    @property
    def is_expected(self) -> bool:
        """Whether the person comes, or may: what `expecting` asks of many."""
        is_out = self.reply in (self.Reply.DECLINED, self.Reply.DELEGATED) or self.approval == Approval.REJECTED
        return self.state == self.State.SENT and not is_out

    @property
    def wants_answer(self) -> bool:
        """Whether the person has said neither yes nor no to the event as it is now."""
        is_unsure = self.reply in (self.Reply.NEEDS_ACTION, self.Reply.TENTATIVE)
        is_open = self.state == self.State.SENT and self.approval != Approval.REJECTED and self.event.takes_answers()
        return is_open and (is_unsure or self.is_to_be_confirmed)

    @transaction.atomic
    def send(self, *, by, now: datetime.datetime | None = None) -> Message:
        """Post the letter with its calendar request. Raises ValidationError where it cannot be sent."""
        return self._send(by, now)

    def _send(self, by, now: datetime.datetime | None = None) -> Message:
        if self.event.status != Event.Status.ANNOUNCED:
            raise ValidationError(_("Announce the event before you send invitations."))
        if not self.address:
            raise ValidationError(_("%(name)s has no e-mail address.") % {"name": self.person})
        now = now or timezone.now()
        sent = {"state": self.State.SENT, "sent_at": now, "revised_at": now}
        if not Invitation.objects.drafts().filter(pk=self.pk).update(**sent):
            raise ValidationError(_("This invitation has been sent already."))
        self.state, self.sent_at, self.revised_at = self.State.SENT, now, now
        self.formal_letters.issue(self, "INVITATION", by=by)
        message = self._post(mail.invitation(self).with_calendar(self.request(), "REQUEST"))
        log(self, "events.invitation.send", user=by)
        return message

    @transaction.atomic
    def answer(
        self, reply: str, *, reason: str = "", by=None, now: datetime.datetime | None = None, way: str = ""
    ) -> None:
        """Take the answer of the person (or of `by`, staff who enter it): a seat, the waiting list, or thanks; who was
        named by a delegation is to be approved first. The last answer is what counts. `way`: how it came, where not by
        the link or by staff.

        Raises ValidationError for an answer that is none, after the deadline, or to what was not sent.
        """
        self._hold()
        if reply not in (self.Reply.ACCEPTED, self.Reply.DECLINED, self.Reply.TENTATIVE):
            raise ValidationError(_("Please accept, decline, or say that you are not sure yet."))
        self._guard_answer(now)
        if reply == self.Reply.ACCEPTED and self.is_offered(now):
            self.take_offer(by=by, now=now)
        if (reply, reason) == (self.reply, self.reason) and not self.is_to_be_confirmed:
            return
        if alternate := self.alternate:
            told = _("You have named %(name)s already. Take that back first.")
            raise ValidationError(told % {"name": alternate.person})
        before = self.reply
        if reply == self.Reply.DECLINED:
            self.give_place_back()
        else:
            self.take_place()
        self._note_answer(reply, reason, by, now or timezone.now(), way)
        if reply != before:
            self._settle_seat()
        self.settle_options()

    @transaction.atomic
    def remind(self, *, by, rule=None) -> bool:
        """Post a letter that asks once more, by a `rule` (Reminder) or by hand; False where the rule has done so, where
        somebody has within the hour, or where no answer is wanted any more."""
        self._hold()
        lately = Q(at__gte=timezone.now() - AN_HOUR) if rule is None else Q(rule=rule)
        if self.reminded.filter(lately).exists() or not self.wants_answer:
            return False
        self._post(mail.invitation_reminder(self))
        self.reminded.create(rule=rule, by=by)
        log(self, "events.invitation.remind", user=by)
        return True

    @transaction.atomic
    def withdraw(self, *, by, letter=mail.invitation_withdrawn) -> None:
        """Take the invitation back: the link is void, a seat is freed, the calendar entry is cancelled by `letter`."""
        self._hold()
        if self.state == self.State.WITHDRAWN:
            raise ValidationError(_("This invitation has been withdrawn already."))
        if self.is_expected:
            self.cancel_calendar("", timezone.now(), letter=letter)
        self.give_place_back()
        if registration := self.registration:
            registration.withdraw()
        self.state, self.nonce = self.State.WITHDRAWN, new_nonce()
        self.save(update_fields=["state", "nonce"])
        self.settle_options()
        log(self, "events.invitation.withdraw", user=by)

    def attachments_of(self, letter: str) -> list[tuple[str, bytes, str]]:
        """What goes with the letter of that name, as name, content and type: the formal letter of invitation, with the
        first letter to whom we invite, and with the seat to who was named; and the certificate."""
        carries = "registration_confirmed" if self.approval else "invitation"
        kind = {carries: "INVITATION", "certificate": "CERTIFICATE"}.get(letter)
        papers = self.formal_letters.all() if kind else ()
        issued = [one for one in papers if one.kind == kind and one.void_at is None]
        return [(one.file_name, one.as_pdf(), "application/pdf") for one in issued]

    def request(self) -> bytes:
        """The calendar object of the letter: METHOD:REQUEST for this addressee alone."""
        return ical.request(self.slot(), self.event.organizer, ical.Address(self.person.name, self.address))

    def slot(self) -> ical.Slot:
        """The event's slot as this addressee's own scheduling object."""
        slot = self.event.slot(self.language)
        return replace(slot, uid=self.uid, sequence=self.sequence, revised_at=self.revised_at)

    @transaction.atomic
    def update_calendar(self, letter, revised_at: datetime.datetime) -> None:
        """Post `letter` with an updated request: same UID, SEQUENCE + 1. It waits a little, and replaces an update
        that is still waiting, so that two corrections in a row make one letter."""
        self._revise(revised_at)
        if not self.address:
            return
        written = letter(self)
        Delivery.objects.supersede(self, written.name)
        due_at = timezone.now() + settings.CALENDAR_UPDATE_DELAY
        self._post(written.with_calendar(self.request(), "REQUEST"), due_at=due_at)

    @transaction.atomic
    def cancel_calendar(self, reason: str, revised_at: datetime.datetime, letter=mail.event_cancelled) -> None:
        """Post `letter` with METHOD:CANCEL, at once; an update that is still waiting is taken back."""
        self._revise(revised_at)
        if not self.address:
            return
        Delivery.objects.supersede(self, "event_rescheduled")
        attendee = ical.Address(self.person.name, self.address)
        self._post(
            letter(self, reason).with_calendar(ical.cancel(self.slot(), self.event.organizer, attendee), "CANCEL")
        )

    def _hold(self) -> None:
        """Two verbs at once come one after the other, and the second sees what the first did."""
        fields = ("state", "reply", "reason", "answered_at", "sequence", "approval", "decided_by", "holds_place")
        fields += ("reopened_at",)
        self.refresh_from_db(fields=fields, from_queryset=Invitation.objects.select_for_update())

    def _renew(self, person: Person) -> "Invitation":
        """A withdrawn invitation as a draft again: with another link and another calendar entry, and no answer."""
        new = Invitation(person=person, event_id=self.event_id, address=person.address, language=person.language)
        new.pk, new._state.adding = self.pk, False
        new.save()
        return new

    def _guard_answer(self, now: datetime.datetime | None = None) -> None:
        if self.state != self.State.SENT:
            raise ValidationError(_("This invitation is not open for answers."))
        if self.event.is_cancelled:
            raise ValidationError(_("This event has been cancelled; no answer is needed."))
        if self.approval == Approval.REJECTED:
            raise ValidationError(_("You were named, but it was not approved. Please write to the organizers."))
        if not self.event.takes_answers(now):
            raise ValidationError(_("The time for answers is over. Please write to the organizers."))

    def _note_answer(self, reply: str, reason: str, by, now: datetime.datetime, way: str = "") -> None:
        before, self.reply, self.reason, self.answered_at = self.reply, reply, reason, now
        self.save(update_fields=["reply", "reason", "answered_at"])
        way = way or ("ORGANIZER" if by else "LINK")
        self.answers.create(reply=reply, reason=reason, way=way, by=by, at=now)
        log(self, "events.invitation.answer", user=by, data={"from": before, "to": reply})

    def _settle_seat(self) -> None:
        """What the new answer means for the seat, and the letter about it."""
        if self.comes:
            return self._enter()
        seat, declined = self.registration, self.reply == self.Reply.DECLINED
        if seat and (declined or seat.state != "HELD"):
            seat.withdraw()
        self._post(mail.nomination_confirmed(self) if self.is_to_be_approved else mail.answer_received(self))
        if declined and self.approval:
            self._tell_who_named()
        return None

    def _enter(self) -> None:
        self.event.registrations.enter(self.person, role=self.role, place=self.place).tell()

    def _post(self, letter, **when) -> Message | None:
        """Who came to the door without an address gets no letter."""
        if not self.address:
            return None
        return Message.objects.post(self.person, letter, address=self.address, about=self, **when)

    def _revise(self, revised_at: datetime.datetime) -> None:
        self.sequence += 1
        self.revised_at = revised_at
        self.save(update_fields=["sequence", "revised_at"])
