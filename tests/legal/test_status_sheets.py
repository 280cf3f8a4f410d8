"""Tables of who takes part in which treaty, read: columns by their names, days, letters, countries in many spellings;
and what is wrong with a file or a row, in a sentence."""

import datetime
from collections import Counter

import pytest
from openpyxl import Workbook

from legal.sheets import Claim, check_mapping, claims_of, open_status, suggest
from legal.sheets.columns import codes_of
from legal.sheets.countries import why_none
from legal.sheets.days import Day, read_day
from network.sheets import Row, RowError, SheetError

TODAY = datetime.date(2026, 5, 1)
# Of the form of the UN Treaty Collection; the treaty and what countries did are invented.
STATUS = """<?xml version="1.0" encoding="UTF-8"?>
<MTDSG>
  <Header>
    <Chapter><Name>Invented matters</Name></Chapter>
    <ExternalData>
      <Titlesect>Protocol on tobacco</Titlesect>
      <EIF><Labeltext>1 January 2015</Labeltext></EIF>
    </ExternalData>
  </Header>
  <Treaty>
    <Participants>
      <Table>
        <TGroup>
          <Thead>
            <Row>
              <Entry>Participant&lt;superscript&gt;1&lt;/superscript&gt;</Entry>
              <Entry>Signature</Entry>
              <Entry>Ratification, Acceptance(A), Approval(AA), Accession(a), Succession(d)</Entry>
            </Row>
          </Thead>
          <Tbody>
            <Rows>
              <Row><Entry>Algeria</Entry><Entry>12 Nov 2012</Entry><Entry>22 Apr 2016</Entry></Row>
              <Row><Entry>Bolivia (Plurinational State of)</Entry><Entry></Entry><Entry>15 Feb 2017 a</Entry></Row>
              <Row><Entry>Netherlands (Kingdom of the)<superscript>2, 3</superscript></Entry>
                <Entry>14 Nov\t 2012</Entry><Entry>1 Mar 2014 A</Entry></Row>
              <Row><Entry>Kenya&lt;superscript&gt;4&lt;/superscript&gt;</Entry>
                <Entry>29 May 2013</Entry><Entry>[ 4 May\t 2015 ]</Entry></Row>
              <Row><Entry>Slovakia</Entry><Entry></Entry><Entry>28 May 1993 d</Entry></Row>
              <Row><Entry>European Union</Entry><Entry>12 Nov 2012</Entry><Entry>24 Jun 2016 c</Entry></Row>
            </Rows>
          </Tbody>
        </TGroup>
      </Table>
    </Participants>
    <Declarations>
      <Declaration><Participant>Algeria</Participant><Text type="para">None.</Text></Declaration>
    </Declarations>
  </Treaty>
</MTDSG>
"""
BOMB = """<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<MTDSG><Participants><Row><Entry>&b;</Entry></Row></Participants></MTDSG>"""


LATE = "The signature of 2015-01-01 would come after the consent of 2014-05-01."
EARLY = "The withdrawal of 2013-01-01 would come before the consent of 2014-05-01."


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def read(path) -> list[Claim]:
    """What the file says, by the columns that are suggested for it."""
    status = open_status(path)
    mapping = suggest(status.sheet.columns)
    check_mapping(mapping, status.sheet.columns)
    return [claim for row in status.sheet.rows for claim in claims_of(row, mapping, TODAY)]


def told(claim: Claim) -> tuple:
    return claim.country, claim.act, str(claim.acted_on or ""), str(claim.effective_on or ""), claim.why_not or ""


def said(sheet, *lines: str) -> list[tuple]:
    return [told(claim) for claim in read(sheet("\n".join(lines)))]


# -- the XML of the UN Treaty Collection


def test_the_treaty_collections_xml_is_a_table_with_a_title(sheet):
    status = open_status(sheet(STATUS, "XXIX-1.en.xml"))

    assert (status.treaty, status.sheet.columns[:2]) == ("Protocol on tobacco", ("Participant", "Signature"))
    assert [row.number for row in status.sheet.rows] == [1, 2, 3, 4, 5, 6]


