"""Organization: a body that we know, with its names in many languages."""

from collections import defaultdict
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey

from network.matching import Body, Index, Profile
from network.models.country import Country
from network.models.intake import OrganizationManager
from network.models.known import Known, KnownQuerySet
from network.models.topic import Topic
from network.names import fold


class OrganizationQuerySet(KnownQuerySet):
    def of_desks(self, desks):
        """What the desks keep, and the international bodies, which everybody needs."""
        return self.filter(self._kept_by(desks) | Q(country=None))

    def kept_by(self, desks):
        """Those in the countries of `desks` (keys), and those named there."""
        return self.filter(self._kept_by(desks))

    def _kept_by(self, desks) -> Q:
        named = (
            self.model._meta.get_field("named_by_desks")
            .related_model.objects.filter(desk__in=desks)
            .values("organization")
        )
        there = self.model.objects.filter(country__in=Country.objects.of_desks(desks).values("pk"))
        return Q(pk__in=there.values("pk").order_by().union(named.order_by(), all=True))

    def active(self):
        return self.filter(status=Organization.Status.ACTIVE)

    def listed(self):
        """What the public may see."""
        return self.active().filter(is_listed=True)

    def profiled(self):
        """With all that their profiles are made of."""
        return self.prefetch_related("other_names")

    def standing_for(self, actor) -> list[tuple["Organization", "Organization"]]:
        """Each of these, old ones too, with the one that stands for it, where `actor` may see that."""
        pairs = [(one, one.standing) for one in self.select_related("merged_into")]
        reach = Organization.objects.within_reach_of(actor)
        seen = set(reach.filter(pk__in=[standing.pk for _one, standing in pairs]).values_list("pk", flat=True))
        return [(one, standing) for one, standing in pairs if standing.pk in seen]

    def by_name(self) -> dict[str, list[tuple[int, str]]]:
        """Folded name -> key and country of each that bears it, the oldest first: for matching many names at once."""
        bearers = defaultdict(list)
        for pk, name, country in self.order_by("pk").values_list("pk", "name", "country").iterator():
            bearers[fold(name)].append((pk, country or ""))
        return dict(bearers)

    def as_index(self) -> Index:
        """These by all their names, to find which of them a written affiliation means."""
        other_names = defaultdict(list)
        for pk, name in OrganizationName.objects.values_list("organization", "name").iterator():
            other_names[pk].append(name)
        rows = self.order_by("pk").values_list("pk", "name", "acronym", "country").iterator()
        bodies = (
            Body(pk, (name, *other_names[pk]), (acronym,) if acronym else (), country or "")
            for pk, name, acronym, country in rows
        )
        return Index(bodies, Country.objects.by_any_name())


class StandingManager(OrganizationManager.from_queryset(OrganizationQuerySet)):
    """The records that stand: an old one, merged into another, is found through that alone."""

    def get_queryset(self):
        return super().get_queryset().filter(merged_into=None)


class Organization(Known):
    profile_fields = {"name", "acronym", "country", "website", "kind", "merged_into"}

    class Kind(models.TextChoices):
        IGO = "IGO", _("International organization")
        GOVERNMENT = "GOVERNMENT", _("Government")
        LAW_ENFORCEMENT = "LAW_ENFORCEMENT", _("Law enforcement")
        CRIMINAL_JUSTICE = "CRIMINAL_JUSTICE", _("Criminal justice")
        INDUSTRY = "INDUSTRY", _("Industry")
        NGO = "NGO", _("Non-governmental organization")
        ACADEMIA = "ACADEMIA", _("Academia")

    class Status(models.TextChoices):
        ACTIVE = "ACTIVE", _("Active")
        SUSPENDED = "SUSPENDED", _("Suspended")
        ENDED = "ENDED", _("Ended")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind, db_index=True)
    name = models.CharField(_("name"), max_length=500)
    acronym = models.CharField(_("acronym"), max_length=60, blank=True)
    country = models.ForeignKey(
        Country,
        models.PROTECT,
        verbose_name=_("country"),
        related_name="organizations",
        null=True,
        blank=True,
        help_text=_("Empty for an international body."),
    )
    parent = models.ForeignKey(
        "self", models.SET_NULL, verbose_name=_("part of"), related_name="children", null=True, blank=True
    )
    website = models.URLField(_("website"), max_length=500, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    topics = models.ManyToManyField(Topic, verbose_name=_("topics"), related_name="organizations", blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.ACTIVE, db_index=True)
    is_listed = models.BooleanField(
        _("listed publicly"), default=False, help_text=_("Shown to public readers among the partners.")
    )
    everyone = models.Manager.from_queryset(OrganizationQuerySet)()  # old records too: relations lead to them
    objects = StandingManager()

    class Meta:
        base_manager_name = "everyone"
        default_manager_name = "objects"
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        ordering = ["name", "pk"]
        indexes = [models.Index(fields=["name", "id"], name="organization_by_name")]

    def __str__(self) -> str:
        return f"{self.name} ({self.acronym})" if self.acronym else self.name

    def name_in(self, language: str) -> str:
        """What it is called in `language` (a code): a translation where there is one, else its name."""
        kind = OrganizationName.Kind.TRANSLATION
        named = (other for other in self.other_names.all() if (other.kind, other.language) == (kind, language))
        return next((other.name for other in named), self.name)

    def clean(self):
        if self.pk and self.parent and self.pk in self.above():
            raise ValidationError({"parent": _("An organization cannot be part of itself.")})
        if self.pk and self.kind and (tie := self.tie_against(self.kind)):
            sentence = _("“%(relationship)s” is recorded of it, where the kind “%(kind)s” does not stand.")
            reads, _other = tie.seen_from(self)
            raise ValidationError({"kind": sentence % {"relationship": reads, "kind": self.get_kind_display()}})

    def tie_against(self, kind: str):
        """A relationship in which it could not stand, were it of the kind `kind`; or None."""
        relationships = self._meta.get_field("relationships").related_model.objects
        return relationships.against(self, kind).first()

    def above(self) -> set[int]:
        """Its parent, and theirs, by key."""
        found, parent = set(), self.parent
        while parent and parent.pk not in found:
            found.add(parent.pk)
            parent = parent.parent
        return found

    def profile(self) -> Profile:
        """What the record says, for comparing it with others."""
        names = (self.name, *(other.name for other in self.other_names.all()))
        return Profile(self.pk, names, self.acronym, self.country_id or "", self.website, self.kind)

    def spelled_with(self) -> Iterable[str]:
        return (other.name for other in self.other_names.all())

    def spell(self, other_names: Iterable[str]) -> str:
        """The text that `matching` searches: every name, folded."""
        return fold(self.name, self.acronym, *other_names)


class OrganizationName(models.Model):
    class Kind(models.TextChoices):
        TRANSLATION = "TRANSLATION", _("Translation")
        ALIAS = "ALIAS", _("Also known as")
        FORMER = "FORMER", _("Former name")

    organization = ParentalKey(
        Organization, on_delete=models.CASCADE, verbose_name=_("organization"), related_name="other_names"
    )
    name = models.CharField(_("name"), max_length=500)
    language = models.CharField(_("language"), max_length=12, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.ALIAS)

    class Meta:
        verbose_name = _("other name")
        verbose_name_plural = _("other names")
        ordering = ["kind", "language", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name", "language", "kind"],
                name="organization_name_once",
                violation_error_message=_("This organization has that name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name
