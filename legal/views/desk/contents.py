"""A text, provision by provision, to be set right by hand: one that waits to be imported, or one that is recorded."""

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from legal.forms.texts import PassageForm
from legal.models import Expression
from legal.text_formats import by_hand, markup
from legal.text_formats.plain import plain
from legal.texts import Node, Text, Unreadable
from legal.views.desk.door import TextDoor, refusals_shown
from legal.views.desk.intakes import OfIntake

# What the buttons say that move a provision.
PLACES = {
    "out": gettext_lazy("One level out"),
    "in": gettext_lazy("Into the one before it"),
    "merge": gettext_lazy("Join it to the one before it"),
}
SHOWN = 250  # provisions on a page
# What one button does with a provision.
ACTS = {
    "out": lambda text, eid, _at: by_hand.shift(text, eid, -1),
    "in": lambda text, eid, _at: by_hand.shift(text, eid, 1),
    "merge": lambda text, eid, _at: by_hand.merge(text, eid),
    "split": by_hand.split,
    "remove": lambda text, eid, _at: by_hand.remove(text, eid),
}


class OfContents(TextDoor):
    """A screen about the provisions of `self.held`, a text with the verbs `as_text` and `correct`."""

    is_recorded = False
    page_title = gettext_lazy("Set right by hand")

    @cached_property
    def text(self) -> Text:
        return self.held.as_text()

    def page(self, eid: str = "") -> str:
        """The address of all provisions, or of one of them."""
        raise NotImplementedError

    def get_context_data(self, **more):
        return super().get_context_data(held=self.held, contents=self.page(), is_recorded=self.is_recorded, **more)


class Contents(OfContents):
    """All provisions, with the first words of each."""

    template_name = "legal/desk/contents.html"

    def get(self, request, **_where):
        rows = [(depth, node, plain(node.content)[:200], self.page(node.eid)) for depth, node in self.text.walk()]
        page = Paginator(rows, SHOWN).get_page(request.GET.get("p"))
        return self.render_to_response(self.get_context_data(page=page))


class PassagePage(OfContents):
    """One provision, `?eid=`: GET shows it, POST says what it is to say, or with `act` does that with it."""

    template_name = "legal/desk/passage.html"

    @cached_property
    def node(self) -> Node | None:
        eid = self.request.GET.get("eid", "")
        return next((node for _depth, node in self.text.walk() if node.eid == eid), None)

    def get(self, request, **_where):
        if self.node is None:
            return self.lost()
        return self.show(PassageForm(node=self.node, is_recorded=self.is_recorded))

    def post(self, request, **_where):
        if self.node is None:
            return self.lost()
        if (act := request.POST.get("act", "")) in ACTS:
            return self.act(act)
        form = PassageForm(request.POST, node=self.node, is_recorded=self.is_recorded)
        if form.is_valid():
            try:
                return self.say(form.cleaned_data)
            except (Unreadable, ValidationError) as refusal:
                form.add_error(None, getattr(refusal, "messages", [str(refusal)]))
        return self.show(form)

    def act(self, act: str):
        eid, at = self.node.eid, self.request.POST.get("at", "")
        with refusals_shown(self.request):
            ACTS[act](self.text, eid, int(at) if at.isdigit() else 0)
            self.held.correct(self.text, by=self.request.user, what=act, eid=eid)
            messages.success(self.request, _("It is done."))
        return redirect(self.page())

    def say(self, said: dict):
        eid = self.node.eid
        by_hand.correct(self.text, eid, **said)
        self.held.correct(self.text, by=self.request.user, what="correct", eid=eid)
        messages.success(self.request, _("The provision is set right."))
        return redirect(self.page(said.get("anchor") or eid))

    def lost(self):
        messages.error(self.request, _("There is no such provision any more."))
        return redirect(self.page())

    def show(self, form):
        rows = [node.eid for _depth, node in self.text.walk()]
        place = rows.index(self.node.eid)
        around = {
            "acts": [(name, label) for name, label in PLACES.items()],
            "before": self.page(rows[place - 1]) if place else "",
            "behind": self.page(rows[place + 1]) if place + 1 < len(rows) else "",
            "blocks": range(2, len(markup.pieces(self.node.content)) + 1),
        }
        return self.render_to_response(self.get_context_data(form=form, node=self.node, **around))

    def get_page_subtitle(self):
        return self.node.label if self.node else ""


class OfIncoming(OfContents, OfIntake):
    """Of a text that waits."""

    @cached_property
    def held(self):
        return self.incoming

    def page(self, eid=""):
        name, where = ("passage", f"?{urlencode({'eid': eid})}") if eid else ("contents", "")
        return reverse(f"intake:{name}", args=[self.intake.pk, self.incoming.pk]) + where

    def way(self):
        return [*super().way(), {"url": reverse("intake:show", args=[self.intake.pk]), "label": str(self.intake)}]


class IncomingContentsView(Contents, OfIncoming):
    pass


class IncomingPassageView(PassagePage, OfIncoming):
    pass


class OfExpression(OfContents):
    """Of a text that is recorded."""

    is_recorded = True

    @cached_property
    def held(self):
        return get_object_or_404(Expression.objects.select_related("work"), pk=self.kwargs["pk"])

    def page(self, eid=""):
        name, where = ("passage", f"?{urlencode({'eid': eid})}") if eid else ("contents", "")
        return reverse(f"expression:{name}", args=[self.held.pk]) + where

    def way(self):
        card = reverse("expression:inspect", args=[self.held.pk])
        return [{"url": card, "label": str(self.held)}]


class ExpressionContentsView(Contents, OfExpression):
    pass


class ExpressionPassageView(PassagePage, OfExpression):
    pass
