"""Whom to invite: the people of the network, searched and filtered, put on the event's list of drafts."""

import django_filters
from django.conf import settings
from django.db.models import Exists, OuterRef, Prefetch
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.widgets import BooleanRadioSelect
from wagtail.admin.widgets.button import HeaderButton

from contacts.models import Affiliation, Person, Segment
from events.views.desk.choosing import ChoosingView, TickColumn
from network.models import Country, Organization, Topic


def affiliated(people, **conditions):
    """Those of `people` who have a current affiliation of that kind."""
    return people.filter(Exists(Affiliation.objects.current().filter(person=OuterRef("pk"), **conditions)))


def countries() -> list[tuple[str, str]]:
    """Every country, by its name in the language of the reader."""
    return sorted(((country.code, str(country)) for country in Country.objects.all()), key=lambda choice: choice[1])


class PeopleFilterSet(WagtailFilterSet):
    segment = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Segment"), queryset=Segment.objects.all(), method="of_segment"
    )
    country = django_filters.ChoiceFilter(label=gettext_lazy("Country"), choices=countries)
    kind = django_filters.ChoiceFilter(
        label=gettext_lazy("Kind of organization"), choices=Organization.Kind.choices, method="of_kind"
    )
    topic = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Topic"), queryset=Topic.objects.all(), method="on_topic"
    )
    focal_point = django_filters.BooleanFilter(
        label=gettext_lazy("Focal point"), method="as_focal_point", widget=BooleanRadioSelect
    )
    language = django_filters.ChoiceFilter(
        label=gettext_lazy("Language of letters"), choices=settings.LANGUAGES, field_name="languages__0"
    )

    class Meta:
        model = Person
        fields = []

    def of_segment(self, people, _name, segment):
        return people.filter(pk__in=segment.people().order_by().values("pk"))

    def of_kind(self, people, _name, kind):
        return affiliated(people, organization__kind=kind)

    def on_topic(self, people, _name, topic):
        return affiliated(people, organization__topics=topic) | affiliated(people, competence=topic)

    def as_focal_point(self, people, _name, wanted):
        found = Affiliation.objects.current().focal_points().filter(person=OuterRef("pk"))
        return people.filter(Exists(found) if wanted else ~Exists(found))


def positions(person: Person) -> str:
    """What the person does now, and where."""
    return "; ".join(str(affiliation) for affiliation in person.current_affiliations)


def language_of(person: Person) -> str:
    return dict(settings.LANGUAGES)[person.language]


class InviteView(ChoosingView):
    """Who is not on the list yet, to be put on it."""

    door = "invite"
    model = Person
    template_name = "events/desk/invite.html"
    results_template_name = "events/desk/invite_results.html"
    page_title = gettext_lazy("Invite people")
    filterset_class = PeopleFilterSet
    default_ordering = ("family_name", "given_name", "pk")
    verbose_name_plural = gettext_lazy("people")
    columns = [
        TickColumn("tick", label="", width="3%"),
        TitleColumn("name", label=gettext_lazy("Name"), label_prefix="row", sort_key="family_name", width="22%"),
        Column("positions", label=gettext_lazy("Position"), accessor=positions, width="35%"),
        Column("country", label=gettext_lazy("Country"), sort_key="country", classname="desk-wide"),
        Column("language", label=gettext_lazy("Letters in"), accessor=language_of, classname="desk-wide"),
        Column("address", label=gettext_lazy("E-mail address"), classname="desk-wide"),
    ]

    def get_base_queryset(self):
        current = Affiliation.objects.current().select_related("organization")
        return (
            Person.objects.visible_to(self.request.user)
            .select_related("country")
            .prefetch_related("emails", Prefetch("affiliations", current, to_attr="current_affiliations"))
            .filter(~Exists(self.event.invitations.standing().filter(person=OuterRef("pk"))))
        )

    @cached_property
    def header_buttons(self):
        drafts = self.event.invitations.visible_to(self.request.user).drafts().count()
        label = _("Preview the letters (%(count)d)") % {"count": drafts}
        return [HeaderButton(label, url=self._letters_url(), icon_name="mail")] if drafts else []

    def act(self, chosen):
        drafts = self.event.invitations.draft(chosen, by=self.request.user)
        told = ngettext(
            "%(count)d person is on the list of invitations now.",
            "%(count)d people are on the list of invitations now.",
            len(drafts),
        )
        preview = messages.button(self._letters_url(), _("Preview the letters"))
        messages.success(self.request, told % {"count": len(drafts)}, buttons=[preview])

    def _letters_url(self) -> str:
        return reverse("event:letters", args=[self.event.pk])
