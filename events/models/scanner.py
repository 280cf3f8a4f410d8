"""Scanner: a telephone that lets people in. Its link is all that it needs: no account, and void at any time."""

import datetime

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from wagtail.log_actions import log

from contacts.models import User
from events.models.event import Event
from network.models.linked import Linked, behind, new_nonce

MANIFEST_LIVES = datetime.timedelta(hours=12)
LINK_LIVES = datetime.timedelta(days=1)  # after the last day of the event
CLOCKS_DIFFER = datetime.timedelta(minutes=5)
NOTE_EVERY = datetime.timedelta(seconds=20)


class ScannerQuerySet(models.QuerySet):
    def live(self):
        return self.filter(revoked_at=None)


class ScannerManager(models.Manager.from_queryset(ScannerQuerySet)):
    @transaction.atomic
    def open(self, event: Event, name: str, *, by) -> "Scanner":
        """A link for one more telephone, called `name`."""
        scanner = self.create(event=event, name=name, opened_by=by)
        log(event, "events.scanner.open", user=by, data={"name": name})
        return scanner

    def by_token(self, token: str, now: datetime.datetime | None = None) -> "Scanner":
        """The scanner whose link carries `token`; raises Scanner.DoesNotExist for a forged or a void one, and when the
        event is over."""
        scanner = behind(self.live().select_related("event__venue__country"), token)
        if (now or timezone.now()).date() > scanner.event.ends_on + LINK_LIVES or scanner.event.is_cancelled:
            raise Scanner.DoesNotExist
        return scanner


class Scanner(Linked, models.Model):
    event = models.ForeignKey(Event, models.CASCADE, verbose_name=_("event"), related_name="scanners")
    name = models.CharField(_("name"), max_length=100)
    nonce = models.CharField(max_length=16, default=new_nonce, editable=False)
    opened_by = models.ForeignKey(User, models.SET_NULL, verbose_name=_("opened by"), related_name="+", null=True)
    opened_at = models.DateTimeField(_("opened"), default=timezone.now)
    revoked_at = models.DateTimeField(_("void since"), null=True, blank=True)
    seen_at = models.DateTimeField(_("last seen"), null=True, blank=True)

    objects = ScannerManager()

    class Meta:
        verbose_name = _("scanner")
        verbose_name_plural = _("scanners")
        ordering = ["opened_at", "pk"]

    def __str__(self) -> str:
        return self.name

    def link_in(self, language: str) -> str:
        """The address to open on the telephone."""
        with override(language):
            return settings.SITE_URL + reverse("events:check_in", args=[self.token])

    @transaction.atomic
    def revoke(self, *, by) -> None:
        """Make the link void; what it has let in stays. Idempotent."""
        if self.revoked_at is None:
            self.revoked_at, self.nonce = timezone.now(), new_nonce()
            self.save(update_fields=["revoked_at", "nonce"])
            log(self.event, "events.scanner.revoke", user=by, data={"name": self.name})

    def note_sight(self, now: datetime.datetime | None = None) -> None:
        """Remember that it was there, for the organizers to see."""
        now = now or timezone.now()
        if self.seen_at is None or now - self.seen_at > NOTE_EVERY:
            Scanner.objects.filter(pk=self.pk).update(seen_at=now)

    def manifest(self, now: datetime.datetime | None = None) -> str:
        """The signature below a list of who may come in, with the moment at which it was given."""
        given = (now or timezone.now()).timestamp()
        return Signer(salt="events.manifest").sign_object({"scanner": self.nonce, "given": given})

    def moment_of(self, at: datetime.datetime, manifest: str, now: datetime.datetime) -> datetime.datetime:
        """When a scan was made that says `at`: believed from the moment at which its `manifest` was given for as long
        as that lives; else it is `now`."""
        try:
            said = Signer(salt="events.manifest").unsign_object(manifest)
        except BadSignature:
            return now
        given = datetime.datetime.fromtimestamp(said["given"], datetime.UTC)
        is_believed = said["scanner"] == self.nonce and given - CLOCKS_DIFFER <= at <= min(now, given + MANIFEST_LIVES)
        return at if is_believed else now
