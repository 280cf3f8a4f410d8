"""Delegation: an organization that we ask to send people to an event, with the places that it has. Its focal points
name who comes; who is named confirms, and we approve."""

import datetime
from collections.abc import Callable, Iterable
from itertools import product

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy
from wagtail.log_actions import log

from contacts.mail import Letter
from contacts.models import Affiliation, Delivery, Message, Person, User
from contacts.models.introduction import Introduced, introduce
from events import mail
from events.models.allotment import Allotment
from events.models.event import Event
from events.models.invitation import Invitation
from events.models.quota import Place, Quota, Role
from network.models import Organization
from network.models.guarded import GuardedQuerySet


class DelegationQuerySet(GuardedQuerySet):
    def of_desks(self, desks):
        return self.filter(organization__in=Organization.objects.kept_by(desks).values("pk"))

    def led_by(self, person: Person | None):
        """Those of which `person` is focal point now, once they are invited."""
        if person is None:
            return self.none()
        held = Affiliation.objects.current().focal_points().filter(person=person)
        return self.invited().filter(organization__in=held.values("organization"))

    def drafts(self):
        return self.filter(state=Delegation.State.DRAFT)

    def invited(self):
        return self.filter(state=Delegation.State.INVITED)

    def naming_nobody(self):
        """Those that were invited and have named nobody who comes, or may."""
        named = Invitation.objects.expecting().filter(delegation=OuterRef("pk"))
        return self.invited().filter(~Exists(named))

    def standing(self):
        return self.exclude(state=Delegation.State.WITHDRAWN)


class DelegationManager(models.Manager.from_queryset(DelegationQuerySet)):
    @transaction.atomic
    def draft(self, organizations: Iterable[Organization], *, by) -> list["Delegation"]:
        """Put `organizations` on the list of those to invite, with the places that are allotted to their kind. Who is
        on it stays; whose delegation was taken back is to be invited anew. Called on an event."""
        drafts = []
        for organization in dict.fromkeys(organizations):
            delegation, is_new = self.get_or_create(organization=organization)
            if not is_new and delegation.state != Delegation.State.WITHDRAWN:
                continue
            delegation.state, delegation.invited_at = Delegation.State.DRAFT, None
            delegation.save(update_fields=["state", "invited_at"])
            for allotment in delegation.event.allotments.filter(kind=organization.kind):
                delegation.follow(allotment, allotment.size, by=by)
            drafts.append(delegation)
        if drafts:
            log(drafts[0].event, "events.delegation.draft", user=by, data={"organizations": len(drafts)})
        return drafts

    def tell_of_move(self) -> None:
        """The focal points of those that are invited hear that the event has moved. The letter waits a little, and
        replaces one that waits still, as those to the people do. Called on an event."""
        due_at = timezone.now() + settings.CALENDAR_UPDATE_DELAY
        for delegation in self.invited().select_related("organization"):
            Delivery.objects.supersede(delegation, "delegation_rescheduled")
            delegation.write(mail.delegation_rescheduled, due_at=due_at)

    def tell_of_cancellation(self, reason: str) -> None:
        """The focal points of those that are invited hear, at once, that it does not take place. Called on an event."""
        for delegation in self.invited().select_related("organization"):
            Delivery.objects.supersede(delegation, "delegation_rescheduled")
            delegation.write(lambda one, person: mail.delegation_cancelled(one, person, reason))


