"""Saved searches: nobody hears of anything before they have confirmed, and only of what everybody may read."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from contacts.models import Message
from contacts.models.erasure import erase
from legal.models import SavedSearch

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def saved(db) -> SavedSearch:
    """Confirmed two days ago, for tobacco, in French."""
    saved = SavedSearch.objects.ask("ada@example.org", "q=tabac", "fr")
    saved.confirm(now=timezone.now() - 2 * DAY)
    return saved


def letters() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("letter", flat=True))


def test_a_letter_asks_first_and_the_link_confirms_by_a_button(client):
    client.post(reverse("legal:save_search"), {"email": "Ada@Example.org", "asked": "q=tobacco&page=2"})
    [saved] = SavedSearch.objects.all()
    client.get(saved.link)
    saved.refresh_from_db()
    assert (saved.email, saved.words, saved.confirmed_at, letters()) == (
        "ada@example.org",
        "tobacco",
        None,
        ["search_confirm"],
    )

    page = client.post(saved.link)

    saved.refresh_from_db()
    assert (saved.confirmed_at is not None, "You hear of what is new" in page.text) == (True, True)


def test_the_form_says_for_what_and_what_is_wrong(client):
    page = client.get(reverse("legal:save_search"), {"q": "tobacco", "page": "3"})
    wrong = client.post(reverse("legal:save_search"), {"email": "x", "asked": "q=tobacco"})

    assert (page.context["words"], page.context["form"]["asked"].value()) == ("tobacco", "q=tobacco")
    assert (wrong.status_code, wrong.context["words"], SavedSearch.objects.count()) == (422, "tobacco", 0)


def test_a_machine_is_told_the_same_and_nothing_is_kept(client):
    answer = client.post(reverse("legal:save_search"), {"email": "ada@example.org", "fax": "1"})

    assert (answer["Location"], SavedSearch.objects.count()) == (reverse("legal:search_sent"), 0)


def test_a_strangers_mailbox_is_not_filled(db):
    asked = [SavedSearch.objects.ask("ada@example.org", f"q={place}", "en") for place in range(5)]

    assert ([bool(one) for one in asked], len(letters())) == ([True, True, True, False, False], 3)


def test_who_saved_a_search_hears_once_of_what_was_published_since(saved, act, bill, lena):
    act.publish(by=lena)
    bill.title = {"fr": "Tabac secret"}
    bill.save()

    assert [SavedSearch.objects.work_off(), SavedSearch.objects.work_off()] == [1, 0]
    assert SavedSearch.objects.work_off(now=timezone.now() + 2 * DAY) == 0
    letter = Message.objects.get(letter="search_alert")
    assert (letter.to_address, letter.language, letter.purpose) == ("ada@example.org", "fr", "NEWS")
    assert ("Loi sur le tabac" in letter.text, "secret" in letter.text) == (True, False)
    assert saved.token in letter.mail().body
    assert saved.token not in letter.text


def test_who_has_not_confirmed_hears_nothing_and_is_forgotten(act, lena):
    SavedSearch.objects.ask("ada@example.org", "q=tabac", "fr")
    act.publish(by=lena)

    assert SavedSearch.objects.work_off(now=timezone.now() + 3 * DAY) == 0
    SavedSearch.objects.work_off(now=timezone.now() + 8 * DAY)
    assert (SavedSearch.objects.count(), letters()) == (0, ["search_confirm"])
    assert Message.objects.get().text == ""


def test_the_link_ends_it_by_a_button_and_then_leads_nowhere(client, saved):
    client.get(saved.link)
    assert SavedSearch.objects.count() == 1

    page = client.post(saved.link, {"end": "1"})

    assert ("Elle a pris fin" in page.text, SavedSearch.objects.count()) == (True, 0)
    assert client.get(saved.link).status_code == 404
    assert client.get(saved.link[:-3] + "xx/").status_code == 404


def test_it_is_told_of_and_goes_with_whoever_holds_the_address(saved, dina, noor):
    SavedSearch.objects.filter(pk=saved.pk).update(email=dina.address)

    erase(dina, by=noor)

    assert SavedSearch.objects.count() == 0


def test_the_feed_has_what_everybody_may_read_and_the_same_bytes_twice(client, act, bill, lena):
    act.publish(by=lena)
    client.force_login(lena)
    url = reverse("legal:search_feed")

    first, second = client.get(url), client.get(url, {"q": "zebra"})

    assert first.content == client.get(url).content
    said = [words in page.text for page in (first, second) for words in ("Tobacco Act", "Candlelight")]
    assert said == [True, False, False, False]
