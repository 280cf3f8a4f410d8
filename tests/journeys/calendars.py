"""Every feed and every calendar mail of the product, put through the parsers of other programs and through a real
subscriber: `make calendars`.

No test of the suite: it needs the bench that `../shared/checks/setup.sh` builds, and takes minutes."""

import datetime
import os
import re
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from contacts.models import Delivery
from events.models import CalendarReply, Notice, Session
from tests.conftest import at, several_connections
from tests.events.calendar_mail import calendar, mailed

pytestmark = several_connections

CHECK = Path(settings.BASE_DIR).parent / "shared" / "checks" / "check_ics.py"
BENCH = Path(os.environ.get("ICALBENCH") or Path.home() / ".cache" / "ical-bench")
PROGRAMS = BENCH / "venv" / "bin"
LANGUAGES = ("en", "fr", "es", "ar")


@pytest.fixture
def site(live_server, settings) -> str:
    settings.SITE_URL = live_server.url
    return live_server.url


def run(*command: str | Path, **environment: str) -> str:
    asked = [str(word) for word in command]
    done = subprocess.run(
        asked, capture_output=True, text=True, timeout=600, env={**os.environ, **environment}, input="y\ny\n"
    )
    print(done.stdout)  # noqa: T201  (what the checks say is what this is for)
    assert done.returncode == 0, f"{' '.join(asked)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def check(*words: str | Path) -> None:
    run(PROGRAMS / "python", CHECK, *words, ICALBENCH=str(BENCH))


@pytest.fixture
def told(forum, sessions, pavel, dina, olga, mail_server) -> list:
    """All that goes out for two people from the invitation to the day when the event is called off."""
    forum.publish(by=olga)
    for invitation in forum.invitations.draft([pavel, dina], by=olga):
        invitation.send(by=olga)
        invitation.answer("ACCEPTED")
        refresh = calendar(invitation.uid, invitation.address, "", method="REFRESH")
        CalendarReply.objects.take(mailed(invitation.address, refresh), key=str(invitation.pk))
    deliver()
    week = datetime.timedelta(days=7)
    forum.reschedule(forum.starts_on + week, forum.ends_on + week, by=olga)
    deliver()
    return mail_server.mails


def deliver() -> None:
    """All pauses are over: letters about sessions are written, and everything leaves."""
    Notice.objects.work_off(timezone.now() + settings.CALENDAR_UPDATE_DELAY)
    Delivery.objects.filter(state=Delivery.State.QUEUED).update(due_at=timezone.now())
    Delivery.objects.empty_outbox()


def calendars_in(mails: list, folder: Path) -> list[Path]:
    """The calendars in the mails as files, each content once."""
    found = {}
    for mail in mails:
        for part in mail.walk():
            if part.get_content_type() in ("text/calendar", "application/ics"):
                raw = part.get_payload(decode=True)
                method = re.search(rb"^METHOD:(\w+)", raw, re.M)[1].decode()
                found.setdefault(raw, folder / f"{len(found)}-{method}.ics").write_bytes(raw)
    return list(found.values())


def test_every_feed_is_right_for_every_parser(site, told, forum, sessions, pavel, olga):
    opening = sessions["opening"]
    for language in LANGUAGES:
        for name, arguments in (
            ("event_feed", [forum.slug]),
            ("programme_feed", [forum.slug]),
            ("session_feed", [forum.slug, opening.guid]),
            ("track_feed", [forum.slug, "plenary"]),
            ("room_feed", [forum.slug, "room-a"]),
            ("events_feed", []),
        ):
            path = reverse(f"events:{name}", args=arguments).replace("/en/", f"/{language}/", 1)
            check(f"{site}{path}", *(["--clients"] if language == "en" else []))
    for owner in (pavel, olga):
        _feed, token = owner.feeds.open()
        check(f"{site}/fr/calendar/{token}.ics", "--private", "--clients")
    _feed, token = pavel.feeds.open_plan()
    check(f"{site}/fr/calendar/{token}.ics", "--private", "--clients")


