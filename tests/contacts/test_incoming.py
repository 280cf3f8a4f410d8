"""What comes in is read for what it is, as the tables of two libraries have it, and nothing makes the reader fail."""

import time
from pathlib import Path

import pytest
from django.core.management import call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from bench import bounces
from contacts.incoming import Kind, Reason, read, reason_of
from contacts.incoming.sniffing import kind_of
from contacts.models import Message, Outcome, ReceivedFile, ReceivedLetter, ReturnedLetter, Suppression
from tests.contacts.incoming_mail import complaint, report, written


@pytest.fixture
def mails(real_data) -> list[Path]:
    """Every file of the folder: reports, replies, what providers post, tables, licences."""
    return sorted(path for path in (real_data / "bounces").rglob("*") if path.is_file())


# -- what it is


@pytest.mark.parametrize(
    ("words", "status", "reason"),
    [
        ("550 5.1.1 User unknown", "5.1.1", "NO_ADDRESS"),
        ("550 no such user here", "", "NO_ADDRESS"),
        ("Adresse d au moins un destinataire invalide", "5.1.1", "NO_ADDRESS"),
        ("Host or domain name not found", "5.4.4", "NO_DOMAIN"),
        ("550 5.1.1 mailbox is full", "5.1.1", "FULL"),
        ("452 4.2.2 over quota", "4.2.2", "FULL"),
        ("user unknown", "4.1.1", "LATE"),  # a code of the class 4 is never for good
        ("550 User unknown (in reply to end of DATA command)", "5.0.0", "REFUSED"),  # so says a filter
        ("550 5.1.1 User unknown (in reply to end of DATA command)", "5.1.1", "NO_ADDRESS"),
        ("550 after MAIL FROM: domain does not exist", "5.1.8", "REFUSED"),  # ours, not theirs
        ("554 5.7.1 blocked using zen.spamhaus.org", "5.7.1", "REFUSED"),
        ("552 message size exceeds fixed maximum", "5.3.4", "TOO_BIG"),
        ("this account has been disabled", "5.2.1", "CLOSED"),
        ("connection timed out", "", "LATE"),
        ("", "5.1.1", "NO_ADDRESS"),
        ("", "", "UNKNOWN"),
    ],
)
def test_words_and_codes_say_why(words, status, reason):
    assert reason_of(words, status) is Reason(reason)


def test_only_what_can_never_be_reached_is_hard():
    assert [reason for reason in Reason if reason.is_hard] == [Reason.NO_ADDRESS, Reason.NO_DOMAIN]


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (report("<a@b.example>", "x@y.example"), "HARD"),
        (report("<a@b.example>", "x@y.example", "4.2.2", "mailbox full"), "SOFT"),
        (report("<a@b.example>", "x@y.example", "5.1.1", "User unknown", "delayed"), "SOFT"),
        (report("<a@b.example>", "x@y.example", "2.0.0", "250 ok", "delivered"), "ARRIVED"),
        (complaint("<a@b.example>", "x@y.example"), "COMPLAINT"),
        (complaint("<a@b.example>", "x@y.example", "auth-failure"), "AUTO_REPLY"),
        (written(Auto_Submitted="auto-replied").as_bytes(), "AUTO_REPLY"),
        (written(Auto_Submitted="no").as_bytes(), "REPLY"),
        (written("Your mail said: 550 user unknown").as_bytes(), "REPLY"),
        (written(subject="Re: Undelivered Mail Returned to Sender", In_Reply_To="<a@b.example>").as_bytes(), "REPLY"),
        (b"", "REPLY"),
        (b"\0\xff\xfe", "REPLY"),
    ],
)
def test_a_message_is_of_one_of_six_kinds(raw, kind):
    assert read(raw).kind is Kind(kind)


@pytest.mark.parametrize("ends", [b"\r\n", b"\r"])
def test_line_ends_do_not_matter(ends):
    raw = report("<a@b.example>", "x@y.example")

    assert read(raw.replace(b"\n", ends)).report == read(raw).report


def test_the_words_of_a_report_that_follows_no_standard_are_found_by_address():
    raw = b"""From: MAILER-DAEMON@mx.example.net
Subject: failure notice

Hi. This is the qmail-send program at mx.example.net.
I'm afraid I wasn't able to deliver your message to the following addresses.

<full@example.org>:
Remote host said: 552 5.2.2 Mailbox full

<gone@example.org>:
Remote host said: 550 5.1.1 User unknown

--- Below this line is a copy of the message.

Message-ID: <ours@localhost>
Subject: user unknown at large
"""

    found = read(raw)

    assert [(one.address, one.reason.value) for one in found.report.failures] == [
        ("full@example.org", "FULL"),
        ("gone@example.org", "NO_ADDRESS"),
    ]
    assert found.mentions == ("<ours@localhost>",)


