"""Trail: the history of many people at once, each with what was said before and is said now."""

from collections.abc import Iterable

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from wagtail.models import ModelLogEntry

from contacts.models.person import Person


def log_all(action: str, people: Iterable[tuple[Person, list]], *, by, data: dict, deleted: bool = False) -> None:
    """What `wagtail.log_actions.log` writes for one, for each of `people` with its changes."""
    now, kind = timezone.now(), ContentType.objects.get_for_model(Person)
    ModelLogEntry.objects.bulk_create(
        ModelLogEntry(
            content_type=kind,
            object_id=str(person.pk),
            label=str(person),
            action=action,
            user=by,
            timestamp=now,
            content_changed=True,
            deleted=deleted,
            data={**data, "changes": changes},
        )
        for person, changes in people
    )
