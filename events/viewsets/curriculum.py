"""The admin's screens for curricula: what is taught, by whom, with which documents, and where it was."""

import django_filters
from babel.units import format_unit
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext_lazy, to_locale
from django.utils.translation import gettext as _
from django.views.generic import View
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, NumberColumn

from contacts.models import Person
from events.forms.document import DocumentForm
from events.forms.training import CurriculumForm
from events.models import Curriculum, Document, Event, FormalLetter, Profession
from events.views.desk.documents import document_acts, version_asked
from network.views.answers import handed_out
from network.viewsets.records import (
    LabelsIndexView,
    RecordDeleteView,
    RecordInspectView,
    RecordViewSet,
)


class CurriculumFilterSet(WagtailFilterSet):
    audience = django_filters.ChoiceFilter(
        label=gettext_lazy("For whom"), choices=Profession.choices, method="meant_for"
    )

    class Meta:
        model = Curriculum
        fields = []

    def meant_for(self, curricula, _name, profession):
        return curricula.meant_for(profession)


class CurriculumIndexView(LabelsIndexView):
    search_in = ("title", "summary")
    title_label = gettext_lazy("Curriculum")
    title_sort_key = None
    export_values = {"title": str, "summary": str, "professions": lambda curriculum: curriculum.professions}

    def dressed(self, rows):
        counted = {"run_count": Count("runs", distinct=True), "module_count": Count("modules", distinct=True)}
        return super().dressed(rows).annotate(**counted)


class CurriculumInspectView(RecordInspectView):
    """GET shows it; POST adds a document to it, or drops one of it."""

    template_name = "events/desk/curriculum.html"
    document_form = None

    def post(self, request, **_where):
        if not request.user.has_perm("events.change_curriculum"):
            raise PermissionDenied
        self.document_form = document_acts(request, self.object.documents, Document(curriculum=self.object))
        if self.document_form:
            return self.render_to_response(self.get_context_data(), status=422)
        return redirect(reverse("curriculum:inspect", args=[self.object.pk]) + "#documents")

    def facts(self):
        one = self.object
        share = one.certificate_share and _("%(share)d %% of the sessions") % {"share": one.certificate_share}
        return [
            (_("title"), str(one.title)),
            (_("summary"), str(one.summary)),
            (_("for whom"), one.professions or _("Everybody")),
            (_("topics"), ", ".join(str(topic) for topic in one.topics.all())),
            (
                _("takes"),
                format_unit(one.minutes / 60, "hour", locale=to_locale(get_language())) if one.minutes else "",
            ),
            (_("certificate from"), share),
            (_("trained"), self.trained()),
        ]

    def trained(self) -> str:
        """How many hold a certificate of one of its runs, with the way to the list of them."""
        viewer = self.request.user
        held = FormalLetter.objects.visible_to(viewer).trained().on([self.object])
        people = held.values("invitation__person").distinct().count()
        url = f"{reverse('training_record:index')}?curriculum={self.object.pk}"
        words = ngettext("%(count)d person", "%(count)d people", people) % {"count": people}
        return format_html('<a href="{}">{}</a>', url, words) if people else words

    def get_context_data(self, **kwargs):
        viewer = self.request.user
        teaching = self.object.trainers.filter(person__in=Person.objects.visible_to(viewer).values("pk"))
        return super().get_context_data(
            modules=self.object.modules.all(),
            trainers=teaching.select_related("person").order_by("person__family_name", "pk"),
            runs=Event.objects.visible_to(viewer).filter(curriculum=self.object).select_related("venue__country"),
            documents=self.object.documents.with_files(),
            document_form=self.document_form or DocumentForm(instance=Document(curriculum=self.object)),
            may_change=viewer.has_perm("events.change_curriculum"),
            **kwargs,
        )


class DocumentView(View):
    """Hands a document of a curriculum out to staff."""

    def get(self, request, pk, document) -> HttpResponse:
        if not request.user.has_perm("events.view_curriculum"):
            raise PermissionDenied
        found = version_asked(request, get_object_or_404(Document.objects.with_files(), curriculum=pk, pk=document))
        return handed_out(found.file, found.name)


class CurriculumViewSet(RecordViewSet):
    model = Curriculum
    name = "curriculum"
    icon = "list-ul"
    menu_label = gettext_lazy("Curricula")
    menu_order = 105
    url_prefix = "events/curriculum"
    index_view_class = CurriculumIndexView
    inspect_view_class = CurriculumInspectView
    delete_view_class = RecordDeleteView
    filterset_class = CurriculumFilterSet
    list_display = [
        Column("professions", label=gettext_lazy("For whom"), width="35%"),
        NumberColumn("module_count", label=pgettext_lazy("of a curriculum", "Modules")),
        NumberColumn("run_count", label=gettext_lazy("Trainings")),
    ]
    list_export = ["title", "summary", "professions", "module_count", "run_count"]
    export_headings = {
        "professions": gettext_lazy("For whom"),
        "module_count": pgettext_lazy("of a curriculum", "Modules"),
        "run_count": gettext_lazy("Trainings"),
    }
    export_filename = "curricula"
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [FieldPanel("title"), FieldPanel("summary"), FieldPanel("audience"), FieldPanel("topics")],
                heading=gettext_lazy("What, and for whom"),
            ),
            FieldPanel("certificate_share"),
            InlinePanel(
                "modules",
                [
                    FieldPanel("title"),
                    FieldPanel("objectives"),
                    FieldRowPanel([FieldPanel("minutes"), FieldPanel("position")]),
                ],
                heading=pgettext_lazy("of a curriculum", "Modules"),
                label=pgettext_lazy("of a curriculum", "Module"),
            ),
            InlinePanel(
                "trainers",
                [FieldPanel("person"), FieldPanel("teaches")],
                heading=gettext_lazy("Who can teach it"),
                label=pgettext_lazy("of a curriculum", "Trainer"),
            ),
        ],
        base_form_class=CurriculumForm,
    )

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),
            path("<int:pk>/documents/<int:document>/", DocumentView.as_view(), name="document"),
        ]
