"""Texts as files hold them, written for the tests."""

import zipfile
from io import BytesIO

from docx import Document

AKN = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
META = """<meta><identification source="#x">
<FRBRWork><FRBRthis value="{uri}/!main"/><FRBRuri value="{uri}"/><FRBRalias value="{title}" name="title"/>
<FRBRdate date="2020-01-15" name="Generation"/><FRBRauthor href="#x"/><FRBRcountry value="{country}"/>
<FRBRnumber value="7"/></FRBRWork>
<FRBRExpression><FRBRthis value="{uri}/{language}@{day}/!main"/><FRBRuri value="{uri}/{language}@{day}"/>
<FRBRdate date="{day}" name="Version"/><FRBRauthor href="#x"/><FRBRlanguage language="{language}"/></FRBRExpression>
<FRBRManifestation><FRBRthis value="{uri}/{language}@{day}/!main.akn"/><FRBRuri value="{uri}/{language}@{day}.akn"/>
<FRBRdate date="{day}" name="Publication"/><FRBRauthor href="#x"/></FRBRManifestation></identification>
<references source="#x"><TLCOrganization eId="x" href="/akn/ontology/organization/x" showAs="X"/></references></meta>"""
URI = "/akn/fr/act/2020-01-15/7"
FACTS = {"uri": URI, "title": "Ports Act", "country": "fr", "language": "eng", "day": "2020-02-01"}
SECTIONS = """<section eId="sec_1"><num>1</num><heading>Duty of <i>captains</i></heading><content>
<p>A captain declares the cargo.</p></content></section>
<section eId="sec_2"><num>2</num><heading>Seizure</heading><intro><p>An officer seizes</p></intro>
<paragraph eId="sec_2__para_a"><num>(a)</num><content><p>the goods;</p></content></paragraph>
<paragraph eId="sec_2__para_b"><num>(b)</num><content><p>the ship.</p></content></paragraph>
<wrapUp><p>and tells the court.</p></wrapUp></section>"""


def akn(sections: str = SECTIONS, **facts: str) -> bytes:
    """An act of two sections in Akoma Ntoso 3.0."""
    meta = META.format(**{**FACTS, **facts})
    return f'<akomaNtoso xmlns="{AKN}">\n<act name="act">{meta}\n<body>{sections}</body></act></akomaNtoso>'.encode()


def docx(*lines: tuple[str, str]) -> bytes:
    """A document of Word: style and words of each paragraph; "" is plain, "b" bold."""
    document = Document()
    for style, words in lines:
        paragraph = document.add_paragraph(style=None if style in ("", "b") else style)
        paragraph.add_run(words).bold = style == "b" or None
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def zipped(**files: str) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            package.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return out.getvalue()
