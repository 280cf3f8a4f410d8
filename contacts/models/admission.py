"""AdmissionRule: what is checked before an organization of one kind is admitted, and whether two people must agree."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from network.labels import LabelsField
from network.models import Organization
from network.models.guarded import GuardedQuerySet


class AdmissionRuleQuerySet(GuardedQuerySet):
    def of_desks(self, desks):
        """A rule holds for everybody, so no desk has one of its own."""
        return self.none()


class AdmissionRuleManager(models.Manager.from_queryset(AdmissionRuleQuerySet)):
    def for_kind(self, kind: str) -> "AdmissionRule":
        """The rule for organizations of `kind`; one without items where none is written."""
        return self.filter(kind=kind).first() or self.model(kind=kind)


class AdmissionRule(ClusterableModel):
    kind = models.CharField(_("kind of organization"), max_length=20, choices=Organization.Kind, unique=True)
    needs_two = models.BooleanField(
        _("two people must agree"),
        default=False,
        help_text=_("One recommends the admission, and somebody else admits."),
    )

    objects = AdmissionRuleManager()

    class Meta:
        verbose_name = _("admission rule")
        verbose_name_plural = _("admission rules")
        ordering = ["kind"]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class AdmissionItem(models.Model):
    """One line of the checklist."""

    rule = ParentalKey(AdmissionRule, on_delete=models.CASCADE, verbose_name=_("admission rule"), related_name="items")
    label = LabelsField(_("what is checked"))

    class Meta:
        verbose_name = _("item of the checklist")
        verbose_name_plural = _("items of the checklist")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.label)
