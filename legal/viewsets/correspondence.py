"""The admin's list of correspondences, what waits for a review first, and the card on which one reviews."""

import django_filters
from django import forms
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn

from legal.forms.gaps import PlainForm, ReasonForm
from legal.models import Correspondence, Grade
from network.forms import LongSelect, country_choices
from network.viewsets.records import RecordActView, RecordIndexView, RecordInspectView, RecordViewSet

STATES = {
    "awaiting_review": gettext_lazy("Awaits review"),
    "returned": gettext_lazy("Returned"),
    "current": gettext_lazy("Stands"),
}


class CorrespondenceFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"), choices=list(STATES.items()), method="standing_so", widget=forms.RadioSelect
    )
    country = django_filters.ChoiceFilter(label=gettext_lazy("Country"), choices=country_choices, widget=LongSelect)
    grade = django_filters.ChoiceFilter(label=gettext_lazy("Grade"), choices=Grade.choices, widget=forms.RadioSelect)
    others = django_filters.BooleanFilter(
        label=gettext_lazy("Assessed by"),
        method="of_others",
        widget=forms.Select(choices=[("", "---"), ("true", gettext_lazy("others")), ("false", gettext_lazy("me"))]),
    )

    class Meta:
        model = Correspondence
        fields = []

    def standing_so(self, rows, _name, state):
        return getattr(rows, state)()

    def of_others(self, rows, _name, is_others):
        mine = {"assessor": self.request.user}
        return rows.exclude(**mine) if is_others else rows.filter(**mine)


class CorrespondenceIndexView(RecordIndexView):
    title_label = gettext_lazy("Standard")
    title_accessor = "standard"
    title_sort_key = None
    export_values = {
        "standard": lambda one: str(one.standard),
        "provision": lambda one: str(one.provision or ""),
        "country": lambda one: one.country_id or "",
        "state": lambda one: one.state,
    }

    def get_base_queryset(self):
        return super().get_base_queryset().visible_to(self.request.user)

    def dressed(self, rows):
        return rows.with_places()

    def search_queryset(self, queryset):
        return queryset.filter(rationale__icontains=self.search_query) if self.is_searching else queryset


class CorrespondenceInspectView(RecordInspectView):
    template_name = "network/record_acts.html"

    def get_object(self, *args, **kwargs):
        """404 for one of a draft that the viewer may not read; who may read none is turned away by the permission."""
        found, viewer = super().get_object(*args, **kwargs), self.request.user
        if not viewer.has_perm("legal.view_correspondence"):
            return found
        return get_object_or_404(Correspondence.objects.visible_to(viewer), pk=found.pk)

    def facts(self):
        one = self.object
        compare = ""
        if one.country:
            url = reverse("gaps:compare", args=[one.country_id, one.standard_id])
            at = f"?law={one.provision.work.slug}&at={one.provision.eid}" if one.provision else ""
            compare = format_html('<a href="{}{}">{}</a>', url, at, _("both texts side by side"))
        evidence = format_html('<a href="{0}" rel="noreferrer">{0}</a>', one.evidence) if one.evidence else ""
        return [
            (_("standard"), one.standard),
            (_("relation"), one.get_relation_display() if one.provision else ""),
            (_("provision"), one.provision),
            (_("country"), one.country),
            (_("grade"), f"{one.sign} {one.get_grade_display()}"),
            (_("rationale"), one.rationale),
            (_("evidence"), evidence),
            (_("assessed"), said(one.assessed_on, one.assessor)),
            (_("reviewed"), said(one.reviewed_on, one.reviewer)),
            (_("returned"), said(one.returned_on, one.return_reason)),
            (_("superseded"), one.superseded_on and date_format(one.superseded_on)),
            (_("state"), one.state),
            (_("to read"), compare),
        ]

    def get_context_data(self, **kwargs):
        one, viewer, acts = self.object, self.request.user, []
        if viewer.has_perm("legal.change_correspondence") and one.superseded_on is None:
            if one.is_open and not one.returned_on and viewer != one.assessor:
                acts += [
                    (_("Agree"), "correspondence:review", PlainForm(), _("Reviewed: readers may see it"), ""),
                    (_("Return it"), "correspondence:return", ReasonForm(), _("Return it to its assessor"), ""),
                ]
            acts.append((_("Take it back"), "correspondence:supersede", PlainForm(), _("It does not hold"), "serious"))
        return super().get_context_data(acts=acts, media=ReasonForm().media, **kwargs)


def said(day, who) -> str:
    return f"{date_format(day)} · {who or '–'}" if day else ""


class CorrespondenceActView(RecordActView):
    model = Correspondence
    form_class = PlainForm

    def post(self, request, pk, **where):
        if request.user.has_perm("legal.change_correspondence"):
            get_object_or_404(Correspondence.objects.visible_to(request.user), pk=pk)
        return super().post(request, pk, **where)


class ReviewView(CorrespondenceActView):
    def act(self, record, answers):
        record.review(by=self.request.user)
        return _("It is reviewed, and stands from today on.")


class ReturnView(CorrespondenceActView):
    form_class = ReasonForm

    def act(self, record, answers):
        record.return_with(answers["reason"], by=self.request.user)
        return _("It is on the desk of its assessor, with your reason.")


class SupersedeView(CorrespondenceActView):
    def act(self, record, answers):
        record.supersede(by=self.request.user)
        return _("It stands no more; the history keeps it.")


class CorrespondenceViewSet(RecordViewSet):
    """A list and a card: what was found is noted in the matrix, and never written over."""

    model = Correspondence
    icon = "link"
    url_prefix = "legal/correspondences"
    index_view_class = CorrespondenceIndexView
    inspect_view_class = CorrespondenceInspectView
    filterset_class = CorrespondenceFilterSet
    form_fields = ["rationale"]
    list_display = [
        Column("place", label=gettext_lazy("Provision"), accessor=lambda one: one.provision or one.country),
        Column("grade", label=gettext_lazy("Grade"), accessor=lambda one: f"{one.sign} {one.get_grade_display()}"),
        Column("assessor", label=gettext_lazy("Assessor")),
        DateColumn("assessed_on", label=gettext_lazy("Assessed"), sort_key="assessed_on"),
        StatusTagColumn("state", label=gettext_lazy("State"), accessor="state", primary=lambda one: one.is_open),
    ]
    list_export = [
        *("standard", "provision", "country", "relation", "grade", "rationale", "evidence", "assessed_on"),
        *("reviewed_on", "superseded_on", "state"),
    ]
    export_headings = {"state": gettext_lazy("State")}
    export_filename = "correspondences"

    def get_urlpatterns(self):
        acts = {"review": ReviewView, "return": ReturnView, "supersede": SupersedeView}
        return [
            *super().get_urlpatterns(),
            *(path(f"<int:pk>/{name}/", view.as_view(), name=name) for name, view in acts.items()),
        ]
