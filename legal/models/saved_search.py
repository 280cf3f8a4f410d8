"""SavedSearch: somebody wants to hear, once a day at most, what is new in the legal database for their question. It
begins when they have confirmed that the address is theirs, and ends by their link."""

import datetime

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models, transaction
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from contacts.models import Message, PersonEmail
from legal import mail
from legal.models.facets import Choice
from legal.models.search import SearchEntry
from legal.models.work import Work
from legal.words import question
from network.models.linked import Linked, behind, new_nonce

FORGET_AFTER = datetime.timedelta(days=7)  # what nobody confirmed
EVERY = datetime.timedelta(days=1)
MOST_UNCONFIRMED = 3  # letters that wait for one address: a stranger's mailbox is not filled by our form
MOST_TOLD = 30


def new_since(asked: QueryDict, since: datetime.datetime):
    """The works that answer `asked` and were published after `since`, as everybody may read them, the newest first."""
    stranger = AnonymousUser()
    entries = Choice.of(asked).seen_by(stranger).narrow(SearchEntry.objects.visible_to(stranger))
    found = entries.asked(question(asked.get("q", "")))
    works = Work.objects.published().filter(pk__in=found.values("pk"), published_at__gt=since)
    return works.select_related("country").order_by("-published_at", "-pk")


class SavedSearchQuerySet(models.QuerySet):
    def unconfirmed(self):
        return self.filter(confirmed_at=None)

    def to_forget(self, now: datetime.datetime | None = None):
        """Those that nobody confirmed in time."""
        return self.unconfirmed().filter(created_at__lt=(now or timezone.now()) - FORGET_AFTER)

    def to_tell(self, now: datetime.datetime | None = None):
        """Those that are to be asked again whether there is something new."""
        return self.filter(confirmed_at__isnull=False, told_at__lte=(now or timezone.now()) - EVERY)

    def held_of(self, people):
        """Those from one of the addresses of `people`."""
        addresses = PersonEmail.objects.filter(person__in=people).values_list("address", flat=True)
        return self.filter(email__in=[address.lower() for address in addresses])

    def erase(self) -> None:
        """They go, with the letters that nobody has confirmed."""
        if unconfirmed := list(self.unconfirmed()):
            Message.objects.about(*unconfirmed).erase()
        self.delete()


class SavedSearchManager(models.Manager.from_queryset(SavedSearchQuerySet)):
    @transaction.atomic
    def ask(self, email: str, asked: str, language: str, *, now: datetime.datetime | None = None):
        """Somebody wants to hear of what is new for `asked` (the parameters of an address); a letter asks them to
        confirm. None where too many letters to the address wait already: the asker is told the same."""
        email = email.lower()
        waiting = self.unconfirmed().filter(email=email).exclude(pk__in=self.to_forget(now).values("pk"))
        if waiting.count() >= MOST_UNCONFIRMED:
            return None
        saved = self.create(email=email, asked=asked, language=language)
        Message.objects.post(None, mail.search_confirm(saved), address=email, about=saved)
        return saved

    def by_token(self, token: str) -> "SavedSearch":
        """Whose link `token` is. Raises SavedSearch.DoesNotExist for a forged one, and for what is forgotten."""
        return behind(self.exclude(pk__in=self.to_forget().values("pk")), token)

    def work_off(self, now: datetime.datetime | None = None) -> int:
        """Write to whom there is something new for, and forget what nobody confirmed; returns how many letters."""
        self.filter(pk__in=list(self.to_forget(now).values_list("pk", flat=True))).erase()
        return sum(one.tell(now=now) for one in list(self.to_tell(now).order_by("told_at")[:500]))


class SavedSearch(Linked, models.Model):
    email = models.EmailField(_("e-mail address"), max_length=254, db_index=True)
    asked = models.CharField(_("search"), max_length=1000)
    language = models.CharField(_("letters in"), max_length=12, choices=settings.LANGUAGES)
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)
    told_at = models.DateTimeField(_("asked last"), null=True, db_index=True)
    nonce = models.CharField(max_length=16, default=new_nonce, editable=False)

    objects = SavedSearchManager()

    class Meta:
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.words or str(_("Everything in the legal database"))

    @property
    def words(self) -> str:
        """What is looked for, in one line, for the subject of a letter; "" where only facets were chosen."""
        return Truncator(" ".join(QueryDict(self.asked).get("q", "").split())).chars(80)

    @property
    def salutation(self) -> str:
        return gettext("Good day,")

    @property
    def link(self) -> str:
        """The page on which it is confirmed and ended, in the language of the letters."""
        with override(self.language):
            return settings.SITE_URL + reverse("legal:saved_search", args=[self.token])

    @property
    def results_link(self) -> str:
        with override(self.language):
            return f"{settings.SITE_URL}{reverse('legal:index')}?{self.asked}"

    def confirm(self, *, now: datetime.datetime | None = None) -> None:
        """The address is theirs. Done twice it is done once."""
        now = now or timezone.now()
        type(self).objects.filter(pk=self.pk, confirmed_at=None).update(confirmed_at=now, told_at=now)
        self.refresh_from_db(fields=["confirmed_at", "told_at"])

    @transaction.atomic
    def end(self) -> None:
        """No letter any more, and nothing of it is kept."""
        self.delete()

    @transaction.atomic
    def tell(self, *, now: datetime.datetime | None = None) -> bool:
        """Write a letter with what is new since the last look; whether there was something. One look at a time."""
        now = now or timezone.now()
        since = self.told_at
        if not type(self).objects.filter(pk=self.pk, told_at=since).update(told_at=now):
            return False  # another worker looks already
        works = list(new_since(QueryDict(self.asked), since)[:MOST_TOLD])
        if works:
            Message.objects.post(None, mail.search_alert(self, works), address=self.email, about=self)
        return bool(works)
