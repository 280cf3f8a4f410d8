"""Akoma Ntoso in and out: the same text and the same anchors, and what no file is taken for."""

import re

import pytest
from lxml import etree

from legal.text_formats import akn, markup
from legal.text_formats.plain import plain
from legal.texts import Node, Text, Unreadable
from tests.legal.samples import AKN, SECTIONS
from tests.legal.samples import akn as sample

OLD = b"""<akomaNtoso xmlns="http://www.akomantoso.org/2.0"><act contains="singleVersion"><meta>
<identification source="#s"><FRBRWork><FRBRthis value="/za/act/1998/84/main"/><FRBRdate date="1998-10-20"/>
<FRBRcountry value="za"/></FRBRWork><FRBRExpression><FRBRdate date="2001-05-05"/><FRBRlanguage language="afr"/>
</FRBRExpression></identification></meta><body id="body"><section id="section-1"><num>1.</num><heading>Woorde</heading>
<content><p>Hierdie wet.</p></content></section></body></act>
<components><component id="component-1"><doc name="schedule"><meta/><mainBody><article id="section-1"><content>
<p>Bylae.</p></content></article></mainBody></doc></component></components></akomaNtoso>"""


def flat(content: bytes) -> list[tuple]:
    """Every element of a file, in order: its name, attributes, and the words before and behind it. What only holds
    others, and has nothing to say itself, does not count."""
    root = markup.bare(markup.parsed(content))
    for holder in root.iter("content", "intro", "wrapUp"):
        if not holder.attrib:
            holder.tag = "holder"
    etree.strip_tags(root, "holder")
    return [(one.tag, dict(one.attrib), *map(squeezed, (one.text, one.tail))) for one in root.iter()][1:]


def squeezed(words: str | None) -> str:
    return re.sub(r"\s+", " ", words or "").strip()


def refusal(content: bytes) -> str:
    with pytest.raises(Unreadable) as refused:
        akn.read(content)
    return refused.value.sentence


def test_an_act_is_read_as_a_tree_with_what_it_says_of_itself():
    text = akn.read(sample())

    assert (text.language, text.title, text.valid_on, text.country) == ("en", "Ports Act", "2020-02-01", "FR")
    assert (text.dated_on, text.number, text.uri) == ("2020-01-15", "7", "/akn/fr/act/2020-01-15/7/!main")
    assert [(depth, node.kind, node.eid, node.label) for depth, node in text.walk()] == [
        (0, "section", "sec_1", "1 Duty of captains"),
        (0, "section", "sec_2", "2 Seizure"),
        (1, "paragraph", "sec_2__para_a", "(a)"),
        (1, "paragraph", "sec_2__para_b", "(b)"),
    ]
    second = text.nodes[1]
    assert (plain(second.content), plain(second.after)) == ("An officer seizes", "and tells the court.")
    assert text.remarks == []


def test_what_comes_out_is_what_went_in():
    assert flat(akn.write(akn.read(sample()))) == flat(sample())
    assert akn.read(akn.write(akn.read(sample()))).nodes == akn.read(sample()).nodes


def test_only_what_number_and_heading_do_not_say_is_kept_beside_them():
    first, second = akn.read(sample()).nodes

    assert first.opening == '<section eId="sec_1"><num>1</num><heading>Duty of <i>captains</i></heading>'
    assert second.opening == ""


def test_version_two_becomes_version_three_with_its_anchors():
    text = akn.read(OLD)
    schedule = ["cmpnts", "component-1", "component-1__doc_1", "component-1__body", "component-1__section-1"]

    assert (text.language, text.valid_on, text.body) == ("af", "2001-05-05", '<body eId="body">')
    assert [node.eid for _depth, node in text.walk()] == ["section-1", *schedule]
    assert f'xmlns="{AKN}"' in akn.write(text).decode()
    assert [one for one in flat(akn.write(text)) if one[1].get("eId") == "section-1"] == [
        ("section", {"eId": "section-1"}, "", ""),
        ("article", {"eId": "section-1"}, "", ""),
    ]


def test_what_stands_between_provisions_stays_there():
    body = f"<p>Before.</p>{SECTIONS}<p>Behind <b>all</b>.</p>"
    text = akn.read(sample(body))

    assert [node.kind for node in text.nodes] == ["text", "section", "section", "text"]
    assert text.nodes[-1].content == "<p>Behind <b>all</b>.</p>"
    assert flat(akn.write(text)) == flat(sample(body))


