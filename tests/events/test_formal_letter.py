"""Formal letters: what stands on the paper, with which mail it goes, who gets it, and how it is verified."""

import datetime
import io
from email import message_from_bytes, policy

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.urls import reverse
from pypdf import PdfReader

from contacts.models import Affiliation, Delivery, Message, User
from contacts.models.erasure import erase
from events.models import Allotment, Delegation, FormalLetter, Invitation, LetterText
from network.models import Organization
from tests.conftest import person
from tests.events.conftest import LAYLA, confirmed, trained
from tests.events.test_desk import said

pytestmark = pytest.mark.django_db

FRENCH = "{salutation}\n\nNous avons l'honneur de vous inviter à {event}, {dates}."


@pytest.fixture
def texts(forum) -> list[LetterText]:
    """A letter of invitation in English and French, a visa-support letter in English."""
    rows = [
        ("INVITATION", "en", "Invitation to {event}", "{salutation}\n\nWe invite you, {name}."),
        ("INVITATION", "fr", "Invitation", FRENCH),
        ("VISA", "en", "Visa support", "{name} comes as {role}."),
    ]
    return [
        LetterText.objects.create(
            event=forum, kind=kind, language=language, subject=subject, body=body, signatory="Olga Orlova\nDirector"
        )
        for kind, language, subject, body in rows
    ]


@pytest.fixture
def invitation(forum, texts, pavel, olga) -> Invitation:
    """Pavel's, who reads French; sent."""
    [invitation] = forum.invitations.draft([pavel], by=olga)
    invitation.send(by=olga)
    return invitation


