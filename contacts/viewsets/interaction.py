"""The admin's screens for meetings, calls and notes, with what is to follow from them."""

import django_filters
from django import forms
from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, DateColumn

from contacts.forms import InteractionForm
from contacts.models import Interaction, Person, Task
from network.forms import LongSelect
from network.models import Organization, key_in
from network.models.guarded import visible
from network.viewsets.records import RecordCreateView, RecordIndexView, RecordInspectView, RecordViewSet


def parties(interaction: Interaction, viewer) -> str:
    """Who took part, of those whom `viewer` may see, each leading to its card."""
    seen = set(Person.everyone.filter(interactions__interaction=interaction).visible_to(viewer))
    links = []
    for party in interaction.parties.select_related("person", "organization"):
        if party.person in seen:
            links.append((reverse("person:inspect", args=[party.person_id]), party.person))
        if party.organization:
            links.append((reverse("organization:inspect", args=[party.organization_id]), party.organization))
    return format_html_join("", '<div><a href="{}">{}</a></div>', links)


class InteractionFilterSet(WagtailFilterSet):
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=Interaction.Kind.choices, widget=forms.RadioSelect)
    happened_at = django_filters.DateFromToRangeFilter(label=_("When"), widget=DateRangePickerWidget)

    class Meta:
        model = Interaction
        fields = []


class InteractionIndexView(RecordIndexView):
    add_item_label = _("Record a call or meeting")
    title_label = _("Subject")
    title_sort_key = "subject"
    related = ("by",)
    export_values = {"kind": Interaction.get_kind_display}

    def search_queryset(self, queryset):
        if not self.is_searching:
            return queryset
        people = visible(Person.objects.matching(self.search_query), self.request.user).values("pk")
        bodies = visible(Organization.objects.matching(self.search_query), self.request.user).values("pk")
        found = Q(parties__person__in=people) | Q(parties__organization__in=bodies)
        words = Q(subject__icontains=self.search_query) | Q(text__icontains=self.search_query)
        return queryset.filter(words | Q(pk__in=Interaction.objects.filter(found).values("pk")))


class InteractionInspectView(RecordInspectView):
    def facts(self):
        interaction = self.object
        return [
            (_("subject"), interaction.subject),
            (_("kind"), interaction.get_kind_display()),
            (_("when"), interaction.happened_at),
            (_("with"), parties(interaction, self.request.user)),
            (_("country"), interaction.country),
            (_("what was said"), format_html('<div class="prose">{}</div>', interaction.text)),
            (_("by"), interaction.by),
        ]


class InteractionCreateView(RecordCreateView):
    """`?person=` and `?organization=` say whom it was with, `?country=` what it is about."""

    page_subtitle = _("Record a call or meeting")
    success_message = _("Recorded: %(object)s")

    def get_breadcrumbs_items(self):
        *above, here = super().get_breadcrumbs_items()
        return [*above, {**here, "label": self.page_subtitle}]

    def get_initial_form_instance(self):
        interaction = Interaction(by=self.request.user)
        asked = {name: self.request.GET.get(name, "") for name in ("person", "organization")}
        keys = {name: key for name, text in asked.items() if (key := key_in(text))}
        if keys and self.request.method == "GET":
            interaction.parties.add(interaction.parties.model(**{f"{name}_id": key for name, key in keys.items()}))
        return interaction

    def get_initial(self):
        return {**super().get_initial(), "country": self.request.GET.get("country")}

    def save_instance(self):
        saved = super().save_instance()
        answers = self.form.cleaned_data
        if answers["follow_up"]:
            first = saved.parties.first()
            about = {"person": first.person, "organization": first.organization} if first else {}
            about |= {"country": saved.country} if saved.country else {}
            owner = answers["follow_up_by"] or self.request.user
            Task.objects.set_for(owner, answers["follow_up"], answers["follow_up_on"], by=self.request.user, **about)
        return saved

    def get_success_url(self):
        """The card of whom it was with, or of the country that it is about."""
        if party := self.object.parties.exclude(person=None).first():
            return reverse("person:inspect", args=[party.person_id])
        if country := self.object.country_id:
            return reverse("country:inspect", args=[country])
        return super().get_success_url()


class InteractionViewSet(RecordViewSet):
    model = Interaction
    icon = "comment"
    url_prefix = "contacts/interactions"
    menu_label = _("Meetings, calls, notes")
    index_view_class = InteractionIndexView
    inspect_view_class = InteractionInspectView
    add_view_class = InteractionCreateView
    filterset_class = InteractionFilterSet
    ordering = "-happened_at"
    list_display = [
        Column("kind", label=_("Kind"), accessor="get_kind_display", sort_key="kind"),
        Column("by", label=_("By")),
        DateColumn("happened_at", label=_("When"), sort_key="happened_at"),
    ]
    list_export = ["happened_at", "kind", "subject", "text", "by"]
    export_filename = "interactions"
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("kind"), FieldPanel("happened_at")]),
            FieldPanel("subject"),
            InlinePanel(
                "parties",
                [FieldRowPanel([FieldPanel("person"), FieldPanel("organization")])],
                heading=_("With"),
                label=_("Participant"),
            ),
            FieldPanel("text"),
            FieldPanel("country", widget=LongSelect),
            MultiFieldPanel(
                [FieldPanel("follow_up"), FieldRowPanel([FieldPanel("follow_up_on"), FieldPanel("follow_up_by")])],
                heading=_("What is to follow"),
                help_text=_("It goes onto the desk of the colleague who does it."),
            ),
        ],
        base_form_class=InteractionForm,
    )
