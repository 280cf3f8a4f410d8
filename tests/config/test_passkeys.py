"""Passkeys: one more way into an account, told to its owner, and for nobody else to touch."""

import json
import time

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from wagtail.models import ModelLogEntry

from config.accounts import AccountAdapter
from contacts.models import Message, User
from tests.conftest import PASSWORD

PASSKEY = {"name": "My telephone", "credential": {"clientExtensionResults": {"credProps": {"rk": True}}}}


@pytest.fixture
def passkey(olga) -> Authenticator:
    return Authenticator.objects.create(user=olga, type=Authenticator.Type.WEBAUTHN, data=PASSKEY)


def enter(client, email: str) -> str:
    return client.post(reverse("account_login"), {"login": email, "password": PASSWORD}).url


def grow_old(client) -> None:
    """The sign-in of this session was an hour ago."""
    session = client.session
    [way] = session["account_authentication_methods"]
    session["account_authentication_methods"] = [{**way, "at": time.time() - 3600}]
    session.save()


def test_who_has_a_passkey_still_comes_in_by_the_password_alone(client, olga, passkey):
    assert enter(client, olga.email) == reverse("wagtailadmin_home")
    assert client.get(reverse("mfa_list_webauthn")).context["authenticators"][0] == passkey


def test_who_has_just_signed_in_changes_passkeys_at_once(client, olga, passkey):
    enter(client, olga.email)

    gone = client.post(reverse("mfa_remove_webauthn", args=[passkey.pk]))

    assert (gone.url, list(Authenticator.objects.all())) == (reverse("mfa_list_webauthn"), [])
    assert [(one.letter, one.to_address) for one in Message.objects.all()] == [("passkey_removed", olga.email)]
    assert [one.action for one in ModelLogEntry.objects.filter(user=olga)] == ["contacts.user.remove_passkey"]


def test_who_signed_in_an_hour_ago_is_asked_again(client, olga, passkey):
    enter(client, olga.email)
    grow_old(client)
    door = reverse("mfa_remove_webauthn", args=[passkey.pk])

    asked = client.post(door)

    assert asked.url.startswith(reverse("account_reauthenticate"))
    assert Authenticator.objects.get() == passkey
    page = client.get(asked.url)
    assert page.context["reauthentication_alternatives"][0]["url"].startswith(reverse("mfa_reauthenticate_webauthn"))
    assert client.post(asked.url, {"password": PASSWORD}).url == reverse("mfa_list_webauthn")
    assert list(Authenticator.objects.all()) == []  # what was asked for is done now


def test_the_passkey_of_another_is_not_there(client, stranger, passkey):
    enter(client, stranger.email)

    pages = [client.get(reverse(f"mfa_{act}_webauthn", args=[passkey.pk])).status_code for act in ("edit", "remove")]

    assert (pages, client.post(reverse("mfa_remove_webauthn", args=[passkey.pk])).status_code) == ([404, 404], 404)
    assert list(client.get(reverse("mfa_list_webauthn")).context["authenticators"]) == []
    assert Authenticator.objects.get() == passkey


@pytest.mark.parametrize("credential", ["{}", '{"id": "x", "response": {"userHandle": "MQ"}}', "no json", "[]"])
def test_what_is_no_passkey_signs_nobody_in(client, olga, passkey, credential):
    client.get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"})

    answer = client.post(reverse("mfa_login_webauthn"), {"credential": credential}, follow=True)

    assert (answer.status_code, answer.wsgi_request.user.is_authenticated) == (200, False)


def test_a_question_to_the_authenticator_names_nobody(client, olga, passkey):
    """Who asks without an account learns of none."""
    asked = client.get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"})

    assert json.loads(asked.content)["request_options"]["publicKey"].get("allowCredentials", []) == []


def test_a_partner_reads_of_a_new_passkey_in_their_language(rf, client, pavel):
    account = User.objects.open_for(pavel)

    AccountAdapter(rf.get("/")).send_notification_mail("mfa/email/webauthn_added", account)

    [letter] = Message.objects.all()
    assert (letter.person, letter.language, letter.to_address) == (pavel, "fr", "pavel.novak@example.org")
    assert "/en/accounts/passkeys/" not in letter.text
