"""The admin's screens for questions: is this the one who is on the list?"""

from dataclasses import dataclass

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.tables import Column, StatusTagColumn

from contacts.forms.screening import DecisionForm
from contacts.models import Person, ScreeningQuestion, ScreeningRun, Watchlist
from contacts.models.screening import Subject, facts_of
from network.models import Country, Organization
from network.names import countries_named
from network.viewsets.progress import progress_of
from network.viewsets.records import RecordIndexView, RecordInspectView, RecordViewSet

ASKED = 20  # on a record's card


@dataclass(frozen=True)
class Row:
    """What the two sides say of one thing."""

    label: str
    ours: list[str]
    theirs: list[str]


def said(question: ScreeningQuestion, countries: dict[str, Country]) -> list[tuple[str, str]]:
    """What speaks for and against, and which of both it does."""
    return [("for" if reason.points > 0 else "against", reason.in_words(countries)) for reason in question.reasons]


def card_of(subject: Subject) -> str:
    return reverse(f"{subject._meta.model_name}:inspect", args=[subject.pk])


def side_by_side(question: ScreeningQuestion, countries: dict[str, Country]) -> list[Row]:
    """Our record and the entry; what a decision rests on is shown as it was when it was taken."""
    ours, entry = facts_of(question.subject), question.listed or (question.entry and question.entry.told()) or {}
    codes = entry.get("countries", [])
    rows = [
        Row(_("Names"), list(ours.names), entry.get("names", [])),
        Row(_("Countries"), *([countries_named(code, countries) for code in side] for side in (ours.countries, codes))),
        Row(_("Year of birth"), *(list(map(str, side)) for side in (ours.birth_years, entry.get("birth_years", [])))),
        Row(_("Numbers and addresses"), list(ours.identifiers), entry.get("identifiers", [])),
        Row(_("Why it is listed"), [], [programme] if (programme := entry.get("programme")) else []),
        Row(_("Reference"), [], [question.reference]),
    ]
    return [row for row in rows if row.ours or row.theirs]


class ScreeningFilterSet(WagtailFilterSet):
    verdict = django_filters.ChoiceFilter(
        label=gettext_lazy("Verdict"), choices=ScreeningQuestion.Verdict.choices, widget=forms.RadioSelect
    )
    watchlist = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Watchlist"), queryset=Watchlist.objects.all(), widget=forms.RadioSelect
    )

    class Meta:
        model = ScreeningQuestion
        fields = []


class ScreeningIndexView(RecordIndexView):
    """What waits for somebody to decide; decided questions where the filter asks for them."""

    template_name = "contacts/screening.html"
    results_template_name = "contacts/screening_results.html"
    related = ("person", "organization", "watchlist", "entry")
    title_label = gettext_lazy("Whom we know")
    title_accessor = "subject"
    title_sort_key = None
    export_values = {"verdict": ScreeningQuestion.get_verdict_display}

    @cached_property
    def columns(self):
        """Among what the viewset lists what speaks for it, with the names of countries, read once for all rows."""
        countries = Country.objects.by_code()

        def lines(question):
            return format_html_join("", '<div class="reason reason--{}">{}</div>', said(question, countries))

        title, listed, watchlist, *others = super().columns
        reasons = Column("said", label=gettext_lazy("What speaks for it"), accessor=lines, width="40%")
        return [title, listed, watchlist, reasons, *others]

    def get_base_queryset(self):
        questions, asked = super().get_base_queryset(), self.request.GET.get("verdict")
        return questions.open() if asked in (None, "", ScreeningQuestion.Verdict.OPEN) else questions

    def search_queryset(self, queryset):
        if not self.is_searching:
            return queryset
        people, organizations = (model.objects.matching(self.search_query) for model in (Person, Organization))
        return queryset.filter(Q(person__in=people.values("pk")) | Q(organization__in=organizations.values("pk")))

    def get_context_data(self, *args, **kwargs):
        kwargs |= progress_of(ScreeningRun.objects.first(), reverse("screeningquestion:run"))
        may_decide = self.request.user.has_perm("contacts.change_screeningquestion")
        is_used = Watchlist.objects.in_use().exists()
        return super().get_context_data(*args, is_used=is_used, may_decide=may_decide, **kwargs)


