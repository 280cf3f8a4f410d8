"""What the law gives a person: why we hold something, what it is, that it is right, and that it is erased."""

import datetime

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from contacts import mail
from contacts.models import (
    Consent,
    Delivery,
    DuplicatePair,
    Interaction,
    InteractionParty,
    Mailing,
    MailingRecipient,
    MatchKey,
    Message,
    Person,
    PersonEmail,
    ReceivedLetter,
    ReturnedLetter,
    ScreeningQuestion,
    Segment,
    Suppression,
    Task,
    Watchlist,
)
from contacts.models.dossier import as_json, dossier
from contacts.models.erasure import erase, outlook
from events.models import Appearance
from network.models import Desk, Seal
from tests.conftest import person, staff
from tests.contacts.incoming_mail import reply, report, sent, written
from tests.contacts.test_application import applied, in_review, paper
from tests.contacts.test_imports import imported, looked_through
from tests.contacts.test_suppression import letter

TODAY = timezone.localdate


def posted(who: Person, purpose: str) -> Message:
    return Message.objects.post(who, letter(purpose))


def consent(who, by, purpose="NEWS", basis="CONSENT", days_ago=10) -> Consent:
    given_on = TODAY() - datetime.timedelta(days=days_ago)
    return Consent.objects.give(who, purpose=purpose, basis=basis, source="Form of 2026", given_on=given_on, by=by)


def note(text: str, *people: Person, days_ago: int = 0) -> Interaction:
    when = timezone.now() - datetime.timedelta(days=days_ago)
    interaction = Interaction.objects.create(kind="NOTE", subject=text, text=f"About {text}", happened_at=when)
    for who in people:
        InteractionParty.objects.create(interaction=interaction, person=who)
    return interaction


# -- consent


def test_a_new_ground_takes_the_place_of_the_old_one(pavel, noor):
    old = consent(pavel, noor, days_ago=30)

    new = consent(pavel, noor, basis="INTEREST", days_ago=3)

    assert list(pavel.consents.standing()) == [new]
    changes = [entry.data["changes"] for entry in ModelLogEntry.objects.for_instance(pavel).order_by("pk")]
    grounds = [[{"text": ground, "words": {}}, "Form of 2026"] for ground in ("Consent", "Legitimate interest")]
    assert changes == [[["News and mailings", "", grounds[0]]], [["News and mailings", *grounds]]]
    assert Consent.objects.get(pk=old.pk).withdrawn_on == new.given_on


def test_a_withdrawn_consent_stops_letters_even_to_an_address_that_came_later(pavel, noor):
    consent(pavel, noor).withdraw(by=noor)
    PersonEmail.objects.update(address="pavel@new.example.org")
    message = posted(Person.objects.get(pk=pavel.pk), "NEWS")

    assert Delivery.objects.empty_outbox() == 0
    assert [(one.state, one.error) for one in message.deliveries.all()] == [("SUPPRESSED", "Consent withdrawn")]


def test_a_consent_that_is_given_again_opens_the_way_again(pavel, noor):
    consent(pavel, noor).withdraw(by=noor)
    consent(pavel, noor, days_ago=0)
    posted(pavel, "NEWS")

    assert Delivery.objects.empty_outbox() == 1
    assert list(Suppression.objects.standing()) == []


def test_a_consent_cannot_be_withdrawn_twice_nor_given_tomorrow(pavel, noor):
    given = consent(pavel, noor)
    given.withdraw(by=noor)

    with pytest.raises(ValidationError, match="withdrawn already"):
        given.withdraw(by=noor)
    with pytest.raises(ValidationError, match="still to come"):
        consent(pavel, noor, days_ago=-1)


def test_an_officer_notes_and_withdraws_a_ground_on_the_screen(client, pavel, noor):
    client.force_login(noor)
    url = reverse("person:data_protection", args=[pavel.pk])

    client.post(url, {"purpose": "NEWS", "basis": "CONSENT", "given_on": "2026-01-02", "source": "Call of 2 January"})
    given = pavel.consents.get()
    client.post(reverse("person:withdraw", args=[pavel.pk, given.pk]))

    given.refresh_from_db()
    assert (given.by, given.source, given.withdrawn_on) == (noor, "Call of 2 January", TODAY())
    said = ModelLogEntry.objects.filter(action__startswith="contacts.consent").values_list("action", "user")
    assert list(said) == [("contacts.consent.withdraw", noor.pk), ("contacts.consent.give", noor.pk)]


