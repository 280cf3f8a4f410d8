"""Every file of Akoma Ntoso in the real input comes out as it went in; docs/reference/legal-texts.md has the table."""

import datetime
from pathlib import Path

import pytest
from lxml import etree

from legal.models import Expression, NationalLaw
from legal.text_formats import akn, docx
from legal.text_formats.opening import read_texts
from legal.text_formats.plain import plain
from tests.legal.test_akn import flat

pytestmark = pytest.mark.real_data
# Files that are not valid against the schema, and come out as invalid as they went in; why is in the table.
INVALID = {
    *("BlockListTest1", "test1", "test2", "test3", "uksi-table-with-caption", "uksi-table-with-captions"),
    "za_Judgement_2008-11-26",
    *("af", "en", "zu"),
    "za-cpt__act__by-law__2006__wastewater-industrial-effluent__eng__2006-09-01",
    "za-jhb__act__by-law__2004__public-open-spaces__eng__2004-05-21",
    "za-jhb__act__by-law__2011__air-pollution-control__eng__2011-05-24",
    "za-jhb__act__by-law__2013__waste-management__eng__2013-07-30",
    "za-wc033__act__by-law__2005__wastewater__eng__2005-10-03",
}


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    folder = Path(__file__).parents[3] / "shared" / "data" / "legal-instruments" / "akoma_ntoso"
    if not folder.is_dir():
        pytest.skip("the real input is not beside the project")
    return etree.XMLSchema(etree.parse(folder / "akomantoso30.xsd"))


@pytest.fixture
def files(real_data) -> list[Path]:
    found = sorted((real_data / "legal-documents").glob("akn-*/*"))
    return [path for path in found if path.suffix in (".xml", ".akn")]


def without_new_anchors(out: list[tuple], source: list[tuple]) -> list[tuple]:
    """What came out, without anchors of elements that had none."""
    return [
        (tag, {name: said for name, said in facts.items() if name != "eId" or "eId" in was[1]}, *words)
        for (tag, facts, *words), was in zip(out, source, strict=True)
    ]


def kept_and_written(content: bytes, number: int) -> bytes:
    """What comes out of the database, once it was recorded there."""
    text = akn.read(content)
    law = NationalLaw.objects.create(slug=f"law-{number}", title=text.title or "Law")
    text.language = text.language or "esp"  # so one file calls Spanish, and six say nothing
    day = datetime.date.fromisoformat(text.valid_on or "2020-01-01")
    return akn.write(Expression.objects.record(law, text, by=None, valid_on=day).as_text())


def test_every_text_comes_out_of_the_records_with_the_same_words_and_anchors(files, schema, db):
    assert len(files) == 84
    other, invalid = [], []
    for number, path in enumerate(files):
        content = path.read_bytes()
        out, source = kept_and_written(content, number), flat(content)
        if without_new_anchors(flat(out), source) != source:
            other.append(path.name)
        if not schema.validate(etree.fromstring(out)):
            invalid.append(path.stem)

    assert other == []
    assert set(invalid) == INVALID


def test_what_came_out_is_read_as_the_same_provisions(files):
    texts = [(path.name, akn.read(path.read_bytes())) for path in files]

    assert [name for name, text in texts if akn.read(akn.write(text)).nodes != text.nodes] == []


def test_a_text_of_ours_is_valid(schema):
    for text in [docx.read(path.read_bytes(), "en") for path in _documents()]:
        text.valid_on, text.country = "2020-01-01", "GB"
        schema.assertValid(etree.fromstring(akn.write(text)))


def _documents() -> list[Path]:
    return sorted((Path(__file__).parents[3] / "shared" / "data" / "legal-documents").glob("akn-uk-*/*.docx"))


def test_every_treaty_by_article_keeps_its_words(real_data, schema):
    files = sorted((real_data / "legal-documents" / "treaty-texts-json").glob("*.json"))
    assert len(files) == 17
    for path in files:
        for text in read_texts(path.read_bytes(), path.name):
            eids = [node.eid for _depth, node in text.walk()]
            assert len(eids) == len(set(eids))
            text.valid_on = text.dated_on = "2000-01-01"
            schema.assertValid(etree.fromstring(akn.write(text)))


def test_the_convention_against_corruption_has_its_articles(real_data):
    path = real_data / "legal-documents" / "treaty-texts-json" / "uncac.json"
    chinese, english = read_texts(path.read_bytes(), path.name)
    fourteen = next(node for node in english.nodes if node.eid == "art_14")

    assert [sum(node.kind == "article" for node in text.nodes) for text in (chinese, english)] == [71, 71]
    assert fourteen.label == "Article 14 Measures to prevent money-laundering"
    assert [child.eid for child in fourteen.children] == [f"art_14__para_{number}" for number in range(1, 6)]
    assert plain(fourteen.children[0].children[1].content).startswith("Without prejudice to article 46")
