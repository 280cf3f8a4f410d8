"""What a review of an application is made of: its documents, its checklist, and the steps that were taken."""

from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from contacts.models.admission import AdmissionRule
from contacts.models.application import FACTS, Application
from contacts.models.user import User
from contacts.uploads import hidden_path
from network.changes import change, in_words
from network.labels import LabelsField
from network.models.guarded import GuardedQuerySet


def document_path(document: "ApplicationDocument", name: str) -> str:
    """Below a folder that nobody can guess; nothing there is handed out but to reviewers."""
    return hidden_path("applications", name)


class OfApplication(GuardedQuerySet):
    opened_by = "contacts.application"

    def of_desks(self, desks):
        return self.filter(application__in=Application.objects.of_desks(desks).values("pk"))


class ApplicationDocumentQuerySet(OfApplication):
    def delete(self):
        """The rows, and the files once that is certain."""
        names = list(self.values_list("file", flat=True))
        gone = super().delete()
        transaction.on_commit(lambda: [default_storage.delete(name) for name in names])
        return gone


class ApplicationDocumentManager(models.Manager.from_queryset(ApplicationDocumentQuerySet)):
    def keep(self, application: Application, files) -> None:
        for file in files:
            name = PurePath(file.name).name
            self.create(application=application, file=file, name=name[-200:], size=file.size)


class ApplicationDocument(models.Model):
    application = models.ForeignKey(
        Application, models.CASCADE, verbose_name=_("application"), related_name="documents"
    )
    file = models.FileField(_("file"), upload_to=document_path, max_length=400)
    name = models.CharField(_("name"), max_length=200)
    size = models.PositiveIntegerField(_("size"))
    created_at = models.DateTimeField(_("written"), default=timezone.now)

    objects = ApplicationDocumentManager()

    class Meta:
        verbose_name = _("document of an application")
        verbose_name_plural = _("documents of applications")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class ApplicationCheckManager(models.Manager):
    def lay_out(self, application: Application, rule: AdmissionRule) -> None:
        """The checklist of `rule` with nothing ticked; a later change of the rule does not touch it."""
        application.checks.all().delete()
        items = rule.items.all() if rule.pk else ()
        self.bulk_create(self.model(application=application, label=item.label) for item in items)


class ApplicationCheck(models.Model):
    """One line of the checklist of an application: who ticked it, and when."""

    application = models.ForeignKey(Application, models.CASCADE, verbose_name=_("application"), related_name="checks")
    label = LabelsField(_("what is checked"))
    ticked_by = models.ForeignKey(User, models.SET_NULL, verbose_name=_("ticked by"), related_name="+", null=True)
    ticked_at = models.DateTimeField(_("ticked"), null=True)

    objects = ApplicationCheckManager()

    class Meta:
        verbose_name = _("check")
        verbose_name_plural = _("checks")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.label)

    @transaction.atomic
    def tick(self, *, by, is_right: bool = True) -> None:
        """`by` has looked, and it is right; or is not, after all."""
        if self.application.state != Application.State.IN_REVIEW or self.application.is_with_applicant:
            raise ValidationError(_("Only an application that is in review is checked."))
        self.ticked_by, self.ticked_at = (by, timezone.now()) if is_right else (None, None)
        self.save(update_fields=["ticked_by", "ticked_at"])
        sides = ("", self.label) if is_right else (self.label, "")
        log(self.application, "contacts.application.tick", user=by, data={"changes": [change(_("check"), *sides)]})


class ApplicationStepQuerySet(models.QuerySet):
    def erase(self) -> None:
        """That it was done stays; what was said goes."""
        self.update(text="", data={})


class ApplicationStep(models.Model):
    """What happened with an application: what was sent, asked, decided, and why."""

    class Kind(models.TextChoices):
        SUBMITTED = "SUBMITTED", _("Sent by the applicant")
        BEGUN = "BEGUN", _("Review begun")
        ASKED = "ASKED", _("Asked for more")
        APPROVED = "APPROVED", _("Recommended")
        ADMITTED = "ADMITTED", _("Admitted")
        REFUSED = "REFUSED", _("Refused")
        SUSPENDED = "SUSPENDED", _("Suspended")
        REINSTATED = "REINSTATED", _("Reinstated")
        ENDED = "ENDED", _("Ended")

    application = models.ForeignKey(Application, models.CASCADE, verbose_name=_("application"), related_name="steps")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    text = models.TextField(_("reason"), blank=True)
    by = models.ForeignKey(User, models.SET_NULL, verbose_name=_("by"), related_name="+", null=True)
    at = models.DateTimeField(_("when"), default=timezone.now)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    data = models.JSONField(_("what was said"), default=dict, encoder=DjangoJSONEncoder)

    objects = models.Manager.from_queryset(ApplicationStepQuerySet)()

    class Meta:
        verbose_name = _("step of an application")
        verbose_name_plural = _("steps of applications")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    def said(self) -> list[tuple[str, str]]:
        """What the applicant sent with this step, as label and text."""
        asked = (*FACTS, "topics", "documents")  # a database keeps the names in an order of its own
        words = {name: in_words("", self.data.get(name, "")) for name in asked}
        return [(str(Application.label(name)), text) for name, text in words.items() if text]
