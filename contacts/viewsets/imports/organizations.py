"""The organizations of a contact file that are not known: which ones they are, or that they are new."""

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Page, Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from contacts.forms.imports import NewOrganizationForm
from contacts.models import ImportBatch
from contacts.models.imports.unknown import Unknown, country_of, unknown_organizations
from contacts.models.imports.work import go_on
from contacts.viewsets.imports.columns import OfBatch, Screen
from network.models import Organization, OrganizationPair
from network.viewsets.access import narrow
from network.viewsets.chooser import OrganizationChooserViewSet
from network.viewsets.pairs import tell_twins

State = ImportBatch.State
PER_PAGE = 20
MAY_CREATE = "network.add_organization"


def unknown_page(batch: ImportBatch, viewer, asked: str) -> tuple[Page, list[Unknown]]:
    """The names of the page that is `asked` for, while there is something to be said of them: once the rows are looked
    through, and while they are looked through again by what was said."""
    is_open = batch.state == State.PREVIEWED or (batch.state == State.JUDGING and batch.organizations)
    rows = batch.rows if is_open else batch.rows.none()
    page = Paginator(rows.by_unknown_organization(), PER_PAGE).get_page(asked)
    return page, unknown_organizations(batch, page, viewer)


class WhichForm(forms.Form):
    """Which organization is meant."""

    organization = forms.ModelChoiceField(
        Organization.objects.all(),
        label=gettext_lazy("Organization"),
        error_messages={"required": gettext_lazy("Choose an organization.")},
        widget=OrganizationChooserViewSet().widget_class,
    )

    def __init__(self, *args, viewer, **kwargs):
        super().__init__(*args, **kwargs)
        narrow(self, viewer)


class OrganizationView(OfBatch, Screen):
    """One name that is not known, by the first of its rows: choose the organization, or create it."""

    template_name = "contacts/import_organization.html"
    page_title = gettext_lazy("Which organization is it?")
    header_icon = "group"

    def get(self, request, **_where):
        if self.batch.state not in (State.JUDGING, State.PREVIEWED):
            return redirect("importbatch:inspect", self.batch.pk)
        return self.page(WhichForm(viewer=request.user), self.new_form())

    def post(self, request, **_where):
        acts = {"create": self.create, "leave": self.leave}
        return acts.get(request.POST.get("act", ""), self.choose)()

    def choose(self):
        form = WhichForm(self.request.POST, viewer=self.request.user)
        return self.identify(form.cleaned_data["organization"]) if form.is_valid() else self.page(form, self.new_form())

    def leave(self):
        return self.identify(None)

    def identify(self, organization: Organization | None):
        try:
            self.batch.identify(self.unknown.name, organization, by=self.request.user)
        except ValidationError as refusal:
            messages.error(self.request, " ".join(refusal.messages))
        else:
            told = _("“%(written)s” is taken for %(name)s.") if organization else _("“%(written)s” stays unknown.")
            messages.success(self.request, told % {"written": self.unknown.written, "name": organization})
            go_on(self.batch.pk)
        return redirect(f"{self.after()}#organizations")

    def create(self):
        if not self.may_create:
            raise PermissionDenied
        form = self.new_form(self.request.POST)
        if form.is_valid():
            organization = form.save(commit=False)
            try:
                self.batch.identify_as_new(self.unknown.name, organization, by=self.request.user)
            except ValidationError as refusal:
                form.add_error(None, refusal)
            else:
                messages.success(self.request, _("“%(name)s” is created.") % {"name": organization})
                tell_twins(self.request, OrganizationPair, organization)
                go_on(self.batch.pk)
                return redirect(self.after())  # at its head, where the warnings are
        return self.page(WhichForm(viewer=self.request.user), form)

    def after(self) -> str:
        return reverse("importbatch:inspect", args=[self.batch.pk]) + f"?names={self.names}"

    @property
    def names(self) -> str:
        """The page of names to which it goes back."""
        asked = self.request.POST.get("names") or self.request.GET.get("names", "")
        return asked if asked.isascii() and asked.isdecimal() else ""

    @cached_property
    def unknown(self) -> Unknown:
        row = get_object_or_404(self.batch.rows.exclude(unknown_organization=""), pk=self.kwargs["row"])
        names = self.batch.rows.filter(unknown_organization=row.unknown_organization).by_unknown_organization()
        found = unknown_organizations(self.batch, names, self.request.user)
        if not found:
            raise Http404
        return found[0]

    @property
    def may_create(self) -> bool:
        return self.request.user.has_perm(MAY_CREATE)

    def new_form(self, data=None) -> NewOrganizationForm:
        country = country_of(self.batch, self.unknown.name)
        return NewOrganizationForm(data, initial={"name": self.unknown.written, "country": country})

    def page(self, form: WhichForm, new_form: NewOrganizationForm):
        return self.show(
            batch=self.batch,
            unknown=self.unknown,
            names=self.names,
            form=form,
            new_form=new_form if self.may_create else None,
            media=form.media + new_form.media,
        )

    def get_page_subtitle(self):
        return self.unknown.written

    def trail(self):
        return [{"url": reverse("importbatch:inspect", args=[self.batch.pk]), "label": self.batch.name}]