def words(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def attached(message: Message) -> dict[str, bytes]:
    """Name -> content of what the mail carries."""
    mail = message_from_bytes(message.mail().message().as_bytes(), policy=policy.default)
    return {part.get_filename(): part.get_payload(decode=True) for part in mail.walk() if part.get_filename()}


def test_the_letter_goes_with_the_mail_in_the_language_of_its_reader(invitation):
    files = attached(invitation.person.messages.get())

    assert list(files) == ["invite.ics", "forum-invitation-00001.pdf"]
    paper = words(files["forum-invitation-00001.pdf"])
    assert "Director, Customs of Example" not in paper
    for line in ("M. Pavel Novak", "Director", "Customs of Example", "Forum sur le commerce illicite", "forum/00001"):
        assert line in paper
    assert PdfReader(io.BytesIO(files["forum-invitation-00001.pdf"])).trailer["/Root"]["/Lang"] == "fr"


def test_numbers_follow_each_other_and_no_language_is_left_out(forum, invitation, dina, olga):
    ana = person("Ana", "Ramos", "es")
    forum.invitations.draft([dina, ana], by=olga)
    forum.invitations.send_drafts(by=olga)

    letters = FormalLetter.objects.order_by("serial").values_list(
        "serial", "language", "invitation__person__given_name"
    )
    assert list(letters) == [(1, "fr", "Pavel"), (2, "en", "Dina"), (3, "en", "Ana")]


def test_an_event_without_a_text_issues_none(forum, pavel, olga):
    [invitation] = forum.invitations.draft([pavel], by=olga)
    invitation.send(by=olga)

    assert not FormalLetter.objects.exists()
    assert list(attached(pavel.messages.get())) == ["invite.ics"]


def test_who_was_named_gets_it_with_the_seat_and_not_before(texts, delegation, focal, olga):
    nominee = confirmed(delegation.nominate(LAYLA, "ADVISER", "ONLINE", by=focal))
    assert not FormalLetter.objects.exists()

    nominee.approve(by=olga)

    [letter] = nominee.formal_letters.all()
    assert letter.addressee == ["Layla Amari", "Adviser", "Customs of Example", "France"]
    files = {message.letter: list(attached(message)) for message in nominee.person.messages.all()}
    assert files == {
        "nomination": ["invite.ics"],
        "nomination_confirmed": [],
        "registration_confirmed": ["invite.ics", letter.file_name],
    }


def test_a_visa_support_letter_is_issued_on_the_card_and_a_new_one_voids_it(client, invitation, olga):
    client.force_login(olga)
    url = reverse("invitation:issue", args=[invitation.pk])

    first = said(client.post(url, {"kind": "VISA"}))
    client.post(url, {"kind": "VISA"})

    assert first == ["The letter No. forum/00002 is issued."]
    kept = [(one.serial, bool(one.void_at)) for one in invitation.formal_letters.filter(kind="VISA")]
    assert kept == [(3, False), (2, True)]
    letter = invitation.formal_letters.get(serial=3)
    answer = client.get(reverse("invitation:letter", args=[invitation.pk, letter.pk]))
    assert "Pavel Novak comes as Delegate" in words(answer.content)


def test_a_letter_that_has_no_text_is_refused(client, forum, pavel, olga):
    [invitation] = forum.invitations.draft([pavel], by=olga)
    invitation.send(by=olga)
    client.force_login(olga)

    answer = client.post(reverse("invitation:issue", args=[invitation.pk]), {"kind": "VISA"})

    assert said(answer) == ["The event has no text for this letter. Write it in the form of the event."]


# -- Verified


def verified(client, letter: FormalLetter) -> str:
    page = client.get(reverse("events:letter", args=[letter.code]))
    return "valid" if page.context["is_valid"] else "void"


def test_the_page_says_number_days_and_validity_and_names_nobody(client, invitation):
    letter = invitation.formal_letters.get()

    page = client.get(reverse("events:letter", args=[letter.code]))

    assert (page.context["is_valid"], "forum/00001" in page.text) == (True, True)
    paper = words(letter.as_pdf())
    for secret in ("Pavel", "Novak", "Customs of Example", "commerce illicite", "Orlova"):
        assert (secret in paper, secret in page.text) == (True, False)
    assert page["X-Robots-Tag"] == "noindex"


def test_the_code_on_the_paper_leads_to_the_page(client, invitation):
    letter = invitation.formal_letters.get()

    assert letter.link in words(letter.as_pdf()).replace(" ", "")
    assert client.get(reverse("events:letter", args=["A" * 24])).status_code == 404


@pytest.mark.parametrize("end", ["declined", "withdrawn", "cancelled", "replaced", "over"])
def test_a_letter_holds_as_long_as_the_invitation_does(client, forum, invitation, olga, end):
    letter = invitation.formal_letters.get()
    assert verified(client, letter) == "valid"

    if end == "declined":
        invitation.answer("DECLINED")
    elif end == "withdrawn":
        invitation.withdraw(by=olga)
    elif end == "cancelled":
        forum.cancel(by=olga)
    elif end == "replaced":
        invitation.formal_letters.issue(invitation, "INVITATION", by=olga)
    else:
        FormalLetter.objects.update(valid_until="2020-01-01")

    assert verified(client, letter) == "void"


def test_when_the_person_is_erased_the_number_alone_is_left(client, invitation, olga):
    letter = invitation.formal_letters.get()

    erase(invitation.person, by=olga)

    letter.refresh_from_db()
    assert (letter.number, letter.body, letter.subject, letter.addressee) == ("forum/00001", "", "", [])
    assert verified(client, letter) == "void"


# -- Handed out


def test_the_invited_and_the_focal_point_have_it_and_nobody_else(client, texts, forum, delegation, focal, dina, olga):
    nominee = confirmed(delegation.nominate(LAYLA, "ADVISER", "ONLINE", by=focal))
    nominee.approve(by=olga)
    [other] = forum.invitations.draft([dina], by=olga)
    other.send(by=olga)
    mine, theirs = nominee.formal_letters.get(), other.formal_letters.get()

    def status(name, *where):
        return client.get(reverse(f"events:{name}", args=where)).status_code

    assert status("invitation_letter", nominee.token, mine.pk) == 200
    assert status("invitation_letter", nominee.token, theirs.pk) == 404
    client.force_login(focal)
    assert status("delegation_letter", delegation.pk, mine.pk) == 200
    assert status("delegation_letter", delegation.pk, theirs.pk) == 404


def test_a_name_in_letters_that_the_fonts_lack_is_printed_all_the_same(forum, texts, olga):
    [invitation] = forum.invitations.draft([person("小明", "王")], by=olga)
    invitation.send(by=olga)

    assert invitation.formal_letters.get().as_pdf().startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("body", "told"),
    [("{passport}", "These cannot be filled: passport."), ("{name", "A brace { or } is left open.")],
)
def test_a_text_speaks_only_of_what_is_known_of_everybody(forum, body, told):
    text = LetterText(event=forum, kind="VISA", language="en", subject="Visa", body=body, signatory="Olga")

    with pytest.raises(ValidationError) as refused:
        text.clean()
    assert refused.value.message_dict["body"][0].startswith(told)


