"""One delegation: its focal points, places, people and note verbale, and what can be done about them."""

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import View
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import BaseObjectMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets.button import Button

from contacts.models import Message
from events.forms import NomineeForm, NoteForm, PlacesForm
from events.models import Delegation, Standing
from events.models.event import Event
from events.models.letter_text import Kind as LetterKind
from events.views.desk.card_act import CardAct, FormOnCard
from events.views.desk.letters import has_text
from events.views.letters import paper
from network.models import key_in
from network.views.answers import handed_out
from network.viewsets.access import SeenObject
from network.viewsets.records import as_sent


class _WithAll:
    """Fetches what the screen shows of a delegation with it."""

    def get_object(self, *_args):
        rows = Delegation.objects.select_related("event__venue__country", "organization__country")
        return get_object_or_404(rows, pk=self.pk)


class DelegationInspectView(SeenObject, _WithAll, generic.InspectView):
    """The delegation for all who may see it; the buttons are for those who may change it."""

    template_name = "events/desk/delegation.html"
    page_title = _("Delegation")

    def get_fields(self):
        return []

    def get_page_subtitle(self):
        return str(self.object.organization)

    def get_breadcrumbs_items(self):
        event = self.object.event
        return [
            *self.breadcrumbs_items,
            {"url": reverse("event:desk", args=[event.pk]), "label": str(event)},
            {"url": reverse("event:delegations", args=[event.pk]), "label": _("Delegations")},
            {"url": "", "label": str(self.object.organization)},
        ]

    @cached_property
    def can_change(self) -> bool:
        return self.user_has_permission("change")

    @cached_property
    def header_more_buttons(self):
        history = reverse("delegation:history", args=[self.object.pk])
        return [Button(_("History"), url=history, icon_name="history")] if self.can_change else []

    def get_context_data(self, **more):
        delegation, finder = self.object, AdminURLFinder(self.request.user)
        members = delegation.members.visible_to(self.request.user).standing().with_standing()
        letters = Message.objects.visible_to(self.request.user).about(delegation).prefetch_related("deliveries")
        sees_body = self.request.user.has_perm("network.view_organization")
        body_url = reverse("organization:inspect", args=[delegation.organization_id])
        places, note = PlacesForm(auto_id="id_places_%s"), NoteForm(auto_id="id_note_%s")
        return super().get_context_data(
            delegation=delegation,
            organization_url=body_url if sees_body else finder.get_edit_url(delegation.organization),
            focal_points=[(one, finder.get_edit_url(one)) for one in delegation.focal_points],
            quotas=delegation.quotas.all(),
            form=as_sent(self.request, "delegation:nominate", NomineeForm(delegation=delegation)),
            places_form=as_sent(self.request, "delegation:places", places),
            note_form=as_sent(self.request, "delegation:note_add", note),
            formal_letters=delegation.formal_letters.select_related("issued_by"),
            can_issue=has_text(delegation.event, LetterKind.DELEGATION),
            members=[
                (member, Standing(member.standing).label)
                for member in members.select_related("person", "stands_for__person")
            ],
            hidden=delegation.members.standing().count() - members.count(),
            notes=delegation.notes_verbales.select_related("sent_by", "checked_by"),
            letters=[(letter, finder.get_edit_url(letter)) for letter in letters.select_related("person")],
            can_change=self.can_change,
            is_open=self.can_change and not delegation.event.is_cancelled,
            free=delegation.free_places(),
            is_announced=delegation.event.status == Event.Status.ANNOUNCED,
            **more,
        )


class DelegationActView(PermissionCheckedMixin, SeenObject, _WithAll, BaseObjectMixin, CardAct, View):
    model = Delegation
    permission_required = "change"
    card = "delegation:inspect"


class InviteDelegationView(DelegationActView):
    def act(self):
        return _letters(self.object.invite(by=self.request.user))


class RemindDelegationView(DelegationActView):
    def act(self):
        return _letters(self.object.remind(by=self.request.user))


class WithdrawDelegationView(DelegationActView):
    def act(self):
        self.object.withdraw(by=self.request.user)
        return _("The invitation of %(organization)s is withdrawn.") % {"organization": self.object.organization}


class PlacesView(FormOnCard, DelegationActView):
    def filled(self):
        return PlacesForm(self.request.POST)

    def act_on(self, form):
        self.object.give(**form.cleaned_data, by=self.request.user)
        return _("The places are given.")


class NominateView(FormOnCard, DelegationActView):
    """Staff name somebody for a delegation, as by a letter that came on paper."""

    def filled(self):
        return NomineeForm(self.request.POST, delegation=self.object)

    def act_on(self, form):
        nominee = self.object.nominate(form.named(), *form.sort(), by=self.request.user)
        return _("%(name)s is named, and a letter asks them to confirm.") % {"name": nominee.person}


class NoteAddView(FormOnCard, DelegationActView):
    """Staff keep a note verbale that came on paper or by mail; it is looked at like one that a focal point sends."""

    def filled(self):
        return NoteForm(self.request.POST, self.request.FILES)

    def act_on(self, form):
        self.object.notes_verbales.submit(self.object, form.cleaned_data["file"], by=self.request.user)
        return _("The note verbale is kept. Look at it, and say whether it is in order.")


class IssueView(DelegationActView):
    """The letter to the organization on paper, anew."""

    def act(self):
        letter = self.object.formal_letters.issue_to(self.object, by=self.request.user)
        if letter is None:
            raise ValidationError(_("The event has no text for a letter of this kind."))
        return _("Letter No. %(number)s is issued.") % {"number": letter.number}


class LetterView(PermissionCheckedMixin, SeenObject, _WithAll, BaseObjectMixin, View):
    """Hands a formal letter to the organization out."""

    model = Delegation
    any_permission_required = ["add", "change", "delete", "view"]

    def get(self, request, letter, **_where):
        return paper(get_object_or_404(self.object.formal_letters.all(), pk=letter))


class NoteActView(DelegationActView):
    """Says that the note verbale is in order, or sends it back with a remark."""

    def act(self):
        note = get_object_or_404(self.object.notes_verbales.all(), pk=key_in(self.request.POST.get("note", "")))
        if "return" in self.request.POST:
            note.send_back(self.request.POST.get("remark", ""), by=self.request.user)
            return _("The focal points are asked for another.")
        note.accept(by=self.request.user)
        return _("The note verbale is in order.")


class NoteView(PermissionCheckedMixin, SeenObject, _WithAll, BaseObjectMixin, View):
    """Hands one version of the note verbale out."""

    model = Delegation
    any_permission_required = ["add", "change", "delete", "view"]

    def get(self, request, note, **_where):
        found = get_object_or_404(self.object.notes_verbales.all(), pk=note)
        return handed_out(found.file, found.name)


def _letters(count: int) -> str:
    told = ngettext("%(count)d letter is in the outbox.", "%(count)d letters are in the outbox.", count)
    return told % {"count": count}
