"""The versions of a programme: what publishing would change and whom it would be told, those that there were, and the
way back to one."""

from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from contacts.models import Person
from events.forms.versions import PublishForm
from events.models import Programme
from events.models.appointment import Reader
from events.models.change import changes
from events.models.planning import Weight
from events.models.programme import Difference
from events.views.desk.event_view import EventLookView, EventView

MOST_CHANGES = 300


class PublishView(EventView):
    """GET shows what would change for readers, and the letters about it; POST publishes. `tell` are the people
    ticked."""

    shows_all = True
    template_name = "events/desk/publish.html"
    page_title = gettext_lazy("Publish the programme")

    def get(self, request, **_where):
        return self.show(PublishForm())

    def post(self, request, **_where):
        form = PublishForm(request.POST)
        if not form.is_valid():
            return self.show(form)
        if request.POST.get("seen", self.difference.digest) != self.difference.digest:
            messages.warning(request, _("The programme has changed meanwhile. Please look once more."))
            return self.show(form, status=409)
        try:
            programme = self.act(note=form.cleaned_data["note"], spare=self.spared())
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
            return self.to_desk()
        told = _("Version %(version)d of the programme is published.") % {"version": programme.version}
        messages.success(request, told)
        return self.to_desk()

    def show(self, form, status=200):
        return self.render_to_response(self.get_context_data(form=form), status=status)

    def act(self, **said) -> Programme:
        return self.object.publish(by=self.request.user, **said)

    @cached_property
    def difference(self) -> Difference:
        return self.object.unpublished()

    @cached_property
    def readers(self) -> list[Reader]:
        """Whom the changes concern."""
        if self.object.status == self.object.Status.DRAFT:
            return []
        return self.object.appointments.outlook(self.difference.before, self.difference.after)

    @cached_property
    def seen(self) -> set[int]:
        """Those of them whom the organizer may see."""
        people = Person.objects.visible_to(self.request.user).filter(pk__in=[one.person.pk for one in self.readers])
        return set(people.values_list("pk", flat=True))

    def spared(self) -> list[Person]:
        """Those who stood there and are not ticked; nobody where the list was not shown."""
        if "seen" not in self.request.POST:
            return []
        ticked = set(self.request.POST.getlist("tell"))
        return [one.person for one in self.readers if one.person.pk in self.seen and str(one.person.pk) not in ticked]

    def get_context_data(self, **more):
        found, listed = self.difference.changes, [one for one in self.readers if one.person.pk in self.seen]
        conflicts = self.object.conflicts()
        return super().get_context_data(
            changes=found[:MOST_CHANGES],
            more=max(0, len(found) - MOST_CHANGES),
            difference=self.difference,
            programme=self.object.programme,
            readers=listed,
            unseen=len(self.readers) - len(listed),
            blocking=sum(one.weight == Weight.BLOCK for one in conflicts),
            old=None,
            **more,
        )


class GoBackView(PublishView):
    """The same for an earlier version, which becomes the next one."""

    page_title = gettext_lazy("Go back to an earlier version")

    @cached_property
    def old(self) -> Programme:
        old = get_object_or_404(self.object.programmes, version=self.kwargs["version"])
        old.event = self.object
        return old

    @cached_property
    def difference(self) -> Difference:
        old = self.old  # 404 first, where there is no programme either
        return Difference(self.object.programme.promised(), old.promised())

    def act(self, **said) -> Programme:
        return self.object.go_back(self.old.version, by=self.request.user, **said)

    def get_context_data(self, **more):
        return {**super().get_context_data(**more), "old": self.old, "blocking": 0}


class VersionsView(EventLookView):
    """The versions that there were, the newest first."""

    shows_all = True
    template_name = "events/desk/versions.html"
    page_title = gettext_lazy("Versions of the programme")

    def get(self, request, **_where):
        rows = self.object.programmes.select_related("published_by", "restores").annotate(count=Count("entries"))
        rows = rows.order_by("-version")  # who counts rows loses their order
        return self.render_to_response(self.get_context_data(versions=rows, difference=self.object.unpublished()))


class VersionView(VersionsView):
    """One version: its sessions, and what it changed."""

    template_name = "events/desk/version.html"
    page_title = gettext_lazy("Version of the programme")

    def get(self, request, version, **_where):
        versions = self.object.programmes.filter(version__in=[version, version - 1]).select_related("restores")
        programmes = {one.version: one for one in versions}
        if version not in programmes:
            raise Http404
        for one in programmes.values():
            one.event = self.object
        programme, before = programmes[version], programmes.get(version - 1)
        entries = programme.seen_by(request.user)
        earlier = before.seen_by(request.user) if before else []
        found = changes({one.guid: one for one in earlier}, {one.guid: one for one in entries}) if before else []
        return self.render_to_response(
            self.get_context_data(
                programme=programme,
                entries=entries,
                changes=found[:MOST_CHANGES],
                more=max(0, len(found) - MOST_CHANGES),
                can_go_back=programme != self.object.programme
                and not self.object.is_cancelled
                and self.user_has_permission("change"),
            )
        )
