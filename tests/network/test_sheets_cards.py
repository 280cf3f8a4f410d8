"""vCards and LDIF, as telephones, mail programs and directories write them."""

import base64

import pytest

from network.sheets import Reading, SheetError, open_sheet


def cells(path):
    """The cells of each row that hold something."""
    return [{column: cell for column, cell in row.values.items() if cell} for row in open_sheet(path).rows]


def error_of(path):
    with pytest.raises(SheetError) as caught:
        open_sheet(path)
    return str(caught.value)


# -- vCard


def test_a_card_of_version_4(sheet):
    path = sheet(
        "BEGIN:VCARD\nVERSION:4.0\nUID:urn:uuid:1\nFN:Amina Benali\nN:Benali;Amina;;H.E.;\n"
        "ORG:Administration des douanes;Affaires juridiques\nTITLE;LANGUAGE=fr:Directrice générale\nLANG;PREF=1:fr\n"
        "EMAIL;TYPE=home:amina@x.example\nEMAIL;TYPE=work;PREF=1:amina@douane.example\n"
        'TEL;VALUE=uri;TYPE="voice,work":tel:+212-5-000;ext=12\nTEL;VALUE=uri;TYPE=cell:tel:+212-6-000\n'
        "ADR;TYPE=work:;;1 rue Haute;Rabat;;10000;Maroc\nEND:VCARD\n"
    )

    assert cells(path) == [
        {
            "UID": "urn:uuid:1",
            "FN": "Amina Benali",
            "N family": "Benali",
            "N given": "Amina",
            "N prefix": "H.E.",
            "ORG": "Administration des douanes",
            "ORG unit": "Affaires juridiques",
            "TITLE": "Directrice générale",
            "LANG": "fr",
            "EMAIL": "amina@douane.example\namina@x.example",
            "TEL work": "+212-5-000 ext. 12",
            "TEL cell": "+212-6-000",
            "ADR": "1 rue Haute, Rabat, 10000",
            "ADR country": "Maroc",
        }
    ]
    assert open_sheet(path).reading == Reading(format="vCard 4.0", encoding="utf-8")


def test_a_card_of_version_3_with_folds_groups_labels_and_escapes(sheet):
    path = sheet(
        "begin:vcard\r\nversion:3.0\r\nFN:Dina \r\n Okafor\r\nN:Okafor;Dina,Ada;;Dr.,Prof.;\r\n"
        "ORG:Border\\; Coast\\, and Customs\r\nNOTE:First\\nSecond \\\\ third\r\nitem1.TEL:+234 1\r\n"
        "item1.X-ABLabel:_$!<AssistantPhone>!$_\r\nTEL;type=HOME;type=FAX:+234 2\r\nTEL;TYPE=WORK,pref:+234 3\r\n"
        "PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ\r\n SkZJRg==\r\nREV:2026\r\nend:vcard\r\n"
    )

    assert cells(path) == [
        {
            "FN": "Dina Okafor",
            "N family": "Okafor",
            "N given": "Dina Ada",
            "N prefix": "Dr. Prof.",
            "ORG": "Border; Coast, and Customs",
            "NOTE": "First Second \\ third",
            "TEL assistant": "+234 1",
            "TEL fax": "+234 2",
            "TEL work": "+234 3",
            "PHOTO": "(not text)",
        }
    ]


def test_a_card_of_version_2_with_quoted_printable_charsets_and_data_that_is_not_indented(sheet):
    path = sheet(
        b"BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller-L=\n=C3=BCdenscheidt;Eva\n"
        b"ORG;CHARSET=windows-1252;ENCODING=QUOTED-PRINTABLE:Zoll K=F6ln\nTITLE;CHARSET=windows-1252:R\xe4tin\n"
        b"PHOTO;JPEG;ENCODING=BASE64:\nAAAA\nBBBB\n\nTEL;CELL;PREF:0171 1\nTEL;WORK;VOICE:0221 2\nEND:VCARD\n"
        b"BEGIN:VCARD\nVERSION:2.1\nN:Kim\nEND:VCARD\n"
    )

    assert cells(path) == [
        {
            "N family": "Müller-Lüdenscheidt",
            "N given": "Eva",
            "ORG": "Zoll Köln",
            "TITLE": "Rätin",
            "PHOTO": "(not text)",
            "TEL cell": "0171 1",
            "TEL work": "0221 2",
        },
        {"N family": "Kim"},
    ]


