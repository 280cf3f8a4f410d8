"""The way back: an import is taken back, but for what somebody has changed since; and what merging and erasing do."""

import datetime
import threading
import time

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from wagtail.models import ModelLogEntry

from contacts.models import (
    Affiliation,
    ImportBatch,
    ImportRow,
    Merge,
    Person,
    PersonEmail,
    PersonPhone,
    RetentionRule,
    Task,
)
from contacts.models.dossier import as_json
from contacts.models.erasure import erase
from contacts.models.imports import work
from contacts.models.imports.taking import names
from network.models import Seal
from tests.conftest import several_connections
from tests.contacts.test_imports import OUTLOOK, imported, looked_through, many, told, upload, worked_off
from tests.contacts.test_merge import facts


def undone(batch: ImportBatch, by) -> dict[str, list[int]]:
    """Bucket -> numbers of its rows."""
    batch.undo(by=by)
    batch = worked_off(batch)
    assert batch.state == "UNDONE"
    found = {}
    for row in batch.rows.exclude(undone="").order_by("number"):
        found.setdefault(row.undone, []).append(row.number)
    return found


def why(batch: ImportBatch, number: int) -> str:
    return batch.rows.get(number=number).undone_why


def test_why_a_row_is_kept_is_read_in_the_readers_language(noor, batch, amina):
    Person.objects.filter(pk=amina.pk).update(honorific="Prof.")
    undone(batch, noor)

    with override("fr"):
        assert why(batch, 2) == "Nouveau ou modifié depuis : titre de civilité."


@pytest.fixture
def batch(noor, pavel, dina) -> ImportBatch:
    """Row 2 has created Amina, row 3 has updated Pavel."""
    return imported(OUTLOOK, noor)


@pytest.fixture
def amina(batch) -> Person:
    return Person.objects.get(given_name="Amina")


def test_all_is_as_it_was(noor, pavel, dina):
    before = [facts(pavel), facts(dina), pavel.affiliations.get().position]
    batch = imported(OUTLOOK, noor)
    assert facts(pavel) != before[0]

    assert undone(batch, noor) == {"REVERSED": [2, 3]}

    assert [facts(pavel), facts(dina), pavel.affiliations.get().position] == before
    assert list(Person.objects.order_by("pk")) == [pavel, dina]
    assert list(Person.objects.matching("benali")) == []
    assert told(pavel) == [["country", "FR", ""], ["position", "Director General", "Director"]]
    assert (
        ModelLogEntry.objects.filter(action="contacts.person.undo_import", deleted=True).get().label == "Amina Bénali"
    )
    Seal.objects.append()
    assert Seal.objects.verify().broken == []


def test_what_somebody_has_changed_since_stays_and_the_rest_goes_back(batch, pavel, noor):
    pavel.affiliations.update(position="Minister")

    assert undone(batch, noor) == {"REVERSED": [2], "KEPT": [3]}

    pavel.refresh_from_db()
    assert (pavel.country_id, pavel.affiliations.get().position) == (None, "Minister")
    assert why(batch, 3) == "Changed since: position."


@pytest.mark.parametrize(
    ("change", "label"),
    [
        (lambda who, by: Person.objects.filter(pk=who.pk).update(family_name="Haddad"), "family name"),
        (lambda who, by: Person.objects.filter(pk=who.pk).update(hold_reason="Case 12"), "legal hold"),
        (lambda who, by: Person.objects.filter(pk=who.pk).update(birth_year=1970), "year of birth"),
        (lambda who, by: who.confirm(by=by), "last confirmed"),
        (lambda who, by: PersonEmail.objects.create(person=who, address="b@x.org"), "e-mail addresses"),
        (lambda who, by: who.phones.update(kind="MOBILE"), "telephone numbers"),
        (lambda who, by: Affiliation.objects.filter(person=who).update(is_focal_point=True), "affiliations"),
        (lambda who, by: Affiliation.objects.filter(person=who).delete(), "affiliations"),
        (lambda who, by: Task.objects.set_for(by, "Call her", None, by=by, person=who), "tasks"),
    ],
)
def test_a_new_person_with_whom_something_has_happened_stays_whole(batch, amina, noor, change, label):
    change(amina, noor)

    assert undone(batch, noor) == {"REVERSED": [3], "KEPT": [2]}

    assert Person.objects.filter(pk=amina.pk).exists()
    assert why(batch, 2) == f"New or changed since: {label}."