# -- the real ones


@pytest.mark.real_data
def test_the_tables_of_two_libraries_are_met(real_data):
    by_sisimai, _mistakes = bounces.sisimai()
    shares = {name: right / total for name, (right, total) in {**by_sisimai, **bounces.flufl()}.items()}

    assert {name: share >= 0.95 for name, share in shares.items()} == dict.fromkeys(shares, True)
    assert len(shares) == 5


@pytest.mark.real_data
def test_no_ordinary_reply_is_taken_for_anything_else(real_data):
    assert bounces.ordinary() == {"ordinary replies not taken for anything else": (15, 15)}


@pytest.mark.real_data
@pytest.mark.slow
@pytest.mark.django_db
def test_every_file_at_hand_is_taken_in_once_and_stops_no_letters(mails):
    """None gives back a letter of ours: whatever they say, nothing follows."""
    first = [ReceivedLetter.objects.take(path.read_bytes()) for path in mails]
    rows = ReturnedLetter.objects.count(), ReceivedLetter.objects.count(), ReceivedFile.objects.count()
    for path in mails:
        ReceivedLetter.objects.take(path.read_bytes())

    assert (len(first) > 460, first.count(Outcome.RETURNED) > 400) == (True, True)
    assert (ReturnedLetter.objects.count(), ReceivedLetter.objects.count(), ReceivedFile.objects.count()) == rows
    assert (Suppression.objects.count(), Message.objects.count()) == (0, 0)


@pytest.mark.real_data
@pytest.mark.django_db
def test_a_mailbox_file_of_many_bounces_is_taken_in(real_data, capsys):
    call_command("receive_mail", real_data / "bounces" / "sisimai-mbox" / "mbox-0")

    assert (capsys.readouterr().out.strip(), ReturnedLetter.objects.count()) == (
        "returned 37",
        35,
    )  # two are there twice


# -- the hostile ones


@given(st.binary(max_size=3000))
def test_bytes_are_read_whatever_they_are(raw):
    assert read(raw).kind in Kind


@settings(max_examples=60)
@given(st.integers(0, 2000), st.binary(min_size=1, max_size=40))
def test_a_broken_report_is_read(place, noise):
    raw = report("<a@b.example>", "x@y.example")

    assert read(raw[:place] + noise + raw[place:]).kind in Kind


@given(st.binary(max_size=2000))
def test_a_file_is_of_a_quiet_kind_or_of_none(content):
    assert isinstance(kind_of(content), str)


def test_parts_in_parts_without_end_are_read_in_time():
    depth = 3000
    opening = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(depth))
    began = time.perf_counter()

    found = read(f"From: x@y.example\nSubject: Deep\n{opening}\nx".encode())

    assert (found.subject, time.perf_counter() - began < 20) == ("Deep", True)


@pytest.mark.parametrize(
    "raw",
    [
        b"From: a@b.example\nSubject: =?utf-8?b?////?= =?x-none?q?a?=\n\nx",
        b"From: \xff\xfe <\xff@b.example>\nSubject: \xe9t\xe9\n\nx",
        b'Content-Type: text/plain; charset="a\0b"\n\nx',
        b"Content-Type: text/plain; charset=unknown-8bit\nContent-Transfer-Encoding: base64\n\n!!!!",
        b"Content-Type: message/rfc822\n\n",
        b"Content-Type: message/delivery-status\n\n\n\nAction: failed\n\n",
        b"Content-Type: multipart/mixed\n\nno boundary",
        b"Date: Mon, 99 Foo 99999 99:99:99 +9999\nReferences: " + b"<a@b> " * 5000 + b"\n\nx",
        b"Content-Disposition: attachment; filename*=utf-8''%FF%FE\nContent-Type: image/png\n\nx",
        b"From: a\n" + b"Received: x\n" * 20000 + b"\nx",
        b"Content-Type: text/html\n\n<![<<!DOCTYPE [ <a <b " + b"<" * 5000,
    ],
)
@pytest.mark.django_db
def test_malformed_messages_are_taken_in(raw):
    assert ReceivedLetter.objects.take(raw) in Outcome


@pytest.mark.parametrize("sign", [b"-", b" ", b"a", b"(", b"full ", b"<a@b.example> ", b"user\n"])
def test_long_words_are_read_in_time(sign):
    """No pattern needs more time than the text is long."""
    raw = b"From: MAILER-DAEMON@x.example\nSubject: failure notice\n\n" + sign * (1_000_000 // len(sign))
    began = time.perf_counter()

    read(raw)

    assert time.perf_counter() - began < 20
