"""Sixty golden questions in four languages, on real texts and our own: what must come is among the first five."""

import datetime
import re
import tomllib
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.utils.translation import override

from legal.models import CaseStudy, Expression, Instrument, ModelLaw, NationalLaw
from legal.text_formats.opening import read_texts
from legal.texts import Node, Text
from legal.views.search import Ordered, find

HERE = Path(__file__).parent / "golden"
KINDS = {"INSTRUMENT": Instrument, "LAW": NationalLaw, "MODEL": ModelLaw, "CASE": CaseStudy}
LANGUAGES = ("en", "fr", "es", "ar")
DAY = datetime.date(2020, 1, 1)
FIRST = 5
BAR = 0.9


def load_own() -> None:
    for facts in tomllib.loads((HERE / "texts.toml").read_text())["work"]:
        known = {name: facts[name] for name in ("slug", "title")}
        work = KINDS[facts["kind"]].objects.create(**known, country_id=facts.get("country"), is_published=True)
        for language in LANGUAGES:
            nodes = [
                Node("article", f"art_{place}", str(place), "", f"<p>{sentence}</p>")
                for place, sentence in enumerate(facts[language], start=1)
            ]
            Expression.objects.record(work, Text(language, nodes=nodes), by=None, valid_on=DAY)


def load_treaties(folder: Path) -> None:
    for file in sorted(folder.glob("*.json")):
        texts = read_texts(file.read_bytes(), file.name)
        [english] = [text for text in texts if text.language == "en"]
        work = Instrument.objects.create(slug=file.stem, title={"en": english.title}, is_published=True)
        Expression.objects.record(work, english, by=None, valid_on=DAY)


def load_acts(folder: Path) -> None:
    """The by-laws of South African cities and acts of the United Kingdom: all of their versions."""
    for file in sorted(folder.glob("*.xml")):
        if not (found := re.match(r"(za-\w+)__act__by-law__\d+__(.+)__eng__(.+)\.xml", file.name)):
            continue
        [text] = read_texts(file.read_bytes(), file.name)
        slug = f"{found[1]}-{found[2]}"
        facts = {"title": {"en": text.title}, "country_id": "ZA", "is_published": True}
        work, _is_new = NationalLaw.objects.get_or_create(slug=slug, defaults=facts)
        Expression.objects.record(work, text, by=None, valid_on=datetime.date.fromisoformat(found[3]))


def first_five(words: str) -> list[str]:
    found = find(asked(words), AnonymousUser())
    return [entry.work.slug for entry in Ordered(found)[:FIRST]]


def asked(words: str) -> QueryDict:
    question = QueryDict(mutable=True)
    question["q"] = words
    return question


def recall(questions: list[tuple[str, list[str]]]) -> tuple[float, list]:
    """The share of the works that must come which came, and what was asked in vain."""
    wanted = came = 0
    in_vain = []
    for words, slugs in questions:
        found = first_five(words)
        missing = [slug for slug in slugs if slug not in found]
        wanted, came = wanted + len(slugs), came + len(slugs) - len(missing)
        in_vain += [(words, missing, found)] if missing else []
    return came / wanted, in_vain


@pytest.mark.real_data
@pytest.mark.slow
def test_what_must_come_comes_among_the_first_five(real_data, db):
    load_own()
    load_treaties(real_data / "legal-documents" / "treaty-texts-json")
    load_acts(real_data / "legal-documents" / "akn-za-by-laws")
    questions = tomllib.loads((HERE / "questions.toml").read_text())

    for language, asked_so in questions.items():
        with override(language):
            share, in_vain = recall(asked_so)
        print(f"{language}: {len(asked_so)} questions, recall@{FIRST} {share:.2f}, in vain: {in_vain}")  # noqa: T201
        assert share >= BAR, (language, in_vain)


@pytest.mark.parametrize("language", LANGUAGES)
def test_questions_about_our_own_texts_are_answered(db, language):
    load_own()
    own = {work["slug"] for work in tomllib.loads((HERE / "texts.toml").read_text())["work"]}
    questions = tomllib.loads((HERE / "questions.toml").read_text())[language]
    answerable = [(words, slugs) for words, slugs in questions if own.issuperset(slugs)]

    share, in_vain = recall(answerable)

    assert share >= BAR, in_vain
