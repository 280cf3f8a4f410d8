"""What the worker does for contacts."""

from django_tasks import task

from contacts.models import Delivery, DuplicateScan


@task()
def deliver_mail() -> int:
    """Empty the outbox; returns how many letters were handed over."""
    return Delivery.objects.empty_outbox()


@task()
def find_duplicates() -> bool:
    """Compare all people with each other if somebody asked for it; returns whether somebody did."""
    return DuplicateScan.objects.run_next()
