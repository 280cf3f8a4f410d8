"""An act of the demonstration, with its texts in three languages and two versions."""

import datetime
from typing import Any

from contacts.models import User
from legal.models import Expression, NationalLaw
from legal.texts import Node, Text, tree
from network.models import Topic


def load(content: dict[str, Any], topics: dict[str, Topic], officer: User, today: datetime.date) -> NationalLaw:
    """The act is published; the officer has compared the texts in Arabic and French with their source."""
    facts = dict(content["law"])
    wanted = facts.pop("topics")
    country = facts.pop("country")
    law = NationalLaw.objects.create(country_id=country, owner=officer, **facts)
    law.topics.set(topics[slug] for slug in wanted)
    first, *_later = content["version"]
    for version in content["version"]:
        for language in content["language"]:
            code = language["code"]
            text = Text(code, facts["title"][code], nodes=_nodes(content["provision"], code, version is not first))
            expression = Expression.objects.record(
                law,
                text,
                by=officer,
                valid_on=version["valid_on"],
                label=version["label"],
                authenticity=language["authenticity"],
                source=facts["source"],
                as_at=today,
            )
            if code != "en":
                expression.verify(by=officer, on=today)
    law.verify(by=officer, on=today)
    law.publish(by=officer)
    return law


def _nodes(rows: list[dict[str, Any]], code: str, is_later: bool) -> list[Node]:
    found = []
    for row in rows:
        if row.get("is_later") and not is_later:
            continue
        said = (is_later and row.get("later", {}).get(code)) or row.get("text", {}).get(code, "")
        number, heading = (row.get(name, {}).get(code, "") for name in ("number", "heading"))
        blocks = "".join(line if line.startswith("<") else f"<p>{line}</p>" for line in said.splitlines())
        found.append((row.get("depth", 0), Node(row["kind"], row["eid"], number, heading, blocks)))
    return tree(found)
