"""What mail providers say is believed when they know the secret; what they say of others' letters is not kept."""

import base64
import json

import pytest
from anymail.webhooks.amazon_ses import AmazonSESTrackingWebhookView

from config import urls
from contacts import webhooks
from contacts.models import Message, ReceivedLetter, ReturnedLetter, Suppression
from tests.contacts.incoming_mail import reply, report, sent
from tests.contacts.test_suppression import letter

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.contacts.provider_urls")]
ADDRESS = "pavel.novak@example.org"
NUMBER = "abc-123"


@pytest.fixture(autouse=True)
def secret(settings) -> None:
    settings.ANYMAIL = {"WEBHOOK_SECRET": "provider:secret", "MAILGUN_WEBHOOK_SIGNING_KEY": ""}


@pytest.fixture
def news(pavel) -> Message:
    message = sent(Message.objects.post(pavel, letter("NEWS")))
    message.deliveries.update(tracking_id=NUMBER)
    return message


def told(client, event: dict, said: str = "provider:secret", to: str = "postmark/tracking") -> int:
    """Postmark posts an event; the status of our answer."""
    known = base64.b64encode(said.encode()).decode()
    url, body = f"/mail-events/{to}/", json.dumps({"MessageID": NUMBER, **event})
    headers = {"HTTP_AUTHORIZATION": f"Basic {known}"} if said else {}
    return client.post(url, body, content_type="application/json", **headers).status_code


def bounce(kind="HardBounce", words="smtp;550 5.1.1 User unknown", **more) -> dict:
    return {"RecordType": "Bounce", "Type": kind, "Email": ADDRESS, "ID": 42, "Details": words, **more}


def state(message: Message) -> str:
    return message.deliveries.get().state


def stopped() -> list[tuple]:
    return list(Suppression.objects.standing().order_by("purpose").values_list("address", "reason", "purpose"))


def test_a_hard_bounce_stops_letters_to_the_address(client, news):
    assert told(client, bounce()) == 200

    assert (state(news), stopped()) == ("BOUNCED", [(ADDRESS, "HARD_BOUNCE", "")])


def test_a_full_mailbox_stops_nothing(client, news):
    told(client, bounce("SoftBounce", "552 5.2.2 Mailbox full"))

    assert (state(news), stopped(), ReturnedLetter.objects.get().reason) == ("BOUNCED", [], "FULL")


def test_where_the_server_said_nothing_the_provider_is_believed(client, news):
    told(client, bounce(words=""))

    assert stopped() == [(ADDRESS, "HARD_BOUNCE", "")]


def test_the_same_event_twice_is_one(client, news, noor):
    told(client, bounce())
    Suppression.objects.get().lift(by=noor)

    told(client, bounce())

    assert (ReturnedLetter.objects.count(), stopped()) == (1, [])


def test_an_arrival_is_noted(client, news):
    told(client, {"RecordType": "Delivery", "Recipient": ADDRESS, "DeliveredAt": "2026-03-01T10:00:00Z"})

    assert (state(news), ReturnedLetter.objects.count()) == ("DELIVERED", 0)


def test_a_complaint_ends_invitations_and_mailings(client, news):
    told(client, {"RecordType": "SpamComplaint", "Email": ADDRESS, "ID": 7})

    assert (state(news), [purpose for _a, _r, purpose in stopped()]) == ("COMPLAINED", ["INVITATION", "NEWS"])


def test_who_unsubscribes_with_the_provider_gets_no_mailings(client, news):
    event = {"RecordType": "SubscriptionChange", "Recipient": ADDRESS, "SuppressSending": True}
    told(client, {**event, "SuppressionReason": "ManualSuppression", "ChangedAt": "2026-03-01T10:00:00Z"})

    assert (state(news), stopped()) == ("SENT", [(ADDRESS, "OPT_OUT", "NEWS")])


def test_of_letters_that_are_not_ours_nothing_is_kept(client, news):
    assert told(client, bounce(Email="stranger@example.net", MessageID="other")) == 200

    assert (ReturnedLetter.objects.count(), stopped(), state(news)) == (0, [], "SENT")


@pytest.mark.parametrize("said", ["", "provider:wrong", "provider"])
def test_who_does_not_know_the_secret_is_not_heard(client, news, said):
    assert told(client, bounce(), said) == 400

    assert (state(news), ReturnedLetter.objects.count()) == ("SENT", 0)


def test_without_a_secret_there_is_no_door():
    assert (urls.provider_doors(""), len(urls.provider_doors("provider:secret"))) == ([], 1)


