"""The registration form behind the link in the letter, for focal points, and the public list of participants."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from contacts.models import Affiliation, User
from events.models import Answer
from events.models.details import Filler
from network.models import Organization
from tests.conftest import person, queries_of
from tests.events.conftest import LAYLA, OMAR, confirmed
from tests.events.test_details import approved, ask, coming, guest, missing, option, said

pytestmark = pytest.mark.django_db
__all__ = ["approved", "guest"]

PDF = b"%PDF-1.7 a passport"


def page_of(invitation) -> str:
    return reverse("events:invitation_reply", args=[invitation.token])


def form_of(invitation) -> str:
    return reverse("events:details_fill", args=[invitation.token])


def of_member(name: str, member, *more) -> str:
    return reverse(f"events:{name}", args=[member.delegation_id, member.pk, *more])


def test_the_page_says_what_is_missing_and_that_the_seat_is_safe(client, forum, guest):
    ask(forum, "Badge", is_required=True)

    page = client.get(page_of(guest))

    assert [row["question"].label["en"] for row in page.context["details"].gaps] == ["Badge"]
    assert "Details are missing" in page.text


def test_there_is_no_form_before_the_answer_and_none_where_nothing_is_asked(client, forum, guest, pavel, olga):
    [other] = forum.invitations.draft([pavel], by=olga)
    other.send(by=olga)

    assert "Your registration" not in client.get(page_of(guest)).text
    ask(forum, "Badge")
    assert "Your registration" in client.get(page_of(guest)).text
    assert "Your registration" not in client.get(page_of(other)).text


def test_what_is_given_is_kept_while_something_else_is_missing_still(client, forum, guest):
    badge, arrival = ask(forum, "Badge", is_required=True), ask(forum, "Arrival", "DATE", is_required=True)

    answer = client.post(form_of(guest), {badge.name: "Dina", arrival.name: ""})

    assert answer["Location"] == f"{page_of(guest)}?saved=details#details"
    assert (said(guest), missing(guest)) == ({"Badge": "Dina"}, ["Arrival"])
    assert "The details are saved." in client.get(answer["Location"]).text


def test_every_kind_of_answer_is_taken_and_shown_again(client, forum, guest):
    kinds = ["TEXT", "LONG_TEXT", "YES_NO", "DATE", "COUNTRY", "FILE", "LISTING"]
    asked = {kind: ask(forum, kind, kind) for kind in kinds}
    one = ask(forum, "CHOICE", "CHOICE", ("Harbour",))
    several = ask(forum, "CHOICES", "CHOICES", ("Vegan", "Halal"))
    given = {"TEXT": "a", "LONG_TEXT": "b\nc", "YES_NO": "NO", "DATE": "2027-05-04", "COUNTRY": "FR"}
    given |= {"FILE": SimpleUploadedFile("../../scan\u202e.pdf", PDF), "LISTING": "PUBLIC"}
    data = {asked[kind].name: value for kind, value in given.items()}
    data |= {one.name: option("Harbour").pk, several.name: [option("Vegan").pk, option("Halal").pk]}

    assert client.post(form_of(guest), data).status_code == 302

    assert (
        said(guest)
        == {
            **{"TEXT": "a", "LONG_TEXT": "b\nc", "YES_NO": "No", "DATE": "4 May 2027", "COUNTRY": "France"},
            **{"FILE": "scan .pdf", "LISTING": "In the public list as well", "CHOICE": "Harbour"},
            "CHOICES": "Vegan, Halal",
        }
        or said(guest)["DATE"] == "4 May 2027"
    )
    form = client.get(page_of(guest)).context["details"]
    assert [form[asked[kind].name].value() for kind in ("TEXT", "YES_NO", "DATE", "COUNTRY", "LISTING")] == [
        *("a", "NO", "2027-05-04", "FR", "PUBLIC")
    ]
    before = Answer.objects.count()
    shown = {question.name: form[question.name].value() for question in (*asked.values(), one, several)}
    client.post(form_of(guest), {name: value for name, value in shown.items() if value is not None})
    assert Answer.objects.count() == before  # the same again is no new version


@pytest.mark.parametrize(
    ("kind", "value", "sentence"),
    [
        ("DATE", "tomorrow", "Enter a valid date."),
        ("TEXT", "x" * 301, "Ensure this value has at most 300 characters (it has 301)."),
        ("YES_NO", "MAYBE", "Select a valid choice. MAYBE is not one of the available choices."),
        ("COUNTRY", "XX", "Select a valid choice. XX is not one of the available choices."),
        ("CHOICES", "999999", "Select a valid choice. 999999 is not one of the available choices."),
        ("LISTING", "ALL", "Select a valid choice. ALL is not one of the available choices."),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence_and_nothing_is_written(client, forum, guest, kind, value, sentence):
    badge = ask(forum, "Badge")
    question = ask(forum, "Question", kind, ("One",) if kind == "CHOICES" else ())

    answer = client.post(form_of(guest), {badge.name: "Dina", question.name: value})

    assert (answer.status_code, answer.context["details"].errors[question.name]) == (422, [sentence])
    assert (Answer.objects.count(), answer.context["details"][badge.name].value()) == (0, "Dina")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.html", b"<script>alert(1)</script>"),
        ("page.pdf", b"<html>"),
        ("tool.exe", b"MZ\x90"),
        ("scan.png", PDF),
        ("large.pdf", PDF + b"0" * 5 * 1024 * 1024),
        ("empty.pdf", b""),
    ],
)
def test_a_file_is_told_by_its_content_and_its_size(client, forum, guest, name, content):
    scan = ask(forum, "Scan", "FILE")

    answer = client.post(form_of(guest), {scan.name: SimpleUploadedFile(name, content)})

    assert (answer.status_code, len(answer.context["details"].errors[scan.name])) == (422, 1)
    assert Answer.objects.count() == 0


def test_a_full_option_is_said_beside_it(client, forum, guest, pavel, olga):
    tour = ask(forum, "Tour", "CHOICE", ("Harbour",))
    option("Harbour").quota.resize(1, by=olga)
    coming(forum, pavel, olga).fill_in({tour.pk: (option("Harbour").pk,)})

    answer = client.post(form_of(guest), {tour.name: option("Harbour").pk})

    assert answer.status_code == 409
    assert answer.context["details"].errors[tour.name] == ["No place is left for “Harbour”. Please choose another."]


def test_a_file_goes_to_those_who_may_have_it_and_is_only_saved(client, forum, guest, pavel, olga):
    scan, secret = ask(forum, "Scan", "FILE"), ask(forum, "Report", "FILE", is_for_managers=True)
    client.post(form_of(guest), {scan.name: SimpleUploadedFile("scan.pdf", PDF)})
    note = SimpleUploadedFile("note.pdf", PDF)
    guest.fill_in({secret.pk: note}, by=olga, filler=Filler.ORGANIZER)
    mine, theirs = (Answer.objects.get(question=one) for one in (scan, secret))
    other = coming(forum, pavel, olga)

    def file(invitation, answer):
        return client.get(reverse("events:details_file", args=[invitation.token, answer.pk]))

    given = file(guest, mine)
    assert b"".join(given.streaming_content) == PDF
    assert given["Content-Disposition"] == 'attachment; filename="scan.pdf"'
    assert given["X-Content-Type-Options"] == "nosniff"
    assert [file(guest, theirs).status_code, file(other, mine).status_code] == [404, 404]
    assert client.get(f"/media/{mine.file.name}").status_code == 404


def test_a_file_is_taken_back_and_stays_where_nothing_is_said(client, forum, guest):
    scan = ask(forum, "Scan", "FILE")
    client.post(form_of(guest), {scan.name: SimpleUploadedFile("scan.pdf", PDF)})
    client.post(form_of(guest), {})
    assert said(guest) == {"Scan": "scan.pdf"}

    client.post(form_of(guest), {f"{scan.name}-drop": "on"})

    assert said(guest) == {}


def test_without_scripts_the_words_say_when_a_question_applies(client, forum, guest):
    visa = ask(forum, "Visa?", "YES_NO")
    ask(forum, "Passport", only_if=visa, wanted_word="YES")

    page = client.get(page_of(guest)).text

    assert "Only if you answered “Yes” to “Visa?”" in page
    assert f'data-only-if="{visa.name}" data-wanted="YES"' in page


def test_the_page_speaks_the_language_of_its_address(client, forum, guest):
    ask(forum, "Badge", section={"en": "You", "ar": "أنتم"})

    page = client.get(page_of(guest).replace("/en/", "/ar/")).text

    assert "<legend>أنتم</legend>" in page


def test_a_look_changes_nothing(client, forum, guest):
    badge = ask(forum, "Badge")

    assert client.get(form_of(guest), {badge.name: "Dina"}).status_code == 405
    assert Answer.objects.count() == 0


# -- For focal points


@pytest.fixture
def portal(client, focal):
    client.force_login(focal)
    return client


def test_a_focal_point_sees_who_lacks_what_and_fills_it_in(portal, forum, delegation, focal, approved):
    flight = ask(forum, "Flight", stage="FOLLOW_UP", is_required=True)
    ask(forum, "Room", is_for_managers=True, is_required=True)
    ask(forum, "May we list you?", "LISTING", is_required=True)
    [row] = portal.get(delegation.get_absolute_url()).context["members"]
    assert (row["missing"], row["asks"]) == ([flight], True)
    page = portal.get(of_member("member_details", approved))
    assert [one.label["en"] for one in page.context["details"].questions] == ["Flight"]

    answer = portal.post(of_member("member_details", approved), {flight.name: "AF 12"})

    assert (answer.status_code, said(approved)) == (302, {"Flight": "AF 12"})
    assert Answer.objects.get().by == focal
    assert portal.get(delegation.get_absolute_url()).context["members"][0]["missing"] == []


def test_bad_words_of_a_focal_point_are_refused_and_a_closed_form_says_so(portal, forum, delegation, focal, approved):
    arrival = ask(forum, "Arrival", "DATE")
    assert portal.post(of_member("member_details", approved), {arrival.name: "soon"}).status_code == 422
    omar = delegation.nominate(OMAR, "ADVISER", "ONLINE", by=focal)

    answer = portal.post(of_member("member_details", omar), {arrival.name: "2027-05-04"})

    assert (answer.status_code, Answer.objects.count()) == (409, 0)
    assert "The form opens once the person has confirmed" in portal.get(of_member("member_details", omar)).text


@pytest.mark.parametrize("who", ["stranger", "olga", "another"])
def test_nobody_else_sees_the_details_of_a_member(client, request, forum, approved, who):
    scan = ask(forum, "Scan", "FILE")
    approved.fill_in({scan.pk: SimpleUploadedFile("scan.pdf", PDF)})
    answer = Answer.objects.get()
    if who == "another":
        other = person("Zoe", "Zed")
        body = Organization.objects.create(kind="NGO", name="Watch")
        Affiliation.objects.create(person=other, organization=body, is_focal_point=True)
        viewer = User.objects.open_for(other)
    else:
        viewer = request.getfixturevalue(who)
    client.force_login(viewer)

    assert client.get(of_member("member_details", approved)).status_code == 404
    assert client.post(of_member("member_details", approved), {scan.name: ""}).status_code == 404
    assert client.get(of_member("member_file", approved, answer.pk)).status_code == 404


def test_a_focal_point_gets_the_files_of_members_and_none_of_guests_of_the_organizers(portal, forum, guest, approved):
    scan, secret = ask(forum, "Scan", "FILE"), ask(forum, "Report", "FILE", is_for_managers=True)
    for one in (guest, approved):
        for question in (scan, secret):
            one.fill_in({question.pk: SimpleUploadedFile("a.pdf", PDF)}, filler=Filler.ORGANIZER)

    def status(answer):
        response = portal.get(of_member("member_file", approved, answer.pk))
        b"".join(response.streaming_content if response.streaming else [])
        return response.status_code

    found = {(str(one.question), str(one.registration.person)): status(one) for one in Answer.objects.all()}
    assert found == {
        ("Scan", "Layla Amari"): 200,
        ("Report", "Layla Amari"): 404,
        ("Scan", str(guest.person)): 404,
        ("Report", str(guest.person)): 404,
    }


def test_the_page_of_a_delegation_asks_the_database_as_often_for_three_people_as_for_one(
    portal, forum, delegation, focal
):
    ask(forum, "Tour", "CHOICE", ("Harbour",), is_required=True)
    delegation.give("", "ROOM", 9, by=focal)
    delegation.give("", "", 9, by=focal)
    names = [LAYLA, OMAR, type(LAYLA)("Rania", "Rida", "rania@example.org")]
    counts = []
    for name in names:
        confirmed(delegation.nominate(name, "DELEGATE", "ROOM", by=focal))
        counts.append(queries_of(portal, delegation.get_absolute_url()))

    assert counts[0] == counts[2]


# -- The public list


def test_the_public_list_is_there_only_where_it_is_published_and_shows_only_who_agreed(
    client, forum, guest, pavel, olga
):
    listing = ask(forum, "May we list you?", "LISTING")
    wide = coming(forum, pavel, olga)
    guest.fill_in({listing.pk: "PARTICIPANTS"})
    wide.fill_in({listing.pk: "PUBLIC"})
    address = reverse("events:event_participants", args=[forum.slug])
    assert client.get(address).status_code == 404
    assert address not in client.get(forum.get_absolute_url()).text
    forum.publishes_participants = True
    forum.save()

    page = client.get(address)
    assert [one.name for one in page.context["people"]] == ["Mr Pavel Novak"]
    assert ("Novak" in page.text, "Haddad" in page.text) == (True, False)
    assert (page["Cache-Control"], page["X-Robots-Tag"]) == (
        "max-age=0, no-cache, no-store, must-revalidate, private",
        "noindex",
    )
    wide.fill_in({listing.pk: "NONE"})
    assert client.get(address).context["people"] == []


def test_the_public_list_of_a_closed_event_is_for_nobody_outside(client, forum):
    forum.publishes_participants, forum.is_public = True, False
    forum.save()

    assert client.get(reverse("events:event_participants", args=[forum.slug])).status_code == 404
