"""The admin's screens for topics."""

import django_filters
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.tables import Column, StatusFlagColumn

from network.forms import TopicForm, topic_choices
from network.models import Topic
from network.viewsets.country import in_every_language
from network.viewsets.records import LabelsIndexView, RecordInspectView, RecordViewSet


class TopicFilterSet(WagtailFilterSet):
    parent = django_filters.ChoiceFilter(label=_("Broader topic"), choices=topic_choices)

    class Meta:
        model = Topic
        fields = ["is_competence"]


class TopicIndexView(LabelsIndexView):
    related = ("parent",)
    export_values = {"name": str}


class TopicInspectView(RecordInspectView):
    def facts(self):
        topic = self.object
        return [
            (_("Name"), in_every_language(topic.name)),
            (_("short name"), topic.slug),
            (_("broader topic"), topic.parent and str(topic.parent)),
            (_("competence"), _("yes") if topic.is_competence else _("no")),
            (_("Narrower topics"), ", ".join(str(child) for child in topic.children.all())),
        ]


class TopicViewSet(RecordViewSet):
    model = Topic
    icon = "tag"
    url_prefix = "network/topics"
    index_view_class = TopicIndexView
    inspect_view_class = TopicInspectView
    filterset_class = TopicFilterSet
    ordering = "name"
    list_display = [
        Column("parent", label=_("Broader topic")),
        Column("slug", label=_("Short name"), sort_key="slug"),
        Column("position", label=pgettext_lazy("order", "Position"), sort_key="position"),
        StatusFlagColumn("is_competence", label="", true_label=_("Competence")),
    ]
    list_export = ["slug", "name", "parent", "position", "is_competence"]
    export_filename = "topics"
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            FieldPanel("parent"),
            FieldRowPanel([FieldPanel("slug"), FieldPanel("position")]),
            FieldPanel("is_competence"),
        ],
        base_form_class=TopicForm,
    )
