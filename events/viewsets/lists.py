"""What every list about events has in common, and forms in the event's own time."""

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from contacts.models import Person
from events.models import Event

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def no_formula(text: str) -> str:
    """`text` so that a spreadsheet program does not take what a stranger wrote for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


class ListView(generic.IndexView):
    """A list that fetches what its rows need at once and knows where a row leads."""

    related: tuple[str, ...] = ()
    row_door = ""  # name of the URL that a row leads to, for whoever may see the list
    row_label = _("Name")
    row_accessor = str
    row_sort_key = None
    list_columns: tuple = ()
    custom_value_preprocess = {**generic.IndexView.custom_value_preprocess, str: {"csv": no_formula}}

    def get_base_queryset(self):
        return super().get_base_queryset().select_related(*self.related)

    @cached_property
    def columns(self):
        title = self._get_title_column_class(TitleColumn)(
            "title",
            label=self.row_label,
            accessor=self.row_accessor,
            sort_key=self.row_sort_key,
            get_url=self.get_row_url,
        )
        return [title, *self.list_columns]

    def get_row_url(self, instance) -> str | None:
        return reverse(self.row_door, args=[instance.pk]) if self.row_door else self.get_edit_url(instance)


class PeopleListView(ListView):
    """A list in which each row is about a person, found by name or address in any script."""

    search_fields = ["person__search_text"]
    row_label = _("Person")
    row_accessor = "person"
    row_sort_key = "person__family_name"

    def search_queryset(self, queryset):
        if not self.is_searching:
            return queryset
        return queryset.filter(person__in=Person.objects.matching(self.search_query))


class RecordViewSet(ModelViewSet):
    """Lists with history and export; `doors` names the screens that there are."""

    copy_view_enabled = False
    list_per_page = 50
    search_backend_name = None
    doors = ("index", "index_results", "add", "edit", "delete", "history", "history_results", "usage")
    edit_door = "edit"  # where other screens lead to

    def get_common_view_kwargs(self, **kwargs):
        shut = {f"{door}_url_name": None for door in ("add", "edit", "delete", "usage") if door not in self.doors}
        return super().get_common_view_kwargs(**{**shut, **kwargs})

    def get_urlpatterns(self):
        return [pattern for pattern in super().get_urlpatterns() if pattern.name in self.doors]

    @property
    def url_finder_class(self):
        finder = super().url_finder_class
        finder.edit_url_name = self.get_url_name(self.edit_door)
        return finder

    def get_permissions_to_register(self):
        """The roles of the house give permission to view; the screen for groups shows it."""
        return Permission.objects.filter(content_type=ContentType.objects.get_for_model(self.model))


class InEventTime:
    """A form whose hours are those of the event's own clock, not of the organizer's."""

    def event(self) -> Event | None:
        """The event that the form is about, where it is known."""
        raise NotImplementedError

    def dispatch(self, request, *args, **kwargs):
        event = self.event()
        with timezone.override(event.zone if event else None):
            response = super().dispatch(request, *args, **kwargs)
            return response.render() if hasattr(response, "render") else response
