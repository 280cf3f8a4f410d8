"""The admin's screens for agreements: what is in force, what expires soon, and who looks after it."""

import datetime

import django_filters
from django import forms
from django.db.models import F
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.generic import View
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, ObjectList
from wagtail.admin.ui.tables import Column, StatusTagColumn

from contacts.forms.agreement import AgreementForm, EndForm, RenewForm, SignForm
from contacts.models import Agreement, User
from network.models import key_in
from network.views.answers import handed_out
from network.viewsets.records import RecordActView, RecordCreateView, RecordIndexView, RecordViewSet, RecordWithActsView
from network.viewsets.timeline import Entry

STANDINGS = {
    "expiring": gettext_lazy("Expires soon"),
    "in_force": gettext_lazy("In force"),
    "under_negotiation": gettext_lazy("Under negotiation"),
    "over": gettext_lazy("Expired or ended"),
}


class AgreementFilterSet(WagtailFilterSet):
    standing = django_filters.ChoiceFilter(
        label=gettext_lazy("State"), choices=list(STANDINGS.items()), method="standing_so", widget=forms.RadioSelect
    )
    owner = django_filters.ModelChoiceFilter(label=gettext_lazy("Owner"), queryset=User.objects.staff())
    kind = django_filters.ChoiceFilter(
        label=gettext_lazy("Kind"), choices=Agreement.Kind.choices, widget=forms.RadioSelect
    )

    class Meta:
        model = Agreement
        fields = []

    def standing_so(self, agreements, _name, standing):
        return getattr(agreements, standing)()


def party_names(agreement: Agreement) -> str:
    return "; ".join(str(party) for party in agreement.parties.all())


class AgreementIndexView(RecordIndexView):
    title_label = gettext_lazy("Title")
    title_sort_key = "title"
    related = ("owner",)
    export_values = {
        "kind": Agreement.get_kind_display,
        "parties": party_names,
        "standing": Agreement.standing,
    }

    def dressed(self, rows):
        return super().dressed(rows).prefetch_related("parties__organization")

    def search_queryset(self, queryset):
        return queryset.matching(self.search_query) if self.is_searching else queryset

    def order_queryset(self, queryset):
        """What expires first stands above; what has no end, or is not signed yet, below."""
        if self.ordering == "expires_on":
            return queryset.order_by(F("expires_on").asc(nulls_last=True), "pk")
        return super().order_queryset(queryset)


class AgreementCreateView(RecordCreateView):
    """`?organization=` names the first party; whoever writes it down looks after it unless they choose somebody."""

    def get_initial_form_instance(self):
        agreement, asked = Agreement(owner=self.request.user), self.request.GET.get("organization", "")
        if key_in(asked) and self.request.method == "GET":
            agreement.parties.add(agreement.parties.model(organization_id=key_in(asked)))
        return agreement


class AgreementInspectView(RecordWithActsView):
    def facts(self):
        agreement = self.object
        document = reverse("agreement:document", args=[agreement.pk])
        links = [
            (reverse("organization:inspect", args=[party.organization_id]), party)
            for party in agreement.parties.select_related("organization")
        ]
        return [
            (_("title"), agreement.title),
            (_("kind"), agreement.get_kind_display()),
            (_("state"), agreement.standing()),
            (_("parties"), format_html_join("", '<div><a href="{}">{}</a></div>', links)),
            (_("signed"), agreement.signed_on),
            (_("in force from"), agreement.starts_on or agreement.signed_on),
            (_("expires"), agreement.expires_on or (_("without an end") if agreement.signed_on else "")),
            (_("ended"), agreement.ended_on),
            (_("why it ended"), agreement.end_reason),
            (_("owner"), agreement.owner),
            (
                _("document"),
                format_html('<a href="{}">{}</a>', document, agreement.document_name) if agreement.document else "",
            ),
            (_("note"), agreement.note),
        ]

    def get_context_data(self, **kwargs):
        agreement = self.object
        may_act = self.request.user.has_perm("contacts.change_agreement") and agreement.ended_on is None
        acts = []
        if may_act and agreement.signed_on is None:
            acts = [(_("It was signed"), "agreement:sign", SignForm(), _("Note the signature"), "")]
        elif may_act:
            acts = [(_("Renew"), "agreement:renew", RenewForm(), _("Renew"), "")]
        if may_act:
            acts.append((_("End it before its time"), "agreement:end", EndForm(), _("End it"), "serious"))
        return super().get_context_data(acts=acts, media=SignForm().media, **kwargs)


