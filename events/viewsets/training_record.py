"""The training record in the admin: who was trained on what, when, and for whom they were there; a list with filters,
and the part of it on the cards of people, organizations and countries."""

import django_filters
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.tables import Column
from wagtail.permissions import register_permission_policy

from contacts.models import Person
from events.models import Curriculum, Event, FormalLetter, Profession
from events.viewsets.lists import PeopleListView, RecordViewSet
from network.forms import LongSelect, country_choices
from network.models import Country, CountryGroup, Organization, key_in
from network.viewsets.records import LimitedPolicy

SHOWN = 10  # on a card

# A letter is what was sent: nobody writes or mends one by hand.
register_permission_policy(FormalLetter, LimitedPolicy(FormalLetter, "view"))


def years() -> list[tuple[int, str]]:
    held = Event.objects.filter(Exists(FormalLetter.objects.certificates().standing().filter(event=OuterRef("pk"))))
    return [(day.year, str(day.year)) for day in held.dates("starts_on", "year", order="DESC")]


def asked_person(request):
    """The one whose card leads here: nobody is chosen from a list of all."""
    return Person.objects.visible_to(request.user).filter(pk=key_in(request.GET.get("person", "")))


def asked_organization(request):
    """The one whose card leads here; others are found by a part of their name."""
    return Organization.objects.visible_to(request.user).filter(pk=key_in(request.GET.get("organization", "")))


class TrainingRecordFilterSet(WagtailFilterSet):
    person = django_filters.ModelChoiceFilter(label=_("Person"), queryset=asked_person, field_name="invitation__person")
    curriculum = django_filters.ModelChoiceFilter(
        label=_("Curriculum"), queryset=Curriculum.objects.all(), field_name="event__curriculum"
    )
    audience = django_filters.ChoiceFilter(label=_("For whom"), choices=Profession.choices, method="meant_for")
    country = django_filters.ChoiceFilter(
        label=_("Country"), choices=country_choices, method="of_nation", widget=LongSelect
    )
    group = django_filters.ModelChoiceFilter(
        label=_("Country group"), queryset=CountryGroup.objects.all(), method="in_group"
    )
    organization = django_filters.ModelChoiceFilter(
        label=_("Organization at that time"), queryset=asked_organization, method="of_origin"
    )
    organization_name = django_filters.CharFilter(label=_("Organization at that time"), method="of_origin_named")
    year = django_filters.ChoiceFilter(label=_("Year"), choices=years, field_name="event__starts_on__year")

    class Meta:
        model = FormalLetter
        fields = []

    def __init__(self, data=None, *args, request=None, **kwargs):
        super().__init__(data, *args, request=request, **kwargs)
        asked = data or {}
        if not asked.get("person"):
            del self.filters["person"]
        del self.filters["organization_name" if asked.get("organization") else "organization"]

    def meant_for(self, letters, _name, profession):
        return letters.on(Curriculum.objects.meant_for(profession))

    def of_nation(self, letters, _name, code):
        return letters.from_countries(Country.objects.filter(pk=code))

    def in_group(self, letters, _name, group):
        return letters.from_countries(group.countries.all())

    def of_origin(self, letters, _name, organization):
        return letters.about(organization)

    def of_origin_named(self, letters, _name, text):
        return letters.from_organizations(Organization.everyone.matching(text))


def taught(letter: FormalLetter) -> str:
    """What somebody was trained on: the curriculum, else what the event was called."""
    return str(letter.event.curriculum or letter.event)


def elsewhere(letter: FormalLetter) -> str:
    """Where somebody works now, if it is not where they worked then."""
    return letter.now_at if letter.now_at and letter.now_at != letter.origin_name else ""


def paper_url(letter: FormalLetter) -> str:
    return reverse("invitation:letter", args=[letter.invitation_id, letter.pk])


class Paper(Column):
    """The number of a certificate, which opens the paper."""

    def render_cell_html(self, instance, parent_context):
        cell = '<td class="{}" data-label="{}"><a href="{}"><bdi>{}</bdi></a></td>'
        return format_html(cell, self.classname, self.label, paper_url(instance), instance.number)


