"""The admin's screens for what the law gives a person: why we hold something, what it is, and that it is erased."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from contacts import mail
from contacts.forms import ConsentForm
from contacts.models import Consent, Message, Person
from contacts.models.dossier import as_json, as_pdf, dossier
from contacts.models.erasure import erase, outlook, refusals

TYPES = {"json": ("application/json", as_json), "pdf": ("application/pdf", as_pdf)}


class OfPerson(WagtailAdminTemplateMixin, View):
    """A screen about one person whom the viewer may see; who lacks `permission` is turned away."""

    permission: str
    header_icon = "lock"

    def dispatch(self, request, *args, **kwargs):
        if not request.user.has_perm(self.permission):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def person(self) -> Person:
        return get_object_or_404(Person.objects.visible_to(self.request.user), pk=self.kwargs["pk"])

    def get_page_subtitle(self):
        return str(self.person)

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse("person:index"), "label": capfirst(Person._meta.verbose_name_plural)},
            {"url": reverse("person:inspect", args=[self.person.pk]), "label": str(self.person)},
            {"url": "", "label": self.page_title, "sublabel": str(self.person)},
        ]

    def show(self, **context):
        return self.render_to_response(self.get_context_data(person=self.person, **context))


class DataProtectionView(OfPerson):
    """Consents, who confirmed the record, the person's own link, and the ways to all that is held."""

    permission = "contacts.view_consent"
    template_name = "contacts/data_protection.html"
    page_title = gettext_lazy("Data protection")

    def get(self, request, **_where):
        return self.page(ConsentForm(initial={"given_on": timezone.localdate()}))

    def post(self, request, **_where):
        """Notes on what ground a purpose rests."""
        if not request.user.has_perm("contacts.add_consent"):
            raise PermissionDenied
        form = ConsentForm(request.POST)
        if form.is_valid():
            try:
                Consent.objects.give(self.person, **form.cleaned_data, by=request.user)
            except ValidationError as refusal:
                form.add_error(None, refusal)
            else:
                messages.success(request, _("Noted."))
                return redirect("person:data_protection", self.person.pk)
        return self.page(form)

    def page(self, form: ConsentForm):
        viewer, consents = self.request.user, self.person.consents.select_related("by")
        return self.show(
            form=form,
            media=form.media,
            standing=[consent for consent in consents if consent.withdrawn_on is None],
            past=[consent for consent in consents if consent.withdrawn_on],
            may_change=viewer.has_perm("contacts.change_consent"),
            may_confirm=viewer.has_perm("contacts.change_person"),
            may_disclose=viewer.has_perm("contacts.disclose_person"),
            may_erase=viewer.has_perm("contacts.erase_person"),
        )


class DossierView(OfPerson):
    """All that is held: a page, and the same as a file."""

    permission = "contacts.disclose_person"
    template_name = "contacts/dossier.html"
    page_title = gettext_lazy("What we hold")

    def get(self, request, pk, format=""):
        if not format:
            return self.show(holdings=dossier(self.person))
        if format not in TYPES:
            raise Http404
        content_type, write = TYPES[format]
        response = HttpResponse(write(self.person), content_type=content_type)
        response["Content-Disposition"] = f'attachment; filename="person-{self.person.pk}.{format}"'
        return response


class EraseView(OfPerson):
    """GET says what becomes of what; POST erases."""

    permission = "contacts.erase_person"
    template_name = "contacts/erase.html"
    page_title = gettext_lazy("Erase")

    def get(self, request, **_where):
        return self.show(steps=outlook(self.person), refusals=refusals(self.person))

    def post(self, request, **_where):
        try:
            erase(self.person, by=request.user)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
            return redirect("person:inspect", self.person.pk)
        messages.success(request, _("The person has been erased."))
        return redirect("person:index")


class PersonActView(OfPerson):
    """A POST that calls one verb of a person's record."""

    http_method_names = ["post"]
    permission = "contacts.change_person"

    def post(self, request, **_where):
        try:
            messages.success(request, self.act())
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        return redirect("person:data_protection", self.person.pk)

    def act(self) -> str:
        raise NotImplementedError


class ConfirmView(PersonActView):
    def act(self):
        self.person.confirm(by=self.request.user)
        return _("Confirmed today.")


class AskToConfirmView(PersonActView):
    def act(self):
        Message.objects.post(self.person, mail.confirm_data(self.person), about=self.person)
        return _("A letter with the link is on its way.")


class VoidLinkView(PersonActView):
    def act(self):
        self.person.void_link(by=self.request.user)
        return _("Links in earlier letters lead nowhere any more.")


class WithdrawView(PersonActView):
    permission = "contacts.change_consent"

    def act(self):
        get_object_or_404(self.person.consents, pk=self.kwargs["consent"]).withdraw(by=self.request.user)
        return _("The consent is withdrawn.")


def urlpatterns() -> list:
    """What the screens of a person have below /admin/contacts/people/."""
    return [
        path("<int:pk>/data-protection/", DataProtectionView.as_view(), name="data_protection"),
        path("<int:pk>/data-protection/confirm/", ConfirmView.as_view(), name="confirm"),
        path("<int:pk>/data-protection/ask/", AskToConfirmView.as_view(), name="ask_to_confirm"),
        path("<int:pk>/data-protection/void-link/", VoidLinkView.as_view(), name="void_link"),
        path("<int:pk>/data-protection/withdraw/<int:consent>/", WithdrawView.as_view(), name="withdraw"),
        path("<int:pk>/data-protection/held/", DossierView.as_view(), name="dossier"),
        path("<int:pk>/data-protection/held.<str:format>", DossierView.as_view(), name="dossier_file"),
        path("<int:pk>/data-protection/erase/", EraseView.as_view(), name="erase"),
    ]
