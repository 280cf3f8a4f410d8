"""The door to Wagtail's admin for the network."""

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.permissions import register_permission_policy

from network.models import Country, Organization, OrganizationPair
from network.viewsets import (
    CountryGroupViewSet,
    CountryViewSet,
    DeskViewSet,
    OrganizationChooserViewSet,
    OrganizationPairViewSet,
    OrganizationViewSet,
    RelationshipViewSet,
    TopicViewSet,
    WorldViewSet,
)
from network.viewsets.records import LimitedPolicy
from network.viewsets.search import RecordSearchArea

# The countries are the standard's: nobody adds or removes one.
register_permission_policy(Country, LimitedPolicy(Country, "view", "change"))
register_permission_policy(OrganizationPair, LimitedPolicy(OrganizationPair, "view"))

# What the verbs leave in the history: action, and how the history says it.
ACTIONS = {
    "network.organization.scan": _("Had all organizations compared"),
    "network.organization.keep_apart": _("Decided that they are two organizations"),
    "network.organization.compare_again": _("Asked again whether they are two organizations"),
    "network.organization.merge": _("Merged with another record"),
    "network.organization.unmerge": _("Took a merge back"),
}


class NetworkGroup(ViewSetGroup):
    menu_label = _("Network")
    menu_name = "network"
    menu_icon = "globe"
    menu_order = 100
    items = (
        *(OrganizationViewSet, RelationshipViewSet, WorldViewSet, CountryViewSet, CountryGroupViewSet, TopicViewSet),
        *(OrganizationPairViewSet, DeskViewSet),
    )


@hooks.register("register_admin_viewset")
def register_viewsets():
    return [NetworkGroup(), OrganizationChooserViewSet()]


@hooks.register("register_admin_search_area")
def search_organizations():
    return RecordSearchArea(Organization, "group", order=20)


@hooks.register("register_log_actions")
def register_actions(actions):
    for name, label in ACTIONS.items():
        actions.register_action(name, label, label)


@hooks.register("insert_global_admin_css")
def admin_css():
    return format_html('<link rel="stylesheet" href="{}">', static("entente/admin.css"))


@hooks.register("insert_global_admin_js")
def admin_js():
    return format_html('<script src="{}" defer></script>', static("entente/progress.js"))
