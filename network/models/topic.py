"""Topic: what people work on, as a tree with a label per language."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from network.labels import LabelsField


class Topic(models.Model):
    parent = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("broader topic"), related_name="children", null=True, blank=True
    )
    slug = models.SlugField(_("short name"), unique=True)
    name = LabelsField(_("name"))
    is_competence = models.BooleanField(
        _("competence"),
        default=False,
        help_text=_("Focal points are kept for it: coverage counts the countries that have none."),
    )
    position = models.PositiveIntegerField(pgettext_lazy("order", "position"), default=0)

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["position", "slug"]

    def __str__(self) -> str:
        return str(self.name)

    def clean(self):
        if self.parent and self in [self.parent, *self.parent.ancestors()]:
            raise ValidationError({"parent": _("A topic cannot be below itself.")})

    def ancestors(self) -> list["Topic"]:
        """The broader topics, nearest first."""
        found, topic = [], self.parent
        while topic and topic not in found:
            found.append(topic)
            topic = topic.parent
        return found
