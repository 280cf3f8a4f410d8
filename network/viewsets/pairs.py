"""The admin's screens for records that may be about one and the same, of whatever kind."""

import django_filters
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.widgets.boolean_radio_select import BooleanRadioSelect
from wagtail.permissions import policy_registry

from network.models import Country
from network.models.pairs import AbstractPair, AbstractScan
from network.viewsets.progress import progress_of
from network.viewsets.records import RecordIndexView, RecordInspectView, RecordViewSet


def url_of(kind: type[Model], name: str, *args) -> str:
    """The address of a screen of one kind of record."""
    return reverse(f"{kind._meta.model_name}:{name}", args=args)


def compare_url(one: Model, other: Model) -> str:
    return f"{url_of(type(one), 'merge', one.pk)}?other={other.pk}"


def may_merge(viewer, kind: type[Model]) -> bool:
    """To merge a record away is to remove it."""
    return policy_registry.get_by_type(kind).user_has_permission(viewer, "delete")


def lead_on(request, sentence: str, kind: type[AbstractPair]) -> None:
    """Say that it is done, and lead on to the next pair that waits."""
    waits = kind.objects.visible_to(request.user).open().select_related("first", "second").first()
    lead = [messages.button(compare_url(waits.first, waits.second), _("Compare the next two"))] if waits else []
    messages.success(request, sentence, buttons=lead)


class PairFilterSet(WagtailFilterSet):
    """What waits for somebody to decide, or what was decided."""

    is_kept_apart = django_filters.BooleanFilter(label=gettext_lazy("They are not the same"), widget=BooleanRadioSelect)

    def filter_queryset(self, queryset):
        return queryset.kept_apart() if self.form.cleaned_data["is_kept_apart"] else queryset.open()


def tell_twins(request, kind: type[AbstractPair], record: Model) -> None:
    """Note which records may be the same as a new one, and name those that the reader sees."""
    noted = [pair.pk for pair in kind.objects.look_at(record)]
    seen = kind.objects.visible_to(request.user).filter(pk__in=noted)
    countries = Country.objects.by_code() if noted else {}
    for pair in seen.select_related("first", "second")[:3]:
        other = pair.beside(record)
        compare = messages.button(compare_url(other, record), _("Compare"))
        _for, reason = pair.said_in(countries)[0]
        told = _("This may be the same as %(other)s: %(reason)s.")
        messages.warning(request, told % {"other": other, "reason": reason}, buttons=[compare])


class PairIndexView(RecordIndexView):
    template_name = "network/pairs.html"
    results_template_name = "network/pairs_results.html"
    related = ("first", "second")
    title_label = gettext_lazy("One")
    title_accessor = "first"
    title_sort_key = None
    scan: type[AbstractScan] = None

    @cached_property
    def columns(self):
        """Among what the viewset lists what speaks for a pair, with the names of countries, read once for all rows."""
        countries = Country.objects.by_code()

        def said(pair: AbstractPair) -> str:
            return format_html_join("", '<div class="reason reason--{}">{}</div>', pair.said_in(countries))

        one, other, *rest = super().columns
        if self.request.GET.get("is_kept_apart") == "true":
            rest = [*rest, DateColumn("decided_at", label=_("Kept apart"))]
        return [one, other, Column("said", label=_("What speaks for it"), accessor=said, width="50%"), *rest]

    def get_filterset_kwargs(self):
        return {**super().get_filterset_kwargs(), "queryset": self.model.objects.all()}

    def get_context_data(self, *args, **kwargs):
        kwargs["can_merge"] = may_merge(self.request.user, self.model.first.field.related_model)
        kwargs |= progress_of(self.scan.objects.first(), url_of(self.model, "scan"))
        return super().get_context_data(*args, **kwargs)

    def get_title_url(self, pair):
        return compare_url(pair.first, pair.second)


class PairInspectView(RecordInspectView):
    """Pairs are looked at where they can be merged."""

    def get(self, request, *args, **kwargs):
        return redirect(compare_url(self.object.first, self.object.second))


class _ActView(View):
    """A POST by somebody who may merge the records."""

    http_method_names = ["post"]
    model: type[AbstractPair] = None
    scan: type[AbstractScan] = None

    def dispatch(self, request, *args, **kwargs):
        if not may_merge(request.user, self.model.first.field.related_model):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class ScanView(_ActView):
    """GET says how far the last scan is; POST asks the worker to compare all records with each other."""

    http_method_names = ["get", "post"]

    def get(self, request):
        return render(request, "network/_errand.html", progress_of(self.scan.objects.first(), request.path))

    def post(self, request):
        self.scan.objects.ask(by=request.user)
        messages.success(request, _("All records are being compared in the background."))
        return redirect(url_of(self.model, "index"))


class _DecideView(_ActView):
    """Calls one verb of a pair, and leads to where it is looked at next."""

    def post(self, request, pk):
        pair = get_object_or_404(self.model.objects.visible_to(request.user), pk=pk)
        try:
            return redirect(self.act(pair))
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
            return redirect(url_of(self.model, "index"))

    def act(self, pair: AbstractPair) -> str:
        raise NotImplementedError


class KeepApartView(_DecideView):
    """These are two; not asked again."""

    def act(self, pair):
        pair.keep_apart(by=self.request.user)
        lead_on(self.request, _("Noted: they are not the same."), self.model)
        return url_of(self.model, "index")


class CompareAgainView(_DecideView):
    """They may be one after all."""

    def act(self, pair):
        pair.compare_again(by=self.request.user)
        messages.success(self.request, _("These two wait for a decision again."))
        return compare_url(pair.first, pair.second)


class PairViewSet(RecordViewSet):
    """Pairs are found by the `scan` and decided by people; nobody writes one."""

    scan: type[AbstractScan]
    icon = "group"
    index_view_class = PairIndexView
    inspect_view_class = PairInspectView
    filterset_class = PairFilterSet
    ordering = "-score"
    list_display = [
        Column("second", label=gettext_lazy("And")),
        Column("score", label=gettext_lazy("Weight"), sort_key="score"),
    ]
    list_export = ["first", "second", "score"]
    form_fields = ["score"]  # never shown: the policy lets nobody add or change a pair

    def get_index_view_kwargs(self, **kwargs):
        return super().get_index_view_kwargs(scan=self.scan, **kwargs)

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),
            path("scan/", ScanView.as_view(model=self.model, scan=self.scan), name="scan"),
            path("<int:pk>/keep-apart/", KeepApartView.as_view(model=self.model), name="keep_apart"),
            path("<int:pk>/compare-again/", CompareAgainView.as_view(model=self.model), name="compare_again"),
        ]


class TwinsTold:
    """For a view that adds a record: says at once which ones may be the same. A subclass names the kind of `pair`."""

    pair: type[AbstractPair]

    def form_valid(self, form):
        response = super().form_valid(form)
        if self.object is not None:
            tell_twins(self.request, self.pair, self.object)
        return response
