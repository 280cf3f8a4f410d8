"""Country desks: who belongs to one sees its rows alone, on every surface; each of these has something to leak."""

import datetime

import pytest
from django.urls import reverse
from wagtail.log_actions import log

from contacts.mail import Letter
from contacts.models import Affiliation, DuplicatePair, Merge, Message, Person
from network.models import Country, Desk, Organization, Relationship
from network.models.desk import DeskOrganization
from network.models.guarded import sees
from network.viewsets.records import KeysFirst
from tests.conftest import person, queries_of, rows_of_sheet, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def french_desk(france) -> Desk:
    desk = Desk.objects.create(name="France")
    desk.countries.add(france)
    desk.save()
    return desk


@pytest.fixture
def fatou(french_desk):
    """Network officer of the French desk."""
    fatou = staff("network officer", "fatou@example.org")
    fatou.desks.add(french_desk)
    return fatou


@pytest.fixture
def oscar(french_desk):
    """Organizer of the French desk."""
    oscar = staff("organizer", "oscar@example.org")
    oscar.desks.add(french_desk)
    return oscar


@pytest.fixture
def secret(db, tobacco) -> Person:
    """Known to the desk of Kenya alone."""
    guard = Organization.objects.create(kind="LAW_ENFORCEMENT", name="Nairobi Secret Guard", country_id="KE")
    secret = person("Sabine", "Secret", "fr", country_id="KE")
    Affiliation.objects.create(person=secret, organization=guard, is_focal_point=True, competence=tobacco)
    Message.objects.post(secret, Letter("invitation", "fr", "For Secret eyes", "Bonjour", "<p>Bonjour</p>"))
    return secret


@pytest.fixture
def rows(secret, pavel, customs, forum, olga) -> dict:
    """Something on each list that the desk may see, and something that it may not."""
    guard = Organization.objects.get(name="Nairobi Secret Guard")
    Message.objects.post(pavel, Letter("invitation", "fr", "For Pavel", "Bonjour", "<p>Bonjour</p>"))
    forum.invitations.draft([pavel, secret], by=olga)
    forum.invitations.send_drafts(by=olga)
    for invitation in forum.invitations.all():
        invitation.answer("ACCEPTED")
    hidden = {
        "organization": guard,
        "person": secret,
        "message": secret.messages.first(),
        "relationship": Relationship.objects.create(first=customs, kind="PARTNER", second=guard),
        "duplicatepair": DuplicatePair.objects.create(first=pavel, second=secret, score=7),
        "invitation": forum.invitations.get(person=secret),
        "registration": forum.registrations.get(person=secret),
    }
    return hidden


NO_ROWS = {f"{part}-{of}_FORMS": 0 for part in ("emails", "phones", "affiliations") for of in ("TOTAL", "INITIAL")}
NAMES = ["organization", "person", "message", "relationship", "duplicatepair"]


@pytest.mark.parametrize("name", NAMES)
def test_a_list_its_count_its_search_and_its_export_end_at_the_desk(client, noor, fatou, rows, name):
    url = reverse(f"{name}:index")
    client.force_login(noor)
    everything = client.get(url).context["object_list"]
    assert rows[name] in everything

    client.force_login(fatou)
    page, found = client.get(url), client.get(url, {"q": "secret"})

    assert (rows[name] in page.context["object_list"], rows[name] in found.context["object_list"]) == (False, False)
    assert page.context["paginator"].count < len(everything)
    assert "Secret" not in page.text.replace("q=secret", "")
    assert "Secret" not in str(rows_of_sheet(client.get(url, {"export": "csv"})))


@pytest.mark.parametrize("name", ["invitation", "registration"])
def test_the_lists_of_an_event_end_at_the_desk(client, olga, oscar, rows, name):
    url = reverse(f"{name}:index")
    client.force_login(olga)
    assert "Secret" in client.get(url).text

    client.force_login(oscar)

    assert "Secret" not in client.get(url).text
    assert "Secret" not in str(rows_of_sheet(client.get(url, {"export": "csv"})))


