"""The questions about an agreement."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput

from contacts.models import User
from contacts.uploads import Unwelcome, check
from network.forms import RecordForm


class AgreementForm(RecordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = User.objects.who_may("contacts.view_agreement")

    def clean_document(self):
        file = self.cleaned_data.get("document")
        if file and "document" in self.changed_data:
            try:
                check(file, file.name, file.size)
            except Unwelcome as sentence:
                raise forms.ValidationError(str(sentence)) from sentence
        return file

    def clean(self):
        answers = super().clean()
        rows = [row for row in self.formsets["parties"].forms if row not in self.formsets["parties"].deleted_forms]
        if not any(row.has_changed() or row.instance.pk for row in rows):
            raise forms.ValidationError(_("Name at least one organization as a party."))
        return answers


class SignForm(forms.Form):
    on = forms.DateField(label=_("Signed on"), widget=AdminDateInput, initial=timezone.localdate)
    starts_on = forms.DateField(
        label=_("In force from"), widget=AdminDateInput, required=False, help_text=_("Empty: from the signature.")
    )
    expires_on = forms.DateField(
        label=_("Expires"), widget=AdminDateInput, required=False, help_text=_("Empty: as it is written here already.")
    )


class RenewForm(forms.Form):
    until = forms.DateField(
        label=_("It holds until"), widget=AdminDateInput, required=False, help_text=_("Empty: without an end.")
    )


class EndForm(forms.Form):
    reason = forms.CharField(label=_("Why it ends"), max_length=500)
