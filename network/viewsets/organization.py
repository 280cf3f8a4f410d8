"""The admin's screens for organizations."""

import django_filters
from django import forms
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, StatusFlagColumn, StatusTagColumn
from wagtail.admin.views import generic
from wagtail.admin.widgets.button import Button

from network.forms import AsOfForm, LongSelect, RecordForm, country_choices, topic_choices
from network.models import Country, Organization, OrganizationMerge, Relationship
from network.viewsets.country import region_choices
from network.viewsets.merging import UnmergeView
from network.viewsets.records import RecordIndexView, RecordInspectView, RecordViewSet
from network.viewsets.twins import OrganizationCreateView, OrganizationMergeView


class OrganizationFilterSet(WagtailFilterSet):
    kind = django_filters.MultipleChoiceFilter(
        label=_("Kind"), choices=Organization.Kind.choices, widget=forms.CheckboxSelectMultiple
    )
    country = django_filters.ChoiceFilter(
        label=_("Country"), choices=country_choices, null_label=_("International"), widget=LongSelect
    )
    region = django_filters.ChoiceFilter(
        label=_("Region"), choices=region_choices, method="within", widget=forms.RadioSelect
    )
    topic = django_filters.ChoiceFilter(label=_("Topic"), field_name="topics", choices=topic_choices)
    status = django_filters.ChoiceFilter(
        label=_("Status"), choices=Organization.Status.choices, widget=forms.RadioSelect
    )

    class Meta:
        model = Organization
        fields = ["is_listed"]

    def within(self, queryset, _name, region):
        return queryset.filter(country__in=Country.objects.filter(region=region).values("pk"))


class OrganizationIndexView(RecordIndexView):
    show_other_searches = True
    related = ("country",)
    export_values = {
        "kind": Organization.get_kind_display,
        "status": Organization.get_status_display,
        "country_code": lambda organization: organization.country_id or "",
    }

    def dressed(self, rows):
        records = super().dressed(rows).defer("search_text")
        if not self.is_export:
            return records
        seen = Organization.everyone.visible_to(self.request.user)
        return records.select_related("country").prefetch_related(Prefetch("parent", seen))


class _WithOldRecords(generic.InspectView):
    def get_object(self, queryset=None):
        return get_object_or_404(Organization.everyone.all(), pk=self.pk)


class OrganizationInspectView(RecordInspectView, _WithOldRecords):
    template_name = "network/organization.html"

    def get(self, request, *args, **kwargs):
        """The address of an old record leads to the one that stands."""
        if self.object.merged_into_id:
            return redirect("organization:inspect", self.object.standing.pk)
        return super().get(request, *args, **kwargs)

    def facts(self):
        organization = self.object
        return [
            (_("Name"), organization.name),
            (_("acronym"), organization.acronym),
            (_("kind"), organization.get_kind_display()),
            (_("status"), organization.get_status_display()),
            (_("country"), organization.country),
            (_("part of"), self.parent()),
            (_("website"), _link(organization.website, organization.website)),
            (_("e-mail address"), _link(f"mailto:{organization.email}", organization.email)),
            (_("topics"), ", ".join(str(topic) for topic in organization.topics.all())),
            (_("listed publicly"), _("yes") if organization.is_listed else _("no")),
            (_("other names"), _other_names(organization)),
            (_("reference"), organization.reference),
        ]

    def parent(self) -> Organization | None:
        """What it is part of, where the viewer may see that."""
        return Organization.everyone.visible_to(self.request.user).filter(pk=self.object.parent_id).first()

    @cached_property
    def as_of(self) -> AsOfForm:
        return AsOfForm(self.request.GET if "on" in self.request.GET else None)

    def agreements(self):
        """Those that the organization is a party to, what expires first above."""
        parties = self.object.agreements.visible_to(self.request.user).select_related("agreement__owner")
        return [party.agreement for party in parties.order_by("agreement__expires_on", "agreement")]

    @cached_property
    def header_more_buttons(self):
        buttons = super().header_more_buttons
        if self.request.user.has_perm("network.delete_organization"):
            url = reverse("organization:merge", args=[self.object.pk])
            buttons.append(Button(gettext("Merge with another record"), url=url, icon_name="group", priority=15))
        return buttons

    def get_context_data(self, **kwargs):
        on = self.as_of.period
        ties = (
            Relationship.objects.visible_to(self.request.user)
            .of(self.object)
            .within(*on)
            .select_related("first", "second")
        )
        context = super().get_context_data(
            as_of=self.as_of,
            media=self.as_of.media,
            on=on,
            no_first_day=_("not known") if on.last < timezone.localdate() else "",
            ties=[(tie, *tie.seen_from(self.object)) for tie in ties[:200]],
            **kwargs,
        )
        if self.request.user.has_perm("contacts.view_agreement"):
            context["agreements"] = self.agreements()
        context["merges"] = self.object.merges.standing().select_related("gone")
        context["can_merge"] = self.request.user.has_perm("network.delete_organization")
        if self.request.user.has_perm("contacts.view_person"):
            people = (
                self.object.affiliations.visible_to(self.request.user)
                .within(*on)
                .select_related("person", "competence")
            )
            context["affiliations"] = people.in_precedence()[:100]
        return context


