"""Mail from a mailbox (IMAP), and from the mail server of the machine (LMTP): one door."""

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command

from contacts.incoming.fetching import MailboxError, unread
from contacts.models import ReceivedLetter, mailbox
from tests.contacts.incoming_mail import written
from tests.imapserver import MailboxServer


@pytest.fixture
def letters(db) -> list[bytes]:
    return [written(subject=f"Letter {number}", Message_ID=f"<{number}@x>").as_bytes() for number in (1, 2)]


def test_what_is_unread_is_taken_in_once_and_marked_as_read(settings, letters, capsys):
    with MailboxServer(*letters) as server:
        server.seen.add(1)
        settings.IMAP_URL = server.url
        call_command("fetch_mail")
        call_command("fetch_mail")

    assert server.seen == {1, 2}
    assert list(ReceivedLetter.objects.values_list("subject", flat=True)) == ["Letter 2"]
    assert capsys.readouterr().out == "unfiled 1\nnothing there\n"


def test_what_was_not_taken_stays_unread_and_what_is_too_large_is_cut(letters):
    with MailboxServer(*letters) as server:
        messages = unread(server.url, most_bytes=20)
        assert next(messages) == letters[0][:20]
        messages.close()

    assert server.seen == set()


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("imap://user:wrong@127.0.0.1:{port}/", "NO|done"),
        ("imap://user:pass@127.0.0.1:1/", "127.0.0.1: "),
        ("pop3://user:pass@127.0.0.1/", "begins with imaps://"),
    ],
)
def test_a_mailbox_that_cannot_be_read_says_so_without_the_password(settings, url, told):
    with MailboxServer() as server:
        settings.IMAP_URL = url.format(port=server.port)
        with pytest.raises(CommandError, match=told) as trouble:
            call_command("fetch_mail")
        with pytest.raises(MailboxError):
            mailbox.empty(settings.IMAP_URL)
    assert ":pass" not in str(trouble.value)


def test_of_several_workers_one_looks_and_only_where_there_is_a_mailbox(settings):
    cache.clear()
    assert mailbox.is_due() is False
    with pytest.raises(CommandError, match="names no mailbox"):
        call_command("fetch_mail")
    settings.IMAP_URL = "imap://localhost/"

    assert [mailbox.is_due(), mailbox.is_due()] == [True, False]


@pytest.mark.parametrize("bind", ["0.0.0.0:8024", "192.0.2.1:8024", "nowhere", "127.0.0.1:x"])
def test_only_this_machine_is_listened_to(bind):
    with pytest.raises(CommandError):
        call_command("receive_lmtp", bind=bind)
