"""The admin's screens for competent authorities; only for those who may see them, and of their desks."""

import django_filters
from django import forms
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.tables import Column, StatusFlagColumn

from legal.forms.assistance import AuthorityForm
from legal.models import Authority
from legal.viewsets.works import VerifyForm, VerifyView, provenance
from network.forms import LongSelect, country_choices
from network.models import Country
from network.viewsets.country import in_every_language
from network.viewsets.records import RecordIndexView, RecordInspectView, RecordViewSet


class AuthorityFilterSet(WagtailFilterSet):
    country = django_filters.ChoiceFilter(label=gettext_lazy("Country"), choices=country_choices, widget=LongSelect)
    function = django_filters.ChoiceFilter(
        label=gettext_lazy("Function"), choices=Authority.Function.choices, widget=forms.RadioSelect
    )
    stale = django_filters.BooleanFilter(
        label=gettext_lazy("To be checked again"),
        method="overdue",
        widget=forms.Select(choices=[("", "---"), ("true", gettext_lazy("Yes"))]),
    )

    class Meta:
        model = Authority
        fields = []

    def overdue(self, rows, _name, is_stale):
        return rows.stale() if is_stale else rows


class AuthorityIndexView(RecordIndexView):
    title_sort_key = None
    related = ("country", "organization")
    export_values = {
        "name": str,
        "country": lambda one: one.country_id,
        "function": Authority.get_function_display,
        "organization": lambda one: str(one.organization or ""),
        "languages": lambda one: one.language_names,
        "channel": lambda one: str(one.channel),
        "requirements": lambda one: str(one.requirements),
    }


class AuthorityInspectView(RecordInspectView):
    template_name = "network/record_acts.html"

    def facts(self):
        one = self.object
        return [
            (_("name"), in_every_language(one.name)),
            (_("function"), one.get_function_display()),
            (_("country"), one.country),
            (_("organization"), one.organization),
            (_("languages accepted"), one.language_names),
            (_("channel"), str(one.channel)),
            (_("requirements"), str(one.requirements)),
            (_("e-mail address"), one.email),
            (_("telephone"), one.phone),
            (_("postal address"), one.address),
            (_("who sees it"), _("we alone") if one.is_internal else _("we, and the focal points of countries")),
            (_("owner"), one.owner),
            *provenance(one),
        ]

    def get_context_data(self, **kwargs):
        may = self.request.user.has_perm("legal.change_authority")
        act = (_("Verified"), "authority:verify", VerifyForm(), _("I have compared it with its source"), "")
        return super().get_context_data(acts=[act] if may else [], media=VerifyForm().media, **kwargs)


class AuthorityViewSet(RecordViewSet):
    model = Authority
    icon = "key"
    url_prefix = "legal/authorities"
    index_view_class = AuthorityIndexView
    inspect_view_class = AuthorityInspectView
    filterset_class = AuthorityFilterSet
    list_display = [
        Column("country", label=gettext_lazy("Country"), sort_key="country"),
        Column("function", label=gettext_lazy("Function"), accessor="get_function_display", sort_key="function"),
        Column("organization", label=gettext_lazy("Organization")),
        StatusFlagColumn("is_internal", label=gettext_lazy("Seen by"), true_label=gettext_lazy("us alone")),
    ]
    list_export = [
        *("name", "country", "function", "organization", "languages", "channel", "requirements", "email", "phone"),
        *("address", "is_internal", "source", "source_url", "as_at", "verified_on", "review_by"),
    ]
    export_filename = "authorities"
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            FieldRowPanel([FieldPanel("country", widget=LongSelect), FieldPanel("function")]),
            FieldPanel("organization"),
            FieldPanel("languages"),
            FieldPanel("channel"),
            FieldPanel("requirements"),
            FieldRowPanel([FieldPanel("email"), FieldPanel("phone")]),
            FieldPanel("address"),
            FieldPanel("is_internal"),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("source"), FieldPanel("source_url")]),
                    FieldRowPanel([FieldPanel("as_at"), FieldPanel("review_by")]),
                    FieldPanel("owner"),
                ],
                heading=gettext_lazy("Where it comes from"),
            ),
        ],
        base_form_class=AuthorityForm,
    )

    def get_urlpatterns(self):
        verify = VerifyView.as_view(model=Authority)
        return [*super().get_urlpatterns(), path("<int:pk>/verify/", verify, name="verify")]


class AuthoritiesOf(Component):
    """On the card of a country: whom one asks there."""

    template_name = "legal/authorities_panel.html"

    def __init__(self, country: Country, viewer):
        self.rows = list(Authority.objects.visible_to(viewer).filter(country=country).in_order())

    def get_context_data(self, _parent_context):
        return {"rows": self.rows}


def panels(record, viewer) -> list[Component]:
    if not isinstance(record, Country) or not viewer.has_perm("legal.view_authority"):
        return []
    panel = AuthoritiesOf(record, viewer)
    return [panel] if panel.rows else []
