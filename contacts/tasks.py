"""What the worker does for contacts."""

from django_tasks import task

from contacts.models import Delivery, DuplicatePair


@task()
def deliver_mail() -> int:
    """Empty the outbox; returns how many letters were handed over."""
    return Delivery.objects.empty_outbox()


@task()
def find_duplicates() -> int:
    """Compare all people with each other; returns how many pairs wait for a decision."""
    return DuplicatePair.objects.scan()
