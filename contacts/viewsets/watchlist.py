"""The admin's screens for watchlists: which are there, and loading one from a file."""

from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn
from wagtail.admin.views import generic
from wagtail.admin.widgets.button import HeaderButton

from contacts.forms.screening import WatchlistForm
from contacts.models import ScreeningRun, Watchlist
from network.models import key_in
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
        known = Watchlist.objects.filter(pk=key_in(asked)).first()
        return {"name": known.name, "kind": known.kind} if known else {}

    def save_instance(self):
        told = self.form.cleaned_data
        with ExitStack() as stack:
            folder = Path(stack.enter_context(TemporaryDirectory()))
            files = [kept(file, folder / str(number)) for number, file in enumerate([told["file"], *told["beside"]])]
            return Watchlist.objects.load(
                told["name"], told["kind"], *files, version=told["version"], by=self.request.user
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
    template_name = "contacts/watchlist.html"

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
            (_("retired"), row.retired_at) if row.retired_at else (_("everybody compared"), compared(row)),
        ]

    def get_context_data(self, **kwargs):
        may_retire = self.object.retired_at is None and self.request.user.has_perm("contacts.change_watchlist")
        return super().get_context_data(may_retire=may_retire, **kwargs)


class RetireView(View):
    """POST: nobody is compared with the list any more."""

    http_method_names = ["post"]

    def dispatch(self, request, *args, **kwargs):
        if not request.user.has_perm("contacts.change_watchlist"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def post(self, request, pk):
        watchlist = get_object_or_404(Watchlist, pk=pk)
        try:
            watchlist.retire(by=request.user)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, _("Nobody is compared with “%(name)s” any more.") % {"name": watchlist})
        return redirect("watchlist:inspect", pk)


class WatchlistViewSet(RecordViewSet):
    model = Watchlist
    icon = "list-ul"
    url_prefix = "contacts/watchlists"
    index_view_class = WatchlistIndexView
    add_view_class = WatchlistLoadView
    inspect_view_class = WatchlistInspectView
    ordering = "name"
    list_display = [
        StatusTagColumn(
            "state",
            label=gettext_lazy("State"),
            accessor=lambda row: _("Retired") if row.retired_at else _("In use"),
            primary=lambda row: row.retired_at is None,
        ),
        Column("version", label=gettext_lazy("Version"), sort_key="version"),
        Column("count", label=gettext_lazy("Entries"), sort_key="count"),
        DateColumn("loaded_at", label=gettext_lazy("Loaded"), sort_key="loaded_at"),
        Column("loaded_by", label=gettext_lazy("By")),
    ]
    list_export = ["name", "kind", "version", "digest", "count", "skipped", "loaded_at", "retired_at"]
    export_filename = "watchlists"

    def get_form_class(self, for_update=False):
        return WatchlistForm

    def get_urlpatterns(self):
        return [*super().get_urlpatterns(), path("<int:pk>/retire/", RetireView.as_view(), name="retire")]


def kept(upload, folder: Path) -> Path:
    """What was sent, as a file of its name for as long as it is read."""
    folder.mkdir()
    path = folder / Path(upload.name).name[-60:]
    with path.open("wb") as file:
        for block in upload.chunks():
            file.write(block)
    return path
