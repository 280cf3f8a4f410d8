"""The history of a record: who changed what, field by field."""

from django.db import models, transaction
from django.utils.html import format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.actions.edit import EditAction
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.log_actions import log

from network.labels import Labels
from network.sentences import Sentence
from network.viewsets.access import ANY, KeptInSight, SeenObject


class RecordEdit(EditAction):
    """Saves what the form says; its log keeps what each field said before and says now, in its writer's words. The
    labels are kept as the catalogues know them."""

    def __init__(self, instance, user=None, **options):
        super().__init__(instance, user, **{**options, "log_action": None})

    @transaction.atomic
    def execute(self, skip_permission_checks=False):
        before = self._said()
        super().execute(skip_permission_checks)
        after = self._said()
        changes = [
            [*place[:1], before.get(place, ""), after.get(place, "")]
            for place in {**before, **after}
            if before.get(place) != after.get(place)
        ]
        log(self.instance, "wagtail.edit", user=self.user, content_changed=bool(changes), data={"changes": changes})
        return self.instance

    def _said(self) -> dict[tuple, str]:
        """What the stored record says: (label,) -> text of a field, (label, key) -> text of a row below it."""
        stored = type(self.instance)._base_manager.get(pk=self.instance.pk)
        names = [name for name in self.form.fields if name in self.form._meta.fields]
        labels = {name: stored._meta.get_field(name).verbose_name for name in names}
        said = {(Sentence.of(labels[name]).text,): _text(stored, name) for name in names}
        for name, formset in getattr(self.form, "formsets", {}).items():
            for row in getattr(stored, name).all():
                said[Sentence.of(row._meta.verbose_name).text, row.pk] = _row_text(row, formset.form._meta.fields)
        return said


class RecordEditView(SeenObject, KeptInSight, generic.EditView):
    action_class = RecordEdit


class RecordHistoryView(SeenObject, generic.HistoryView):
    any_permission_required = ANY

    @property
    def columns(self):
        action, *others = super().columns
        return [action, Column("changes", label=_("What"), accessor=differences), *others]


def differences(entry) -> str:
    """What an edit changed: each field, by a label in the reader's language where it is one of ours, with what it said
    before and says now."""
    changes = ((gettext(label), before, after) for label, before, after in entry.data.get("changes", []))
    return format_html_join("", '<div>{}: <del dir="auto">{}</del> <ins dir="auto">{}</ins></div>', changes)


def _label(record: models.Model, name: str) -> str:
    return str(record._meta.get_field(name).verbose_name)


def _text(record: models.Model, name: str) -> str:
    """The field `name` in words; a flag that is set is its own name."""
    value, field = getattr(record, name), record._meta.get_field(name)
    if value is None:
        return ""
    if field.many_to_many:
        return ", ".join(sorted(str(one) for one in value.all()))
    if isinstance(value, Labels):
        return "; ".join(f"{code}: {text}" for code, text in sorted(value.items()))
    if isinstance(value, bool):
        return _label(record, name) if value else ""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if field.choices:
        return str(getattr(record, f"get_{name}_display")())
    return str(value)


def _row_text(row: models.Model, names: list[str]) -> str:
    return ", ".join(filter(None, (_text(row, name) for name in names)))
