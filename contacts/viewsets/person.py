"""The admin's screens for people."""

import django_filters
from django import forms
from django.db.models import OuterRef, TextField
from django.db.models.functions import Cast
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.html import format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import StatusFlagColumn
from wagtail.admin.views import generic
from wagtail.admin.widgets import AdminDateInput
from wagtail.admin.widgets.boolean_radio_select import BooleanRadioSelect
from wagtail.admin.widgets.button import Button

from contacts.forms import PersonForm
from contacts.models import Affiliation, Merge, Person, Suppression
from contacts.viewsets import data_protection
from contacts.viewsets.chooser import current, place, rank, with_affiliations
from contacts.viewsets.duplicate import PersonCreateView, PersonMergeView
from contacts.viewsets.returned import returns_of
from contacts.viewsets.succession import SuccessionView
from network.forms import LongSelect, country_choices
from network.labels import language_name
from network.models import Organization
from network.models.few import Each
from network.viewsets.country import in_every_language
from network.viewsets.history import RecordEditView
from network.viewsets.merging import UnmergeView
from network.viewsets.records import RecordIndexView, RecordInspectView, RecordViewSet, Text


def language_choices() -> list[tuple[str, str]]:
    return [(code, language_name(code)) for code in ("en", "fr", "es", "ar", "pt", "ru", "zh-hans")]


class PersonFilterSet(WagtailFilterSet):
    country = django_filters.ChoiceFilter(label=_("Country"), choices=country_choices, widget=LongSelect)
    language = django_filters.ChoiceFilter(
        label=_("Language"), choices=language_choices, method="speaking", widget=forms.RadioSelect
    )
    focal_point = django_filters.BooleanFilter(label=_("Focal point"), method="focal", widget=BooleanRadioSelect)
    kind = django_filters.ChoiceFilter(
        label=_("Kind of organization"),
        choices=Organization.Kind.choices,
        method="working_at",
        widget=forms.RadioSelect,
    )

    unconfirmed_since = django_filters.DateFilter(
        label=_("Not confirmed since"), method="unconfirmed", widget=AdminDateInput
    )

    class Meta:
        model = Person
        fields = []

    def unconfirmed(self, people, _name, day):
        return people.exclude(confirmed_at__date__gte=day)

    def speaking(self, people, _name, code):
        return people.alias(spoken=Cast("languages", TextField())).filter(spoken__contains=f'"{code}"')

    def focal(self, people, _name, wanted):
        held = Each(Affiliation.objects.current().focal_points().filter(person=OuterRef("pk")))
        return people.filter(held if wanted else ~held)

    def working_at(self, people, _name, kind):
        affiliations = Affiliation.objects.current().filter(organization__kind=kind)
        return people.filter(pk__in=affiliations.values("person"))


class PersonIndexView(RecordIndexView):
    show_other_searches = True
    sparse_filters = ("country",)
    related = ("country",)
    title_sort_key = "family_name"
    sorting = {"family_name": ("family_name", "given_name")}
    export_values = {
        "country_code": lambda person: person.country_id or "",
        "rank": rank,
        "position": lambda person: "; ".join(held.position for held in current(person)),
        "organization": lambda person: "; ".join(held.organization.name for held in current(person)),
        "focal_point": lambda person: any(held.is_focal_point for held in current(person)),
        "emails": lambda person: ", ".join(email.address for email in person.emails.all()),
    }

    def dressed(self, rows):
        people = with_affiliations(super().dressed(rows).defer("search_text"))
        return people.prefetch_related("emails") if self.is_export else people

    def order_queryset(self, queryset):
        if self.ordering not in ("precedence", "-precedence"):
            return super().order_queryset(queryset)
        people = queryset.in_precedence()
        return people if self.ordering == "precedence" else people.reverse()


class _WithOldRecords(generic.InspectView):
    def get_object(self, queryset=None):
        return get_object_or_404(Person.everyone.filter(erased_at=None), pk=self.pk)


class PersonInspectView(RecordInspectView, _WithOldRecords):
    template_name = "contacts/person.html"

    def get(self, request, *args, **kwargs):
        """The address of an old record leads to the one that stands."""
        if self.object.merged_into_id:
            return redirect("person:inspect", self.object.standing.pk)
        return super().get(request, *args, **kwargs)

    @cached_property
    def header_more_buttons(self):
        viewer, buttons = self.request.user, super().header_more_buttons
        if viewer.has_perm("contacts.delete_person"):
            url = reverse("person:merge", args=[self.object.pk])
            buttons.append(Button(gettext("Merge with another record"), url=url, icon_name="group", priority=15))
        if viewer.has_perm("contacts.view_consent"):
            url = reverse("person:data_protection", args=[self.object.pk])
            buttons.append(Button(gettext("Data protection"), url=url, icon_name="lock", priority=16))
        return buttons

    def facts(self):
        person = self.object
        return [
            (_("Name"), person.formal_name),
            (_("form of address"), in_every_language(person.form_of_address)),
            (_("name as on the passport"), person.passport_name),
            (_("language of letters"), language_name(person.language)),
            (_("languages"), ", ".join(language_name(code) for code in person.languages)),
            (_("country"), person.country),
            (_("year of birth"), person.birth_year and str(person.birth_year)),
            (_("e-mail addresses"), _addresses(person)),
            (_("telephone numbers"), _numbers(person)),
            (_("account"), person.user),
            (_("reference"), person.reference),
            (_("last confirmed"), _confirmed(person)),
            (_("legal hold"), person.hold_reason),
        ]

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context["affiliations"] = self.object.affiliations.select_related("organization", "competence")
        context["merges"] = self.object.merges.standing().select_related("gone")
        context["can_hand_over"] = self.request.user.has_perm("contacts.change_person")
        context["today"] = timezone.localdate()
        context["returned"] = returns_of(self.object.returns.all(), self.request.user)
        context["can_merge"] = self.request.user.has_perm("contacts.delete_person")
        return context


