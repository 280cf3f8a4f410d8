"""The admin's screens for instruments, national laws, model laws and cases: what is a draft, what is to be checked
again, and where it comes from."""

import django_filters
from django import forms
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, DateColumn, StatusFlagColumn
from wagtail.admin.widgets.button import HeaderButton

from legal.forms.works import CaseStudyForm, InstrumentForm
from legal.models import CaseStudy, Instrument, ModelLaw, NationalLaw, Work
from legal.models.sourced import Sourced
from legal.text_formats.languages import name_of
from legal.views.desk import drafting
from legal.views.desk.door import RECORDS
from network.forms import RecordForm, country_choices, topic_choices
from network.labels import language_name
from network.viewsets.records import RecordActView, RecordIndexView, RecordInspectView, RecordViewSet

YES = forms.Select(choices=[("", "---"), ("true", gettext_lazy("Yes")), ("false", gettext_lazy("No"))])


class WorkFilterSet(WagtailFilterSet):
    country = django_filters.ChoiceFilter(label=gettext_lazy("Country"), choices=country_choices)
    topic = django_filters.ChoiceFilter(
        label=gettext_lazy("Topic"), choices=topic_choices, field_name="topics", distinct=True
    )
    is_published = django_filters.BooleanFilter(label=gettext_lazy("Published"), widget=YES)
    stale = django_filters.BooleanFilter(
        label=gettext_lazy("To be checked again"),
        method="overdue",
        widget=forms.Select(choices=[("", "---"), ("true", gettext_lazy("Yes"))]),
    )
    mine = django_filters.BooleanFilter(
        label=gettext_lazy("Kept by me"),
        method="kept_by_me",
        widget=forms.Select(choices=[("", "---"), ("true", gettext_lazy("Yes"))]),
    )

    def overdue(self, works, _name, is_stale):
        return works.stale() if is_stale else works

    def kept_by_me(self, works, _name, is_mine):
        return works.filter(owner=self.request.user) if is_mine else works


class InstrumentFilterSet(WorkFilterSet):
    country = None

    class Meta:
        model = Instrument
        fields = []


class NationalLawFilterSet(WorkFilterSet):
    class Meta:
        model = NationalLaw
        fields = ["form"]


class ModelLawFilterSet(WorkFilterSet):
    country = None

    class Meta:
        model = ModelLaw
        fields = []


class CaseStudyFilterSet(WorkFilterSet):
    class Meta:
        model = CaseStudy
        fields = []


class WorkIndexView(RecordIndexView):
    title_label = gettext_lazy("Title")
    title_accessor = "name"
    title_sort_key = None
    related = ("country",)
    export_values = {"title": lambda work: str(work.title), "country": lambda work: work.country_id or ""}


def provenance(record: Sourced) -> list[tuple[str, object]]:
    """Where a record comes from, as a card says it."""
    link = format_html('<a href="{0}" rel="noreferrer">{0}</a>', record.source_url) if record.source_url else ""
    verified = ""
    if record.verified_on:
        verified = _("%(day)s, by %(who)s") % {"day": date_format(record.verified_on), "who": record.verified_by or "–"}
    return [
        (_("source"), record.source),
        (_("address of the source"), link),
        (_("as at"), record.as_at and date_format(record.as_at)),
        (_("verified"), verified or _("never")),
        (_("to be reviewed by"), record.review_by and date_format(record.review_by)),
    ]


class WorkInspectView(RecordInspectView):
    """The card: what the work is, its texts, and the acts that change its state."""

    template_name = "network/record_acts.html"

    def facts(self):
        one = self.object
        shown = _("published") if one.is_published else _("draft")
        return [
            (_("title"), str(one.title)),
            (_("number"), one.number),
            (_("country"), one.country),
            (_("date"), one.dated_on and date_format(one.dated_on)),
            *self.own_facts(),
            (_("topics"), ", ".join(str(topic) for topic in one.topics.all())),
            (_("texts"), format_html_join("", '<div><a href="{}">{}</a> · {} · {}</div>', self.texts())),
            (_("owner"), one.owner),
            (_("state"), format_html('{} · <a href="{}">{}</a>', shown, one.get_absolute_url(), _("its page"))),
            *provenance(one),
        ]

    def own_facts(self) -> list[tuple[str, object]]:
        """What only this kind of work has."""
        return []

    def texts(self) -> list[tuple[str, str, str, str]]:
        """Address of the card, language, authenticity, day."""
        return [
            (
                reverse("expression:inspect", args=[one.pk]),
                name_of(one.language),
                one.get_authenticity_display(),
                date_format(one.valid_on),
            )
            for one in self.object.expressions.order_by("language", "-valid_on")
        ]

    @property
    def header_buttons(self):
        if not self.request.user.has_perm(RECORDS):
            return super().header_buttons
        url = f"{reverse('intake:index')}?work={self.object.slug}"
        return [*super().header_buttons, HeaderButton(_("Import a text"), url=url, icon_name="upload")]

    def get_context_data(self, **kwargs):
        acts, one, name = [], self.object, self.model._meta.model_name
        if self.request.user.has_perm(f"legal.change_{name}"):
            acts = [
                (_("Verified"), f"{name}:verify", VerifyForm(), _("I have compared it with its source"), ""),
                (
                    (_("Readers see it"), f"{name}:withdraw", forms.Form(), _("Make it a draft again"), "")
                    if one.is_published
                    else (_("A draft"), f"{name}:publish", forms.Form(), _("Publish"), "")
                ),
            ]
        return super().get_context_data(acts=acts, media=VerifyForm().media, **kwargs)