@pytest.mark.parametrize("door", ["inspect", "edit", "delete", "history", "who"])
@pytest.mark.parametrize("name", ["organization", "person"])
def test_no_door_of_a_hidden_record_opens(client, noor, fatou, rows, name, door):
    url = reverse(f"{name}:{door}", args=[rows[name].pk])
    client.force_login(noor)
    assert client.get(url).status_code == 200

    client.force_login(fatou)

    assert (client.get(url, follow=True).status_code, client.post(url, follow=True).status_code) == (404, 404)


def test_letters_pairs_and_merges_of_hidden_people_cannot_be_acted_on(client, fatou, oscar, rows, secret):
    merge = Merge.objects.join(secret, person("Sabina", "Secret", country_id="KE"), by=None)
    delivery = secret.messages.last().deliveries.get()
    acts = {
        reverse("duplicatepair:keep_apart", args=[rows["duplicatepair"].pk]): fatou,
        reverse("person:unmerge", args=[merge.pk]): fatou,
        reverse("person:merge", args=[secret.pk]): fatou,
        reverse("message:send_again", args=[delivery.pk]): oscar,
        reverse("invitation:answer", args=[rows["invitation"].pk]): oscar,
        reverse("invitation:withdraw", args=[rows["invitation"].pk]): oscar,
    }

    for url, viewer in acts.items():
        client.force_login(viewer)
        assert (url, client.post(url, follow=True).status_code) == (url, 404)


def test_a_chooser_offers_and_takes_what_may_be_seen_alone(client, fatou, rows):
    client.force_login(fatou)
    guard, secret = rows["organization"], rows["person"]

    offered = client.get(reverse("organization_chooser:choose_results")).context["results"]
    assert [str(organization) for organization in offered] == ["Customs of Example (CEX)"]
    assert client.get(reverse("person_chooser:chosen", args=[secret.pk]), follow=True).status_code == 404
    assert "Secret" not in client.get(reverse("person_chooser:chosen_multiple"), {"id": [secret.pk]}).text
    posted = {"first": guard.pk, "kind": "PARTNER", "second": guard.pk}
    form = client.post(reverse("relationship:add"), posted).context["form"]
    assert list(form.errors) == ["first", "second"]


def test_a_merge_cannot_bring_a_hidden_record_into_sight(client, fatou, pavel, secret):
    client.force_login(fatou)

    page = client.post(reverse("person:merge", args=[pavel.pk]), {"other": secret.pk})

    assert (page.status_code, "Secret" in page.text, Merge.objects.count()) == (200, False, 0)


def test_cards_and_the_matrix_do_not_name_hidden_people(client, noor, fatou, rows, customs, secret):
    Affiliation.objects.create(person=secret, organization=Organization.objects.create(kind="IGO", name="World Body"))
    urls = [
        reverse("organization:inspect", args=[customs.pk]),
        reverse("organization:inspect", args=[Organization.objects.get(kind="IGO").pk]),
        reverse("coverage:index"),
    ]
    client.force_login(noor)
    assert ["Secret" in client.get(url).text for url in urls] == [True, True, True]

    client.force_login(fatou)

    assert ["Secret" in client.get(url).text for url in urls] == [False, False, False]


def test_the_desk_of_an_event_counts_and_sends_what_the_organizer_sees(client, oscar, forum, pavel, secret):
    client.force_login(oscar)
    people = client.get(reverse("event:invite", args=[forum.pk])).context["object_list"]
    assert [one.name for one in people] == ["Pavel Novak"]
    forum.invitations.draft([pavel, secret], by=None)

    desk = client.get(reverse("event:desk", args=[forum.pk])).context
    preview = client.get(reverse("event:letters", args=[forum.pk]))
    client.post(reverse("event:letters", args=[forum.pk]))

    assert (desk["drafts"], preview.context["count"], "Secret" in preview.text) == (1, 1, False)
    assert [(invitation.person, invitation.state) for invitation in forum.invitations.all()] == [
        (pavel, "SENT"),
        (secret, "DRAFT"),
    ]


