"""What the worker does for the network."""

from django_tasks import task

from network.models import OrganizationScan


@task()
def compare_organizations() -> bool:
    """Compare all organizations with each other if somebody asked for it; returns whether somebody did."""
    return OrganizationScan.objects.run_next()
