"""Who gets which answer at which address: the table in permissions.txt, and every address of the house has its row.

A cell is the status of the answer, or where a redirect leads: `sign-in` is the sign-in page, `home` is Wagtail's way
to say no (its first page, with a sentence), `->` is anywhere else. A row is asked for with GET; one that begins with
POST with an empty form, which permits nothing that a full one does not. Of Wagtail's own addresses those stand here
that need no argument; a walk over all that is below /admin/ follows the table.
"""

import re
from collections.abc import Iterator
from copy import copy
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.template.response import SimpleTemplateResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from config.roles import ROLES
from contacts.models import (
    AdmissionRule,
    Consent,
    DuplicatePair,
    ImportBatch,
    ImportRow,
    Interaction,
    Mailing,
    Merge,
    ReceivedFile,
    ReceivedLetter,
    RetentionRule,
    ReturnedLetter,
    ScreeningQuestion,
    Segment,
    Suppression,
    Task,
    User,
    Watchlist,
)
from events.models import (
    Absence,
    Answer,
    CalendarReply,
    Commitment,
    Curriculum,
    Document,
    Invitation,
    Item,
    LetterText,
    Minutes,
    MissionReport,
    ProgrammeFile,
    Question,
    Questionnaire,
    SeatRequest,
)
from network.models import CountryGroup, Desk, Organization, OrganizationMerge, OrganizationPair, Relationship
from tests.conftest import PASSWORD, person, staff
from tests.contacts.incoming_mail import report, written
from tests.contacts.test_agreement import agreement
from tests.contacts.test_application import in_review, paper
from tests.events.missions import mission

VIEWERS = ["anonymous", "no role", *(role.name for role in ROLES)]
# Who opens every page does so on each database; of the others the question is who may, which is the same on all.
EVERYWHERE = "administrator"
ONCE = [pytest.param(viewer, marks=pytest.mark.same_everywhere) for viewer in VIEWERS if viewer != EVERYWHERE]

TABLE = (Path(__file__).parent / "permissions.txt").read_text()
ROWS = {
    row[0]: dict(zip(VIEWERS, row[1:], strict=True))
    for row in (re.split(r"\s{2,}", line.strip()) for line in TABLE.splitlines() if line and line[0] != "#")
}
# Parts of Wagtail's pages that have no look of their own, and a page that fails on purpose.
PARTS = re.compile(
    "_results$|choose|_api:|embeds:|error_test|autocomplete|password_reset_(done|complete)|catalog|sprite"
    "|translations_report|dismissibles|preview|add_multiple"
)


def walk(patterns, space: str = "", path: str = "") -> Iterator[tuple[str, str]]:
    """Name and pattern of every address below `patterns`."""
    for pattern in patterns:
        here = path + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from walk(pattern.url_patterns, f"{space}{pattern.namespace}:" if pattern.namespace else space, here)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield space + pattern.name, here


def is_wagtails(name: str) -> bool:
    return name.startswith("wagtail")


def expected_rows() -> set[str]:
    """Every named address of ours, and Wagtail's pages that need no argument."""
    return {name for name, path in walk(get_resolver().url_patterns) if not is_wagtails(name) or is_page(name, path)}


def is_page(name: str, path: str) -> bool:
    return not (PARTS.search(name) or re.search(r"[<(]", path))


