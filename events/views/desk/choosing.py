"""Lists about an event of which one ticks rows, or takes all that match, for a button to act on."""

from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.ui.tables import BaseColumn
from wagtail.admin.views.generic.base import BaseListingView
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.permissions import policy_registry

from events.models import Event
from network.models import key_in

MOST_AT_ONCE = 2_000


class TickColumn(BaseColumn):
    """A box to tick for each row, and one in the head for all rows of the page."""

    header_template_name = "events/desk/tick_all.html"
    cell_template_name = "events/desk/tick.html"


class ChoosingView(PermissionCheckedMixin, BaseListingView):
    """GET shows the rows; POST calls `act` with those ticked, or with all that match."""

    door = ""  # its URL is event:<door>, that of the rows alone event:<door>_results
    header_icon = "calendar-alt"
    permission_required = "change"
    is_searchable = True
    paginate_by = 50
    most_at_once = MOST_AT_ONCE

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.event = get_object_or_404(Event, pk=kwargs["pk"])

    @cached_property
    def permission_policy(self):
        return policy_registry.get_by_type(Event)

    def post(self, request, *_args, **_where):
        rows = self.get_queryset()
        if "everybody" not in request.POST:
            ticked = request.POST.getlist("rows")[: self.paginate_by]
            rows = rows.filter(pk__in=map(key_in, ticked))
        chosen = list(rows[: MOST_AT_ONCE + 1])
        if not chosen:
            messages.warning(request, _("Nothing was ticked."))
        elif len(chosen) > MOST_AT_ONCE:
            told = _("More than %(most)d match. Narrow the list down before you take all of them.")
            messages.error(request, told % {"most": MOST_AT_ONCE})
        else:
            self.act(chosen)
        return redirect(request.get_full_path())

    def act(self, chosen: list) -> None:
        """Call the verb, and tell the user."""
        raise NotImplementedError

    def search_queryset(self, queryset):
        return queryset.matching(self.search_query)

    def get_index_url(self):
        return reverse(f"event:{self.door}", args=[self.event.pk])

    def get_index_results_url(self):
        return reverse(f"event:{self.door}_results", args=[self.event.pk])

    def get_page_subtitle(self):
        return str(self.event)

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse("event:index"), "label": capfirst(Event._meta.verbose_name_plural)},
            {"url": reverse("event:desk", args=[self.event.pk]), "label": str(self.event)},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **more):
        asked = self.request.GET.copy()
        asked.pop("_w_filter_fragment", None)
        return super().get_context_data(event=self.event, asked=asked.urlencode(), **more)
