"""The board at the desk: what it shows to whom, what it takes, and how it says no."""

import json
import re

import pytest
from django.urls import reverse

from events.models import Absence, Appearance, Booth, Session, Spot
from tests.conftest import at, queries_of
from tests.events.conftest import planned


@pytest.fixture
def desk(client, olga):
    client.force_login(olga)
    return client


def address(name: str, forum, *more: int) -> str:
    return reverse(f"event:{name}", args=[forum.pk, *more])


def act(client, forum, **said):
    return client.post(address("board_act", forum), json.dumps(said), content_type="application/json")


def moved(session: Session, **changes) -> dict:
    was = Spot.of(session)
    facts = {"starts_at": was.starts_at, "ends_at": was.ends_at, "room": was.room, "is_unscheduled": False, **changes}
    return {"id": session.pk, "was": was.as_told(), "to": Spot(**facts).as_told()}


def shown(page) -> dict:
    """What the page knows, for its script."""
    return json.loads(re.search(r'<script id="board-data" type="application/json">(.+?)</script>', page.text)[1])


def test_the_page_shows_sessions_rooms_and_conflicts_and_lists_a_day_without_script(desk, forum, morning, two_rooms):
    planned(forum, "Lunch", 12, is_unscheduled=True)
    planned(forum, "Second day", 10, day=1)
    Absence.objects.create(event=forum, room=two_rooms[1], starts_at=at(forum, 0, 11), ends_at=at(forum, 0, 12))
    Booth.objects.create(event=forum, room=two_rooms[0], language="fr", channel=2)

    page = desk.get(address("board", forum))

    known = shown(page)
    assert [card["title"] for card in known["cards"]] == ["Opening", "Customs", "Ports", "Lunch", "Second day"]
    assert [(room["name"], room["booths"], len(room["closed"])) for room in known["rooms"]] == [
        ("Room A", ["French 2"], 0),
        ("Room B", [], 1),
    ]
    assert [one["text"] for one in known["conflicts"]] == ["In a room that is closed: Room B · Ports"]
    assert [(one["when"], one["where"], one["title"]) for one in page.context["listed"]] == [
        ("09:00–10:00", "Room A", "Opening"),
        ("10:00–11:00", "Room A", "Customs"),
        ("10:00–11:30", "Room B", "Ports"),
        ("", "Not scheduled yet", "Lunch"),
    ]


def test_the_state_is_asked_for_again_at_the_price_of_one_query(desk, forum, morning, django_assert_max_num_queries):
    first = desk.get(address("board_state", forum))
    etag = {"If-None-Match": first["ETag"]}
    with django_assert_max_num_queries(8):  # who asks, and may they; the event; the newest entry of the history
        assert desk.get(address("board_state", forum), headers=etag).status_code == 304

    act(desk, forum, act="arrange", moves=[moved(morning[0], room=None)])

    again = desk.get(address("board_state", forum), headers=etag)
    assert (again.status_code, again.json()["cards"][0]["at"][2]) == (200, None)


def test_a_move_is_answered_with_what_it_changed_and_how_it_is_taken_back(desk, forum, morning):
    opening, customs, _ports = morning
    request = moved(opening, starts_at=customs.starts_at, ends_at=customs.ends_at)

    answer = act(desk, forum, act="arrange", moves=[request])

    told = answer.json()
    assert (answer.status_code, told["moves"], [card["id"] for card in told["cards"]]) == (200, [request], [opening.pk])
    assert [one["text"] for one in told["conflicts"]] == ["Two sessions in one room: Room A · Opening · Customs"]
    stale = act(desk, forum, act="arrange", moves=[request])
    assert (stale.status_code, stale.json()["cards"][0]["at"]) == (409, request["to"])


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"act": "explode"},
        {"act": "arrange", "moves": "all"},
        {"act": "arrange", "moves": [{"id": 1, "was": [1, 2], "to": None}]},
        {"act": "arrange", "moves": [{"id": 10**30, "was": [1, 2, None, False], "to": [1e300, 2, None, False]}]},
        {"act": "shift", "id": True, "minutes": 5},
        {"act": "shift", "id": 1, "minutes": 10**9},
        {"act": "fit", "room": 1, "day": "someday"},
        {"act": "duplicate", "day": "2027-02-30", "to": 7},
    ],
)
def test_what_is_no_act_is_refused_in_words(desk, forum, said):
    answer = act(desk, forum, **said)

    assert (answer.status_code, list(answer.json())) == (422, ["message"])


