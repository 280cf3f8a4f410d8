"""The public form and the applicant's own page: open to everybody, and telling nobody anything of others."""

import io
import re
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from contacts.models import Application, ApplicationDocument, Message
from contacts.uploads import MOST_BYTES, Unwelcome, check, kind_of
from network.models import Organization
from tests.contacts.test_application import PDF, applied, in_review

pytestmark = pytest.mark.django_db

APPLY = "/en/apply/"


def answers(**changes) -> dict:
    said = {
        "organization_name": "Coalition against Counterfeits",
        "kind": "ACADEMIA",
        "country": "KE",
        "website": "coalition.example.org",
        "why": "We train customs officers.",
        "given_name": "Amina",
        "family_name": "Odhiambo",
        "position": "Director",
        "email": "amina@coalition.example.org",
        "agrees": "on",
    }
    return {**said, **changes}


def labels(client) -> dict[str, str]:
    """Of each field on the page: what stands after its label."""
    return dict(
        re.findall(r'<label for="id_(\w+)">[^<]*(?:<span class="soft">(.*?)</span>)?</label>', client.get(APPLY).text)
    )


def package(*members: str, mimetype: str = "") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name in members:
            made.writestr(name, "x")
        if mimetype:
            made.writestr("mimetype", mimetype)
    return file.getvalue()


# -- the form


@pytest.mark.parametrize("topic", ["9" * 30, "9" * 5000, "x", "0"])
def test_a_topic_that_there_is_not_is_said(client, db, topic):
    answer = client.post(APPLY, answers(topics=[topic]))

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["topics"])


def test_what_may_be_left_out_says_so(client, db):
    optional = [name for name, mark in labels(client).items() if mark == "(optional)"]

    assert optional == ["country", "website", "position", "documents"]


def test_a_partner_asks_to_join_on_one_page_and_a_letter_brings_the_link(client, tobacco):
    register = SimpleUploadedFile("register.pdf", PDF)

    answer = client.post(APPLY, answers(topics=[tobacco.pk], documents=[register]))

    assert (answer.status_code, answer["Location"]) == (302, "/en/apply/sent/")
    application = Application.objects.get()
    assert (application.email, application.country_id, application.website, application.language) == (
        *("amina@coalition.example.org", "KE", "https://coalition.example.org", "en"),
    )
    assert (list(application.topics.all()), application.documents.get().name) == ([tobacco], "register.pdf")
    letter = Message.objects.get()
    assert (letter.letter, application.link in letter.with_link(letter.text)) == ("application_confirm", True)
    assert application.token not in letter.text


def test_the_answer_is_the_same_whether_the_organization_is_known_or_not(client, customs, pavel):
    known = answers(organization_name=customs.name, email=pavel.address)

    one, other = client.post(APPLY, known), client.post(APPLY, answers())

    assert (one["Location"], one.status_code) == (other["Location"], other.status_code)
    assert client.get(one["Location"]).content == client.get(other["Location"]).content


def test_a_machine_that_fills_in_the_hidden_field_is_thanked_and_forgotten(client):
    answer = client.post(APPLY, answers(fax="1234"))

    assert (answer["Location"], Application.objects.count(), Message.objects.count()) == ("/en/apply/sent/", 0, 0)


def test_one_reader_cannot_send_without_end(client):
    sent = [client.post(APPLY, answers(email=f"a{number}@example.org")).status_code for number in range(11)]

    assert (sent, Application.objects.count()) == ([302] * 10 + [429], 10)


def test_what_is_missing_is_said_beside_the_field_and_nothing_is_written(client):
    page = client.post(APPLY, answers(why="", email="nobody", agrees=""))

    assert (page.status_code, Application.objects.count()) == (422, 0)
    assert page.context["form"].errors == {
        "why": ["This field is required."],
        "email": ["Enter a valid email address."],
        "agrees": ["This field is required."],
    }


def test_a_file_is_known_by_its_content(client):
    fake = SimpleUploadedFile("register.pdf", b"MZ\x90 a program")
    renamed = SimpleUploadedFile("register.png", PDF)

    page = client.post(APPLY, answers(documents=[fake, renamed]))

    assert page.context["form"].errors["documents"] == [
        "“register.pdf” is not a PDF, a picture (JPEG, PNG) or a document (DOCX, XLSX, ODT, ODS).",
        "“register.png” is a file of the kind PDF. Please give it that ending, or send another file.",
    ]
    assert (page.status_code, Application.objects.count()) == (422, 0)