@pytest.fixture
def of_events(forum, sessions, pavel, olga) -> dict[str, list]:
    forum.open_to = "EVERYBODY"
    forum.save()
    said = {"given_name": "Ada", "family_name": "Abel", "email": "ada@example.org", "language": "en"}
    LetterText.objects.create(event=forum, language="en", subject="Invitation", body="Please come.", signatory="Olga")
    [invitation] = forum.invitations.draft([pavel], by=olga)
    invitation.send(by=olga)
    invitation.answer("ACCEPTED")
    forum.publish(by=olga)
    ProgrammeFile.objects.receive(forum, SimpleUploadedFile("plan.csv", b"Title,Starts,Ends\nA,2027-01-01,B"), by=olga)
    feed, token = pavel.feeds.open()
    [delegation] = forum.delegations.draft([pavel.affiliations.get().organization], by=olga)
    paper_of = invitation.formal_letters.get()
    member = delegation.members.create(event=forum, person=person("Layla", "Amari"), state="SENT")
    note = delegation.notes_verbales.submit(delegation, SimpleUploadedFile("note.pdf", b"%PDF-1.7"), by=olga)
    absence = Absence.objects.create(
        event=forum, person=pavel, starts_at=sessions["opening"].starts_at, ends_at=sessions["opening"].ends_at
    )
    opening, kept = sessions["opening"], Invitation.objects.get(person=pavel)
    return {
        "event": [forum.pk],
        "session": [opening.pk],
        "event:board_move": [forum.pk, opening.pk],
        "event:absence_drop": [forum.pk, absence.pk],
        "venue": [forum.venue.pk],
        "invitation": [kept.pk],
        "registration": [forum.registrations.get().pk],
        "events": [forum.slug],
        "events:session_detail": [forum.slug, opening.guid],
        "events:session_feed": [forum.slug, opening.guid],
        "events:programme_pdf_day": [forum.slug, forum.starts_on],
        "events:personal_feed": [token],
        "events:invitation_reply": [kept.token],
        "events:seat_request": [SeatRequest.objects.ask(forum, said).token],
        "events:offer": [kept.token],
        "events:plan": [kept.token],
        "events:plan_feed": [kept.token],
        "events:programme_version": [forum.slug, 1],
        "event:version": [forum.pk, 1],
        "event:go_back": [forum.pk, 1],
        "event:session_plans": [forum.pk, opening.pk],
        "events:invitation_feeds": [kept.token],
        "events:own_feed_revoke": [feed.pk],
        "events:alternate_name": [kept.token],
        "events:alternate_recall": [kept.token],
        "delegation": [delegation.pk],
        "delegation:note": [delegation.pk, note.pk],
        **{f"events:{name}": [delegation.pk] for name in ("delegation", "member_nominate", "note_add")},
        **{f"events:{name}": [delegation.pk, member.pk] for name in ("member_replace", "member_remove")},
        "events:note": [delegation.pk, note.pk],
        "events:letter": [paper_of.code],
        "events:invitation_letter": [kept.token, paper_of.pk],
        "events:delegation_letter": [delegation.pk, paper_of.pk],
        "invitation:letter": [kept.pk, paper_of.pk],
        "events:feed_revoke": [kept.token, feed.pk],
        "calendarreply": [CalendarReply.objects.create(key="x", invitation=kept, outcome="FORWARDED").pk],
    }


@pytest.fixture
def of_details(of_events, forum, pavel) -> dict[str, list]:
    """A registration form with a file in it."""
    scan = Question.objects.create(event=forum, label={"en": "Scan"}, kind="FILE")
    kept, member = Invitation.objects.get(person=pavel), of_events["events:member_remove"]
    kept.fill_in({scan.pk: SimpleUploadedFile("scan.pdf", b"%PDF-1.7")})
    answer = Answer.objects.get()
    return {
        "events:details_fill": [kept.token],
        "events:details_file": [kept.token, answer.pk],
        "events:member_details": member,
        "events:member_file": [*member, answer.pk],
        "invitation:details_file": [kept.pk, answer.pk],
        "question": [scan.pk],
    }


@pytest.fixture
def of_questionnaires(of_events, forum, pavel, olga) -> dict[str, list]:
    """One that is put to Pavel, and asks something that must be answered."""
    before = Questionnaire.objects.begin(forum, "BEFORE", by=olga)
    item = Item.objects.create(questionnaire=before, label="Knowledge", is_required=True)
    before.open(by=olga)
    return {
        "questionnaire": [before.pk],
        "item": [item.pk],
        "events:questionnaire": [Invitation.objects.get(person=pavel).token, before.pk],
    }


@pytest.fixture
def of_the_days(forum, customs, olga) -> dict[str, list]:
    """What there is while an event takes place."""
    door = forum.scanners.open(forum, "Door", by=olga)
    promised = Commitment.objects.create(event=forum, organization=customs, text="x", owner=olga, is_public=True)
    return {
        "commitment": [promised.pk],
        "events:commitments": [forum.slug],
        **{f"events:{name}": [door.token] for name in ("check_in", "walk_in", "scans", "manifest", "check_in_worker")},
    }


