"""Interaction: a meeting, a call, a note, or a letter that came in; with whom, and what was said."""

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from contacts.models.person import Person
from contacts.models.user import User
from network.models import Country, Organization, Seal
from network.models.guarded import GuardedQuerySet


class InteractionQuerySet(GuardedQuerySet):
    def of_desks(self, desks):
        """Those with somebody, or about a country, that belongs to the desks."""
        people = Person.objects.of_desks(desks).values("pk")
        organizations = Organization.objects.kept_by(desks).values("pk")
        parties = InteractionParty.objects.filter(Q(person__in=people) | Q(organization__in=organizations))
        countries = Country.objects.of_desks(desks).values("pk")
        return self.filter(Q(pk__in=parties.values("interaction")) | Q(country__in=countries))

    def about(self, subject):
        """Those with a person, with an organization or its people, or about a country and everybody there."""
        if isinstance(subject, Country):
            return self.filter(Q(country=subject) | Q(pk__in=self._with(Person.objects.of(subject))))
        parties = self._with(Person.objects.of(subject))
        if isinstance(subject, Organization):
            parties |= InteractionParty.objects.filter(organization=subject).values("interaction")
        return self.filter(pk__in=parties)

    def erase(self) -> None:
        """They go, and the history says no more than that they were there."""
        keys = [str(key) for key in self.values_list("pk", flat=True)]
        interactions = ContentType.objects.get_for_model(Interaction)
        Interaction.objects.filter(pk__in=keys).delete()
        Seal.objects.empty(ModelLogEntry.objects.filter(content_type=interactions, object_id__in=keys))

    def _with(self, people):
        return InteractionParty.objects.filter(person__in=people.values("pk")).values("interaction")


class InteractionManager(models.Manager.from_queryset(InteractionQuerySet)):
    @transaction.atomic
    def note(self, kind: str, subject: str, text: str, at, *, people=(), organizations=(), by) -> "Interaction":
        """Note what was said, at the moment `at`, with `people` and `organizations`."""
        interaction = self.create(kind=kind, subject=subject, text=text, happened_at=at, by=by)
        for person in people:
            InteractionParty.objects.create(interaction=interaction, person=person)
        for organization in organizations:
            InteractionParty.objects.create(interaction=interaction, organization=organization)
        log(interaction, "wagtail.create", user=by)
        return interaction


class PartyQuerySet(models.QuerySet):
    def erase(self) -> None:
        """Who took part is not said any more; what was said with them alone goes as well."""
        keys = list(self.values_list("interaction", flat=True))
        self.delete()
        Interaction.objects.filter(pk__in=keys, country=None, parties=None).erase()


class Interaction(ClusterableModel):
    class Kind(models.TextChoices):
        MEETING = "MEETING", _("Meeting")
        CALL = "CALL", _("Call")
        NOTE = "NOTE", _("Note")
        LETTER = "LETTER", _("Letter received")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.CALL)
    subject = models.CharField(_("subject"), max_length=500)
    text = models.TextField(_("what was said"), blank=True)
    happened_at = models.DateTimeField(_("when"), default=timezone.now, db_index=True)
    country = models.ForeignKey(
        Country,
        models.PROTECT,
        verbose_name=_("country"),
        related_name="interactions",
        null=True,
        blank=True,
        help_text=_("For a note about a country as a whole."),
    )
    by = models.ForeignKey(
        User, models.SET_NULL, verbose_name=_("by"), related_name="interactions", null=True, editable=False
    )

    objects = InteractionManager()

    class Meta:
        verbose_name = _("interaction")
        verbose_name_plural = _("interactions")
        ordering = ["-happened_at", "-pk"]

    def __str__(self) -> str:
        return self.subject


class InteractionParty(models.Model):
    """Who took part: somebody, an organization, or somebody for an organization."""

    interaction = ParentalKey(
        Interaction, on_delete=models.CASCADE, verbose_name=_("interaction"), related_name="parties"
    )
    person = models.ForeignKey(
        Person, models.CASCADE, verbose_name=_("person"), related_name="interactions", null=True, blank=True
    )
    organization = models.ForeignKey(
        Organization, models.CASCADE, verbose_name=_("organization"), related_name="interactions", null=True, blank=True
    )

    objects = models.Manager.from_queryset(PartyQuerySet)()

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        ordering = ["pk"]

    def __str__(self) -> str:
        return ", ".join(str(party) for party in (self.person, self.organization) if party)

    def clean(self):
        if not (self.person or self.organization):
            raise ValidationError(_("Choose a person or an organization."))
