"""What the worker does for the law."""

from django_tasks import task

from legal.models import Intake, SavedSearch


@task()
def tell_of_new_law() -> int:
    """Write to those who saved a search for which there is something new; returns how many letters were written."""
    return SavedSearch.objects.work_off()


@task()
def forget_intakes() -> int:
    """Forget the uploaded texts that nobody took in; returns how many uploads."""
    return Intake.objects.forget_old()
