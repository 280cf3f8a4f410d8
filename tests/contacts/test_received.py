"""Letters that come in are filed with whom they are from, once; what is in them harms nobody."""

import json
import sys
from email.message import EmailMessage
from io import BytesIO, StringIO
from mailbox import Maildir, mbox
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from contacts.models import (
    Merge,
    Message,
    Outcome,
    Person,
    PersonEmail,
    ReceivedFile,
    ReceivedLetter,
    RetentionRule,
    Task,
)
from contacts.models.dossier import as_json, as_pdf
from contacts.models.erasure import erase
from network.viewsets.timeline import timeline
from tests.conftest import person, queries_of, rows_of_sheet, staff
from tests.contacts.incoming_mail import officer_of, reply, written
from tests.contacts.test_suppression import letter

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\nendobj\n"


def take(mail: EmailMessage) -> Outcome:
    return ReceivedLetter.objects.take(mail.as_bytes())


@pytest.fixture
def news(pavel) -> Message:
    return Message.objects.post(pavel, letter("NEWS"))


def packed(*names: str) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return file.getvalue()


def with_files(mail: EmailMessage, **files: bytes) -> EmailMessage:
    """`mail` with files, all of them under a false flag: they say that they are pictures."""
    for name, content in files.items():
        mail.add_attachment(content, "image", "png", filename=name.replace("_", "."))
    return mail


# -- with whom it is filed


def test_an_answer_is_filed_with_the_letter_and_stands_on_the_timeline(news, pavel, customs, france, noor):
    assert take(reply(news, "Thank you, I come.")) == Outcome.FILED

    [received] = ReceivedLetter.objects.all()
    assert (received.person, received.answers, received.text, received.is_open) == (
        pavel,
        news,
        "Thank you, I come.",
        True,
    )
    for subject in (pavel, customs, france):
        [entry] = timeline(subject, noor, kind="letter")
        assert (entry.title, entry.detail, entry.by) == (
            "Re: Forum",
            "Thank you, I come.",
            "Pavel Novak <pavel.novak@example.org>",
        )


def test_an_answer_in_a_long_thread_is_known_by_the_nearest_letter(news, pavel, dina):
    other = Message.objects.post(dina, letter("NEWS"))
    references = f"{other.message_id} <theirs@example.org> {news.message_id}"

    take(written(In_Reply_To="<theirs@example.org>", References=references))

    assert ReceivedLetter.objects.get().answers == news


def test_an_answer_to_the_number_that_a_provider_gave_is_known(news, pavel):
    news.deliveries.update(tracking_id="0100018f-abc")

    take(written(In_Reply_To="<0100018f-abc@eu.provider.example>", sender="assistant@example.org"))

    assert ReceivedLetter.objects.get().answers == news


def test_a_letter_that_answers_nothing_is_filed_with_the_one_who_has_the_address(pavel):
    assert take(written("A new question", sender="Pavel.Novak@EXAMPLE.org")) == Outcome.FILED
    assert (ReceivedLetter.objects.get().person, ReceivedLetter.objects.get().answers) == (pavel, None)


def test_a_letter_from_nobody_known_or_from_an_address_of_two_waits_to_be_sorted(pavel, dina, noor, client):
    PersonEmail.objects.create(person=dina, address="pavel.novak@example.org")

    assert take(written()) == Outcome.UNFILED
    assert take(written(sender="who@example.net", Date="x")) == Outcome.UNFILED
    client.force_login(noor)
    page = client.get(reverse("receivedletter:index") + "?filed=false")
    client.post(reverse("receivedletter:file_with", args=[ReceivedLetter.objects.first().pk]), {"person": dina.pk})

    assert [one.from_address for one in page.context["object_list"]] == ["who@example.net", "pavel.novak@example.org"]
    assert [one.person for one in ReceivedLetter.objects.exclude(person=None)] == [dina]
    assert dina.received_letters.get().filed_by == noor