def test_an_answer_that_came_to_the_provider_is_filed(client, news, pavel):
    raw = reply(news, "Je viens.").as_string()
    event = {"RawEmail": raw, "OriginalRecipient": "no-reply@localhost", "FromFull": {}, "Headers": []}

    assert told(client, event, to="postmark/inbound") == 200

    assert (ReceivedLetter.objects.get().person, ReceivedLetter.objects.get().text) == (pavel, "Je viens.")


def test_a_report_that_came_to_the_provider_as_mail_is_read(client, news):
    raw = report(news.message_id, ADDRESS).decode()

    told(client, {"RawEmail": raw, "FromFull": {}, "Headers": []}, to="postmark/inbound")

    assert (state(news), stopped()) == ("BOUNCED", [(ADDRESS, "HARD_BOUNCE", "")])


def test_signs_that_are_none_do_not_stop_a_letter(client, news, pavel):
    raw = reply(news, "Je viens.").as_string().replace("Re: Forum", "\0 é" + " x" * 900).replace("Je", "\0 Je")

    assert told(client, {"RawEmail": raw, "FromFull": {}, "Headers": []}, to="postmark/inbound") == 200
    assert ReceivedLetter.objects.get().person == pavel


def amazon_says(event: dict) -> None:
    """As at its door, which opens only where boto3 is installed: the view needs that to confirm a subscription."""
    view = AmazonSESTrackingWebhookView.__new__(AmazonSESTrackingWebhookView)
    for told in view.esp_to_anymail_events(event, {"MessageId": "02f86d9b", "Timestamp": "2026-03-01T10:00:00.000Z"}):
        webhooks.hear(type(view), told, view.esp_name)


@pytest.mark.parametrize(("kind", "stops"), [("Permanent", 1), ("Transient", 0), ("Undetermined", 0)])
def test_of_what_amazon_calls_a_bounce_only_the_permanent_stops_letters(news, kind, stops):
    bounce = {"bounceType": kind, "bounceSubType": "General", "bouncedRecipients": [{"emailAddress": ADDRESS}]}

    amazon_says({"notificationType": "Bounce", "bounce": bounce, "mail": {"messageId": NUMBER}})

    assert (state(news), len(stopped())) == ("BOUNCED", stops)


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("file", "becomes"), [("01", "BOUNCED"), ("02", "BOUNCED"), ("04", "DELIVERED"), ("05", "DELIVERED")]
)
def test_what_amazon_said_once_is_understood(real_data, news, file, becomes):
    said = json.loads((real_data / "bounces" / "esp-webhook-json" / f"json-amazonses-{file}.json").read_text())
    event = json.loads(said["Message"]) if "Message" in said else said  # in the envelope of SNS, or without
    address = event["mail"]["destination"][0]
    news.deliveries.update(tracking_id=event["mail"]["messageId"], address=address)

    amazon_says(event)

    assert (state(news), stopped()) == (becomes, [(address, "HARD_BOUNCE", "")] if becomes == "BOUNCED" else [])


@pytest.mark.real_data
@pytest.mark.slow
def test_every_message_at_hand_goes_through_the_door_for_mail(client, real_data):
    """None is refused, none stops letters."""
    mails = sorted((real_data / "bounces" / "sisimai").glob("*.eml"))
    events = [{"RawEmail": mail.read_bytes().decode("latin-1"), "FromFull": {}, "Headers": []} for mail in mails]

    answers = {told(client, event, to="postmark/inbound") for event in events}

    assert (answers, Suppression.objects.count()) == ({200}, 0)
    assert ReturnedLetter.objects.count() > 100


OPENED = {"RecordType": "Open", "Recipient": ADDRESS, "FirstOpen": True}


def test_that_a_letter_was_opened_is_not_kept_unless_it_is_tracked(client, news):
    assert told(client, OPENED) == 200

    assert (state(news), news.deliveries.get().opened_at) == ("SENT", None)


def test_where_opening_is_tracked_the_first_time_is_kept(client, news, settings):
    settings.TRACKS_OPENING = True
    told(client, OPENED)
    first = news.deliveries.get().opened_at

    told(client, OPENED)

    assert (state(news), news.deliveries.get().opened_at == first, first is None) == ("DELIVERED", True, False)


def test_a_letter_that_came_back_is_not_called_delivered_by_who_opened_it(client, news, settings):
    settings.TRACKS_OPENING = True
    told(client, bounce())

    told(client, OPENED)

    assert state(news) == "BOUNCED"
