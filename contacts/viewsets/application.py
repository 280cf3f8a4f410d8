"""The admin's screens for applications: the queue, and one application with its checklist and its decisions."""

from collections import Counter

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn

from contacts.forms.application import TextForm
from contacts.models import Application, ApplicationCheck, ApplicationDocument, Person
from contacts.models.likeness import organizations_like, people_like
from network.forms import LongSelect, country_choices
from network.labels import language_name
from network.models import Organization, key_in
from network.views.answers import handed_out
from network.viewsets.records import RecordIndexView, RecordInspectView, RecordViewSet
from network.viewsets.timeline import Entry

State = Application.State
MAY_REVIEW = "contacts.change_application"


class ApplicationFilterSet(WagtailFilterSet):
    state = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("State"), choices=State.choices, widget=forms.CheckboxSelectMultiple
    )
    waits_for = django_filters.ChoiceFilter(
        label=gettext_lazy("Waits for"),
        choices=[("me", gettext_lazy("Me"))],
        method="waiting",
        widget=forms.RadioSelect,
    )
    kind = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("Kind"), choices=Organization.Kind.choices, widget=forms.CheckboxSelectMultiple
    )
    country = django_filters.ChoiceFilter(label=gettext_lazy("Country"), choices=country_choices, widget=LongSelect)

    class Meta:
        model = Application
        fields = []

    def waiting(self, applications, _name, _me):
        return applications.awaiting(self.request.user)


class ApplicationIndexView(RecordIndexView):
    template_name = "contacts/applications.html"
    title_label = gettext_lazy("Organization")
    title_sort_key = "organization_name"
    related = ("country", "reviewer")
    export_values = {
        "kind": Application.get_kind_display,
        "state": lambda application: application.standing,
        "contact": lambda application: application.name,
    }

    def search_queryset(self, queryset):
        return queryset.matching(self.search_query) if self.is_searching else queryset

    @cached_property
    def no_results_message(self):
        if self.is_searching or self.is_filtering:
            return super().no_results_message
        url = reverse("contacts:apply")
        told = _("Nobody has asked to join yet. Give partners the address of the form: {link}")
        return format_html(told, link=format_html('<a href="{0}">{0}</a>', url))

    def get_context_data(self, **kwargs):
        return super().get_context_data(counts=self.counts(), **kwargs)

    def counts(self) -> list[tuple[str, int, str]]:
        """What the viewer may see of each state: its name, how many, and the list of them."""
        seen = Application.objects.visible_to(self.request.user)
        by_state = Counter(seen.order_by().values_list("state", flat=True))
        index, waiting = self.get_index_url(), seen.awaiting(self.request.user).count()
        states = [(label, by_state[state], f"{index}?state={state}") for state, label in State.choices]
        return [(_("Waits for me"), waiting, f"{index}?waits_for=me"), *states]


