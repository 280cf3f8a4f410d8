"""Authority: whom in a country one asks for mutual legal assistance, an extradition or the recovery of assets: in
which languages, by which channel, and what a request needs. For few eyes: who keeps them, and focal points."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.models import User
from legal.models.focal_point import countries_of
from legal.models.sourced import Sourced, SourcedQuerySet
from network.labels import LabelsField, language_name
from network.models import Country, Organization
from network.models.guarded import GuardedQuerySet


def no_languages() -> list[str]:
    return []


class AuthorityQuerySet(SourcedQuerySet, GuardedQuerySet):
    def of_desks(self, desks):
        return self.filter(country__in=Country.objects.of_desks(desks).values("pk"))

    def visible_to(self, viewer):
        """Besides, whoever is focal point of a country sees those of all countries: requests cross borders. Those that
        are for us alone they do not see."""
        seen = super().visible_to(viewer)
        if seen.query.is_empty() and countries_of(viewer).exists():
            return self.filter(is_internal=False)
        return seen

    def matching(self, text: str):
        """Those whose name, in any language, holds `text`, or whose organization is called so."""
        called = Organization.objects.matching(text).values("pk")
        return self.filter(models.Q(name__icontains=text) | models.Q(organization__in=called))

    def in_order(self):
        return self.order_by("country", "function", "pk")


class Authority(Sourced):
    class Function(models.TextChoices):
        MLA = "MLA", _("Mutual legal assistance")
        EXTRADITION = "EXTRADITION", _("Extradition")
        ASSET_RECOVERY = "ASSET_RECOVERY", _("Asset recovery")
        CUSTOMS = "CUSTOMS", _("Customs assistance")
        OTHER = "OTHER", pgettext_lazy("function", "Other")

    country = models.ForeignKey(Country, models.PROTECT, verbose_name=_("country"), related_name="authorities")
    function = models.CharField(_("function"), max_length=20, choices=Function, default=Function.MLA)
    name = LabelsField(_("name"))
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        verbose_name=_("organization"),
        related_name="authorities",
        null=True,
        blank=True,
        help_text=_("Where it is among those that we know."),
    )
    languages = models.JSONField(_("languages accepted"), default=no_languages, blank=True)
    channel = LabelsField(
        _("channel"), blank=True, rows=2, help_text=_("How a request reaches it: directly, through diplomats, I-24/7.")
    )
    requirements = LabelsField(_("requirements"), blank=True, rows=4, help_text=_("What a request must hold."))
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("telephone"), max_length=60, blank=True)
    address = models.TextField(_("postal address"), max_length=500, blank=True)
    is_internal = models.BooleanField(
        _("for us alone"), default=False, help_text=_("The focal points of countries do not see it either.")
    )
    owner = models.ForeignKey(User, models.SET_NULL, verbose_name=_("owner"), related_name="+", null=True, blank=True)

    objects = models.Manager.from_queryset(AuthorityQuerySet)()

    class Meta:
        verbose_name = _("competent authority")
        verbose_name_plural = _("competent authorities")
        ordering = ["country", "function", "pk"]
        indexes = [models.Index(fields=["country", "function"], name="authority_of_country")]

    def __str__(self) -> str:
        return str(self.name)

    @property
    def language_names(self) -> str:
        return ", ".join(map(language_name, self.languages))
