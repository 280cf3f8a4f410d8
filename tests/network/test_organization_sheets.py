"""Registers and the template in, organizations out."""

import pytest

from network.sheets import OrganizationRecord, OtherName, Refusal, SheetError, read_organizations

ROR = "ror_id,name,acronyms,aliases,labels_by_lang,types,status,country,website\n"
SUPRAVERDEN = "SPRVD_id,Name_en,Abbreviation_en,Name_fr,Name_es,Name_ar,Country,Website\n"
ENFORCEMENT = "source,source_id,name,acronym,country,type,website,email\n"
TEMPLATE = "name,acronym,kind,country,website,email,parent,reference\n"


def test_a_record_of_ror(sheet):
    path = sheet(
        ROR + "00898x434,Polícia Judiciária,PJ|JP,Judiciary Police|PJ Portugal,"
        "en:Judiciary Police|pt:Polícia Judiciária|fr:Police judiciaire,government,active,PT,"
        "http://www.policiajudiciaria.pt/\n"
    )

    assert list(read_organizations(path)) == [
        OrganizationRecord(
            row=2,
            reference="ror:00898x434",
            name="Polícia Judiciária",
            acronym="PJ",
            kind="LAW_ENFORCEMENT",
            country="PT",
            website="http://www.policiajudiciaria.pt/",
            status="ACTIVE",
            names=(
                OtherName("Judiciary Police", "en", "TRANSLATION"),
                OtherName("Police judiciaire", "fr", "TRANSLATION"),
                OtherName("JP", "", "ALIAS"),
                OtherName("PJ Portugal", "", "ALIAS"),
            ),
        )
    ]


def test_a_label_of_ror_may_hold_a_bar_of_its_own(sheet):
    path = sheet(ROR + "04dza7n80,NABU,,,de:NABU|naturgucker geG|zh-Hans:自然,nonprofit,withdrawn,DE,\n")

    (record,) = read_organizations(path)

    assert record.status == "ENDED"
    assert record.names == (
        OtherName("NABU|naturgucker geG", "de", "TRANSLATION"),
        OtherName("自然", "zh-Hans", "TRANSLATION"),
    )


@pytest.mark.parametrize(
    ("types", "name", "kind"),
    [
        ("education|funder", "Canadian Police College", "ACADEMIA"),
        ("company|government", "Bell Labs", "INDUSTRY"),
        ("funder|nonprofit", "ZOLL Foundation", "NGO"),
        ("facility", "Institut Pasteur", "ACADEMIA"),
        ("archive", "Bodleian Libraries", "ACADEMIA"),
        ("healthcare", "Osaka Police Hospital", "GOVERNMENT"),
        ("other", "Chemical Society", "NGO"),
        ("funder", "Wellcome", "NGO"),
        ("nonprofit", "United Nations Children's Fund", "IGO"),
        ("government", "World Health Organization - Bangladesh", "IGO"),
        ("government", "Food and Drug Administration", "GOVERNMENT"),
        ("government", "Tribunal de Contas", "GOVERNMENT"),
        ("government", "Polizei Berlin", "LAW_ENFORCEMENT"),
        ("government", "Zollkriminalamt", "LAW_ENFORCEMENT"),
        ("government", "Hauptzollamt Köln", "LAW_ENFORCEMENT"),
        ("government", "Direction générale des douanes", "LAW_ENFORCEMENT"),
        ("government", "Dirección General de Aduanas", "LAW_ENFORCEMENT"),
        ("government", "Національна поліція України", "LAW_ENFORCEMENT"),
        ("government", "شرطة دبي", "LAW_ENFORCEMENT"),
        ("government", "鳥取県警察", "LAW_ENFORCEMENT"),
        ("government", "Crown Prosecution Service", "CRIMINAL_JUSTICE"),
        ("government", "Ministère de la Justice", "CRIMINAL_JUSTICE"),
        ("government", "Fiscalía General", "CRIMINAL_JUSTICE"),
        ("government", "Bundesgerichtshof", "CRIMINAL_JUSTICE"),
        ("government", "Eidgenössisches Justiz- und Polizeidepartement - Bundesamt für Migration", "GOVERNMENT"),
        ("government", "Eidgenössisches Justiz- und Polizeidepartement - Bundesamt für Justiz", "CRIMINAL_JUSTICE"),
        ("government", "Finanzdepartement - Eidgenössische Zollverwaltung - Stab", "LAW_ENFORCEMENT"),
    ],
)
def test_the_kind_follows_the_types_and_where_they_say_too_little_the_name(sheet, types, name, kind):
    path = sheet(ROR + f'00aaaaa00,"{name}",,,,{types},active,CH,\n')

    assert [record.kind for record in read_organizations(path)] == [kind]


