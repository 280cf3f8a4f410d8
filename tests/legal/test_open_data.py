"""The whole public base in one file: all of what is published, and nothing of what is not."""

import csv
import io
import json
import zipfile

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.urls import reverse

from legal.models import LawArchive, Participation
from legal.text_formats import akn
from legal.views import open_data
from network.models import Country


@pytest.fixture
def base(convention, act, model_law, case, bill, france):
    """Four published works and a draft, and who is bound by what."""
    Participation.objects.create(instrument=convention, country=france, act="RATIFICATION", acted_on="2014-05-06")


def status(client) -> int:
    """Of the answer to who wants the archive."""
    answer = client.get(reverse("legal:archive"))
    answer.getvalue()  # its file is closed then
    return answer.status_code


def made() -> zipfile.ZipFile:
    call_command("archive_law", stdout=io.StringIO())
    with LawArchive.objects.get().file.open("rb") as file:
        return zipfile.ZipFile(io.BytesIO(file.read()))


def test_the_archive_holds_each_text_in_three_forms_and_an_index(base, act):
    package = made()
    index = json.loads(package.read("index.json"))
    folder = "laws/fr-tobacco-act/fr-2015-07-01"

    slugs = ["container", "tobacco-protocol", "fr-tobacco-act", "model-tobacco-law"]
    assert [work["id"] for work in index["works"]] == slugs
    assert len(package.namelist()) == 3 * 5 + 3
    text = akn.read(package.read(f"{folder}.akn.xml"))
    assert text.nodes == act.expressions.get().as_text().nodes
    assert json.loads(package.read(f"{folder}.json"))["provisions"][1]["eId"] == "art_2"
    assert "Elle s’applique aux produits du tabac." in package.read(f"{folder}.html").decode()
    assert f'href="{folder}.html"' in package.read("index.html").decode()


def test_the_index_says_what_each_work_is(base):
    told = {work["id"]: work for work in json.loads(made().read("index.json"))["works"]}

    assert told["fr-tobacco-act"]["form"] == "ACT"
    assert told["container"]["lessons"] == {"en": "Ask early."}
    assert told["tobacco-protocol"]["title"]["ar"] == "بروتوكول التبغ"


def test_who_is_bound_by_what_is_a_table(base):
    rows = list(csv.DictReader(io.StringIO(made().read("participations.csv").decode())))

    assert [(row["instrument"], row["country"], row["act"], row["acted_on"]) for row in rows] == [
        ("tobacco-protocol", "FR", "RATIFICATION", "2014-05-06")
    ]


def test_nothing_of_a_draft_is_in_the_archive(base, convention, bill, lena):
    convention.withdraw(by=lena)

    package = made()
    whole = "\n".join(package.read(name).decode() for name in package.namelist())

    assert [
        word for word in ("andlelight", "secret-bill", "tobacco-protocol", "Protocol on tobacco") if word in whole
    ] == []
    assert "fr-tobacco-act" in whole


def test_readers_take_the_last_one_that_was_made(client, base):
    assert status(client) == 404

    made()
    first = LawArchive.objects.get().file.name
    page = client.get(reverse("legal:open_data"))

    assert zipfile.is_zipfile(io.BytesIO(client.get(reverse("legal:archive")).getvalue()))
    assert (page.context["archive"].works, page.context["archive"].texts) == (4, 5)
    assert default_storage.exists(first)


def test_what_was_taken_back_is_not_handed_out_any_more(client, base, act, lena):
    made()
    act.withdraw(by=lena)

    assert status(client) == 404
    assert client.get(reverse("legal:open_data")).context["archive"] is None

    open_data.make()
    assert status(client) == 200


def test_there_is_one_archive_and_the_file_of_the_one_before_goes(base, django_capture_on_commit_callbacks):
    made()
    before = LawArchive.objects.get().file.name

    with django_capture_on_commit_callbacks(execute=True):
        open_data.make()

    assert LawArchive.objects.count() == 1
    assert not default_storage.exists(before)


def test_a_stranger_who_takes_it_all_day_is_asked_to_wait(client, base):
    made()

    assert [status(client) for _time in range(7)] == [200] * 6 + [429]


def test_who_is_bound_by_a_draft_is_not_told(base, convention, lena):
    Participation.objects.create(
        instrument=convention, country=Country.objects.get(pk="KE"), act="SIGNATURE", acted_on="2013-01-01"
    )
    convention.withdraw(by=lena)

    assert list(csv.DictReader(io.StringIO(made().read("participations.csv").decode()))) == []
