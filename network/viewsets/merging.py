"""The admin's screens that make two records one, and two again, of whatever kind."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, QuerySet
from django.shortcuts import get_object_or_404, redirect
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import BaseObjectMixin, WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.permissions import policy_registry

from network.models import Country, key_in
from network.models.merging import AbstractMerge
from network.models.pairs import AbstractPair
from network.viewsets.access import SeenObject, narrow
from network.viewsets.pairs import compare_url, lead_on, may_merge, url_of


def other_record(records: QuerySet, widget: type[forms.Widget]) -> forms.ModelChoiceField:
    """The field that asks which other record is meant."""
    gone = gettext_lazy("This record has been merged, or is not there any more.")
    label = gettext_lazy("The other record")
    return forms.ModelChoiceField(records, label=label, widget=widget, error_messages={"invalid_choice": gone})


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

    merge: type[AbstractMerge]
    pair: type[AbstractPair]
    form_class: type[forms.Form]  # with the field `other`

    permission_required = "delete"
    template_name = "network/merge.html"
    page_title = gettext_lazy("Merge two records")

    @cached_property
    def permission_policy(self):
        return policy_registry.get_by_type(self.model)

    def parts(self) -> dict[str, Callable[[Model], list[str]]]:
        """What comes over in any case: label -> what a record has of it, as far as the viewer may see it."""
        raise NotImplementedError

    def said(self, record: Model, name: str) -> object:
        """What a field says, in words."""
        shown = getattr(record, f"get_{name}_display", None)
        value = shown() if shown else getattr(record, name.removesuffix("_id"))
        return _("yes") if value is True else value or ""

    def get(self, request, **_where):
        return self.show(self.asked(request.GET if key_in(request.GET.get("other", "")) else None))

    def post(self, request, **_where):
        form = self.asked(request.POST if key_in(request.POST.get("other", "")) else {})
        if not form.is_valid():
            return self.show(form)
        other, take = form.cleaned_data["other"], request.POST.getlist("take")
        try:
            merge = self.merge.objects.join(self.object, other, take=take, by=request.user)
        except ValidationError as refusal:
            form.add_error("other", refusal.messages)
            return self.show(form)
        lead_on(request, _("The two records are one now."), self.pair)
        for left in merge.left:
            told = _("This stayed with the old record, because it is there already or cannot be: %(what)s")
            messages.warning(request, told % {"what": left})
        return redirect(url_of(self.model, "inspect", self.object.pk))

    def asked(self, data) -> forms.Form:
        form = self.form_class(data)
        narrow(form, self.request.user)
        return form

    def show(self, form: forms.Form):
        other = form.cleaned_data.get("other") if form.is_bound and form.is_valid() else None
        rows = self.compared(other) if other and other != self.object else []
        pair = self.pair.objects.standing().of(self.object, other).first() if rows else None
        shown = {"form": form, "record": self.object, "other": other, "rows": rows, "media": form.media}
        if rows:
            shown |= {"swap_url": compare_url(other, self.object)}
        if pair:
            shown |= {"reasons": pair.said_in(Country.objects.by_code())}
            act = "compare_again" if pair.decided_at else "keep_apart"
            shown |= {"pair": pair, "decide_url": url_of(self.pair, act, pair.pk)}
        return self.render_to_response(self.get_context_data(**shown))

    def compared(self, other: Model) -> list[Row]:
        """Field by field what may be different; then what comes over in any case."""
        both = (self.object, other)
        labels = {name: self.model._meta.get_field(name).verbose_name for name in self.merge.fields}
        rows = [Row(name, label, *(self.said(one, name) for one in both)) for name, label in labels.items()]
        return rows + [Row("", label, *("\n".join(of(one)) for one in both)) for label, of in self.parts().items()]

    def get_page_subtitle(self):
        return str(self.object)

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": url_of(self.model, "index"), "label": capfirst(self.model._meta.verbose_name_plural)},
            {"url": url_of(self.model, "inspect", self.object.pk), "label": str(self.object)},
            {"url": "", "label": self.get_page_title()},
        ]


class UnmergeView(View):
    """POST: the merge is taken back."""

    http_method_names = ["post"]
    merge: type[AbstractMerge] = None

    def post(self, request, pk):
        kind = self.merge.records().model
        if not may_merge(request.user, kind):
            raise PermissionDenied
        merge = get_object_or_404(self.merge.objects.visible_to(request.user).select_related("kept", "gone"), pk=pk)
        try:
            changed = merge.undo(by=request.user)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, _("They are two records again."))
            if changed:
                told = _("Kept as they are, because somebody has changed them since: %(fields)s.")
                messages.warning(request, told % {"fields": ", ".join(changed)})
        return redirect(url_of(kind, "inspect", merge.kept.standing.pk))
