"""Organizations that a contact file names and nobody knows by that name: chosen, created, or left."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.models import ModelLogEntry
from wagtail.users.models import UserProfile

from contacts.models import ImportBatch, Person
from contacts.models.imports import work
from network.models import Organization, OrganizationMerge
from tests.conftest import queries_of, staff
from tests.contacts.test_imports import looked_through, told, upload, worked_off

HEADER = "Given name,Family name,E-mail,Company,Job title,Country\n"
FILE = (
    HEADER + "Ada,Abel,ada@x.org,Douane Exemple,Inspector,FR\n"
    "Bea,Bell,bea@x.org,DOUANE EXEMPLE,Head,FR\n"
    "Cleo,Cole,cleo@x.org,Lake Watch,Ranger,KE\n"
    "Dan,Dale,dan@x.org,Customs of Example,Clerk,FR\n"
    "Eve,Ende,eve@x.org,,,\n"
)


def page_of(batch) -> str:
    return reverse("importbatch:inspect", args=[batch.pk])


def which(batch, number: int) -> str:
    """The page of the name that is not known in a row."""
    return reverse("importbatch:organization", args=[batch.pk, batch.rows.get(number=number).pk])


def unknown(client, batch) -> list[tuple[str, int]]:
    return [(one.written, one.times) for one in client.get(page_of(batch)).context["unknown"]]


def places(batch) -> dict[str, str]:
    """Who would be linked to what."""
    rows = batch.rows.order_by("number")
    changed = {
        row.values(batch.columns)["Given name"]: dict((change[0], change[2]) for change in row.changes) for row in rows
    }
    return {who: changes["affiliation"] for who, changes in changed.items() if "affiliation" in changes}


@pytest.fixture
def ministries(db) -> list[Organization]:
    """Two of one name, in Kenya and in France."""
    said = {"kind": "GOVERNMENT", "name": "Ministry of Finance"}
    return [Organization.objects.create(**said, country_id=code) for code in ("KE", "FR")]


# -- what is not known


def test_a_name_is_told_once_with_its_rows_and_the_most_frequent_first(client, noor, customs):
    client.force_login(noor)
    batch = looked_through(FILE, noor)

    assert unknown(client, batch) == [("Douane Exemple", 2), ("Lake Watch", 1)]
    assert places(batch) == {"Dan": "Clerk, Customs of Example"}


def test_what_it_may_be_is_proposed(client, noor, customs, ministries):
    client.force_login(noor)
    batch = looked_through(HEADER + "Ada,Abel,,Customs of Exampel,,\nBea,Bell,,Ministry of Finance,,\n", noor)

    slip, shared = client.get(page_of(batch)).context["unknown"]

    assert (slip.written, slip.perhaps) == ("Customs of Exampel", [customs])
    assert (shared.written, shared.perhaps) == ("Ministry of Finance", ministries)


def test_refused_rows_ask_for_no_organization(client, noor):
    client.force_login(noor)
    batch = looked_through(HEADER + ",,a@x.org,Lake Watch,,\n", noor)

    assert unknown(client, batch) == []


def test_many_names_come_in_pages_and_ask_as_often_as_one(client, noor, customs):
    client.force_login(noor)
    rows = [f"P{n},Person,p{n}@x.org,Unheard {n},,\n" for n in range(21)]
    one, many = looked_through(HEADER + rows[0], noor), looked_through(HEADER + "".join(rows), noor)
    for batch in (one, many):
        batch.rows.update(perhaps=[customs.pk])

    first, last = (client.get(page_of(many), {"names": page}).context for page in (1, 2))

    assert (len(first["unknown"]), len(last["unknown"]), first["names"].paginator.num_pages) == (20, 1, 2)
    assert queries_of(client, page_of(many)) == queries_of(client, page_of(one))


# -- chosen


def test_a_choice_holds_for_every_row_with_the_name_and_is_what_is_written(client, noor, customs):
    client.force_login(noor)
    batch = looked_through(FILE, noor)

    page = client.post(which(batch, 3), {"organization": customs.pk, "names": "1"}, follow=True)

    assert page.redirect_chain[0][0] == f"{page_of(batch)}?names=1#organizations"
    assert [str(message).strip() for message in page.context["messages"]] == [
        "“Douane Exemple” is taken for Customs of Example (CEX)."
    ]
    assert [(one.written, one.is_told, one.meant) for one in page.context["unknown"]] == [
        ("Douane Exemple", True, customs),
        ("Lake Watch", False, None),
    ]
    linked = {
        name: f"{post}, Customs of Example" for name, post in [("Ada", "Inspector"), ("Bea", "Head"), ("Dan", "Clerk")]
    }
    assert places(batch) == linked
    assert [list(batch.rows.get(number=number).notes) for number in (2, 3)] == [[], []]
    entry = ModelLogEntry.objects.get(action="contacts.import.identify")
    assert (entry.user, entry.data) == (noor, {"organization": customs.pk})

    client.post(reverse("importbatch:start", args=[batch.pk]))

    assert {person.given_name for person in Person.objects.filter(affiliations__organization=customs)} == linked.keys()
    assert told(Person.objects.get(given_name="Bea"))[-1] == ["affiliation", "", "Head, Customs of Example"]


def test_a_choice_is_taken_back(client, noor, customs):
    client.force_login(noor)
    batch = looked_through(FILE, noor)
    client.post(which(batch, 2), {"organization": customs.pk})

    client.post(which(batch, 2), {"act": "leave"})

    assert places(batch) == {"Dan": "Clerk, Customs of Example"}
    assert (ImportBatch.objects.get().organizations, unknown(client, batch)) == (
        {},
        [("Douane Exemple", 2), ("Lake Watch", 1)],
    )


def test_choosing_none_says_so_and_changes_nothing(client, noor, customs):
    client.force_login(noor)
    batch = looked_through(FILE, noor)

    page = client.post(which(batch, 2), {"organization": ""})

    assert page.context["form"].errors == {"organization": ["Choose an organization."]}
    assert ImportBatch.objects.get().organizations == {}


def test_a_choice_of_one_of_a_name_leaves_the_rows_that_say_which_they_mean(noor, ministries):
    kenya, france = ministries
    rows = "Ada,Abel,a@x.org,Ministry of Finance,Clerk,\nBea,Bell,b@x.org,Ministry of Finance,Clerk,FR\n"
    batch = looked_through(HEADER + rows, noor)

    batch.identify("ministry of finance", kenya, by=noor)
    batch = worked_off(batch)
    batch.start(by=noor)
    worked_off(batch)

    posts = {person.given_name: person.affiliations.get().organization for person in Person.objects.all()}
    assert posts == {"Ada": kenya, "Bea": france}


def test_a_choice_goes_before_what_comes_to_be_known_later_and_follows_a_merge(noor, customs):
    batch = looked_through(HEADER + "Ada,Abel,a@x.org,Lake Watch,Ranger,\n", noor)
    batch.identify("lake watch", customs, by=noor)
    batch = worked_off(batch)
    Organization.objects.create(kind="NGO", name="Lake Watch")
    kept = Organization.objects.create(kind="LAW_ENFORCEMENT", name="Customs Service")
    OrganizationMerge.objects.join(kept, customs, by=noor)

    batch.start(by=noor)
    worked_off(batch)

    assert Person.objects.get().affiliations.get().organization == kept


def test_other_columns_and_mended_cells_are_judged_by_the_choice_as_well(noor, customs):
    batch = looked_through(HEADER + "Ada,Abel,a@x.org,Lake Watch,Ranger,\nBea,Bell,b@x.org,Lakes,Head,\n", noor)
    batch.identify("lake watch", customs, by=noor)
    batch = worked_off(batch)

    batch.mend(batch.rows.get(number=3), {"Company": "LAKE WATCH"}, by=noor)
    batch.look_through(batch.mapping | {"Job title": ""}, by=noor)

    assert places(worked_off(batch)) == {"Ada": "Customs of Example", "Bea": "Customs of Example"}


def test_a_row_that_comes_to_say_which_it_means_is_asked_anew(noor, ministries):
    kenya, _france = ministries
    rows = "Ada,Abel,a@x.org,Ministry of Finance,Clerk,\nBea,Bell,b@x.org,Ministry of Finance,Head,FR\n"
    batch = upload(HEADER + rows, noor)
    batch.look_through(batch.mapping | {"Country": ""}, by=noor)
    batch = worked_off(batch)
    batch.identify("ministry of finance", kenya, by=noor)
    batch = worked_off(batch)

    batch.look_through(batch.mapping | {"Country": "country"}, by=noor)
    batch = worked_off(batch)
    assert batch.organizations == {"ministry of finance": kenya.pk}
    assert [row.unknown_organization for row in batch.rows.order_by("number")] == ["ministry of finance", ""]

    batch.mend(batch.rows.get(number=2), {"Country": "FR"}, by=noor)
    assert [row.unknown_organization for row in batch.rows.order_by("number")] == ["", ""]


def test_an_organization_known_by_its_reference_alone_can_be_said_too(noor, customs):
    batch = looked_through("Given name,Family name,Organization reference\nAda,Abel,GRID 7\n", noor)

    batch.identify("grid 7", customs, by=noor)

    assert worked_off(batch).rows.get().changes[-1] == ["affiliation", "", "Customs of Example"]


def test_while_a_long_file_is_looked_through_again_the_next_name_is_said(client, noor, customs, monkeypatch):
    monkeypatch.setattr(work, "SLICE", 2)
    batch = looked_through(FILE, noor)
    batch.identify("douane exemple", customs, by=noor)
    work.go_on(batch.pk, seconds=0)
    client.force_login(noor)
    assert (ImportBatch.objects.get().state, len(unknown(client, batch))) == ("JUDGING", 2)

    batch.identify("lake watch", customs, by=noor)

    assert len(places(worked_off(batch))) == 4


def test_only_before_the_import_and_only_of_names_that_wait(noor, customs):
    batch = looked_through(FILE, noor)
    with pytest.raises(ValidationError, match="No row of this file waits"):
        batch.identify("nowhere", customs, by=noor)
    batch.start(by=noor)
    with pytest.raises(ValidationError, match="Somebody has gone on"):
        batch.identify("lake watch", customs, by=noor)


# -- created


def test_an_organization_is_created_and_stays_when_the_import_is_taken_back(client, noor, customs):
    client.force_login(noor)
    batch = looked_through(FILE, noor)
    asked = client.get(which(batch, 4))
    assert asked.context["new_form"].initial["name"] == "Lake Watch"
    assert [script for script in asked.context["media"].render_js() if script not in asked.text] == []

    client.post(which(batch, 4), {"act": "create", "name": "Lake Watch Kenya", "kind": "NGO", "country": "KE"})
    for act in ("start", "undo"):
        assert places(batch)["Cleo"] == "Ranger, Lake Watch Kenya"
        client.post(reverse(f"importbatch:{act}", args=[batch.pk]))

    made = Organization.objects.get(name="Lake Watch Kenya")
    assert (made.kind, made.country_id, ImportBatch.objects.get().state) == ("NGO", "KE", "UNDONE")
    assert ModelLogEntry.objects.for_instance(made).get(action="wagtail.create").user == noor
    assert (Person.objects.count(), made.affiliations.count()) == (0, 0)


@pytest.mark.parametrize(
    ("countries", "proposed"),
    [("FR FR", "FR"), ("FR", "FR"), ("", ""), ("FR KE", "")],
    ids=["agreed", "one", "none", "two"],
)
def test_the_country_is_proposed_on_which_the_rows_with_the_name_agree(client, noor, countries, proposed):
    client.force_login(noor)
    said = [*countries.split(), ""]
    rows = [f"P{n},Person,p{n}@x.org,Lake Watch,,{country}\n" for n, country in enumerate(said)]
    batch = looked_through(HEADER + "".join(rows) + "Eve,Ende,eve@x.org,Other,,KE\n", noor)

    assert client.get(which(batch, 2)).context["new_form"].initial["country"] == proposed


def test_who_creates_one_is_told_which_it_may_be(client, noor, customs):
    client.force_login(noor)
    batch = looked_through(FILE, noor)

    page = client.post(
        which(batch, 4),
        {"act": "create", "name": "Customs of Example", "kind": "LAW_ENFORCEMENT", "country": "FR"},
        follow=True,
    )

    told = [str(message).strip() for message in page.context["messages"]]
    assert told[0] == "“Customs of Example” is created."
    assert told[1].startswith("This may be the same as Customs of Example (CEX): The same name: Customs of Example.")


def test_a_form_that_says_too_little_comes_back(client, noor):
    client.force_login(noor)
    batch = looked_through(FILE, noor)

    page = client.post(which(batch, 4), {"act": "create", "name": "", "kind": "NGO"})

    assert page.context["new_form"].errors == {"name": ["This field is required."]}
    assert Organization.objects.count() == 0


def test_who_may_add_no_organization_chooses_and_creates_none(client, olga, customs):
    client.force_login(olga)
    batch = looked_through(FILE, olga)

    page = client.get(which(batch, 2))
    answer = client.post(which(batch, 2), {"act": "create", "name": "New", "kind": "NGO"})
    client.post(which(batch, 2), {"organization": customs.pk})

    assert (page.context["new_form"], answer["Location"], Organization.objects.count()) == (None, "/admin/", 1)
    assert "Ask a network officer to add it, and choose it here then." in page.text
    assert places(batch)["Ada"] == "Inspector, Customs of Example"


# -- whose it is


@pytest.fixture
def guard(db) -> Organization:
    """Known to the desk of Kenya alone."""
    return Organization.objects.create(kind="LAW_ENFORCEMENT", name="Nairobi Watchkeepers", country_id="KE")


def test_no_organization_out_of_sight_is_proposed_told_or_chosen(client, fatou, noor, guard, customs):
    row = HEADER + 'Ada,Abel,ada@x.org,"Nairobi Watchkeeprs, Kenya",Clerk,FR\n'
    seen = {}
    for viewer in (noor, fatou):
        client.force_login(viewer)
        batch = looked_through(row, viewer)
        pages = client.get(page_of(batch)), client.get(which(batch, 2))
        [one] = pages[0].context["unknown"]
        seen[viewer] = (one.perhaps, [guard.name in page.text for page in pages])

    page = client.post(which(batch, 2), {"organization": guard.pk})

    assert seen == {noor: ([guard], [True, True]), fatou: ([], [False, False])}
    assert list(page.context["form"].errors) == ["organization"]
    assert (ImportBatch.objects.get(pk=batch.pk).organizations, guard.name in page.text) == ({}, False)
    with pytest.raises(ValidationError, match="whoever has uploaded the file may see"):
        batch.identify("nairobi watchkeeprs, kenya", guard, by=fatou)


def test_what_was_proposed_or_chosen_is_not_told_when_it_is_out_of_sight_later(client, fatou, customs):
    client.force_login(fatou)
    rows = "Ada,Abel,ada@x.org,Customs of Exampel,Clerk,FR\nBea,Bell,bea@x.org,Douane,Clerk,FR\n"
    batch = looked_through(HEADER + rows, fatou)
    client.post(which(batch, 3), {"organization": customs.pk})
    Organization.objects.filter(pk=customs.pk).update(country="KE", name="Customs of Kenya")

    page = client.get(page_of(batch))
    client.post(reverse("importbatch:start", args=[batch.pk]))

    assert [(one.meant, one.perhaps) for one in page.context["unknown"]] == [(None, []), (None, [])]
    assert ("Customs of Kenya" in page.text, "One that you do not see." in page.text) == (False, True)
    assert [person.affiliations.count() for person in Person.objects.all()] == [0, 0]


def test_an_overseer_chooses_for_a_desk_only_what_the_desk_sees(client, fatou, noor, guard, customs):
    administrator = staff("administrator", "admin@example.org")
    client.force_login(administrator)
    batch = looked_through(FILE, fatou)

    page = client.post(which(batch, 2), {"organization": guard.pk}, follow=True)

    assert [str(message).strip() for message in page.context["messages"]] == [
        "It has to be an organization that whoever has uploaded the file may see."
    ]
    assert ImportBatch.objects.get().organizations == {}


def test_a_desk_creates_only_what_it_sees(client, fatou):
    client.force_login(fatou)
    batch = looked_through(FILE, fatou)

    page = client.post(which(batch, 2), {"act": "create", "name": "Douane", "kind": "NGO", "country": "KE"})

    assert page.context["new_form"].non_field_errors() == [
        "It has to be an organization that whoever has uploaded the file may see."
    ]
    assert (Organization.objects.count(), ImportBatch.objects.get().state) == (0, "PREVIEWED")


def test_the_names_of_a_file_are_its_makers(client, noor, olga, customs):
    batch = looked_through(FILE, noor)
    client.force_login(olga)

    answers = (
        client.get(which(batch, 2), follow=True),
        client.post(which(batch, 2), {"organization": customs.pk}, follow=True),
    )

    assert [answer.status_code for answer in answers] == [404, 404]
    assert ImportBatch.objects.get().organizations == {}


def test_a_look_at_the_names_changes_nothing_and_speaks_the_readers_language(client, noor, customs):
    UserProfile.objects.create(user=noor, preferred_language="fr")
    client.force_login(noor)
    batch = looked_through(FILE, noor)
    before = list(ImportBatch.objects.values()), list(batch.rows.values())

    pages = client.get(page_of(batch)), client.get(which(batch, 2))

    assert [page.status_code for page in pages] == [200, 200]
    assert (list(ImportBatch.objects.values()), list(batch.rows.values())) == before
