"""The admin's screens for ratifications: what is next, whose turn it is, and the card with its steps."""

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.tables import Column, StatusTagColumn
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from legal.forms import pathway as questions
from legal.forms.treaties import instrument_choices
from legal.models import Instrument, Pathway
from network.forms import country_choices
from network.models import Country
from network.names import fold
from network.viewsets.records import RecordActView, RecordIndexView, RecordInspectView, RecordViewSet, Text

YES = forms.Select(choices=[("", "---"), ("true", gettext_lazy("Yes"))])
MOST_ON_HOME = 10


class PathwayFilterSet(WagtailFilterSet):
    country = django_filters.ChoiceFilter(label=gettext_lazy("Country"), choices=country_choices)
    instrument = django_filters.ChoiceFilter(label=gettext_lazy("Instrument"), choices=instrument_choices)
    turn = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Whose turn it is"), queryset=lambda _request: questions.colleagues(), method="turn_of"
    )
    overdue = django_filters.BooleanFilter(label=gettext_lazy("Overdue"), method="late", widget=YES)
    is_open = django_filters.BooleanFilter(label=gettext_lazy("Under way"), method="under_way", widget=YES)

    class Meta:
        model = Pathway
        fields = []

    def turn_of(self, pathways, _name, user):
        return pathways.turn_of(user) if user else pathways

    def late(self, pathways, _name, is_asked):
        return pathways.overdue() if is_asked else pathways

    def under_way(self, pathways, _name, is_asked):
        return pathways.open() if is_asked else pathways


def next_words(pathway: Pathway) -> str:
    step = pathway.next_step
    return str(step) if step else _("closed")


def whose_turn(pathway: Pathway) -> str:
    step = pathway.next_step
    return str((step and step.owner) or pathway.owner or "")


def due(pathway: Pathway) -> str:
    step = pathway.next_step
    if step is None or step.due_on is None:
        return ""
    day = date_format(step.due_on)
    return _("%(day)s, overdue") % {"day": day} if step.is_overdue else day


class PathwayIndexView(RecordIndexView):
    """What is next, the most urgent first."""

    add_item_label = gettext_lazy("Begin a ratification")
    title_label = gettext_lazy("Country")
    title_accessor = "country"
    title_sort_key = "country"
    related = ("country", "instrument", "owner")
    export_values = {
        "country": lambda pathway: pathway.country_id,
        "instrument": lambda pathway: pathway.instrument.slug,
        "next_step": next_words,
        "whose_turn": whose_turn,
    }

    def dressed(self, rows):
        return super().dressed(rows).with_next()

    def search_queryset(self, queryset):
        if not self.is_searching:
            return queryset
        words = fold(self.search_query)
        codes = {code for name, code in Country.objects.by_any_name().items() if words in name}
        works = Instrument.objects.matching(self.search_query).values("pk")
        return queryset.filter(country__in=codes) | queryset.filter(instrument__in=works)

    def order_queryset(self, queryset):
        return queryset.by_due() if self.ordering == "next_due" else super().order_queryset(queryset)


class BeginView(WagtailAdminTemplateMixin, View):
    """A country sets out; `?instrument=` and `?country=` say which."""

    template_name = "legal/desk/pathway_begin.html"
    page_title = gettext_lazy("Begin a ratification")
    header_icon = "clipboard-list"

    def dispatch(self, request, *args, **kwargs):
        if not request.user.has_perm("legal.add_pathway"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request):
        asked = {name: request.GET[name] for name in ("country", "instrument") if name in request.GET}
        return self.page(questions.BeginForm(viewer=request.user, initial={"owner": request.user.pk, **asked}))

    def post(self, request):
        form = questions.BeginForm(request.POST, viewer=request.user)
        if form.is_valid():
            told = dict(form.cleaned_data)
            try:
                begun = Pathway.objects.begin(told.pop("instrument"), told.pop("country"), by=request.user, **told)
            except ValidationError as refusal:
                form.add_error(None, refusal)
            else:
                return redirect("pathway:inspect", begun.pk)
        return self.page(form)

    def page(self, form):
        return self.render_to_response(self.get_context_data(form=form, media=form.media))

    def get_breadcrumbs_items(self):
        listed = {"url": reverse("pathway:index"), "label": capfirst(Pathway._meta.verbose_name_plural)}
        return [*self.breadcrumbs_items, listed, {"url": "", "label": self.page_title}]


