"""The screens for contact files, and whose they are."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.users.models import UserProfile

from contacts.models import Affiliation, ImportBatch, Person
from contacts.models.imports.work import go_on
from network.models import Organization
from network.sheets import open_sheet
from network.viewsets.records import harmless
from tests.conftest import person, queries_of, staff
from tests.contacts.test_imports import OUTLOOK, imported, looked_through, many, upload, verdicts

SENT = "First Name,Last Name,E-mail,Company,Country\n"


def page_of(batch) -> str:
    return reverse("importbatch:inspect", args=[batch.pk])


def act(client, name: str, batch, *where, **sent):
    return client.post(reverse(f"importbatch:{name}", args=[batch.pk, *where]), sent, follow=True)


def chosen(batch, **changed) -> dict:
    """What the form of the columns sends when every suggestion is taken."""
    return {f"column_{place}": field for place, field in enumerate(batch.fields)} | changed


# -- the way of a file through the screens


def test_an_officer_imports_an_outlook_export_and_takes_it_back(client, noor, pavel, dina):
    client.force_login(noor)
    file = SimpleUploadedFile("outlook.csv", OUTLOOK)

    columns = client.post(reverse("importbatch:add"), {"file": file}, follow=True)
    batch = ImportBatch.objects.get()
    assert dict(columns.context["facts"]) == {
        "Format": "CSV",
        "Encoding": "cp1252",
        "Between the cells": "comma",
        "Names of the columns": "row 1",
    }
    assert columns.context["first"][0][:2] == ["Dr", "Amina"]

    preview = act(client, "columns", batch, **chosen(batch))
    assert [(tab.label, tab.count) for tab in preview.context["tabs"]] == [
        ("All", 5),
        ("Create", 1),
        ("Update", 1),
        ("Same", 1),
        ("Refuse", 2),
        ("With a remark", 1),
    ]
    remarked = client.get(page_of(batch), {"show": "notes"})
    assert [line.row.number for line in remarked.context["lines"]] == [2]
    nameless = batch.rows.get(number=5)
    editing = client.get(page_of(batch), {"show": "verdict:REFUSE", "edit": nameless.pk})
    assert [line.row.number for line in editing.context["lines"]] == [5, 6]
    mended = act(client, "mend", batch, nameless.pk, cell_2="Secretariat", back="show=verdict:REFUSE&p=1")
    assert mended.redirect_chain[0][0] == f"{page_of(batch)}?show=verdict%3AREFUSE&p=1#row-6"
    assert [str(message).strip() for message in mended.context["messages"]] == [
        "Row 5: Create. Nobody is known by this name and address."
    ]

    done = act(client, "start", batch)
    assert (done.context["batch"].state, Person.objects.count()) == ("DONE", 4)
    assert [line.status for line in done.context["lines"]] == ["Created", "Updated", "Unchanged", "Created", "Refused"]

    back = act(client, "undo", batch)
    assert [(tab.label, tab.count) for tab in back.context["tabs"]] == [
        ("All", 5),
        ("Reversed", 3),
        ("With a remark", 1),
    ]
    assert Person.objects.count() == 2


def test_a_file_that_cannot_be_read_gets_a_sentence(client, noor):
    client.force_login(noor)

    def said(**sent):
        return client.post(reverse("importbatch:add"), sent).context["form"].errors["file"]

    assert said() == ["Choose a file first."]
    assert said(file=SimpleUploadedFile("a.csv", b"")) == ["The file is empty."]
    assert said(file=SimpleUploadedFile("a.pdf", b"%PDF-1.4")) == [
        "This is not a table in CSV, XLSX, ODS or JSON Lines, and no vCard or LDIF."
    ]
    assert ImportBatch.objects.count() == 0


def test_a_file_that_was_read_wrongly_is_read_again_on_the_screen(client, noor):
    client.force_login(noor)
    batch = upload("Ada;Abel\nBea;Bell\n", noor)

    wrong = act(client, "columns", batch, act="read", encoding="utf-16", header_row="0")
    right = act(client, "columns", batch, act="read", header_row="0")

    assert wrong.context["reading_form"].non_field_errors() == ["The file is not in utf-16 (line 1)."]
    assert (right.context["batch"].columns, right.context["batch"].total) == (["A", "B"], 2)


def test_columns_without_a_name_are_refused_with_a_sentence(client, noor):
    client.force_login(noor)
    batch = upload(SENT + "Ada,Abel,,,\n", noor)

    page = act(client, "columns", batch, **chosen(batch, column_0="", column_1=""))
    strange = act(client, "columns", batch, **chosen(batch, column_0="password"))

    assert page.context["form"].non_field_errors() == ["No column holds a name. Say which one does."]
    assert "column_0" in strange.context["form"].errors
    assert ImportBatch.objects.get().state == "READ"


def test_each_reads_in_their_own_language_what_a_colleague_has_uploaded(client, noor, root, pavel, dina):
    batch = looked_through(OUTLOOK, noor)
    batch.rows.filter(number=4).update(reason="Kept in English, once.", notes=["So was this."])
    client.force_login(root)
    UserProfile.objects.create(user=root, preferred_language="fr")

    page = client.get(page_of(batch))

    lines = page.context["lines"]
    assert [line.row.reason for line in lines] == [
        "Personne n’est connu sous ce nom et cette adresse.",
        "Cette personne est connue ; il y a du nouveau.",
        "Kept in English, once.",
        "Il manque un nom.",
        "La même fiche figure déjà à la ligne 2 du fichier.",
    ]
    assert [lines[0].row.notes, lines[2].row.notes] == [
        ["Laissé de côté, faute de place : “Notes”."],
        ["So was this."],
    ]
    assert "<div><bdi>fonction</bdi>: <del" in page.text


def test_each_reads_in_their_own_language_what_is_odd_in_a_file(client, noor, root):
    titled = upload("Participants of March\nGiven name,Family name,Country\nAda,Abel,FR\n", noor)
    guessed = upload("Given name,Family name\nRené,Lefèvre\n".encode("cp1252"), noor)
    client.force_login(root)
    UserProfile.objects.create(user=root, preferred_language="fr")

    said = [
        client.get(reverse("importbatch:columns", args=[one.pk])).context["batch"].remarks for one in (titled, guessed)
    ]

    assert said == [
        ["Au-dessus des noms de colonnes figure : Participants of March."],
        ["Le fichier n’indique pas son encodage ; il a été déduit de ses lettres : cp1252."],
    ]
    assert [batch.remarks for batch in (titled, guessed)] == [
        ["Above the names of the columns stands: Participants of March."],
        ["The file does not say its encoding; it was guessed from its letters: cp1252."],
    ]


def test_an_empty_list_says_how_to_begin(client, noor):
    client.force_login(noor)

    page = client.get(reverse("importbatch:index")).text

    assert 'No contact file has been imported yet. <a href="/admin/contacts/imports/new/">Import one</a>' in page


@pytest.mark.parametrize("name", ["index", "inspect"])
def test_the_list_and_the_page_of_a_file_ask_as_often_for_three_as_for_one(client, noor, name):
    client.force_login(noor)
    one = looked_through(SENT + "Ada,Abel,,,\n", noor)
    of_one = queries_of(client, page_of(one) if name == "inspect" else reverse("importbatch:index"))
    for _time in range(2):
        three = looked_through(many(3), noor)

    assert queries_of(client, page_of(three) if name == "inspect" else reverse("importbatch:index")) == of_one


def test_a_look_changes_nothing(client, noor):
    client.force_login(noor)
    batch = looked_through(many(2), noor)
    before = list(ImportBatch.objects.values()), list(batch.rows.values())

    for name in ("inspect", "columns", "progress", "refused"):
        assert client.get(reverse(f"importbatch:{name}", args=[batch.pk])).status_code == 200

    assert (list(ImportBatch.objects.values()), list(batch.rows.values())) == before


def test_progress_is_told_to_the_page_that_waits(client, noor):
    client.force_login(noor)
    batch = upload(many(3), noor)
    batch.look_through(batch.mapping, by=noor)

    url = reverse("importbatch:progress", args=[batch.pk])
    waits = client.get(page_of(batch)).text, client.get(url).text
    go_on(batch.pk)
    done = client.get(page_of(batch)).text, client.get(url).text

    assert [f'data-progress="{url}"' in page for page in (*waits, *done)] == [True, True, False, False]
    assert all("<b>0</b> of <b>3</b> rows." in page for page in waits)


def test_who_mends_a_row_comes_back_to_it(client, noor):
    client.force_login(noor)
    batch = looked_through("First Name,Last Name,E-mail\n,,a@x.org\nAda,Abel,\n,Bell,\n,,b@x.org\n", noor)

    def mended(number: int, back: str, **cells) -> str:
        row = batch.rows.get(number=number)
        return act(client, "mend", batch, row.pk, back=back, **cells).redirect_chain[0][0].partition("?")[2]

    assert mended(3, "show=&p=1&edit=9", cell_0="Ida") == "show=&p=1#row-3"
    assert mended(2, "show=verdict%3AREFUSE&p=1", cell_0="Eve") == "show=verdict%3AREFUSE&p=1#row-5"
    assert mended(5, "show=verdict%3AREFUSE&p=1", cell_0="Una") == "show=verdict%3AREFUSE&p=1#rows"
    assert mended(4, "show=nonsense:1&p=https://elsewhere.example", cell_0="Bo").endswith("elsewhere.example#row-4")


# -- who may be there already


def test_a_row_that_may_be_of_somebody_who_is_there_says_so(client, noor, pavel, dina):
    client.force_login(noor)
    batch = looked_through(SENT + "Павел,Новак,novak@customs.example,Customs of Example,\nEve,Adams,,,\n", noor)

    page = client.get(page_of(batch))
    act(client, "start", batch)

    first, second = page.context["lines"]
    person, reason = first.double
    assert (person, str(reason)) == (pavel, "The same name in two scripts or spellings: Павел Новак, Pavel Novak")
    assert f'<a href="/admin/contacts/people/inspect/{pavel.pk}/" dir="auto">This may be the same as Pavel' in page.text
    assert second.double is None
    assert [line.double for line in client.get(page_of(batch)).context["lines"]] == [None, None]


def test_rows_that_may_be_of_somebody_who_is_there_are_among_those_with_a_remark_also_after_the_import(
    client, noor, pavel
):
    client.force_login(noor)
    batch = looked_through(SENT + "Pavel,Novak,novak@customs.example,Customs of Example,\nEve,Adams,e@x.org,,\n", noor)

    remarked = client.get(page_of(batch), {"show": "notes"}).context["lines"]
    act(client, "start", batch)
    imported = client.get(page_of(batch), {"show": "notes"}).context["lines"]

    assert [(line.who, line.double[0], line.notes) for line in remarked] == [("Pavel Novak", pavel, [])]
    note = "This may be somebody who is there already."
    assert [(line.who, line.double, line.notes) for line in imported] == [("Pavel Novak", None, [note])]


def test_of_a_very_long_file_it_is_found_out_page_by_page_who_may_be_there(client, noor, pavel, monkeypatch):
    monkeypatch.setattr("contacts.models.imports.doubles.MOST_NOTED", 0)
    client.force_login(noor)
    batch = looked_through(SENT + "Pavel,Novak,novak@customs.example,Customs of Example,\n", noor)

    [line] = client.get(page_of(batch)).context["lines"]

    assert (line.double[0], batch.rows.with_notes().count()) == (pavel, 0)


def test_who_may_be_there_is_asked_as_often_for_three_rows_as_for_one(client, noor, customs):
    client.force_login(noor)
    names = [("Ada", "Abel"), ("Bea", "Bell"), ("Cleo", "Cole")]
    for given, family in names:
        Affiliation.objects.create(person=person(given, family), organization=customs)
    rows = [f"{given},{family},{given}@customs.example,Customs of Example,\n" for given, family in names]
    one, three = looked_through(SENT + rows[0], noor), looked_through(SENT + "".join(rows), noor)

    of_one, of_three = queries_of(client, page_of(one)), queries_of(client, page_of(three))

    assert of_three == of_one
    assert all(line.double for line in client.get(page_of(three)).context["lines"])


# -- the refused rows as a file


def test_refused_rows_are_downloaded_with_their_reason_and_no_formula_in_them(client, noor, tmp_path):
    client.force_login(noor)
    batch = looked_through("First Name,Last Name,Company\n,,\"=cmd|'/C calc'!A0\"\n,,@SUM(1)\nAda,Abel,x\n", noor)

    answer = client.get(reverse("importbatch:refused", args=[batch.pk]))
    (tmp_path / "refused.csv").write_bytes(b"".join(answer.streaming_content))
    rows = [row.values for row in open_sheet(tmp_path / "refused.csv").rows]

    assert [(row["Row"], row["Reason"], row["Company"]) for row in rows] == [
        ("2", "There is no name.", "'=cmd|'/C calc'!A0"),
        ("3", "There is no name.", "'@SUM(1)"),
    ]


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0"),
        ("+1-HYPERLINK(1)", "'+1-HYPERLINK(1)"),
        ("@SUM(1)", "'@SUM(1)"),
        ("\t=1", "'\t=1"),
        ("＝1+1", "'＝1+1"),
        ("+33 (0)1 23-45/67", "+33 (0)1 23-45/67"),
        ("+1 418 656 ext. 102", "+1 418 656 ext. 102"),
        ("-5", "-5"),
        ("Ada", "Ada"),
        ("", ""),
    ],
)
def test_no_cell_of_an_export_is_taken_for_a_formula(cell, written):
    assert harmless(cell) == written


# -- whose it is


@pytest.fixture
def secret(db) -> Person:
    """Known to the desk of Kenya alone."""
    guard = Organization.objects.create(kind="LAW_ENFORCEMENT", name="Nairobi Secret Guard", country_id="KE")
    secret = person("Sabine", "Secret", "fr", country_id="KE")
    Affiliation.objects.create(person=secret, organization=guard, position="Spy")
    return secret


def test_somebody_out_of_sight_is_no_double_either(client, fatou, noor, secret):
    content = SENT + "Sabine,Secret,s@example.org,Nairobi Secret Guard,FR\n"
    told = {}
    for viewer in (fatou, noor):
        client.force_login(viewer)
        [line] = client.get(page_of(looked_through(content, viewer))).context["lines"]
        told[viewer] = line.double and line.double[0]

    assert told == {fatou: None, noor: secret}


def test_somebody_out_of_sight_is_neither_told_of_nor_touched(client, fatou, secret, pavel):
    client.force_login(fatou)
    content = SENT + (
        "Sabine,Secret,sabine.secret@example.org,,FR\n"
        "Nobody,Elsewhere,nobody@example.org,,KE\n"
        "Pavel,Novak,pavel.novak@example.org,Nairobi Secret Guard,FR\n"
        "Here,New,new@example.org,Nairobi Secret Guard,FR\n"
        "There,New,there@example.org,Nairobi Secret Guard,\n"
    )
    batch = looked_through(content, fatou)

    page = client.get(page_of(batch))
    refused = b"".join(client.get(reverse("importbatch:refused", args=[batch.pk])).streaming_content).decode()
    act(client, "start", batch)

    assert verdicts(batch) == ["REFUSE", "REFUSE", "UPDATE", "CREATE", "REFUSE"]
    assert len({line.row.reason for line in page.context["lines"] if line.row.verdict == "REFUSE"}) == 1
    assert [line.person for line in page.context["lines"]] == [None, None, pavel, None, None]
    assert ("Spy" in page.text, "Spy" in refused, f"people/inspect/{secret.pk}" in page.text) == (False, False, False)
    assert batch.rows.get(number=4).notes == [
        "The organization “Nairobi Secret Guard” is not known; the person was linked to none."
    ]
    secret.refresh_from_db()
    assert secret.country_id == "KE"


def test_an_update_that_would_take_somebody_out_of_sight_is_refused(fatou, secret):
    ada = person("Ada", "Abel", country_id="FR")

    batch = looked_through(SENT + "Ada,Abel,ada.abel@example.org,,KE\n", fatou)

    assert verdicts(batch) == ["REFUSE"]
    assert Person.objects.get(pk=ada.pk).country_id == "FR"


def test_what_a_row_has_said_of_somebody_is_not_told_when_they_are_out_of_sight_later(client, fatou):
    ada = person("Ada", "Abel", country_id="FR")
    batch = imported("First Name,Last Name,E-mail,Title\nAda,Abel,ada.abel@example.org,Dr\n", fatou)
    Person.objects.filter(pk=ada.pk).update(country="KE", honorific="Judge")
    client.force_login(fatou)

    page = client.get(page_of(batch))
    act(client, "undo", batch)

    assert [(line.person, line.changes) for line in page.context["lines"]] == [(None, [])]
    assert batch.rows.get().undone_why == "This row is outside of what you may change."
    assert Person.objects.get(pk=ada.pk).honorific == "Judge"


def test_a_file_is_its_makers_and_the_administrators(client, noor, olga):
    batch = looked_through(many(2), noor)
    administrator = staff("administrator", "admin@example.org")
    pages = ["inspect", "columns", "progress", "refused", "history", "who"]
    acts = ["start", "undo", "resume", "discard"]

    def answers(user) -> list[int]:
        client.force_login(user)
        shown = [client.get(reverse(f"importbatch:{name}", args=[batch.pk]), follow=True) for name in pages]
        return [answer.status_code for answer in shown]

    assert (answers(noor), answers(administrator), answers(olga)) == ([200] * 6, [200] * 6, [404] * 6)
    assert [act(client, name, batch).status_code for name in acts] == [404] * 4
    assert act(client, "mend", batch, batch.rows.first().pk, cell_0="x").status_code == 404
    assert list(client.get(reverse("importbatch:index")).context["object_list"]) == []
    assert client.get(reverse("importbatch:index"), {"export": "csv"}).getvalue().decode().count("outlook") == 0
    client.force_login(administrator)
    assert list(client.get(reverse("importbatch:index")).context["object_list"]) == [batch]


def test_a_row_is_mended_through_its_own_file_alone(client, noor, olga):
    mine, hers = looked_through(many(1), noor), looked_through(many(1), olga)
    client.force_login(noor)

    answer = act(client, "mend", mine, hers.rows.get().pk, cell_1="Stolen")

    assert (answer.status_code, hers.rows.get().edits) == (404, {})


def test_who_can_see_a_file_is_said_of_it(client, noor, olga):
    batch = looked_through(many(1), noor)
    client.force_login(noor)

    page = client.get(reverse("importbatch:who", args=[batch.pk]))

    assert [user for user, _roles, _desks in page.context["people"]] == [noor]


def test_a_preview_calls_countries_and_languages_by_their_names(client, noor, pavel):
    UserProfile.objects.create(user=noor, preferred_language="fr")
    client.force_login(noor)
    batch = looked_through(
        "Given name,Family name,E-mail,Country,Languages\nPavel,Novak,pavel.novak@example.org,Belgium,pt\n", noor
    )

    page = client.get(page_of(batch))

    [line] = page.context["lines"]
    assert line.changes == [("langues", "Français", "Français, Portugais"), ("pays", "", "Belgique")]
