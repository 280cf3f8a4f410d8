"""List of participants: who comes to an event, in the order of protocol: States by their names in the language of the
list, then organizations by kind; within each its head first, then by role, rank and name."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import override

from contacts.models import Affiliation, Person
from contacts.names import honorific_in
from events.models.details import listing_of
from events.models.event import Event
from events.models.invitation import Invitation
from events.models.question import Listing
from events.models.quota import Place, Role
from network.models import Organization
from network.names import fold

KIND = Organization.Kind
OF_STATES = (KIND.GOVERNMENT, KIND.LAW_ENFORCEMENT, KIND.CRIMINAL_JUSTICE)
LOWEST = 1000
FOR_PARTICIPANTS = (Listing.PARTICIPANTS, Listing.PUBLIC)


@dataclass(frozen=True)
class Participant:
    """One row of the list, in words of its language."""

    section: str
    group: str
    name: str
    position: str
    organization: str
    role: str
    place: str
    standing: str
    listing: str  # how far they agree to be listed, on the list for organizers; "" where the event does not ask


def participants(event: Event, language: str, *, is_final: bool, viewer) -> list[Participant]:
    """Those of whom `viewer` sees the invitation. On the draft, the organizers' own: everybody who has said yes and was
    not turned down. On the final list, which participants are given: those with a seat, without whoever does not agree
    to be listed, where the event asks."""
    return _in_order(event, event.invitations.visible_to(viewer), language, is_final=is_final, levels=FOR_PARTICIPANTS)


def public_participants(event: Event, language: str) -> list[Participant]:
    """Those with a seat who have agreed to be listed for everybody to see; nobody where the event does not ask."""
    if not event.questions.filter(kind="LISTING").exists():
        return []
    return _in_order(event, event.invitations.all(), language, is_final=True, levels=(Listing.PUBLIC,))


def _in_order(event: Event, invitations, language: str, *, is_final: bool, levels: tuple) -> list[Participant]:
    seats = event.registrations.confirmed().filter(person=OuterRef("person"))
    coming = invitations.accepted().not_rejected().annotate(has_seat=Exists(seats))
    if is_final:
        coming = coming.filter(has_seat=True)
    rows = list(coming.select_related("person", "delegation__organization__country"))
    listing = listing_of(event, [row.person_id for row in rows])
    if is_final and listing is not None:
        rows = [row for row in rows if listing[row.person_id] in levels]
    held = held_by([row.person for row in rows])
    with override(language):
        words = {key: str(Listing(level).label) for key, level in (listing or {}).items() if not is_final}
        listed = [_listed(row, held.get(row.person_id, []), language, words.get(row.person_id, "")) for row in rows]
        return [participant for _order, participant in sorted(listed, key=lambda pair: pair[0])]


def held_by(people: Iterable[Person]) -> dict[int, list[Affiliation]]:
    """Person (key) -> what they hold now, the highest first."""
    found: dict[int, list[Affiliation]] = {}
    current = Affiliation.objects.current().filter(person__in=[person.pk for person in people]).in_precedence()
    for affiliation in current.select_related("organization__country").prefetch_related("organization__other_names"):
        found.setdefault(affiliation.person_id, []).append(affiliation)
    return found


def bodies_of(event: Event, people: Iterable[Person], language: str) -> dict[int, str]:
    """Person (key) -> the organization on their badge: where they work now, else what they have said themselves."""
    found = {key: posts[0].organization.name_in(language) for key, posts in held_by(people).items()}
    said = event.invitations.exclude(typed_organization="").filter(person__in=[person.pk for person in people])
    return {**dict(said.values_list("person", "typed_organization")), **found}


def _listed(row: Invitation, held: list[Affiliation], language: str, listing: str) -> tuple[tuple, Participant]:
    """The row with what it is sorted by."""
    sent_by = row.delegation.organization if row.delegation else None
    here = [one for one in held if sent_by is None or one.organization_id == sent_by.pk]
    post = here[0] if here else None
    organization = sent_by or (post.organization if post else None)
    name = organization.name_in(language) if organization else row.typed_organization
    order, section, group = _section(organization, name, language)
    rank = (post.rank if post else None) or LOWEST
    person = row.person
    words = Participant(
        section=section,
        group=group,
        name=f"{honorific_in(language, person.honorific)} {person.name}".strip(),
        position=post.position if post else row.typed_position,
        organization=name,
        role=Role(row.role).label,
        place=Place(row.place).label,
        standing=_("Confirmed") if row.has_seat else _("To be confirmed"),
        listing=listing,
    )
    by_protocol = (Role.values.index(row.role), rank, fold(person.family_name), fold(person.given_name), person.pk)
    return (order, fold(section), fold(group), fold(name), *by_protocol), words


def _section(organization: Organization | None, name: str, language: str) -> tuple[int, str, str]:
    """Where in the list the organization stands: its number, its heading, and the heading below that."""
    if organization is None:
        return LOWEST, _("Others"), ""
    if organization.kind in OF_STATES and organization.country:
        return 0, _("States"), organization.country.in_language(language)
    return 1 + KIND.values.index(organization.kind), str(KIND(organization.kind).label), name
