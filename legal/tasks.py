"""What the worker does for the law."""

from django_tasks import task

from legal.models import SavedSearch


@task()
def tell_of_new_law() -> int:
    """Write to those who saved a search for which there is something new; returns how many letters were written."""
    return SavedSearch.objects.work_off()
