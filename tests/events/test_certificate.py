"""Attendance worked out from the doors, and the certificate that comes of it."""

import io
import subprocess

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from pypdf import PdfReader

from contacts.models import Delivery, Message, Segment
from events.models import FormalLetter, LetterText, Presence, Session
from events.models.attendance import Attendance, attendance
from events.models.presence import Scan
from events.views.desk.badges import COLORS
from tests.conftest import at, person
from tests.events.conftest import letters


@pytest.fixture
def course(forum) -> dict[str, Session]:
    """Four sessions of an hour on the first day from 9, with a break after the second; one on the second day."""
    forum.certificate_share = 80
    forum.save()

    def session(name: str, day: int, hour: int, **more) -> Session:
        times = {"starts_at": at(forum, day, hour), "ends_at": at(forum, day, hour + 1)}
        return Session.objects.create(event=forum, title={"en": name}, **times, **more)

    names = [("one", 0, 9), ("two", 0, 10), ("three", 0, 12), ("four", 0, 13), ("five", 1, 9)]
    found = {name: session(name, day, hour) for name, day, hour in names}
    session("coffee", 0, 11, kind="Break")
    session("dropped", 1, 10, status="CANCELLED")
    return found


@pytest.fixture
def seat(forum, dina, olga):
    [invitation] = forum.invitations.draft([dina], by=olga)
    invitation.send(by=olga)
    invitation.answer("ACCEPTED")
    return forum.registrations.get(person=dina)


def pass_door(forum, seat, day, hour, minute=0, way="IN", session=None) -> None:
    door = forum.scanners.first() or forum.scanners.open(forum, "Door", by=None)
    moment = at(forum, day, hour, minute)
    Presence.objects.scan(
        door,
        Scan(seat.badge, f"{seat.pk}{moment:%d%H%M}{way}{session and session.pk}", moment, way, session),
        now=moment,
    )


def attended(forum) -> tuple:
    found = attendance(forum)
    return tuple((one.attended, one.held) for one in found.values())


def test_who_stays_in_the_house_was_in_each_session_of_the_day(forum, course, seat):
    pass_door(forum, seat, 0, 8, 30)

    assert attended(forum) == ((4, 5),)


def test_half_of_a_session_is_enough_and_less_is_not(forum, course, seat):
    pass_door(forum, seat, 0, 9, 30)
    pass_door(forum, seat, 0, 10, 29, way="OUT")
    assert attended(forum) == ((1, 5),)

    pass_door(forum, seat, 0, 10, 30)  # out for a minute: half an hour and 29 minutes of the second
    assert attended(forum) == ((4, 5),)


def test_the_door_of_a_session_counts_by_itself_and_never_twice(forum, course, seat):
    pass_door(forum, seat, 1, 9, 50, session=course["five"])
    assert attended(forum) == ((1, 5),)

    pass_door(forum, seat, 1, 8, 50)
    assert attended(forum) == ((1, 5),)


def test_an_event_without_sessions_counts_its_days(forum, seat):
    pass_door(forum, seat, 1, 9)

    assert attended(forum) == ((1, 2),)


def test_a_share_is_rounded_down(forum):
    assert [Attendance(*pair).share for pair in ((2, 3), (0, 5), (5, 5), (0, 0))] == [66, 0, 100, 0]


def test_attendance_asks_two_questions_however_many_came(forum, course, seat, django_assert_num_queries):
    for name in ("A", "B"):
        pass_door(forum, forum.registrations.enter(person(name, "Amari")), 0, 9)
    pass_door(forum, seat, 0, 9)

    with django_assert_num_queries(2):
        assert len(attendance(forum)) == 3


# -- Certificates -----------------------------------------------------------------------------------------------------


@pytest.fixture
def due(forum, course, seat, olga):
    """An invitation whose person was in four of five sessions, where 80 % is the rule."""
    LetterText.objects.write_usual(forum, by=olga)
    pass_door(forum, seat, 0, 8, 30)
    return forum.invitations.get()


def certify(invitation, by=None) -> FormalLetter:
    event = type(invitation.event).objects.get(pk=invitation.event_id)
    invitation.event = event
    [share] = attendance(event).values()
    return invitation.formal_letters.certify(invitation, share, by=by)


def text_of(content: bytes, tmp_path) -> str:
    path = tmp_path / "paper.pdf"
    path.write_bytes(content)
    return subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout


def test_a_certificate_is_numbered_sent_and_says_what_was_attended(due, olga, dina):
    dina.languages = ["en"]
    due.language = "en"
    due.save()
    certificate = certify(due, olga)

    assert certificate.body.endswith("Sessions attended: 4 of 5.")
    assert (certificate.number, certificate.valid_until, certificate.addressee[0]) == (
        "forum/00001",
        None,
        "Dr Dina Haddad",
    )
    assert letters(dina)[-1] == "certificate"
    Delivery.objects.empty_outbox()
    [(name, content, kind)] = due.attachments_of("certificate")
    assert (name, kind, len(PdfReader(io.BytesIO(content)).pages)) == (
        "forum-certificate-00001.pdf",
        "application/pdf",
        1,
    )


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_there_is_a_text_in_each_language(forum, due, language):
    text = LetterText.objects.get(event=forum, kind="CERTIFICATE", language=language)
    text.full_clean()

    assert {name for name in ("{event}", "{attended}", "{held}") if name in text.body} == {
        "{event}",
        "{attended}",
        "{held}",
    }


def test_our_text_never_goes_over_that_of_an_organizer(forum, olga):
    LetterText.objects.create(
        event=forum, kind="CERTIFICATE", language="en", subject="Diploma", body="well done", signatory="Olga"
    )

    assert LetterText.objects.write_usual(forum, by=olga) == 3
    assert LetterText.objects.get(event=forum, language="en").subject == "Diploma"


def test_a_letter_of_invitation_cannot_speak_of_sessions(forum):
    text = LetterText(event=forum, kind="INVITATION", language="en", subject="x", body="{attended}", signatory="Olga")

    with pytest.raises(ValidationError, match="These cannot be filled: attended"):
        text.full_clean()


def test_one_session_too_few_is_not_enough(forum, due, seat, olga):
    forum.certificate_share = 81
    forum.save()

    with pytest.raises(ValidationError, match="was in 4 of 5 sessions; that is not enough"):
        certify(due, olga)
    assert not FormalLetter.objects.exists()


def test_there_is_one_certificate_for_one_event(due, olga):
    certify(due, olga)

    with pytest.raises(ValidationError, match="has a certificate already"):
        certify(due, olga)


def test_without_a_rule_or_a_text_there_is_none(forum, course, seat, olga):
    pass_door(forum, seat, 0, 8, 30)
    with pytest.raises(ValidationError, match="Write the text"):
        certify(forum.invitations.get(), olga)
    forum.certificate_share = None
    forum.save()
    with pytest.raises(ValidationError, match="Say first from which share"):
        certify(forum.invitations.get(), olga)


def test_whoever_holds_a_certificate_has_it_verified_by_name(client, due, olga):
    certificate = certify(due, olga)
    page = client.get(f"/en/formal-letters/{certificate.code}/").text

    words = ["This certificate is ours, and it is valid", "forum/00001", "Dina Haddad", "Forum on illicit trade"]
    assert [word in page for word in words] == [True] * 4


def test_a_letter_of_invitation_is_still_verified_without_a_name(client, due, olga):
    LetterText.objects.create(event=due.event, language="en", subject="x", body="come", signatory="Olga")
    due.event.__dict__.pop("texts_of_letters", None)
    letter = due.formal_letters.issue(due, "INVITATION", by=olga)

    assert "Haddad" not in client.get(f"/en/formal-letters/{letter.code}/").text


def test_who_was_erased_is_verified_no_more(client, due, olga):
    certificate = certify(due, olga)
    FormalLetter.objects.erase()
    page = client.get(f"/en/formal-letters/{certificate.code}/").text

    assert ("not valid any more" in page, "Haddad" in page) == (True, False)


def test_the_person_finds_the_certificate_on_their_page(client, due, olga):
    certificate = certify(due, olga)
    page = client.get(f"/en/invitations/{due.token}/").text
    paper = client.get(f"/en/invitations/{due.token}/letters/{certificate.pk}/")

    assert ("Certificate of attendance" in page, paper["Content-Type"]) == (True, "application/pdf")