# -- the person's own page


def test_the_person_confirms_with_a_button_and_a_look_changes_nothing(client, pavel):
    url = reverse("contacts:own_data", args=[pavel.token])

    page = client.get(url)
    assert Person.objects.get(pk=pavel.pk).confirmed_at is None
    client.post(url)

    assert [value for _label, value in page.context["facts"]] == ["Mr Pavel Novak", "pavel.novak@example.org", "French"]
    confirmed = Person.objects.get(pk=pavel.pk)
    assert (confirmed.confirmed_at.date(), confirmed.confirmed_by) == (timezone.now().date(), None)
    assert (page["Cache-Control"], page["X-Robots-Tag"]) == (
        "max-age=0, no-cache, no-store, must-revalidate, private",
        "noindex",
    )


def test_what_the_person_says_is_wrong_waits_for_somebody_to_take_it_on(client, pavel, noor):
    client.post(reverse("contacts:own_data_correct", args=[pavel.token]), {"text": "I moved to Lyon."})
    client.force_login(noor)
    desk = client.get("/admin/").content.decode()
    task = Task.objects.get()

    client.post(reverse("task:take_on", args=[task.pk]))

    assert (task.note, task.person, task.owner) == ("I moved to Lyon.", pavel, None)
    assert "Correct what we hold of Pavel Novak" in desk
    assert Task.objects.get().owner == noor
    with pytest.raises(ValidationError, match="Somebody does this already"):
        task.take_on(by=noor)


def test_an_empty_correction_gets_a_sentence(client, pavel):
    answer = client.post(reverse("contacts:own_data_correct", args=[pavel.token]), {"text": " "})

    assert (answer.status_code, Task.objects.count()) == (422, 0)


def test_the_person_takes_a_consent_back_but_not_what_rests_on_law(client, pavel, noor):
    given, duty = consent(pavel, noor), consent(pavel, noor, purpose="NETWORK", basis="PUBLIC")
    token = pavel.token

    client.post(reverse("contacts:own_data_withdraw", args=[token, given.pk]))
    refused = client.post(reverse("contacts:own_data_withdraw", args=[token, duty.pk]))

    assert refused.status_code == 404
    assert list(pavel.consents.standing()) == [duty]


def test_a_link_opens_only_its_own_person_and_only_until_it_is_made_void(client, pavel, dina, noor):
    token = pavel.token
    forged = f"{dina.pk}-{token.partition('-')[2]}"
    theirs = consent(dina, noor)

    answers = [client.get(reverse("contacts:own_data", args=[text])).status_code for text in (token, forged, "x", "9-")]
    other = client.post(reverse("contacts:own_data_withdraw", args=[token, theirs.pk])).status_code
    pavel.void_link(by=noor)

    assert (answers, other) == ([200, 404, 404, 404], 404)
    assert client.get(reverse("contacts:own_data", args=[token])).status_code == 404


def test_an_address_that_guesses_links_is_braked(client, db):
    """Sixty an hour; so many that an hour may begin in their middle."""
    answers = {client.get(reverse("contacts:own_data", args=[f"{n}-forged"])).status_code for n in range(122)}

    assert answers == {404, 429}


def test_the_letter_carries_the_link_only_when_it_leaves(client, pavel, noor, mail_server):
    client.force_login(noor)
    client.post(reverse("person:ask_to_confirm", args=[pavel.pk]))
    message = Message.objects.get()
    Delivery.objects.empty_outbox()

    [sent] = mail_server.mails
    assert (message.letter, message.language, pavel.token in message.text) == ("confirm_data", "fr", False)
    text = sent.get_body(("plain",)).get_content()
    assert f"/fr/about-you/{pavel.token}/" in text


# -- whose it is


