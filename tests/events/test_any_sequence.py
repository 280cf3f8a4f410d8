"""Whatever organizers, focal points and those invited do, in whatever order: the counts are the rows, no place is given
twice, nobody holds two seats, and no seat stays free beside somebody who waits for one of its kind."""

import datetime
from collections import Counter

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from contacts.models import Affiliation, User
from contacts.models.introduction import Introduced
from events.models import Choice, Event, Invitation, Option, Question, Quota, Registration, SeatRequest
from events.models.details import Filler
from network.models import Organization
from tests.conftest import person, staff

NUMBER = st.integers(min_value=0, max_value=99)  # chooses one of those who are there
NAMES = st.sampled_from(["Ana", "Bea", "Carl", "Dina", "Emil", "Fay", "Gus", "Hana"])
SORTS = st.sampled_from([("HEAD", "ROOM"), ("DELEGATE", "ROOM"), ("ADVISER", "ONLINE"), ("OBSERVER", "PLENARY")])
SIZES = st.none() | st.integers(min_value=0, max_value=4)
AN_HOUR = datetime.timedelta(hours=1)
ANSWERS = st.sampled_from(["ACCEPTED", "ACCEPTED", "TENTATIVE", "DECLINED"])


class Forum(RuleBasedStateMachine):
    """A forum with few seats, two delegations with few places, and guests of our own."""

    done: Counter = Counter()  # how often each act was done, in all sequences

    def __init__(self):
        super().__init__()
        self.everything = transaction.atomic()
        self.everything.__enter__()
        self.olga = staff("organizer", "olga@example.org")
        day = timezone.localdate() + datetime.timedelta(days=100)
        self.event = Event.objects.create(
            slug="forum",
            title={"en": "Forum"},
            starts_on=day,
            ends_on=day,
            status="ANNOUNCED",
            open_to="EVERYBODY",
            offer_hours=24,
        )
        self.event.seats.resize(2, by=self.olga)
        self.event.quotas.of_event().get(place="ONLINE").resize(1, by=self.olga)
        self.tour = Question.objects.create(event=self.event, label="Tour", kind="CHOICES")
        self.name = Question.objects.create(event=self.event, label="Name", asks_approval_again=True)
        self.options = [Option.objects.create(question=self.tour, label=label) for label in ("Harbour", "Museum")]
        self.options[0].quota.resize(1, by=self.olga)
        self.delegations = [self.delegation(name) for name in ("Customs", "Ministry")]
        self.guests = [person(name, "Guest") for name in ("Ada", "Bob", "Cid", "Dan")]
        self.event.invitations.draft(self.guests, by=self.olga)
        self.event.invitations.send_drafts(by=self.olga)
        for guest in self.event.invitations.sent():  # two have seats, the others wait
            guest.answer("ACCEPTED")
        self.now = timezone.now()  # offers are made by the clock of the house, and lapse by this one

    def delegation(self, name):
        body = Organization.objects.create(kind="GOVERNMENT", name=name)
        focal = person("Focal", name)
        Affiliation.objects.create(person=focal, organization=body, is_focal_point=True)
        [delegation] = self.event.delegations.draft([body], by=self.olga)
        delegation.give("", "ROOM", 2, by=self.olga)
        delegation.give("HEAD", "", 1, by=self.olga)
        delegation.give("", "ONLINE", 1, by=self.olga)
        delegation.invite(by=self.olga)
        return delegation, User.objects.get(person=focal)

    def teardown(self):
        transaction.set_rollback(True)
        self.everything.__exit__(None, None, None)

    def one(self, number, **conditions) -> Invitation:
        rows = list(Invitation.objects.filter(state="SENT", **conditions).order_by("pk"))
        return rows[number % len(rows)]

    def tried(self, what, act) -> None:
        """The verb does the act or says why not; then nothing of it is left, which the invariants would see."""
        try:
            with transaction.atomic():
                act()
        except ValidationError:
            self.done[f"{what}: refused"] += 1
        else:
            self.done[what] += 1

    @rule(number=NUMBER, name=NAMES, sort=SORTS, confirms=st.booleans())
    def nominate(self, number, name, sort, confirms):
        delegation, focal = self.delegations[number % 2]
        named = Introduced(name, "Named", f"{name}.named@example.org".lower())

        def act():
            nominee = delegation.nominate(named, *sort, by=focal)
            if confirms:
                nominee.answer("ACCEPTED")

        self.tried("named", act)

    @rule(number=NUMBER, reply=ANSWERS)
    def answer(self, number, reply):
        self.tried(reply, lambda: self.one(number).answer(reply))

    @rule(number=NUMBER, name=NAMES)
    def delegate(self, number, name):
        named = Introduced(name, "Instead", f"{name}.instead@example.org".lower())
        self.tried("delegated", lambda: self.one(number).delegate(named))

    @rule(number=NUMBER)
    def recall(self, number):
        self.tried("recalled", lambda: self.one(number).recall())

    @precondition(lambda self: Invitation.objects.filter(state="SENT").exclude(delegation=None).exists())
    @rule(number=NUMBER, name=NAMES)
    def replace(self, number, name):
        member = self.one(number, delegation__isnull=False)
        focal = next(focal for delegation, focal in self.delegations if delegation.pk == member.delegation_id)
        named = Introduced(name, "New", f"{name}.new@example.org".lower())
        self.tried("replaced", lambda: member.delegation.replace(member, named, by=focal))

    @precondition(lambda self: Invitation.objects.to_be_approved().exists())
    @rule(number=NUMBER)
    def approve(self, number):
        waiting = {"reply": "ACCEPTED", "approval": "PENDING"}
        self.tried("approved", lambda: self.one(number, **waiting).approve(by=self.olga))

    @rule(number=NUMBER)
    def reject(self, number):
        self.tried("rejected", lambda: self.one(number).reject("No.", by=self.olga))

    @rule(number=NUMBER, chosen=st.sets(st.integers(min_value=0, max_value=1)), name=NAMES)
    def fill_in(self, number, chosen, name):
        options = tuple(sorted(self.options[place].pk for place in chosen))
        given = {self.tour.pk: options, self.name.pk: name}
        filler = (Filler.PERSON, Filler.PERSON, Filler.ORGANIZER)[number % 3]
        self.tried("filled in", lambda: self.one(number).fill_in(given, filler=filler))

    @rule(number=NUMBER)
    def withdraw(self, number):
        if self.event.invitations.sent().count() > 2:
            self.tried("withdrawn", lambda: self.one(number).withdraw(by=self.olga))

    @rule(name=NAMES, place=st.sampled_from(["ROOM", "ONLINE"]), twice=st.booleans(), approved=st.booleans())
    def register(self, name, place, twice, approved):
        self.event.open_to = "APPROVED" if approved else "EVERYBODY"
        said = {"given_name": name, "family_name": "Open", "email": f"{name}.open@example.org".lower()}

        def act():
            asked = SeatRequest.objects.ask(self.event, {**said, "place": place, "language": "en"})
            if asked:
                asked.event = self.event
                for _time in range(1 + twice):
                    asked.confirm()

        self.tried("registered", act)

    @rule(number=NUMBER, priority=st.integers(min_value=-1, max_value=2))
    def prioritize(self, number, priority):
        rows = list(Registration.objects.order_by("pk"))
        if rows:
            chosen = [rows[number % len(rows)]]
            self.tried(
                "prioritized", lambda: Registration.objects.prioritize(chosen, priority, "Why not", by=self.olga)
            )

    @rule(hours=st.sampled_from([None, 1, 24]))
    def offer_for(self, hours):
        Event.objects.update(offer_hours=hours)
        self.event.offer_hours = hours

    @precondition(lambda self: Registration.objects.offered().exists())
    @rule(number=NUMBER, takes=st.booleans(), late=st.booleans())
    def answer_offer(self, number, takes, late):
        offered = list(Registration.objects.offered())
        seat = offered[number % len(offered)]
        now = seat.offered_until + AN_HOUR if late else seat.offered_until
        answer = seat.invitation.take_offer if takes else seat.invitation.let_offer_go
        self.tried("late" if late else "taken" if takes else "let go", lambda: answer(now=now))

    @precondition(lambda self: Registration.objects.offered().exists())
    @rule(after=st.sampled_from([0, 1, 2, 25]))
    def lapse(self, after):
        now = self.now + after * AN_HOUR
        self.done["lapsed"] += Registration.objects.lapse_offers(now)
        assert not Registration.objects.offered().filter(offered_until__lte=now).exists()

    @rule(number=NUMBER, sort=SORTS)
    def transfer(self, number, sort):
        self.tried("transferred", lambda: self.one(number).transfer(*sort, by=self.olga))

    @rule(number=NUMBER, name=NAMES)
    def hand_over(self, number, name):
        named = Introduced(name, "Other", f"{name}.other@example.org".lower())
        self.tried("handed over", lambda: self.one(number).hand_seat_to(named, by=self.olga))

    @rule(number=NUMBER, size=SIZES)
    def resize(self, number, size):
        quotas = list(Quota.objects.order_by("pk"))
        self.tried("resized", lambda: quotas[number % len(quotas)].resize(size, by=self.olga))

    @invariant()
    def the_counts_are_the_rows(self):
        for quota in Quota.objects.select_related("delegation"):
            if quota.option_id:
                rows = Choice.objects.filter(option=quota.option_id, holds_place=True, answer__is_current=True)
            elif quota.delegation:
                rows = quota.delegation.members.holding_places().of_sort(quota.role, quota.place)
            else:
                rows = self.event.registrations.with_seat().filter(place=quota.place)
            assert (str(quota.of_what), quota.used) == (str(quota.of_what), rows.count())
            assert quota.size is None or quota.used <= quota.size

    @invariant()
    def nobody_holds_two_seats(self):
        seats = Registration.objects.with_seat().values_list("person", flat=True)
        assert len(seats) == len(set(seats))

    @invariant()
    def no_seat_is_free_beside_who_waits_for_it(self):
        for seat in Registration.objects.waiting():
            assert any(quota.left == 0 for quota in seat.quotas)

    @invariant()
    def who_is_offered_a_seat_has_said_yes_and_is_told_until_when(self):
        for seat in Registration.objects.exclude(offered_until=None):
            assert (seat.state, seat.invitation.comes) == ("OFFERED", True)
            assert seat.offered_until <= self.event.starts_at

    @invariant()
    def the_seat_is_of_the_sort_that_the_invitation_says(self):
        for seat in Registration.objects.exclude(state="CANCELLED"):
            assert (seat.role, seat.place) == (seat.invitation.role, seat.invitation.place)

    @invariant()
    def who_has_a_seat_has_said_yes_and_was_not_turned_down(self):
        for seat in Registration.objects.confirmed():
            invitation = seat.invitation
            assert (invitation.state, invitation.reply) == ("SENT", "ACCEPTED")
            assert invitation.approval in ("", "APPROVED")

    @invariant()
    def who_is_out_holds_no_place(self):
        holding = Invitation.objects.holding_places()
        assert not holding.exclude(state="SENT").exists()
        assert not holding.filter(reply__in=["DECLINED", "DELEGATED"]).exists()
        assert not holding.filter(approval="REJECTED").exists()

    @invariant()
    def a_place_of_an_option_is_held_by_who_comes_and_by_nobody_else(self):
        given = Choice.objects.filter(answer__is_current=True).select_related("answer__registration__event")
        for choice in given:
            invitation = choice.answer.registration.invitation
            assert choice.holds_place == invitation.takes_details
        assert not Choice.objects.filter(answer__is_current=False, holds_place=True).exists()

    @invariant()
    def a_seat_is_held_only_for_who_is_still_to_answer_or_to_be_approved(self):
        for seat in Registration.objects.filter(state="HELD"):
            assert seat.invitation.state == "SENT"
            assert not seat.invitation.comes


@pytest.mark.slow
@pytest.mark.exhaustive
@pytest.mark.django_db
def test_whatever_is_done_in_whatever_order_the_seats_add_up():
    run_state_machine_as_test(
        Forum,
        settings=settings(
            max_examples=40,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    acts = {"named", "delegated", "recalled", "replaced", "approved", "rejected", "withdrawn", "resized"}
    acts |= {"registered", "prioritized", "taken", "let go", "late: refused", "lapsed", "transferred", "handed over"}
    acts |= {"filled in"}
    assert acts - set(Forum.done) == set()
