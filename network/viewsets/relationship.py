"""The admin's screens for relationships between organizations."""

import django_filters
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.widgets import AdminDateInput

from network.models import Organization, Relationship
from network.viewsets.records import RecordCreateView, RecordIndexView, RecordInspectView, RecordViewSet


class RelationshipFilterSet(WagtailFilterSet):
    on = django_filters.DateFilter(label=_("Holds on"), method="holding", widget=AdminDateInput)

    class Meta:
        model = Relationship
        fields = ["kind"]

    def holding(self, relationships, _name, on):
        return relationships.current(on)


class RelationshipIndexView(RecordIndexView):
    related = ("first", "second")
    title_label = _("Organization")
    title_accessor = "first"
    title_sort_key = "first__name"
    export_values = {
        "kind": Relationship.get_kind_display,
        "first": lambda relationship: relationship.first.name,
        "second": lambda relationship: relationship.second.name,
    }

    def search_queryset(self, queryset):
        if not self.is_searching:
            return queryset
        found = Organization.objects.matching(self.search_query).values("pk")
        return queryset.filter(first__in=found) | queryset.filter(second__in=found)


class RelationshipInspectView(RecordInspectView):
    def facts(self):
        relationship = self.object
        return [
            (_("organization"), relationship.first),
            (_("relationship"), relationship.get_kind_display()),
            (_("other organization"), relationship.second),
            (_("from"), relationship.starts_on),
            (_("until"), relationship.ends_on),
            (_("note"), relationship.note),
        ]


class RelationshipCreateView(RecordCreateView):
    """`?first=` says which organization it is about."""

    def get_initial(self):
        return {"first": self.request.GET.get("first")}

    def get_success_url(self):
        return reverse("organization:inspect", args=[self.object.first_id])


class RelationshipViewSet(RecordViewSet):
    model = Relationship
    icon = "link"
    url_prefix = "network/relationships"
    index_view_class = RelationshipIndexView
    inspect_view_class = RelationshipInspectView
    add_view_class = RelationshipCreateView
    filterset_class = RelationshipFilterSet
    list_display = [
        Column("kind", label=_("Relationship"), accessor="get_kind_display", sort_key="kind"),
        Column("second", label=_("Other organization"), sort_key="second__name"),
        DateColumn("starts_on", label=_("From"), sort_key="starts_on"),
        DateColumn("ends_on", label=_("Until"), sort_key="ends_on"),
    ]
    list_export = ["first", "kind", "second", "starts_on", "ends_on", "note"]
    export_filename = "relationships"
    edit_handler = ObjectList(
        [
            FieldPanel("first"),
            FieldPanel("kind"),
            FieldPanel("second"),
            FieldRowPanel([FieldPanel("starts_on"), FieldPanel("ends_on")]),
            FieldPanel("note"),
        ]
    )
