"""The admin's gap matrices: a country against an instrument or a model law, article by article; many countries
together; and the screen on which one reads both texts side by side and grades."""

from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.base import ViewSet

from legal.forms.gaps import AssessForm, GapDeskForm, standards
from legal.models import Correspondence, Grade, ModelLaw, NationalLaw, Provision, Relation, Work
from legal.models.effect import helped
from legal.models.gaps import gap_matrix, group_gaps
from legal.models.units import Unit, reading_of, unit_at, units_of
from legal.views.gap_sheets import country_sheet, group_sheet
from network.forms import alphabetically
from network.models import Country

READ, ASSESS = "legal.view_correspondence", "legal.add_correspondence"


class GapScreen(WagtailAdminTemplateMixin, TemplateView):
    page_title = gettext_lazy("Gaps")
    header_icon = "table"

    def dispatch(self, request, *args, **kwargs):
        if not request.user.has_perm(READ):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @property
    def may_assess(self) -> bool:
        return self.request.user.has_perm(ASSESS)

    def laws_of(self, country: Country):
        """The laws of `country` with the names that stand in the list of places, drafts too for who reads them."""
        return NationalLaw.objects.visible_to(self.request.user).filter(country=country).order_by("-dated_on", "pk")


class GapsView(GapScreen):
    """The matrix of a country, where one is asked for; else that of many."""

    @cached_property
    def form(self) -> GapDeskForm:
        return GapDeskForm(self.request.GET, viewer=self.request.user)

    def get(self, request, *args, **kwargs):
        standard, country = self.form.chosen_standard, self.form.chosen_country
        if standard is None:
            return self.show("legal/gaps_none.html")
        return self.of_country(country, standard) if country else self.of_many(standard)

    def of_country(self, country: Country, standard: Work) -> HttpResponse:
        asked, viewer = self.form.asked, self.request.user
        matrix = gap_matrix(country, standard, viewer, asked.get("on"), asked.get("since"))
        if self.request.GET.get("export") == "csv":
            return country_sheet(matrix)
        found = helped(country, standard, matrix.since, matrix.on, viewer) if matrix.since else []
        places = [(law, units_of(law)) for law in self.laws_of(country).prefetch_related("expressions")]
        grading = {
            "grades": Grade.choices,
            "relations": Relation.choices,
            "places": places if self.may_assess else [],
            "links": [link for provide in hooks.get_hooks("gap_links") for link in provide(country, viewer)],
            "may_assess": self.may_assess and matrix.on >= timezone.localdate(),
        }
        return self.show("legal/gap_matrix.html", matrix=matrix, helped=found, **grading)

    def of_many(self, standard: Work) -> HttpResponse:
        countries = alphabetically(self.form.countries)
        found = group_gaps(countries, standard, self.request.user, self.form.asked.get("on"))
        if self.request.GET.get("export") == "csv":
            return group_sheet(found)
        models = ModelLaw.objects.visible_to(self.request.user).filter(instruments=standard.pk)
        assessed = [row for row in found.rows if row.is_assessed]
        return self.show("legal/group_gaps.html", found=found, assessed=assessed, model_laws=models)

    def show(self, template: str, **context) -> HttpResponse:
        self.template_name = template
        standard, query = self.form.chosen_standard, self.request.GET.copy()
        query["export"] = "csv"
        query.setdefault("standard", standard.slug if standard else "")
        facts = {"form": self.form, "standard": standard, "export": query.urlencode(), "media": self.form.media}
        return self.render_to_response(self.get_context_data(**facts, **context))

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]


