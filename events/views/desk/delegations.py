"""The delegations of an event at a glance: who is asked, who answered, what is missing; and whom else to ask."""

from collections.abc import Iterable

import django_filters
from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BaseColumn, BooleanColumn, Column, NumberColumn, TitleColumn
from wagtail.admin.widgets.button import HeaderButton

from contacts.models import Affiliation
from events.forms import AllotmentForm
from events.models import Allotment, Delegation, Event, NoteVerbale, Quota
from events.models.details import with_missing
from events.views.desk.choosing import ChoosingView, TickColumn
from events.views.desk.delegation_letters import asked_for
from events.views.desk.event_view import EventView
from events.views.desk.invite import countries
from network.models import Organization, Topic, key_in

STANDS = Q(members__state="SENT") & ~Q(members__approval="REJECTED") & ~Q(members__reply__in=["DECLINED", "DELEGATED"])
COUNTS = {
    "named": STANDS,
    "confirmed": STANDS & Q(members__reply="ACCEPTED"),
    "to_approve": STANDS & Q(members__reply="ACCEPTED", members__approval="PENDING"),
    "approved": STANDS & Q(members__reply="ACCEPTED", members__approval="APPROVED"),
    "heads": STANDS & Q(members__role="HEAD"),
}
NAMED = pgettext_lazy("number of people", "Named")
CONFIRMED = pgettext_lazy("number of people", "Confirmed")
APPROVED = pgettext_lazy("number of people", "Approved")
NOTE = gettext_lazy("Note verbale")
# What may be missing, and which delegations (with all of `glanced`) lack it.
MISSING = {
    "focal_point": (gettext_lazy("Focal point"), Q(has_focal_point=False)),
    "places": (gettext_lazy("Places"), Q(has_places=False)),
    "names": (gettext_lazy("Names"), Q(state="INVITED", named=0)),
    "head": (gettext_lazy("Head of delegation"), Q(named__gt=0, heads=0)),
    "confirmation": (gettext_lazy("Confirmations"), Q(confirmed__lt=F("named"))),
    "approval": (gettext_lazy("Approvals"), Q(to_approve__gt=0)),
    "note": (gettext_lazy("Note verbale"), Q(state="INVITED") & (Q(note=None) | Q(note="RETURNED"))),
    "check": (gettext_lazy("Check of the note verbale"), Q(note="NEW")),
}


def glanced(delegations):
    """`delegations` with all that the table shows of them."""
    notes = NoteVerbale.objects.filter(delegation=OuterRef("pk")).order_by("-version")
    held = Affiliation.objects.current().focal_points().filter(organization=OuterRef("organization"))
    reached = held.filter(person__emails__isnull=False, person__merged_into=None, person__erased_at=None)
    counts = {name: Count("members", condition, distinct=True) for name, condition in COUNTS.items()}
    counted = delegations.annotate(
        **counts,
        has_focal_point=Exists(reached),
        has_places=Exists(Quota.objects.filter(delegation=OuterRef("pk"))),
        note=Subquery(notes.values("state")[:1]),
    )
    lacks = {f"lacks_{name}": ExpressionWrapper(what, BooleanField()) for name, (_label, what) in MISSING.items()}
    return counted.annotate(**lacks)


def missing(delegation: Delegation) -> str:
    """What is missing, in words; of a delegation with all of `glanced`."""
    found = [str(label) for name, (label, _what) in MISSING.items() if getattr(delegation, f"lacks_{name}")]
    return ", ".join(found)


def lacking_details(events: Iterable[Event], viewer) -> Case:
    """How many people of each delegation to `events`, as `viewer` sees them, lack something of the form; as an
    expression."""
    counts: dict[int, int] = {}
    for event in events:
        for member, _missing in with_missing(event, event.invitations.visible_to(viewer).exclude(delegation=None)):
            counts[member.delegation_id] = counts.get(member.delegation_id, 0) + 1
    whens = [When(pk=pk, then=Value(count)) for pk, count in counts.items()]
    return Case(*whens, default=Value(0), output_field=IntegerField())


