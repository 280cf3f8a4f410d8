"""The admin's screens for letters that came in: read them, sort those that nobody knows, answer, be done."""

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.functional import cached_property
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn
from wagtail.admin.widgets.boolean_radio_select import BooleanRadioSelect

from contacts.incoming import QUIET
from contacts.models import Person, ReceivedFile, ReceivedLetter
from contacts.viewsets.chooser import PersonChooserViewSet
from contacts.viewsets.returned import record_link
from network.models.guarded import visible
from network.viewsets.access import narrow
from network.viewsets.records import RecordIndexView, RecordInspectView, RecordViewSet


class ReceivedLetterFilterSet(WagtailFilterSet):
    open = django_filters.BooleanFilter(
        label=gettext_lazy("To be dealt with"), method="still_open", widget=BooleanRadioSelect
    )
    filed = django_filters.BooleanFilter(
        label=gettext_lazy("Filed with somebody"), method="with_person", widget=BooleanRadioSelect
    )
    kind = django_filters.ChoiceFilter(
        label=gettext_lazy("Kind"), choices=ReceivedLetter.Kind.choices, widget=forms.RadioSelect
    )
    says_left = django_filters.BooleanFilter(
        label=gettext_lazy("May say that somebody has left"), widget=BooleanRadioSelect
    )
    came_at = django_filters.DateFromToRangeFilter(label=gettext_lazy("Came in"), widget=DateRangePickerWidget)

    class Meta:
        model = ReceivedLetter
        fields = []

    def still_open(self, letters, _name, wanted):
        return letters.open() if wanted else letters.exclude(pk__in=ReceivedLetter.objects.open().values("pk"))

    def with_person(self, letters, _name, wanted):
        return letters.exclude(person=None) if wanted else letters.unfiled()


def state(letter: ReceivedLetter) -> str:
    if letter.kind == letter.Kind.AUTO_REPLY:
        return letter.get_kind_display()
    return _("Dealt with") if letter.settled_at else _("To be dealt with")


class ReceivedLetterIndexView(RecordIndexView):
    title_label = gettext_lazy("Subject")
    title_sort_key = "subject"
    related = ("person",)
    export_values = {"state": state}

    @cached_property
    def no_results_message(self):
        if self.is_searching or self.is_filtering:
            return super().no_results_message
        return _("No letter has come in. Answers to your letters appear here once the mailbox is taken in.")

    def dressed(self, rows):
        letters = super().dressed(rows)
        return letters if self.is_export else letters.defer("text")

    def search_queryset(self, queryset):
        if not self.is_searching:
            return queryset
        people = visible(Person.objects.matching(self.search_query), self.request.user).values("pk")
        words = Q(subject__icontains=self.search_query) | Q(text__icontains=self.search_query)
        sender = Q(from_address__icontains=self.search_query) | Q(from_name__icontains=self.search_query)
        return queryset.filter(words | sender | Q(person__in=people))


class FileForm(forms.Form):
    person = forms.ModelChoiceField(
        Person.objects.all(), label=gettext_lazy("From whom it is"), widget=PersonChooserViewSet().widget_class
    )

    def __init__(self, *args, viewer, **kwargs):
        super().__init__(*args, **kwargs)
        narrow(self, viewer)


class ReceivedLetterInspectView(RecordInspectView):
    template_name = "contacts/received.html"

    def facts(self):
        letter, viewer = self.object, self.request.user
        return [
            (_("subject"), letter.subject),
            (_("from"), letter.sender),
            (_("person"), record_link("person:inspect", letter.person, viewer)),
            (_("filed by"), letter.filed_by),
            (_("answers"), record_link("message:inspect", letter.answers, viewer)),
            (_("kind"), letter.get_kind_display()),
            (_("written"), letter.written_at),
            (_("came in"), letter.came_at),
            (_("dealt with"), letter.settled_at),
            (_("dealt with by"), letter.settled_by),
        ]

    def get_context_data(self, **kwargs):
        may_act = self.request.user.has_perm("contacts.change_receivedletter")
        form = FileForm(viewer=self.request.user) if may_act else None
        return super().get_context_data(
            may_act=may_act, form=form, media=form.media if form else "", files=self.object.files.all(), **kwargs
        )


class ReceivedLetterActView(View):
    """A POST that calls one verb of a letter."""

    http_method_names = ["post"]

    def post(self, request, pk):
        if not request.user.has_perm("contacts.change_receivedletter"):
            raise PermissionDenied
        letter = get_object_or_404(ReceivedLetter.objects.visible_to(request.user), pk=pk)
        try:
            messages.success(request, self.act(letter))
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        return redirect("receivedletter:inspect", pk)

    def act(self, letter: ReceivedLetter) -> str:
        raise NotImplementedError


class FileLetterView(ReceivedLetterActView):
    def act(self, letter):
        form = FileForm(self.request.POST, viewer=self.request.user)
        if not form.is_valid():
            raise ValidationError(_("Choose the person from whom the letter is."))
        letter.file(form.cleaned_data["person"], by=self.request.user)
        return _("The letter stands on the timeline of %(person)s.") % {"person": letter.person}


class SettleView(ReceivedLetterActView):
    def act(self, letter):
        letter.settle(by=self.request.user)
        return _("Dealt with: %(letter)s") % {"letter": letter}


class FileView(View):
    """A file that came with a letter, for who may see the letter; it is handed over and never shown by us."""

    http_method_names = ["get"]

    def get(self, request, pk):
        letters = ReceivedLetter.objects.visible_to(request.user)
        row = get_object_or_404(ReceivedFile.objects.filter(letter__in=letters), pk=pk)
        try:
            with row.file.open("rb") as file:
                content = file.read()  # of a message, whose size has a limit
        except OSError:
            raise Http404 from None
        ending = f".{QUIET.get(row.kind, 'bin')}"
        name = row.name if row.name.lower().endswith(ending) else f"{row.name}{ending}"
        answer = HttpResponse(content, content_type=row.kind)
        answer["Content-Disposition"] = content_disposition_header(True, name)
        answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
        answer["Cache-Control"] = "private, no-store"
        return answer


class ReceivedLetterViewSet(RecordViewSet):
    model = ReceivedLetter
    icon = "download"
    url_prefix = "contacts/received"
    index_view_class = ReceivedLetterIndexView
    inspect_view_class = ReceivedLetterInspectView
    filterset_class = ReceivedLetterFilterSet
    ordering = "-came_at"
    list_display = [
        Column("sender", label=gettext_lazy("From"), sort_key="from_address", width="26%"),
        Column("person", label=gettext_lazy("Person")),
        StatusTagColumn(
            "state", label=gettext_lazy("State"), accessor=state, primary=lambda letter: not letter.is_open
        ),
        DateColumn("came_at", label=gettext_lazy("Came in"), sort_key="came_at"),
    ]
    list_export = ["came_at", "from_name", "from_address", "person", "subject", "state", "text"]
    export_filename = "received-letters"
    form_fields = ["subject"]  # never shown: the policy lets nobody add or change one

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),
            path("<int:pk>/file-with/", FileLetterView.as_view(), name="file_with"),
            path("<int:pk>/settle/", SettleView.as_view(), name="settle"),
            path("files/<int:pk>/", FileView.as_view(), name="file"),
        ]
