"""Fetches mail from a mailbox, once: bounces, answers from calendars, letters."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from contacts.incoming.fetching import MailboxError
from contacts.models import Outcome, mailbox


class Command(BaseCommand):
    help = "Takes in what is unread in the mailbox that ENTENTE_IMAP_URL names, and marks it as read."

    def handle(self, *args, **options):
        if not settings.IMAP_URL:
            raise CommandError("ENTENTE_IMAP_URL names no mailbox: imaps://user:password@host/INBOX.")
        try:
            outcomes = mailbox.empty(settings.IMAP_URL)
        except MailboxError as trouble:
            raise CommandError(f"The mailbox could not be read. {trouble}") from trouble
        said = [f"{outcome.lower()} {outcomes[outcome]}" for outcome in Outcome if outcomes[outcome]]
        self.stdout.write(", ".join(said) or "nothing there")