@pytest.fixture
def of_trainings(of_events, forum, pavel, olga) -> dict[str, list]:
    """What is taught, with a document, and a document of the event."""
    curriculum = Curriculum.objects.create(title="Containers")
    kept, own = (
        Document.objects.add(
            Document(title="x", audience="PUBLIC", **holder), SimpleUploadedFile("x.pdf", b"%PDF-1.7"), by=olga
        )
        for holder in ({"curriculum": curriculum}, {"event": forum})
    )
    token, opening = Invitation.objects.get(person=pavel).token, forum.sessions.in_order()[0]
    minutes = Minutes.objects.write(opening, "en", "It was agreed.", "PUBLIC", by=olga)
    minutes.approve(by=olga)
    return {
        "curriculum": [curriculum.pk],
        "curriculum:document": [curriculum.pk, kept.pk],
        "event:document": [forum.pk, own.pk],
        "events:event_document": [forum.slug, own.pk],
        "event:document_card": [forum.pk, own.pk],
        "event:session_minutes": [forum.pk, forum.sessions.in_order()[1].pk],
        "events:event_minutes": [forum.slug, minutes.pk],
        "events:minutes_write": [forum.slug, opening.guid],
        "events:invitation_document": [token, own.pk],
        "events:invitation_documents": [token],
        "events:invitation_minutes": [token, minutes.pk],
    }


@pytest.fixture
def of_missions(olga, pavel) -> dict[str, list]:
    """One that is over, with a talk and a report that have papers, and somebody's address of the calendar."""
    one, file = mission(olga, pavel, starts=-3), SimpleUploadedFile("paper.pdf", b"%PDF-1.7")
    talk = one.talks.give(one, pavel, "Talk", file=file, by=olga)
    report = MissionReport.objects.hand_in(one, "Report", file=file, by=olga)
    return {
        "mission": [one.pk],
        "mission:report_file": [one.pk, report.pk],
        "mission:talk_file": [one.pk, talk.pk],
        "mission:talk_drop": [one.pk, talk.pk],
        "calendar:feed_revoke": [olga.feeds.open()[0].pk],
    }


@pytest.fixture
def of_network(tobacco, customs) -> dict[str, list]:
    other = Organization.objects.create(kind="GOVERNMENT", name="Ministry")
    double = Organization.objects.create(kind="LAW_ENFORCEMENT", name="Customs", country_id="FR")
    return {
        "organization": [customs.pk],
        "organization:unmerge": [OrganizationMerge.objects.join(customs, double, by=None).pk],
        "organizationpair": [OrganizationPair.objects.create(first=customs, second=other, score=5).pk],
        "organization_chooser": [customs.pk],
        "relationship": [Relationship.objects.create(first=customs, kind="PARTNER", second=other).pk],
        "country": ["FR"],
        "countrydesk": [Desk.objects.create(name="Desk").pk],
        "countrygroup": [CountryGroup.objects.create(slug="group", name={"en": "Group"}).pk],
        "topic": [tobacco.pk],
    }


@pytest.fixture
def of_people(of_events, pavel, olga) -> dict[str, list]:
    """After the events: the last letter to Pavel is one of theirs."""
    message = pavel.messages.last()
    consent = Consent.objects.create(person=pavel, purpose="NEWS", basis="CONSENT", source="Form")
    return {
        "person": [pavel.pk],
        "person_chooser": [pavel.pk],
        "person:hand_over": [pavel.affiliations.get().pk],
        "person:withdraw": [pavel.pk, consent.pk],
        "person:dossier_file": [pavel.pk, "json"],
        "duplicatepair": [DuplicatePair.objects.create(first=pavel, second=person("Paul", "Novak"), score=7).pk],
        "person:unmerge": [Merge.objects.join(pavel, person("Double", "Novak"), by=olga).pk],
        "message": [message.pk],
        "message:send_again": [message.deliveries.get().pk],
        "contacts": [message.token],
        "contacts:own_data": [pavel.token],
        "contacts:own_data_correct": [pavel.token],
        "contacts:own_data_withdraw": [pavel.token, consent.pk],
    }


