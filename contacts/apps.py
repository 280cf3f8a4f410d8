from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from wagtail.users.apps import WagtailUsersAppConfig


class ContactsConfig(AppConfig):
    name = "contacts"
    default = True
    verbose_name = _("Contacts")


class UsersConfig(WagtailUsersAppConfig):
    """Wagtail's users with our screens: an account is an e-mail address."""

    user_viewset = "contacts.viewsets.UserViewSet"
