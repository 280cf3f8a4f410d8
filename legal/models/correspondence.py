"""Correspondence: that a provision of a national law, or of a model law, meets a provision of a standard (an instrument
or a model law), and how far. One assesses, another reviews; what was found is never written over, so that it can be
read as of any day."""

import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy
from wagtail.log_actions import log

from contacts.models import Task, User
from legal.models.text import Provision
from legal.models.work import Work
from network.models import Country

READS_UNREVIEWED = "legal.view_correspondence"  # whoever has this permission sees what nobody has reviewed yet


class Relation(models.TextChoices):
    IMPLEMENTS = "IMPLEMENTS", pgettext_lazy("one provision another", "implements")
    GOES_BEYOND = "GOES_BEYOND", pgettext_lazy("one provision another", "goes beyond")
    CONTRADICTS = "CONTRADICTS", pgettext_lazy("one provision another", "contradicts")


class Grade(models.TextChoices):
    FULL = "FULL", pgettext_lazy("grade of a law", "Full")
    PARTIAL = "PARTIAL", pgettext_lazy("grade of a law", "Partial")
    ABSENT = "ABSENT", pgettext_lazy("grade of a law", "Absent")
    NOT_ASSESSED = "NOT_ASSESSED", pgettext_lazy("grade of a law", "Not assessed")


SIGNS = {Grade.FULL: "●", Grade.PARTIAL: "◐", Grade.ABSENT: "✕", Grade.NOT_ASSESSED: "–"}


class CorrespondenceQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        """What was reviewed, of published texts; what was not, for who may read that. Nobody reads here of a draft of
        a law that they may not read."""
        works = Work.objects.visible_to(viewer).values("pk")
        found = self.filter(Q(provision=None) | Q(provision__work__in=works), standard__work__in=works)
        return found if viewer.has_perm(READS_UNREVIEWED) else found.reviewed()

    def reviewed(self):
        return self.exclude(reviewed_on=None)

    def open(self):
        """Those that wait for a review, or for their assessor, to whom they were returned."""
        return self.filter(reviewed_on=None, superseded_on=None)

    def awaiting_review(self):
        return self.open().filter(returned_on=None)

    def returned(self):
        return self.open().exclude(returned_on=None)

    def as_of(self, on: datetime.date | None = None):
        """Those that stood, reviewed, on the day `on` (today)."""
        on = on or timezone.localdate()
        return self.filter(Q(superseded_on=None) | Q(superseded_on__gt=on), reviewed_on__lte=on)

    def current(self):
        """Those that stand, reviewed."""
        return self.reviewed().filter(superseded_on=None)

    def of_models(self):
        """Those by which model laws meet instruments."""
        return self.filter(country=None)

    def at(self, standard: Provision, country: Country | None, provision: Provision | None):
        """Those that say the same of the same: at most one of them is current, and one open."""
        return self.filter(standard=standard, country=country, provision=provision)

    def with_places(self):
        return self.select_related("standard__work", "provision__work", "country", "assessor", "reviewer")


class CorrespondenceManager(models.Manager.from_queryset(CorrespondenceQuerySet)):
    @transaction.atomic
    def assess(
        self,
        standard: Provision,
        grade: str,
        *,
        by: User | None,
        provision: Provision | None = None,
        country: Country | None = None,
        on: datetime.date | None = None,
        **said,
    ) -> "Correspondence":
        """`by` finds on the day `on` (today) that `provision` meets `standard` so far, or that nothing in the law of
        `country` does (ABSENT); `said` may be a `relation`, a `rationale` and the address of the `evidence`. It waits
        for a review; an earlier one of the same that waits is superseded, one that stands goes on to stand. Raises
        ValidationError where the two cannot be compared, or a grade has no reason."""
        country = _country_of(provision, country)
        on = on or timezone.localdate()
        found = self.model(
            standard=standard, provision=provision, country=country, grade=grade, assessor=by, assessed_on=on, **said
        )
        found.guard()
        _hold(standard)
        for earlier in self.at(standard, country, provision).open():
            earlier._end(on)
        found.full_clean()
        found.save()
        log(found, "legal.correspondence.assess", user=by, data={"grade": grade, "relation": found.relation})
        return found


