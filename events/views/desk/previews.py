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
    """The letter of one real invitation, the `position`th of the `count` who read that language, with the keys of the
    invitations before and after it; `about` says who else has it in common, where there are several letters in one."""

    about: str
    code: str
    language: str
    direction: str
    count: int
    position: int
    before: int | None
    after: int | None
    invitation: Invitation
    letter: Letter
    calendar: list[tuple[str, str]]


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
    for code, count in counts:
        keys = list(invitations.filter(language=code).values_list("pk", flat=True))
        here = keys.index(reader) if reader in keys else 0
        chosen = whole.get(pk=keys[here])
        found.append(
            Preview(
                about=str(about),
                code=code,
                language=dict(settings.LANGUAGES)[code],
                direction="rtl" if code in RIGHT_TO_LEFT else "ltr",
                count=count,
                position=here + 1,
                before=keys[here - 1] if here else None,
                after=keys[here + 1] if here + 1 < count else None,
                invitation=chosen,
                letter=letter(chosen),
                calendar=calendar(chosen),
            )
        )
    return found
