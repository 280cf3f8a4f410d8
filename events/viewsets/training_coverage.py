"""Training coverage in the admin: the matrix of countries and curricula, and the people who were never trained."""

from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language_bidi, gettext_lazy
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.base import ViewSet

from contacts.models import Affiliation
from events import sheets
from events.forms.training import NeverTrainedForm, TrainingCoverageForm
from events.models import FormalLetter, Profession
from events.models.curriculum import kinds_of
from events.models.trained import TrainingCoverage, never_trained, training_coverage
from network.forms import alphabetically
from network.models import Country, Organization

SHOWN = 200
MAY_READ = ("events.view_formalletter", "events.view_curriculum", "contacts.view_person")


class ForReaders(WagtailAdminTemplateMixin, TemplateView):
    """A page for who may read the training record."""

    header_icon = "table"

    def dispatch(self, request, *args, **kwargs):
        if not request.user.has_perms(MAY_READ):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @property
    def affiliations(self):
        return Affiliation.objects.visible_to(self.request.user)


class TrainingCoverageView(ForReaders):
    template_name = "events/desk/training_coverage.html"
    page_title = gettext_lazy("Training coverage")

    def get(self, request, *args, **kwargs):
        form = TrainingCoverageForm(request.GET)
        asked = form.cleaned_data if form.is_valid() else {}
        found = self.covered(form, asked)
        if request.GET.get("export") == "xlsx":
            return as_workbook(found)
        query = request.GET.copy()
        query["export"] = "xlsx"
        return self.render_to_response(
            self.get_context_data(
                form=form,
                coverage=found,
                group=asked.get("group"),
                audience=asked.get("audience", ""),
                of_whom=dict(Profession.choices).get(asked.get("audience", ""), _("Everybody")),
                export=query.urlencode(),
                media=form.media,
            )
        )

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def covered(self, form, asked: dict) -> TrainingCoverage:
        group = asked.get("group")
        countries = alphabetically(group.countries.all() if group else Country.objects.all())
        letters = FormalLetter.objects.visible_to(self.request.user)
        curricula = form.chosen() if form.is_valid() else []
        found = training_coverage(letters, self.affiliations, countries, curricula, asked.get("audience", ""))
        return found.with_gaps() if asked.get("gaps") else found


class NeverTrainedView(ForReaders):
    """The people of a country for whom a curriculum is, and who were never trained on it."""

    template_name = "events/desk/never_trained.html"
    page_title = gettext_lazy("Never trained")

    def get(self, request, *args, **kwargs):
        form = NeverTrainedForm(request.GET)
        if not form.is_valid():
            raise Http404
        self.asked = form.cleaned_data
        return self.render_to_response(self.get_context_data())

    @cached_property
    def kinds(self) -> list[str]:
        """The kinds of organizations where those work for whom it is."""
        audience = self.asked["audience"]
        return kinds_of([audience] if audience else self.asked["curriculum"].audience)

    def get_breadcrumbs_items(self):
        coverage = {"url": reverse("training_coverage:index"), "label": TrainingCoverageView.page_title}
        return [*self.breadcrumbs_items, coverage, {"url": "", "label": self.page_title}]

    def get_context_data(self, **more):
        curriculum, country = self.asked["curriculum"], self.asked["country"]
        found = never_trained(self.affiliations, curriculum, self.asked["audience"])
        there = found.filter(organization__country=country).select_related("person", "organization")
        labels = dict(Organization.Kind.choices)
        kinds = self.kinds if len(self.kinds) < len(labels) else []
        return super().get_context_data(
            **self.asked,
            rows=there.order_by("organization__name", "person__family_name", "person__given_name", "pk")[:SHOWN],
            count=there.values("person").distinct().count(),
            kinds=[labels[kind] for kind in kinds],
            gather=self._gather(kinds),
            **more,
        )

    def _gather(self, kinds: list[str]) -> str:
        """The way to a segment of these people."""
        if not self.request.user.has_perm("contacts.add_segment"):
            return ""
        ticks = {"country": self.asked["country"].pk, "untrained": self.asked["curriculum"].pk, "kind": kinds}
        return f"{reverse('segment:add')}?{urlencode(ticks, doseq=True)}"


class _ForReaders(MenuItem):
    def is_shown(self, request):
        return request.user.has_perms(MAY_READ)


class TrainingCoverageViewSet(ViewSet):
    name = "training_coverage"
    url_prefix = "events/training-coverage"
    icon = "table"
    menu_label = gettext_lazy("Training coverage")
    menu_order = 170
    menu_item_class = _ForReaders

    def get_urlpatterns(self):
        return [
            path("", TrainingCoverageView.as_view(), name="index"),
            path("people/", NeverTrainedView.as_view(), name="people"),
        ]


def as_workbook(found: TrainingCoverage) -> HttpResponse:
    """A row for each country; of each curriculum how many were trained, and how many never were."""
    headings = [_("Country code"), _("Country")]
    for curriculum in found.curricula:
        told = {"curriculum": curriculum}
        headings += [_("%(curriculum)s: trained") % told, _("%(curriculum)s: never trained") % told]
    rows = [
        [row.country.pk, str(row.country), *(str(n) for cell in row.cells for n in (cell.trained, cell.never))]
        for row in found.rows
    ]
    content = sheets.workbook(_("Training coverage"), headings, rows, is_right_to_left=get_language_bidi())
    response = HttpResponse(content, content_type=sheets.XLSX)
    response["Content-Disposition"] = 'attachment; filename="training-coverage.xlsx"'
    return response
