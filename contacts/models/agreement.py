"""Agreement: what organizations have agreed upon in writing, from when until when, and who of us looks after it."""

import datetime
from pathlib import PurePath

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.log_actions import log

from contacts import mail
from contacts.models.message import Message
from contacts.models.task import Task
from contacts.models.user import User
from contacts.uploads import hidden_path
from network.changes import change
from network.models import Country, Organization
from network.models.guarded import GuardedQuerySet, sees

# So many days before an agreement expires its owner is told; the nearest first.
REMIND_BEFORE = (7, 30, 90)


def document_path(agreement: "Agreement", name: str) -> str:
    """Below a folder that nobody can guess; nothing there is handed out but by the agreement's own page."""
    return hidden_path("agreements", name)


class AgreementQuerySet(GuardedQuerySet):
    def of_desks(self, desks):
        """Those of which every party may be seen."""
        unseen = AgreementParty.objects.exclude(organization__in=Organization.objects.of_desks(desks).values("pk"))
        return self.exclude(pk__in=unseen.values("agreement"))

    def matching(self, text: str):
        """Those whose title holds `text`, or one of whose parties is called so."""
        named = AgreementParty.objects.filter(organization__in=Organization.objects.matching(text).values("pk"))
        return self.filter(Q(title__icontains=text) | Q(pk__in=named.values("agreement")))

    def about(self, subject):
        """Those of an organization, or of the organizations of a country; none of a person."""
        if isinstance(subject, Organization | Country):
            field = "organization" if isinstance(subject, Organization) else "organization__country"
            return self.filter(pk__in=AgreementParty.objects.filter(**{field: subject}).values("agreement"))
        return self.none()

    def in_force(self, on: datetime.date | None = None):
        """Signed, begun and not over on the day `on` (today)."""
        on = on or timezone.localdate()
        begun = Q(starts_on__lte=on) | Q(starts_on=None, signed_on__lte=on)
        return self._not_over(on).filter(begun, signed_on__lte=on)

    def under_negotiation(self):
        return self.filter(signed_on=None, ended_on=None)

    def over(self, on: datetime.date | None = None):
        """Expired or ended on the day `on` (today)."""
        on = on or timezone.localdate()
        return self.filter(Q(ended_on__lte=on) | Q(expires_on__lt=on, signed_on__lte=on))

    def expiring(self, within: int = max(REMIND_BEFORE), on: datetime.date | None = None):
        """In force on the day `on` (today), and expired `within` so many days."""
        on = on or timezone.localdate()
        return self.in_force(on).filter(expires_on__lte=on + datetime.timedelta(days=within))

    def to_remind(self, on: datetime.date | None = None):
        """Those whose owner is to be told that they expire: a mark has been passed since the last letter about this
        day of expiry."""
        on = on or timezone.localdate()
        due = Q()
        for days, nearer in zip(REMIND_BEFORE, (-1, *REMIND_BEFORE), strict=False):
            there = Q(
                expires_on__lte=on + datetime.timedelta(days=days), expires_on__gt=on + datetime.timedelta(nearer)
            )
            due |= there & ~Q(reminded_for=F("expires_on"), reminded_days__lte=days, reminded_days__isnull=False)
        signed = self.filter(signed_on__lte=on)
        return signed._not_over(on).filter(due)

    def _not_over(self, on: datetime.date):
        return self.filter(Q(expires_on=None) | Q(expires_on__gte=on), Q(ended_on=None) | Q(ended_on__gt=on))


class AgreementManager(models.Manager.from_queryset(AgreementQuerySet)):
    def remind_owners(self, on: datetime.date | None = None) -> int:
        """Write to the owners of what expires soon; returns to how many. Each mark is told once, however many workers
        ask; where several were passed while nobody worked, the nearest alone."""
        on = on or timezone.localdate()
        return sum(agreement.remind(on) for agreement in self.to_remind(on).select_related("owner"))