@pytest.fixture
def of_mail(pavel) -> dict[str, list]:
    """A letter with a file, and a report."""
    mail = written()
    mail.add_attachment("words", filename="notes.txt")
    ReceivedLetter.objects.take(mail.as_bytes())
    ReceivedLetter.objects.take(report("<unknown@example.org>", "x@example.org"))
    return {
        "receivedletter": [ReceivedLetter.objects.get().pk],
        "receivedletter:file": [ReceivedFile.objects.get().pk],
        "returnedletter": [ReturnedLetter.objects.get().pk],
    }


@pytest.fixture
def of_desks_work(olga) -> dict[str, list]:
    segment = Segment.objects.create(name="Segment")
    return {
        "interaction": [Interaction.objects.create(subject="Call", country_id="FR").pk],
        "task": [Task.objects.set_for(olga, "Write", None, by=olga).pk],
        "segment": [segment.pk],
        "mailing": [Mailing.objects.create(name="Mailing", segment=segment).pk],
        "suppression": [Suppression.objects.suppress("x@example.org", "HARD_BOUNCE").pk],
        "retentionrule": [RetentionRule.objects.create(kind="NEWS", months=12, purpose="Rule").pk],
    }


@pytest.fixture
def of_partners(customs, noor) -> dict[str, list]:
    application = in_review(noor, documents=[paper()])
    return {
        "membership": [customs.pk],
        "agreement": [agreement(noor, customs, document=paper()).pk],
        "application": [application.pk],
        "application:tick": [application.pk, application.checks.first().pk],
        "application:document": [application.documents.get().pk],
        "admissionrule": [AdmissionRule.objects.get(kind="NGO").pk],
        "contacts:application": [application.token],
    }


@pytest.fixture
def of_lists(customs) -> dict[str, list]:
    watchlist = Watchlist.objects.create(name="List", kind="UN", version="1", digest="0")
    entry = watchlist.entries.create(reference="1", names=["Customs of Exampel"], digest="0")
    question = ScreeningQuestion.objects.create(
        organization=customs, watchlist=watchlist, reference="1", entry=entry, score=95
    )
    return {"watchlist": [watchlist.pk], "screeningquestion": [question.pk]}


@pytest.fixture
def of_imports(db) -> dict[str, list]:
    """A file that nobody of the viewers has uploaded."""
    upload = SimpleUploadedFile("list.csv", b"First Name,Last Name\nAda,Abel\n")
    batch = ImportBatch.objects.receive(upload, by=staff("organizer", "maker@example.org"))
    row = ImportRow.objects.create(
        batch=batch, number=2, cells=["Ada", "Abel"], unknown_organization="lake watch", verdict="CREATE"
    )
    ImportBatch.objects.update(state="PREVIEWED", total=1)
    of_row = [batch.pk, row.pk]
    return {"importbatch": [batch.pk], "importbatch:mend": of_row, "importbatch:organization": of_row}


@pytest.fixture
def of_contacts(of_people, of_mail, of_partners, of_lists, of_imports) -> dict[str, list]:
    return {**of_people, **of_mail, **of_partners, **of_lists, **of_imports}


@pytest.fixture
def arguments(
    of_events,
    of_details,
    of_questionnaires,
    of_the_days,
    of_trainings,
    of_missions,
    of_network,
    of_contacts,
    of_desks_work,
) -> dict[str, list]:
    """What the addresses with an argument are about; something is there for each."""
    return {
        **of_events,
        **of_details,
        **of_questionnaires,
        **of_the_days,
        **of_trainings,
        **of_missions,
        **of_network,
        **of_contacts,
        **of_desks_work,
        "picture": ["images", "unknown.png"],
        "account_confirm_email": ["unknown"],
        **{f"mfa_{act}_webauthn": [1] for act in ("edit", "remove")},
        "account_reset_password_from_key": ["1", "unknown"],
    }


def address(name: str, arguments: dict[str, list]) -> str:
    """The path of a row; with the argument of its name, or else of its group."""
    paths = dict(walk(get_resolver().url_patterns))
    if not re.search(r"[<(]", paths[name]):
        return reverse(name)
    return reverse(name, args=arguments.get(name) or arguments[name.partition(":")[0]])


def client_of(viewer: str) -> Client:
    client = Client()
    if viewer == "no role":
        client.force_login(User.objects.create_user("nobody@example.org"))
    elif viewer != "anonymous":
        client.force_login(staff(viewer, "somebody@example.org"))
    return client


