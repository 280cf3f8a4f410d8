"""Letters before they go: in each language as its readers will see it, and to each reader by name."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count
from django.http import HttpRequest
from django.utils.translation import gettext as _
from wagtail.admin import messages

from contacts.mail import Letter
from contacts.models import Person
from events.models import Invitation
from events.models.invitation import InvitationQuerySet
from network.labels import RIGHT_TO_LEFT
from network.models import key_in


@dataclass(frozen=True)
class Preview:
    """The letter to one real reader, the `position`th of the `count` who read that language, with the `key` of their
    letter and those before and after it; `about` says who else has it in common, where there are several letters in
    one; `invitation`: whose letter it is, where it is about one."""

    about: str
    code: str
    language: str
    direction: str
    count: int
    position: int
    key: int | str
    before: int | str | None
    after: int | str | None
    reader: Person
    address: str
    letter: Letter
    calendar: list[tuple[str, str]]
    invitation: Invitation | None = None


def reader_asked(request: HttpRequest, invitations: InvitationQuerySet) -> int | None:
    """Whose letter is to be shown, as the key of the invitation: the first who is called so (`?name=`), or the one that
    the address says (`?reader=`). None, with a sentence, where nobody is called so."""
    if name := request.GET.get("name", "").strip():
        named = invitations.filter(person__in=Person.objects.matching(name).values("pk"))
        if not (found := named.values_list("pk", flat=True).first()):
            messages.warning(request, _("Nobody to whom this letter goes is called “%(name)s”.") % {"name": name})
        return found
    return key_in(request.GET.get("reader", "")) or None


def previewed(
    invitations: InvitationQuerySet,
    letter: Callable[[Invitation], Letter],
    calendar: Callable[[Invitation], list] = lambda _invitation: [],
    *,
    about: str = "",
    reader: int | None = None,
) -> list[Preview]:
    """`letter` as it would go to one reader of each language among `invitations`, the largest first: to the `reader`
    (key of the invitation) in their language, and to the first in the others."""
    counts = invitations.order_by().values_list("language").annotate(count=Count("pk")).order_by("-count", "language")
    whole = invitations.select_related("event__venue__country", "person")
    found = []
    for code, _count in counts:
        keys = list(invitations.filter(language=code).values_list("pk", flat=True))
        here = keys.index(reader) if reader in keys else 0
        chosen = whole.get(pk=keys[here])
        found.append(
            Preview(
                about=str(about),
                **_step(code, keys, here),
                reader=chosen.person,
                address=chosen.address,
                letter=letter(chosen),
                calendar=calendar(chosen),
                invitation=chosen,
            )
        )
    return found


def previewed_to(
    readers: dict[str, Person], letter: Callable[[str], Letter], *, reader: str | None = None
) -> list[Preview]:
    """As `previewed`: `letter` as it would go to those of `readers` (key of the letter -> who reads it)."""
    languages: dict[str, list[str]] = {}
    for key, person in readers.items():
        languages.setdefault(person.language, []).append(key)
    found = []
    for code, keys in sorted(languages.items(), key=lambda one: (-len(one[1]), one[0])):
        here = keys.index(reader) if reader in keys else 0
        person, written = readers[keys[here]], letter(keys[here])
        step = _step(code, keys, here)
        found.append(Preview(about="", **step, reader=person, address=person.address, letter=written, calendar=[]))
    return found


def _step(code: str, keys: list, here: int) -> dict:
    """Where one steps among the letters `keys` in the language."""
    return {
        "code": code,
        "language": dict(settings.LANGUAGES)[code],
        "direction": "rtl" if code in RIGHT_TO_LEFT else "ltr",
        "count": len(keys),
        "position": here + 1,
        "key": keys[here],
        "before": keys[here - 1] if here else None,
        "after": keys[here + 1] if here + 1 < len(keys) else None,
    }
