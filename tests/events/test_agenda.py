"""The calendar of the house: our events beside missions, who is wanted at two places, and its secret addresses."""

import datetime
import os
import re
import subprocess

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from icalendar import Calendar

from contacts.models import User
from events.models import Event, Mission, StaffFeed
from events.models.agenda import Agenda, clashes
from tests.conftest import person, queries_of, staff
from tests.events.missions import day, mission
from tests.events.test_feeds import BENCH, CHECK, PARSERS

CALENDAR = "/admin/events/calendar/"


@pytest.fixture
def beside(olga, forum, dina) -> Mission:
    """A conference in Kenya that begins on the last day of the forum; Dina goes."""
    starts = (forum.ends_on - timezone.localdate()).days
    return mission(olga, dina, starts=starts, ends=starts + 2, country_id="KE", city="Nairobi")


def listed(client, query: str = "") -> list[str]:
    """What the months name, each once, in their order."""
    page = client.get(f"{CALENDAR}?{query}").context
    return list(dict.fromkeys(str(entry.record) for month, _blanks in page["months"] for entry in month.entries))


# -- Months


def agenda(viewer: User, first: datetime.date, months: int = 12) -> Agenda:
    return Agenda(viewer, first, months, Event.objects.all(), Mission.objects.all())


def test_what_goes_over_the_end_of_a_month_stands_in_both(olga, forum):
    Mission.objects.create(title="x", starts_on="2027-01-30", ends_on="2027-02-02", owner=olga)

    months = list(agenda(olga, datetime.date(2026, 12, 17), 3).months())

    assert [(str(month.first), len(month.entries)) for month in months] == [
        ("2026-12-01", 0),
        ("2027-01-01", 1),
        ("2027-02-01", 1),
    ]
    assert [number for number, mark in months[2].marks() if mark] == [1, 2]
    assert str(months[2].last) == "2027-02-28"


def test_a_day_is_marked_by_whose_it_is_and_not_at_all_for_what_is_off(olga, forum, beside):
    months = list(agenda(olga, forum.starts_on, 2).months())

    days = [(month.first.replace(day=number), mark) for month in months for number, mark in month.marks() if mark]
    assert days == [
        (forum.starts_on, "ours"),
        (forum.ends_on, "both"),
        (beside.starts_on + datetime.timedelta(days=1), "others"),
        (beside.ends_on, "others"),
    ]
    beside.call_off("There is a strike.", by=olga)
    forum.cancel(by=olga)
    months = list(agenda(olga, forum.starts_on, 2).months())
    assert [mark for month in months for _number, mark in month.marks() if mark] == []
    assert {entry.is_off for month in months for entry in month.entries} == {True}


# -- At two places at once


def wanted(viewer: User, *missions: Mission) -> list[tuple[str, str, str]]:
    rows = Mission.objects.filter(pk__in=[one.pk for one in missions]).prefetch_related("envoys__person")
    return [(str(one.person), str(one.mission), str(one.other)) for one in clashes(rows, viewer)]


def test_who_has_a_seat_at_our_forum_cannot_be_elsewhere(olga, forum, beside, dina):
    assert wanted(olga, beside) == []
    forum.registrations.enter(dina)

    assert wanted(olga, beside) == [("Dina Haddad", "Customs conference", "Forum on illicit trade")]
    seat = forum.registrations.get()
    type(seat).objects.filter(pk=seat.pk).update(place="ONLINE")  # from there they can
    assert wanted(olga, beside) == []


def test_who_speaks_on_another_day_can(olga, forum, beside, dina, sessions):
    assert wanted(olga, beside) == []  # the opening is on the first day
    sessions["closed"].appearances.create(person=dina)
    sessions["closed"].save()

    assert wanted(olga, beside) == [("Dina Haddad", "Customs conference", "Forum on illicit trade")]
    sessions["closed"].status = "CANCELLED"
    sessions["closed"].save()
    assert wanted(olga, beside) == []


def test_two_missions_at_once_are_said_once(olga, beside, dina, pavel):
    days = (beside.ends_on - timezone.localdate()).days
    other, after = mission(olga, "Other", dina, pavel, starts=days), mission(olga, "After", dina, starts=days + 1)

    assert wanted(olga, beside, other, after) == [("Dina Haddad", "Customs conference", "Other")]
    assert wanted(olga, other) == [("Dina Haddad", "Other", "Customs conference")]
    other.call_off("There is a strike.", by=olga)
    assert wanted(olga, beside, other, after) == []