def test_an_answer_to_somebody_who_was_merged_is_filed_with_the_record_that_stands(pavel, noor):
    double = person("Paul", "Nowak")
    message = Message.objects.post(double, letter("NEWS"))
    early = take(reply(message, Message_ID="<early@example.org>")) and ReceivedLetter.objects.get()
    merge = Merge.objects.join(pavel, double, by=noor)
    early.refresh_from_db()
    assert early.person == pavel

    take(written(In_Reply_To=message.message_id, Message_ID="<late@example.org>"))
    merge.undo(by=noor)

    early.refresh_from_db()
    assert (early.person, pavel.received_letters.count()) == (double, 1)


def test_nobody_is_filed_with_a_record_out_of_sight(news, pavel, dina):
    take(reply(news))

    with pytest.raises(ValidationError, match="whom you can see"):
        ReceivedLetter.objects.get().file(dina, by=officer_of("CL"))


@pytest.mark.parametrize("again", ["the same", "by another way"])
def test_the_same_message_twice_is_one(news, again):
    mail = reply(news)
    take(mail)
    if again == "by another way":
        mail["Received"] = "from elsewhere"

    assert (take(mail), ReceivedLetter.objects.count()) == (Outcome.KNOWN, 1)


# -- automatic answers


@pytest.mark.parametrize(
    ("headers", "subject"),
    [
        ({"Auto_Submitted": "auto-replied"}, "Re: Forum"),
        ({"Precedence": "auto_reply"}, "Re: Forum"),
        ({"X_Autoreply": "yes"}, "Re: Forum"),
        ({}, "Réponse automatique : Forum"),
        ({}, "رد تلقائي: المنتدى"),
    ],
)
def test_an_automatic_answer_is_noted_and_waits_for_nobody(client, noor, news, headers, subject):
    assert take(reply(news, "I am away until May.", subject=subject, **headers)) == Outcome.FILED

    received = ReceivedLetter.objects.get()
    client.force_login(noor)
    assert (received.kind, received.is_open, Task.objects.count()) == ("AUTO_REPLY", False, 0)
    assert "waits for somebody" not in client.get("/admin/").content.decode()


@pytest.mark.parametrize(
    ("text", "says_left"),
    [
        ("Mr Novak no longer works here. Please write to Ms Haddad.", True),
        ("M. Novak ne travaille plus au ministère.", True),
        ("El Sr. Novak ya no trabaja en esta institución.", True),
        ("السيد نوفاك لم يعد يعمل في الوزارة", True),
        ("I am out of the office and back on Monday.", False),
        ("Thanks!\n\n> He no longer works here", False),
    ],
)
def test_that_somebody_left_is_a_hint_for_a_person_and_changes_nothing(client, noor, news, pavel, text, says_left):
    take(reply(news, text, Auto_Submitted="auto-replied"))

    received = ReceivedLetter.objects.get()
    client.force_login(noor)
    page = client.get(reverse("receivedletter:inspect", args=[received.pk])).content.decode()
    assert (received.says_left, "does not work there any more" in page) == (says_left, says_left)
    assert [post.ends_on for post in pavel.affiliations.all()] == [None]


# -- what is in it


