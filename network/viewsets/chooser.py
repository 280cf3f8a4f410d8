"""The admin's chooser of organizations."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column

from network.models import Organization
from network.viewsets.records import RecordChooserViewSet


class OrganizationChooserViewSet(RecordChooserViewSet):
    name = "organization_chooser"
    model = Organization
    icon = "group"
    choose_one_text = _("Choose an organization")
    choose_another_text = _("Choose another organization")
    edit_item_text = _("Edit this organization")
    columns = [
        Column("kind", label=_("Kind"), accessor="get_kind_display"),
        Column("country", label=_("Country")),
    ]

    def get_object_list(self):
        return Organization.objects.select_related("country").defer("search_text")
