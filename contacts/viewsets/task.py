"""The admin's screens for tasks: what is to be done, by whom, by when."""

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import F
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.tables import Column, StatusTagColumn
from wagtail.admin.widgets.boolean_radio_select import BooleanRadioSelect

from contacts.forms import TaskForm
from contacts.models import Task, User
from network.forms import LongSelect
from network.viewsets.records import RecordCreateView, RecordIndexView, RecordInspectView, RecordViewSet


class TaskFilterSet(WagtailFilterSet):
    owner = django_filters.ModelChoiceFilter(label=gettext_lazy("Who does it"), queryset=User.objects.staff())
    is_done = django_filters.BooleanFilter(label=gettext_lazy("Done"), method="done", widget=BooleanRadioSelect)

    class Meta:
        model = Task
        fields = []

    def done(self, tasks, _name, wanted):
        return tasks.exclude(done_at=None) if wanted else tasks.open()


class TaskIndexView(RecordIndexView):
    title_label = gettext_lazy("What is to be done")
    title_sort_key = None
    related = ("owner", "person", "organization", "country")

    def search_queryset(self, queryset):
        return queryset.filter(title__icontains=self.search_query) if self.is_searching else queryset

    def order_queryset(self, queryset):
        if self.ordering == "due_on":
            return queryset.order_by(F("done_at").asc(nulls_first=True), F("due_on").asc(nulls_last=True), "pk")
        return super().order_queryset(queryset)


class TaskInspectView(RecordInspectView):
    template_name = "contacts/task.html"

    def facts(self):
        task = self.object
        return [
            (_("what is to be done"), task.title),
            (_("note"), task.note),
            (_("who does it"), task.owner),
            (_("by"), task.asked_by),
            (_("due"), task.due_on),
            (_("person"), task.person),
            (_("organization"), task.organization),
            (_("country"), task.country),
            (_("done"), task.done_at),
            (_("done by"), task.done_by),
        ]

    @cached_property
    def may_finish(self) -> bool:
        return self.request.user.has_perm("contacts.change_task")

    def get_context_data(self, **kwargs):
        return super().get_context_data(may_finish=self.may_finish, **kwargs)


class TaskCreateView(RecordCreateView):
    """`?person=`, `?organization=` and `?country=` say what it is about; it is its writer's own unless they choose
    somebody."""

    def get_initial_form_instance(self):
        return Task(asked_by=self.request.user)

    def get_initial(self):
        asked = {name: self.request.GET.get(name) for name in ("person", "organization", "country")}
        return {"owner": self.request.user, **{name: key for name, key in asked.items() if key}}


class TaskActView(View):
    """A POST that calls one verb of a task, and leads back to where it was pressed."""

    http_method_names = ["post"]

    def post(self, request, pk):
        if not request.user.has_perm("contacts.change_task"):
            raise PermissionDenied
        task = get_object_or_404(Task.objects.visible_to(request.user), pk=pk)
        try:
            messages.success(request, self.act(task))
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        back = request.POST.get("next", "")
        is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
        return redirect(back if is_ours else reverse("task:inspect", args=[pk]))

    def act(self, task: Task) -> str:
        raise NotImplementedError


class TakeOnView(TaskActView):
    def act(self, task):
        task.take_on(by=self.request.user)
        return _("You do this now: %(task)s") % {"task": task}


class FinishView(TaskActView):
    def act(self, task):
        task.finish(by=self.request.user)
        return _("Done: %(task)s") % {"task": task}


class TakeUpAgainView(TaskActView):
    def act(self, task):
        task.take_up_again(by=self.request.user)
        return _("Open again: %(task)s") % {"task": task}


def _due(task) -> str:
    return date_format(task.due_on) if task.due_on else ""


class TaskViewSet(RecordViewSet):
    model = Task
    icon = "tasks"
    url_prefix = "contacts/tasks"
    index_view_class = TaskIndexView
    inspect_view_class = TaskInspectView
    add_view_class = TaskCreateView
    filterset_class = TaskFilterSet
    ordering = "due_on"
    list_display = [
        Column("owner", label=gettext_lazy("Who does it"), sort_key="owner"),
        Column("person", label=gettext_lazy("Person")),
        Column("organization", label=gettext_lazy("Organization")),
        Column("country", label=gettext_lazy("Country")),
        StatusTagColumn(
            "state",
            label=gettext_lazy("State"),
            accessor=lambda task: gettext_lazy("Done") if task.done_at else gettext_lazy("Open"),
            primary=lambda task: task.done_at is None,
        ),
        Column("due_on", label=gettext_lazy("Due"), accessor=_due, sort_key="due_on"),
    ]
    list_export = ["title", "owner", "due_on", "person", "organization", "country", "done_at", "note"]
    export_filename = "tasks"
    edit_handler = ObjectList(
        [
            FieldPanel("title"),
            FieldRowPanel([FieldPanel("owner", widget=forms.Select), FieldPanel("due_on")]),
            FieldRowPanel([FieldPanel("person"), FieldPanel("organization")]),
            FieldPanel("country", widget=LongSelect),
            FieldPanel("note"),
        ],
        base_form_class=TaskForm,
    )

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),
            path("<int:pk>/take-on/", TakeOnView.as_view(), name="take_on"),
            path("<int:pk>/finish/", FinishView.as_view(), name="finish"),
            path("<int:pk>/take-up-again/", TakeUpAgainView.as_view(), name="take_up_again"),
        ]
