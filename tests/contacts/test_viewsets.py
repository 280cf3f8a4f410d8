"""The lists, cards and forms of people and letters in the admin, and the accounts of those who work there."""

import datetime

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from contacts.mail import Letter
from contacts.models import Affiliation, Delivery, Message, Person, PersonPhone, User
from network.models import Organization, Topic
from tests.conftest import PASSWORD, person, queries_of, rows_of_sheet

TWICE = "Please correct the duplicate data for person and address, which must be unique."


@pytest.fixture
def desk(client, noor):
    client.force_login(noor)
    return client


@pytest.fixture
def letter(pavel) -> Message:
    """To Pavel, in French; the mail server refused it."""
    written = Letter("invitation", "fr", "Venez à Lyon", "Bonjour", "<p>Bonjour</p>")
    message = Message.objects.post(pavel, written)
    message.deliveries.update(state="FAILED", error="550 No such user")
    return message


def several(count: int, after: int = 0) -> None:
    """`count` people more, with something in every column, and a letter to each."""
    topic, _new = Topic.objects.get_or_create(slug="law", defaults={"name": {"en": "Law"}})
    for number in range(after, after + count):
        office = Organization.objects.create(kind="GOVERNMENT", name=f"Ministry {number}", country_id="FR")
        guest = person(f"Guest{number}", "Dubois", "fr", country_id="FR")
        PersonPhone.objects.create(person=guest, number="+33 1")
        for position in ("Director", "Adviser"):
            Affiliation.objects.create(
                person=guest, organization=office, position=position, is_focal_point=True, competence=topic
            )
        Message.objects.post(guest, Letter("invitation", "fr", "Invitation", "Bonjour", "<p>Bonjour</p>"))


@pytest.mark.parametrize("name", ["person", "message"])
def test_a_list_asks_as_often_for_three_rows_as_for_one(desk, name):
    several(1)
    with_one = queries_of(desk, reverse(f"{name}:index"))
    several(2, after=1)

    assert queries_of(desk, reverse(f"{name}:index")) == with_one


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({"q": "novak"}, ["Pavel Novak"]),
        ({"q": "dina.haddad@"}, ["Dina Haddad"]),
        ({"language": "ar"}, ["Dina Haddad"]),
        ({"focal_point": "true"}, ["Pavel Novak"]),
        ({"country": "FR"}, []),
        ({}, ["Dina Haddad", "Pavel Novak"]),
    ],
)
def test_people_are_found_and_exported_alike(desk, pavel, dina, asked, names):
    page = desk.get(reverse("person:index"), asked)
    sheet = rows_of_sheet(desk.get(reverse("person:index"), {**asked, "export": "csv"}))

    assert [found.name for found in page.context["object_list"]] == names
    assert [f"{row[1]} {row[2]}" for row in sheet[1:]] == names


def test_an_export_says_what_somebody_does_and_where(desk, pavel):
    head, row = rows_of_sheet(desk.get(reverse("person:index"), {"export": "csv"}))

    told = dict(zip(head, row, strict=True))
    assert (told["Position"], told["Organization"], told["Focal point"]) == ("Director", "Customs of Example", "True")
    assert told["E-mail addresses"] == "pavel.novak@example.org"


def form_of(**parts: list[dict]) -> dict:
    """What the form of a person posts, with rows of `emails`, `phones` and `affiliations`."""
    form = {"given_name": "Amina", "family_name": "Haddad", "honorific": "Dr", "languages": ["ar", "fr", ""]}
    for name in ("emails", "phones", "affiliations"):
        rows = parts.get(name, [])
        form |= {f"{name}-TOTAL_FORMS": len(rows), f"{name}-INITIAL_FORMS": 0}
        for place, row in enumerate(rows):
            form |= {f"{name}-{place}-{field}": value for field, value in row.items()}
    return form


def test_a_person_is_added_with_addresses_and_affiliations(desk, noor, customs, tobacco):
    desk.post(
        reverse("person:add"),
        form_of(
            emails=[{"address": "amina@work.example"}, {"address": "amina@home.example", "is_primary": "on"}],
            phones=[{"number": "+216 71", "kind": "MOBILE"}],
            affiliations=[
                {"organization": customs.pk, "position": "Adviser", "is_focal_point": "on", "competence": tobacco.pk},
                {"organization": customs.pk, "position": "Lecturer", "ends_on": "2020-12-31"},
            ],
        ),
    )

    amina = Person.objects.get()
    assert (amina.formal_name, amina.address, amina.language) == ("Dr Amina Haddad", "amina@home.example", "ar")
    assert list(Person.objects.matching("amina@work")) == [amina]
    assert [str(held) for held in Affiliation.objects.current()] == ["Adviser, Customs of Example"]
    assert ModelLogEntry.objects.get().user == noor