class ErasedTold:
    """For a form: says at once which of the addresses are of somebody who was erased."""

    def save_action(self):
        response = super().save_action()
        for address in Suppression.objects.erased([email.address for email in self.object.emails.all()]):
            told = gettext("Somebody with the address %(address)s has been erased at their wish; no letter goes there.")
            messages.warning(self.request, told % {"address": address})
        return response


class PersonAddView(ErasedTold, PersonCreateView):
    pass


class PersonEditView(ErasedTold, RecordEditView):
    pass


class PersonViewSet(RecordViewSet):
    model = Person
    icon = "user"
    url_prefix = "contacts/people"
    has_timeline = True
    index_view_class = PersonIndexView
    add_view_class = PersonAddView
    edit_view_class = PersonEditView
    inspect_view_class = PersonInspectView
    filterset_class = PersonFilterSet
    ordering = "family_name"
    list_display = [
        Text("place", label=_("Affiliation"), accessor=place, width="30%"),
        Text("rank", label=_("Rank"), accessor=rank, sort_key="precedence", width="14%"),
        Text("country", label=_("Country"), sort_key="country_id", width="14%"),
        Text("language", label=_("Letters in"), accessor=lambda person: language_name(person.language), width="10%"),
        StatusFlagColumn(
            "focal_point",
            label="",
            true_label=_("Focal point"),
            accessor=lambda person: any(held.is_focal_point for held in current(person)),
            width="10%",
        ),
    ]
    list_export = [
        *("honorific", "given_name", "family_name", "country_code", "country", "languages", "emails"),
        *("position", "rank", "organization", "focal_point", "reference"),
    ]
    export_headings = {
        "country_code": _("Country code"),
        "emails": _("E-mail addresses"),
        "position": _("Position"),
        "rank": _("Rank"),
        "organization": _("Organization"),
        "focal_point": _("Focal point"),
    }
    export_filename = "people"

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),
            *data_protection.urlpatterns(),
            path("posts/<int:pk>/hand-over/", SuccessionView.as_view(), name="hand_over"),
            path("<int:pk>/merge/", PersonMergeView.as_view(), name="merge"),
            path("merges/<int:pk>/take-back/", UnmergeView.as_view(merge=Merge), name="unmerge"),
        ]

    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [
                    FieldPanel("honorific"),
                    FieldRowPanel([FieldPanel("given_name"), FieldPanel("family_name")]),
                    FieldPanel("is_family_name_first"),
                    FieldRowPanel([FieldPanel("passport_given_name"), FieldPanel("passport_family_name")]),
                    FieldPanel("form_of_address"),
                ],
                heading=_("Name"),
            ),
            FieldRowPanel([FieldPanel("languages"), FieldPanel("country", widget=LongSelect)]),
            FieldPanel("birth_year"),
            InlinePanel(
                "emails",
                [FieldRowPanel([FieldPanel("address"), FieldPanel("is_primary")])],
                heading=_("E-mail addresses"),
                label=_("E-mail address"),
            ),
            InlinePanel(
                "phones",
                [FieldRowPanel([FieldPanel("number"), FieldPanel("kind")])],
                heading=_("Telephone numbers"),
                label=_("Telephone number"),
            ),
            InlinePanel(
                "affiliations",
                [
                    FieldPanel("organization"),
                    FieldPanel("position"),
                    FieldRowPanel([FieldPanel("starts_on"), FieldPanel("ends_on")]),
                    FieldRowPanel([FieldPanel("rank", widget=forms.Select), FieldPanel("competence")]),
                    FieldRowPanel([FieldPanel("is_head"), FieldPanel("is_deputy"), FieldPanel("is_focal_point")]),
                ],
                heading=_("Affiliations"),
                label=_("Affiliation"),
            ),
            MultiFieldPanel([FieldPanel("hold_reason")], heading=_("Data protection")),
        ],
        base_form_class=PersonForm,
    )


def _confirmed(person: Person) -> str:
    if person.confirmed_at is None:
        return ""
    by = person.confirmed_by or gettext("by the person themselves")
    return f"{date_format(person.confirmed_at)}, {by}"


def _addresses(person: Person) -> str:
    """Each address, with what it is for and what stands against letters to it."""
    addresses = {email.address: email.is_primary for email in person.emails.all()}
    against = Suppression.objects.on(addresses)
    rows = [
        (address, _("for letters") if is_primary else "", _tags(against.get(address, [])))
        for address, is_primary in addresses.items()
    ]
    return format_html_join("", '<div><a href="mailto:{0}">{0}</a> <small>{1}</small>{2}</div>', rows)


def _tags(suppressions: list[Suppression]) -> str:
    """Why no letters go to an address, and which, where it is not all of them."""
    told = [filter(None, (row.get_purpose_display(), row.get_reason_display())) for row in suppressions]
    tags = dict.fromkeys(": ".join(words) for words in told)
    return format_html_join("", ' <span class="w-status">{}</span>', ((tag,) for tag in tags))


def _numbers(person: Person) -> str:
    rows = [(phone.number, phone.get_kind_display()) for phone in person.phones.all()]
    return format_html_join("", '<div><bdi dir="ltr">{}</bdi> <small>{}</small></div>', rows)