def test_a_desk_reaches_nothing_of_somebody_elses_person(client, pavel):
    desk = Desk.objects.create(name="Oceania")
    member = staff("network officer", "member@example.org")
    member.desks.add(desk)
    client.force_login(member)
    names = ["data_protection", "dossier", "erase"]

    def ask(method, name, *where):
        return method(reverse(f"person:{name}", args=[pavel.pk, *where]), follow=True).status_code

    pages = [ask(client.get, name) for name in names]
    file = ask(client.get, "dossier_file", "json")
    acts = [ask(client.post, name) for name in ("erase", "confirm")]

    assert (pages, file, acts) == ([404] * 3, 404, [404] * 2)
    assert "pavel.novak@example.org" in as_json(pavel).decode()  # there was something to leak


# -- erasure


@pytest.fixture
def known(pavel, dina, noor, olga, forum, sessions):
    """Pavel, of whom a great deal is held."""
    consent(pavel, noor)
    note("Pavel alone", pavel)
    note("Pavel and Dina", pavel, dina)
    [invitation] = forum.invitations.draft([pavel], by=olga)
    invitation.send(by=olga)
    invitation.answer("ACCEPTED")
    Appearance.objects.create(session=sessions["opening"], person=pavel, role="MODERATOR")
    forum.publish(by=olga)
    Task.objects.set_for(noor, "Call Pavel", None, by=noor, person=pavel)
    DuplicatePair.objects.create(first=pavel, second=dina, score=3)
    _hear_from(pavel)
    he_asks = {"given_name": "Pavel", "family_name": "Novak", "email": pavel.address, "documents": [paper("novak.pdf")]}
    in_review(noor, **he_asks).admit(by=noor, person=pavel)
    applied(**he_asks)
    screened(pavel, noor)
    said = "First Name,Last Name,E-mail,Phone\nPavel,Novak,pavel.novak@example.org,+33 9\n"
    imported(said, noor)
    looked_through(said, noor)
    log(
        sessions["opening"], "wagtail.edit", user=olga, data={"changes": [["appearance", "", "Pavel Novak, Moderator"]]}
    )
    return pavel


def _hear_from(pavel) -> None:
    """An answer, a letter that nobody has sorted, and two reports: one that hangs on nobody, one of a letter."""
    take, address, words = ReceivedLetter.objects.take, "pavel.novak@example.org", "552 <pavel.novak@example.org> full"
    take(written("Pavel Novak", subject="Nobody has sorted this: Novak").as_bytes())
    take(report("<unknown@example.org>", address, "5.2.2", words, key="a"))
    ReceivedLetter.objects.update(person=None)
    ReturnedLetter.objects.update(person=None)
    letter = sent(pavel.messages.first())
    take(reply(letter, "Pavel Novak", Message_ID="<second@example.org>").as_bytes())
    take(report(letter.message_id, address, "5.2.2", words, key="b"))


def screened(who: Person, by) -> ScreeningQuestion:
    """Somebody asked whether it is `who` that is on a list, and answered."""
    watchlist = Watchlist.objects.create(name="Invented", kind="UN", version="1", digest="0")
    entry = watchlist.entries.create(reference="1", names=["PAVEL NOWAK"], digest="0")
    said = [["name_spelled", 98, "Pavel Novak", "PAVEL NOWAK"]]
    question = ScreeningQuestion.objects.create(
        person=who, watchlist=watchlist, reference="1", entry=entry, score=98, said=said
    )
    question.decide("NO_MATCH", "Pavel Novak is another man.", by=by)
    return question


def tables_that_say(text: str) -> list[str]:
    """The names of all tables in which `text` stands somewhere."""
    models = [model for model in apps.get_models() if text in str(list(model._base_manager.values_list()))]
    return sorted(model._meta.model_name for model in models)


def test_nothing_that_leads_to_an_erased_person_is_left(known, noor, settings):
    traces = ("Novak", "novak", "Pavel alone")
    before = [tables_that_say(trace) for trace in traces]

    erase(known, by=noor)

    assert {"person", "programmeentry", "message", "modellogentry", "receivedletter"} <= set(before[0])
    assert {"importrow", "importbatch"} <= set(before[0])
    assert {"returnedletter", "delivery"} <= set(before[1])
    assert before[2] == ["interaction"]
    assert [tables_that_say(trace) for trace in traces] == [[], [], []]
    assert list((settings.MEDIA_ROOT / "imports").iterdir()) == []


