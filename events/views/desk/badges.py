"""Badges: printed for all who come to the place, for a role, or for one; and a new one for who has lost theirs."""

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from wagtail.admin import messages

from events import pdf
from events.models.participants import bodies_of
from events.models.quota import Place, Role
from events.views.desk.event_view import EventLookView, EventView, refusals_shown
from network.models import key_in

# Of each role one that white letters can be read on (WCAG 2.2, 1.4.3).
COLORS = {
    Role.HEAD: "#8a1c3b",
    Role.ALTERNATE: "#7a3b12",
    Role.DELEGATE: "#14485a",
    Role.ADVISER: "#1b6142",
    Role.OBSERVER: "#4b576c",
    Role.SPEAKER: "#5b2a86",
    Role.STAFF: "#12263f",
    Role.PRESS: "#8a5e12",
}


class BadgesView(EventLookView):
    """GET with a `format` hands badges out: of everybody with a seat who comes to the place, of a role, or of one."""

    template_name = "events/desk/badges.html"
    page_title = gettext_lazy("Badges")

    def get(self, request, **_where):
        if request.GET.get("format") in ("sheet", "single"):
            return self.file(is_sheet=request.GET["format"] == "sheet")
        counts = dict(self.rows().order_by().values_list("role").annotate(Count("pk")))
        roles = [(role, counts[role], COLORS[role]) for role in Role if role in counts]
        return self.render_to_response(self.get_context_data(roles=roles, total=sum(counts.values())))

    def rows(self):
        return self.object.registrations.on_site().visible_to(self.request.user).select_related("person")

    def file(self, is_sheet: bool) -> HttpResponse:
        asked, rows = self.request.GET, self.rows().order_by("person__family_name", "person__given_name", "pk")
        if asked.get("role") in Role.values:
            rows = rows.filter(role=asked["role"])
        if asked.get("registration"):
            rows = rows.filter(pk=key_in(asked["registration"]))
        content = badges_of(self.object, list(rows), is_sheet=is_sheet)
        response = HttpResponse(content, content_type="application/pdf")
        response["Content-Disposition"] = f'attachment; filename="{self.object.slug}-badges.pdf"'
        response["Cache-Control"] = "private, no-store"
        return response


class BadgeRenewView(EventView):
    """A badge was lost: it is void, and the next one that is printed lets in."""

    http_method_names = ["post"]

    def post(self, request, **_where):
        seats = self.object.registrations.visible_to(request.user)
        seat = get_object_or_404(seats, pk=key_in(request.POST.get("registration", "")))
        with refusals_shown(request):
            seat.renew_badge(by=request.user)
            messages.success(request, _("The badge of %(name)s is void. Print a new one.") % {"name": seat.person})
        card = self.object.invitations.filter(person=seat.person_id).first()
        return redirect("invitation:inspect", card.pk) if card else redirect("event:badges", self.object.pk)


def badges_of(event, rows: list, *, is_sheet: bool) -> bytes:
    language = get_language()
    bodies = bodies_of(event, [row.person for row in rows], language)
    people = [
        pdf.Badge(
            name=row.person.name,
            organization=bodies.get(row.person_id, ""),
            role=str(Place(row.place).label if row.place == Place.PLENARY else Role(row.role).label),
            color=COLORS[Role(row.role)],
            code=row.badge,
        )
        for row in rows
    ]
    return pdf.badges(str(event.title), people, language=language, is_sheet=is_sheet)