def test_the_paper_arrives_with_the_mail_at_a_real_server(invitation, mail_server):
    assert Delivery.objects.empty_outbox() == 1

    [mail] = mail_server.mails
    names = [part.get_filename() for part in mail.walk() if part.get_filename()]
    assert names == ["invite.ics", "forum-invitation-00001.pdf"]


# -- To an organization -----------------------------------------------------------------------------------------------

TO_IT = "We present our compliments to {name}. Places: {places}, until {until}."


@pytest.fixture
def asked(forum, customs, pavel, olga) -> Delegation:
    """The customs service, invited with a letter on paper in English and French; its focal point reads French."""
    for language, subject in (("en", "Invitation"), ("fr", "Invitation officielle")):
        LetterText.objects.create(
            event=forum, kind="DELEGATION", language=language, subject=subject, body=TO_IT, signatory="Olga Orlova"
        )
    Allotment.objects.give(forum, customs.kind, "", "ROOM", 2, by=olga)
    [delegation] = forum.delegations.draft([customs], by=olga)
    delegation.invite(by=olga)
    return delegation


def test_the_organization_is_asked_on_paper_with_the_letter_to_its_focal_points(asked, pavel):
    files = attached(pavel.messages.get())

    assert list(files) == ["forum-delegation-00001.pdf"]
    paper = words(files["forum-delegation-00001.pdf"])
    for line in ("Customs of Example", "France", "Invitation officielle", "forum/00001", "2"):
        assert line in paper
    assert "Novak" not in paper


def test_the_focal_point_and_organizers_have_the_letter_and_nobody_else(client, asked, pavel, olga, stranger):
    letter = asked.formal_letters.get()
    portal = reverse("events:delegation_letter", args=[asked.pk, letter.pk])
    desk = reverse("delegation:letter", args=[asked.pk, letter.pk])
    focal = User.objects.get(person=pavel)

    def status(viewer, address) -> int:
        client.force_login(viewer)
        return client.get(address).status_code

    assert [status(focal, portal), status(olga, desk)] == [200, 200]
    assert [status(stranger, portal), status(olga, portal), status(stranger, desk)] == [404, 404, 302]
    client.force_login(focal)
    assert portal in client.get(asked.get_absolute_url()).text


@pytest.mark.parametrize("end", ["withdrawn", "issued anew", "over"])
def test_it_holds_as_long_as_the_organization_is_invited(client, forum, asked, olga, end):
    letter = asked.formal_letters.get()
    page = reverse("events:letter", args=[letter.code])
    assert client.get(page).context["is_valid"] is True

    if end == "withdrawn":
        asked.withdraw(by=olga)
    elif end == "issued anew":
        client.force_login(olga)
        client.post(reverse("delegation:issue", args=[asked.pk]))
        assert [one.serial for one in asked.formal_letters.standing()] == [2]
    else:
        asked.formal_letters.update(valid_until=forum.starts_on - datetime.timedelta(days=200))

    assert client.get(page).context["is_valid"] is False


