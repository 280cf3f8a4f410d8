"""Details: the registration form of an event, put to one person: what is asked of them, what they have said, and what
is missing. It comes after the answer to the invitation, so that no seat is lost because of a form."""

import datetime
from collections.abc import Iterable, Mapping
from enum import Enum

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from contacts.models import Consent, Message
from events import mail
from events.models.answers import Answer
from events.models.event import Event
from events.models.question import Kind, Listing, Question, Said, Stage

AN_HOUR = datetime.timedelta(hours=1)


class Filler(Enum):
    """Who fills the form in."""

    PERSON = "person"
    FOCAL_POINT = "focal point"  # for somebody of the delegation; a consent is for the person alone to give
    ORGANIZER = "organizer"


class Details:
    def __init__(
        self,
        questions: Iterable[Question],
        role: str,
        answers: Iterable[Answer],
        *,
        is_confirmed: bool,
        withdrawn_on: datetime.date | None = None,
    ):
        """`answers`: the current ones; `withdrawn_on`: the day on which the consent to be listed was taken back."""
        self.questions = [one for one in questions if not one.roles or role in one.roles]
        self.answers = {answer.question_id: answer for answer in answers if not answer.is_empty}
        self.is_confirmed = is_confirmed
        self.withdrawn_on = withdrawn_on

    def asked(self, filler: Filler = Filler.PERSON) -> list[Question]:
        """What is asked of them now, in its order; what depends on another answer among it."""
        said, keys, found = self.said(), set(), []
        for question in self.questions:
            # What depends on something that they do not see is asked only where it applies.
            if self._is_asked(question, filler) and (question.only_if_id in {None, *keys} or question.applies(said)):
                found.append(question)
                keys.add(question.pk)
        return found

    def said(self) -> dict[int, Said]:
        """Question (key) -> what they say to it now; nothing where it is not asked of them by what they say else."""
        found: dict[int, Said] = {}
        for question in self.questions:
            if question.pk in self.answers and question.applies(found):
                found[question.pk] = self._said(question)
        return found

    def missing(self, filler: Filler = Filler.PERSON) -> list[Question]:
        """What must be answered and is not."""
        said = self.said()
        wanted = [one for one in self.asked(filler) if one.is_required and one.applies(said)]
        return [one for one in wanted if not said.get(one.pk)]

    def changes(self, given: Mapping[int, "Said | File"], filler: Filler) -> dict[Question, "Said | File"]:
        """What is to be written where `given` (question -> answer) is said: what differs, and the answers to what is
        not asked any more, which are dropped."""
        said: dict[int, Said | File] = {**self.said()}
        asked = {one.pk for one in self.asked(filler)}
        found: dict[Question, Said | File] = {}
        for question in self.questions:
            before = said.get(question.pk, "")
            after = given.get(question.pk, before) if question.pk in asked else before
            after = (after or "") if question.applies(said) else ""
            if after != before or (question.pk in self.answers and not after):
                found[question] = after
            said[question.pk] = after
        return found

    def _is_asked(self, question: Question, filler: Filler) -> bool:
        if filler == Filler.ORGANIZER:
            return True
        if question.is_for_managers or (filler == Filler.FOCAL_POINT and question.kind == Kind.LISTING):
            return False
        return question.stage == Stage.REGISTRATION or self.is_confirmed

    def _said(self, question: Question) -> Said:
        answer = self.answers[question.pk]
        if question.kind == Kind.LISTING and self.withdrawn_on and answer.at.date() <= self.withdrawn_on:
            return Listing.NONE
        return answer.said


def questions_of(event: Event) -> list[Question]:
    """The questions of its form, with all that is shown of them."""
    rows = event.questions.select_related("only_if", "wanted_option", "event")
    return list(rows.prefetch_related("options__quota"))


def overview(event: Event, invitations) -> list[tuple]:
    """Each of `invitations` to `event` with its Details; the same few queries however many there are."""
    questions = questions_of(event)
    rows = list(invitations)
    people = [row.person_id for row in rows]
    seats = {seat.person_id: seat for seat in event.registrations.filter(person__in=people)}
    given: dict[int, list[Answer]] = {}
    current = Answer.objects.current().filter(registration__event=event, registration__person__in=people)
    for answer in current.select_related("question", "country", "by").prefetch_related("choices__option"):
        given.setdefault(answer.registration_id, []).append(answer)
    withdrawn = listing_withdrawn(people)
    found = []
    for row in rows:
        row.event = event  # read once: all are to the same
        seat = seats.get(row.person_id)
        answers = given.get(seat.pk, []) if seat else []
        is_confirmed = bool(seat) and seat.state == "CONFIRMED"
        on = withdrawn.get(row.person_id)
        found.append((row, Details(questions, row.role, answers, is_confirmed=is_confirmed, withdrawn_on=on)))
    return found


