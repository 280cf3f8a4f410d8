"""The admin's screens for people and letters."""

from contacts.viewsets.message import MessageViewSet
from contacts.viewsets.person import PersonChooserViewSet, PersonViewSet
from contacts.viewsets.user import UserViewSet

__all__ = ["MessageViewSet", "PersonChooserViewSet", "PersonViewSet", "UserViewSet"]
