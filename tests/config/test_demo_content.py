"""The demonstration's written content: every key leads somewhere, and every text is there in four languages."""

import re
import tomllib
from collections import defaultdict
from pathlib import Path

import pytest
from django.conf import settings

from cms.blocks import BodyBlock
from events.models import Appearance, Event, Session, Track
from network.models import Organization

DEMO = Path(settings.BASE_DIR) / "config" / "demo"
LANGUAGES = {code for code, _name in settings.LANGUAGES}
PAGES = sorted((DEMO / "pages").glob("*.toml"))
ARABIC, LATIN = re.compile(r"[\u0600-\u06ff]"), re.compile(r"[A-Za-z]")


def read(name: str) -> dict:
    return tomllib.loads((DEMO / name).read_text(encoding="utf-8"))


TOPICS = {topic["slug"]: topic for topic in read("topics.toml")["topic"]}
ORGANIZATIONS = {body["key"]: body for body in read("organizations.toml")["organization"]}
PEOPLE = {person["key"]: person for person in read("people.toml")["person"]}
VENUES = {venue["key"]: venue for venue in read("events.toml")["venue"]}
EVENTS = {event["slug"]: event for event in read("events.toml")["event"]}
SESSIONS = read("sessions.toml")["session"]
TRAININGS = read("trainings.toml")


def minutes(session) -> tuple[int, int]:
    hour, minute = map(int, session["starts"].split(":"))
    return hour * 60 + minute, hour * 60 + minute + session["minutes"]


def invited(event) -> list[str]:
    lists = event["invitations"].values()
    return [who["person"] if isinstance(who, dict) else who for names in lists for who in names]


def overlaps(taken: dict) -> list:
    """Neighbours in time that want the same room, or the same person."""
    return [
        (first, second)
        for spans in taken.values()
        for first, second in zip(sorted(spans), sorted(spans)[1:], strict=False)
        if second[0] < first[1]
    ]


def test_treaties_have_their_names_in_four_languages_and_invented_ones_say_so():
    treaties = read("law_treaties.toml")
    everything = [*treaties["real"], *treaties["invented"]]
    words = {"en": "invented", "fr": "inventé", "es": "inventado", "ar": "مُختلَق"}
    silent = [one["slug"] for one in treaties["invented"] for code in words if words[code] not in one["title"][code]]

    names = [one[name] for one in everything for name in ("title", "short_title", "in_force_clause") if name in one]
    assert [set(name) for name in names] == [LANGUAGES] * len(names)
    assert {topic for one in everything for topic in one["topics"]} <= set(TOPICS)
    assert (silent, [one["slug"] for one in treaties["real"] if "acts" in one]) == ([], [])


def test_nothing_is_there_twice():
    assert len(TOPICS) == len(read("topics.toml")["topic"])
    assert len(ORGANIZATIONS) == len(read("organizations.toml")["organization"])
    assert len(PEOPLE) == len(read("people.toml")["person"])
    assert len({session["reference"] for session in SESSIONS}) == len(SESSIONS)


def test_topics_and_organizations_come_after_their_parents():
    for things in (TOPICS, ORGANIZATIONS):
        order = list(things)
        for key, thing in things.items():
            assert "parent" not in thing or order.index(thing["parent"]) < order.index(key)


def test_focal_points_are_kept_for_the_eight_competences_of_the_programme():
    assert {slug for slug, topic in TOPICS.items() if topic.get("is_competence")} == {
        *("mutual-legal-assistance", "extradition", "asset-recovery", "customs-control"),
        *("intellectual-property", "legislative-drafting", "training", "prosecution"),
    }


def test_organizations_are_of_a_known_kind_and_work_on_known_topics():
    assert {body["kind"] for body in ORGANIZATIONS.values()} == set(Organization.Kind.values)
    assert {topic for body in ORGANIZATIONS.values() for topic in body["topics"]} <= set(TOPICS)


