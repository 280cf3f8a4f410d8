"""A request's card: how it stands, by when what is due, who works on it, what went to and fro, and what it changed; and
the acts that add to it."""

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.ui.components import Component
from wagtail.admin.views.generic.base import BaseObjectMixin, WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets.button import Button

from contacts.models import Person
from legal.forms.assistance import (
    AdvisoryMissionForm,
    AdvisoryReportForm,
    ArticlesForm,
    DraftForm,
    EngageForm,
    MilestoneForm,
    OutcomeForm,
)
from legal.forms.gaps import PlainForm, ReasonForm
from legal.models import AdvisoryMission, Assistance, Draft, Engagement, Expert, Milestone, Provision, State
from legal.models.effect import effects, laws_since, laws_that_followed
from network.models import Country, Organization
from network.models.guarded import sees
from network.views.answers import handed_out
from network.viewsets.access import SeenObject, narrow
from network.viewsets.country import in_every_language
from network.viewsets.records import RecordActView, RecordInspectView

MAY_CHANGE = "legal.change_assistance"
SHOWN = 10  # on the card of a country, an organization or a person


def linked(door: str, record, viewer) -> str:
    """The name of `record`, which leads to its card where the viewer may see it."""
    if record is None or not sees(viewer, record):
        return str(record or "")
    return format_html('<a href="{}">{}</a>', reverse(f"{door}:inspect", args=[record.pk]), record)


class AssistanceInspectView(RecordInspectView):
    template_name = "legal/assistance.html"

    @cached_property
    def may_change(self) -> bool:
        return self.request.user.has_perm(MAY_CHANGE)

    def facts(self):
        one, viewer = self.object, self.request.user
        days = [(_("agreed"), one.agreed_on), (_("begun"), one.begun_on), (_("ended"), one.ended_on)]
        state = one.get_state_display()
        return [
            (_("title"), str(one.title)),
            (_("country"), linked("country", one.country, viewer)),
            (_("kind"), one.get_kind_display()),
            (_("state"), f"{state}: {one.state_reason}" if one.state_reason else state),
            (_("asked for by"), linked("organization", one.organization, viewer)),
            (_("asked for by the person"), linked("person", one.requester, viewer)),
            (_("owner"), one.owner),
            (_("received"), date_format(one.received_on)),
            *((label, day and date_format(day)) for label, day in days),
            (_("scope"), one.scope),
            (_("instruments"), ", ".join(str(work) for work in one.instruments.all())),
            (_("articles"), ", ".join(str(place) for place in one.provisions.select_related("work"))),
            (_("outcome"), in_every_language(one.outcome) if one.outcome else ""),
            (_("outcome for readers"), _("published") if one.is_public else ""),
        ]

    def get_context_data(self, **kwargs):
        one, viewer = self.object, self.request.user
        acts = self.acts() if self.may_change else []
        missions = one.missions.select_related("reported_by").prefetch_related("advisers__person")
        return super().get_context_data(
            acts=acts,
            media=sum((form.media for _heading, _url, form, _label, _tone in acts), start=ReasonForm().media),
            may_change=self.may_change,
            milestones=Milestone.objects.filter(assistance=one),
            missions=[(row, [linked("person", a.person, viewer) for a in row.advisers.all()]) for row in missions],
            engagements=[
                (row, linked("person", row.person, viewer)) for row in one.engagements.select_related("person")
            ],
            drafts=one.drafts.select_related("by"),
            effects=effects(one, viewer),
            laws=laws_that_followed(one, viewer),
            since=laws_since(one) if self.may_change else [],
            **kwargs,
        )

    def acts(self) -> list[tuple]:
        one = self.object
        hold = (_("Put it on hold"), "assistance:hold_back", ReasonForm(auto_id="id_hold_%s"), _("Put it on hold"), "")
        decline = (
            *(_("Decline"), "assistance:decline", ReasonForm(auto_id="id_decline_%s")),
            *(_("Decline it"), "serious"),
        )
        agree = (_("Agree"), "assistance:agree", PlainForm(), _("It is agreed that we help"), "")
        begin = (_("Begin"), "assistance:begin", PlainForm(), _("It is under way"), "")
        resume = (_("Go on"), "assistance:resume", PlainForm(), _("It goes on"), "")
        complete = (_("Complete"), "assistance:complete", OutcomeForm(), _("It is done"), "")
        publish = (_("Publish the outcome"), "assistance:publish", PlainForm(), _("Let everybody read it"), "")
        withdraw = (_("Published"), "assistance:withdraw", PlainForm(), _("For us alone again"), "")
        found = {
            State.RECEIVED: [agree, hold, decline],
            State.AGREED: [begin, hold, decline],
            State.UNDER_WAY: [complete, hold],
            State.ON_HOLD: [resume, decline],
            State.COMPLETED: [withdraw if one.is_public else publish],
        }.get(one.state, [])
        return [*found, *(self.work() if one.is_open else []), *self.about()]

    def work(self) -> list[tuple]:
        """What is added while it goes on."""
        experts = Expert.objects.visible_to(self.request.user).standing().select_related("person")
        mission = AdvisoryMissionForm(auto_id="id_mission_%s")
        narrow(mission, self.request.user)
        forms = (
            (_("Add a milestone"), "milestone", MilestoneForm(auto_id="id_milestone_%s"), _("Add it")),
            (_("Plan an advisory mission"), "plan", mission, _("Plan it")),
            (_("Engage an expert"), "engage", EngageForm(experts=experts, auto_id="id_engage_%s"), _("Engage")),
            (_("Keep a draft"), "exchange", DraftForm(auto_id="id_draft_%s"), _("Keep it")),
        )
        return [(heading, f"assistance:{name}", form, label, "") for heading, name, form, label in forms]

    def about(self) -> list[tuple]:
        one = self.object
        if not one.instruments.exists():
            return []
        chosen = {"articles": [str(key) for key in one.provisions.values_list("pk", flat=True)]}
        form = ArticlesForm(assistance=one, initial=chosen, auto_id="id_articles_%s")
        return [(_("Which articles it is about"), "assistance:concern", form, _("Keep"), "")]


