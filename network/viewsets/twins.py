"""The admin's screens for records that may be about the same organization."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column

from network.models import Organization, OrganizationPair, OrganizationScan
from network.viewsets.records import RecordCreateView, RecordIndexView, RecordInspectView, RecordViewSet


def said(pair: OrganizationPair) -> str:
    """What speaks for and against, a line each."""
    rows = [("for" if reason.weight > 0 else "against", reason) for reason in pair.reasons]
    return format_html_join("", '<div class="reason reason--{}">{}</div>', rows)


def compare_url(one: Organization, other: Organization) -> str:
    return f"{reverse('organization:merge', args=[one.pk])}?other={other.pk}"


class PairIndexView(RecordIndexView):
    template_name = "network/twins.html"
    results_template_name = "network/twins_results.html"
    related = ("first", "second")
    title_label = gettext_lazy("Organization")
    title_accessor = "first"
    title_sort_key = None

    def get_base_queryset(self):
        return super().get_base_queryset().open()

    def search_queryset(self, queryset):
        if not self.is_searching:
            return queryset
        found = Organization.objects.matching(self.search_query).values("pk")
        return queryset.filter(first__in=found) | queryset.filter(second__in=found)

    def get_context_data(self, *args, **kwargs):
        return super().get_context_data(*args, scan=OrganizationScan.objects.first(), **kwargs)

    def get_title_url(self, pair):
        return compare_url(pair.first, pair.second)


class PairInspectView(RecordInspectView):
    """Pairs are looked at where they can be merged."""

    def get(self, request, *args, **kwargs):
        return redirect(compare_url(self.object.first, self.object.second))


class _ActView(View):
    """A POST by somebody who may merge organizations."""

    http_method_names = ["post"]

    def dispatch(self, request, *args, **kwargs):
        if not request.user.has_perm("network.delete_organization"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class ScanView(_ActView):
    """The worker compares all organizations with each other."""

    def post(self, request):
        OrganizationScan.objects.ask(by=request.user)
        told = _("All organizations are being compared in the background. Load this page again in a minute.")
        messages.success(request, told)
        return redirect("organizationpair:index")


class KeepApartView(_ActView):
    """These are two organizations; not asked again."""

    def post(self, request, pk):
        pair = get_object_or_404(OrganizationPair.objects.visible_to(request.user), pk=pk)
        try:
            pair.keep_apart(by=request.user)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, _("Noted: they are two organizations."))
        return redirect("organizationpair:index")


class OrganizationPairViewSet(RecordViewSet):
    """Pairs are found by the scan and decided by people; nobody writes one."""

    model = OrganizationPair
    icon = "group"
    url_prefix = "network/duplicates"
    menu_label = gettext_lazy("Duplicates")
    index_view_class = PairIndexView
    inspect_view_class = PairInspectView
    ordering = "-score"
    list_display = [
        Column("second", label=gettext_lazy("And")),
        Column("said", label=gettext_lazy("What speaks for it"), accessor=said, width="50%"),
        Column("score", label=gettext_lazy("Weight"), sort_key="score"),
    ]
    list_export = ["first", "second", "score"]
    export_filename = "organization-duplicates"
    form_fields = ["score"]  # never shown: the policy lets nobody add or change a pair

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),
            path("scan/", ScanView.as_view(), name="scan"),
            path("<int:pk>/keep-apart/", KeepApartView.as_view(), name="keep_apart"),
        ]


class OrganizationCreateView(RecordCreateView):
    """Adds an organization, and says at once which may be the same."""

    def form_valid(self, form):
        response = super().form_valid(form)
        if self.object is None:
            return response
        pairs = OrganizationPair.objects.look_at(self.object)
        seen = OrganizationPair.objects.visible_to(self.request.user).filter(pk__in=[pair.pk for pair in pairs])
        for pair in seen.select_related("first", "second")[:3]:
            other = pair.first if pair.second == self.object else pair.second
            compare = messages.button(compare_url(other, self.object), _("Compare"))
            told = _("This may be the same organization as %(other)s: %(reason)s.")
            messages.warning(self.request, told % {"other": other, "reason": pair.reasons[0]}, buttons=[compare])
        return response
