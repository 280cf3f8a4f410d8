"""What readers narrow the pages of treaties down by. An answer that means nothing is passed over, with a word."""

import datetime

from django import forms
from django.core.validators import MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from legal.models import Instrument, Status
from network.forms import alphabetically
from network.models import CountryGroup, Topic
from network.viewsets.country import region_choices

SINCE = 30  # days


class DayInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


def every(word, choices) -> list[tuple]:
    return [("", word), *choices]


class ReaderForm(forms.Form):
    """Filled in from the address; whatever is not valid is left out. `choices`: name of a field -> what it offers."""

    def __init__(self, asked, **choices):
        super().__init__(asked)
        for name, offered in choices.items():
            self.fields[name].choices = offered
        self.is_valid()

    def said(self, name: str):
        return self.cleaned_data.get(name) or ""


class OnForm(ReaderForm):
    on = forms.DateField(label=_("As it stands on"), widget=DayInput, required=False, input_formats=["%Y-%m-%d"])

    @property
    def day(self) -> datetime.date:
        """The day that is asked for, or today."""
        return self.said("on") or timezone.localdate()


class StatusFilterForm(OnForm):
    region = forms.ChoiceField(label=_("Region"), required=False)
    status = forms.ChoiceField(label=_("Status"), choices=every(_("Every status"), Status.choices), required=False)

    def __init__(self, asked):
        super().__init__(asked, region=every(_("Every region"), region_choices()))


class MatrixFilterForm(OnForm):
    region = forms.ChoiceField(label=_("Region"), required=False)
    group = forms.ChoiceField(label=_("Country group"), required=False)
    topic = forms.ChoiceField(label=_("Topic"), required=False)

    def __init__(self, asked):
        super().__init__(
            asked,
            region=every(_("Every region"), region_choices()),
            group=every(_("Every country"), _named(CountryGroup.objects.all())),
            topic=every(_("Every topic"), topics_of_instruments()),
        )


class InstrumentsFilterForm(ReaderForm):
    q = forms.CharField(label=_("Title or word"), max_length=100, required=False)
    topic = forms.ChoiceField(label=_("Topic"), required=False)
    force = forms.ChoiceField(
        label=_("In force"),
        choices=[("", _("Whether in force or not")), ("yes", _("In force")), ("no", _("Not yet in force"))],
        required=False,
    )

    def __init__(self, asked):
        super().__init__(asked, topic=every(_("Every topic"), topics_of_instruments()))


class NewsFilterForm(ReaderForm):
    since = forms.DateField(
        label=_("Since"),
        widget=DayInput,
        required=False,
        input_formats=["%Y-%m-%d"],
        validators=[MinValueValidator(datetime.date(2000, 1, 1))],
    )
    country = forms.ChoiceField(label=_("Country"), required=False)
    instrument = forms.ChoiceField(label=_("Instrument"), required=False)
    topic = forms.ChoiceField(label=_("Topic"), required=False)

    def __init__(self, asked, countries, viewer):
        instruments = Instrument.objects.visible_to(viewer)
        named = alphabetically(((one.slug, one.name) for one in instruments), lambda pair: pair[1])
        super().__init__(
            asked,
            country=every(_("Every country"), countries),
            instrument=every(_("Every instrument"), named),
            topic=every(_("Every topic"), topics_of_instruments()),
        )

    @property
    def day(self) -> datetime.date:
        """Since when; a month, where nobody says."""
        return self.said("since") or timezone.localdate() - datetime.timedelta(days=SINCE)


def topics_of_instruments() -> list[tuple[str, str]]:
    """Those that some work is about."""
    return _named(Topic.objects.filter(works__is_published=True).distinct())


def _named(records) -> list[tuple[str, str]]:
    return alphabetically(((one.slug, str(one)) for one in records), lambda pair: pair[1])
