"""The page of a law: its text as it reads on a day, what versions changed, languages side by side, and its files."""

import datetime
import json

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from lxml import html

from legal.models import Expression
from legal.text_formats import akn, rendering
from legal.text_formats.docx import read as read_docx
from legal.texts import Node, Text
from legal.views.texts import FORMS
from tests.conftest import queries_of
from tests.legal.conftest import ADOPTED, expressed, text

YEAR = datetime.timedelta(days=365)


@pytest.fixture
def later(act) -> Expression:
    """The act as it reads four years after it came into force."""
    articles = [("Champ", "Elle s’applique aux produits du tabac et de la nicotine."), ("Peines", "Un an.")]
    return Expression.objects.record(act, text("fr", articles), by=None, valid_on=act.in_force_on + 4 * YEAR)


def page_of(client, work, name: str = "", **asked: str):
    shelf = {"nationallaw": "laws", "instrument": "instruments"}[work._meta.model_name]
    url = reverse(f"legal:{name}", args=[shelf, work.slug]) if name else work.get_absolute_url()
    return client.get(url, asked)


def found(response, path: str) -> list:
    return html.fromstring(response.content).cssselect(path)


def said(response, path: str) -> list[str]:
    return [" ".join(one.text_content().split()) for one in found(response, path)]


def test_a_reader_sees_the_text_that_reads_today_with_its_contents(client, act, later):
    page = page_of(client, act)

    assert said(page, ".law-article h2") == ["Article 1 Champ #", "Article 2 Peines #"]
    assert said(page, ".law-contents li") == ["Article 1 Champ", "Article 2 Peines"]
    assert [node.get("id") for node in found(page, ".law-article section")] == ["art_1", "art_2"]


def test_a_permanent_link_shows_the_text_as_it_read_on_the_day(client, act, later):
    page = page_of(client, act, language="fr", on=act.in_force_on.isoformat())

    assert said(page, ".law-article h2")[1] == "Article 2 Infractions #"
    assert said(page, ".notice")[0] == (
        "This is an earlier version: it read so from 1 July 2015 until 30 June 2019. The text of today"
    )
    assert later.get_absolute_url() == f"{act.get_absolute_url()}?language=fr&on=2019-06-30"


def test_of_a_day_before_all_texts_there_is_none_and_a_day_that_is_none_is_not_found(client, act):
    page = page_of(client, act, on="1900-01-01")

    assert said(page, "#content p")[-1] == "There is no text of that day here. The text of today"
    assert page_of(client, act, on="2013-02-30").status_code == 404


def test_a_text_to_come_is_shown_where_there_is_no_other(client, act):
    act.expressions.update(valid_on=timezone.localdate() + YEAR)

    assert len(said(page_of(client, act), ".law-article h2")) == 2


def test_what_nobody_compared_with_its_source_says_so_and_what_is_due_too(client, act, lena):
    assert said(page_of(client, act), ".notice") == ["Nobody has compared this text with its source yet."]

    expression = act.expressions.get()
    expression.source = "Gazette"
    expression.save()
    expression.verify(by=lena, on=datetime.date(2020, 1, 1), review_by=datetime.date(2021, 1, 1))
    cache.clear()
    assert said(page_of(client, act), ".notice") == [
        "This text was to be compared with its source again by 1 January 2021; it may be out of date."
    ]

    expression.verify(by=lena)
    cache.clear()
    assert said(page_of(client, act), ".notice") == ["Nobody has compared this with its source yet."]  # its facts

    act.source = "Gazette"
    act.save()
    act.verify(by=lena)
    cache.clear()
    assert said(page_of(client, act), ".notice") == []


def test_an_arabic_text_reads_from_the_right_on_a_page_in_english(client, convention):
    page = page_of(client, convention, language="ar")
    [article] = found(page, ".law-article")

    assert (article.get("lang"), article.get("dir")) == ("ar", "rtl")
    assert said(page, ".law-choice a[aria-current]") == ["Arabic"]


def test_a_language_in_which_there_is_no_text_is_told(client, act):
    page = page_of(client, act, language="es")

    assert said(page, ".notice")[0].startswith("There is no text in the language that you asked for.")


def test_what_a_version_changed_is_shown_provision_by_provision(client, act, later):
    page = page_of(client, act, "text_changes", language="fr")

    assert [(one.what, one.eid) for one, _lines in page.context["page"]] == [("CHANGED", "art_1"), ("CHANGED", "art_2")]
    assert said(page, ".law-change ins")[0] == "et de la nicotine"
    assert said(page, ".law-change del") == ["Infractions", "Chaque Partie érige"]


