"""What every list about events has in common, and forms in the event's own time."""

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from contacts.models import Person
from events.models import Event
from network.viewsets.history import RecordEditView, RecordHistoryView
from network.viewsets.records import RecordIndexView


class ListView(RecordIndexView):
    """A list that knows where a row leads. What has no text of its own to be found by is searched by the database."""

    title_sort_key = None
    row_door = ""  # name of the URL that a row leads to, for whoever may see the list; else to its form
    search_queryset = generic.IndexView.search_queryset

    def get_title_url(self, instance) -> str | None:
        return reverse(self.row_door, args=[instance.pk]) if self.row_door else self.get_edit_url(instance)


class PeopleListView(ListView):
    """A list in which each row is about a person, found by name or address in any script."""

    search_fields = ["person__search_text"]
    title_label = _("Person")
    title_accessor = "person"
    title_sort_key = "person__family_name"

    def search_queryset(self, queryset):
        if not self.is_searching:
            return queryset
        return queryset.filter(person__in=Person.objects.matching(self.search_query))


class HistoryView(RecordHistoryView):
    """For those who may change the record."""

    any_permission_required = ["add", "change", "delete"]


class RecordViewSet(ModelViewSet):
    """Lists with history and export; `doors` names the screens that there are."""

    edit_view_class = RecordEditView
    history_view_class = HistoryView
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
