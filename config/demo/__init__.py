"""The demonstration: a believable house, written for this project. The content is in the TOML files beside this one
(nobody in it exists, the organizations are real bodies that take part in nothing here); this loads it through the same
verbs that people use."""

import datetime
import tomllib
import zoneinfo
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from wagtail.models import Locale

from cms.models import ArticlePage, ForumPage, HomePage
from config.demo import (
    afterwards,
    answers,
    calendars,
    delegations,
    details,
    law_gaps,
    law_models,
    law_texts,
    law_treaties,
    missions,
    papers,
    partners,
    planning,
    questionnaires,
    trainings,
    versions,
)
from config.roles import ROLES
from contacts.models import (
    Affiliation,
    Consent,
    ImportBatch,
    Person,
    PersonEmail,
    PersonPhone,
    RetentionRule,
    User,
    Watchlist,
)
from contacts.models.imports.work import go_on
from events.models import Appearance, Event, LetterText, Room, Session, Track, Venue
from network.models import Country, CountryGroup, Organization, OrganizationName, OrganizationPair, Topic

HERE = Path(__file__).parent
INTERPOL = {"en": "INTERPOL members", "fr": "Membres d’INTERPOL", "es": "Miembros de INTERPOL", "ar": "أعضاء الإنتربول"}
PASSWORD = "entente-demo"  # noqa: S105  (printed at every start of the demonstration)


def read(name: str) -> dict:
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"))


def address(role: str) -> str:
    """The e-mail address with which the demonstration's user of that role signs in."""
    return f"{role.replace(' ', '-')}@entente.example"


def is_loaded() -> bool:
    return User.objects.filter(email=address("administrator")).exists()


@transaction.atomic
def load(today: datetime.date | None = None) -> None:
    """Fill an empty database, as of `today`."""
    today, users = today or timezone.localdate(), _load_users()
    organizer = users["organizer"]
    _load_members()
    topics = _load_topics()
    organizations = _load_organizations(topics)
    OrganizationPair.objects.scan()
    people = _load_people(organizations, topics)
    Watchlist.objects.load(
        "Demonstration list (invented)", Watchlist.Kind.OPENSANCTIONS, HERE / "watchlist.csv", by=organizer
    )
    _load_grounds(list(people.values())[:12], organizer, today)
    partners.load(read("partners.toml"), organizations, users, today)
    events = _load_events(people, organizer, today)
    answers.load(people, events)
    calendars.load(read("answers.toml")["calendar"], people, events)
    delegations.load(events, organizations, people, organizer)
    details.load(events["illicit-trade-marseille"], organizer)
    versions.load(events["illicit-trade-marseille"], organizer)
    afterwards.load(events["illicit-trade-nairobi"], organizations, organizer)
    papers.load(events["illicit-trade-marseille"], events["illicit-trade-nairobi"], organizer)
    trainings.load(events["free-zone-controls-panama"], people, topics, organizer)
    missions.load(
        read("missions.toml")["mission"], events["illicit-trade-marseille"], organizations, people, topics, users
    )
    law_gaps.load(read("law_gaps.toml"), organizations, people, topics, users)
    questionnaires.load(events["illicit-trade-nairobi"], people, organizer, today)
    law_models.load(read("law_models.toml"), topics, users["legal officer"])
    law_texts.load(read("law_texts.toml"), topics, users["legal officer"], today)
    law_treaties.load(read("law_treaties.toml"), topics, users["legal officer"], today)
    _load_pages(events)
    _load_import(User.objects.get(email=address("network officer")))


def _load_users() -> dict[str, User]:
    users = {}
    for role in ROLES:
        users[role.name] = User.objects.create_user(
            address(role.name), PASSWORD, first_name=role.name.title(), last_name="Demo"
        )
        users[role.name].groups.add(Group.objects.get(name=role.name))
    User.objects.filter(pk=users["administrator"].pk).update(is_superuser=True)
    return users


def _load_members() -> None:
    codes = (HERE.parent.parent / "network" / "facts" / "interpol_members.csv").read_text().split()[1:]
    group = CountryGroup.objects.create(slug="interpol", name=INTERPOL)
    group.countries.set(Country.objects.filter(code__in=codes))


def _load_topics() -> dict[str, Topic]:
    topics: dict[str, Topic] = {}
    for position, row in enumerate(read("topics.toml")["topic"]):
        parent = topics.get(row.get("parent", ""))
        topics[row["slug"]] = Topic.objects.create(
            slug=row["slug"],
            name=row["name"],
            parent=parent,
            position=position,
            is_competence=row.get("is_competence", False),
        )
    return topics