def test_where_there_is_one_version_nothing_can_be_compared(client, act):
    assert page_of(client, act, "text_changes").status_code == 404
    assert page_of(client, act, "text_changes", **{"from": "x"}).status_code == 404


def test_two_languages_stand_side_by_side(client, convention):
    page = page_of(client, convention, "text_beside", language="en", other="ar")
    rows = found(page, ".law-beside__row")[1:]

    assert [[" ".join(cell.text_content().split()) for cell in row] for row in rows] == [
        ["Article 1 Scope It applies to tobacco products.", "المادة 1 النطاق تسري هذه الاتفاقية على منتجات التبغ."],
        ["Article 2 Offences Each Party shall make it unlawful.", "المادة 2 الأفعال غير المشروعة يجرّم كل طرف."],
    ]
    assert [cell.get("dir") for cell in rows[0]] == ["ltr", "rtl"]
    assert page_of(client, convention, "text_beside", language="en", other="en").status_code == 404


def test_a_page_about_a_text_asks_as_often_for_three_as_for_one(client, act, later):
    Expression.objects.exclude(pk=later.pk).delete()
    one = queries_of(client, act.get_absolute_url())
    expressed(act, "en", "ar", on=act.in_force_on)
    later.write(text("fr", [("Un", "x"), ("Deux", "x"), ("Trois", "x")]))

    assert queries_of(client, act.get_absolute_url()) == one


def test_the_page_tells_search_engines_and_readers_how_to_cite_it(client, act):
    page = page_of(client, act)
    linked = json.loads(found(page, 'script[type="application/ld+json"]')[0].text)

    assert (linked["@type"], linked["name"], linked["inLanguage"]) == ("Legislation", "Loi sur le tabac", "fr")
    assert linked["legislationJurisdiction"]["identifier"] == "FR"
    assert linked["legislationLegalForce"] == "https://schema.org/InForce"
    assert page.context["citation"] == (
        "Loi sur le tabac, Act, No. 2015-12, 2015-03-01 (France) [fr 2015-07-01, Authentic text]. Entente, "
        "http://localhost:8000/en/law/laws/fr-tobacco-act/?language=fr&on=2015-07-01"
    )


def test_a_title_cannot_leave_its_place_in_the_page(client, act):
    act.title = {"en": "</script><script>alert(1)</script>"}
    act.save()
    act.expressions.update(title="</script><script>alert(1)</script>")

    page = page_of(client, act)

    assert b"<script>alert" not in page.content


def file_of(client, work, form: str, **asked: str):
    return client.get(reverse("legal:text_file", args=["laws", work.slug, form]), asked)


def test_each_file_says_what_it_is_and_of_which_text(client, act, later):
    files = {form: file_of(client, act, form) for form in FORMS}

    assert {form: found["Content-Disposition"] for form, found in files.items()} == {
        form: f'attachment; filename="fr-tobacco-act-fr-2019-06-30.{form}"' for form in FORMS
    }
    assert {found.status_code for found in files.values()} == {200}
    older = file_of(client, act, "txt", on=act.in_force_on.isoformat())
    assert older["Content-Disposition"] == 'attachment; filename="fr-tobacco-act-fr-2015-07-01.txt"'
    assert file_of(client, act, "exe").status_code == 404


def test_akoma_ntoso_and_json_hold_the_text(client, act):
    expected = act.expressions.get().as_text()

    again = akn.read(file_of(client, act, "akn.xml").content)
    told = json.loads(file_of(client, act, "json").content)

    assert (again.nodes, again.title, again.country) == (expected.nodes, "Loi sur le tabac", "FR")
    assert [one["eId"] for one in told["provisions"]] == ["art_1", "art_2"]
    assert told["provisions"][0]["text"] == "Elle s’applique aux produits du tabac."


def test_a_document_of_word_is_read_as_the_same_provisions(client, act):
    again = read_docx(file_of(client, act, "docx").content, "fr")

    assert [(node.eid, node.label) for node in again.nodes if node.kind == "article"] == [
        ("art_1", "Article 1 Champ"),
        ("art_2", "Article 2 Infractions"),
    ]


def test_reference_managers_get_what_they_read(client, act):
    act.title = {"fr": "Loi & tabac_{x}"}
    act.save()

    bib, ris = (file_of(client, act, form).content.decode() for form in ("bib", "ris"))

    assert bib.splitlines()[:4] == [
        "@misc{fr-tobacco-act,",
        r"  title = {Loi \& tabac\_\{x\}},",
        "  author = {France},",
        "  number = {2015-12},",
    ]
    assert ris.split("\r\n")[:4] == ["TY  - STAT", "ID  - fr-tobacco-act", "TI  - Loi & tabac_{x}", "A1  - France"]
    assert ris.endswith("ER  - \r\n")


