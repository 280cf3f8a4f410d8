"""The door to Wagtail's admin for the law."""

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.permissions import register_permission_policy

from legal.models import Expression
from legal.viewsets import (
    CaseStudyViewSet,
    ExpressionViewSet,
    InstrumentViewSet,
    IntakeViewSet,
    ModelLawViewSet,
    NationalLawViewSet,
)
from network.viewsets.records import LimitedPolicy

# What the verbs leave in the history: action, and how the history says it.
ACTIONS = {
    "legal.verify": _("Compared with its source"),
    "legal.work.publish": _("Published"),
    "legal.work.withdraw": _("Made a draft again"),
    "legal.expression.record": _("Recorded a text"),
    "legal.expression.replace": _("Replaced a text by an uploaded one"),
    "legal.expression.correct": _("Set a text right by hand"),
    "legal.archive.make": _("Made the archive of open data"),
    "legal.intake.receive": _("Uploaded texts"),
    "legal.intake.apply": _("Imported uploaded texts"),
    "legal.intake.discard": _("Put uploaded texts aside"),
}


class LegalGroup(ViewSetGroup):
    menu_label = _("Law")
    menu_name = "legal"
    menu_icon = "doc-full"
    menu_order = 130
    items = (
        *(InstrumentViewSet, NationalLawViewSet, ModelLawViewSet, CaseStudyViewSet),
        *(ExpressionViewSet, IntakeViewSet),
    )


register_permission_policy(Expression, LimitedPolicy(Expression, "change", "delete", "view"))  # new ones are imported


@hooks.register("insert_global_admin_css")
def text_styles():
    return format_html('<link rel="stylesheet" href="{}">', static("entente/texts_desk.css"))


@hooks.register("register_admin_viewset")
def register_viewsets():
    return [LegalGroup()]


@hooks.register("register_log_actions")
def register_actions(actions):
    for name, label in ACTIONS.items():
        actions.register_action(name, label, label)
