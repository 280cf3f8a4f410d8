"""Suggestions of focal points: what is taken over, what is returned, and that either is told by letter."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from wagtail.models import ModelLogEntry

from contacts.models import Message
from contacts.models.dossier import dossier
from contacts.models.erasure import erase
from legal.models import Correspondence, NationalLaw, Suggestion
from network.models import Country
from tests.conftest import person
from tests.legal.assessed import place
from tests.legal.helping import account, focal_point, paper, suggested

DAY = datetime.date(2026, 2, 1)


@pytest.fixture
def focal(pavel):
    """Pavel's account: focal point of France."""
    return account(pavel)


def corrected(by, law, **said) -> Suggestion:
    facts = {name: getattr(law, name) for name in ("title", "number", "form", "dated_on", "citation")}
    return Suggestion.objects.suggest(law.country, "CORRECTION", by=by, said={**facts, **said}, law=law)


def letters() -> list[tuple[str, str]]:
    return [(one.letter, one.to_address) for one in Message.objects.order_by("pk")]


def test_a_new_law_is_a_draft_of_the_officer_who_takes_it_over(focal, lena, france):
    one = suggested(focal, number="2026-7", dated_on=DAY, source="Journal officiel")

    one.accept(by=lena, answer="Merci.")

    law = one.law
    assert (law.slug, str(law.title), law.number, law.dated_on) == ("fr-loi-nouvelle", "Loi nouvelle", "2026-7", DAY)
    assert (law.country, law.owner, law.is_published, law.source) == (france, lena, False, "Journal officiel")
    assert letters() == [("suggestion_accepted", "pavel.novak@example.org")]
    assert "Merci." in Message.objects.get().text


def test_a_second_law_of_the_same_name_has_an_address_of_its_own(focal, lena):
    for _time in range(2):
        suggested(focal).accept(by=lena)

    assert sorted(NationalLaw.objects.values_list("slug", flat=True)) == ["fr-loi-nouvelle", "fr-loi-nouvelle-2"]


def test_a_correction_is_shown_field_by_field_and_taken_over_in_part(focal, lena, act):
    one = corrected(focal, act, number="2015-13", dated_on=DAY)

    shown = [(row.label, row.now, row.suggested) for row in one.differences()]
    one.accept(by=lena, fields=["number"])

    act.refresh_from_db()
    assert shown == [("Number", "2015-12", "2015-13"), ("Date", "1 March 2015", "1 February 2026")]
    assert (act.number, act.dated_on) == ("2015-13", datetime.date(2015, 3, 1))
    [entry] = ModelLogEntry.objects.filter(action="wagtail.edit")
    assert entry.data["changes"] == [["number", "2015-12", "2015-13"]]


def test_who_suggests_nothing_is_told_so(focal, act):
    with pytest.raises(ValidationError, match="Nothing differs"):
        corrected(focal, act)
    with pytest.raises(ValidationError, match="what the law is called"):
        suggested(focal, "")
    assert Suggestion.objects.count() == 0


def test_a_file_alone_is_a_suggestion(focal, lena, act):
    one = Suggestion.objects.suggest(act.country, "CORRECTION", by=focal, law=act, file=paper("loi.pdf"))

    one.accept(by=lena)

    assert (one.name, default_storage.exists(one.file.name), one.state) == ("loi.pdf", True, "ACCEPTED")


def test_a_law_that_was_changed_meanwhile_is_looked_at_again(focal, lena, act):
    one = corrected(focal, act, number="2015-13")
    seen = one.seal
    act.number = "2015-99"
    act.save()
    one = Suggestion.objects.get(pk=one.pk)

    with pytest.raises(ValidationError, match="changed meanwhile"):
        one.accept(by=lena, seal=seen)

    assert [(row.now, row.has_moved) for row in one.differences()] == [("2015-99", True)]
    assert (one.state, letters()) == ("WAITING", [])


def test_a_provision_that_answers_to_an_article_waits_for_its_grade(focal, lena, luc, act, convention):
    said = {"standard": place(convention, "art_2"), "provision": place(act, "art_2"), "law": act}
    one = Suggestion.objects.suggest(act.country, "CITATION", by=focal, note="It names the offence.", **said)

    one.accept(by=lena)

    [found] = Correspondence.objects.awaiting_review()
    assert (found.grade, found.provision, found.rationale) == (
        "NOT_ASSESSED",
        place(act, "art_2"),
        "It names the offence.",
    )


def test_a_provision_of_another_law_answers_to_nothing(focal, act, convention, bill):
    with pytest.raises(ValidationError, match="provision of the law"):
        Suggestion.objects.suggest(
            act.country,
            "CITATION",
            by=focal,
            law=act,
            standard=place(convention, "art_2"),
            provision=place(bill, "art_1"),
        )


def test_what_is_returned_says_why_in_a_letter_and_changes_nothing(focal, lena, act):
    one = corrected(focal, act, number="2015-13")
    with pytest.raises(ValidationError, match="Say why"):
        one.return_with(" ", by=lena)

    one.return_with("The gazette says 2015-12.", by=lena)

    act.refresh_from_db()
    assert (act.number, one.state, letters()) == (
        "2015-12",
        "RETURNED",
        [("suggestion_returned", "pavel.novak@example.org")],
    )
    letter = Message.objects.get()
    assert ("The gazette says 2015-12." in letter.text, "/fr/law/portal/" in letter.with_link(letter.text)) == (
        True,
        True,
    )


def test_it_is_answered_once(focal, lena, luc):
    one = suggested(focal)
    one.return_with("We have it.", by=lena)

    with pytest.raises(ValidationError, match="already"):
        Suggestion.objects.get().accept(by=luc)

    assert NationalLaw.objects.count() == 0


def test_nobody_suggests_for_a_country_of_which_they_are_no_focal_point(focal, stranger, dina, act):
    kenyan = focal_point(person("Wanjiru", "Kamau"), "KE")

    for user in (stranger, account(dina), kenyan):
        with pytest.raises(ValidationError, match="no focal point"):
            suggested(user)
    with pytest.raises(ValidationError, match="another country"):
        Suggestion.objects.suggest(Country.objects.get(code="KE"), "CORRECTION", by=kenyan, law=act, said={})


def test_a_desk_answers_for_its_countries(focal, lena, french_desk):
    one = suggested(focal)
    lena.desks.add(french_desk)
    there = list(Suggestion.objects.visible_to(lena))
    french_desk.countries.set([Country.objects.get(code="KE")])
    french_desk.save()

    assert (there, list(Suggestion.objects.visible_to(lena))) == ([one], [])


def test_who_is_erased_is_not_named_and_what_they_sent_is_gone(focal, pavel, noor, act):
    one = Suggestion.objects.suggest(act.country, "CORRECTION", by=focal, law=act, file=paper(), note="I am Pavel.")
    told = [row.kind for row in dossier(pavel)]

    erase(pavel, by=noor)

    after = Suggestion.objects.get()
    assert ("suggestion" in told, after.person, after.note, bool(after.file)) == (True, None, "", False)
    assert after.law_id == one.law_id