def credentials(delegation: Delegation) -> str:
    """How it stands with the latest note verbale, "" without one; of a delegation with all of `glanced`."""
    return str(NoteVerbale.State(delegation.note).label) if delegation.note else ""


class DetailsColumn(BaseColumn):
    """How many lack something, with the way to them."""

    cell_template_name = "events/desk/details_cell.html"


class PlacesColumn(BaseColumn):
    """The places and how many of them are taken, a line for each."""

    cell_template_name = "events/desk/places_cell.html"


class DelegationFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(label=gettext_lazy("State"), choices=Delegation.State.choices)
    missing = django_filters.ChoiceFilter(
        label=gettext_lazy("Missing"),
        choices=[*((name, label) for name, (label, _what) in MISSING.items()), ("details", gettext_lazy("Details"))],
        method="that_lack",
    )
    kind = django_filters.ChoiceFilter(
        label=gettext_lazy("Kind of organization"), choices=Organization.Kind.choices, field_name="organization__kind"
    )
    country = django_filters.ChoiceFilter(
        label=gettext_lazy("Country"), choices=countries, field_name="organization__country"
    )

    class Meta:
        model = Delegation
        fields = []

    def that_lack(self, delegations, _name, what):
        if what == "details":
            return delegations.filter(details__gt=0)
        return delegations.filter(**{f"lacks_{what}": True})


class DelegationsView(ChoosingView):
    """The console: every organization that is asked, in one table; POST asks those ticked, or asks them again."""

    door = "delegations"
    model = Delegation
    template_name = "events/desk/delegations.html"
    results_template_name = "events/desk/delegations_results.html"
    page_title = gettext_lazy("Delegations")
    filterset_class = DelegationFilterSet
    default_ordering = ("organization__name", "pk")
    verbose_name_plural = gettext_lazy("delegations")
    columns = [
        TickColumn("tick", label="", width="3%"),
        TitleColumn(
            "organization",
            label=gettext_lazy("Organization"),
            label_prefix="row",
            sort_key="organization__name",
            width="26%",
            get_url=lambda delegation: reverse("delegation:inspect", args=[delegation.pk]),
        ),
        Column("country", label=gettext_lazy("Country"), accessor="organization.country", classname="desk-wide"),
        Column("state", label=gettext_lazy("State"), accessor="get_state_display", sort_key="state"),
        PlacesColumn("places", label=gettext_lazy("Places"), classname="desk-wide", width="20%"),
        NumberColumn("named", label=NAMED, sort_key="named"),
        NumberColumn("confirmed", label=CONFIRMED, sort_key="confirmed"),
        NumberColumn("approved", label=APPROVED, sort_key="approved"),
        Column("note", label=NOTE, accessor=credentials, sort_key="note", classname="desk-wide"),
        DetailsColumn("details", label=gettext_lazy("Details missing"), sort_key="details"),
        Column("missing", label=gettext_lazy("Missing"), accessor=missing),
    ]

    def get_base_queryset(self):
        seen = self.event.delegations.visible_to(self.request.user).standing()
        seen = seen.annotate(details=lacking_details([self.event], self.request.user))
        return glanced(seen.select_related("organization__country").prefetch_related("quotas"))

    def search_queryset(self, queryset):
        words = Organization.objects.matching(self.search_query)
        return queryset.filter(organization__in=words.values("pk")) if self.is_searching else queryset

    @cached_property
    def header_buttons(self):
        doors = [
            (_("Add organizations"), "delegations_add", "plus"),
            (_("Allotments"), "allotments", "list-ul"),
            (_("Approve"), "approvals", "check"),
            (_("List of participants"), "participants", "doc-full"),
        ]
        return [
            HeaderButton(label, url=reverse(f"event:{name}", args=[self.event.pk]), icon_name=icon)
            for label, name, icon in doors
        ]

    def act(self, chosen):
        """Those that are drafts are asked, those that were asked are reminded; what cannot be is said."""
        drafts = [one for one in chosen if one.state == Delegation.State.DRAFT]
        verb, due = (Delegation.remind, chosen) if "remind" in self.request.POST else (Delegation.invite, drafts)
        asked_for(self.request, due, verb)


