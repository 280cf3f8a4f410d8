"""The admin's screens for what came back: which letters, why, and what follows."""

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn

from contacts.models import Mailing, Message, Person, ReturnedLetter, Suppression
from network.models.guarded import sees, visible
from network.viewsets.records import RecordIndexView, RecordInspectView, RecordViewSet

Kind = ReturnedLetter.Kind

EXPLANATIONS = {
    Kind.HARD: gettext_lazy("The server says that nobody will ever be reached there."),
    Kind.SOFT: gettext_lazy("It may go well another time. Letters still go to this address."),
    Kind.COMPLAINT: gettext_lazy("The reader pressed “this is spam”. Ask in another way before you write again."),
    Kind.UNSUBSCRIBED: gettext_lazy("The reader told the mail provider that they want no mailings."),
}


def mailing_choices() -> list[tuple[int, str]]:
    mailings = Mailing.objects.filter(recipients__message__returns__isnull=False)
    return list(mailings.distinct().values_list("pk", "name"))


class ReturnedLetterFilterSet(WagtailFilterSet):
    kind = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("Kind"), choices=Kind.choices, widget=forms.CheckboxSelectMultiple
    )
    reason = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("Reason"), choices=ReturnedLetter.Reason.choices, widget=forms.CheckboxSelectMultiple
    )
    mailing = django_filters.ChoiceFilter(
        label=gettext_lazy("Mailing"), choices=mailing_choices, method="of_mailing", widget=forms.Select
    )
    came_at = django_filters.DateFromToRangeFilter(label=gettext_lazy("Came back"), widget=DateRangePickerWidget)

    class Meta:
        model = ReturnedLetter
        fields = []

    def of_mailing(self, letters, _name, key):
        return letters.of_mailing(key)


def reason(row: ReturnedLetter) -> str:
    """Why, in words; of what has no reason, what it is."""
    return row.get_reason_display() or row.get_kind_display()


class ReturnedLetterIndexView(RecordIndexView):
    title_label = gettext_lazy("Address")
    title_accessor = staticmethod(lambda row: row.address or _("(erased)"))
    title_sort_key = "address"
    related = ("person",)
    export_values = {"kind": ReturnedLetter.get_kind_display, "reason": reason}

    @cached_property
    def no_results_message(self):
        if self.is_searching or self.is_filtering:
            return super().no_results_message
        return _("Nothing has come back. What does appears here once mail for the sender’s address is taken in.")

    def dressed(self, rows):
        rows = super().dressed(rows)
        return with_letters(rows) if self.is_export else rows

    def search_queryset(self, queryset):
        if not self.is_searching:
            return queryset
        people = visible(Person.objects.matching(self.search_query), self.request.user).values("pk")
        return queryset.filter(Q(address__icontains=self.search_query) | Q(person__in=people))


class ReturnedLetterInspectView(RecordInspectView):
    template_name = "contacts/returned.html"

    def facts(self):
        row = self.object
        return [
            (_("address"), row.address or _("(erased)")),
            (_("person"), record_link("person:inspect", row.person, self.request.user)),
            (_("kind"), row.get_kind_display()),
            (_("reason"), row.get_reason_display()),
            (_("letter"), record_link("message:inspect", row.message, self.request.user)),
            (_("came back"), row.came_at),
            (_("the server's own words"), format_html('<code dir="ltr">{}</code>', row.detail) if row.detail else ""),
        ]

    def get_context_data(self, **kwargs):
        row, viewer = self.object, self.request.user
        standing = Suppression.objects.against(row.address, "").first() if row.address else None
        may_stop = row.stands_open and viewer.has_perm("contacts.add_suppression")
        shown = standing if standing and sees(viewer, standing) else None
        explanation = EXPLANATIONS[row.kind]
        return super().get_context_data(explanation=explanation, may_stop=may_stop, standing=shown, **kwargs)


class StopLettersView(View):
    """POST: the report is believed, and no letters go to this address any more."""

    http_method_names = ["post"]

    def post(self, request, pk):
        if not request.user.has_perm("contacts.add_suppression"):
            raise PermissionDenied
        row = get_object_or_404(ReturnedLetter.objects.visible_to(request.user), pk=pk)
        if row.stands_open:
            row.stop_letters(by=request.user)
            messages.success(request, _("No letters go to %(address)s any more.") % {"address": row.address})
        return redirect("returnedletter:inspect", pk)


class ReturnedLetterViewSet(RecordViewSet):
    model = ReturnedLetter
    icon = "rotate"
    url_prefix = "contacts/returned"
    index_view_class = ReturnedLetterIndexView
    inspect_view_class = ReturnedLetterInspectView
    filterset_class = ReturnedLetterFilterSet
    ordering = "-came_at"
    list_display = [
        Column("person", label=gettext_lazy("Person")),
        StatusTagColumn(
            "kind",
            label=gettext_lazy("Kind"),
            accessor="get_kind_display",
            primary=lambda row: row.kind == Kind.SOFT,
        ),
        Column("reason", label=gettext_lazy("Reason"), accessor=reason, sort_key="reason"),
        DateColumn("came_at", label=gettext_lazy("Came back"), sort_key="came_at"),
    ]
    list_export = ["came_at", "address", "person", "kind", "reason", "message", "detail"]
    export_filename = "returned-letters"
    form_fields = ["address"]  # never shown: the policy lets nobody add or change one

    def get_urlpatterns(self):
        stop = path("<int:pk>/stop-letters/", StopLettersView.as_view(), name="stop_letters")
        return [*super().get_urlpatterns(), stop]


def record_link(name: str, record: Person | Message | None, viewer) -> str:
    """The record, leading to its card where `viewer` may see it; "" where there is none."""
    if record is None or not sees(viewer, record):
        return ""
    return format_html('<a href="{}">{}</a>', reverse(name, args=[record.pk]), record)


def returns_of(letters, viewer) -> list[ReturnedLetter]:
    """The latest of `letters` that came back and that `viewer` may see."""
    return list(with_letters(letters.visible_to(viewer)).select_related("person")[:50])


def with_letters(rows):
    """`rows` with the titles of the letters that came back, and nothing else of them."""
    return rows.select_related("message").defer("message__text", "message__html", "message__calendar")