def test_every_mail_is_right_for_every_parser(told, forum, olga, mail_server, tmp_path):
    forum.cancel("The venue is closed.", by=olga)
    deliver()

    files = calendars_in(mail_server.mails, tmp_path)

    methods = sorted({file.stem.partition("-")[2] for file in files})
    assert methods == ["CANCEL", "PUBLISH", "REQUEST"]
    about_sessions = [file for file in files if b"SUMMARY;LANGUAGE=ar:Opening" in file.read_bytes()]
    assert len(about_sessions) == 3  # Dina speaks there: invited, moved, called off
    check(*files)


class Subscriber:
    """vdirsyncer keeps what a feed holds, khal shows it."""

    def __init__(self, url: str, home: Path):
        self.home, self.items = home, home / "items"
        self.items.mkdir()
        (home / "vdirsyncer").write_text(
            f'[general]\nstatus_path = "{home}/status"\n[pair p]\na = "own"\nb = "feed"\ncollections = null\n'
            f'conflict_resolution = "b wins"\n[storage own]\ntype = "filesystem"\npath = "{self.items}"\n'
            f'fileext = ".ics"\n[storage feed]\ntype = "http"\nurl = "{url}"\n'
        )
        (home / "khal").mkdir()
        (home / "khal" / "config").write_text(
            f"[calendars]\n[[x]]\npath = {self.items}\n[locale]\nlocal_timezone = Europe/Paris\n"
            "default_timezone = Europe/Paris\ntimeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
            "datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
        )
        self.ask("vdirsyncer", "-c", home / "vdirsyncer", "discover")

    def ask(self, program: str, *words: str | Path) -> str:
        own = {"HOME": str(self.home), "XDG_CONFIG_HOME": str(self.home), "XDG_DATA_HOME": str(self.home / "data")}
        return run(PROGRAMS / program, *words, **own)

    def shows(self, day: datetime.date) -> list[str]:
        """After a look at the feed: start, title and state of what is on from that day on."""
        self.ask("vdirsyncer", "-c", self.home / "vdirsyncer", "sync")
        form = "{start-time} {title} {status}"
        said = self.ask("khal", "list", "--day-format", "", "--format", form, str(day), "10d")
        return [line.strip() for line in said.splitlines() if line.strip()]


def test_a_subscriber_sees_what_is_added_moved_renamed_and_cancelled(site, forum, sessions, olga, tmp_path):
    forum.publish(by=olga)
    subscriber = Subscriber(f"{site}{reverse('events:programme_feed', args=[forum.slug])}", tmp_path)
    assert subscriber.shows(forum.starts_on) == ["09:30 Opening CONFIRMED"]

    panel = Session.objects.create(
        event=forum, title={"en": "Panel"}, starts_at=at(forum, 0, 14), ends_at=at(forum, 0, 15)
    )
    forum.publish(by=olga)
    assert subscriber.shows(forum.starts_on) == ["09:30 Opening CONFIRMED", "14:00 Panel CONFIRMED"]

    panel.starts_at, panel.ends_at = at(forum, 0, 16), at(forum, 0, 17)
    panel.save()
    forum.publish(by=olga)
    assert subscriber.shows(forum.starts_on) == ["09:30 Opening CONFIRMED", "16:00 Panel CONFIRMED"]

    panel.title = {"en": "Panel, with questions"}
    panel.save()
    forum.publish(by=olga)
    assert subscriber.shows(forum.starts_on) == ["09:30 Opening CONFIRMED", "16:00 Panel, with questions CONFIRMED"]

    panel.status = Session.Status.CANCELLED
    panel.save()
    forum.publish(by=olga)
    assert subscriber.shows(forum.starts_on) == ["09:30 Opening CONFIRMED", "16:00 Panel, with questions CANCELLED"]
    assert len(list(subscriber.items.iterdir())) == 2
