"""SeatRequest: somebody asks for a seat on the public page of an event. Nothing comes of it before they have confirmed
that the address is theirs; then it is an invitation like any other."""

import datetime

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from contacts.models import Message, PersonEmail
from contacts.models.introduction import Introduced, introduce
from events import mail
from events.models.event import Event
from events.models.invitation import Invitation
from events.models.quota import Place
from network.models import Country
from network.models.linked import Linked, behind, new_nonce

# What nobody confirmed is forgotten after this time, and so is what was confirmed: the invitation says it all.
FORGET_AFTER = datetime.timedelta(days=7)
# So many letters may wait for one address to be confirmed: a stranger's mailbox is not filled by our form.
MOST_UNCONFIRMED = 3


class SeatRequestQuerySet(models.QuerySet):
    def unconfirmed(self):
        return self.filter(confirmed_at=None)

    def to_forget(self, now: datetime.datetime | None = None):
        """Those of which the time is over."""
        return self.filter(created_at__lt=(now or timezone.now()) - FORGET_AFTER)

    def held_of(self, people):
        """Those from one of the addresses of `people`."""
        addresses = PersonEmail.objects.filter(person__in=people).values_list("address", flat=True)
        return self.filter(email__in=[address.lower() for address in addresses])

    def erase(self) -> None:
        """They go, with the letters that nobody has confirmed."""
        if unconfirmed := list(self.unconfirmed()):
            Message.objects.about(*unconfirmed).erase()
        self.delete()


class SeatRequestManager(models.Manager.from_queryset(SeatRequestQuerySet)):
    @transaction.atomic
    def ask(self, event: Event, facts: dict, *, now: datetime.datetime | None = None) -> "SeatRequest | None":
        """Somebody asks for a seat; a letter asks them to confirm that it is they. The same is done whoever is known at
        the address. None where too many letters to it wait already: the asker is told the same. Raises ValidationError
        where the event takes no registrations."""
        event.guard_registrations(now)
        email = facts["email"].lower()
        waiting = self.unconfirmed().filter(email=email).exclude(pk__in=self.to_forget(now).values("pk"))
        if waiting.count() >= MOST_UNCONFIRMED:
            return None
        asked = self.create(event=event, **{**facts, "email": email})
        Message.objects.post(None, mail.seat_request(asked), address=email, about=asked)
        return asked

    def by_token(self, token: str, now: datetime.datetime | None = None) -> "SeatRequest":
        """Whose link `token` is. Raises SeatRequest.DoesNotExist for a forged one, and for what is forgotten."""
        known = self.exclude(pk__in=self.to_forget(now).values("pk"))
        return behind(known.select_related("event__venue__country"), token)

    @transaction.atomic
    def forget(self, now: datetime.datetime | None = None) -> int:
        """Forget those of which the time is over; returns how many."""
        due = list(self.to_forget(now).values_list("pk", flat=True))
        self.filter(pk__in=due).erase()
        return len(due)


class SeatRequest(Linked, models.Model):
    event = models.ForeignKey(Event, models.CASCADE, verbose_name=_("event"), related_name="seat_requests")
    given_name = models.CharField(_("given name"), max_length=150)
    family_name = models.CharField(_("family name"), max_length=150)
    email = models.EmailField(_("e-mail address"), max_length=254, db_index=True)
    organization = models.CharField(_("organization"), max_length=300, blank=True)
    position = models.CharField(_("position"), max_length=200, blank=True)
    country = models.ForeignKey(
        Country, models.PROTECT, verbose_name=_("country"), related_name="+", null=True, blank=True
    )
    language = models.CharField(_("letters in"), max_length=12, choices=settings.LANGUAGES)
    place = models.CharField(_("place"), max_length=10, choices=Place, default=Place.ROOM)
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)
    invitation = models.ForeignKey(
        Invitation, models.SET_NULL, verbose_name=_("invitation"), related_name="seat_requests", null=True
    )
    nonce = models.CharField(max_length=16, default=new_nonce, editable=False)

    objects = SeatRequestManager()

    class Meta:
        verbose_name = _("request for a seat")
        verbose_name_plural = _("requests for a seat")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.given_name} {self.family_name}"

    @property
    def salutation(self) -> str:
        """How a letter to whoever asks begins."""
        return gettext("Dear %(name)s,") % {"name": self}

    @property
    def link(self) -> str:
        """The page on which it is confirmed, in the language of the letter."""
        with override(self.language):
            return settings.SITE_URL + reverse("events:seat_request", args=[self.token])

    @transaction.atomic
    def confirm(self, *, now: datetime.datetime | None = None) -> Invitation | None:
        """The address is theirs: they are a person of the house from now on, and have a seat, wait for one or to be
        approved. Done twice it is done once. None for who is on the list of the event already: their own link goes to
        the address of their invitation, and is shown to nobody. Raises ValidationError where the event takes no
        registrations any more."""
        # One after the other at one event: else one human being, confirming twice, would be two people with two seats.
        Event.objects.select_for_update(no_key=True).get(pk=self.event_id)
        self.refresh_from_db(fields=["confirmed_at", "invitation"])
        if self.confirmed_at:
            return self.invitation
        self.event.guard_registrations(now)
        person = introduce(self._introduced(), None, by=None)
        invitation, is_new = self._ask_for(person)
        self.confirmed_at = now or timezone.now()
        self.invitation = invitation if is_new else None
        self.save(update_fields=["confirmed_at", "invitation"])
        Message.objects.about(self).update(person=person)
        if is_new:
            log(invitation, "events.invitation.ask_for")
            invitation.answer("ACCEPTED", now=now)
        elif invitation.address:
            about = {"address": invitation.address, "about": invitation}
            Message.objects.post(invitation.person, mail.own_invitation(invitation), **about)
        return self.invitation

    def _introduced(self) -> Introduced:
        return Introduced(
            given_name=self.given_name,
            family_name=self.family_name,
            email=self.email,
            language=self.language,
            position=self.position,
            country=self.country,
        )

    def _ask_for(self, person) -> tuple[Invitation, bool]:
        return self.event.invitations.ask_for(
            person,
            self.place,
            needs_approval=self.event.open_to == Event.OpenTo.APPROVED,
            address=self.email,
            language=self.language,
            typed_position=self.position,
            typed_organization=self.organization,
        )
