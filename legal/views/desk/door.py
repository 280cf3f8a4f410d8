"""The door to the screens where texts come in and are set right."""

from contextlib import contextmanager

from django.core.exceptions import PermissionDenied, ValidationError
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from legal.texts import Unreadable

RECORDS = "legal.add_expression"  # whoever has this permission may import and correct texts


class TextDoor(WagtailAdminTemplateMixin, View):
    """For whoever keeps texts."""

    header_icon = "doc-full"

    def dispatch(self, request, *args, **kwargs):
        if not request.user.has_perm(RECORDS):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def way(self) -> list[dict[str, str]]:
        """The breadcrumbs before the screen itself."""
        return []

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, *self.way(), {"url": "", "label": self.get_page_title()}]


@contextmanager
def refusals_shown(request):
    """What a verb refuses becomes a message for the reader instead of a crash."""
    try:
        yield
    except ValidationError as refusal:
        for sentence in refusal.messages:
            messages.error(request, sentence)
    except Unreadable as refusal:
        messages.error(request, refusal.sentence)
