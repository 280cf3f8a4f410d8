"""What editors publish: the home page, the pages of forums, articles; in four languages."""

import re

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext, override
from wagtail.models import Locale, Page
from wagtail_localize.models import StringSegment, Translation

from cms.models import ArticlePage, ForumPage, HomePage
from events.models import Event
from tests.conftest import queries_of, staff

pytestmark = pytest.mark.django_db

LANGUAGES = [code for code, _name in settings.LANGUAGES]


def home(language: str = "en") -> HomePage:
    return HomePage.objects.get(locale=Locale.objects.get(language_code=language))


@pytest.fixture
def page(forum) -> ForumPage:
    """The forum's page, published."""
    return home().add_child(instance=ForumPage(title="The forum in Lyon", slug="forum", event=forum))


@pytest.fixture
def in_every_language(page) -> dict[str, ForumPage]:
    """The forum's page and its translations, each with a title and an address of its own."""
    pages = {"en": page}
    for code in LANGUAGES[1:]:
        translated = page.copy_for_translation(Locale.objects.get(language_code=code))
        translated.title, translated.slug, translated.live = f"Forum {code}", f"forum-{code}", True
        translated.save()
        pages[code] = translated
    return pages


@pytest.fixture
def published(forum, sessions, olga, django_capture_on_commit_callbacks) -> Event:
    """The forum with its programme published: an opening for everybody, a closed meeting for participants."""
    with django_capture_on_commit_callbacks(execute=True):
        forum.publish(by=olga)
    return forum


@pytest.fixture
def editor(client):
    client.force_login(staff("editor", "edda@example.org"))
    return client


def look(html: str) -> tuple[str, str]:
    """Language and direction that a page says it is in."""
    return re.search(r'<html lang="(\w+)" dir="(\w+)">', html).groups()


def words(language: str, *texts: str) -> list[str]:
    """The house's own words in that language."""
    with override(language):
        return [gettext(text) for text in texts]


def direction(language: str) -> str:
    return "rtl" if language == "ar" else "ltr"


def addresses(shown) -> list[str]:
    return [link["url"] for link in shown.context["language_links"]]


# -- Reading ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_its_home_in_its_direction(client, language):
    shown = client.get(f"/{language}/")

    assert look(shown.text) == (language, direction(language))
    assert addresses(shown) == [f"/{code}/" for code in LANGUAGES]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_forum_page_speaks_each_language_and_leads_to_itself_in_the_others(
    client, in_every_language, published, language
):
    page = in_every_language[language]

    shown = client.get(page.url)

    assert look(shown.text) == (language, direction(language))
    assert re.findall(r"<h1>(.*?)</h1>", shown.text) == [page.title]
    opening = "Ouverture" if language == "fr" else "Opening"
    assert [row["title"] for day in shown.context["days"] for row in day["rows"]] == [opening]
    assert re.findall(r"<h2[^>]*>(.*?)</h2>", shown.text) == words(
        language, "Programme", "Speakers", "In your calendar"
    )
    assert addresses(shown) == [in_every_language[code].url for code in LANGUAGES]
    assert [client.get(url).status_code for url in addresses(shown)] == [200] * 4


