"""Segments, and mailings to them: who fits, who gets what in which language, who is skipped and why."""

import datetime
import re
from smtplib import SMTPDataError

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from wagtail.users.models import UserProfile

from contacts import mail
from contacts.models import (
    Affiliation,
    Delivery,
    Mailing,
    MailingText,
    Message,
    Person,
    Segment,
    Suppression,
)
from contacts.models.erasure import erase
from contacts.tasks import deliver_mail, write_mailings
from network.models import Country, CountryGroup, Desk, Organization, OrganizationName
from tests.conftest import person, queries_of, several_connections, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(pavel, dina, tobacco, france) -> dict[str, Person]:
    """Pavel (French; focal point) and Dina (Arabic) of French customs; Karl of a German company; Zoe of nowhere."""
    company = Organization.objects.create(kind="INDUSTRY", name="Weber AG", country_id="DE")
    company.topics.add(tobacco)
    karl, zoe = person("Karl", "Weber", "en", country_id="DE"), person("Zoe", "Zimmer", "es")
    Affiliation.objects.create(person=karl, organization=company, rank=Affiliation.Rank.DIRECTOR)
    return {"pavel": pavel, "dina": dina, "karl": karl, "zoe": zoe}


def names(people) -> list[str]:
    return [one.given_name for one in people.order_by("given_name")]


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        ({}, []),
        ({"kind": ["LAW_ENFORCEMENT"]}, ["Dina", "Pavel"]),
        ({"kind": ["LAW_ENFORCEMENT", "INDUSTRY"]}, ["Dina", "Karl", "Pavel"]),
        ({"kind": ["LAW_ENFORCEMENT"], "language": ["ar"]}, ["Dina"]),
        ({"country": ["DE"]}, ["Karl"]),
        ({"group": ["eu"]}, ["Dina", "Pavel"]),
        ({"topic": ["tobacco"]}, ["Karl"]),
        ({"focal": ["tobacco"]}, ["Pavel"]),
        ({"gap": ["tobacco"]}, ["Karl"]),
        ({"gap": ["tobacco"], "country": ["FR"]}, []),
        ({"rank": ["60"]}, ["Karl"]),
        ({"language": ["es", "en"]}, ["Karl", "Zoe"]),
        ({"invited": ["forum"]}, ["Dina", "Pavel"]),
        ({"unanswered": ["forum"]}, ["Dina"]),
        ({"seated": ["forum"]}, ["Pavel"]),
        ({"removed_condition": ["1"]}, []),
    ],
)
def test_who_fits_conditions(world, tobacco, france, forum, noor, answers, found):
    group = CountryGroup.objects.create(slug="eu-test", name={"en": "Group"})
    group.countries.add(france)
    for invitation in forum.invitations.draft([world["pavel"], world["dina"]], by=noor):
        invitation.send(by=noor)
    forum.invitations.get(person=world["pavel"]).answer("ACCEPTED")
    keys = {"tobacco": str(tobacco.pk), "forum": str(forum.pk), "eu": str(group.pk)}
    segment = Segment(name="S", answers={name: [keys.get(key, key) for key in ks] for name, ks in answers.items()})
    segment.save()

    assert names(segment.people()) == found


def test_who_was_added_or_left_out_by_hand_stays_so(world, noor):
    segment = Segment.objects.create(name="Customs", answers={"kind": ["LAW_ENFORCEMENT"]})
    segment.put(world["zoe"], True, by=noor)
    segment.put(world["pavel"], False, by=noor)
    assert names(segment.people()) == ["Dina", "Zoe"]

    Affiliation.objects.filter(person=world["dina"]).update(ends_on=datetime.date(2020, 1, 1))
    assert names(segment.people()) == ["Zoe"]

    segment.leave_to_conditions(world["pavel"], by=noor)
    assert names(segment.people()) == ["Pavel", "Zoe"]


@pytest.fixture
def segment(world, noor) -> Segment:
    """Everybody of the world."""
    segment = Segment.objects.create(name="All", answers={"kind": ["LAW_ENFORCEMENT", "INDUSTRY"]})
    segment.put(world["zoe"], True, by=noor)
    return segment


TEXTS = {
    "en": ("The new law, {name}", "{salutation}\n\nHow is it at {organization}?"),
    "fr": ("La nouvelle loi", "{salutation}\n\nComment va {organization} ?"),
}


