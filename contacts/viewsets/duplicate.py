"""The admin's screens for records that may be about the same person, and that make them one."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.forms import language_name
from contacts.models import DuplicatePair, DuplicateScan, Merge, Person
from contacts.viewsets.chooser import PersonChooserViewSet
from network.viewsets.merging import MergeView, other_record
from network.viewsets.pairs import PairViewSet, TwinsTold
from network.viewsets.records import RecordCreateView


class DuplicatePairViewSet(PairViewSet):
    model = DuplicatePair
    scan = DuplicateScan
    url_prefix = "contacts/duplicates"
    menu_label = gettext_lazy("Duplicates")
    export_filename = "duplicates"


class PersonCreateView(TwinsTold, RecordCreateView):
    pair = DuplicatePair


class OtherPersonForm(forms.Form):
    other = other_record(Person.objects.all(), PersonChooserViewSet().widget_class)


class PersonMergeView(MergeView):
    model = Person
    merge = Merge
    pair = DuplicatePair
    form_class = OtherPersonForm
    header_icon = "user"

    def parts(self):
        viewer = self.request.user
        return {
            _("languages"): lambda one: [language_name(code) for code in one.languages],
            _("e-mail addresses"): lambda one: [email.address for email in one.emails.all()],
            _("telephone numbers"): lambda one: [phone.number for phone in one.phones.all()],
            _("affiliations"): lambda one: list(
                map(str, one.affiliations.visible_to(viewer).select_related("organization"))
            ),
        }
