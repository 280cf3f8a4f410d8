"""What comes back: it is believed only where it gives back a letter of ours, and then it has its consequences."""

import re

import pytest
from django.conf import settings as django_settings
from django.urls import reverse
from wagtail.models import ModelLogEntry

from contacts.models import (
    Delivery,
    Mailing,
    MailingText,
    Message,
    Outcome,
    Person,
    ReceivedLetter,
    ReturnedLetter,
    Segment,
    SegmentChoice,
    Suppression,
    returned,
)
from contacts.models.erasure import erase
from contacts.tasks import deliver_mail, write_mailings
from tests.conftest import person, queries_of, rows_of_sheet, staff
from tests.contacts.incoming_mail import complaint, officer_of, report, sent
from tests.contacts.test_data_protection import tables_that_say
from tests.contacts.test_suppression import letter

pytestmark = pytest.mark.django_db
ADDRESS = "pavel.novak@example.org"
take = ReceivedLetter.objects.take


@pytest.fixture
def news(pavel) -> Message:
    return sent(Message.objects.post(pavel, letter("NEWS")))


def told() -> list[tuple]:
    return list(ReturnedLetter.objects.order_by("pk").values_list("kind", "reason", "address", "is_proven"))


def stopped() -> list[tuple]:
    return list(Suppression.objects.standing().order_by("purpose").values_list("address", "reason", "purpose"))


def state(message: Message) -> tuple[str, str]:
    return message.deliveries.values_list("state", "error").get()


def test_a_letter_to_an_address_that_does_not_exist_stops_letters_there(news, pavel):
    assert take(report(news.message_id, ADDRESS)) == Outcome.RETURNED

    assert told() == [("HARD", "NO_ADDRESS", ADDRESS, True)]
    assert state(news) == ("BOUNCED", "smtp; 550 5.1.1 User unknown")
    assert stopped() == [(ADDRESS, "HARD_BOUNCE", "")]
    assert ReturnedLetter.objects.get().person == pavel
    said = ModelLogEntry.objects.order_by("pk").values_list("action", flat=True)
    assert [action for action in said if "contacts.returned" in action or "learn" in action] == [
        "contacts.returned.note",
        "contacts.message.learn",
    ]


def test_the_same_report_twice_is_one(news, noor):
    take(report(news.message_id, ADDRESS))
    Suppression.objects.get().lift(by=noor)

    take(report(news.message_id, ADDRESS))

    assert (len(told()), stopped()) == (1, [])


@pytest.mark.parametrize(
    ("status", "words", "action", "reason", "expected"),
    [
        ("5.2.2", "552 5.2.2 Mailbox full", "failed", "FULL", "BOUNCED"),
        ("5.7.1", "550 5.7.1 rejected as spam", "failed", "REFUSED", "BOUNCED"),
        ("4.4.1", "421 4.4.1 Connection timed out", "delayed", "LATE", "SENT"),
    ],
)
def test_what_can_pass_stops_nothing(news, status, words, action, reason, expected):
    take(report(news.message_id, ADDRESS, status, words, action))

    assert (told(), stopped(), state(news)[0]) == ([("SOFT", reason, ADDRESS, True)], [], expected)


def test_a_receipt_says_that_it_arrived_but_not_after_it_came_back(news):
    take(report(news.message_id, ADDRESS, "2.0.0", "250 ok", "delivered", key="a"))
    assert (state(news), told()) == (("DELIVERED", ""), [])

    take(report(news.message_id, ADDRESS, key="b"))
    take(report(news.message_id, ADDRESS, "2.0.0", "250 ok", "delivered", key="c"))

    assert state(news)[0] == "BOUNCED"


@pytest.mark.parametrize("number", ["<forged@example.org>", "<>", ""])
def test_a_report_that_gives_back_no_letter_of_ours_is_noted_for_a_person_to_decide(news, noor, pavel, number, client):
    take(report(number, ADDRESS))
    row = ReturnedLetter.objects.get()
    assert (told(), stopped(), state(news)[0]) == ([("HARD", "NO_ADDRESS", ADDRESS, False)], [], "SENT")
    assert (row.person, row.stands_open) == (pavel, True)

    client.force_login(noor)
    client.post(reverse("returnedletter:stop_letters", args=[row.pk]))

    assert stopped() == [(ADDRESS, "HARD_BOUNCE", "")]
    assert (ReturnedLetter.objects.get().stands_open, Suppression.objects.get().by) == (False, noor)


