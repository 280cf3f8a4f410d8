"""Circles of participants: some of those who come, for whom sessions, documents and minutes can be."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from events.forms.audience import CircleForm, circle_in
from events.models import Appearance, Circle, Role
from events.views.desk.event_view import EventView, refusals_shown
from network.models import Organization, key_in


class CirclesView(EventView):
    """GET lists them, with the form of a new one or of that which `?circle=` names; POST saves it, or drops one."""

    template_name = "events/desk/circles.html"
    page_title = gettext_lazy("Circles of participants")

    def get(self, request, **_where):
        circle = circle_in(self.object, request.GET.get("circle", ""))
        return self._shown(CircleForm(instance=circle, event=self.object))

    def post(self, request, **_where):
        if "drop" in request.POST:
            with refusals_shown(request):
                get_object_or_404(self.object.circles, pk=key_in(request.POST["drop"])).drop(by=request.user)
                messages.success(request, _("The circle is taken away."))
            return redirect("event:circles", self.object.pk)
        circle = circle_in(self.object, request.GET.get("circle", "")) or Circle(event=self.object)
        form = CircleForm(request.POST, instance=circle, event=self.object)
        if form.is_valid():
            try:
                kept = Circle.objects.keep(form.save(commit=False), form.cleaned_data["delegations"], by=request.user)
                messages.success(request, _("“%(name)s” can be chosen now.") % {"name": kept})
                return redirect("event:circles", self.object.pk)
            except ValidationError as refusal:
                form.add_error(None, refusal.messages)
        return self._shown(form, status=422)

    def _shown(self, form: CircleForm, **answer) -> HttpResponse:
        circles = self.object.circles.prefetch_related("delegations__organization")
        rows = [(circle, in_words(circle)) for circle in circles]
        context = self.get_context_data(circles=rows, form=form, chosen=form.instance.pk, media=form.media)
        return self.render_to_response(context, **answer)


def in_words(circle: Circle) -> str:
    """Who is in it."""
    labels = {**dict(Organization.Kind.choices), **dict(Role.choices)}
    parts = dict(Appearance.Role.choices)
    named = [str(labels[one]) for one in (*circle.kinds, *circle.roles) if one in labels]
    named += [str(parts[one]) for one in circle.parts if one in parts]
    return " · ".join([*named, *(str(one.organization) for one in circle.delegations.all())])
