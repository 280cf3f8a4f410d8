"""What the worker does for the law."""

from django_tasks import task

from legal.models import Intake


@task()
def forget_intakes() -> int:
    """Forget the uploaded texts that nobody took in; returns how many uploads."""
    return Intake.objects.forget_old()
