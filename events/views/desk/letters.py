"""The letters of invitation before they go: as their readers will see them, who cannot get one, and the button."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder

from events import mail
from events.models import Event, Invitation
from events.models.letter_text import Kind
from events.views.desk.event_view import EventView, refusals_shown
from events.views.desk.previews import previewed, reader_asked


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
        drafts = self.sendable()
        found = previewed(drafts, mail.invitation, _calendar, reader=reader_asked(self.request, drafts))
        return super().get_context_data(
            previews=found,
            has_paper=has_text(self.object, Kind.INVITATION),
            paper_door="event:paper",
            count=sum(preview.count for preview in found),
            unsendable=self.unsendable,
            is_announced=self.object.status == Event.Status.ANNOUNCED,
            **more,
        )

    def sendable(self):
        """The drafts that the viewer can send."""
        return self.object.invitations.visible_to(self.request.user).drafts().exclude(address="")

    @cached_property
    def unsendable(self) -> list[tuple[Invitation, str | None]]:
        """Drafts without an address, each with the place where the person can be mended."""
        finder = AdminURLFinder(self.request.user)
        drafts = self.object.invitations.visible_to(self.request.user).unsendable().select_related("person")[:100]
        return [(invitation, finder.get_edit_url(invitation.person)) for invitation in drafts]


class PaperView(LettersView):
    """The letter of invitation on paper as the draft `?reader=` will get it; nothing is numbered yet."""

    http_method_names = ["get"]

    def get(self, request, **_where):
        drafts = self.sendable().select_related("event__venue__country", "person__country", "delegation__organization")
        invitation = get_object_or_404(drafts, pk=reader_asked(request, drafts))
        paper = invitation.formal_letters.draft(invitation, Kind.INVITATION)
        if paper is None:
            raise Http404
        return HttpResponse(paper.as_pdf(), content_type="application/pdf")


class LookAgainView(EventView):
    """Take the addresses of those who had none from their records once more."""

    http_method_names = ["post"]

    def post(self, request, **_where):
        count = self.object.invitations.look_up_addresses(by=request.user)
        told = ngettext("%(count)d address was found.", "%(count)d addresses were found.", count)
        messages.info(request, told % {"count": count} if count else _("No address was found."))
        return redirect("event:letters", self.object.pk)


def has_text(event: Event, kind: str) -> bool:
    """Whether a letter on paper of the `kind` goes along."""
    return any(text.kind == kind for text in event.texts_of_letters)


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
