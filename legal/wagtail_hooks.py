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
    NationalDraftViewSet,
    NationalLawViewSet,
)
from legal.viewsets.sources import dossier_rows
from network.viewsets.records import LimitedPolicy

# What the verbs leave in the history: action, and how the history says it.
ACTIONS = {
    "legal.verify": _("Compared with its source"),
    "legal.work.publish": _("Published"),
    "legal.work.withdraw": _("Made a draft again"),
    "legal.expression.record": _("Recorded a text"),
    "legal.commentary.keep": _("Wrote the commentary of a provision"),
    "legal.option.keep": _("Wrote a drafting option"),
    "legal.option.drop": _("Took a drafting option away"),
    "legal.draft.begin": _("Began the draft of a country"),
    "legal.draft.choose": _("Chose how a provision is written"),
    "legal.draft.record": _("Recorded the draft as a law"),
    "legal.expression.replace": _("Replaced a text by an uploaded one"),
    "legal.expression.correct": _("Set a text right by hand"),
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
        *(InstrumentViewSet, NationalLawViewSet, ModelLawViewSet, NationalDraftViewSet, CaseStudyViewSet),
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


@hooks.register("dossier_rows")
def rows_of_people(people):
    return dossier_rows(people)
