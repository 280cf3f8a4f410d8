"""Who may do what: the one table of roles. `apply` turns it into groups after each migration.

A role is a list of permissions. "app.*" is everything in an app; "app.model" is add, change, delete and view of a
model; "app.view_model" and the like are one permission. Pages, pictures and documents have Wagtail's own permissions.
"""

from dataclasses import dataclass

from django.contrib.auth.models import Group, Permission
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

READ = (
    *("network.view_country", "network.view_countrygroup", "network.view_topic", "network.view_organization"),
    *("network.view_relationship", "contacts.view_agreement"),
    *("contacts.view_person", "contacts.view_interaction", "contacts.view_task"),
    *("events.view_event", "events.view_venue", "events.view_session"),
    *("events.view_programme", "events.view_invitation", "events.view_registration"),
    *("events.view_delegation", "events.view_presence", "events.view_commitment"),
    *("events.view_curriculum", "events.view_formalletter", "events.view_mission"),
    *("legal.view_work", "legal.view_instrument", "legal.view_nationallaw", "legal.view_modellaw"),
    *("legal.view_casestudy", "legal.view_participation", "legal.view_expression"),
    *("legal.view_statement", "legal.view_pathway"),
    *("legal.view_correspondence", "legal.view_assistance", "legal.view_expert"),  # without the authorities
)

# Whoever goes on missions writes them down and hands the reports in.
MISSIONS = ("events.add_mission", "events.change_mission")

# Without the desks: who could change those would lift the limits of their own sight.
NETWORK = (
    *("network.country", "network.countrygroup", "network.topic", "network.organization", "network.organizationname"),
    *("network.relationship", "network.view_organizationpair", "network.view_desk"),
)

CONTACTS = (
    *("contacts.person", "contacts.interaction", "contacts.task", "contacts.segment", "contacts.mailing"),
    *("contacts.view_returnedletter", "contacts.view_receivedletter", "contacts.change_receivedletter"),
    *("contacts.delete_receivedletter", "contacts.suppression", "contacts.view_consent"),
    *("contacts.add_consent", "contacts.change_consent"),
    *("contacts.view_importbatch", "contacts.add_importbatch"),  # their own; the administrator oversees all
)

# Whether somebody may be on a list of sanctions is for few eyes.
SCREENING = (
    *("contacts.view_watchlist", "contacts.add_watchlist", "contacts.change_watchlist"),
    *("contacts.view_screeningquestion", "contacts.change_screeningquestion"),
)


@dataclass(frozen=True)
class Role:
    """`name` is the group's name and never translated; `label` and `purpose` are for people."""

    name: str
    label: str
    purpose: str
    permissions: tuple[str, ...]
    pages: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()


ROLES = (
    Role(
        "administrator",
        _("Administrator"),
        _("Opens accounts, gives roles, and may do everything."),
        (
            "network.*",
            "contacts.*",
            "events.*",
            "legal.*",
            "cms.*",
            "wagtailcore.*",
            "wagtail_localize.*",
            "wagtailredirects.*",
        ),
        pages=("add", "change", "publish", "bulk_delete", "lock", "unlock"),
        collections=("add", "change", "choose"),
    ),
    Role(
        "network officer",
        _("Network officer"),
        _("Keeps countries, organizations, topics and people."),
        (
            *(*NETWORK, *CONTACTS, "contacts.view_message", "contacts.view_duplicatepair"),
            *("contacts.consent", "contacts.retentionrule", *SCREENING, *READ),
            *("contacts.agreement", "contacts.application", "contacts.admissionrule", *MISSIONS),
        ),
    ),
    Role(
        "organizer",
        _("Organizer"),
        _("Convenes events: programme, invitations, letters, seats."),
        (
            *("events.*", *CONTACTS, "contacts.view_duplicatepair"),
            *("contacts.view_message", "contacts.change_message", *READ),
        ),
        pages=("add", "change"),
        collections=("add", "choose"),
    ),
    Role(
        "legal officer",
        _("Legal officer"),
        _("Reads the network and the events; keeps the legal database."),
        ("network.topic", "legal.*", *MISSIONS, *READ),
        pages=("add", "change"),
        collections=("add", "choose"),
    ),
    Role(
        "editor",
        _("Editor"),
        _("Writes, translates and publishes pages."),
        ("wagtail_localize.*", "events.view_event", "events.view_session", "events.view_programme"),
        pages=("add", "change", "publish"),
        collections=("add", "change", "choose"),
    ),
    Role(
        "front desk",
        _("Front desk"),
        _("Sees who is invited and who has a seat."),
        (
            *("contacts.view_person", "events.view_event", "events.view_session", "events.view_programme"),
            *("events.view_invitation", "events.view_registration", "events.view_delegation"),
            "events.view_presence",
        ),
    ),
    Role("reader", _("Reader"), _("Reads everything, changes nothing."), READ),
)


def apply(**_signal) -> None:
    """Make the groups and their permissions what the table says. Idempotent; called after each migration."""
    for role in ROLES:
        group, _created = Group.objects.get_or_create(name=role.name)
        group.permissions.set(permissions(role))
        _give(group, GroupPagePermission, "page", Page.get_first_root_node(), _named("page", role.pages))
        collections = _named("image", role.collections) | _named("document", role.collections)
        _give(group, GroupCollectionPermission, "collection", Collection.get_first_root_node(), collections)


def permissions(role: Role) -> QuerySet[Permission]:
    """The permissions of `role` as rows, with entry to the admin."""
    wanted = Q(content_type__app_label="wagtailadmin", codename="access_admin")
    for name in role.permissions:
        app, _dot, what = name.partition(".")
        here = Q(content_type__app_label=app)
        if what == "*":
            wanted |= here
        elif "_" in what:
            wanted |= here & Q(codename=what)
        else:
            wanted |= here & Q(content_type__model=what)
    return Permission.objects.filter(wanted)


def _named(model: str, verbs: tuple[str, ...]) -> QuerySet[Permission]:
    return Permission.objects.filter(codename__in=[f"{verb}_{model}" for verb in verbs])


def _give(
    group: Group, through: type, field: str, root: Page | Collection | None, wanted: QuerySet[Permission]
) -> None:
    if root is None:  # Wagtail's own first rows do not exist yet
        return
    rows = through.objects.filter(group=group, **{field: root})
    rows.exclude(permission__in=wanted).delete()
    for permission in wanted.exclude(pk__in=rows.values("permission")):
        through.objects.create(group=group, permission=permission, **{field: root})
