"""Membership: whether an organization counts as a partner. It is suspended, reinstated or ended, however it came into
the network, each time with a letter to those who stand for it and a row in its history."""

from collections.abc import Callable
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from contacts import mail
from contacts.models.affiliation import Affiliation
from contacts.models.message import Message
from contacts.models.person import Person
from network.changes import change
from network.models import Organization
from network.sentences import Sentence

Status = Organization.Status


class Reader(NamedTuple):
    """Who is told: how the letter greets them, the person where we know them, where it goes, and about what it is (an
    application's leads to the applicant's page)."""

    greeted: object
    person: Person | None
    address: str
    language: str
    about: object


class Membership:
    """That of one `organization`."""

    def __init__(self, organization: Organization):
        self.organization = organization

    def readers(self) -> list[Reader]:
        """Who stands for it: those who applied for it, its focal points, and whoever heads it; where nobody of them can
        be reached, the organization's own address, if it has one."""
        organization = self.organization
        people = [Reader(person, person, person.address, person.language, organization) for person in self._people()]
        nobody = Reader(mail.SOMEBODY, None, organization.email, settings.LANGUAGE_CODE, organization)
        by_address: dict[str, Reader] = {}
        for reader in [*self._applicants(), *people]:
            if reader.address:
                by_address.setdefault(reader.address.lower(), reader)
        return list(by_address.values()) or [nobody] * bool(nobody.address)

    def steps(self):
        """The rows of the history that say how it came to stand as it does, the newest first."""
        entries = ModelLogEntry.objects.for_instance(self.organization)
        return entries.filter(action__in=ACTS.values()).select_related("user").order_by("-timestamp", "-pk")

    def is_decided_by(self, actor) -> bool:
        """Whether `actor` may decide about it: everybody sees an international body, but the letters go to people
        whom a desk sees only where it keeps the organization."""
        kept = Organization.objects.filter(pk=self.organization.pk)
        return not actor.desk_keys or kept.kept_by(actor.desk_keys).exists()

    @transaction.atomic
    def suspend(self, reason: str, *, by) -> int:
        """It does not count as a partner until it is reinstated. Returns how many letters say so."""
        _require(reason, _("Say why it is suspended."))
        return self._act(Status.SUSPENDED, mail.membership_suspended, reason, of=[Status.ACTIVE], by=by)

    @transaction.atomic
    def reinstate(self, *, by) -> int:
        """It counts as a partner again: what suspended it has passed, or it was ended and comes back. Returns how many
        letters say so."""
        return self._act(Status.ACTIVE, mail.membership_reinstated, "", of=[Status.SUSPENDED, Status.ENDED], by=by)

    @transaction.atomic
    def end(self, reason: str, *, by) -> int:
        """The partnership is over. Returns how many letters say so."""
        _require(reason, _("Say why it ends."))
        return self._act(Status.ENDED, mail.membership_ended, reason, of=[Status.ACTIVE, Status.SUSPENDED], by=by)

    def _people(self) -> list[Person]:
        speaks = Q(is_focal_point=True) | Q(is_head=True)
        held = Affiliation.objects.current().filter(speaks, organization=self.organization, person__erased_at=None)
        posts = held.select_related("person").prefetch_related("person__emails").in_precedence()
        return list(dict.fromkeys(post.person for post in posts))

    def _applicants(self) -> list[Reader]:
        return [
            Reader(one.person or one, one.person, one.email, one.language, one)
            for one in self.organization.applications.members().select_related("person")
        ]

    def _act(self, status: str, letter: Callable[..., mail.Letter], reason: str, *, of: list[str], by) -> int:
        """Into `status`, with the applications by which it came; the history says why, and a letter to each reader."""
        organization, readers = self.organization, self.readers()
        if not self.is_decided_by(by):
            raise ValidationError(_("None of your desks keeps this organization. Somebody else has to decide."))
        before = self._move(status, of)
        labels = (Sentence.of(Status(code).label) for code in (before, status))
        told = [change(_("status"), *labels), *([change(_("reason"), "", reason.strip())] if reason else [])]
        for application in organization.applications.members():
            application.follow(status, reason, by=by)
        for reader in readers:
            link = "" if reader.about is organization else mail.LINK
            name = organization.name_in(reader.language)
            written = letter(reader.greeted, reader.language, name, reason, link=link)
            Message.objects.post(reader.person, written, address=reader.address, about=reader.about)
        log(organization, ACTS[status], user=by, data={"changes": told, "reason": reason.strip()})
        return len(readers)

    def _move(self, status: str, of: list[str]) -> str:
        """Into `status`, out of one of `of`, which it returns. Raises ValidationError where somebody was faster."""
        standing = Organization.objects.filter(pk=self.organization.pk, status__in=of)
        before = standing.values_list("status", flat=True).first()
        if before is None or not standing.filter(status=before).update(status=status):
            raise ValidationError(_("This has been changed in the meantime. Please look at it again."))
        self.organization.status = status
        return before


# What the history calls it.
ACTS = {
    Status.SUSPENDED: "contacts.membership.suspend",
    Status.ACTIVE: "contacts.membership.reinstate",
    Status.ENDED: "contacts.membership.end",
}


def _require(reason: str, sentence: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": sentence})
