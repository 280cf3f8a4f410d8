"""At the door: who comes in, what the door says of whom, and what a telephone without a line may tell later."""

import datetime
import json
import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client

from contacts.models import Message, Person
from contacts.models.erasure import erase
from contacts.models.introduction import Introduced
from events.models import Presence, Registration, Scanner
from events.models.presence import Scan, ScanOutcome, counted
from events.models.scanner import LINK_LIVES
from tests.conftest import at, limited, person, several_connections


@pytest.fixture
def seat(forum, dina) -> Registration:
    return forum.registrations.enter(dina)


def scan(door, seat, when, direction="IN", nonce="", session=None, manifest="", now=None) -> ScanOutcome:
    code = getattr(seat, "badge", seat)
    one = Scan(code, nonce or f"{when:%d%H%M}{direction}{session and session.pk}", when, direction, session, manifest)
    return Presence.objects.scan(door, one, now=now or when).outcome


def rows() -> list[tuple]:
    return list(Presence.objects.order_by("pk").values_list("direction", "at", "is_late"))


def test_a_badge_lets_in_and_out_and_in_again(door, seat, forum):
    said = [scan(door, seat, at(forum, 0, hour), way) for hour, way in ((9, "IN"), (12, "OUT"), (14, "IN"))]

    assert said == [ScanOutcome.WELCOME, ScanOutcome.GOODBYE, ScanOutcome.WELCOME]
    assert counted(Presence.objects.at(forum), forum.starts_on) == {"came": 1, "inside": 1}


def test_who_is_inside_is_told_apart_and_noted_once(door, seat, forum):
    scan(door, seat, at(forum, 0, 9))
    verdict = Presence.objects.scan(door, Scan(seat.badge, "n", at(forum, 0, 10)), now=at(forum, 0, 10))

    assert (verdict.outcome, verdict.since) == (ScanOutcome.AGAIN, at(forum, 0, 9))
    assert len(rows()) == 1


def test_the_next_day_and_the_door_of_a_session_begin_anew(door, seat, forum, sessions):
    scan(door, seat, at(forum, 0, 9))

    assert scan(door, seat, at(forum, 1, 9)) == ScanOutcome.WELCOME
    assert scan(door, seat, at(forum, 0, 9, 30), session=sessions["opening"]) == ScanOutcome.WELCOME
    assert scan(door, seat, at(forum, 0, 9, 40), session=sessions["opening"]) == ScanOutcome.AGAIN


def test_the_same_scan_sent_twice_is_a_success_and_noted_once(door, seat, forum):
    said = [scan(door, seat, at(forum, 0, 9), nonce="the same") for _time in range(2)]

    assert (said, len(rows())) == ([ScanOutcome.WELCOME, ScanOutcome.WELCOME], 1)


def test_two_telephones_may_use_the_same_nonce(door, seat, forum, olga):
    other = forum.scanners.open(forum, "South door", by=olga)
    scan(door, seat, at(forum, 0, 9), nonce="1")

    assert scan(other, seat, at(forum, 0, 10), "OUT", nonce="1") == ScanOutcome.GOODBYE


def test_who_went_out_without_having_come_is_not_noted(door, seat, forum):
    assert (scan(door, seat, at(forum, 0, 9), "OUT"), rows()) == (ScanOutcome.NOT_INSIDE, [])


@pytest.mark.parametrize("code", ["", "ABCDEFGHJK", "é" * 64, "0" * 64, "\x00", "x" * 500])
def test_a_badge_that_nobody_wears_is_a_stranger(door, seat, forum, code):
    assert (scan(door, code, at(forum, 0, 9)), rows()) == (ScanOutcome.STRANGER, [])


def test_a_code_is_typed_as_people_type_and_a_hash_stands_for_it(door, seat, forum):
    typed = f" {seat.badge[:5].lower()}-{seat.badge[5:].lower()} "

    assert scan(door, typed, at(forum, 0, 9)) == ScanOutcome.WELCOME
    assert scan(door, seat.badge_hash, at(forum, 1, 9)) == ScanOutcome.WELCOME


@pytest.mark.parametrize(("day", "hour"), [(-1, 12), (2, 12), (0, 3)])
def test_another_day_is_told_apart_and_the_small_hours_belong_to_the_day_before(door, seat, forum, day, hour):
    assert (scan(door, seat, at(forum, day, hour)), rows()) == (ScanOutcome.WRONG_DAY, [])


def test_doors_open_before_the_programme_and_close_after_midnight(door, seat, forum):
    scan(door, seat, at(forum, 0, 7))

    assert scan(door, seat, at(forum, 1, 1), "OUT") == ScanOutcome.GOODBYE


