"""The admin's screens for addresses to which letters must not go."""

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn
from wagtail.admin.views import generic

from contacts.forms import SuppressionForm
from contacts.models import Suppression
from network.viewsets.records import RecordIndexView, RecordInspectView, RecordViewSet


class SuppressionFilterSet(WagtailFilterSet):
    reason = django_filters.ChoiceFilter(
        label=gettext_lazy("Reason"), choices=Suppression.Reason.choices, widget=forms.RadioSelect
    )

    class Meta:
        model = Suppression
        fields = []


class SuppressionIndexView(RecordIndexView):
    title_label = gettext_lazy("Address")
    title_accessor = "address"
    title_sort_key = "address"
    export_values = {"reason": Suppression.get_reason_display, "purpose": Suppression.get_purpose_display}

    def search_queryset(self, queryset):
        return queryset.filter(address__icontains=self.search_query) if self.is_searching else queryset


class SuppressionCreateView(generic.CreateView):
    """Somebody told us, by telephone for example."""

    def save_instance(self):
        told = self.form.cleaned_data
        return Suppression.objects.suppress(told["address"], told["reason"], told["purpose"], by=self.request.user)


class SuppressionInspectView(RecordInspectView):
    template_name = "contacts/suppression.html"

    def facts(self):
        row = self.object
        return [
            (_("address"), row.address or _("(erased)")),
            (_("reason"), row.get_reason_display()),
            (_("letters"), row.get_purpose_display() or _("all")),
            (_("what came back"), row.detail),
            (_("since"), row.since),
            (_("lifted"), row.lifted_at),
            (_("by"), row.by),
        ]

    def get_context_data(self, **kwargs):
        may_lift = self.object.can_be_lifted and self.request.user.has_perm("contacts.change_suppression")
        return super().get_context_data(may_lift=may_lift, **kwargs)


class LiftView(View):
    """POST: the address was mended, so letters may go there again."""

    http_method_names = ["post"]

    def post(self, request, pk):
        if not request.user.has_perm("contacts.change_suppression"):
            raise PermissionDenied
        row = get_object_or_404(Suppression.objects.visible_to(request.user), pk=pk)
        if row.can_be_lifted:
            row.lift(by=request.user)
            messages.success(request, _("Letters go to this address again."))
        else:
            messages.error(request, _("Only the reader can take this back, on the page that a letter leads to."))
        return redirect("suppression:inspect", pk)


class SuppressionViewSet(RecordViewSet):
    model = Suppression
    icon = "no-view"
    url_prefix = "contacts/suppressions"
    index_view_class = SuppressionIndexView
    inspect_view_class = SuppressionInspectView
    add_view_class = SuppressionCreateView
    filterset_class = SuppressionFilterSet
    ordering = "-since"
    list_display = [
        Column("reason", label=gettext_lazy("Reason"), accessor="get_reason_display", sort_key="reason"),
        Column("purpose", label=gettext_lazy("Letters"), accessor=lambda row: row.get_purpose_display() or _("all")),
        StatusTagColumn(
            "state",
            label=gettext_lazy("State"),
            accessor=lambda row: _("Lifted") if row.lifted_at else _("Stands"),
            primary=lambda row: row.lifted_at is None,
        ),
        DateColumn("since", label=gettext_lazy("Since"), sort_key="since"),
    ]
    list_export = ["address", "reason", "purpose", "since", "lifted_at"]
    export_filename = "suppressions"

    def get_form_class(self, for_update=False):
        return SuppressionForm

    def get_urlpatterns(self):
        return [*super().get_urlpatterns(), path("<int:pk>/lift/", LiftView.as_view(), name="lift")]
