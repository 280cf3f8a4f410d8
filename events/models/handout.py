"""Handout: that somebody took a paper away that is not for everybody: who, when, and which version of it."""

from dataclasses import dataclass
from typing import Protocol

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.models import Person, User
from events import pdf
from events.models.document import DocumentVersion
from events.models.event import Event, person_of


class Paper(Protocol):
    """What can be handed out: a version of a document, or minutes."""

    name: str
    what: str
    is_marked: bool

    def content(self) -> bytes: ...


@dataclass(frozen=True)
class Taker:
    """Who takes papers away: somebody signed in, or the person behind a link."""

    person: Person | None
    user: User | None = None

    @classmethod
    def of(cls, user) -> "Taker":
        """Whoever has signed in, or nobody in particular."""
        return cls(person_of(user), user if user.is_authenticated else None)

    @property
    def viewer(self) -> Person | User | None:
        """Whose sight decides what they may take."""
        return self.user or self.person

    def __str__(self) -> str:
        if self.person:
            return self.person.name
        return (self.user.get_full_name() or self.user.email) if self.user else ""


class HandoutQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        """Those of nobody in particular, and of people whom `viewer` may see."""
        return self.filter(Q(person=None) | Q(person__in=Person.objects.visible_to(viewer).values("pk")))

    def erase(self) -> None:
        """That a paper was taken stays; by whom is forgotten."""
        self.update(person=None, user=None)


class HandoutManager(models.Manager.from_queryset(HandoutQuerySet)):
    def give(self, paper: Paper, event: Event, taker: Taker, now=None) -> bytes:
        """The bytes of `paper` for `taker`: with their name and the time on each page, where it is a PDF that is not
        for everybody; and that they took it is written down. Called where it was asked whether they may."""
        if not paper.is_marked:
            return paper.content()
        now = now or timezone.now()
        content, was_marked = _marked(paper, event, taker, now)
        version = paper if isinstance(paper, DocumentVersion) else None
        self.create(
            event=event,
            version=version,
            what=paper.what[:300],
            person=taker.person,
            user=taker.user,
            at=now,
            was_marked=was_marked,
        )
        return content


class Handout(models.Model):
    event = models.ForeignKey(Event, models.CASCADE, verbose_name=gettext_lazy("event"), related_name="handouts")
    version = models.ForeignKey(
        DocumentVersion,
        models.SET_NULL,
        verbose_name=gettext_lazy("version of a document"),
        related_name="handouts",
        null=True,
    )
    what = models.CharField(gettext_lazy("paper"), max_length=300)  # stays when the paper is taken away
    person = models.ForeignKey(
        Person, models.PROTECT, verbose_name=gettext_lazy("person"), related_name="handouts", null=True
    )
    user = models.ForeignKey(User, models.SET_NULL, verbose_name=gettext_lazy("account"), related_name="+", null=True)
    at = models.DateTimeField(gettext_lazy("taken"), default=timezone.now)
    was_marked = models.BooleanField(gettext_lazy("marked with the name"), default=False)

    objects = HandoutManager()

    class Meta:
        verbose_name = gettext_lazy("handout")
        verbose_name_plural = gettext_lazy("handouts")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.what

    @property
    def taker(self) -> str:
        return str(Taker(self.person, self.user))


def _marked(paper: Paper, event: Event, taker: Taker, now) -> tuple[bytes, bool]:
    """The paper, and whether it carries the name of its reader: what is no PDF, or was taken in before papers were
    marked and cannot be, is as it is."""
    content = paper.content()
    if not content.startswith(b"%PDF-"):
        return content, False
    moment = date_format(now.astimezone(event.zone), "DATETIME_FORMAT")
    words = _("For %(name)s alone · %(moment)s") % {"name": str(taker) or "—", "moment": moment}
    marked = pdf.marked(content, words)
    return (marked, True) if marked else (content, False)
