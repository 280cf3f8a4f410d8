"""Status tables: what they say is compared with what is recorded, and recorded when somebody has said so: all of it, or
nothing; and nothing that is recorded is overwritten silently."""

import csv
import datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.models import ModelLogEntry

from legal.models import Act, Instrument, Participation, StatusName, StatusTable
from legal.models.status_tables.names import Countries, Instruments
from network.models import Country
from tests.legal.test_status_sheets import STATUS
from tests.legal.test_treaties import DEPOSITED, record

AS_AT = datetime.date(2026, 4, 1)


def received(by, *lines: str, name: str = "status.csv", content: bytes | None = None) -> StatusTable:
    """A table as it is when its columns are chosen as they are suggested."""
    upload = SimpleUploadedFile(name, content or "\n".join(lines).encode())
    table = StatusTable.objects.receive(
        upload, by=by, source="Depositary", source_url="https://d.example/", as_at=AS_AT
    )
    table.choose(table.mapping, by=by)
    return table


def judged(by, instrument: Instrument, *lines: str, countries: dict | None = None, **how) -> StatusTable:
    """... and when every treaty in it is `instrument`."""
    table = received(by, *lines, **how)
    treaties = table.contents().treaties
    table.name_them(dict.fromkeys(treaties, instrument), countries or {}, by=by)
    return table


def rows(table: StatusTable) -> list[tuple]:
    return [
        (row.number, row.country_id, row.act, str(row.acted_on or ""), row.verdict, row.is_taken)
        for row in table.rows.in_order()
    ]


def reasons(table: StatusTable) -> list[tuple[int, str]]:
    return [(row.number, str(row.reason)) for row in table.rows.in_order() if row.reason]


def recorded() -> list[tuple]:
    acts = Participation.objects.order_by("country", "acted_on")
    return [(one.country_id, one.act, str(one.acted_on), str(one.effective_on or "")) for one in acts]


# -- names


@pytest.mark.django_db
def test_countries_are_known_by_codes_and_names_in_many_spellings():
    written = {
        "FR": "FR | fra | 250 | France (la) | the French Republic | Frankreich | فرنسا",
        "BO": "Bolivia | Bolivia (Plurinational State of) | Bolivie (État plurinational de)",
        "KR": "Republic of Korea | Korea (Republic of) | South Korea | República de Corea (la)",
        "KP": "Democratic People’s Republic of Korea | Korea (Democratic People's Republic of)",
        "CD": "Democratic Republic of the Congo (the) | Congo (Democratic Republic of the)",
        "CG": "Congo | Congo (the) | the Republic of the Congo",
        "EG": "مصر | Egypt | EGY",
        "NL": "Netherlands (Kingdom of the) | Netherlands (Kingdom of the) 2, 3",
        "CI": "Côte d'Ivoire | Côte d’Ivoire | Ivory Coast",
        "TR": "Türkiye | Turkey",
        "VC": "Saint Vincent and the Grenadines | St. Vincent & Grenadines",
        "": "Atlantis | SUN | European Union | Korea | Republic of China | ZZ",
    }
    known = Countries()

    found = {code: {known.find(name) for name in names.split(" | ")} for code, names in written.items()}

    assert found == {code: {code} for code in written}


def test_instruments_are_known_by_their_names_and_what_was_said_before(convention, lena):
    StatusName.objects.remember("TREATY", {"TOB_2012P": convention, "left out": None}, by=lena)
    known = Instruments()
    asked = [["tob_2012p"], ["tobacco-protocol"], ["x", "Protocole sur le tabac"], ["Protocol on tobbaco"], ["Treaty"]]

    assert [known.find(texts) for texts in asked] == [convention.pk] * 4 + [None]


@pytest.mark.real_data
@pytest.mark.django_db
def test_the_united_nations_names_of_all_states_are_known(real_data):
    """In four languages, short and formal; of the formal Arabic ones those few that are like the short ones."""
    lines = (real_data / "legal-instruments/derived/countries_en_fr_es_ar.csv").read_text(encoding="utf-8")
    known, wrong, missing = Countries(), [], []
    for row in _dicts(lines):
        for column in (name for name in row if name.startswith("unterm_") and row[name]):
            found = known.find(row[column])
            if not found:
                missing.append((column, row["iso2"]))
            elif found != row["iso2"]:
                wrong.append((column, row[column], found))

    assert (wrong, [pair for pair in missing if pair[0] != "unterm_formal_ar"]) == ([], [])


