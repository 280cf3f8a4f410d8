"""DOCX, HTML and JSON, made into provisions by what their lines begin with."""

import json
from io import BytesIO

import pytest
from docx import Document

from legal.text_formats import docx, own_json
from legal.text_formats.opening import read_texts
from legal.text_formats.plain import plain
from legal.text_formats.treaty_json import western
from legal.texts import Node, Text, Unreadable
from tests.legal.samples import akn, zipped
from tests.legal.samples import docx as word

ACT = [
    ("Title", "Ports Act"),
    ("", "Parliament enacts:"),
    ("", "PART I"),
    ("b", "Cargo"),
    ("", "Article 1. Declaration"),
    ("", "(1) A captain declares:"),
    ("", "(a) the cargo;"),
    ("", "(i) at once."),
    ("", "(2) Article 9 of the Customs Act applies."),
    ("", "Article 2"),
    ("b", "Seizure"),
    ("", "An officer seizes."),
    ("", "SCHEDULE 1"),
    ("b", "Fees"),
    ("", "Ten."),
]


def outline(text: Text) -> list[tuple]:
    return [(depth, node.kind, node.eid, node.label) for depth, node in text.walk()]


def refusal(content: bytes, name: str = "law.xml") -> str:
    with pytest.raises(Unreadable) as refused:
        read_texts(content, name)
    return refused.value.sentence


def test_a_document_is_divided_by_the_words_and_numbers_of_its_lines():
    text = docx.read(word(*ACT), "en")

    assert (text.language, text.title) == ("en", "Ports Act")
    assert outline(text) == [
        (0, "preamble", "preamble", ""),
        (0, "part", "part_I", "PART I Cargo"),
        (1, "article", "art_1", "Article 1 Declaration"),
        (2, "paragraph", "art_1__para_1", "(1)"),
        (3, "subparagraph", "art_1__para_1__subpara_a", "(a)"),
        (4, "point", "art_1__para_1__subpara_a__point_i", "(i)"),
        (2, "paragraph", "art_1__para_2", "(2)"),
        (1, "article", "art_2", "Article 2 Seizure"),
        (0, "hcontainer", "hcontainer_1", "SCHEDULE 1 Fees"),
    ]
    assert plain(text.nodes[1].children[0].children[1].content) == "Article 9 of the Customs Act applies."


def test_divisions_are_known_in_arabic_french_and_spanish():
    lines = [
        "الباب الأول",
        "أحكام عامة",
        "المادة 1",
        "تسري.",
        "المادة ٢ مكرر",
        "Chapitre II",
        "Artículo 3. Objeto",
        "Rige.",
    ]

    text = docx.read(word(*(("", line) for line in lines)))

    assert outline(text) == [
        (0, "part", "part_الأول", "الباب الأول أحكام عامة"),
        (1, "article", "art_1", "المادة 1"),
        (1, "article", "art_٢مكرر", "المادة ٢ مكرر"),
        (1, "chapter", "part_الأول__chp_II", "Chapitre II"),
        (2, "article", "art_3", "Artículo 3 Objeto"),
    ]


def test_numbers_that_word_counts_are_counted_as_it_does():
    lines = [("List Number", "Scope"), ("List Number", "Applies."), ("List Bullet", "no number")]

    text = docx.read(word(*lines), "en")

    assert [(node.kind, node.number, plain(node.content)) for _depth, node in text.walk()] == [
        ("section", "1.", "Scope"),
        ("section", "2.", "Applies.\nno number"),
    ]


def test_headings_of_word_make_levels_and_marks_stay():
    document = Document()
    document.add_heading("Fees", 1)
    document.add_heading("For ships", 2)
    paragraph = document.add_paragraph("10 m")
    paragraph.add_run("2").font.superscript = True
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Ship", "5 < 6"

    text = docx.read(saved(document))

    assert outline(text) == [
        (0, "hcontainer", "hcontainer_1", "Fees"),
        (1, "hcontainer", "hcontainer_1__hcontainer_1", "For ships"),
    ]
    assert text.nodes[0].children[0].content == (
        "<p>10 m<sup>2</sup></p><table><tr><td><p>Ship</p></td><td><p>5 &lt; 6</p></td></tr></table>"
    )


def saved(document) -> bytes:
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def test_a_page_is_read_without_what_stands_around_its_text():
    page = """<html lang="fr"><head><title>Journal officiel</title><script>alert(1)</script></head><body>
    <nav>Accueil</nav><main><h1>Loi sur les ports</h1><p>Article 1<br>Champ</p><p>La loi <em>s’applique</em>.</p>
    <ol type="a"><li>aux navires&nbsp;;<li>aux quais.</ol><table><tr><th>Taxe</th><td colspan=2>5</td></tr></table>
    </main>    <footer>Contact</footer></body></html>"""

    [text] = read_texts(page.encode(), "loi.html")

    assert (text.language, text.title) == ("fr", "Loi sur les ports")
    assert outline(text) == [
        (0, "article", "art_1", "Article 1 Champ"),
        (1, "paragraph", "art_1__para_a", "(a)"),
        (1, "paragraph", "art_1__para_b", "(b)"),
    ]
    assert text.nodes[0].content == "<p>La loi <i>s’applique</i>.</p>"
    assert plain(text.nodes[0].children[1].content) == "aux quais.\nTaxe\n5"


