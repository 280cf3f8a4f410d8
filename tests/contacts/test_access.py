"""Country desks: who belongs to one sees its rows alone, on every surface; each of these has something to leak."""

import datetime
import re

import pytest
from django.urls import reverse
from wagtail.log_actions import log

from contacts.incoming import read
from contacts.mail import Letter
from contacts.models import (
    Affiliation,
    DuplicatePair,
    Interaction,
    InteractionParty,
    Mailing,
    MailingText,
    Merge,
    Message,
    Person,
    ReceivedLetter,
    ReturnedLetter,
    Segment,
    Suppression,
    Task,
)
from network.models import Country, Desk, Organization, Relationship
from network.models.desk import DeskOrganization
from network.models.guarded import sees
from network.viewsets.records import KeysFirst
from tests.conftest import person, queries_of, rows_of_sheet, staff
from tests.contacts.incoming_mail import report, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def oscar(french_desk):
    """Organizer of the French desk."""
    oscar = staff("organizer", "oscar@example.org")
    oscar.desks.add(french_desk)
    return oscar


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
        reverse("duplicatepair:compare_again", args=[rows["duplicatepair"].pk]): fatou,
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


@pytest.fixture
def doings(pavel, secret, noor) -> None:
    """The same of everybody: met, called for, written to, from whom something came in and came back; one of whom the
    desk may see, one of whom it may not."""
    world = Organization.objects.create(kind="IGO", name="World Body")
    for who in (pavel, secret):
        Affiliation.objects.create(person=who, organization=world)
        call = Interaction.objects.create(kind="CALL", subject=f"Call with {who.family_name}", by=noor)
        InteractionParty.objects.create(interaction=call, person=who)
        Task.objects.set_for(noor, f"Task about {who.family_name}", None, by=noor, person=who)
        message = Message.objects.post(
            who, Letter("invitation", "fr", f"For {who.family_name}", "Bonjour", "<p>Bonjour</p>")
        )
        message.deliveries.update(state="FAILED")
        ReceivedLetter.objects.take(
            written(sender=who.address, subject=who.family_name, Message_ID=f"<{who.pk}@x>").as_bytes()
        )
        number = f"<{who.pk}@elsewhere>"
        ReturnedLetter.objects.take(read(report(number, who.address, key=f"r{who.pk}")))
        Suppression.objects.suppress(who.address, "OPT_OUT")


@pytest.mark.parametrize("name", ["task", "interaction", "suppression"])
def test_what_was_done_is_listed_counted_found_and_exported_up_to_the_desk(client, noor, fatou, doings, name):
    url = reverse(f"{name}:index")

    def seen(viewer) -> list:
        client.force_login(viewer)
        page, found = client.get(url), client.get(url, {"q": "secret"})
        sheet = str(rows_of_sheet(client.get(url, {"export": "csv"}))).lower()
        counts = page.context["paginator"].count, found.context["paginator"].count
        told = page.text.lower()
        return [*counts, "secret" in told, "secret" in sheet, "novak" in told, "novak" in sheet]

    assert seen(noor) == [2, 1, True, True, True, True]
    assert seen(fatou) == [1, 0, False, False, True, True]


def test_the_sheet_of_the_coverage_names_nobody_outside_of_the_desk(client, noor, fatou, pavel, secret, tobacco):
    pavel.affiliations.update(competence=tobacco)

    def named(viewer) -> list[bool]:
        client.force_login(viewer)
        sheet = client.get(reverse("coverage:index"), {"export": "csv"}).text
        return [name in sheet for name in ("Pavel Novak", "Sabine Secret")]

    assert (named(noor), named(fatou)) == ([True, True], [True, False])


