"""Suppression: that letters do not go to an address any more, of which purpose, and why.

It is asked at the last moment, when a letter leaves; so nothing that was put into the outbox before slips through. An
address is known by a keyed digest alone, so that it stays known when the person has been erased.
"""

import hashlib
import hmac
from collections import defaultdict
from collections.abc import Iterable

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from contacts.mail import Purpose
from contacts.models.person import Person, PersonEmail
from contacts.models.user import User
from network.models.guarded import GuardedQuerySet
from network.sentences import Sentence

PURPOSES = [
    (Purpose.SERVICE, _("Letters about what you take part in")),
    (Purpose.INVITATION, _("Invitations to events")),
    (Purpose.NEWS, _("News and mailings")),
]
# What somebody can do without: the rest they asked for themselves.
OPTIONAL = [purpose for purpose, _label in PURPOSES if purpose != Purpose.SERVICE]


def digest(address: str) -> str:
    """How an address is known here; capitals and spaces around it do not matter."""
    return hmac.new(settings.SUPPRESSION_KEY.encode(), address.strip().lower().encode(), hashlib.sha256).hexdigest()


class SuppressionQuerySet(GuardedQuerySet):
    def of_desks(self, desks):
        """Those of addresses of people of the desks."""
        people = Person.objects.of_desks(desks).values("pk")
        addresses = PersonEmail.objects.filter(person__in=people).annotate(written=Lower("address"))
        return self.filter(address__in=addresses.values("written"))

    def standing(self):
        return self.filter(lifted_at=None)

    def of_people(self):
        """What people have said themselves, not what their mail servers did."""
        own = [Suppression.Reason.OPT_OUT, Suppression.Reason.COMPLAINT, Suppression.Reason.CONSENT]
        return self.filter(reason__in=own)

    def against(self, address: str, purpose: str):
        """What stands against a letter of `purpose` to `address`, the weightiest first."""
        covers = Q(purpose=purpose) | Q(purpose="")
        return self.standing().filter(covers, digest=digest(address)).order_by("purpose", "pk")

    def on(self, addresses: Iterable[str]) -> dict[str, list["Suppression"]]:
        """Of `addresses`, those against which something stands, each with all of it; one question for all."""
        digests = {address: digest(address) for address in addresses}
        rows = defaultdict(list)
        for row in self.standing().filter(digest__in=set(digests.values())).order_by("pk"):
            rows[row.digest].append(row)
        return {address: rows[key] for address, key in digests.items() if key in rows}

    def erased(self, addresses: Iterable[str]) -> set[str]:
        """Of `addresses`, those of somebody who was erased."""
        return set(self.filter(reason=Suppression.Reason.ERASED).on(addresses))

    def objections(self, addresses, purpose: str) -> dict[str, str]:
        """Of `addresses`, those to which no letter of `purpose` may go, each with the reason in words."""
        digests = {address: digest(address) for address in addresses}
        rows = self.standing().filter(Q(purpose=purpose) | Q(purpose=""), digest__in={*digests.values()})
        reasons = {row.digest: Sentence.of(row.get_reason_display()) for row in rows.order_by("-purpose", "-pk")}
        return {address: reasons[known] for address, known in digests.items() if known in reasons}


class SuppressionManager(models.Manager.from_queryset(SuppressionQuerySet)):
    @transaction.atomic
    def suppress(self, address: str, reason: str, purpose: str = "", *, by=None, detail: str = "") -> "Suppression":
        """From now on no letter of `purpose` ("": of any) goes to `address`; a second time changes nothing."""
        facts = {"digest": digest(address), "reason": reason, "purpose": purpose, "lifted_at": None}
        kept = "" if reason == Suppression.Reason.ERASED else address.strip().lower()
        row, is_new = self.get_or_create(**facts, defaults={"address": kept, "detail": detail[:500], "by": by})
        if is_new:
            log(row, "contacts.suppression.suppress", user=by, data={"reason": reason, "purpose": purpose})
        return row

    @transaction.atomic
    def choose(self, address: str, wanted: set[str]) -> None:
        """What the reader at `address` wants of the OPTIONAL purposes; the rest is not sent any more. Only readers
        themselves take an objection back."""
        own = [Suppression.Reason.OPT_OUT, Suppression.Reason.COMPLAINT]
        for purpose in OPTIONAL:
            if purpose not in wanted:
                self.suppress(address, Suppression.Reason.OPT_OUT, purpose)
        for row in self.standing().filter(digest=digest(address), reason__in=own, purpose__in=wanted):
            row.lift(by=None)


class Suppression(models.Model):
    class Reason(models.TextChoices):
        HARD_BOUNCE = "HARD_BOUNCE", _("The address does not exist")
        COMPLAINT = "COMPLAINT", _("Reported as unwanted")
        OPT_OUT = "OPT_OUT", _("Does not want such letters")
        CONSENT = "CONSENT", _("Consent withdrawn")
        ERASED = "ERASED", _("Erased")

    digest = models.CharField(max_length=64, db_index=True, editable=False)
    address = models.EmailField(_("address"), max_length=320, blank=True)
    reason = models.CharField(_("reason"), max_length=12, choices=Reason)
    purpose = models.CharField(_("letters"), max_length=10, choices=PURPOSES, blank=True)
    detail = models.CharField(_("what came back"), max_length=500, blank=True)
    by = models.ForeignKey(User, models.SET_NULL, verbose_name=_("by"), related_name="+", null=True, editable=False)
    since = models.DateTimeField(_("since"), default=timezone.now, editable=False)
    lifted_at = models.DateTimeField(_("lifted"), null=True, editable=False)

    objects = SuppressionManager()

    class Meta:
        verbose_name = _("suppression")
        verbose_name_plural = _("suppressions")
        ordering = ["-since", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["digest", "reason", "purpose"], condition=Q(lifted_at=None), name="suppression_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.address or _('(erased)')}: {self.get_reason_display()}"

    @property
    def can_be_lifted(self) -> bool:
        """By staff: an address may have been mended; what a person said, that person alone takes back."""
        return self.lifted_at is None and self.reason == self.Reason.HARD_BOUNCE

    @transaction.atomic
    def lift(self, *, by) -> None:
        self.lifted_at = timezone.now()
        self.save(update_fields=["lifted_at"])
        log(self, "contacts.suppression.lift", user=by)
