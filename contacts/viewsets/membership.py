"""The admin's screens for memberships: on an organization's card how it stands, and the acts that change it."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.ui.components import Component
from wagtail.admin.viewsets.base import ViewSet

from contacts.forms.application import TextForm
from contacts.models.membership import Membership
from network.models import Organization
from network.viewsets.timeline import Entry

Status = Organization.Status
MAY_DECIDE = ("contacts.change_application", "network.change_organization")
STEPS = {
    "contacts.membership.suspend": gettext_lazy("Membership suspended"),
    "contacts.membership.reinstate": gettext_lazy("Membership reinstated"),
    "contacts.membership.end": gettext_lazy("Membership ended"),
}


class MembershipPanel(Component):
    """How the organization stands and why, who would be told, and what can be done."""

    template_name = "contacts/membership.html"

    def __init__(self, organization: Organization, viewer):
        self.organization, self.viewer = organization, viewer

    def get_context_data(self, parent_context):
        membership = Membership(self.organization)
        may_decide = self.viewer.has_perms(MAY_DECIDE) and membership.is_decided_by(self.viewer)
        return {
            "csrf_token": parent_context["csrf_token"],  # a component is rendered without a request of its own
            "organization": self.organization,
            "steps": [told(step) for step in membership.steps()[:5]],
            "readers": membership.readers() if may_decide else [],
            "acts": self._acts() if may_decide else [],
            "may_reinstate": may_decide and self.organization.status != Status.ACTIVE,
        }

    def _acts(self) -> list[tuple]:
        """Those that need a reason: address, heading, form, label, tone."""
        acts = {
            "suspend": (_("Suspend the membership"), _("Suspend"), "button-secondary", [Status.ACTIVE]),
            "end": (_("End the membership"), _("End it"), "serious", [Status.ACTIVE, Status.SUSPENDED]),
        }
        return [
            (f"membership:{name}", heading, TextForm(auto_id=f"id_{name}_%s", reader=_("They read this")), label, tone)
            for name, (heading, label, tone, out_of) in acts.items()
            if self.organization.status in out_of
        ]


def told(step) -> Entry:
    """A row of the history as a line of the timeline."""
    by = step.user_display_name if step.user_id else ""
    return Entry(step.timestamp, STEPS[step.action], "", step.data.get("reason", ""), by)


def entries(subject, viewer, before, limit) -> list[Entry]:
    if not isinstance(subject, Organization):
        return []
    return [told(step) for step in Membership(subject).steps().filter(timestamp__lt=before)[:limit]]


def panels(record, viewer) -> list[Component]:
    return [MembershipPanel(record, viewer)] if isinstance(record, Organization) else []


class MembershipActView(View):
    """A POST that calls one verb of an organization's membership."""

    http_method_names = ["post"]

    def post(self, request, pk):
        if not request.user.has_perms(MAY_DECIDE):
            raise PermissionDenied
        organization = get_object_or_404(Organization.objects.visible_to(request.user), pk=pk)
        try:
            letters = self.act(Membership(organization), request.POST.get("text", "")[:4000])
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, f"{self.done} {_letters(letters)}")
        return redirect(reverse("organization:inspect", args=[pk]) + "#membership")

    def act(self, membership: Membership, reason: str) -> int:
        raise NotImplementedError


class SuspendView(MembershipActView):
    done = gettext_lazy("The membership is suspended.")

    def act(self, membership, reason):
        return membership.suspend(reason, by=self.request.user)


class ReinstateView(MembershipActView):
    done = gettext_lazy("It counts among the members again.")

    def act(self, membership, reason):
        return membership.reinstate(by=self.request.user)


class EndView(MembershipActView):
    done = gettext_lazy("The membership has ended.")

    def act(self, membership, reason):
        return membership.end(reason, by=self.request.user)


class MembershipViewSet(ViewSet):
    """Has no page of its own: the acts stand on the organizations' cards."""

    name = "membership"
    url_prefix = "contacts/membership"

    def get_urlpatterns(self):
        acts = {"suspend": SuspendView, "reinstate": ReinstateView, "end": EndView}
        return [path(f"<int:pk>/{name}/", view.as_view(), name=name) for name, view in acts.items()]


def _letters(count: int) -> str:
    if not count:
        return _("Nobody there can be reached, so no letter says so.")
    return ngettext("%(count)s letter says so.", "%(count)s letters say so.", count) % {"count": count}
