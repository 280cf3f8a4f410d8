"""ScreeningQuestion: whether somebody whom we know is somebody in a watchlist. The house asks, a person decides, and
nothing else follows from it: nobody is refused, hidden or written to because of a question or its answer."""

import re
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from contacts.models.person import Person
from contacts.models.user import User
from contacts.models.watchlist import Watchlist, WatchlistEntry
from contacts.watchlists import ORGANIZATION, PERSON, Comparison, Facts, Reason
from contacts.watchlists.facts import identifiers, once
from network.changes import change
from network.models import Organization
from network.models.guarded import GuardedQuerySet
from network.sentences import Sentence

Subject = Person | Organization


def with_facts(subjects):
    """`subjects` with everything that their facts are made of."""
    if subjects.model is Organization:
        return subjects.prefetch_related("other_names")
    return subjects.prefetch_related("emails", "affiliations__organization")


def facts_of(subject: Subject) -> Facts:
    """What of a person or an organization is compared with the lists."""
    number = re.split("[/:]", subject.reference or "")[-1]
    if isinstance(subject, Organization):
        names = [subject.name, subject.acronym, *(other.name for other in subject.other_names.all())]
        countries = [subject.country_id or ""]
        return Facts(ORGANIZATION, once(names), once(countries), (), identifiers([number, subject.email]))
    countries = [subject.country_id or "", *(held.organization.country_id or "" for held in subject.affiliations.all())]
    return Facts(
        PERSON,
        once([f"{subject.given_name} {subject.family_name}", subject.passport_name]),
        tuple(sorted(once(countries))),
        (subject.birth_year,) if subject.birth_year else (),
        identifiers([number, *(email.address for email in subject.emails.all())]),
    )


class ScreeningQuestionQuerySet(GuardedQuerySet):
    def visible_to(self, viewer):
        """Those about somebody whom the viewer may see as well."""
        people, organizations = Person.objects.visible_to(viewer), Organization.objects.visible_to(viewer)
        seen = Q(person__in=people.values("pk")) | Q(organization__in=organizations.values("pk"))
        return super().visible_to(viewer).filter(seen)

    def of_desks(self, desks):
        people, organizations = Person.objects.of_desks(desks), Organization.objects.of_desks(desks)
        return self.filter(Q(person__in=people.values("pk")) | Q(organization__in=organizations.values("pk")))

    def open(self):
        """Those that wait for somebody to decide."""
        return self.undecided().filter(entry__isnull=False, person__merged_into=None)

    def undecided(self):
        """Those without an answer, also where nobody is to be asked any more."""
        return self.filter(verdict=ScreeningQuestion.Verdict.OPEN)

    def about(self, subjects: Iterable[Subject]):
        return self.filter(Q(person__in=_keys(subjects, Person)) | Q(organization__in=_keys(subjects, Organization)))


class ScreeningQuestionManager(models.Manager.from_queryset(ScreeningQuestionQuerySet)):
    @transaction.atomic
    def note(self, subjects: list[Subject], found: dict[tuple, list[tuple[int, Comparison]]]) -> int:
        """`found` says for the key of each of `subjects` which entries it may be. What is new becomes a question; a
        "not a match" stays one as long as both sides are what they were, and a match stays one; open questions for
        which nothing speaks any more are dropped. Returns how many questions are new."""
        keys = {entry for rows in found.values() for entry, _comparison in rows}
        entries = WatchlistEntry.objects.select_related("watchlist").in_bulk(keys)
        latest = {question.key: question for question in self.about(subjects).order_by("pk")}
        new, held = [], set()
        for subject in subjects:
            digest = facts_of(subject).digest()
            for entry, comparison in found.get(key_of(subject), []):
                if entry not in entries:  # the list has been replaced meanwhile; it is compared anew
                    continue
                question = self.model.between(subject, entries[entry], comparison, digest)
                before = latest.get(question.key)
                if before is None or before.is_asked_anew(question):
                    new.append(question)
                elif before.verdict == ScreeningQuestion.Verdict.OPEN:
                    held.add(before.pk)
                    before.renew(question)
        self.about(subjects).undecided().exclude(pk__in=held).delete()
        self.bulk_create(new, ignore_conflicts=True)  # another worker may have asked meanwhile
        return len(new)


