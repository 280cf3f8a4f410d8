"""Sentences that are kept, and read in another language."""

from django.utils.translation import override

from network.sentences import Sentence, kept, said


def test_what_was_said_in_one_language_is_read_in_another():
    with override("fr"):
        address = Sentence("“%(text)s” is not an e-mail address.", text="amina@")
        note = Sentence("“%(column)s”: %(reason)s It was left out.", column="E-mail", reason=address)
        stored = kept([note, "as it was"])

    with override("en"):
        read = said(stored)

    assert note == "« E-mail » : « amina@ » n’est pas une adresse électronique. Laissé de côté."
    assert read == ["“E-mail”: “amina@” is not an e-mail address. It was left out.", "as it was"]


def test_the_words_of_a_sentence_may_be_labels_of_ours():
    stored = kept(Sentence("Changed since: %(what)s.", what=[Sentence("honorific"), Sentence("country")]))

    with override("fr"):
        assert said(stored) == "Modifié depuis : titre de civilité, pays."
