"""Documents: what is handed out to whom, at each door."""

import datetime
import io
import zipfile

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from contacts.models import User
from events.models import Appearance, Document, Event, Handout, Session
from tests.conftest import at, person, staff
from tests.events.papers import PDF, added, body, pdf, words_on


def pptx() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        package.writestr(zipfile.ZipInfo("ppt/presentation.xml"), "<p/>")
    return file.getvalue()


@pytest.fixture
def papers(training, curriculum) -> dict[str, Document]:
    """One for each sort of reader, of the curriculum or of the event; and one of another event."""
    other = Event.objects.create(
        slug="other", title="Other", starts_on=training.starts_on, ends_on=training.ends_on, status="ANNOUNCED"
    )
    return {
        "leaflet": added("leaflet", "PUBLIC", curriculum=curriculum),
        "workbook": added("workbook", "PARTICIPANTS", event=training),
        "solutions": added("solutions", "TRAINERS", curriculum=curriculum),
        "elsewhere": added("elsewhere", "PUBLIC", event=other),
    }


@pytest.fixture
def seated(training, pavel, olga):
    """Pavel's invitation, with which he has a seat."""
    [invitation] = training.invitations.draft([pavel], by=olga)
    invitation.send(by=olga)
    invitation.answer("ACCEPTED")
    return invitation


@pytest.fixture
def teacher(training, dina) -> Session:
    """The session in which Dina teaches."""
    session = Session.objects.create(
        event=training, title="Lesson", starts_at=at(training, 0, 9), ends_at=at(training, 0, 10)
    )
    Appearance.objects.create(session=session, person=dina, role="TRAINER")
    return session


def read_by(training: Event, viewer) -> list[str]:
    return [str(one) for one in Document.objects.open_at(training, viewer)]


def test_everybody_reads_what_is_for_everybody_and_who_has_a_seat_what_is_for_participants(training, papers, seated):
    assert read_by(training, None) == read_by(training, AnonymousUser()) == ["leaflet"]
    assert read_by(training, person("Ada", "Stranger")) == ["leaflet"]
    assert read_by(training, seated.person) == ["leaflet", "workbook"]


def test_who_has_no_seat_any_more_reads_no_more(training, papers, seated):
    seated.answer("DECLINED")

    assert read_by(training, seated.person) == ["leaflet"]


def test_who_waits_for_a_seat_reads_what_everybody_reads(training, papers, seated, olga):
    training.seats.resize(1, by=olga)
    [second] = training.invitations.draft([person("Ada", "Waits")], by=olga)
    second.send(by=olga)
    second.answer("ACCEPTED")

    assert (second.registration.state, read_by(training, second.person)) == ("WAITING", ["leaflet"])


def test_who_teaches_there_reads_everything_and_who_only_speaks_does_not(training, papers, teacher, dina):
    assert read_by(training, dina) == ["leaflet", "workbook", "solutions"]

    Appearance.objects.update(role="SPEAKER")
    assert read_by(training, dina) == ["leaflet"]


def test_who_teaches_in_a_dropped_session_or_elsewhere_reads_nothing_of_it(training, papers, teacher, dina):
    assert read_by(papers["elsewhere"].event, dina) == ["elsewhere"]

    Session.objects.update(status="CANCELLED")
    assert read_by(training, dina) == ["leaflet"]


def test_staff_who_see_sessions_read_all_of_an_event(training, papers, stranger):
    assert read_by(training, staff("reader", "rita@example.org")) == ["leaflet", "workbook", "solutions"]
    assert read_by(training, stranger) == ["leaflet"]


def handed(client, url: str) -> bytes | int:
    answer = client.get(url)
    return body(answer) if answer.status_code == 200 else answer.status_code


def marked_for(client, url: str) -> str | int:
    """Whose name stands on each page of what is handed out; "" where it is as it was uploaded."""
    content = handed(client, url)
    if isinstance(content, int) or content == PDF:
        return content if isinstance(content, int) else ""
    [name] = {words.split(" alone")[0] for words in words_on(content)}
    return name.removeprefix("\u2068").removeprefix("For ")


