"""What the legal database holds of people, for what is told of them and taken out."""

from legal.models import SavedSearch


def dossier_rows(people):
    """The searches that were saved with one of their addresses."""
    return [(SavedSearch, SavedSearch.objects.held_of(people))]
