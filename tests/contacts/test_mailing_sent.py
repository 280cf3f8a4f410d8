"""A mailing that was sent: its card shows what went, and lists everybody who was skipped, with the reason."""

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from contacts.models import Consent, Delivery, Mailing, MailingText, Message, Person, PersonEmail, Segment, Suppression
from contacts.models.erasure import erase
from contacts.tasks import deliver_mail, write_mailings
from tests.conftest import person

pytestmark = pytest.mark.django_db


def mailing_to(*people: Person, body: str = "Hello") -> Mailing:
    segment = Segment.objects.create(name="Some")
    for one in people:
        segment.put(one, True, by=None)
    mailing = Mailing.objects.create(name="News", segment=segment)
    MailingText.objects.create(mailing=mailing, language="en", subject="News", body=body)
    return mailing


def card_of(client, viewer, mailing: Mailing):
    client.force_login(viewer)
    return client.get(reverse("mailing:inspect", args=[mailing.pk]))


def reasons(rows) -> dict[str, str]:
    return {row.person.given_name: row.obstacle for row in rows}


def test_the_card_shows_the_letter_as_it_was_sent_when_a_fact_is_gone(client, noor, pavel):
    mailing = mailing_to(pavel, body="You are {position}")
    mailing.send(by=noor)
    write_mailings.func()
    pavel.affiliations.update(ends_on=datetime.date(2020, 1, 1))

    page = card_of(client, noor, mailing)

    assert page.context["copy"]["letter"] == Message.objects.get()
    assert "You are Director" in page.text


def test_the_card_looks_again_by_itself_while_a_mailing_goes_out_and_not_before_or_after(client, noor, pavel, dina):
    mailing = mailing_to(pavel, dina)
    progress = reverse("mailing:progress", args=[mailing.pk])
    looks = {}

    def look(when: str) -> None:
        looks[when] = [f'data-progress="{progress}"' in page.text for page in (card_of(client, noor, mailing), told())]

    def told():
        return client.get(progress)

    look("draft")
    mailing.send(by=noor, at=timezone.now() + datetime.timedelta(days=1))
    look("tomorrow")
    Mailing.objects.update(send_at=timezone.now())
    look("going out")
    assert "0 of 2 letters written, 2 waiting, 0 skipped." in told().text
    write_mailings.func()
    look("in the outbox")
    assert "2 of them are in the outbox and have not left yet." in told().text
    Delivery.objects.update(state="SENT")
    look("sent")

    assert looks == {
        "draft": [False, False],
        "tomorrow": [False, False],
        "going out": [True, True],
        "in the outbox": [True, True],
        "sent": [False, False],
    }
    assert "2 of 2 letters written, 0 waiting, 0 skipped." in told().text


def test_the_bar_of_a_mailing_that_is_done_is_full_though_some_were_skipped(client, noor, pavel, dina):
    dina.emails.all().delete()
    mailing = mailing_to(pavel, dina)
    mailing.send(by=noor)
    write_mailings.func()

    page = card_of(client, noor, mailing).text

    assert re.findall(r'<progress value="(\d+)" max="(\d+)"', page) == [("2", "2")]
    assert "1 of 2 letters written, 0 waiting, 1 skipped." in page


def test_the_card_says_why_a_letter_that_waits_cannot_be_written_any_more(client, noor, pavel):
    mailing = mailing_to(pavel, body="You are {position}")
    mailing.send(by=noor)
    pavel.affiliations.update(ends_on=datetime.date(2020, 1, 1))

    page = card_of(client, noor, mailing)

    assert str(page.context["copy"]["gap"]) == "Not known: position."
    assert ("Not known: position." in page.text, "Send this copy to myself" in page.text) == (True, False)


def test_who_objects_before_the_letter_leaves_is_listed_with_the_reason(client, noor, pavel, dina, mail_server):
    mailing = mailing_to(pavel, dina)
    mailing.send(by=noor)
    write_mailings.func()
    Suppression.objects.suppress("pavel.novak@example.org", "OPT_OUT", "NEWS")
    deliver_mail.func()

    page = card_of(client, noor, mailing)

    assert [message["To"] for message in mail_server.mails] == ["dina.haddad@example.org"]
    assert reasons(page.context["held"]) == {"Pavel": "Does not want such letters"}
    assert page.context["progress"] == {"total": 2, "written": 1, "leaving": 0, "waiting": 0, "skipped": 1}
    assert [row.person for row in page.context["outlook"].going] == [dina]
    with override("fr"):
        assert reasons(mailing.recipients.skipped()) == {"Pavel": "Ne souhaite pas de telles lettres"}


def test_who_is_erased_before_the_letter_leaves_counts_as_skipped(noor, pavel, dina):
    mailing = mailing_to(pavel, dina)
    mailing.send(by=noor)
    write_mailings.func()

    erase(pavel, by=noor)

    assert [row.obstacle for row in mailing.recipients.skipped()] == ["Erased"]
    assert mailing.progress() == {"total": 2, "written": 1, "leaving": 1, "waiting": 0, "skipped": 1}


def test_who_has_withdrawn_is_listed_at_a_new_address_too_until_they_agree_again(noor, pavel, dina):
    ago = timezone.localdate() - datetime.timedelta(days=9)
    given = {"purpose": "NEWS", "basis": "CONSENT", "source": "A form", "by": noor}
    for one in (pavel, dina):
        Consent.objects.give(one, given_on=ago, **given).withdraw(by=noor)
    PersonEmail.objects.filter(person=pavel).update(address="new@example.org")
    mailing = mailing_to(pavel, dina)

    assert reasons(mailing.outlook(noor).held) == {"Pavel": "Consent withdrawn", "Dina": "Consent withdrawn"}

    for one in (pavel, dina):
        Consent.objects.filter(person=one).update(withdrawn_on=ago)
        Consent.objects.give(one, given_on=timezone.localdate(), **given)
    assert mailing.outlook(noor).held == []


def test_two_spellings_of_an_address_are_both_skipped(noor):
    for given, address in {"Ann": "Office@example.org", "Bob": "office@example.org"}.items():
        one = Person.objects.create(given_name=given, family_name="Clerk")
        PersonEmail.objects.create(person=one, address=address)
    Suppression.objects.suppress("office@example.org", "HARD_BOUNCE")
    mailing = mailing_to(*Person.objects.all(), person("Zoe", "Zimmer"))

    outlook = mailing.outlook(noor)

    told = "The address does not exist"
    assert (reasons(outlook.held), reasons(outlook.going)) == ({"Ann": told, "Bob": told}, {"Zoe": ""})
