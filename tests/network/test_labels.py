"""Texts in the languages of the house, as they go into a record and come out of it."""

import pytest
from django.core import serializers
from django.utils.translation import override

from network.labels import Labels, told_apart
from network.models import Country, Topic


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"en": " Tobacco ", "fr": ""}, {"en": "Tobacco"}),
        ("Tobacco", {"en": "Tobacco"}),
        ("{Tobacco}", {"en": "{Tobacco}"}),
        ("[1]", {"en": "[1]"}),
        ('{"fr": "Tabac"}', {"fr": "Tabac"}),
        ("{}", {}),
        (None, {}),
    ],
)
def test_what_is_put_in_becomes_texts_by_language(given, kept):
    assert Topic(name=given).name == kept


def test_a_reader_gets_the_nearest_language_there_is():
    name = Labels({"en": "Tobacco", "fr": "Tabac"})

    with override("fr"):
        assert str(name) == "Tabac"
    with override("ar"):
        assert str(name) == "Tobacco"
    assert (Labels({"es": "Tabaco"}).in_language("fr"), str(Labels())) == ("Tabaco", "")


@pytest.mark.django_db
def test_a_fixture_brings_back_what_was_written(france):
    [loaded] = serializers.deserialize("json", serializers.serialize("json", Country.objects.filter(pk="FR")))

    assert (loaded.object.name, loaded.object.display_name) == (france.name, france.display_name)
    assert str(loaded.object) == "France"


def test_two_texts_that_are_the_same_to_the_reader_are_told_where_they_are_not():
    before = Labels({"en": "Opening", "fr": "Ouverture"})

    assert told_apart(before, Labels({"en": "Welcome", "fr": "Accueil"})) == ("Opening", "Welcome")
    french = ("\u2068French: Ouverture\u2069", "\u2068French: Accueil\u2069")
    assert told_apart(before, Labels({"en": "Opening", "fr": "Accueil"})) == french
    assert told_apart(Labels({"en": "Opening"}), before) == ("", french[0])
