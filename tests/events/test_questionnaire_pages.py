"""The page of a questionnaire behind the reader's own link, and what it shows to nobody else."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from events.models import Addressee, Invitation, Sheet
from tests.conftest import person
from tests.events.test_details import coming
from tests.events.test_questionnaire import answer, asked, before, begun, guest, opened, over, past, pick, words

pytestmark = pytest.mark.django_db
__all__ = ["before", "guest", "past"]


def page_of(questionnaire, invitation) -> str:
    return reverse("events:questionnaire", args=[invitation.token, questionnaire.pk])


def test_somebody_answers_without_signing_in(client, past, guest, olga):
    feedback = opened(past, olga)
    content, missing = feedback.items.all()
    here = page_of(feedback, guest)
    page = client.get(here)
    assert (page.status_code, page["X-Robots-Tag"], Addressee.objects.filter(has_answered=True).count()) == (
        200,
        "noindex",
        0,
    )

    answer = client.post(here, {content.name: "4", missing.name: "A map"}, follow=True)

    assert answer.redirect_chain == [(f"{here}?saved=1", 302)]
    assert words(Sheet.objects.get()) == ["4 (Good)", "A map"]
    assert answer.context["form"][missing.name].value() == "A map"


def test_what_is_missing_is_said_and_what_was_written_is_not_lost(client, past, guest, olga):
    feedback = opened(past, olga)
    content, missing = feedback.items.all()

    page = client.post(page_of(feedback, guest), {missing.name: "A map"})

    form = page.context["form"]
    assert (page.status_code, form.errors[content.name], form[missing.name].value()) == (
        422,
        ["Please answer this question."],
        "A map",
    )
    assert f'href="#id_{content.name}"' in page.text
    assert Sheet.objects.count() == 0


def test_options_and_yes_or_no_are_taken_and_shown_again(client, past, guest, olga):
    feedback = begun(past, "FEEDBACK", olga)
    tour, more = (
        asked(feedback, "Tour", "CHOICE", ("Harbour", "Museum")),
        asked(feedback, "More", "CHOICES", ("A", "B")),
    )
    again = asked(feedback, "Again", "YES_NO")
    feedback.open(by=olga)
    said = {tour.name: pick(tour, "Museum")[0], more.name: [*pick(more, "A", "B")], again.name: "NO"}

    page = client.post(page_of(feedback, guest), said, follow=True)

    assert words(Sheet.objects.get()) == ["A", "B", "Museum", "No"]
    assert page.text.count(" checked") == 4


def test_an_anonymous_answer_is_not_shown_again_nor_taken_twice(client, past, guest, olga):
    feedback = opened(past, olga, is_anonymous=True)
    content, missing = feedback.items.all()
    here = page_of(feedback, guest)
    assert "Your answers are anonymous" in client.get(here).text

    page = client.post(here, {content.name: "4", missing.name: "A quiet word"}, follow=True)
    again = client.post(here, {content.name: "1"})

    assert ("A quiet word" in page.text, page.context["shows_form"], again.status_code) == (False, False, 409)
    assert words(Sheet.objects.get()) == ["4 (Good)", "A quiet word"]


@pytest.mark.parametrize("shows", [True, False])
def test_who_has_taken_the_test_sees_the_score_where_that_is_wanted(client, before, guest, shows):
    before.shows_score = shows
    before.save()
    answer(before, guest, pick(before.items.first(), "Customs", "Police"), "YES", "3")

    page = client.get(page_of(before, guest))

    assert ("Your score: 1 of 2" in page.text, page.context["shows_form"]) == (shows, False)


# -- Whose it is not


def strangers(past, feedback, olga) -> dict[str, str]:
    """Addresses that lead to no questionnaire of theirs."""
    late = person("Late", "Guest")
    [invited] = past.invitations.draft([late], by=olga)
    past.invitations.filter(pk=invited.pk).update(state="SENT")
    other = type(past).objects.create(
        slug="other", title="Other", status="ANNOUNCED", starts_on=past.starts_on, ends_on=past.ends_on
    )
    elsewhere = other.invitations.draft([late], by=olga)[0]
    other.invitations.filter(pk=elsewhere.pk).update(state="SENT")
    return {
        "without a seat": page_of(feedback, Invitation.objects.get(pk=invited.pk)),
        "of another event": page_of(feedback, Invitation.objects.get(pk=elsewhere.pk)),
        "forged": reverse("events:questionnaire", args=["1-forged", feedback.pk]),
    }


@pytest.mark.parametrize("which", ["without a seat", "of another event", "forged"])
def test_for_everybody_else_there_is_none(client, past, guest, olga, which):
    feedback = opened(past, olga)
    answer(feedback, guest, "4", "A quiet word")
    address = strangers(past, feedback, olga)[which]

    for reply in (client.get(address), client.post(address, {feedback.items.first().name: "1"})):
        assert (reply.status_code, "A quiet word" in reply.text, "Content" in reply.text) == (404, False, False)
    assert Sheet.objects.count() == 1


def test_one_that_is_being_written_is_not_there_yet(client, past, guest, olga):
    feedback = begun(past, "FEEDBACK", olga)
    asked(feedback, "Secret question")

    assert client.get(page_of(feedback, guest)).status_code == 404
    assert client.get(reverse("events:invitation_reply", args=[guest.token])).context["questionnaires"] == []


def test_one_that_is_closed_says_so_and_takes_nothing(client, past, guest, olga):
    feedback = opened(past, olga)
    feedback.close(by=olga)
    here = page_of(feedback, guest)

    shown, sent = client.get(here), client.post(here, {feedback.items.first().name: "4"})

    assert (shown.status_code, "No answers are taken any more" in shown.text, sent.status_code) == (200, True, 409)
    assert Sheet.objects.count() == 0


def test_after_thirty_days_the_link_has_expired(client, past, guest, olga):
    feedback = opened(past, olga)
    past.starts_on = past.ends_on = timezone.localdate() - datetime.timedelta(days=31)
    past.save()

    assert client.get(page_of(feedback, guest)).status_code == 410


# -- Behind the invitation


def test_the_page_of_the_invitation_leads_there_and_says_when_it_is_done(client, forum, dina, pavel, olga):
    guest, other = coming(forum, dina, olga), coming(forum, pavel, olga)
    over(forum)
    feedback = opened(forum, olga)
    here, home = page_of(feedback, guest), reverse("events:invitation_reply", args=[guest.token])
    assert f'<a class="button" href="{here}">Answer</a>' in client.get(home).text

    answer(feedback, guest, "4")

    page = client.get(home)
    assert ([one.is_answered for one in page.context["questionnaires"]], "you have answered" in page.text) == (
        [True],
        True,
    )
    feedback.close(by=olga)
    assert [one.is_answered for one in client.get(home).context["questionnaires"]] == [True]
    theirs = client.get(reverse("events:invitation_reply", args=[other.token]))
    assert theirs.context["questionnaires"] == []


def test_it_reads_in_arabic_from_the_right(client, past, guest, olga):
    feedback = begun(past, "FEEDBACK", olga)
    feedback.items.model.objects.add_usual(feedback, ["event"], by=olga)
    feedback.open(by=olga)

    page = client.get(page_of(feedback, guest).replace("/en/", "/ar/"))

    assert '<html lang="ar" dir="rtl">' in page.text
    assert ("رأيكم يهمنا" in page.text, "مضمون الجلسات" in page.text) == (True, True)