def test_nobody_learns_by_a_clash_of_a_mission_that_they_do_not_see(olga, fatou, dina):
    hers = mission(olga, "To France", dina, country_id="FR")
    theirs = mission(olga, "To Kenya", dina, country_id="KE")

    assert (len(wanted(olga, hers, theirs)), wanted(fatou, hers)) == (1, [])


# -- The page


def test_the_page_shows_both_with_our_delegation_and_who_is_wanted_twice(client, olga, forum, beside, dina):
    forum.registrations.enter(dina)
    client.force_login(olga)

    page = client.get(CALENDAR).text

    assert listed(client) == ["Forum on illicit trade", "Customs conference"]
    said = ("Nairobi, Kenya", "Dina Haddad", "Delegate", "Ours: Forum", "At two places at once")
    assert [word for word in said if word not in page] == []
    assert f"<bdi>{forum}</bdi> ({forum.dates}) at the same time." in page
    assert "at the same time" in client.get(reverse("mission:inspect", args=[beside.pk])).text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=ours", ["Forum on illicit trade"]),
        ("kind=ours:WEBINAR", []),
        ("kind=others", ["Customs conference"]),
        ("kind=others:CONFERENCE", ["Customs conference"]),
        ("country=KE", ["Customs conference"]),
        ("country=FR", ["Forum on illicit trade"]),
        ("topic={topic}", ["Customs conference"]),
        ("year={year}&kind=others", ["Customs conference"]),
        ("year=1999", ["Forum on illicit trade", "Customs conference"]),  # is no answer: all is shown
    ],
)
def test_the_page_is_narrowed(client, olga, beside, tobacco, query, found):
    beside.topics.set([tobacco])
    client.force_login(olga)

    assert listed(client, query.format(topic=tobacco.pk, year=beside.starts_on.year)) == found


def test_what_a_desk_does_not_see_is_not_on_its_calendar(client, olga, fatou, forum, beside):
    client.force_login(olga)
    assert listed(client) == ["Forum on illicit trade", "Customs conference"]

    client.force_login(fatou)
    assert listed(client) == ["Forum on illicit trade"]
    assert "Dina" not in client.get(CALENDAR).text
    client.force_login(staff("editor", "ed@example.org"))
    assert listed(client) == ["Forum on illicit trade"]


def test_the_page_asks_as_much_for_three_as_for_one(client, olga, forum, beside, dina, pavel):
    forum.registrations.enter(dina)
    client.force_login(olga)
    one = queries_of(client, CALENDAR)
    for title in ("Two", "Three"):
        mission(olga, title, dina, pavel, person(title, "Ours"), starts=20, ends=22, country_id="FR")

    assert queries_of(client, CALENDAR) == one


@pytest.mark.parametrize(("language", "first"), [("fr", "L"), ("ar", "ح")])
def test_the_week_begins_where_the_reader_begins_it(client, olga, beside, language, first):
    with translation.override(language):
        client.force_login(olga)
        olga.wagtail_userprofile = type(olga).wagtail_userprofile.related.related_model(
            user=olga, preferred_language=language
        )
        olga.wagtail_userprofile.save()
        page = client.get(CALENDAR)

    assert page.context["weekdays"][0] == first
    [(month, blanks)] = [(month, blanks) for month, blanks in page.context["months"] if month.others][:1]
    assert (len(blanks) + month.first.day - 1) % 7 == (month.first.weekday() - {"fr": 0, "ar": 6}[language]) % 7


# -- Its secret addresses


@pytest.fixture
def address(client, olga) -> str:
    """Olga's feed, as the page shows it once."""
    client.force_login(olga)
    page = client.post(reverse("calendar:feed_create"))
    client.logout()
    assert (page.status_code, "no-store" in page["Cache-Control"]) == (201, True)
    return re.search(r'value="https?://[^/]+(/\w+/calendar/[^"]+\.ics)"', page.text)[1]


def told(answer) -> list[str]:
    return [str(event["SUMMARY"]) for event in Calendar.from_ical(answer.content).events]


