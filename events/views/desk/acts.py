"""The verbs of an event as buttons and small forms."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages

from events import mail
from events.forms import CancelForm, MoveForm, SeatsForm
from events.views.desk.event_view import EventFormView, EventView, refusals_shown


class AnnounceView(EventView):
    http_method_names = ["post"]

    def post(self, request, **_where):
        with refusals_shown(request):
            self.object.announce(by=request.user)
            messages.success(request, _("The event is announced. Invitations can be sent now."))
        return self.to_desk()


class RescheduleView(EventFormView):
    page_title = gettext_lazy("Reschedule")
    form_class = MoveForm

    def initial(self):
        event = self.object
        return {"starts_on": event.starts_on, "ends_on": event.ends_on, "venue": event.venue}

    def act(self, starts_on, ends_on, venue):
        self.object.reschedule(starts_on, ends_on, venue=venue, by=self.request.user)
        if not self.object.takes_answers():
            told = _("The time for answers has moved along and is over: nobody can confirm. Set it anew in the form.")
            messages.warning(self.request, told)
        return _("The event takes place on %(dates)s now.") % {"dates": mail.dates(self.object)}

    def warning(self):
        count = self.object.invitations.expecting().count()
        told = ngettext(
            "%(count)d person gets a letter with the new days and an updated calendar entry.",
            "%(count)d people get a letter with the new days and an updated calendar entry.",
            count,
        )
        moved = _(
            "The sessions move along, in the draft and in the published programme, and so does the time for answers. "
            "Who comes is asked to confirm it."
        )
        return " ".join([*_who_hears(self.object, told, count), moved])

    def button(self):
        return _("Move the event and tell everybody")


class CancelView(EventFormView):
    page_title = gettext_lazy("Cancel the event")
    form_class = CancelForm
    is_serious = True

    def act(self, reason):
        self.object.cancel(reason, by=self.request.user)
        return _("The event is cancelled. The letters are in the outbox.")

    def warning(self):
        count = self.object.invitations.expecting().count()
        told = ngettext(
            "%(count)d person gets a letter, and the event is taken out of their calendar.",
            "%(count)d people get a letter, and the event is taken out of their calendars.",
            count,
        )
        return " ".join([*_who_hears(self.object, told, count), _("A cancelled event cannot be called back.")])

    def button(self):
        return _("Yes, cancel the event")


class SeatsView(EventFormView):
    page_title = gettext_lazy("Number of seats")
    form_class = SeatsForm

    def initial(self):
        return dict(self.quotas().values_list("place", "size"))

    def quotas(self):
        """Those of the event as a whole, one for each place."""
        return self.object.quotas.of_event().filter(role="")

    def warning(self):
        rows = self.object.registrations
        seats = {"taken": rows.with_seat().count(), "waiting": rows.waiting().count()}
        return _("Taken now: %(taken)d. Waiting: %(waiting)d.") % seats

    @transaction.atomic
    def act(self, **sizes):
        for quota in self.quotas():
            if quota.size != sizes[quota.place]:
                quota.resize(sizes[quota.place], by=self.request.user)
        if sizes["ROOM"] is None:
            return _("The number of seats is not limited any more.")
        return _("The event has %(size)d seats now.") % {"size": sizes["ROOM"]}


def _who_hears(event, told: str, count: int) -> list[str]:
    """To whom letters go: the people, of whom `told` says what they get, and the focal points of delegations."""
    delegations = event.delegations.invited().count()
    led = ngettext(
        "The focal points of %(count)d delegation hear of it.",
        "The focal points of %(count)d delegations hear of it.",
        delegations,
    )
    found = [sentence % {"count": number} for sentence, number in ((told, count), (led, delegations)) if number]
    return found or [_("Nobody has been invited yet, so no letter goes out.")]
