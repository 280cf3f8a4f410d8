"""The cast: who organizes, who is a focal point, who travels, who is a stranger; and the stage they meet on."""

import csv
import datetime
import gc
import re
from collections import defaultdict
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.core import serializers
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from contacts.models import Affiliation, Person, PersonEmail, User
from events.models import Appearance, Event, Quota, Room, Session, Track, Venue
from network.models import Country, Desk, Organization, Topic
from tests.mailserver import MailServer

PASSWORD = "a long enough password"
# For tests in which several connections meet: nothing is rolled back, so the database is emptied afterwards.
several_connections = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def pytest_addoption(parser):
    parser.addoption(
        "--database-only",
        action="store_true",
        help="Leave out the tests that touch no database, or show what another database shows too.",
    )


# What screens show is said once. What they ask of a database is asked on each: by the tests of the models, and by the
# walk of an administrator over every address (tests/config/test_permissions.py).
SCREENS = re.compile(r"test_(\w+_)?(desk|pages|screens|viewsets|access_forms|bad_input)\.py$")


def pytest_collection_modifyitems(config, items):
    if config.getoption("--database-only"):
        databases = {"db", "transactional_db", "live_server"}
        touching = [
            one
            for one in items
            if (one.get_closest_marker("django_db") or databases & {*one.fixturenames})
            and not SCREENS.search(one.path.name)
        ]
        config.hook.pytest_deselected(items=[one for one in items if one not in touching])
        items[:] = touching


