"""Asking again: by hand, those whom one ticks, with the letter before it goes; and by rules, so many days before."""

from django.db.models import F, Max
from django.shortcuts import redirect
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages

from events import mail
from events.forms import ReminderForm
from events.models import Reminder, Standing
from events.models.reminder import STANDINGS, Whom, to_remind
from events.views.desk.event_view import EventView, refusals_shown
from events.views.desk.previews import Preview, previewed, reader_asked
from network.models import key_in

MOST_AT_ONCE = 500
# Who was not asked again yet comes first, so that the next page of a long list is the rest.
ORDER = (F("last").asc(nulls_first=True), "person__family_name", "person__given_name", "pk")


class RemindView(EventView):
    """GET shows whom one could ask again, and the rules; POST writes to those ticked."""

    template_name = "events/desk/remind.html"
    page_title = gettext_lazy("Remind")

    def get(self, request, **_where):
        return self.render_to_response(self.get_context_data())

    def post(self, request, **_where):
        ticked = [key_in(key) for key in request.POST.getlist("invitations")[:MOST_AT_ONCE]]
        chosen = self.open().filter(pk__in=ticked).select_related("event__venue__country", "person")
        count = sum(invitation.remind(by=request.user) for invitation in chosen)
        if not count:
            messages.warning(request, _("Nobody was ticked who is still to answer."))
            return redirect("event:remind", self.object.pk)
        told = ngettext("%(count)d letter is in the outbox.", "%(count)d letters are in the outbox.", count)
        messages.success(request, told % {"count": count})
        return self.to_desk()

    def open(self):
        """The invitations of those whom the viewer sees and could ask again."""
        return to_remind(self.object.invitations.visible_to(self.request.user), Whom.values)

    def previews(self, whom: Whom, reader: int | None) -> list[Preview]:
        asked = to_remind(self.object.invitations.visible_to(self.request.user), [whom])
        return previewed(asked, mail.invitation_reminder, about=whom.label, reader=reader)

    def get_context_data(self, **more):
        rows = self.open().annotate(last=Max("reminded__at")).select_related("person").order_by(*ORDER)
        people = [(row, Standing(row.standing).label) for row in rows[: MOST_AT_ONCE + 1]]
        event, reader = self.object, reader_asked(self.request, self.open())
        closes_at = date_format(event.closes_at.astimezone(event.zone), "DATETIME_FORMAT")
        more.setdefault("form", ReminderForm())
        return super().get_context_data(
            people=people[:MOST_AT_ONCE],
            most=MOST_AT_ONCE if len(people) > MOST_AT_ONCE else 0,
            previews=[preview for whom in STANDINGS for preview in self.previews(whom, reader)],
            rules=[(rule, date_format(rule.due_at, "DATETIME_FORMAT")) for rule in event.reminders.all()],
            closes_at=closes_at,
            names_close_at=date_format(event.names_close_at.astimezone(event.zone), "DATETIME_FORMAT"),
            unnamed=event.delegations.visible_to(self.request.user).naming_nobody().count(),
            takes_answers=event.takes_answers(),
            **more,
        )


class ReminderSetView(RemindView):
    """POST sets a rule."""

    http_method_names = ["post"]

    def post(self, request, **_where):
        form = ReminderForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        with refusals_shown(request):
            Reminder.objects.set_for(self.object, **form.cleaned_data, by=request.user)
            messages.success(request, _("The reminder is set."))
        return redirect("event:remind", self.object.pk)


class ReminderDropView(EventView):
    """POST takes the rule `reminder` back."""

    http_method_names = ["post"]

    def post(self, request, **_where):
        if rule := self.object.reminders.filter(pk=key_in(request.POST.get("reminder", ""))).first():
            rule.drop(by=request.user)
        messages.success(request, _("The reminder is taken back."))
        return redirect("event:remind", self.object.pk)
