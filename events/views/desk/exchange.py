"""The programme on its way in, with a look at what it would change, and on its way out: files, papers, a script."""

import datetime

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext, override
from django.utils.translation import gettext as _
from wagtail.admin import messages

from events import pdf
from events.forms.exchange import ExportForm, ProgrammeUploadForm
from events.models import Event, ProgrammeFile, Room
from events.models.difference import WHAT, Foreseen
from events.models.exchange import drafted, published
from events.programme_formats import Schedule, write_json, write_table, write_xml
from events.sheets import XLSX
from events.views.desk.event_view import EventLookView, EventView, refusals_shown
from events.views.exchange import TYPES, footer, introduction
from network.models import key_in

WRITERS = {"xml": write_xml, "json": write_json, "xlsx": write_table}
SHOWN = 100  # sessions on a page of the comparison


class ExchangeView(EventLookView):
    """GET with a `kind` hands the programme out in that form; else it says what there is."""

    shows_all = True
    template_name = "events/desk/exchange.html"
    page_title = gettext_lazy("Import, export and print")

    def get(self, request, **_where):
        language = (get_language() or "en").split("-")[0]
        asked = request.GET if "kind" in request.GET else None
        form = ExportForm(asked, event=self.object, initial={"language": language})
        if form.is_valid():
            return self.file(**form.cleaned_data)
        return self.render_to_response(self.get_context_data(form=form, snippet=self.snippet(language)))

    def snippet(self, language: str) -> str:
        """What a webmaster puts on a page; "" where readers see no programme."""
        event = self.object
        if not (event.is_public and event.programme and event.status != Event.Status.DRAFT):
            return ""
        with override(language):
            script, page = reverse("events:widget"), reverse("events:event_programme", args=[event.slug])
            words = _("Programme")  # where scripts are off
        return (
            f'<script src="{settings.SITE_URL}{script}" defer></script>\n'
            f'<entente-programme event="{event.slug}">'
            f'<a href="{settings.SITE_URL}{page}">{words}</a></entente-programme>'
        )

    def get_context_data(self, **more):
        waiting = ProgrammeFile.objects.filter(event=self.object).first()
        can_change = self.user_has_permission("change") and not self.object.is_cancelled
        return super().get_context_data(waiting=waiting, can_change=can_change, **more)

    def file(self, kind: str, scope: str, language: str, day: str, room: Room | None) -> HttpResponse:
        event = self.object
        schedule = (drafted if scope == "draft" else published)(event, language)
        with override(language):
            content = WRITERS[kind](schedule) if kind in WRITERS else self.paper(schedule, kind, day, room)
        response = HttpResponse(content, content_type={**TYPES, "xlsx": XLSX}.get(kind, TYPES["pdf"]))
        name = "-".join(filter(None, [event.slug, "programme" if kind in WRITERS else kind, day, scope, language]))
        response["Content-Disposition"] = f'attachment; filename="{name}.{kind if kind in WRITERS else "pdf"}"'
        response["Cache-Control"] = "private, no-store"
        return response

    def paper(self, schedule: Schedule, kind: str, day: str, room: Room | None) -> bytes:
        on = datetime.date.fromisoformat(day) if day else None
        told = footer(schedule, self.object)
        if kind == "programme":
            return pdf.programme(schedule, introduction(self.object), day=on, footer=told)
        door = room.name.in_language(schedule.language) if room else ""
        return pdf.door_signs(schedule, day=on, room=door, footer=told)


class TakeFileView(EventView):
    """GET shows what the file that waits would change; POST puts another in its place."""

    shows_all = True
    template_name = "events/desk/take_file.html"
    page_title = gettext_lazy("Import a programme")

    def get(self, request, **_where):
        return self.show(ProgrammeUploadForm())

    def post(self, request, **_where):
        form = ProgrammeUploadForm(request.POST, request.FILES)
        if form.is_valid():
            with refusals_shown(request):
                ProgrammeFile.objects.receive(self.object, form.cleaned_data["file"], by=request.user)
                return redirect("event:take_file", self.object.pk)
        return self.show(form)

    def show(self, form):
        return self.render_to_response(self.get_context_data(form=form, **self.comparison()))

    def comparison(self) -> dict:
        """What would become of the programme, by kind; a page of the sessions that are concerned."""
        waiting = ProgrammeFile.objects.filter(event=self.object).first()
        if waiting is None:
            return {"waiting": None}
        foreseen = Foreseen.from_json(waiting.foreseen)
        what = self.request.GET.get("what", "")
        found = [one for one in foreseen.differences if what in ("", one.what)]
        counts = {kind: sum(one.what == kind for one in foreseen.differences) for kind in WHAT}
        return {
            "waiting": waiting,
            "tally": foreseen.tally,
            "tabs": [(kind, label, counts[kind]) for kind, label in WHAT.items() if counts[kind]],
            "what": what,
            "gone": counts["GONE"],
            "would_change": counts["NEW"] + counts["CHANGED"],
            "page": Paginator(found, SHOWN).get_page(self.request.GET.get("p")),
        }


class OfFileView(EventView):
    """A POST about the file that waits: the one that was looked at, and not one that somebody has put in its place."""

    shows_all = True
    http_method_names = ["post"]

    def post(self, request, **_where):
        waiting = ProgrammeFile.objects.select_related("event").filter(
            event=self.object, pk=key_in(request.POST.get("file", ""))
        )
        with refusals_shown(request):
            if found := waiting.first():
                return self.act(found)
            messages.error(request, _("This file does not wait any more: it was imported, discarded or replaced."))
        return self.to_file()

    def act(self, waiting: ProgrammeFile) -> HttpResponse:
        raise NotImplementedError

    def to_file(self) -> HttpResponse:
        return redirect("event:take_file", self.object.pk)


class FileApplyView(OfFileView):
    def act(self, waiting):
        tally = waiting.apply(drops="drops" in self.request.POST, by=self.request.user)
        told = ngettext(
            "%(count)d session was imported into the draft. Nothing is published yet.",
            "%(count)d sessions were imported into the draft. Nothing is published yet.",
            tally.created + tally.changed,
        )
        messages.success(self.request, told % {"count": tally.created + tally.changed})
        return self.to_desk()


class FileCompareView(OfFileView):
    def act(self, waiting):
        waiting.look_again()
        messages.success(self.request, _("Compared with the programme as it is now."))
        return self.to_file()


class FileDiscardView(OfFileView):
    def act(self, waiting):
        waiting.discard(by=self.request.user)
        messages.success(self.request, _("The file is gone; nothing was imported."))
        return self.to_file()
