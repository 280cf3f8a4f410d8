"""The programme on its board in a real browser: dragged, moved by the keyboard alone, undone, and settled between two
organizers; without a script as well, and without a barrier that axe finds (WCAG 2.2 AA)."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import Page
from wagtail.users.models import UserProfile

from events.models import Move, Session, Spot
from tests.conftest import at, several_connections
from tests.events.conftest import planned
from tests.journeys.conftest import sign_in, until
from tests.journeys.test_a_delegation import barriers, fits
from tests.journeys.test_in_the_browser import elsewhere

pytestmark = [pytest.mark.browser, several_connections]

SAID = "document.getElementById('board-said').textContent"


@pytest.fixture
def programme(site, forum, olga) -> dict[str, Session]:
    """Three on the first day, and one that waits."""
    room_a, room_b = forum.venue.rooms.all()
    return {
        "opening": planned(forum, "Opening", 9, room_a),
        "customs": planned(forum, "Customs", 11, room_a),
        "ports": planned(forum, "Ports", 10, room_b, minutes=90),
        "wish": planned(forum, "Wish", 15, is_unscheduled=True),
    }


def where(session: Session) -> tuple[str, str, bool]:
    session.refresh_from_db()
    return f"{session.local_start:%H:%M}", str(session.room), session.is_unscheduled


def open_board(page: Page, site: str, forum, olga) -> None:
    sign_in(page, site, olga.email)
    page.goto(f"{site}/admin/events/event/{forum.pk}/board/")
    until(page, "Boolean(document.getElementById('board').dataset.drawn)")


def card(page: Page, session: Session):
    return page.locator(f".board-card[data-card='{session.pk}']")


def drag(page: Page, session: Session, room: int | str, minutes: float) -> None:
    """To the lane of a room, so many minutes from where it is now, as it would be done by hand."""
    box = card(page, session).bounding_box()
    lane = page.locator(f".board-lane[data-room='{room}']").bounding_box()
    minute = page.evaluate("parseFloat(document.getElementById('board-grid').style.getPropertyValue('--minute'))")
    x = box["x"] + 8
    page.mouse.move(x, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(x + 10, box["y"] + 12)
    page.mouse.move(x + minutes * minute, lane["y"] + lane["height"] / 2, steps=4)
    page.mouse.up()


def settled(page: Page, word: str) -> str:
    until(page, f"{SAID}.includes({word!r})")
    return page.evaluate(SAID)


def test_it_is_dragged_undone_and_done_again(in_chromium, site, forum, programme, olga):
    opening, room_b = programme["opening"], forum.venue.rooms.all()[1]

    def act(page: Page) -> list[str]:
        open_board(page, site, forum, olga)
        told = []
        drag(page, opening, room_b.pk, 60)
        told.append(settled(page, "is moved"))
        page.keyboard.press("Control+z")
        told.append(settled(page, "Undone"))
        page.locator("#board-redo").click()
        told.append(settled(page, "Done again"))
        drag(page, programme["customs"], "", 0)
        settled(page, "All over the house")
        box = page.locator("#board-waiting").bounding_box()
        at_card = card(page, programme["ports"]).bounding_box()
        page.mouse.move(at_card["x"] + 9, at_card["y"] + 9)
        page.mouse.down()
        page.mouse.move(at_card["x"] + 20, at_card["y"] + 20)
        page.mouse.move(box["x"] + 60, box["y"] + 20, steps=3)
        page.mouse.up()
        told.append(settled(page, "Not scheduled yet"))
        return told

    moved, _undone, redone, waits = in_chromium(act, viewport={"width": 1280, "height": 1000})

    assert ("10:00–11:00, Room B" in moved, "Two sessions in one room" in redone) == (True, True)
    assert "“Ports” is moved: Not scheduled yet" in waits
    found = [where(programme[name]) for name in ("opening", "customs", "ports")]
    assert found == [("10:00", "Room B", False), ("11:00", "None", False), ("10:00", "Room B", True)]


def minute_of(page: Page) -> float:
    return page.evaluate("parseFloat(document.getElementById('board-grid').style.getPropertyValue('--minute'))")


@pytest.mark.parametrize("language", ["en", pytest.param("ar", marks=pytest.mark.slow)])
def test_its_end_is_pulled_and_by_the_keyboard_it_is_made_longer_and_shorter(
    in_chromium, site, forum, programme, olga, language
):
    """To the right it is later, in Arabic to the left."""
    UserProfile.objects.create(user=olga, preferred_language=language)

    def act(page: Page) -> None:
        open_board(page, site, forum, olga)
        box = card(page, programme["opening"]).bounding_box()
        end, later = (box["x"] + 3, -1) if language == "ar" else (box["x"] + box["width"] - 3, 1)
        page.mouse.move(end, box["y"] + 20)
        page.mouse.down()
        page.mouse.move(end + later * 20, box["y"] + 22)
        page.mouse.move(end + later * 30 * minute_of(page), box["y"] + 60, steps=4)
        page.mouse.up()
        settled(page, "10:30")
        card(page, programme["ports"]).focus()
        for key in ("Enter", "+", "-", "-", "-", "Enter"):
            page.keyboard.press(key)
        settled(page, "11:20")

    in_chromium(act, viewport={"width": 1280, "height": 1000})

    for name, found in (("opening", ("09:00", 90, "Room A")), ("ports", ("10:00", 80, "Room B"))):
        start, room, _waits = where(programme[name])
        minutes = (programme[name].ends_at - programme[name].starts_at).seconds // 60
        assert (start, minutes, room) == found


def test_a_finger_that_rests_on_it_takes_it_and_one_that_does_not_scrolls(in_chromium, site, forum, programme, olga):
    opening, room_b = programme["opening"], forum.venue.rooms.all()[1]

    def act(page: Page) -> None:
        open_board(page, site, forum, olga)
        touch = page.context.new_cdp_session(page)
        box, lane = (
            card(page, opening).bounding_box(),
            page.locator(f".board-lane[data-room='{room_b.pk}']").bounding_box(),
        )

        def send(kind: str, *points: tuple[float, float]) -> None:
            told = {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]}
            touch.send("Input.dispatchTouchEvent", told)

        for rests in (0, 600):
            x, y = box["x"] + 8, box["y"] + 20
            send("touchStart", (x, y))
            page.wait_for_timeout(rests)
            for step in range(1, 5):
                send("touchMove", (x + 60 * minute_of(page) * step / 4, y + (lane["y"] + 30 - y) * step / 4))
            send("touchEnd")
            if not rests:
                page.wait_for_timeout(300)
                assert page.evaluate(SAID) == ""
        settled(page, "is moved")

    in_chromium(act, viewport={"width": 1280, "height": 1000}, has_touch=True)

    assert where(opening) == ("10:00", "Room B", False)


@pytest.mark.parametrize("language", ["en", pytest.param("ar", marks=pytest.mark.slow)])
def test_all_of_it_by_the_keyboard_alone(in_chromium, site, forum, programme, olga, language):
    """From card to card, up, carried, down; by the dialog; and back where it was. Later is the left in Arabic."""
    later = "ArrowLeft" if language == "ar" else "ArrowRight"
    UserProfile.objects.create(user=olga, preferred_language=language)

    def act(page: Page) -> tuple:
        open_board(page, site, forum, olga)
        found = barriers(page, "#board")
        card(page, programme["opening"]).focus()
        page.keyboard.press(later)
        focused = page.evaluate("document.activeElement.dataset.card")
        page.keyboard.press("Enter")
        for key in ("Shift+" + later, later, "ArrowDown"):
            page.keyboard.press(key)
        found += barriers(page, "#board")
        page.keyboard.press("Enter")
        settled(page, "11:35")
        card(page, programme["wish"]).focus()
        page.keyboard.press("m")
        page.locator("#board-move input[name=time]").fill("16:20")
        page.locator("#board-move input[name=is_unscheduled]").uncheck()
        found += barriers(page, "#board-move")
        page.locator("#board-move input[name=minutes]").press("Enter")
        settled(page, "16:20")
        card(page, programme["ports"]).focus()
        page.keyboard.press("Enter")
        page.keyboard.press(later)
        page.keyboard.press("Escape")
        return focused, found, fits(page)

    focused, found, is_fitting = in_chromium(act, viewport={"width": 1280, "height": 1000})

    assert (focused, found, is_fitting) == (str(programme["customs"].pk), [], True)
    places = [where(programme[name]) for name in ("customs", "wish", "ports")]
    assert places == [("11:35", "Room B", False), ("16:20", "None", False), ("10:00", "Room B", False)]


def test_two_organizers_see_each_other_and_settle_who_was_quicker(in_chromium, site, forum, programme, olga, root):
    opening, room_b = programme["opening"], forum.venue.rooms.all()[1]

    def by_another(hour: int) -> None:
        opening.refresh_from_db()
        was = Spot.of(opening)
        forum.arrange([Move(opening.pk, was, Spot(at(forum, 0, hour), at(forum, 0, hour + 1), was.room))], by=root)

    def act(page: Page) -> tuple:
        open_board(page, site, forum, olga)
        with ThreadPoolExecutor(1) as worker:
            worker.submit(elsewhere, lambda: by_another(13)).result()
            settled(page, "Somebody else has changed")
            seen = card(page, opening).inner_text()
            page.route("**/board-state/", lambda route: route.abort())
            worker.submit(elsewhere, lambda: by_another(14)).result()
            drag(page, opening, room_b.pk, -60)
            settled(page, "was quicker")
            asked = page.locator("#board-stale-text").inner_text()
            between = worker.submit(elsewhere, lambda: where(opening)).result()
            page.locator("#board-stale button[value=again]").click()
            settled(page, "is moved")
        page.route("**/board-act/", lambda route: route.fulfill(status=500, body="{}"))
        drag(page, opening, forum_room_a, 120)
        settled(page, "does not answer")
        return seen, asked, between, card(page, opening).inner_text()

    forum_room_a = forum.venue.rooms.all()[0].pk
    seen, asked, between, after = in_chromium(act, viewport={"width": 1280, "height": 1000})

    assert ("13:00–14:00" in seen, between) == (True, ("14:00", "Room A", False))
    assert ("14:00–15:00, Room A" in asked, "12:00–13:00, Room B" in asked) == (True, True)
    assert ("12:00–13:00" in after, where(opening)) == (True, ("12:00", "Room B", False))


def test_without_a_script_it_is_a_list_with_forms(in_chromium, site, forum, programme, olga):
    def act(page: Page) -> tuple:
        sign_in(page, site, olga.email)
        page.goto(f"{site}/admin/events/event/{forum.pk}/board/")
        page.get_by_role("row", name="Ports").get_by_role("link").click()
        page.fill("input[name=time]", "13:15")
        with page.expect_navigation():
            page.get_by_role("button", name="Move it").click()
        return page.locator(".messages").inner_text(), fits(page)

    told, is_fitting = in_chromium(act, java_script_enabled=False)

    assert ("“Ports” is moved." in told, is_fitting) == (True, True)
    assert where(programme["ports"]) == ("13:15", "Room B", False)