class OrganizationFilterSet(WagtailFilterSet):
    kind = django_filters.ChoiceFilter(label=gettext_lazy("Kind"), choices=Organization.Kind.choices)
    country = django_filters.ChoiceFilter(label=gettext_lazy("Country"), choices=countries)
    topics = django_filters.ModelChoiceFilter(label=gettext_lazy("Topic"), queryset=Topic.objects.all())

    class Meta:
        model = Organization
        fields = []


class DelegationsAddView(ChoosingView):
    """Organizations that are not asked yet, to be put on the list."""

    door = "delegations_add"
    model = Organization
    template_name = "events/desk/delegations_add.html"
    results_template_name = "events/desk/invite_results.html"
    page_title = gettext_lazy("Invite organizations")
    filterset_class = OrganizationFilterSet
    default_ordering = ("name", "pk")
    verbose_name_plural = gettext_lazy("organizations")
    columns = [
        TickColumn("tick", label="", width="3%"),
        TitleColumn("name", label=gettext_lazy("Name"), accessor=str, label_prefix="row", sort_key="name", width="45%"),
        Column("kind", label=gettext_lazy("Kind"), accessor="get_kind_display", sort_key="kind"),
        Column("country", label=gettext_lazy("Country"), sort_key="country", classname="desk-wide"),
        BooleanColumn("has_focal_point", label=gettext_lazy("Focal point")),
    ]

    def get_base_queryset(self):
        asked = self.event.delegations.standing().filter(organization=OuterRef("pk"))
        held = Affiliation.objects.current().focal_points().filter(organization=OuterRef("pk"))
        seen = Organization.objects.visible_to(self.request.user).active().filter(~Exists(asked))
        return seen.select_related("country").annotate(has_focal_point=Exists(held))

    def act(self, chosen):
        drafts = self.event.delegations.draft(chosen, by=self.request.user)
        told = ngettext(
            "%(count)d organization is on the list now; nothing is sent yet.",
            "%(count)d organizations are on the list now; nothing is sent yet.",
            len(drafts),
        )
        console = messages.button(reverse("event:delegations", args=[self.event.pk]), _("Delegations"))
        messages.success(self.request, told % {"count": len(drafts)}, buttons=[console])


class AllotmentsView(EventView):
    """GET shows what each kind of organization is given; POST gives more or less, or takes a line back."""

    template_name = "events/desk/allotments.html"
    page_title = gettext_lazy("Allotments")

    def get(self, request, **_where):
        return self.show(AllotmentForm(initial={"kind": request.GET.get("kind")}))

    def post(self, request, **_where):
        if dropped := self.object.allotments.filter(pk=key_in(request.POST.get("drop", ""))).first():
            dropped.drop(by=request.user)
            messages.success(request, _("The line is taken back; delegations that have started keep what they have."))
            return redirect("event:allotments", self.object.pk)
        form = AllotmentForm(request.POST)
        if not form.is_valid():
            return self.show(form)
        keep = Allotment.objects.give(self.object, **form.cleaned_data, by=request.user)
        messages.success(request, _("The places are given."))
        if keep:
            told = ngettext(
                "%(count)d delegation has more people than that already, and keeps its places.",
                "%(count)d delegations have more people than that already, and keep their places.",
                keep,
            )
            messages.warning(request, told % {"count": keep})
        here = reverse("event:allotments", args=[self.object.pk])
        return redirect(f"{here}?kind={form.cleaned_data['kind']}")  # the next line is often for the same

    def show(self, form):
        context = self.get_context_data(form=form, allotments=self.object.allotments.all())
        return self.render_to_response(context)
