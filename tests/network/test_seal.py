"""The history is a chain: what was sealed cannot be changed, removed, or put in between unseen."""

from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry, Page, PageLogEntry

from network.models import Organization, Seal
from network.models.seal import START
from tests.conftest import several_connections

pytestmark = pytest.mark.django_db


def verify(**options) -> str:
    told = StringIO()
    call_command("verify_history", stdout=told, **options)
    return told.getvalue()


@pytest.fixture
def history(customs, root) -> list[ModelLogEntry]:
    """Three entries, sealed; and one of a page."""
    entries = [log(customs, "wagtail.edit", user=root, data={"changes": [["name", "A", name]]}) for name in "BCD"]
    log(Page.objects.get(depth=1), "wagtail.publish", user=root)
    assert Seal.objects.append() == 4
    return entries


def test_what_is_sealed_is_whole_and_sealed_once(history):
    assert Seal.objects.append() == 0
    assert verify().splitlines() == [
        "4 sealed, 0 not sealed yet, 0 emptied by an erasure.",
        f"Last digest: {Seal.objects.last().digest}",
        "The history is whole.",
    ]


def test_the_chain_begins_and_goes_on_where_it_stopped(history, customs):
    log(customs, "wagtail.edit", data={"changes": []})
    assert verify().startswith("4 sealed, 1 not sealed yet")

    Seal.objects.append()

    seals = list(Seal.objects.order_by("pk"))
    assert [seal.previous for seal in seals] == [START, *(seal.digest for seal in seals[:-1])]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"data": {"changes": [["name", "A", "Z"]]}}, "says something else than when it was sealed"),
        ({"user_id": None}, "says something else than when it was sealed"),
        ({"label": "Another"}, "says something else than when it was sealed"),
    ],
)
def test_a_changed_entry_is_found(history, change, told):
    ModelLogEntry.objects.filter(pk=history[1].pk).update(**change)

    with pytest.raises(CommandError, match=f"RECORD {history[1].pk}: the entry {told}"):
        verify()


def test_a_removed_entry_is_found_also_with_its_seal(history):
    ModelLogEntry.objects.filter(pk=history[1].pk).delete()
    with pytest.raises(CommandError, match="has been removed"):
        verify()

    Seal.objects.filter(entry=history[1].pk, kind="RECORD").delete()

    with pytest.raises(CommandError, match=f"RECORD {history[2].pk}: the chain is broken"):
        verify()


def test_a_chain_that_was_cut_does_not_contain_the_digest_that_was_noted(history):
    noted = Seal.objects.last().digest
    assert "whole" in verify(holds=noted)
    Seal.objects.last().delete()
    PageLogEntry.objects.all().delete()
    assert "whole" in verify()

    with pytest.raises(CommandError, match="cut or rewritten"):
        verify(holds=noted)


def test_two_workers_do_not_make_two_chains(history, customs):
    log(customs, "wagtail.edit")
    last = Seal.objects.last()
    Seal.objects.create(kind="RECORD", entry=9, said="x" * 64, previous=last.digest, digest="y" * 64)

    twin = Seal(kind="PAGE", entry=9, said="x" * 64, previous=last.digest, digest="z" * 64)

    with pytest.raises(ValidationError) as refusal:
        twin.full_clean()
    assert "previous" in refusal.value.error_dict


def test_an_entry_emptied_by_an_erasure_leaves_the_chain_whole(history):
    entries = ModelLogEntry.objects.filter(pk=history[1].pk)

    assert Seal.objects.empty(entries) == 1

    entry = entries.get()
    assert (entry.label, entry.data, entry.action) == ("", {}, "wagtail.edit")
    assert verify().splitlines()[0] == "4 sealed, 0 not sealed yet, 1 emptied by an erasure."


@several_connections
def test_everything_that_was_done_is_sealed_by_the_worker(customs, root):
    log(customs, "wagtail.edit", user=root)

    call_command("worker", once=True)

    assert (Seal.objects.count(), Organization.objects.count()) == (ModelLogEntry.objects.count(), 1)
