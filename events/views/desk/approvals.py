"""Who has confirmed and is to be approved: those ticked are approved, or turned down with one reason for all."""

from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages

from events.views.desk.event_view import EventView
from network.models import key_in


class ApprovalsView(EventView):
    template_name = "events/desk/approvals.html"
    page_title = gettext_lazy("Approve")

    def get(self, request, **_where):
        return self.render_to_response(self.get_context_data())

    def post(self, request, **_where):
        ticked = [key_in(key) for key in request.POST.getlist("members")]
        chosen = self.open().filter(pk__in=ticked).select_related("event__venue__country")
        refuses = "reject" in request.POST
        done, agreed, refusals = 0, 0, []
        for member in chosen:
            try:
                if refuses:
                    member.reject(request.POST.get("reason", ""), by=request.user)
                    done += 1
                elif member.approve(by=request.user):
                    done += 1
                else:
                    agreed += 1
            except ValidationError as refusal:
                refusals += refusal.messages
        self._tell(refuses, done, agreed, list(dict.fromkeys(refusals)))
        return redirect("event:approvals", self.object.pk)

    def open(self):
        """Those whom the viewer sees, in the order of their delegations."""
        seen = self.object.invitations.visible_to(self.request.user).to_be_approved()
        named = seen.select_related("person", "delegation__organization", "stands_for__person", "decided_by")
        return named.order_by("delegation__organization__name", "person__family_name", "pk")

    def get_context_data(self, **more):
        console = reverse("event:delegations", args=[self.object.pk])
        mine = self.request.user.pk
        sees = self.request.user.has_perm("events.view_answer")
        people = [
            (member, member.decided_by_id == mine, member.changed_since_approval() if sees else [])
            for member in self.open()
        ]
        return super().get_context_data(people=people, console=console, **more)

    def _tell(self, refuses: bool, done: int, agreed: int, refusals: list[str]) -> None:
        if done and refuses:
            told = ngettext("%(count)d person is turned down.", "%(count)d people are turned down.", done)
            messages.success(self.request, told % {"count": done})
        elif done:
            told = ngettext("%(count)d person is approved.", "%(count)d people are approved.", done)
            messages.success(self.request, told % {"count": done})
        if agreed:
            told = ngettext(
                "You have agreed to %(count)d person; somebody else is to agree as well.",
                "You have agreed to %(count)d people; somebody else is to agree as well.",
                agreed,
            )
            messages.success(self.request, told % {"count": agreed})
        if not (done or agreed or refusals):
            messages.warning(self.request, _("Nothing was ticked."))
        for sentence in refusals:
            messages.error(self.request, sentence)
