"""README's tour of five minutes, step by step as it is written there, in Chromium."""

import datetime
import re

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from config import demo
from events.models import Event, Invitation, Registration
from tests.conftest import several_connections

pytestmark = [pytest.mark.browser, several_connections]

EVENT = "Forum on Illicit Trade: From Convention to Courtroom"


def read_as_public(page: Page, site: str) -> None:
    page.goto(f"{site}/en/")
    page.get_by_role("link", name="Forum on Illicit Trade, Marseille").first.click()
    page.get_by_role("link", name="See the programme").first.click()
    page.get_by_role("link", name="Add it to your calendar").first.click()
    page.get_by_role("link", name="Français").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Programme")


def sign_in(page: Page, site: str) -> None:
    page.goto(f"{site}/admin/")
    page.get_by_label("Email").fill("organizer@entente.example")
    page.get_by_label("Password").fill(demo.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    for menu in ("Pages", "Network", "Contacts", "Events"):
        expect(page.locator(".sidebar").get_by_text(menu, exact=True).first).to_be_visible()


def open_desk(page: Page) -> None:
    page.locator(".sidebar").get_by_text("Events", exact=True).first.click()
    page.locator(".sidebar").get_by_role("link", name="Events", exact=True).click()
    page.locator("main").get_by_role("link", name=EVENT).first.click()
    expect(page.locator(".desk-head__title")).to_have_text(EVENT)


def widen(page: Page) -> None:
    expect(page.locator("main")).to_contain_text("50 of 50 taken")
    expect(page.locator("main")).to_contain_text("4 people wait.")
    page.get_by_role("link", name="Change the number").click()
    page.get_by_label("Seats").fill("60")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("54 of 60 taken")


def invite_two(page: Page) -> None:
    page.get_by_role("link", name="Invite people").click()
    for row in range(2):
        page.locator("tbody input[type=checkbox]").nth(row).check()
    page.get_by_role("button", name="Put those ticked on the list").click()
    expect(page.locator(".messages")).to_contain_text("2 people are on the list of invitations now.")
    page.get_by_role("link", name=re.compile("^Preview the letters")).first.click()
    page.get_by_role("button", name="Send 8 letters").click()
    expect(page.locator(".messages")).to_contain_text("8 letters are in the outbox.")


def copy_link(page: Page) -> str:
    """The guest's own address, from a letter in English as it is shown under Contacts."""
    page.locator(".sidebar").get_by_text("Contacts", exact=True).first.click()
    page.locator(".sidebar").get_by_role("link", name="Letters", exact=True).click()
    page.locator("main").get_by_role("link", name=f"Invitation: {EVENT}").first.click()
    page.get_by_text("As plain text").click()
    return re.search(r"https?://\S+/en/invitations/\S+", page.locator("main").inner_text())[0]


def accept(page: Page, link: str, site: str) -> None:
    page.goto(link)
    page.get_by_role("button", name="Accept").click()
    expect(page.locator("main")).to_contain_text("Your seat is confirmed")
    page.get_by_role("button", name="Make my calendar address").click()
    expect(page.locator("main")).to_contain_text("Your calendar address is ready")
    page.goto(f"{site}/en/events/illicit-trade-marseille/")
    expect(page.get_by_role("link", name="Subscribe").first).to_be_visible()


def move(page: Page, days: tuple[datetime.date, datetime.date]) -> None:
    page.get_by_role("link", name="Reschedule").click()
    for label, day in zip(("First day", "Last day"), days, strict=True):
        page.get_by_label(label).fill(day.isoformat())
        cell = f'td[data-date="{day.day}"][data-month="{day.month - 1}"]'
        page.locator(f".xdsoft_datetimepicker {cell}:visible").first.click()
    page.get_by_role("button", name="Move the event and tell everybody").click()
    expect(page.locator(".messages")).to_contain_text("The event takes place on")


def test_a_newcomer_follows_the_tour_to_its_end(in_chromium, site):
    call_command("load_demo", verbosity=0)
    event = Event.objects.get(slug="illicit-trade-marseille")
    week = datetime.timedelta(days=7)
    week_later = event.starts_on + week, event.ends_on + week

    def tour(page: Page) -> None:
        read_as_public(page, site)
        sign_in(page, site)
        open_desk(page)
        widen(page)
        invite_two(page)
        link = copy_link(page)
        guest = page.context.browser.new_page()
        accept(guest, link, site)
        open_desk(page)
        expect(page.locator("main")).to_contain_text("55 of 60 taken")
        move(page, week_later)

    in_chromium(tour)

    moved = Event.objects.get(pk=event.pk)
    assert (moved.starts_on, moved.ends_on) == week_later
    assert Registration.objects.filter(event=event, state="CONFIRMED", place="ROOM").count() == 55
    assert Invitation.objects.filter(event=event, state="SENT", approval="").count() == 86