def test_the_letters_behind_the_dates_say_what_was_done(sheet):
    ended = "The source has this in brackets: it has ended, and the table does not say when."

    assert [told(claim) for claim in read(sheet(STATUS, "status.xml"))] == [
        ("Algeria", "SIGNATURE", "2012-11-12", "", ""),
        ("Algeria", "RATIFICATION", "2016-04-22", "", ""),
        ("Bolivia (Plurinational State of)", "ACCESSION", "2017-02-15", "", ""),
        ("Netherlands (Kingdom of the)", "SIGNATURE", "2012-11-14", "", ""),
        ("Netherlands (Kingdom of the)", "ACCEPTANCE", "2014-03-01", "", ""),
        ("Kenya", "SIGNATURE", "2013-05-29", "", ""),
        ("Kenya", "RATIFICATION", "", "", ended),
        ("Slovakia", "SUCCESSION", "1993-05-28", "", ""),
        ("European Union", "SIGNATURE", "2012-11-12", "", ""),
        ("European Union", "CONSENT", "2016-06-24", "", ""),
    ]


def test_it_may_be_written_in_latin_1(sheet):
    latin = STATUS.replace('encoding="UTF-8"', 'encoding="ISO-8859-1"').replace("Kenya", "Côte d'Ivoire")

    assert "Côte d'Ivoire" in {claim.country for claim in read(sheet(latin.encode("latin-1"), "status.xml"))}


def test_a_table_of_another_form_is_read_as_well(sheet):
    special = """<MTDSG><Treaty><SpecialTables><Table><TableHeader><Title>Participant</Title>
        <Title>Accession</Title></TableHeader><Row><Column>Peru</Column><Column>3 Oct 2001</Column></Row>
        </Table></SpecialTables></Treaty></MTDSG>"""

    assert [told(claim) for claim in read(sheet(special, "x.xml"))] == [("Peru", "ACCESSION", "2001-10-03", "", "")]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (STATUS[:1500], "The XML breaks off, or is wrong, in line 36."),
        (BOMB, "The XML defines entities of its own, which can fill the memory. It was not read."),
        (
            "<!DOCTYPE html><html><head><title>Status</title><body><br><p>Log in</html>",
            "This is a web page. On the page of the treaty, save what is behind “XML”.",
        ),
        ("<a><b>1</b></a>", "This is XML, but there is no table of participants of the UN Treaty Collection in it."),
        ("<MTDSG><Participants></Participants></MTDSG>", "The table of participants in the XML is empty."),
        ('<?xml version="1.0" encoding="klingon"?><a/>', "The XML says an encoding that it is not written in."),
        ("", "The file is empty."),
    ],
)
def test_a_file_that_is_no_such_table_is_refused_in_a_sentence(sheet, content, sentence):
    with pytest.raises(SheetError) as refusal:
        list(open_status(sheet(content, "status.xml")).sheet.rows)

    assert str(refusal.value) == sentence


def test_a_page_that_is_well_formed_is_a_page_too(sheet):
    page = "<html xmlns='http://www.w3.org/1999/xhtml'><body><table><tr><td>France</td></tr></table></body></html>"

    with pytest.raises(SheetError) as refusal:
        open_status(sheet(page, "status.xml"))

    assert str(refusal.value) == "This is a web page. On the page of the treaty, save what is behind “XML”."


# -- columns


def test_columns_are_known_by_their_names():
    coded = (
        "stateID",
        "treatyID",
        "Title",
        "Signature",
        "StateSignature",
        "StateRatification",
        "StateForce",
        "StateEnd",
    )
    long = (
        "Contracting Party",
        "Treaty",
        "Signature Date",
        "Instrument Type",
        "Instrument Date",
        "Entry Into Force Date",
    )
    french = ("Pays", "Date de signature", "Adhésion", "Entrée en vigueur", "Remarques")

    assert suggest(coded) == {
        **{"stateID": "country", "treatyID": "treaty", "StateSignature": "signature", "StateRatification": "consent"},
        **{"StateForce": "effective", "StateEnd": "withdrawal"},
    }
    assert list(suggest(long).values()) == ["country", "treaty", "signature", "kind", "acted", "effective"]
    assert list(suggest(french).values()) == ["country", "signature", "accession", "effective", "note"]


@pytest.mark.parametrize(
    ("head", "letters"),
    [
        ("Ratification, Acceptance(A), Approval(AA)", {"": "RATIFICATION", "A": "ACCEPTANCE", "AA": "APPROVAL"}),
        ("Accession(a), Ratification", {"": "RATIFICATION", "a": "ACCESSION"}),
        ("Formal confirmation(c), Accession(x), Ratification", {"": "RATIFICATION", "c": "CONSENT", "x": "ACCESSION"}),
    ],
)
def test_a_head_says_what_the_letters_mean(head, letters):
    assert letters.items() <= codes_of(head).items()
    assert suggest(["Participant", head])[head] == "consent"