def test_reports_that_prove_nothing_are_not_noted_without_end(news, monkeypatch):
    monkeypatch.setattr(returned, "MOST_UNPROVEN", 2)
    for key in "abc":
        take(report("<forged@example.org>", ADDRESS, key=key))

    take(report(news.message_id, ADDRESS, key="d"))

    assert [is_proven for *_facts, is_proven in told()] == [False, False, True]


def test_a_report_about_another_address_than_that_of_the_letter_stops_nothing(news, dina):
    """Whoever got a letter knows its number: with it they can speak of themselves alone."""
    take(report(news.message_id, "dina.haddad@example.org"))

    assert (told(), stopped(), state(news)[0]) == (
        [("HARD", "NO_ADDRESS", "dina.haddad@example.org", False)],
        [],
        "SENT",
    )


def test_who_reports_a_letter_as_unwanted_gets_no_invitations_and_mailings(news):
    take(complaint(news.message_id, ADDRESS))

    assert state(news)[0] == "COMPLAINED"
    assert stopped() == [(ADDRESS, "COMPLAINT", "INVITATION"), (ADDRESS, "COMPLAINT", "NEWS")]


def test_a_report_of_a_failed_signature_is_no_complaint(news):
    take(complaint(news.message_id, ADDRESS, "auth-failure"))

    assert (told(), stopped(), state(news)[0]) == ([], [], "SENT")


def test_a_letter_has_a_return_address_of_its_own_by_which_it_is_known(settings, pavel, mail_server):
    settings.RETURN_ADDRESS = "bounces@return.example"
    message = Message.objects.post(pavel, letter("NEWS"))
    deliver_mail.func()
    [mail] = mail_server.mails
    to = message.return_address

    take(report("<rewritten@provider.example>", ADDRESS, key="x").replace(b"no-reply@localhost", to.upper().encode()))

    assert (mail["From"], to.startswith(f"bounces+{message.pk}-")) == (django_settings.DEFAULT_FROM_EMAIL, True)
    assert (told(), stopped()) == ([("HARD", "NO_ADDRESS", ADDRESS, True)], [(ADDRESS, "HARD_BOUNCE", "")])
    forged = to.replace(to.partition("-")[2].partition("@")[0], "0" * 20)
    assert Message.objects.returned_to([forged, "x@y.example"]) is None


def test_the_address_at_which_it_arrived_may_be_told_by_the_mail_server(settings, news):
    settings.RETURN_ADDRESS = "bounces@return.example"

    take(report("<rewritten@provider.example>", ADDRESS), envelope_to=news.return_address)

    assert told() == [("HARD", "NO_ADDRESS", ADDRESS, True)]


def test_erasing_leaves_no_word_of_what_came_back(news, pavel, noor):
    take(report(news.message_id, ADDRESS, words=f"550 5.1.1 <{ADDRESS}> User unknown"))

    erase(pavel, by=noor)

    assert tables_that_say("novak") == []
    assert (ReturnedLetter.objects.get().kind, Suppression.objects.standing().count()) == ("HARD", 2)


# -- in the admin


@pytest.fixture
def mailing(pavel, dina, noor, mail_server) -> Mailing:
    """To Pavel and Dina; Dina's came back."""
    segment = Segment.objects.create(name="All")
    for who in (pavel, dina):
        SegmentChoice.objects.create(segment=segment, person=who, is_in=True)
    mailing = Mailing(name="Spring", segment=segment)
    mailing.texts = [MailingText(language="en", subject="News", body="Hello {name}")]
    mailing.save()
    mailing.send(by=noor)
    write_mailings.func()
    deliver_mail.func()
    take(report(dina.messages.get().message_id, "dina.haddad@example.org"))
    return mailing


