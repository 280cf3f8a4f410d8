"""The history of a record: who changed what, field by field."""

from collections.abc import Mapping
from functools import partial

from django.db import models, transaction
from django.utils.functional import SimpleLazyObject
from django.utils.html import format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.actions.create import CreateAction
from wagtail.actions.edit import EditAction
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.log_actions import log

from network.changes import both_in_words, change
from network.models import Country
from network.models.facts import Said, told
from network.sentences import Sentence
from network.viewsets.access import ANY, KeptInSight, SeenObject


class Told:
    """Saves what the form says; its log keeps what each field said before and says now, for readers of any language."""

    def __init__(self, instance, user=None, **options):
        super().__init__(instance, user, **{**options, "log_action": None})

    @transaction.atomic
    def execute(self, skip_permission_checks=False):
        before = self._said()
        super().execute(skip_permission_checks)
        after = self._said()
        changes = [
            change(place[0], before.get(place, ""), after.get(place, ""))
            for place in {**before, **after}
            if before.get(place, "") != after.get(place, "")
        ]
        action = f"wagtail.{self.action_name}"
        log(self.instance, action, user=self.user, content_changed=bool(changes), data={"changes": changes})
        return self.instance

    def _said(self) -> dict[tuple, Said]:
        """What the stored record says: (label,) -> what a field says, (label, key) -> what a row below it says."""
        stored = type(self.instance)._base_manager.filter(pk=self.instance.pk).first()
        if stored is None:
            return {}
        stated = {field.name for field in stored._meta.get_fields()}  # a form may ask for more
        names = [name for name in self.form.fields if name in self.form._meta.fields and name in stated]
        labels = {name: stored._meta.get_field(name).verbose_name for name in names}
        said = {(Sentence.of(labels[name]).text,): told(stored, name) for name in names}
        for name, formset in getattr(self.form, "formsets", {}).items():
            for row in getattr(stored, name).all():
                said[Sentence.of(row._meta.verbose_name).text, row.pk] = _row_said(row, formset.form._meta.fields)
        return said


class RecordCreate(Told, CreateAction):
    pass


class RecordEdit(Told, EditAction):
    pass


class RecordEditView(SeenObject, KeptInSight, generic.EditView):
    action_class = RecordEdit


class RecordHistoryView(SeenObject, generic.HistoryView):
    any_permission_required = ANY

    @property
    def columns(self):
        action, *others = super().columns
        countries = SimpleLazyObject(Country.objects.by_code)
        return [action, Column("changes", label=_("What"), accessor=partial(differences, countries)), *others]


def differences(countries: Mapping, entry) -> str:
    """What an edit changed: each field with what it said before and says now, in the reader's language where the words
    are ours."""
    changes = [
        (gettext(label), *both_in_words(label, *sides, countries)) for label, *sides in entry.data.get("changes", [])
    ]
    return format_html_join("", '<div>{}: <del dir="auto">{}</del> <ins dir="auto">{}</ins></div>', changes)


def _row_said(row: models.Model, names: list[str]) -> Said:
    return [part for name in names if (part := told(row, name))]
