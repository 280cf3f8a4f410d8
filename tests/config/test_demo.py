"""The demonstration: a believable house, loaded once."""

import pytest
from django.core.management import call_command
from wagtail.models import Page

from contacts.models import Person
from events.models import Event, Invitation
from network.models import CountryGroup, Organization


@pytest.fixture
def house(db):
    call_command("load_demo", verbosity=0)


def test_the_house_is_full_and_loading_twice_changes_nothing(house):
    def counts():
        return [model.objects.count() for model in (Organization, Person, Event, Invitation, Page)]

    before = counts()
    call_command("load_demo", verbosity=0)

    assert counts() == before
    assert CountryGroup.objects.get(slug="interpol").countries.count() == 196
    assert Organization.objects.count() >= 60


def test_there_are_invitations_in_every_state(house):
    states = set(Invitation.objects.values_list("state", "reply"))

    assert {state for state, _reply in states} == set(Invitation.State.values)
    assert {reply for _state, reply in states} == set(Invitation.Reply.values)
    assert Event.objects.filter(registrations__state="WAITING").exists()


def test_every_page_is_there_in_four_languages(house, client):
    addresses = [page.url for page in Page.objects.live().filter(depth__gte=2)]

    assert sorted({address[:4] for address in addresses}) == ["/ar/", "/en/", "/es/", "/fr/"]
    assert {address: client.get(address).status_code for address in addresses} == dict.fromkeys(addresses, 200)