def test_files_are_known_by_what_is_in_them_and_the_others_are_named_and_not_kept(news):
    files = {
        "report_exe": PDF,
        "letter_png": packed("[Content_Types].xml", "word/document.xml"),
        "macro_docx": packed("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
        "program_pdf": b"MZ\x90\x00" + b"\0" * 60,
        "page_png": b"<html><script>alert(1)</script>",
        "script_txt": b"#!/bin/sh\nrm -rf /",
        "archive_png": packed("a.txt"),
        "broken_docx": b"PK\x03\x04 broken",
        "notes_bin": "Bonjour, é".encode(),
        "plan_txt": b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
    }

    take(with_files(reply(news), **files))

    received = ReceivedLetter.objects.get()
    assert {file.name: file.kind.rpartition(".")[2] for file in received.files.all()} == {
        "report.exe": "application/pdf",
        "letter.png": "document",
        "notes.bin": "text/plain",
        "plan.txt": "text/calendar",
    }
    assert received.refused == ["macro.docx", "program.pdf", "page.png", "script.txt", "archive.png", "broken.docx"]


def test_a_file_is_handed_over_under_its_true_ending_and_never_shown(client, noor, news, settings):
    take(with_files(reply(news), report_exe=PDF))
    client.force_login(noor)

    answer = client.get(reverse("receivedletter:file", args=[ReceivedFile.objects.get().pk]))

    assert answer.content == PDF
    assert answer["Content-Disposition"] == 'attachment; filename="report.exe.pdf"'
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cache-Control"] == "private, no-store, max-age=0, no-cache, must-revalidate"
    stored = ReceivedFile.objects.get().file.name
    assert ("report" in stored, client.get(f"/media/{stored}", follow=True).status_code) == (False, 404)


def test_a_formatted_letter_is_read_and_never_run(client, noor, news):
    mail = reply(news)
    mail.set_content('<style>p{}</style><p onclick="x()">Bonjour <script>alert(1)</script></p><img src=//spy>', "html")
    take(mail)
    client.force_login(noor)

    page = client.get(reverse("receivedletter:inspect", args=[ReceivedLetter.objects.get().pk])).content.decode()

    assert ReceivedLetter.objects.get().text == "Bonjour"
    assert ("alert(1)" in page, "//spy" in page, "onclick" in page) == (False, False, False)


def test_tags_in_a_plain_letter_are_words(client, noor, news):
    take(reply(news, "<script>alert(1)</script>", subject="<b>bold</b>"))
    client.force_login(noor)
    url = reverse("receivedletter:inspect", args=[ReceivedLetter.objects.get().pk])

    pages = [client.get(at).content.decode() for at in (url, reverse("receivedletter:index"))]

    assert [("<script>alert(1)" in page, "<b>bold" in page) for page in pages] == [(False, False)] * 2


def test_of_a_message_that_is_too_large_only_who_wrote_it_is_kept(client, settings, news, pavel, noor):
    settings.RECEIVED_MOST_BYTES = 2000
    take(with_files(reply(news, "x" * 3000), report_pdf=PDF))

    received = ReceivedLetter.objects.get()
    assert (received.person, received.is_cut, received.text, received.files.count()) == (pavel, True, "", 0)
    client.force_login(noor)
    page = client.get(reverse("receivedletter:inspect", args=[received.pk])).content.decode()
    assert "was too large" in page


def test_who_writes_without_end_is_braked(settings, news):
    settings.RECEIVED_MOST_A_DAY = 2

    outcomes = [take(written(Message_ID=f"<{n}@example.org>")) for n in range(3)]

    assert outcomes == [Outcome.FILED, Outcome.FILED, Outcome.BRAKED]
    assert take(written(sender="other@example.org")) == Outcome.UNFILED


# -- in the admin


def test_an_open_letter_waits_on_the_first_page_until_somebody_dealt_with_it(client, news, noor):
    take(reply(news))
    client.force_login(noor)
    received = ReceivedLetter.objects.get()
    assert "1 letter came in and waits for somebody to deal with it." in client.get("/admin/").content.decode()

    client.post(reverse("receivedletter:settle", args=[received.pk]))

    received.refresh_from_db()
    assert (received.settled_by, received.is_open) == (noor, False)
    assert "waits for somebody" not in client.get("/admin/").content.decode()
    with pytest.raises(ValidationError, match="already"):
        received.settle(by=noor)


def test_that_somebody_else_answered_is_said(client, news, noor):
    take(reply(news, sender="assistant@example.org"))
    client.force_login(noor)

    page = client.get(reverse("receivedletter:inspect", args=[ReceivedLetter.objects.get().pk])).content.decode()

    assert "perhaps somebody answered for them" in page


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=marmalade", ["Question"]),
        ("q=Novak&filed=true&open=true", ["Re: Forum"]),
        ("kind=AUTO_REPLY", ["Away"]),
        ("open=true", ["Question", "Re: Forum"]),
        ("open=false", ["Away"]),
        ("says_left=true", ["Away"]),
    ],
)
def test_letters_are_found_by_words_sender_and_state(client, news, noor, asked, found):
    take(reply(news))
    take(reply(news, "He has left the ministry.", subject="Away", Auto_Submitted="auto-replied", Date="1"))
    take(written("About marmalade", subject="Question", sender="who@example.net", Date="2"))
    client.force_login(noor)

    page = client.get(reverse("receivedletter:index") + f"?{asked}")

    assert [one.subject for one in page.context["object_list"]] == found


