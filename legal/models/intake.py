"""Intake: texts that somebody has uploaded to be taken in at once, each with what it would change; they wait until they
are applied or discarded, and then they go."""

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _n
from wagtail.log_actions import log

from contacts.models import User
from contacts.uploads import clean_name
from legal.models.case import CaseStudy
from legal.models.foreseen import TextAccount
from legal.models.instrument import Instrument
from legal.models.law import NationalLaw
from legal.models.model_law import ModelLaw
from legal.models.text import Expression
from legal.models.work import Work
from legal.text_formats.comparing import compared, digest
from legal.text_formats.languages import name_of
from legal.text_formats.opening import read_texts
from legal.texts import Text, Unreadable, restored, stored
from network.labels import Labels
from network.models import Country
from network.sentences import Sentence, kept

KEPT = datetime.timedelta(days=14)  # so long they wait
MODELS = {
    Work.Kind.INSTRUMENT: Instrument,
    Work.Kind.LAW: NationalLaw,
    Work.Kind.MODEL: ModelLaw,
    Work.Kind.CASE: CaseStudy,
}
HOUSE = dict(settings.LANGUAGES)
OF_COUNTRIES = (Work.Kind.LAW, Work.Kind.CASE)  # these are of one country


class IntakeQuerySet(models.QuerySet):
    def to_forget(self, now: datetime.datetime | None = None):
        """Those that have waited too long."""
        return self.filter(received_at__lt=(now or timezone.now()) - KEPT)

    def newest_first(self):
        return self.order_by("-received_at", "-pk")


class IntakeManager(models.Manager.from_queryset(IntakeQuerySet)):
    @transaction.atomic
    def receive(self, uploads: Iterable, *, by: User, kind: str = "LAW", work: Work | None = None, **said) -> "Intake":
        """Keep what is in `uploads`, with what it would change: texts of `work`, or of works that they name themselves,
        or of new ones of that kind. `said` (language, valid_on, country, authenticity, label, source, source_url,
        as_at) is taken where a file does not say it. Raises ValidationError with a sentence for each file that cannot
        be read; then none is kept."""
        read, wrong = [], []
        for upload in uploads:
            name = clean_name(upload.name)
            try:
                read += [(name, text) for text in read_texts(upload.read(), name, said.get("language", ""))]
            except Unreadable as error:
                wrong.append(_("“%(file)s”: %(reason)s") % {"file": name, "reason": error.sentence})
        if wrong:
            raise ValidationError(wrong)
        source = {name: said[name] for name in ("source", "source_url", "as_at") if said.get(name)}
        intake = self.create(by=by, kind=work.kind if work else kind, work=work, **source)
        for name, text in read:
            intake.texts.keep(name, text, said)
        intake.look_again()
        log(intake, "legal.intake.receive", user=by, data={"files": sorted({name for name, _text in read})})
        return intake

    def forget_old(self) -> int:
        """Those that nobody applied go; returns how many."""
        return len([old.delete() for old in self.to_forget()])


class Intake(models.Model):
    kind = models.CharField(gettext_lazy("kind of new works"), max_length=10, choices=Work.Kind, default=Work.Kind.LAW)
    work = models.ForeignKey(Work, models.CASCADE, related_name="+", null=True, blank=True)
    source = models.CharField(gettext_lazy("source"), max_length=300, blank=True)
    source_url = models.URLField(gettext_lazy("address of the source"), max_length=500, blank=True)
    as_at = models.DateField(gettext_lazy("as at"), null=True, blank=True)
    by = models.ForeignKey(User, models.SET_NULL, related_name="+", null=True, editable=False)
    received_at = models.DateTimeField(gettext_lazy("uploaded"), default=timezone.now, editable=False)

    objects = IntakeManager()

    class Meta:
        verbose_name = gettext_lazy("import of texts")
        verbose_name_plural = gettext_lazy("imports of texts")
        ordering = ["-received_at", "-pk"]

    def __str__(self) -> str:
        return ", ".join(dict.fromkeys(self.texts.values_list("file_name", flat=True)[:5]))

    @property
    def facts(self) -> dict[str, object]:
        """Where its texts come from."""
        return {name: getattr(self, name) for name in ("source", "source_url", "as_at")}

    @transaction.atomic
    def look_again(self) -> None:
        """Compare its texts with what is recorded now: they are taken, told of, and put back."""
        with transaction.atomic():
            told = self._take_all(by=self.by)
            transaction.set_rollback(True)
        for text, account in told:
            text.foreseen = account.as_json()
        IncomingText.objects.bulk_update([text for text, _account in told], ["foreseen"])

    @transaction.atomic
    def apply(self, *, by: User) -> int:
        """Take what was looked through, and nothing else; returns how many texts are recorded or replaced by it. Raises
        ValidationError where something is missing, or what is recorded has changed since."""
        told = self._take_all(by=by)
        if not told:
            raise ValidationError(_("There is nothing to import any more."))
        if wrong := [said for text, account in told for said in account.sentences(text.file_name)]:
            raise ValidationError(wrong)
        if any(text.foreseen != account.as_json() for text, account in told):
            raise ValidationError(
                _("What is recorded has changed since. Compare once more, and look what is different.")
            )
        log(self, "legal.intake.apply", user=by, data={"texts": len(told)})
        self.delete()
        return sum(account.writes(text.replaces) for text, account in told)

    @transaction.atomic
    def discard(self, *, by: User) -> None:
        """Take nothing in."""
        log(self, "legal.intake.discard", user=by)
        self.delete()

    def _take_all(self, *, by: User | None) -> list[tuple["IncomingText", TextAccount]]:
        """Oldest first, so that each version is compared with the one before it."""
        works: dict[str, Work] = {}
        seen: dict[tuple, IncomingText] = {}
        found = []
        for text in sorted(self.texts.all(), key=lambda one: (one.text.valid_on, one.position)):
            same = seen.setdefault((text.key, text.text.language, text.text.valid_on), text)
            found.append((text, text.double(same) if same is not text else text.take(works, by=by)))
        return found


