"""What the worker does for contacts."""

from django.conf import settings
from django_tasks import task

from contacts.models import Agreement, Application, Delivery, DuplicateScan, Mailing, ScreeningRun, mailbox
from contacts.models.imports.work import work_off


@task()
def deliver_mail() -> int:
    """Empty the outbox; returns how many letters were handed over."""
    return Delivery.objects.empty_outbox()


@task()
def fetch_mail() -> int:
    """Take in what is unread in the mailbox; returns how many messages."""
    return mailbox.empty(settings.IMAP_URL).total()


@task()
def write_mailings() -> int:
    """Put the letters of mailings that are due into the outbox; returns how many."""
    return Mailing.objects.work_off()


@task()
def find_duplicates() -> bool:
    """Compare all people with each other if somebody asked for it; returns whether somebody did."""
    return DuplicateScan.objects.run_next()


@task()
def remind_owners() -> int:
    """Write to the owners of agreements that expire soon; returns to how many."""
    return Agreement.objects.remind_owners()


@task()
def forget_unconfirmed() -> int:
    """Forget the applications that nobody confirmed in time; returns how many."""
    return Application.objects.forget_unconfirmed()


@task()
def screen() -> bool:
    """Compare everybody with the watchlists, or whoever has changed; returns whether there was somebody."""
    return ScreeningRun.objects.run_next()


@task()
def go_on_with_imports() -> int:
    """Look through, take in or take back the next rows of contact files; returns how many slices."""
    return work_off()
