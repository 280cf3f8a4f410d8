"""The names under which calendar programs know our entries."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from events.ical import invitation_uid, invitation_uid_is_ours, new_guid, session_uid

GUID = UUID("0192f1c4-aaaa-7bbb-8ccc-0123456789ab")
KEY = b"the key of this installation"


def test_a_guid_is_a_uuid_of_version_7_that_begins_with_the_time():
    earliest = datetime.now(UTC) - timedelta(milliseconds=1)
    guids = [new_guid() for _ in range(50)]
    latest = datetime.now(UTC)

    assert {(guid.version, guid.variant) for guid in guids} == {(7, "specified in RFC 4122")}
    assert len(set(guids)) == 50
    moments = [datetime.fromtimestamp((guid.int >> 80) / 1000, UTC) for guid in guids]
    assert [moment for moment in moments if not earliest <= moment <= latest] == []


def test_a_session_is_known_by_its_guid():
    assert session_uid(GUID, "entente.example") == "0192f1c4-aaaa-7bbb-8ccc-0123456789ab@entente.example"


def test_an_invitation_is_known_by_its_guid_and_a_seal():
    uid = invitation_uid(GUID, "entente.example", KEY)

    assert uid == "i-0192f1c4-aaaa-7bbb-8ccc-0123456789ab-w74idoh3crxlcxfz@entente.example"
    assert invitation_uid_is_ours(uid, KEY) is True
    assert invitation_uid_is_ours(f" {uid.upper()}\r\n", KEY) is True


@pytest.mark.parametrize(
    "uid",
    [
        "",
        session_uid(GUID, "entente.example"),
        invitation_uid(GUID, "entente.example", b"another key"),
        invitation_uid(GUID, "entente.example", KEY).replace("0192", "0193"),
        invitation_uid(GUID, "entente.example", KEY).replace("@entente.example", ""),
        "x" + invitation_uid(GUID, "entente.example", KEY),
    ],
)
def test_a_uid_with_no_true_seal_is_not_ours(uid):
    assert invitation_uid_is_ours(uid, KEY) is False
