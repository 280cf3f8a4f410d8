"""Columns of a contact file that are kept with the person as a note."""

import pytest
from django.urls import reverse
from django.utils import timezone

from contacts.models import ImportBatch, Interaction, Person
from contacts.models.erasure import erase
from network.models import Country, Desk
from tests.conftest import staff
from tests.contacts.test_imports import told, upload, verdicts, worked_off
from tests.contacts.test_imports_undo import undone, why

HEADER = "Given name,Family name,E-mail,Birthday,Remarks\n"
ADA = 'Ada,Abel,ada@x.org,1 May,"met in Lyon,\nspeaks Arabic"\n'
NOTE = "Birthday: 1 May\nRemarks: met in Lyon,\nspeaks Arabic"
KEPT = {"Birthday": "note", "Remarks": "note"}


def noted(content: str, by, kept=KEPT, name="friends.csv") -> ImportBatch:
    """Looked through, with the columns `kept` as notes."""
    batch = upload(content, by, name)
    batch.look_through(batch.mapping | kept, by=by)
    return worked_off(batch)


def taken(content: str, by, kept=KEPT, name="friends.csv") -> ImportBatch:
    batch = noted(content, by, kept, name)
    batch.start(by=by)
    return worked_off(batch)


def notes_of(who: Person) -> list[str]:
    return list(Interaction.objects.about(who).filter(kind="NOTE").order_by("pk").values_list("text", flat=True))


# -- kept


def test_columns_are_kept_as_one_note_with_the_person(noor):
    batch = taken(HEADER + ADA + "Bea,Bell,bea@x.org,,\n", noor)

    ada, bea = Person.objects.order_by("given_name")
    note = Interaction.objects.get()
    assert (note.kind, note.subject, note.text, note.by) == ("NOTE", "friends.csv", NOTE, noor)
    assert [(party.person, party.organization) for party in note.parties.all()] == [(ada, None)]
    assert (told(ada)[-1], notes_of(bea)) == (["Note", "", NOTE], [])
    assert batch.rows.get(number=2).notes == []


def test_no_column_becomes_a_note_unless_somebody_says_so(noor):
    batch = upload(HEADER + ADA, noor)

    assert (batch.mapping["Birthday"], batch.mapping["Remarks"]) == ("", "")
    assert noted(HEADER + ADA, noor, kept={"Remarks": "note"}).rows.get().notes == [
        "Left out, because there is no place for it: “Birthday”."
    ]


def test_the_same_note_is_kept_once_whatever_the_file_is_called(noor):
    taken(HEADER + ADA, noor)

    again = taken(HEADER + ADA, noor, name="friends-2.csv")
    other = noted(HEADER + ADA.replace("1 May", "2 May"), noor)

    assert (verdicts(again), again.rows.get().outcome, Interaction.objects.count()) == (["SAME"], "SAME", 1)
    assert verdicts(other) == ["UPDATE"]
    assert other.rows.get().changes == [["Note", "", NOTE.replace("1 May", "2 May")]]


def test_nothing_is_kept_of_a_refused_row(noor):
    taken(HEADER + ADA + ",,b@x.org,1 May,\n" + ADA, noor)

    assert Interaction.objects.count() == 1


def test_a_note_is_chosen_on_the_screen_of_the_columns(client, noor):
    client.force_login(noor)
    batch = upload(HEADER + ADA, noor)
    sent = {f"column_{place}": field or "note" for place, field in enumerate(batch.fields)}

    page = client.post(reverse("importbatch:columns", args=[batch.pk]), sent, follow=True)

    [line] = page.context["lines"]
    assert line.changes[-1] == ("Note", "", NOTE)
    assert upload(HEADER + ADA, noor).mapping["Birthday"] == "note"


# -- and taken back


def test_the_note_goes_with_a_new_person(noor):
    batch = taken(HEADER + ADA, noor)

    assert undone(batch, noor) == {"REVERSED": [2]}
    assert (Person.objects.count(), Interaction.objects.count()) == (0, 0)


def test_the_note_goes_from_somebody_who_was_known(noor, pavel):
    batch = taken(HEADER + "Pavel,Novak,pavel.novak@example.org,1 May,\n", noor)
    assert notes_of(pavel) == ["Birthday: 1 May"]

    assert undone(batch, noor) == {"REVERSED": [2]}
    assert (notes_of(pavel), told(pavel)) == ([], [["Note", "Birthday: 1 May", ""]])


def change(note: Interaction) -> None:
    Interaction.objects.filter(pk=note.pk).update(text="Birthday: 2 May")


def move(note: Interaction) -> None:
    Interaction.objects.filter(pk=note.pk).update(happened_at=timezone.now())


def join(note: Interaction) -> None:
    note.parties.create(person=Person.objects.get(given_name="Dina"))
    note.save()


@pytest.mark.parametrize("act", [change, move, join])
@pytest.mark.parametrize("name", ["Pavel,Novak,pavel.novak@example.org", "Ada,Abel,ada@x.org"])
def test_a_note_that_somebody_has_changed_stays(noor, pavel, dina, act, name):
    batch = taken(HEADER + f"{name},1 May,\n", noor)
    act(Interaction.objects.get())

    assert undone(batch, noor) == {"KEPT": [2]}
    assert Interaction.objects.count() == 1
    assert why(batch, 2) == (
        "Changed since: Note." if name.startswith("Pavel") else "New or changed since: participants."
    )


def test_a_note_that_somebody_has_deleted_is_no_obstacle(noor, pavel):
    batch = taken(HEADER + "Pavel,Novak,pavel.novak@example.org,1 May,\nAda,Abel,ada@x.org,1 May,\n", noor)
    Interaction.objects.all().delete()

    assert undone(batch, noor) == {"REVERSED": [2, 3]}


def test_another_note_keeps_a_new_person_with_both(noor):
    batch = taken(HEADER + ADA, noor)
    call = Interaction.objects.create(subject="Call", text="Called back")
    call.parties.create(person=Person.objects.get())
    call.save()

    assert undone(batch, noor) == {"KEPT": [2]}
    assert Interaction.objects.count() == 2


def test_a_note_that_another_file_says_as_well_stays(noor, pavel):
    row = "Pavel,Novak,pavel.novak@example.org,1 May,\n"
    first = taken(HEADER + row, noor)
    second = taken(HEADER + row, noor, name="others.csv")

    assert undone(first, noor) == {"KEPT": [2]}
    assert notes_of(pavel) == ["Birthday: 1 May"]
    assert second.rows.get().outcome == "SAME"


# -- whose it is


def test_a_note_goes_with_whoever_is_erased(noor):
    taken(HEADER + ADA, noor)

    erase(Person.objects.get(), by=noor)

    assert Interaction.objects.count() == 0


def test_a_note_is_seen_by_whoever_sees_the_person(noor):
    taken("Given name,Family name,E-mail,Country,Remarks\nAda,Abel,ada@x.org,FR,tall\n", noor, {"Remarks": "note"})
    officers = []
    for country in ("FR", "KE"):
        desk = Desk.objects.create(name=country)
        desk.countries.add(Country.objects.get(code=country))
        desk.save()
        officers.append(staff("network officer", f"{country}@example.org"))
        officers[-1].desks.add(desk)

    assert [Interaction.objects.visible_to(officer).count() for officer in officers] == [1, 0]