def with_missing(event: Event, invitations) -> list[tuple]:
    """Of those who have said yes, each with something missing, and what it is."""
    coming = invitations.accepted().not_rejected().select_related("person", "delegation__organization")
    found = [(row, details.missing()) for row, details in overview(event, coming) if row.takes_details]
    return [(row, missing) for row, missing in found if missing]


def listing_of(event: Event, people: Iterable[int]) -> dict[int, str] | None:
    """Person (key) -> how far they agree to be listed (see Listing); None where the event does not ask."""
    if not event.questions.filter(kind=Kind.LISTING).exists():
        return None
    people = list(people)
    withdrawn = listing_withdrawn(people)
    found = dict.fromkeys(people, Listing.NONE.value)
    rows = Answer.objects.given().filter(question__kind=Kind.LISTING, question__event=event)
    for person, level, at in rows.filter(registration__person__in=people).values_list(
        "registration__person", "value", "at"
    ):
        if not (person in withdrawn and at.date() <= withdrawn[person]):
            found[person] = level
    return found


def listing_withdrawn(people: Iterable[int]) -> dict[int, datetime.date]:
    """Person (key) -> the last day on which they took the consent to be listed back. A row that a later one replaced
    was not taken back."""
    rows = Consent.objects.filter(person__in=people, purpose=Consent.Purpose.LISTING).order_by("pk")
    found: dict[int, datetime.date] = {}
    kept: dict[int, list[Consent]] = {}
    for row in rows:
        kept.setdefault(row.person_id, []).append(row)
    for person, consents in kept.items():
        for place, consent in enumerate(consents):
            is_replaced = any(later.given_on == consent.withdrawn_on for later in consents[place + 1 :])
            if consent.withdrawn_on and not is_replaced:
                found[person] = max(consent.withdrawn_on, found.get(person, consent.withdrawn_on))
    return found


