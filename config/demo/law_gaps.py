"""What the demonstration knows of how far laws meet a convention, of assistance, experts and authorities; loaded by the
verbs that people use."""

import datetime

from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.utils import timezone

from config.demo.partners import PAPER
from contacts.models import Person, User
from legal.models import (
    AdvisoryMission,
    Assistance,
    Authority,
    Availability,
    Correspondence,
    Draft,
    Engagement,
    Expert,
    Expression,
    Instrument,
    Milestone,
    ModelLaw,
    NationalLaw,
    Provision,
    Suggestion,
    Work,
)
from legal.texts import Node, Text
from network.models import Country, Organization, Topic

KINDS = {"Instrument": Instrument, "ModelLaw": ModelLaw, "NationalLaw": NationalLaw}
STANDARD = "demo-illicit-trade-convention"
REVIEWER = "legal-reviewer@entente.example"  # two sign what readers see


def load(
    data: dict, organizations: dict[str, Organization], people: dict[str, Person], topics: dict[str, Topic], users: dict
) -> None:
    officer = users["legal officer"]
    reviewer = User.objects.create_user(REVIEWER, None, first_name="Legal Reviewer", last_name="Demo")
    reviewer.groups.add(Group.objects.get(name="legal officer"))
    for row in data["work"]:
        _load_work(row, topics, officer)
    _load_grades(data, officer, reviewer)
    for row in data["expert"]:
        _load_expert(row, people, topics)
    requests = {row["key"]: _load_assistance(row, organizations, people, officer) for row in data["assistance"]}
    expert = Expert.objects.get(person=people["thandeka-mabaso"])
    Engagement.objects.engage(requests["ke"], expert, "Comparative note", _ago(30), _ago(-10), by=officer)
    for row in data["authority"]:
        facts = {**row, "organization": organizations.get(row.get("organization", ""))}
        facts["country_id"] = facts.pop("country")
        Authority.objects.create(owner=officer, **facts).verify(by=officer)
    _load_suggestions(people, officer)


def _ago(days: int) -> datetime.date:
    return timezone.localdate() - datetime.timedelta(days=days)


def _load_work(row: dict, topics: dict[str, Topic], officer: User) -> None:
    row = dict(row)
    about = [topics[slug] for slug in row.pop("topics")]
    model, parts, practises = KINDS[row.pop("kind")], row.pop("parts"), row.pop("practises", "")
    work = model.objects.create(owner=officer, country_id=row.pop("country", None), **row)
    work.topics.set(about)
    for language in dict.fromkeys(part[2] for part in parts):
        nodes = [
            Node(kind, eid, number, heading, f"<p>{words}</p>")
            for kind, eid, spoken, number, heading, words in parts
            if spoken == language
        ]
        text = Text(language, work.title.in_language(language), nodes=nodes)
        facts = {"valid_on": work.dated_on, "source": work.source}
        Expression.objects.record(work, text, by=officer, **facts).verify(by=officer)
    if practises:
        work.instruments.add(Instrument.objects.get(slug=practises))
    work.verify(by=officer)
    work.publish(by=officer)


def _place(work: str, eid: str) -> Provision:
    return Provision.objects.get(work__slug=work, eid=eid)


def _load_grades(data: dict, officer: User, reviewer: User) -> None:
    for article, section, grade, why in data["model"]["grades"]:
        place = _place(data["model"]["work"], section)
        said = {"provision": place, "rationale": why, "on": _ago(2600)}
        found = Correspondence.objects.assess(_place(STANDARD, article), grade, by=officer, **said)
        found.review(by=reviewer, on=_ago(2590))
    for row in data["national"]["grades"]:
        _assess(row, officer).review(by=reviewer, on=_ago(row[4] - 5))
    for row in data["national"]["waiting"]:
        _assess(row, reviewer)


def _assess(row: list, by: User) -> Correspondence:
    article, where, grade, relation, days, why = row
    work, _mark, eid = where.partition("#")
    whose = {"provision": _place(work, eid)} if eid else {"country": Country.objects.get(pk=where)}
    said = {"relation": relation, "rationale": why, "on": _ago(days)}
    return Correspondence.objects.assess(_place(STANDARD, article), grade, by=by, **whose, **said)


def _load_expert(row: dict, people: dict[str, Person], topics: dict[str, Topic]) -> None:
    expert = Expert.objects.create(person=people[row["person"]], languages=row["languages"], note=row["note"])
    expert.topics.set(topics[slug] for slug in row["topics"])
    for first, last in row.get("free", []):
        Availability.objects.create(expert=expert, starts_on=_ago(first), ends_on=_ago(last))


def _load_assistance(row: dict, organizations: dict, people: dict[str, Person], officer: User) -> Assistance:
    one = Assistance.objects.receive(
        Country.objects.get(pk=row["country"]),
        row["kind"],
        row["title"],
        by=officer,
        scope=row["scope"],
        organization=organizations[row["organization"]],
        requester=people[row["requester"]],
        received_on=_ago(row["received"]),
    )
    one.instruments.set(Instrument.objects.filter(slug__in=row["instruments"]))
    if "begun" in row:
        one.agree(by=officer, on=_ago(row["begun"] + 10))
        one.begin(by=officer, on=_ago(row["begun"]))
    for title, due, reached in row.get("milestones", []):
        milestone = Milestone.objects.set_for(one, title, _ago(due), by=officer)
        if reached:
            milestone.reach(by=officer, on=_ago(reached))
    if "outcome" in row:
        _finish(one, row, people, officer)
    return one


def _finish(one: Assistance, row: dict, people: dict[str, Person], officer: User) -> None:
    purpose, city, first, last, report = row["mission"]
    went = [people["helene-castaing"]]
    mission = AdvisoryMission.objects.plan(one, purpose, _ago(first), _ago(last), by=officer, city=city, people=went)
    mission.hand_in(report, by=officer, file=ContentFile(PAPER, "report.pdf"), on=_ago(last - 10))
    Draft.objects.exchange(one, ContentFile(PAPER, row["draft"]), came_from="US", by=officer, language="fr")
    one.complete(row["outcome"], by=officer, on=_ago(600))
    for law in NationalLaw.objects.filter(slug__in=row["laws"]):
        one.credit(law, by=officer)
    one.publish(by=officer)


def _load_suggestions(people: dict[str, Person], officer: User) -> None:
    """Of the focal point of Senegal: one that waits, and one that was returned."""
    focal = Person.objects.get(pk=people["awa-diouf"].pk)  # invited to events meanwhile, with an account
    account, country = User.objects.open_for(focal), Country.objects.get(pk="SN")
    law = Work.objects.get(slug="demo-sn-excise-act").nationallaw
    said = {"repealed_on": datetime.date(2023, 9, 1), "source": "Journal officiel de la démonstration, n° 7600"}
    note = "La loi de 2011 est abrogée par celle de 2023."
    Suggestion.objects.suggest(country, "CORRECTION", by=account, law=law, said=said, note=note)
    new = {"title": {"fr": "Circulaire de démonstration sur les zones franches"}, "form": "GUIDELINE"}
    returned = Suggestion.objects.suggest(country, "LAW", by=account, said=new)
    returned.return_with("Is there a number, or a page where it can be read?", by=officer)
