"""The admin's search for records, in the sidebar and on the first page."""

from django.db import models
from django.urls import reverse
from django.utils.text import capfirst
from wagtail.admin.search import SearchArea
from wagtail.permissions import policy_registry

from network.viewsets.access import ANY


class RecordSearchArea(SearchArea):
    """The list of one kind of record, for whoever may see some; `order` below 100 is before Wagtail's pages."""

    def __init__(self, model: type[models.Model], icon_name: str, order: int):
        self.model, name = model, model._meta.model_name
        label = capfirst(model._meta.verbose_name_plural)
        super().__init__(label, reverse(f"{name}:index"), name=name, icon_name=icon_name, order=order)

    def is_shown(self, request):
        return policy_registry.get_by_type(self.model).user_has_any_permission(request.user, ANY)
