"""The pages of a delegation for its focal point: who may open them, and what they do."""

import datetime
import re

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from contacts.models import Affiliation, Person, User
from contacts.models.introduction import Introduced
from events.models import Delegation, Event, Invitation, NoteVerbale
from tests.conftest import person, queries_of
from tests.events.conftest import LAYLA, OMAR, confirmed, places

pytestmark = pytest.mark.django_db

NAMED = {
    "given_name": "Layla",
    "family_name": "Amari",
    "email": "layla@example.org",
    "position": "Adviser",
    "language": "fr",
}
PAPER = b"%PDF-1.7 a note"


@pytest.fixture
def portal(client, focal):
    client.force_login(focal)
    return client


def at(name: str, delegation: Delegation, *more) -> str:
    return reverse(f"events:{name}", args=[delegation.pk, *more])


def test_a_focal_point_signs_in_with_a_code_that_comes_by_mail_and_lands_on_the_page(client, delegation, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    way_in = client.get(at("delegation", delegation))
    page = client.post(way_in.url, {"email": "pavel.novak@example.org", "next": delegation.get_absolute_url()})
    [letter] = mail.outbox
    assert letter.subject == "Your code for Entente"
    assert "localhost" not in letter.body.replace(settings.SITE_URL, "")
    code = re.search(r"^[A-Z0-9-]{6,}$", letter.body, re.M)[0]

    landed = client.post(page.url, {"code": code, "next": delegation.get_absolute_url()}, follow=True)

    assert letter.to == ["pavel.novak@example.org"]
    assert landed.context["delegation"] == delegation


def test_no_letter_goes_to_an_address_that_nobody_signs_in_with(client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    page = client.post(reverse("account_request_login_code"), {"email": "nobody@example.org"})

    assert (page.status_code, mail.outbox) == (302, [])


@pytest.mark.parametrize("who", ["stranger", "olga"])
def test_who_is_no_focal_point_finds_no_delegation(client, request, delegation, who):
    client.force_login(request.getfixturevalue(who))

    assert client.get(at("delegation", delegation)).status_code == 404
    assert client.post(at("member_nominate", delegation), {**NAMED, "seat": "DELEGATE:ROOM"}).status_code == 404
    assert delegation.members.count() == 0


def test_the_focal_point_of_another_organization_sees_neither_page_nor_paper(client, delegation, focal, customs):
    note = delegation.notes_verbales.submit(delegation, SimpleUploadedFile("note.pdf", PAPER), by=focal)
    other = person("Zoe", "Zed")
    body = type(customs).objects.create(kind="NGO", name="Watch")
    Affiliation.objects.create(person=other, organization=body, is_focal_point=True)
    client.force_login(User.objects.open_for(other))

    assert client.get(at("delegation", delegation)).status_code == 404
    assert client.get(at("note", delegation, note.pk)).status_code == 404
    assert client.get(reverse("events:delegations")).context["coming"] == []


def test_somebody_is_named_and_stands_on_the_page(portal, delegation):
    answer = portal.post(at("member_nominate", delegation), {**NAMED, "seat": "DELEGATE:ROOM"})

    page = portal.get(answer.url)
    assert answer.url.endswith("#content")
    assert "Layla Amari is named, and a letter asks them to confirm." in page.text
    assert [(row["member"].person.name, str(row["words"])) for row in page.context["members"]] == [
        ("Layla Amari", "To confirm")
    ]
    assert places(delegation)[0] == ("", "ROOM", 1, 2)


def test_one_of_their_own_people_is_named_without_typing(portal, delegation, dina):
    portal.post(at("member_nominate", delegation), {"person": dina.pk, "language": "en", "seat": "HEAD:ROOM"})

    assert delegation.members.get().person == dina


def test_people_of_other_organizations_are_not_offered_and_not_taken(portal, delegation):
    elsewhere = person("Zoe", "Zed")

    page = portal.post(
        at("member_nominate", delegation), {"person": elsewhere.pk, "language": "en", "seat": "HEAD:ROOM"}
    )

    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["person"]
    assert "Zed" not in page.text


def test_what_is_missing_is_said_beside_the_question(portal, delegation):
    page = portal.post(at("member_nominate", delegation), {"seat": "DELEGATE:ROOM", "language": "en"})

    assert page.status_code == 422
    assert page.context["form"].errors == {
        name: ["This field is required."] for name in ("given_name", "family_name", "email")
    }
    assert f'action="{at("member_nominate", delegation)}#name"' in page.text  # a browser stays at the form
    assert "Look at what is marked below." in page.text


def test_a_place_that_is_gone_is_not_offered_any_more(portal, delegation, focal):
    delegation.nominate(LAYLA, "HEAD", "ROOM", by=focal)

    offered = portal.get(at("delegation", delegation)).context["form"].fields["seat"].choices

    values = [value for _place, choices in offered for value, _label in choices]
    assert values == ["ALTERNATE:ROOM", "DELEGATE:ROOM", "ADVISER:ROOM", "OBSERVER:ROOM", "ADVISER:ONLINE"]


def test_somebody_else_comes_instead(portal, delegation, focal):
    layla = delegation.nominate(LAYLA, "HEAD", "ROOM", by=focal)
    prefix = f"m{layla.pk}"
    answers = {"given_name": "Omar", "family_name": "Saleh", "email": "omar@example.org", "language": "en"}

    portal.post(at("member_replace", delegation, layla.pk), {f"{prefix}-{key}": one for key, one in answers.items()})

    assert [(one.person.name, one.role) for one in delegation.members.standing()] == [("Omar Saleh", "HEAD")]


def test_a_name_is_taken_back(portal, delegation, focal):
    layla = delegation.nominate(LAYLA, "HEAD", "ROOM", by=focal)

    portal.post(at("member_remove", delegation, layla.pk))

    assert Invitation.objects.get(pk=layla.pk).state == "WITHDRAWN"
    assert places(delegation)[0] == ("", "ROOM", 0, 2)


def test_a_name_is_taken_back_also_when_the_time_for_names_is_over(portal, delegation, focal):
    layla = delegation.nominate(LAYLA, "HEAD", "ROOM", by=focal)
    Event.objects.update(nominate_by=timezone.now() - datetime.timedelta(minutes=1))

    page = portal.get(at("delegation", delegation)).text
    portal.post(at("member_remove", delegation, layla.pk))

    assert ("Take the name back" in page, "Somebody else comes instead" in page) == (True, False)
    assert Invitation.objects.get(pk=layla.pk).state == "WITHDRAWN"


def test_nobody_is_taken_back_once_the_event_is_over(portal, delegation, focal):
    layla = delegation.nominate(LAYLA, "HEAD", "ROOM", by=focal)
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    Event.objects.update(starts_on=yesterday, ends_on=yesterday)

    page = portal.post(at("member_remove", delegation, layla.pk))

    assert (page.status_code, "The time for names is over" in page.text) == (409, True)
    assert Invitation.objects.get(pk=layla.pk).state == "SENT"


def test_nobody_touches_the_members_of_another_delegation(portal, delegation, forum, olga):
    [draft] = forum.invitations.draft([person("Zoe", "Zed")], by=olga)
    draft.send(by=olga)

    assert portal.post(at("member_remove", delegation, draft.pk)).status_code == 404
    assert Invitation.objects.get(pk=draft.pk).state == "SENT"


def test_a_note_verbale_comes_in_versions_and_is_handed_out_as_it_was(portal, delegation):
    for content in (PAPER, PAPER + b" again"):
        portal.post(at("note_add", delegation), {"file": SimpleUploadedFile("../../note.pdf", content)})

    assert list(delegation.notes_verbales.values_list("version", "name", "state")) == [
        (2, "note.pdf", "NEW"),
        (1, "note.pdf", "NEW"),
    ]
    answer = portal.get(at("note", delegation, delegation.notes_verbales.last().pk))
    assert b"".join(answer.streaming_content) == PAPER
    assert answer["Content-Disposition"] == 'attachment; filename="note.pdf"'


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("note.pdf", b"<html><script>", "“note.pdf” is not a PDF"),
        ("note.exe", PAPER, "is a file of the kind PDF"),
        ("note.pdf", b"", "is empty"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_not_kept(portal, delegation, name, content, said):
    page = portal.post(at("note_add", delegation), {"file": SimpleUploadedFile(name, content)})

    assert page.status_code == 422
    assert said in str(page.context["note_form"].errors)
    assert not NoteVerbale.objects.exists()


def test_whom_the_organizers_invited_themselves_is_shown_and_nobody_of_others(portal, delegation, forum, dina, olga):
    forum.invitations.draft([dina, person("Zoe", "Zed")], by=olga)
    forum.invitations.send_drafts(by=olga)

    assert [one.person for one, _words in portal.get(at("delegation", delegation)).context["invited"]] == [dina]


def test_the_page_asks_equally_often_for_one_and_for_three(portal, delegation, focal, olga):
    delegation.give("", "ROOM", 9, by=olga)
    confirmed(delegation.nominate(LAYLA, "DELEGATE", "ROOM", by=focal)).approve(by=olga)
    url = at("delegation", delegation)
    with_one = queries_of(portal, url)
    for number in range(2):
        named = Introduced("Ana", f"More{number}", f"ana{number}@example.org")
        confirmed(delegation.nominate(named, "DELEGATE", "ROOM", by=focal)).approve(by=olga)

    assert len(portal.get(url).context["members"]) == 3
    assert queries_of(portal, url) == with_one


# -- The page behind the link: somebody else in my place


@pytest.fixture
def invitation(forum, dina, olga) -> Invitation:
    """Dina's own, sent; in no delegation."""
    [invitation] = forum.invitations.draft([dina], by=olga)
    invitation.send(by=olga)
    return invitation


def test_somebody_names_who_comes_in_their_place(client, forum, invitation, olga):
    forum.seats.resize(1, by=olga)
    invitation.answer("ACCEPTED")

    url = reverse("events:alternate_name", args=[invitation.token])
    answer = client.post(url, {f"alternate-{key}": value for key, value in NAMED.items()})

    assert answer.status_code == 302
    invitation.refresh_from_db()
    alternate = invitation.alternate
    assert (invitation.reply, alternate.person.name, alternate.approval) == ("DELEGATED", "Layla Amari", "PENDING")
    assert forum.registrations.with_seat().get().person == alternate.person
    assert "Layla Amari is to come in your place" in client.get(answer.url).text
    confirmed(alternate).approve(by=olga)
    assert (forum.seats.used, forum.registrations.confirmed().get().person) == (1, alternate.person)


def test_who_has_named_somebody_takes_it_back_and_has_the_seat_held(client, forum, invitation, olga):
    forum.seats.resize(1, by=olga)
    invitation.answer("ACCEPTED")
    alternate = invitation.delegate(LAYLA)

    client.post(reverse("events:alternate_recall", args=[invitation.token]))

    invitation.refresh_from_db()
    alternate.refresh_from_db()
    assert (invitation.reply, alternate.state) == ("NEEDS-ACTION", "WITHDRAWN")
    assert (invitation.registration.state, forum.seats.used) == ("HELD", 1)
    invitation.answer("ACCEPTED")
    assert (invitation.registration.state, forum.seats.used) == ("CONFIRMED", 1)


def test_when_the_alternate_declines_who_named_them_is_asked_again(client, invitation):
    invitation.answer("ACCEPTED")
    invitation.delegate(LAYLA).answer("DECLINED")

    page = client.get(reverse("events:invitation_reply", args=[invitation.token]))

    assert "Nobody comes in your place" in page.text
    assert invitation.person.messages.first().letter == "alternate_lost"
    Invitation.objects.get(pk=invitation.pk).answer("ACCEPTED")
    assert Invitation.objects.get(pk=invitation.pk).registration.state == "CONFIRMED"


@pytest.mark.parametrize(
    ("given", "family", "email", "said"),
    [
        ("Dina", "Haddad", "dina.haddad@example.org", "That is you"),
        ("Pavel", "Novak", "pavel.novak@example.org", "Pavel Novak is on the list of this event already"),
    ],
)
def test_nobody_names_themselves_or_who_is_invited_already(
    client, forum, invitation, pavel, olga, given, family, email, said
):
    forum.invitations.draft([pavel], by=olga)
    named = {"given_name": given, "family_name": family, "email": email, "language": "en"}

    url = reverse("events:alternate_name", args=[invitation.token])
    page = client.post(url, {f"alternate-{key}": value for key, value in named.items()})

    assert page.status_code == 422
    assert said in page.text
    assert Invitation.objects.get(pk=invitation.pk).reply == "NEEDS-ACTION"


def test_an_alternate_names_no_alternate(client, invitation):
    alternate = invitation.delegate(LAYLA)

    page = client.get(reverse("events:invitation_reply", args=[alternate.token]))
    assert 'id="alternate"' not in page.text
    url = reverse("events:alternate_name", args=[alternate.token])
    named = {"given_name": "Omar", "family_name": "Saleh", "email": "omar@example.org", "language": "en"}
    assert client.post(url, {f"alternate-{key}": value for key, value in named.items()}).status_code == 422
    assert not Person.objects.filter(given_name="Omar").exists()


def test_a_delegate_names_an_alternate_within_the_places(client, delegation, focal, portal):
    layla = confirmed(delegation.nominate(LAYLA, "HEAD", "ROOM", by=focal))

    layla.delegate(OMAR)

    assert [row[2] for row in places(delegation)] == [1, 1, 0]
    page = portal.get(at("delegation", delegation))
    assert sorted((row["member"].person.name, str(row["words"])) for row in page.context["members"]) == [
        ("Layla Amari", "Delegated"),
        ("Omar Saleh", "To confirm"),
    ]


def test_a_get_names_nobody(client, invitation, delegation, portal):
    assert client.get(reverse("events:alternate_name", args=[invitation.token])).status_code == 405
    assert portal.get(at("member_nominate", delegation)).status_code == 405