def _dicts(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(text.splitlines()))


# -- receiving


def test_a_file_is_read_and_its_columns_are_suggested(lena):
    table = received(lena, "Country,Signature,Ratification", "France,2012-11-12,2014-05-01")

    assert (table.state, table.total, table.fields) == ("NAMES", 1, ["country", "signature", "ratification"])
    assert (table.source, table.as_at, table.file.storage.exists(table.file.name)) == ("Depositary", AS_AT, True)


def test_what_cannot_be_read_leaves_nothing(lena):
    with pytest.raises(ValidationError) as refusal:
        received(lena, name="status.xml", content=STATUS[:900].encode())

    assert refusal.value.messages == ["The XML breaks off, or is wrong, in line 25."]
    assert StatusTable.objects.count() == 0


def test_a_table_of_too_many_rows_is_refused(lena):
    with pytest.raises(ValidationError) as refusal:
        received(lena, "Country,Signature", *["France,2012-11-12"] * 20_001)

    assert refusal.value.messages == ["The table has more than 20000 rows. Divide it into several."]


def test_the_treaties_of_a_table_are_found_with_what_else_it_says_of_them(lena):
    table = received(lena, "stateID,treatyID,Title,StateSignature", "FRA,T1,Protocol on tobacco,2012-11-12", "DEU,T2,,")

    assert table.contents().treaties == {"T1": ["Protocol on tobacco"]}


def test_the_xml_of_the_treaty_collection_names_its_treaty(lena):
    table = received(lena, name="status.xml", content=STATUS.encode())

    assert table.contents().treaties == {"": ["Protocol on tobacco"]}


def test_countries_that_nobody_knows_are_asked_for_once(lena, convention):
    table = received(lena, "Country,Signature", "Atlantis,2012-11-12", "Atlantis,2012-11-13", "SUN,1980-01-01")
    assert table.contents().unknown == ["Atlantis"]

    table.name_them({"": convention}, {"Atlantis": Country.objects.get(pk="GR")}, by=lena)

    assert Countries().find("Atlantis") == "GR"
    assert [row.country_id for row in table.rows.in_order()] == ["GR", "GR", None]


# -- comparing


def test_what_is_new_is_to_be_recorded(lena, convention):
    table = judged(lena, convention, "Country,Signature,Ratification", "France,2012-11-12,2014-05-01")

    assert rows(table) == [
        (2, "FR", "SIGNATURE", "2012-11-12", "NEW", True),
        (2, "FR", "RATIFICATION", "2014-05-01", "NEW", True),
    ]


def test_what_is_recorded_already_is_the_same(lena, convention):
    record(convention, "FR", effective_on=DEPOSITED)

    table = judged(lena, convention, "Country,Ratification", "France,2014-05-01")

    assert rows(table) == [(2, "FR", "RATIFICATION", "2014-05-01", "SAME", False)]


def test_a_table_that_does_not_say_how_a_country_consented_agrees_with_what_does(lena, convention):
    record(convention, "FR", Act.ACCESSION)

    table = judged(lena, convention, "Country,Deposit", "France,2014-05-01")

    assert rows(table) == [(2, "FR", "CONSENT", "2014-05-01", "SAME", False)]


def test_what_differs_is_left_unless_somebody_takes_it(lena, convention):
    record(convention, "FR", Act.ACCESSION)

    table = judged(lena, convention, "Country,Ratification,Entry into force", "France,2014-06-01,2014-08-30")

    [row] = table.rows.all()
    assert (row.verdict, row.is_taken) == ("DIFFERS", False)
    assert row.changes == [
        ["act", {"text": "Accession", "words": {}}, {"text": "Ratification", "words": {}}],
        ["date", "2014-05-01", "2014-06-01"],
        ["takes effect", "", "2014-08-30"],
    ]


def test_what_the_table_says_twice_is_the_same(lena, convention):
    table = judged(lena, convention, "Country,Ratification", "France,2014-05-01", "FRA,2014-05-01")

    assert [row[4] for row in rows(table)] == ["NEW", "SAME"]
    assert reasons(table) == [(3, "The table says the same in row 2.")]


def test_a_row_that_says_less_than_another_is_the_same(lena, convention):
    lines = ["Country,Ratification,Entry into force", "France,2014-05-01,", "FRA,2014-05-01,2014-07-30"]

    table = judged(lena, convention, *lines)

    assert [row[4] for row in rows(table)] == ["SAME", "NEW"]
    assert reasons(table) == [(2, "The table says the same in row 3.")]