def test_who_waits_or_has_given_up_the_seat_has_none(door, forum, dina, pavel):
    limited(forum, 1)
    seat, waiting = forum.registrations.enter(dina), forum.registrations.enter(pavel)

    assert scan(door, waiting, at(forum, 0, 9)) == ScanOutcome.NO_SEAT
    seat.withdraw()
    seat.refresh_from_db()
    assert scan(door, seat, at(forum, 0, 9)) == ScanOutcome.NO_SEAT


def test_the_badge_of_another_event_says_so_and_nobodys_name(door, forum, venue, dina):
    other = type(forum).objects.create(
        slug="other", title={"en": "Other"}, starts_on=forum.starts_on, ends_on=forum.ends_on, status="ANNOUNCED"
    )
    verdict = Presence.objects.scan(door, Scan(other.registrations.enter(dina).badge, "n", at(forum, 0, 9)))

    assert (verdict.outcome, verdict.registration) == (ScanOutcome.ELSEWHERE, None)


def test_a_lost_badge_is_void_and_the_new_one_lets_in(door, seat, forum, olga):
    lost = seat.badge
    seat.renew_badge(by=olga)

    assert scan(door, lost, at(forum, 0, 9)) == ScanOutcome.STRANGER
    assert scan(door, seat, at(forum, 0, 9)) == ScanOutcome.WELCOME


# -- Without a line ---------------------------------------------------------------------------------------------------


def test_a_scan_kept_without_a_line_counts_from_when_it_was_made_and_is_marked(door, seat, forum):
    manifest, later = door.manifest(at(forum, 0, 8)), at(forum, 0, 11)
    scan(door, seat, at(forum, 0, 9), manifest=manifest, now=later)

    assert rows() == [("IN", at(forum, 0, 9), True)]


@pytest.mark.parametrize("case", ["none", "forged", "of another telephone", "before the list", "too old", "to come"])
def test_no_telephone_can_tell_any_time_it_likes(door, seat, forum, olga, case):
    now, given = at(forum, 1, 12), at(forum, 1, 8)
    other = forum.scanners.open(forum, "South door", by=olga)
    manifests = {"none": "", "forged": door.manifest(given)[:-2] + "xx", "of another telephone": other.manifest(given)}
    manifests["too old"] = door.manifest(at(forum, 0, 8))
    times = {"before the list": at(forum, 1, 7), "to come": at(forum, 1, 13)}
    scan(door, seat, times.get(case, at(forum, 1, 9)), manifest=manifests.get(case, door.manifest(given)), now=now)

    assert rows() == [("IN", now, False)]


def test_the_list_for_a_telephone_has_names_but_no_badge_that_could_be_printed(client, door, seat, forum, pavel):
    online = forum.registrations.enter(pavel, place="ONLINE")
    answer = client.get(f"/en/check-in/{door.token}/manifest/")
    people = answer.json()["people"]

    assert [(one["name"], one["badge"]) for one in people] == [("Dina Haddad", seat.badge_hash)]
    assert seat.badge not in answer.text
    assert online.badge_hash not in answer.text


def sent(client, door, *scans, **more):
    body = json.dumps({"scans": scans, **more})
    return client.post(f"/en/check-in/{door.token}/scans/", body, content_type="application/json")


