"""The admin's roster of experts: found by what they know, the languages they speak, and when they can come."""

import django_filters
from django import forms
from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, ObjectList
from wagtail.admin.ui.tables import Column

from legal.forms.assistance import ExpertForm
from legal.models import Assistance, Engagement, Expert
from network.forms import topic_choices
from network.labels import language_name
from network.viewsets.records import RecordIndexView, RecordInspectView, RecordViewSet


class ExpertFilterSet(WagtailFilterSet):
    topic = django_filters.ChoiceFilter(
        label=gettext_lazy("Expertise"), choices=topic_choices, field_name="topics", distinct=True
    )
    language = django_filters.ChoiceFilter(
        label=gettext_lazy("Language"), choices=settings.LANGUAGES, method="speaking", widget=forms.RadioSelect
    )
    days = django_filters.DateFromToRangeFilter(label=gettext_lazy("Free from … until"), method="free")

    class Meta:
        model = Expert
        fields = []

    def speaking(self, experts, _name, language):
        return experts.speaking(language)

    def free(self, experts, _name, days):
        first, last = days.start or days.stop, days.stop or days.start
        return experts.free(first.date(), last.date()) if first else experts


def languages(expert: Expert) -> str:
    return ", ".join(map(language_name, expert.languages))


def topics(expert: Expert) -> str:
    return ", ".join(str(topic) for topic in expert.topics.all())


class ExpertIndexView(RecordIndexView):
    title_label = gettext_lazy("Expert")
    title_sort_key = "person__family_name"
    related = ("person",)
    export_values = {"person": str, "languages": languages, "topics": topics}

    def get_base_queryset(self):
        return super().get_base_queryset().standing()

    def dressed(self, rows):
        return super().dressed(rows).prefetch_related("topics", "availabilities")


class ExpertInspectView(RecordInspectView):
    def facts(self):
        one, viewer = self.object, self.request.user
        mine = Assistance.objects.visible_to(viewer).values("pk")
        worked = Engagement.objects.filter(person=one.person_id, assistance__in=mine).select_related("assistance")
        work = [(row.assistance.desk_url, row.assistance, row.task, row.starts_on) for row in worked]
        return [
            (_("person"), format_html('<a href="{}">{}</a>', person_url(one), one)),
            (_("expertise"), topics(one)),
            (_("languages"), languages(one)),
            (_("can come"), format_html_join("", "<div>{}</div>", ((days(row),) for row in one.availabilities.all()))),
            (_("note"), one.note),
            (_("worked on"), format_html_join("", '<div><a href="{}">{}</a> · {} · {}</div>', work)),
        ]


class ExpertViewSet(RecordViewSet):
    model = Expert
    icon = "group"
    url_prefix = "legal/experts"
    index_view_class = ExpertIndexView
    inspect_view_class = ExpertInspectView
    filterset_class = ExpertFilterSet
    list_display = [
        Column("topics", label=gettext_lazy("Expertise"), accessor=topics),
        Column("languages", label=gettext_lazy("Languages"), accessor=languages),
    ]
    list_export = ["person", "topics", "languages"]
    export_filename = "experts"
    edit_handler = ObjectList(
        [
            FieldPanel("person"),
            FieldPanel("topics", widget=forms.CheckboxSelectMultiple(attrs={"class": "in-columns"})),
            FieldPanel("languages"),
            FieldPanel("note"),
            InlinePanel(
                "availabilities",
                [FieldRowPanel([FieldPanel("starts_on"), FieldPanel("ends_on")])],
                heading=gettext_lazy("When they can come"),
                label=gettext_lazy("Days"),
            ),
        ],
        base_form_class=ExpertForm,
    )


def person_url(expert: Expert) -> str:
    return reverse("person:inspect", args=[expert.person_id])


def days(row) -> str:
    return f"{date_format(row.starts_on)} – {date_format(row.ends_on)}"
