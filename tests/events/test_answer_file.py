"""Answers that others have gathered in a table: read, shown before they are taken, and taken as if given by each."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from contacts.models import PersonEmail
from events.models import Invitation, InvitationAnswer
from events.sheets import GivenAnswer, read_answers
from network.sheets import Refusal, SheetError
from tests.conftest import person
from tests.events.conftest import letters
from tests.events.test_desk import said

TABLE = """E-mail,Answer,Comment
pavel.novak@example.org,Oui,
dina.haddad@example.org,لا,A hearing
ada@example.org,perhaps,
stranger@example.org,yes,
pavel.novak@example.org,who knows,
"""


@pytest.fixture
def invited(forum, pavel, dina, olga) -> dict[str, Invitation]:
    """Three who were invited; of Ada the table knows an address to which nothing went."""
    ada = person("Ada", "Abel")
    PersonEmail.objects.create(person=ada, address="ada@example.org")
    found = forum.invitations.draft([pavel, dina, ada], by=olga)
    for one in found:
        one.send(by=olga)
    return {one.person.given_name: one for one in found}


@pytest.fixture
def desk(client, olga):
    client.force_login(olga)
    return client


def address(forum) -> str:
    return reverse("event:answer_file", args=[forum.pk])


def upload(content: bytes | str, name: str = "answers.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)


def replies() -> dict[str, tuple]:
    rows = Invitation.objects.values_list("person__given_name", "reply", "reason")
    return {name: (reply, reason) for name, reply, reason in rows}


NONE = ("NEEDS-ACTION", "")


def test_a_table_is_read_in_any_of_the_languages_and_what_is_no_answer_is_said(sheet):
    rows = list(read_answers(sheet(TABLE)))

    assert rows[:2] == [
        GivenAnswer(2, "pavel.novak@example.org", "ACCEPTED"),
        GivenAnswer(3, "dina.haddad@example.org", "DECLINED", "A hearing"),
    ]
    assert rows[4] == Refusal(6, "“who knows” is no answer. Write accepted, declined or tentative.")


def test_a_workbook_is_a_table_too(sheet):
    book, file = Workbook(), io.BytesIO()
    book.active.append(["Response", "Address"])
    book.active.append(["TENTATIVE", "ada@example.org"])
    book.save(file)

    assert list(read_answers(sheet(file.getvalue(), "answers.xlsx"))) == [
        GivenAnswer(2, "ada@example.org", "TENTATIVE")
    ]


@pytest.mark.parametrize("content", ["Name,Answer\nA,yes\n", "", "%PDF-1.7 no table"])
def test_what_is_no_such_table_is_refused_whole(sheet, content):
    with pytest.raises(SheetError):
        list(read_answers(sheet(content)))


@pytest.mark.django_db
def test_answers_are_shown_before_they_are_taken_and_then_taken_with_their_letters(desk, forum, invited):
    written = letters()
    page = desk.post(address(forum), {"file": upload(TABLE)})

    tally = page.context["tally"]
    assert (tally.changed, [(one.row, one.reason) for one in tally.refused]) == (
        3,
        [
            (5, "Nobody with the address stranger@example.org is invited."),
            (6, "“who knows” is no answer. Write accepted, declined or tentative."),
        ],
    )
    assert (replies(), letters()) == ({"Pavel": NONE, "Dina": NONE, "Ada": NONE}, written)

    answer = desk.post(address(forum), {"rows": page.context["kept"]})

    assert said(answer) == ["3 answers are taken."]
    assert replies() == {"Pavel": ("ACCEPTED", ""), "Dina": ("DECLINED", "A hearing"), "Ada": ("TENTATIVE", "")}
    ways = InvitationAnswer.objects.values_list("way", "by__email").distinct()
    assert list(ways.order_by()) == [("IMPORT", "olga@example.org")]
    assert sorted(letters()[len(written) :]) == ["answer_received", "answer_received", "registration_confirmed"]
    assert forum.seats.used == 1


@pytest.mark.django_db
def test_a_second_time_nothing_changes(desk, forum, invited):
    kept = desk.post(address(forum), {"file": upload(TABLE)}).context["kept"]
    answers = [said(desk.post(address(forum), {"rows": kept})) for _time in range(2)]

    assert [one[-1] for one in answers] == ["3 answers are taken.", "0 answers are taken."]
    assert InvitationAnswer.objects.count() == 3


@pytest.mark.django_db
def test_what_was_not_shown_for_this_event_is_not_taken(desk, forum, invited, venue):
    kept = desk.post(address(forum), {"file": upload(TABLE)}).context["kept"]
    other = forum.__class__.objects.create(
        slug="other", title="Other", starts_on=forum.starts_on, ends_on=forum.ends_on, venue=venue, status="ANNOUNCED"
    )

    answers = [desk.post(address(other), {"rows": rows}) for rows in (kept, kept[:-1], "")]

    assert [said(one)[-1] for one in answers] == ["Upload the file once more."] * 3
    assert InvitationAnswer.objects.count() == 0


@pytest.mark.django_db
def test_a_file_that_cannot_be_read_is_said_beside_the_question(desk, forum):
    page = desk.post(address(forum), {"file": upload("Name,Answer\nA,yes\n")})

    assert "Columns that are not understood: Name." in page.context["form"].errors["file"][0]


@pytest.mark.django_db
def test_two_who_share_an_address_are_told_apart_on_their_cards(desk, forum, invited, olga):
    twin = person("Tam", "Twin")
    PersonEmail.objects.create(person=twin, address="pavel.novak@example.org")
    [invitation] = forum.invitations.draft([twin], by=olga)
    invitation.send(by=olga)

    page = desk.post(address(forum), {"file": upload("Email,Answer\npavel.novak@example.org,yes\n")})

    assert [one.reason.partition(" are")[0] for one in page.context["tally"].refused] == [
        "Several people with the address pavel.novak@example.org"
    ]


@pytest.mark.django_db
def test_a_desk_takes_answers_of_its_own_people_alone(client, forum, invited, fatou, olga):
    fatou.groups.add(olga.groups.get())
    client.force_login(fatou)

    page = client.post(address(forum), {"file": upload("Email,Answer\nada@example.org,yes\n")})

    assert [one.reason for one in page.context["tally"].refused] == [
        "Nobody with the address ada@example.org is invited."
    ]