@pytest.mark.parametrize(("name", "got"), [("leaflet", PDF), ("workbook", 404), ("solutions", 404), ("elsewhere", 404)])
def test_the_page_of_the_event_hands_out_only_what_is_for_everybody(client, training, papers, name, got):
    assert handed(client, f"/en/events/{training.slug}/documents/{papers[name].pk}/") == got


@pytest.mark.parametrize(
    ("name", "got"), [("leaflet", ""), ("workbook", "Pavel Novak"), ("solutions", 404), ("elsewhere", 404)]
)
def test_the_link_of_a_participant_hands_out_what_is_for_participants(client, papers, seated, name, got):
    url = reverse("events:invitation_document", args=[seated.token, papers[name].pk])

    assert marked_for(client, url) == got


def test_pages_name_only_what_their_reader_may_read(client, training, papers, seated):
    public = client.get(f"/en/events/{training.slug}/")
    own = client.get(reverse("events:invitation_reply", args=[seated.token]))

    assert [one["title"] for one in public.context["papers"].documents] == ["leaflet"]
    assert [name in public.text for name in papers] == [True, False, False, False]
    assert [name in own.text for name in papers] == [True, True, False, False]


def test_a_document_of_a_draft_is_not_there_for_strangers(client, training, papers):
    Event.objects.filter(pk=training.pk).update(status="DRAFT")

    assert handed(client, f"/en/events/{training.slug}/documents/{papers['leaflet'].pk}/") == 404


def test_a_signed_in_participant_reads_it_on_the_page_of_the_event_as_well(client, training, papers, seated):
    seated.person.user = User.objects.create_user("pavel@example.net")
    seated.person.save()
    client.force_login(seated.person.user)

    assert marked_for(client, f"/en/events/{training.slug}/documents/{papers['workbook'].pk}/") == "Pavel Novak"
    assert handed(client, f"/en/events/{training.slug}/documents/{papers['solutions'].pk}/") == 404


def test_it_is_saved_and_never_run(client, training, papers):
    file = papers["leaflet"].own.file
    answer = client.get(f"/en/events/{training.slug}/documents/{papers['leaflet'].pk}/")

    answer.close()
    assert answer["Content-Disposition"] == 'attachment; filename="leaflet.pdf"'
    assert (answer["X-Content-Type-Options"], answer["Content-Security-Policy"]) == (
        "nosniff",
        "default-src 'none'; sandbox",
    )
    assert "no-store" in answer["Cache-Control"]
    assert (file.name.startswith("materials/"), "leaflet" in file.name) == (True, False)


# -- On the desk ------------------------------------------------------------------------------------------------------


def upload(client, url: str, name: str, content: bytes, **more):
    data = {"title_en": "Slides", "seen_by": "PARTICIPANTS", "file": SimpleUploadedFile(name, content), **more}
    return client.post(url, data, follow=True)


def told(page) -> list[str]:
    return [str(message).strip() for message in page.context["messages"]]


def test_an_organizer_adds_slides_to_an_event_and_takes_them_away(client, training, olga):
    client.force_login(olga)
    url = reverse("event:documents", args=[training.pk])

    slides = pptx()
    page = upload(client, url, "../../Day 1.pptx", slides, language="fr")

    [document] = training.documents.all()
    assert told(page) == ["“Slides” is there now."]
    assert (document.own.name, document.own.language, document.own.added_by) == ("Day 1.pptx", "fr", olga)
    page = client.get(url)
    assert ("Day 1.pptx" in page.text, page.context["own"]) == (True, [document])
    assert handed(client, reverse("event:document", args=[training.pk, document.pk])) == slides
    client.post(url, {"drop": document.pk})
    assert training.documents.count() == 0


@pytest.mark.parametrize("door", ["event:documents", "curriculum:inspect"])
def test_a_file_that_is_not_what_its_name_says_is_refused_with_a_sentence_and_nothing_typed_is_lost(
    client, training, curriculum, olga, door
):
    client.force_login(olga)
    url = reverse(door, args=[training.pk if door == "event:documents" else curriculum.pk])

    def refused(*file) -> list[str]:
        page = upload(client, url, *file)
        assert (page.status_code, page.context["document_form"]["title"].value()) == (422, ["Slides", None, None, None])
        return page.context["document_form"].errors["file"]

    assert refused("slides.pdf", b"<script>") == [
        "“slides.pdf” is no PDF, picture (JPEG, PNG), document (DOCX, XLSX, ODT, ODS) or slide (PPTX, ODP)."
    ]
    assert refused("slides.pdf", pptx()) == [
        "“slides.pdf” is a file of the kind PPTX. Please give it that ending, or send another file."
    ]
    assert refused("big.pdf", b"%PDF-" + b"x" * 20 * 1024 * 1024) == ["“big.pdf” is larger than 20 MB."]
    assert Document.objects.count() == 0