class Correspondence(models.Model):
    standard = models.ForeignKey(
        Provision, models.PROTECT, verbose_name=pgettext_lazy("to be met", "standard"), related_name="met_by"
    )
    provision = models.ForeignKey(
        Provision, models.PROTECT, verbose_name=_("provision"), related_name="meets", null=True, blank=True
    )
    country = models.ForeignKey(
        Country, models.PROTECT, verbose_name=_("country"), related_name="correspondences", null=True, blank=True
    )
    relation = models.CharField(_("relation"), max_length=12, choices=Relation, default=Relation.IMPLEMENTS)
    grade = models.CharField(_("grade"), max_length=12, choices=Grade)
    rationale = models.TextField(_("rationale"), max_length=5000, blank=True, help_text=_("Why it is graded so."))
    evidence = models.URLField(_("evidence"), max_length=500, blank=True)
    assessor = models.ForeignKey(User, models.SET_NULL, verbose_name=_("assessor"), related_name="+", null=True)
    assessed_on = models.DateField(_("assessed"))
    reviewer = models.ForeignKey(
        User, models.SET_NULL, verbose_name=_("reviewer"), related_name="+", null=True, blank=True
    )
    reviewed_on = models.DateField(_("reviewed"), null=True, blank=True)
    returned_on = models.DateField(_("returned"), null=True, blank=True)
    return_reason = models.CharField(_("why it was returned"), max_length=500, blank=True)
    superseded_on = models.DateField(_("superseded"), null=True, blank=True)

    objects = CorrespondenceManager()

    class Meta:
        verbose_name = _("correspondence")
        verbose_name_plural = _("correspondences")
        ordering = ["-assessed_on", "-pk"]
        indexes = [
            models.Index(fields=["country", "standard"], name="correspondence_of_country"),
            models.Index(  # small: the desk of a reviewer
                fields=["id"], name="correspondence_open", condition=Q(reviewed_on=None, superseded_on=None)
            ),
        ]
        constraints = [
            *(
                models.UniqueConstraint(fields=fields, condition=place & state, name=f"correspondence_{name}_{kind}")
                for name, state in {
                    "current": Q(reviewed_on__isnull=False, superseded_on=None),
                    "open": Q(reviewed_on=None, superseded_on=None),
                }.items()
                for kind, fields, place in (
                    ("once", ["standard", "provision"], Q(provision__isnull=False)),
                    ("absent_once", ["standard", "country"], Q(provision=None)),
                )
            ),
            models.CheckConstraint(
                condition=Q(grade=Grade.ABSENT, provision=None, country__isnull=False)
                | (~Q(grade=Grade.ABSENT) & Q(provision__isnull=False)),
                name="correspondence_absent_is_of_a_country",
                violation_error_message=_("What is absent has a country and no provision; all else has a provision."),
            ),
            models.CheckConstraint(
                condition=~Q(reviewer=F("assessor")),
                name="correspondence_reviewed_by_another",
                violation_error_message=_("Who assessed it cannot review it."),
            ),
        ]

    def __str__(self) -> str:
        who = self.provision or self.country
        return f"{who} – {self.standard}: {self.get_grade_display()}"

    @property
    def sign(self) -> str:
        return SIGNS[Grade(self.grade)]

    @property
    def is_open(self) -> bool:
        return self.reviewed_on is None and self.superseded_on is None

    @property
    def state(self) -> str:
        """How it stands, in words."""
        if self.superseded_on:
            return pgettext_lazy("an assessment", "Superseded")
        if self.reviewed_on:
            return pgettext_lazy("an assessment", "Reviewed")
        if self.returned_on:
            return pgettext_lazy("an assessment", "Returned")
        return pgettext_lazy("an assessment", "Awaits review")

    def guard(self) -> None:
        """Raises ValidationError where the two cannot be compared, or a grade has no reason."""
        Kind, mine = Work.Kind, self.provision and self.provision.work.kind
        refusals = [
            (
                self.standard.work.kind not in (Kind.INSTRUMENT, Kind.MODEL),
                _("Only an instrument or a model law is a standard."),
            ),
            (mine and mine not in (Kind.LAW, Kind.MODEL), _("Only a national law or a model law is graded.")),
            (
                mine == Kind.MODEL and self.standard.work.kind == Kind.MODEL,
                _("A model law is graded against an instrument."),
            ),
            (mine == Kind.LAW and self.country is None, _("Say first of which country the law is.")),
            (self.grade == Grade.ABSENT and self.provision, _("What is absent has no provision.")),
            (self.grade != Grade.ABSENT and not self.provision, _("Choose the provision that is graded.")),
            (self.grade == Grade.ABSENT and self.country is None, _("Say in which country it is absent.")),
            (
                self.grade != Grade.NOT_ASSESSED and not self.rationale.strip(),
                _("Say why: whoever reviews it, and every reader, wants to know."),
            ),
        ]
        if sentences := [sentence for speaks, sentence in refusals if speaks]:
            raise ValidationError(sentences)

    @transaction.atomic
    def review(self, *, by: User, on: datetime.date | None = None) -> None:
        """`by`, who is not its assessor, agrees: readers see it from the day `on` (today). What it replaces is
        superseded: the same assessed before; with it a country has the provision that was absent, or none any more.
        Raises ValidationError where it does not wait for a review."""
        self._hold(by, _("Who assessed it cannot review it: another legal officer does."))
        on = on or timezone.localdate()
        if on < self.assessed_on:
            raise ValidationError(_("It cannot be reviewed before it was assessed."))
        for one in self._replaced():
            one._end(on)
        self.reviewer, self.reviewed_on, self.returned_on, self.return_reason = by, on, None, ""
        self.save(update_fields=["reviewer", "reviewed_on", "returned_on", "return_reason"])
        log(self, "legal.correspondence.review", user=by, data={"grade": self.grade})

    @transaction.atomic
    def return_with(self, reason: str, *, by: User, on: datetime.date | None = None) -> None:
        """`by` does not agree, for the `reason`; it is on the desk of the assessor, who assesses anew. Raises
        ValidationError without a reason, and where it does not wait for a review."""
        if not reason.strip():
            raise ValidationError(_("Say why: the assessor reads it."))
        self._hold(by, _("It is your own: assess it anew, or take it back."))
        self.returned_on, self.return_reason = on or timezone.localdate(), reason.strip()
        self.save(update_fields=["returned_on", "return_reason"])
        if self.assessor:
            with override(settings.LANGUAGE_CODE):
                title = _("Assess anew: %(what)s") % {"what": self}
            Task.objects.set_for(self.assessor, title[:300], None, by=by, note=self.return_reason, country=self.country)
        log(self, "legal.correspondence.return", user=by, data={"return_reason": self.return_reason})

    @transaction.atomic
    def supersede(self, *, by: User, on: datetime.date | None = None) -> None:
        """From the day `on` (today) it does not hold any more, and nothing is said instead. Raises ValidationError
        where that is so already."""
        _hold(self.standard)
        self.refresh_from_db(fields=["superseded_on"])
        if self.superseded_on:
            raise ValidationError(_("It has been superseded already."))
        self._end(on or timezone.localdate())
        log(self, "legal.correspondence.supersede", user=by)

    def _hold(self, by: User, if_own) -> None:
        _hold(self.standard)
        self.refresh_from_db(fields=["reviewed_on", "returned_on", "superseded_on"])
        if not self.is_open or self.returned_on:
            raise ValidationError(_("It does not wait for a review."))
        if by == self.assessor:
            raise ValidationError(if_own)

    def _replaced(self) -> models.QuerySet:
        """What cannot stand beside it."""
        same = Q(provision=self.provision)
        if self.country is not None:  # what is absent is nowhere; what is somewhere is not absent
            same = Q(pk__isnull=False) if self.grade == Grade.ABSENT else same | Q(provision=None)
        rows = Correspondence.objects.current().exclude(pk=self.pk)
        return rows.filter(same, standard=self.standard, country=self.country)

    def _end(self, on: datetime.date) -> None:
        self.superseded_on = max(on, self.reviewed_on or self.assessed_on)
        self.save(update_fields=["superseded_on"])


def _country_of(provision: Provision | None, country: Country | None) -> Country | None:
    """Of which country the law is that is graded. Raises ValidationError where another is named."""
    if provision is None:
        return country
    own = provision.work.country if provision.work.kind == Work.Kind.LAW else None
    if country is not None and country != own:
        raise ValidationError(_("This provision is of another country's law."))
    return own


def _hold(standard: Provision) -> None:
    """Two who assess or review at once come one after the other."""
    Provision.objects.select_for_update().get(pk=standard.pk)
