"""One invitation: what was written, what was answered, an answer by telephone, and taking it back."""

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import BaseObjectMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets.button import Button
from wagtail.models import ModelLogEntry

from contacts.models import Message
from events import mail
from events.forms import NamedForm, TakenAnswerForm, TransferForm
from events.forms.details import DetailsForm
from events.models import Invitation, Standing
from events.models.details import Filler
from events.models.formal_letter import Kind
from events.views.desk.card_act import CardAct, FormOnCard
from events.views.letters import paper
from network.views.answers import handed_out
from network.viewsets.access import SeenObject
from network.viewsets.records import as_sent

DECISIONS = [f"events.nomination.{verb}" for verb in ("agree", "approve", "reopen", "reject")]


class _WithAll:
    """Fetches what the screen shows of an invitation with it."""

    def get_object(self, *_args):
        named = ("delegation__organization", "stands_for__person", "decided_by")
        rows = Invitation.objects.select_related("event__venue__country", "person", *named).with_standing()
        return get_object_or_404(rows, pk=self.pk)


class InvitationInspectView(SeenObject, _WithAll, generic.InspectView):
    """The invitation for all who may see it; the buttons are for those who may change it."""

    template_name = "events/desk/invitation.html"
    page_title = _("Invitation")

    def get_fields(self):
        return []

    def get_page_subtitle(self):
        return str(self.object.person)

    def get_breadcrumbs_items(self):
        event = self.object.event
        return [
            *self.breadcrumbs_items,
            {"url": reverse("event:desk", args=[event.pk]), "label": str(event)},
            {
                "url": f"{reverse('invitation:index')}?event={event.pk}",
                "label": capfirst(Invitation._meta.verbose_name_plural),
            },
            {"url": "", "label": str(self.object.person)},
        ]

    @cached_property
    def can_change(self) -> bool:
        return self.user_has_permission("change")

    @cached_property
    def header_more_buttons(self):
        history = reverse("invitation:history", args=[self.object.pk])
        return [Button(_("History"), url=history, icon_name="history")] if self.can_change else []

    def get_context_data(self, **more):
        invitation, finder = self.object, AdminURLFinder(self.request.user)
        answered = {"reason": invitation.reason}
        if invitation.reply != Invitation.Reply.NEEDS_ACTION:
            answered["reply"] = invitation.reply
        takes_answers = invitation.state == Invitation.State.SENT and invitation.event.takes_answers()
        letters = Message.objects.about(invitation).prefetch_related("deliveries")
        transfer = TransferForm(initial={"role": invitation.role, "place": invitation.place})
        answer = as_sent(self.request, "invitation:answer", TakenAnswerForm(initial=answered))
        return super().get_context_data(
            invitation=invitation,
            language=dict(settings.LANGUAGES).get(invitation.language, invitation.language),
            person_url=finder.get_edit_url(invitation.person),
            registration=(seat := invitation.registration),
            offered_until=seat and seat.offered_until and mail.moment(invitation.event, seat.offered_until),
            standing=Standing(invitation.standing),
            formal_letters=invitation.formal_letters.select_related("issued_by"),
            kinds=self.kinds(),
            answers=invitation.answers.select_related("by"),
            decisions=self.decisions() if invitation.approval else [],
            letters=[(letter, finder.get_edit_url(letter)) for letter in letters],
            can_change=self.can_change,
            form=answer if takes_answers else None,
            transfer_form=as_sent(self.request, "invitation:transfer", transfer),
            named_form=as_sent(self.request, "invitation:hand_over", NamedForm(auto_id="id_named_%s")),
            **{**self.details(), **more},
        )

    def decisions(self) -> list[tuple]:
        """Who has agreed, approved or not, and when: as the history has it, the last first."""
        invited = ContentType.objects.get_for_model(Invitation)
        rows = ModelLogEntry.objects.filter(content_type=invited, object_id=self.object.pk, action__in=DECISIONS)
        return [(row.message, row.user, row.timestamp) for row in rows.select_related("user").order_by("-pk")]

    def details(self) -> dict:
        """What was said to the registration form, for who may see that."""
        invitation = self.object
        asks = invitation.event.questions.exists() and invitation.state == Invitation.State.SENT
        if not (asks and self.request.user.has_perm("events.view_answer")):
            return {}
        details = invitation.details()
        form = DetailsForm(details=details, filler=Filler.ORGANIZER)
        return {
            "asks_details": True,
            "details_said": invitation.said_to_form(),
            "details_missing": details.missing() if invitation.takes_details else [],
            "details_form": form if self.can_change else None,
        }

    def kinds(self) -> list[tuple[str, str]]:
        """The formal letters to people for which the event has a text; a certificate has a rule of its own."""
        there = set(self.object.event.letter_texts.values_list("kind", flat=True)) - {Kind.CERTIFICATE, Kind.DELEGATION}
        return [(kind, label) for kind, label in Kind.choices if kind in there]


