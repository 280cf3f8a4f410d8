"""The admin's screens for country desks and teams."""

from django import forms
from django.db.models import Count
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, InlinePanel, ObjectList
from wagtail.admin.ui.tables import Column

from network.forms import RecordForm
from network.models import Desk
from network.viewsets.records import RecordIndexView, RecordInspectView, RecordViewSet


class DeskIndexView(RecordIndexView):
    export_values = {"countries": lambda desk: ", ".join(country.code for country in desk.countries.all())}

    def dressed(self, rows):
        desks = super().dressed(rows).prefetch_related("countries")
        return desks.annotate(size=Count("members", distinct=True)).order_by("name")

    def search_queryset(self, queryset):
        return queryset.filter(name__icontains=self.search_query) if self.is_searching else queryset


class DeskInspectView(RecordInspectView):
    def facts(self):
        desk = self.object
        return [
            (_("name"), desk.name),
            (_("countries"), ", ".join(sorted(str(country) for country in desk.countries.all()))),
            (_("organizations"), ", ".join(str(named) for named in desk.named.select_related("organization"))),
            (_("members"), ", ".join(str(member) for member in desk.members.all())),
        ]


class DeskViewSet(RecordViewSet):
    """Who belongs to a desk is said on the member's account."""

    model = Desk
    icon = "group"
    name = "countrydesk"
    url_prefix = "network/desks"
    index_view_class = DeskIndexView
    inspect_view_class = DeskInspectView
    ordering = "name"
    list_display = [
        Column(
            "countries",
            label=_("Countries"),
            accessor=lambda desk: ", ".join(country.code for country in desk.countries.all()),
            width="40%",
        ),
        Column("size", label=_("Members"), sort_key="size"),
    ]
    list_export = ["name", "countries"]
    export_filename = "desks"
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            FieldPanel("countries", widget=forms.CheckboxSelectMultiple(attrs={"class": "in-columns"})),
            InlinePanel(
                "named",
                [FieldPanel("organization")],
                heading=_("Other organizations"),
                label=_("Organization"),
                help_text=_("Besides those of the countries: international bodies, for example."),
            ),
        ],
        base_form_class=RecordForm,
    )