def test_each_tool_of_the_script_reaches_its_verb(desk, forum, morning, two_rooms):
    opening, customs, ports = morning
    day, other = forum.starts_on.isoformat(), forum.ends_on.isoformat()
    acts = [
        {"act": "swap", "id": opening.pk, "other": ports.pk},
        {"act": "fit", "room": two_rooms[0].pk, "day": day},
        {"act": "shift", "id": customs.pk, "minutes": 30, "everywhere": True},
        {"act": "duplicate", "day": day, "to": other, "with_people": True},
    ]

    answers = [act(desk, forum, **said).json() for said in acts]

    assert [len(one["cards"]) for one in answers] == [2, 1, 1, 3]
    copies = [{"id": card["id"], "was": card["at"]} for card in answers[-1]["cards"]]
    assert act(desk, forum, act="take_back", cards=copies).json()["gone"] == [one["id"] for one in copies]
    assert forum.sessions.count() == 3


def test_the_plain_form_moves_a_session(desk, forum, morning, two_rooms):
    page = address("board_move", forum, morning[0].pk)
    form = desk.get(page).context["form"]
    said = {**form.initial, "time": "14:30", "minutes": "45", "room": two_rooms[1].pk, "day": forum.ends_on.isoformat()}
    said.pop("is_unscheduled")

    answer = desk.post(page, said)

    assert answer.url == f"{address('board', forum)}?day={forum.ends_on.isoformat()}"
    morning[0].refresh_from_db()
    assert Spot.of(morning[0]) == Spot(at(forum, 1, 14, 30), at(forum, 1, 15, 15), two_rooms[1].pk)


def test_the_plain_form_says_that_somebody_was_quicker_and_goes_the_second_time(desk, forum, morning):
    opening = morning[0]
    page = address("board_move", forum, opening.pk)
    said = {**desk.get(page).context["form"].initial, "time": "15:00", "room": ""}
    said.pop("is_unscheduled")
    act(desk, forum, act="arrange", moves=[moved(opening, starts_at=at(forum, 0, 12), ends_at=at(forum, 0, 13))])

    asked = desk.post(page, said)

    assert "“Opening” is at 12:00–13:00 now: Room A." in asked.context["form"].non_field_errors()
    desk.post(page, {**said, "was": asked.context["form"].data["was"]})
    opening.refresh_from_db()
    assert (opening.starts_at, opening.room) == (at(forum, 0, 15), None)


def test_the_dialog_gets_an_answer_for_the_script(desk, forum, morning):
    page = address("board_move", forum, morning[0].pk)
    said = {**desk.get(page).context["form"].initial, "minutes": "5000"}
    said.pop("is_unscheduled")
    said["room"] = said["room"] or ""

    refused = desk.post(page, said, headers={"Accept": "application/json"})
    done = desk.post(page, {**said, "minutes": "20"}, headers={"Accept": "application/json"})

    assert refused.status_code == 422
    assert done.json()["moves"][0]["id"] == morning[0].pk


def test_a_restricted_session_is_nowhere_for_whom_it_is_not(client, forum, morning, outsider, olga, pavel):
    """Not on the page, in the state, in a conflict, in an answer, by its key, among people or interpreters."""
    secret = planned(forum, "Candlelight", 9, morning[0].room, audience="PARTICIPANTS", interpreted_into=["fr"])
    Appearance.objects.create(session=secret, person=pavel, role="INTERPRETER")
    spread = ["board", "board_state", "conflicts", "interpretation"]

    def surfaces() -> list[bool]:
        pages = [client.get(address(name, forum)).text for name in spread]
        answer = act(client, forum, act="arrange", moves=[moved(morning[0])])
        return [words in page for page in (*pages, answer.text) for words in ("Candlelight", "Novak")]

    client.force_login(olga)
    there = surfaces()
    client.force_login(outsider)

    assert (there[::2], any(surfaces())) == ([True] * 5, False)
    assert client.get(address("board_move", forum, secret.pk), follow=True).status_code == 404
    stale = act(client, forum, act="arrange", moves=[moved(secret, room=None)])
    assert (stale.status_code, stale.json()["cards"]) == (409, [])