def during(forum, monkeypatch, moment):
    """The clock of the server stands at `moment`."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)


def test_scans_come_in_a_bundle_and_each_gets_its_answer(client, door, seat, forum, monkeypatch):
    during(forum, monkeypatch, at(forum, 0, 11))
    told = {"at": at(forum, 0, 9).isoformat(), "direction": "IN", "session": ""}
    answer = sent(client, door, {**told, "code": seat.badge, "nonce": "1"}, {**told, "code": "nobody", "nonce": "2"})

    said = [(one["nonce"], one["outcome"], one["name"]) for one in answer.json()["answers"]]
    assert said == [("1", "WELCOME", "Dina Haddad"), ("2", "STRANGER", "")]
    assert answer.json()["counts"] == {"came": 1, "inside": 1}


@pytest.mark.parametrize(
    "body",
    [
        *("", "[]", "{}", "null", '{"scans": 1}', '{"scans": [1]}', '{"scans": [{}]}'),
        '{"scans": [{"code": "x", "nonce": "", "at": "2026-01-01T00:00:00Z"}]}',
        '{"scans": [{"code": "x", "nonce": "\\u0000", "at": "2026-01-01T00:00:00Z"}]}',
        '{"scans": [{"code": "x", "nonce": "1", "at": "never"}]}',
        '{"scans": [{"code": "x", "nonce": "1", "at": "2026-01-01T00:00:00"}]}',
        '{"scans": [{"code": "x", "nonce": "1", "at": "2026-01-01T00:00:00Z", "direction": "UP"}]}',
    ],
)
def test_what_is_no_list_of_scans_is_said_to_be_none(client, door, body):
    answer = client.post(f"/en/check-in/{door.token}/scans/", body, content_type="application/json")

    assert (answer.status_code, answer.json()) == (422, {"error": "This is no list of scans."})


# -- The link ---------------------------------------------------------------------------------------------------------


def test_the_link_ends_with_the_event_and_when_it_is_taken_back(client, door, forum, olga):
    after = at(forum, 1, 12) + LINK_LIVES + datetime.timedelta(days=1)
    assert Scanner.objects.by_token(door.token) == door
    with pytest.raises(Scanner.DoesNotExist):
        Scanner.objects.by_token(door.token, now=after)

    token = door.token
    door.revoke(by=olga)
    addresses = [f"/en/check-in/{token}/", f"/en/check-in/{token}/manifest/", f"/en/check-in/{token}/worker.js"]
    assert [client.get(address).status_code for address in addresses] == [404, 404, 404]
    assert sent(client, door).status_code == 404


def test_a_link_lets_in_to_its_own_event_alone(client, door, seat, forum, dina):
    forged = f"{door.pk}-{door.token.partition('-')[2][:-1]}x"

    assert client.get(f"/en/check-in/{forged}/").status_code == 404
    page = client.get(f"/en/check-in/{door.token}/?q=dina")
    assert (page.status_code, page["Referrer-Policy"], page["X-Robots-Tag"]) == (200, "same-origin", "noindex")
    assert page["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"


def test_without_javascript_the_name_is_looked_for_and_the_button_lets_in(client, door, seat, forum, monkeypatch):
    during(forum, monkeypatch, at(forum, 0, 9))
    page = client.get(f"/en/check-in/{door.token}/?q=haddad").text
    assert ("Dina Haddad" in page, seat.badge in page) == (True, False)

    answer = client.post(f"/en/check-in/{door.token}/", {"code": seat.badge_hash, "nonce": "1"})
    assert 'class="verdict verdict--good"' in answer.text
    again = client.post(f"/en/check-in/{door.token}/", {"code": seat.badge, "nonce": "2"})
    assert ("Is inside already" in again.text, len(rows())) == (True, 1)


# -- Guests -----------------------------------------------------------------------------------------------------------

GUEST = Introduced("Layla", "Amari", "layla.amari@example.org", "fr")
TYPED = {
    **{"guest-given_name": "Layla", "guest-family_name": "Amari", "guest-email": "layla@example.org"},
    **{"guest-language": "fr", "nonce": "1"},
}


def test_a_guest_gets_a_seat_a_letter_and_comes_in(client, door, forum, monkeypatch):
    during(forum, monkeypatch, at(forum, 0, 9))
    pages = [client.post(f"/en/check-in/{door.token}/guests/", TYPED) for _time in range(2)]

    assert ["Layla Amari" in page.text for page in pages] == [True, True]
    [layla] = Person.objects.filter(given_name="Layla")
    invitation = layla.invitations.get()
    assert (invitation.reply, [answer.way for answer in invitation.answers.all()]) == ("ACCEPTED", ["DOOR"])
    assert (forum.seats.used, len(rows())) == (1, 1)
    assert [message.letter for message in Message.objects.filter(person=layla)] == ["registration_confirmed"]


def test_a_full_house_takes_no_guest_and_nothing_is_left_of_the_try(client, door, forum, dina):
    limited(forum, 1)
    forum.registrations.enter(dina)
    page = client.post(f"/en/check-in/{door.token}/guests/", TYPED)

    assert (page.status_code, "All seats are taken." in page.text) == (422, True)
    assert (Person.objects.filter(given_name="Layla").exists(), Message.objects.count()) == (False, 0)


def test_who_is_on_the_list_already_is_no_guest(door, forum, olga):
    layla = person("Layla", "Amari")
    forum.invitations.draft([layla], by=olga)

    with pytest.raises(ValidationError, match="is on the list of this event already"):
        Presence.objects.walk_in(door, GUEST, Scan("", "1", at(forum, 0, 9)))


def test_a_link_that_went_astray_writes_no_end_of_people(client, door):
    answers = [client.post(f"/en/check-in/{door.token}/guests/", {"guest-given_name": "A"}) for _time in range(201)]

    assert [answer.status_code for answer in answers] == [422] * 200 + [429]


def test_who_is_erased_came_all_the_same(door, seat, forum, dina, root):
    scan(door, seat, at(forum, 0, 9))
    erase(dina, by=root)

    assert counted(Presence.objects.at(forum), forum.starts_on) == {"came": 1, "inside": 1}
    assert Presence.objects.get().registration.person.name == Person.everyone.get(pk=dina.pk).name


# -- Two doors at once ------------------------------------------------------------------------------------------------


@several_connections
@pytest.mark.parametrize("is_guarded", [True, False])
def test_of_two_doors_at_once_one_lets_in(forum, olga, dina, is_guarded, monkeypatch):
    """The control looks first and notes afterwards, as one would without the lock: both doors say welcome."""
    seat = forum.registrations.enter(dina)
    doors = [forum.scanners.open(forum, name, by=olga) for name in ("North", "South")]
    moment, barrier, said = at(forum, 0, 9), threading.Barrier(2, timeout=10), []

    def let_in(door: Scanner) -> None:
        try:
            if is_guarded:
                barrier.wait()
                said.append(scan(door, seat, moment, nonce=door.name))
            else:
                is_inside = seat.presences.exists()
                barrier.wait()
                said.append(ScanOutcome.AGAIN if is_inside else ScanOutcome.WELCOME)
        finally:
            connection.close()

    threads = [threading.Thread(target=let_in, args=[door]) for door in doors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(said) == (["AGAIN", "WELCOME"] if is_guarded else ["WELCOME", "WELCOME"])
    assert Presence.objects.count() == (1 if is_guarded else 0)


# -- The organizers' page ---------------------------------------------------------------------------------------------


def test_the_desk_counts_who_came_and_says_which_scan_was_late(client, door, seat, forum, olga, sessions):
    scan(door, seat, at(forum, 0, 9), manifest=door.manifest(at(forum, 0, 8)), now=at(forum, 0, 11))
    scan(door, seat, at(forum, 0, 9, 30), session=sessions["opening"])
    client.force_login(olga)
    page = client.get(f"/admin/events/event/{forum.pk}/check-in/").text

    assert ("<strong>1</strong> of 1 came" in page, page.count("sent later")) == (True, 1)
    assert client.get(f"/admin/events/event/{forum.pk}/desk/").text.count("<strong>1</strong> person has come") == 1


def test_a_desk_sees_its_own_people_at_the_door(client, door, seat, forum, fatou):
    stranger = forum.registrations.enter(person("Somebody", "Elsewhere"))
    for one in (seat, stranger):
        scan(door, one, at(forum, 0, 9))
    client.force_login(fatou)
    page = client.get(f"/admin/events/event/{forum.pk}/check-in/").text

    assert ("Dina Haddad" in page, "Somebody Elsewhere" in page, "of 1 came" in page) == (True, False, True)
    assert door.token not in page  # who may not change the event lets nobody in


def test_links_are_made_and_taken_back_at_the_desk(client, forum, olga):
    client.force_login(olga)
    client.post(f"/admin/events/event/{forum.pk}/scanner-open/", {"name": "North door"})
    client.post(f"/admin/events/event/{forum.pk}/scanner-open/", {"name": " "})
    [door] = forum.scanners.live()
    assert door.name == "North door"
    assert door.link_in("en") in client.get(f"/admin/events/event/{forum.pk}/check-in/").text

    client.post(f"/admin/events/event/{forum.pk}/scanner-revoke/", {"scanner": door.pk})
    assert not forum.scanners.live().exists()


def test_the_page_of_the_door_asks_as_much_for_three_people_as_for_one(client, door, forum, seat):
    def asked() -> int:
        from_cold = f"/en/check-in/{door.token}/manifest/"
        client.get(from_cold)
        with connection.execute_wrapper(counter := Counter()):
            client.get(from_cold)
        return counter.count

    one = asked()
    for name in ("A", "B"):
        forum.registrations.enter(person(name, "Haddad"))
    assert asked() == one


class Counter:
    count = 0

    def __call__(self, execute, sql, params, many, context):
        self.count += 1
        return execute(sql, params, many, context)


def test_the_worker_keeps_the_page_and_its_files(client, door):
    answer = client.get(f"/en/check-in/{door.token}/worker.js")

    assert answer["Content-Type"] == "text/javascript"
    assert [name in answer.text for name in (f"/en/check-in/{door.token}/", "check_in.js", "qr-decode.js")] == [
        True
    ] * 3


def test_a_stranger_is_braked(door, settings):
    client = Client()
    answers = {client.get("/en/check-in/1-x/").status_code for _time in range(70)}

    assert answers == {404, 429}