def treaty(**more) -> dict:
    english = {"title_en": "Scope", "content_en": "1. It applies: (a) to A; (b) to B."}
    said = {**english, "title_fr": "Champ", "content_fr": "Oui."}
    return {"treaty_en": "Treaty", "preamble_en": "The Parties,", "articles": [{"article": "1", **said}], **more}


def test_a_treaty_by_article_is_a_text_in_each_of_its_languages():
    english, french = read_texts(json.dumps(treaty()).encode(), "treaty.json")

    assert outline(english) == [
        (0, "preamble", "preamble", ""),
        (0, "article", "art_1", "Article 1 Scope"),
        (1, "paragraph", "art_1__para_1", "1."),
        (2, "subparagraph", "art_1__para_1__subpara_a", "(a)"),
        (2, "subparagraph", "art_1__para_1__subpara_b", "(b)"),
    ]
    assert (french.language, outline(french)) == ("fr", [(0, "article", "art_1", "Article 1 Champ")])


def test_numbers_of_articles_are_read_in_chinese_too():
    said = {"12": "12", "十二": "12", "一百二十七": "127", "三一九": "319", "八 bis": "", "": ""}

    assert {one: western(one) for one in said} == said


def test_a_text_as_json_comes_back_as_it_was():
    text = Text("en", "Act", valid_on="2020-01-01", country="FR", number="7")
    text.nodes = [
        Node("part", "part_1", "I", children=[Node("section", "sec_1", "1", "Means", "<p>By <i>any</i>.</p>")])
    ]

    [again] = read_texts(own_json.write(text, url="https://law.example/1"), "act.json")

    assert again == text


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b" \n", "law.xml", "It is empty."),
        (b"%PDF-1.7", "law.pdf", "This is neither Akoma Ntoso nor DOCX, HTML or JSON."),
        (zipped(a="x"), "law.docx", "This is no DOCX: it holds no document of Word."),
        (b"PK\x03\x04broken", "law.docx", "This is no DOCX, or it is damaged."),
        (zipped(word__document_xml="<w:x/>"), "law.docx", "This is no DOCX, or it is damaged."),
        (word(), "law.docx", "There are no words in it."),
        (b"<html><body><script>1</script></body></html>", "law.html", "There are no words in it."),
        (b"<html><body>Act</body></html>", "law.xml", "This is a page in HTML, and no Akoma Ntoso."),
        (b'{"articles": [1,\n2,}', "a.json", "Line 2: this is not JSON, or it is damaged."),
        (b"[" * 100_000, "a.json", "This is not JSON, or it is damaged."),
        (b"{}", "a.json", "This JSON has neither “articles” nor “provisions”."),
        (b'{"articles": []}', "a.json", "It has no “articles”."),
        (b'{"articles": ["x"]}', "a.json", "Article 1 is none: it has no fields."),
        (b'{"articles": [{"article": "1"}]}', "a.json", "It says no words: there is no “content_en” in any article."),
        (
            json.dumps(treaty(articles=[*treaty()["articles"]] * 2)).encode(),
            "a.json",
            "Article 2 has the number of article 1: “Article 1”.",
        ),
        (
            b'{"provisions": [{"kind": "section", "eId": "a", "provisions": [{"kind": "part"}]}]}',
            "a.json",
            "Provision 1.1 is none: it needs a “kind” and an “eId”.",
        ),
        (
            b'{"provisions": [{"kind": "section", "eId": "a", "content": "<p>x"}]}',
            "a.json",
            "This is not well formed: Opening and ending tag mismatch: p line 1 and held, line 1, column 18",
        ),
        (
            ('{"kind": "part", "eId": "a", "provisions": [' * 80 + "]}" * 80).encode(),
            "a.json",
            "Its provisions are too deep in each other.",
        ),
    ],
)
def test_a_file_that_is_no_text_is_refused_with_a_sentence(content, name, sentence):
    assert refusal(content, name) == sentence


def test_a_document_that_unpacks_without_end_is_refused():
    bomb = zipped(word__document_xml="0" * 101 * 1024 * 1024)

    assert len(bomb) < 200_000
    assert refusal(bomb, "law.docx") == "It unpacks to more than 100 MB."


def test_a_file_that_is_too_large_is_not_even_parsed():
    assert refusal(akn() + b" " * 20 * 1024 * 1024) == "It is larger than 20 MB."