@pytest.fixture
def mailing(segment, noor) -> Mailing:
    mailing = Mailing.objects.create(name="The law", segment=segment, by=noor, reply_to="noor@example.org")
    for language, (subject, body) in TEXTS.items():
        MailingText.objects.create(mailing=mailing, language=language, subject=subject, body=body)
    return Mailing.objects.get(pk=mailing.pk)


def test_each_gets_it_in_their_language_filled_in(mailing, mail_server, noor):
    mailing.send(by=noor)
    write_mailings.func()
    deliver_mail.func()

    mails = {message["To"]: message for message in mail_server.mails}
    assert {to: message["Subject"] for to, message in mails.items()} == {
        "pavel.novak@example.org": "La nouvelle loi",
        "dina.haddad@example.org": "The new law, Dina Haddad",
        "karl.weber@example.org": "The new law, Karl Weber",
    }
    plain = mails["pavel.novak@example.org"].get_body(["plain"]).get_content()
    assert plain.splitlines()[:3] == ["M. Pavel Novak,", "", "Comment va Customs of Example ?"]
    assert mails["pavel.novak@example.org"]["Reply-To"] == "noor@example.org"
    assert Mailing.objects.get().state == "SENT"


def test_an_organization_is_called_in_a_letter_as_it_is_in_its_language(client, mailing, customs, noor):
    names = {"Douanes d'Exemple": ("fr", "TRANSLATION"), "Aduanas": ("es", "TRANSLATION"), "DEX": ("fr", "ALIAS")}
    for name, (language, kind) in names.items():
        OrganizationName.objects.create(organization=customs, name=name, language=language, kind=kind)
    client.force_login(noor)
    copies = [client.get(reverse("mailing:inspect", args=[mailing.pk]), {"copy": n}).context["copy"] for n in (1, 2, 3)]

    mailing.send(by=noor)
    write_mailings.func()

    asked = {str(copy["row"].person): copy["letter"].text.splitlines()[2] for copy in copies}
    assert asked == {
        "Pavel Novak": "Comment va Douanes d'Exemple ?",
        "Dina Haddad": "How is it at Customs of Example?",
        "Karl Weber": "How is it at Weber AG?",
    }
    assert {str(one.person): one.text.splitlines()[2] for one in Message.objects.select_related("person")} == asked


def test_who_would_get_it_is_asked_as_often_for_many_organizations_as_for_one(mailing, segment, noor):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            mailing.outlook(noor)
        return len(queries)

    _texts_and_segment_are_read_once, with_two = asked(), asked()
    for number in range(3):
        body = Organization.objects.create(kind="INDUSTRY", name=f"Company {number}", country_id="DE")
        OrganizationName.objects.create(organization=body, name=f"Société {number}", language="fr", kind="TRANSLATION")
        Affiliation.objects.create(person=person("Guest", f"Number{number}", "fr"), organization=body)

    assert (len(mailing.outlook(noor).going), asked()) == (6, with_two)


def test_who_is_skipped_is_listed_with_the_reason(mailing, world, noor):
    world["karl"].emails.all().delete()
    Suppression.objects.suppress("dina.haddad@example.org", "OPT_OUT", "NEWS")

    seen = mailing.outlook(noor)
    assert mailing.send(by=noor) == 1

    held = {row.person.given_name: row.obstacle for row in mailing.recipients.skipped()}
    assert held == {
        "Dina": "Does not want such letters",
        "Karl": "There is no e-mail address.",
        "Zoe": "Not known: organization.",
    }
    assert {row.person.given_name: row.obstacle for row in seen.held} == held
    with override("fr"):
        assert [row.obstacle for row in mailing.recipients.skipped().order_by("person__given_name")] == [
            "Ne souhaite pas de telles lettres",
            "Il n’y a pas d’adresse électronique.",
            "Inconnu : organization.",
        ]
    assert mailing.progress() == {"total": 4, "written": 0, "leaving": 0, "waiting": 1, "skipped": 3}


