"""Files of watchlists. All names and numbers here are invented; the form is that of the publishers: the header that
OpenSanctions' exporter writes, the elements of the Security Council's file, OFAC's columns, its way of joining
programmes, and the remarks that go on in another file."""

import pytest

from contacts.watchlists import open_watchlist
from contacts.watchlists.facts import countries, identifiers, years
from network.sheets import SheetError

HEADER = (
    "id,schema,name,aliases,birth_date,countries,addresses,identifiers,sanctions,phones,emails,program_ids,dataset,"
    "first_seen,last_seen,last_change"
)
SEEN = '"Invented list","2026-01-01T00:00:00","2026-11-21T06:10:11"'
TARGETS = "\n".join(
    [
        '"' + HEADER.replace(",", '","') + '"',
        '"NK-1","Person","Pavel Nowak","P. Nowak;""Paul """"the; Painter"""" Nowak"";Павел Новак",'
        f'"1961-04-05","gb-sct;ru","","AB 123456;12","Invented","","p@x.example","XX-INV",{SEEN},"2026-11-01T06:10:11"',
        f'"NK-2","Company","Blue Harbour Trading","","","cy","""1, Quay; North""",'
        f'"","","","","",{SEEN},"2026-11-20T06:10:11"',
        f'"NK-3","Vessel","Sea Example","","","pa","","IMO1234567","","","","",{SEEN},"2026-11-20T06:10:11"',
        f'"NK-4","LegalEntity","Grey Example","","","suhh","","","","","","",{SEEN},"2026-10-01T06:10:11"',
        "",
    ]
)
COUNCIL = """<?xml version="1.0" encoding="utf-8"?>
<CONSOLIDATED_LIST xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    xsi:noNamespaceSchemaLocation="https://www.un.org/sc/resources/sc-sanctions.xsd"
    dateGenerated="2026-11-20T00:00:00.000Z">
  <INDIVIDUALS><INDIVIDUAL>
    <DATAID>6900001</DATAID><VERSIONNUM>1</VERSIONNUM><FIRST_NAME>PAVEL</FIRST_NAME><SECOND_NAME>NOWAK</SECOND_NAME>
    <UN_LIST_TYPE>Invented</UN_LIST_TYPE><REFERENCE_NUMBER>XXi.001</REFERENCE_NUMBER>
    <NAME_ORIGINAL_SCRIPT>Павел Новак</NAME_ORIGINAL_SCRIPT>
    <NATIONALITY><VALUE>Russian Federation</VALUE></NATIONALITY>
    <INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Pasha N.; Pashka Nowak</ALIAS_NAME></INDIVIDUAL_ALIAS>
    <INDIVIDUAL_ALIAS><QUALITY/><ALIAS_NAME/></INDIVIDUAL_ALIAS>
    <INDIVIDUAL_ADDRESS><COUNTRY>Syrian Arab Republic</COUNTRY></INDIVIDUAL_ADDRESS>
    <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><FROM_YEAR>1960</FROM_YEAR><TO_YEAR>1962</TO_YEAR></INDIVIDUAL_DATE_OF_BIRTH>
    <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE><DATE>1970-01-31</DATE></INDIVIDUAL_DATE_OF_BIRTH>
    <INDIVIDUAL_PLACE_OF_BIRTH><CITY>Prague</CITY><COUNTRY>Czech Republic</COUNTRY></INDIVIDUAL_PLACE_OF_BIRTH>
    <INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><NUMBER>AB123456</NUMBER>
      <ISSUING_COUNTRY>Côte d’Ivoire</ISSUING_COUNTRY></INDIVIDUAL_DOCUMENT>
    <INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>National Identification Number</TYPE_OF_DOCUMENT>
      <NUMBER>Card No. 7654321 </NUMBER>
      <COUNTRY_OF_ISSUE>Netherlands (Kingdom of the)</COUNTRY_OF_ISSUE></INDIVIDUAL_DOCUMENT>
    <INDIVIDUAL_DOCUMENT/>
  </INDIVIDUAL></INDIVIDUALS>
  <ENTITIES><ENTITY>
    <DATAID>6900002</DATAID><FIRST_NAME>Blue Harbour Trading</FIRST_NAME>
    <ENTITY_ALIAS><ALIAS_NAME>BHT Example</ALIAS_NAME></ENTITY_ALIAS>
    <ENTITY_ADDRESS><COUNTRY>Cyprus</COUNTRY></ENTITY_ADDRESS>
  </ENTITY></ENTITIES>
</CONSOLIDATED_LIST>
"""
SDN = (
    '1,"NOWAK, Pavel","individual","INVENTED] [OTHER",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"DOB 05 Apr 1961; alt. '
    "DOB 1962; POB Minsk, Belarus; nationality Iran; Passport AB123456 (Russia); alt. Business Registration "
    "Number 0012345 (Connecticut) (United States); a.k.a. 'PASHA'; a.k.a. 'D'NOWAK'; Passp\"\r\n"
    '2,"BLUE HARBOUR TRADING",-0- ,"INVENTED",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n'
    '3,"SEA EXAMPLE","vessel","INVENTED",-0- ,-0- ,-0- ,-0- ,-0- ,"Panama",-0- ,-0- \r\n\x1a'
)
ALT = '1,10,"aka","NOVAK, Pavel",-0- \r\n'
ADD = (
    '1,20,-0- ,-0- ,-0- ,-0- \r\n2,21,"1, Quay","Limassol","Cyprus",-0- \r\n2,22,-0- ,"Nassau","Bahamas, The",-0- \r\n'
)
COMMENTS = "1,\"ort CD987654 (Cyprus) expires 03 Nov 2009; Linked To: BLUE HARBOUR TRADING; a.k.a. 'PAVLIK'.\"\r\n"


