"""The waiting list of an event in its order, and whom the organizers put first; the seats that are offered just now."""

from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages

from events import mail
from events.forms import PriorityForm
from events.models import Invitation, Registration
from events.views.desk.event_view import EventView, refusals_shown
from network.models import key_in

MOST_AT_ONCE = 500


class WaitingView(EventView):
    """GET shows who waits, in the order in which they get seats; POST gives those ticked a priority."""

    template_name = "events/desk/waiting.html"
    page_title = gettext_lazy("Waiting list")

    def get(self, request, **_where):
        return self.render_to_response(self.get_context_data())

    def post(self, request, **_where):
        form = PriorityForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        ticked = [key_in(key) for key in request.POST.getlist("rows")[:MOST_AT_ONCE]]
        chosen = self.rows().waiting().filter(pk__in=ticked)
        with refusals_shown(request):
            count = Registration.objects.prioritize(chosen, **form.cleaned_data, by=request.user)
            told = ngettext(
                "%(count)d person has another priority now.", "%(count)d people have another priority now.", count
            )
            messages.success(request, told % {"count": count}) if count else messages.warning(
                request, _("Nobody who was ticked would get another priority.")
            )
        return redirect("event:waiting", self.object.pk)

    def rows(self):
        """The seats of those whom the viewer sees."""
        return self.object.registrations.visible_to(self.request.user).select_related("person")

    def get_context_data(self, **more):
        places = {
            key: place for place, key in enumerate(self.object.registrations.waiting().values_list("pk", flat=True), 1)
        }
        waiting = list(self.rows().waiting()[: MOST_AT_ONCE + 1])
        offered = list(self.rows().offered()[:MOST_AT_ONCE])
        people = [row.person_id for row in (*waiting, *offered)]
        cards = dict(Invitation.objects.filter(event=self.object, person__in=people).values_list("person", "pk"))
        more.setdefault("form", PriorityForm())
        return super().get_context_data(
            waiting=[(places[row.pk], row, cards.get(row.person_id)) for row in waiting[:MOST_AT_ONCE]],
            most=MOST_AT_ONCE if len(waiting) > MOST_AT_ONCE else 0,
            offered=[(mail.moment(self.object, row.offered_until), row, cards.get(row.person_id)) for row in offered],
            **more,
        )