def test_what_says_nothing_may_be_written_down_or_not(batch, amina, noor):
    row = batch.rows.get(number=2)
    row.written["words"] |= {"hold_reason": "", "birth_year": None}
    row.save()

    assert undone(batch, noor) == {"REVERSED": [2, 3]}


def test_no_field_of_a_person_or_a_part_is_forgotten():
    technical = {"id", "search_text", "nonce", "created_at", "merged_into_id", "confirmed_by_id"}
    assert set(names(Person())) == {field.attname for field in Person._meta.concrete_fields} - technical

    for part in (PersonEmail, PersonPhone, Affiliation):
        fields = {field.attname for field in part._meta.concrete_fields}
        assert set(names(part())) == fields - {"id", "person_id"}


def test_an_address_that_was_added_goes_unless_it_was_changed(noor, pavel, dina):
    content = (
        "First Name,Last Name,E-mail 1,E-mail 2,Phone\n"
        "Pavel,Novak,pavel.novak@example.org,new@x.org,+33 1\n"
        "Dina,Haddad,dina.haddad@example.org,new@y.org,+33 2\n"
    )
    batch = imported(content, noor)
    dina.emails.filter(address="new@y.org").update(is_primary=True)
    PersonPhone.objects.filter(number="+33 2").delete()

    assert undone(batch, noor) == {"REVERSED": [2], "KEPT": [3]}

    assert [email.address for email in pavel.emails.all()] == ["pavel.novak@example.org"]
    assert {email.address for email in dina.emails.all()} == {"dina.haddad@example.org", "new@y.org"}
    assert (why(batch, 3), PersonPhone.objects.count()) == ("Changed since: e-mail address.", 0)
    assert list(Person.objects.matching("new@x.org")) == []


def test_who_is_gone_or_was_merged_cannot_be_taken_back(batch, amina, pavel, noor):
    Merge.objects.join(pavel, amina, by=noor)

    assert undone(batch, noor) == {"REVERSED": [3], "STUCK": [2]}

    assert why(batch, 2) == "This record has been merged with another one. Take that back first."
    assert Person.objects.filter(pk=pavel.pk).exists()


def test_rows_follow_a_merge_and_its_way_back(batch, amina, pavel, noor):
    merge = Merge.objects.join(pavel, amina, by=noor)
    assert set(batch.rows.filter(person=pavel).values_list("number", flat=True)) == {2, 3, 6}

    merge.undo(by=noor)

    assert set(batch.rows.filter(person=amina).values_list("number", flat=True)) == {2, 6}
    assert undone(batch, noor) == {"REVERSED": [3], "KEPT": [2]}
    assert why(batch, 2) == "New or changed since: merges."


def test_an_import_is_taken_back_once(batch, noor, root):
    batch.undo(by=noor)

    with pytest.raises(ValidationError, match="Somebody has gone on with this file already"):
        ImportBatch.objects.get().undo(by=root)
    assert worked_off(batch).undone_by == noor


def test_an_import_that_wrote_nothing_has_nothing_to_take_back(batch, noor):
    again = imported("First Name,Last Name,E-mail\nDina,Haddad,dina.haddad@example.org\n", noor)

    with pytest.raises(ValidationError, match="has written nothing"):
        again.undo(by=noor)


# -- data protection


def test_the_dossier_tells_what_a_file_has_said_of_somebody(batch, amina):
    held = as_json(amina).decode()

    assert "Inspector" in held and "met in Lyon" in held and "outlook.csv" in held


def test_erasing_somebody_empties_the_rows_and_they_count_on(batch, amina, noor):
    erase(amina, by=noor)

    assert "Amina" not in str(list(ImportRow.objects.filter(person=amina).values_list()))
    assert batch.counts()["outcome:CREATED"] == 1
    assert undone(batch, noor) == {"REVERSED": [3], "STUCK": [2]}
    assert why(batch, 2) == "This person is not there any more."