def read(path, kind, *beside):
    reader = open_watchlist(kind, path, *beside)
    return list(reader), reader.told


def test_targets_of_opensanctions_are_read_by_their_header(sheet):
    (pavel, harbour, grey), told = read(sheet(TARGETS), "OPENSANCTIONS")

    assert (told.version, told.skipped) == ("2026-11-21T06:10:11", 1)
    assert (pavel.reference, pavel.facts.kind, pavel.programme) == ("NK-1", "PERSON", "Invented")
    assert pavel.facts.names == ("Pavel Nowak", "P. Nowak", 'Paul "the; Painter" Nowak', "Павел Новак")
    assert (pavel.facts.countries, pavel.facts.birth_years) == (("GB", "RU"), (1961,))
    assert pavel.facts.identifiers == ("AB123456", "p@x.example")
    assert (harbour.facts.kind, grey.facts.kind, grey.facts.countries) == ("ORGANIZATION", "", ())


def test_a_line_may_break_in_a_cell_of_several_values(sheet):
    [entry], _told = read(sheet(b'id,schema,name,aliases\nNK-1,Person,Anna,"A\rB;""C\nD; E"""\n'), "OPENSANCTIONS")

    assert entry.facts.names == ("Anna", "A B", "C D; E")


def test_the_columns_may_stand_in_any_order(sheet):
    [entry], _told = read(sheet("name,id,schema\nPavel Nowak,NK-1,Person\n"), "OPENSANCTIONS")

    assert (entry.reference, entry.facts.names) == ("NK-1", ("Pavel Nowak",))


def test_the_list_of_the_security_council_is_read(sheet):
    (pavel, harbour), told = read(sheet(COUNCIL, "consolidated.xml"), "UN")

    assert told.version == "2026-11-20T00:00:00.000Z"
    assert pavel.facts.names == ("PAVEL NOWAK", "Павел Новак", "Pasha N.", "Pashka Nowak")
    assert pavel.facts.countries == ("CI", "CZ", "NL", "RU", "SY")
    assert pavel.facts.birth_years == (1960, 1961, 1962, 1970)
    assert (pavel.facts.identifiers, pavel.programme) == (("7654321", "AB123456"), "Invented XXi.001")
    assert (harbour.facts.names, harbour.facts.countries) == (("Blue Harbour Trading", "BHT Example"), ("CY",))


def test_the_files_of_ofac_are_read(sheet):
    files = {"sdn.csv": SDN, "alt.csv": ALT, "add.csv": ADD, "sdn_comments.csv": COMMENTS}
    sdn, *beside = [sheet(text, name) for name, text in files.items()]

    (pavel, harbour), told = read(sdn, "OFAC", *beside)

    assert (told.skipped, told.version, pavel.programme) == (1, "", "INVENTED, OTHER")
    assert pavel.facts.names == ("NOWAK, Pavel", "NOVAK, Pavel", "PASHA", "D'NOWAK", "PAVLIK")
    assert (pavel.facts.countries, pavel.facts.birth_years) == (("BY", "CY", "IR", "RU", "US"), (1961, 1962))
    assert pavel.facts.identifiers == ("0012345", "AB123456", "CD987654")
    assert (harbour.facts.kind, harbour.facts.countries) == ("ORGANIZATION", ("BS", "CY"))


@pytest.mark.parametrize(
    ("remarks", "codes"),
    [
        ("DOB 1961; POB St. Petersburg, Russia.", ("RU",)),
        ("POB Kinshasa, Congo, Democratic Republic of the; nationality Iran.", ("CD", "IR")),
        ("POB Los Angeles, CA; alt. POB Jersey City, New Jersey, United States", ("US",)),
        ("POB Sea Example.", ()),
    ],
)
def test_the_country_of_a_birth_is_what_stands_last(sheet, remarks, codes):
    row = f'1,"NOWAK, Pavel","individual","INVENTED",{"-0- ," * 7}"{remarks}"\r\n'

    [entry], _told = read(sheet(row, "sdn.csv"), "OFAC")

    assert entry.facts.countries == codes


