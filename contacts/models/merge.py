"""Merge: that two records were one human being; it can be taken back."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from contacts.models.person import Person, PersonEmail
from network.models.merging import AbstractMerge, MergeManager, MergeQuerySet


class PersonMergeQuerySet(MergeQuerySet):
    opened_by = "contacts.person"


class Merge(AbstractMerge):
    fields = (
        *("honorific", "given_name", "family_name", "is_family_name_first", "form_of_address"),
        *("passport_given_name", "passport_family_name", "country_id", "birth_year"),
    )
    joined = ("languages",)
    unique = ("user_id", "reference")

    kept = models.ForeignKey(Person, models.CASCADE, verbose_name=_("kept record"), related_name="merges")
    gone = models.ForeignKey(Person, models.CASCADE, verbose_name=_("old record"), related_name="merges_away")
    demoted = models.JSONField(default=list, editable=False, help_text="Keys of addresses that were for letters.")

    objects = MergeManager.from_queryset(PersonMergeQuerySet)()

    class Meta(AbstractMerge.Meta):
        verbose_name = _("merge")
        verbose_name_plural = _("merges")

    def settle(self) -> None:
        """Letters go on to the address that the kept record has for them."""
        came = self.moved.get(str(PersonEmail.person.field), [])
        moved = PersonEmail.objects.filter(pk__in=came, is_primary=True)
        if self.kept.emails.exclude(pk__in=came).filter(is_primary=True).exists():
            self.demoted = list(moved.values_list("pk", flat=True))
            moved.update(is_primary=False)

    def unsettle(self) -> None:
        PersonEmail.objects.filter(pk__in=self.demoted, person=self.kept).update(is_primary=True)
