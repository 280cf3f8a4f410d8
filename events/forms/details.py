"""The registration form of an event, as put to one person."""

from collections.abc import Iterator
from itertools import groupby

from django import forms
from django.utils.translation import gettext_lazy as _

from contacts.uploads import ACCEPT, Unwelcome, check
from events.models.details import Details, Filler
from events.models.question import Kind, Listing, Question, Word
from network.forms import LongSelect, country_choices

MOST_LETTERS = {Kind.TEXT: 300, Kind.LONG_TEXT: 4000}


class DetailsForm(forms.Form):
    """Nothing is refused because something else is still open: what is given is kept, and the page says what is
    missing."""

    def __init__(self, *args, details: Details, filler: Filler = Filler.PERSON, **kwargs):
        super().__init__(*args, **kwargs)
        self.details, self.said = details, details.said()
        self.questions = details.asked(filler)
        self.missing = {one.pk for one in details.missing(filler)}
        for question in self.questions:
            self.fields[question.name] = self._field(question)
            if question.kind == Kind.FILE and question.pk in self.said:
                self.fields[f"{question.name}-drop"] = forms.BooleanField(label=_("Take the file back"), required=False)

    def given(self) -> dict:
        """Question (key) -> what is said, for the verb; nothing of a file that stays."""
        found = {}
        for question in self.questions:
            value = self.cleaned_data[question.name]
            if question.kind == Kind.FILE and not value:
                if self.cleaned_data.get(f"{question.name}-drop"):
                    found[question.pk] = ""
            else:
                found[question.pk] = self._as_said(question, value)
        return found

    def sections(self) -> Iterator[dict]:
        """The questions below their headings, each with its field, for a page."""
        for heading, questions in groupby(self.questions, key=lambda one: str(one.section)):
            yield {"heading": heading, "rows": [self._row(question) for question in questions]}

    @property
    def gaps(self) -> list[dict]:
        """What must be answered and is not."""
        return [self._row(question) for question in self.questions if question.pk in self.missing]

    @property
    def faults(self) -> list[dict]:
        """What was said in a way that cannot be."""
        return [self._row(question) for question in self.questions if self[question.name].errors]

    def clean(self):
        cleaned = super().clean()
        for question in self.questions:
            if question.kind == Kind.FILE and (file := cleaned.get(question.name)):
                try:
                    check(file, file.name, file.size)
                except Unwelcome as sentence:
                    self.add_error(question.name, str(sentence))
        return cleaned

    def _as_said(self, question: Question, value):
        if question.kind == Kind.CHOICES:
            return tuple(sorted(map(int, value)))
        if question.kind == Kind.CHOICE:
            return (int(value),) if value else ()
        if question.kind == Kind.DATE:
            return value.isoformat() if value else ""
        return value

    def _row(self, question: Question) -> dict:
        decides = question.only_if.name if question.only_if else ""
        return {
            "question": question,
            "field": self[question.name],
            "drop": self[f"{question.name}-drop"] if f"{question.name}-drop" in self.fields else None,
            "answer": self.details.answers.get(question.pk),
            "is_group": question.kind == Kind.CHOICES,
            "is_missing": question.pk in self.missing,
            "decides": decides if decides in self.fields else "",
            "wanted": question.wanted_option_id or question.wanted_word,
        }

    def _field(self, question: Question) -> forms.Field:
        said = self.said.get(question.pk, "")
        known = {"label": str(question.label), "required": False, "help_text": str(question.help), "initial": said}
        field = getattr(self, f"_{question.kind.lower()}")(question, known)
        field.is_wanted = question.is_required
        return field

    def _text(self, question, known):
        return forms.CharField(max_length=MOST_LETTERS[Kind.TEXT], **known)

    def _long_text(self, question, known):
        widget = forms.Textarea(attrs={"rows": 3})
        return forms.CharField(max_length=MOST_LETTERS[Kind.LONG_TEXT], widget=widget, **known)

    def _yes_no(self, question, known):
        return forms.ChoiceField(choices=[("", "—"), *Word.choices], **known)

    def _choice(self, question, known):
        chosen = next(iter(known.pop("initial") or ()), "")
        return forms.ChoiceField(choices=[("", "—"), *self._options(question)], initial=chosen, **known)

    def _choices(self, question, known):
        known["initial"] = [str(pk) for pk in known["initial"] or ()]
        return forms.MultipleChoiceField(choices=self._options(question), widget=forms.CheckboxSelectMultiple, **known)

    def _date(self, question, known):
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        return forms.DateField(widget=widget, **known)

    def _country(self, question, known):
        return forms.ChoiceField(choices=[("", "—"), *country_choices()], widget=LongSelect, **known)

    def _file(self, question, known):
        known.pop("initial")
        kinds = _("PDF, DOCX, ODT, XLSX, JPEG or PNG, 5 MB at most.")
        known["help_text"] = f"{known['help_text']} {kinds}".strip()
        return forms.FileField(widget=forms.FileInput(attrs={"accept": ACCEPT}), max_length=400, **known)

    def _listing(self, question, known):
        return forms.ChoiceField(choices=[("", "—"), *Listing.choices], **known)

    def _options(self, question: Question) -> list[tuple[str, str]]:
        """Each option, with the places that are left where they are counted."""
        mine = self.said.get(question.pk) or ()
        found = []
        for option in question.options.all():
            left, words = option.quota.left, str(option)
            if left is not None and option.pk not in mine:
                words = _("%(option)s (%(left)d left)") if left else _("%(option)s (no place left)")
                words = words % {"option": option, "left": left}
            found.append((str(option.pk), words))
        return found
