"""Files with texts: what they would change is told before, and only that is done."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from wagtail.models import ModelLogEntry

from legal.models import Expression, Intake, NationalLaw, Work
from legal.tasks import forget_intakes
from legal.text_formats import akn, by_hand
from tests.legal.samples import SECTIONS, URI
from tests.legal.samples import akn as sample
from tests.legal.samples import docx as word

FIRST = datetime.date(2020, 2, 1)


def upload(content: bytes = b"", name: str = "act.xml") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or sample())


def received(lena, *files: SimpleUploadedFile, **said) -> Intake:
    return Intake.objects.receive(files or [upload()], by=lena, **said)


def accounts(intake: Intake) -> list[tuple]:
    found = [(text, text.account) for text in intake.texts.all()]
    return [(text.file_name, account.what, account.work, account.counts()) for text, account in found]


def refusal(act, *arguments, **named) -> list[str]:
    with pytest.raises(ValidationError) as refused:
        act(*arguments, **named)
    return refused.value.messages


@pytest.fixture
def ports(lena, france) -> NationalLaw:
    """An act in one version, imported and published."""
    received(lena).apply(by=lena)
    ports = NationalLaw.objects.get()
    ports.publish(by=lena)
    return ports


def test_what_a_new_act_would_be_is_told_and_nothing_is_written(lena, france):
    intake = received(lena)

    assert accounts(intake) == [("act.xml", "NEW_WORK", "fr-ports-act", {})]
    assert (Work.objects.count(), Expression.objects.count()) == (0, 0)


def test_what_was_told_is_done_when_it_is_applied(lena, france):
    assert received(lena, source="Gazette").apply(by=lena) == 1

    act = NationalLaw.objects.get()
    facts = (
        act.slug,
        str(act.title),
        act.number,
        act.country_id,
        act.dated_on,
        act.owner,
        act.source,
        act.is_published,
    )
    assert facts == ("fr-ports-act", "Ports Act", "7", "FR", datetime.date(2020, 1, 15), lena, "Gazette", False)
    [english] = act.expressions.all()
    assert (english.language, english.valid_on, english.uri) == ("en", FIRST, f"{URI}/!main")
    assert akn.write(english.as_text()) == akn.write(akn.read(sample()))
    assert not Intake.objects.exists()


def test_versions_and_languages_in_one_go_become_texts_of_one_work(lena, france):
    files = [
        upload(sample(SECTIONS.replace("the ship", "the vessel"), day="2022-06-01"), "2022.xml"),
        upload(name="2020.xml"),
        upload(sample(language="fra", title="Loi sur les ports"), "fr.xml"),
    ]

    intake = received(lena, *files)

    assert accounts(intake) == [
        ("2022.xml", "NEW_TEXT", "fr-ports-act", {"CHANGED": 1}),
        ("2020.xml", "NEW_WORK", "fr-ports-act", {}),
        ("fr.xml", "NEW_TEXT", "fr-ports-act", {}),
    ]
    assert intake.apply(by=lena) == 3
    texts = NationalLaw.objects.get().expressions.values_list("language", "valid_on")
    assert sorted(texts) == [("en", FIRST), ("en", datetime.date(2022, 6, 1)), ("fr", FIRST)]


def test_a_new_work_is_called_as_each_of_its_texts_calls_it(lena, france):
    afrikaans = upload(sample(language="afr", title="Wet op Hawens"), "af.xml")
    french = upload(sample(language="fra", title="Loi sur les ports"), "fr.xml")

    received(lena, afrikaans, french, upload()).apply(by=lena)

    assert NationalLaw.objects.get().title == {"en": "Ports Act", "fr": "Loi sur les ports"}


def test_the_same_file_again_changes_nothing(lena, ports):
    intake = received(lena)

    assert accounts(intake) == [("act.xml", "SAME", ports.slug, {})]
    assert intake.apply(by=lena) == 0


def test_what_reads_otherwise_than_recorded_is_told_and_not_overwritten(lena, ports):
    intake = received(lena, upload(sample(SECTIONS.replace("the ship", "the vessel"))))
    [change] = intake.texts.get().account.told

    assert accounts(intake) == [("act.xml", "DIFFERS", ports.slug, {"CHANGED": 1})]
    assert (change.eid, change.segments[1:3]) == ("sec_2__para_b", [("removed", "ship"), ("added", "vessel")])
    assert intake.apply(by=lena) == 0
    assert ports.expressions.get().passages.filter(text="the ship.").exists()


def test_what_reads_otherwise_is_replaced_where_that_is_wanted(lena, ports):
    place = ports.provisions.get(eid="sec_2__para_b")
    intake = received(lena, upload(sample(SECTIONS.replace("the ship", "the vessel"))))
    intake.texts.get().answer(replaces=True)

    assert intake.apply(by=lena) == 1
    assert place.passages.get().text == "the vessel."
    assert ModelLogEntry.objects.get(action="legal.expression.replace").data == {"changes": 1}


def test_nothing_is_applied_where_what_is_recorded_has_changed_since(lena, ports):
    intake = received(lena, upload(sample(SECTIONS.replace("the ship", "the vessel"), day="2022-06-01")))
    english = ports.expressions.get()
    text = english.as_text()
    by_hand.remove(text, "sec_1")
    english.correct(text, by=lena, what="remove", eid="sec_1")

    assert refusal(intake.apply, by=lena) == [
        "What is recorded has changed since. Compare once more, and look what is different."
    ]
    assert ports.expressions.count() == 1
    intake.look_again()
    assert intake.apply(by=lena) == 1


def test_what_we_hand_out_is_known_when_it_comes_back(lena, act):
    content = akn.write(act.expressions.get().as_text())

    assert accounts(received(lena, upload(content))) == [("act.xml", "SAME", act.slug, {})]


def test_a_document_says_neither_language_nor_day_so_somebody_does(lena, france):
    content = word(("Title", "Ports Act"), ("", "Article 1. Scope"), ("", "All."))
    intake = received(lena, upload(content, "act.docx"))
    [text] = intake.texts.all()

    assert text.account.sentences("act.docx") == [
        "“act.docx”: Say in which language it is.",
        "“act.docx”: Say from which day on it reads so.",
        "“act.docx”: Say which country’s law it is.",
    ]
    assert refusal(intake.apply, by=lena) == text.account.sentences("act.docx")

    text.answer(language="en", valid_on="2020-02-01", country="FR", label="As adopted")
    assert intake.apply(by=lena) == 1
    assert NationalLaw.objects.get().expressions.get().label == "As adopted"


def test_a_text_is_set_right_before_it_is_imported(lena, france):
    intake = received(lena)
    incoming = intake.texts.get()
    text = incoming.as_text()
    by_hand.correct(text, "sec_1", kind="section", number="1", heading="Duty", content="Nothing.", anchor="sec_one")
    incoming.correct(text, by=lena, what="correct", eid="sec_1")

    intake.apply(by=lena)

    assert NationalLaw.objects.get().provisions.filter(eid="sec_one").exists()


def test_a_text_for_a_work_that_is_there_is_its_text(lena, act):
    content = word(("", "Article 1. Champ"), ("", "Tout."))
    intake = received(lena, upload(content, "loi.docx"), work=act, language="fr", valid_on=datetime.date(2016, 1, 1))

    assert accounts(intake) == [("loi.docx", "NEW_TEXT", act.slug, {"CHANGED": 1, "GONE": 1})]
    assert intake.apply(by=lena) == 1
    assert act.expressions.count() == 2


def test_a_text_that_is_left_out_is_not_taken(lena, france):
    intake = received(lena, upload(), upload(sample(language="fra"), "fr.xml"))
    intake.texts.get(file_name="fr.xml").leave_out()

    assert intake.apply(by=lena) == 1
    assert Expression.objects.get().language == "en"


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (sample()[:-30], "cut.xml", "“cut.xml”: Line 16: this is not XML, or it is damaged."),
        (
            b'<!DOCTYPE a [<!ENTITY b "c">]>' + sample(),
            "bomb.xml",
            "“bomb.xml”: Line 1: it declares a document type or entities, which a text does not need.",
        ),
        (b"<html></html>", "page.xml", "“page.xml”: This is a page in HTML, and no Akoma Ntoso."),
    ],
)
def test_of_files_of_which_one_cannot_be_read_none_is_kept(lena, france, content, name, sentence):
    assert refusal(received, lena, upload(), upload(content, name)) == [sentence]
    assert not Intake.objects.exists()


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"day": "2013-02-30"}, "“act.xml”: Say from which day on it reads so."),
        ({"country": "eu"}, "“act.xml”: The country “EU” is not one of those that we know."),
        ({"country": "qq"}, "“act.xml”: Say which country’s law it is."),
        ({"language": "q-x"}, "“act.xml”: Say in which language it is."),
    ],
)
def test_an_impossible_day_an_unknown_country_and_language_are_not_taken(lena, france, facts, sentence):
    intake = received(lena, upload(sample(**facts)), upload(sample(language="fra"), "fr.xml"))

    assert refusal(intake.apply, by=lena) == [sentence]
    assert not Work.objects.exists()


def test_two_texts_of_one_work_language_and_day_are_not_taken(lena, france):
    intake = received(lena, upload(), upload(sample(SECTIONS.replace("ship", "vessel")), "again.xml"))

    assert refusal(intake.apply, by=lena) == [
        "“again.xml”: It is the same text as “act.xml”: of that work, language and day."
    ]
    assert not Work.objects.exists()


def test_two_provisions_with_one_anchor_are_told_with_their_line(lena, france):
    intake = received(lena, upload(sample(SECTIONS.replace("sec_2__para_b", "sec_2__para_a"))))

    assert intake.texts.get().text.remarks == [
        "Line 15: the anchor “sec_2__para_a” stands twice; here the second becomes “sec_2__para_a_2”."
    ]


def test_what_nobody_applied_is_forgotten_after_two_weeks(lena, france):
    intake = received(lena)
    assert forget_intakes.call() == 0

    Intake.objects.update(received_at=timezone.now() - datetime.timedelta(days=15))

    assert forget_intakes.call() == 1
    assert not Intake.objects.filter(pk=intake.pk).exists()


def test_what_is_discarded_goes_and_the_history_says_who_did_it(lena, france):
    received(lena).discard(by=lena)

    assert not Intake.objects.exists()
    assert [entry.user for entry in ModelLogEntry.objects.filter(action="legal.intake.discard")] == [lena]
