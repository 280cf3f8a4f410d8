"""The desk's way of a status table: uploaded, its columns and treaties said, its rows compared, chosen and recorded."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from legal.forms import status_tables
from legal.models import Act, Instrument, Participation, StatusTable
from tests.conftest import queries_of, staff
from tests.legal.test_status_sheets import STATUS
from tests.legal.test_status_tables import judged, received
from tests.legal.test_treaties import record

LINES = "Country,Signature,Ratification\nFrance,2012-11-12,2014-05-01\nGermany,2012-11-12,2014-06-01\nSUN,1980-01-01,\n"


@pytest.fixture
def desk(client, lena):
    """As Lena sees it."""
    client.force_login(lena)
    return client


def upload(desk, content=LINES, name="status.csv", **answers):
    content = content if isinstance(content, bytes) else content.encode()
    answers = {"source": "Depositary", "as_at": "2026-04-01", **answers}
    return desk.post(reverse("statustable:add"), {"file": SimpleUploadedFile(name, content), **answers})


def at(name: str, table: StatusTable) -> str:
    return reverse(f"statustable:{name}", args=[table.pk])


def messages(page) -> list[str]:
    return [str(message).strip() for message in page.context["messages"]]


def test_a_table_goes_from_its_file_to_what_is_recorded(desk, convention):
    record(convention, "DE")
    sent = upload(desk)
    table = StatusTable.objects.get()
    assert sent.url == at("columns", table)
    columns = desk.get(at("columns", table)).context["form"]
    assert desk.post(at("columns", table), columns.initial).url == at("names", table)
    names = desk.get(at("names", table)).context["form"]
    assert [field.label for field in names.treaty_fields] == ["The whole table"]
    assert desk.post(at("names", table), {"treaty_0": convention.pk}).url == at("inspect", table)

    page = desk.get(at("inspect", table))

    assert [(tab.label, tab.count) for tab in page.context["tabs"]] == [
        *(("All", 5), ("New", 3), ("Differs", 1), ("Refused", 1)),
    ]
    assert [(line.who, line.said, line.row.is_taken) for line in page.context["lines"]] == [
        ("France", "Signature, 12 November 2012", True),
        ("France", "Ratification, 1 May 2014", True),
        ("Germany", "Signature, 12 November 2012", True),
        ("Germany", "Ratification, 1 June 2014", False),
        ("SUN", "Signature, 1 January 1980", False),
    ]
    rows = {(line.who, line.row.act): line.row.pk for line in page.context["lines"] if line.row.is_open}
    taken = [rows["France", "SIGNATURE"], rows["Germany", "RATIFICATION"]]
    done = desk.post(at("decide", table), {"row": list(rows.values()), "taken": taken, "act": "record"}, follow=True)
    assert messages(done) == ["2 rows were recorded."]
    assert [(one.country_id, one.act, str(one.acted_on)) for one in Participation.objects.order_by("country")] == [
        *(("DE", "RATIFICATION", "2014-06-01"), ("FR", "SIGNATURE", "2012-11-12")),
    ]


def test_an_xml_finds_its_instrument_by_its_title(desk, convention):
    upload(desk, STATUS, "status.xml")
    table = StatusTable.objects.get()
    desk.post(at("columns", table), desk.get(at("columns", table)).context["form"].initial)

    form = desk.get(at("names", table)).context["form"]

    assert [(field.help_text, field.initial) for field in form.treaty_fields] == [
        ("Protocol on tobacco", convention.pk)
    ]


def test_a_treaty_that_is_not_there_yet_becomes_a_draft(desk, lena):
    table = received(lena, "Country,Treaty,Signature", "France,Convention on Candles,2012-11-12")

    desk.post(at("names", table), {"treaty_0": "new"})

    draft = Instrument.objects.get()
    assert (draft.slug, str(draft.title), draft.is_published) == (
        "convention-on-candles",
        "Convention on Candles",
        False,
    )
    assert table.rows.get().instrument == draft


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (STATUS[:900], "status.xml", "The XML breaks off, or is wrong, in line 25."),
        (
            "<html><body>Sign in</body></html>",
            "status.xml",
            "This is a web page.",
        ),
        ("", "status.csv", "The file is empty."),
        (b"\x00\x01\x02" * 50, "status.csv", "This is not a table"),
        ("PK\x03\x04 no workbook", "status.xlsx", "This is not a workbook in XLSX or ODS, or it is damaged."),
    ],
)
def test_what_is_no_table_is_refused_on_the_form(desk, content, name, sentence):
    page = upload(desk, content, name)

    [refusal] = page.context["form"].errors["file"]
    assert refusal.startswith(sentence)
    assert StatusTable.objects.count() == 0


def test_a_file_that_is_too_large_is_refused_before_it_is_read(desk, monkeypatch):
    monkeypatch.setattr(status_tables, "MOST_BYTES", 10)

    page = upload(desk)

    assert page.context["form"].errors["file"] == ["The file is larger than 20 MB. Divide it into several."]


def test_a_source_is_needed_and_no_day_to_come(desk):
    page = upload(desk, source="", as_at="2999-01-01")

    assert page.context["form"].errors == {
        "source": ["This field is required."],
        "as_at": ["This day is still to come."],
    }


def test_columns_without_a_country_are_refused(desk, lena):
    upload(desk)
    table = StatusTable.objects.get()

    page = desk.post(at("columns", table), {"column_1": "signature"})

    assert page.context["form"].non_field_errors() == ["Say which column is the country."]


def test_a_column_of_very_many_treaties_is_another_column(desk, lena):
    upload(desk, "\n".join(["Country,Number,Signature", *(f"France,{number},2012-11-12" for number in range(301))]))
    table = StatusTable.objects.get()

    page = desk.post(at("columns", table), {"column_0": "country", "column_1": "treaty", "column_2": "signature"})

    assert page.context["form"].non_field_errors() == [
        "By these columns the table is about more than 300 treaties. Choose another column."
    ]


def test_all_that_differs_is_ticked_by_one_button(desk, lena, convention):
    record(convention, "FR")
    table = judged(lena, convention, "Country,Ratification", "France,2014-06-01", "Peru,2014-06-01")

    page = desk.post(at("decide", table), {"all": "take", "back": "show=DIFFERS&p=1&evil=1"})

    assert page.url == f"{at('inspect', table)}?show=DIFFERS&p=1#rows"
    assert set(table.rows.taken().values_list("country", flat=True)) == {"FR", "PE"}


def test_a_row_that_differs_shows_both(desk, lena, convention):
    record(convention, "FR", Act.ACCESSION)

    table = judged(lena, convention, "Country,Ratification", "France,2014-06-01")

    [line] = desk.get(at("inspect", table)).context["lines"]

    assert line.changes == [("act", "Accession", "Ratification"), ("date", "2014-05-01", "2014-06-01")]


def test_the_refused_rows_are_fetched_with_file_and_row(desk, lena, convention):
    table = judged(lena, convention, "Country,Signature", "SUN,1980-01-01", "=cmd(),2012-11-12")

    lines = b"".join(desk.get(at("refused", table)).streaming_content).decode("utf-8-sig").splitlines()

    assert lines == [
        "File,Row,Country,Treaty,Act,Reason",
        "status.csv,2,SUN,,Signature,"
        '"“SUN” is the Soviet Union, which ended in 1991. Record its acts with those after it."',
        "status.csv,3,'=cmd(),,Signature,No country is known by “=cmd()”.",
    ]


def test_what_is_recorded_is_no_longer_chosen(desk, lena, convention):
    table = judged(lena, convention, "Country,Ratification", "France,2014-05-01")
    table.record(by=lena)

    again = desk.post(at("decide", table), {"all": "take"}, follow=True)

    assert messages(again) == ["Somebody has gone on with this file already. Load the page again."]
    assert desk.get(at("columns", table)).url == at("inspect", table)


def test_a_file_is_discarded(desk, lena):
    table = received(lena, "Country,Ratification", "France,2014-05-01")

    page = desk.post(at("discard", table), follow=True)

    assert messages(page) == ["The file and its rows are deleted; nothing was recorded."]
    assert StatusTable.objects.count() == 0


def test_the_page_asks_as_often_for_three_rows_as_for_one(desk, lena, convention):
    one = judged(lena, convention, "Country,Ratification", "France,2014-05-01")
    three = judged(lena, convention, "Country,Ratification", "France,2014-05-01", "Peru,2014-05-01", "Kenya,2014-05-01")

    assert queries_of(desk, at("inspect", three)) == queries_of(desk, at("inspect", one))


@pytest.mark.parametrize("role", ["reader", "network officer"])
def test_who_keeps_no_law_loads_no_tables(client, lena, convention, role):
    table = judged(lena, convention, "Country,Ratification", "France,2014-05-01")
    client.force_login(staff(role, "other@example.org"))

    for address in (
        reverse("statustable:add"),
        *(at(name, table) for name in ("inspect", "columns", "names", "refused")),
    ):
        assert client.get(address).status_code == 302
    client.post(at("decide", table), {"act": "record"})

    assert Participation.objects.count() == 0