def test_people_belong_to_organizations_and_cannot_be_reached():
    affiliations = [affiliation for person in PEOPLE.values() for affiliation in person["affiliations"]]

    assert {affiliation["organization"] for affiliation in affiliations} <= set(ORGANIZATIONS)
    assert {affiliation["competence"] for affiliation in affiliations if "competence" in affiliation} <= set(TOPICS)
    assert {person["languages"][0] for person in PEOPLE.values()} == LANGUAGES
    assert [m for person in PEOPLE.values() for m in person["emails"] if not m.endswith(".example")] == []


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
def test_an_event_invites_each_person_once_and_waits_only_when_full(event):
    assert event["kind"] in Event.Kind.values
    assert sorted(invited(event)) == sorted(set(invited(event)) & set(PEOPLE))
    assert len(event["invitations"]["accepted"]) <= event["quota"]
    assert event["invitations"]["waiting"] == [] or len(event["invitations"]["accepted"]) == event["quota"]
    assert {track["color"] for track in event["tracks"]} <= set(Track.Color.values)


def test_sessions_have_a_track_a_room_and_people_of_their_event():
    for session in SESSIONS:
        event = EVENTS[session["event"]]
        assert session.get("track") in {None, *(track["key"] for track in event["tracks"])}
        assert session.get("room") in {None, *(room["key"] for room in VENUES[event["venue"]]["rooms"])}
        assert session.get("status", "CONFIRMED") in Session.Status.values
        assert set(session.get("people", {})) <= set(Appearance.Role.values)
        assert session["day"] < event["days"]


def test_who_appears_has_accepted_or_interprets():
    for session in SESSIONS:
        accepted = EVENTS[session["event"]]["invitations"]["accepted"]
        for role, keys in session.get("people", {}).items():
            assert set(keys) <= (set(PEOPLE) if role == "INTERPRETER" else set(accepted))


def test_nothing_overlaps_in_a_room_and_nobody_is_in_two_places():
    taken = defaultdict(list)
    for session in SESSIONS:
        where = (session["event"], session["day"])
        people = [key for keys in session.get("people", {}).values() for key in keys]
        for what in filter(None, [session.get("room"), *people]):
            taken[(*where, what)].append((*minutes(session), session["reference"]))

    assert overlaps(taken) == []


def test_trainers_and_those_trained_are_people_and_topics_are_known():
    curricula, past = TRAININGS["curriculum"], TRAININGS["past"]
    trainers = [trainer["person"] for curriculum in curricula for trainer in curriculum["trainers"]]

    assert {*trainers, *past["trainers"], *past["trained"]} <= set(PEOPLE)
    assert {topic for curriculum in curricula for topic in curriculum["topics"]} <= set(TOPICS)
    assert {row["curriculum"] for row in TRAININGS["document"]} <= {curriculum["key"] for curriculum in curricula}


def test_every_label_is_there_in_four_languages_and_in_the_right_script():
    rooms = [room for venue in VENUES.values() for room in venue["rooms"]]
    tracks = [track for event in EVENTS.values() for track in event["tracks"]]
    labels = [thing["name"] for thing in (*TOPICS.values(), *VENUES.values(), *rooms, *tracks)]
    labels += [labelled[field] for labelled in EVENTS.values() for field in ("title", "summary")]
    labels += [labelled[field] for labelled in SESSIONS for field in ("title", "abstract")]
    labels += [labelled[field] for labelled in TRAININGS["curriculum"] for field in ("title", "summary")]
    modules = [module for curriculum in TRAININGS["curriculum"] for module in curriculum["modules"]]
    labels += [module[field] for module in modules for field in ("title", "objectives")]
    labels += [labelled["title"] for labelled in (*TRAININGS["document"], TRAININGS["past"])]

    for label in labels:
        assert set(label) == LANGUAGES
        assert len(ARABIC.findall(label["ar"])) > len(LATIN.findall(label["ar"]))
        assert [text for code, text in label.items() if code != "ar" and ARABIC.search(text)] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_has_the_same_blocks_in_each_language(path):
    page, block = tomllib.loads(path.read_text(encoding="utf-8")), BodyBlock()
    shapes = {code: [piece["type"] for piece in page[code]["body"]] for code in LANGUAGES}

    assert page["kind"] in {"home", "forum", "article"}
    assert page.get("event") in {None, *EVENTS}
    assert shapes == dict.fromkeys(LANGUAGES, shapes["en"])
    for code in LANGUAGES:
        block.clean(block.to_python(page[code]["body"]))  # raises where a piece is not what the page expects
