"""Country: a row of ISO 3166-1 with its United Nations M49 region; CountryGroup: a membership such as INTERPOL's."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from network.labels import Labels, LabelsField
from network.names import fold


class CountryQuerySet(models.QuerySet):
    def by_code(self) -> dict[str, "Country"]:
        return {country.code: country for country in self}

    def by_any_name(self) -> dict[str, str]:
        """Folded name, in whatever language, or alpha-3 code -> code. A name goes before a code: that of Egypt in
        Arabic, folded, is the code of Montserrat."""
        countries = list(self)
        codes = {fold(country.alpha3): country.code for country in countries}
        names = {
            fold(name): country.code
            for country in countries
            for name in (*country.name.values(), *country.display_name.values())
            if name
        }
        return {**codes, **names}

    def of_desks(self, desks):
        """Those that the desks with these keys look after."""
        return self.filter(pk__in=self.model.desks.through.objects.filter(desk__in=desks).values("country"))


class Country(models.Model):
    code = models.CharField(_("code"), max_length=2, primary_key=True, help_text=_("ISO 3166-1 alpha-2"))
    alpha3 = models.CharField(_("alpha-3 code"), max_length=3, unique=True)
    numeric = models.CharField(_("numeric code"), max_length=3, help_text=_("ISO 3166-1 numeric, the same as M49"))
    region = models.CharField(_("region"), max_length=40, blank=True, db_index=True)
    subregion = models.CharField(_("subregion"), max_length=60, blank=True)
    name = LabelsField(_("name"))
    display_name = LabelsField(
        _("display name"),
        blank=True,
        help_text=_("Where your organization's own naming differs from the standard; empty means the standard name."),
    )

    objects = models.Manager.from_queryset(CountryQuerySet)()

    class Meta:
        verbose_name = _("country")
        verbose_name_plural = _("countries")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.in_language(None)

    def in_language(self, code: str | None) -> str:
        """The name to show in the language `code` (None: the active one): the house's own where there is one."""
        labels = Labels({**self.name, **self.display_name})
        return labels.in_language(code) if code else str(labels)


class CountryGroup(models.Model):
    slug = models.SlugField(_("short name"), unique=True)
    name = LabelsField(_("name"))
    countries = models.ManyToManyField(Country, verbose_name=_("countries"), related_name="groups", blank=True)

    class Meta:
        verbose_name = _("country group")
        verbose_name_plural = _("country groups")
        ordering = ["slug"]

    def __str__(self) -> str:
        return str(self.name)
