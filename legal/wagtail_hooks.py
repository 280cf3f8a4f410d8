"""The door to Wagtail's admin for the law."""

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.permissions import register_permission_policy

from contacts.models.wording import TECHNICAL, TOLD
from legal.models import Correspondence, Expression, StatusTable, Suggestion
from legal.viewsets import (
    AssistanceViewSet,
    AuthorityViewSet,
    CaseStudyViewSet,
    CheckingViewSet,
    CorrespondenceViewSet,
    ExpertViewSet,
    ExpressionViewSet,
    GapsViewSet,
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
    SuggestionViewSet,
    WorkloadViewSet,
    assistance_card,
    authority,
    suggestion,
)
from legal.viewsets.checking import LawToday
from legal.viewsets.sources import dossier_rows, sources
from network.viewsets.records import LimitedPolicy

# New texts are imported.
register_permission_policy(Expression, LimitedPolicy(Expression, "change", "delete", "view"))
# A table is loaded step by step, and what was recorded of it stays.
register_permission_policy(StatusTable, LimitedPolicy(StatusTable, "view", "add"))
# What was found is assessed in the matrix and reviewed, and what focal points wrote is answered: neither is rewritten.
register_permission_policy(Correspondence, LimitedPolicy(Correspondence, "view"))
register_permission_policy(Suggestion, LimitedPolicy(Suggestion, "view"))

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
    "legal.archive.make": _("Made the archive of open data"),
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
    "legal.correspondence.assess": _("Assessed"),
    "legal.correspondence.review": _("Reviewed"),
    "legal.correspondence.return": _("Returned to its assessor"),
    "legal.correspondence.supersede": _("Superseded"),
    "legal.assistance.receive": _("Noted a request"),
    "legal.assistance.move": _("Said how it stands"),
    "legal.assistance.publish": _("Published the outcome"),
    "legal.assistance.withdraw": _("Took the outcome off the public pages"),
    "legal.assistance.concern": _("Said which articles it is about"),
    "legal.assistance.credit": _("Linked a law that followed"),
    "legal.milestone.set": _("Set a milestone"),
    "legal.milestone.reach": _("Reached a milestone"),
    "legal.expert.engage": _("Engaged an expert"),
    "legal.advisory.plan": _("Planned an advisory mission"),
    "legal.advisory.report": _("Reported on an advisory mission"),
    "legal.draft.exchange": _("Kept a draft"),
    "legal.suggestion.suggest": _("Suggested"),
    "legal.suggestion.accept": _("Accepted a suggestion"),
    "legal.suggestion.return": _("Returned a suggestion"),
    "legal.portal.invite": _("Asked to look through the law"),
}

# How a suggestion is told to whoever asks what we hold of them.
TOLD["suggestion.proposed"] = lambda one: one.said()
TECHNICAL |= {"suggestion.before"}


class LegalGroup(ViewSetGroup):
    menu_label = _("Law")
    menu_name = "legal"
    menu_icon = "doc-full"
    menu_order = 130
    items = (
        *(InstrumentViewSet, ParticipationViewSet, StatementViewSet, PathwayViewSet, StatusTableViewSet),
        *(NationalLawViewSet, ModelLawViewSet, NationalDraftViewSet, CaseStudyViewSet, ExpressionViewSet),
        *(IntakeViewSet, GapsViewSet, CorrespondenceViewSet, AssistanceViewSet, WorkloadViewSet, ExpertViewSet),
        *(AuthorityViewSet, SuggestionViewSet, CheckingViewSet),
    )


@hooks.register("insert_global_admin_css")
def text_styles():
    return format_html('<link rel="stylesheet" href="{}">', static("entente/texts_desk.css"))


@hooks.register("register_admin_viewset")
def register_viewsets():
    return [LegalGroup()]


@hooks.register("construct_homepage_panels")
def homepage_panels(request, panels):
    panels.extend([NextSteps(request.user), LawToday(request.user)])


@hooks.register("register_log_actions")
def register_actions(actions):
    for name, label in ACTIONS.items():
        actions.register_action(name, label, label)


@hooks.register("dossier_rows")
def rows_of_people(people):
    return dossier_rows(people)


@hooks.register("timeline_sources")
def timeline_sources():
    return sources()


@hooks.register("record_panels")
def record_panels(record, viewer):
    return [
        *assistance_card.panels(record, viewer),
        *authority.panels(record, viewer),
        *suggestion.panels(record, viewer),
    ]


@hooks.register("record_buttons")
def record_buttons(record, viewer):
    return assistance_card.buttons(record, viewer)
