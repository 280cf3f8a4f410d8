"""The admin's matrix of countries and competences: who is focal point, and where nobody is."""

import csv

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets import AdminDateInput

from contacts.models import Affiliation
from contacts.models.coverage import Coverage, competences_of, coverage
from network.forms import alphabetically
from network.models import Country, CountryGroup, Topic
from network.viewsets.records import harmless


class CoverageForm(forms.Form):
    """Which countries, which competences, which day."""

    group = forms.ModelChoiceField(
        CountryGroup.objects.all(),
        label=gettext_lazy("Country group"),
        required=False,
        empty_label=gettext_lazy("All countries"),
    )
    topics = forms.ModelMultipleChoiceField(
        Topic.objects.all(),
        label=gettext_lazy("Competences"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "in-columns"}),
        help_text=gettext_lazy("None ticked: every competence, and what somebody is or was focal point for."),
    )
    on = forms.DateField(label=gettext_lazy("As of"), widget=AdminDateInput, required=False)
    gaps = forms.BooleanField(label=gettext_lazy("Only countries with gaps"), required=False)


class CoverageView(WagtailAdminTemplateMixin, TemplateView):
    template_name = "contacts/coverage.html"
    page_title = gettext_lazy("Coverage")
    header_icon = "table"

    def get(self, request, *args, **kwargs):
        if not request.user.has_perm("contacts.view_person"):
            raise PermissionDenied
        form = CoverageForm(request.GET)
        asked = form.cleaned_data if form.is_valid() else {}
        found = self.covered(asked)
        if request.GET.get("export") == "csv":
            return self.as_sheet(found)
        query = request.GET.copy()
        query["export"] = "csv"
        context = self.get_context_data(
            form=form,
            coverage=found,
            group=asked.get("group"),
            on=asked.get("on") or timezone.localdate(),
            may_gather=request.user.has_perm("contacts.add_segment"),
            export=query.urlencode(),
            media=form.media,
        )
        return self.render_to_response(context)

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def covered(self, asked: dict) -> Coverage:
        group, topics = asked.get("group"), list(asked.get("topics") or [])
        countries = group.countries.all() if group else Country.objects.all()
        affiliations = Affiliation.objects.visible_to(self.request.user)
        on = asked.get("on") or timezone.localdate()
        topics = topics or competences_of(affiliations, on)
        found = coverage(affiliations, alphabetically(countries), topics, on)
        return found.with_gaps() if asked.get("gaps") else found

    def as_sheet(self, found: Coverage) -> HttpResponse:
        """A row for each country, with the names for each competence; an empty cell is a gap."""
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="coverage.csv"'
        sheet = csv.writer(response)
        sheet.writerow([_("Country code"), _("Country"), *map(str, found.competences), _("Gaps")])
        for row in found.countries:
            names = [harmless("; ".join(person.name for person in people)) for people in row.people]
            sheet.writerow([row.country.pk, str(row.country), *names, row.gaps])
        return response


class _ForReaders(MenuItem):
    def is_shown(self, request):
        return request.user.has_perm("contacts.view_person")


class CoverageViewSet(ViewSet):
    name = "coverage"
    url_prefix = "contacts/coverage"
    icon = "table"
    menu_label = gettext_lazy("Coverage")
    menu_item_class = _ForReaders

    def get_urlpatterns(self):
        return [path("", CoverageView.as_view(), name="index")]
