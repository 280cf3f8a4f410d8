"""Suggestion: what the focal point of a country says of its law: that one is missing, what is wrong, or which provision
answers to an article. A legal officer takes it over, by the verbs that officers use, or returns it with a reason."""

import copy
import datetime
from dataclasses import dataclass
from hashlib import sha256

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst, slugify
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy
from wagtail.log_actions import log

from contacts.models import Message, Person, User, wording
from contacts.uploads import clean_name, hidden_path
from legal import mail
from legal.models.correspondence import Correspondence, Grade
from legal.models.focal_point import countries_of, person_behind
from legal.models.law import NationalLaw
from legal.models.text import Provision
from network.changes import change
from network.labels import Labels
from network.models import Country
from network.models.facts import told
from network.models.guarded import GuardedQuerySet

# What of a law may be suggested, in the order in which it is asked.
FIELDS = (
    *("title", "number", "form", "dated_on", "in_force_on", "repealed_on", "citation", "url"),
    *("source", "source_url", "as_at"),
)


def suggestion_path(suggestion: "Suggestion", name: str) -> str:
    """Below a folder that nobody can guess; nothing there is handed out without asking who may see it."""
    return hidden_path("suggestions", name)


@dataclass(frozen=True)
class Difference:
    """One field: what the law says now, and what is suggested. `has_moved`: it was changed since."""

    name: str
    label: str
    now: str
    suggested: str
    has_moved: bool


class SuggestionQuerySet(GuardedQuerySet):
    def of_desks(self, desks):
        return self.filter(country__in=Country.objects.of_desks(desks).values("pk"))

    def waiting(self):
        return self.filter(state=Suggestion.State.WAITING)

    def of_countries(self, viewer):
        """Those about the countries for which `viewer` is focal point: whoever else sent them in."""
        return self.filter(country__in=countries_of(viewer).values("pk"))

    def erase(self) -> None:
        """What was said of a law stays; who said it, and in which words, does not."""
        names = [one.file.name for one in self if one.file]
        self.update(person=None, note="", file="", name="", size=0)
        storage = Suggestion._meta.get_field("file").storage
        transaction.on_commit(lambda: [storage.delete(name) for name in names])


class SuggestionManager(models.Manager.from_queryset(SuggestionQuerySet)):
    @transaction.atomic
    def suggest(self, country: Country, kind: str, *, by: User, said=None, file=None, **facts) -> "Suggestion":
        """`by`, a focal point of `country`, suggests a new law with the fields `said`; other values for those of a
        `law`; or that a `provision` answers to a `standard`. `file` is an upload that was looked at. Raises
        ValidationError for who is not its focal point, and where nothing is suggested."""
        if not countries_of(by).filter(pk=country.pk).exists():
            raise ValidationError(_("You are no focal point of this country."))
        found = self.model(country=country, kind=kind, person=person_behind(by), **facts)
        found.guard(said or {}, file)
        found.proposed = {name: _kept(name, value) for name, value in found._new(said or {}).items()}
        found.before = {name: _kept(name, getattr(found.law, name)) for name in found.proposed if found.law}
        if file:
            found.name, found.size = clean_name(file.name), file.size
            found.file.save(found.name, file, save=False)
        found.save()
        log(found, "legal.suggestion.suggest", user=by, data={"kind": kind})
        return found


