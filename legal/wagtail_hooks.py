"""The door to Wagtail's admin for the law."""

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.permissions import register_permission_policy

from legal.models import Expression, StatusTable
from legal.viewsets import (
    CaseStudyViewSet,
    ExpressionViewSet,
    InstrumentViewSet,
    IntakeViewSet,
    ModelLawViewSet,
    NationalDraftViewSet,
    NationalLawViewSet,
    NextSteps,
    ParticipationViewSet,
    PathwayViewSet,
    StatementViewSet,
    StatusTableViewSet,
)
from legal.viewsets.sources import dossier_rows
from network.viewsets.records import LimitedPolicy

# New texts are imported.
register_permission_policy(Expression, LimitedPolicy(Expression, "change", "delete", "view"))
# A table is loaded step by step, and what was recorded of it stays.
register_permission_policy(StatusTable, LimitedPolicy(StatusTable, "view", "add"))

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
    "legal.participation.record": _("Recorded what a country did"),
    "legal.participation.correct": _("Corrected what a country did"),
    "legal.status.receive": _("Uploaded a status table"),
    "legal.status.read_again": _("Read the file again"),
    "legal.status.choose": _("Chose the columns"),
    "legal.status.judge": _("Compared the rows with what is recorded"),
    "legal.status.decide": _("Said which rows are taken"),
    "legal.status.record": _("Recorded the rows that are taken"),
    "legal.status.discard": _("Discarded the file"),
    "legal.pathway.begin": _("Began a ratification"),
    "legal.pathway.plan": _("Planned a step"),
    "legal.pathway.add_step": _("Added a step"),
    "legal.pathway.take_step": _("Noted that a step was taken"),
    "legal.pathway.deposit": _("Recorded the deposit"),
    "legal.pathway.stop": _("Closed a ratification"),
}


class LegalGroup(ViewSetGroup):
    menu_label = _("Law")
    menu_name = "legal"
    menu_icon = "doc-full"
    menu_order = 130
    items = (
        *(InstrumentViewSet, ParticipationViewSet, StatementViewSet, PathwayViewSet, StatusTableViewSet),
        *(NationalLawViewSet, ModelLawViewSet, NationalDraftViewSet, CaseStudyViewSet, ExpressionViewSet),
        IntakeViewSet,
    )


@hooks.register("insert_global_admin_css")
def text_styles():
    return format_html('<link rel="stylesheet" href="{}">', static("entente/texts_desk.css"))


@hooks.register("register_admin_viewset")
def register_viewsets():
    return [LegalGroup()]


@hooks.register("construct_homepage_panels")
def homepage_panels(request, panels):
    panels.append(NextSteps(request.user))


@hooks.register("register_log_actions")
def register_actions(actions):
    for name, label in ACTIONS.items():
        actions.register_action(name, label, label)


@hooks.register("dossier_rows")
def rows_of_people(people):
    return dossier_rows(people)
