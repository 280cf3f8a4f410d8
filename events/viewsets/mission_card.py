"""A mission's card: who goes, what was said and with whom, the report and what follows; and the acts that add to it."""

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
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

from contacts.models import Interaction, Person, Task
from contacts.viewsets.interaction import parties
from events.forms.mission import (
    CallOffForm,
    FollowUpForm,
    MeetingForm,
    MissionReportForm,
    PlainForm,
    TalkForm,
    usual_hour,
)
from events.models import Encounter, FollowUp, Mission, MissionReport, Talk
from events.models.agenda import clashes
from network.labels import language_name
from network.models import Country, Organization
from network.models.guarded import sees
from network.views.answers import handed_out
from network.viewsets.access import SeenObject, narrow
from network.viewsets.records import RecordActView, RecordWithActsView

MAY_CHANGE = "events.change_mission"


def linked(door: str, record) -> str:
    return format_html('<a href="{}">{}</a>', reverse(f"{door}:inspect", args=[record.pk]), record)


def delegation(mission: Mission, viewer) -> str:
    """Who goes, and as what; whom the viewer may see leads to their card."""
    envoys = list(mission.envoys.select_related("person"))
    keys = Person.everyone.filter(pk__in=[envoy.person_id for envoy in envoys]).visible_to(viewer)
    seen = set(keys.values_list("pk", flat=True))
    rows = [
        (linked("person", one.person) if one.person_id in seen else one.person, one.get_role_display())
        for one in envoys
    ]
    return format_html_join("", "<div>{} <small>{}</small></div>", rows)


class MissionInspectView(RecordWithActsView):
    template_name = "events/mission.html"

    @cached_property
    def may_change(self) -> bool:
        return self.request.user.has_perm(MAY_CHANGE)

    def facts(self):
        mission, viewer = self.object, self.request.user
        host = mission.host
        website = format_html('<a href="{0}" rel="noreferrer">{0}</a>', mission.website) if mission.website else ""
        return [
            (_("kind"), mission.get_kind_display()),
            (_("title"), str(mission.title)),
            (_("days"), mission.dates),
            (_("state"), mission.standing()),
            (_("why it was called off"), mission.call_off_reason),
            (_("place"), mission.place()),
            (_("host"), (linked("organization", host) if sees(viewer, host) else host) if host else ""),
            (_("our delegation"), delegation(mission, viewer)),
            (_("purpose"), mission.purpose),
            (_("topics"), ", ".join(str(topic) for topic in mission.topics.all())),
            (_("website"), website),
            (_("owner"), mission.owner),
        ]

    def get_context_data(self, **kwargs):
        mission, viewer = self.object, self.request.user
        met = Interaction.objects.visible_to(viewer).filter(encounter__mission=mission).select_related("by")
        reports = list(MissionReport.objects.visible_to(viewer).filter(mission=mission).select_related("by"))
        tasks = Task.objects.visible_to(viewer).filter(follow_up__mission=mission).select_related("owner")
        acts = self.acts() if self.may_change else []
        return super().get_context_data(
            acts=acts,
            media=sum((form.media for _heading, _url, form, _label, _tone in acts), start=CallOffForm().media),
            may_change=self.may_change,
            may_tell=self.may_change and mission.has_begun() and not mission.is_called_off,
            clashes=clashes([mission], viewer),
            talks=[(talk, language_name(talk.language)) for talk in mission.talks.select_related("person")],
            met=[(one, parties(one, viewer)) for one in met],
            reports=reports,
            is_withheld=not reports and mission.reports.exists(),
            is_lacking=Mission.objects.lacking_report().filter(pk=mission.pk).exists(),
            tasks=tasks,
            **kwargs,
        )

    def acts(self) -> list[tuple]:
        mission = self.object
        if mission.is_called_off:
            return [(_("It takes place after all"), "mission:take_up_again", PlainForm(), _("Take it up again"), "")]
        found = []
        if mission.envoys.exists():
            form = TalkForm(mission=mission, auto_id="id_talk_%s")
            found.append((_("Add a talk"), "mission:talk", form, _("Add the talk"), ""))
        if mission.has_begun():
            form = FollowUpForm(auto_id="id_follow_up_%s")
            found.append((_("Write down what follows"), "mission:follow_up", form, _("Write it down"), ""))
        if not mission.reports.exists():
            found.append((_("Call it off"), "mission:call_off", CallOffForm(), _("Call it off"), "serious"))
        return found


class MissionActView(RecordActView):
    model = Mission


class TalkView(MissionActView):
    def form(self, mission):
        return TalkForm(self.request.POST, self.request.FILES, mission=mission)

    def act(self, mission, answers):
        mission.talks.give(mission, answers.pop("person"), answers.pop("title"), by=self.request.user, **answers)
        return _("The talk is noted.")


class FollowUpView(MissionActView):
    form_class = FollowUpForm

    def act(self, mission, answers):
        FollowUp.objects.ask(mission, **answers, by=self.request.user)
        return _("It is on the desk of %(owner)s.") % {"owner": answers["owner"]}


class CallOffView(MissionActView):
    form_class = CallOffForm

    def act(self, mission, answers):
        mission.call_off(answers["reason"], by=self.request.user)
        return _("The mission is called off.")


