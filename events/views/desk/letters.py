"""The letters before they go: each language as its readers will see it, who cannot get one, and the button."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder

from contacts.mail import Letter
from events import mail
from events.models import Event, Invitation
from events.models.invitation import InvitationQuerySet
from events.views.desk.event_view import EventView, refusals_shown
from network.labels import RIGHT_TO_LEFT


@dataclass(frozen=True)
class Preview:
    """The letter of one real invitation, for all those who read that language; `about` says who else has it in common,
    where there are several letters in one."""

    about: str
    code: str
    language: str
    direction: str
    count: int
    reader: str
    letter: Letter
    calendar: list[tuple[str, str]]


class LettersView(EventView):
    """GET previews; POST sends every draft that has an address."""

    template_name = "events/desk/letters.html"
    page_title = gettext_lazy("Letters")

    def get(self, request, **_where):
        return self.render_to_response(self.get_context_data())

    def post(self, request, **_where):
        with refusals_shown(request):
            count = self.object.invitations.send_drafts(by=request.user)
            told = ngettext("%(count)d letter is in the outbox.", "%(count)d letters are in the outbox.", count)
            messages.success(request, told % {"count": count})
        return self.to_desk()

    def get_context_data(self, **more):
        found = previews(self.object, self.request.user)
        return super().get_context_data(
            previews=found,
            count=sum(preview.count for preview in found),
            unsendable=self.unsendable,
            is_announced=self.object.status == Event.Status.ANNOUNCED,
            **more,
        )

    @cached_property
    def unsendable(self) -> list[tuple[Invitation, str | None]]:
        """Drafts without an address, each with the place where the person can be mended."""
        finder = AdminURLFinder(self.request.user)
        drafts = self.object.invitations.visible_to(self.request.user).unsendable().select_related("person")[:100]
        return [(invitation, finder.get_edit_url(invitation.person)) for invitation in drafts]


class LookAgainView(EventView):
    """Take the addresses of those who had none from their records once more."""

    http_method_names = ["post"]

    def post(self, request, **_where):
        count = self.object.invitations.look_up_addresses(by=request.user)
        told = ngettext("%(count)d address was found.", "%(count)d addresses were found.", count)
        messages.info(request, told % {"count": count} if count else _("No address was found."))
        return redirect("event:letters", self.object.pk)


def previews(event: Event, viewer) -> list[Preview]:
    """A preview for each language among the drafts that `viewer` can send, the largest first."""
    sendable = event.invitations.visible_to(viewer).drafts().exclude(address="")
    return previewed(sendable, mail.invitation, _calendar)


def previewed(
    invitations: InvitationQuerySet,
    letter: Callable[[Invitation], Letter],
    calendar: Callable[[Invitation], list] = lambda _invitation: [],
    about: str = "",
) -> list[Preview]:
    """`letter` as it would go to the first reader of each language among `invitations`, the largest first."""
    counts = invitations.order_by().values_list("language").annotate(count=Count("pk")).order_by("-count", "language")
    whole = invitations.select_related("event__venue__country", "person")
    found = []
    for code, count in counts:
        first = whole.filter(language=code).first()
        found.append(
            Preview(
                about=str(about),
                code=code,
                language=dict(settings.LANGUAGES)[code],
                direction="rtl" if code in RIGHT_TO_LEFT else "ltr",
                count=count,
                reader=first.person.name,
                letter=letter(first),
                calendar=calendar(first),
            )
        )
    return found


def _calendar(invitation: Invitation) -> list[tuple[str, str]]:
    """What the calendar entry of the letter says, in words."""
    slot = invitation.slot()
    with override(invitation.language):
        days = mail.dates(invitation.event)
    rows = [
        (_("Calendar entry"), slot.summary),
        (_("All day"), days),
        (_("Place"), slot.location),
        (_("Answers go to"), invitation.event.organizer.address),
    ]
    return [(label, value) for label, value in rows if value]
