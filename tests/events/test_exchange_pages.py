"""The published programme for other programs, for printers and for other websites; and on the desk, with a look before
it is taken in."""

import io
import json

import pytest
from defusedxml import ElementTree
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pypdf import PdfReader

from contacts.models import User
from events.models import Appearance, Circle, Event, ProgrammeFile, Session
from events.programme_formats import read_schedule
from tests.conftest import at, person, queries_of

pytestmark = pytest.mark.django_db

SECRET = "Operation Candlelight"


@pytest.fixture
def open_forum(forum, sessions, olga) -> Event:
    """Published, with a closed session in a room and a track of its own, where somebody speaks who speaks nowhere
    else."""
    Appearance.objects.create(session=sessions["closed"], person=person("Silent", "Witness"))
    forum.publish(by=olga)
    return forum


def words_of(response) -> str:
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(response.content)).pages)


def told(client, forum, name: str) -> str:
    args = [forum.slug, forum.starts_on] if name == "programme_pdf_day" else [forum.slug]
    response = client.get(reverse(f"events:{name}", args=args))
    return words_of(response) if response["Content-Type"] == "application/pdf" else response.text


@pytest.mark.parametrize("name", ["schedule_xml", "schedule_json", "programme_pdf", "door_signs", "programme_pdf_day"])
def test_what_is_not_for_everybody_is_in_no_public_form_and_cannot_be_counted(client, open_forum, olga, name):
    client.force_login(olga)  # who may see it does not get it here either

    text = told(client, open_forum, name)

    assert ("Opening" in text, "Dina Haddad" in text) == (True, True)
    assert [secret for secret in (SECRET, "Witness", "Room B") if secret in text] == []


def test_numbers_do_not_tell_what_is_left_out(client, open_forum):
    found = client.get(reverse("events:schedule_json", args=["forum"])).json()["schedule"]["conference"]

    [[session]] = [rows for day in found["days"] for rows in day["rooms"].values()]
    assert (session["id"] > 10**6, [len(day["rooms"]) for day in found["days"]]) == (True, [1, 0])
    assert session["guid"] == str(Session.objects.get(title__contains="Opening").guid)


def test_where_nothing_is_published_there_is_nothing(client, forum, sessions, olga):
    answers = [
        client.get(reverse(f"events:{name}", args=["forum"])).status_code for name in ("schedule_xml", "door_signs")
    ]

    forum.publish(by=olga)
    Event.objects.update(is_public=False)
    hidden = client.get(reverse("events:schedule_json", args=["forum"])).status_code
    wrong_day = [
        client.get(f"/en/events/forum/programme-{day}.pdf").status_code for day in ("1999-01-01", "2026-13-40")
    ]

    assert (answers, hidden, wrong_day) == ([404, 404], 404, [404, 404])


