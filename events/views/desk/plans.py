"""What people plan: how many have marked each session, who has a seat in one or waits for it, and how many seats there
are."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from events.forms.versions import SessionSeatsForm
from events.models import PlanItem, Session
from events.models.change import when
from events.views.desk.event_view import EventLookView


class PlansView(EventLookView):
    """The published sessions, each with how many people have it in their plan."""

    template_name = "events/desk/plans.html"
    page_title = gettext_lazy("Plans")

    def get(self, request, **_where):
        return self.render_to_response(self.get_context_data(rows=self.rows()))

    def rows(self) -> list[dict]:
        """By the sessions that whoever looks may see, in the order of the programme."""
        event, programme = self.object, self.object.programme
        if programme is None:
            return []
        programme.event = event
        items = PlanItem.objects.filter(registration__event=event).order_by()
        kinds = {"held": Count("pk", filter=Q(waits=False)), "waiting": Count("pk", filter=Q(waits=True))}
        counts = {guid: both for guid, *both in items.values_list("guid").annotate(**kinds)}
        limits = dict(event.quotas.exclude(session=None).values_list("session__guid", "size"))
        drafts = dict(event.sessions.values_list("guid", "pk"))
        return [
            {
                "entry": entry,
                "when": when(entry),
                **dict(zip(("count", "waiting"), counts.get(entry.guid, (0, 0)), strict=True)),
                "size": limits.get(entry.guid),
                "session": drafts.get(entry.guid),
            }
            for entry in programme.seen_by(self.request.user)
        ]


class SessionPlansView(EventLookView):
    """Who has a seat in a session (GET); how many seats it has (POST)."""

    shows_all = True
    template_name = "events/desk/session_plans.html"
    page_title = gettext_lazy("Seats in a session")

    @cached_property
    def session(self) -> Session:
        return get_object_or_404(self.object.sessions, pk=self.kwargs["session"])

    @property
    def can_change(self) -> bool:
        return self.user_has_permission("change")

    def get(self, request, **_where):
        quota = getattr(self.session, "quota", None)
        return self.show(SessionSeatsForm(initial={"size": quota and quota.size}))

    def post(self, request, **_where):
        if not self.can_change:
            raise PermissionDenied
        form = SessionSeatsForm(request.POST)
        if form.is_valid():
            try:
                self.session.limit(form.cleaned_data["size"], by=request.user)
                messages.success(request, _("The number of seats is saved."))
                return redirect("event:session_plans", self.object.pk, self.session.pk)
            except ValidationError as refusal:
                form.add_error("size", refusal.messages)
        return self.show(form)

    def show(self, form):
        items = PlanItem.objects.filter(registration__event=self.object, guid=self.session.guid)
        seen = items.visible_to(self.request.user).select_related("registration__person").order_by("marked_at", "pk")
        return self.render_to_response(
            self.get_context_data(
                session=self.session,
                form=form,
                quota=getattr(self.session, "quota", None),
                people=[(item.registration.person, item) for item in seen],
                unseen=items.count() - len(seen),
                can_change=self.can_change,
            )
        )
