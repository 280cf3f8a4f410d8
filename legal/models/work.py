"""Work: what a legal text is a text of, whatever the language and the day: a treaty, a law, a model law, a case.

The terms are those of FRBR as Akoma Ntoso 3.0 uses them: a Work is expressed by Expressions, and has Provisions."""

import datetime
from itertools import count

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from contacts.models import User
from legal.models.search import SearchEntry
from legal.models.sourced import Sourced, SourcedQuerySet
from legal.text_formats.citing import Cited
from network.labels import Labels, LabelsField
from network.models import Country, Topic
from network.names import fold

MOST_LETTERS = 90  # of a short name that is made of a title
READS_DRAFTS = "legal.view_work"  # whoever has this permission sees what is not published yet


class WorkQuerySet(SourcedQuerySet):
    def visible_to(self, viewer):
        """Those that are published; all for who reads drafts. `viewer` is a user, or AnonymousUser."""
        return self if viewer.has_perm(READS_DRAFTS) else self.published()

    def published(self):
        return self.filter(is_published=True)

    def matching(self, words: str):
        """Those whose title, number or short name has each of the `words`, in any language and script."""
        found = self
        for word in fold(words).split():
            found = found.filter(search_text__contains=word)
        return found

    def newest_first(self):
        return self.order_by(models.F("dated_on").desc(nulls_last=True), "-pk")

    def of_uri(self, uri: str) -> "Work | None":
        """The one that Akoma Ntoso calls so: as a text of it says, or as we write it."""
        if not uri:
            return None
        if found := self.filter(expressions__uri=uri).first():
            return found
        doctype, _day, slug, *_rest = [*uri.removeprefix("/akn/").split("/")[1:], "", "", ""]
        return next((work for work in self.filter(slug=slug[:120]) if work.uri(doctype) == uri), None)

    def free_slug(self, words: str) -> str:
        """A short name for the address of a new one."""
        wanted = slugify(fold(words))[:MOST_LETTERS].strip("-") or "text"
        taken = set(self.filter(slug__startswith=wanted).values_list("slug", flat=True))
        numbered = (f"{wanted}-{number}" for number in count(2))
        return wanted if wanted not in taken else next(slug for slug in numbered if slug not in taken)


WorkManager = models.Manager.from_queryset(WorkQuerySet)