def test_a_document_of_a_curriculum_is_kept_on_its_card_and_shown_on_the_desk_of_its_training(
    client, training, curriculum, olga
):
    client.force_login(olga)

    upload(client, reverse("curriculum:inspect", args=[curriculum.pk]), "plan.pdf", PDF)

    [document] = curriculum.documents.all()
    assert client.get(reverse("event:documents", args=[training.pk])).context["taught"] == [document]
    client.post(reverse("event:documents", args=[training.pk]), {"drop": document.pk})
    assert curriculum.documents.count() == 1  # on the card of the curriculum alone
    assert handed(client, reverse("curriculum:document", args=[curriculum.pk, document.pk])) == PDF


@pytest.mark.parametrize("role", ["reader", "network officer"])
def test_who_may_only_look_adds_nothing(client, training, curriculum, role):
    client.force_login(staff(role, "rita@example.org"))

    for url in (
        f"/admin/events/event/{training.pk}/documents/",
        reverse("curriculum:inspect", args=[curriculum.pk]),
    ):
        client.post(url, {"title_en": "Slides", "seen_by": "PUBLIC", "file": SimpleUploadedFile("a.pdf", PDF)})

    assert Document.objects.count() == 0


# -- Versions, languages, sessions and days ---------------------------------------------------------------------------


def test_a_new_version_is_what_readers_get_and_the_old_one_stays_for_staff(client, training, olga):
    document = added("plan", event=training)
    client.force_login(olga)
    slides = SimpleUploadedFile("plan.pptx", pptx())
    client.post(reverse("event:document_card", args=[training.pk, document.pk]), {"file": slides, "language": ""})

    page = client.get(reverse("event:document_card", args=[training.pk, document.pk]))
    [old] = page.context["older"]
    assert ([one.version for one in page.context["newest"]], old.version) == ([2], 1)
    door = reverse("event:document", args=[training.pk, document.pk])
    assert handed(client, f"{door}?version={old.pk}") == PDF
    client.logout()
    assert handed(client, f"/en/events/{training.slug}/documents/{document.pk}/?version={old.pk}") == pptx()


def test_the_reader_gets_the_file_in_their_language_and_a_list_of_the_others(client, training, olga):
    document = added("agenda", language="en", event=training)
    document.add_version(SimpleUploadedFile("ordre.pptx", pptx()), "fr", by=olga)

    rows = [
        client.get(f"/{code}/events/{training.slug}/").context["papers"].documents[0] for code in ("en", "fr", "ar")
    ]

    assert [(row["kind"], len(row["others"])) for row in rows] == [
        *(("PDF", 1), ("PPTX", 1)),
        ("PDF", 1),  # there is none in Arabic
    ]
    url = f"/en/events/{training.slug}/documents/{document.pk}/"
    assert (handed(client, url), handed(client, f"{url}?language=fr")) == (PDF, pptx())
    assert handed(client, f"{url}?language=es") == 404


def test_a_document_is_not_seen_before_its_time_which_is_that_of_the_event(client, training, olga):
    training.timezone = "Pacific/Auckland"
    training.save()
    client.force_login(olga)
    document = added("text", event=training)
    day = timezone.localdate() + datetime.timedelta(days=3)
    url = reverse("event:document_card", args=[training.pk, document.pk])
    client.post(url, {"title_en": "text", "seen_by": "PUBLIC", "opens_at": f"{day} 09:00"})

    document.refresh_from_db()
    nine = datetime.datetime.combine(day, datetime.time(9), training.zone)
    assert document.opens_at == nine
    assert f'value="{day} 09:00"' in client.get(url).text
    before, after = nine - datetime.timedelta(seconds=1), nine
    found = [[str(one) for one in Document.objects.open_at(training, None, now)] for now in (before, after)]
    assert found == [[], ["text"]]
    client.logout()
    assert handed(client, f"/en/events/{training.slug}/documents/{document.pk}/") == 404


