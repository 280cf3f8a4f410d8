"""The admin's screens that make two records of a person one, and two again."""

from dataclasses import dataclass

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import BaseObjectMixin, WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.permissions import policy_registry

from contacts.models import DuplicatePair, Merge, Person
from contacts.models.merge import FIELDS
from contacts.viewsets.chooser import PersonChooserViewSet
from network.viewsets.access import SeenObject, narrow


class OtherForm(forms.Form):
    """Which other record."""

    other = forms.ModelChoiceField(
        Person.objects.all(),
        label=gettext_lazy("The other record"),
        widget=PersonChooserViewSet().widget_class,
        error_messages={"invalid_choice": gettext_lazy("This record has been merged, or is not there any more.")},
    )


@dataclass(frozen=True)
class Row:
    """What the two records say in one field; without a name it is what comes over in any case."""

    name: str
    label: str
    mine: object
    theirs: object

    @property
    def differs(self) -> bool:
        return bool(self.name and self.mine and self.theirs) and self.mine != self.theirs


class MergeView(PermissionCheckedMixin, SeenObject, BaseObjectMixin, WagtailAdminTemplateMixin, View):
    """GET asks for the other record and compares; POST merges it into this one."""

    model = Person
    permission_policy = policy_registry.get_by_type(Person)
    permission_required = "delete"
    template_name = "contacts/merge.html"
    page_title = gettext_lazy("Merge two records")
    header_icon = "user"

    def get(self, request, **_where):
        return self.show(self.asked(request.GET if request.GET.get("other", "").isdecimal() else None))

    def post(self, request, **_where):
        form = self.asked(request.POST if request.POST.get("other", "").isdecimal() else {})
        if not form.is_valid():
            return self.show(form)
        try:
            merge = Merge.objects.join(
                self.object, form.cleaned_data["other"], take=request.POST.getlist("take"), by=request.user
            )
        except ValidationError as refusal:
            form.add_error("other", refusal.messages)
            return self.show(form)
        messages.success(request, _("The two records are one now."))
        for left in merge.left:
            told = _("This stayed with the old record, because there can be only one: %(what)s")
            messages.warning(request, told % {"what": left})
        return redirect("person:inspect", self.object.pk)

    def asked(self, data) -> OtherForm:
        form = OtherForm(data)
        narrow(form, self.request.user)
        return form

    def show(self, form: OtherForm):
        other = form.cleaned_data.get("other") if form.is_bound and form.is_valid() else None
        rows = compare(self.object, other) if other and other != self.object else []
        pair = DuplicatePair.objects.open().of(self.object, other).first() if rows else None
        shown = {"form": form, "person": self.object, "other": other, "rows": rows, "pair": pair, "media": form.media}
        return self.render_to_response(self.get_context_data(**shown))

    def get_page_subtitle(self):
        return str(self.object)

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse("person:index"), "label": capfirst(Person._meta.verbose_name_plural)},
            {"url": reverse("person:inspect", args=[self.object.pk]), "label": str(self.object)},
            {"url": "", "label": self.get_page_title()},
        ]


class UnmergeView(View):
    """POST: the merge is taken back."""

    http_method_names = ["post"]

    def post(self, request, pk):
        if not request.user.has_perm("contacts.delete_person"):
            raise PermissionDenied
        merge = get_object_or_404(Merge.objects.visible_to(request.user).select_related("kept", "gone"), pk=pk)
        try:
            changed = merge.undo(by=request.user)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, _("They are two records again."))
            if changed:
                told = _("Kept as they are, because somebody has changed them since: %(fields)s.")
                messages.warning(request, told % {"fields": ", ".join(changed)})
        return redirect("person:inspect", merge.kept.standing.pk)


def compare(mine: Person, theirs: Person) -> list[Row]:
    """Field by field what may be different; then what comes over in any case."""
    rows = [
        Row(name, Person._meta.get_field(name).verbose_name, *(_said(person, name) for person in (mine, theirs)))
        for name in FIELDS
    ]
    parts = {
        _("e-mail addresses"): lambda person: [email.address for email in person.emails.all()],
        _("telephone numbers"): lambda person: [phone.number for phone in person.phones.all()],
        _("affiliations"): lambda person: [str(held) for held in person.affiliations.select_related("organization")],
    }
    both = {label: ["\n".join(of(person)) for person in (mine, theirs)] for label, of in parts.items()}
    return rows + [Row("", label, *texts) for label, texts in both.items()]


def _said(person: Person, name: str):
    value = getattr(person, name.removesuffix("_id"))
    return _("yes") if value is True else value or ""
