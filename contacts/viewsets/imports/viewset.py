"""The addresses of the screens for contact files, below /admin/contacts/imports/."""

from django.urls import path
from django.utils.translation import gettext_lazy

from contacts.models import ImportBatch
from contacts.viewsets.imports import acts
from contacts.viewsets.imports.batch import LIST_DISPLAY, ImportIndexView, ImportInspectView, ImportWhoView
from contacts.viewsets.imports.columns import ColumnsView, UploadView
from contacts.viewsets.imports.organizations import OrganizationView
from network.viewsets.records import RecordViewSet


class ImportBatchViewSet(RecordViewSet):
    model = ImportBatch
    icon = "upload"
    url_prefix = "contacts/imports"
    menu_label = gettext_lazy("Imports")
    index_view_class = ImportIndexView
    inspect_view_class = ImportInspectView
    ordering = "-pk"
    list_display = LIST_DISPLAY
    list_export = ["name", "state", "total", "by", "created_at", "taken_at", "undone_at"]
    export_filename = "imports"
    form_fields = ["name"]  # never shown: the policy lets nobody change or delete one here

    @property
    def add_view(self):
        return UploadView.as_view()

    @property
    def who_view(self):
        return self.construct_view(ImportWhoView)

    def get_urlpatterns(self):
        posts = {"start": acts.StartView, "undo": acts.UndoView, "resume": acts.ResumeView, "discard": acts.DiscardView}
        return [
            *super().get_urlpatterns(),
            *(path(f"<int:pk>/{name}/", view.as_view(), name=name) for name, view in posts.items()),
            path("<int:pk>/columns/", ColumnsView.as_view(), name="columns"),
            path("<int:pk>/rows/<int:row>/", acts.MendView.as_view(), name="mend"),
            path("<int:pk>/rows/<int:row>/organization/", OrganizationView.as_view(), name="organization"),
            path("<int:pk>/progress/", acts.ProgressView.as_view(), name="progress"),
            path("<int:pk>/refused.csv", acts.RefusedView.as_view(), name="refused"),
        ]