class ScreeningQuestion(models.Model):
    class Verdict(models.TextChoices):
        OPEN = "OPEN", _("Open")
        MATCH = "MATCH", _("A match")
        NO_MATCH = "NO_MATCH", _("Not a match")

    person = models.ForeignKey(
        Person, models.CASCADE, verbose_name=_("person"), related_name="screening_questions", null=True
    )
    organization = models.ForeignKey(
        Organization, models.CASCADE, verbose_name=_("organization"), related_name="screening_questions", null=True
    )
    watchlist = models.ForeignKey(Watchlist, models.CASCADE, verbose_name=_("watchlist"), related_name="questions")
    reference = models.CharField(_("reference in the list"), max_length=200)
    entry = models.ForeignKey(
        WatchlistEntry, models.SET_NULL, verbose_name=_("entry in the list"), related_name="questions", null=True
    )
    score = models.PositiveSmallIntegerField(_("points"))
    said = models.JSONField(_("what speaks for it"), default=list, editable=False)
    subject_digest = models.CharField(max_length=64, editable=False)
    entry_digest = models.CharField(max_length=64, editable=False)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now, editable=False)

    verdict = models.CharField(_("verdict"), max_length=8, choices=Verdict, default=Verdict.OPEN, db_index=True)
    reason = models.TextField(_("reason"), max_length=2000, blank=True)
    decided_by = models.ForeignKey(User, models.SET_NULL, verbose_name=_("by"), related_name="+", null=True)
    decided_at = models.DateTimeField(_("decided"), null=True)
    version = models.CharField(_("version of the list"), max_length=60, blank=True)
    file_digest = models.CharField(_("SHA-256 of the file"), max_length=64, blank=True)
    listed = models.JSONField(_("what the list said"), default=dict, editable=False)

    objects = ScreeningQuestionManager()

    class Meta:
        verbose_name = _("screening question")
        verbose_name_plural = _("screening questions")
        ordering = ["-score", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person=None, organization__isnull=False) | Q(person__isnull=False, organization=None),
                name="screening_question_of_one",
            ),
            models.UniqueConstraint(
                fields=["person", "watchlist", "reference"],
                condition=Q(verdict="OPEN"),
                name="screening_question_of_person_once",
            ),
            models.UniqueConstraint(
                fields=["organization", "watchlist", "reference"],
                condition=Q(verdict="OPEN"),
                name="screening_question_of_organization_once",
            ),
        ]

    def __str__(self) -> str:
        return _("%(subject)s and %(listed)s") % {"subject": self.subject, "listed": self.listed_name}

    @classmethod
    def between(cls, subject: Subject, entry: WatchlistEntry, comparison: Comparison, digest: str):
        """The question whether `subject` is `entry`; not yet written."""
        return cls(
            **{subject._meta.model_name: subject},
            watchlist=entry.watchlist,
            reference=entry.reference,
            entry=entry,
            score=comparison.score,
            said=[[reason.code, reason.points, reason.one, reason.other] for reason in comparison.reasons],
            subject_digest=digest,
            entry_digest=entry.digest,
        )

    @property
    def subject(self) -> Subject:
        return self.person or self.organization

    @property
    def key(self) -> tuple:
        """The same for all questions about the same two, one after the other."""
        return self.person_id, self.organization_id, self.watchlist_id, self.reference

    @property
    def reasons(self) -> list[Reason]:
        return [Reason(*said) for said in self.said]

    @property
    def listed_name(self) -> str:
        """The name in the list: as it was when somebody decided, else as it is."""
        return next(iter(self.listed.get("names", [])), "") or str(self.entry or self.reference)

    @property
    def is_open(self) -> bool:
        return self.verdict == self.Verdict.OPEN and self.entry_id is not None

    def is_asked_anew(self, question: "ScreeningQuestion") -> bool:
        """Whether `question` is another one than this, which was answered with no: one of the two sides has changed."""
        sides = (self.subject_digest, self.entry_digest)
        return self.verdict == self.Verdict.NO_MATCH and sides != (question.subject_digest, question.entry_digest)

    def renew(self, question: "ScreeningQuestion") -> None:
        """Still open; what speaks for it is what `question` says."""
        fields = ("entry_id", "score", "said", "subject_digest", "entry_digest")
        now = {name: getattr(question, name) for name in fields}
        if now != {name: getattr(self, name) for name in fields}:
            type(self).objects.filter(pk=self.pk, verdict=self.Verdict.OPEN).update(**now)

    @transaction.atomic
    def decide(self, verdict: str, reason: str, *, by) -> None:
        """Somebody has looked at both sides and says what they found, and why. The list's version, the digest of its
        file and what it said are kept with it."""
        reason = reason.strip()
        if not reason:
            raise ValidationError(_("Say why: whoever asks later must be able to follow the decision."))
        if verdict not in (self.Verdict.MATCH, self.Verdict.NO_MATCH) or len(reason) > 2000:
            raise ValidationError(_("Choose one of the two answers, with a reason of at most 2000 characters."))
        kept = {
            "version": self.watchlist.version,
            "file_digest": self.watchlist.digest,
            "listed": self.entry.told() if self.entry else {},
        }
        said = {"verdict": verdict, "reason": reason, "decided_by": by, "decided_at": timezone.now(), **kept}
        if not type(self).objects.open().filter(pk=self.pk).update(**said):
            raise ValidationError(_("Somebody has decided this already, or the entry is gone from the list."))
        for name, value in said.items():
            setattr(self, name, value)
        answers = (Sentence.of(answer.label) for answer in (self.Verdict.OPEN, self.Verdict(verdict)))
        changes = [change(_("verdict"), *answers)]
        log(self, "contacts.screening.decide", user=by, data={"changes": changes, "reason": reason, **kept})

    @transaction.atomic
    def ask_again(self, *, by) -> "ScreeningQuestion":
        """The answer is doubted: the same question is asked once more. The old answer stays what it was."""
        if self.verdict == self.Verdict.OPEN or self.entry is None:
            raise ValidationError(_("Only what was decided, and is still in the list, can be asked again."))
        if type(self).objects.about([self.subject]).filter(reference=self.reference).open().exists():
            raise ValidationError(_("This is being asked already."))
        fields = ("person", "organization", "watchlist", "reference", "entry", "score", "said", "subject_digest")
        again = type(self).objects.create(
            **{name: getattr(self, name) for name in fields}, entry_digest=self.entry.digest
        )
        log(again, "contacts.screening.ask_again", user=by, data={"before": self.pk})
        return again


def key_of(subject: Subject) -> tuple[str, int]:
    return subject._meta.model_name, subject.pk


def _keys(subjects: Iterable[Subject], model: type[models.Model]) -> list[int]:
    return [subject.pk for subject in subjects if isinstance(subject, model)]
