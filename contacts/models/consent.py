"""Consent: on what ground we use what we know of a person, for which purpose; and that it was withdrawn."""

import datetime
from collections import defaultdict

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Max, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from contacts.mail import Purpose
from contacts.models.person import Person
from contacts.models.suppression import Suppression
from contacts.models.user import User
from network.changes import change
from network.models.guarded import GuardedQuerySet
from network.sentences import Sentence


class ConsentQuerySet(GuardedQuerySet):
    opened_by = "contacts.person"

    def of_desks(self, desks):
        return self.filter(person__in=Person.objects.of_desks(desks).values("pk"))

    def standing(self):
        return self.filter(withdrawn_on=None)

    def forbidden(self, deliveries) -> set[tuple[int, str]]:
        """Of those to whom `deliveries` go, who has taken back what letters of that purpose rest on and given nothing
        since: person (key) and purpose. A letter about what somebody takes part in rests on no consent."""
        people: dict[str, set[int]] = defaultdict(set)
        for delivery in deliveries:
            if delivery.message.person_id and delivery.message.purpose in Consent.Purpose:
                people[delivery.message.purpose].add(delivery.message.person_id)
        return {
            (person, purpose)
            for purpose, keys in people.items()
            for person in self.filter(person__in=keys).taken_back(purpose)
        }

    def taken_back(self, purpose: str):
        """The people (keys) who have taken back what letters of `purpose` rest on, and given nothing since."""
        dates = {"given": Max("given_on", filter=Q(withdrawn_on=None)), "withdrawn": Max("withdrawn_on")}
        people = self.filter(purpose=purpose).order_by().values_list("person").annotate(**dates)
        gone = people.filter(Q(given=None) | Q(given__lt=F("withdrawn")), withdrawn__isnull=False)
        return gone.values_list("person", flat=True)


class ConsentManager(models.Manager.from_queryset(ConsentQuerySet)):
    @transaction.atomic
    def give(self, person: Person, *, purpose: str, basis: str, source: str, given_on: datetime.date, by) -> "Consent":
        """Note on what ground the purpose rests from `given_on`; it takes the place of what was noted before. What an
        earlier withdrawal closed is open again."""
        if given_on > timezone.localdate():
            raise ValidationError({"given_on": _("That day is still to come.")})
        before = self.standing().filter(person=person, purpose=purpose).first()
        self.standing().filter(person=person, purpose=purpose).update(withdrawn_on=given_on)
        consent = self.create(person=person, purpose=purpose, basis=basis, source=source, given_on=given_on, by=by)
        for email in person.emails.all():
            for row in Suppression.objects.against(email.address, purpose).filter(reason=Suppression.Reason.CONSENT):
                row.lift(by=by)
        changes = [change(Consent.Purpose(purpose).label, before.ground if before else "", consent.ground)]
        told = {"purpose": purpose, "basis": basis, "changes": changes}
        log(person, "contacts.consent.give", user=by, data=told)
        return consent


class Consent(models.Model):
    class Purpose(models.TextChoices):
        NEWS = "NEWS", _("News and mailings")
        INVITATION = "INVITATION", _("Invitations to events")
        LISTING = "LISTING", _("Being listed among participants")
        PICTURES = "PICTURES", _("Pictures and recordings")
        NETWORK = "NETWORK", _("Keeping the network")

    class Basis(models.TextChoices):
        """GDPR, article 6 (1)."""

        CONSENT = "CONSENT", _("Consent")
        CONTRACT = "CONTRACT", _("Contract")
        LEGAL_OBLIGATION = "LEGAL", _("Legal obligation")
        PUBLIC_TASK = "PUBLIC", _("Task in the public interest")
        LEGITIMATE_INTEREST = "INTEREST", _("Legitimate interest")

    person = models.ForeignKey(Person, models.CASCADE, verbose_name=_("person"), related_name="consents")
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose)
    basis = models.CharField(_("lawful basis"), max_length=8, choices=Basis, default=Basis.CONSENT)
    given_on = models.DateField(_("since"), default=timezone.localdate)
    source = models.CharField(
        _("source"), max_length=300, help_text=_("Where it is written: a form, a letter, a call.")
    )
    withdrawn_on = models.DateField(_("withdrawn"), null=True, blank=True, editable=False)
    by = models.ForeignKey(User, models.SET_NULL, verbose_name=_("by"), related_name="+", null=True, editable=False)

    objects = ConsentManager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["purpose", "-given_on", "-pk"]
        permissions = [
            ("disclose_person", "Can hand over all that is held about a person"),
            ("erase_person", "Can erase a person"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["person", "purpose"], condition=Q(withdrawn_on=None), name="consent_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}: {self.get_basis_display()}"

    @property
    def ground(self) -> list[str]:
        """On what it rests, and where that is written."""
        return [Sentence.of(Consent.Basis(self.basis).label), self.source]

    @transaction.atomic
    def withdraw(self, *, by) -> None:
        """From now on the purpose has no ground; letters of it do not go to any of the person's addresses."""
        today = timezone.localdate()
        if not Consent.objects.standing().filter(pk=self.pk).update(withdrawn_on=today):
            raise ValidationError(_("This has been withdrawn already."))
        self.withdrawn_on = today
        if self.purpose in (Purpose.NEWS, Purpose.INVITATION):
            for email in self.person.emails.all():
                Suppression.objects.suppress(email.address, Suppression.Reason.CONSENT, self.purpose, by=by)
        changes = [change(Consent.Purpose(self.purpose).label, self.ground, "")]
        log(self.person, "contacts.consent.withdraw", user=by, data={"purpose": self.purpose, "changes": changes})
