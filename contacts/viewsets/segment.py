"""The admin's screens for segments: who fits, counted while one ticks; and who was added or left out by hand."""

from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.button import HeaderButton

from contacts.forms.segment import ByHandForm, SegmentForm
from contacts.models import Affiliation, Person, Segment
from contacts.models.segment import (
    POSTS,
    Condition,
    conditions,
    focal_for,
    holding,
    in_countries,
    in_groups,
    on_topics,
    speaking,
    without_focal,
    working,
    working_at,
)
from contacts.viewsets.chooser import PersonChooserViewSet, with_affiliations
from network.forms import country_choices, topic_choices
from network.labels import language_name
from network.models import CountryGroup, Organization
from network.viewsets.access import narrow
from network.viewsets.records import RecordCreateView, RecordIndexView, RecordInspectView, RecordViewSet

SAMPLE = 50


def own_conditions() -> list[Condition]:
    """What contacts know of people."""

    def keyed(choices):
        return lambda: [(str(key), label) for key, label in choices()]

    def groups():
        return [(group.pk, str(group)) for group in CountryGroup.objects.all()]

    def languages():
        return [(code, language_name(code)) for code in ("en", "fr", "es", "ar", "pt", "ru", "zh-hans")]

    return [
        Condition(
            "kind",
            gettext_lazy("Kind of organization"),
            lambda: Organization.Kind.choices,
            lambda kinds: working(organization__kind__in=kinds),
        ),
        Condition(
            "organization", gettext_lazy("Organization"), list, working_at, Affiliation._meta.get_field("organization")
        ),
        Condition(
            "post",
            gettext_lazy("Stands there as"),
            lambda: [(name, capfirst(Affiliation._meta.get_field(name).verbose_name)) for name in POSTS],
            holding,
        ),
        Condition("group", gettext_lazy("Country group"), keyed(groups), in_groups),
        Condition("country", gettext_lazy("Country"), country_choices, in_countries),
        Condition("topic", gettext_lazy("Topic"), keyed(topic_choices), on_topics),
        Condition("focal", gettext_lazy("Focal point for"), keyed(topic_choices), focal_for),
        Condition("gap", gettext_lazy("No focal point in the country for"), keyed(topic_choices), without_focal),
        Condition(
            "rank",
            gettext_lazy("Rank"),
            lambda: [(str(rank), label) for rank, label in Affiliation.Rank.choices],
            lambda ranks: working(rank__in=ranks),
        ),
        Condition("language", gettext_lazy("Language of letters"), languages, speaking),
    ]


def in_words(segment: Segment, viewer) -> list[tuple[str, str]]:
    """The conditions of a segment as label and ticked answers; of those that the viewer may not see, that there are
    some."""
    known = conditions()
    rows = []
    for name, values in segment.answers.items():
        if condition := known.get(name):
            words = condition.words(values, viewer)
            more = [_("(not to be seen by you)")] if len(words) < len(values) else []
            rows.append((condition.label, ", ".join([*words.values(), *more])))
    return rows


def asked_of(request, before: str = "") -> dict[str, list[str]]:
    """What an address ticks: name of a condition -> values, of those that there are and that the viewer may see;
    `before` stands before each name there."""
    asked = {
        name: list(condition.words(request.GET.getlist(before + name), request.user))
        for name, condition in conditions().items()
    }
    return {name: values for name, values in asked.items() if values}


class SegmentIndexView(RecordIndexView):
    related = ("by",)

    def search_queryset(self, queryset):
        return queryset.filter(name__icontains=self.search_query) if self.is_searching else queryset


class SegmentCreateView(RecordCreateView):
    """`?gap=7&group=2` ticks answers, as the form has them; of those that there are, and that the writer may see."""

    template_name = "contacts/segment_form.html"

    def get_initial_form_instance(self):
        return Segment(by=self.request.user, answers=asked_of(self.request))


class SegmentInspectView(RecordInspectView):
    template_name = "contacts/segment.html"

    def facts(self):
        segment = self.object
        return [*in_words(segment, self.request.user), (_("note"), segment.note), (_("by"), segment.by)]

    @cached_property
    def header_buttons(self):
        if not self.request.user.has_perm("contacts.add_mailing"):
            return super().header_buttons
        url = reverse("mailing:add") + f"?segment={self.object.pk}"
        return [*super().header_buttons, HeaderButton(_("Write to them"), url=url, icon_name="mail")]

    def get_context_data(self, **kwargs):
        viewer = self.request.user
        people = self.object.people().visible_to(viewer)
        spoken = people.languages_of_letters()
        form = ByHandForm()
        form.fields["person"].widget = PersonChooserViewSet().widget_class()
        return super().get_context_data(
            count=sum(spoken.values()),
            unreachable=people.exclude(pk__in=Person.objects.reachable().values("pk")).count(),
            languages=[(language_name(code), count) for code, count in spoken.most_common()],
            people=with_affiliations(people.select_related("country"))[:SAMPLE],
            by_hand=self.object.choices.filter(person__in=Person.objects.visible_to(viewer)).select_related("person"),
            form=form,
            may_change=viewer.has_perm("contacts.change_segment"),
            media=form.media,
            **kwargs,
        )


class CountView(View):
    """How many people fit what is ticked on the form."""

    def get(self, request):
        if not request.user.has_perm("contacts.add_segment"):
            raise PermissionDenied
        asked = asked_of(request, "answer_")
        return JsonResponse({"count": Segment.objects.people_with(asked).visible_to(request.user).count()})


class ByHandView(View):
    """POST: somebody is in, or out, whatever the conditions say."""

    http_method_names = ["post"]

    def post(self, request, pk):
        if not request.user.has_perm("contacts.change_segment"):
            raise PermissionDenied
        segment = get_object_or_404(Segment, pk=pk)
        form = ByHandForm(request.POST)
        narrow(form, request.user)
        if not form.is_valid():
            messages.error(request, _("Choose a person first."))
        elif choice := form.cleaned_data["choice"]:
            segment.put(form.cleaned_data["person"], choice == "in", by=request.user)
        else:
            segment.leave_to_conditions(form.cleaned_data["person"], by=request.user)
        return redirect("segment:inspect", pk)


class SegmentViewSet(RecordViewSet):
    model = Segment
    icon = "group"
    url_prefix = "contacts/segments"
    index_view_class = SegmentIndexView
    inspect_view_class = SegmentInspectView
    add_view_class = SegmentCreateView
    edit_template_name = create_template_name = "contacts/segment_form.html"
    ordering = "name"
    list_display = [Column("note", label=gettext_lazy("Note"), width="40%"), Column("by", label=gettext_lazy("By"))]
    list_export = ["name", "note"]
    export_filename = "segments"

    def get_form_class(self, for_update=False):
        return SegmentForm

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),
            path("count/", CountView.as_view(), name="count"),
            path("<int:pk>/by-hand/", ByHandView.as_view(), name="by_hand"),
        ]
