"""The admin's screens for what countries did about an instrument, and what they said about it."""

import django_filters
from django import forms
from django.urls import path
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, DateColumn

from legal.forms.treaties import ParticipationForm, StatementForm, instrument_choices
from legal.models import Instrument, Participation, Statement
from legal.viewsets.works import VerifyForm, VerifyView, provenance
from network.forms import country_choices
from network.models import Country, key_in
from network.names import fold
from network.viewsets.country import in_every_language
from network.viewsets.records import RecordCreateView, RecordIndexView, RecordInspectView, RecordViewSet

SOURCE = MultiFieldPanel(
    [
        FieldRowPanel([FieldPanel("source"), FieldPanel("source_url")]),
        FieldRowPanel([FieldPanel("as_at"), FieldPanel("review_by")]),
    ],
    heading=gettext_lazy("Where it comes from"),
)


class OfInstrumentFilterSet(WagtailFilterSet):
    instrument = django_filters.ChoiceFilter(label=gettext_lazy("Instrument"), choices=instrument_choices)
    country = django_filters.ChoiceFilter(label=gettext_lazy("Country"), choices=country_choices)
    stale = django_filters.BooleanFilter(
        label=gettext_lazy("To be checked again"),
        method="overdue",
        widget=forms.Select(choices=[("", "---"), ("true", gettext_lazy("Yes"))]),
    )

    def overdue(self, records, _name, is_stale):
        return records.stale() if is_stale else records


class ParticipationFilterSet(OfInstrumentFilterSet):
    class Meta:
        model = Participation
        fields = ["act"]


class StatementFilterSet(OfInstrumentFilterSet):
    standing = django_filters.BooleanFilter(
        label=gettext_lazy("Stands today"),
        method="stands",
        widget=forms.Select(choices=[("", "---"), ("true", gettext_lazy("Yes"))]),
    )

    class Meta:
        model = Statement
        fields = ["kind"]

    def stands(self, statements, _name, is_asked):
        return statements.standing() if is_asked else statements


class OfInstrumentIndexView(RecordIndexView):
    """Found by the name of the country, in any language, or by that of the instrument."""

    title_label = gettext_lazy("Country")
    title_accessor = "country"
    title_sort_key = "country"
    related = ("country", "instrument")
    export_values = {
        "country": lambda record: record.country_id,
        "instrument": lambda record: record.instrument.slug,
    }

    def search_queryset(self, queryset):
        if not self.is_searching:
            return queryset
        words = fold(self.search_query)
        names = Country.objects.by_any_name().items()
        codes = {code for name, code in names if words in name}
        works = Instrument.objects.matching(self.search_query).values("pk")
        return queryset.filter(country__in=codes) | queryset.filter(instrument__in=works)


class OfInstrumentInspectView(RecordInspectView):
    template_name = "network/record_acts.html"

    def get_context_data(self, **kwargs):
        name = self.model._meta.model_name
        acts = []
        if self.request.user.has_perm(f"legal.change_{name}"):
            acts = [(_("Verified"), f"{name}:verify", VerifyForm(), _("I have compared it with its source"), "")]
        return super().get_context_data(acts=acts, media=VerifyForm().media, **kwargs)


class ParticipationInspectView(OfInstrumentInspectView):
    def facts(self):
        one = self.object
        return [
            (_("country"), one.country),
            (_("instrument"), one.instrument),
            (_("act"), one.get_act_display()),
            (_("date"), date_format(one.acted_on)),
            (_("takes effect"), one.effective_on and date_format(one.effective_on)),
            (_("note"), one.note),
            *provenance(one),
        ]


class StatementInspectView(OfInstrumentInspectView):
    def facts(self):
        one = self.object
        return [
            (_("country"), one.country),
            (_("instrument"), one.instrument),
            (_("kind of statement"), one.get_kind_display()),
            (_("made"), date_format(one.made_on)),
            (_("withdrawn"), one.withdrawn_on and date_format(one.withdrawn_on)),
            (_("objects to"), one.objects_to),
            (_("objections"), ", ".join(str(other) for other in one.objections.select_related("country"))),
            (_("about the provisions"), ", ".join(provision.eid for provision in one.provisions.all())),
            (_("text"), in_every_language(one.text)),
            *provenance(one),
        ]


class OfInstrumentCreateView(RecordCreateView):
    """`?instrument=` and `?country=` say what it is about."""

    def get_initial(self):
        asked = {name: self.request.GET.get(name, "") for name in ("instrument", "country")}
        return {"instrument": key_in(asked["instrument"]) or None, "country": asked["country"] or None}


class OfInstrumentViewSet(RecordViewSet):
    add_view_class = OfInstrumentCreateView
    index_view_class = OfInstrumentIndexView

    def get_urlpatterns(self):
        verify = path("<int:pk>/verify/", VerifyView.as_view(model=self.model), name="verify")
        return [*super().get_urlpatterns(), verify]


class ParticipationViewSet(OfInstrumentViewSet):
    model = Participation
    icon = "pick"
    url_prefix = "legal/participations"
    filterset_class = ParticipationFilterSet
    inspect_view_class = ParticipationInspectView
    ordering = "-acted_on"
    list_display = [
        Column("instrument", label=gettext_lazy("Instrument"), sort_key="instrument"),
        Column("act", label=gettext_lazy("Act"), accessor="get_act_display", sort_key="act"),
        DateColumn("acted_on", label=pgettext_lazy("of an act", "Date"), sort_key="acted_on"),
        DateColumn("effective_on", label=gettext_lazy("Takes effect"), sort_key="effective_on"),
    ]
    list_export = [
        *("instrument", "country", "act", "acted_on", "effective_on", "note"),
        *("source", "source_url", "as_at", "verified_on", "review_by"),
    ]
    export_filename = "participations"
    edit_handler = ObjectList(
        [
            FieldPanel("country"),
            FieldPanel("instrument"),
            FieldPanel("act"),
            FieldRowPanel([FieldPanel("acted_on"), FieldPanel("effective_on")]),
            FieldPanel("note"),
            SOURCE,
        ],
        base_form_class=ParticipationForm,
    )


class StatementViewSet(OfInstrumentViewSet):
    model = Statement
    icon = "openquote"
    url_prefix = "legal/statements"
    filterset_class = StatementFilterSet
    inspect_view_class = StatementInspectView
    ordering = "-made_on"
    list_display = [
        Column("instrument", label=gettext_lazy("Instrument"), sort_key="instrument"),
        Column("kind", label=gettext_lazy("Kind of statement"), accessor="get_kind_display", sort_key="kind"),
        DateColumn("made_on", label=gettext_lazy("Made"), sort_key="made_on"),
        DateColumn("withdrawn_on", label=pgettext_lazy("a statement", "Withdrawn"), sort_key="withdrawn_on"),
    ]
    list_export = [
        *("instrument", "country", "kind", "made_on", "withdrawn_on", "text"),
        *("source", "source_url", "as_at", "verified_on", "review_by"),
    ]
    export_filename = "statements"
    edit_handler = ObjectList(
        [
            FieldPanel("country"),
            FieldPanel("instrument"),
            FieldPanel("kind"),
            FieldPanel("objects_to"),
            FieldRowPanel([FieldPanel("made_on"), FieldPanel("withdrawn_on")]),
            FieldPanel("text"),
            FieldPanel("provisions", widget=forms.CheckboxSelectMultiple),
            SOURCE,
        ],
        base_form_class=StatementForm,
    )