class VerifyForm(forms.Form):
    """Until when what was compared with its source is good."""

    review_by = forms.DateField(
        label=gettext_lazy("To be reviewed by"), required=False, help_text=gettext_lazy("Empty: in two years.")
    )


class WorkActView(RecordActView):
    model = Work


class VerifyView(WorkActView):
    form_class = VerifyForm

    def act(self, record, answers):
        record.verify(by=self.request.user, **answers)
        return _("It is noted that you have verified it.")


class PublishView(WorkActView):
    form_class = forms.Form

    def act(self, record, answers):
        record.publish(by=self.request.user)
        return _("Readers see it from now on.")


class WithdrawView(WorkActView):
    form_class = forms.Form

    def act(self, record, answers):
        record.withdraw(by=self.request.user)
        return _("It is a draft again.")


class InstrumentInspectView(WorkInspectView):
    def own_facts(self):
        one = self.object
        return [
            (_("place"), one.place),
            (_("opened for signature"), one.opened_on and date_format(one.opened_on)),
            (_("in force since"), one.in_force_on and date_format(one.in_force_on)),
            (_("entry into force"), str(one.in_force_clause)),
            (_("depositary"), one.depositary),
            (_("registration"), one.registration),
            (_("authentic languages"), ", ".join(map(language_name, one.authentic_languages))),
            (_("who takes part"), format_html_join(" · ", '<a href="{}">{}: {}</a>', self.who_takes_part())),
        ]

    def who_takes_part(self) -> list[tuple[str, str, int]]:
        """The lists of what countries did and said about it, for those who may see them."""
        lists = {"participation": self.object.participations, "statement": self.object.statements}
        return [
            (
                f"{reverse(f'{name}:index')}?instrument={self.object.pk}",
                capfirst(rows.model._meta.verbose_name_plural),
                rows.count(),
            )
            for name, rows in lists.items()
            if self.request.user.has_perm(f"legal.view_{name}")
        ]


class NationalLawInspectView(WorkInspectView):
    def own_facts(self):
        one = self.object
        return [
            (_("form"), one.get_form_display()),
            (_("status"), one.status_on().label),
            (_("in force since"), one.in_force_on and date_format(one.in_force_on)),
            (_("repealed"), one.repealed_on and date_format(one.repealed_on)),
            (_("repealed by"), one.repealed_by),
            (_("citation"), one.citation),
        ]


class ModelLawInspectView(WorkInspectView):
    def own_facts(self):
        instruments = ", ".join(str(one) for one in self.object.instruments.all())
        url = reverse("modellaw:drafting", args=[self.object.pk])
        drafting_link = format_html('<a href="{}">{}</a>', url, _("Commentary, options and drafts of countries"))
        shown = drafting_link if self.request.user.has_perm("legal.change_modellaw") else ""
        return [
            (_("prepared by"), self.object.prepared_by),
            (_("puts into practice"), instruments),
            (_("drafting"), shown),
        ]


class CaseStudyInspectView(WorkInspectView):
    def own_facts(self):
        one = self.object
        return [
            (_("goods"), str(one.goods)),
            (_("modus operandi"), str(one.modus_operandi)),
            (_("route"), str(one.route)),
            (_("seizure"), str(one.seizure)),
            (_("channels of cooperation"), ", ".join(one.channel_names)),
            (_("countries concerned"), ", ".join(str(country) for country in one.countries.all())),
            (_("instruments applied"), ", ".join(str(instrument) for instrument in one.instruments.all())),
            (_("outcome"), str(one.outcome)),
            (_("lessons"), str(one.lessons)),
        ]


