"""What organizations undertake at a forum, and what becomes of it until the next one."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from events.models import Commitment, Event
from network.models import Country, Organization
from tests.conftest import queries_of


@pytest.fixture
def promised(forum, customs, olga) -> Commitment:
    return Commitment.objects.create(
        event=forum,
        organization=customs,
        text={"en": "Train two hundred officers", "fr": "Former deux cents agents"},
        owner=olga,
        due_on=forum.starts_on + datetime.timedelta(days=200),
    )


@pytest.fixture
def ministry() -> Organization:
    return Organization.objects.create(
        kind="GOVERNMENT", name="Ministry of Elsewhere", country=Country.objects.get(code="SN")
    )


def test_each_report_is_kept_and_the_last_says_how_it_stands(promised, olga):
    promised.report("UNDER_WAY", "Sixty are trained.", by=olga)
    promised.report("DONE", "All are trained.", by=olga, evidence="https://example.org/report")

    promised.refresh_from_db()
    reports = list(promised.reports.values_list("status", "words", "evidence"))
    assert promised.status == "DONE"
    assert reports == [
        ("DONE", "All are trained.", "https://example.org/report"),
        ("UNDER_WAY", "Sixty are trained.", ""),
    ]


@pytest.mark.parametrize(
    ("status", "words", "sentence"),
    [
        ("LATER", "Soon.", "Choose how it stands"),
        ("UNDER_WAY", "  ", "Choose how it stands"),
        ("DONE", "All.", "What is fulfilled can be shown"),
    ],
)
def test_a_report_says_something_and_what_is_fulfilled_is_shown(promised, olga, status, words, sentence):
    with pytest.raises(ValidationError, match=sentence):
        promised.report(status, words, by=olga)
    assert (promised.reports.count(), Commitment.objects.get().status) == (0, "OPEN")


def test_an_organization_endorses_once_and_never_its_own(promised, ministry, customs, olga):
    for _time in range(2):
        promised.endorse(ministry, by=olga)
    with pytest.raises(ValidationError, match="their own commitment"):
        promised.endorse(customs, by=olga)

    assert [str(row) for row in promised.endorsements.all()] == ["Ministry of Elsewhere"]


def test_overdue_is_what_is_pending_after_its_day(promised, olga):
    day = promised.due_on
    assert [Commitment.objects.overdue(on=day + datetime.timedelta(days=n)).count() for n in (0, 1)] == [0, 1]

    promised.report("DROPPED", "The law has changed.", by=olga)
    assert not Commitment.objects.overdue(on=day + datetime.timedelta(days=1)).exists()


def test_the_next_forum_asks_those_whom_it_invites_for_what_is_pending(promised, forum, customs, ministry, olga):
    Commitment.objects.create(event=forum, organization=ministry, text="Ratify", owner=olga)
    after = forum.ends_on + datetime.timedelta(days=300)
    second = Event.objects.create(
        slug="second", title={"en": "Second"}, starts_on=after, ends_on=after, status="ANNOUNCED"
    )
    second.delegations.draft([customs], by=olga)

    assert list(Commitment.objects.to_follow_up_at(second)) == [promised]
    assert not Commitment.objects.to_follow_up_at(forum).exists()
    promised.report("DONE", "Done.", by=olga, evidence="https://example.org/", event=second)
    assert not Commitment.objects.to_follow_up_at(second).exists()


# -- The desk ----------------------------------------------------------------------------------------------------------


def test_an_organizer_writes_one_down_reports_and_notes_an_endorsement(client, forum, customs, ministry, olga):
    client.force_login(olga)
    initial = (
        client.get(reverse("commitment:add") + f"?event={forum.pk}&organization={customs.pk}").context["form"].initial
    )
    assert (initial["event"], initial["organization"], initial["owner"]) == (forum.pk, customs.pk, olga.pk)
    texts = {"text_en": "Train officers", "text_fr": "", "text_es": "", "text_ar": ""}
    facts = {"event": forum.pk, "organization": customs.pk, "owner": olga.pk, "due_on": "", "is_public": "on"}
    client.post(reverse("commitment:add"), {**texts, **facts})
    [one] = Commitment.objects.all()
    assert (str(one.text), one.owner, one.is_public) == ("Train officers", olga, True)

    client.post(reverse("commitment:report", args=[one.pk]), {"status": "UNDER_WAY", "words": "Begun."})
    client.post(reverse("commitment:endorse", args=[one.pk]), {"organization": ministry.pk})
    card = client.get(reverse("commitment:inspect", args=[one.pk])).text
    assert [word in card for word in ("Under way", "Begun.", "Ministry of Elsewhere")] == [True] * 3
    refused = client.post(reverse("commitment:report", args=[one.pk]), {"status": "DONE", "words": "All are trained."})
    [_act, door, form, *_more] = refused.context["acts"][0]
    assert (refused.status_code, door, form["words"].value()) == (422, "commitment:report", "All are trained.")
    assert '<details class="act" open>' in refused.text
    assert "<strong>0</strong> of 1 fulfilled" in client.get(reverse("event:desk", args=[forum.pk])).text


def test_the_list_filters_what_is_overdue_and_what_is_to_follow_up(client, promised, olga):
    Commitment.objects.update(due_on=timezone.localdate() - datetime.timedelta(days=1))
    client.force_login(olga)

    def listed(query: str) -> bool:
        return "Train two hundred officers" in client.get(f"{reverse('commitment:index')}?{query}").text

    assert [listed(query) for query in ("", "overdue=true", "status=DONE", "q=train", "q=nothing")] == [
        *(True, True, False, True, False)
    ]


def test_a_card_does_not_list_every_organization_there_is(client, promised, ministry, olga):
    client.force_login(olga)

    assert "Ministry of Elsewhere" not in client.get(reverse("commitment:inspect", args=[promised.pk])).text


def test_the_list_asks_as_much_for_three_as_for_one(client, promised, forum, ministry, olga):
    client.force_login(olga)
    one = queries_of(client, reverse("commitment:index"))
    for text in ("Ratify", "Translate"):
        Commitment.objects.create(event=forum, organization=ministry, text=text, owner=olga)

    assert queries_of(client, reverse("commitment:index")) == one


def test_another_desks_commitments_are_not_there(client, promised, forum, ministry, fatou, olga):
    theirs = Commitment.objects.create(event=forum, organization=ministry, text="Ratify", owner=olga)
    client.force_login(fatou)
    page = client.get(reverse("commitment:index")).text

    assert ("Train two hundred officers" in page, "Ratify" in page) == (True, False)
    assert client.get(reverse("commitment:inspect", args=[theirs.pk]), follow=True).status_code == 404
    client.force_login(olga)
    assert client.get(reverse("commitment:inspect", args=[theirs.pk])).status_code == 200


def test_only_who_may_change_commitments_reports(client, promised, noor):
    client.force_login(noor)
    client.post(reverse("commitment:report", args=[promised.pk]), {"status": "DROPPED", "words": "No."})

    assert promised.reports.count() == 0


def test_it_stands_on_the_timelines_of_the_organization_and_the_country(client, promised, customs, noor, olga):
    promised.report("UNDER_WAY", "Sixty are trained.", by=olga)
    client.force_login(noor)
    places = [("organization", customs.pk), ("country", customs.country_id)]
    pages = [client.get(reverse(f"{place}:timeline", args=[key])).text for place, key in places]

    assert [("Train two hundred officers" in page, "Sixty are trained." in page) for page in pages] == [
        (True, True)
    ] * 2


# -- The public --------------------------------------------------------------------------------------------------------


def test_the_public_reads_what_is_public_in_their_language_and_nothing_else(client, promised, forum, ministry, olga):
    Commitment.objects.create(event=forum, organization=ministry, text="A secret undertaking", owner=olga)
    address = "/fr/events/forum/commitments/"
    assert client.get(address).status_code == 404
    assert "commitments" not in client.get("/fr/events/forum/").text

    Commitment.objects.filter(pk=promised.pk).update(is_public=True)
    promised.report("UNDER_WAY", "Sixty are trained.", by=olga)
    page = client.get(address).text
    seen = [word in page for word in ("Former deux cents agents", "Sixty are trained.", "secret", "Elsewhere", "olga")]
    assert seen == [True, True, False, False, False]
    assert address in client.get("/fr/events/forum/?again").text  # as on_commit would have it, in a test


def test_of_an_event_that_is_not_public_nothing_is_read(client, promised, forum):
    Commitment.objects.update(is_public=True)
    Event.objects.update(is_public=False)

    assert client.get("/en/events/forum/commitments/").status_code == 404


def test_the_public_page_asks_as_much_for_three_as_for_one(client, promised, forum, ministry, olga):
    Commitment.objects.update(is_public=True)
    one = queries_of(client, "/en/events/forum/commitments/?fresh=1")
    for text in ("Ratify", "Translate"):
        new = Commitment.objects.create(event=forum, organization=ministry, text=text, owner=olga, is_public=True)
        new.endorse(promised.organization, by=olga)

    assert queries_of(client, "/en/events/forum/commitments/?fresh=2") <= one + 1