def test_the_first_page_counts_what_the_desk_sees(client, noor, fatou, doings):
    def counts(viewer) -> list[str]:
        client.force_login(viewer)
        page = client.get(reverse("wagtailadmin_home")).text
        return re.findall(r">(\d+) letters? (came in|came back|of the last)", page)

    kinds = ["came in", "came back", "of the last"]
    assert counts(noor) == [("2", kind) for kind in kinds]
    assert counts(fatou) == [("1", kind) for kind in kinds]


@pytest.mark.parametrize("place", ["organization", "country"])
def test_a_timeline_tells_of_nobody_outside_of_the_desk(client, noor, fatou, doings, pavel, place):
    """An international body, and a country of another desk in which somebody of this one has a post."""
    guard = Organization.objects.get(name="Nairobi Secret Guard")
    Affiliation.objects.create(person=pavel, organization=guard)
    key = Organization.objects.get(name="World Body").pk if place == "organization" else "KE"

    def told(viewer) -> list[str]:
        client.force_login(viewer)
        page = client.get(reverse(f"{place}:timeline", args=[key]))
        return sorted(entry.title for entry in page.context["timeline"])

    of_pavel = ["Call with Novak", "For Novak", "Novak", "Task about Novak"]
    assert told(fatou) == of_pavel
    hidden = ["Call with Secret", "For Secret", "For Secret eyes", "Secret", "Task about Secret"]
    assert told(noor) == sorted([*of_pavel, *hidden])


def test_what_is_about_nobody_is_for_who_does_it_who_asked_for_it_and_who_sees_everything(
    client, noor, olga, fatou, oscar
):
    hers = Task.objects.set_for(fatou, "Hers", None, by=olga)
    asked = Task.objects.set_for(olga, "Asked", None, by=fatou)
    others = Task.objects.set_for(olga, "Operation Candlelight", None, by=noor)
    nobodys = Task.objects.set_for(None, "Whoever", None, by=None)

    def seen(viewer) -> list[Task]:
        return list(Task.objects.visible_to(viewer))

    assert [seen(viewer) for viewer in (noor, fatou, oscar)] == [[hers, asked, others, nobodys], [hers, asked], []]
    client.force_login(fatou)
    assert "Candlelight" not in client.get(reverse("task:index")).text
    who = client.get(reverse("task:who", args=[hers.pk])).context["people"]
    assert [user for user, _roles, _desks in who if user in (fatou, oscar)] == [fatou]


def test_a_member_of_a_desk_asks_a_colleague_for_something_about_nobody(client, fatou, olga):
    client.force_login(fatou)

    client.post(reverse("task:add"), {"title": "Book a room", "owner": olga.pk})

    task = Task.objects.visible_to(fatou).get()
    assert (task.title, task.owner, task.asked_by) == ("Book a room", olga, fatou)


def test_neither_a_card_nor_an_export_names_a_parent_outside_of_the_desk(client, noor, fatou, customs, secret):
    guard = Organization.objects.get(name="Nairobi Secret Guard")
    unit = Organization.objects.create(kind="GOVERNMENT", name="Unit", country_id="FR", parent=guard)
    Organization.objects.create(kind="GOVERNMENT", name="Section", country_id="FR", parent=customs)

    def named(viewer) -> list[bool]:
        client.force_login(viewer)
        card = client.get(reverse("organization:inspect", args=[unit.pk])).text
        rows = rows_of_sheet(client.get(reverse("organization:index"), {"export": "csv"}))
        parents = {row[0]: row[5] for row in rows}
        return ["Secret" in card, "Secret" in parents["Unit"], "Customs" in parents["Section"]]

    assert named(noor) == [True, True, True]
    assert named(fatou) == [False, False, True]


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


@pytest.fixture
def segment(pavel, secret) -> Segment:
    """Both read French; Secret is in by hand as well."""
    segment = Segment.objects.create(name="Readers of French", answers={"language": ["fr"]})
    segment.put(secret, True, by=None)
    return segment


