"""What people have said to the registration form: a table, as a workbook too, with how often each option was chosen;
and asking for what is missing."""

from collections import Counter

from django.core.paginator import Paginator
from django.db.models import Max
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import get_language_bidi, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from wagtail.admin import messages

from contacts.models import Message
from events import mail, sheets
from events.models import Invitation, Question
from events.models.details import Details, overview, with_missing
from events.views.desk.event_view import EventView
from events.views.desk.previews import previewed, reader_asked
from network.models import key_in

A_PAGE = 100
MOST_AT_ONCE = 500


class AnswersView(EventView):
    """GET shows those who come, narrowed to what is asked for; with a `format`, as a workbook."""

    template_name = "events/desk/answers.html"
    page_title = gettext_lazy("Answers")

    def get(self, request, **_where):
        if request.GET.get("format") == "xlsx":
            return self.file()
        return self.render_to_response(self.get_context_data())

    @cached_property
    def everybody(self) -> list[tuple[Invitation, Details]]:
        """Those who have said yes and whom the viewer sees, with what they said."""
        seen = self.object.invitations.visible_to(self.request.user).accepted().not_rejected()
        return overview(self.object, seen.select_related("person", "delegation__organization"))

    @cached_property
    def questions(self) -> list[Question]:
        return list(self.object.questions.prefetch_related("options__quota"))

    @cached_property
    def question(self) -> Question | None:
        """The one whose answers are shown beside the names."""
        asked = key_in(self.request.GET.get("question", ""))
        return next((one for one in self.questions if one.pk == asked), None)

    def chosen(self) -> list[tuple[Invitation, Details]]:
        asked = self.request.GET
        delegation = key_in(asked.get("delegation", ""))
        rows = [row for row in self.everybody if not delegation or row[0].delegation_id == delegation]
        if asked.get("missing"):
            rows = [(one, details) for one, details in rows if details.missing()]
        if self.question and asked.get("answered") in ("yes", "no"):
            wanted = asked["answered"] == "yes"
            rows = [row for row in rows if bool(row[1].said().get(self.question.pk)) == wanted]
        return rows

    def file(self) -> HttpResponse:
        headings = [_("Name"), _("Delegation"), _("Comes as"), _("Details missing"), *map(str, self.questions)]
        rows = [[*_who(one), missing_words(details), *self._said(details)] for one, details in self.chosen()]
        content = sheets.workbook(_("Answers"), headings, rows, is_right_to_left=get_language_bidi())
        response = HttpResponse(content, content_type=sheets.XLSX)
        response["Content-Disposition"] = f'attachment; filename="{self.object.slug}-answers.xlsx"'
        response["Cache-Control"] = "private, no-store"
        return response

    def _said(self, details: Details) -> list[str]:
        return [words_of(details, question) for question in self.questions]

    def get_context_data(self, **more):
        rows, asked = self.chosen(), self.request.GET.copy()
        page = Paginator(rows, A_PAGE).get_page(asked.pop("page", ["1"])[-1])
        people = [
            {
                "invitation": one,
                "missing": missing_words(details),
                "answer": self.question and details.answers.get(self.question.pk),
                "words": self.question and words_of(details, self.question),
            }
            for one, details in page.object_list
        ]
        sent_by = [one.delegation for one, _said in self.everybody if one.delegation]
        delegations = {delegation.pk: delegation.organization for delegation in sent_by}
        return super().get_context_data(
            people=people,
            page=page,
            count=len(rows),
            asked=asked,
            query=asked.urlencode(),
            questions=self.questions,
            question=self.question,
            delegations=sorted(delegations.items(), key=lambda item: str(item[1])),
            options=self.options(),
            **more,
        )

    def options(self) -> list[tuple[Question, list[tuple]]]:
        """Each question with options: how many of those whom the viewer sees have chosen which."""
        counts = Counter(
            pk
            for _one, details in self.everybody
            for value in details.said().values()
            if isinstance(value, tuple)
            for pk in value
        )
        return [
            (question, [(option, counts[option.pk]) for option in question.options.all()])
            for question in self.questions
            if question.has_options
        ]


class AskView(EventView):
    """GET shows who has something missing, with the letter; POST writes to those ticked."""

    template_name = "events/desk/ask_details.html"
    page_title = gettext_lazy("Ask for the missing details")

    def get(self, request, **_where):
        return self.render_to_response(self.get_context_data())

    def post(self, request, **_where):
        ticked = {key_in(key) for key in request.POST.getlist("invitations")[:MOST_AT_ONCE]}
        count = sum(one.ask_for_details(by=request.user) for one, _missing in self.open() if one.pk in ticked)
        if not count:
            told = _("Nobody who was ticked is to be asked: they lack nothing, or were asked within the hour.")
            messages.warning(request, told)
            return redirect("event:ask_details", self.object.pk)
        told = ngettext("%(count)d letter is in the outbox.", "%(count)d letters are in the outbox.", count)
        messages.success(request, told % {"count": count})
        return redirect("event:ask_details", self.object.pk)

    def open(self) -> list[tuple[Invitation, list[Question]]]:
        return with_missing(self.object, self.object.invitations.visible_to(self.request.user))

    def get_context_data(self, **more):
        rows = self.open()
        keys = [one.pk for one, _missing in rows]
        letters = Message.objects.about(*(one for one, _missing in rows)) if rows else Message.objects.none()
        letters = letters.filter(letter="details_missing").order_by()
        asked = dict(letters.values_list("about_id").annotate(Max("created_at")))
        people = [
            {"invitation": one, "missing": missing, "last": asked.get(one.pk)} for one, missing in rows[:MOST_AT_ONCE]
        ]
        lacking = self.object.invitations.filter(pk__in=keys)
        return super().get_context_data(
            people=people,
            most=MOST_AT_ONCE if len(rows) > MOST_AT_ONCE else 0,
            previews=previewed(
                lacking,
                lambda one: mail.details_missing(one, one.missing_details()),
                reader=reader_asked(self.request, lacking),
            ),
            **more,
        )


def missing_words(details: Details) -> str:
    return ", ".join(str(question) for question in details.missing())


def words_of(details: Details, question: Question) -> str:
    """What was said to it, in words; "" where it is not asked of them."""
    answer = details.answers.get(question.pk)
    return answer.words if answer and question.pk in details.said() else ""


def _who(invitation: Invitation) -> list[str]:
    sent_by = invitation.delegation
    return [invitation.person.name, str(sent_by.organization) if sent_by else "", str(invitation.get_role_display())]
