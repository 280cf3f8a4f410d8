"""What every screen about one event has in common: its door, its way back, and how it takes a refusal."""

from contextlib import contextmanager

from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import BaseObjectMixin, WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from events.models import Event
from events.models.audience import sight_of


@contextmanager
def refusals_shown(request):
    """What a verb refuses becomes a message for the reader instead of a crash."""
    try:
        yield
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))


class EventView(PermissionCheckedMixin, BaseObjectMixin, WagtailAdminTemplateMixin, View):
    """A screen about the event `self.object`; whoever may not change events is turned away."""

    model = Event
    permission_required = "change"
    header_icon = "calendar-alt"
    shows_all = False  # whether it shows what is not for everybody, so that it takes the right to see every session

    def dispatch(self, request, *args, **kwargs):
        if self.shows_all and not sight_of(request.user).sees_all:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_base_object_queryset(self):
        return Event.objects.select_related("venue__country")

    @cached_property
    def desk_url(self) -> str:
        return reverse("event:desk", args=[self.object.pk])

    def get_page_subtitle(self):
        return str(self.object)

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse("event:index"), "label": capfirst(Event._meta.verbose_name_plural)},
            {"url": self.desk_url, "label": str(self.object)},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **more):
        return super().get_context_data(event=self.object, desk_url=self.desk_url, **more)

    def to_desk(self):
        return redirect(self.desk_url)


class EventLookView(EventView):
    """A screen for everybody who may see events."""

    permission_required = None
    any_permission_required = ["add", "change", "delete", "view"]


class EventTimeView(EventView):
    """A screen whose hours are those of the event."""

    def dispatch(self, request, *args, **kwargs):
        with timezone.override(self.object.zone):
            response = super().dispatch(request, *args, **kwargs)
            return response.render() if hasattr(response, "render") else response


class EventFormView(EventView):
    """A page with a form that calls one verb; the verb's refusal stands above the form."""

    template_name = "events/desk/form.html"
    form_class = None
    is_serious = False  # a red button

    def get(self, request, **_where):
        return self.show(self.form_class(initial=self.initial()))

    def post(self, request, **_where):
        form = self.form_class(request.POST)
        if not form.is_valid():
            return self.show(form)
        try:
            done = self.act(**form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
            self.object = self.get_object()
            return self.show(form)
        messages.success(request, done)
        return self.to_desk()

    def show(self, form):
        return self.render_to_response(self.get_context_data(form=form, media=form.media))

    def initial(self) -> dict:
        return {}

    def act(self, **answers) -> str:
        """Call the verb; return what to tell the user."""
        raise NotImplementedError

    def warning(self) -> str:
        """What the user should know before the button is pressed."""
        return ""

    def button(self) -> str:
        return _("Save")