def test_an_event_without_a_text_for_it_asks_by_mail_alone_and_says_so(client, delegation, pavel, olga):
    client.force_login(olga)

    assert attached(pavel.messages.get()) == {}
    told = said(client.post(reverse("delegation:issue", args=[delegation.pk])))
    assert told == ["The event has no text for a letter of this kind."]


def test_letters_to_focal_points_are_looked_at_before_they_go(client, forum, customs, pavel, olga):
    LetterText.objects.write_usual(forum, "DELEGATION", by=olga)
    omar = person("Omar", "Saleh", "ar")
    Affiliation.objects.create(person=omar, organization=customs, is_focal_point=True)
    watch = Organization.objects.create(kind="NGO", name="Watch")
    [asked, _watch] = forum.delegations.draft([customs, watch], by=olga)
    client.force_login(olga)
    address = reverse("event:delegation_letters", args=[forum.pk])

    page = client.get(address)
    shown = [(one.code, one.reader, "Customs of Example" in one.letter.text) for one in page.context["previews"]]
    paper = client.get(reverse("event:delegation_paper", args=[forum.pk]), {"reader": f"{asked.pk}-{pavel.pk}"})
    named = client.get(address, {"name": "nobody"})

    assert shown == [("ar", omar, True), ("fr", pavel, True)]
    assert (page.context["ready"], page.context["count"], page.context["unready"]) == (1, 2, [_watch])
    assert "Customs of Example" in words(paper.content)
    assert (FormalLetter.objects.count(), Message.objects.count()) == (0, 0)
    assert said(named) == ["Nobody to whom this letter goes is called “nobody”."]

    assert said(client.post(address)) == ["2 letters are in the outbox."]
    assert list(forum.delegations.values_list("organization__name", "state")) == [
        ("Customs of Example", "INVITED"),
        ("Watch", "DRAFT"),
    ]
    assert FormalLetter.objects.get().language == "fr"


def test_the_letters_of_a_desk_are_those_of_its_organizations(client, forum, customs, pavel, fatou, olga):
    abroad = Organization.objects.create(kind="NGO", name="Abroad")
    Affiliation.objects.create(person=person("Ida", "Berg"), organization=abroad, is_focal_point=True)
    forum.delegations.draft([customs, abroad], by=olga)
    fatou.groups.add(Group.objects.get(name="organizer"))
    client.force_login(fatou)

    page = client.get(reverse("event:delegation_letters", args=[forum.pk]))

    assert [one.reader for one in page.context["previews"]] == [pavel]


def test_our_own_texts_are_a_beginning_in_each_language_and_replace_nothing(client, forum, texts, olga):
    client.force_login(olga)
    address = reverse("event:letter_texts", args=[forum.pk])

    for kind in ("INVITATION", "DELEGATION", "VISA", "nothing"):
        client.post(address, {"kind": kind})

    counts = {kind: forum.letter_texts.filter(kind=kind).count() for kind in ("INVITATION", "DELEGATION", "VISA")}
    assert counts == {"INVITATION": 4, "DELEGATION": 4, "VISA": 4}
    assert forum.letter_texts.get(kind="INVITATION", language="fr").body == FRENCH
    for text in forum.letter_texts.all():
        text.full_clean()
    rows = client.get(address).context["rows"]
    assert [(row["kind"].value, row["lacks"]) for row in rows] == [
        ("INVITATION", False),
        ("DELEGATION", False),
        ("VISA", False),
        ("CERTIFICATE", True),
    ]


def test_an_address_that_is_copied_from_a_certificate_has_no_hidden_marks(forum, dina):
    [certificate] = trained(forum, dina)
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(certificate.as_pdf())).pages)

    assert "\u200b" not in text
    assert certificate.code in text.replace("\n", "")
