"""Interpretation, as readers see it: into which languages a session is interpreted, and on which channel."""

import pytest
from django.core.cache import cache
from django.utils.translation import gettext, override

from events.models import Appearance, Booth, ProgrammeEntry
from tests.events.papers import words_on


@pytest.fixture
def interpreted(forum, sessions, olga):
    """The opening is in English, and heard in French on channel 2 and in Arabic on no channel yet; the closed meeting
    in French too."""
    opening, closed = sessions["opening"], sessions["closed"]
    opening.language, opening.interpreted_into = "en", ["en", "fr", "ar"]
    closed.interpreted_into = ["fr"]
    for session, channel in ((opening, 2), (closed, 7)):
        session.save()
        Booth.objects.create(event=forum, room=session.room, language="fr", channel=channel)
    forum.publish(by=olga)
    return sessions


def page_of(session, language: str = "en") -> str:
    return f"/{language}/events/forum/sessions/{session.guid}/"


@pytest.mark.parametrize(
    ("language", "french", "others"),
    [("en", "French", ", Arabic"), ("fr", "Français", ", Arabe"), ("ar", "الفرنسيّة", "، العربيّة")],
)
def test_the_page_of_a_session_the_programme_and_the_paper_say_it(client, interpreted, language, french, others):
    with override(language):
        on_channel = gettext("%(language)s (channel %(channel)d)") % {"language": french, "channel": 2}
    told = f"{on_channel}{others}"
    session = client.get(page_of(interpreted["opening"], language))
    programme = client.get(f"/{language}/events/forum/programme/?day=all")

    [row] = programme.context["groups"][0]["times"][0]["rows"]
    assert (session.context["entry"]["interpretation"], row["interpretation"]) == (told, told)
    assert (told in session.text, told in programme.text) == (True, True)
    if language != "ar":  # whose letters a PDF has in another form
        assert told in " ".join(words_on(client.get(f"/{language}/events/forum/programme.pdf").content))


def test_a_feed_says_it_in_its_language_before_the_description(client, interpreted):
    feed = client.get("/en/events/forum/programme.ics").text.replace("\r\n ", "")

    assert (
        "DESCRIPTION;LANGUAGE=en:Dr Dina Haddad\\n\\nInterpretation: French (channel 2)\\, Arabic\\n\\nWelcome" in feed
    )


def test_a_booth_that_changes_is_told_and_moves_nothing(client, forum, interpreted, olga):
    before = forum.programme.entries.get(guid=interpreted["opening"].guid)
    Booth.objects.filter(room=interpreted["opening"].room).update(channel=3)

    [change] = forum.unpublished().changes
    after = forum.publish(by=olga).entries.get(guid=before.guid)

    [fact] = change.facts
    assert (fact.label, fact.before, fact.after) == (
        "Interpretation",
        "French (channel 2), Arabic",
        "French (channel 3), Arabic",
    )
    assert (after.sequence, after.revised_at > before.revised_at) == (before.sequence, True)
    assert "French (channel 3), Arabic" in client.get("/en/events/forum/programme/changes/").text


@pytest.mark.parametrize(
    "path", ["programme/?day=all", "programme.ics", "programme/changes/", "programme.pdf", "sessions/{closed}/"]
)
def test_the_channel_of_a_closed_session_is_for_who_may_see_it(client, forum, interpreted, path):
    assert ProgrammeEntry.objects.get(guid=interpreted["closed"].guid).interpretation == [
        {"language": "fr", "channel": 7}
    ]

    answer = client.get(f"/en/events/forum/{path}".format(closed=interpreted["closed"].guid))

    text = " ".join(words_on(answer.content)) if path.endswith("pdf") else answer.text
    assert "channel 7" not in text


def test_who_may_see_a_closed_session_reads_its_channel(client, forum, interpreted, pavel, stranger):
    pavel.user = stranger
    pavel.save()
    forum.registrations.enter(pavel)
    client.force_login(stranger)

    assert "French (channel 7)" in client.get(page_of(interpreted["closed"])).text


def test_interpreters_are_named_where_whoever_appears_is(client, forum, interpreted, pavel, olga):
    """On the page of a session that is attributed, and under the Chatham House Rule nowhere."""
    opening = interpreted["opening"]
    Appearance.objects.create(session=opening, person=pavel, role="INTERPRETER", language="fr")
    forum.publish(by=olga)
    assert "Mr Pavel Novak" in client.get(page_of(opening)).text

    opening.is_chatham_house = True
    opening.save()
    cache.clear()

    shown = client.get(page_of(opening)).text
    assert ("Novak" in shown, "French (channel 2), Arabic" in shown) == (False, True)


def test_many_interpreted_sessions_need_no_more_queries_than_one(
    forum, interpreted, olga, django_assert_max_num_queries
):
    with django_assert_max_num_queries(12) as few:
        forum.unpublished()
    for number in range(3):
        copy = type(interpreted["opening"]).objects.get(pk=interpreted["opening"].pk)
        copy.pk, copy.uid, copy.guid, copy.title = None, "", type(copy)().guid, {"en": f"x{number}"}
        copy.save()

    with django_assert_max_num_queries(len(few)):
        forum.unpublished()
