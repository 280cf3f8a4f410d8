"""The questions about texts on their way in, and about a provision that is set right by hand."""

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput

from contacts.forms.application import FilesInput
from legal.models import Expression, IncomingText, Work
from legal.text_formats.by_hand import CHOICES, as_blocks, as_lines, is_plain
from legal.text_formats.languages import language_choices
from legal.texts import Node, Unreadable
from network.forms import LongSelect, country_choices

MOST_BYTES = 20 * 2**20
MOST_FILES = 50
ACCEPT = ".xml,.akn,.docx,.html,.htm,.json"


class TextFilesField(forms.FileField):
    """Several files with texts, none of them larger than can be read."""

    widget = FilesInput(attrs={"accept": ACCEPT})

    def clean(self, data, initial=None):
        files = [file for file in (data if isinstance(data, list | tuple) else [data]) if file]
        if not files:
            raise forms.ValidationError(_("Choose a file first."))
        if len(files) > MOST_FILES:
            raise forms.ValidationError(_("Import at most %(most)d files at once.") % {"most": MOST_FILES})
        sentence = _("“%(file)s” is larger than %(most)d MB.")
        large = [sentence % {"file": one.name, "most": MOST_BYTES // 2**20} for one in files if one.size > MOST_BYTES]
        if large:
            raise forms.ValidationError(large)
        return files


class OfTextForm(forms.Form):
    """What is said of a text that its file does not say."""

    language = forms.ChoiceField(label=_("Language"), required=False, widget=LongSelect)
    valid_on = forms.DateField(
        label=_("Reads so from"),
        required=False,
        widget=AdminDateInput,
        help_text=_("The day from which on the text reads so."),
    )
    country = forms.ChoiceField(label=_("Country"), required=False, widget=LongSelect)
    authenticity = forms.ChoiceField(label=_("Authenticity"), choices=Expression.Authenticity)
    label = forms.CharField(label=_("Name of the version"), required=False, max_length=100)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [("", "---"), *language_choices()]
        self.fields["country"].choices = [("", "---"), *country_choices()]


class TextUploadForm(OfTextForm):
    """Files with texts: of one work that is there, or of works that they name, or new ones."""

    files = TextFilesField(
        label=_("Files"),
        help_text=_("Akoma Ntoso (2.0 and 3.0), DOCX, HTML, JSON; several at once, 20 MB each."),
    )
    kind = forms.ChoiceField(label=_("What they are, where they are new"), choices=Work.Kind, initial=Work.Kind.LAW)
    source = forms.CharField(
        label=_("Source"), required=False, max_length=300, help_text=_("Who says so: a gazette, a depositary.")
    )
    source_url = forms.URLField(label=_("Address of the source"), required=False, max_length=500, assume_scheme="https")
    as_at = forms.DateField(label=_("As at"), required=False, widget=AdminDateInput)
    field_order = ["files", "kind", "language", "valid_on", "country", "authenticity", "label"]

    def __init__(self, *args, work: Work | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        if work is not None:
            del self.fields["kind"], self.fields["country"]


class IncomingTextForm(OfTextForm):
    """Facts about a text that waits to be imported."""

    title = forms.CharField(label=_("Title"), required=False, max_length=1500, widget=forms.Textarea({"rows": 2}))
    number = forms.CharField(label=_("Number"), required=False, max_length=60)
    dated_on = forms.DateField(
        label=_("Date of the work"),
        required=False,
        widget=AdminDateInput,
        help_text=_("Of its adoption, assent or decision."),
    )
    field_order = ["title", "language", "valid_on", "country", "number", "dated_on", "authenticity", "label"]

    def __init__(self, *args, incoming: IncomingText, **kwargs):
        text = incoming.text
        names = ("title", "language", "valid_on", "country", "number", "dated_on")
        initial = {name: getattr(text, name) for name in names}
        row = {"authenticity": incoming.authenticity, "label": incoming.label}
        super().__init__(*args, initial={**initial, **row}, **kwargs)

    def facts(self) -> dict[str, str]:
        """As the text keeps them."""
        return {name: str(said or "") for name, said in self.cleaned_data.items()}


class PassageForm(forms.Form):
    """What a provision says. Plain paragraphs are lines; what has marks or tables is the markup of Akoma Ntoso."""

    kind = forms.ChoiceField(label=_("Kind of provision"))
    number = forms.CharField(label=_("Number"), required=False, max_length=250)
    heading = forms.CharField(label=_("Heading"), required=False, widget=forms.Textarea({"rows": 2}))
    content = forms.CharField(label=_("Text"), required=False, strip=False, widget=forms.Textarea({"rows": 12}))
    after = forms.CharField(
        label=_("Text behind the provisions in it"), required=False, strip=False, widget=forms.Textarea({"rows": 4})
    )
    anchor = forms.RegexField(
        r"^[^\s#]+$",
        label=_("Anchor"),
        max_length=250,
        required=False,
        help_text=_("The last part of its permanent link. Once the text is imported, it never changes."),
    )

    def __init__(self, *args, node: Node, is_recorded: bool, **kwargs):
        said = {name: _written(getattr(node, name)) for name in ("content", "after")}
        facts = {"kind": node.kind, "number": node.number, "heading": node.heading, "anchor": node.eid}
        super().__init__(*args, initial={**facts, **said}, **kwargs)
        self.fields["kind"].choices = [(kind, kind) for kind in sorted({*CHOICES, node.kind})]
        lines = _("One paragraph a line.")
        markup = _("It has marks or tables, so it is shown with its markup (Akoma Ntoso).")
        for name in ("content", "after"):
            self.fields[name].help_text = lines if is_plain(getattr(node, name)) else markup
        if not node.children and not node.after:
            del self.fields["after"]
        if is_recorded:
            del self.fields["anchor"]

    def clean_content(self):
        return self._blocks("content")

    def clean_after(self):
        return self._blocks("after")

    def _blocks(self, name: str) -> str:
        try:
            return as_blocks(self.cleaned_data[name])
        except Unreadable as error:
            raise forms.ValidationError(error.sentence) from None


def _written(blocks: str) -> str:
    return as_lines(blocks) if is_plain(blocks) else blocks