@pytest.fixture
def mailing(segment, noor) -> Mailing:
    """To both; and to who has no address, one in each country."""
    for family, country in (("Addressless", "FR"), ("Addressless-Secret", "KE")):
        Person.objects.create(given_name="No", family_name=family, languages=["fr"], country_id=country)
    mailing = Mailing.objects.create(name="News", segment=segment)
    MailingText.objects.create(mailing=mailing, language="en", subject="News", body="Dear {name}")
    return mailing


def counts_and_leaks(page) -> tuple[int, int, bool]:
    context = page.context
    return len(context["outlook"].going), len(context["outlook"].held), "Secret" in page.text


def test_the_card_and_the_live_count_of_a_segment_end_at_the_desk(client, noor, fatou, segment):
    card, form = reverse("segment:inspect", args=[segment.pk]), {"answer_language": ["fr"]}

    def seen(viewer) -> tuple:
        client.force_login(viewer)
        page = client.get(card)
        names = sorted(one.family_name for one in page.context["people"])
        count = client.get(reverse("segment:count"), form).json()["count"]
        return page.context["count"], page.context["languages"], names, "Secret" in page.text, count

    assert seen(noor) == (2, [("French", 2)], ["Novak", "Secret"], True, 2)
    assert seen(fatou) == (1, [("French", 1)], ["Novak"], False, 1)


def test_the_card_of_a_mailing_ends_at_the_desk_before_and_after_it_is_sent(client, noor, fatou, mailing):
    card = reverse("mailing:inspect", args=[mailing.pk])
    asked, form = reverse("mailing:send", args=[mailing.pk]), reverse("mailing:edit", args=[mailing.pk])

    def seen(viewer) -> tuple:
        client.force_login(viewer)
        page = client.get(card)
        copies = [client.get(card, {"copy": number}).text for number in (1, 2)]
        return *counts_and_leaks(page), page.context["progress"], any("Sabine" in copy for copy in copies)

    assert (seen(noor), seen(fatou)) == ((2, 2, True, None, True), (1, 1, False, None, False))
    assert (counts_and_leaks(client.get(asked)), "French</bdi> 2" in client.get(form).text) == ((1, 1, False), True)
    mailing.send(by=noor)
    Mailing.objects.work_off()

    everything = {"total": 4, "written": 2, "leaving": 2, "waiting": 0, "skipped": 2}
    of_the_desk = {"total": 2, "written": 1, "leaving": 1, "waiting": 0, "skipped": 1}
    assert (seen(noor), seen(fatou)) == ((2, 2, True, everything, True), (1, 1, False, of_the_desk, False))
    assert client.get(reverse("mailing:progress", args=[mailing.pk])).context["progress"] == of_the_desk


def test_a_mailing_to_hidden_people_as_well_cannot_be_acted_on(client, noor, fatou, mailing, pavel):
    mailing.send(by=noor)
    urls = {act: reverse(f"mailing:{act}", args=[mailing.pk]) for act in ("send", "test", "stop", "resume")}
    card = reverse("mailing:inspect", args=[mailing.pk])
    client.force_login(fatou)
    assert "Stop" not in re.findall("<button[^>]*>(.*?)</button>", client.get(card).text)

    assert {act: client.post(url, follow=True).status_code for act, url in urls.items()} == dict.fromkeys(urls, 404)

    assert Mailing.objects.get().state == "SENDING"
    client.force_login(noor)
    assert "Stop" in re.findall("<button[^>]*>(.*?)</button>", client.get(card).text)
    told = client.post(urls["stop"], follow=True).context["messages"]
    assert [str(one).strip() for one in told] == ["Stopped. 2 letters are kept back."]


def test_a_desk_stops_what_goes_to_its_own_people_alone(client, fatou, mailing):
    mailing.send(by=fatou)
    client.force_login(fatou)

    client.post(reverse("mailing:stop", args=[mailing.pk]))

    assert (Mailing.objects.get().state, mailing.recipients.count()) == ("STOPPED", 2)