class Agreement(ClusterableModel):
    class Kind(models.TextChoices):
        MEMORANDUM = "MEMORANDUM", _("Memorandum of understanding")
        CONTRACT = "CONTRACT", _("Contract")
        INTENT = "INTENT", _("Letter of intent")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.MEMORANDUM)
    title = models.CharField(_("title"), max_length=300)
    signed_on = models.DateField(
        _("signed"), null=True, blank=True, help_text=_("Empty while it is under negotiation.")
    )
    starts_on = models.DateField(_("in force from"), null=True, blank=True, help_text=_("Empty: from the signature."))
    expires_on = models.DateField(
        _("expires"), null=True, blank=True, help_text=_("The last day; empty where it has no end.")
    )
    owner = models.ForeignKey(
        User,
        models.PROTECT,
        verbose_name=_("owner"),
        related_name="agreements",
        help_text=_("Looks after it, and gets a letter 90, 30 and 7 days before it expires."),
    )
    document = models.FileField(
        _("document"),
        upload_to=document_path,
        max_length=300,
        blank=True,
        help_text=_("Handed out only to those who may see the agreement. A new file takes the place of the old one."),
    )
    note = models.TextField(_("note"), blank=True)
    ended_on = models.DateField(_("ended"), null=True, editable=False)
    end_reason = models.CharField(_("why it ended"), max_length=500, blank=True, editable=False)
    reminded_for = models.DateField(null=True, editable=False)
    reminded_days = models.PositiveSmallIntegerField(null=True, editable=False)

    objects = AgreementManager()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = [F("expires_on").asc(nulls_last=True), "title", "pk"]
        indexes = [models.Index(fields=["expires_on"], name="agreement_expires")]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_on=None) | Q(starts_on=None) | Q(expires_on__gte=F("starts_on")),
                name="agreement_expires_after_it_starts",
                violation_error_message=_("An agreement cannot expire before it is in force."),
            ),
            models.CheckConstraint(
                condition=Q(expires_on=None) | Q(signed_on=None) | Q(expires_on__gte=F("signed_on")),
                name="agreement_expires_after_it_is_signed",
                violation_error_message=_("An agreement cannot expire before it is signed."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def link(self) -> str:
        """Where its owner finds it."""
        return settings.SITE_URL + reverse("agreement:inspect", args=[self.pk])

    @property
    def document_name(self) -> str:
        return PurePath(self.document.name or "").name

    def standing(self, on: datetime.date | None = None) -> str:
        """Its state on the day `on` (today), in words."""
        on = on or timezone.localdate()
        begins = self.starts_on or self.signed_on
        if self.ended_on and self.ended_on <= on:
            return gettext("Ended")
        if self.signed_on is None or self.signed_on > on:
            return gettext("Under negotiation")
        if self.expires_on and self.expires_on < on:
            return gettext("Expired")
        if begins > on:
            return gettext("Not in force yet")
        is_near = self.expires_on and (self.expires_on - on).days <= max(REMIND_BEFORE)
        return gettext("Expires soon") if is_near else gettext("In force")

    def save(self, *args, **kwargs):
        before = Agreement.objects.filter(pk=self.pk).values_list("document", flat=True).first()
        super().save(*args, **kwargs)
        if before and before != self.document.name:
            transaction.on_commit(lambda: default_storage.delete(before))

    def delete(self, *args, **kwargs):
        name, gone = self.document.name, super().delete(*args, **kwargs)
        if name:
            transaction.on_commit(lambda: default_storage.delete(name))
        return gone

    @transaction.atomic
    def sign(self, *, on: datetime.date, by, starts_on: datetime.date | None = None, expires_on=None) -> None:
        """It was signed on the day `on`; the other days where they were only agreed upon then."""
        if self.signed_on or self.ended_on:
            raise ValidationError(_("This agreement has been signed or has ended already."))
        if on > timezone.localdate():
            raise ValidationError({"on": _("That day is still to come.")})
        days = {"starts_on": starts_on, "expires_on": expires_on}
        self._write("contacts.agreement.sign", by, signed_on=on, **{name: day for name, day in days.items() if day})

    @transaction.atomic
    def renew(self, *, until: datetime.date | None, by) -> None:
        """It holds until another day, or for good; its owner is told anew before that."""
        if self.signed_on is None or self.ended_on:
            raise ValidationError(_("Only an agreement that is signed and has not been ended can be renewed."))
        if until and (until <= timezone.localdate() or (self.expires_on and until <= self.expires_on)):
            raise ValidationError({"until": _("Choose a day that is later than today and than the present last day.")})
        self._write("contacts.agreement.renew", by, expires_on=until)

    @transaction.atomic
    def end(self, reason: str, *, by, on: datetime.date | None = None) -> None:
        """It ends before its time, on the day `on` (today)."""
        if not reason.strip():
            raise ValidationError({"reason": _("Say why it ends.")})
        if self.ended_on:
            raise ValidationError(_("This agreement has been ended already."))
        self._write("contacts.agreement.end", by, ended_on=on or timezone.localdate(), end_reason=reason.strip())

    @transaction.atomic
    def remind(self, on: datetime.date) -> bool:
        """Tell the owner that it expires; False where another worker was faster. Where the owner has left, or may not
        see it any more, it waits on everybody's desk instead."""
        mark = next(days for days in REMIND_BEFORE if (self.expires_on - on).days <= days)
        told = {"reminded_for": self.expires_on, "reminded_days": mark}
        if not Agreement.objects.to_remind(on).filter(pk=self.pk, expires_on=self.expires_on).update(**told):
            return False
        if self.owner.is_active and sees(self.owner, self):
            letter = mail.agreement_expires(self, (self.expires_on - on).days, language_of(self.owner))
            Message.objects.post(None, letter, address=self.owner.email, about=self)
        else:
            self._ask_anybody()
        log(self, "contacts.agreement.remind", data={"days": mark})
        return True

    def _ask_anybody(self) -> None:
        title = gettext("“%(title)s” expires, and nobody looks after it") % {"title": self.title}
        party = self.parties.order_by("pk").first()
        about = {"organization": party.organization} if party else {}
        Task.objects.set_for(None, title[:300], self.expires_on, by=None, **about)

    def _write(self, action: str, by, **values) -> None:
        changes = [
            change(self._meta.get_field(name).verbose_name, _said(getattr(self, name)), _said(new))
            for name, new in values.items()
        ]
        for name, new in values.items():
            setattr(self, name, new)
        self.validate_constraints()
        self.save(update_fields=list(values))
        log(self, action, user=by, data={"changes": changes})


class AgreementPartyQuerySet(GuardedQuerySet):
    opened_by = "contacts.agreement"

    def of_desks(self, desks):
        return self.filter(agreement__in=Agreement.objects.of_desks(desks).values("pk"))


class AgreementParty(models.Model):
    """An organization that an agreement binds; we ourselves need not be named."""

    agreement = ParentalKey(Agreement, on_delete=models.CASCADE, verbose_name=_("agreement"), related_name="parties")
    organization = models.ForeignKey(
        Organization, models.PROTECT, verbose_name=_("organization"), related_name="agreements"
    )

    objects = models.Manager.from_queryset(AgreementPartyQuerySet)()

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "organization"],
                name="agreement_party_once",
                violation_error_message=_("This organization is a party already."),
            )
        ]

    def __str__(self) -> str:
        return str(self.organization)


def language_of(user: User) -> str:
    """The language in which somebody who works here reads the admin."""
    profile = getattr(user, "wagtail_userprofile", None)
    chosen = profile.preferred_language if profile else ""
    return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def _said(value) -> str:
    return "" if value is None else str(value)
