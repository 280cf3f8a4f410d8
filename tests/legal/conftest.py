"""The law that the tests read: a convention in three languages, an act, a model law, a case; and who keeps them."""

import datetime

import pytest

from contacts.models import User
from legal.models import CaseStudy, Expression, Instrument, ModelLaw, NationalLaw, Pathway, Work
from legal.texts import Node, Text
from tests.conftest import staff

ADOPTED = datetime.date(2012, 11, 12)
ARTICLES = {
    "en": [
        ("Scope", "It applies to tobacco products."),
        ("Offences", "Each Party shall make it unlawful."),
    ],
    "fr": [
        ("Champ", "Elle s’applique aux produits du tabac."),
        ("Infractions", "Chaque Partie érige."),
    ],
    "ar": [("النطاق", "تسري هذه الاتفاقية على منتجات التبغ."), ("الأفعال غير المشروعة", "يجرّم كل طرف.")],
}
NUMBERS = {"en": "Article {}", "fr": "Article {}", "ar": "المادة {}"}


def text(language: str = "en", articles: list[tuple[str, str]] | None = None, title: str = "") -> Text:
    """One of articles, each of a heading and a sentence."""
    nodes = [
        Node("article", f"art_{place}", NUMBERS.get(language, "{}").format(place), heading, f"<p>{sentence}</p>")
        for place, (heading, sentence) in enumerate(articles or ARTICLES[language], start=1)
    ]
    return Text(language, title, nodes=nodes)


def expressed(work: Work, *languages: str, on: datetime.date = ADOPTED, **facts) -> list[Expression]:
    """Texts of `work` in `languages`, as it was adopted."""
    return [Expression.objects.record(work, text(one), by=None, valid_on=on, **facts) for one in languages]


@pytest.fixture
def lena(db) -> User:
    """Legal officer."""
    return staff("legal officer", "lena@example.org")


@pytest.fixture
def luc(db) -> User:
    """Another legal officer, who checks what Lena did."""
    return staff("legal officer", "luc@example.org")


@pytest.fixture
def convention(db, tobacco, lena) -> Instrument:
    """Adopted in 2012, in English, French and Arabic, published."""
    convention = Instrument.objects.create(
        slug="tobacco-protocol",
        title={
            "en": "Protocol on tobacco",
            "fr": "Protocole sur le tabac",
            "es": "Protocolo sobre el tabaco",
            "ar": "بروتوكول التبغ",
        },
        dated_on=ADOPTED,
        source="Depositary",
        owner=lena,
        is_published=True,
    )
    convention.topics.add(tobacco)
    expressed(convention, "en", "fr", "ar")
    return convention


@pytest.fixture
def act(db, france, tobacco) -> NationalLaw:
    """In force since 2015, in French, published."""
    act = NationalLaw.objects.create(
        slug="fr-tobacco-act",
        title={"fr": "Loi sur le tabac", "en": "Tobacco Act"},
        number="2015-12",
        country=france,
        dated_on=datetime.date(2015, 3, 1),
        in_force_on=datetime.date(2015, 7, 1),
        is_published=True,
    )
    act.topics.add(tobacco)
    expressed(act, "fr", on=act.in_force_on)
    return act


@pytest.fixture
def bill(db, france) -> NationalLaw:
    """A draft of ours that readers must not find."""
    bill = NationalLaw.objects.create(slug="fr-secret-bill", title={"en": "Candlelight bill"}, country=france)
    sentence = [("Candlelight", "Operation Candlelight is lawful.")]
    Expression.objects.record(bill, text("en", sentence), by=None, valid_on=ADOPTED)
    return bill


@pytest.fixture
def model_law(db, convention) -> ModelLaw:
    """Puts the convention into practice, in English, published."""
    model_law = ModelLaw.objects.create(
        slug="model-tobacco-law", title={"en": "Model law on tobacco"}, dated_on=ADOPTED, is_published=True
    )
    model_law.instruments.add(convention)
    expressed(model_law, "en")
    return model_law


@pytest.fixture
def case(db, france, convention) -> CaseStudy:
    """Cigarettes in a container, published."""
    case = CaseStudy.objects.create(
        slug="container",
        title={"en": "Cigarettes in a container"},
        country=france,
        channels=["I247", "MLA"],
        lessons={"en": "Ask early."},
        is_published=True,
    )
    case.instruments.add(convention)
    return case


@pytest.fixture
def pathway(convention, france, lena) -> Pathway:
    """France on its way to the convention; Lena follows it."""
    return Pathway.objects.begin(convention, france, by=lena, owner=lena)


@pytest.fixture
def french_officer(french_desk) -> User:
    """Legal officer of the French desk."""
    officer = staff("legal officer", "louis@example.org")
    officer.desks.add(french_desk)
    return officer