def test_recipients_are_fixed_when_it_is_sent(mailing, segment, noor, world):
    mailing.send(by=noor)
    segment.answers = {}
    segment.save()
    world["pavel"].emails.update(address="new@example.org")

    write_mailings.func()

    assert sorted(Message.objects.values_list("to_address", flat=True)) == [
        "dina.haddad@example.org",
        "karl.weber@example.org",
        "pavel.novak@example.org",
    ]


def test_it_goes_out_when_it_is_due(mailing, noor):
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    mailing.send(by=noor, at=tomorrow)

    assert (write_mailings.func(), Message.objects.count()) == (0, 0)
    assert list(Mailing.objects.due(tomorrow)) == [mailing]


def test_a_stop_keeps_back_what_has_not_left(mailing, noor):
    mailing.send(by=noor)
    mailing.write_some()
    Message.objects.first().deliveries.update(state="SENT")

    assert mailing.stop(by=noor) == 2

    assert sorted(Delivery.objects.values_list("state", flat=True)) == ["SENT", "STOPPED", "STOPPED"]
    assert mailing.progress() == {"total": 4, "written": 1, "leaving": 0, "waiting": 2, "skipped": 1}
    assert (write_mailings.func(), Mailing.objects.get().state) == (0, "STOPPED")


def test_a_stopped_mailing_goes_on_where_it_was_and_reaches_everybody_once(mailing, noor, mail_server, monkeypatch):
    monkeypatch.setattr("contacts.models.mailing.SLICE", 1)
    mailing.send(by=noor)
    mailing.write_some()
    deliver_mail.func()
    mailing.write_some()
    mailing.stop(by=noor)
    assert (write_mailings.func(), deliver_mail.func()) == (0, 0)

    mailing.resume(by=noor)

    assert (write_mailings.func(), deliver_mail.func(), deliver_mail.func()) == (1, 2, 0)
    assert sorted(message["To"] for message in mail_server.mails) == [
        "dina.haddad@example.org",
        "karl.weber@example.org",
        "pavel.novak@example.org",
    ]
    assert Mailing.objects.get().state == "SENT"


def test_what_waits_in_the_outbox_can_be_stopped_after_the_last_letter_was_written(mailing, noor):
    mailing.send(by=noor)
    while mailing.write_some():
        pass
    mailing.refresh_from_db()
    assert (mailing.state, mailing.is_on_its_way, mailing.progress()["leaving"]) == ("SENT", True, 3)

    assert mailing.stop(by=noor) == 3

    mailing.resume(by=noor)
    write_mailings.func()
    Delivery.objects.update(state="SENT")
    mailing.refresh_from_db()
    assert (mailing.state, mailing.is_on_its_way) == ("SENT", False)
    with pytest.raises(ValidationError, match="not on its way"):
        mailing.stop(by=noor)


def test_a_letter_that_the_server_puts_off_stays_where_its_mailing_was_stopped(mailing, noor):
    mailing.send(by=noor)
    mailing.write_some()
    letter = Delivery.objects.first()
    Delivery.objects.claim([letter])
    mailing.stop(by=noor)

    letter.fail(SMTPDataError(451, b"Busy"))

    assert list(Delivery.objects.values_list("state", flat=True)) == ["STOPPED"] * 3


def test_what_a_stop_keeps_back_does_not_go_to_who_was_erased_since(mailing, world, noor):
    mailing.send(by=noor)
    mailing.write_some()
    mailing.stop(by=noor)
    erase(world["karl"], by=noor)

    mailing.resume(by=noor)

    assert Message.objects.get(person=world["karl"]).deliveries.get().state == "SUPPRESSED"


def test_nothing_is_sent_twice(mailing, noor):
    mailing.send(by=noor)

    with pytest.raises(ValidationError, match="sent already"):
        Mailing.objects.get().send(by=noor)


def test_nothing_is_sent_to_nobody(mailing, noor, segment):
    segment.choices.all().delete()
    Segment.objects.update(answers={"kind": ["NGO"]})

    with pytest.raises(ValidationError, match="Nobody would get this letter"):
        Mailing.objects.get().send(by=noor)
    assert (Mailing.objects.get().state, mailing.recipients.count()) == ("DRAFT", 0)


@several_connections
def test_a_worker_sends_a_mailing_from_end_to_end(mailing, noor, mail_server):
    mailing.send(by=noor)

    call_command("worker", once=True)
    call_command("worker", once=True)

    assert len(mail_server.mails) == 3