def test_the_mailing_the_person_and_the_first_page_say_who_bounced(client, mailing, dina, noor):
    client.force_login(noor)

    page = client.get(reverse("mailing:inspect", args=[mailing.pk]))
    card = client.get(reverse("person:inspect", args=[dina.pk]))
    desk = client.get("/admin/").content.decode()

    assert [row.person for row in page.context["returned"]] == [dina]
    assert [row.address for row in card.context["returned"]] == ["dina.haddad@example.org"]
    assert "The address does not exist" in page.content.decode()
    assert ("1 letter came back in the last 30 days." in desk, "did not arrive" in desk) == (True, False)


def test_on_a_telephone_each_cell_of_what_came_back_and_of_an_affiliation_says_what_it_is(client, mailing, dina, noor):
    client.force_login(noor)
    cards = [reverse("mailing:inspect", args=[mailing.pk]), reverse("person:inspect", args=[dina.pk])]

    told = [re.findall(r'<td data-label="([^"]*)"', client.get(card).text) for card in cards]

    came_back = ["Address", "Why", "When"]
    assert told == [came_back, [*came_back, "Position", "From", "Until", "Focal point"]]


def test_the_list_is_found_filtered_and_exported(client, mailing, dina, pavel, noor):
    client.force_login(noor)
    take(report(pavel.messages.get().message_id, ADDRESS, "5.2.2", "552 Mailbox full", key="r2"))
    url = reverse("returnedletter:index")

    def found(asked: str) -> list[str]:
        return [row.address for row in client.get(f"{url}?{asked}").context["object_list"]]

    assert found("kind=HARD") == found(f"q=Haddad&mailing={mailing.pk}") == ["dina.haddad@example.org"]
    assert found("reason=FULL") == found("q=pavel.novak") == [ADDRESS]
    exported = rows_of_sheet(client.get(f"{url}?export=csv&kind=HARD"))
    assert exported[1][1:5] == ["dina.haddad@example.org", "Dina Haddad", "For good", "The address does not exist"]


def test_an_empty_list_says_where_what_comes_back_would_be(client, noor):
    client.force_login(noor)

    assert "Nothing has come back." in client.get(reverse("returnedletter:index")).content.decode()


def test_the_list_asks_as_often_for_three_rows_as_for_one(client, news, noor):
    client.force_login(noor)
    url = reverse("returnedletter:index")
    take(report(news.message_id, ADDRESS))
    one = queries_of(client, url)
    for key in ("b", "c"):
        take(report(sent(Message.objects.post(person("New", key), letter("NEWS"))).message_id, "x@y.example", key=key))

    assert queries_of(client, url) == one


def test_a_desk_sees_what_came_back_from_its_own_people(client, mailing, dina, pavel):
    """Dina lives in Kenya; the desk of Chile sees nothing of her on any surface, that of Kenya everything."""
    dina.affiliations.all().delete()
    Person.objects.filter(pk=dina.pk).update(country="KE")
    row = ReturnedLetter.objects.get()

    def seen(viewer) -> tuple:
        client.force_login(viewer)
        index = client.get(reverse("returnedletter:index")).context["object_list"]
        page = client.get(reverse("mailing:inspect", args=[mailing.pk]))
        home = client.get("/admin/").content.decode()
        export = client.get(reverse("returnedletter:index") + "?export=csv")
        return (
            list(index),
            list(page.context["returned"]),
            "came back in the last" in home,
            len(rows_of_sheet(export)) - 1,
            client.get(reverse("returnedletter:inspect", args=[row.pk]), follow=True).status_code,
            client.post(reverse("returnedletter:stop_letters", args=[row.pk]), follow=True).status_code,
        )

    assert seen(officer_of("KE")) == ([row], [row], True, 1, 200, 200)
    assert seen(officer_of("CL")) == ([], [], False, 0, 404, 404)


def test_who_may_not_stop_letters_stops_none(client, news):
    take(report("<forged@example.org>", ADDRESS))
    client.force_login(staff("reader", "reader@example.org"))

    client.post(reverse("returnedletter:stop_letters", args=[ReturnedLetter.objects.get().pk]))

    assert stopped() == []


def test_what_is_uncertain_is_certain_once_a_server_speaks(news):
    news.deliveries.update(state=Delivery.State.UNCERTAIN)

    take(report(news.message_id, ADDRESS, "2.0.0", "250 ok", "delivered"))

    assert state(news)[0] == "DELIVERED"
