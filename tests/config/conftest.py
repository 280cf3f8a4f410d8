"""What stands behind each address: the arguments of `tests/config/permissions.txt`, by name of a row or a group."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

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
from legal.models import CaseStudy, Instrument, ModelLaw, NationalLaw, Participation, Pathway, Statement, StatusTable
from network.models import Country, CountryGroup, Desk, Organization, OrganizationMerge, OrganizationPair, Relationship
from tests.conftest import person, staff
from tests.contacts.incoming_mail import report, written
from tests.contacts.test_agreement import agreement
from tests.contacts.test_application import in_review, paper
from tests.events.missions import mission


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
    feed, token = pavel.feeds.open()
    [delegation] = forum.delegations.draft([pavel.affiliations.get().organization], by=olga)
    paper_of = invitation.formal_letters.get()
    member = delegation.members.create(event=forum, person=person("Layla", "Amari"), state="SENT")
    note = delegation.notes_verbales.submit(delegation, SimpleUploadedFile("note.pdf", b"%PDF-1.7"), by=olga)
    opening, kept = sessions["opening"], Invitation.objects.get(person=pavel)
    return {
        "event": [forum.pk],
        "session": [opening.pk],
        "venue": [forum.venue.pk],
        "invitation": [kept.pk],
        "registration": [forum.registrations.get().pk],
        "events": [forum.slug],
        "events:personal_feed": [token],
        "events:invitation_reply": [kept.token],
        "events:seat_request": [SeatRequest.objects.ask(forum, said).token],
        "events:offer": [kept.token],
        "events:plan": [kept.token],
        "events:plan_feed": [kept.token],
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
def of_programmes(of_events, forum, sessions, pavel, olga) -> dict[str, list]:
    ProgrammeFile.objects.receive(forum, SimpleUploadedFile("plan.csv", b"Title,Starts,Ends\nA,2027-01-01,B"), by=olga)
    opening = sessions["opening"]
    when = {"starts_at": opening.starts_at, "ends_at": opening.ends_at}
    return {
        "event:board_move": [forum.pk, opening.pk],
        "event:absence_drop": [forum.pk, Absence.objects.create(event=forum, person=pavel, **when).pk],
        "events:session_detail": [forum.slug, opening.guid],
        "events:session_feed": [forum.slug, opening.guid],
        "events:programme_pdf_day": [forum.slug, forum.starts_on],
        "events:programme_version": [forum.slug, 1],
        "event:version": [forum.pk, 1],
        "event:go_back": [forum.pk, 1],
        "event:session_plans": [forum.pk, opening.pk],
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
def of_treaties(law, france) -> dict[str, list]:
    """What France did and said about the instrument, Kenya on its way to it, and a table to be looked through."""
    instrument, officer = law[0], staff("legal officer", "lawyer@example.org")
    day = datetime.date(2014, 5, 1)
    done = Participation.objects.record(instrument, france, "RATIFICATION", day, by=officer, source="x")
    said = {"kind": "DECLARATION", "made_on": day, "text": "x", "source": "x"}
    upload = SimpleUploadedFile("status.csv", b"Country,Signature\nKenya,2012-11-12\nAtlantis,2012-11-12\n")
    table = StatusTable.objects.receive(upload, by=officer, source="x")
    table.choose(table.mapping, by=officer)
    table.name_them({"": instrument}, {}, by=officer)
    return {
        "participation": [done.pk],
        "statement": [Statement.objects.create(instrument=instrument, country=france, **said).pk],
        "statustable": [table.pk],
        "pathway": [Pathway.objects.begin(instrument, Country.objects.get(pk="KE"), by=officer).pk],
        "legal:instrument_status": [instrument.slug],
        "legal:country": ["FR"],
    }


@pytest.fixture
def of_law(law, of_treaties) -> dict[str, list]:
    instrument, act, model_law, case = law
    return {
        **of_treaties,
        **{"instrument": [instrument.pk], "nationallaw": [act.pk], "modellaw": [model_law.pk], "casestudy": [case.pk]},
        **{"legal:instrument": [instrument.slug], "legal:law": [act.slug]},
        **{"legal:model_law": [model_law.slug], "legal:case": [case.slug]},
    }


@pytest.fixture
def law(france) -> list:
    """A published work of each kind."""
    kinds = (Instrument, NationalLaw, ModelLaw, CaseStudy)
    return [
        kind.objects.create(slug=kind.__name__.lower(), title="Tobacco", country=france, source="x", is_published=True)
        for kind in kinds
    ]


@pytest.fixture
def arguments(
    of_events,
    of_details,
    of_programmes,
    of_questionnaires,
    of_the_days,
    of_trainings,
    of_missions,
    of_network,
    of_contacts,
    of_desks_work,
    of_law,
) -> dict[str, list]:
    """What the addresses with an argument are about; something is there for each."""
    return {
        **of_events,
        **of_details,
        **of_programmes,
        **of_questionnaires,
        **of_the_days,
        **of_trainings,
        **of_missions,
        **of_network,
        **of_contacts,
        **of_desks_work,
        **of_law,
        "picture": ["images", "unknown.png"],
        "account_confirm_email": ["unknown"],
        **{f"mfa_{act}_webauthn": [1] for act in ("edit", "remove")},
        "account_reset_password_from_key": ["1", "unknown"],
    }