class IncomingTextManager(models.Manager):
    def keep(self, name: str, text: Text, answers: dict) -> "IncomingText":
        """Called on an intake. Where the file does not say a fact, that of the `answers` holds."""
        for fact in ("language", "valid_on", "country"):
            if not getattr(text, fact) and answers.get(fact):
                setattr(text, fact, str(answers[fact]))
        facts = {fact: answers[fact] for fact in ("authenticity", "label") if answers.get(fact)}
        return self.create(file_name=name, position=self.count(), said=stored(text), **facts)


class IncomingText(models.Model):
    """A text in one language, read from a file, with what taking it would do."""

    intake = models.ForeignKey(Intake, models.CASCADE, related_name="texts")
    position = models.PositiveIntegerField(default=0)
    file_name = models.CharField(max_length=200)
    said = models.JSONField(default=dict)
    authenticity = models.CharField(
        max_length=10, choices=Expression.Authenticity, default=Expression.Authenticity.AUTHENTIC
    )
    label = models.CharField(max_length=100, blank=True)
    replaces = models.BooleanField(default=False)  # what is recorded and reads otherwise
    foreseen = models.JSONField(default=dict)

    objects = IncomingTextManager()

    class Meta:
        verbose_name = gettext_lazy("text to be imported")
        verbose_name_plural = gettext_lazy("texts to be imported")
        ordering = ["intake", "position", "pk"]

    def __str__(self) -> str:
        return self.file_name

    @property
    def text(self) -> Text:
        if "_text" not in self.__dict__:
            self._text = restored(self.said)
        return self._text

    def as_text(self) -> Text:
        return restored(self.said)

    @property
    def language_name(self) -> str:
        return name_of(self.text.language)

    @property
    def sentences(self) -> list[str]:
        """What is wrong with it, for the reader."""
        return self.account.sentences(self.file_name)

    @property
    def account(self) -> TextAccount:
        return TextAccount.from_json(self.foreseen)

    @property
    def key(self) -> str:
        """Texts with the same are of one work."""
        return str(self.intake.work_id or self.text.uri or self.file_name)

    @transaction.atomic
    def answer(self, **facts) -> None:
        """Say of it what its file does not say, or says wrongly: facts of the text or of this row."""
        text = self.as_text()
        for name, value in facts.items():
            setattr(self if name in ("authenticity", "label", "replaces") else text, name, value)
        self._keep(text)

    @transaction.atomic
    def correct(self, text: Text, *, by: User, what: str, eid: str) -> None:
        """It says `text` from now on, which somebody set right by hand."""
        self._keep(text)

    @transaction.atomic
    def leave_out(self) -> None:
        """It is not taken; the others are."""
        intake = self.intake
        self.delete()
        intake.look_again()

    def _keep(self, text: Text) -> None:
        self.said, self.__dict__["_text"] = stored(text), text
        self.save()
        self.intake.look_again()
        self.refresh_from_db(fields=["foreseen"])

    def double(self, other: "IncomingText") -> TextAccount:
        """What is told of it where `other` has the same work, language and day."""
        said = Sentence(_n("It is the same text as “%(file)s”: of that work, language and day."), file=other.file_name)
        return TextAccount(TextAccount.PROBLEM, problems=[kept(said)])

    def take(self, works: dict[str, Work], *, by: User | None) -> TextAccount:
        """Record it, and tell what that changed; `works` are those that the intake has made so far."""
        text = self.text
        if problems := self._problems():
            return TextAccount(TextAccount.PROBLEM, problems=[kept(one) for one in problems])
        day = datetime.date.fromisoformat(text.valid_on)
        work = self.intake.work or works.get(self.key) or Work.objects.of_uri(text.uri)
        is_new = work is None
        if work is None:
            work = works[self.key] = self._new_work(by)
        elif self.key in works:
            self._entitle(work)
        told = {"work": work.slug, "name": kept(work.title), "language": text.language, "valid_on": text.valid_on}
        earlier = work.expressions.filter(language=text.language, valid_on__lte=day).order_by("-valid_on").first()
        if earlier is not None and earlier.valid_on == day:
            return self._meet(earlier, told, by)
        before = earlier.as_text() if earlier else None
        changes = compared(before, text) if before else []
        facts = {**self.intake.facts, "authenticity": self.authenticity, "label": self.label}
        Expression.objects.record(work, text, by=by, valid_on=day, **facts)
        what = TextAccount.NEW_WORK if is_new else TextAccount.NEW_TEXT
        seen = f"{digest(before) if before else ''} {digest(text)}"
        against = earlier.valid_on.isoformat() if earlier else ""
        return TextAccount.of(what, changes, **told, against=against, seen=seen)

    def _meet(self, recorded: Expression, told: dict, by: User | None) -> TextAccount:
        """There is one of that language and day: the same, or another one, which is replaced only if that is wanted."""
        before, text = recorded.as_text(), self.text
        if digest(before) == digest(text):
            return TextAccount(TextAccount.SAME, **told)
        changes = compared(before, text)
        if self.replaces:
            recorded.replace(text, by=by, changes=len(changes))
        seen = f"{digest(before)} {digest(text)}"
        return TextAccount.of(TextAccount.DIFFERS, changes, **told, against=told["valid_on"], seen=seen)

    def _problems(self) -> list[Sentence]:
        text, found = self.text, []
        if not text.language:
            found.append(Sentence(_n("Say in which language it is.")))
        if not text.valid_on:
            found.append(Sentence(_n("Say from which day on it reads so.")))
        if not text.nodes:
            found.append(Sentence(_n("There are no provisions in it.")))
        if len({node.eid for _depth, node in text.walk()}) < sum(1 for _node in text.walk()):
            found.append(Sentence(_n("Two of its provisions have the same anchor.")))
        if self._needs_country() and not text.country:
            found.append(Sentence(_n("Say which country’s law it is.")))
        elif self._needs_country() and not Country.objects.filter(pk=text.country).exists():
            found.append(Sentence(_n("The country “%(code)s” is not one of those that we know."), code=text.country))
        return found

    def _needs_country(self) -> bool:
        is_known = self.intake.work_id or Work.objects.of_uri(self.text.uri) is not None
        return self.intake.kind in OF_COUNTRIES and not is_known

    def _entitle(self, work: Work) -> None:
        """A work that the same upload has made is called as this text calls it, too, in a language of the house; what
        was called English for want of another gives way to English."""
        text = self.text
        is_new = text.language not in work.title
        is_better = text.language == "en" and not work.expressions.filter(language="en").exists()
        if text.title and text.language in HOUSE and (is_new or is_better):
            work.title = Labels({**work.title, text.language: text.title[:1000]})
            work.save(update_fields=["title"])

    def _new_work(self, by: User | None) -> Work:
        text, kind = self.text, self.intake.kind
        title = (text.title or self.file_name.rpartition(".")[0])[:1000]
        language = text.language if text.language in HOUSE else "en"
        facts = {"country_id": text.country or None} if kind in OF_COUNTRIES else {}
        if kind == Work.Kind.LAW and text.doctype == "judgment":
            facts["form"] = NationalLaw.Form.DECISION
        work = MODELS[kind](
            slug=Work.objects.free_slug(f"{facts.get('country_id') or ''} {title}"),
            title=Labels({language: title}),
            number=text.number[:60],
            dated_on=text.dated_on or None,
            owner=by,
            **facts,
            **self.intake.facts,
        )
        work.full_clean()
        work.save()
        log(work, "wagtail.create", user=by)
        return work