def test_the_list_asks_as_often_for_three_rows_as_for_one(client, news, noor):
    client.force_login(noor)
    url = reverse("receivedletter:index")
    take(reply(news))
    one = queries_of(client, url)
    for n in range(2):
        take(written(sender=person("New", f"n{n}").address))

    assert queries_of(client, url) == one


def test_an_empty_list_says_what_appears_there(client, noor):
    client.force_login(noor)

    assert "No letter has come in." in client.get(reverse("receivedletter:index")).content.decode()


def test_a_desk_sees_the_letters_of_its_own_people_and_their_files(client, news, pavel):
    """Pavel's desk is that of France. The desk of Chile sees his letter nowhere; what is not sorted, no desk sees."""
    take(with_files(reply(news), report_pdf=PDF))
    take(written(sender="who@example.net"))
    received, file = ReceivedLetter.objects.get(person=pavel), ReceivedFile.objects.get()

    def seen(viewer) -> tuple:
        client.force_login(viewer)
        index = reverse("receivedletter:index")
        acts = [
            client.post(
                reverse(f"receivedletter:{act}", args=[received.pk]), {"person": pavel.pk}, follow=True
            ).status_code
            for act in ("settle", "file_with")
        ]
        return (
            list(client.get(index).context["object_list"]),
            len(rows_of_sheet(client.get(index + "?export=csv"))) - 1,
            client.get(reverse("receivedletter:inspect", args=[received.pk]), follow=True).status_code,
            b"".join(client.get(reverse("receivedletter:file", args=[file.pk]), follow=True)) == PDF,
            len(timeline(pavel, viewer, kind="letter")),
            acts,
        )

    assert seen(officer_of("CL")) == ([], 0, 404, False, 0, [404, 404])
    assert ReceivedLetter.objects.get(pk=received.pk).is_open
    assert seen(officer_of("FR")) == ([received], 1, 200, True, 1, [200, 200])


def test_who_only_reads_people_sees_no_letter_and_no_file(client, news):
    take(with_files(reply(news), report_pdf=PDF))
    client.force_login(staff("front desk", "desk@example.org"))

    answer = client.get(reverse("receivedletter:file", args=[ReceivedFile.objects.get().pk]), follow=True)

    assert answer.status_code == 404
    client.post(reverse("receivedletter:settle", args=[ReceivedLetter.objects.get().pk]))
    assert ReceivedLetter.objects.get().is_open


def test_what_is_of_no_use_is_deleted_with_its_files(client, news, noor, django_capture_on_commit_callbacks):
    take(with_files(reply(news), report_pdf=PDF))
    path = Path(ReceivedFile.objects.get().file.path)
    client.force_login(noor)

    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("receivedletter:delete", args=[ReceivedLetter.objects.get().pk]))

    assert (ReceivedLetter.objects.count(), path.exists()) == (0, False)


# -- data protection