class TrainingRecordListView(PeopleListView):
    related = ("event__curriculum", "invitation__person")
    results_template_name = "events/desk/training_record_results.html"
    title_accessor = "invitation.person"
    title_sort_key = "invitation__person__family_name"
    search_fields = ["invitation__person__search_text"]

    @cached_property
    def columns(self):
        country = Column("nation", label=_("Country"), accessor=self.country_of, sort_key="nation")
        return [*super().columns[:2], country, *super().columns[2:]]

    @cached_property
    def countries(self) -> dict[str, Country]:
        return Country.objects.all().by_code()

    def country_of(self, letter: FormalLetter) -> str:
        return str(self.countries.get(letter.nation, ""))

    @cached_property
    def export_values(self):
        return {
            "person": lambda letter: str(letter.invitation.person),
            "origin_name": lambda letter: letter.origin_name or "",
            "now_at": lambda letter: letter.now_at or "",
            "country_code": lambda letter: letter.nation or "",
            "country": self.country_of,
            "taught": taught,
        }

    def get_base_queryset(self):
        return super().get_base_queryset().trained()

    def dressed(self, rows):
        return super().dressed(rows).with_origins().with_present()

    def search_queryset(self, queryset):
        if not self.is_searching:
            return queryset
        return queryset.filter(invitation__person__in=Person.objects.matching(self.search_query))

    def get_paginator(self, *args, **kwargs):
        paginator = super().get_paginator(*args, **kwargs)
        paginator.verbose_name_plural = _("Certificates")
        return paginator

    def get_title_url(self, instance):
        return reverse("person:inspect", args=[instance.invitation.person_id])


class TrainingRecordViewSet(RecordViewSet):
    """A list of what certificates say, and nothing more: each is given on the desk of its event."""

    model = FormalLetter
    name = "training_record"
    url_prefix = "events/training-record"
    icon = "clipboard-list"
    menu_label = _("Training record")
    menu_order = 160
    doors = ("index", "index_results")
    index_view_class = TrainingRecordListView
    filterset_class = TrainingRecordFilterSet
    form_fields = ()
    search_fields = PeopleListView.search_fields
    ordering = "-event__starts_on"
    list_display = (
        Column("origin_name", label=_("Organization at that time"), sort_key="origin_name"),
        Column("now_at", label=_("Now elsewhere"), accessor=elsewhere, classname="desk-wide"),
        Column("taught", label=_("Trained on"), accessor=taught),
        Column("dates", label=_("Days"), accessor="event.dates", sort_key="event__starts_on"),
        Paper("number", label=_("Certificate"), classname="desk-wide"),
    )
    list_export = (
        *("person", "origin_name", "now_at", "country_code", "country", "taught", "event", "event.starts_on"),
        *("event.ends_on", "number"),
    )
    export_headings = {
        "person": _("Person"),
        "origin_name": _("Organization at that time"),
        "now_at": _("Now at"),
        "country_code": _("Country code"),
        "country": _("Country"),
        "taught": _("Trained on"),
        "event.starts_on": _("First day"),
        "event.ends_on": _("Last day"),
        "number": _("Certificate"),
    }
    export_filename = "training-record"

    def get_index_view_kwargs(self, **kwargs):
        return super().get_index_view_kwargs(**{"page_title": self.menu_label, **kwargs})

    def register_admin_url_finder(self):
        """A letter has no form."""


class TrainingRecordPanel(Component):
    """On a card: what the people of a record were trained on, the last first."""

    template_name = "events/desk/training_record_panel.html"

    def __init__(self, subject, viewer):
        self.subject, self.viewer = subject, viewer

    def get_context_data(self, parent_context):
        found = FormalLetter.objects.visible_to(self.viewer).trained().with_origins().about(self.subject)
        rows = found.select_related("event__curriculum", "invitation__person").order_by("-event__starts_on", "pk")
        shown = list(rows[: SHOWN + 1])
        kind = self.subject._meta.model_name
        return {
            "rows": [(one, taught(one), paper_url(one)) for one in shown[:SHOWN]],
            "count": len(shown) if len(shown) <= SHOWN else rows.count(),
            "is_person": kind == "person",
            "url": f"{reverse('training_record:index')}?{kind}={self.subject.pk}",
        }


def panels(record, viewer) -> list[Component]:
    """For who may read the record: on the card of a person, an organization and a country."""
    is_theirs = isinstance(record, Person | Organization | Country)
    may_read = is_theirs and viewer.has_perm("events.view_formalletter")
    return [TrainingRecordPanel(record, viewer)] if may_read else []
