"""The door for mail providers: what they say of letters that they carried, and letters that came in to them.

The addresses are those of anymail, which knows each provider's language and asks for the secret."""

import hashlib
from email.policy import compat32

from anymail.signals import AnymailInboundEvent, AnymailTrackingEvent, EventType, RejectReason, inbound, tracking
from anymail.urls import urlpatterns as anymail_urls
from django.dispatch import receiver
from django.urls import include, path

from contacts.incoming import Failure, Reason, reason_of
from contacts.models import Delivery, ReceivedLetter, ReturnedLetter
from contacts.models.returned import whose

urlpatterns = [path("", include((anymail_urls, "anymail")))]

FAILED = (EventType.BOUNCED, EventType.REJECTED, EventType.FAILED)
FOR_GOOD = (RejectReason.BOUNCED, RejectReason.INVALID)
# Amazon gives one reason for whatever bounces; of which kind it was stands in the description.
NOT_FOR_GOOD = ("Transient:", "Undetermined:")
# A provider's reasons not to send that are a reader's own wish.
WISHES = {RejectReason.SPAM: EventType.COMPLAINED, RejectReason.UNSUBSCRIBED: EventType.UNSUBSCRIBED}


@receiver(tracking)
def hear(sender, event: AnymailTrackingEvent, esp_name: str, **_more) -> None:
    """What became of a letter; of letters that are not ours nothing is kept."""
    address = (event.recipient or "").strip()
    way = Delivery.objects.known_as(event.message_id or "", address)
    if way is None and not whose(address):
        return
    kind = WISHES.get(event.reject_reason, event.event_type)
    if kind == EventType.DELIVERED and way:
        way.arrive()
    elif kind == EventType.OPENED and way:
        way.open()
    elif kind == EventType.COMPLAINED:
        ReturnedLetter.objects.complain(key_of(event, esp_name), address, way and way.message, is_believed=True)
    elif kind == EventType.UNSUBSCRIBED:
        ReturnedLetter.objects.unsubscribe(key_of(event, esp_name), address, way)
    elif kind in FAILED:
        ReturnedLetter.objects.fail(key_of(event, esp_name), failure(event, address), way)


@receiver(inbound)
def take(sender, event: AnymailInboundEvent, **_more) -> None:
    """A message that came in."""
    raw = event.message.as_bytes(policy=compat32)  # which folds nothing anew, and so fails on nothing
    ReceivedLetter.objects.take(raw, envelope_to=event.message.envelope_recipient or "")


def failure(event: AnymailTrackingEvent, address: str) -> Failure:
    """Why, by the words of the server; where these say nothing, by the provider's own opinion."""
    words = " ".join(filter(None, (event.mta_response, event.description)))
    reason = reason_of(words)
    is_for_good = event.reject_reason in FOR_GOOD and not (event.description or "").startswith(NOT_FOR_GOOD)
    if reason is Reason.UNKNOWN and is_for_good:
        reason = Reason.NO_ADDRESS
    return Failure(address, reason, words=words)


def key_of(event: AnymailTrackingEvent, esp_name: str) -> str:
    """The same for the same event, which providers send again when we did not answer in time."""
    own = (event.event_id or f"{event.message_id}{event.timestamp}", event.event_type, event.recipient)
    return hashlib.sha256(f"{esp_name}{own}".encode()).hexdigest()