def test_a_rule_of_retention_lets_old_files_go_and_keeps_those_of_who_is_on_legal_hold(batch, pavel, noor, settings):
    upload(OUTLOOK, noor)  # nobody has gone on with it
    rule = RetentionRule.objects.create(kind="IMPORTS", months=1, purpose="To take an import back")
    later = timezone.now() + datetime.timedelta(days=40)
    Person.objects.filter(pk=pavel.pk).update(hold_reason="Case 12")
    assert (rule.due().count(), rule.due(later).count()) == (0, 1)
    Person.objects.filter(pk=pavel.pk).update(hold_reason="")

    assert rule.apply(by=noor, now=later) == 2

    assert (ImportRow.objects.count(), ImportBatch.objects.count(), rule.due(later).count()) == (0, 2, 0)
    assert list((settings.MEDIA_ROOT / "imports").iterdir()) == []
    with pytest.raises(ValidationError, match="its rows are not kept any more"):
        batch.undo(by=noor)


# -- two at once


@pytest.mark.slow
@several_connections
def test_an_edit_that_ends_while_an_import_is_taken_back_is_not_lost(noor, pavel, dina):
    batch = imported(OUTLOOK, noor)
    batch.undo(by=noor)

    def take_back():
        try:
            work.go_on(batch.pk)
        finally:
            connection.close()

    other = threading.Thread(target=take_back)
    with transaction.atomic():  # somebody is editing
        Person.objects.select_for_update().get(pk=pavel.pk)
        other.start()
        time.sleep(0.5)
        Person.objects.filter(pk=pavel.pk).update(country="DE")
    other.join()
    worked_off(batch)

    pavel.refresh_from_db()
    assert (pavel.country_id, why(batch, 3)) == ("DE", "Changed since: country.")


@pytest.mark.slow
@several_connections
def test_two_workers_at_once_take_each_row_in_once(noor, monkeypatch):
    monkeypatch.setattr(work, "SLICE", 5)
    batch = looked_through(many(40), noor)
    batch.start(by=noor)

    def work_off():
        try:
            work.work_off()
        finally:
            connection.close()

    workers = [threading.Thread(target=work_off) for _worker in range(2)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()

    batch = worked_off(batch)
    assert (batch.state, batch.done, Person.objects.count()) == ("DONE", 40, 40)


def test_what_another_file_says_as_well_stays(noor, pavel, dina):
    first = imported(OUTLOOK, noor)
    second = imported(OUTLOOK, noor, "again.csv")
    assert list(second.rows.order_by("number").values_list("outcome", flat=True)[:2]) == ["SAME", "SAME"]

    assert undone(first, noor) == {"KEPT": [2, 3]}

    assert [why(first, 2), why(first, 3)] == [
        "New or changed since: imported files.",
        "Changed since: country, position.",
    ]
    pavel.refresh_from_db()
    assert (pavel.country_id, pavel.affiliations.get().position) == ("FR", "Director General")
    assert Person.objects.filter(given_name="Amina").count() == 1


def test_a_file_that_came_before_holds_nothing_back(noor, pavel, dina):
    imported("First Name,Last Name,E-mail,Country\nPavel,Novak,pavel.novak@example.org,BE\n", noor, "before.csv")
    batch = imported(OUTLOOK, noor)

    assert undone(batch, noor) == {"REVERSED": [2, 3]}

    pavel.refresh_from_db()
    assert pavel.country_id == "BE"


def test_what_could_not_be_taken_back_is_tried_again_after_an_unmerge(client, noor, batch, amina, dina):
    merge = Merge.objects.join(dina, amina, by=noor)
    assert undone(batch, noor) == {"STUCK": [2], "REVERSED": [3]}
    client.force_login(noor)
    page = client.get(reverse("importbatch:inspect", args=[batch.pk]))
    assert "Try again with what could not be taken back" in page.text

    merge.undo(by=noor)
    client.post(reverse("importbatch:undo", args=[batch.pk]))
    worked_off(batch)

    assert {row.number: row.undone for row in batch.rows.exclude(undone="")}[3] == "REVERSED"
    assert batch.rows.get(number=2).undone in ("REVERSED", "KEPT")
    assert batch.rows.filter(undone="STUCK").count() == 0
