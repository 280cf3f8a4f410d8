"""The decisions about an application: recommended, admitted, refused; and, later, suspended, reinstated, ended.

Each is one conditional update: of two people who press at the same instant, one has decided and the other is told.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from contacts import mail
from contacts.models.affiliation import Affiliation
from contacts.models.consent import Consent
from contacts.models.duplicate import DuplicatePair
from contacts.models.membership import Membership
from contacts.models.message import Message
from contacts.models.person import Person, PersonEmail
from network.changes import change
from network.models import Organization
from network.sentences import Sentence, kept

ANYHOW = Q()
# What becomes of the organization -> what becomes of its application: state, step, action of the history.
FOLLOWS = {
    "ACTIVE": ("ADMITTED", "REINSTATED", "reinstate"),
    "SUSPENDED": ("SUSPENDED", "SUSPENDED", "suspend"),
    "ENDED": ("ENDED", "ENDED", "end"),
}


class Admittance:
    """The part of Application that decides."""

    @transaction.atomic
    def approve(self, *, by) -> None:
        """`by` recommends the admission; somebody else has to admit."""
        if not self.needs_two:
            raise ValidationError(_("One person is enough here: admit it."))
        self._check_all_is_checked()
        where = Q(asked_at=None, approved_by=None)
        self._move(self.State.IN_REVIEW, of=[self.State.IN_REVIEW], where=where, approved_by=by)
        self._note("APPROVED", by=by)
        log(self, "contacts.application.approve", user=by)

    @transaction.atomic
    def admit(self, *, by, organization: Organization | None = None, person: Person | None = None) -> None:
        """Take it into the network: as `organization` and `person`, which are known, or else as new records."""
        self._check_all_is_checked()
        self._check_second(by)
        agreed = Q(needs_two=False) | (Q(approved_by__isnull=False) & ~Q(approved_by=by))
        self._move(self.State.ADMITTED, of=[self.State.IN_REVIEW], where=Q(asked_at=None) & agreed)
        self.organization = self._known(organization, by) if organization else self._new_organization(by)
        self.person = self._known_person(person, by) if person else self._new_person(by)
        self.save(update_fields=["organization", "person"])
        self._affiliate(by)
        self._ground(by)
        Message.objects.about(self).update(person=self.person)
        self._note("ADMITTED", by=by)
        self._post(mail.application_admitted(self))
        log(self, "contacts.application.admit", user=by, data={"organization": self.organization_id})

    @transaction.atomic
    def refuse(self, reason: str, *, by) -> None:
        """It is not taken in; the applicant reads the reason."""
        self._require(reason, "reason", _("Say why it is refused."))
        self._move(self.State.REFUSED, of=[self.State.PENDING, self.State.IN_REVIEW], asked_at=None)
        self._note("REFUSED", reason, by=by)
        self._post(mail.application_refused(self, reason))
        log(self, "contacts.application.refuse", user=by)

    @transaction.atomic
    def suspend(self, reason: str, *, by) -> None:
        """The organization does not count as a partner until it is reinstated."""
        self._membership(self.State.ADMITTED).suspend(reason, by=by)
        self.refresh_from_db()

    @transaction.atomic
    def reinstate(self, *, by) -> None:
        """What suspended it has passed."""
        self._membership(self.State.SUSPENDED).reinstate(by=by)
        self.refresh_from_db()

    @transaction.atomic
    def end(self, reason: str, *, by) -> None:
        """The partnership is over."""
        self._membership(self.State.ADMITTED, self.State.SUSPENDED).end(reason, by=by)
        self.refresh_from_db()

    def follow(self, status: str, reason: str, *, by) -> None:
        """Its organization counts as a partner, or does not any more; so does the application by which it came."""
        state, step, action = FOLLOWS[status]
        if self.state != state:
            self._move(state, of=[self.State.ADMITTED, self.State.SUSPENDED])
            self._note(step, reason, by=by)
            log(self, f"contacts.application.{action}", user=by)

    def _membership(self, *states: str) -> Membership:
        """That of its organization, where the application is in one of `states`."""
        if self.organization is None or self.state not in states:
            raise ValidationError(_("This has been changed in the meantime. Please look at it again."))
        return Membership(self.organization)

    def _move(self, state: str, *, of: list[str], where: Q = ANYHOW, **values) -> None:
        """Into `state`, out of one of `of`, as the actor looked at it. Raises ValidationError where somebody was
        faster, or the applicant has sent a new version since."""
        if state != self.State.IN_REVIEW:
            values["decided_at"] = timezone.now()
        as_seen = type(self).objects.filter(pk=self.pk, state__in=of, version=self.version).exclude(confirmed_at=None)
        if not as_seen.filter(where).update(state=state, **values):
            raise ValidationError(_("This has been changed in the meantime. Please look at it again."))
        for name, value in {"state": state, **values}.items():
            setattr(self, name, value)

    def _require(self, text: str, field: str, sentence: str) -> None:
        if not text.strip():
            raise ValidationError({field: sentence})

    def _check_all_is_checked(self) -> None:
        if self.is_with_applicant:
            raise ValidationError(_("The applicant was asked for more; wait for the answer."))
        if self.checks.filter(ticked_at=None).exists():
            raise ValidationError(_("Not everything on the checklist is ticked."))

    def _check_second(self, by) -> None:
        if self.needs_two and self.approved_by_id is None:
            raise ValidationError(_("Two people must agree here: recommend it first, and somebody else admits."))
        if self.needs_two and self.approved_by_id == by.pk:
            raise ValidationError(_("You have recommended it yourself. Somebody else has to admit."))

    def _note(self, kind: str, text: str = "", *, by=None, data: dict | None = None) -> None:
        facts = {name: kept(said) for name, said in (data or {}).items()}
        self.steps.create(kind=kind, text=text.strip(), by=by, version=self.version, data=facts)

    def _post(self, letter: mail.Letter) -> None:
        Message.objects.post(self.person, letter, address=self.email, about=self)

    def _new_organization(self, by) -> Organization:
        said = {"name": self.organization_name, "kind": self.kind, "country": self.country, "website": self.website}
        organization = Organization.objects.create(**said)
        organization.topics.set(self.topics.all())
        log(organization, "wagtail.create", user=by)
        return organization

    def _known(self, organization: Organization, by) -> Organization:
        known = Organization.objects.within_reach_of(by).filter(pk=organization.pk).first()
        if known is None:
            raise ValidationError({"organization": _("We do not know this organization.")})
        known.topics.add(*self.topics.all())
        self.organization = known
        self._set_organization(Organization.Status.ACTIVE, by)
        return known

    def _set_organization(self, status: str, by) -> None:
        organization = self.organization
        if organization is None or organization.status == status:
            return
        before, organization.status = organization.status, status
        organization.save(update_fields=["status"])
        labels = (Sentence.of(Organization.Status(code).label) for code in (before, status))
        log(organization, "wagtail.edit", user=by, data={"changes": [change(_("status"), *labels)]})

    def _new_person(self, by) -> Person:
        person = Person(given_name=self.given_name, family_name=self.family_name, languages=[self.language])
        person.country = self.country
        person.emails = [PersonEmail(address=self.email, is_primary=True)]
        person.save()
        log(person, "wagtail.create", user=by)
        DuplicatePair.objects.look_at(person)
        return person

    def _known_person(self, person: Person, by) -> Person:
        known = Person.objects.within_reach_of(by).filter(pk=person.pk).first()
        if known is None:
            raise ValidationError({"person": _("We do not know this person.")})
        if self.email not in {email.address.lower() for email in known.emails.all()}:
            PersonEmail.objects.create(person=known, address=self.email, is_primary=not known.address)
            known = Person.objects.get(pk=known.pk)
            known.save()  # found by the new address as well
            log(known, "wagtail.edit", user=by, data={"changes": [change(_("e-mail address"), "", self.email)]})
        return known

    def _affiliate(self, by) -> None:
        if not self.person.affiliations.current().filter(organization=self.organization).exists():
            place = {"organization": self.organization, "position": self.position}
            Affiliation.objects.create(person=self.person, **place, starts_on=timezone.localdate())
            joined = change(_("affiliation"), "", str(self.organization))
            log(self.person, "wagtail.edit", user=by, data={"changes": [joined]})

    def _ground(self, by) -> None:
        """On what ground the person is held: they asked for it themselves."""
        if self.person.consents.standing().filter(purpose=Consent.Purpose.NETWORK).exists():
            return
        source = gettext("Application of %(day)s") % {"day": self.confirmed_at.date().isoformat()}
        ground = {"purpose": Consent.Purpose.NETWORK, "basis": Consent.Basis.CONSENT, "source": source}
        Consent.objects.give(self.person, **ground, given_on=timezone.localdate(), by=by)