def ask(client: Client, row: str, arguments: dict[str, list]) -> str:
    """The cell: what the viewer gets. Whatever the question changed is taken back."""
    method, name = row.split() if " " in row else ("GET", row)
    cookies = copy(client.cookies)
    with transaction.atomic():
        answer = client.generic(method, address(name, arguments))
        transaction.set_rollback(True)
    b"".join(answer.streaming_content if answer.streaming else [])  # a file is closed once it was read
    client.cookies = cookies
    if answer.status_code not in (301, 302):
        return str(answer.status_code)
    where = urlsplit(answer["Location"]).path
    return {"/admin/": "home"}.get(where, "sign-in" if where.endswith(("/login/", "/login/code/")) else "->")


def test_every_address_has_its_row():
    asked = {row.split()[-1] for row in ROWS}

    assert (expected_rows() - asked, asked - expected_rows()) == (set(), set())


@pytest.mark.slow
@pytest.mark.parametrize("viewer", [EVERYWHERE, *ONCE])
def test_each_viewer_gets_what_the_table_says(viewer, arguments, monkeypatch):
    client = client_of(viewer)
    if viewer != EVERYWHERE:  # who may is said before the page is drawn
        monkeypatch.setattr(SimpleTemplateResponse, "rendered_content", "")

    answers = {row: ask(client, row, arguments) for row in ROWS}

    assert answers == {row: cells[viewer] for row, cells in ROWS.items()}


# Open to everybody below /admin/: what sign-in pages are made of, and the ways out.
DOORS = re.compile(r"wagtailadmin_(login|logout|sprite|javascript_catalog|password_reset.*)$")


def admin_paths() -> list[str]:
    """A path for every address below /admin/, with an argument that leads somewhere if anything does."""
    named = walk(get_resolver().url_patterns)
    return [filled(path) for name, path in named if path.startswith("admin/") and not DOORS.match(name)]


def filled(path: str) -> str:
    path = re.sub(r"<int:[^>]*>", "1", path)
    path = re.sub(r"\(\?P<\w+>[^)]*\)|<[^>]*>", "x", path)
    return "/" + re.sub(r"[\^$]|\\Z", "", path)


@pytest.mark.slow
@pytest.mark.same_everywhere
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("viewer", ["anonymous", "no role"])
def test_nobody_without_a_staff_role_enters_the_admin(viewer, method, arguments):
    client = client_of(viewer)

    answers = {path: client.generic(method, path) for path in admin_paths()}

    inside = {path: answer.status_code for path, answer in answers.items() if not is_outside(answer)}
    assert (len(answers) > 250, inside) == (True, {})


def is_outside(answer) -> bool:
    """Sent to the door, or away."""
    return answer.status_code in (403, 404) or "/login/?next=" in answer.get("Location", "")


def test_who_is_not_signed_in_is_asked_to_and_comes_back(client, olga):
    asked = client.get("/admin/events/event/", follow=True)

    [*_steps, (page, _status)] = asked.redirect_chain
    signed_in = client.post(page, {"login": olga.email, "password": PASSWORD})
    assert page == "/en/accounts/login/?next=%2Fadmin%2Fevents%2Fevent%2F"
    assert signed_in["Location"] == "/admin/events/event/"


def test_an_account_without_a_role_is_told_no_and_not_led_in_circles(client, stranger):
    client.force_login(stranger)

    answer = client.get("/admin/", follow=True)

    assert (answer.status_code, "This is not open to you" in answer.text) == (403, True)


@pytest.mark.parametrize("door", ["/admin/login/", "/en/_util/login/", "/en/accounts/login/"])
def test_passwords_cannot_be_tried_without_end_at_any_door(client, olga, door):
    page, _status = (client.get(door, follow=True).redirect_chain or [(door, 200)])[-1]
    wrong = [client.post(page, {"login": olga.email, "password": "wrong"}) for _time in range(12)]

    right = client.post(page, {"login": olga.email, "password": PASSWORD})

    assert (len(wrong), right.status_code) == (12, 200)
    assert client.post(door, {"username": olga.email, "password": PASSWORD}).status_code in (200, 302)
    assert client.get("/admin/").status_code == 302
