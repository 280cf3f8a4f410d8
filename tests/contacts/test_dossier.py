"""The dossier: everything that is held about somebody, in words for people and in fields for machines."""

import json

import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from pypdf import PdfReader
from wagtail.log_actions import log
from wagtail.users.models import UserProfile

from contacts.models import Merge, Person, ReturnedLetter, wording
from contacts.models.dossier import as_json, as_pdf, dossier, rows_of
from events.models import Appearance
from tests.conftest import person
from tests.contacts.test_data_protection import note, posted
from tests.contacts.test_imports import imported

MARKS = dict.fromkeys(map(ord, "\N{FIRST STRONG ISOLATE}\N{POP DIRECTIONAL ISOLATE}"))  # of direction


def test_the_dossier_tells_of_every_table_that_belongs_to_a_person(pavel, noor, forum, olga):
    """Whatever table is added later: it is told, or the test says that nobody decided."""
    told = {model._meta.model_name for model, _rows in rows_of([pavel])}

    assert {"personemail", "affiliation", "consent", "message", "invitation", "registration", "task"} <= told
    assert [model for model, rows in rows_of([pavel]) if not hasattr(rows, "model")] == []


def test_the_dossier_holds_what_was_said_and_what_an_old_record_said(pavel, noor, customs):
    double = person("Paul", "Nowak")
    note("call on seizures", pavel)
    posted(double, "NEWS")
    Merge.objects.join(pavel, double, by=noor)

    held = json.loads(as_json(pavel))["held"]

    assert [row["family_name"] for row in held["person"]] == ["Novak", "Nowak"]
    assert {row["address"] for row in held["personemail"]} == {"pavel.novak@example.org", "paul.nowak@example.org"}
    assert [row["text"] for row in held["interaction"]] == ["About call on seizures"]
    assert [row["to_address"] for row in held["message"]] == ["paul.nowak@example.org"]
    assert "nonce" not in str(held) and "digest" not in str(held)


def test_the_dossier_of_somebody_with_an_account_never_holds_the_password(pavel, stranger):
    pavel.user = stranger
    pavel.save()

    [account] = json.loads(as_json(pavel))["held"]["user"]

    assert (account["email"], "password" in account) == ("stranger@example.org", False)


def told(who: Person, kind: str) -> list[dict[str, str]]:
    """What people are told of the rows of one kind: label -> text, without the marks of direction."""
    [held] = [one for one in dossier(who) if one.kind == kind]
    return [{fact.label: fact.text.translate(MARKS) for fact in row} for row in held.told]


def test_the_dossier_speaks_in_words_and_leaves_out_what_is_for_machines(pavel, noor, sessions, forum):
    pavel.form_of_address = {"fr": "Monsieur le Directeur"}
    pavel.save()
    posted(pavel, "NEWS")
    Appearance.objects.create(session=sessions["opening"], person=pavel, role="MODERATOR")
    imported("First Name,Last Name,E-mail,Phone\nPavel,Novak,pavel.novak@example.org,+33 9\n", noor)
    changes = [["honorific", "Mr", "Dr"], ["languages", "fr", "fr, en"], ["position", "Director", ""]]
    entry = log(pavel, "wagtail.edit", user=noor, data={"changes": changes, "row": 2})

    [one], [appearance], [row] = (told(pavel, kind) for kind in ("person", "appearance", "importrow"))
    assert (one["Languages"], one["Form of address"]) == ("French", "French: Monsieur le Directeur")
    assert appearance == {"Session": "Opening", "Role": "Moderator"}
    assert set(told(pavel, "message")[0]) == {"Language", "From", "To", "Subject", "Text", "Purpose", "Written"}
    assert (row["Cells"], row["Changes"]) == (
        "First Name: Pavel\nLast Name: Novak\nE-mail: pavel.novak@example.org\nPhone: +33 9",
        "Telephone number: +33 9",
    )
    assert told(pavel, "history")[-1] == {
        "When": date_format(timezone.localtime(entry.timestamp), "DATETIME_FORMAT"),
        "What": "Edited",
        "About": "Pavel Novak",
        "In detail": "Honorific: Mr → Dr\nLanguages: French → French, English\nPosition: Director was removed",
    }


def test_an_entry_of_the_history_is_told_even_where_its_table_is_no_more(pavel, noor):
    entry = log(pavel, "wagtail.edit", user=noor, data={"changes": [["honorific", "Mr", "Dr"]], "person": pavel.pk})
    entry.content_type = ContentType.objects.create(app_label="contacts", model="gone")

    assert wording.detail(entry).translate(MARKS) == "Honorific: Mr → Dr"


def test_the_dossier_is_read_in_the_readers_language(client, pavel, noor):
    log(pavel, "wagtail.edit", user=noor, data={"changes": [["country", "", "France"]]})
    UserProfile.objects.create(user=noor, preferred_language="fr")
    client.force_login(noor)

    page = client.get(reverse("person:dossier", args=[pavel.pk])).text

    assert "<h2>Personne</h2>" in page
    assert '<dd dir="auto">\N{FIRST STRONG ISOLATE}Pays\N{POP DIRECTIONAL ISOLATE}' in page


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_dossier_can_be_read_as_a_tagged_pdf(tmp_path, dina, language, settings):
    (tmp_path / "held.pdf").write_bytes(as_pdf(dina))

    pdf = PdfReader(tmp_path / "held.pdf")

    assert "dina.haddad@example.org" in "".join(page.extract_text() for page in pdf.pages)
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"].value is True


def test_files_of_the_dossier_are_not_kept_by_anybody_on_the_way(client, pavel, noor):
    client.force_login(noor)

    answers = [client.get(reverse("person:dossier_file", args=[pavel.pk, kind])) for kind in ("json", "pdf")]

    assert [one["Content-Type"] for one in answers] == ["application/json", "application/pdf"]
    assert ["no-store" in one["Cache-Control"] for one in answers] == [True, True]
    assert client.get(f"/admin/contacts/people/{pavel.pk}/data-protection/held.exe").status_code == 404


def test_of_a_letter_that_may_go_again_the_dossier_does_not_say_that_it_was_given_up(pavel):
    ReturnedLetter.objects.create(kind="SOFT", reason="FULL", address="pavel.novak@example.org", person=pavel, key="1")

    [returned] = told(pavel, "returnedletter")

    assert {**returned, "Came back": ""} == {
        "Kind": "For now",
        "Reason": "The mailbox is full",
        "Address": "pavel.novak@example.org",
        "Came back": "",
    }
