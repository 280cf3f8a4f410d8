"""ModelLaw: a text for countries to make law of; its versions are its expressions."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from legal.models.work import Work, WorkManager


class ModelLaw(Work):
    prepared_by = models.CharField(_("prepared by"), max_length=200, blank=True)

    objects = WorkManager()

    class Meta:
        verbose_name = _("model law")
        verbose_name_plural = _("model laws")
