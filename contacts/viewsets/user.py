"""The admin's screens for accounts: Wagtail's own, which call the name to sign in with what it is here."""

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.users.views.users import EditView, IndexView
from wagtail.users.views.users import UserViewSet as WagtailUserViewSet

from contacts.forms import AccountCreationForm, AccountEditForm
from network.viewsets.history import RecordEdit, RecordHistoryView


class UserIndexView(IndexView):
    @cached_property
    def columns(self):
        columns = super().columns
        for column in columns:
            if column.name == self.model.USERNAME_FIELD:
                column.label = _("E-mail address")
        return columns


class UserEditView(EditView):
    """Who gave whom which role is in the history."""

    action_class = RecordEdit


class UserViewSet(WagtailUserViewSet):
    index_view_class = UserIndexView
    edit_view_class = UserEditView
    history_view_class = RecordHistoryView

    def get_form_class(self, for_update=False):
        return AccountEditForm if for_update else AccountCreationForm