class ScreeningInspectView(RecordInspectView):
    """The two sides, what speaks for and against, and the answer."""

    template_name = "contacts/screening_question.html"
    header_buttons = ()
    form: DecisionForm | None = None

    def get_context_data(self, **kwargs):
        question, viewer, countries = self.object, self.request.user, Country.objects.by_code()
        may_decide = viewer.has_perm("contacts.change_screeningquestion")
        return super().get_context_data(
            question=question,
            subject_url=card_of(question.subject),
            rows=side_by_side(question, countries),
            reasons=said(question, countries),
            form=self.form or DecisionForm(),
            may_decide=may_decide and question.is_open,
            may_ask_again=may_decide and question.decided_at is not None and question.entry_id is not None,
            **kwargs,
        )

    def facts(self):
        question = self.object
        answer = [] if question.is_open else self._answer()
        return [
            (_("points"), _("%(points)s of 100") % {"points": question.score}),
            (_("asked"), question.asked_at),
            *answer,
        ]

    def _answer(self) -> list[tuple[str, object]]:
        question = self.object
        return [
            (_("verdict"), question.get_verdict_display()),
            (_("reason"), question.reason),
            (_("decided"), question.decided_at),
            (_("by"), question.decided_by),
            (_("version of the list"), question.version),
            (_("SHA-256 of the file"), question.file_digest),
        ]

    def post(self, request, *args, **kwargs):
        """The answer; one without a reason comes back with a sentence."""
        if not request.user.has_perm("contacts.change_screeningquestion"):
            raise PermissionDenied
        self.form = DecisionForm(request.POST)
        if self.form.is_valid():
            try:
                self.object.decide(**self.form.cleaned_data, by=request.user)
            except ValidationError as refusal:
                messages.error(request, " ".join(refusal.messages))
                return redirect("screeningquestion:inspect", self.object.pk)
            messages.success(request, _("Noted: %(verdict)s.") % {"verdict": self.object.get_verdict_display()})
            return redirect("screeningquestion:index")
        return self.render_to_response(self.get_context_data())


class _ActView(View):
    """A POST by somebody who may decide."""

    http_method_names = ["post"]

    def dispatch(self, request, *args, **kwargs):
        if not request.user.has_perm("contacts.change_screeningquestion"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class RunView(_ActView):
    """GET says how far the last run is; POST asks the worker to compare everybody with all lists."""

    http_method_names = ["get", "post"]

    def get(self, request):
        return render(request, "network/_errand.html", progress_of(ScreeningRun.objects.first(), request.path))

    def post(self, request):
        ScreeningRun.objects.ask(by=request.user)
        messages.success(request, _("Everybody is being compared in the background."))
        return redirect("screeningquestion:index")


class AskAgainView(_ActView):
    """The answer is doubted."""

    def post(self, request, pk):
        question = get_object_or_404(ScreeningQuestion.objects.visible_to(request.user), pk=pk)
        try:
            question = question.ask_again(by=request.user)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        return redirect("screeningquestion:inspect", question.pk)


class ScreeningQuestionViewSet(RecordViewSet):
    """Questions are found by the worker and answered by people; nobody writes one."""

    model = ScreeningQuestion
    icon = "glasses"
    url_prefix = "contacts/screening"
    menu_label = gettext_lazy("Screening")
    index_view_class = ScreeningIndexView
    inspect_view_class = ScreeningInspectView
    filterset_class = ScreeningFilterSet
    ordering = "-score"
    list_display = [
        Column("listed_name", label=gettext_lazy("In the list")),
        Column("watchlist", label=gettext_lazy("Watchlist")),
        Column("score", label=gettext_lazy("Points"), sort_key="score"),
        StatusTagColumn(
            "verdict",
            label=gettext_lazy("Verdict"),
            accessor="get_verdict_display",
            primary=lambda question: question.verdict != ScreeningQuestion.Verdict.NO_MATCH,
        ),
    ]
    list_export = [
        *("subject", "listed_name", "watchlist", "reference", "score", "verdict", "reason"),
        *("decided_by", "decided_at", "version", "file_digest"),
    ]
    export_headings = {"subject": gettext_lazy("Whom we know"), "listed_name": gettext_lazy("In the list")}
    export_filename = "screening"
    form_fields = ["reason"]  # never shown: the policy lets nobody add or change a question by a form

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),
            path("run/", RunView.as_view(), name="run"),
            path("<int:pk>/ask-again/", AskAgainView.as_view(), name="ask_again"),
        ]


class ScreeningPanel(Component):
    """On a record's card: with which lists it was compared, when, and what came of it."""

    template_name = "contacts/screening_panel.html"

    def __init__(self, subject: Subject, viewer):
        self.subject, self.viewer = subject, viewer

    def get_context_data(self, parent_context):
        questions = ScreeningQuestion.objects.visible_to(self.viewer).about([self.subject])
        questions = questions.select_related("watchlist", "entry", "decided_by", "person", "organization")
        decided = questions.filter(decided_at__isnull=False).order_by("-decided_at")
        runs = ScreeningRun.objects
        return {
            "lists": [(one, *runs.screened(self.subject, one)) for one in Watchlist.objects.in_use()],
            "is_behind": runs.is_behind(self.subject),
            "open": questions.open()[:ASKED],
            "decided": decided[:ASKED],
        }


def panels(record, viewer) -> list[Component]:
    is_compared = isinstance(record, Subject) and viewer.has_perm("contacts.view_screeningquestion")
    return [ScreeningPanel(record, viewer)] if is_compared and Watchlist.objects.exists() else []