def test_foreign_markup_and_what_is_in_it_stay_as_they_are():
    table = (
        '<section eId="sec_1"><content><foreign><table xmlns="http://www.w3.org/1999/xhtml" xmlns:a="urn:a" a:w="3">'
        f'<tr><td><p xmlns="{AKN}">Fee &amp; tax</p></td></tr></table></foreign></content></section>'
    )

    assert flat(akn.write(akn.read(sample(table)))) == flat(sample(table))


def test_provisions_without_an_anchor_get_one_by_their_number():
    text = akn.read(sample(re.sub(r' eId="[^"]*"', "", SECTIONS)))

    assert [node.eid for _depth, node in text.walk()] == ["sec_1", "sec_2", "sec_2__para_a", "sec_2__para_b"]
    assert b'<section eId="sec_2">' in akn.write(text)


def test_an_anchor_that_stands_twice_is_told_with_its_line():
    text = akn.read(sample(SECTIONS.replace("sec_2__para_b", "sec_2__para_a")))

    assert text.remarks == [
        "Line 15: the anchor “sec_2__para_a” stands twice; here the second becomes “sec_2__para_a_2”."
    ]
    assert flat(akn.write(text)) == flat(sample(SECTIONS.replace("sec_2__para_b", "sec_2__para_a")))


def test_impossible_days_and_unknown_countries_and_languages_are_left_out_and_told():
    text = akn.read(sample(day="2013-02-30", country="qq", language="q-x"))

    assert (text.valid_on, text.country, text.language) == ("", "", "")
    assert sorted(text.remarks) == [
        "Line 4: there is no country “QQ”.",
        "Line 7: there is no day “2013-02-30” of a text.",
        "Line 7: there is no language “q”.",
    ]
    assert akn.read(sample(day="9999-12-31")).remarks == ["Line 7: there is no day “9999-12-31” of a text."]


def test_a_text_of_ours_gets_metadata_that_say_it():
    text = Text("ar", "قانون الموانئ", valid_on="2021-01-01", country="DZ", dated_on="2020-12-01", number="7")
    text.nodes = [Node("article", "art_1", "المادة 1", "", "<p>نص.</p>")]

    again = akn.read(akn.write(text))

    assert (again.language, again.title, again.valid_on, again.country) == ("ar", text.title, "2021-01-01", "DZ")
    assert (again.dated_on, again.number, again.nodes) == ("2020-12-01", "7", text.nodes)


def test_a_language_and_day_that_were_corrected_go_into_the_metadata():
    text = akn.read(sample(language="q-x", day="2013-02-30"))
    text.language, text.valid_on = "fr", "2013-03-01"

    again = akn.read(akn.write(text))

    assert (again.language, again.valid_on, again.remarks) == ("fr", "2013-03-01", [])


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (sample()[:-30], "Line 16: this is not XML, or it is damaged."),
        (b"<!doctype html><html><body>Act</body></html>", "This is a page in HTML, and no Akoma Ntoso."),
        (b"<rss/>", "Line 1: this is no Akoma Ntoso 2.0 or 3.0: it begins with “rss”."),
        (f'<akomaNtoso xmlns="{AKN}"/>'.encode(), "It holds no document."),
        (
            f'<akomaNtoso xmlns="{AKN}">\n<act name="act"><body/></act></akomaNtoso>'.encode(),
            "Line 2: a document without <meta> says neither its language nor its date.",
        ),
        (
            '<?xml version="1.0" encoding="utf-8"?><a>\xff</a>'.encode("latin-1"),
            "Line 1: this is not XML, or it is damaged.",
        ),
    ],
)
def test_what_is_no_akoma_ntoso_is_refused_with_a_sentence(content, sentence):
    assert refusal(content) == sentence


def test_entities_are_refused_before_they_grow():
    bomb = "".join(f'<!ENTITY b{n} "&b{n - 1};&b{n - 1};&b{n - 1};&b{n - 1};&b{n - 1};">' for n in range(1, 30))
    head = f'<!DOCTYPE akomaNtoso [<!ENTITY b0 "boom">{bomb}]>'
    words = head.encode() + sample(SECTIONS.replace("the ship", "&b29;"))
    attribute = head.encode() + sample(SECTIONS.replace('eId="sec_1"', 'eId="&b29;"'))
    outside = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + sample(SECTIONS.replace("the ship", "&x;"))

    declared = "Line 1: it declares a document type or entities, which a text does not need."
    assert [refusal(one) for one in (words, attribute, outside)] == [declared] * 3


def test_what_is_nested_without_end_is_refused():
    assert refusal(b"<a>" * 100_000) == "Line 1: this is not XML, or it is damaged."