def test_ofac_s_list_is_read_without_its_further_files(sheet):
    (pavel, harbour), _told = read(sheet(SDN, "sdn.csv"), "OFAC")

    assert (pavel.facts.names, harbour.facts.countries) == (("NOWAK, Pavel", "PASHA", "D'NOWAK"), ())


def test_a_file_that_does_not_belong_to_ofac_s_list_is_refused(sheet):
    with pytest.raises(SheetError, match=r"^list\.csv is none of the files that belong to OFAC's list"):
        read(sheet(SDN, "sdn.csv"), "OFAC", sheet(TARGETS, "list.csv"))


def test_an_old_file_of_ofac_with_one_byte_a_letter_is_read(sheet):
    [entry], _told = read(sheet(SDN.splitlines()[1].replace("HARBOUR", "HÉRON").encode("cp1252"), "sdn.csv"), "OFAC")

    assert entry.facts.names == ("BLUE HÉRON TRADING",)


NO_LIST = [
    ("OPENSANCTIONS", "id,name\n1,A\n", "Row 1 has no column “schema”: this is not a targets.simple.csv"),
    ("OPENSANCTIONS", f"{HEADER}\nNK-1,Person\n", "Row 2 has 2 cells, and the header 16."),
    (
        "OPENSANCTIONS",
        "id,schema,name\nNK-1,Person,A\nNK-1,Person,B\n",
        "Row 3: “NK-1” stands in the file already: Row 2.",
    ),
    ("OPENSANCTIONS", "id,schema,name\nNK-1,Person,\n", "Row 2: the entry has no name."),
    ("OPENSANCTIONS", "id,schema,name\n,Person,A\n", "Row 2: the entry has no reference"),
    ("OPENSANCTIONS", 'id,schema,name\nNK-1,Person,"A\n', "Row 2 cannot be read: a quotation mark is out of place"),
    ("OPENSANCTIONS", f"id,schema,name\nNK-1,Person,{'A' * 1001}\n", "Row 2: a name is longer than 1000 characters."),
    ("OPENSANCTIONS", "id,schema,name\nNK-1,Vessel,A\n", "There is no person and no organization in the file."),
    ("OPENSANCTIONS", "", "Row 1 has no column “id”"),
    ("OPENSANCTIONS", b"id,schema,name\nNK-1,Person,\xff\n", "The file is not a text in UTF-8."),
    ("UN", "<LIST/>", "The file begins with “LIST”: this is not the Security Council's list."),
    ("UN", "<CONSOLIDATED_LIST>\n<INDIVIDUAL>", "Line 2 cannot be read: the XML is damaged."),
    ("UN", '<!DOCTYPE a [<!ENTITY b "c">]><CONSOLIDATED_LIST/>', "The file has a document type of its own"),
    (
        "UN",
        "<CONSOLIDATED_LIST><ENTITY><DATAID>7</DATAID></ENTITY></CONSOLIDATED_LIST>",
        "Entry 1 (7): the entry has no",
    ),
    ("OFAC", "id,schema,name\n", "sdn.csv row 1: OFAC's file has 12 columns, and a number in the first one."),
]


@pytest.mark.parametrize(("kind", "content", "sentence"), NO_LIST)
def test_what_cannot_be_read_whole_is_refused_with_its_place(sheet, kind, content, sentence):
    with pytest.raises(SheetError) as refusal:
        read(sheet(content), kind)

    assert str(refusal.value).startswith(sentence)


def test_further_files_are_for_ofac_alone(sheet):
    with pytest.raises(SheetError, match="Only OFAC's list"):
        read(sheet(TARGETS), "OPENSANCTIONS", sheet(ALT, "alt.csv"))


def test_a_file_that_is_too_large_is_not_opened(sheet):
    path = sheet(TARGETS)
    with path.open("r+b") as file:
        file.truncate(301 * 2**20)  # sparse: it takes no room

    with pytest.raises(SheetError, match="larger than 300 MB"):
        read(path, "OPENSANCTIONS")


def test_countries_years_and_numbers_are_spelled_in_one_way():
    assert countries(["fr", "FR", "gb-sct", "Russian Federation", "Türkiye", "nowhere", ""]) == ("FR", "GB", "RU", "TR")
    assert countries(["Saint Kitts and Nevis", "Bahamas, The", "Congo, Democratic Republic of the"]) == (
        "BS",
        "CD",
        "KN",
    )
    assert countries(["UK", "zr", "SU", "xx", "EU", "European Union", "suhh"]) == ("CD", "GB")
    assert years(["circa 1957", "01 Mar 1958", "1959-12-01", "19601", "2999"]) == (1957, 1958, 1959)
    assert identifiers(["ab-12 34/56", "12345", "NO FIGURES", "A@x.example"]) == ("AB123456", "a@x.example")