def test_certificates_are_sent_to_those_ticked_who_were_there_enough(client, forum, due, olga, pavel):
    [other] = forum.invitations.draft([pavel], by=olga)
    other.send(by=olga)
    other.answer("ACCEPTED")
    pass_door(forum, forum.registrations.get(person=pavel), 1, 9)
    client.force_login(olga)
    address = f"/admin/events/event/{forum.pk}/certificates/"
    page = client.get(address).text
    assert [word in page for word in ("4 of 5 (80 %)", "1 of 5 (20 %)", "not enough")] == [True] * 3

    told = client.post(address, {"people": [due.pk, other.pk]}, follow=True).text
    assert ("1 certificate is in the outbox." in told, "Pavel Novak was in 1 of 5 sessions" in told) == (True, True)
    assert Message.objects.filter(letter="certificate").count() == 1
    assert "Nothing was ticked." in client.post(address, {}, follow=True).text


def test_a_certificate_is_not_issued_by_hand_on_a_card(client, due, olga):
    client.force_login(olga)
    client.post(f"/admin/events/invitation/{due.pk}/issue/", {"kind": "CERTIFICATE"})

    assert not FormalLetter.objects.exists()


def test_the_record_stands_on_the_timelines_of_person_organization_and_country(client, due, olga, noor, dina, customs):
    certify(due, olga)
    client.force_login(noor)
    places = [("person", dina.pk), ("organization", customs.pk), ("country", customs.country_id)]
    timelines = [reverse(f"{place}:timeline", args=[key]) for place, key in places]
    pages = [client.get(address).text for address in timelines]
    assert [("forum/00001" in page, page.count("Dina Haddad: Forum on illicit trade") >= 2) for page in pages] == [
        (True, True)
    ] * 3


def test_a_segment_finds_who_was_present_and_not_who_only_had_a_seat(forum, due, seat, pavel):
    forum.registrations.enter(pavel)
    segment = Segment.objects.create(name="Came", answers={"present": [str(forum.pk)]})

    assert [one.family_name for one in segment.people()] == ["Haddad"]


def test_while_the_event_goes_on_nobody_is_ticked_and_the_page_says_until_when(client, forum, due, olga, monkeypatch):
    client.force_login(olga)
    address = reverse("event:certificates", args=[forum.pk])

    running = client.get(address)
    monkeypatch.setattr("django.utils.timezone.now", lambda: at(forum, 2, 9))
    client.force_login(olga)
    over = client.get(address)

    assert [bool(page.context["runs_until"]) for page in (running, over)] == [True, False]
    assert ["checked" in page.text for page in (running, over)] == [False, True]


# -- Badges -----------------------------------------------------------------------------------------------------------


def test_badges_are_for_those_who_come_to_the_place(client, forum, seat, pavel, olga, tmp_path):
    online = forum.registrations.enter(pavel, place="ONLINE")
    client.force_login(olga)
    sheet = client.get(f"/admin/events/event/{forum.pk}/badges/?format=sheet")
    words = text_of(sheet.content, tmp_path)

    assert [word in words for word in ("Dina Haddad", "Customs of Example", "Delegate", seat.badge[:5])] == [True] * 4
    assert ("Pavel" in words, online.badge[:5] in words) == (False, False)


def test_a_single_badge_is_a_page_and_eleven_fill_two_sheets(client, forum, seat, olga):
    for number in range(10):
        forum.registrations.enter(person(f"P{number}", "Amari"))
    client.force_login(olga)

    def pages(query: str) -> int:
        content = client.get(f"/admin/events/event/{forum.pk}/badges/?{query}").content
        return len(PdfReader(io.BytesIO(content)).pages)

    assert [pages("format=sheet"), pages("format=single"), pages(f"format=single&registration={seat.pk}")] == [2, 11, 1]


def test_a_desk_prints_the_badges_of_its_own_people(client, forum, seat, fatou, tmp_path):
    forum.registrations.enter(person("Somebody", "Elsewhere"))
    client.force_login(fatou)
    words = text_of(client.get(f"/admin/events/event/{forum.pk}/badges/?format=sheet").content, tmp_path)

    assert ("Dina Haddad" in words, "Elsewhere" in words) == (True, False)


def test_a_lost_badge_is_made_void_on_the_card_of_the_invitation(client, forum, seat, olga):
    client.force_login(olga)
    client.post(f"/admin/events/event/{forum.pk}/badge-renew/", {"registration": seat.pk})

    lost, seat.badge = seat.badge, None
    seat.refresh_from_db()
    assert lost != seat.badge


def test_no_two_roles_look_the_same_and_white_is_read_on_each():
    def contrast(color: str) -> float:
        parts = [int(color[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)

    assert len({*COLORS.values()}) == len(COLORS)
    assert min(contrast(color) for color in COLORS.values()) >= 4.5
