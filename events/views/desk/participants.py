"""The list of participants: how many stand on it, and as a file in the language that one chooses."""

from dataclasses import astuple, fields

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from events import mail, pdf, sheets
from events.models.participants import Participant, participants
from events.models.quota import Place, Role
from events.views.desk.event_view import EventLookView

TYPES = {"pdf": "application/pdf", "xlsx": sheets.XLSX}


class ParticipantsView(EventLookView):
    """GET with a `format` hands the list out; else it says what there is."""

    template_name = "events/desk/participants.html"
    page_title = gettext_lazy("List of participants")

    def get(self, request, **_where):
        kind = request.GET.get("format")
        if kind in TYPES:
            return self.file(kind)
        counts = [(is_final, len(self.rows(is_final, "en"))) for is_final in (False, True)]
        asks = self.object.questions.filter(kind="LISTING").exists()
        seated = self.object.registrations.confirmed().filter(person__in=self.coming().values("person")).count()
        more = {"asks": asks, "left_out": seated - counts[1][1] if asks else 0}
        return self.render_to_response(
            self.get_context_data(counts=counts, languages=settings.LANGUAGES, kinds=TYPES, **more)
        )

    def coming(self):
        """The invitations of those who have said yes, as the viewer sees them."""
        return self.object.invitations.visible_to(self.request.user).accepted().not_rejected()

    def rows(self, is_final: bool, language: str) -> list[Participant]:
        return participants(self.object, language, is_final=is_final, viewer=self.request.user)

    def file(self, kind: str) -> HttpResponse:
        asked = self.request.GET
        language = asked.get("language") if asked.get("language") in dict(settings.LANGUAGES) else "en"
        is_final = asked.get("list") == "final"
        rows = self.rows(is_final, language)
        with override(language):
            content = as_pdf(self.object, rows, language, is_final) if kind == "pdf" else as_workbook(rows, language)
        response = HttpResponse(content, content_type=TYPES[kind])
        name = f"{self.object.slug}-participants-{'final' if is_final else 'draft'}-{language}.{kind}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        response["Cache-Control"] = "private, no-store"
        return response


def as_pdf(event, rows: list[Participant], language: str, is_final: bool) -> bytes:
    facts = [fact["value"] for fact in mail.facts(event, with_deadline=False)]
    title = _("List of participants")
    people = [
        pdf.Listed(
            section=row.section,
            group=row.group,
            name=row.name,
            role=", ".join(_special(row)),
            lines=tuple(filter(None, (row.position, row.organization if row.organization != row.group else ""))),
        )
        for row in rows
    ]
    today = date_format(timezone.localdate(), "DATE_FORMAT")
    return pdf.list_of_participants(
        f"{event.title.in_language(language)}: {title}",
        " · ".join(facts),
        people,
        language=language,
        footer=_("As of %(day)s") % {"day": today},
        draft="" if is_final else _("Draft"),
    )


def as_workbook(rows: list[Participant], language: str) -> bytes:
    labels = {
        "section": _("Section"),
        "group": _("Group"),
        "name": _("Name"),
        "position": _("Position"),
        "organization": _("Organization"),
        "role": _("Role"),
        "place": _("Place"),
        "standing": _("Standing"),
        "listing": _("Agrees to be listed"),
    }
    asks = any(row.listing for row in rows)
    headings = [labels[field.name] for field in fields(Participant) if asks or field.name != "listing"]
    cells = [[str(cell) for cell in astuple(row)[: len(headings)]] for row in rows]
    return sheets.workbook(_("List of participants"), headings, cells, is_right_to_left=language == "ar")


def _special(row: Participant) -> list[str]:
    """What is said beside a name: the role unless it is the plain one, and the place unless it is the room."""
    role = "" if row.role == Role.DELEGATE.label else row.role
    place = "" if row.place == Place.ROOM.label else row.place
    return [str(word) for word in (role, place) if word]