class CompareView(GapScreen):
    """An article beside the law of a country, or beside a model law; a POST grades it, from here or from the matrix."""

    template_name = "legal/gap_compare.html"
    page_title = gettext_lazy("Side by side")

    def get(self, request, whose, provision):
        self.find(whose, provision)
        shown = self.unit(request.GET.get("at", ""))
        place = f"{self.law.slug}#{shown.eid}" if shown else ""
        form = AssessForm(works=self.laws, initial={"place": place, "grade": Grade.NOT_ASSESSED})
        return self.show(form, shown)

    def post(self, request, whose, provision):
        if not self.may_assess:
            raise PermissionDenied
        self.find(whose, provision)
        form = AssessForm(request.POST, works=self.laws)
        if form.is_valid():
            try:
                self.assess(dict(form.cleaned_data))
                return redirect(self.back)
            except ValidationError as refusal:
                form.add_error(None, refusal.messages)
        chosen = form.cleaned_data.get("place")
        if chosen:
            self.law = next(law for law in self.laws if law.pk == chosen.work_id)
        return self.show(form, self.unit(chosen.eid if chosen else ""), status=422)

    def find(self, whose: str, provision: int) -> None:
        viewer = self.request.user
        self.country = Country.objects.filter(pk=whose).first()
        model_laws = ModelLaw.objects.visible_to(viewer).filter(slug=whose)
        self.laws = list(self.laws_of(self.country) if self.country else model_laws)
        if not (self.country or self.laws):
            raise Http404
        self.standard = get_object_or_404(Provision.objects.filter(work__in=standards(viewer)), pk=provision)
        asked = self.request.GET.get("law", "")
        self.law = next((law for law in self.laws if law.slug == asked), self.laws[0] if self.laws else None)

    def assess(self, answers: dict) -> None:
        place = answers.pop("place")
        whose = {"provision": place} if place else {"country": self.country}
        Correspondence.objects.assess(self.standard, answers.pop("grade"), by=self.request.user, **whose, **answers)
        messages.success(self.request, _("It is noted; another legal officer reviews it."))

    def unit(self, eid: str) -> Unit | None:
        """That of the law at the anchor `eid`, else its first."""
        units = units_of(self.law) if self.law else []
        return next((one for one in units if one.eid == eid), None) or (
            unit_at(self.law, eid) if self.law and eid else next(iter(units), None)
        )

    @property
    def back(self) -> str:
        """The matrix, at the article."""
        asked = self.request.POST.get("next", "")
        if url_has_allowed_host_and_scheme(asked, allowed_hosts={self.request.get_host()}):
            return asked
        where = {"standard": self.standard.work.slug, **({"country": self.country.pk} if self.country else {})}
        return f"{reverse('gaps:index')}?{urlencode(where)}#{self.standard.eid}"

    def show(self, form: AssessForm, shown: Unit | None, status: int = 200) -> HttpResponse:
        work = self.standard.work
        article = unit_at(work, self.standard.eid)
        said = Correspondence.objects.visible_to(self.request.user).with_places().filter(standard=self.standard)
        mine = said.filter(country=self.country, superseded_on=None)
        if self.country is None:
            mine = mine.filter(provision__work=self.law)
        context = self.get_context_data(
            form=form,
            whose=self.country or self.law,
            standard=self.standard,
            article=reading_of(work, article) if article else None,
            laws=self.laws,
            law=self.law,
            units=units_of(self.law) if self.law else [],
            shown=reading_of(self.law, shown) if shown else None,
            said=mine,
            may_assess=self.may_assess,
            back=self.back,
            media=form.media,
        )
        return self.render_to_response(context, status=status)

    def get_breadcrumbs_items(self):
        above = {"url": self.back, "label": _("Gaps")}
        return [*self.breadcrumbs_items, above, {"url": "", "label": self.page_title}]


class ForReaders(MenuItem):
    def is_shown(self, request):
        return request.user.has_perm(READ)


class GapsViewSet(ViewSet):
    name = "gaps"
    url_prefix = "legal/gaps"
    icon = "table"
    menu_label = gettext_lazy("Gaps")
    menu_item_class = ForReaders

    def get_urlpatterns(self):
        return [
            path("", GapsView.as_view(), name="index"),
            path("<str:whose>/<int:provision>/", CompareView.as_view(), name="compare"),
        ]