def test_a_record_of_supraverden_has_no_country(sheet):
    path = sheet(
        SUPRAVERDEN + "SPRVD0688288,Court of Justice of the European Union,CJEU,Cour de justice,Tribunal de Justicia,"
        ",EU,https://curia.europa.eu/\nSPRVD0000001,Opec,Organization of the Petroleum Exporting Countries,,,,ZZ,\n"
    )

    assert list(read_organizations(path)) == [
        OrganizationRecord(
            row=2,
            reference="supraverden:SPRVD0688288",
            name="Court of Justice of the European Union",
            acronym="CJEU",
            kind="IGO",
            website="https://curia.europa.eu/",
            names=(
                OtherName("Cour de justice", "fr", "TRANSLATION"),
                OtherName("Tribunal de Justicia", "es", "TRANSLATION"),
            ),
        ),
        OrganizationRecord(
            row=3,
            reference="supraverden:SPRVD0000001",
            name="Opec",
            kind="IGO",
            names=(OtherName("Organization of the Petroleum Exporting Countries", "", "ALIAS"),),
        ),
    ]


def test_records_of_the_enforcement_list_keep_the_references_of_their_registers(sheet):
    path = sheet(
        ENFORCEMENT + "ror,001symg34,Staffordshire Police,,GB,government,https://www.staffordshire.police.uk,\n"
        "publicbodies,ch/fedpol,Bundesamt für Polizei,fedpol,CH,Federal,,Info@fedpol.example\n"
        "supraverden,SPRVD0346601,International Criminal Police Organization,INTERPOL|ICPO,ZZ,,,\n"
    )

    assert list(read_organizations(path)) == [
        OrganizationRecord(
            row=2,
            reference="ror:001symg34",
            name="Staffordshire Police",
            kind="LAW_ENFORCEMENT",
            country="GB",
            website="https://www.staffordshire.police.uk",
        ),
        OrganizationRecord(
            row=3,
            reference="publicbodies:ch/fedpol",
            name="Bundesamt für Polizei",
            acronym="fedpol",
            kind="LAW_ENFORCEMENT",
            country="CH",
            email="info@fedpol.example",
        ),
        OrganizationRecord(
            row=4,
            reference="supraverden:SPRVD0346601",
            name="International Criminal Police Organization",
            acronym="INTERPOL",
            kind="IGO",
            names=(OtherName("ICPO", "", "ALIAS"),),
        ),
    ]


def test_the_template_is_read_from_a_workbook_whatever_the_capitals(workbook):
    path = workbook(
        ["Name", "Acronym", "Kind", "Country", "Web site", "E-mail", "Parent", "Reference"],
        ["Ministry of Finance", "MoF", "government", "fr", "finance.example", "a@finance.example", "", "fr:1"],
        ["Customs", "", "Law enforcement", "FR", "", "", "fr:1", ""],
    )

    assert list(read_organizations(path)) == [
        OrganizationRecord(
            row=2,
            reference="fr:1",
            name="Ministry of Finance",
            acronym="MoF",
            kind="GOVERNMENT",
            country="FR",
            website="https://finance.example",
            email="a@finance.example",
        ),
        OrganizationRecord(
            row=3, reference="", name="Customs", kind="LAW_ENFORCEMENT", country="FR", parent_reference="fr:1"
        ),
    ]