@pytest.mark.parametrize(
    ("parts", "faults"),
    [
        ({"emails": [{"address": "amina"}]}, ["Enter a valid email address."]),
        ({"emails": [{"address": "a@b.example"}] * 2}, [TWICE]),
        ({"affiliations": [{"position": "Nowhere"}]}, ["This field is required."]),
    ],
)
def test_what_is_wrong_stands_at_its_row_and_nothing_is_written(desk, parts, faults):
    page = desk.post(reverse("person:add"), form_of(**parts))

    [formset] = [formset for formset in page.context["form"].formsets.values() if not formset.is_valid()]
    said = [error for row in formset.errors for errors in row.values() for error in errors]
    assert [*said, *formset.non_form_errors()][-1:] == faults
    assert Person.objects.count() == 0


def test_a_card_shows_letters_to_who_may_see_them(client, desk, pavel, letter):
    card = reverse("person:inspect", args=[pavel.pk])
    assert [shown.pk for shown in desk.get(card).context["letters"]] == [letter.pk]

    reader = User.objects.create_user("reader@example.org", PASSWORD)
    reader.groups.add(Group.objects.get(name="reader"))
    client.force_login(reader)

    page = client.get(card)
    assert ("letters" in page.context, page.status_code) == (False, 200)
    assert letter.subject not in page.text


def test_who_has_had_letters_can_be_deleted_and_the_letters_stay(client, root, dina):
    Message.objects.post(dina, Letter("invitation", "ar", "دعوة", "أهلا", "<p>أهلا</p>"))
    client.force_login(root)

    client.post(reverse("person:delete", args=[dina.pk]))

    assert (Person.objects.count(), Message.objects.get().person) == (0, None)


def test_a_refused_letter_goes_out_once_more_when_an_organizer_says_so(client, olga, letter):
    client.force_login(olga)
    delivery = letter.deliveries.get()
    page = client.get(reverse("message:inspect", args=[letter.pk]))
    assert "550 No such user" in page.text

    client.post(reverse("message:send_again", args=[delivery.pk]))

    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.error, delivery.attempts) == ("QUEUED", "", 0)
    assert ModelLogEntry.objects.get(action="contacts.message.send_again").user == olga


@pytest.mark.parametrize(
    ("asked", "found"),
    [({"state": "FAILED"}, 1), ({"state": "SENT"}, 0), ({"letter": "invitation"}, 1), ({"q": "novak"}, 1)],
)
def test_letters_are_found_by_where_they_are(desk, letter, asked, found):
    assert len(desk.get(reverse("message:index"), asked).context["object_list"]) == found


@pytest.mark.parametrize(("name", "offer"), [("person", "person:add"), ("message", None)])
def test_an_empty_list_says_what_to_do_next(desk, name, offer):
    page = desk.get(reverse(f"{name}:index"))

    assert list(page.context["object_list"]) == []
    assert (reverse(offer) if offer else "Letters appear here when you send invitations") in page.text


def test_who_held_a_position_on_a_day_is_told_by_its_dates(pavel, customs):
    Affiliation.objects.filter(person=pavel).update(
        starts_on=datetime.date(2024, 3, 1), ends_on=datetime.date(2024, 3, 31)
    )

    assert Affiliation.objects.current(datetime.date(2024, 3, 31)).count() == 1
    assert Affiliation.objects.current(datetime.date(2024, 4, 1)).count() == 0
    assert Affiliation.objects.current(timezone.localdate()).count() == 0


def test_an_administrator_opens_an_account_with_a_role_and_it_signs_in(client, root):
    client.force_login(root)
    organizer = Group.objects.get(name="organizer")
    account = {"email": "new@example.org", "first_name": "New", "last_name": "Colleague", "groups": [organizer.pk]}
    page = client.post(
        reverse("wagtailusers_users:add"), {**account, "password1": PASSWORD, "password2": PASSWORD, "is_active": "on"}
    )
    assert page.status_code == 302
    client.logout()

    client.post("/en/accounts/login/", {"login": "NEW@example.org", "password": PASSWORD})

    assert client.get("/admin/").context["user"].email == "new@example.org"
    assert client.get(reverse("event:add")).status_code == 200
