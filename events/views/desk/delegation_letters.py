"""The letters to focal points before they go: as each reads them, which organizations cannot be asked, the button."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages

from contacts.models import Person
from events import mail
from events.models import Delegation, Event
from events.models.delegation import focal_points_of
from events.models.letter_text import Kind
from events.views.desk.event_view import EventView
from events.views.desk.letters import has_text
from events.views.desk.previews import previewed_to


def asked_for(request, delegations: list[Delegation], verb=Delegation.invite) -> None:
    """Call `verb` of each of `delegations`, and tell the user how many letters that makes and what could not be."""
    readers = focal_points_of([one.organization_id for one in delegations])
    unled = [one for one in delegations if not readers[one.organization_id]]
    count, refusals = 0, []
    for delegation in delegations:
        if delegation in unled:
            continue
        try:
            count += verb(delegation, by=request.user)
        except ValidationError as refusal:
            refusals += [f"{delegation.organization}: {one}" for one in refusal.messages]
    told = ngettext("%(count)d letter is in the outbox.", "%(count)d letters are in the outbox.", count)
    (messages.success if count else messages.warning)(request, told % {"count": count})
    if refusals:
        messages.warning(request, " ".join(dict.fromkeys(refusals)))
    if unled:
        told = ngettext(
            "%(count)d organization has no focal point with an e-mail address: %(names)s.",
            "%(count)d organizations have no focal point with an e-mail address: %(names)s.",
            len(unled),
        )
        console = reverse("event:delegations", args=[unled[0].event_id])
        way = messages.button(f"{console}?missing=focal_point", _("Show them"))
        names = ", ".join(str(one.organization) for one in unled)
        messages.warning(request, told % {"count": len(unled), "names": names}, buttons=[way])


class DelegationLettersView(EventView):
    """GET previews; POST asks every organization on the list that has a focal point and was not asked yet."""

    template_name = "events/desk/delegation_letters.html"
    page_title = gettext_lazy("Letters to focal points")

    def get(self, request, **_where):
        return self.render_to_response(self.get_context_data())

    def post(self, request, **_where):
        ready = [one for one in self.drafts if self.readers[one.organization_id]]
        if ready:
            asked_for(request, ready)
        return redirect("event:delegations", self.object.pk)

    @cached_property
    def drafts(self) -> list[Delegation]:
        """Those that the viewer can ask."""
        seen = self.object.delegations.visible_to(self.request.user).drafts()
        return list(seen.select_related("organization__country").prefetch_related("quotas"))

    @cached_property
    def readers(self) -> dict[int, list[Person]]:
        """Organization (key) -> its focal points."""
        return focal_points_of([one.organization_id for one in self.drafts])

    @cached_property
    def letters(self) -> dict[str, tuple[Delegation, Person]]:
        """Key of a letter -> the delegation that it is about, and who reads it."""
        return {
            f"{one.pk}-{person.pk}": (one, person)
            for one in self.drafts
            for person in self.readers[one.organization_id]
        }

    def asked(self) -> str | None:
        """The letter that is to be shown: by `?reader=`, or to the first who, or whose organization, is called so."""
        words = self.request.GET.get("name", "").strip().lower()
        if not words:
            return self.request.GET.get("reader")
        for key, (delegation, person) in self.letters.items():
            if words in f"{delegation.organization} {person.name}".lower():
                return key
        told = _("Nobody to whom this letter goes is called “%(name)s”.")
        messages.warning(self.request, told % {"name": self.request.GET["name"]})
        return None

    def get_context_data(self, **more):
        people = {key: person for key, (_delegation, person) in self.letters.items()}
        return super().get_context_data(
            previews=previewed_to(people, lambda key: mail.delegation_invited(*self.letters[key]), reader=self.asked()),
            count=len(people),
            ready=sum(1 for one in self.drafts if self.readers[one.organization_id]),
            unready=[one for one in self.drafts if not self.readers[one.organization_id]],
            has_paper=has_text(self.object, Kind.DELEGATION),
            paper_door="event:delegation_paper",
            is_announced=self.object.status == Event.Status.ANNOUNCED,
            **more,
        )


class DelegationPaperView(DelegationLettersView):
    """The letter to an organization on paper, as the one with the key `?reader=` will get it; not numbered yet."""

    http_method_names = ["get"]

    def get(self, request, **_where):
        delegation, _person = self.letters.get(request.GET.get("reader", ""), (None, None))
        paper = delegation and delegation.formal_letters.draft_to(delegation)
        if paper is None:
            raise Http404
        return HttpResponse(paper.as_pdf(), content_type="application/pdf")
