"""The gaps of a country with the people beside them: who is focal point, when somebody of us was there last, who was
trained on what, and where they meet next."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets.button import Button

from cms.views.countries import gap_summaries, next_forum
from contacts.models import Affiliation, Person
from contacts.models.coverage import competences_of, coverage
from events.models import Curriculum, Delegation, Event, FormalLetter, Mission
from legal.models import AdvisoryMission, Assistance
from legal.models.focal_point import national_focal_points
from legal.models.gaps import GapMatrix
from network.models import Country, Topic

READ = ("legal.view_correspondence", "contacts.view_person")


@dataclass(frozen=True)
class Trained:
    """Who of a country, of those whom the viewer sees, was trained at an event, and on what."""

    event: Event
    curriculum: Curriculum | None
    people: list[Person]


@dataclass(frozen=True)
class Beside:
    """The gaps against one standard, with what there is of people for its topics."""

    matrix: GapMatrix
    focal_points: list[tuple[Topic, list[Person]]]
    mission: Mission | None
    trainings: list[Trained]
    assistance: list[Assistance] = field(default_factory=list)


class GapPeopleView(WagtailAdminTemplateMixin, TemplateView):
    template_name = "cms/gap_people.html"
    page_title = gettext_lazy("Gaps and people")
    header_icon = "group"

    def get(self, request, code):
        viewer = request.user
        if not all(viewer.has_perm(permission) for permission in READ):
            raise PermissionDenied
        country = get_object_or_404(Country, pk=code)
        return self.render_to_response(self.get_context_data(country=country, **self.beside(country, viewer)))

    def beside(self, country: Country, viewer) -> dict:
        found, covered = trained(country, viewer), focal_points(country, viewer)
        forum = next_forum(viewer)
        delegations = Delegation.objects.visible_to(viewer).filter(event=forum, organization__country=country)
        missions = AdvisoryMission.objects.visible_to(viewer).over().filter(assistance__country=country)
        return {
            "rows": [self.row(matrix, found, viewer) for matrix in gap_summaries(country, viewer)],
            "focal_points": covered,
            "uncovered": [competence for competence, people in covered if not people],
            "mission": Mission.objects.visible_to(viewer).last_to(country),
            "next_mission": Mission.objects.visible_to(viewer).filter(country=country).coming().first(),
            "advisory": missions.select_related("assistance").prefetch_related("advisers__person").first(),
            "trainings": found,
            "forum": forum,
            "delegations": delegations.standing().select_related("organization") if forum else [],
            "national": self.invitable(country, viewer),
        }

    def invitable(self, country: Country, viewer) -> list[Person]:
        """The focal points whom one may ask to look through the law of the country."""
        if not viewer.has_perm("legal.change_suggestion"):
            return []
        held = national_focal_points().filter(organization__country=country)
        people = Person.objects.visible_to(viewer).filter(pk__in=held.values("person"))
        return list(people.order_by("family_name", "given_name", "pk"))

    def row(self, matrix: GapMatrix, found: list[Trained], viewer) -> Beside:
        """What there is for the topics of the standard; all of it where it has none."""
        topics = related(matrix.standard.topics.all())
        return Beside(
            matrix,
            focal_points(matrix.country, viewer, topics),
            Mission.objects.visible_to(viewer).filter(topics__in=topics).distinct().last_to(matrix.country),
            [one for one in found if one.curriculum and topics & {*one.curriculum.topics.all()}],
            list(
                Assistance.objects.visible_to(viewer)
                .filter(country=matrix.country, instruments=matrix.standard.pk)
                .order_by("-received_on")
            ),
        )

    def get_breadcrumbs_items(self):
        above = {"url": reverse("gaps:index"), "label": _("Gaps")}
        return [*self.breadcrumbs_items, above, {"url": "", "label": self.page_title}]


def related(topics) -> set[Topic]:
    """The topics with the broader ones: who is focal point for illicit trade is so for tobacco."""
    return {one for topic in topics for one in (topic, *topic.ancestors())}


def focal_points(country: Country, viewer, topics: set[Topic] | None = None) -> list[tuple[Topic, list[Person]]]:
    """Each competence (of `topics`, where some are given) with who is focal point for it in `country`; nobody is a gap
    too."""
    seen = Affiliation.objects.visible_to(viewer)
    competences = [one for one in competences_of(seen, None) if topics is None or one in topics]
    [row] = coverage(seen, [country], competences).countries
    return list(zip(competences, row.people, strict=True))


def trained(country: Country, viewer) -> list[Trained]:
    """The trainings after which people of `country` got certificates, the last first, with those whom `viewer` sees."""
    letters = FormalLetter.objects.visible_to(viewer).trained().with_origins().filter(nation=country.pk)
    rows = letters.select_related("event__curriculum", "invitation__person").order_by("-event__starts_on", "pk")
    people = defaultdict(list)
    for letter in rows.prefetch_related("event__curriculum__topics"):
        people[letter.event].append(letter.invitation.person)
    return [Trained(event, event.curriculum, who) for event, who in people.items()]


def gap_links(country: Country, viewer) -> list[tuple[str, str]]:
    """What stands beside the matrix of a country: label and address."""
    if not all(viewer.has_perm(permission) for permission in READ):
        return []
    label = _("People, missions and trainings for these gaps")
    return [(label, reverse("gap_people:index", args=[country.pk]))]


def buttons(record, viewer) -> list[Button]:
    """On the card of a country."""
    if not isinstance(record, Country):
        return []
    return [
        Button(_("Gaps and people"), url=url, icon_name="group", priority=16)
        for _label, url in gap_links(record, viewer)
    ]


class GapPeopleViewSet(ViewSet):
    name = "gap_people"
    url_prefix = "legal/gaps-and-people"
    icon = "group"
    add_to_admin_menu = False

    def get_urlpatterns(self):
        return [path("<str:code>/", GapPeopleView.as_view(), name="index")]
