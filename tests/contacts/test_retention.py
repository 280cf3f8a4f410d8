"""What time does: each kind of thing is kept as long as its rule says, and no longer."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from contacts.models import (
    Application,
    Interaction,
    Merge,
    Message,
    Person,
    ReceivedLetter,
    RetentionRule,
    Task,
)
from network.models import Desk
from tests.conftest import person, staff
from tests.contacts.incoming_mail import written
from tests.contacts.test_application import applied
from tests.contacts.test_data_protection import note, posted
from tests.contacts.test_suppression import letter


def old(message: Message, days: int) -> Message:
    Message.objects.filter(pk=message.pk).update(created_at=timezone.now() - datetime.timedelta(days=days))
    return message


def test_letters_are_emptied_by_their_purpose_and_age(pavel, noor):
    kept = [old(posted(pavel, "SERVICE"), 400), old(posted(pavel, "NEWS"), 10)]
    gone = old(posted(pavel, "NEWS"), 400)
    rule = RetentionRule.objects.create(kind="NEWS", months=12, purpose="House rule 7")

    assert list(rule.due()) == [gone]
    assert rule.apply(by=noor) == 1

    assert [bool(message.text) for message in Message.objects.order_by("pk")] == [True, True, False]
    assert (Message.objects.get(pk=gone.pk).to_address, list(rule.due())) == ("", [])
    assert all(Message.objects.get(pk=message.pk).to_address for message in kept)


def test_notes_go_when_their_time_is_over_but_not_those_with_somebody_on_hold(pavel, dina, noor):
    note("old", dina, days_ago=800)
    note("old and held", dina, pavel, days_ago=800)
    note("new", dina)
    pavel.hold_reason = "Case"
    pavel.save()

    RetentionRule.objects.create(kind="INTERACTIONS", months=24, purpose="Rule").apply(by=noor)

    assert set(Interaction.objects.values_list("subject", flat=True)) == {"old and held", "new"}


def test_people_with_whom_nothing_has_happened_are_erased_and_nobody_else(pavel, dina, noor):
    silent, called, confirmed, busy = (person(name, "Silent") for name in ("A", "B", "C", "D"))
    Person.objects.update(created_at=timezone.now() - datetime.timedelta(days=2000))
    note("call", called)
    confirmed.confirm()
    Task.objects.set_for(noor, "Call", None, by=noor, person=busy)
    person("New", "Silent")
    rule = RetentionRule.objects.create(kind="PEOPLE", months=36, purpose="Rule")

    assert list(rule.due()) == [silent]
    call_command("apply_retention")
    assert Person.objects.filter(pk=silent.pk).exists()
    call_command("apply_retention", "--apply")

    assert not Person.objects.filter(pk=silent.pk).exists()
    assert Person.objects.count() == 6


def test_what_hangs_on_nobody_and_came_from_an_address_of_somebody_on_hold_stays(pavel, noor):
    for sender in ("pavel.novak@example.org", "somebody@example.org"):
        refused = applied(email=sender)
        refused.refuse("No.", by=noor)
        ReceivedLetter.objects.take(written(sender=sender, Message_ID=f"<{sender}>").as_bytes())
    ago = timezone.now() - datetime.timedelta(days=400)
    ReceivedLetter.objects.update(person=None, came_at=ago)
    Application.objects.update(decided_at=ago)
    Message.objects.update(created_at=ago)
    Person.objects.filter(pk=pavel.pk).update(hold_reason="Case")

    for kind in ("APPLICATIONS", "RECEIVED", "SERVICE"):
        RetentionRule.objects.create(kind=kind, months=12, purpose="Rule").apply(by=noor)

    assert [one.email for one in Application.objects.exclude(email="")] == ["pavel.novak@example.org"]
    assert [one.from_address for one in ReceivedLetter.objects.all()] == ["pavel.novak@example.org"]
    assert {one.to_address for one in Message.objects.all()} == {"", "pavel.novak@example.org"}


def test_who_was_merged_with_somebody_on_hold_is_left_aside_and_the_others_are_erased(noor):
    """Whichever of the records says so: the one that stands, or the old one."""
    kept, silent = person("Pavel", "Novak"), person("A", "Silent")
    Merge.objects.join(kept, person("Pavel", "Nowak", hold_reason="Case"), by=noor)
    Person.everyone.filter(pk=kept.pk).update(hold_reason="")
    Message.objects.post(kept, letter("NEWS"))
    Person.everyone.update(created_at=timezone.now() - datetime.timedelta(days=2000))
    Message.objects.update(created_at=timezone.now() - datetime.timedelta(days=2000))

    erased, emptied = (
        RetentionRule.objects.create(kind=kind, months=12, purpose="Rule").apply(by=noor) for kind in ("PEOPLE", "NEWS")
    )

    assert (erased, emptied, list(Person.objects.all())) == (1, 0, [kept])
    assert Person.everyone.get(pk=silent.pk).erased_at is not None


def test_the_rule_shows_what_it_would_do_and_a_button_does_it(client, pavel, noor):
    gone = old(posted(pavel, "NEWS"), 400)
    rule = RetentionRule.objects.create(kind="NEWS", months=12, purpose="Rule")
    client.force_login(noor)

    page = client.get(reverse("retentionrule:inspect", args=[rule.pk]))
    client.post(reverse("retentionrule:apply", args=[rule.pk]))

    assert (page.context["count"], list(page.context["due"])) == (1, [gone])
    assert Message.objects.get().text == ""
    assert ModelLogEntry.objects.filter(action="contacts.retention.apply").get().data == {"rows": 1}


def test_a_rule_of_no_months_is_refused():
    with pytest.raises(ValidationError, match="a month at least"):
        RetentionRule(kind="NEWS", months=0, purpose="Rule").full_clean(validate_unique=False)


def test_a_member_of_a_desk_applies_no_rule_over_everybody(client, pavel):
    old(posted(pavel, "NEWS"), 400)
    rule = RetentionRule.objects.create(kind="NEWS", months=12, purpose="Rule")
    member = staff("network officer", "member@example.org")
    member.desks.add(Desk.objects.create(name="Oceania"))
    client.force_login(member)

    assert client.post(reverse("retentionrule:apply", args=[rule.pk]), follow=True).status_code == 404
    assert Message.objects.get().text != ""


@pytest.mark.parametrize("is_old", [False, True], ids=["by their record", "by one merged into it"])
def test_who_is_on_legal_hold_is_not_deleted_by_whoever_may_delete(client, noor, root, is_old):
    kept, double, free = person("Pavel", "Novak"), person("Pavel", "Nowak"), person("Free", "Person")
    Merge.objects.join(kept, double, by=noor)
    Person.everyone.filter(pk=double.pk if is_old else kept.pk).update(hold_reason="Case 12")

    for viewer in (noor, root):
        client.force_login(viewer)
        page = client.post(reverse("person:delete", args=[kept.pk]), follow=True)
        told = [str(message).strip() for message in page.context["messages"]]
        assert told == ["This record is on legal hold and must be kept."]
    with pytest.raises(ValidationError, match="legal hold"):
        kept.delete()
    client.post(reverse("person:delete", args=[free.pk]))

    assert list(Person.objects.all()) == [kept]
