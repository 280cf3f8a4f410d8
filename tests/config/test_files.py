"""Uploaded files: pictures are there for everybody, documents only for who may read them."""

from contextlib import closing

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from wagtail.documents.models import Document
from wagtail.models import Collection, CollectionViewRestriction

pytestmark = pytest.mark.django_db


def body(answer) -> bytes:
    with closing(answer):
        return answer.getvalue()


@pytest.fixture
def paper() -> Document:
    """For those who are signed in."""
    closed = Collection.get_first_root_node().add_child(name="Closed")
    CollectionViewRestriction.objects.create(collection=closed, restriction_type=CollectionViewRestriction.LOGIN)
    return Document.objects.create(title="Paper", file=ContentFile(b"secret", "paper.txt"), collection=closed)


def test_a_picture_on_a_page_is_handed_out_and_nothing_in_it_runs(client):
    address = default_storage.url(default_storage.save("images/hall.png", ContentFile(b"a picture")))

    answer = client.get(address)

    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert body(answer) == b"a picture"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "public, max-age=86400")


def test_a_closed_document_is_neither_at_its_page_nor_beside_the_pictures(client, paper, stranger):
    assert default_storage.exists("documents/paper.txt")
    for path in ("documents/paper.txt", "images/../documents/paper.txt", "images/%2e%2e/documents/paper.txt"):
        assert client.get(f"/media/{path}").status_code in (400, 404)
    assert client.get(paper.url).status_code == 302

    client.force_login(stranger)

    assert body(client.get(paper.url)) == b"secret"
