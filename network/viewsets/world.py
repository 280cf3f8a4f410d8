"""The admin's picture of the world: where partners are, as tiles and as tables, by kind and region.

A tile stands for a country and is as large as every other; where it stands is roughly where the country lies, and says
nothing about borders.
"""

import csv
from dataclasses import dataclass
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.base import ViewSet
from wagtail.permissions import policy_registry

from network.forms import alphabetically, topic_choices
from network.models import Country, CountryGroup, Organization
from network.models.partners import CountryPartners, Partners, partners
from network.pictures.world import tiles
from network.viewsets.access import ANY
from network.viewsets.country import REGIONS

TILES = tiles()
# From how many partners on a tile has the next darker colour.
STEPS = (1, 2, 5, 10, 50)
KINDS = Organization.Kind.choices
NOWHERE = "null"  # how the list is asked for organizations of no country


@dataclass(frozen=True)
class Tile:
    row: CountryPartners
    url: str

    @property
    def column(self) -> int:
        return TILES[self.row.country.pk][0]

    @property
    def line(self) -> int:
        return TILES[self.row.country.pk][1]

    @property
    def shade(self) -> int:
        return sum(self.row.total >= step for step in STEPS)


class WorldForm(forms.Form):
    """Which organizations, in which countries."""

    kind = forms.MultipleChoiceField(
        label=gettext_lazy("Kind of organization"),
        choices=KINDS,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "in-columns"}),
        help_text=gettext_lazy("None ticked: all kinds."),
    )
    group = forms.ModelChoiceField(
        CountryGroup.objects.all(),
        label=gettext_lazy("Country group"),
        required=False,
        empty_label=gettext_lazy("All countries"),
    )
    topic = forms.ChoiceField(label=gettext_lazy("Topic"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["topic"].choices = [("", gettext_lazy("All topics")), *topic_choices()]


class WorldView(WagtailAdminTemplateMixin, TemplateView):
    template_name = "network/world.html"
    page_title = gettext_lazy("Partners in the world")
    header_icon = "globe"

    def get(self, request, *args, **kwargs):
        if not policy_registry.get_by_type(Organization).user_has_any_permission(request.user, ANY):
            raise PermissionDenied
        if request.GET.get("export") == "csv":
            return self.as_sheet(self.partners)
        return super().get(request, *args, **kwargs)

    @cached_property
    def form(self) -> WorldForm:
        return WorldForm(self.request.GET)

    @cached_property
    def asked(self) -> dict:
        return self.form.cleaned_data if self.form.is_valid() else {}

    @cached_property
    def partners(self) -> Partners:
        found, group = Organization.objects.visible_to(self.request.user).active(), self.asked.get("group")
        if kinds := self.asked.get("kind"):
            found = found.filter(kind__in=kinds)
        if topic := self.asked.get("topic"):
            found = found.filter(topics=topic)
        countries = group.countries.all() if group else Country.objects.all()
        return partners(found, alphabetically(countries), with_international=not group)

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs):
        query = self.request.GET.copy()
        query["export"] = "csv"
        return super().get_context_data(
            form=self.form,
            partners=self.partners,
            regions=[(label, self.tiles(region)) for region, label in self.labels() if self.tiles(region)],
            kinds=[label for _kind, label in self.kinds],
            table=[row for region, label in self.labels() if (row := self.table_row(region, label))],
            international=self.cells(self.partners.international, {}),
            international_total=self.partners.international.total(),
            international_url=self.list_of(country=NOWHERE),
            totals=self.cells(self.partners.kinds, {}),
            countries=[(row, self.cells(row.kinds, {})) for row in self.partners.countries if row.total],
            steps=[self.step(place) for place in range(len(STEPS) + 1)],
            export=query.urlencode(),
            media=self.form.media,
            **kwargs,
        )

    @cached_property
    def kinds(self) -> list[tuple[str, str]]:
        """The kinds that are asked for, all where none is."""
        return [(kind, label) for kind, label in KINDS if kind in (self.asked.get("kind") or dict(KINDS))]

    def labels(self) -> list[tuple[str, str]]:
        return [*((region, str(label)) for region, label in REGIONS.items()), ("", _("No region"))]

    def tiles(self, region: str) -> list[Tile]:
        return [
            Tile(row, self.list_of(country=row.country.pk))
            for row in self.partners.countries
            if row.country.region == region
        ]

    def table_row(self, region: str, label: str) -> tuple[str, list, int] | None:
        """None for a region of which no country is shown, and for what belongs to none where nobody is there."""
        counts = self.partners.regions.get(region)
        if counts is None or not (region or counts):
            return None
        return label, self.cells(counts, {"region": region} if region else {}), counts.total()

    def cells(self, counts, where: dict[str, str]) -> list[tuple[int, str]]:
        """For each kind: how many, and the list of them where a filter of the list says `where`."""
        is_list = where and not self.asked.get("group")
        return [(counts[kind], self.list_of(**where, kind=[kind]) if is_list else "") for kind, _label in self.kinds]

    def list_of(self, **where) -> str:
        """The list of organizations, filtered like this picture and by `where`."""
        asked = {"kind": self.asked.get("kind"), "topic": self.asked.get("topic"), "status": "ACTIVE", **where}
        filled = {name: value for name, value in asked.items() if value}
        return f"{reverse('organization:index')}?{urlencode(filled, doseq=True)}"

    def step(self, place: int) -> tuple[int, str]:
        """A shade and the numbers that it stands for."""
        bounds = [0, *STEPS]
        first, after = bounds[place], bounds[place + 1] if place + 1 < len(bounds) else None
        if after is None:
            return place, _("%(number)s and more") % {"number": first}
        return place, str(first) if first == after - 1 else f"{first}–{after - 1}"

    def as_sheet(self, found: Partners) -> HttpResponse:
        """A row for each country, also where there is nobody."""
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="partners.csv"'
        sheet = csv.writer(response)
        sheet.writerow([_("Country code"), _("Country"), _("Region"), *dict(self.kinds).values(), _("All")])
        regions = dict(self.labels())
        for row in found.countries:
            place = [row.country.pk, str(row.country), regions[row.country.region]]
            sheet.writerow([*place, *(row.kinds[kind] for kind, _label in self.kinds), row.total])
        counts = found.international
        if counts:
            place = ["", _("International"), ""]
            sheet.writerow([*place, *(counts[kind] for kind, _label in self.kinds), counts.total()])
        return response


class _ForReaders(MenuItem):
    def is_shown(self, request):
        return policy_registry.get_by_type(Organization).user_has_any_permission(request.user, ANY)


class WorldViewSet(ViewSet):
    name = "world"
    url_prefix = "network/world"
    icon = "globe"
    menu_label = gettext_lazy("World")
    menu_item_class = _ForReaders

    def get_urlpatterns(self):
        return [path("", WorldView.as_view(), name="index")]
