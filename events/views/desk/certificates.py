"""Certificates: who was there enough, who has one, and the sending."""

import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages

from events import mail
from events.models import LetterText
from events.models.attendance import attendance
from events.views.desk.event_view import EventView
from network.models import key_in


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
            runs_until=self.runs_until(),
            due=sum(1 for _i, _a, certificate, is_enough in people if is_enough and not certificate),
            has_text=bool(texts),
            missing=[str(name) for code, name in settings.LANGUAGES if code not in texts],
            **more,
        )

    def runs_until(self) -> str:
        """Until when sessions go on, where they do, in words; else ""."""
        event = self.object
        last = event.sessions.taking_place().aggregate(last=Max("ends_at"))["last"]
        ends_at = last or event.starts_at + datetime.timedelta(days=(event.ends_on - event.starts_on).days + 1)
        return mail.moment(event, ends_at) if ends_at > timezone.now() else ""

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
