"""The questionnaires of an event; and one of them: what it asks, how it looks, whom it is put to."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy, ngettext, override
from django.utils.translation import gettext as _
from wagtail.admin import messages

from events.forms.questionnaire import SheetForm
from events.models import Invitation, Item, Questionnaire
from events.models.results import items_of, why_hidden
from events.models.usual_items import SETS
from events.views.desk.event_view import EventView, refusals_shown
from events.views.desk.previews import previewed, reader_asked
from network.models import key_in


class QuestionnairesView(EventView):
    """GET lists them; POST begins one."""

    template_name = "events/desk/questionnaires.html"
    page_title = gettext_lazy("Questionnaires")

    def get(self, request, **_where):
        return self.render_to_response(self.get_context_data())

    def post(self, request, **_where):
        with refusals_shown(request):
            new = Questionnaire.objects.begin(self.object, request.POST.get("kind", ""), by=request.user)
            return redirect("questionnaire:desk", new.pk)
        return redirect("event:questionnaires", self.object.pk)

    def get_context_data(self, **more):
        rows = list(self.object.questionnaires.with_counts())
        kinds = Questionnaire.Kind
        there = {one.kind for one in rows} - {kinds.FEEDBACK}
        words = {
            kinds.FEEDBACK: _("Ask how it was"),
            kinds.BEFORE: _("Assess before"),
            kinds.AFTER: _("Assess after"),
        }
        open_kinds = [(kind.value, words[kind]) for kind in kinds if kind not in there]
        return super().get_context_data(rows=summaries(rows, self.object), kinds=open_kinds, **more)


class QuestionnaireView(EventView):
    """A screen about the questionnaire `self.object`."""

    model = Questionnaire

    def get_base_object_queryset(self):
        return Questionnaire.objects.select_related("event__venue__country")

    @cached_property
    def desk_url(self) -> str:
        return reverse("event:desk", args=[self.object.event_id])

    @cached_property
    def own_url(self) -> str:
        return reverse("questionnaire:desk", args=[self.object.pk])

    def get_breadcrumbs_items(self):
        event = self.object.event
        rows = [
            (reverse("event:index"), _("Events")),
            (self.desk_url, str(event)),
            (reverse("event:questionnaires", args=[event.pk]), _("Questionnaires")),
            ("", self.get_page_title()),
        ]
        return [*self.breadcrumbs_items, *({"url": url, "label": label} for url, label in rows)]

    def get_context_data(self, **more):
        known = {"questionnaire": self.object, "own_url": self.own_url}
        return {**super().get_context_data(**more), **known, "event": self.object.event}

    def get(self, request, **_where):
        return self.render_to_response(self.get_context_data())

    def to_own(self):
        return redirect(self.own_url)


class WriteView(QuestionnaireView):
    """GET shows what is asked; POST moves or drops a question, adds ready-made ones, opens or closes it."""

    template_name = "events/desk/questionnaire.html"
    page_title = gettext_lazy("Questionnaire")

    def post(self, request, **_where):
        with refusals_shown(request):
            if "dispose" in request.POST:
                self.object.drop(by=request.user)
                messages.success(request, _("The questionnaire is deleted."))
                return redirect("event:questionnaires", self.object.event_id)
            self._act(request.POST)
        return self.to_own()

    def _act(self, asked) -> None:
        for verb in ("open", "close"):
            if verb in asked:
                return self._turn(verb)
        if "usual" in asked or "before" in asked:
            return self._add(asked)
        item = get_object_or_404(self.object.items, pk=key_in(asked.get("item", "")))
        if "drop" in asked:
            item.drop(by=self.request.user)
            return messages.success(self.request, _("The question is taken out."))
        return item.move(-1 if "up" in asked else 1, by=self.request.user)

    def _turn(self, verb: str) -> None:
        getattr(self.object, verb)(by=self.request.user)
        told = {"open": _("It is open: people find it behind their link. Ask them now."), "close": _("It is closed.")}
        messages.success(self.request, told[verb])

    def _add(self, asked) -> None:
        if "before" in asked:
            count = Item.objects.add_those_before(self.object, by=self.request.user)
        else:
            names = [name for name in asked.getlist("sets") if name in SETS]
            if not names:
                raise ValidationError(_("Nothing was ticked."))
            count = Item.objects.add_usual(self.object, names, by=self.request.user)
        told = ngettext("%(count)d question is new.", "%(count)d questions are new.", count)
        messages.success(self.request, told % {"count": count} if count else _("These are asked already."))

    def get_context_data(self, **more):
        items = items_of(self.object)
        rows = [
            {
                "item": item,
                "url": reverse("item:edit", args=[item.pk]),
                "is_first": not place,
                "is_last": item is items[-1],
            }
            for place, item in enumerate(items)
        ]
        [summary] = summaries([self.object], self.object.event)
        return super().get_context_data(
            rows=rows,
            one=summary,
            is_locked=self.object.is_locked,
            add_url=f"{reverse('item:add')}?questionnaire={self.object.pk}",
            usual=[(name, one["name"]) for name, one in SETS.items()],
            before=self.object.before,
            is_scored=any(item.is_scored for item in items),
            **more,
        )


class SheetPreviewView(QuestionnaireView):
    """As people see it, in the language that is asked for; it cannot be handed in."""

    template_name = "events/questionnaire_preview.html"
    page_title = gettext_lazy("Preview")

    def get(self, request, **_where):
        code = request.GET.get("language")
        code = code if code in dict(settings.LANGUAGES) else get_language()
        with override(code):
            form = SheetForm(items=items_of(self.object))
            more = {"form": form, "language": code, "languages": settings.LANGUAGES, "back_url": self.own_url}
            return self.render_to_response(self.get_context_data(**more)).render()


class AskView(QuestionnaireView):
    """GET shows how many have not answered, and the letters; POST writes to them."""

    template_name = "events/desk/questionnaire_ask.html"
    page_title = gettext_lazy("Ask for answers")

    def post(self, request, **_where):
        with refusals_shown(request):
            count = self.object.ask(by=request.user)
            told = ngettext("%(count)d letter is in the outbox.", "%(count)d letters are in the outbox.", count)
            if count:
                messages.success(request, told % {"count": count})
            else:
                messages.warning(request, _("Nobody is to be asked: all have answered, or were asked within the hour."))
        return redirect("questionnaire:ask", self.object.pk)

    def get_context_data(self, **more):
        seats, is_anonymous = self.object.unanswered(self.request.user), self.object.is_anonymous
        # Of an anonymous one it is nobody's concern who has not answered: the letters find them, and those of all to
        # whom it is put are shown.
        shown = self.object.addressed().within_reach_of(self.request.user) if is_anonymous else seats
        return super().get_context_data(
            waiting=seats.count(),
            people=[] if is_anonymous else seats.select_related("person").order_by("person__family_name"),
            is_open=self.object.takes_sheets(),
            asked_last=self.object.asked_last(),
            previews=self._previews(shown),
            is_of_all=is_anonymous,
            **more,
        )

    def _previews(self, seats) -> list:
        """The letters to those of `seats` who are asked for the first time, and to those who are asked once more."""
        asked = self.object.addressees.exclude(asked_at=None).values("registration")
        invited = Invitation.objects.filter(event=self.object.event_id)
        reader = reader_asked(self.request, invited.filter(person__in=seats.order_by().values("person")))
        found = []
        for about, whom in (("", seats.exclude(pk__in=asked)), (_("Once more"), seats.filter(pk__in=asked))):
            found += previewed(
                invited.filter(person__in=whom.order_by().values("person")),
                lambda one, is_again=bool(about): self.object.letter(one, is_again=is_again),
                about=about,
                reader=reader,
            )
        return found


def summaries(rows: list[Questionnaire], event) -> list[dict]:
    """Each with where it stands: whether it is open, to how many it is put, how many have answered."""
    counts = dict(
        Questionnaire.objects.filter(pk__in=[one.pk for one in rows]).annotate(n=Count("sheets")).values_list("pk", "n")
    )
    found = []
    for one in rows:
        one.event = event  # read once
        found.append(
            {
                "questionnaire": one,
                "is_open": one.takes_sheets(),
                "is_over": one.is_over(),
                "answered": counts[one.pk],
                "asked": one.addressed().count(),
                "why_hidden": why_hidden(one) if one.opened_at else "",
            }
        )
    return found