def test_what_belongs_to_a_session_is_for_nobody_who_does_not_see_the_session(client, training, seated, teacher, olga):
    added("notes", event=training, session=teacher)
    assert (read_by(training, None), read_by(training, seated.person)) == ([], [])  # it is not published

    training.publish(by=olga)
    assert read_by(training, None) == ["notes"]
    page = client.get(f"/en/events/{training.slug}/sessions/{teacher.guid}/")
    assert [one["title"] for one in page.context["papers"].documents] == ["notes"]

    Session.objects.filter(pk=teacher.pk).update(audience="PARTICIPANTS")
    training.publish(by=olga)
    assert (read_by(training, None), read_by(training, seated.person)) == ([], ["notes"])


def test_one_file_holds_all_that_the_reader_may_read(client, training, papers, seated, teacher, olga):
    training.publish(by=olga)
    added("leaflet", event=training, session=teacher)
    papers["workbook"].add_version(SimpleUploadedFile("cahier.pptx", pptx()), "fr", by=olga)

    def names(url: str) -> list[str]:
        with zipfile.ZipFile(io.BytesIO(handed(client, url))) as package:
            assert package.testzip() is None
            return package.namelist()

    public, own = f"/en/events/{training.slug}/documents.zip", f"/en/invitations/{seated.token}/documents.zip"
    assert names(public) == ["leaflet.pdf", "Lesson/leaflet.pdf"]
    assert Handout.objects.count() == 0
    assert names(own) == ["leaflet.pdf", "workbook.pdf", "Lesson/leaflet.pdf"]
    assert [(one.person, one.what, one.was_marked) for one in Handout.objects.all()] == [
        (seated.person, "workbook, version 1", True)
    ]
    assert names(f"{own}?language=all") == ["leaflet.pdf", "cahier.pptx", "workbook.pdf", "Lesson/leaflet.pdf"]


# -- Marks, and who took what -----------------------------------------------------------------------------------------


def test_each_page_says_who_took_it_and_when_also_in_arabic(client, training, papers, dina, teacher):
    dina.given_name, dina.family_name = "دينا", "حداد"
    dina.user = User.objects.create_user("dina@example.net")
    dina.save()
    client.force_login(dina.user)

    content = handed(client, f"/ar/events/{training.slug}/documents/{papers['solutions'].pk}/")

    letters = set("دينا حداد") - {" "}
    assert [letters <= set(words) for words in words_on(content)] == [True, True]
    [taken] = training.handouts.all()
    assert (taken.person, taken.user, taken.version) == (dina, dina.user, papers["solutions"].own)


def test_who_took_what_is_listed_for_organizers_and_outlives_the_paper(client, training, papers, seated, olga):
    handed(client, reverse("events:invitation_document", args=[seated.token, papers["workbook"].pk]))
    papers["workbook"].drop(by=olga)
    client.force_login(olga)

    rows = client.get(reverse("event:handouts", args=[training.pk])).context["rows"]
    assert [(one.taker, one.what, one.version) for one in rows] == [("Pavel Novak", "workbook, version 1", None)]
    Handout.objects.filter(person=seated.person).erase()
    assert [one.taker for one in Handout.objects.all()] == [""]


@pytest.mark.parametrize("content", [pdf("secret"), b"%PDF-1.7 broken"])
def test_what_cannot_be_marked_is_refused_at_upload_unless_it_is_for_everybody(client, training, olga, content):
    client.force_login(olga)
    url = reverse("event:documents", args=[training.pk])

    page = upload(client, url, "slides.pdf", content)
    assert (page.status_code, page.context["document_form"].errors["file"]) == (
        422,
        [
            "“slides.pdf” is encrypted or broken, so the name of the reader cannot be written on it. Save it once "
            "more without a password, or let everybody read it."
        ],
    )
    assert Document.objects.count() == 0
    upload(client, url, "slides.pdf", content, seen_by="PUBLIC")
    [document] = training.documents.all()
    card = reverse("event:document_card", args=[training.pk, document.pk])
    assert client.post(card, {"title_en": "Slides", "seen_by": "PARTICIPANTS"}).status_code == 422
    document.refresh_from_db()
    assert document.audience == "PUBLIC"