@pytest.mark.parametrize(
    ("mapping", "sentence"),
    [
        ({"A": "signature"}, "Say which column is the country."),
        ({"A": "country"}, "Say which column is the date on which a country signed, ratified or withdrew."),
        ({"A": "country", "B": "country", "C": "signature"}, "Two columns are “country”. Choose one."),
        ({"A": "country", "B": "acted"}, "A date of an act needs the column that says what was done."),
    ],
)
def test_columns_that_make_no_table_are_refused(mapping, sentence):
    with pytest.raises(SheetError) as refusal:
        check_mapping(mapping, ["A", "B", "C"])

    assert str(refusal.value) == sentence


# -- days


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2012-11-12", Day(day("2012-11-12"))),
        ("2012-11-12T00:00:00", Day(day("2012-11-12"))),
        ("12 Nov\t 2012 ", Day(day("2012-11-12"))),
        ("12 novembre 2012", Day(day("2012-11-12"))),
        ("1er mars 2014", Day(day("2014-03-01"))),
        ("12 de noviembre de 2012", Day(day("2012-11-12"))),
        ("12 نوفمبر 2012", Day(day("2012-11-12"))),
        ("November 12, 2012", Day(day("2012-11-12"))),
        ("31/12/2012", Day(day("2012-12-31"))),
        ("12.11.2012", Day(day("2012-11-12"))),
        ("22 Apr 2016 AA", Day(day("2016-04-22"), "AA")),
        ("2016-04-22 a", Day(day("2016-04-22"), "a")),
        ("[20 Jan 2021 A]", Day(day("2021-01-20"), "A", is_over=True)),
        ("22 Apr 2016<superscript>3</superscript>", Day(day("2016-04-22"))),
        ("9999-12-31", None),
        ("", None),
        ("–", None),
    ],
)
def test_a_day_is_read_as_tables_write_it(text, expected):
    assert read_day(text, "Signature") == expected


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("2023-02-30", "“2023-02-30” in “Signature” is no day that there is."),
        ("30 Feb 2023", "“30 Feb 2023” in “Signature” is no day that there is."),
        ("soon", "“soon” in “Signature” is no day that there is."),
        ("3/4/2012", "“3/4/2012” in “Signature” could be two days. Write it as year-month-day."),
        ("1988", "“1988” in “Signature” is a year only; the day is needed."),
        ("0202-11-12", "“0202-11-12” in “Signature” is too long ago."),
    ],
)
def test_what_is_no_day_is_refused_with_its_column(text, sentence):
    with pytest.raises(RowError) as refusal:
        read_day(text, "Signature")

    assert str(refusal.value) == sentence


# -- rows


def test_a_row_says_several_things_each_of_which_stands_or_falls_by_itself(sheet):
    assert said(
        sheet,
        "Country,Signature,Ratification,Entry into force,Withdrawal",
        "FR,2012-11-12,2014-05-01,2014-07-30,9999-12-31",
        "DE,2015-01-01,2014-05-01,,",
        "IT,2012-11-12,2014-05-01,2014-04-01,",
        "PE,2012-13-12,2014-05-01,,2013-01-01",
        "CL,,2031-01-01,,",
        "AR,,,2014-05-01,",
        "BR,,,,",
        ",2012-11-12,,,",
    ) == [
        ("FR", "SIGNATURE", "2012-11-12", "", ""),
        ("FR", "RATIFICATION", "2014-05-01", "2014-07-30", ""),
        (
            "DE",
            "SIGNATURE",
            "2015-01-01",
            "",
            "The signature of 2015-01-01 would come after the consent of 2014-05-01.",
        ),
        ("DE", "RATIFICATION", "2014-05-01", "", ""),
        ("IT", "SIGNATURE", "2012-11-12", "", ""),
        (
            *("IT", "RATIFICATION", "", ""),
            "It would take effect on 2014-04-01, before 2014-05-01: only a succession does that.",
        ),
        ("PE", "SIGNATURE", "", "", "“2012-13-12” in “Signature” is no day that there is."),
        ("PE", "RATIFICATION", "2014-05-01", "", ""),
        (
            "PE",
            "WITHDRAWAL",
            "2013-01-01",
            "",
            "The withdrawal of 2013-01-01 would come before the consent of 2014-05-01.",
        ),
        ("CL", "RATIFICATION", "", "", "2031-01-01 is still to come."),
        ("AR", "", "", "", "It says from when it binds the country, and not on which day the country consented."),
        ("", "", "", "", "The row names no country."),
    ]