class AssistanceActView(RecordActView):
    model = Assistance
    form_class = PlainForm


class MoveView(AssistanceActView):
    """Calls the verb `verb`; with the reason, where one is asked for."""

    verb = ""
    told = gettext_lazy("It is noted.")

    def act(self, record, answers):
        getattr(record, self.verb)(*answers.values(), by=self.request.user)
        return self.told


def moves(verb: str, form: type = PlainForm) -> type[MoveView]:
    return type(f"{verb.title()}View", (MoveView,), {"verb": verb, "form_class": form})


class MilestoneView(AssistanceActView):
    form_class = MilestoneForm

    def act(self, record, answers):
        Milestone.objects.set_for(record, **answers, by=self.request.user)
        return _("The milestone is set.")


class ReachView(AssistanceActView):
    def act(self, record, answers):
        get_object_or_404(Milestone, assistance=record, pk=self.kwargs["row"]).reach(by=self.request.user)
        return _("The milestone is reached.")


class PlanView(AssistanceActView):
    form_class = AdvisoryMissionForm

    def act(self, record, answers):
        AdvisoryMission.objects.plan(record, **answers, by=self.request.user)
        return _("The advisory mission is planned.")


class EngageView(AssistanceActView):
    def form(self, record):
        experts = Expert.objects.visible_to(self.request.user).standing()
        return EngageForm(self.request.POST, experts=experts)

    def act(self, record, answers):
        Engagement.objects.engage(record, **answers, by=self.request.user)
        return _("%(name)s works on it.") % {"name": answers["expert"]}


class ExchangeView(AssistanceActView):
    def form(self, record):
        return DraftForm(self.request.POST, self.request.FILES)

    def act(self, record, answers):
        Draft.objects.exchange(record, answers.pop("file"), **answers, by=self.request.user)
        return _("The draft is kept.")


class ConcernView(AssistanceActView):
    def form(self, record):
        return ArticlesForm(self.request.POST, assistance=record)

    def act(self, record, answers):
        record.concern(list(Provision.objects.filter(pk__in=answers["articles"])), by=self.request.user)
        return _("It is noted which articles it is about.")


