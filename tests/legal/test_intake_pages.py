"""The desk of texts: uploaded, looked through, set right, recorded."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from wagtail.models import ModelLogEntry

from legal.forms.texts import TextUploadForm
from legal.models import Expression, Intake, NationalLaw
from tests.conftest import queries_of, staff
from tests.legal.conftest import expressed
from tests.legal.samples import SECTIONS
from tests.legal.samples import akn as sample

UPLOAD = {"kind": "LAW", "authenticity": "AUTHENTIC"}


@pytest.fixture
def desk(client, lena):
    client.force_login(lena)
    return client


def upload(content: bytes = b"", name: str = "act.xml") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or sample())


def sent(desk, *files, **said):
    return desk.post(reverse("intake:index"), {**UPLOAD, "files": list(files) or [upload()], **said}, follow=True)


def at(name: str, *places: int, **asked: str) -> str:
    query = "&".join(f"{key}={value}" for key, value in asked.items())
    return reverse(name, args=places) + (f"?{query}" if query else "")


def test_an_upload_is_compared_looked_through_and_recorded(desk, france):
    page = sent(desk, upload(), upload(sample(language="fra"), "fr.xml"))
    intake = Intake.objects.get()

    told = [(one.file_name, account.what) for one, account, _changes in page.context["told"]]
    assert (told, page.context["writes"]) == ([("act.xml", "NEW_WORK"), ("fr.xml", "NEW_TEXT")], 2)
    assert not Expression.objects.exists()

    desk.post(at("intake:apply", intake.pk))
    assert [text.language for text in NationalLaw.objects.get().expressions.order_by("language")] == ["en", "fr"]


def test_looking_at_an_upload_changes_nothing(desk, france):
    sent(desk)
    intake, text = Intake.objects.get(), Intake.objects.get().texts.get()
    pages = [at("intake:index"), at("intake:show", intake.pk)]
    pages += [at(f"intake:{name}", intake.pk, text.pk) for name in ("facts", "contents")]
    acts = [at(f"intake:{act}", intake.pk) for act in ("apply", "discard", "compare")]

    assert [desk.get(page).status_code for page in pages] == [200] * 4
    assert [desk.get(act).status_code for act in acts] == [405] * 3
    assert (Intake.objects.count(), Expression.objects.count()) == (1, 0)


def test_files_that_cannot_be_read_are_told_beside_the_field_and_none_is_kept(desk, france):
    page = sent(desk, upload(), upload(sample()[:-30], "cut.xml"), upload(b"<html></html>", "page.xml"))

    assert page.context["form"].errors["files"] == [
        "“cut.xml”: Line 16: this is not XML, or it is damaged.",
        "“page.xml”: This is a page in HTML, and no Akoma Ntoso.",
    ]
    assert not Intake.objects.exists()


def test_a_file_of_a_hundred_megabytes_is_refused_before_it_is_read(france):
    large = upload(name="large.xml")
    large.size = 100 * 2**20

    form = TextUploadForm(UPLOAD, MultiValueDict({"files": [large, upload()]}))

    assert form.errors["files"] == ["“large.xml” is larger than 20 MB."]
    assert large.tell() == 0


def test_what_a_document_does_not_say_is_asked_and_then_it_can_be_recorded(desk, france):
    page = sent(desk, upload(sample(country="qq", day="2013-02-30")))
    intake = Intake.objects.get()
    assert (page.context["is_complete"], page.context["told"][0][0].sentences) == (
        False,
        ["“act.xml”: Say from which day on it reads so.", "“act.xml”: Say which country’s law it is."],
    )

    said = {
        "title": "Ports Act",
        "language": "en",
        "valid_on": "2020-02-01",
        "country": "FR",
        "authenticity": "OFFICIAL",
    }
    page = desk.post(at("intake:facts", intake.pk, intake.texts.get().pk), said, follow=True)

    assert page.context["is_complete"]
    desk.post(at("intake:apply", intake.pk))
    text = Expression.objects.get()
    assert (text.valid_on, text.authenticity, text.work.country_id) == (datetime.date(2020, 2, 1), "OFFICIAL", "FR")


def test_a_provision_is_set_right_before_it_is_recorded(desk, france):
    sent(desk)
    intake = Intake.objects.get()
    text = intake.texts.get()
    page = at("intake:passage", intake.pk, text.pk, eid="sec_2__para_a")

    said = {
        "kind": "paragraph",
        "number": "(a)",
        "heading": "Goods",
        "content": "the goods\nand their papers",
        "anchor": "x",
    }
    desk.post(page, said)
    desk.post(at("intake:passage", intake.pk, text.pk, eid="sec_2__para_b"), {"act": "merge"})
    desk.post(at("intake:apply", intake.pk))

    passage = NationalLaw.objects.get().provisions.get(eid="x").passages.get()
    assert (passage.heading, passage.text) == ("Goods", "the goods\nand their papers\n(b)\nthe ship.")


def test_a_provision_is_set_right_after_it_was_recorded_and_the_history_says_so(desk, lena, act):
    text = act.expressions.get()
    provision = act.provisions.get(eid="art_1")

    form = desk.get(at("expression:passage", text.pk, eid="art_1")).context["form"]
    assert form.initial["content"] == "Elle s’applique aux produits du tabac."
    assert "anchor" not in form.fields
    desk.post(
        at("expression:passage", text.pk, eid="art_1"),
        {"kind": "article", "number": "Article 1", "heading": "Champ", "content": "Elle s’applique."},
    )

    assert provision.passages.get().text == "Elle s’applique."
    entry = ModelLogEntry.objects.get(action="legal.expression.correct")
    assert (entry.user, entry.data["eid"], entry.data["changes"][0]["before"]) == (
        lena,
        "art_1",
        "Article 1 Champ\nElle s’applique aux produits du tabac.",
    )


def test_markup_that_is_broken_is_told_and_nothing_is_written(desk, act):
    text = act.expressions.get()
    said = {"kind": "article", "number": "1", "heading": "", "content": "<p>x"}

    page = desk.post(at("expression:passage", text.pk, eid="art_1"), said)

    assert page.context["form"].errors["content"][0].startswith("This is not well formed")
    assert text.passages.filter(number="Article 1").exists()


def test_what_can_not_be_done_with_a_provision_is_said(desk, act):
    text = act.expressions.get()

    page = desk.post(at("expression:passage", text.pk, eid="art_1"), {"act": "out"}, follow=True)

    assert [str(message).strip() for message in page.context["messages"]] == ["It is at the highest level already."]
    gone = desk.get(at("expression:passage", text.pk, eid="art_99"), follow=True)
    assert [str(message).strip() for message in gone.context["messages"]] == ["There is no such provision any more."]


def test_what_differs_is_replaced_only_where_somebody_ticks_it(desk, lena, france):
    sent(desk)
    desk.post(at("intake:apply", Intake.objects.get().pk))
    page = sent(desk, upload(sample(SECTIONS.replace("the ship", "the vessel"))))
    intake = Intake.objects.get()
    assert (page.context["writes"], page.context["told"][0][1].what) == (0, "DIFFERS")

    desk.post(at("intake:replace", intake.pk, intake.texts.get().pk), {"replaces": "on"})
    desk.post(at("intake:apply", intake.pk))

    assert Expression.objects.get().passages.filter(text="the vessel.").exists()


def test_a_text_for_a_work_that_is_there_asks_no_kind(desk, act):
    page = desk.get(at("intake:index", work=act.slug))

    assert (page.context["work"].pk, "kind" in page.context["form"].fields) == (act.pk, False)


def test_those_who_do_not_keep_texts_are_turned_away(client, lena, act, france, db):
    intake = Intake.objects.receive([upload()], by=lena)
    text = intake.texts.get()
    client.force_login(staff("reader", "reader@example.org"))
    shown = [at("intake:index"), at("intake:show", intake.pk), at("intake:contents", intake.pk, text.pk)]
    recorded = at("expression:passage", act.expressions.get().pk, eid="art_1")

    assert [client.get(page).url for page in [*shown, recorded]] == ["/admin/"] * 4
    assert client.post(at("intake:apply", intake.pk)).url == "/admin/"
    assert client.post(recorded, {"act": "remove"}).url == "/admin/"
    assert (Intake.objects.count(), act.provisions.count()) == (1, 2)


def test_the_card_of_a_work_leads_to_its_texts_and_to_the_import(desk, act):
    page = desk.get(reverse("nationallaw:inspect", args=[act.pk]))
    text = act.expressions.get()

    assert at("expression:inspect", text.pk) in page.text
    assert at("intake:index", work=act.slug) in page.text
    assert desk.get(at("expression:inspect", text.pk)).status_code == 200


def test_the_list_of_texts_asks_as_often_for_three_as_for_one(desk, act):
    one = queries_of(desk, at("expression:index"))
    expressed(act, "en", "ar")

    assert queries_of(desk, at("expression:index")) == one