class ApplicationInspectView(RecordInspectView):
    template_name = "contacts/application_review.html"

    @cached_property
    def may_review(self) -> bool:
        return self.request.user.has_perm(MAY_REVIEW)

    def facts(self):
        application = self.object
        organization, person = application.organization, application.person
        return [
            (_("state"), application.standing),
            (_("kind"), application.get_kind_display()),
            (_("country"), application.country or _("international")),
            (_("website"), _link(application.website, application.website)),
            (_("topics"), ", ".join(str(topic) for topic in application.topics.all())),
            (_("why"), format_html('<div class="prose">{}</div>', application.why) if application.why else ""),
            (_("contact person"), ", ".join(filter(None, [application.name, application.position]))),
            (_("e-mail address"), _link(f"mailto:{application.email}", application.email)),
            (_("language of letters"), language_name(application.language)),
            (_("confirmed"), application.confirmed_at),
            (_("reviewer"), application.reviewer),
            (_("recommended by"), application.approved_by),
            (_("in the network as"), _card("organization", organization, self.request.user)),
            (_("person"), _card("person", person, self.request.user)),
        ]

    def get_context_data(self, **kwargs):
        application, viewer = self.object, self.request.user
        checks = list(application.checks.select_related("ticked_by"))
        is_at_work = application.state == State.IN_REVIEW and not application.is_with_applicant
        is_deciding = self.may_review and is_at_work
        return super().get_context_data(
            documents=application.documents.all(),
            checks=checks,
            open_checks=sum(check.ticked_at is None for check in checks),
            steps=application.steps.select_related("by"),
            may_review=self.may_review,
            may_check=is_deciding,
            may_recommend=is_deciding and application.needs_two and application.approved_by_id is None,
            may_admit=is_deciding and self.is_agreed(),
            is_own_recommendation=application.approved_by_id == viewer.pk,
            organizations=organizations_like(application, viewer) if application.is_open else [],
            people=people_like(application, viewer) if application.is_open else [],
            texts=self.texts(is_at_work) if self.may_review else [],
            **kwargs,
        )

    def is_agreed(self) -> bool:
        application = self.object
        return not application.needs_two or application.approved_by_id not in (None, self.request.user.pk)

    def texts(self, is_at_work: bool) -> list[tuple]:
        """The acts that need words: address, heading, form, label, tone."""
        asked = (_("Ask for more"), "ask", _("Send it back to the applicant"), "button-secondary")
        refused = (_("Refuse"), "refuse", _("Refuse"), "serious")
        suspended = (_("Suspend"), "suspend", _("Suspend"), "button-secondary")
        ended = (_("End the membership"), "end", _("End it"), "serious")
        acts = {
            State.PENDING: [refused],
            State.IN_REVIEW: [asked, refused] if is_at_work else [refused],
            State.ADMITTED: [suspended, ended],
            State.SUSPENDED: [ended],
        }
        return [
            (f"application:{name}", heading, TextForm(auto_id=f"id_{name}_%s"), label, tone)
            for heading, name, label, tone in acts.get(self.object.state, [])
        ]


class ReviewActView(View):
    """A POST that calls one verb of an application, as its reviewer looked at it."""

    http_method_names = ["post"]

    def post(self, request, pk, **where):
        if not request.user.has_perm(MAY_REVIEW):
            raise PermissionDenied
        application = get_object_or_404(Application.objects.visible_to(request.user), pk=pk)
        if looked_at := key_in(request.POST.get("version", "")):
            application.version = looked_at
        try:
            messages.success(request, self.act(application, **where))
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        return redirect("application:inspect", pk)

    def act(self, application: Application) -> str:
        raise NotImplementedError

    def words(self) -> str:
        return self.request.POST.get("text", "")[:4000]


class BeginView(ReviewActView):
    def act(self, application):
        application.begin_review(by=self.request.user)
        return _("You review it now. The applicant has a letter.")


class TickView(ReviewActView):
    def act(self, application, check):
        found = get_object_or_404(ApplicationCheck.objects.filter(application=application), pk=check)
        found.tick(by=self.request.user, is_right="off" not in self.request.POST)
        return (
            _("Ticked: %(check)s") % {"check": found}
            if found.ticked_at
            else _("Not ticked: %(check)s") % {"check": found}
        )


class AskView(ReviewActView):
    def act(self, application):
        application.ask_for_more(self.words(), by=self.request.user)
        return _("The applicant is asked, and can send it again.")


class RecommendView(ReviewActView):
    def act(self, application):
        application.approve(by=self.request.user)
        return _("You have recommended it. Somebody else has to admit.")


class AdmitView(ReviewActView):
    def act(self, application):
        viewer = self.request.user
        organization = self._chosen(Organization, "organization", viewer)
        application.admit(by=viewer, organization=organization, person=self._chosen(Person, "person", viewer))
        return _("%(name)s is in the network.") % {"name": application.organization}

    def _chosen(self, model, name: str, viewer):
        """The known record that was chosen, of those in sight; None for a new one."""
        key = key_in(self.request.POST.get(name, ""))
        return get_object_or_404(model.objects.visible_to(viewer), pk=key) if key else None


class RefuseView(ReviewActView):
    def act(self, application):
        application.refuse(self.words(), by=self.request.user)
        return _("It is refused. The applicant has a letter with the reason.")