class LinkLawView(AssistanceActView):
    """One of the laws that came since becomes one that followed."""

    def act(self, record, answers):
        law = get_object_or_404(laws_since(record), pk=self.kwargs["row"])
        record.credit(law, by=self.request.user)
        return _("“%(law)s” followed.") % {"law": law}


ACTS = {
    **{verb: moves(verb) for verb in ("agree", "begin", "resume", "publish", "withdraw")},
    **{verb: moves(verb, ReasonForm) for verb in ("hold_back", "decline")},
    "complete": moves("complete", OutcomeForm),
    "milestone": MilestoneView,
    "plan": PlanView,
    "engage": EngageView,
    "exchange": ExchangeView,
    "concern": ConcernView,
}


class ReportView(PermissionCheckedMixin, SeenObject, BaseObjectMixin, WagtailAdminTemplateMixin, View):
    """The page on which a report is written, on which nothing that was written is lost."""

    model = Assistance
    permission_required = "change"
    template_name = "legal/advisory_report.html"
    page_title = gettext_lazy("Report on an advisory mission")
    header_icon = "globe"

    @cached_property
    def mission(self) -> AdvisoryMission:
        return get_object_or_404(AdvisoryMission, assistance=self.object, pk=self.kwargs["row"])

    def get(self, request, **_where):
        return self.show(AdvisoryReportForm(initial={"report": self.mission.report}))

    def post(self, request, **_where):
        form = AdvisoryReportForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                self.mission.hand_in(**form.cleaned_data, by=request.user)
                messages.success(request, _("The report is handed in."))
                return redirect(self.object.desk_url)
            except ValidationError as refusal:
                form.add_error(None, refusal.messages)
        return self.show(form)

    def show(self, form):
        facts = {"form": form, "media": form.media, "object": self.object, "mission": self.mission}
        return self.render_to_response(self.get_context_data(**facts))

    def get_breadcrumbs_items(self):
        above = {"url": reverse("assistance:index"), "label": capfirst(Assistance._meta.verbose_name_plural)}
        card = {"url": self.object.desk_url, "label": str(self.object)}
        return [*self.breadcrumbs_items, above, card, {"url": "", "label": self.page_title}]


class FileView(View):
    """Hands a file of a request out to whoever may see the request."""

    def get(self, request, pk, row):
        assistance = get_object_or_404(Assistance.objects.visible_to(request.user), pk=pk)
        found = get_object_or_404(self.rows(assistance), pk=row)
        if not found.file:
            raise Http404
        return handed_out(found.file, found.name)

    def rows(self, assistance: Assistance):
        raise NotImplementedError


class ReportFileView(FileView):
    def rows(self, assistance):
        return assistance.missions.all()


class DraftFileView(FileView):
    def rows(self, assistance):
        return assistance.drafts.all()


class AssistanceTo(Component):
    """On a card: what was asked of us, the last first."""

    template_name = "legal/assistance_panel.html"

    def __init__(self, subject, viewer):
        rows = Assistance.objects.visible_to(viewer).about(subject).select_related("country", "owner")
        self.rows = list(rows[:SHOWN])

    def get_context_data(self, _parent_context):
        rows = [(one, format_html_join(" · ", "{}", ((fact,) for fact in self.said(one)))) for one in self.rows]
        return {"rows": rows}

    def said(self, one: Assistance) -> list[str]:
        return [one.get_kind_display(), one.get_state_display(), date_format(one.received_on), str(one.owner)]


def panels(record, viewer) -> list[Component]:
    if not isinstance(record, Person | Organization | Country) or not viewer.has_perm("legal.view_assistance"):
        return []
    panel = AssistanceTo(record, viewer)
    return [panel] if panel.rows else []


def buttons(record, viewer) -> list:
    """On the cards of countries and organizations."""
    if type(record) not in (Country, Organization) or not viewer.has_perm("legal.add_assistance"):
        return []
    url = f"{reverse('assistance:add')}?{record._meta.model_name}={record.pk}"
    return [Button(_("Open an assistance request"), url=url, icon_name="help", priority=15)]