class Detailed(models.Model):
    """What an invitation has to do with the form."""

    reopened_at = models.DateTimeField(null=True, editable=False)  # since then what was approved has changed

    class Meta:
        abstract = True

    @property
    def seat_or_none(self):
        """The row of the registration, be there a seat or not."""
        return self.event.registrations.filter(person=self.person_id).first()

    @property
    def takes_details(self) -> bool:
        """Whether the form can be filled in: by who has said yes, until the event is over."""
        is_coming = (self.state, self.reply) == ("SENT", "ACCEPTED") and self.approval != "REJECTED"
        return is_coming and not self.event.is_cancelled and timezone.localdate() <= self.event.ends_on

    def details(self) -> Details:
        seat = self.seat_or_none
        rows = seat.answers.current().select_related("question", "country", "by") if seat else ()
        return Details(
            questions_of(self.event),
            self.role,
            rows.prefetch_related("choices__option") if seat else (),
            is_confirmed=bool(seat) and seat.state == "CONFIRMED",
            withdrawn_on=listing_withdrawn([self.person_id]).get(self.person_id),
        )

    def answers_seen(self, filler: Filler = Filler.PERSON):
        """The current answers with a file that `filler` may open."""
        rows = Answer.objects.given().filter(registration__event=self.event_id, registration__person=self.person_id)
        rows = rows.exclude(file="")
        return rows if filler == Filler.ORGANIZER else rows.exclude(question__is_for_managers=True)

    def said_to_form(self) -> list[tuple[Question, list[Answer]]]:
        """Each question that was answered, with the versions of the answer, the last first."""
        rows = Answer.objects.filter(registration__event=self.event_id, registration__person=self.person_id)
        found: dict[Question, list[Answer]] = {}
        whole = rows.select_related("question", "country", "by").prefetch_related("choices__option")
        for answer in whole.order_by("question__position", "question", "-at", "-pk"):
            found.setdefault(answer.question, []).append(answer)
        return list(found.items())

    def changed_since_approval(self) -> list[tuple[Question, str, str]]:
        """What was approved and reads otherwise now: the question, the words before and those now."""
        if self.reopened_at is None:
            return []
        found = []
        for question, versions in self.said_to_form():
            before = next((one for one in versions if one.at < self.reopened_at), None)
            if question.asks_approval_again and before and before.pk != versions[0].pk:
                found.append((question, before.words, versions[0].words))
        return found

    def missing_details(self) -> list[Question]:
        """What is missing of who comes."""
        return self.details().missing() if self.takes_details else []

    @transaction.atomic
    def fill_in(self, given: Mapping[int, "Said | File"], *, by=None, filler: Filler = Filler.PERSON) -> bool:
        """Write what is `given` (question -> answer, "" for none) as the next versions; whether what was approved has
        changed with it, and is to be approved again. Raises ValidationError where the form is closed, or an option is
        full; then nothing is written."""
        self._hold()
        if not self.takes_details and filler != Filler.ORGANIZER:
            raise ValidationError(_("The form is closed: the event is over, or you do not come."))
        details = self.details()
        changes = details.changes(given, filler)
        if not changes:
            return False
        seat, _is_new = self.event.registrations.get_or_create(person=self.person)
        before, now = details.said(), timezone.now()
        seat.answers.write(seat, changes, by=by)
        if not self.takes_details:  # an organizer notes something of who does not come: nothing is held for them
            seat.answers.give_places_back()
        for question, value in changes.items():
            if question.kind == Kind.LISTING:
                self._note_consent(before.get(question.pk, ""), str(value), by)
        log(self, "events.details.fill", user=by, data={"questions": [str(one) for one in changes]})
        marked = [one for one in changes if one.asks_approval_again and one.pk in before]
        return bool(marked) and filler != Filler.ORGANIZER and self._reopen(seat, by, now)

    @transaction.atomic
    def ask_for_details(self, *, by) -> bool:
        """Post a letter that says what is missing; False where nothing is, or somebody has asked within the hour."""
        self._hold()
        lately = Message.objects.about(self).filter(letter="details_missing", created_at__gte=timezone.now() - AN_HOUR)
        if not self.address or not (missing := self.missing_details()) or lately.exists():
            return False
        self._post(mail.details_missing(self, missing))
        log(self, "events.details.ask", user=by)
        return True

    def settle_options(self) -> None:
        """Who comes holds the places of the options that they chose; who does not, gives them back."""
        if (seat := self.seat_or_none) is None:
            return
        if self.takes_details:
            seat.answers.take_places_anew()
        else:
            seat.answers.give_places_back()

    def _reopen(self, seat, by, now: datetime.datetime) -> bool:
        """Somebody approved is to be approved again; their seat is held meanwhile. Who waits for one waits no more
        until then. What the first of two has agreed to is to be agreed to again."""
        if self.approval == "PENDING" and self.decided_by_id:
            self.decided_by = None
            self.save(update_fields=["decided_by"])
        if self.approval != "APPROVED":
            return False
        self.approval, self.decided_by, self.reopened_at = "PENDING", None, now
        self.save(update_fields=["approval", "decided_by", "reopened_at"])
        if seat.state in ("CONFIRMED", "WAITING"):
            seat._turn("HELD" if seat.state == "CONFIRMED" else "CANCELLED")
        log(self, "events.nomination.reopen", user=by)
        return True

    def _note_consent(self, before: str, level: str, by) -> None:
        """The person's consent to be listed, where they keep all that they agreed to."""
        if level in (Listing.PARTICIPANTS, Listing.PUBLIC):
            told = {"event": self.event, "level": Listing(level).label}
            source = _("Registration form of %(event)s: %(level)s") % told
            Consent.objects.give(
                self.person,
                purpose=Consent.Purpose.LISTING,
                basis=Consent.Basis.CONSENT,
                source=source[:300],
                given_on=timezone.localdate(),
                by=by,
            )
        elif before in (Listing.PARTICIPANTS, Listing.PUBLIC) and not self._agrees_elsewhere():
            for consent in self.person.consents.standing().filter(purpose=Consent.Purpose.LISTING, basis="CONSENT"):
                consent.withdraw(by=by)

    def _agrees_elsewhere(self) -> bool:
        rows = Answer.objects.given().filter(question__kind=Kind.LISTING, registration__person=self.person)
        return rows.exclude(registration__event=self.event).exclude(value=Listing.NONE).exists()
