"""The addresses of the screens for tables of participation, below /admin/legal/status-tables/."""

from django.urls import path
from django.utils.translation import gettext_lazy

from legal.models import StatusTable
from legal.viewsets.status_tables import review, steps
from network.viewsets.records import RecordViewSet


class StatusTableViewSet(RecordViewSet):
    model = StatusTable
    icon = "upload"
    url_prefix = "legal/status-tables"
    menu_label = gettext_lazy("Status tables")
    index_view_class = review.StatusIndexView
    inspect_view_class = review.StatusInspectView
    ordering = "-pk"
    list_display = review.LIST_DISPLAY
    list_export = ["name", "state", "source", "as_at", "total", "by", "created_at", "recorded_at"]
    export_filename = "status-tables"
    form_fields = ["name"]  # never shown: the policy lets nobody change or delete one here

    @property
    def add_view(self):
        return steps.UploadView.as_view()

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),
            path("<int:pk>/columns/", steps.ColumnsView.as_view(), name="columns"),
            path("<int:pk>/names/", steps.NamesView.as_view(), name="names"),
            path("<int:pk>/decide/", review.DecideView.as_view(), name="decide"),
            path("<int:pk>/discard/", review.DiscardView.as_view(), name="discard"),
            path("<int:pk>/refused.csv", review.RefusedView.as_view(), name="refused"),
        ]