def test_what_counts_counts_on_after_an_erasure(known, forum, noor):
    letters = Message.objects.count()

    erase(known, by=noor)

    assert (forum.registrations.count(), forum.invitations.count()) == (1, 1)
    assert Message.objects.count() >= letters
    assert Delivery.objects.due().count() == 0
    assert Interaction.objects.values_list("subject", flat=True).get() == "Pavel and Dina"


def test_an_erased_address_is_never_written_to_again(known, noor):
    erase(known, by=noor)
    again = person("Pavel", "Novak")
    message = posted(again, "SERVICE")

    assert Delivery.objects.empty_outbox() == 0
    assert message.deliveries.get().error == "Erased"
    assert Suppression.objects.filter(address__contains="novak").count() == 0


def test_the_history_of_an_erased_person_is_emptied_and_the_chain_holds(known, noor):
    Seal.objects.append()

    erase(known, by=noor)
    Seal.objects.append()

    verdict = Seal.objects.verify()
    assert (verdict.broken, verdict.unsealed, verdict.emptied > 0) == ([], 0, True)


def test_the_preview_says_what_erasing_does_and_writes_nothing(client, known, noor):
    client.force_login(noor)

    page = client.get(reverse("person:erase", args=[known.pk]))

    steps = {step.label: (step.count, step.is_kept) for step in page.context["steps"]}
    assert steps["Invitations"] == (1, True)
    assert steps["E-mail addresses"] == (1, False)
    assert steps["Rows of imported files"] == (2, True)
    assert Person.objects.get(pk=known.pk).family_name == "Novak"
    assert [step.label for step in outlook(known)] == list(steps)
    assert f'href="{reverse("person:data_protection", args=[known.pk])}">Leave it</a>' in page.text


def test_what_goes_is_called_so_that_who_knows_no_tables_understands_it(known, noor):
    MatchKey.objects.create(record=known, key="n:novak pavel")
    MailingRecipient.objects.create(
        mailing=Mailing.objects.create(name="N", segment=Segment.objects.create(name="S")), person=known, language="fr"
    )

    called = {step.label for step in outlook(known)}

    assert {
        "Part in meetings, calls and notes",
        "Mailings to this person",
        "Marks by which duplicates are found",
    } <= called
    assert called.isdisjoint({"Participants", "Recipients", "Match keys"})
    assert "Mailings to this person" in {one.label for one in dossier(known)}


def test_an_erased_person_is_nowhere_to_be_found(client, known, noor):
    client.force_login(noor)
    token = known.token

    client.post(reverse("person:erase", args=[known.pk]))

    assert Person.objects.filter(pk=known.pk).exists() is False
    assert client.get(reverse("person:inspect", args=[known.pk]), follow=True).status_code == 404
    assert client.get(reverse("contacts:own_data", args=[token])).status_code == 404


def test_who_is_on_legal_hold_or_works_here_is_not_erased(client, pavel, noor):
    client.force_login(noor)
    pavel.hold_reason = "Case 12/2026"
    pavel.save()
    worker = person("Olga", "Works", user=noor)

    page = client.get(reverse("person:erase", args=[pavel.pk]))

    assert page.context["refusals"] == ["This record is on legal hold and must be kept."]
    with pytest.raises(ValidationError, match="legal hold"):
        erase(pavel, by=noor)
    with pytest.raises(ValidationError, match="works here"):
        erase(worker, by=noor)
    assert Person.objects.filter(pk__in=[pavel.pk, worker.pk]).count() == 2


def test_an_organizer_neither_discloses_nor_erases(client, pavel, olga):
    client.force_login(olga)

    answers = [client.get(reverse(f"person:{name}", args=[pavel.pk])).url for name in ("dossier", "erase")]

    assert answers == ["/admin/", "/admin/"]


def test_the_letter_speaks_the_readers_language(dina):
    assert mail.confirm_data(dina).language == "ar"
    assert dossier(dina)[0].kind == "person"