def test_the_act_may_stand_in_a_column_of_its_own(sheet):
    assert said(
        sheet,
        "Country;Action;Date;Entry into force",
        "France;Signature;2012-11-12;",
        "France;Accession;2014-05-01;2014-07-30",
        "Slovakia;Declaration/Notification of Succession;1993-05-28;1993-01-01",
        "Peru;Applause;2014-05-01;",
        "Peru;Denunciation;2016-05-01;",
    ) == [
        ("France", "SIGNATURE", "2012-11-12", "", ""),
        ("France", "ACCESSION", "2014-05-01", "2014-07-30", ""),
        ("Slovakia", "SUCCESSION", "1993-05-28", "1993-01-01", ""),
        ("Peru", "", "", "", "What was done is not known: “Applause”."),
        ("Peru", "WITHDRAWAL", "2016-05-01", "", ""),
    ]


def test_a_row_with_more_cells_than_columns_is_refused(sheet):
    ragged = said(sheet, "Country,Signature", "FR,2012-11-12,x")

    assert ragged == [("FR", "", "", "", "The row has more cells than the header has columns.")]


def test_a_workbook_is_read_with_its_own_dates(tmp_path):
    book = Workbook()
    for row in (["Status on 1 May"], ["State", "Signature", "Accession"], ["Peru", None, datetime.date(2001, 10, 3)]):
        book.active.append(row)
    book.save(tmp_path / "status.xlsx")

    assert [told(claim) for claim in read(tmp_path / "status.xlsx")] == [("Peru", "ACCESSION", "2001-10-03", "", "")]


def test_a_note_is_kept_with_each_thing(sheet):
    claims = read(sheet("Country,Signature,Ratification,Remarks\nFR,2012-11-12,2014-05-01,Subject to approval"))

    assert [claim.note for claim in claims] == ["Subject to approval"] * 2


# -- countries


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("DDR", "“DDR” is the German Democratic Republic, which ended in 1990. Record its acts with those after it."),
        ("Yugoslavia", "“Yugoslavia” is Yugoslavia, which ended in 2003. Record its acts with those after it."),
        (
            "Union of Soviet Socialist Republics",
            "“Union of Soviet Socialist Republics” is the Soviet Union, which ended in 1991. "
            "Record its acts with those after it.",
        ),
        ("European Union (EU)", "“European Union (EU)” is an organization, and not a country."),
    ],
)
def test_what_is_no_country_of_today_is_said(text, sentence):
    assert str(why_none(text)) == sentence


def test_a_country_of_today_is_no_such_thing():
    assert [why_none(text) for text in ("France", "FRA", "Republic of Korea", "Atlantis")] == [None] * 4


# -- as they are found


@pytest.mark.real_data
def test_real_tables_are_read_row_by_row(real_data):
    found = {
        name: Counter((claim.act, bool(claim.why_not)) for claim in read(real_data / name))
        for name in (
            "treaties/globalgov_parties_selected.csv",
            "treaties/unfccc_parties.csv",
            "legal-instruments/treaty_status/wipo-treaties-membership.csv",
        )
    }

    assert list(found.values()) == [
        {
            **{("SIGNATURE", False): 1694, ("CONSENT", False): 2283, ("WITHDRAWAL", False): 159},
            **{("SIGNATURE", True): 461, ("CONSENT", True): 25, ("WITHDRAWAL", True): 23, ("", True): 14},
        },
        {
            **{("SIGNATURE", False): 165, ("RATIFICATION", False): 154, ("ACCESSION", False): 32},
            **{("ACCEPTANCE", False): 6, ("APPROVAL", False): 5, ("SUCCESSION", False): 1},
        },
        {
            **{("SIGNATURE", False): 629, ("RATIFICATION", False): 339, ("ACCESSION", False): 799},
            **{("SUCCESSION", False): 74, ("ACCEPTANCE", False): 1, ("", True): 2},
        },
    ]


def test_an_unknown_cell_is_no_row():
    assert claims_of(Row(2, {"A": "France", "B": ""}), {"A": "country", "B": "signature"}, TODAY) == []
