"""The door to Wagtail's admin for contacts."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.permissions import register_permission_policy

from contacts.models import DuplicatePair, Message
from contacts.viewsets import (
    CoverageViewSet,
    DuplicatePairViewSet,
    MessageViewSet,
    PersonChooserViewSet,
    PersonViewSet,
)
from network.viewsets.records import LimitedPolicy

# What the verbs leave in the history: action, and how the history says it.
ACTIONS = {
    "contacts.message.send_again": _("Decided to send once more"),
    "contacts.person.import": _("Imported people"),
    "contacts.duplicates.scan": _("Compared everybody"),
    "contacts.duplicates.keep_apart": _("Decided that they are two people"),
    "contacts.person.merge": _("Merged with another record"),
    "contacts.person.unmerge": _("Took a merge back"),
}

# A letter is what was sent: nobody writes or mends one by hand.
register_permission_policy(Message, LimitedPolicy(Message, "view"))
register_permission_policy(DuplicatePair, LimitedPolicy(DuplicatePair, "view"))


class ContactsGroup(ViewSetGroup):
    menu_label = _("Contacts")
    menu_name = "contacts"
    menu_icon = "user"
    menu_order = 110
    items = (PersonViewSet, CoverageViewSet, DuplicatePairViewSet, MessageViewSet)


@hooks.register("register_admin_viewset")
def register_viewsets():
    return [ContactsGroup(), PersonChooserViewSet()]


@hooks.register("register_log_actions")
def register_actions(actions):
    for name, label in ACTIONS.items():
        actions.register_action(name, label, label)
