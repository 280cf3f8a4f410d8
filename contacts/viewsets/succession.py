"""The admin's screen that ends a post and hands it over."""

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets import AdminDateInput

from contacts.models import Affiliation, Person
from contacts.models.succession import legacies, succeed
from contacts.viewsets.chooser import PersonChooserViewSet
from network.viewsets.access import narrow


class SuccessionForm(forms.Form):
    on = forms.DateField(
        label=gettext_lazy("From this day"),
        widget=AdminDateInput,
        help_text=gettext_lazy("The post ends on the day before."),
    )
    successor = forms.ModelChoiceField(
        Person.objects.all(),
        label=gettext_lazy("Successor"),
        widget=PersonChooserViewSet().widget_class,
        required=False,
        help_text=gettext_lazy("Empty where nobody is known yet."),
    )
    position = forms.CharField(
        label=gettext_lazy("Position"),
        max_length=Affiliation._meta.get_field("position").max_length,
        required=False,
        help_text=gettext_lazy("As the successor is called in this post."),
    )
    take = forms.MultipleChoiceField(
        label=gettext_lazy("What goes over to the successor"), widget=forms.CheckboxSelectMultiple, required=False
    )


class SuccessionView(WagtailAdminTemplateMixin, View):
    """GET proposes what goes over; POST ends the post and hands it over."""

    template_name = "contacts/succession.html"
    page_title = gettext_lazy("Hand a post over")
    header_icon = "user"

    def dispatch(self, request, *args, **kwargs):
        if not request.user.has_perm("contacts.change_person"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, **_where):
        everything = [key for _label, rows in self.proposals for key, _row in rows]
        asked = {"on": timezone.localdate(), "position": self.held.position, "take": everything}
        return self.show(self.form(initial=asked))

    def post(self, request, **_where):
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show(form)
        try:
            new = succeed(self.held, **form.cleaned_data, by=request.user)
        except ValidationError as refusal:
            form.add_error(None, refusal)
            return self.show(form)
        if new:
            messages.success(request, _("%(name)s holds the post from that day on.") % {"name": new.person})
        else:
            messages.success(request, _("The post has ended; nobody holds it yet."))
        return redirect("person:inspect", (new.person if new else self.held.person).pk)

    @cached_property
    def held(self) -> Affiliation:
        posts = Affiliation.objects.visible_to(self.request.user).select_related("person", "organization")
        held = get_object_or_404(posts, pk=self.kwargs["pk"])
        if held.person.merged_into_id:
            raise Http404
        return held

    @cached_property
    def proposals(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """What may go over: label, and of each row key and words."""
        found = legacies(self.held)
        return [(str(one.label), [(one.key(row), str(one.told(row))) for row in one.rows]) for one in found]

    def form(self, data=None, **options) -> SuccessionForm:
        form = SuccessionForm(data, **options)
        form.fields["take"].choices = self.proposals
        if not self.proposals:
            del form.fields["take"]
        narrow(form, self.request.user)
        return form

    def show(self, form):
        return self.render_to_response(self.get_context_data(form=form, media=form.media))

    def get_page_subtitle(self):
        return f"{self.held.person}: {self.held}"

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse("person:index"), "label": capfirst(Person._meta.verbose_name_plural)},
            {"url": reverse("person:inspect", args=[self.held.person_id]), "label": str(self.held.person)},
            {"url": "", "label": self.page_title, "sublabel": self.get_page_subtitle()},
        ]