def test_the_warning_at_a_new_person_does_not_name_hidden_ones(client, noor, fatou, secret):
    form = {"given_name": "Sabine", "family_name": "Secret", "languages": ["fr", "", ""], "country": "FR"}
    form |= {
        f"{name}-{total}_FORMS": 0 for name in ("emails", "phones", "affiliations") for total in ("TOTAL", "INITIAL")
    }
    form |= {"emails-TOTAL_FORMS": 1, "emails-0-address": "sabine.secret@example.org", "emails-0-is_primary": "on"}
    client.force_login(fatou)

    told = client.post(reverse("person:add"), form, follow=True).context["messages"]

    assert [str(message) for message in told if "may be the same" in str(message)] == []
    assert DuplicatePair.objects.count() == 1


def test_nobody_can_lose_a_record_from_their_own_sight(client, fatou):
    form = {"given_name": "Karl", "family_name": "Weber", "languages": ["de", "", ""], "country": "DE"}
    form |= {
        f"{name}-{total}_FORMS": 0 for name in ("emails", "phones", "affiliations") for total in ("TOTAL", "INITIAL")
    }
    client.force_login(fatou)

    refused = client.post(reverse("person:add"), form)

    told = "None of your desks would see this record. Choose a country or an organization of theirs."
    assert (refused.context["form"].non_field_errors(), Person.objects.count()) == ([told], 0)
    added = client.post(reverse("person:add"), form | {"country": "FR"})
    assert Person.objects.get().name == "Karl Weber"
    assert added.url == reverse("person:inspect", args=[Person.objects.get().pk])


def test_a_record_says_who_can_see_it_and_through_what(client, root, noor, fatou, french_desk, pavel, secret):
    kenya = Desk.objects.create(name="Kenya", countries=[Country.objects.get(pk="KE")])
    keith = staff("reader", "keith@example.org")
    keith.desks.add(kenya)
    client.force_login(noor)

    pages = [client.get(reverse("person:who", args=[one.pk])).context["people"] for one in (pavel, secret)]

    assert [[(user, desks) for user, _roles, desks in page] for page in pages] == [
        [(fatou, ["France"]), (noor, []), (root, [])],
        [(noor, []), (keith, ["Kenya"]), (root, [])],
    ]


def test_an_organization_named_on_a_desk_brings_its_people(french_desk, fatou, secret):
    assert not sees(fatou, secret)

    DeskOrganization.objects.create(desk=french_desk, organization=secret.affiliations.get().organization)

    assert sees(type(fatou).objects.get(pk=fatou.pk), secret)


def test_who_left_an_organization_stays_in_its_history(fatou, pavel):
    pavel.affiliations.update(ends_on=datetime.date(2020, 1, 1))

    assert sees(fatou, pavel)


def test_the_report_of_everybodys_acts_is_not_for_who_sees_one_desk(client, noor, fatou, secret):
    log(secret, "wagtail.edit")
    urls = ["/admin/reports/site-history/", "/admin/reports/site-history/results/"]
    client.force_login(noor)
    assert ["Secret" in client.get(url).text for url in urls] == [True, True]

    client.force_login(fatou)

    assert [client.get(url).status_code for url in urls] == [403, 403]


def test_a_long_count_is_remembered_for_those_who_see_the_same_rows(client, monkeypatch, noor, fatou, pavel, secret):
    people = reverse("person:index")
    for viewer, names in ((noor, ["Novak", "Secret"]), (fatou, ["Novak"])):
        client.force_login(viewer)
        monkeypatch.setattr(KeysFirst, "long", float("inf"))
        counting = queries_of(client, people)
        monkeypatch.setattr(KeysFirst, "long", 0)
        assert queries_of(client, people) == counting - 1
        assert client.get(people).context["page_obj"].paginator.count == len(names)