def test_who_sends_for_a_desk_sends_to_its_people(mailing, world):
    keith = staff("network officer", "keith@example.org")
    keith.desks.add(Desk.objects.create(name="Germany", countries=[Country.objects.get(pk="DE")]))

    assert [row.person for row in mailing.outlook(keith).going] == [world["karl"]]
    assert mailing.send(by=keith) == 1


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("Dear {nmae}", "These cannot be filled: nmae."),
        ("Dear {name.__class__}", "These cannot be filled: name.__class__."),
        ("Dear {name", "A brace { or } is left open."),
        ("Dear {}", "These cannot be filled: ."),
    ],
)
def test_a_letter_with_a_gap_cannot_be_saved(body, sentence):
    with pytest.raises(ValidationError) as refusal:
        MailingText(language="en", subject="S", body=body).clean()

    assert refusal.value.message_dict["body"][0].startswith(sentence)


def test_braces_can_be_written():
    letter = mail.mailing("en", "S", "{{like this}} {name}", {"name": "{Eve}"})

    assert letter.text.startswith("{like this} {Eve}\n")


def test_what_a_reader_is_called_is_no_markup():
    assert "<b>" not in mail.mailing("en", "S", "{name}", {"name": "<b>Eve</b>"}).html


def test_the_screens_of_a_mailing_from_writing_to_stopping(client, noor, segment, world):
    client.force_login(noor)
    form = {"name": "News", "segment": segment.pk, "reply_to": "", "texts-INITIAL_FORMS": 0, "texts-TOTAL_FORMS": 1}
    form |= {"texts-0-language": "en", "texts-0-subject": "News", "texts-0-body": "{salutation} Hello."}

    card = client.post(reverse("mailing:add"), form).url
    page = client.get(card)
    assert [len(page.context["outlook"].going), page.context["copy"]["letter"].subject] == [4, "News"]
    second = client.get(card, {"copy": "2"}).context["copy"]
    assert (second["number"], second["before"], second["next"]) == (2, 1, 3)

    pk = Mailing.objects.get().pk
    tested = client.post(reverse("mailing:test", args=[pk]), {"person": world["zoe"].pk, "copy": "2"})
    assert tested.url == f"{card}?copy=2#copy"
    assert Message.objects.get().to_address == noor.email
    client.get(card)  # shows what the test said
    told = client.post(reverse("mailing:send", args=[pk]), {"at": "soon"}, follow=True).context["messages"]
    assert [str(one).strip() for one in told] == ["Say when as date and time, such as 2026-05-01 09:00."]
    asked = client.get(reverse("mailing:send", args=[pk]), {"at": "2030-05-01 09:00"})
    assert (len(asked.context["outlook"].going), Mailing.objects.get().state) == (4, "DRAFT")
    assert 'name="at" value="2030-05-01 09:00' in asked.text
    assert asked.context["languages"] == [("English", 4)]  # what goes, whatever its readers read
    assert sum(number for language, number in asked.context["untold"] if language != "English") > 0
    told = client.post(reverse("mailing:send", args=[pk]), {"at": ""}, follow=True).context["messages"]
    assert [str(one).strip() for one in told] == ["It goes to 4 people."]
    assert client.get(card).context["progress"]["waiting"] == 4
    assert client.get(reverse("mailing:edit", args=[pk])).status_code == 302
    client.post(reverse("mailing:stop", args=[pk]))
    assert Mailing.objects.get().state == "STOPPED"


def test_a_copy_is_shown_in_each_language_that_is_read_whether_it_is_written_or_not(client, noor, mailing, world):
    client.force_login(noor)
    card = reverse("mailing:inspect", args=[mailing.pk])
    languages = client.get(card).context["copy"]["languages"]

    pages = [(name, count, client.get(card, {"copy": first})) for name, count, first, _is_shown in languages]

    shown = {(name, count): page.context["copy"] for name, count, page in pages}
    assert {asked: (copy["row"].person, copy["letter"].language, copy["untold"]) for asked, copy in shown.items()} == {
        ("French", 1): (world["pavel"], "fr", ""),
        ("English", 1): (world["karl"], "en", ""),
        ("Arabic", 1): (world["dina"], "en", "Arabic"),
    }
    for name, _count, page in pages:
        assert re.findall(r'aria-current="true"><bdi>(.*?)</bdi>', page.text) == [name]
    [arabic] = [page.text for name, _count, page in pages if name == "Arabic"]
    assert "There is no text in: <bdi>Arabic</bdi>. Instead, it goes out in: <bdi>English</bdi>" in arabic