def test_six_files_are_too_many(client):
    files = [SimpleUploadedFile(f"{number}.pdf", PDF) for number in range(6)]

    page = client.post(APPLY, answers(documents=files))

    assert page.context["form"].errors["documents"] == ["Send at most 5 files at once."]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, "pdf"),
        (b"\x89PNG\r\n\x1a\n...", "png"),
        (b"\xff\xd8\xff\xe0...", "jpg"),
        (package("word/document.xml"), "docx"),
        (package("xl/workbook.xml"), "xlsx"),
        (package("xl/workbook.xml", "xl/vbaProject.bin"), ""),
        (package(mimetype="application/vnd.oasis.opendocument.text"), "odt"),
        (package("Basic/script-lc.xml", mimetype="application/vnd.oasis.opendocument.text"), ""),
        (package("anything.exe"), ""),
        (b"PK\x03\x04 broken", ""),
        (b"<html><script>", ""),
        (b"", ""),
    ],
)
def test_what_is_taken_and_what_is_not(content, kind):
    assert kind_of(io.BytesIO(content)) == kind


def test_an_empty_file_and_a_big_one_get_a_sentence():
    with pytest.raises(Unwelcome, match=r"“a.pdf” is empty"):
        check(io.BytesIO(b""), "a.pdf", 0)
    with pytest.raises(Unwelcome, match=r"“a.pdf” is larger than 5 MB"):
        check(io.BytesIO(PDF), "a.pdf", MOST_BYTES + 1)


def test_the_page_needs_no_script_and_reads_from_right_to_left(client):
    page = client.get("/ar/apply/").content.decode()

    assert '<html lang="ar" dir="rtl">' in page
    assert page.count("<script") == 1  # the site's own
    assert client.get("/en/").content.decode().count('href="/en/apply/"') == 1


# -- the applicant's own page


def test_a_look_confirms_nothing_and_the_button_does(client):
    application = applied(confirmed=False)
    url = reverse("contacts:application", args=[application.token])

    page = client.get(url)
    assert (page.status_code, Application.objects.get().confirmed_at) == (200, None)
    client.post(url)

    assert Application.objects.get().confirmed_at is not None
    assert (page["X-Robots-Tag"], page["Referrer-Policy"]) == ("noindex", "same-origin")


def test_a_link_opens_its_own_application_alone(client, noor):
    mine, theirs = applied(), applied(organization_name="Secret Society", email="secret@example.org")
    token = mine.token
    forged = [f"{theirs.pk}-{token.partition('-')[2]}", f"{theirs.pk}-", "x", "9" * 30, str(theirs.pk)]

    assert [client.get(reverse("contacts:application", args=[one])).status_code for one in forged] == [404] * 5
    pages = [client.get(url).content.decode() for url in (APPLY, "/en/apply/sent/", "/en/", mine.link)]
    assert [text for text in pages if "Secret Society" in text] == []
    assert "Coalition against Counterfeits" in pages[-1]


def test_the_applicant_changes_what_was_asked_and_sends_it_again(client, noor):
    application = in_review(noor, documents=[SimpleUploadedFile("old.pdf", PDF)])
    application.ask_for_more("Which year were you founded?", by=noor)
    url, old = reverse("contacts:application", args=[application.token]), application.documents.get()
    assert "Which year were you founded?" in client.get(url).content.decode()

    new = SimpleUploadedFile("statutes.pdf", PDF)
    sent = client.post(url, answers(why="In 1998.", without=[old.pk], documents=[new]))

    assert sent["Location"] == f"{url}?done=sent"
    application.refresh_from_db()
    assert (application.why, application.version, application.email) == ("In 1998.", 2, "amina@coalition.example.org")
    assert [document.name for document in application.documents.all()] == ["statutes.pdf"]
    client.post(url, answers(why="Once more."))
    assert Application.objects.get().why == "In 1998."


def test_nobody_takes_away_the_documents_of_another_application(client, noor):
    theirs = applied(documents=[SimpleUploadedFile("theirs.pdf", PDF)], email="their@example.org")
    mine = in_review(noor)
    mine.ask_for_more("More?", by=noor)

    page = client.post(reverse("contacts:application", args=[mine.token]), answers(without=[theirs.documents.get().pk]))

    assert (page.status_code, ApplicationDocument.objects.count()) == (422, 1)


def test_what_is_wrong_in_the_second_version_is_said_and_the_first_stays(client, noor):
    application = in_review(noor)
    application.ask_for_more("More?", by=noor)

    page = client.post(reverse("contacts:application", args=[application.token]), answers(organization_name=""))

    assert page.status_code == 422
    assert (Application.objects.get().version, Organization.objects.count()) == (1, 0)


def test_the_reason_of_a_refusal_is_on_the_page(client, noor):
    application = applied()
    application.refuse("You are not an organization.", by=noor)

    assert "You are not an organization." in client.get(application.link).content.decode()