def test_a_bad_row_is_refused_and_the_next_is_read(sheet):
    path = sheet(
        TEMPLATE + ",X,NGO,FR,,,,\nA,,NGO,France,,,,\nB,,NGO,FR,see below,,,\nC,,club,FR,,,,\nD,,NGO,FR,,no mail,,\n"
        f"E,,NGO,FR,,,,,too much\n{'F' * 501},,NGO,FR,,,,\nG,,NGO,FR,,,,\n"
    )

    *refused, last = read_organizations(path)

    assert refused == [
        Refusal(2, "There is no name."),
        Refusal(3, "The country “France” is not a code of two letters, such as FR."),
        Refusal(4, "“see below” is not a web address."),
        Refusal(
            5,
            "The kind “club” is not one of "
            "IGO, GOVERNMENT, LAW_ENFORCEMENT, CRIMINAL_JUSTICE, INDUSTRY, NGO, ACADEMIA.",
        ),
        Refusal(6, "“no mail” is not an e-mail address."),
        Refusal(7, "The row has more cells than the header has columns."),
        Refusal(8, "“name” is longer than 500 characters."),
    ]
    assert last == OrganizationRecord(row=9, reference="", name="G", kind="NGO", country="FR")


def test_a_row_of_a_register_needs_its_number_and_a_known_status(sheet):
    path = sheet(ROR + ",A,,,,other,active,FR,\n00a,B,,,,other,merged,FR,\n")

    assert list(read_organizations(path)) == [
        Refusal(2, "“ror_id” is empty."),
        Refusal(3, "The status “merged” is unknown."),
    ]


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        (
            "name,kind,colour,size",
            "Columns that are not understood: colour, size. "
            "Expected are: acronym, country, email, kind, name, parent, reference, website.",
        ),
        (
            "name,country",
            "Columns that are missing: kind. "
            "Expected are: acronym, country, email, kind, name, parent, reference, website.",
        ),
        ("name,kind,email,E-mail", "The column “email” is there twice."),
        (
            "source,source_id,name,type,shoe size",
            "Columns that are not understood: shoe size. "
            "Expected are: acronym, country, email, name, source, source_id, type, website.",
        ),
    ],
)
def test_an_unknown_layout_is_refused_before_its_first_row_and_without_one(sheet, header, sentence):
    for rows in ("", "a,b,c,d,e\n"):
        with pytest.raises(SheetError) as caught:
            next(read_organizations(sheet(f"{header}\n{rows}")))
        assert str(caught.value) == sentence


def test_json_lines_name_their_columns_in_each_line(sheet):
    path = sheet(
        '{"name": "A", "kind": "NGO"}\n{"name": "B", "kind": "NGO", "country": "FR"}\n{"name": "C", "size": 1}'
    )

    assert list(read_organizations(path)) == [
        OrganizationRecord(row=1, reference="", name="A", kind="NGO"),
        OrganizationRecord(row=2, reference="", name="B", kind="NGO", country="FR"),
        Refusal(
            3,
            "Columns that are not understood: size. "
            "Expected are: acronym, country, email, kind, name, parent, reference, website.",
        ),
    ]


# -- the registers themselves


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("file", "rows", "refused"),
    [
        ("ror/ror_organisations.csv", 25_170, []),
        ("igo/supraverden_flat.csv", 617, []),
        ("enforcement_and_regulators_subset.csv", 720, [266]),
    ],
)
def test_every_row_of_a_register_is_read(real_data, file, rows, refused):
    found = list(read_organizations(real_data / "organizations" / file))

    assert len(found) == rows
    assert [record.row for record in found if isinstance(record, Refusal)] == refused
    assert len({record.reference for record in found if isinstance(record, OrganizationRecord)}) == rows - len(refused)


@pytest.mark.real_data
def test_an_organization_is_the_same_in_its_register_and_in_the_list_of_enforcement_bodies(real_data):
    folder = real_data / "organizations"
    registers = [folder / "ror/ror_organisations.csv", folder / "igo/supraverden_flat.csv"]
    known = {record.reference: essence(record) for path in registers for record in read_organizations(path)}
    listed = read_organizations(folder / "enforcement_and_regulators_subset.csv")

    shared = [record for record in listed if isinstance(record, OrganizationRecord) and record.reference in known]

    assert len(shared) == 95
    assert [essence(record) for record in shared] == [known[record.reference] for record in shared]


def essence(record):
    return record.name, record.acronym, record.kind, record.country, record.website