WHOLE = ["take_file", "exchange", "publish", "versions", "minutes", "documents", "handouts", "absences"]


@pytest.mark.parametrize("name", WHOLE)
def test_what_shows_all_of_a_programme_is_for_whom_it_is_all(client, forum, morning, outsider, olga, name):
    """Somebody who may change events and may not see each session is turned away, and sees no number of them."""
    planned(forum, "Candlelight", 9, morning[0].room, audience="PARTICIPANTS")
    client.force_login(olga)
    assert client.get(address(name, forum)).status_code == 200
    whole = client.get(address("desk", forum)).context["sessions"]

    client.force_login(outsider)
    assert client.get(address(name, forum)).status_code == 302
    desk = client.get(address("desk", forum)).context
    assert (desk["sessions"], desk["difference"].total) == (whole - 1, 0)


def test_who_may_not_change_sessions_looks_and_does_not_touch(client, forum, morning, outsider):
    outsider.user_permissions.remove(*outsider.user_permissions.filter(codename="change_session"))
    client.force_login(outsider)

    assert shown(client.get(address("board", forum)))["may_move"] is False
    answer = act(client, forum, act="arrange", moves=[moved(morning[0], room=None)])

    assert answer.status_code == 302  # Wagtail's way to say no
    morning[0].refresh_from_db()
    assert morning[0].room_id is not None


@pytest.mark.parametrize("name", ["board", "board_state", "interpretation", "absences"])
def test_the_pages_ask_as_often_for_three_as_for_one(desk, forum, morning, dina, name):
    def crowd(hour: int) -> None:
        room = morning[0].room
        for title in ("One", "Two"):
            one = planned(forum, title, hour, room, interpreted_into=["fr"])
            Appearance.objects.create(session=one, person=dina, role="INTERPRETER")
        times = {"starts_at": at(forum, 0, hour), "ends_at": at(forum, 0, hour + 1)}
        Absence.objects.create(event=forum, person=dina, **times)
        Absence.objects.create(event=forum, room=room, **times)

    crowd(12)
    once = queries_of(desk, address(name, forum))
    crowd(14)
    crowd(16)

    assert queries_of(desk, address(name, forum)) == once


def test_a_room_is_closed_and_opened_again_at_the_desk(desk, forum, morning, two_rooms):
    page = address("absences", forum)
    said = {"room": two_rooms[0].pk, "starts_at": f"{forum.starts_on} 09:30", "ends_at": f"{forum.starts_on} 12:00"}

    refused = desk.post(page, {**said, "room": "", "reason": ""})
    desk.post(page, {**said, "reason": "Rehearsal"})

    assert "Choose a room, or a person." in refused.text
    kept = forum.absences.get()
    assert (str(kept), kept.starts_at, kept.reason) == ("Room A", at(forum, 0, 9, 30), "Rehearsal")
    assert ("Rehearsal" in desk.get(page).text, len(forum.conflicts())) == (True, 2)
    desk.post(address("absence_drop", forum, kept.pk))
    assert forum.conflicts() == []


def test_what_is_interpreted_is_listed_with_channels_and_faults(desk, forum, morning, dina):
    opening = morning[0]
    opening.language, opening.interpreted_into = "en", ["fr", "ar"]
    opening.save()
    Booth.objects.create(event=forum, room=opening.room, language="fr", channel=2)
    Appearance.objects.create(session=opening, person=dina, role="INTERPRETER", language="fr")

    [row] = desk.get(address("interpretation", forum)).context["rows"]

    assert (row["floor"], row["into"], row["people"]) == ("English", ["French (2)", "Arabic"], ["Dina Haddad (French)"])
    assert row["faults"] == ["A language without a booth or an interpreter: Arabic"]
