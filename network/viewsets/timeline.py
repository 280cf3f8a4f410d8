"""The timeline of a record: what was said and done with it, from whichever room knows something of it.

A room registers its sources with Wagtail's hook `timeline_sources`; so this one need not know who stands above it.
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from django.contrib.admin.utils import quote
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail import hooks
from wagtail.admin.views.generic.base import BaseObjectMixin, WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from network.viewsets.access import ANY, SeenObject

PAGE = 50


@dataclass(frozen=True)
class Entry:
    """One line: when, what (in words), where it leads, something more, and who did it. Of some things the day alone
    is known (`is_day`)."""

    at: datetime.datetime
    title: str
    url: str = ""
    detail: str = ""
    by: str = ""
    source: "Source | None" = None
    is_day: bool = False


@dataclass(frozen=True)
class Source:
    """Entries of one `kind`. `read(subject, viewer, before, limit)` gives the latest of them, the newest first, of
    what the viewer may see."""

    kind: str
    label: str
    icon: str
    read: Callable[[Model, object, datetime.datetime, int], Iterable[Entry]]


def sources() -> list[Source]:
    return [source for provide in hooks.get_hooks("timeline_sources") for source in provide()]


def timeline(
    subject: Model, viewer, *, before: datetime.datetime | None = None, limit: int = PAGE, kind: str = ""
) -> list[Entry]:
    """The latest entries about `subject` that are older than `before`, the newest first; `kind` names one source."""
    before = before or timezone.now() + datetime.timedelta(days=3650)  # what is planned stands on top
    entries = [
        replace(entry, source=source)
        for source in sources()
        if kind in ("", source.kind)
        for entry in source.read(subject, viewer, before, limit)
    ]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)[:limit]


class TimelineView(PermissionCheckedMixin, SeenObject, BaseObjectMixin, WagtailAdminTemplateMixin, View):
    """The whole timeline of a record, a page at a time."""

    any_permission_required = ANY
    template_name = "network/timeline.html"
    page_title = gettext_lazy("Timeline")
    header_icon = "history"
    inspect_url_name = None

    def get(self, request, **_where):
        kind, before = request.GET.get("kind", ""), _moment(request.GET.get("before", ""))
        entries = timeline(self.object, request.user, before=before, kind=kind)
        older = entries[-1].at.isoformat() if len(entries) == PAGE else ""
        kinds = [(source.kind, source.label) for source in sources()]
        context = self.get_context_data(timeline=entries, older=older, kinds=kinds, kind=kind)
        return self.render_to_response(context)

    def get_page_subtitle(self):
        return str(self.object)

    def get_breadcrumbs_items(self):
        card = {"url": reverse(f"{self.inspect_url_name}", args=[quote(self.object.pk)]), "label": str(self.object)}
        here = {"url": "", "label": self.page_title, "sublabel": str(self.object)}
        return [*self.breadcrumbs_items, card, here]


def _moment(text: str) -> datetime.datetime | None:
    try:
        moment = parse_datetime(text.replace(" ", "+"))
    except ValueError:
        return None
    return moment if moment and timezone.is_aware(moment) else None