def _load_organizations(topics: dict[str, Topic]) -> dict[str, Organization]:
    organizations: dict[str, Organization] = {}
    for row in read("organizations.toml")["organization"]:
        organization = Organization(
            kind=row["kind"],
            name=row["name"],
            acronym=row.get("acronym", ""),
            country_id=row.get("country"),
            parent=organizations.get(row.get("parent", "")),
            website=row["website"],
            is_listed=row.get("listed", False),
        )
        kinds = OrganizationName.Kind
        names = [(name, language, kinds.TRANSLATION) for language, name in row.get("names", {}).items()]
        names += [(name, "", kinds.ALIAS) for name in row.get("also", [])]
        names += [(name, "", kinds.FORMER) for name in row.get("former", [])]
        organization.other_names = [OrganizationName(name=name, language=code, kind=kind) for name, code, kind in names]
        organization.save()
        organization.topics.set(topics[slug] for slug in row["topics"])
        organizations[row["key"]] = organization
    return organizations


def _load_people(organizations: dict[str, Organization], topics: dict[str, Topic]) -> dict[str, Person]:
    people = {}
    for row in read("people.toml")["person"]:
        plain = ("honorific", "given_name", "family_name", "passport_given_name", "passport_family_name", "languages")
        person = Person(country_id=row["country"], **{field: row[field] for field in plain if field in row})
        person.emails = [PersonEmail(address=mail, is_primary=not n) for n, mail in enumerate(row["emails"])]
        person.phones = [PersonPhone(number=number) for number in row.get("phones", [])]
        person.affiliations = [
            Affiliation(
                organization=organizations[affiliation["organization"]],
                position=affiliation["position"],
                rank=Affiliation.Rank[affiliation["rank"]] if "rank" in affiliation else None,
                is_head=affiliation.get("is_head", False),
                is_focal_point=affiliation.get("is_focal_point", False),
                competence=topics.get(affiliation.get("competence", "")),
            )
            for affiliation in row["affiliations"]
        ]
        person.save()
        people[row["key"]] = person
    return people


def _load_grounds(people: list[Person], organizer: User, today: datetime.date) -> None:
    """Why these people are written to, and for how long what is written is kept."""
    since = today - datetime.timedelta(days=200)
    for person in people:
        grounds = [("NETWORK", "PUBLIC", "Letter of the ministry"), ("NEWS", "CONSENT", "Form at the forum")]
        for purpose, basis, source in grounds:
            Consent.objects.give(person, purpose=purpose, basis=basis, source=source, given_on=since, by=organizer)
    RetentionRule.objects.create(kind=RetentionRule.Kind.NEWS, months=24, purpose="Policy on records, section 4")


def _load_import(officer: User) -> None:
    """An export of Outlook, looked through and waiting to be imported. The file itself is not kept."""
    content = (HERE / "outlook.csv").read_text(encoding="utf-8").encode("cp1252")
    batch = ImportBatch.objects.receive(ContentFile(content, "Outlook contacts.csv"), by=officer)
    batch.look_through(batch.mapping, by=officer)
    go_on(batch.pk)
    batch.refresh_from_db()
    batch.file.delete()


def _load_events(people: dict[str, Person], organizer: User, today: datetime.date) -> dict[str, Event]:
    content, sessions = read("events.toml"), read("sessions.toml")["session"]
    rooms: dict[str, Room] = {}
    venues = {row["key"]: _venue(row, rooms) for row in content["venue"]}
    events = {}
    for row in content["event"]:
        event = events[row["slug"]] = _event(row, venues, today)
        tracks = {
            track["key"]: Track.objects.create(
                event=event, slug=track["key"], name=track["name"], color=track["color"], position=position
            )
            for position, track in enumerate(row.get("tracks", []))
        }
        planning.equip(event, row, rooms)
        for session in sessions:
            if session["event"] == event.slug:
                _session(session, event, tracks, rooms, people)
        planning.note_absences(event, row, rooms, people, organizer)
        _invite(event, row["invitations"], people, organizer)
        if row["is_published"]:
            event.publish(by=organizer)
    return events


def _venue(row: dict, rooms: dict[str, Room]) -> Venue:
    venue = Venue.objects.create(name=row["name"], address=row["address"], city=row["city"], country_id=row["country"])
    for position, room in enumerate(row["rooms"]):
        rooms[room["key"]] = Room.objects.create(
            venue=venue, name=room["name"], capacity=room["capacity"], position=position
        )
    return venue


