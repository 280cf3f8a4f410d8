"""Choosing a person, and what every list of people fetches to say where somebody works."""

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column

from contacts.models import Affiliation, Person
from network.viewsets.chooser import RecordChooserViewSet


def current(person: Person) -> list[Affiliation]:
    """The affiliations that `with_affiliations` fetched."""
    return person.current_affiliations


def with_affiliations(people):
    """`people` and their current affiliations, in two queries however many they are."""
    affiliations = Affiliation.objects.current().select_related("organization")
    return people.prefetch_related(Prefetch("affiliations", affiliations, to_attr="current_affiliations"))


def place(person: Person) -> str:
    """Where the person is now: "Director, Customs of Example"."""
    return "; ".join(str(affiliation) for affiliation in current(person))


def rank(person: Person) -> str:
    """The highest that the person holds now."""
    held = [affiliation.rank for affiliation in current(person) if affiliation.rank]
    return str(Affiliation.Rank(min(held)).label) if held else ""


class PersonChooserViewSet(RecordChooserViewSet):
    name = "person_chooser"
    model = Person
    icon = "user"
    choose_one_text = _("Choose a person")
    choose_another_text = _("Choose another person")
    edit_item_text = _("Edit this person")
    columns = [
        Column("email", label=_("E-mail address"), accessor="address"),
        Column("place", label=_("Affiliation"), accessor=place),
        Column("country", label=_("Country")),
    ]

    def get_object_list(self):
        people = Person.objects.select_related("country").defer("search_text").prefetch_related("emails")
        return with_affiliations(people)
