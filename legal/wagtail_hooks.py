"""The door to Wagtail's admin for the law."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSetGroup

from legal.viewsets import CaseStudyViewSet, InstrumentViewSet, ModelLawViewSet, NationalLawViewSet

# What the verbs leave in the history: action, and how the history says it.
ACTIONS = {
    "legal.verify": _("Compared with its source"),
    "legal.work.publish": _("Published"),
    "legal.work.withdraw": _("Made a draft again"),
    "legal.expression.record": _("Recorded a text"),
    "legal.correspondence.assess": _("Assessed"),
    "legal.correspondence.review": _("Reviewed"),
    "legal.correspondence.return": _("Returned to its assessor"),
    "legal.correspondence.supersede": _("Superseded"),
}


class LegalGroup(ViewSetGroup):
    menu_label = _("Law")
    menu_name = "legal"
    menu_icon = "doc-full"
    menu_order = 130
    items = (InstrumentViewSet, NationalLawViewSet, ModelLawViewSet, CaseStudyViewSet)


@hooks.register("register_admin_viewset")
def register_viewsets():
    return [LegalGroup()]


@hooks.register("register_log_actions")
def register_actions(actions):
    for name, label in ACTIONS.items():
        actions.register_action(name, label, label)
