"""What a focal point without a seat reads: what is for everybody, and what is for the delegation that they prepare."""

import io
import zipfile

import pytest
from django.urls import reverse

from contacts.models import Affiliation, User
from events.models import Circle, Document, Event, ProgrammeEntry, Session
from network.models import Organization
from tests.conftest import at, person, queries_of
from tests.events.papers import PDF, added, body

OWN, OTHER, KIND, SEATED = "Own brief", "Brief of others", "Brief of customs", "Handbook"


@pytest.fixture
def others(forum, france, olga):
    """The delegation of another organization, with a focal point of its own, who has an account."""
    police = Organization.objects.create(
        kind=Organization.Kind.LAW_ENFORCEMENT, name="Police of Example", country=france
    )
    lena = person("Lena", "Ortiz", user=User.objects.create_user("lena@example.net"))
    Affiliation.objects.create(person=lena, organization=police, is_focal_point=True)
    [delegation] = forum.delegations.draft([police], by=olga)
    delegation.give("DELEGATE", "", 1, by=olga)
    delegation.invite(by=olga)
    return delegation


@pytest.fixture
def briefs(forum, delegation, others, olga) -> dict[str, Document]:
    """One for each delegation, one for those who come for a kind of organization, one for whoever has a seat; and a
    session for each delegation."""

    def circle(name: str, delegations=(), **who) -> Circle:
        return Circle.objects.keep(Circle(event=forum, name=name, **who), delegations, by=olga)

    circles = {OWN: circle("Customs", [delegation]), OTHER: circle("Police", [others])}
    for title, one in circles.items():
        times = {"starts_at": at(forum, 0, 8), "ends_at": at(forum, 0, 9)}
        Session.objects.create(event=forum, title=f"Talk: {title}", audience="CIRCLE", circle=one, **times)
    forum.publish(by=olga)
    circles[KIND] = circle("Kind", kinds=["LAW_ENFORCEMENT"])
    found = {title: added(title, "CIRCLE", event=forum, circle=one) for title, one in circles.items()}
    return {**found, SEATED: added(SEATED, "PARTICIPANTS", event=forum)}


def read_by(event: Event, viewer) -> tuple[list[str], list[str]]:
    """Documents and sessions."""
    sessions = ProgrammeEntry.objects.newest_of(event).visible_to(viewer)
    return [str(one) for one in Document.objects.open_at(event, viewer)], sorted(str(one) for one in sessions)


def test_a_focal_point_reads_what_is_for_the_delegation_and_not_for_another(forum, briefs, focal, others):
    lena = others.focal_points[0].user

    assert read_by(forum, focal) == ([OWN], [f"Talk: {OWN}"])
    assert read_by(forum, lena) == ([OTHER], [f"Talk: {OTHER}"])
    assert read_by(forum, lena.person) == ([OTHER], [f"Talk: {OTHER}"])


def test_a_colleague_who_is_no_focal_point_reads_nothing_of_it(forum, briefs, dina):
    assert read_by(forum, dina) == ([], [])


@pytest.mark.parametrize("how", ["withdrawn", "not invited yet", "no focal point any more"])
def test_who_prepares_no_delegation_any_more_reads_nothing_of_it(forum, briefs, delegation, focal, olga, how):
    if how == "withdrawn":
        delegation.withdraw(by=olga)
    elif how == "not invited yet":
        type(delegation).objects.filter(pk=delegation.pk).update(state="DRAFT")
    else:
        Affiliation.objects.update(is_focal_point=False)

    assert read_by(forum, User.objects.get(pk=focal.pk)) == ([], [])


@pytest.mark.parametrize("is_public", [True, False])
def test_each_door_hands_out_the_papers_of_the_delegation_and_no_other(
    client, forum, briefs, delegation, focal, is_public
):
    Event.objects.update(is_public=is_public)
    client.force_login(focal)

    got = {
        title: client.get(reverse("events:event_document", args=["forum", one.pk])).status_code
        for title, one in briefs.items()
    }
    whole = client.get(reverse("events:event_documents", args=["forum"]))

    assert got == {OWN: 200, OTHER: 404, KIND: 404, SEATED: 404}
    with zipfile.ZipFile(io.BytesIO(body(whole))) as package:
        assert package.namelist() == [f"{OWN}.pdf"]
        assert package.read(f"{OWN}.pdf") != PDF  # the name of the reader is on it
    for page in ("/en/events/forum/", delegation.get_absolute_url(), "/en/events/forum/programme/?day=all"):
        words = client.get(page, follow=True).text
        assert [title for title in briefs if title in words] == [OWN]


@pytest.mark.parametrize("is_public", [True, False])
def test_at_no_door_a_stranger_finds_any_of_it(client, forum, briefs, stranger, is_public):
    Event.objects.update(is_public=is_public)
    client.force_login(stranger)

    for one in briefs.values():
        assert client.get(reverse("events:event_document", args=["forum", one.pk])).status_code == 404
    for page in ("/en/events/forum/", "/en/events/forum/programme/?day=all"):
        assert [title for title in briefs if title in client.get(page).text] == []


def test_an_event_that_is_a_draft_still_is_there_for_no_focal_point(client, forum, briefs, focal):
    Event.objects.update(status="DRAFT", is_public=False)
    client.force_login(focal)

    assert client.get("/en/events/forum/").status_code == 404
    assert client.get(reverse("events:event_document", args=["forum", briefs[OWN].pk])).status_code == 404


def test_more_circles_and_delegations_cost_no_more_queries(client, forum, briefs, delegation, focal, olga):
    client.force_login(focal)
    few = queries_of(client, "/en/events/forum/")
    for number in range(3):
        one = Circle.objects.keep(Circle(event=forum, name=f"x{number}"), [delegation], by=olga)
        added(f"More {number}", "CIRCLE", event=forum, circle=one)

    assert queries_of(client, "/en/events/forum/") == few
