"""Choosing one of very many records by typing a part of the name."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import chooser
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.widgets import BaseChooser
from wagtail.permissions import policy_registry

from network.forms import MatchingForm
from network.models import Organization
from network.models.guarded import visible
from network.viewsets.access import ANY
from network.viewsets.records import KeysFirst


class SeenOnly:
    """A chooser shows names as well, so it opens only for those who may see the records."""

    def dispatch(self, request, *args, **kwargs):
        if not policy_registry.get_by_type(self.model_class).user_has_any_permission(request.user, ANY):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class RecordChooserWidget(BaseChooser):
    """Names a record that was sent to it only where the form offers it."""

    offered: QuerySet | None = None

    def get_instance(self, value):
        found = super().get_instance(value)
        is_hidden = found and self.offered is not None and not self.offered.filter(pk=found.pk).exists()
        return None if is_hidden else found


class _Visible:
    def filter_object_list(self, objects):
        return visible(super().filter_object_list(objects), self.request.user)


class _ByName(_Visible, SeenOnly):
    filter_form_class = MatchingForm
    more_columns: list = []

    def paginator_class(self, objects, per_page):
        """Counted and read as a list of these records is, but with what is shown of each here."""
        paginator = KeysFirst(objects, per_page=per_page)
        paginator.narrowed = paginator.ends = getattr(self.filter_form, "is_searching", False)
        paginator.dressed = lambda rows: self.get_object_list().filter(pk__in=rows.values("pk"))
        return paginator

    @property
    def title_column(self):
        column = super().title_column
        column.label = _("Name")
        return column

    @property
    def columns(self):
        return [self.title_column, *self.more_columns]


class RecordChooseView(_ByName, chooser.ChooseView):
    pass


class RecordChooseResultsView(_ByName, chooser.ChooseResultsView):
    pass


class RecordChosenView(SeenOnly, chooser.ChosenView):
    def get_object(self, pk):
        return visible(self.model_class.objects.all(), self.request.user).get(pk=pk)


class RecordChosenMultipleView(SeenOnly, chooser.ChosenMultipleView):
    def get_objects(self, pks):
        return visible(self.model_class.objects.filter(pk__in=pks), self.request.user)


class RecordChooserViewSet(ChooserViewSet):
    """Choose one of very many by typing a part of the name. `columns` come after the name."""

    chosen_view_class = RecordChosenView
    chosen_multiple_view_class = RecordChosenMultipleView
    base_widget_class = RecordChooserWidget
    per_page = 10
    columns: list = []

    @property
    def choose_view_class(self):
        return self._with_columns(RecordChooseView)

    @property
    def choose_results_view_class(self):
        return self._with_columns(RecordChooseResultsView)

    def _with_columns(self, view_class):
        return type(view_class.__name__, (view_class,), {"more_columns": self.columns})


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
