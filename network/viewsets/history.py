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

from network.changes import change, in_words, named
from network.labels import Labels
from network.models import Country
from network.sentences import Sentence
from network.viewsets.access import ANY, KeptInSight, SeenObject

Said = str | Labels | list[str | Labels]


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
        said = {(Sentence.of(labels[name]).text,): _said(stored, name) for name in names}
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
        (gettext(label), *(in_words(label, side, countries) for side in sides))
        for label, *sides in entry.data.get("changes", [])
    ]
    return format_html_join("", '<div>{}: <del dir="auto">{}</del> <ins dir="auto">{}</ins></div>', changes)


def _said(record: models.Model, name: str) -> Said:
    """What the field `name` says; a flag that is set is its own name."""
    value, field = getattr(record, name), record._meta.get_field(name)
    if value is None or value is False:
        return ""
    if field.many_to_many:
        return [named(one) for one in sorted(value.all(), key=str)] or ""
    if isinstance(value, Labels):
        return "; ".join(f"{code}: {text}" for code, text in sorted(value.items()))
    if isinstance(value, bool):
        return Sentence.of(field.verbose_name)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if field.choices:
        return Sentence.of(dict(field.flatchoices).get(value, value))
    return named(value)


def _row_said(row: models.Model, names: list[str]) -> Said:
    return [part for name in names if (part := _said(row, name))]
