"""What the worker does for events."""

from django_tasks import task

from events.models import Reminder


@task()
def remind_invited() -> int:
    """Ask those again whom a rule reminds today; returns how many letters were written."""
    return Reminder.objects.work_off()