class AgreementActView(RecordActView):
    model = Agreement


class SignView(AgreementActView):
    form_class = SignForm

    def act(self, agreement, answers):
        agreement.sign(**answers, by=self.request.user)
        return _("The signature is noted.")


class RenewView(AgreementActView):
    form_class = RenewForm

    def act(self, agreement, answers):
        agreement.renew(until=answers["until"], by=self.request.user)
        return _("It is renewed. The owner hears of it before the new day.")


class EndView(AgreementActView):
    form_class = EndForm

    def act(self, agreement, answers):
        agreement.end(answers["reason"], by=self.request.user)
        return _("It has ended.")


class DocumentView(View):
    """Hands the document out to whoever may see the agreement."""

    def get(self, request, pk):
        agreement = get_object_or_404(Agreement.objects.visible_to(request.user), pk=pk)
        if not agreement.document:
            raise Http404
        return handed_out(agreement.document, agreement.document_name)


class AgreementViewSet(RecordViewSet):
    model = Agreement
    icon = "doc-full"
    url_prefix = "contacts/agreements"
    index_view_class = AgreementIndexView
    inspect_view_class = AgreementInspectView
    add_view_class = AgreementCreateView
    filterset_class = AgreementFilterSet
    ordering = "expires_on"
    list_display = [
        Column("parties", label=gettext_lazy("Parties"), accessor=party_names, width="28%"),
        Column("kind", label=gettext_lazy("Kind"), accessor="get_kind_display", sort_key="kind"),
        Column("owner", label=gettext_lazy("Owner"), sort_key="owner"),
        StatusTagColumn(
            "standing",
            label=gettext_lazy("State"),
            accessor=Agreement.standing,
            primary=lambda agreement: agreement.standing() == _("Expires soon"),
        ),
        Column(
            "expires_on",
            label=gettext_lazy("Expires"),
            accessor=lambda agreement: date_format(agreement.expires_on) if agreement.expires_on else "",
            sort_key="expires_on",
        ),
    ]
    list_export = ["title", "kind", "parties", "signed_on", "starts_on", "expires_on", "standing", "owner", "note"]
    export_headings = {"parties": gettext_lazy("Parties"), "standing": gettext_lazy("State")}
    export_filename = "agreements"
    edit_handler = ObjectList(
        [
            FieldPanel("title"),
            FieldRowPanel([FieldPanel("kind"), FieldPanel("owner", widget=forms.Select)]),
            InlinePanel(
                "parties",
                [FieldPanel("organization")],
                heading=gettext_lazy("Parties"),
                label=pgettext_lazy("agreement", "Party"),
            ),
            FieldPanel("signed_on"),
            FieldRowPanel([FieldPanel("starts_on"), FieldPanel("expires_on")]),
            FieldPanel("document", widget=forms.FileInput),
            FieldPanel("note"),
        ],
        base_form_class=AgreementForm,
    )

    def get_urlpatterns(self):
        acts = {"sign": SignView, "renew": RenewView, "end": EndView, "document": DocumentView}
        return [
            *super().get_urlpatterns(),
            *(path(f"<int:pk>/{name}/", view.as_view(), name=name) for name, view in acts.items()),
        ]


def entries(subject, viewer, before: datetime.datetime, limit: int) -> list[Entry]:
    """For the timeline: the day on which each was signed, and the one on which it ended or expires."""
    found = Agreement.objects.visible_to(viewer).about(subject).select_related("owner")
    told = []
    for agreement in found:
        days = [(agreement.signed_on, _("Signed"))]
        over = (agreement.ended_on, _("Ended")) if agreement.ended_on else (agreement.expires_on, _("Expires"))
        for day, what in [*days, over]:
            if day and (at := _noon(day)) < before:
                url = reverse("agreement:inspect", args=[agreement.pk])
                title, by = f"{what}: {agreement.title}", str(agreement.owner)
                told.append(Entry(at, title, url, agreement.end_reason, by, is_day=True))
    return sorted(told, key=lambda entry: entry.at, reverse=True)[:limit]


def _noon(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(12)))
