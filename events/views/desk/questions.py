"""The registration form of an event: its questions in their order, and how it looks to who fills it in."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext, override
from django.utils.translation import gettext as _
from wagtail.admin import messages

from events.forms.details import DetailsForm
from events.forms.question import PlacesOfOptionForm
from events.models import Option, Question, Role
from events.models.details import Details, questions_of
from events.models.usual_questions import SETS
from events.views.desk.event_view import EventView, refusals_shown
from network.models import key_in


class QuestionsView(EventView):
    """GET shows the questions; POST moves one, drops one, gives an option places, or adds the usual ones."""

    template_name = "events/desk/questions.html"
    page_title = gettext_lazy("Registration form")

    def get(self, request, **_where):
        return self.render_to_response(self.get_context_data())

    def post(self, request, **_where):
        with refusals_shown(request):
            self._act(request.POST)
        return redirect("event:questions", self.object.pk)

    def _act(self, asked) -> None:
        if "usual" in asked:
            return self._add_usual([name for name in asked.getlist("sets") if name in SETS])
        if "option" in asked:
            return self._give_places(asked)
        question = get_object_or_404(self.object.questions, pk=key_in(asked.get("question", "")))
        if "drop" in asked:
            question.drop(by=self.request.user)
            return messages.success(self.request, _("The question is taken out of the form."))
        return question.move(-1 if "up" in asked else 1, by=self.request.user)

    def _add_usual(self, names: list[str]) -> None:
        if not names:
            raise ValidationError(_("Nothing was ticked."))
        count = Question.objects.add_usual(self.object, names, by=self.request.user)
        told = ngettext("%(count)d question is new.", "%(count)d questions are new.", count)
        messages.success(self.request, told % {"count": count} if count else _("These are asked already."))

    def _give_places(self, asked) -> None:
        options = Option.objects.filter(question__event=self.object)
        option = get_object_or_404(options, pk=key_in(asked.get("option", "")))
        form = PlacesOfOptionForm(asked)
        if not form.is_valid():
            raise ValidationError([error for errors in form.errors.values() for error in errors])
        option.quota.resize(form.cleaned_data["size"], by=self.request.user)
        messages.success(self.request, _("The places are given."))

    def get_context_data(self, **more):
        counts = dict(self.object.questions.annotate(n=Count("answers")).values_list("pk", "n"))
        questions = questions_of(self.object)
        rows = [
            {
                "question": question,
                "url": reverse("question:edit", args=[question.pk]),
                "is_first": question == questions[0],
                "is_last": question == questions[-1],
                "can_drop": not counts[question.pk],
                "is_new_section": not place or question.section != questions[place - 1].section,
            }
            for place, question in enumerate(questions)
        ]
        add_url = f"{reverse('question:add')}?event={self.object.pk}"
        usual = [(name, one["name"]) for name, one in SETS.items()]
        return super().get_context_data(rows=rows, add_url=add_url, usual=usual, **more)


class PreviewView(EventView):
    """The form as somebody of the chosen role sees it, in the language that is asked for; it cannot be sent."""

    template_name = "events/form_preview.html"
    page_title = gettext_lazy("Preview")

    def get(self, request, **_where):
        role = request.GET.get("role")
        role = role if role in Role.values else Role.DELEGATE.value
        code = request.GET.get("language")
        code = code if code in dict(settings.LANGUAGES) else get_language()
        with override(code):
            form = DetailsForm(details=Details(questions_of(self.object), role, (), is_confirmed=True))
            more = {"details": form, "role": role, "roles": Role.choices}
            more |= {"language": code, "languages": settings.LANGUAGES}
            return self.render_to_response(self.get_context_data(**more)).render()
