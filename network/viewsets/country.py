"""The admin's screens for countries and their groups."""

import json

import django_filters
from django import forms
from django.conf import settings
from django.db.models import Count
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.boolean_radio_select import BooleanRadioSelect

from network.forms import RecordForm
from network.labels import RIGHT_TO_LEFT, Labels
from network.models import Country, CountryGroup
from network.viewsets.records import LabelsIndexView, RecordInspectView, RecordViewSet

FACTS = json.loads((settings.BASE_DIR / "network" / "facts" / "regions.json").read_text())
REGIONS = {name: Labels(labels) for name, labels in FACTS["regions"].items()}
SUBREGIONS = {name: Labels(labels) for name, labels in FACTS["subregions"].items()}


def region_choices() -> list[tuple[str, str]]:
    return [(name, str(labels)) for name, labels in REGIONS.items()]


def region(country: Country) -> str:
    return str(REGIONS.get(country.region, country.region))


def subregion(country: Country) -> str:
    return str(SUBREGIONS.get(country.subregion, country.subregion))


def group_choices() -> list[tuple[int, str]]:
    return [(group.pk, str(group)) for group in CountryGroup.objects.all()]


def in_every_language(labels: Labels) -> str:
    """`labels` as lines, each in its own direction."""
    lines = [
        (code, "rtl" if code in RIGHT_TO_LEFT else "ltr", name, labels[code])
        for code, name in settings.LANGUAGES
        if labels.get(code)
    ]
    return format_html_join(
        "",
        '<div class="labels-line"><span class="labels-line__language">{2}</span>'
        ' <span lang="{0}" dir="{1}">{3}</span></div>',
        lines,
    )


class LabelsPanel(FieldPanel):
    """Labels that can only be read, in every language."""

    def format_value_for_display(self, value):
        return in_every_language(value)


class CountryFilterSet(WagtailFilterSet):
    region = django_filters.ChoiceFilter(label=_("Region"), choices=region_choices, widget=forms.RadioSelect)
    groups = django_filters.ChoiceFilter(
        label=_("Country group"), field_name="groups", choices=group_choices, widget=forms.RadioSelect
    )
    own_name = django_filters.BooleanFilter(
        label=_("Named differently here"), method="named", widget=BooleanRadioSelect
    )

    class Meta:
        model = Country
        fields = []

    def named(self, queryset, _name, value):
        return queryset.exclude(display_name={}) if value else queryset.filter(display_name={})


class CountryIndexView(LabelsIndexView):
    search_in = ("code", "alpha3", "numeric", "name", "display_name")
    sorting = {"region": ("region", "subregion")}
    export_values = {
        "shown": str,
        **{
            f"name_{code}": lambda country, code=code: country.in_language(code)
            for code, _language in settings.LANGUAGES
        },
    }


class CountryInspectView(RecordInspectView):
    def facts(self):
        country = self.object
        return [
            (_("Name"), in_every_language(country.name)),
            (_("display name"), in_every_language(country.display_name)),
            (_("ISO 3166-1 codes"), f"{country.code}, {country.alpha3}, {country.numeric}"),
            (_("region"), region(country)),
            (_("subregion"), subregion(country)),
            (_("Country groups"), ", ".join(str(group) for group in country.groups.all())),
        ]


class CountryViewSet(RecordViewSet):
    """The facts stay as the standard has them; the name to show is the house's own decision."""

    model = Country
    icon = "globe"
    url_prefix = "network/countries"
    has_timeline = True
    index_view_class = CountryIndexView
    inspect_view_class = CountryInspectView
    filterset_class = CountryFilterSet
    ordering = "name"
    list_display = [
        Column("code", label=_("Code"), sort_key="code", width="8%"),
        Column("alpha3", label=_("Alpha-3"), sort_key="alpha3", width="8%"),
        Column("region", label=_("Region"), accessor=region, sort_key="region", width="20%"),
        Column("subregion", label=_("Subregion"), accessor=subregion, width="30%"),
    ]
    list_export = ["code", "alpha3", "numeric", "region", "subregion", *CountryIndexView.export_values]
    export_headings = {
        "shown": _("Name"),
        **{f"name_{code}": language for code, language in settings.LANGUAGES},
    }
    export_filename = "countries"
    edit_handler = ObjectList(
        [
            FieldPanel("display_name"),
            MultiFieldPanel(
                [
                    LabelsPanel("name", read_only=True),
                    FieldRowPanel(
                        [
                            FieldPanel("code", read_only=True),
                            FieldPanel("alpha3", read_only=True),
                            FieldPanel("numeric", read_only=True),
                        ]
                    ),
                    FieldRowPanel([FieldPanel("region", read_only=True), FieldPanel("subregion", read_only=True)]),
                ],
                heading=_("As the standard has it"),
            ),
        ],
        base_form_class=RecordForm,
    )


class CountryGroupIndexView(LabelsIndexView):
    export_values = {
        "name": str,
        "countries": lambda group: ", ".join(country.code for country in group.countries.all()),
    }

    def dressed(self, rows):
        groups = super().dressed(rows).annotate(size=Count("countries")).prefetch_related("countries")
        return groups.order_by("slug")  # counting drops the order of the model


class CountryGroupInspectView(RecordInspectView):
    def facts(self):
        countries = sorted(str(country) for country in self.object.countries.all())
        return [
            (_("Name"), in_every_language(self.object.name)),
            (_("short name"), self.object.slug),
            (_("Number of countries"), len(countries)),
            (_("countries"), ", ".join(countries)),
        ]


class CountryGroupViewSet(RecordViewSet):
    model = CountryGroup
    icon = "site"
    url_prefix = "network/country-groups"
    index_view_class = CountryGroupIndexView
    inspect_view_class = CountryGroupInspectView
    ordering = "name"
    list_display = [
        Column("slug", label=_("Short name"), sort_key="slug"),
        Column("size", label=_("Countries"), sort_key="size"),
    ]
    list_export = ["slug", "name", "countries"]
    export_filename = "country-groups"
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            FieldPanel("slug"),
            FieldPanel("countries", widget=forms.CheckboxSelectMultiple(attrs={"class": "in-columns"})),
        ],
        base_form_class=RecordForm,
    )