def test_the_dossier_holds_what_the_person_wrote_even_before_it_is_sorted(pavel, news, dina):
    take(with_files(reply(news, "I come."), report_pdf=PDF))
    PersonEmail.objects.create(person=dina, address="office@example.org")
    PersonEmail.objects.create(person=pavel, address="office@example.org")
    take(written("From the office", sender="office@example.org"))

    held = json.loads(as_json(Person.objects.get(pk=pavel.pk)))["held"]

    assert sorted(row["text"] for row in held["receivedletter"]) == ["From the office", "I come."]
    assert [(row["name"], row["kind"]) for row in held["receivedfile"]] == [("report.pdf", "application/pdf")]


def test_the_dossier_tells_that_a_letter_was_filed_by_hand(pavel, news, noor):
    take(written("Hello", sender="someone@else.example"))
    letter = ReceivedLetter.objects.get()
    letter.file(pavel, by=noor)

    entries = json.loads(as_json(pavel))["held"]["history"]

    filed = next(entry for entry in entries if entry["action"] == "Filed with a person")
    assert filed["data"] == {"person": {"old": None, "new": pavel.pk}}
    assert as_pdf(pavel).startswith(b"%PDF")


def test_erasing_takes_the_letters_and_their_files(news, pavel, noor, django_capture_on_commit_callbacks):
    take(with_files(reply(news), report_pdf=PDF))
    path = Path(ReceivedFile.objects.get().file.path)

    with django_capture_on_commit_callbacks(execute=True):
        erase(pavel, by=noor)

    assert (ReceivedLetter.objects.count(), path.exists()) == (0, False)


def test_an_answer_to_somebody_who_was_erased_is_filed_with_nobody(news, pavel, noor):
    mail = reply(news)
    erase(pavel, by=noor)

    assert (take(mail), ReceivedLetter.objects.get().person) == (Outcome.UNFILED, None)


def test_a_rule_of_retention_takes_old_letters_but_not_of_who_is_on_hold(news, pavel, dina, noor):
    take(reply(news))
    take(written(sender=dina.address))
    ReceivedLetter.objects.update(came_at=timezone.now() - timezone.timedelta(days=400))
    Person.objects.filter(pk=dina.pk).update(hold_reason="Court case")
    rule = RetentionRule.objects.create(kind="RECEIVED", months=12, purpose="Policy")

    assert (rule.apply(by=noor), [one.person for one in ReceivedLetter.objects.all()]) == (1, [dina])


# -- the command


def test_mail_is_taken_in_from_files_mailboxes_and_folders(tmp_path, news, pavel):
    mails = [written(f"Letter {n}", Message_ID=f"<{n}@example.org>") for n in range(5)]
    (tmp_path / "one.eml").write_bytes(mails[0].as_bytes())
    box = mbox(tmp_path / "box")
    for mail in mails[:3]:
        box.add(mail)
    box.close()
    folder = Maildir(tmp_path / "folder")
    for mail in mails[2:]:
        folder.add(mail)
    said = StringIO()

    call_command("receive_mail", *(tmp_path / name for name in ("one.eml", "box", "folder")), stdout=said)

    assert said.getvalue().strip() == "filed 5, known 2"
    assert sorted(one.text for one in ReceivedLetter.objects.all()) == [f"Letter {n}" for n in range(5)]


@pytest.mark.parametrize(("name", "sentence"), [("none", "there is no such file"), ("", "this folder is no Maildir")])
def test_what_cannot_be_taken_in_gets_a_sentence(tmp_path, name, sentence):
    with pytest.raises(CommandError, match=sentence):
        call_command("receive_mail", tmp_path / name)


def test_a_mail_server_pipes_a_message_in(monkeypatch, news):
    class Pipe:
        buffer = BytesIO(reply(news).as_bytes())

    monkeypatch.setattr(sys, "stdin", Pipe)
    said = StringIO()
    call_command("receive_mail", "--to", "no-reply@localhost", stdout=said)

    assert said.getvalue().strip() == "filed 1"