def _event(row: dict, venues: dict[str, Venue], today: datetime.date) -> Event:
    first = today + datetime.timedelta(days=row["starts_in_days"])
    first += datetime.timedelta(days=(row["weekday"] - first.weekday()) % 7)
    last_day = today + datetime.timedelta(days=row["answer_by_in_days"])
    zone = zoneinfo.ZoneInfo(row["timezone"])
    plain = ("slug", "kind", "title", "summary", "timezone", "status", "is_public", "mailbox", "reply_to")
    event = Event.objects.create(
        **{field: row[field] for field in plain},
        starts_on=first,
        ends_on=first + datetime.timedelta(days=row["days"] - 1),
        day_starts_at=datetime.time.fromisoformat(row["day_starts_at"]),
        venue=venues[row["venue"]],
        answer_by=datetime.datetime.combine(last_day, datetime.time(23, 59), zone),
    )
    event.seats.resize(row["quota"], by=None)
    for text in row.get("letters", []):
        LetterText.objects.create(event=event, kind="INVITATION", **text)
    return event


def _session(row: dict, event: Event, tracks: dict, rooms: dict, people: dict[str, Person]) -> None:
    day = event.starts_on + datetime.timedelta(days=row["day"])
    starts_at = datetime.datetime.combine(day, datetime.time.fromisoformat(row["starts"]), event.zone)
    named = ("status", "audience", "language", "is_unscheduled")
    optional = {field: row[field] for field in named if field in row}
    session = Session.objects.create(
        event=event,
        reference=row["reference"],
        title=row["title"],
        abstract=row["abstract"],
        kind=row["kind"],
        track=tracks.get(row.get("track", "")),
        room=rooms.get(row.get("room", "")),
        starts_at=starts_at,
        ends_at=starts_at + datetime.timedelta(minutes=row["minutes"]),
        interpreted_into=planning.languages(event, row, rooms),
        **optional,
    )
    for role, keys in row.get("people", {}).items():
        for position, key in enumerate(keys):
            Appearance.objects.create(session=session, person=people[key], role=role, position=position)


def _invite(event: Event, lists: dict, people: dict[str, Person], organizer: User) -> None:
    """Invitations in every state; what happened before an event that is over happened then."""
    then = min(timezone.now(), event.answer_by - datetime.timedelta(days=20))
    declined = {row["person"]: row["reason"] for row in lists["declined"]}
    answers = {key: "ACCEPTED" for key in [*lists["accepted"], *lists["waiting"]]}
    answers |= dict.fromkeys(lists["tentative"], "TENTATIVE") | dict.fromkeys(declined, "DECLINED")
    sent = [*answers, *lists["unanswered"], *lists["withdrawn"]]
    drafts = event.invitations.draft([people[key] for key in [*sent, *lists["draft"]]], by=organizer)
    invitations = dict(zip([*sent, *lists["draft"]], drafts, strict=True))
    for key in sent:
        invitations[key].send(by=organizer, now=then)
    for key, reply in answers.items():
        invitations[key].answer(reply, reason=declined.get(key, ""), now=then)
    for key in lists["withdrawn"]:
        invitations[key].withdraw(by=organizer)
    if then < timezone.now() - datetime.timedelta(days=1):
        afterwards.backdate(drafts, then)


def _load_pages(events: dict[str, Event]) -> None:
    contents = sorted((read(f"pages/{path.name}") for path in (HERE / "pages").glob("*.toml")), key=_position)
    english = HomePage.objects.get(locale__language_code=settings.LANGUAGE_CODE)
    for content in contents:
        page = english if content["kind"] == "home" else None
        for code, _name in settings.LANGUAGES:
            locale = Locale.objects.get(language_code=code)
            if content["kind"] == "home":
                page = english.get_translation(locale)
            elif code == settings.LANGUAGE_CODE:
                page = original = english.add_child(instance=_new_page(content, code, events))
            else:
                page = original.copy_for_translation(locale)
            _fill(page, content, code)


def _position(content: dict) -> int:
    return content["position"]


def _new_page(content: dict, code: str, events: dict[str, Event]):
    plain = {"title": content[code]["title"], "slug": content["slug"]}
    if content["kind"] == "forum":
        return ForumPage(event=events[content["event"]], show_in_menus=True, **plain)
    return ArticlePage(**plain)


def _fill(page, content: dict, code: str) -> None:
    text = content[code]
    page.title = page.draft_title = text["title"]
    body = [(block["type"], block["value"]) for block in text["body"]]
    if content["kind"] == "forum":
        page.summary, page.practical = text["summary"], _stream(page, "practical", body)
    elif content["kind"] == "home":
        page.intro, page.body = text["intro"], _stream(page, "body", body)
    else:
        page.standfirst, page.body = text["standfirst"], _stream(page, "body", body)
    page.save_revision().publish()


def _stream(page, field: str, body: list[tuple[str, object]]):
    block = page._meta.get_field(field).stream_block
    return block.to_python([{"type": kind, "value": value} for kind, value in body])
