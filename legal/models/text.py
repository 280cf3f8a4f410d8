"""Texts: an Expression is a work in a language as it reads from a day on; a Provision is a place of the work whose
anchor is the same in every language and version; a Passage is what an expression says there."""

import datetime
from collections.abc import Iterator

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from contacts.models import User
from legal import words
from legal.models.search import SearchEntry, WordsField
from legal.models.sourced import Sourced, SourcedQuerySet
from legal.models.work import Work
from legal.text_formats.comparing import compared
from legal.text_formats.languages import name_of
from legal.text_formats.plain import plain
from legal.texts import Node, Text, tree
from legal.words import Place
from network.labels import RIGHT_TO_LEFT, language_name

BATCH = 1000
MOST_LETTERS = 250  # of an anchor and of a number


class ExpressionQuerySet(SourcedQuerySet):
    def visible_to(self, viewer):
        return self.filter(work__in=Work.objects.visible_to(viewer).values("pk"))

    def newest(self):
        """Those that are the last of their work in their language."""
        beside = self.model.objects.filter(work=models.OuterRef("work"), language=models.OuterRef("language"))
        return self.exclude(models.Exists(beside.filter(valid_on__gt=models.OuterRef("valid_on"))))


class ExpressionManager(models.Manager.from_queryset(ExpressionQuerySet)):
    @transaction.atomic
    def record(self, work: Work, text: Text, *, by: User | None, valid_on: datetime.date, **facts) -> "Expression":
        """Keep `text` as an expression of `work` from `valid_on` on; `facts` are its other fields. Raises
        ValidationError where there is one of that language and day already, or two provisions have the same anchor."""
        expression = self.model(
            work=work,
            language=text.language,
            valid_on=valid_on,
            title=text.title,
            doctype=text.doctype,
            uri=text.uri,
            meta=text.meta,
            opening=text.opening,
            body=text.body,
            **facts,
        )
        expression.full_clean()
        expression.save()
        expression.write(text)
        data = {"language": text.language, "valid_on": valid_on.isoformat()}
        log(work, "legal.expression.record", user=by, data=data)
        return expression


