"""The mailbox at our mail provider, from which messages are fetched."""

from collections import Counter
from contextlib import closing

from django.conf import settings
from django.core.cache import cache

from contacts.incoming.fetching import unread
from contacts.models.received import Outcome, ReceivedLetter

CLAIM = "contacts.mailbox"


def is_due() -> bool:
    """Whether there is a mailbox, and it is time to look: of several workers one looks."""
    return bool(settings.IMAP_URL) and cache.add(CLAIM, True, settings.IMAP_SECONDS)


def empty(url: str) -> Counter[Outcome]:
    """Take in what is unread in the mailbox at `url`; returns how many messages became what. Raises MailboxError."""
    outcomes: Counter[Outcome] = Counter()
    with closing(unread(url, settings.RECEIVED_MOST_BYTES + 1)) as messages:  # one more: what is too large is known
        for raw in messages:
            outcomes[ReceivedLetter.objects.take(raw)] += 1
    return outcomes
