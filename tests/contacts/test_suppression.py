"""What must not be sent is not sent, whoever put it into the outbox; and readers say for themselves what they want."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from contacts.mail import PREFERENCES, Letter, Purpose
from contacts.models import Delivery, Message, Person, PersonEmail, Suppression
from contacts.models.erasure import erase
from contacts.models.suppression import digest
from contacts.sheets import read_people
from contacts.tasks import deliver_mail
from tests.contacts.test_imports import looked_through, worked_off
from tests.contacts.test_viewsets import form_of

pytestmark = pytest.mark.django_db
Reason = Suppression.Reason
ADDRESS = "pavel.novak@example.org"


def letter(purpose: str) -> Letter:
    text = f"Bonjour\n{PREFERENCES}\n"
    return Letter(f"{purpose.lower()}_letter", "fr", purpose, text, f"<p>{PREFERENCES}</p>", purpose=Purpose(purpose))


@pytest.fixture
def news(pavel) -> Message:
    return Message.objects.post(pavel, letter("NEWS"))


def sent(mail_server) -> list[str]:
    deliver_mail.func()
    return [message["Subject"] for message in mail_server.mails]


@pytest.mark.parametrize(
    ("reason", "purpose", "goes"),
    [
        (Reason.HARD_BOUNCE, "", []),
        (Reason.ERASED, "", []),
        (Reason.OPT_OUT, "NEWS", ["SERVICE", "INVITATION"]),
        (Reason.COMPLAINT, "INVITATION", ["SERVICE", "NEWS"]),
        (Reason.CONSENT, "NEWS", ["SERVICE", "INVITATION"]),
    ],
)
def test_what_stands_against_a_letter_is_asked_when_it_leaves(mail_server, pavel, reason, purpose, goes):
    for kind in ("SERVICE", "INVITATION", "NEWS"):
        Message.objects.post(pavel, letter(kind))
    Suppression.objects.suppress(" Pavel.Novak@Example.org", reason, purpose)  # after they were put into the outbox

    assert sent(mail_server) == goes
    kept = Delivery.objects.filter(state="SUPPRESSED").values_list("message__subject", "error")
    assert dict(kept) == {kind: reason.label for kind in ("SERVICE", "INVITATION", "NEWS") if kind not in goes}


def test_other_addresses_are_written_to(mail_server, pavel, news):
    Suppression.objects.suppress("other@example.org", Reason.HARD_BOUNCE)

    assert sent(mail_server) == ["NEWS"]


def test_an_objection_is_noted_once_and_a_mended_address_is_written_to_again(mail_server, news, noor):
    for _time in range(2):
        Suppression.objects.suppress(ADDRESS, Reason.HARD_BOUNCE, detail="550 No such user")
    [row] = Suppression.objects.all()
    assert (row.address, row.can_be_lifted) == (ADDRESS, True)

    row.lift(by=noor)

    assert (sent(mail_server), Suppression.objects.standing().count()) == (["NEWS"], 0)


def test_an_erased_address_is_known_and_not_kept():
    row = Suppression.objects.suppress(ADDRESS, Reason.ERASED)

    assert (row.address, row.digest, ADDRESS in str(vars(row))) == ("", digest(ADDRESS), False)
    assert Suppression.objects.against(ADDRESS, "SERVICE").exists()


def test_the_digest_depends_on_the_installations_own_key(settings):
    before = digest(ADDRESS)
    settings.SUPPRESSION_KEY = "another"

    assert digest(ADDRESS) != before


def test_a_mailing_offers_one_click_and_a_letter_about_a_seat_does_not(mail_server, pavel, news):
    Message.objects.post(pavel, letter("SERVICE"))
    deliver_mail.func()

    mailing, service = mail_server.mails

    link = f"http://localhost:8000/fr/letters/{news.token}/unsubscribe/"
    assert (mailing["List-Unsubscribe"].strip(), mailing["List-Unsubscribe-Post"]) == (
        f"<{link}>",
        "List-Unsubscribe=One-Click",
    )
    assert (service["List-Unsubscribe"], service["List-Unsubscribe-Post"]) == (None, None)
    lines = mailing.get_body(["plain"]).get_content().split()
    assert lines == ["Bonjour", f"http://localhost:8000/fr/letters/{news.token}/"]


def test_one_click_is_a_post_of_a_mail_program_without_any_page_of_ours(news):
    mail_program = Client(enforce_csrf_checks=True)
    url = reverse("contacts:unsubscribe", args=[news.token])

    answer = mail_program.post(url, {"List-Unsubscribe": "One-Click"})

    assert (answer.status_code, [str(row) for row in Suppression.objects.all()]) == (
        200,
        [f"{ADDRESS}: Does not want such letters"],
    )


@pytest.mark.parametrize("page", ["preferences", "unsubscribe"])
def test_a_scanner_that_follows_the_link_changes_nothing(client, news, page):
    answer = client.get(reverse(f"contacts:{page}", args=[news.token]))

    assert (answer.status_code, "<button" in answer.text, Suppression.objects.count()) == (200, True, 0)
    assert (answer["X-Robots-Tag"], "no-store" in answer["Cache-Control"]) == ("noindex", True)


@pytest.mark.parametrize("page", ["preferences", "unsubscribe"])
@pytest.mark.parametrize("token", ["x", "1-forged", "99999999999999999999-x"])
def test_a_forged_link_opens_nothing(client, news, page, token):
    token = token.replace("1-", f"{news.pk}-")
    url = reverse(f"contacts:{page}", args=[token])

    assert (client.get(url).status_code, client.post(url).status_code) == (404, 404)
    assert Suppression.objects.count() == 0


def test_a_reader_chooses_what_to_get_and_in_which_language(client, news, pavel):
    url = reverse("contacts:preferences", args=[news.token])

    client.post(url, {"wanted": ["INVITATION"], "language": "es"})

    page = client.get(url)
    assert page.context["form"].initial == {"wanted": ["INVITATION"], "language": "es"}
    pavel.refresh_from_db()
    assert pavel.languages == ["es", "fr"]
    client.post(url, {"wanted": ["INVITATION", "NEWS"], "language": "es"})
    assert list(Suppression.objects.standing()) == []


def test_who_wants_letters_again_does_not_make_a_dead_address_live(client, news):
    Suppression.objects.suppress(ADDRESS, Reason.HARD_BOUNCE)

    client.post(
        reverse("contacts:preferences", args=[news.token]), {"wanted": ["NEWS", "INVITATION"], "language": "fr"}
    )

    assert [row.reason for row in Suppression.objects.standing()] == ["HARD_BOUNCE"]


def test_an_objection_comes_along_with_a_merge(mail_server, news, pavel, dina):
    Suppression.objects.suppress(ADDRESS, Reason.OPT_OUT, "NEWS")
    PersonEmail.objects.filter(person=pavel).update(person=dina)

    Message.objects.post(dina, letter("NEWS"), address=ADDRESS)

    assert sent(mail_server) == []


# -- an address that was erased


def test_no_import_brings_somebody_back_who_was_erased(noor, pavel, dina, sheet):
    erase(pavel, by=noor)
    told = "Somebody with this address has been erased at their wish."
    rows = "Given name,Family name,E-mail\nPavel,Novak,PAVEL.novak@example.org\nDina,Haddad,dina.haddad@example.org\n"

    with CaptureQueriesContext(connection) as captured:
        batch = looked_through(rows, noor)

    assert len([one for one in captured if 'FROM "contacts_suppression"' in one["sql"]]) == 1
    assert list(batch.rows.values_list("verdict", "reason")) == [("REFUSE", told), ("SAME", batch.rows.last().reason)]
    batch.mend(batch.rows.get(number=2), {"Family name": "Novák"}, by=noor)
    batch.start(by=noor)
    assert (worked_off(batch).rows.get(number=2).outcome, list(Person.objects.all())) == ("REFUSED", [dina])
    records = read_people(sheet("given_name,family_name,emails\nAnn,Other,pavel.novak@example.org\n"))
    assert [refused.reason for refused in Person.objects.take_records(records, by=noor).refused] == [told]
    assert list(Person.objects.all()) == [dina]


def test_who_has_the_address_of_somebody_who_was_erased_is_still_kept_up_to_date(noor, pavel, dina):
    PersonEmail.objects.create(person=dina, address="pavel.novak@example.org")
    erase(pavel, by=noor)

    batch = looked_through("Given name,Family name,E-mail,Phone\nDina,Haddad,pavel.novak@example.org,+33 1 23\n", noor)

    assert [row.verdict for row in batch.rows.all()] == ["UPDATE"]


def test_who_types_an_address_that_was_erased_is_told(client, noor, pavel, dina):
    erase(pavel, by=noor)
    client.force_login(noor)
    told = "Somebody with the address pavel.novak@example.org has been erased at their wish; no letter goes there."
    row = {"id": dina.emails.get().pk, "address": "pavel.novak@example.org"}

    added = client.post(reverse("person:add"), form_of(emails=[{"address": "pavel.novak@example.org"}]), follow=True)
    edited = client.post(reverse("person:edit", args=[dina.pk]), form_of(1, emails=[row]), follow=True)

    warnings = [one for page in (added, edited) for one in page.context["messages"] if one.level_tag == "warning"]
    assert [str(one).strip() for one in warnings] == [told, told]


def test_a_card_says_beside_an_address_why_no_letters_go_there(client, noor, pavel):
    Suppression.objects.suppress("Pavel.Novak@example.org", "HARD_BOUNCE")
    Suppression.objects.suppress("pavel.novak@example.org", "OPT_OUT", "NEWS")
    Suppression.objects.suppress("pavel.novak@example.org", "OPT_OUT", "INVITATION").lift(by=noor)
    client.force_login(noor)

    page = client.get(reverse("person:inspect", args=[pavel.pk])).content.decode()

    [beside] = re.findall(r">pavel.novak@example.org</a>(.*?)</div>", page)
    tags = re.findall(r'<span class="w-status">(.*?)</span>', beside)
    assert tags == ["The address does not exist", "News and mailings: Does not want such letters"]
