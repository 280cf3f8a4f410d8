"""A contact file on its way in: how it is read, what its rows would do, and what they do."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from openpyxl import Workbook
from wagtail.models import ModelLogEntry

from contacts.models import ImportBatch, ImportLayout, ImportRow, Person
from contacts.models.imports import work
from network.models import Seal
from tests.conftest import person, several_connections

HEADER = "Title,First Name,Last Name,Company,Job Title,Business Country/Region,Business Phone,E-mail Address,Notes"
OUTLOOK = f"""{HEADER}
Dr,Amina,Benali,Customs of Example,Inspector,FR,+33 1 23 45,amina@customs.example,met in Lyon
,Pavel,Novak,Customs of Example,Director General,FR,,pavel.novak@example.org,
,Dina,Haddad,,,,,dina.haddad@example.org,
,,,Customs of Example,,FR,,nobody@customs.example,
,Amina,Benali,,,FR,,amina@customs.example,
""".replace("Amina,Benali,Customs", "Amina,Bénali,Customs").replace(",Amina,Benali,,", ",Amina,Bénali,,")
OUTLOOK = OUTLOOK.encode("cp1252")


def upload(content, by, name="outlook.csv") -> ImportBatch:
    content = content.encode() if isinstance(content, str) else content
    return ImportBatch.objects.receive(SimpleUploadedFile(name, content), by=by)


def looked_through(content, by, name="outlook.csv") -> ImportBatch:
    """With the suggested columns."""
    batch = upload(content, by, name)
    batch.look_through(batch.mapping, by=by)
    return worked_off(batch)


def imported(content, by, name="outlook.csv") -> ImportBatch:
    batch = looked_through(content, by, name)
    batch.start(by=by)
    return worked_off(batch)


def worked_off(batch: ImportBatch) -> ImportBatch:
    work.work_off()
    return ImportBatch.objects.get(pk=batch.pk)


def verdicts(batch: ImportBatch) -> list[str]:
    return list(batch.rows.order_by("number").values_list("verdict", flat=True))


def told(who: Person) -> list:
    """What the history says of the last import of somebody."""
    return ModelLogEntry.objects.for_instance(who).filter(action__contains="import").first().data["changes"]


# -- looking through


def test_an_outlook_export_is_looked_through_and_nothing_is_written(noor, pavel, dina):
    batch = looked_through(OUTLOOK, noor)

    assert (batch.state, batch.reading["encoding"], batch.total) == ("PREVIEWED", "cp1252", 5)
    assert verdicts(batch) == ["CREATE", "UPDATE", "SAME", "REFUSE", "REFUSE"]
    assert [row.reason for row in batch.rows.refused()] == [
        "There is no name.",
        "The file speaks of the same one in row 2.",
    ]
    assert batch.rows.get(number=3).changes == [
        ["country", "", "FR"],
        ["position", "Director", "Director General"],
    ]
    assert batch.rows.get(number=2).notes == ["Left out, because there is no place for it: “Notes”."]
    assert (Person.objects.count(), ModelLogEntry.objects.filter(action="contacts.person.import").count()) == (2, 0)


def test_what_was_looked_at_is_what_is_written(noor, pavel, dina):
    batch = imported(OUTLOOK, noor)

    amina = Person.objects.get(given_name="Amina")
    assert batch.state == "DONE"
    assert list(batch.rows.values_list("outcome", flat=True)) == ["CREATED", "UPDATED", "SAME", "REFUSED", "REFUSED"]
    assert (amina.name, amina.honorific, amina.country_id, amina.address) == (
        "Amina Bénali",
        "Dr",
        "FR",
        "amina@customs.example",
    )
    assert [(phone.number, phone.kind) for phone in amina.phones.all()] == [("+33 1 23 45", "WORK")]
    assert str(amina.affiliations.get()) == "Inspector, Customs of Example"
    assert pavel.affiliations.get().position == "Director General"
    assert list(Person.objects.matching("benali")) == [amina]


def test_each_person_has_an_entry_that_says_what_changed_and_the_chain_holds(noor, pavel, dina):
    imported(OUTLOOK, noor)

    entries = ModelLogEntry.objects.filter(action="contacts.person.import").order_by("pk")
    assert [(entry.label, entry.user) for entry in entries] == [("Amina Bénali", noor), ("Pavel Novak", noor)]
    assert told(pavel) == [["country", "", "FR"], ["position", "Director", "Director General"]]
    assert told(Person.objects.get(given_name="Amina"))[-3:] == [
        ["e-mail address", "", "amina@customs.example"],
        ["telephone number", "", "+33 1 23 45"],
        ["affiliation", "", "Inspector, Customs of Example"],
    ]
    Seal.objects.append()
    assert Seal.objects.verify().broken == []


def test_a_second_time_writes_nothing(noor, pavel, dina):
    imported(OUTLOOK, noor)

    again = looked_through(OUTLOOK, noor)

    assert verdicts(again) == ["SAME", "SAME", "SAME", "REFUSE", "REFUSE"]
    assert again.before.name == "outlook.csv"


def test_a_vcard_and_a_workbook_are_read_alike(noor, customs, tmp_path):
    card = "BEGIN:VCARD\nVERSION:3.0\nN:Okafor;Ngozi;;Ms;\nTEL;TYPE=cell:+234 1\nEMAIL:ngozi@example.org\nEND:VCARD\n"
    book = Workbook()
    for row in (
        ["Participants, as of March"],
        ["Surname", "First name", "E-mail", "In position from", "Organisation", "Position"],
        ["Okafor", "Ngozi", "ngozi@example.org", "2026-03-01", "Customs of Example", "Head"],
    ):
        book.active.append(row)
    book.save(tmp_path / "list.xlsx")

    imported(card, noor, "ngozi.vcf")
    second = imported((tmp_path / "list.xlsx").read_bytes(), noor, "list.xlsx")

    ngozi = Person.objects.get()
    assert [(phone.number, phone.kind) for phone in ngozi.phones.all()] == [("+234 1", "MOBILE")]
    assert second.remarks == ["Above the names of the columns stands: Participants, as of March."]
    assert (str(ngozi.affiliations.get()), str(ngozi.affiliations.get().starts_on)) == (
        "Head, Customs of Example",
        "2026-03-01",
    )


def test_a_file_that_cannot_be_read_leaves_nothing(noor, tmp_path, settings):
    for content, sentence in [
        ("", "The file is empty."),
        ('a,b\n"x', "Row 2 cannot be read: a quotation mark is out of place, or a cell is too long."),
        (b"\xd0\xcf\x11\xe0 old", "This is an old Excel file, or one with a password."),
    ]:
        with pytest.raises(ValidationError, match=sentence[:40]):
            upload(content, noor)

    assert (ImportBatch.objects.count(), list(settings.MEDIA_ROOT.rglob("*.csv"))) == (0, [])


def test_how_it_is_read_can_be_overruled(noor):
    batch = upload("Имя;Фамилия\nОльга;Петрова\n".encode("cp1251"), noor)

    batch.read_again({"encoding": "koi8-r"}, by=noor)
    wrong = batch.columns
    with pytest.raises(ValidationError, match="The file is not in utf-8"):
        batch.read_again({"encoding": "utf-8"}, by=noor)
    batch.read_again({"encoding": "cp1251", "delimiter": ";"}, by=noor)

    assert (wrong == batch.columns, batch.columns) == (False, ["Имя", "Фамилия"])
    assert batch.fields == ["given_name", "family_name"]


def test_a_layout_is_remembered_by_the_names_of_its_columns_alone(noor, olga):
    first = upload("Who,Where\nAda,Lyon\n", noor)
    first.look_through({"Who": "full_name", "Where": "organization"}, by=noor)

    assert upload("Who,Where\nBea,Oslo\n", olga).mapping == {"Who": "full_name", "Where": "organization"}
    assert upload("Who,When\nBea,2026\n", olga).mapping == {"Who": "", "When": ""}
    assert "Who" not in str(list(ImportLayout.objects.values_list()))


def test_without_a_name_no_row_is_looked_through(noor):
    batch = upload("Who,Where\nAda,Lyon\n", noor)

    with pytest.raises(ValidationError, match="No column holds a name"):
        batch.look_through({"Where": "organization"}, by=noor)

    assert ImportBatch.objects.get().state == "READ"


def test_choosing_other_columns_judges_the_rows_anew_and_keeps_what_was_mended(noor):
    batch = looked_through("First Name,Last Name,Town\nAda,,Lyon\nBea,,Oslo\n", noor)
    batch.mend(batch.rows.get(number=2), {"Last Name": "Abel"}, by=noor)

    batch.look_through({"Last Name": "family_name"}, by=noor)
    batch = worked_off(batch)

    assert verdicts(batch) == ["CREATE", "REFUSE"]
    assert batch.rows.get(number=2).changes[0] == ["family name", "", "Abel"]


def test_a_file_of_names_of_columns_alone_has_nothing_to_import(noor):
    batch = looked_through("First Name,Last Name\n", noor)

    assert (batch.state, batch.total) == ("PREVIEWED", 0)
    with pytest.raises(ValidationError, match="Every row is refused"):
        batch.start(by=noor)


# -- mending


def test_a_mended_row_is_judged_again_and_with_it_the_one_that_spoke_of_the_same(noor, customs):
    batch = looked_through("First Name,Last Name,E-mail\nAda,Abel,a@x.org\nAda,Abel,a@x.org\n,,b@x.org\n", noor)
    first, _second, third = batch.rows.order_by("number")

    batch.mend(first, {"E-mail": "other@x.org"}, by=noor)
    batch.mend(third, {"Last Name": "Bell"}, by=noor)

    assert verdicts(batch) == ["CREATE", "CREATE", "CREATE"]
    assert (first.edits, batch.rows.get(pk=third.pk).edits) == ({"E-mail": "other@x.org"}, {"Last Name": "Bell"})
    batch.mend(first, {"E-mail": "a@x.org"}, by=noor)
    assert (verdicts(batch), first.edits) == (["CREATE", "REFUSE", "CREATE"], {})


def test_what_is_imported_already_is_not_mended(noor):
    batch = imported("First Name,Last Name\nAda,Abel\n", noor)

    with pytest.raises(ValidationError, match="Somebody has gone on"):
        batch.mend(batch.rows.get(), {"Last Name": "Bell"}, by=noor)


# -- in the background


def many(count: int) -> str:
    return "First Name,Last Name,E-mail\n" + "".join(f"P{n},Person,p{n}@x.org\n" for n in range(count))


@pytest.fixture
def short_slices(monkeypatch):
    monkeypatch.setattr(work, "SLICE", 2)


def test_a_worker_that_stops_in_the_middle_leaves_whole_slices_and_the_next_goes_on(noor, short_slices):
    batch = upload(many(7), noor)
    batch.look_through(batch.mapping, by=noor)
    work.go_on(batch.pk, seconds=0)
    half = ImportBatch.objects.get()
    assert (half.state, half.done, half.rows.count()) == ("JUDGING", 2, 2)
    batch = worked_off(batch)
    batch.start(by=noor)
    work.go_on(batch.pk, seconds=0)
    assert (ImportBatch.objects.get().done, Person.objects.count()) == (2, 2)

    batch = worked_off(batch)

    assert (batch.state, batch.done, Person.objects.count()) == ("DONE", 7, 7)
    assert ModelLogEntry.objects.filter(action="contacts.person.import").count() == 7


def test_what_breaks_off_says_so_without_naming_anybody_and_goes_on_when_asked(noor, short_slices):
    batch = looked_through(many(5), noor)
    batch.rows.filter(number=5).update(cells=3)
    batch.start(by=noor)

    broken = worked_off(batch)
    assert (broken.state, broken.done, Person.objects.count()) == ("FAILED", 2, 2)
    assert broken.broken_why.startswith("Something went wrong (") and "Person" not in broken.broken_why
    batch.rows.filter(number=5).update(cells=["P3", "Person", "p3@x.org"])
    broken.resume(by=noor)

    assert (worked_off(batch).state, Person.objects.count()) == ("DONE", 5)


def test_somebody_who_came_between_look_and_import_is_met_and_not_doubled(noor, customs):
    batch = looked_through("First Name,Last Name,E-mail,Country\nAda,Abel,ada.abel@example.org,FR\n", noor)
    ada = person("Ada", "Abel")
    batch.start(by=noor)

    batch = worked_off(batch)

    assert (Person.objects.get(), batch.rows.get().outcome) == (ada, "UPDATED")


def test_the_stored_file_goes_when_all_is_taken_in(noor, settings):
    batch = looked_through(many(2), noor)
    kept = [path.name for path in (settings.MEDIA_ROOT / "imports").iterdir()]
    batch.start(by=noor)

    batch = worked_off(batch)

    assert (len(kept), kept[0].endswith(".csv"), "outlook" in kept[0]) == (1, True, False)
    assert (list((settings.MEDIA_ROOT / "imports").iterdir()), batch.file.name, batch.sample) == ([], "", [])


def test_a_file_that_is_discarded_goes_with_its_rows(noor, settings):
    looked_through(many(2), noor).discard(by=noor)

    assert (ImportBatch.objects.count(), ImportRow.objects.count()) == (0, 0)
    assert list((settings.MEDIA_ROOT / "imports").iterdir()) == []


def test_nobody_imports_with_a_closed_account(noor):
    batch = looked_through(many(2), noor)
    batch.start(by=noor)
    noor.is_active = False
    noor.save()

    batch = worked_off(batch)

    assert (batch.state, batch.broken_why) == ("FAILED", "The account of whoever began this is closed.")
    assert Person.objects.count() == 0


@several_connections
def test_the_worker_goes_on_with_what_waits(noor):
    batch = upload(many(3), noor)
    batch.look_through(batch.mapping, by=noor)

    call_command("worker", once=True)

    assert ImportBatch.objects.get().state == "PREVIEWED"