class SuspendView(ReviewActView):
    def act(self, application):
        application.suspend(self.words(), by=self.request.user)
        return _("It is suspended. The contact person has a letter with the reason.")


class ReinstateView(ReviewActView):
    def act(self, application):
        application.reinstate(by=self.request.user)
        return _("It counts among the members again.")


class EndView(ReviewActView):
    def act(self, application):
        application.end(self.words(), by=self.request.user)
        return _("The membership has ended. The contact person has a letter with the reason.")


class DocumentView(View):
    """Hands a document out to whoever may see the application."""

    def get(self, request, pk):
        seen = ApplicationDocument.objects.filter(
            application__in=Application.objects.visible_to(request.user).values("pk")
        )
        document = get_object_or_404(seen, pk=pk)
        return handed_out(document.file, document.name)


class ApplicationViewSet(RecordViewSet):
    """Applications come from the public form; reviewers decide, and change none of the applicant's words."""

    model = Application
    icon = "clipboard-list"
    url_prefix = "contacts/applications"
    index_view_class = ApplicationIndexView
    inspect_view_class = ApplicationInspectView
    filterset_class = ApplicationFilterSet
    ordering = "-confirmed_at"
    list_display = [
        Column("kind", label=gettext_lazy("Kind"), accessor="get_kind_display", sort_key="kind"),
        Column("country", label=gettext_lazy("Country"), sort_key="country_id"),
        Column("reviewer", label=gettext_lazy("Reviewer"), sort_key="reviewer"),
        StatusTagColumn(
            "state",
            label=gettext_lazy("State"),
            accessor="standing",
            sort_key="state",
            primary=lambda application: application.is_open,
        ),
        DateColumn("confirmed_at", label=gettext_lazy("Received"), sort_key="confirmed_at"),
    ]
    list_export = ["organization_name", "kind", "country", "website", "contact", "email", "state", "confirmed_at"]
    export_headings = {"contact": gettext_lazy("Contact person")}
    export_filename = "applications"
    form_fields = ["organization_name"]  # never shown: the policy lets nobody add or change one

    def get_urlpatterns(self):
        acts = {
            **{"begin": BeginView, "ask": AskView, "recommend": RecommendView, "admit": AdmitView},
            **{"refuse": RefuseView, "suspend": SuspendView, "reinstate": ReinstateView, "end": EndView},
        }
        return [
            *super().get_urlpatterns(),
            *(path(f"<int:pk>/{name}/", view.as_view(), name=name) for name, view in acts.items()),
            path("<int:pk>/checks/<int:check>/", TickView.as_view(), name="tick"),
            path("documents/<int:pk>/", DocumentView.as_view(), name="document"),
        ]


def entries(subject, viewer, before, limit) -> list[Entry]:
    """For the timeline of an organization or a person: the steps of the application by which they came. What became
    of its membership later, an organization tells itself."""
    if not isinstance(subject, Organization | Person):
        return []
    theirs, told_there = Q(person=subject), []
    if isinstance(subject, Organization):
        theirs, told_there = Q(organization=subject), ["SUSPENDED", "REINSTATED", "ENDED"]
    found = Application.objects.visible_to(viewer).filter(theirs)
    return [
        Entry(
            step.at,
            f"{step}: {application.organization_name}",
            reverse("application:inspect", args=[application.pk]),
            step.text,
            str(step.by or ""),
        )
        for application in found
        for step in _steps(application, told_there, before)[:limit]
    ][:limit]


def _steps(application: Application, but: list[str], before):
    found = application.steps.exclude(kind__in=but).filter(at__lt=before)
    return found.select_related("by").order_by("-at")


def _link(url: str, text: str) -> str:
    return format_html('<a href="{}" rel="noreferrer">{}</a>', url, text) if text else ""


def _card(name: str, record, viewer) -> str:
    """The record that it became, for whoever may see that."""
    if record is None or not type(record).objects.visible_to(viewer).filter(pk=record.pk).exists():
        return ""
    return format_html('<a href="{}">{}</a>', reverse(f"{name}:inspect", args=[record.pk]), record)
