"""The door to Wagtail's admin for contacts."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks

# What the verbs leave in the history: action, and how the history says it.
ACTIONS = {
    "contacts.message.send_again": _("Decided to send once more"),
    "contacts.person.import": _("Imported people"),
}


@hooks.register("register_log_actions")
def register_actions(actions):
    for name, label in ACTIONS.items():
        actions.register_action(name, label, label)
