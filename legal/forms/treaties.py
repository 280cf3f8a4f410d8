"""The questions that the admin asks about what countries did and said about an instrument."""

from django.utils.translation import gettext as _

from legal.models import Instrument, Provision, Statement
from network.forms import RecordForm, alphabetically

MOST_OFFERED = 400  # provisions
MOST_STATEMENTS = 2000


def instrument_choices() -> list[tuple[int, str]]:
    """Every instrument by the name that the reader sees."""
    return alphabetically(((one.pk, one.name) for one in Instrument.objects.all()), lambda pair: pair[1])


class OfInstrumentForm(RecordForm):
    """A form with an instrument in it, chosen by its name."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._offer("instrument", instrument_choices)


class ParticipationForm(OfInstrumentForm):
    pass


class StatementForm(OfInstrumentForm):
    """What it objects to, and which provisions it is about, are offered of its instrument alone."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        instrument = self._instrument()
        others = Statement.objects.exclude(kind=Statement.Kind.OBJECTION).exclude(pk=self.instance.pk)
        self.fields["objects_to"].queryset = others.select_related("country").in_order()[:MOST_STATEMENTS]
        if instrument:
            self.fields["objects_to"].queryset = others.filter(instrument=instrument).select_related("country")
        offered = provision_choices(instrument) if instrument else []
        self.fields["provisions"].queryset = Provision.objects.filter(pk__in=[pk for pk, _label in offered])
        self.fields["provisions"].choices = offered
        if not offered:
            self.fields["provisions"].help_text = _(
                "Those of the text of the instrument are offered here once the instrument is saved and has a text."
            )

    def _instrument(self) -> Instrument | None:
        told = self.data.get("instrument") or self.instance.instrument_id or self.initial.get("instrument")
        key = getattr(told, "pk", told)
        return Instrument.objects.filter(pk=key).first() if str(key or "").isdecimal() else None


def provision_choices(instrument: Instrument) -> list[tuple[int, str]]:
    """The provisions of its text in their order, as its reader sees them; of a long text those of higher levels."""
    text = instrument.expression_in()
    if text is None:
        return []
    rows = list(text.passages.select_related("provision").defer("content", "after", "text").in_order())
    depths = sorted(one.depth for one in rows)
    deepest = depths[min(len(depths), MOST_OFFERED) - 1] if depths else 0
    return [
        (one.provision_id, f"{'— ' * one.depth}{one.label or one.provision.eid}")
        for one in rows
        if one.depth <= deepest
    ]
