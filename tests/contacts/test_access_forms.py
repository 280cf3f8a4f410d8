"""Country desks: a form neither names nor takes what its writer does not see, and loses nothing of it."""

import pytest
from django.urls import reverse

from contacts.models import DuplicatePair, Person
from network.models import Organization

pytestmark = pytest.mark.django_db

NO_ROWS = {f"{part}-{of}_FORMS": 0 for part in ("emails", "phones", "affiliations") for of in ("TOTAL", "INITIAL")}


@pytest.mark.parametrize(
    "address",
    [
        "relationship:add first=organization",
        "task:add organization=organization",
        "task:add person=person",
        "interaction:add organization=organization",
        "interaction:add person=person",
        "agreement:add organization=organization",
        "segment:add organization=organization",
    ],
)
def test_no_address_makes_a_form_name_what_is_hidden(client, noor, fatou, secret, address):
    form, _space, asked = address.partition(" ")
    name, _is, record = asked.partition("=")

    hidden = {"person": secret, "organization": Organization.objects.get(name="Nairobi Secret Guard")}

    def is_named(viewer) -> bool:
        client.force_login(viewer)
        return "Secret" in client.get(reverse(form), {name: hidden[record].pk}).text

    assert (is_named(noor), is_named(fatou)) == (True, False)


def test_a_form_says_that_there_is_more_than_its_writer_sees_and_leaves_it(client, fatou, customs, secret):
    guard = customs.parent = Organization.objects.get(name="Nairobi Secret Guard")
    customs.save()
    client.force_login(fatou)
    edit = reverse("organization:edit", args=[customs.pk])

    page = client.get(edit)
    given = {"name": "Customs anew", "kind": customs.kind, "country": "FR", "parent": ""}
    client.post(edit, {**given, "other_names-TOTAL_FORMS": 0, "other_names-INITIAL_FORMS": 0})

    customs.refresh_from_db()
    assert ("Secret" in page.text, "(not to be seen by you)" in page.text) == (False, True)
    assert (customs.name, customs.parent) == ("Customs anew", guard)


def test_the_warning_at_a_new_person_does_not_name_hidden_ones(client, noor, fatou, secret):
    form = {"given_name": "Sabine", "family_name": "Secret", "languages": ["fr", "", ""], "country": "FR"}
    form |= NO_ROWS
    form |= {"emails-TOTAL_FORMS": 1, "emails-0-address": "sabine.secret@example.org", "emails-0-is_primary": "on"}
    client.force_login(fatou)

    told = client.post(reverse("person:add"), form, follow=True).context["messages"]

    assert [str(message) for message in told if "may be the same" in str(message)] == []
    assert DuplicatePair.objects.count() == 1


def test_nobody_can_lose_a_record_from_their_own_sight(client, fatou):
    form = {"given_name": "Karl", "family_name": "Weber", "languages": ["de", "", ""], "country": "DE"}
    form |= NO_ROWS
    client.force_login(fatou)

    refused = client.post(reverse("person:add"), form)

    told = "None of your desks would see this record. Choose a country or an organization of theirs."
    assert (refused.context["form"].non_field_errors(), Person.objects.count()) == ([told], 0)
    added = client.post(reverse("person:add"), form | {"country": "FR"})
    assert Person.objects.get().name == "Karl Weber"
    assert added.url == reverse("person:inspect", args=[Person.objects.get().pk])