class InvitationActView(PermissionCheckedMixin, SeenObject, _WithAll, BaseObjectMixin, CardAct, View):
    model = Invitation
    permission_required = "change"
    card = "invitation:inspect"


class AnswerView(FormOnCard, InvitationActView):
    def filled(self):
        return TakenAnswerForm(self.request.POST)

    def act_on(self, form):
        self.object.answer(**form.cleaned_data, by=self.request.user)
        return _("The answer of %(person)s is noted.") % {"person": self.object.person}


class OfferView(InvitationActView):
    """What the person has said, by telephone, to the seat that is offered to them."""

    def act(self):
        told = {"person": self.object.person}
        if "take" in self.request.POST:
            self.object.take_offer(by=self.request.user)
            return _("%(person)s has the seat.") % told
        self.object.let_offer_go(by=self.request.user)
        return _("%(person)s does not come; the seat goes to the next.") % told


class TransferView(FormOnCard, InvitationActView):
    """As what and where the person comes instead."""

    def filled(self):
        return TransferForm(self.request.POST)

    def act_on(self, form):
        self.object.transfer(**form.cleaned_data, by=self.request.user)
        return _("The seat of %(person)s is changed.") % {"person": self.object.person}


class HandOverView(FormOnCard, InvitationActView):
    """The seat goes to another person."""

    def filled(self):
        return NamedForm(self.request.POST)

    def act_on(self, form):
        other = self.object.hand_seat_to(form.named(), by=self.request.user)
        return _("The seat is held for %(person)s until they answer.") % {"person": other.person}


class IssueView(InvitationActView):
    """A formal letter, or a new one in the place of the last."""

    def act(self):
        kind = self.request.POST.get("kind", "")
        if kind == Kind.CERTIFICATE:
            raise ValidationError(_("Certificates are sent from the page of the certificates, by their rule."))
        letter = kind != Kind.DELEGATION and self.object.formal_letters.issue(self.object, kind, by=self.request.user)
        if not letter:
            raise ValidationError(_("The event has no text for this letter. Write it in the form of the event."))
        return _("The letter No. %(number)s is issued.") % {"number": letter.number}


class PaperView(PermissionCheckedMixin, SeenObject, _WithAll, BaseObjectMixin, View):
    """Hands a formal letter out to whoever may see the invitation."""

    model = Invitation
    any_permission_required = ["add", "change", "delete", "view"]

    def get(self, request, letter, **_where):
        return paper(get_object_or_404(self.object.formal_letters.exclude(body=""), pk=letter))


class DetailsView(InvitationInspectView):
    """Takes what an organizer fills in; who may only look is turned away."""

    http_method_names = ["post"]

    def dispatch(self, request, *args, **kwargs):
        if not self.user_has_permission("change"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def post(self, request, **_where):
        invitation = self.object
        form = DetailsForm(request.POST, request.FILES, details=invitation.details(), filler=Filler.ORGANIZER)
        if form.is_valid():
            try:
                invitation.fill_in(form.given(), by=request.user, filler=Filler.ORGANIZER)
                messages.success(request, _("The details are saved."))
                return redirect("invitation:inspect", invitation.pk)
            except ValidationError as refusal:
                form.add_error(None, refusal)
        messages.error(request, _("This was not saved; see below."))
        return self.render_to_response(self.get_context_data(details_form=form), status=422)


class DetailsFileView(PermissionCheckedMixin, SeenObject, _WithAll, BaseObjectMixin, View):
    """Hands a file of the registration form out, any version, to who may see the answers."""

    model = Invitation
    any_permission_required = ["add", "change", "delete", "view"]

    def get(self, request, answer, **_where):
        if not request.user.has_perm("events.view_answer"):
            raise Http404
        versions = [one for _question, said in self.object.said_to_form() for one in said if one.file]
        found = next((one for one in versions if one.pk == answer), None)
        if found is None:
            raise Http404
        return handed_out(found.file, found.name)


class WithdrawView(InvitationActView):
    def act(self):
        self.object.withdraw(by=self.request.user)
        return _("The invitation of %(person)s is withdrawn.") % {"person": self.object.person}
