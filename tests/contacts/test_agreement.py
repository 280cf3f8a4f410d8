"""Agreements: their state on a day, their verbs, and that the owner hears of the end exactly once a mark."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import ModelLogEntry

from contacts.models import Agreement, AgreementParty, Message, Task, User
from network.models import Country, Desk, Organization
from tests.conftest import several_connections

TODAY = timezone.localdate


def day(days: int) -> datetime.date:
    return TODAY() + datetime.timedelta(days=days)


def agreement(owner: User, *parties: Organization, expires: int | None = 60, **facts) -> Agreement:
    """Signed a year ago, and over in so many days."""
    facts = {"title": "Exchange of seizure data", "signed_on": day(-365), **facts}
    made = Agreement.objects.create(owner=owner, expires_on=None if expires is None else day(expires), **facts)
    for party in parties:
        AgreementParty.objects.create(agreement=made, organization=party)
    return made


def told(on: datetime.date | None = None) -> list[str]:
    """The subjects of the letters that the worker writes on that day."""
    before = set(Message.objects.values_list("pk", flat=True))
    Agreement.objects.remind_owners(on)
    return list(Message.objects.exclude(pk__in=before).order_by("pk").values_list("subject", flat=True))


# -- states


def test_the_state_is_read_off_the_dates(noor, customs):
    made = agreement(noor, customs, expires=400, starts_on=day(-100), signed_on=day(-200))

    states = [made.standing(day(days)) for days in (-201, -200, -100, 309, 310, 400, 401)]

    assert states == [
        *("Under negotiation", "Not in force yet", "In force", "In force", "Expires soon", "Expires soon", "Expired"),
    ]
    in_force = [Agreement.objects.in_force(day(days)).exists() for days in (-201, -200, -100, 400, 401)]
    assert in_force == [False, False, True, True, False]
    assert [Agreement.objects.expiring(on=day(days)).exists() for days in (309, 310, 401)] == [False, True, False]


def test_a_draft_is_signed_once_and_not_tomorrow(noor, customs):
    draft = agreement(noor, customs, expires=None, signed_on=None)

    with pytest.raises(ValidationError, match="still to come"):
        draft.sign(on=day(1), by=noor)
    draft.sign(on=day(-1), by=noor, expires_on=day(700))

    assert (draft.standing(), draft.expires_on) == ("In force", day(700))
    with pytest.raises(ValidationError, match="has been signed or has ended already"):
        draft.sign(on=day(0), by=noor)


def test_an_agreement_that_ends_early_says_why_and_is_not_renewed(noor, customs):
    made = agreement(noor, customs)

    with pytest.raises(ValidationError, match="Say why it ends"):
        made.end(" ", by=noor)
    made.end("The programme was closed.", by=noor)

    assert (made.standing(), list(Agreement.objects.over())) == ("Ended", [made])
    with pytest.raises(ValidationError, match="can be renewed"):
        made.renew(until=day(900), by=noor)
    entry = ModelLogEntry.objects.get(action="contacts.agreement.end")
    assert entry.data["changes"] == [
        ["ended", "", str(TODAY())],
        ["why it ended", "", "The programme was closed."],
    ]


def test_it_cannot_expire_before_it_is_signed(noor, customs):
    draft = agreement(noor, customs, expires=None, signed_on=None)

    with pytest.raises(ValidationError, match="cannot expire before it is signed"):
        draft.sign(on=day(-1), by=noor, expires_on=day(-2))
    assert Agreement.objects.get().signed_on is None


# -- letters to the owner


def test_the_owner_is_told_at_ninety_thirty_and_seven_days_each_time_once(noor, customs):
    agreement(noor, customs, expires=100)

    letters = {days: told(day(100 - days)) for days in range(95, -3, -1)}

    assert {days: said for days, said in letters.items() if said} == {
        90: ["“Exchange of seizure data” expires in 90 days"],
        30: ["“Exchange of seizure data” expires in 30 days"],
        7: ["“Exchange of seizure data” expires in 7 days"],
    }
    assert set(Message.objects.values_list("to_address", flat=True)) == {noor.email}


def test_after_a_time_without_a_worker_only_the_nearest_mark_is_told(noor, customs):
    agreement(noor, customs, expires=5)

    assert (told(), told(), told(day(1))) == (["“Exchange of seizure data” expires in 5 days"], [], [])


def test_what_is_renewed_is_told_anew_and_what_has_ended_not_at_all(noor, customs):
    made, ended = agreement(noor, customs, expires=20), agreement(noor, customs, expires=20, title="Old")
    ended.end("Closed.", by=noor)
    assert told() == ["“Exchange of seizure data” expires in 20 days"]

    made.renew(until=day(85), by=noor)

    assert told() == ["“Exchange of seizure data” expires in 85 days"]
    assert told(day(85 - 30)) == ["“Exchange of seizure data” expires in 30 days"]


def test_what_is_under_negotiation_or_has_no_end_is_never_told(noor, customs):
    agreement(noor, customs, signed_on=None, expires=5)
    agreement(noor, customs, expires=None)

    assert told() == []


def test_two_workers_that_saw_the_same_agreement_write_one_letter(noor, customs):
    agreement(noor, customs)
    [one], [other] = [list(Agreement.objects.to_remind()) for _worker in range(2)]

    assert (one.remind(TODAY()), other.remind(TODAY())) == (True, False)
    assert Message.objects.count() == 1


def test_where_the_owner_has_left_it_waits_on_everybodys_desk(noor, customs):
    agreement(noor, customs)
    User.objects.filter(pk=noor.pk).update(is_active=False)

    assert told() == []
    task = Task.objects.get()
    assert (task.title, task.owner, task.organization) == (
        "“Exchange of seizure data” expires, and nobody looks after it",
        None,
        customs,
    )
    assert told() == []


def test_no_letter_goes_to_an_owner_who_may_not_see_the_agreement_any_more(noor, customs):
    agreement(noor, customs)
    noor.desks.add(Desk.objects.create(name="Kenya", countries=[Country.objects.get(code="KE")]))

    assert told() == []
    assert Task.objects.count() == 1


@several_connections
def test_the_letter_speaks_the_language_of_the_owners_admin_and_leads_to_the_agreement(noor, customs, settings):
    made = agreement(noor, customs)
    call_command("worker", once=True)  # writes the letter
    call_command("worker", once=True)  # and sends it

    message = Message.objects.get()
    assert (message.language, message.link) == (
        "en",
        f"{settings.SITE_URL}/admin/contacts/agreements/inspect/{made.pk}/",
    )
    assert [delivery.state for delivery in message.deliveries.all()] == ["SENT"]
