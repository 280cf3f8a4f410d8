"""Names on one line, taken apart."""

import pytest

from contacts.names import given_and_family, honorific_in


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Amina Benali", ("Amina", "Benali")),
        ("  José  Luis   García ", ("José Luis", "García")),
        ("Pink van de Hel", ("Pink", "van de Hel")),
        ("Johan Van de Wauw", ("Johan", "Van de Wauw")),
        ("Van Morrison", ("Van", "Morrison")),
        ("blinry", ("blinry", "")),
        ("Aditi (she/her)", ("Aditi", "(she/her)")),
        ("Nils Goroll (slink)", ("Nils", "Goroll (slink)")),
        ("Donnie Berkholz, Ph.D.", ("Donnie", "Berkholz, Ph.D.")),
        ("Benali, Amina", ("Amina", "Benali")),
        ('Richard "RichiH" Hartmann', ('Richard "RichiH"', "Hartmann")),
        ("(nobody)", ("(nobody)", "")),
        (", x", ("", ", x")),
        ("李伟", ("李伟", "")),
        ("", ("", "")),
    ],
)
def test_a_name_is_taken_apart(name, parts):
    assert given_and_family(name) == parts


@pytest.mark.parametrize(
    ("honorific", "language", "said"),
    [
        ("Mme", "ar", "السيدة"),
        ("Mme", "en", "Ms"),
        ("Mrs", "en", "Mrs"),
        ("M", "es", "Sr."),
        ("Dra.", "fr", "Dr"),
        ("Lt. Col.", "ar", "Lt. Col."),
        ("", "ar", ""),
    ],
)
def test_a_title_is_said_in_the_language_of_the_letter(honorific, language, said):
    assert honorific_in(language, honorific) == said
