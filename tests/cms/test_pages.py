"""What editors publish: the home page, the pages of forums, articles; in four languages."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale, Page

from cms.models import ArticlePage, ForumPage, HomePage
from events.models import Event
from tests.conftest import staff

pytestmark = pytest.mark.django_db

LANGUAGES = [code for code, _name in settings.LANGUAGES]


def home(language: str = "en") -> HomePage:
    return HomePage.objects.get(locale=Locale.objects.get(language_code=language))


@pytest.fixture
def page(forum) -> ForumPage:
    """The forum's page, published."""
    return home().add_child(instance=ForumPage(title="The forum in Lyon", slug="forum", event=forum))


@pytest.fixture
def editor(client):
    client.force_login(staff("editor", "edda@example.org"))
    return client


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_its_home_in_its_direction(client, language):
    shown = client.get(f"/{language}/")

    direction = "rtl" if language == "ar" else "ltr"
    assert f'<html lang="{language}" dir="{direction}">' in shown.text
    assert [link["url"] for link in shown.context["language_links"]] == [f"/{code}/" for code in LANGUAGES]


def test_a_forum_page_shows_what_is_public_of_its_programme(
    client, page, forum, sessions, olga, django_capture_on_commit_callbacks
):
    assert "Opening" not in client.get(page.url).text  # a draft

    with django_capture_on_commit_callbacks(execute=True):
        forum.publish(by=olga)

    shown = client.get(page.url)
    assert [row["title"] for day in shown.context["days"] for row in day["rows"]] == ["Opening"]
    assert [speaker["name"] for speaker in shown.context["speakers"]] == ["Dr Dina Haddad"]
    assert "Operation Candlelight" not in shown.text
    assert shown.context["feed_links"]["webcal_url"].endswith("/en/events/forum/event.ics")


@pytest.mark.parametrize("hidden", [{"is_public": False}, {"status": Event.Status.DRAFT}])
def test_a_page_never_says_more_than_its_event(client, page, forum, hidden):
    Event.objects.filter(pk=forum.pk).update(**hidden)

    assert client.get(page.url).status_code == 404
    assert "The forum in Lyon" not in client.get("/en/").text


def test_a_cancelled_forum_says_so(client, page, forum, olga):
    forum.cancel("A strike.", by=olga)

    assert "This event will not take place." in client.get(page.url).text


def test_an_editor_writes_an_article_and_readers_see_it(editor, client):
    form = {
        "title": "What a convention asks",
        "slug": "convention",
        "standfirst": "In three steps.",
        "body-count": "1",
        "body-0-deleted": "",
        "body-0-order": "0",
        "body-0-type": "heading",
        "body-0-id": "",
        "body-0-value": "First step",
        "action-publish": "1",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
    }

    saved = editor.post(reverse("wagtailadmin_pages:add", args=["cms", "articlepage", home().pk]), form)

    client.logout()
    article = ArticlePage.objects.get()
    shown = client.get(article.url)
    assert (saved.status_code, article.url) == (302, "/en/convention/")
    assert ("In three steps." in shown.text, "First step" in shown.text) == (True, True)
    assert "What a convention asks" in client.get("/en/").text


def test_what_is_not_published_is_not_there(client):
    draft = home().add_child(instance=ArticlePage(title="Leak", slug="leak", live=False))

    assert client.get(draft.full_url).status_code == 404
    assert "Leak" not in client.get("/en/").text


def test_a_page_taken_back_is_gone_at_once_from_the_cache_too(editor, page, django_capture_on_commit_callbacks):
    reader = Client()
    assert reader.get(page.url).status_code == 200

    with django_capture_on_commit_callbacks(execute=True):
        editor.post(reverse("wagtailadmin_pages:unpublish", args=[page.pk]))

    assert reader.get(page.url).status_code == 404


def test_a_page_is_translated_and_found_in_the_other_language(editor, page, django_capture_on_commit_callbacks):
    french = Locale.objects.get(language_code="fr")
    submit = reverse("wagtail_localize:submit_page_translation", args=[page.pk])

    editor.post(submit, {"locales": [french.pk]})

    translated = Page.objects.get(translation_key=page.translation_key, locale=french)
    assert (translated.url, Client().get("/fr/forum/").status_code) == ("/fr/forum/", 404)

    with django_capture_on_commit_callbacks(execute=True):
        editor.post(reverse("wagtailadmin_pages:edit", args=[translated.pk]), {"action": "publish"})

    shown = Client().get("/fr/forum/").text
    assert ('<html lang="fr" dir="ltr">' in shown, "Dans votre calendrier" in shown) == (True, True)
