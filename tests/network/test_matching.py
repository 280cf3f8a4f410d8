"""Which organization a written affiliation means, and when it means none."""

import pytest

from bench.affiliations import bodies, countries, measure, texts
from network.matching import Body, Index

BODIES = [
    Body("vienna", ("University of Vienna", "Universität Wien"), country="AT"),
    Body("nanjing", ("Nanjing University",), country="CN"),
    Body("kenya", ("Ministry of Justice",), country="KE"),
    Body("ghana", ("Ministry of Justice",), country="GH"),
    Body("douane", ("Direction générale des douanes et droits indirects",), ("DGDDI",), "FR"),
    Body("aduana", ("Dirección Nacional de Aduanas",), country="UY"),
    Body("wco", ("World Customs Organization", "Organisation mondiale des douanes"), ("WCO", "OMD")),
    Body("texas", ("University of Texas System", "University of Texas"), country="US"),
    Body("microbiology", ("Institute of Microbiology",), country="AT"),
    Body("eu", ("European Union",), ("EU",)),
    Body("un", ("United Nations",), ("UN",)),
    Body("police", ("جهاز الشرطة القضائية", "Judicial Police Service"), country="JO"),
]
COUNTRIES = {"austria": "AT", "china": "CN", "kenya": "KE", "uruguay": "UY", "france": "FR", "jordan": "JO"}


@pytest.fixture(scope="module")
def index() -> Index:
    return Index(BODIES, COUNTRIES)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Dept. of Physics, Univ. of Vienna, Austria", "vienna"),
        ("Institut für Physik, UNIVERSITAET WIEN", "vienna"),
        ("Faculty of Law of the University of Vienna", "vienna"),
        ("Ministry of Justice, Nairobi, Kenya", "kenya"),
        ("Direction Generale des Douanes & Droits indirects, Paris", "douane"),
        ("Direccion nacional de aduana, Montevideo, Uruguay", "aduana"),
        ("OMD", "wco"),
        ("Organisation mondiale des Douanes (OMD), Bruxelles", "wco"),
        ("جهاز الشرطة القضائية", "police"),
    ],
)
def test_an_organization_is_found_in_what_is_written(index, text, meant):
    assert index.best(text).body.key == meant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ministry of Justice",  # of which country?
        "Ministry of Justice, France",  # not one of ours
        "University of Vienna, China",
        "Nanjing University of Science and Technology, China",
        "Hospital of the University of Vienna, Austria",
        "University of Vienna Hospital",
        "European Union Agency for the Space Programme",
        "United Nations Development Programme",
        "University of Texas at Dallas",
        "Institute of Microbiology, University of Graz, Austria",  # of that university, which we do not know
        "Vienna",
        "Organization",
        "Rue de l'OMD, Bruxelles",
    ],
)
def test_what_could_be_another_one_is_none(index, text):
    assert index.match(text) == []


def test_two_that_are_named_are_both_meant_and_neither_is_the_one(index):
    text = "University of Vienna, Austria; Nanjing University"

    found = Index(BODIES, {}).match(text)  # without countries: each stands for itself

    assert [match.body.key for match in found] == ["vienna", "nanjing"]
    assert Index(BODIES, {}).best(text) is None


def test_a_slip_in_one_word_is_nearly_the_name_and_not_strong(index):
    match = index.best("World Customs Organisaton")

    assert (match.body.key, match.is_strong) == ("wco", False)
    assert [str(reason) for reason in match.reasons] == [
        "The text has nearly its name: World Customs Organisaton, World Customs Organization"
    ]


def test_it_is_said_why(index):
    match = index.best("Univ. of Vienna, Austria")

    assert match.is_strong
    assert [str(reason) for reason in match.reasons] == [
        "The text names it: University of Vienna",
        "The text names its country: Austria",
    ]


def test_the_country_of_the_person_counts_where_the_text_names_none(index):
    assert index.best("Ministry of Justice", "GH").body.key == "ghana"
    assert index.best("Ministry of Justice, Kenya", "GH").body.key == "kenya"


@pytest.mark.real_data
@pytest.mark.slow
def test_of_ten_links_in_real_affiliations_nine_are_right(real_data):
    known = bodies()
    index, keys = Index(known, countries()), {body.key for body in known}

    counts = measure(index, keys, texts("affiliations in papers")[1::2])

    assert counts["right"] / (counts["right"] + counts["wrong"]) >= 0.94
    assert counts["right"] / (counts["right"] + counts["missed"]) >= 0.84
