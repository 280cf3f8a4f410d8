"""At the door, as the organizers see it: who has come, the telephones that let people in; badges; certificates."""

import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from wagtail.admin import messages

from events import pdf
from events.models import LetterText, Presence, Session
from events.models.attendance import attendance
from events.models.participants import held_by
from events.models.presence import counted, day_of
from events.models.quota import Place, Role
from events.views.desk.event_view import EventView, refusals_shown
from network.models import key_in

LATEST = 12
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


class CheckInView(EventView):
    """Who has come, of those whom the viewer sees; the links for telephones are for who may change the event."""

    permission_required = None
    any_permission_required = ["add", "change", "delete", "view"]
    template_name = "events/desk/check_in.html"
    page_title = gettext_lazy("Check-in")

    def get(self, request, **_where):
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **more):
        event, now = self.object, timezone.now()
        today = min(max(day_of(event, now), event.starts_on), event.ends_on)
        seen = Presence.objects.visible_to(self.request.user).at(event)
        latest = seen.select_related("registration__person", "session", "scanner")[:LATEST]
        return super().get_context_data(
            can_change=self.user_has_permission("change"),
            expected=event.registrations.on_site().visible_to(self.request.user).count(),
            counts=counted(seen, today),
            today=date_format(today, "DATE_FORMAT"),
            days=days(event, seen),
            doors=doors(event, seen),
            latest=[(one, _moment(one.at, event)) for one in latest],
            scanners=[(one, _qr(one)) for one in event.scanners.live()],
            **more,
        )


class ScannerOpenView(EventView):
    http_method_names = ["post"]

    def post(self, request, **_where):
        name = request.POST.get("name", "").strip()[:100]
        if name:
            self.object.scanners.open(self.object, name, by=request.user)
            messages.success(request, _("The link is ready: open it on the telephone, by its code."))
        else:
            messages.error(request, _("Say what the telephone is called, or at which door it is."))
        return redirect("event:check_in", self.object.pk)


class ScannerRevokeView(EventView):
    http_method_names = ["post"]

    def post(self, request, **_where):
        scanner = get_object_or_404(self.object.scanners.all(), pk=key_in(request.POST.get("scanner", "")))
        scanner.revoke(by=request.user)
        told = _("The link of %(name)s lets nobody in any more; what it has noted stays.")
        messages.success(request, told % {"name": scanner})
        return redirect("event:check_in", self.object.pk)


class BadgesView(EventView):
    """GET with a `format` hands badges out: of everybody with a seat who comes to the place, of a role, or of one."""

    permission_required = None
    any_permission_required = ["add", "change", "delete", "view"]
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


class CertificatesView(EventView):
    """Who was there enough, and who has a certificate: those ticked are sent one."""

    template_name = "events/desk/certificates.html"
    page_title = gettext_lazy("Certificates")

    def get(self, request, **_where):
        return self.render_to_response(self.get_context_data())

    def post(self, request, **_where):
        if "text" in request.POST:
            LetterText.objects.write_usual(self.object, by=request.user)
            messages.success(request, _("The text is written, in each language. Change it in the form of the event."))
            return redirect("event:certificates", self.object.pk)
        ticked = {key_in(key) for key in request.POST.getlist("people")}
        sent, refusals = 0, []
        for invitation, attended, _certificate in self.people():
            if invitation.pk not in ticked:
                continue
            try:
                invitation.formal_letters.certify(invitation, attended, by=request.user)
                sent += 1
            except ValidationError as refusal:
                refusals += refusal.messages
        self._tell(sent, list(dict.fromkeys(refusals)))
        return redirect("event:certificates", self.object.pk)

    def people(self) -> list[tuple]:
        """Everybody who came, as invitation, attendance, and certificate (or None); who was there most first."""
        event = self.object
        came = attendance(event)
        seats = event.registrations.filter(pk__in=came).values_list("person", "pk")
        by_person = {person: came[pk] for person, pk in seats}
        rows = event.invitations.visible_to(self.request.user).filter(person__in=by_person).select_related("person")
        issued = {one.invitation_id: one for one in event.formal_letters.certificates().standing()}
        for invitation in rows:
            invitation.event = event  # read once, with its texts
        found = [(row, by_person[row.person_id], issued.get(row.pk)) for row in rows]
        return sorted(found, key=lambda one: (-one[1].share, one[0].person.family_name, one[0].pk))

    def get_context_data(self, **more):
        share = self.object.certificate_share
        people = [
            (invitation, attended, certificate, bool(share) and attended.share >= share)
            for invitation, attended, certificate in self.people()
        ]
        texts = {text.language for text in self.object.texts_of_letters if text.kind == "CERTIFICATE"}
        return super().get_context_data(
            people=people,
            share=share,
            due=sum(1 for _i, _a, certificate, is_enough in people if is_enough and not certificate),
            has_text=bool(texts),
            missing=[str(name) for code, name in settings.LANGUAGES if code not in texts],
            **more,
        )

    def _tell(self, sent: int, refusals: list[str]) -> None:
        if sent:
            told = ngettext(
                "%(count)d certificate is in the outbox.", "%(count)d certificates are in the outbox.", sent
            )
            messages.success(self.request, told % {"count": sent})
        elif not refusals:
            messages.warning(self.request, _("Nothing was ticked."))
        for sentence in refusals:
            messages.error(self.request, sentence)


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
    posts, language = held_by([row.person for row in rows]), get_language()
    people = [
        pdf.Badge(
            name=row.person.name,
            organization=held[0].organization.name_in(language) if (held := posts.get(row.person_id)) else "",
            role=str(Place(row.place).label if row.place == Place.PLENARY else Role(row.role).label),
            color=COLORS[Role(row.role)],
            code=row.badge,
        )
        for row in rows
    ]
    return pdf.badges(str(event.title), people, language=language, is_sheet=is_sheet)


def days(event, presences) -> list[tuple[str, int]]:
    """Each day of the event, and how many people of `presences` came to the house."""
    at_house = presences.at_door(None).came().order_by()
    counts = dict(at_house.values_list("day").annotate(Count("registration", distinct=True)))
    all_days = [event.starts_on + datetime.timedelta(days=n) for n in range((event.ends_on - event.starts_on).days + 1)]
    return [(date_format(day, "DATE_FORMAT"), counts.get(day, 0)) for day in all_days]


def doors(event, presences) -> list[tuple[Session, int]]:
    """The sessions at whose doors people of `presences` were let in, and how many."""
    came = presences.came().exclude(session=None).order_by()
    counts = dict(came.values_list("session").annotate(Count("registration", distinct=True)))
    return [(one, counts[one.pk]) for one in event.sessions.filter(pk__in=counts).in_order()]


def _moment(at: datetime.datetime, event) -> str:
    """In the event's own time."""
    return date_format(at.astimezone(event.zone), "DATETIME_FORMAT")


def _qr(scanner) -> tuple[str, str]:
    link = scanner.link_in(get_language())
    return link, mark_safe(pdf.qr(link))  # noqa: S308 (our own drawing, of our own address)
