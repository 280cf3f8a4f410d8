"""Drafting: what a model law explains and leaves open. A Commentary says why a provision is as it is; a DraftingOption
is another way to write it; a NationalDraft is what a country makes of both, with each choice on record."""

import datetime
from dataclasses import replace

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from contacts.models import User
from legal.models.law import NationalLaw
from legal.models.model_law import ModelLaw
from legal.models.text import Expression, Passage, Provision
from legal.texts import Node, Text
from network.labels import Labels, LabelsField
from network.models import Country


class Commentary(models.Model):
    provision = models.OneToOneField(
        Provision, models.CASCADE, verbose_name=_("provision"), related_name="commentary", primary_key=True
    )
    text = LabelsField(_("commentary"), rows=5)

    class Meta:
        verbose_name = _("commentary")
        verbose_name_plural = _("commentaries")

    def __str__(self) -> str:
        return str(self.text)


class DraftingOption(models.Model):
    provision = models.ForeignKey(
        Provision, models.CASCADE, verbose_name=_("provision"), related_name="drafting_options"
    )
    letter = models.CharField(_("letter"), max_length=3, help_text=_("By which it is named: A, B, C."))
    title = LabelsField(_("title"), help_text=_("What sets it apart, in a few words."))
    text = LabelsField(
        _("text"), blank=True, rows=5, help_text=_("What the provision then says. Empty: it is left out.")
    )
    note = LabelsField(_("when it fits"), blank=True, rows=2)

    class Meta:
        verbose_name = _("drafting option")
        verbose_name_plural = _("drafting options")
        ordering = ["provision", "letter"]
        constraints = [
            models.UniqueConstraint(
                fields=["provision", "letter"],
                name="drafting_option_letter",
                violation_error_message=_("The provision has an option of that letter already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.letter}: {self.title}"


class NationalDraftManager(models.Manager):
    @transaction.atomic
    def begin(self, model: ModelLaw, country: Country, language: str, *, by: User) -> "NationalDraft":
        """A draft for `country` after the newest text of `model` in `language`. Raises ValidationError where there is
        none in that language."""
        text = model.expressions.filter(language=language).order_by("-valid_on").first()
        if text is None:
            raise ValidationError(_("The model law has no text in that language yet."))
        draft = self.create(model=model, country=country, expression=text, by=by)
        log(draft, "legal.draft.begin", user=by)
        return draft


class NationalDraft(models.Model):
    model = models.ForeignKey(ModelLaw, models.PROTECT, verbose_name=_("model law"), related_name="drafts")
    country = models.ForeignKey(Country, models.PROTECT, verbose_name=_("country"), related_name="+")
    expression = models.ForeignKey(Expression, models.PROTECT, verbose_name=_("after the text"), related_name="drafts")
    title = LabelsField(_("title"), blank=True, help_text=_("Of the law to be. Empty: that of the model law."))
    law = models.OneToOneField(
        NationalLaw, models.SET_NULL, verbose_name=_("recorded as"), related_name="draft", null=True, editable=False
    )
    by = models.ForeignKey(User, models.SET_NULL, verbose_name=_("begun by"), related_name="+", null=True)
    begun_at = models.DateTimeField(_("begun"), default=timezone.now, editable=False)

    objects = NationalDraftManager()

    class Meta:
        verbose_name = _("national draft")
        verbose_name_plural = _("national drafts")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.country}: {self.title or self.model}"

    def open_questions(self) -> list[Passage]:
        """The passages of the text that may be written in several ways, in their order."""
        options = models.Exists(DraftingOption.objects.filter(provision=models.OuterRef("provision")))
        passages = self.expression.passages.filter(options).select_related("provision")
        return list(passages.prefetch_related("provision__drafting_options").order_by("position"))

    @transaction.atomic
    def choose(self, provision: Provision, option: DraftingOption | None, *, by: User, reason: str = "") -> None:
        """Write `provision` as `option` says; as the model law does where it is None. Raises ValidationError for an
        option of another provision, and once the draft is recorded as a law."""
        if self.law_id:
            raise ValidationError(_("It is recorded as a law already: change the law."))
        if provision.work_id != self.model_id or (option and option.provision_id != provision.pk):
            raise ValidationError(_("This is no option of that provision."))
        facts = {"option": option, "reason": reason.strip(), "by": by, "at": timezone.now()}
        self.choices.update_or_create(provision=provision, defaults=facts)
        data = {"provision": provision.eid, "option": option.letter if option else ""}
        log(self, "legal.draft.choose", user=by, data=data)

    def as_text(self) -> Text:
        """What the law would say: the text of the model law, with what was chosen in its place."""
        chosen = {one.provision.eid: one.option for one in self.choices.select_related("option", "provision")}
        text = self.expression.as_text()
        title = self.title.in_language(text.language) or text.title
        nodes = [found for node in text.nodes if (found := _written(node, chosen, text.language))]
        return replace(text, title=title, nodes=nodes, meta="", uri="")

    @transaction.atomic
    def record(self, slug: str, *, by: User, on: datetime.date | None = None) -> NationalLaw:
        """Make a national law of it, which readers do not see yet, with the text as it was chosen. Raises
        ValidationError where that was done already, or the short name is taken."""
        if self.law_id:
            raise ValidationError(_("It is recorded as a law already: change the law."))
        title = self.title or self.model.title
        law = NationalLaw(slug=slug, title=title, country=self.country, source=str(self.model))
        law.full_clean()
        law.save()
        law.instruments.set(self.model.instruments.all())
        law.topics.set(self.model.topics.all())
        Expression.objects.record(law, self.as_text(), by=by, valid_on=on or timezone.localdate())
        self.law = law
        self.save(update_fields=["law"])
        log(self, "legal.draft.record", user=by)
        return law


class DraftChoice(models.Model):
    draft = models.ForeignKey(NationalDraft, models.CASCADE, related_name="choices")
    provision = models.ForeignKey(Provision, models.CASCADE, verbose_name=_("provision"), related_name="+")
    option = models.ForeignKey(
        DraftingOption, models.PROTECT, verbose_name=_("option"), related_name="choices", null=True, blank=True
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    by = models.ForeignKey(User, models.SET_NULL, verbose_name=_("chosen by"), related_name="+", null=True)
    at = models.DateTimeField(_("chosen"))

    class Meta:
        verbose_name = _("choice of a draft")
        verbose_name_plural = _("choices of drafts")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["draft", "provision"], name="draft_chooses_once")]

    def __str__(self) -> str:
        return str(self.option or _("As in the model law"))


def explained(expression: Expression):
    """The passages of `expression` in their order, each with the commentary and the options of its provision."""
    passages = expression.passages.select_related("provision__commentary").order_by("position")
    return passages.prefetch_related("provision__drafting_options")


def explained_provisions(work) -> models.QuerySet:
    """The provisions of `work` of which something is said beside the text, with what is said."""
    options = models.Exists(DraftingOption.objects.filter(provision=models.OuterRef("pk")))
    found = work.provisions.filter(options | models.Q(commentary__isnull=False))
    return found.select_related("commentary").prefetch_related("drafting_options")


def blocks(text: str) -> str:
    """Plain words, a paragraph a line, as Akoma Ntoso keeps them."""
    return "".join(f"<p>{escape(line)}</p>" for line in text.splitlines() if line.strip())


def _written(node: Node, chosen: dict[str, DraftingOption | None], language: str) -> Node | None:
    """`node` with what was chosen for it and below it; None where it is left out."""
    if option := chosen.get(node.eid):
        words = Labels(option.text).in_language(language)
        return replace(node, content=blocks(words), after="", children=[]) if words else None
    children = [found for child in node.children if (found := _written(child, chosen, language))]
    return replace(node, children=children)
