"""At the door, as the organizers see it: who has come, and the telephones that let people in."""

import datetime

from django.core.exceptions import ValidationError
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from wagtail.admin import messages

from events import pdf
from events.forms import GuestForm
from events.models import Presence, Session
from events.models.presence import counted, day_at_doors
from events.views.desk.event_view import EventLookView, EventView
from network.models import key_in

LATEST = 12


class CheckInView(EventLookView):
    """Who has come, of those whom the viewer sees; the links for telephones are for who may change the event."""

    template_name = "events/desk/check_in.html"
    page_title = gettext_lazy("Check-in")

    def get(self, request, **_where):
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **more):
        event, now = self.object, timezone.now()
        today = min(max(day_at_doors(event, now), event.starts_on), event.ends_on)
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
            **{"guest": GuestForm(), **more},
        )


class AdmitView(CheckInView):
    """POST gives somebody who was not registered a seat; with or without an address."""

    http_method_names = ["post"]
    permission_required = "change"
    any_permission_required = None

    def post(self, request, **_where):
        form = GuestForm(request.POST)
        if form.is_valid():
            try:
                organization = form.cleaned_data["organization"]
                guest = self.object.invitations.admit(form.named(), organization, by=request.user)
                badge = f"{reverse('event:badges', args=[self.object.pk])}?format=single&registration="
                ways = [messages.button(f"{badge}{guest.registration.pk}", _("Print the badge"))]
                ways.append(messages.button(reverse("invitation:inspect", args=[guest.pk]), _("Open")))
                told = _("%(name)s has a seat. The badge lets them in.")
                messages.success(request, told % {"name": guest.person}, buttons=ways)
                return redirect("event:check_in", self.object.pk)
            except ValidationError as refusal:
                form.add_error(None, refusal.messages)
        return self.render_to_response(self.get_context_data(guest=form), status=422)


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


def days(event, presences) -> list[tuple[str, int]]:
    """Each day of the event, and how many people of `presences` came to the house."""
    at_house = presences.at_door(None).came().order_by()
    counts = dict(at_house.values_list("day").annotate(Count("registration", distinct=True)))
    return [(date_format(day, "DATE_FORMAT"), counts.get(day, 0)) for day in event.days]


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