class TakeUpAgainView(MissionActView):
    form_class = PlainForm

    def act(self, mission, _answers):
        mission.take_up_again(by=self.request.user)
        return _("The mission takes place.")


class TalkDropView(MissionActView):
    form_class = PlainForm

    def act(self, mission, _answers):
        get_object_or_404(mission.talks, pk=self.kwargs["row"]).drop(by=self.request.user)
        return _("The talk is taken off.")


class MissionFormView(PermissionCheckedMixin, SeenObject, BaseObjectMixin, WagtailAdminTemplateMixin, View):
    """A page with long questions, on which nothing that was written is lost."""

    model = Mission
    permission_required = "change"
    template_name = "events/mission_form.html"
    header_icon = "globe"
    form_class: type
    button: str

    def get(self, request, **_where):
        return self.show(self.form_class(initial=self.initial()))

    def post(self, request, **_where):
        form = self.form_class(request.POST, request.FILES)
        narrow(form, request.user)
        if form.is_valid():
            try:
                messages.success(request, self.act(form.cleaned_data))
                return redirect("mission:inspect", self.object.pk)
            except ValidationError as refusal:
                form.add_error(None, refusal.messages)
        return self.show(form)

    def show(self, form):
        narrow(form, self.request.user)
        return self.render_to_response(self.get_context_data(form=form, media=form.media, object=self.object))

    def get_page_subtitle(self):
        return str(self.object)

    def get_breadcrumbs_items(self):
        card = {"url": reverse("mission:inspect", args=[self.object.pk]), "label": str(self.object)}
        above = {"url": reverse("mission:index"), "label": capfirst(Mission._meta.verbose_name_plural)}
        return [*self.breadcrumbs_items, above, card, {"url": "", "label": self.page_title}]

    def initial(self) -> dict:
        return {}

    def act(self, answers: dict) -> str:
        """Call the verb; return what to tell the user."""
        raise NotImplementedError


class MeetView(MissionFormView):
    page_title = gettext_lazy("Note a meeting")
    form_class = MeetingForm
    button = gettext_lazy("Note the meeting")

    def initial(self):
        return {"at": usual_hour(self.object)}

    def act(self, answers):
        Encounter.objects.note(self.object, **answers, by=self.request.user)
        return _("The meeting is noted; it stands on the timelines of those whom you met.")


class ReportView(MissionFormView):
    """A further version begins with the words of the last."""

    page_title = gettext_lazy("Hand the report in")
    form_class = MissionReportForm
    button = gettext_lazy("Hand it in")

    @cached_property
    def last(self) -> MissionReport | None:
        return self.object.reports.first()

    def initial(self):
        names = ("summary", "outcomes", "recommendations", "is_restricted")
        return {name: getattr(self.last, name) for name in names} if self.last else {}

    def act(self, answers):
        MissionReport.objects.hand_in(self.object, **answers, by=self.request.user)
        return _("The report is handed in.")


class PaperView(View):
    """Hands a paper of a mission out to whoever may see it."""

    def get(self, request, pk, row):
        mission = get_object_or_404(Mission.objects.visible_to(request.user), pk=pk)
        found = get_object_or_404(self.rows(mission), pk=row)
        if not found.file:
            raise Http404
        return handed_out(found.file, found.name)

    def rows(self, mission: Mission):
        raise NotImplementedError


class ReportFileView(PaperView):
    def rows(self, mission):
        return MissionReport.objects.visible_to(self.request.user).filter(mission=mission)


class TalkFileView(PaperView):
    def rows(self, mission):
        return Talk.objects.filter(mission=mission)


class OnMission(Component):
    """On the card of a meeting or a task: on which mission it was noted."""

    template_name = "events/on_mission.html"

    def __init__(self, mission: Mission):
        self.mission = mission

    def get_context_data(self, _parent_context):
        return {"mission": self.mission}


class MissionsTo(Component):
    """On the card of a country: the last mission there, and the next."""

    template_name = "events/missions_to.html"

    def __init__(self, country: Country, viewer):
        self.country, self.viewer = country, viewer

    def get_context_data(self, _parent_context):
        seen = Mission.objects.visible_to(self.viewer)
        there = seen.filter(country=self.country)
        return {"country": self.country, "last": seen.last_to(self.country), "next": there.coming().first()}


def panels(record, viewer) -> list[Component]:
    """What missions add to the cards of other rooms."""
    if isinstance(record, Country):
        may_see = any(viewer.has_perm(f"events.{action}_mission") for action in ("view", "change"))
        return [MissionsTo(record, viewer)] if may_see else []
    if not isinstance(record, Interaction | Task):
        return []
    through = "encounters__interaction" if isinstance(record, Interaction) else "follow_ups__task"
    return [OnMission(mission) for mission in Mission.objects.visible_to(viewer).filter(**{through: record})]


def buttons(record, viewer) -> list:
    """On the cards of countries and organizations."""
    names = {Country: "country", Organization: "host"}
    if type(record) not in names or not viewer.has_perm("events.add_mission"):
        return []
    url = f"{reverse('mission:add')}?{names[type(record)]}={record.pk}"
    return [Button(_("Plan a mission"), url=url, icon_name="globe", priority=14)]
