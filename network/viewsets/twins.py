"""The admin's screens for records that may be about the same organization, and that make them one."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network.models import Organization, OrganizationMerge, OrganizationPair, OrganizationScan
from network.viewsets.chooser import OrganizationChooserViewSet
from network.viewsets.merging import MergeView, other_record
from network.viewsets.pairs import PairViewSet, TwinsTold
from network.viewsets.records import RecordCreateView


class OrganizationPairViewSet(PairViewSet):
    model = OrganizationPair
    scan = OrganizationScan
    url_prefix = "network/duplicates"
    menu_label = gettext_lazy("Duplicates")
    export_filename = "organization-duplicates"


class OrganizationCreateView(TwinsTold, RecordCreateView):
    pair = OrganizationPair


class OtherOrganizationForm(forms.Form):
    other = other_record(Organization.objects.all(), OrganizationChooserViewSet().widget_class)


class OrganizationMergeView(MergeView):
    model = Organization
    merge = OrganizationMerge
    pair = OrganizationPair
    form_class = OtherOrganizationForm
    header_icon = "group"

    def parts(self):
        viewer = self.request.user
        return {
            _("other names"): lambda one: [other.name for other in one.other_names.all()],
            _("topics"): lambda one: [str(topic) for topic in one.topics.all()],
            _("affiliations"): lambda one: [str(one.affiliations.visible_to(viewer).count() or "")],
        }
