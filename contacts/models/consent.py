"""Consent: on what ground we use what we know of a person, for which purpose; and that it was withdrawn."""

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from contacts.mail import Purpose
from contacts.models.person import Person
from contacts.models.suppression import Suppression
from contacts.models.user import User
from network.models.guarded import GuardedQuerySet


class ConsentQuerySet(GuardedQuerySet):
    opened_by = "contacts.person"

    def of_desks(self, desks):
        return self.filter(person__in=Person.objects.of_desks(desks).values("pk"))

    def standing(self):
        return self.filter(withdrawn_on=None)


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

    objects = models.Manager.from_queryset(ConsentQuerySet)()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["purpose", "-given_on", "pk"]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}: {self.get_basis_display()}"

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
        log(self.person, "contacts.consent.withdraw", user=by, data={"purpose": self.purpose})
