"""The admin's screens for missions: where we went and go, who goes, and whose report is missing."""

import django_filters
from django import forms
from django.db.models import OuterRef, Subquery
from django.urls import path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, ObjectList
from wagtail.admin.ui.tables import Column, StatusTagColumn

from contacts.models import Person
from events.forms.mission import MissionForm
from events.models import Envoy, Mission, MissionReport
from events.viewsets import mission_card
from network.forms import LongSelect, country_choices, topic_choices
from network.models import Country, Organization, key_in
from network.viewsets.records import RecordCreateView, RecordIndexView, RecordViewSet

STANDINGS = {
    "coming": gettext_lazy("Planned"),
    "under_way": gettext_lazy("Under way"),
    "over": gettext_lazy("Over"),
    "lacking_report": gettext_lazy("Report missing"),
    "called_off": gettext_lazy("Called off"),
}


def _seen(request):
    return Mission.objects.visible_to(request.user)


def hosts(request):
    """Those of the missions that the reader of the list sees."""
    return Organization.objects.filter(pk__in=_seen(request).values("host"))


def envoys(request):
    """Whoever goes on one of the missions that the reader of the list sees."""
    going = Envoy.objects.filter(mission__in=_seen(request).values("pk"))
    return Person.objects.filter(pk__in=going.values("person"))


def years() -> list[tuple[str, str]]:
    """Those in which missions begin, the last first."""
    days = Mission.objects.order_by("-starts_on").dates("starts_on", "year", order="DESC")
    return [(str(day.year), str(day.year)) for day in days]


class MissionFilterSet(WagtailFilterSet):
    standing = django_filters.ChoiceFilter(
        label=gettext_lazy("State"), choices=list(STANDINGS.items()), method="standing_so", widget=forms.RadioSelect
    )
    kind = django_filters.ChoiceFilter(
        label=gettext_lazy("Kind"), choices=Mission.Kind.choices, widget=forms.RadioSelect
    )
    year = django_filters.ChoiceFilter(label=gettext_lazy("Year"), field_name="starts_on__year", choices=years)
    country = django_filters.ChoiceFilter(label=gettext_lazy("Country"), choices=country_choices, widget=LongSelect)
    host = django_filters.ModelChoiceFilter(label=gettext_lazy("Host"), queryset=hosts)
    topic = django_filters.ChoiceFilter(label=gettext_lazy("Topic"), field_name="topics", choices=topic_choices)
    envoy = django_filters.ModelChoiceFilter(label=gettext_lazy("Who goes"), queryset=envoys, method="gone_on")

    class Meta:
        model = Mission
        fields = []

    def standing_so(self, missions, _name, standing):
        return getattr(missions, standing)()

    def gone_on(self, missions, _name, person):
        return missions.about(person) if person else missions


def going(mission: Mission) -> str:
    """Who goes for us."""
    return ", ".join(str(envoy.person) for envoy in mission.envoys.all())


def reported(mission: Mission) -> str:
    """When the report was handed in, or that it is missing."""
    if mission.reported_at:
        return date_format(timezone.localtime(mission.reported_at), "DATE_FORMAT")
    is_lacking = not mission.is_called_off and mission.ends_on < timezone.localdate()
    return _("Missing") if is_lacking else ""


class MissionIndexView(RecordIndexView):
    title_label = gettext_lazy("Mission")
    title_sort_key = None
    related = ("host", "country", "owner")
    export_values = {
        "title": str,
        "kind": Mission.get_kind_display,
        "country_code": lambda mission: mission.country_id or "",
        "delegation": going,
        "topics": lambda mission: ", ".join(str(topic) for topic in mission.topics.all()),
        "standing": Mission.standing,
        "report": reported,
    }

    def dressed(self, rows):
        reports = MissionReport.objects.filter(mission=OuterRef("pk"))
        rows = super().dressed(rows).annotate(reported_at=Subquery(reports.values("at")[:1]))
        return rows.prefetch_related("envoys__person", *(["topics"] if self.is_export else []))


class MissionCreateView(RecordCreateView):
    """`?country=` and `?host=` say where it leads; whoever writes it down sees to it."""

    def get_initial_form_instance(self):
        return Mission(owner=self.request.user)

    def get_initial(self):
        code, host = self.request.GET.get("country", ""), key_in(self.request.GET.get("host", ""))
        known = Country.objects.filter(pk=code).exists()
        return {**({"country": code} if known else {}), **({"host": host} if host else {})}


class MissionViewSet(RecordViewSet):
    model = Mission
    name = "mission"
    icon = "globe"
    menu_label = gettext_lazy("Missions")
    menu_order = 160
    url_prefix = "events/mission"
    index_view_class = MissionIndexView
    inspect_view_class = mission_card.MissionInspectView
    add_view_class = MissionCreateView
    filterset_class = MissionFilterSet
    ordering = "-starts_on"
    list_display = [
        Column("dates", label=gettext_lazy("Days"), sort_key="starts_on"),
        Column("place", label=gettext_lazy("Place"), accessor=lambda mission: mission.place()),
        Column("going", label=gettext_lazy("Who goes"), accessor=going),
        StatusTagColumn(
            "standing",
            label=gettext_lazy("State"),
            accessor=Mission.standing,
            primary=lambda mission: mission.standing() in (_("Planned"), _("Under way")),
        ),
        Column("report", label=gettext_lazy("Report"), accessor=reported),
    ]
    list_export = [
        *("title", "kind", "host", "starts_on", "ends_on", "city", "country_code", "country", "delegation"),
        *("topics", "purpose", "owner", "standing", "report"),
    ]
    export_headings = {
        "country_code": gettext_lazy("Country code"),
        "delegation": gettext_lazy("Who goes"),
        "standing": gettext_lazy("State"),
        "report": gettext_lazy("Report"),
    }
    export_filename = "missions"
    edit_handler = ObjectList(
        [
            FieldPanel("title"),
            FieldRowPanel([FieldPanel("kind"), FieldPanel("owner", widget=forms.Select)]),
            FieldPanel("host"),
            FieldRowPanel([FieldPanel("starts_on"), FieldPanel("ends_on")]),
            FieldRowPanel([FieldPanel("city"), FieldPanel("country", widget=LongSelect)]),
            FieldPanel("website"),
            FieldPanel("purpose"),
            InlinePanel(
                "envoys",
                [FieldRowPanel([FieldPanel("person"), FieldPanel("role")])],
                heading=gettext_lazy("Our delegation"),
                label=gettext_lazy("Person"),
            ),
            FieldPanel("topics", widget=forms.CheckboxSelectMultiple(attrs={"class": "in-columns"})),
        ],
        base_form_class=MissionForm,
    )

    def get_urlpatterns(self):
        acts = {
            "meet": mission_card.MeetView,
            "report": mission_card.ReportView,
            "talk": mission_card.TalkView,
            "follow_up": mission_card.FollowUpView,
            "call_off": mission_card.CallOffView,
            "take_up_again": mission_card.TakeUpAgainView,
        }
        papers = {
            "report_file": ("reports/<int:row>", mission_card.ReportFileView),
            "talk_file": ("talks/<int:row>", mission_card.TalkFileView),
            "talk_drop": ("talks/<int:row>/drop", mission_card.TalkDropView),
        }
        return [
            *super().get_urlpatterns(),
            *(path(f"<int:pk>/{name.replace('_', '-')}/", view.as_view(), name=name) for name, view in acts.items()),
            *(path(f"<int:pk>/{where}/", view.as_view(), name=name) for name, (where, view) in papers.items()),
        ]