class Work(Sourced):
    class Kind(models.TextChoices):
        INSTRUMENT = "INSTRUMENT", _("Instrument")
        LAW = "LAW", _("National law")
        MODEL = "MODEL", _("Model law")
        CASE = "CASE", _("Case study")

    kind = models.CharField(_("kind of work"), max_length=10, choices=Kind, editable=False)
    slug = models.SlugField(
        _("short name"), max_length=120, unique=True, help_text=_("Part of its address, which never changes.")
    )
    title = LabelsField(_("title"))
    short_title = LabelsField(_("short title"), blank=True, help_text=_("What it is called in a table or a sentence."))
    number = models.CharField(_("number"), max_length=60, blank=True)
    country = models.ForeignKey(
        Country, models.PROTECT, verbose_name=_("country"), related_name="works", null=True, blank=True
    )
    dated_on = models.DateField(
        pgettext_lazy("of a law", "date"), null=True, blank=True, help_text=_("Of its adoption, assent or decision.")
    )
    topics = models.ManyToManyField(Topic, verbose_name=_("topics"), related_name="works", blank=True)
    instruments = models.ManyToManyField(
        "legal.Instrument",
        verbose_name=_("instruments"),
        related_name="works",
        blank=True,
        help_text=_("Which it puts into practice, or in which case they were applied."),
    )
    owner = models.ForeignKey(
        User,
        models.SET_NULL,
        verbose_name=_("owner"),
        related_name="+",
        null=True,
        blank=True,
        help_text=_("Who of us keeps it; what is to be checked again comes to them."),
    )
    is_published = models.BooleanField(_("published"), default=False, editable=False)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)
    search_text = models.TextField(editable=False, blank=True)

    objects = WorkManager()

    class Meta:
        verbose_name = _("legal text")
        verbose_name_plural = _("legal texts")
        ordering = ["-dated_on", "-pk"]
        indexes = [models.Index(fields=["kind", "-dated_on"]), models.Index(fields=["country", "kind"])]

    def __str__(self) -> str:
        return str(self.short_title or self.title)

    def save(self, *args, **kwargs):
        kind = KINDS.get(type(self).__name__)
        self.kind = kind or self.kind
        self.search_text = fold(*self.title.values(), *self.short_title.values(), self.number, self.slug)
        if (fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {
                *fields,
                *({"search_text"} if {"title", "short_title", "number"} & {*fields} else ()),
            }
        super().save(*args, **kwargs)
        SearchEntry.objects.keep(self)

    def of_its_kind(self) -> "Work":
        """Itself as the instrument, law, model law or case that it is."""
        return getattr(self, CHILDREN[self.kind]) if type(self) is Work else self

    def own_words(self) -> Labels:
        """What is to be found of it beside its title and its texts, in each language."""
        return Labels()

    def in_force_between(self) -> tuple[datetime.date | None, datetime.date | None]:
        """From when until when it is law, as far as it is known."""
        return None, None

    def get_absolute_url(self) -> str:
        return reverse(f"legal:{ADDRESSES[self.kind]}", args=[self.slug])

    @property
    def model_name(self) -> str:
        """The model of its kind, as addresses of the admin name it."""
        return next(name.lower() for name, kind in KINDS.items() if kind == self.kind)

    @property
    def name(self) -> str:
        """What it is called in the reader's language."""
        return str(self.short_title or self.title)

    def uri(self, doctype: str = "act") -> str:
        """What Akoma Ntoso calls it (Naming Convention, section 4.4), where no file said it otherwise."""
        day = self.dated_on.isoformat() if self.dated_on else "nn"
        return f"/akn/{(self.country_id or 'un').lower()}/{doctype}/{day}/{self.slug}/!main"

    def expression_in(self, language: str | None = None, on: datetime.date | None = None):
        """Its text as it reads on the day `on` (the newest), in `language` (the reader's), else in an authentic one,
        else in English, else in whatever there is; None where there is none."""
        language = language or (get_language() or "en").split("-")[0]
        texts = [one for one in self.expressions.all() if on is None or one.valid_on <= on]
        newest = {}
        for one in sorted(texts, key=lambda text: text.valid_on):
            newest[one.language] = one
        return min(newest.values(), key=lambda text: text.remoteness(language), default=None)

    def cited(self, text=None) -> Cited:
        """What a citation says of it, and of one of its texts, in the active language."""
        facts = {} if text is None else text.cited_facts()
        return Cited(
            key=self.slug,
            kind=self.kind,
            site=settings.SITE_NAME,
            number=self.number,
            country=str(self.country or ""),
            country_code=self.country_id or "",
            dated_on=self.dated_on.isoformat() if self.dated_on else "",
            source=self.source,
            topics=tuple(str(topic) for topic in self.topics.all()),
            **{"title": str(self.title), "url": f"{settings.SITE_URL}{self.get_absolute_url()}", **facts},
            **self.own_facts(),
        )

    def own_facts(self) -> dict[str, str]:
        """What only this kind of work has to be cited."""
        return {}

    @transaction.atomic
    def publish(self, *, by: User) -> None:
        """Everybody may read it from now on."""
        self.is_published, self.published_at = True, self.published_at or timezone.now()
        self.save(update_fields=["is_published", "published_at"])
        log(self, "legal.work.publish", user=by)

    @transaction.atomic
    def withdraw(self, *, by: User) -> None:
        """A draft again: readers do not find it any more."""
        self.is_published = False
        self.save(update_fields=["is_published"])
        log(self, "legal.work.withdraw", user=by)


KINDS = {
    "Instrument": Work.Kind.INSTRUMENT,
    "NationalLaw": Work.Kind.LAW,
    "ModelLaw": Work.Kind.MODEL,
    "CaseStudy": Work.Kind.CASE,
}
# Kind -> by which name a work knows its own record of that kind.
CHILDREN = {"INSTRUMENT": "instrument", "LAW": "nationallaw", "MODEL": "modellaw", "CASE": "casestudy"}
ADDRESSES = {"INSTRUMENT": "instrument", "LAW": "law", "MODEL": "model_law", "CASE": "case"}
