"""The admin's screens for accounts: Wagtail's own, which call the name to sign in with what it is here."""

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.users.views.users import IndexView
from wagtail.users.views.users import UserViewSet as WagtailUserViewSet


class UserIndexView(IndexView):
    @cached_property
    def columns(self):
        columns = super().columns
        for column in columns:
            if column.name == self.model.USERNAME_FIELD:
                column.label = _("E-mail address")
        return columns


class UserViewSet(WagtailUserViewSet):
    index_view_class = UserIndexView