class Suggestion(models.Model):
    class Kind(models.TextChoices):
        LAW = "LAW", _("A new law")
        CORRECTION = "CORRECTION", _("A correction")
        CITATION = "CITATION", _("A provision that answers to an article")

    class State(models.TextChoices):
        WAITING = "WAITING", pgettext_lazy("a suggestion", "Waits for an answer")
        ACCEPTED = "ACCEPTED", pgettext_lazy("a suggestion", "Accepted")
        RETURNED = "RETURNED", pgettext_lazy("a suggestion", "Returned")

    country = models.ForeignKey(Country, models.PROTECT, verbose_name=_("country"), related_name="suggestions")
    person = models.ForeignKey(
        Person, models.SET_NULL, verbose_name=_("suggested by"), related_name="suggestions", null=True
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    law = models.ForeignKey(
        NationalLaw, models.PROTECT, verbose_name=_("law"), related_name="suggestions", null=True, blank=True
    )
    standard = models.ForeignKey(Provision, models.PROTECT, related_name="+", null=True, blank=True)
    provision = models.ForeignKey(Provision, models.PROTECT, related_name="+", null=True, blank=True)
    proposed = models.JSONField(_("what is suggested"), default=dict)
    before = models.JSONField(default=dict, editable=False)
    note = models.TextField(_("note"), max_length=5000, blank=True)
    file = models.FileField(_("file"), upload_to=suggestion_path, max_length=400, blank=True)
    name = models.CharField(_("name of the file"), max_length=200, blank=True)
    size = models.PositiveIntegerField(_("size"), default=0)
    suggested_at = models.DateTimeField(_("suggested"), default=timezone.now)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    answered_by = models.ForeignKey(
        User, models.SET_NULL, verbose_name=_("answered by"), related_name="+", null=True, blank=True
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answer = models.TextField(_("answer"), max_length=2000, blank=True)

    objects = SuggestionManager()

    class Meta:
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")
        ordering = ["-suggested_at", "-pk"]
        indexes = [models.Index(fields=["state", "country"], name="suggestion_waiting")]

    def __str__(self) -> str:
        return f"{self.country}: {self.what}"

    @property
    def what(self) -> str:
        """What it is about, in a few words."""
        if self.kind == self.Kind.LAW and self.law is None:
            return str(Labels.of(self.proposed.get("title")))
        return str(self.law or self.get_kind_display())

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING

    @property
    def link(self) -> str:
        """The page of the focal point, in the language of letters."""
        with override(self.person.language if self.person else settings.LANGUAGE_CODE):
            return settings.SITE_URL + reverse("legal:portal")

    def guard(self, said: dict, file) -> None:
        """Raises ValidationError where nothing is suggested, or something of another country's law."""
        if self.law and self.law.country_id != self.country_id:
            raise ValidationError(_("This is the law of another country."))
        if self.kind == self.Kind.CITATION:
            self._guard_citation()
        elif self.kind == self.Kind.LAW and not Labels.of(said.get("title")):
            raise ValidationError(_("Say what the law is called."))
        elif self.kind == self.Kind.CORRECTION and not (self._new(said) or self.note.strip() or file):
            raise ValidationError(_("Nothing differs from what is here. Change something, add a file or a word."))

    def _guard_citation(self) -> None:
        if not (self.standard and self.provision):
            raise ValidationError(_("Choose the article, and the provision that answers to it."))
        if self.law is None or self.provision.work_id != self.law.pk:
            raise ValidationError(_("Choose a provision of the law."))
        country, grade = self.country, Grade.NOT_ASSESSED
        Correspondence(standard=self.standard, provision=self.provision, country=country, grade=grade).guard()

    def _new(self, said: dict) -> dict:
        """Of what was `said`, what the law does not say itself."""
        law = self.law or NationalLaw()
        known = {name: said[name] for name in FIELDS if name in said}
        return {
            name: value
            for name, value in known.items()
            if _kept(name, value) != _kept(name, getattr(law, name)) and (self.law or value)
        }

    def values(self) -> dict[str, object]:
        """What is suggested, as the fields of a law take it."""
        return {name: _field(name).to_python(value) for name, value in self.proposed.items()}

    def differences(self) -> list[Difference]:
        """Field by field, in words: what the law says now, and what is suggested."""
        law = self.law if self.kind == self.Kind.CORRECTION else NationalLaw(form="")
        wanted = copy.copy(law)
        for name, value in self.values().items():
            setattr(wanted, name, value)
        return [
            Difference(
                name,
                str(capfirst(_field(name).verbose_name)),
                wording.wording(law, _field(name)),
                wording.wording(wanted, _field(name)),
                bool(self.before) and _kept(name, getattr(law, name)) != self.before[name],
            )
            for name in FIELDS
            if name in self.proposed
        ]

    def said(self) -> list[tuple[str, str]]:
        """What was suggested, as labels and words, for who asks what is held of them."""
        return [(one.label, one.suggested) for one in self.differences()]

    @property
    def seal(self) -> str:
        """Of what the law says now: whoever accepts has seen this."""
        said = "".join(f"{one.name}={one.now};" for one in self.differences())
        return sha256(said.encode()).hexdigest()[:16]

    @transaction.atomic
    def accept(self, *, by: User, fields=None, answer: str = "", seal: str = "") -> None:
        """Take it over: of a law the `fields` that are named (all). A new law is a draft; a provision that answers to
        an article waits for its grade and its review, as if `by` had noted it. Its writer gets a letter. Raises
        ValidationError where it was answered already, where the law was changed since `by` looked (`seal`), and where
        what is suggested cannot be."""
        self._hold()
        if seal and seal != self.seal:
            raise ValidationError(_("The law has been changed meanwhile. Look at the differences again."))
        chosen = {name: value for name, value in self.values().items() if fields is None or name in fields}
        {"LAW": self._add_law, "CORRECTION": self._correct, "CITATION": self._cite}[self.kind](chosen, by)
        self._answer(self.State.ACCEPTED, answer, by)
        self._write(mail.suggestion_accepted)
        log(self, "legal.suggestion.accept", user=by, data={"fields": sorted(chosen)})

    @transaction.atomic
    def return_with(self, reason: str, *, by: User) -> None:
        """It is not taken over, for the `reason`, which its writer reads in a letter. Raises ValidationError without
        one, and where it was answered already."""
        if not reason.strip():
            raise ValidationError(_("Say why: the focal point reads it."))
        self._hold()
        self._answer(self.State.RETURNED, reason, by)
        self._write(mail.suggestion_returned)
        log(self, "legal.suggestion.return", user=by, data={"answer": self.answer})

    def _add_law(self, chosen: dict, by: User) -> None:
        if "title" not in chosen:
            raise ValidationError(_("A law needs its title."))
        law = NationalLaw(country=self.country, owner=by, **chosen)
        law.slug = free_slug(self.country, law.title)
        law.full_clean(exclude=["topics"])
        law.save()
        log(law, "wagtail.create", user=by, data={"changes": _changes(None, law, chosen)})
        self.law = law

    def _correct(self, chosen: dict, by: User) -> None:
        if not chosen:
            return  # a word, or a file: the officer has read it
        before = copy.copy(self.law)
        for name, value in chosen.items():
            setattr(self.law, name, value)
        self.law.full_clean()
        self.law.save(update_fields=list(chosen))
        log(self.law, "wagtail.edit", user=by, data={"changes": _changes(before, self.law, chosen)})

    def _cite(self, _chosen: dict, by: User) -> None:
        said = {"rationale": self.note[:5000], "provision": self.provision}
        Correspondence.objects.assess(self.standard, Grade.NOT_ASSESSED, by=by, **said)

    def _hold(self) -> None:
        self.refresh_from_db(fields=["state"], from_queryset=Suggestion.objects.select_for_update())
        if not self.is_waiting:
            raise ValidationError(_("This suggestion was answered already."))
        if self.law:
            self.law.refresh_from_db()

    def _answer(self, state: str, words: str, by: User) -> None:
        self.state, self.answer, self.answered_by, self.answered_at = state, words.strip(), by, timezone.now()
        self.save()

    def _write(self, letter) -> None:
        if self.person and self.person.address:
            Message.objects.post(self.person, letter(self), about=self)


def free_slug(country: Country, title: Labels) -> str:
    """The short name of a new law that no other has."""
    bare = f"{country.code.lower()}-{slugify(title.in_language('en'))[:90] or 'law'}".strip("-")
    slug, number = bare, 1
    while NationalLaw.work_ptr.field.related_model.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{bare}-{number}"
    return slug


def _field(name: str) -> models.Field:
    return NationalLaw._meta.get_field(name)


def _kept(name: str, value: object) -> object:
    """`value` of a field as JSON keeps it."""
    if isinstance(value, datetime.date):
        return value.isoformat()
    return dict(Labels.of(value)) if name == "title" else value


def _changes(before: NationalLaw | None, after: NationalLaw, names) -> list[list]:
    """For the history, as a form of the desk keeps it."""
    return [
        change(_field(name).verbose_name, told(before, name) if before else "", told(after, name)) for name in names
    ]