def test_what_the_table_says_in_two_ways_is_left_unless_somebody_takes_one(lena, convention):
    table = judged(lena, convention, "Country,Ratification", "France,2014-05-01", "FRA,2014-06-01")

    assert [row[4:] for row in rows(table)] == [("DISPUTED", False)] * 2
    assert reasons(table) == [
        (2, "The table says something else in row 3."),
        (3, "The table says something else in row 2."),
    ]


def test_of_two_ways_the_one_that_is_recorded_is_the_same(lena, convention):
    record(convention, "FR")

    table = judged(lena, convention, "Country,Ratification", "France,2014-05-01", "FRA,2014-06-01")

    assert [row[4] for row in rows(table)] == ["SAME", "DIFFERS"]


def test_a_consent_after_a_withdrawal_is_another(lena, convention):
    record(convention, "FR")
    record(convention, "FR", Act.WITHDRAWAL, DEPOSITED.replace(year=2016))
    lines = ["Country,Action,Date", "France,Accession,2018-05-01", "France,Ratification,2014-05-02"]

    table = judged(lena, convention, *lines)

    assert [row[4] for row in rows(table)] == ["NEW", "DIFFERS"]


def test_one_file_may_tell_of_a_withdrawal_between_two_consents(lena, convention):
    acts = ["Ratification,2014-05-01", "Withdrawal,2016-05-01", "Accession,2018-05-01"]

    table = judged(lena, convention, "Country,Action,Date", *(f"France,{act}" for act in acts))

    assert [row[4] for row in rows(table)] == ["NEW"] * 3


def test_what_is_wrong_is_refused_with_its_row(lena, convention):
    lines = ["Pays,Date de signature", "Yougoslavie,1990-01-01", "Atlantide,2012-11-12", "France,2012-02-30"]

    table = judged(lena, convention, *lines)

    assert reasons(table) == [
        (2, "“Yougoslavie” is Yugoslavia, which ended in 2003. Record its acts with those after it."),
        (3, "No country is known by “Atlantide”."),
        (4, "“2012-02-30” in “Date de signature” is no day that there is."),
    ]
    assert {row[4] for row in rows(table)} == {"REFUSED"}


def test_a_treaty_that_is_left_out_has_no_rows(lena, convention):
    table = received(lena, "Country,Treaty,Signature", "FR,T1,2012-11-12", "FR,T2,2012-11-12")

    table.name_them({"T1": convention, "T2": None}, {}, by=lena)

    assert [(row.written_treaty, row.instrument.slug) for row in table.rows.all()] == [("T1", "tobacco-protocol")]


def test_one_treaty_at_least_is_chosen(lena):
    table = received(lena, "Country,Signature", "FR,2012-11-12")

    with pytest.raises(ValidationError) as refusal:
        table.name_them({"": None}, {}, by=lena)

    assert refusal.value.messages == ["Choose an instrument for at least one treaty."]


# -- recording


def test_what_is_taken_is_recorded_with_its_source_and_as_at(lena, convention):
    ours = record(convention, "DE", source="Gazette")
    lines = ["Country,Ratification", "France,2014-05-01", "Germany,2014-06-01", "Peru,2014-07-01"]
    table = judged(lena, convention, *lines)
    by_country = {row.country_id: row.pk for row in table.rows.all()}
    table.decide({by_country["DE"]: True, by_country["PE"]: False}, by=lena)

    assert table.record(by=lena) == 2

    ours.refresh_from_db()
    assert recorded() == [("DE", "RATIFICATION", "2014-06-01", ""), ("FR", "RATIFICATION", "2014-05-01", "")]
    assert {(one.source, one.source_url, one.as_at) for one in Participation.objects.all()} == {
        ("Depositary", "https://d.example/", AS_AT)
    }
    assert [row.written == ours for row in table.rows.filter(country="DE")] == [True]
    assert ModelLogEntry.objects.filter(action="legal.participation.record").count() == 2
    assert ModelLogEntry.objects.get(action="legal.participation.correct").object_id == str(ours.pk)


def test_what_differs_stays_as_it_is_where_nobody_says_anything(lena, convention):
    record(convention, "FR")
    table = judged(lena, convention, "Country,Ratification", "France,2014-06-01", "Peru,2014-07-01")

    table.record(by=lena)

    assert recorded() == [("FR", "RATIFICATION", "2014-05-01", ""), ("PE", "RATIFICATION", "2014-07-01", "")]


