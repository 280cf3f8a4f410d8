"""RetentionRule: how long something is kept, and what becomes of it then."""

import datetime

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from contacts.models.affiliation import Affiliation
from contacts.models.erasure import erase
from contacts.models.interaction import Interaction, InteractionParty
from contacts.models.message import Message
from contacts.models.person import Person

DAYS = 30.44  # in a month, on average


class RetentionRule(models.Model):
    class Kind(models.TextChoices):
        LETTERS = "LETTERS", _("Letters: their text and address are emptied")
        INTERACTIONS = "INTERACTIONS", _("Meetings, calls, notes: they are deleted")
        PEOPLE = "PEOPLE", _("People without a post, with whom nothing has happened since: they are erased")

    kind = models.CharField(_("what"), max_length=12, choices=Kind, unique=True)
    months = models.PositiveSmallIntegerField(_("kept for months"))
    purpose = models.CharField(_("why it is kept"), max_length=300, help_text=_("For what purpose, by which rule."))

    class Meta:
        verbose_name = _("retention rule")
        verbose_name_plural = _("retention rules")
        ordering = ["kind"]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    def clean(self):
        if not self.months:
            raise ValidationError({"months": _("Keep it for a month at least.")})

    def due(self, now: datetime.datetime | None = None):
        """The rows whose time is over; none of somebody on legal hold."""
        before = (now or timezone.now()) - datetime.timedelta(days=self.months * DAYS)
        held = Person.everyone.exclude(hold_reason="").values("pk")
        if self.kind == self.Kind.LETTERS:
            return Message.objects.filter(created_at__lt=before).exclude(text="").exclude(person__in=held)
        if self.kind == self.Kind.INTERACTIONS:
            of_held = InteractionParty.objects.filter(person__in=held).values("interaction")
            return Interaction.objects.filter(happened_at__lt=before).exclude(pk__in=of_held)
        return _silent(before).exclude(pk__in=held)

    @transaction.atomic
    def apply(self, *, by, now: datetime.datetime | None = None) -> int:
        """Do what the rule says; returns to how many rows."""
        due = self.due(now)
        count = due.count()
        if self.kind == self.Kind.LETTERS:
            due.erase()
        elif self.kind == self.Kind.INTERACTIONS:
            due.delete()
        else:
            for person in due:
                erase(person, by=by)
        log(self, "contacts.retention.apply", user=by, data={"rows": count})
        return count


def _silent(before: datetime.datetime):
    """People without a post, known before that moment, with whom nothing has happened since."""
    mine = OuterRef("pk")
    since = Message.objects.filter(person=mine, created_at__gte=before)
    met = InteractionParty.objects.filter(person=mine, interaction__happened_at__gte=before)
    posts = Affiliation.objects.current().filter(person=mine)
    return Person.objects.filter(~Exists(since), ~Exists(met), ~Exists(posts), created_at__lt=before)
