"""The door to Wagtail's admin for contacts."""

from django.forms import modelform_factory
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.views.account import BaseSettingsPanel
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.permissions import register_permission_policy

from contacts.models import (
    Application,
    DuplicatePair,
    ImportBatch,
    Message,
    Person,
    ReceivedLetter,
    ReturnedLetter,
    ScreeningQuestion,
    Suppression,
    User,
    Watchlist,
)
from contacts.viewsets import (
    AdmissionRuleViewSet,
    AgreementViewSet,
    ApplicationViewSet,
    CoverageViewSet,
    DuplicatePairViewSet,
    ImportBatchViewSet,
    InteractionViewSet,
    MailingViewSet,
    MembershipViewSet,
    MessageViewSet,
    PersonChooserViewSet,
    PersonViewSet,
    ReceivedLetterViewSet,
    RetentionRuleViewSet,
    ReturnedLetterViewSet,
    ScreeningQuestionViewSet,
    SegmentViewSet,
    SuppressionViewSet,
    TaskViewSet,
    WatchlistViewSet,
    membership,
    screening,
)
from contacts.viewsets.segment import own_conditions
from contacts.viewsets.sources import DeskToday, buttons, sources
from network.viewsets.records import LimitedPolicy
from network.viewsets.search import RecordSearchArea

# What the verbs leave in the history: action, and how the history says it.
ACTIONS = {
    "contacts.agreement.sign": _("Noted the signature"),
    "contacts.agreement.renew": _("Renewed"),
    "contacts.agreement.end": _("Ended before its time"),
    "contacts.agreement.remind": _("Told the owner that it expires"),
    "contacts.application.confirm": _("Confirmed by the applicant"),
    "contacts.application.begin_review": _("Began the review"),
    "contacts.application.tick": _("Went through the checklist"),
    "contacts.application.ask_for_more": _("Asked the applicant for more"),
    "contacts.application.resubmit": _("Sent again by the applicant"),
    "contacts.application.approve": _("Recommended the admission"),
    "contacts.application.admit": _("Admitted"),
    "contacts.application.refuse": _("Refused"),
    "contacts.application.suspend": _("Suspended"),
    "contacts.application.reinstate": _("Reinstated"),
    "contacts.application.end": _("Ended the membership"),
    **membership.STEPS,
    "contacts.message.send_again": _("Decided to send once more"),
    "contacts.message.learn": _("Learned what became of it"),
    "contacts.person.add_address": _("Added an address"),
    "contacts.returned.note": _("Noted that it came back"),
    "contacts.returned.believe": _("Believed a report"),
    "contacts.received.take": _("Came in by mail"),
    "contacts.received.file": _("Filed with a person"),
    "contacts.received.settle": _("Dealt with it"),
    "contacts.person.import": _("Imported people"),
    "contacts.person.introduce": _("Was named by a partner"),
    "contacts.person.undo_import": _("Took an import back"),
    "contacts.import.receive": _("Uploaded the file"),
    "contacts.import.read_again": _("Said how the file is read"),
    "contacts.import.look_through": _("Chose the columns"),
    "contacts.import.mend": _("Mended a row"),
    "contacts.import.identify": _("Said which organization a name means"),
    "contacts.import.start": _("Began to import"),
    "contacts.import.resume": _("Let it go on"),
    "contacts.import.undo": _("Began to take it back"),
    "contacts.import.discard": _("Deleted the file before it was imported"),
    "contacts.duplicates.scan": _("Had everybody compared"),
    "contacts.duplicates.keep_apart": _("Decided that they are two people"),
    "contacts.duplicates.compare_again": _("Asked again whether they are two people"),
    "contacts.person.merge": _("Merged with another record"),
    "contacts.person.unmerge": _("Took a merge back"),
    "contacts.person.leave": _("Left a post"),
    "contacts.person.succeed": _("Succeeded to a post"),
    "contacts.person.read_in": _("Chose the language of letters"),
    "contacts.segment.put": _("Decided about a person by hand"),
    "contacts.segment.leave": _("Left a person to the conditions again"),
    "contacts.mailing.send": _("Sent the mailing"),
    "contacts.mailing.stop": _("Stopped the mailing"),
    "contacts.mailing.resume": _("Let the mailing go on"),
    "contacts.suppression.suppress": _("No letters to this address"),
    "contacts.suppression.lift": _("Letters may go to this address again"),
    "contacts.person.confirm": _("Confirmed that it is right"),
    "contacts.person.void_link": _("Made earlier links void"),
    "contacts.person.erase": _("Erased"),
    "contacts.consent.give": _("Noted on what ground we hold it"),
    "contacts.consent.withdraw": _("Withdrew a consent"),
    "contacts.retention.apply": _("Applied the rule"),
    "contacts.watchlist.load": _("Loaded the list"),
    "contacts.screening.run": _("Had everybody compared with the watchlists"),
    "contacts.watchlist.retire": _("Retired the list"),
    "contacts.screening.decide": _("Decided whether it is the same"),
    "contacts.screening.ask_again": _("Asked once more"),
    "contacts.task.ask_to_correct": _("Asked for a correction"),
    "contacts.task.take_on": _("Took the task on"),
    "contacts.task.finish": _("Finished the task"),
    "contacts.task.take_up_again": _("Took the task up again"),
    "contacts.user.add_passkey": _("Added a passkey"),
    "contacts.user.remove_passkey": _("Removed a passkey"),
}