def test_a_stranger_who_takes_papers_all_day_is_asked_to_wait(client, act):
    answers = [file_of(client, act, "pdf", on=f"20{year}-01-01").status_code for year in range(16, 79)]

    assert (answers[0], answers[-1], answers.count(429)) == (200, 429, 3)


def test_drafts_have_no_page_no_comparison_and_no_file(client, bill, lena):
    Expression.objects.record(bill, text("en"), by=None, valid_on=ADOPTED + YEAR)
    Expression.objects.record(bill, text("fr"), by=None, valid_on=ADOPTED)
    address = [
        bill.get_absolute_url(),
        *(reverse(f"legal:{name}", args=["laws", bill.slug]) for name in ("text_changes", "text_beside")),
        *(reverse("legal:text_file", args=["laws", bill.slug, form]) for form in FORMS),
    ]
    asked = {"language": "en", "other": "fr"}

    assert {client.get(one, asked).status_code for one in address} == {404}
    client.force_login(lena)
    assert {client.get(one, asked).status_code for one in address} == {200}


# -- what is shown of markup


def shown(content: str) -> str:
    return rendering.own(Node("section", "s", content=content))


def test_tables_lists_marks_and_references_are_shown():
    listed = '<blockList eId="l"><item eId="a"><num>(a)</num><p>x</p></item></blockList>'
    table = '<table><tr><th colspan="2">A</th><td onclick="x">B<br/>C</td></tr></table>'
    links = '<p><ref href="#s">2</ref>, <ref href="/akn/za">that</ref>, <a href="https://x.example/?a&amp;b">it</a></p>'

    assert shown(listed) == '<ul id="l" class="list"><li id="a"><span class="num">(a)</span> <p>x</p></li></ul>'
    assert shown(table) == '<table><tr><th colspan="2">A</th><td>B<br>C</td></tr></table>'
    assert shown(links) == (
        '<p><a href="#s">2</a>, that, <a href="https://x.example/?a&amp;b" rel="nofollow noreferrer">it</a></p>'
    )


def test_a_note_stands_behind_the_provision():
    node = Node("section", "sec_1", "1", "Fees", '<p>Five<authorialNote marker="*"><p>Euro.</p></authorialNote>.</p>')

    assert rendering.provision(node) == (
        '<section id="sec_1" class="provision provision--section"><h2><span class="num">1</span> <span>Fees</span> '
        '<a class="provision__link" href="#sec_1" title="Permanent link to this provision" '
        'aria-label="Permanent link to this provision">#</a></h2>'
        '<p>Five<sup><a id="note-1-ref" href="#note-1" role="doc-noteref">*</a></sup>.</p>'
        '<div class="footnotes" role="doc-endnotes"><div id="note-1" class="footnote">'
        '<p><a href="#note-1-ref" class="num">*</a> Euro.</p></div></div></section>\n'
    )


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("<p>a<script>alert(1)</script>b</p>", "<p>ab</p>"),
        ('<p><img src="x" onerror="alert(1)"/></p>', "<p><span>[picture]</span></p>"),
        ('<p><a href="javascript:alert(1)">x</a></p>', "<p>x</p>"),
        ('<p><ref href="&#106;avascript:alert(1)">x</ref></p>', "<p>x</p>"),
        ('<p eId="a&quot; onclick=&quot;x">x</p>', '<p id="a&quot; onclick=&quot;x">x</p>'),
        ('<p style="x" class="y" onclick="z">&lt;b&gt;</p>', "<p>&lt;b&gt;</p>"),
        ('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', ""),
        ('<iframe src="https://x.example"/>', ""),
        ('<p><abbr title="&quot;&gt;">x</abbr></p>', '<p><abbr title="&quot;&gt;">x</abbr></p>'),
        ("<p>broken", "<p>broken</p>"),
        ("<p>broken <script>1</script", "<p>broken 1&lt;/script</p>"),
        ('<p xmlns:x="http://www.w3.org/1999/xhtml"><x:object data="x">y</x:object></p>', "<p></p>"),
    ],
)
def test_nothing_in_a_text_can_run(content, expected):
    assert shown(content) == expected


def test_an_anchor_that_stands_twice_is_one_anchor():
    nodes = [Node("section", eid, content='<p eId="x">1</p>') for eid in "st"]

    assert rendering.page(Text("en", nodes=nodes)).count('id="x"') == 1
