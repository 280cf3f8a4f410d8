"""What every button and form on the card of one record has in common: it calls one verb, and what the verb refuses is
said on the card, with what was typed."""

from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail.admin import messages

from network.viewsets.records import shown_again


class CardAct:
    """A button that calls one verb of the record. To stand behind what asks who may."""

    http_method_names = ["post"]
    card = ""  # the name of its address
    form = None  # what was typed, where something was

    def post(self, request, **_where):
        try:
            messages.success(request, self.act())
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
            if self.form is not None:
                return shown_again(request, self.card, self.object.pk, request.resolver_match.view_name, self.form)
        return redirect(self.card, self.object.pk)

    def act(self) -> str:
        """Call the verb; return what to tell the user."""
        raise NotImplementedError


class FormOnCard:
    """A form that calls one verb, and stays as it was sent where the verb refuses. To stand before a CardAct."""

    def act(self):
        self.form = self.filled()
        if not self.form.is_valid():
            raise ValidationError(_("This was not saved; see below."))
        return self.act_on(self.form)

    def filled(self):
        """The form with what was sent."""
        raise NotImplementedError

    def act_on(self, form) -> str:
        """Call the verb; return what to tell the user."""
        raise NotImplementedError
