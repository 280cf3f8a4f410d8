"""The door to Wagtail's admin for the law."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.permissions import register_permission_policy

from legal.models import StatusTable
from legal.viewsets import (
    CaseStudyViewSet,
    InstrumentViewSet,
    ModelLawViewSet,
    NationalLawViewSet,
    NextSteps,
    ParticipationViewSet,
    PathwayViewSet,
    StatementViewSet,
    StatusTableViewSet,
)
from network.viewsets.records import LimitedPolicy

# A table is loaded step by step, and what was recorded of it stays.
register_permission_policy(StatusTable, LimitedPolicy(StatusTable, "view", "add"))

# What the verbs leave in the history: action, and how the history says it.
ACTIONS = {
    "legal.verify": _("Compared with its source"),
    "legal.work.publish": _("Published"),
    "legal.work.withdraw": _("Made a draft again"),
    "legal.expression.record": _("Recorded a text"),
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
        *(InstrumentViewSet, NationalLawViewSet, ModelLawViewSet, CaseStudyViewSet),
        *(ParticipationViewSet, StatementViewSet, StatusTableViewSet, PathwayViewSet),
    )


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