@pytest.fixture(autouse=True, scope="session")
def static_root() -> None:
    """A live server looks for the folder when it starts, before any test has one of its own."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings):
    """The migrations make models by the ten thousand: looking for garbage among them takes a fifth of their time."""
    gc.disable()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup):
    """What is there by now stays until the end, and is not looked through again and again. What comes between two tests
    in which several connections meet is done by a few statements."""
    gc.collect()
    gc.freeze()
    gc.enable()
    connection.ops.sql_flush = emptying
    connection.creation.deserialize_db_from_string = put_back


def emptying(_style, tables, **_options) -> list[str]:
    """Statements that empty those of `tables` that hold rows, which are few: PostgreSQL takes seconds for hundreds."""
    quoted = {table: connection.ops.quote_name(table) for table in tables}
    asked = (f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {name})" for table, name in quoted.items())  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked))
        return [f"DELETE FROM {quoted[table]}" for (table,) in cursor.fetchall()]  # noqa: S608


def put_back(contents: str) -> None:
    """What the migrations loaded, model by model; Django would write row by row."""
    found = list(serializers.deserialize("json", contents))
    at_once = defaultdict(list)
    for one in found:
        if not (one.m2m_data or one.object._meta.parents):
            at_once[type(one.object)].append(one.object)
    with transaction.atomic(), connection.constraint_checks_disabled():
        for model, rows in at_once.items():
            model._base_manager.bulk_create(rows, ignore_conflicts=True)  # before the first such test all are there
        for one in found:
            if one.m2m_data or one.object._meta.parents:
                one.save()
    connection.check_constraints()


@pytest.fixture(autouse=True, scope="session")
def countries_come_back(django_db_setup, django_db_blocker):
    """What the migrations loaded is put back after tests that emptied the database, for a next run that reuses it."""
    yield
    contents = getattr(connection, "_test_serialized_contents", "")  # none where no test needed the database
    with django_db_blocker.unblock():
        if contents and not Country.objects.exists():
            connection.creation.deserialize_db_from_string(contents)


@pytest.fixture(autouse=True)
def stage(settings, tmp_path):
    """Files, mail and cached pages of a test are its own."""
    for name in ("media", "static", "mail", "cache"):
        (tmp_path / name).mkdir()
    settings.MEDIA_ROOT, settings.STATIC_ROOT = tmp_path / "media", tmp_path / "static"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": tmp_path / "cache"}}
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with override(settings.LANGUAGE_CODE):  # a page in another language leaves its thread in that language
        yield


@pytest.fixture
def mail_server(settings):
    """A real SMTP server; letters go there."""
    with MailServer() as server:
        settings.EMAIL_BACKEND = settings.CALENDAR_EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server


@pytest.fixture
def real_data() -> Path:
    """The folder of real input beside the project."""
    folder = Path(settings.BASE_DIR).parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the real input is not beside the project")
    return folder


@pytest.fixture
def sheet(tmp_path):
    """Writes a file and gives its path."""

    def write(content, name="sheet.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def staff(role: str, email: str) -> User:
    """A user with one role of `config/roles.py`."""
    user = User.objects.create_user(email, PASSWORD, first_name=role.title())
    user.groups.add(Group.objects.get(name=role))
    return user


def person(given: str, family: str, language: str = "en", **fields) -> Person:
    """Somebody with an address at example.org."""
    who = Person.objects.create(given_name=given, family_name=family, languages=[language], **fields)
    PersonEmail.objects.create(person=who, address=f"{given}.{family}@example.org".lower(), is_primary=True)
    who = Person.objects.get(pk=who.pk)
    who.save()  # found by the address as well
    return who


@pytest.fixture
def root(db) -> User:
    """Owns the installation."""
    return User.objects.create_superuser("root@example.org", PASSWORD)


@pytest.fixture
def olga(db) -> User:
    """Organizer."""
    return staff("organizer", "olga@example.org")


@pytest.fixture
def noor(db) -> User:
    """Network officer."""
    return staff("network officer", "noor@example.org")


@pytest.fixture
def france(db) -> Country:
    return Country.objects.get(code="FR")


@pytest.fixture
def customs(france) -> Organization:
    """A national customs service."""
    return Organization.objects.create(
        kind=Organization.Kind.LAW_ENFORCEMENT, name="Customs of Example", acronym="CEX", country=france
    )


@pytest.fixture
def french_desk(france) -> Desk:
    return Desk.objects.create(name="France", countries=[france])


@pytest.fixture
def fatou(french_desk) -> User:
    """Network officer of the French desk."""
    fatou = staff("network officer", "fatou@example.org")
    fatou.desks.add(french_desk)
    return fatou


@pytest.fixture
def tobacco(db) -> Topic:
    return Topic.objects.create(slug="tobacco", name={"en": "Tobacco", "fr": "Tabac", "es": "Tabaco", "ar": "التبغ"})


@pytest.fixture
def pavel(db, customs) -> Person:
    """Focal point of the customs service; reads French."""
    pavel = person("Pavel", "Novak", "fr", honorific="Mr")
    Affiliation.objects.create(person=pavel, organization=customs, position="Director", is_focal_point=True)
    return pavel


@pytest.fixture
def dina(db, customs) -> Person:
    """Travels; reads Arabic."""
    dina = person("Dina", "Haddad", "ar", honorific="Dr")
    Affiliation.objects.create(person=dina, organization=customs, position="Head of unit")
    return dina


@pytest.fixture
def stranger(db) -> User:
    """Has an account and no role."""
    return User.objects.create_user("stranger@example.org", PASSWORD)


@pytest.fixture
def venue(france) -> Venue:
    venue = Venue.objects.create(
        name={"en": "Palace of Congresses", "fr": "Palais des congrès"}, city="Lyon", country=france
    )
    Room.objects.create(venue=venue, name={"en": "Room A"}, capacity=200)
    Room.objects.create(venue=venue, name={"en": "Room B"}, capacity=40, position=1)
    return venue


@pytest.fixture
def forum(venue) -> Event:
    """An announced forum in a hundred days, two days long, in Paris time, without a limit of seats."""
    starts_on = timezone.localdate() + datetime.timedelta(days=100)
    return Event.objects.create(
        slug="forum",
        title={
            "en": "Forum on illicit trade",
            "fr": "Forum sur le commerce illicite",
            "ar": "منتدى التجارة غير المشروعة",
        },
        summary={"en": "Two days of work."},
        starts_on=starts_on,
        ends_on=starts_on + datetime.timedelta(days=1),
        timezone="Europe/Paris",
        venue=venue,
        status=Event.Status.ANNOUNCED,
        answer_by=timezone.now() + datetime.timedelta(days=60),
        reply_to="team@example.org",
    )


@pytest.fixture
def two_seats(forum) -> Quota:
    return limited(forum, 2)


def limited(event: Event, size: int) -> Quota:
    """The seats of `event`, `size` of them."""
    seats = event.seats
    seats.resize(size, by=None)
    return seats


def queries_of(client, url: str) -> int:
    """How many queries the page needs once what is cached for good is cached."""
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def rows_of_sheet(response) -> list[list[str]]:
    """The cells of an export in CSV."""
    return list(csv.reader(b"".join(response.streaming_content).decode().splitlines()))


def at(event: Event, day: int, hour: int, minute: int = 0) -> datetime.datetime:
    """A moment on the day `day` (from 0) of the event, in its own time zone."""
    date = event.starts_on + datetime.timedelta(days=day)
    return datetime.datetime.combine(date, datetime.time(hour, minute), event.zone)


@pytest.fixture
def sessions(forum, dina) -> dict[str, Session]:
    """An opening for everybody, and a closed meeting for participants; not published yet."""
    track = Track.objects.create(event=forum, slug="plenary", name={"en": "Plenary", "fr": "Plénière"})
    room_a, room_b = forum.venue.rooms.all()
    opening = Session.objects.create(
        event=forum,
        title={"en": "Opening", "fr": "Ouverture"},
        abstract={"en": "Welcome to all."},
        track=track,
        room=room_a,
        starts_at=at(forum, 0, 9, 30),
        ends_at=at(forum, 0, 10, 30),
    )
    Appearance.objects.create(session=opening, person=dina)
    closed = Session.objects.create(
        event=forum,
        title={"en": "Operation Candlelight"},
        track=track,
        room=room_b,
        starts_at=at(forum, 1, 14),
        ends_at=at(forum, 1, 15),
        audience="PARTICIPANTS",
    )
    return {"opening": opening, "closed": closed}
