"""Erasure: a human being is taken out of the house; what remains counts, and cannot be led back (GDPR, article 17)."""

import json
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from contacts.models import wording
from contacts.models.dossier import history, records_of, rows_of
from contacts.models.message import Message
from contacts.models.person import Person
from contacts.models.received import ReceivedLetter, of_person
from contacts.models.returned import ReturnedLetter
from contacts.models.suppression import Suppression
from contacts.models.user import User
from network.models import Seal

BLANK = {
    "honorific": "",
    "given_name": "",
    "family_name": "",
    "passport_given_name": "",
    "passport_family_name": "",
    "form_of_address": {},
    "languages": [],
    "birth_year": None,
    "search_text": "",
    "hold_reason": "",
    "user": None,
    "reference": None,
}


@dataclass(frozen=True)
class Step:
    """What becomes of the rows of one kind. `is_kept`: emptied of the person, and counted on."""

    label: str
    count: int
    is_kept: bool


def outlook(person: Person) -> list[Step]:
    """What `erase` would do; nothing is written."""
    people = records_of(person)
    steps = [
        Step(wording.heading(model), count, hasattr(rows, "erase"))
        for model, rows in rows_of(people)
        if (count := rows.count())
    ]
    entries = Step(_("History"), history(people).count() + len(mentions(people)), True)
    return [*steps, *([entries] if entries.count else [])]


def refusals(person: Person) -> list[str]:
    """What speaks against erasing `person`, in sentences."""
    people = records_of(person)
    accounts = User.objects.staff().filter(person__in=people)
    found = [
        (person.erased_at, _("This person has been erased already.")),
        (any(one.hold_reason for one in people), _("This record is on legal hold and must be kept.")),
        (accounts.exists(), _("This person works here. Close the account first.")),
    ]
    return [sentence for speaks, sentence in found if speaks]


@transaction.atomic
def erase(person: Person, *, by) -> None:
    """Take `person` out of every room. Letters, invitations and seats stay as numbers; the country stays; the addresses
    stay known as digests, so that nobody is written to again. Raises ValidationError for who is on legal hold, and for
    who works here."""
    keys = [one.pk for one in records_of(person)]
    people = list(Person.everyone.select_for_update().filter(pk__in=keys).order_by("pk"))
    if sentences := refusals(Person.everyone.get(pk=person.pk)):
        raise ValidationError(sentences)
    entries = [*history(people).values_list("pk", flat=True), *mentions(people), *_by_address(people)]
    ReceivedLetter.objects.filter(of_person(people)).erase()
    ReturnedLetter.objects.filter(address__in=_addresses(people)).erase()
    for one in people:
        for email in one.emails.all():
            Suppression.objects.filter(address=email.address.lower()).update(address="", detail="")
            Suppression.objects.suppress(email.address, Suppression.Reason.ERASED, by=by)
    for _model, rows in rows_of(people):
        rows.erase() if hasattr(rows, "erase") else rows.delete()
    Message.objects.filter(person__in=people).erase()  # and the letters that taking back an invitation has written
    User.objects.filter(person__in=people).delete()
    Person.everyone.filter(pk__in=keys).update(**BLANK, erased_at=timezone.now(), confirmed_at=None)
    Seal.objects.empty(ModelLogEntry.objects.filter(pk__in={*entries, *history(people).values_list("pk", flat=True)}))
    log(Person.everyone.get(pk=person.pk), "contacts.person.erase", user=by)


def _addresses(people: list[Person]) -> list[str]:
    written = [email.address for one in people for email in one.emails.all()]
    return [*written, *(address.lower() for address in written)]


def _by_address(people: list[Person]) -> list[int]:
    """Entries (keys) of the history of what speaks of their addresses and hangs on nobody: it says them."""
    addresses = _addresses(people)
    rows = {
        ReceivedLetter: ReceivedLetter.objects.filter(of_person(people)),
        ReturnedLetter: ReturnedLetter.objects.filter(address__in=addresses),
        Suppression: Suppression.objects.filter(address__in=addresses),
    }
    about = Q()
    for model, found in rows.items():
        keys = [str(key) for key in found.values_list("pk", flat=True)]
        about |= Q(content_type=ContentType.objects.get_for_model(model), object_id__in=keys)
    return list(ModelLogEntry.objects.filter(about).values_list("pk", flat=True))


def mentions(people: list[Person]) -> list[int]:
    """Entries (keys) of the history of what they took part in, a session or a call, that say one of their names."""
    about = Q(action__in=["contacts.person.leave", "contacts.person.succeed"])  # who came after whom
    for model, rows in rows_of(people):
        for field in model._meta.concrete_fields:
            if field.many_to_one and field.related_model not in (Person, User, ContentType):
                about |= Q(
                    content_type=ContentType.objects.get_for_model(field.related_model),
                    object_id__in=[str(key) for key in rows.values_list(field.attname, flat=True).distinct() if key],
                )
    names = [one.name for one in people if one.given_name or one.family_name]
    found = ModelLogEntry.objects.filter(about).iterator()
    return [entry.pk for entry in found if any(name in f"{entry.label} {_spelled(entry)}" for name in names)]


def _spelled(entry: ModelLogEntry) -> str:
    return json.dumps(entry.data, ensure_ascii=False)