@pytest.mark.parametrize("name", ["schedule_xml", "schedule_json", "programme_pdf"])
def test_it_is_kept_like_a_feed_and_open_to_scripts_of_other_sites(client, open_forum, name):
    address = reverse(f"events:{name}", args=["forum"])

    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first["ETag"]})

    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert first["Access-Control-Allow-Origin"] == "*"
    assert first["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert (first["Cache-Control"], first.cookies) == ("public, max-age=300", {})


def test_the_draft_is_not_in_it_and_a_publication_is_at_once(
    client, open_forum, olga, django_capture_on_commit_callbacks
):
    address = reverse("events:schedule_xml", args=["forum"])
    Session.objects.filter(title__contains="Opening").update(title={"en": "Grand opening"})
    before = client.get(address)

    with django_capture_on_commit_callbacks(execute=True):
        open_forum.publish(by=olga)
    after = client.get(address, headers={"If-None-Match": before["ETag"]})

    titles = [ElementTree.fromstring(answer.content).findtext(".//event/title") for answer in (before, after)]
    assert (titles, after.status_code) == (["Opening", "Grand opening"], 200)


def test_a_paper_has_one_address_in_each_language(client, open_forum):
    moved = client.get("/ar/events/forum/programme.pdf?x=1")
    pages = {code: client.get(f"/{code}/events/forum/programme.pdf") for code in ("en", "fr", "es", "ar")}

    assert moved["Location"] == "/ar/events/forum/programme.pdf"
    assert "Ouverture" in words_of(pages["fr"])
    assert [PdfReader(io.BytesIO(page.content)).root_object["/Lang"] for page in pages.values()] == [*pages]


def test_many_sessions_need_no_more_queries_than_one(client, open_forum, olga):
    client.force_login(olga)
    address, desk = reverse("events:schedule_json", args=["forum"]), reverse("event:exchange", args=[open_forum.pk])
    few = [queries_of(client, one) for one in (address, desk)]
    for number in range(3):
        extra = Session.objects.create(
            event=open_forum, title=f"{number}", starts_at=at(open_forum, 0, 11), ends_at=at(open_forum, 0, 12)
        )
        Appearance.objects.create(session=extra, person=person(f"P{number}", "Q"))
    open_forum.publish(by=olga)

    assert [queries_of(client, one) for one in (address, desk)] == few


def test_the_widget_is_small_and_speaks_the_language_of_its_address(client):
    english, arabic = client.get("/en/programme.js"), client.get("/ar/programme.js")

    assert (len(english.content) < 10_000, english["Content-Type"]) == (True, "text/javascript")
    assert english["Access-Control-Allow-Origin"] == "*"
    found = [json.loads(page.text.split("const WORDS = ")[1].split(";\n")[0]) for page in (english, arabic)]
    assert [(words["language"], words["direction"]) for words in found] == [("en", "ltr"), ("ar", "rtl")]
    assert [word for word in ("innerHTML", "eval(", "new Function", "style=", "<style") if word in english.text] == []


# -- the desk


@pytest.fixture
def desk(client, olga):
    client.force_login(olga)
    return client


@pytest.mark.parametrize("kind", ["xml", "json", "xlsx", "programme", "doors"])
def test_the_organizer_takes_the_whole_draft_or_what_everybody_sees(desk, open_forum, tmp_path, kind):
    address = reverse("event:exchange", args=[open_forum.pk])
    found = {}
    for scope in ("draft", "published"):
        response = desk.get(address, {"kind": kind, "scope": scope, "language": "en"})
        assert "no-store" in response["Cache-Control"]
        if response["Content-Type"] == "application/pdf":
            found[scope] = SECRET in words_of(response)
        else:
            path = tmp_path / f"{scope}.{kind}"
            path.write_bytes(response.content)
            titles = [session.title for session in read_schedule(path, open_forum.frame).sessions]
            found[scope] = SECRET in titles

    assert found == {"draft": True, "published": False}


def test_a_sign_for_one_door_on_one_day(desk, open_forum):
    address = reverse("event:exchange", args=[open_forum.pk])
    room = open_forum.venue.rooms.first().pk
    choice = {"kind": "doors", "scope": "draft", "language": "fr", "day": f"{open_forum.starts_on}", "room": room}

    text = words_of(desk.get(address, choice))

    assert ("Room A" in text, "Ouverture" in text, "Room B" in text) == (True, True, False)


def test_a_draft_on_paper_says_for_whom_a_session_is(desk, open_forum, olga):
    """In words that are right: a circle has a name."""
    circle = Circle.objects.keep(Circle(event=open_forum, name={"en": "Heads alone"}, roles=["HEAD"]), [], by=olga)
    address = reverse("event:exchange", args=[open_forum.pk])
    choice = {"kind": "programme", "scope": "draft", "language": "en"}
    first = words_of(desk.get(address, choice))

    Session.objects.filter(title__contains=SECRET).update(audience="CIRCLE", circle=circle)

    second = words_of(desk.get(address, choice))
    found = [("Participants with a seat" in text, "Heads alone" in text) for text in (first, second)]
    assert found == [(True, False), (False, True)]


def test_what_is_asked_wrongly_is_said_beside_the_field(desk, open_forum):
    page = desk.get(
        reverse("event:exchange", args=[open_forum.pk]), {"kind": "doc", "scope": "draft", "language": "en"}
    )

    assert list(page.context["form"].errors) == ["kind"]


def test_who_may_not_see_sessions_gets_no_draft(client, open_forum):
    user = User.objects.create_user("half@example.org")
    user.user_permissions.add(*_permissions("access_admin", "view_event", "view_session"))
    address = reverse("event:exchange", args=[open_forum.pk])
    draft = {"kind": "json", "scope": "draft", "language": "en"}

    client.force_login(user)
    assert SECRET in client.get(address, draft).text
    user.user_permissions.remove(*_permissions("view_session"))
    assert client.get(address, draft).status_code == 302


def _permissions(*names):
    return User._meta.get_field("user_permissions").related_model.objects.filter(codename__in=names)


def test_a_file_is_looked_through_and_imported(desk, forum, sessions):
    door = reverse("event:take_file", args=[forum.pk])
    guid = sessions["opening"].guid
    rows = f"{guid};Grand opening;{forum.starts_on} 09:30;{forum.starts_on} 10:30\n;New;{forum.starts_on} 11:00;\n"
    upload = SimpleUploadedFile("plan.csv", f"Session ID;Title;Starts;Ends\n{rows}".encode())

    page = desk.post(door, {"file": upload}, follow=True)

    assert [str(one) for one in page.context["page"]] == [
        f"Changed: Grand opening ({forum.starts_on} 09:30): title: Opening → Grand opening",
        f"Not in the file: Operation Candlelight ({sessions['closed'].local_start:%Y-%m-%d %H:%M})",
    ]
    assert [(one.where, one.reason) for one in page.context["tally"].refused] == [
        ("row 3", "It does not say when it ends.")
    ]
    assert str(Session.objects.get(guid=guid)) == "Opening"

    file = {"file": ProgrammeFile.objects.get().pk}
    done = desk.post(reverse("event:file_apply", args=[forum.pk]), file, follow=True)

    assert done.redirect_chain[-1][0] == f"/admin/events/event/{forum.pk}/desk/"
    assert str(Session.objects.get(guid=guid)) == "Grand opening"
    assert (Session.objects.get(pk=sessions["closed"].pk).status, ProgrammeFile.objects.count()) == ("CONFIRMED", 0)


def test_a_file_that_is_no_programme_gets_a_sentence_that_names_it(desk, forum):
    door = reverse("event:take_file", args=[forum.pk])

    page = desk.post(door, {"file": SimpleUploadedFile("plan.xml", b"<rss/>")})

    told = "plan.xml: This is not a programme in schedule.xml: it begins with “rss”."
    assert ([str(message).strip() for message in page.context["messages"]], ProgrammeFile.objects.count()) == (
        [told],
        0,
    )
    assert desk.post(door, {}).context["form"].errors == {"file": ["Choose a file first."]}


def test_a_file_that_was_put_aside_changes_nothing(desk, forum, sessions):
    upload = SimpleUploadedFile("plan.csv", f"Title;Starts;Duration\nNew;{forum.starts_on} 11:00;1:00\n".encode())
    desk.post(reverse("event:take_file", args=[forum.pk]), {"file": upload})
    file = {"file": ProgrammeFile.objects.get().pk}

    desk.post(reverse("event:file_discard", args=[forum.pk]), file)
    late = desk.post(reverse("event:file_apply", args=[forum.pk]), file, follow=True)

    assert (ProgrammeFile.objects.count(), forum.sessions.count()) == (0, 2)
    told = "This file does not wait any more: it was imported, discarded or replaced."
    assert [str(message).strip() for message in late.context["messages"]][-1] == told