class Expression(Sourced):
    class Authenticity(models.TextChoices):
        AUTHENTIC = "AUTHENTIC", _("Authentic text")
        OFFICIAL = "OFFICIAL", _("Official translation")
        UNOFFICIAL = "UNOFFICIAL", _("Unofficial translation")
        MACHINE = "MACHINE", _("Machine translation")

    work = models.ForeignKey(Work, models.CASCADE, verbose_name=_("work"), related_name="expressions")
    language = models.CharField(_("language"), max_length=10, help_text=_("ISO 639: en, fr, es, ar, ..."))
    authenticity = models.CharField(
        _("authenticity"), max_length=10, choices=Authenticity, default=Authenticity.AUTHENTIC
    )
    valid_on = models.DateField(_("reads so from"), help_text=_("The day from which on the text reads so."))
    label = models.CharField(_("name of the version"), max_length=100, blank=True)
    title = models.CharField(_("title"), max_length=1500, blank=True)
    doctype = models.CharField(max_length=40, default="act", editable=False)
    uri = models.CharField(max_length=500, blank=True, editable=False)
    # As the file said it: the metadata, and the start tags of the document and its body where they say more.
    meta = models.TextField(blank=True, editable=False)
    opening = models.TextField(blank=True, editable=False)
    body = models.TextField(blank=True, editable=False)
    recorded_at = models.DateTimeField(_("recorded"), auto_now_add=True)

    objects = ExpressionManager()

    class Meta:
        verbose_name = _("text in a language")
        verbose_name_plural = _("texts in languages")
        ordering = ["work", "language", "-valid_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["work", "language", "valid_on"],
                name="expression_of_a_language_and_day",
                violation_error_message=_("There is a text in that language from that day on already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.work} ({language_name(self.language)}, {self.valid_on})"

    def get_absolute_url(self) -> str:
        """Its page: that language, as it read on its day."""
        return f"{self.work.get_absolute_url()}?language={self.language}&on={self.valid_on.isoformat()}"

    @property
    def language_name(self) -> str:
        return name_of(self.language)

    def cited_facts(self) -> dict[str, str]:
        """What a citation says of it beside its work."""
        title = self.title or self.work.title.in_language(self.language)
        return {
            "title": title,
            "url": f"{settings.SITE_URL}{self.get_absolute_url()}",
            "language": self.language,
            "valid_on": self.valid_on.isoformat(),
            "authenticity": self.authenticity,
            "authenticity_label": str(self.get_authenticity_display()),
            "uri": self.uri,
        }

    @property
    def direction(self) -> str:
        return "rtl" if self.language.split("-")[0] in RIGHT_TO_LEFT else "ltr"

    @property
    def is_authentic(self) -> bool:
        return self.authenticity == self.Authenticity.AUTHENTIC

    def remoteness(self, language: str) -> tuple:
        """How far from what a reader of `language` wants; the smallest is shown."""
        return (self.language != language, not self.is_authentic, self.language != "en", self.language)

    @transaction.atomic
    def delete(self, *args, **kwargs):
        deleted = super().delete(*args, **kwargs)
        SearchEntry.objects.keep(self.work)
        return deleted

    @transaction.atomic
    def write(self, text: Text) -> None:
        """Let it say `text`. Provisions of the work that exist keep their place, whatever refers to them. Raises
        ValidationError where two provisions have the same anchor; then nothing is changed."""
        nodes = list(text.walk())
        self._refuse_doubles([node.eid for _depth, node in nodes])
        self._refuse_long([node for _depth, node in nodes])
        places = Provision.objects.places(self.work, [node for _depth, node in nodes])
        self.passages.all().delete()
        rows = [
            Passage.saying(node, self, provision_id=places[node.eid], position=position, depth=depth)
            for position, (depth, node) in enumerate(nodes)
        ]
        Passage.objects.bulk_create(rows, batch_size=BATCH)
        SearchEntry.objects.keep(self.work)

    @transaction.atomic
    def replace(self, text: Text, *, by: User | None, changes: int = 0) -> None:
        """It says `text` from now on, and what it came with is that of `text`."""
        self.title, self.doctype, self.uri = text.title or self.title, text.doctype, text.uri or self.uri
        self.meta, self.opening, self.body = text.meta, text.opening, text.body
        self.save(update_fields=["title", "doctype", "uri", "meta", "opening", "body"])
        self.write(text)
        log(self, "legal.expression.replace", user=by, data={"changes": changes})

    @transaction.atomic
    def correct(self, text: Text, *, by: User, what: str, eid: str) -> None:
        """It says `text` from now on, in which somebody did `what` to the provision `eid` by hand."""
        told = [
            {name: getattr(one, name) for name in ("what", "eid", "before", "after")}
            for one in compared(self.as_text(), text)
        ]
        self.write(text)
        log(self, "legal.expression.correct", user=by, data={"what": what, "eid": eid, "changes": told})

    def _refuse_doubles(self, anchors: list[str]) -> None:
        seen: set[str] = set()
        twice = sorted({one for one in anchors if one in seen or seen.add(one)})
        if twice:
            sentence = _("Two provisions have the same anchor: %(anchors)s.")
            raise ValidationError(sentence % {"anchors": ", ".join(twice[:5])})

    def _refuse_long(self, nodes: list[Node]) -> None:
        long = next((one for one in nodes if max(len(one.eid), len(one.number)) > MOST_LETTERS), None)
        if long is not None:
            sentence = _("The anchor or the number of a provision is too long: %(start)s…")
            raise ValidationError(sentence % {"start": max(long.eid, long.number, key=len)[:60]})

    def as_text(self) -> Text:
        """What it says, as a tree. One query."""
        work = self.work
        rows = self.passages.select_related("provision").order_by("position")
        return Text(
            **{name: getattr(self, name) for name in ("language", "doctype", "meta", "opening", "body")},
            title=self.title or work.title.in_language(self.language),
            uri=self.uri or work.uri(self.doctype),
            valid_on=self.valid_on.isoformat(),
            nodes=tree([(row.depth, row.as_node()) for row in rows]),
            country=work.country_id or "",
            dated_on=work.dated_on.isoformat() if work.dated_on else "",
            number=work.number,
        )


class ProvisionManager(models.Manager):
    def places(self, work: Work, nodes: list[Node]) -> dict[str, int]:
        """Anchor -> key of the provision of `work` there, for each of `nodes`; those that are new are made."""
        known = dict(self.filter(work=work).values_list("eid", "pk"))
        new = {node.eid: node.kind for node in nodes if node.eid not in known}
        rows = [Provision(work=work, eid=eid, kind=kind) for eid, kind in new.items()]
        return known | {one.eid: one.pk for one in self.bulk_create(rows, batch_size=BATCH)}


class Provision(models.Model):
    work = models.ForeignKey(Work, models.CASCADE, verbose_name=_("work"), related_name="provisions")
    eid = models.CharField(_("anchor"), max_length=MOST_LETTERS)
    kind = models.CharField(_("kind of provision"), max_length=40)

    objects = ProvisionManager()

    class Meta:
        verbose_name = _("provision")
        verbose_name_plural = _("provisions")
        ordering = ["work", "pk"]
        constraints = [models.UniqueConstraint(fields=["work", "eid"], name="provision_has_its_own_anchor")]

    def __str__(self) -> str:
        return f"{self.work}, {self.eid}"

    def get_absolute_url(self) -> str:
        return f"{self.work.get_absolute_url()}#{self.eid}"


class PassageQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        works = Work.objects.visible_to(viewer).values("pk")
        return self.filter(expression__work__in=works)

    def in_order(self):
        return self.order_by("position")


class Passage(models.Model):
    expression = models.ForeignKey(Expression, models.CASCADE, related_name="passages")
    provision = models.ForeignKey(Provision, models.CASCADE, related_name="passages")
    position = models.PositiveIntegerField()  # in the order of the text; with the depths it is the tree
    depth = models.PositiveSmallIntegerField(default=0)
    number = models.CharField(_("number"), max_length=MOST_LETTERS, blank=True)
    heading = models.TextField(_("heading"), blank=True)
    content = models.TextField(blank=True)  # its own blocks, as Akoma Ntoso
    after = models.TextField(blank=True)
    opening = models.TextField(blank=True)
    text = models.TextField(_("text"), blank=True, editable=False)  # the same in plain words
    words = WordsField(default="", editable=False)  # and as the search finds them

    objects = models.Manager.from_queryset(PassageQuerySet)()

    class Meta:
        verbose_name = _("passage")
        verbose_name_plural = _("passages")
        ordering = ["expression", "position"]
        constraints = [
            models.UniqueConstraint(fields=["expression", "position"], name="passage_at_its_place"),
            models.UniqueConstraint(fields=["expression", "provision"], name="passage_of_a_provision"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Number and heading in one line."""
        return " ".join(filter(None, [self.number, self.heading]))

    @classmethod
    def saying(cls, node: Node, expression: Expression, **place) -> "Passage":
        """An unsaved one of `expression` that says what `node` says itself."""
        text = "\n".join(filter(None, [plain(node.content), plain(node.after)]))
        said = {name: getattr(node, name) for name in ("number", "heading", "content", "after", "opening")}
        one = cls(expression=expression, text=text, **said, **place)
        one.words = list(one.places(expression.language))
        return one

    def places(self, language: str) -> Iterator[Place]:
        """Its words, as the search finds them."""
        yield from words.places(self.label, language, is_title=True)
        yield from words.places(self.text, language)

    def as_node(self) -> Node:
        words = (self.number, self.heading, self.content, self.after)
        return Node(self.provision.kind, self.provision.eid, *words, opening=self.opening)