def panels(*own) -> list:
    """The form of a work: what it is called, what only its kind has, and where it comes from."""
    return [
        MultiFieldPanel(
            [FieldPanel("title"), FieldPanel("short_title"), FieldRowPanel([FieldPanel("slug"), FieldPanel("number")])],
            heading=gettext_lazy("What it is called"),
        ),
        *own,
        FieldPanel("topics"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("source"), FieldPanel("source_url")]),
                FieldRowPanel([FieldPanel("as_at"), FieldPanel("review_by")]),
                FieldPanel("owner"),
            ],
            heading=gettext_lazy("Where it comes from"),
        ),
    ]


STATE = [
    DateColumn("dated_on", label=pgettext_lazy("of a law", "Date"), sort_key="dated_on"),
    StatusFlagColumn("is_published", label=gettext_lazy("State"), true_label=gettext_lazy("Published")),
]


class WorkViewSet(RecordViewSet):
    """The screens of one kind of work."""

    icon = "doc-full"
    index_view_class = WorkIndexView
    inspect_view_class = WorkInspectView
    list_export = ["slug", "title", "number", "country", "dated_on", "is_published", "source", "source_url", "as_at"]
    list_display = [Column("country", label=gettext_lazy("Country"), sort_key="country"), *STATE]

    def get_urlpatterns(self):
        acts = {"verify": VerifyView, "publish": PublishView, "withdraw": WithdrawView}
        own = [path(f"<int:pk>/{name}/", view.as_view(model=self.model), name=name) for name, view in acts.items()]
        return [*super().get_urlpatterns(), *own]


class InstrumentViewSet(WorkViewSet):
    model = Instrument
    icon = "globe"
    url_prefix = "legal/instruments"
    filterset_class = InstrumentFilterSet
    inspect_view_class = InstrumentInspectView
    export_filename = "instruments"
    list_display = STATE
    edit_handler = ObjectList(
        panels(
            FieldRowPanel([FieldPanel("dated_on"), FieldPanel("place")]),
            FieldRowPanel([FieldPanel("opened_on"), FieldPanel("in_force_on")]),
            FieldPanel("in_force_clause"),
            FieldRowPanel(
                [FieldPanel("deposits_needed"), FieldPanel("days_to_force"), FieldPanel("days_after_deposit")]
            ),
            FieldRowPanel([FieldPanel("depositary"), FieldPanel("registration")]),
            FieldPanel("authentic_languages"),
        ),
        base_form_class=InstrumentForm,
    )


class NationalLawViewSet(WorkViewSet):
    model = NationalLaw
    url_prefix = "legal/laws"
    filterset_class = NationalLawFilterSet
    inspect_view_class = NationalLawInspectView
    export_filename = "laws"
    edit_handler = ObjectList(
        panels(
            FieldRowPanel([FieldPanel("country"), FieldPanel("form")]),
            FieldRowPanel([FieldPanel("dated_on"), FieldPanel("in_force_on"), FieldPanel("repealed_on")]),
            FieldRowPanel([FieldPanel("citation"), FieldPanel("url")]),
        ),
        base_form_class=RecordForm,
    )


DRAFTING = {
    "drafting": drafting.DraftingView,
    "begin_draft": drafting.BeginDraftView,
}


class ModelLawViewSet(WorkViewSet):
    model = ModelLaw
    icon = "draft"
    url_prefix = "legal/model-laws"
    filterset_class = ModelLawFilterSet
    inspect_view_class = ModelLawInspectView
    export_filename = "model-laws"
    list_display = STATE
    edit_handler = ObjectList(
        panels(FieldRowPanel([FieldPanel("dated_on"), FieldPanel("prepared_by")]), FieldPanel("instruments")),
        base_form_class=RecordForm,
    )

    def get_urlpatterns(self):
        own = [path(f"<int:pk>/{name}/", view.as_view(), name=name) for name, view in DRAFTING.items()]
        provision = drafting.ProvisionView.as_view()
        own += [path("<int:pk>/drafting/<int:provision>/", provision, name="drafting_provision")]
        return [*super().get_urlpatterns(), *own]


class CaseStudyViewSet(WorkViewSet):
    model = CaseStudy
    icon = "clipboard-list"
    url_prefix = "legal/cases"
    filterset_class = CaseStudyFilterSet
    inspect_view_class = CaseStudyInspectView
    export_filename = "cases"
    edit_handler = ObjectList(
        panels(
            FieldRowPanel([FieldPanel("country"), FieldPanel("dated_on")]),
            FieldPanel("summary"),
            *(FieldPanel(name) for name in ("goods", "modus_operandi", "route", "seizure")),
            FieldPanel("channels"),
            *(FieldPanel(name) for name in ("outcome", "lessons", "countries", "instruments")),
        ),
        base_form_class=CaseStudyForm,
    )