def test_the_screens_of_a_segment_count_and_decide_by_hand(client, noor, world):
    client.force_login(noor)
    asked = {"answer_kind": ["LAW_ENFORCEMENT", "forged"], "answer_country": "FR"}
    assert client.get(reverse("segment:count"), asked).json() == {"count": 2}

    card = client.post(reverse("segment:add"), {"name": "Customs", "answer_kind": ["LAW_ENFORCEMENT"]}).url
    page = client.get(card)
    assert (page.context["count"], page.context["languages"]) == (2, [("Arabic", 1), ("French", 1)])
    segment = Segment.objects.get()
    assert (segment.answers, segment.by) == ({"kind": ["LAW_ENFORCEMENT"]}, noor)

    by_hand = reverse("segment:by_hand", args=[segment.pk])
    client.post(by_hand, {"person": world["zoe"].pk, "choice": "in"})
    client.post(by_hand, {"person": world["pavel"].pk, "choice": "out"})
    assert names(segment.people()) == ["Dina", "Zoe"]
    client.post(by_hand, {"person": world["pavel"].pk})
    assert names(segment.people()) == ["Dina", "Pavel", "Zoe"]


@pytest.mark.parametrize("name", ["segment", "mailing", "suppression"])
def test_a_list_asks_as_often_for_three_rows_as_for_one(client, noor, name):
    client.force_login(noor)

    def one_more(number: int) -> None:
        segment = Segment.objects.create(name=f"Segment {number}", by=noor)
        Mailing.objects.create(name=f"Mailing {number}", segment=segment, by=noor)
        Suppression.objects.suppress(f"x{number}@example.org", "HARD_BOUNCE", by=noor)

    one_more(1)
    with_one = queries_of(client, reverse(f"{name}:index"))
    one_more(2), one_more(3)

    assert queries_of(client, reverse(f"{name}:index")) == with_one


def test_an_address_that_somebody_told_us_about_is_noted_and_lifted(client, noor):
    client.force_login(noor)
    client.post(reverse("suppression:add"), {"address": "Gone@example.org", "reason": "HARD_BOUNCE", "purpose": ""})
    client.post(reverse("suppression:add"), {"address": "no@example.org", "reason": "OPT_OUT", "purpose": "NEWS"})
    gone, objects = Suppression.objects.order_by("pk")
    assert (gone.address, gone.by) == ("gone@example.org", noor)

    for row in (gone, objects):
        client.post(reverse("suppression:lift", args=[row.pk]))

    assert list(Suppression.objects.standing()) == [objects]


def test_in_which_languages_a_segment_reads_is_said_before_and_after_writing(client, noor, segment, world):
    client.force_login(noor)
    mailing = Mailing.objects.create(name="News", segment=segment)
    empty = client.get(reverse("mailing:inspect", args=[mailing.pk]))
    MailingText.objects.create(mailing=mailing, language="fr", subject="S", body="B")

    form = client.get(reverse("mailing:add"), {"segment": segment.pk})
    card = client.get(reverse("mailing:inspect", args=[mailing.pk]))

    assert "Write the letter in at least one language first." in empty.text
    [read] = re.findall("Letters in:(.*?)</p>", form.text)
    assert sorted(re.findall("<bdi>(.*?)</bdi> 1", read)) == ["Arabic", "English", "French", "Spanish"]
    assert sorted(card.context["untold"]) == [("Arabic", 1), ("English", 1), ("Spanish", 1)]
    assert (card.context["instead"], "Français" in card.text) == ("French", False)


@pytest.mark.parametrize(("speaks", "offered"), [("", "en"), ("fr", "fr")])
def test_a_new_mailing_is_open_at_its_first_text_in_the_language_of_its_writer(client, noor, speaks, offered):
    UserProfile.objects.create(user=noor, preferred_language=speaks)
    client.force_login(noor)

    [text] = client.get(reverse("mailing:add")).context["form"].formsets["texts"].forms

    assert text["language"].value() == offered