def test_the_feed_holds_both_and_names_nobody(client, address, forum, beside, sessions):
    answer = client.get(address)

    assert told(answer) == ["Forum on illicit trade", "Customs conference"]
    assert [
        word for word in ("Dina", "ATTENDEE", "ORGANIZER", "olga", address.split("/")[-1]) if word in answer.text
    ] == []
    assert "LOCATION;LANGUAGE=en:Nairobi\\, Kenya" in answer.text
    assert sorted(answer["Cache-Control"].split(", ")) == ["max-age=300", "private"]
    assert (answer["X-Robots-Tag"], answer["Referrer-Policy"], dict(answer.cookies)) == ("noindex", "no-referrer", {})


def test_the_feed_is_the_same_until_something_changes(client, address, olga, beside):
    first = client.get(address)
    again = {"headers": {"If-None-Match": first["ETag"]}}
    assert (client.get(address).content, client.get(address, **again).status_code) == (first.content, 304)

    beside.purpose = "Not in the calendar."
    beside.save()
    assert client.get(address, **again).status_code == 304
    beside.call_off("There is a strike.", by=olga)

    changed = client.get(address, **again)
    [event] = [one for one in Calendar.from_ical(changed.content).events if one["SUMMARY"] == "Customs conference"]
    assert (changed.status_code, event["STATUS"], event["SEQUENCE"]) == (200, "CANCELLED", 1)
    assert str(event["UID"]) == beside.uid


def test_a_draft_what_is_long_over_and_what_was_called_off_and_is_over_are_not_in_it(client, address, olga, forum):
    Event.objects.create(slug="d", title={"en": "Draft"}, starts_on=day(3), ends_on=day(3))
    mission(olga, "Long over", starts=-400)
    mission(olga, "Over", starts=-30)
    for title, starts in (("Off and over", -2), ("Off", 0)):
        mission(olga, title, starts=starts).call_off("There is a strike.", by=olga)

    assert told(client.get(address)) == ["Over", "Off", "Forum on illicit trade"]


def test_rights_are_asked_for_at_each_fetch(client, address, olga, forum, beside, french_desk):
    mission(olga, "Mine", starts=3, country_id="KE")
    Mission.objects.exclude(pk=beside.pk).update(owner=staff("reader", "rita@example.org"))
    Mission.objects.filter(pk=beside.pk).update(owner=olga)
    assert len(told(client.get(address))) == 3

    olga.desks.add(french_desk)
    assert told(client.get(address)) == ["Forum on illicit trade", "Customs conference"]
    User.objects.filter(pk=olga.pk).update(is_active=False)
    assert told(client.get(address)) == []


def test_an_address_is_ended_by_its_owner_alone_and_gone(client, address, olga, noor):
    feed = StaffFeed.objects.get()
    revoke = reverse("calendar:feed_revoke", args=[feed.pk])
    client.get(address, headers={"User-Agent": "Thunderbird/140.0"})
    client.force_login(noor)
    assert client.post(revoke, follow=True).status_code == 404

    client.force_login(olga)
    assert "ago: Thunderbird" in client.get(CALENDAR).text
    client.post(revoke)
    client.logout()
    gone = client.get(address)
    assert (gone.status_code, "Open the calendar in the admin" in gone.text) == (410, True)
    assert address.split("/")[-1].removesuffix(".ics") not in str(list(StaffFeed.objects.values_list()))


@pytest.mark.real_data
@pytest.mark.slow
def test_independent_parsers_accept_the_feed(client, address, olga, forum, beside, tmp_path):
    python = BENCH / "venv" / "bin" / "python"
    if not (CHECK.exists() and python.exists()):
        pytest.skip(f"The calendar checks or their bench are not on this machine ({CHECK.name}, {python}).")
    mission(olga, "Off", starts=2).call_off("There is a strike.", by=olga)
    file = tmp_path / "house.ics"
    file.write_bytes(client.get(address).content)

    checked = subprocess.run(
        [python, CHECK, file, "--profile", "feed", "--need", PARSERS, "--strict"],
        env={**os.environ, "ICALBENCH": str(BENCH)},
        capture_output=True,
        text=True,
        timeout=300,
    )

    assert (checked.returncode, checked.stderr) == (0, ""), checked.stdout
