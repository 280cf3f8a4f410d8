"""The door to Wagtail's admin for the law."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.permissions import register_permission_policy

from contacts.models.wording import TECHNICAL, TOLD
from legal.models import Correspondence, Suggestion
from legal.viewsets import (
    AssistanceViewSet,
    AuthorityViewSet,
    CaseStudyViewSet,
    CheckingViewSet,
    CorrespondenceViewSet,
    ExpertViewSet,
    GapsViewSet,
    InstrumentViewSet,
    ModelLawViewSet,
    NationalLawViewSet,
    SuggestionViewSet,
    WorkloadViewSet,
    assistance_card,
    authority,
    suggestion,
)
from legal.viewsets.checking import LawToday
from legal.viewsets.sources import dossier_rows, sources
from network.viewsets.records import LimitedPolicy

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

# What was found is assessed in the matrix and reviewed, and what focal points wrote is answered: neither is rewritten.
register_permission_policy(Correspondence, LimitedPolicy(Correspondence, "view"))
register_permission_policy(Suggestion, LimitedPolicy(Suggestion, "view"))

# How a suggestion is told to whoever asks what we hold of them.
TOLD["suggestion.proposed"] = lambda one: one.said()
TECHNICAL |= {"suggestion.before"}


class LegalGroup(ViewSetGroup):
    menu_label = _("Law")
    menu_name = "legal"
    menu_icon = "doc-full"
    menu_order = 130
    items = (
        *(InstrumentViewSet, NationalLawViewSet, ModelLawViewSet, CaseStudyViewSet),
        *(GapsViewSet, CorrespondenceViewSet, AssistanceViewSet, WorkloadViewSet, ExpertViewSet, AuthorityViewSet),
        *(SuggestionViewSet, CheckingViewSet),
    )


@hooks.register("register_admin_viewset")
def register_viewsets():
    return [LegalGroup()]


@hooks.register("register_log_actions")
def register_actions(actions):
    for name, label in ACTIONS.items():
        actions.register_action(name, label, label)


@hooks.register("timeline_sources")
def timeline_sources():
    return sources()


@hooks.register("dossier_rows")
def rows_of_people(people):
    return dossier_rows(people)


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


@hooks.register("construct_homepage_panels")
def homepage_panels(request, panels):
    panels.append(LawToday(request.user))