def test_a_recorded_table_is_remembered_and_its_file_goes(lena, convention, django_capture_on_commit_callbacks):
    table = judged(lena, convention, "Country,Ratification", "France,2014-05-01")
    file = table.file.name
    with django_capture_on_commit_callbacks(execute=True):
        table.record(by=lena)

    again = received(lena, "Country,Ratification", "France,2014-05-01")

    assert (table.state, again.before, table.file.storage.exists(file)) == ("DONE", table, False)
    with pytest.raises(ValidationError):
        table.record(by=lena)


def test_the_same_table_twice_changes_nothing(lena, convention):
    lines = ["Country,Signature,Ratification", "France,2012-11-12,2014-05-01"]
    judged(lena, convention, *lines).record(by=lena)
    before = recorded()

    again = judged(lena, convention, *lines)

    assert again.counts() == {"SAME": 2}
    with pytest.raises(ValidationError) as refusal:
        again.record(by=lena)
    assert (refusal.value.messages, recorded()) == (["No row is taken."], before)


def test_of_two_ways_one_is_taken(lena, convention):
    table = judged(lena, convention, "Country,Ratification", "France,2014-05-01", "FRA,2014-06-01")
    first, second = table.rows.in_order()

    table.decide({first.pk: True}, by=lena)
    table.decide({second.pk: True}, by=lena)

    assert list(table.rows.taken()) == [second]
    table.record(by=lena)
    assert recorded() == [("FR", "RATIFICATION", "2014-06-01", "")]


def test_of_two_that_are_wanted_at_once_the_last_is_taken(lena, convention):
    table = judged(lena, convention, "Country,Ratification", "France,2014-05-01", "FRA,2014-06-01")

    given_way = table.decide_all("DISPUTED", True, by=lena)

    assert (given_way, [row.number for row in table.rows.taken()]) == (1, [3])


def test_all_that_differs_is_taken_at_once(lena, convention):
    for country in ("FR", "DE"):
        record(convention, country)
    table = judged(lena, convention, "Country,Ratification", "France,2014-06-01", "Germany,2014-06-01")

    table.decide_all("DIFFERS", True, by=lena)
    table.record(by=lena)

    assert {one[2] for one in recorded()} == {"2014-06-01"}


def test_what_has_changed_since_is_looked_at_again_first(lena, luc, convention):
    table = judged(lena, convention, "Country,Ratification", "France,2014-05-01", "Peru,2014-05-01")
    table.decide({table.rows.get(country="PE").pk: False}, by=lena)
    record(convention, "FR", on=DEPOSITED.replace(month=6))

    with pytest.raises(ValidationError) as refusal:
        table.record(by=lena)

    assert refusal.value.messages == [
        "What is recorded has changed meanwhile. The rows were compared anew: look at them again."
    ]
    assert [row[1:] for row in rows(table)] == [
        ("FR", "RATIFICATION", "2014-05-01", "DIFFERS", True),
        ("PE", "RATIFICATION", "2014-05-01", "NEW", False),
    ]
    assert recorded() == [("FR", "RATIFICATION", "2014-06-01", "")]


def test_what_goes_wrong_in_the_middle_records_nothing(lena, convention):
    record(convention, "DE")
    lines = ["Country,Ratification,Note", "Germany,2014-06-01,", "France,2014-05-01,"]
    table = judged(lena, convention, *lines)
    table.decide_all("DIFFERS", True, by=lena)
    table.rows.filter(country="FR").update(acted_on=datetime.date(2999, 1, 1))

    with pytest.raises(ValidationError):
        table.record(by=lena)

    table.refresh_from_db()
    assert (recorded(), table.state) == ([("DE", "RATIFICATION", "2014-05-01", "")], "JUDGED")


def test_a_table_that_is_discarded_goes_with_its_file(lena, convention, django_capture_on_commit_callbacks):
    table = judged(lena, convention, "Country,Ratification", "France,2014-05-01")
    storage, file = table.file.storage, table.file.name

    with django_capture_on_commit_callbacks(execute=True):
        table.discard(by=lena)

    assert (StatusTable.objects.count(), storage.exists(file), recorded()) == (0, False, [])


def test_a_file_that_is_read_in_another_way_begins_anew(lena, convention):
    table = judged(lena, convention, "Country,Signature", "France,2012-11-12")

    table.read_again({"header_row": 0}, by=lena)

    assert (table.state, table.columns, table.total) == ("READ", ["A", "B"], 2)
