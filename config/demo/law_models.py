"""The model law and the case studies of the demonstration, in the four languages of the house."""

import datetime

from contacts.models import User
from legal.models import CaseStudy, Commentary, DraftingOption, Expression, ModelLaw, NationalDraft
from legal.texts import Node, Text
from network.models import Country, Topic

LANGUAGES = {"en": "Article {}", "fr": "Article {}", "es": "Artículo {}", "ar": "المادة {}"}
VERSION = datetime.date(2024, 6, 12)


def load(rows: dict, topics: dict[str, Topic], officer: User) -> None:
    model = _model(rows["model"], topics, officer)
    draft = NationalDraft.objects.begin(model, Country.objects.get(pk="SN"), "fr", by=officer)
    first, *_open = draft.open_questions()
    option = first.provision.drafting_options.get(letter="A")
    draft.choose(first.provision, option, by=officer, reason="Chaque région a son bureau.")
    for row in rows["case"]:
        _case(row, topics, officer)


def _model(row: dict, topics: dict[str, Topic], officer: User) -> ModelLaw:
    facts = {name: row[name] for name in ("slug", "title", "short_title", "dated_on", "prepared_by")}
    model = ModelLaw.objects.create(**facts, source="Entente demonstration", owner=officer)
    model.topics.set(topics[slug] for slug in row["topics"])
    for language, number in LANGUAGES.items():
        nodes = [
            Node("article", f"art_{n}", number.format(n), one["heading"][language], f"<p>{one[language]}</p>")
            for n, one in enumerate(row["article"], start=1)
        ]
        text = Text(language, row["title"][language], nodes=nodes)
        Expression.objects.record(model, text, by=officer, valid_on=VERSION)
    for n, one in enumerate(row["article"], start=1):
        provision = model.provisions.get(eid=f"art_{n}")
        if "commentary" in one:
            Commentary.objects.create(provision=provision, text=one["commentary"])
        for option in one.get("option", []):
            DraftingOption.objects.create(provision=provision, **option)
    model.verify(by=officer)
    model.publish(by=officer)
    return model


def _case(row: dict, topics: dict[str, Topic], officer: User) -> None:
    joined = ("topics", "countries", "country")
    facts = {name: value for name, value in row.items() if name not in joined}
    case = CaseStudy.objects.create(
        **facts, country_id=row["country"], source="Entente demonstration (invented)", owner=officer
    )
    case.topics.set(topics[slug] for slug in row["topics"])
    case.countries.set(Country.objects.filter(pk__in=row["countries"]))
    case.verify(by=officer)
    case.publish(by=officer)
