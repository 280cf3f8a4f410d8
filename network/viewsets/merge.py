"""The admin's screens that make two records of an organization one, and two again."""

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

from network.models import Organization, OrganizationMerge, OrganizationPair
from network.models.merge import FIELDS
from network.viewsets.access import SeenObject, narrow
from network.viewsets.chooser import OrganizationChooserViewSet


class OtherForm(forms.Form):
    """Which other record."""

    other = forms.ModelChoiceField(
        Organization.objects.all(),
        label=gettext_lazy("The other record"),
        widget=OrganizationChooserViewSet().widget_class,
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

    model = Organization
    permission_policy = policy_registry.get_by_type(Organization)
    permission_required = "delete"
    template_name = "network/merge.html"
    page_title = gettext_lazy("Merge two records")
    header_icon = "group"

    def get(self, request, **_where):
        return self.show(self.asked(request.GET if request.GET.get("other", "").isdecimal() else None))

    def post(self, request, **_where):
        form = self.asked(request.POST if request.POST.get("other", "").isdecimal() else {})
        if not form.is_valid():
            return self.show(form)
        other, take = form.cleaned_data["other"], request.POST.getlist("take")
        try:
            merge = OrganizationMerge.objects.join(self.object, other, take=take, by=request.user)
        except ValidationError as refusal:
            form.add_error("other", refusal.messages)
            return self.show(form)
        messages.success(request, _("The two records are one now."))
        for left in merge.left:
            told = _("This stayed with the old record, because there can be only one: %(what)s")
            messages.warning(request, told % {"what": left})
        return redirect("organization:inspect", self.object.pk)

    def asked(self, data) -> OtherForm:
        form = OtherForm(data)
        narrow(form, self.request.user)
        return form

    def show(self, form: OtherForm):
        other = form.cleaned_data["other"] if form.is_valid() else None
        rows = compare(self.object, other, self.request.user) if other and other != self.object else []
        pair = OrganizationPair.objects.open().of(self.object, other).first() if rows else None
        shown = {"form": form, "organization": self.object, "other": other, "rows": rows, "pair": pair}
        return self.render_to_response(self.get_context_data(**shown, media=form.media))

    def get_page_subtitle(self):
        return str(self.object)

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse("organization:index"), "label": capfirst(Organization._meta.verbose_name_plural)},
            {"url": reverse("organization:inspect", args=[self.object.pk]), "label": str(self.object)},
            {"url": "", "label": self.get_page_title()},
        ]


class UnmergeView(View):
    """POST: the merge is taken back."""

    http_method_names = ["post"]

    def post(self, request, pk):
        if not request.user.has_perm("network.delete_organization"):
            raise PermissionDenied
        merges = OrganizationMerge.objects.visible_to(request.user).select_related("kept", "gone")
        merge = get_object_or_404(merges, pk=pk)
        try:
            changed = merge.undo(by=request.user)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, _("They are two records again."))
            if changed:
                told = _("Kept as they are, because somebody has changed them since: %(fields)s.")
                messages.warning(request, told % {"fields": ", ".join(changed)})
        return redirect("organization:inspect", merge.kept.standing.pk)


def compare(mine: Organization, theirs: Organization, viewer) -> list[Row]:
    """Field by field what may be different; then what comes over in any case, as far as `viewer` may see it."""
    both = (mine, theirs)
    rows = [
        Row(name, Organization._meta.get_field(name).verbose_name, *(_said(one, name) for one in both))
        for name in FIELDS
    ]
    parts = {
        _("other names"): lambda one: [other.name for other in one.other_names.all()],
        _("topics"): lambda one: [str(topic) for topic in one.topics.all()],
        _("affiliations"): lambda one: [_number(one.affiliations.visible_to(viewer))],
    }
    return rows + [Row("", label, *("\n".join(of(one)) for one in both)) for label, of in parts.items()]


def _said(organization: Organization, name: str):
    shown = getattr(organization, f"get_{name}_display", None)
    return shown() if shown else getattr(organization, name.removesuffix("_id")) or ""


def _number(rows) -> str:
    return str(rows.count() or "")
