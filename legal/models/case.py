"""CaseStudy: how a case of illicit trade went: the goods, the route, who worked together by which channel, and what is
to be learned. A judgment may be attached as its text."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from legal.models.text import Provision
from legal.models.work import Work, WorkManager
from network.labels import Labels, LabelsField
from network.models import Country


class Channel(models.TextChoices):
    I247 = "I247", _("INTERPOL’s I-24/7")
    MLA = "MLA", _("Mutual legal assistance")
    JOINT_TEAM = "JOINT_TEAM", _("Joint investigation team")
    CUSTOMS = "CUSTOMS", _("Customs mutual assistance")
    LIAISON = "LIAISON", _("Liaison officers")
    OTHER = "OTHER", _("Other channel")


def no_channels() -> list[str]:
    return []


class CaseStudy(Work):
    summary = LabelsField(_("summary"), blank=True, rows=4)
    goods = LabelsField(_("goods"), blank=True)
    modus_operandi = LabelsField(_("modus operandi"), blank=True, rows=4)
    route = LabelsField(_("route"), blank=True, rows=2)
    seizure = LabelsField(_("seizure"), blank=True, rows=2)
    channels = models.JSONField(_("channels of cooperation"), default=no_channels, blank=True)
    outcome = LabelsField(_("outcome"), blank=True, rows=4)
    lessons = LabelsField(_("lessons"), blank=True, rows=4)
    countries = models.ManyToManyField(
        Country, verbose_name=_("countries concerned"), related_name="case_studies", blank=True
    )
    provisions = models.ManyToManyField(
        Provision, verbose_name=_("provisions applied"), related_name="case_studies", blank=True
    )

    objects = WorkManager()

    class Meta:
        verbose_name = _("case study")
        verbose_name_plural = _("case studies")

    def clean(self):
        if set(self.channels) - set(Channel.values):
            raise ValidationError({"channels": _("This is none of the channels.")})

    def own_words(self):
        told = (self.summary, self.goods, self.modus_operandi, self.route, self.seizure, self.outcome, self.lessons)
        return Labels({code: "\n".join(filter(None, (one.get(code) for one in told))) for code in set().union(*told)})

    @property
    def channel_names(self) -> list[str]:
        return [str(Channel(one).label) for one in self.channels if one in Channel.values]
