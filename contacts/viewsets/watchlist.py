"""The admin's screens for watchlists: which are there, and loading one from a file."""

from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views import generic
from wagtail.admin.widgets.button import HeaderButton

from contacts.forms.screening import WatchlistForm
from contacts.models import ScreeningRun, Watchlist
from network.viewsets.records import RecordIndexView, RecordInspectView, RecordViewSet


def compared(watchlist: Watchlist):
    """When everybody was compared with the list as it is; a sentence where that is still to come."""
    return ScreeningRun.objects.covers(watchlist) or _("Not yet: the worker is at it")


class WatchlistIndexView(RecordIndexView):
    template_name = "contacts/watchlists.html"
    results_template_name = "contacts/watchlists_results.html"
    is_searchable = False
    related = ("loaded_by",)
    export_values = {"kind": Watchlist.get_kind_display}

    def get_context_data(self, *args, **kwargs):
        return super().get_context_data(*args, last=ScreeningRun.objects.done().first(), **kwargs)


class WatchlistLoadView(generic.CreateView):
    """Reads a file whole and puts it in the place of the list; a file with a fault changes nothing."""

    page_title = gettext_lazy("Load")
    submit_button_label = gettext_lazy("Load the list")
    submit_button_active_label = gettext_lazy("Reading the file…")

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs()
        kwargs.pop("instance", None)
        kwargs.pop("for_user", None)
        return kwargs

    def get_initial(self):
        asked = self.request.GET.get("list", "")
        known = Watchlist.objects.filter(pk=int(asked)).first() if asked.isdecimal() and len(asked) < 18 else None
        return {"name": known.name, "kind": known.kind} if known else {}

    def save_instance(self):
        told = self.form.cleaned_data
        with ExitStack() as stack:
            folder = Path(stack.enter_context(TemporaryDirectory()))
            file, other_names = (kept(told[name], folder / name) for name in ("file", "other_names"))
            return Watchlist.objects.load(
                told["name"], told["kind"], file, other_names, version=told["version"], by=self.request.user
            )

    def form_valid(self, form):
        try:
            return super().form_valid(form)
        except ValidationError as refusal:
            form.add_error("file", refusal.messages)
            self.is_valid(form)
            return self.form_invalid(form)

    def get_success_message(self, instance):
        told = _("“%(name)s”: %(n)s entries loaded. Everybody is being compared with them in the background.")
        return told % {"name": instance, "n": instance.count}

    def get_success_url(self):
        return reverse("watchlist:index")


class WatchlistInspectView(RecordInspectView):
    @cached_property
    def header_buttons(self):
        if not self.request.user.has_perm("contacts.add_watchlist"):
            return []
        url = f"{reverse('watchlist:add')}?list={self.object.pk}"
        return [HeaderButton(_("Load a new version"), url=url, icon_name="upload")]

    def facts(self):
        row = self.object
        return [
            (_("name"), row.name),
            (_("kind of file"), row.get_kind_display()),
            (_("version"), row.version),
            (_("SHA-256 of the file"), format_html("<code>{}</code>", row.digest)),
            (_("entries"), row.count),
            (_("ships, aircraft and other things left out"), row.skipped),
            (_("loaded"), row.loaded_at),
            (_("by"), row.loaded_by),
            (_("everybody compared"), compared(row)),
        ]


class WatchlistViewSet(RecordViewSet):
    model = Watchlist
    icon = "list-ul"
    url_prefix = "contacts/watchlists"
    index_view_class = WatchlistIndexView
    add_view_class = WatchlistLoadView
    inspect_view_class = WatchlistInspectView
    ordering = "name"
    list_display = [
        Column("version", label=gettext_lazy("Version"), sort_key="version"),
        Column("count", label=gettext_lazy("Entries"), sort_key="count"),
        DateColumn("loaded_at", label=gettext_lazy("Loaded"), sort_key="loaded_at"),
        Column("loaded_by", label=gettext_lazy("By")),
    ]
    list_export = ["name", "kind", "version", "digest", "count", "skipped", "loaded_at"]
    export_filename = "watchlists"

    def get_form_class(self, for_update=False):
        return WatchlistForm


def kept(upload, path: Path) -> Path | None:
    """What was sent, as a file for as long as it is read."""
    if upload is None:
        return None
    with path.open("wb") as file:
        for block in upload.chunks():
            file.write(block)
    return path
