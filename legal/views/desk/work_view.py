"""What every screen about one record of the law has in common: its door and its way back."""

from django.urls import reverse
from django.utils.text import capfirst
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import BaseObjectMixin, WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin


class WorkView(PermissionCheckedMixin, BaseObjectMixin, WagtailAdminTemplateMixin, View):
    """A screen about the record `self.object` of `model`; whoever may not change such records is turned away."""

    permission_required = "change"
    header_icon = "doc-full"

    @property
    def card_url(self) -> str:
        return reverse(f"{self.model._meta.model_name}:inspect", args=[self.object.pk])

    def get_page_subtitle(self):
        return str(self.object)

    def get_breadcrumbs_items(self):
        options = self.model._meta
        return [
            *self.breadcrumbs_items,
            {"url": reverse(f"{options.model_name}:index"), "label": capfirst(options.verbose_name_plural)},
            {"url": self.card_url, "label": str(self.object)},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **more):
        return super().get_context_data(object=self.object, **more)

    def get(self, request, **_where):
        return self.render_to_response(self.get_context_data())

    def refuse(self, refusal) -> None:
        messages.error(self.request, " ".join(refusal.messages))
