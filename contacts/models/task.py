"""Task: something that somebody is to do by a day, about a person, an organization or a country."""

import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from wagtail.log_actions import log

from contacts.models.person import Person
from contacts.models.user import User
from network.models import Country, Organization
from network.models.guarded import GuardedQuerySet


class TaskQuerySet(GuardedQuerySet):
    def of_desks(self, desks):
        """Those about a person, an organization or a country of the desks."""
        return self.filter(self._of_desks(desks))

    def visible_to(self, viewer):
        """What is about nobody is, of those who have a desk, for who does it and who asked for it alone."""
        seen = super().visible_to(viewer)
        if seen.query.is_empty() or not viewer.desk_keys:
            return seen
        own = Q(person=None, organization=None, country=None) & (Q(owner=viewer) | Q(asked_by=viewer))
        return self.filter(self._of_desks(viewer.desk_keys) | own)

    def _of_desks(self, desks) -> Q:
        people = Person.objects.of_desks(desks).values("pk")
        here = Q(country__in=Country.objects.of_desks(desks).values("pk"))
        return Q(person__in=people) | Q(organization__in=Organization.objects.kept_by(desks).values("pk")) | here

    def open(self):
        return self.filter(done_at=None)

    def due(self, on: datetime.date | None = None):
        """Open on the day `on` (today), and due then or before."""
        return self.open().filter(due_on__lte=on or timezone.localdate())

    def about(self, subject):
        """Those about a person, an organization and its people, or a country and everybody there."""
        people = Q(person__in=Person.objects.of(subject).values("pk"))
        if isinstance(subject, Country):
            return self.filter(people | Q(organization__country=subject) | Q(country=subject))
        return self.filter(people | Q(organization=subject) if isinstance(subject, Organization) else people)


class TaskManager(models.Manager.from_queryset(TaskQuerySet)):
    @transaction.atomic
    def ask_to_correct(self, person: Person, text: str) -> "Task":
        """`person` says on their own page what is wrong there; whoever takes it on mends it, and reads the language of
        the house, whichever the person reads."""
        with override(settings.LANGUAGE_CODE):
            title = _("Correct what we hold of %(name)s") % {"name": person.name}
        task = self.create(owner=None, title=title[:300], note=text, person=person)
        log(task, "contacts.task.ask_to_correct")
        return task

    @transaction.atomic
    def set_for(self, owner: User, title: str, due_on: datetime.date | None, *, by, **about) -> "Task":
        """Give `owner` something to do about a `person`, an `organization` or a `country`."""
        task = self.create(owner=owner, title=title, due_on=due_on, asked_by=by, **about)
        log(task, "wagtail.create", user=by)
        return task


class Task(models.Model):
    title = models.CharField(_("what is to be done"), max_length=300)
    note = models.TextField(_("note"), blank=True)
    owner = models.ForeignKey(
        User,
        models.PROTECT,
        verbose_name=_("who does it"),
        related_name="tasks",
        null=True,
        blank=True,
        help_text=_("Empty: whoever takes it on."),
    )
    due_on = models.DateField(_("due"), null=True, blank=True)
    person = models.ForeignKey(
        Person, models.CASCADE, verbose_name=_("person"), related_name="tasks", null=True, blank=True
    )
    organization = models.ForeignKey(
        Organization, models.CASCADE, verbose_name=_("organization"), related_name="tasks", null=True, blank=True
    )
    country = models.ForeignKey(
        Country, models.PROTECT, verbose_name=_("country"), related_name="tasks", null=True, blank=True
    )
    asked_by = models.ForeignKey(
        User, models.SET_NULL, verbose_name=_("by"), related_name="+", null=True, editable=False
    )
    created_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    done_at = models.DateTimeField(_("done"), null=True, editable=False)
    done_by = models.ForeignKey(
        User, models.SET_NULL, verbose_name=_("done by"), related_name="+", null=True, editable=False
    )

    objects = TaskManager()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = [models.F("due_on").asc(nulls_last=True), "pk"]
        indexes = [models.Index(fields=["owner", "done_at", "due_on"], name="task_on_desk")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_overdue(self) -> bool:
        return self.done_at is None and self.due_on is not None and self.due_on < timezone.localdate()

    @transaction.atomic
    def take_on(self, *, by: User) -> None:
        """`by` does it. Raises ValidationError where somebody was faster."""
        if not Task.objects.open().filter(pk=self.pk, owner=None).update(owner=by):
            raise ValidationError(_("Somebody does this already."))
        self.owner = by
        log(self, "contacts.task.take_on", user=by)

    @transaction.atomic
    def finish(self, *, by) -> None:
        """It is done. Raises ValidationError where it was already."""
        now = timezone.now()
        if not Task.objects.open().filter(pk=self.pk).update(done_at=now, done_by=by):
            raise ValidationError(_("This task is done already."))
        self.done_at, self.done_by = now, by
        log(self, "contacts.task.finish", user=by)

    @transaction.atomic
    def take_up_again(self, *, by) -> None:
        """It is not done after all."""
        self.done_at = self.done_by = None
        self.save(update_fields=["done_at", "done_by"])
        log(self, "contacts.task.take_up_again", user=by)