def test_a_line_in_another_encoding_does_not_spoil_the_card(sheet):
    card = "BEGIN:VCARD\nFN:Eva Müller\nN:Müller;Eva\nTITLE:".encode() + "Rätin für Zölle".encode("cp1252")

    assert cells(sheet(card + b"\nEND:VCARD\n")) == [
        {"FN": "Eva Müller", "N family": "Müller", "N given": "Eva", "TITLE": "Rätin für Zölle"}
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp1251"])
def test_cards_come_in_other_encodings_too(sheet, encoding):
    card = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Панкрат Исакова\r\nN:Исакова;Панкрат\r\nEND:VCARD\r\n"

    assert cells(sheet(card.encode(encoding))) == [
        {"FN": "Панкрат Исакова", "N family": "Исакова", "N given": "Панкрат"}
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("BEGIN:VCARD\nFN:One\n", "The card that begins in line 1 has no end."),
        ("BEGIN:VCARD\nFN:One\nBEGIN:VCARD\nFN:Two\nEND:VCARD\n", "The card that begins in line 1 has no end."),
        ("BEGIN:VCARD\nFN:One\nEND:VCARD\nFN:Two\n", "Line 4 stands outside of a card."),
        ("BEGIN:VCARD\nFN:One\nnonsense\nEND:VCARD\n", "Line 3 is no line of a vCard."),
        ("BEGIN:VCARD\nEND:VCARD\n", "The file is empty."),
        (f"BEGIN:VCARD\nNOTE:{'n' * 2**24}\nEND:VCARD\n", "Line 2 is too long."),
        ("BEGIN:VCARD\nNOTE:" + f"\n {'n' * 2**20}" * 17 + "\nEND:VCARD\n", "Line 2 is too long."),
    ],
)
def test_a_damaged_card_is_refused_with_its_line(sheet, text, sentence):
    assert error_of(sheet(text)) == sentence


# -- LDIF


def test_the_entries_of_a_directory(sheet):
    name = base64.b64encode("Müller".encode()).decode()
    path = sheet(
        f"version: 1\n# a comment\n that goes on\n\ndn: cn=Eva,o=Zoll\nobjectclass: top\n"
        f"objectclass: person\nsn:: {name}\ngivenName: Eva\n"
        "title: Head of\n  the legal office\nmail: eva@zoll.example\nmail: e.m@zoll.example\n"
        "jpegPhoto:: /9j/4AAQ\nlabeledURI:< file:///etc/passwd\n\n\ndn:: Y249S2lt\ncn: Kim"
    )

    assert cells(path) == [
        {
            "dn": "cn=Eva,o=Zoll",
            "objectclass": "top\nperson",
            "sn": "Müller",
            "givenname": "Eva",
            "title": "Head of the legal office",
            "mail": "eva@zoll.example\ne.m@zoll.example",
            "jpegphoto": "(not text)",
            "labeleduri": "(not in the file)",
        },
        {"dn": "cn=Kim", "cn": "Kim"},
    ]
    assert open_sheet(path).reading == Reading(format="LDIF", encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "dn: cn=Eva\nchangetype: delete\n",
            "Line 2: the file tells changes to a directory. Export its entries instead.",
        ),
        ("dn: cn=Eva\nsn: Eva\n\nsn: Kim\n", "Line 4: an entry has to begin with “dn:”."),
        ("dn: cn=Eva\nnonsense\n", "Line 2 is no line of LDIF."),
        ("dn: cn=Eva\nsn:: M%ller\n", "Line 2: the value is no Base64."),
    ],
)
def test_a_damaged_directory_is_refused_with_its_line(sheet, text, sentence):
    assert error_of(sheet(text)) == sentence