class PathwayInspectView(RecordInspectView):
    template_name = "legal/desk/pathway.html"

    def facts(self):
        one, instrument = self.object, self.object.instrument
        return [
            (_("country"), one.country),
            (_("instrument"), instrument),
            (_("consents by"), one.get_act_display()),
            (_("owner"), one.owner),
            (_("begun"), date_format(one.begun_on)),
            (_("deposit expected"), one.expected_on and date_format(one.expected_on)),
            (_("the instrument"), in_force_words(instrument)),
            (_("would bind the country"), one.is_open and self.binds_words()),
            (_("note"), one.note),
            (_("closed"), one.closed_on and date_format(one.closed_on)),
            (_("why it was closed"), one.closed_why),
            (_("deposit"), one.deposit_made),
        ]

    def binds_words(self) -> str:
        one = self.object
        day = one.binds_from()
        if day is None:
            return _("The day cannot be told before the instrument is in force.")
        words = {"day": date_format(day)}
        if one.expected_on:
            return _("from %(day)s, if it deposits when expected") % words
        return _("from %(day)s, if it deposited today") % words

    def get_context_data(self, **kwargs):
        one, acts = self.object, []
        if one.is_open and self.request.user.has_perm("legal.change_pathway"):
            acts = [
                (_("A step was taken"), "pathway:take", questions.TakeStepForm(pathway=one), _("Note it"), ""),
                (_("Plan a step"), "pathway:plan", questions.PlanForm(pathway=one), _("Plan it"), ""),
                (_("One more step"), "pathway:add_step", questions.AddStepForm(pathway=one), _("Put it in"), ""),
                (
                    _("The instrument was deposited"),
                    "pathway:deposit",
                    questions.DepositForm(),
                    _("Record the deposit"),
                    "",
                ),
                (_("It goes no further"), "pathway:stop", questions.StopForm(), _("Close it"), "serious"),
            ]
        kwargs |= {"acts": acts, "media": questions.DepositForm().media}
        steps = one.steps.select_related("owner").in_order()
        return super().get_context_data(steps=steps, next_step=one.next_step, **kwargs)


def in_force_words(instrument: Instrument) -> str:
    """Since when it is in force, or how many deposits are missing."""
    since = instrument.force().since
    if since:
        return _("in force since %(day)s") % {"day": date_format(since)}
    if instrument.deposits_needed:
        numbers = {"made": instrument.deposits(), "needed": instrument.deposits_needed}
        return _("not in force: %(made)s of %(needed)s deposits") % numbers
    return _("not in force")


class PathwayActView(RecordActView):
    model = Pathway


class OfStepsView(PathwayActView):
    def form(self, record):
        return self.form_class(self.request.POST, pathway=record)


class TakeStepView(OfStepsView):
    form_class = questions.TakeStepForm

    def act(self, record, answers):
        record.take_step(answers["step"], by=self.request.user, on=answers["on"], note=answers["note"])
        return _("It is noted.")


class PlanView(OfStepsView):
    form_class = questions.PlanForm

    def act(self, record, answers):
        record.plan(answers["step"], due_on=answers["due_on"], owner=answers["owner"], by=self.request.user)
        return _("It is planned.")


class AddStepView(OfStepsView):
    form_class = questions.AddStepForm

    def act(self, record, answers):
        record.add_step(answers["title"], before=answers["step"], by=self.request.user)
        return _("There is one more step.")


class DepositView(PathwayActView):
    form_class = questions.DepositForm

    def act(self, record, answers):
        record.deposit(by=self.request.user, **answers)
        return _("The deposit is recorded; the ratification has come to its end.")


class StopView(PathwayActView):
    form_class = questions.StopForm

    def act(self, record, answers):
        record.stop(answers["reason"], by=self.request.user)
        return _("It is closed.")


class PathwayViewSet(RecordViewSet):
    model = Pathway
    icon = "clipboard-list"
    url_prefix = "legal/ratifications"
    filterset_class = PathwayFilterSet
    index_view_class = PathwayIndexView
    inspect_view_class = PathwayInspectView
    ordering = "next_due"
    list_display = [
        Column("instrument", label=gettext_lazy("Instrument"), sort_key="instrument"),
        Text("next_step", label=gettext_lazy("Next step"), accessor=next_words),
        Text("whose_turn", label=gettext_lazy("Whose turn it is"), accessor=whose_turn),
        StatusTagColumn(
            "due",
            label=gettext_lazy("By"),
            accessor=due,
            primary=lambda pathway: bool(pathway.next_step and pathway.next_step.is_overdue),
        ),
    ]
    list_export = ["country", "instrument", "act", "next_step", "whose_turn", "next_due", "begun_on", "closed_on"]
    export_filename = "ratifications"
    edit_handler = ObjectList(
        [FieldRowPanel([FieldPanel("owner"), FieldPanel("expected_on")]), FieldPanel("act"), FieldPanel("note")]
    )

    @property
    def add_view(self):
        return BeginView.as_view()

    def get_urlpatterns(self):
        acts = {
            **{"take": TakeStepView, "plan": PlanView, "add-step": AddStepView},
            **{"deposit": DepositView, "stop": StopView},
        }
        return [
            *super().get_urlpatterns(),
            *(path(f"<int:pk>/{name}/", view.as_view(), name=name.replace("-", "_")) for name, view in acts.items()),
        ]


class NextSteps(Component):
    """On the first page of the admin: the ratifications whose next step is the reader's turn."""

    name = "next_steps"
    template_name = "legal/desk/next_steps.html"
    order = 210

    def __init__(self, user):
        self.user = user

    def get_context_data(self, parent_context):
        found = Pathway.objects.visible_to(self.user).with_next().turn_of(self.user)
        found = found.select_related("country", "instrument", "owner").by_due()[: MOST_ON_HOME + 1]
        pathways = list(found)
        return {
            "pathways": pathways[:MOST_ON_HOME],
            "has_more": len(pathways) > MOST_ON_HOME,
            "all_url": f"{reverse('pathway:index')}?turn={self.user.pk}",
        }
