"""The admin's list of what focal points suggest, and the card on which one sees field by field what would change."""

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn

from contacts.models import Person
from legal.models import NationalLaw, Suggestion
from legal.models.focal_point import invite_to_contribute
from legal.models.units import labels_of
from network.forms import LongSelect, country_choices
from network.models import Country
from network.views.answers import handed_out
from network.viewsets.records import RecordActView, RecordIndexView, RecordInspectView, RecordViewSet


class SuggestionFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"), choices=Suggestion.State.choices, widget=forms.RadioSelect
    )
    kind = django_filters.ChoiceFilter(
        label=gettext_lazy("Kind"), choices=Suggestion.Kind.choices, widget=forms.RadioSelect
    )
    country = django_filters.ChoiceFilter(label=gettext_lazy("Country"), choices=country_choices, widget=LongSelect)

    class Meta:
        model = Suggestion
        fields = []


class SuggestionIndexView(RecordIndexView):
    title_label = gettext_lazy("What it is about")
    title_accessor = "what"
    title_sort_key = None
    related = ("country", "law", "person")
    export_values = {
        "what": lambda one: one.what,
        "country": lambda one: one.country_id,
        "person": lambda one: str(one.person or ""),
        "state": Suggestion.get_state_display,
        "kind": Suggestion.get_kind_display,
    }

    def search_queryset(self, queryset):
        return queryset.filter(note__icontains=self.search_query) if self.is_searching else queryset


class SuggestionInspectView(RecordInspectView):
    template_name = "legal/suggestion.html"

    def facts(self):
        one = self.object
        places = [place for place in (one.standard, one.provision) if place]
        labels = labels_of(places)
        law = format_html('<a href="{}">{}</a>', reverse("nationallaw:inspect", args=[one.law_id]), one.law)
        file = format_html('<a href="{}">{}</a>', reverse("suggestion:file", args=[one.pk]), one.name)
        answered = one.answered_at and f"{date_format(one.answered_at)} · {one.answered_by or '–'}"
        return [
            (_("country"), one.country),
            (_("kind"), one.get_kind_display()),
            (_("law"), law if one.law else ""),
            (_("article"), one.standard and f"{one.standard.work}, {labels[one.standard_id]}"),
            (_("provision"), one.provision and labels[one.provision_id]),
            (_("note"), one.note),
            (_("file"), file if one.file else ""),
            (_("suggested by"), one.person),
            (_("suggested"), date_format(one.suggested_at)),
            (_("state"), one.get_state_display()),
            (_("answered"), answered),
            (_("answer"), one.answer),
        ]

    def get_context_data(self, **kwargs):
        one = self.object
        may = one.is_waiting and self.request.user.has_perm("legal.change_suggestion")
        return super().get_context_data(differences=one.differences(), may_answer=may, seal=one.seal, **kwargs)


class AcceptForm(forms.Form):
    """Which fields are taken over; `seal` says what the officer has seen."""

    fields_taken = forms.MultipleChoiceField(required=False)
    answer = forms.CharField(max_length=2000, required=False)
    seal = forms.CharField(max_length=16, required=False)

    def __init__(self, *args, suggestion: Suggestion, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["fields_taken"].choices = [(name, name) for name in suggestion.proposed]


class AnswerForm(forms.Form):
    answer = forms.CharField(label=gettext_lazy("Why"), max_length=2000)


class AcceptView(RecordActView):
    model = Suggestion

    def form(self, record):
        return AcceptForm(self.request.POST, suggestion=record)

    def act(self, record, answers):
        taken = answers["fields_taken"]
        record.accept(by=self.request.user, fields=taken, answer=answers["answer"], seal=answers["seal"])
        return _("It is taken over; a letter says so.")


class ReturnView(RecordActView):
    model = Suggestion
    form_class = AnswerForm

    def act(self, record, answers):
        record.return_with(answers["answer"], by=self.request.user)
        return _("It is returned; a letter says why.")


class SuggestionFileView(View):
    """Hands the file out to whoever may see the suggestion."""

    def get(self, request, pk):
        found = get_object_or_404(Suggestion.objects.visible_to(request.user), pk=pk)
        if not found.file:
            raise Http404
        return handed_out(found.file, found.name)


class InviteView(View):
    """Asks a focal point to look through the law of their country, and opens their account."""

    http_method_names = ["post"]

    def post(self, request, code, person):
        if not request.user.has_perm("legal.change_suggestion"):
            raise PermissionDenied
        country = get_object_or_404(Country, pk=code)
        who = get_object_or_404(Person.objects.visible_to(request.user), pk=person)
        try:
            invite_to_contribute(who, country, by=request.user)
            messages.success(request, _("A letter to %(name)s is on its way.") % {"name": who})
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        return redirect("country:inspect", country.pk)


class SuggestionViewSet(RecordViewSet):
    """A list and a card: focal points write, officers answer."""

    model = Suggestion
    icon = "comment"
    url_prefix = "legal/suggestions"
    index_view_class = SuggestionIndexView
    inspect_view_class = SuggestionInspectView
    filterset_class = SuggestionFilterSet
    form_fields = ["note"]
    list_display = [
        Column("country", label=gettext_lazy("Country")),
        Column("kind", label=gettext_lazy("Kind"), accessor="get_kind_display"),
        Column("person", label=gettext_lazy("Suggested by")),
        DateColumn("suggested_at", label=gettext_lazy("Suggested"), sort_key="suggested_at"),
        StatusTagColumn(
            "state", label=gettext_lazy("State"), accessor="get_state_display", primary=lambda one: one.is_waiting
        ),
    ]
    list_export = ["what", "country", "kind", "person", "suggested_at", "state", "note", "answer"]
    export_headings = {"what": gettext_lazy("What it is about")}
    export_filename = "suggestions"

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),
            path("<int:pk>/accept/", AcceptView.as_view(), name="accept"),
            path("<int:pk>/return/", ReturnView.as_view(), name="return"),
            path("<int:pk>/file/", SuggestionFileView.as_view(), name="file"),
            path("invite/<str:code>/<int:person>/", InviteView.as_view(), name="invite"),
        ]


class SuggestionsAbout(Component):
    """On the card of a law: what focal points said of it, with the files that they sent."""

    template_name = "legal/suggestions_panel.html"

    def __init__(self, law: NationalLaw, viewer):
        self.rows = list(Suggestion.objects.visible_to(viewer).filter(law=law).select_related("person", "country"))

    def get_context_data(self, _parent_context):
        return {"rows": self.rows}


def panels(record, viewer) -> list[Component]:
    if not isinstance(record, NationalLaw) or not viewer.has_perm("legal.view_suggestion"):
        return []
    panel = SuggestionsAbout(record, viewer)
    return [panel] if panel.rows else []
