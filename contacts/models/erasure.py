"""Erasure: a human being is taken out of the house; what remains counts, and cannot be led back (GDPR, article 17)."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from contacts.models.dossier import history, records_of, rows_of
from contacts.models.person import Person
from contacts.models.suppression import Suppression
from network.models import Seal

BLANK = {
    "honorific": "",
    "given_name": "",
    "family_name": "",
    "passport_given_name": "",
    "passport_family_name": "",
    "form_of_address": {},
    "languages": [],
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
    steps = [
        Step(str(capfirst(model._meta.verbose_name_plural)), rows.count(), hasattr(rows, "erase"))
        for model, rows in rows_of(records_of(person))
    ]
    entries = Step(_("History"), history(records_of(person)).count(), True)
    return [step for step in (*steps, entries) if step.count]


@transaction.atomic
def erase(person: Person, *, by) -> None:
    """Take `person` out of every room. Letters, invitations and seats stay as numbers; the country stays; the addresses
    stay known as digests, so that nobody is written to again. Raises ValidationError for who is on legal hold."""
    people = list(Person.everyone.select_for_update().filter(pk__in=[one.pk for one in records_of(person)]))
    if any(one.hold_reason for one in people):
        raise ValidationError(_("This record is on legal hold and must be kept."))
    if person.erased_at:
        raise ValidationError(_("This person has been erased already."))
    entries = list(history(people).values_list("pk", flat=True))
    for one in people:
        for email in one.emails.all():
            Suppression.objects.filter(address=email.address.lower()).update(address="")
            Suppression.objects.suppress(email.address, Suppression.Reason.ERASED, by=by)
    for _model, rows in rows_of(people):
        rows.erase() if hasattr(rows, "erase") else rows.delete()
    now = timezone.now()
    Person.everyone.filter(pk__in=[one.pk for one in people]).update(**BLANK, erased_at=now, confirmed_at=None)
    Seal.objects.empty(history(people).filter(pk__in=entries))
    log(Person.everyone.get(pk=person.pk), "contacts.person.erase", user=by)