class OrganizationViewSet(RecordViewSet):
    model = Organization
    icon = "group"
    url_prefix = "network/organizations"
    has_timeline = True
    index_view_class = OrganizationIndexView
    add_view_class = OrganizationCreateView
    inspect_view_class = OrganizationInspectView
    filterset_class = OrganizationFilterSet
    ordering = "name"
    list_display = [
        Column("kind", label=_("Kind"), accessor="get_kind_display", sort_key="kind", width="18%"),
        Column("country", label=_("Country"), sort_key="country_id", width="18%"),
        StatusTagColumn(
            "status",
            label=_("Status"),
            accessor="get_status_display",
            sort_key="status",
            primary=lambda organization: organization.status == Organization.Status.ACTIVE,
            width="10%",
        ),
        StatusFlagColumn("is_listed", label="", true_label=_("Listed"), width="8%"),
    ]
    list_export = [
        *("name", "acronym", "kind", "country_code", "country", "parent", "website", "email", "status"),
        *("is_listed", "reference"),
    ]
    export_headings = {"country_code": _("Country code")}
    export_filename = "organizations"

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),
            path("<int:pk>/merge/", OrganizationMergeView.as_view(), name="merge"),
            path("merges/<int:pk>/take-back/", UnmergeView.as_view(merge=OrganizationMerge), name="unmerge"),
        ]

    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            FieldRowPanel([FieldPanel("acronym"), FieldPanel("kind")]),
            FieldPanel("country", widget=LongSelect),
            FieldPanel("parent"),
            InlinePanel(
                "other_names",
                [FieldPanel("name"), FieldRowPanel([FieldPanel("kind"), FieldPanel("language")])],
                heading=_("Other names"),
                label=_("Name"),
            ),
            MultiFieldPanel(
                [FieldRowPanel([FieldPanel("website"), FieldPanel("email")]), FieldPanel("is_listed")],
                heading=_("How it is reached and shown"),
            ),
            FieldPanel("topics", widget=forms.CheckboxSelectMultiple(attrs={"class": "in-columns"})),
        ],
        base_form_class=RecordForm,
    )


def _link(url: str, text: str) -> str:
    return format_html('<a href="{}" rel="noreferrer">{}</a>', url, text) if text else ""


def _other_names(organization: Organization) -> str:
    rows = [
        (other.language, other.name, other.get_kind_display(), other.language)
        for other in organization.other_names.all()
    ]
    return format_html_join("", '<div><bdi lang="{}">{}</bdi> <small>{} {}</small></div>', rows)
