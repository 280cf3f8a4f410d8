"""Merge: that two records were one human being; it can be taken back."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from contacts.models.person import Person, PersonEmail
from contacts.models.segment import SegmentChoice
from contacts.models.suppression import Suppression, digest
from network.models.merging import AbstractMerge, MergeManager, MergeQuerySet


class PersonMergeQuerySet(MergeQuerySet):
    opened_by = "contacts.person"


class Merge(AbstractMerge):
    fields = (
        *("honorific", "given_name", "family_name", "is_family_name_first", "form_of_address"),
        *("passport_given_name", "passport_family_name", "country_id", "birth_year", "hold_reason"),
    )
    joined = ("languages",)
    unique = ("user_id", "reference")

    kept = models.ForeignKey(Person, models.CASCADE, verbose_name=_("kept record"), related_name="merges")
    gone = models.ForeignKey(Person, models.CASCADE, verbose_name=_("old record"), related_name="merges_away")
    demoted = models.JSONField(default=list, editable=False, help_text="Keys of addresses that were for letters.")
    objections = models.JSONField(default=list, editable=False, help_text="Keys of suppressions that it spread.")
    overruled = models.JSONField(default=list, editable=False, help_text="Keys of choices that were: in the segment.")

    objects = MergeManager.from_queryset(PersonMergeQuerySet)()

    class Meta(AbstractMerge.Meta):
        verbose_name = _("merge")
        verbose_name_plural = _("merges")

    def settle(self) -> None:
        self._choose_address()
        self._object()
        self._leave_out()

    def unsettle(self) -> None:
        PersonEmail.objects.filter(pk__in=self.demoted, person=self.kept).update(is_primary=True)
        SegmentChoice.objects.filter(pk__in=self.overruled, person=self.kept).update(is_in=True)
        for row in Suppression.objects.standing().filter(pk__in=self.objections):
            row.lift(by=None)

    def _choose_address(self) -> None:
        """Letters go on to the address that the kept record has for them."""
        came = self.moved.get(str(PersonEmail.person.field), [])
        moved = PersonEmail.objects.filter(pk__in=came, is_primary=True)
        if self.kept.emails.exclude(pk__in=came).filter(is_primary=True).exists():
            self.demoted += moved.values_list("pk", flat=True)
            moved.update(is_primary=False)

    def _object(self) -> None:
        """What either has objected to at one address holds for all of them: one human being has said it."""
        addresses = {digest(email.address): email.address for email in self.kept.emails.all()}
        said = Suppression.objects.standing().of_people().filter(digest__in=addresses)
        for reason, purpose in set(said.values_list("reason", "purpose")):
            there = set(said.filter(reason=reason, purpose=purpose).values_list("digest", flat=True))
            for address in (addresses[key] for key in addresses.keys() - there):
                self.objections.append(Suppression.objects.suppress(address, reason, purpose).pk)

    def _leave_out(self) -> None:
        """Who was left out of a segment by hand stays so."""
        out = SegmentChoice.objects.filter(person=self.gone, is_in=False).values("segment")
        overruled = SegmentChoice.objects.filter(person=self.kept, is_in=True, segment__in=out)
        self.overruled += overruled.values_list("pk", flat=True)
        SegmentChoice.objects.filter(pk__in=self.overruled).update(is_in=False)
