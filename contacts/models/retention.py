"""RetentionRule: how long something is kept for which purpose, and what becomes of it then."""

import datetime

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from contacts.mail import Purpose
from contacts.models.affiliation import Affiliation
from contacts.models.application import Application
from contacts.models.erasure import erase, refusals
from contacts.models.imports import ImportBatch
from contacts.models.interaction import Interaction, InteractionParty
from contacts.models.message import Message
from contacts.models.person import Person
from contacts.models.received import ReceivedLetter, of_person
from contacts.models.task import Task
from contacts.models.user import User
from network.models.guarded import GuardedQuerySet

DAYS = 30.44  # in a month, on average


class RetentionRuleQuerySet(GuardedQuerySet):
    def of_desks(self, desks):
        """A rule is about everybody, so no desk has one of its own."""
        return self.none()


class RetentionRule(models.Model):
    class Kind(models.TextChoices):
        NEWS = Purpose.NEWS, _("Mailings: their text and address are emptied")
        INVITATION = Purpose.INVITATION, _("Invitation letters: their text and address are emptied")
        SERVICE = Purpose.SERVICE, _("Letters about what somebody takes part in: their text and address are emptied")
        INTERACTIONS = "INTERACTIONS", _("Meetings, calls, notes and letters received: they are deleted")
        RECEIVED = "RECEIVED", _("Letters that came in by mail, with their files: they are deleted")
        APPLICATIONS = (
            "APPLICATIONS",
            _("Applications that were refused or have ended: they are emptied of the applicant"),
        )
        IMPORTS = "IMPORTS", _("Contact files: their rows are deleted; then they cannot be taken back")
        PEOPLE = "PEOPLE", _("People without a post, with whom nothing has happened since: they are erased")

    kind = models.CharField(_("what"), max_length=12, choices=Kind, unique=True)
    months = models.PositiveSmallIntegerField(_("kept for months"))
    purpose = models.CharField(_("why it is kept"), max_length=300, help_text=_("For what purpose, by which rule."))
    applied_at = models.DateTimeField(_("last applied"), null=True, editable=False)

    objects = models.Manager.from_queryset(RetentionRuleQuerySet)()

    class Meta:
        verbose_name = _("retention rule")
        verbose_name_plural = _("retention rules")
        ordering = ["kind"]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    def clean(self):
        if not self.months:
            raise ValidationError({"months": _("Keep it for a month at least.")})

    def due(self, now: datetime.datetime | None = None) -> models.QuerySet:
        """The rows whose time is over; none of somebody on legal hold, nor of one of their addresses."""
        before = (now or timezone.now()) - datetime.timedelta(days=self.months * DAYS)
        held = Person.everyone.held().prefetch_related("emails")
        if self.kind == self.Kind.PEOPLE:
            return _silent(before).exclude(pk__in=held.values("pk"))
        if self.kind == self.Kind.INTERACTIONS:
            of_held = InteractionParty.objects.filter(person__in=held.values("pk")).values("interaction")
            return Interaction.objects.filter(happened_at__lt=before).exclude(pk__in=of_held)
        if self.kind == self.Kind.RECEIVED:
            of_held = ReceivedLetter.objects.filter(of_person(held)).values("pk")
            return ReceivedLetter.objects.filter(came_at__lt=before).exclude(pk__in=of_held)
        if self.kind == self.Kind.APPLICATIONS:
            over = Application.objects.in_state(Application.State.REFUSED, Application.State.ENDED)
            of_held = Application.objects.held_of(held.values("pk")).values("pk")
            return over.filter(decided_at__lt=before).exclude(email="").exclude(pk__in=of_held)
        if self.kind == self.Kind.IMPORTS:
            files = ImportBatch.objects.with_content().filter(created_at__lt=before)
            waiting = ImportBatch.objects.at_work().values("pk")
            return files.exclude(pk__in=waiting).exclude(rows__person__in=held.values("pk"))
        letters = Message.objects.filter(purpose=self.kind, created_at__lt=before).exclude(text="")
        addresses = [email.address.lower() for one in held for email in one.emails.all()]
        return letters.exclude(person__in=held.values("pk")).exclude(person=None, to_address__in=addresses)

    @transaction.atomic
    def apply(self, *, by=None, now: datetime.datetime | None = None) -> int:
        """Do what the rule says; returns to how many rows."""
        rows = list(self.due(now))
        if self.kind == self.Kind.PEOPLE:
            rows = [person for person in rows if not refusals(person)]
            for person in rows:
                erase(person, by=by)
        else:
            self.due(now).erase()
        self.applied_at = timezone.now()
        self.save(update_fields=["applied_at"])
        log(self, "contacts.retention.apply", user=by, data={"rows": len(rows)})
        return len(rows)


def _silent(before: datetime.datetime) -> models.QuerySet:
    """People without a post or an account that opens doors, known before that moment, with whom nothing has happened
    since and nobody has anything to do."""
    mine = OuterRef("pk")
    since = Message.objects.filter(person=mine, created_at__gte=before)
    met = InteractionParty.objects.filter(person=mine, interaction__happened_at__gte=before)
    wrote = ReceivedLetter.objects.filter(person=mine, came_at__gte=before)
    posts = Affiliation.objects.filter(person=mine).exclude(ends_on__lt=before.date())
    to_do = Task.objects.open().filter(person=mine)
    workers = User.objects.staff().filter(person=mine)
    silent = Person.objects.filter(~Exists(since), ~Exists(met), ~Exists(wrote), ~Exists(posts), ~Exists(workers))
    return silent.filter(~Exists(to_do), created_at__lt=before).exclude(confirmed_at__gte=before)