class Delegation(models.Model):
    class State(models.TextChoices):
        DRAFT = "DRAFT", _("Draft")
        INVITED = "INVITED", pgettext_lazy("a delegation", "Invited")
        WITHDRAWN = "WITHDRAWN", _("Withdrawn")

    event = models.ForeignKey(Event, models.CASCADE, verbose_name=_("event"), related_name="delegations")
    organization = models.ForeignKey(
        Organization, models.PROTECT, verbose_name=_("organization"), related_name="delegations"
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    invited_at = models.DateTimeField(_("invited"), null=True, blank=True)

    objects = DelegationManager()

    class Meta:
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        ordering = ["organization__name", "pk"]
        constraints = [models.UniqueConstraint(fields=["event", "organization"], name="delegation_once")]

    def __str__(self) -> str:
        return _("%(organization)s to %(event)s") % {"organization": self.organization, "event": self.event}

    def get_absolute_url(self) -> str:
        return reverse("events:delegation", args=[self.pk])

    def link_in(self, language: str) -> str:
        """The address of its page for focal points, who sign in there."""
        with override(language):
            return settings.SITE_URL + self.get_absolute_url()

    @property
    def places(self) -> Iterable[Quota]:
        """How many places it has of each role and place."""
        return self.quotas.all()

    @property
    def focal_points(self) -> list[Person]:
        """Those of its organization whom a letter can reach, in the order of protocol."""
        return focal_points_of([self.organization_id])[self.organization_id]

    def free_places(self) -> list[tuple[str, str]]:
        """The roles and places for which somebody can be named now. Speakers, staff and press are for the organizers to
        name, unless such places were given."""
        quotas = list(self.quotas.all())
        given = {quota.role for quota in quotas}
        roles = [role for role in Role if role not in (Role.SPEAKER, Role.STAFF, Role.PRESS) or role in given]
        found = []
        for place, role in product(Place, roles):
            covering = [one for one in quotas if one.role in ("", role) and one.place in ("", place)]
            if covering and all(one.left is None or one.left > 0 for one in covering):
                found.append((role.value, place.value))
        return found

    def own_people(self):
        """Those who work for its organization now, can be written to, and are not on the list of the event."""
        there = Affiliation.objects.current().filter(person=OuterRef("pk"), organization=self.organization)
        listed = self.event.invitations.standing().filter(person=OuterRef("pk"))
        return Person.objects.reachable().filter(Exists(there), ~Exists(listed)).order_by("family_name", "given_name")

    def takes_names(self, now: datetime.datetime | None = None) -> bool:
        """Whether its focal points may still say who comes."""
        return self.state == self.State.INVITED and self.event.takes_names(now)

    def give(self, role: str, place: str, size: int | None, *, by) -> None:
        """It has `size` places (None: no limit) of the `role` and `place` ("": any). Raises ValidationError where more
        are taken already."""
        with transaction.atomic():
            self._hold()
            if quota := self.quotas.filter(role=role, place=place).first():
                return quota.resize(size, by=by)
            list(self.members.select_for_update().order_by("pk"))  # who is answering right now is waited for
            used = self.members.holding_places().of_sort(role, place).count()
            if size is not None and used > size:
                raise ValidationError(_("More places than that are taken already."))
            self.quotas.create(event=self.event, role=role, place=place, size=size, used=used)
            return log(self, "events.quota.resize", user=by, data={"from": None, "to": size})

    def follow(self, allotment: Allotment, before: int | None, *, by) -> bool:
        """Have what is allotted to its kind, unless something else than `before` was given to it alone; False where
        it keeps what it has, because more places are taken."""
        quota = self.quotas.filter(role=allotment.role, place=allotment.place).first()
        if quota and quota.size != before:
            return True
        try:
            self.give(allotment.role, allotment.place, allotment.size, by=by)
        except ValidationError:
            return False
        return True

    @transaction.atomic
    def invite(self, *, by, now: datetime.datetime | None = None) -> int:
        """Ask its focal points, each in their language, to name who comes, and open an account for each; returns how
        many letters are in the outbox. Raises ValidationError where it cannot be asked."""
        self._hold()
        if self.event.status != Event.Status.ANNOUNCED:
            raise ValidationError(_("Announce the event before you send invitations."))
        if self.state != self.State.DRAFT:
            raise ValidationError(_("This delegation has been invited already."))
        if not (readers := self.focal_points):
            told = _("%(organization)s has no focal point with an e-mail address.")
            raise ValidationError(told % {"organization": self.organization})
        self.state, self.invited_at = self.State.INVITED, now or timezone.now()
        self.save(update_fields=["state", "invited_at"])
        for person in readers:
            User.objects.open_for(person)
        self.formal_letters.issue_to(self, by=by)
        self.write(mail.delegation_invited)
        log(self, "events.delegation.invite", user=by)
        return len(readers)

    @transaction.atomic
    def remind(self, *, by, rule=None) -> int:
        """Tell its focal points once more until when they can name who comes, by hand or by a `rule` (Reminder), which
        does so once; returns how many letters that makes."""
        self._hold()
        if rule is not None:
            named_nobody = Delegation.objects.naming_nobody().filter(pk=self.pk).exists()
            if self.reminded.filter(rule=rule).exists() or not (named_nobody and self.takes_names()):
                return 0
        if not self.takes_names():
            raise ValidationError(_("It takes no names now: it is not invited, or the time is over."))
        self.reminded.create(rule=rule, by=by)
        readers = self.focal_points
        for person in readers:
            User.objects.open_for(person)
        self.write(mail.delegation_reminder)
        log(self, "events.delegation.remind", user=by)
        return len(readers)

    @transaction.atomic
    def nominate(self, named: Introduced | Person, role: str, place: str, *, by) -> Invitation:
        """Say that the one `named` comes for it, as `role` at `place`: they hold a place of the delegation from now on,
        and are asked to confirm. Raises ValidationError where they cannot be named, or no such place is left."""
        self._guard_names(by)
        person = named if isinstance(named, Person) else introduce(named, self.organization, by=by)
        nominee = self.event.invitations.nominate(person, self, role, place)
        nominee.take_place()
        nominee.ask(by=by)
        return nominee

    @transaction.atomic
    def replace(self, member: Invitation, named: Introduced | Person, *, by) -> Invitation:
        """The one `named` comes in the place of `member`: what the delegation and the event held for one they hold for
        the other. Raises ValidationError where they cannot be named."""
        self._guard_names(by)
        person = named if isinstance(named, Person) else introduce(named, self.organization, by=by)
        nominee = self.event.invitations.nominate(person, self, member.role, member.place)
        member.pass_on_to(nominee)
        member.withdraw(by=by)
        nominee.ask(by=by)
        return nominee

    @transaction.atomic
    def take_back(self, member: Invitation, *, by) -> None:
        """`member` does not come, and nobody instead; until the event is over, also when the time for names is. Raises
        ValidationError after that."""
        if self.event.is_cancelled or self.event.ends_on < timezone.localdate():
            raise ValidationError(_("The time for names is over. Please write to the organizers."))
        member.withdraw(by=by)

    @transaction.atomic
    def withdraw(self, *, by) -> None:
        """Take the invitation of the organization back, and with it those of everybody whom it has named."""
        self._hold()
        if self.state == self.State.WITHDRAWN:
            raise ValidationError(_("This invitation has been withdrawn already."))
        for member in self.members.standing():
            member.withdraw(by=by)
        was_invited = self.state == self.State.INVITED
        self.state = self.State.WITHDRAWN
        self.save(update_fields=["state"])
        if was_invited:
            self.write(mail.delegation_withdrawn)
        log(self, "events.delegation.withdraw", user=by)

    def attachments_of(self, letter: str) -> list[tuple[str, bytes, str]]:
        """What goes with the letter of that name, as name, content and type: the letter to the organization, with the
        one that asks its focal points."""
        issued = self.formal_letters.filter(void_at=None) if letter == "delegation_invited" else ()
        return [(one.file_name, one.as_pdf(), "application/pdf") for one in issued]

    def tell_of_free_place(self, member: Invitation) -> None:
        """Its focal points hear that `member` has declined, or was not approved."""
        if self.state == self.State.INVITED:
            self.write(lambda delegation, person: mail.place_free(delegation, person, member))

    def write(self, letter: Callable[["Delegation", Person], Letter], **when) -> None:
        """Post `letter` to each of its focal points."""
        for person in self.focal_points:
            Message.objects.post(person, letter(self, person), about=self, **when)

    def _guard_names(self, by) -> None:
        """Staff may name somebody also when the time of the focal points is over."""
        self._hold()
        if self.event.is_cancelled:
            raise ValidationError(_("This event has been cancelled; no answer is needed."))
        if not by.has_perm("events.change_delegation") and not self.takes_names():
            raise ValidationError(_("The time for names is over. Please write to the organizers."))

    def _hold(self) -> None:
        """Two verbs at once come one after the other, and the second sees what the first did."""
        self.refresh_from_db(fields=("state",), from_queryset=Delegation.objects.select_for_update())


def focal_points_of(organizations: Iterable[int]) -> dict[int, list[Person]]:
    """Organization (key) -> its focal points whom a letter can reach, in the order of protocol; for each of
    `organizations`."""
    found: dict[int, list[Person]] = {key: [] for key in organizations}
    held = Affiliation.objects.current().focal_points().filter(organization__in=found)
    reached = held.filter(person__in=Person.objects.reachable().values("pk")).in_precedence()
    for affiliation in reached.select_related("person"):
        if affiliation.person not in found[affiliation.organization_id]:
            found[affiliation.organization_id].append(affiliation.person)
    return found