# A letter is what was sent: nobody writes or mends one by hand.
register_permission_policy(Message, LimitedPolicy(Message, "view"))
register_permission_policy(DuplicatePair, LimitedPolicy(DuplicatePair, "view"))
# What came in stays as it came.
register_permission_policy(ReceivedLetter, LimitedPolicy(ReceivedLetter, "view", "delete"))
register_permission_policy(ReturnedLetter, LimitedPolicy(ReturnedLetter, "view"))
# Applicants write their applications; reviewers decide.
register_permission_policy(Application, LimitedPolicy(Application, "view"))
# An objection is noted and lifted, never rewritten.
register_permission_policy(Suppression, LimitedPolicy(Suppression, "view", "add"))
# A list is loaded, never written; what it makes us ask is answered on its own screen.
register_permission_policy(Watchlist, LimitedPolicy(Watchlist, "view", "add"))
register_permission_policy(ScreeningQuestion, LimitedPolicy(ScreeningQuestion, "view"))
# A file is uploaded, taken in and taken back by verbs.
register_permission_policy(ImportBatch, LimitedPolicy(ImportBatch, "view", "add"))


class ContactsGroup(ViewSetGroup):
    menu_label = _("Contacts")
    menu_name = "contacts"
    menu_icon = "user"
    menu_order = 110
    items = (
        *(PersonViewSet, ApplicationViewSet, AgreementViewSet, InteractionViewSet, TaskViewSet),
        *(SegmentViewSet, MailingViewSet, MessageViewSet, ReceivedLetterViewSet, ReturnedLetterViewSet),
        *(SuppressionViewSet, CoverageViewSet, ImportBatchViewSet, DuplicatePairViewSet, RetentionRuleViewSet),
        *(ScreeningQuestionViewSet, WatchlistViewSet, AdmissionRuleViewSet),
    )


@hooks.register("register_admin_viewset")
def register_viewsets():
    return [ContactsGroup(), PersonChooserViewSet(), MembershipViewSet()]


@hooks.register("register_admin_search_area")
def search_people():
    return RecordSearchArea(Person, "user", order=10)


@hooks.register("register_log_actions")
def register_actions(actions):
    for name, label in ACTIONS.items():
        actions.register_action(name, label, label)


@hooks.register("timeline_sources")
def timeline_sources():
    return sources()


@hooks.register("record_buttons")
def record_buttons(record, viewer):
    return buttons(record, viewer)


@hooks.register("record_panels")
def record_panels(record, viewer):
    return [*membership.panels(record, viewer), *screening.panels(record, viewer)]


@hooks.register("construct_homepage_panels")
def homepage_panels(request, panels):
    panels.append(DeskToday(request))


@hooks.register("segment_conditions")
def segment_conditions():
    return own_conditions()


class PasskeysPanel(BaseSettingsPanel):
    """Nothing to fill in: it leads to the page of one's passkeys."""

    name = "passkeys"
    form_class = modelform_factory(User, fields=[])
    title = _("Passkeys")
    order = 600
    template_name = "contacts/passkeys_panel.html"


@hooks.register("register_account_settings_panel")
def passkeys_panel(request, user, profile):
    return PasskeysPanel(request, user, profile)