def test_a_language_into_which_nobody_has_translated_a_page_leads_to_its_home(client, page):
    shown = client.get(page.url)

    assert addresses(shown) == ["/en/forum/", "/fr/", "/es/", "/ar/"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_unknown_page_says_so_in_the_language_of_its_address(client, language):
    shown = client.get(f"/{language}/nowhere/")

    assert (shown.status_code, look(shown.text)) == (404, (language, direction(language)))
    assert re.findall(r"<h1>(.*?)</h1>", shown.text) == words(language, "There is nothing at this address")


def test_a_forum_page_shows_the_programme_by_day_its_speakers_and_the_way_into_a_calendar(client, page, published):
    shown = client.get(page.url)

    programme = reverse("events:event_programme", args=["forum"])
    [day] = shown.context["days"]  # the second one holds the closed meeting alone
    assert day["url"] == f"{programme}?day={published.starts_on}"
    assert [(row["start"], row["title"], row["room"]) for row in day["rows"]] == [("09:30", "Opening", "Room A")]
    assert [speaker["name"] for speaker in shown.context["speakers"]] == ["Dr Dina Haddad"]
    assert shown.context["feed_links"]["webcal_url"].endswith("/en/events/forum/event.ics")
    for url in (day["url"], day["rows"][0]["url"], shown.context["feed_links"]["download_url"]):
        assert (f'href="{url}"' in shown.text, client.get(url).status_code) == (True, 200)


def test_a_closed_session_shows_to_staff_and_nowhere_to_the_public(client, page, published, olga):
    client.force_login(olga)
    assert "Operation Candlelight" in client.get(page.url).text

    reader = Client()

    pages = [reader.get(url) for url in (page.url, "/en/", "/en/events/forum/programme/?day=all")]
    assert [shown.status_code for shown in pages] == [200, 200, 200]
    assert [shown.text for shown in pages if "Candlelight" in shown.text] == []


def test_an_unpublished_programme_and_an_unpublished_change_are_not_there(client, page, forum, sessions):
    home().add_child(instance=ArticlePage(title="Leak", slug="leak", live=False))
    page.title = "Leak"
    page.save_revision()

    shown = [client.get(page.url), client.get("/en/")]

    assert [text for text in (one.text for one in shown) if "Leak" in text or "Opening" in text] == []
    assert client.get("/en/leak/").status_code == 404


@pytest.mark.parametrize("hidden", [{"is_public": False}, {"status": Event.Status.DRAFT}])
def test_a_page_never_says_more_than_its_event(client, page, forum, hidden):
    Event.objects.filter(pk=forum.pk).update(**hidden)

    assert client.get(page.url).status_code == 404
    assert "The forum in Lyon" not in client.get("/en/").text


def test_a_cancelled_forum_says_so(client, page, forum, olga):
    forum.cancel("A strike.", by=olga)

    assert "This event will not take place." in client.get(page.url).text


def test_the_home_page_asks_as_often_for_three_forums_and_articles_as_for_one(olga, client, forum, venue):
    def another(number: int) -> None:
        place = type(venue).objects.create(name=f"Hall {number}", country=venue.country)
        days = {"starts_on": forum.starts_on, "ends_on": forum.ends_on, "status": "ANNOUNCED"}
        event = Event.objects.create(slug=f"event-{number}", title="Event", venue=place, **days)
        home().add_child(instance=ForumPage(title=f"Forum {number}", slug=f"forum-{number}", event=event))
        home().add_child(instance=ArticlePage(title=f"Article {number}", slug=f"article-{number}"))

    client.force_login(olga)  # who is signed in reads no page from the cache
    another(0)
    with_one = queries_of(client, "/en/")
    another(1), another(2)
    cache.clear()

    assert queries_of(client, "/en/") == with_one


# -- Writing ----------------------------------------------------------------------------------------------------------


def form_of(title: str, slug: str, **fields) -> dict:
    """What the form of a page posts to be published, with `fields`."""
    comments = {"comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}
    return {"title": title, "slug": slug, "action-publish": "1", **comments, **fields}


def stream(name: str, *blocks: tuple[str, str]) -> dict:
    """What the field of blocks `name` posts: each block's kind and text."""
    form = {f"{name}-count": str(len(blocks))}
    for place, (kind, text) in enumerate(blocks):
        row = {"deleted": "", "order": str(place), "type": kind, "id": "", "value": text}
        form |= {f"{name}-{place}-{field}": value for field, value in row.items()}
    return form


def rich(text: str) -> str:
    """`text` as the editor of formatted text posts it."""
    return f'{{"blocks": [{{"text": "{text}", "type": "unstyled"}}], "entityMap": {{}}}}'


def add(editor, kind: str, below: Page, form: dict):
    return editor.post(reverse("wagtailadmin_pages:add", args=["cms", kind, below.pk]), form)


def test_an_editor_changes_the_home_page_and_readers_see_it(editor):
    body = stream("body", ("heading", "Why we meet"), ("paragraph", rich("To end it.")))

    editor.post(reverse("wagtailadmin_pages:edit", args=[home().pk]), form_of("Welcome", "home", intro="Laws.", **body))

    shown = Client().get("/en/").text
    assert re.findall(r"<h[12][^>]*>(.*?)</h[12]>", shown) == ["Welcome", "Why we meet"]
    assert ("Laws." in shown, "To end it." in shown) == (True, True)


def test_an_editor_makes_the_page_of_a_forum_and_readers_see_it(editor, forum):
    form = form_of("The forum", "the-forum", event=forum.pk, summary=rich("Come."), **stream("practical"))

    add(editor, "forumpage", home(), {**form, **stream("practical", ("heading", "Visa"))})

    shown = Client().get(ForumPage.objects.get().url).text
    assert re.findall(r"<h1>(.*?)</h1>", shown) == ["The forum"]
    assert ("Come." in shown, "Visa" in shown) == (True, True)
    assert "The forum" in Client().get("/en/").text


@pytest.mark.parametrize("below_a_forum", [False, True])
def test_an_editor_writes_an_article_and_readers_find_it_on_the_page_above(editor, page, below_a_forum):
    above = page if below_a_forum else home()
    form = form_of("What a convention asks", "convention", standfirst="In three steps.")

    add(editor, "articlepage", above, {**form, **stream("body", ("heading", "First step"))})

    article = ArticlePage.objects.get()
    shown = Client().get(article.url).text
    assert ("In three steps." in shown, "First step" in shown) == (True, True)
    assert f'<h3><a href="{article.url}">What a convention asks</a></h3>' in Client().get(above.url).text


def test_a_page_without_a_title_or_an_event_says_what_is_missing(editor):
    page = add(editor, "forumpage", home(), form_of("", "", summary=rich(""), **stream("practical")))

    assert page.context["form"].errors == {name: ["This field is required."] for name in ("title", "slug", "event")}
    assert ForumPage.objects.count() == 0


def test_an_editor_looks_at_a_page_before_it_is_published(editor, forum):
    preview = reverse("wagtailadmin_pages:preview_on_add", args=["cms", "forumpage", home().pk])
    editor.post(preview, form_of("Soon", "soon", event=forum.pk, summary=rich(""), **stream("practical")))

    shown = editor.get(preview)

    assert re.findall(r"<h1>(.*?)</h1>", shown.text) == ["Soon"]
    assert (ForumPage.objects.count(), Client().get("/en/soon/").status_code) == (0, 404)


def test_a_page_taken_back_is_gone_at_once_from_the_cache_too(editor, page, django_capture_on_commit_callbacks):
    reader = Client()
    assert reader.get(page.url).status_code == 200

    with django_capture_on_commit_callbacks(execute=True):
        editor.post(reverse("wagtailadmin_pages:unpublish", args=[page.pk]))

    assert reader.get(page.url).status_code == 404


def test_a_page_is_translated_and_read_in_the_other_language(editor, page, django_capture_on_commit_callbacks):
    french = Locale.objects.get(language_code="fr")
    editor.post(reverse("wagtail_localize:submit_page_translation", args=[page.pk]), {"locales": [french.pk]})
    translated = Page.objects.get(translation_key=page.translation_key, locale=french)
    assert (translated.url, Client().get("/fr/forum/").status_code) == ("/fr/forum/", 404)

    for field, text in {"title": "Le forum à Lyon", "slug": "le-forum"}.items():
        translation, segment = Translation.objects.get(), StringSegment.objects.get(context__path=field)
        place = reverse("wagtail_localize:edit_string_translation", args=[translation.pk, segment.pk])
        editor.generic("PUT", place, f"value={text}", "application/x-www-form-urlencoded")
    with django_capture_on_commit_callbacks(execute=True):
        editor.post(reverse("wagtailadmin_pages:edit", args=[translated.pk]), {"action": "publish"})

    shown = Client().get("/fr/le-forum/")
    assert (look(shown.text), re.findall(r"<h1>(.*?)</h1>", shown.text)) == (("fr", "ltr"), ["Le forum à Lyon"])
    assert addresses(Client().get(page.url))[:2] == ["/en/forum/", "/fr/le-forum/"]


@pytest.mark.parametrize("hidden", [{"is_public": False}, {"status": Event.Status.DRAFT}])
def test_the_menu_does_not_name_a_page_whose_event_is_hidden(client, page, forum, hidden):
    ForumPage.objects.update(show_in_menus=True)
    assert "The forum in Lyon" in [link["label"] for link in client.get("/en/").context["navigation"]]
    cache.clear()

    Event.objects.filter(pk=forum.pk).update(**hidden)

    shown = client.get("/en/")
    assert ([link["label"] for link in shown.context["navigation"]], "Lyon" in shown.text) == ([], False)
