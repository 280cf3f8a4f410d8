"""Documents: what is handed out to whom, at each door."""

import io
import zipfile

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from contacts.models import User
from events.models import Appearance, Document, Event, Session
from tests.conftest import at, person, staff

PDF = b"%PDF-1.7 secret"


def pptx() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        package.writestr("ppt/presentation.xml", "<p/>")
    return file.getvalue()


def added(title: str, audience: str, **holder) -> Document:
    return Document.objects.add(
        Document(title=title, audience=audience, **holder), SimpleUploadedFile(f"{title}.pdf", PDF), by=None
    )


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


def test_staff_who_see_events_read_all_of_an_event(training, papers, stranger):
    assert read_by(training, staff("reader", "rita@example.org")) == ["leaflet", "workbook", "solutions"]
    assert read_by(training, stranger) == ["leaflet"]


def handed(client, url: str) -> bytes | int:
    answer = client.get(url)
    return b"".join(answer.streaming_content) if answer.status_code == 200 else answer.status_code


@pytest.mark.parametrize(("name", "got"), [("leaflet", PDF), ("workbook", 404), ("solutions", 404), ("elsewhere", 404)])
def test_the_page_of_the_event_hands_out_only_what_is_for_everybody(client, training, papers, name, got):
    assert handed(client, f"/en/events/{training.slug}/documents/{papers[name].pk}/") == got


@pytest.mark.parametrize(("name", "got"), [("leaflet", PDF), ("workbook", PDF), ("solutions", 404), ("elsewhere", 404)])
def test_the_link_of_a_participant_hands_out_what_is_for_participants(client, papers, seated, name, got):
    url = reverse("events:invitation_document", args=[seated.token, papers[name].pk])

    assert handed(client, url) == got


def test_pages_name_only_what_their_reader_may_read(client, training, papers, seated):
    public = client.get(f"/en/events/{training.slug}/")
    own = client.get(reverse("events:invitation_reply", args=[seated.token]))

    assert [str(one) for one in public.context["documents"]] == ["leaflet"]
    assert [name in public.text for name in papers] == [True, False, False, False]
    assert [name in own.text for name in papers] == [True, True, False, False]


def test_a_document_of_a_draft_is_not_there_for_strangers(client, training, papers):
    Event.objects.filter(pk=training.pk).update(status="DRAFT")

    assert handed(client, f"/en/events/{training.slug}/documents/{papers['leaflet'].pk}/") == 404


def test_a_signed_in_participant_reads_it_on_the_page_of_the_event_as_well(client, training, papers, seated):
    seated.person.user = User.objects.create_user("pavel@example.net")
    seated.person.save()
    client.force_login(seated.person.user)

    assert handed(client, f"/en/events/{training.slug}/documents/{papers['workbook'].pk}/") == PDF
    assert handed(client, f"/en/events/{training.slug}/documents/{papers['solutions'].pk}/") == 404


def test_it_is_saved_and_never_run(client, training, papers):
    answer = client.get(f"/en/events/{training.slug}/documents/{papers['leaflet'].pk}/")

    answer.close()
    assert answer["Content-Disposition"] == 'attachment; filename="leaflet.pdf"'
    assert (answer["X-Content-Type-Options"], answer["Content-Security-Policy"]) == (
        "nosniff",
        "default-src 'none'; sandbox",
    )
    assert "no-store" in answer["Cache-Control"]
    assert papers["leaflet"].file.name.startswith("materials/")
    assert "leaflet" not in papers["leaflet"].file.name


# -- On the desk ------------------------------------------------------------------------------------------------------


def upload(client, url: str, name: str, content: bytes, **more):
    data = {"title_en": "Slides", "audience": "PARTICIPANTS", "file": SimpleUploadedFile(name, content), **more}
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
    assert (document.name, document.language, document.added_by) == ("Day 1.pptx", "fr", olga)
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
        client.post(url, {"title_en": "Slides", "audience": "PUBLIC", "file": SimpleUploadedFile("a.pdf", PDF)})

    assert Document.objects.count() == 0
