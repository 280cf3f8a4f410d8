"""Relationships between organizations, read from both sides and for any day."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from contacts.models import Affiliation
from network.forms import AsOfForm
from network.models import Organization, Relationship
from network.sheets import read_organizations

Kind = Organization.Kind


@pytest.fixture
def desk(client, noor):
    client.force_login(noor)
    return client


@pytest.fixture
def union(db) -> Organization:
    """An international body with members."""
    return Organization.objects.create(kind=Kind.IGO, name="Union of Customs", acronym="UOC")


def relate(first, kind, second, **facts) -> Relationship:
    relationship = Relationship(first=first, kind=kind, second=second, **facts)
    relationship.full_clean()
    relationship.save()
    return relationship


def test_a_relationship_reads_from_both_sides(customs, union):
    relationship = relate(customs, "MEMBER", union)

    assert relationship.seen_from(customs) == ("Member of", union)
    assert relationship.seen_from(union) == ("Has as member", customs)
    assert list(Relationship.objects.of(union)) == list(Relationship.objects.of(customs)) == [relationship]


def test_each_side_takes_certain_kinds_only(customs, union):
    with pytest.raises(ValidationError) as refused:
        relate(union, "MEMBER", customs)

    assert refused.value.message_dict == {
        "second": ["Customs of Example is of the kind “Law enforcement”, which does not stand on this side."]
    }


def test_an_organization_does_not_become_what_could_not_stand_in_its_relationships(desk, customs, union):
    relate(union, "SUPERVISOR", customs)
    url = reverse("organization:edit", args=[union.pk])
    form = {"name": union.name, "status": "ACTIVE", "other_names-TOTAL_FORMS": 0, "other_names-INITIAL_FORMS": 0}

    refused = desk.post(url, {**form, "kind": "NGO"})
    desk.post(url, {**form, "kind": "GOVERNMENT"})

    assert refused.context["form"].errors == {
        "kind": ["“Supervises” is recorded of it, where the kind “Non-governmental organization” does not stand."]
    }
    assert Organization.objects.get(pk=union.pk).kind == "GOVERNMENT"


def test_a_file_leaves_the_kind_that_a_relationship_needs(customs, union, sheet):
    relate(customs, "MEMBER", union)
    rows = "name,kind,acronym\nUnion of Customs,GOVERNMENT,UC\n"

    tally = Organization.objects.take_records(read_organizations(sheet(rows)))

    union.refresh_from_db()
    assert (union.kind, union.acronym) == ("IGO", "UC")
    assert [f"Row {note.row}: {note.reason}" for note in tally.notes] == [
        "Row 2: It stays of the kind IGO, for “Has as member” is recorded of it."
    ]


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({}, "This relationship is recorded already for some of these days."),
        ({"starts_on": datetime.date(2021, 6, 1)}, "This relationship is recorded already for some of these days."),
        ({"starts_on": datetime.date(2022, 1, 1)}, ""),
        ({"ends_on": datetime.date(2019, 12, 31)}, ""),
    ],
)
def test_the_same_days_are_not_recorded_twice_from_either_side(customs, union, facts, sentence):
    relate(customs, "PARTNER", union, starts_on=datetime.date(2020, 1, 1), ends_on=datetime.date(2021, 12, 31))
    back = Relationship(first=union, kind="PARTNER", second=customs, **facts)

    try:
        back.full_clean()
        said = ""
    except ValidationError as refused:
        [said] = refused.messages

    assert said == sentence


def test_nobody_is_related_to_itself(customs):
    with pytest.raises(ValidationError, match="no relationship with itself"):
        relate(customs, "PARTNER", customs)


def test_a_card_says_who_stood_where_on_any_day(desk, customs, union, pavel, dina):
    relate(customs, "MEMBER", union, starts_on=datetime.date(2020, 1, 1), ends_on=datetime.date(2024, 12, 31))
    Affiliation.objects.filter(person=pavel).update(starts_on=datetime.date(2025, 1, 1))
    Affiliation.objects.filter(person=dina).update(ends_on=datetime.date(2024, 6, 30))
    card = reverse("organization:inspect", args=[customs.pk])

    then, now = desk.get(f"{card}?on=2024-03-15"), desk.get(card)

    assert [reads for _tie, reads, _other in then.context["ties"]] == ["Member of"]
    assert [one.person for one in then.context["affiliations"]] == [dina]
    assert (now.context["ties"], [one.person for one in now.context["affiliations"]]) == ([], [pavel])


@pytest.mark.parametrize("month", ["2024-03", "3/2024", "March 2024", "03.2024"])
def test_a_month_shows_all_who_were_there_in_it(desk, customs, pavel, dina, month):
    Affiliation.objects.filter(person=pavel).update(starts_on=datetime.date(2024, 3, 31))
    Affiliation.objects.filter(person=dina).update(ends_on=datetime.date(2024, 3, 1))
    card = reverse("organization:inspect", args=[customs.pk])

    page, before, after = (
        desk.get(card, {"on": month}),
        desk.get(card, {"on": "2024-02"}),
        desk.get(card, {"on": "4/2024"}),
    )

    assert {one.person for one in page.context["affiliations"]} == {pavel, dina}
    assert ("People, March 2024" in page.text, str(page.context["on"])) == (True, "March 2024")
    assert [[one.person for one in other.context["affiliations"]] for other in (before, after)] == [[dina], [pavel]]


@pytest.mark.parametrize(
    ("language", "text", "first"),
    [("fr", "août 2023", (2023, 8, 1)), ("es", "marzo de 2024", (2024, 3, 1)), ("ar", "مارس 2024", (2024, 3, 1))],
)
def test_a_month_may_be_named_in_the_language_of_the_reader(language, text, first):
    with override(language):
        form = AsOfForm({"on": text})

        assert form.period.first == datetime.date(*first)


@pytest.mark.parametrize("text", ["2024-13", "0/2024", "tomorrow", "March", "March 99999", "0000-01", "٣٣٣٣٣ ٣"])
def test_what_is_no_day_and_no_month_is_refused_with_a_sentence(text):
    form = AsOfForm({"on": text})

    assert form.errors["on"] == ["Enter a day, or a month such as 2024-03 or March 2024."]
    assert form.period.first == timezone.localdate()


def test_of_a_past_day_it_is_said_where_nobody_knows_the_first_day(desk, customs, union, pavel, dina):
    relate(customs, "MEMBER", union)
    pavel.affiliations.update(starts_on=datetime.date(2020, 1, 1))
    card = reverse("organization:inspect", args=[customs.pk])

    past, month, today = (desk.get(card, {"on": on}).text for on in ("2024-03-01", "2024-03", ""))

    assert [page.count("<td>not known</td>") for page in (past, month, today)] == [2, 2, 0]


def test_a_day_that_is_none_is_said_to_be_none(desk, customs):
    card = desk.get(reverse("organization:inspect", args=[customs.pk]) + "?on=tomorrow")

    assert (card.status_code, card.context["as_of"].errors["on"]) == (
        200,
        ["Enter a day, or a month such as 2024-03 or March 2024."],
    )


def test_an_officer_records_one_from_the_card_and_comes_back_to_it(desk, customs, union):
    card = desk.get(reverse("organization:inspect", args=[customs.pk]))
    add = reverse("relationship:add") + f"?first={customs.pk}"
    assert add in card.text
    assert desk.get(add).context["form"].initial["first"] == str(customs.pk)

    saved = desk.post(add, {"first": customs.pk, "kind": "MEMBER", "second": union.pk, "starts_on": "2020-01-01"})

    assert saved["Location"] == reverse("organization:inspect", args=[customs.pk])
    assert str(Relationship.objects.get()) == "Customs of Example: Member of Union of Customs"


def test_a_form_says_which_side_is_wrong(desk, customs, union):
    page = desk.post(reverse("relationship:add"), {"first": union.pk, "kind": "MEMBER", "second": customs.pk})

    assert list(page.context["form"].errors) == ["second"]
    assert Relationship.objects.count() == 0


def test_the_list_finds_either_side_and_what_holds_on_a_day(desk, customs, union):
    relate(customs, "MEMBER", union, ends_on=datetime.date(2024, 12, 31))
    relate(union, "FUNDER", customs, starts_on=datetime.date(2025, 1, 1))
    listed = reverse("relationship:index")

    assert len(desk.get(f"{listed}?q=union").context["object_list"]) == 2
    held = desk.get(f"{listed}?on=2024-03-15").context["object_list"]
    assert [one.kind for one in held] == ["MEMBER"]
    sheet = b"".join(desk.get(f"{listed}?export=csv&kind=FUNDER").streaming_content).decode()
    assert sheet.splitlines()[1] == "Union of Customs,Funds,Customs of Example,2025-01-01,,"
