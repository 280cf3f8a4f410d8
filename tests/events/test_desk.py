"""The organizers' desk: one event at a glance, its verbs, whom to invite, and the letters."""

import datetime
from io import BytesIO

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from contacts.models import Affiliation, Message, Person, PersonEmail, Segment
from events.models import Event, FormalLetter, Invitation, LetterText, Session
from network.models import Organization
from tests.conftest import person, queries_of, staff


@pytest.fixture
def desk(client, olga):
    client.force_login(olga)
    return client


@pytest.fixture
def draft_event(forum):
    forum.status = Event.Status.DRAFT
    forum.save()
    return forum


@pytest.fixture
def invitation(forum, pavel, olga):
    """Pavel's, sent."""
    forum.invitations.draft([pavel], by=olga)
    forum.invitations.send_drafts(by=olga)
    return forum.invitations.get()


def at_desk(name: str, event: Event) -> str:
    return reverse(f"event:{name}", args=[event.pk])


def said(response) -> list[str]:
    """The messages of an answer, without their buttons."""
    return [str(message).strip().split("\n")[0] for message in get_messages(response.wsgi_request)]


def test_the_desk_shows_the_funnel_with_links_into_the_list(desk, forum, invitation, dina, olga):
    forum.invitations.draft([dina], by=olga)
    invitation.answer("ACCEPTED", by=olga)

    page = desk.get(at_desk("desk", forum))

    assert [(step.label, step.count) for step in page.context["funnel"]] == [
        ("Drafts", 1),
        ("Sent", 1),
        ("Accepted", 1),
        ("Tentative", 0),
        ("No answer yet", 0),
        ("Declined", 0),
        ("Withdrawn", 0),
    ]
    accepted = desk.get(page.context["funnel"][2].url)
    assert list(accepted.context["object_list"]) == [invitation]


def test_the_desk_says_what_comes_next(desk, draft_event, pavel, sessions, olga):
    forum = draft_event

    def waits() -> str:
        return desk.get(at_desk("desk", forum)).context["next"]

    assert waits() == "announce"
    desk.post(at_desk("announce", forum))
    assert waits() == "invite"
    forum.invitations.draft([pavel], by=olga)
    assert waits() == "send"
    desk.post(at_desk("letters", forum))
    assert waits() == "publish"
    desk.post(at_desk("publish", forum))
    assert waits() == ""
    forum.invitations.draft([Person.objects.create(family_name="Unreachable")], by=olga)
    assert waits() == "mend"


def test_the_desk_knows_how_the_draft_programme_differs(desk, forum, sessions, olga):
    forum.publish(by=olga)
    assert desk.get(at_desk("desk", forum)).context["difference"].total == 0

    opening, closed = sessions["opening"], sessions["closed"]
    opening.title = {"en": "Solemn opening"}
    opening.save()
    closed.delete()
    Session.objects.create(
        event=forum, title={"en": "New"}, starts_at=opening.starts_at, ends_at=opening.ends_at, room=opening.room
    )

    difference = desk.get(at_desk("desk", forum)).context["difference"]
    assert (difference.new, difference.changed, difference.gone) == (1, 1, 1)


def test_a_refusal_is_a_message_and_not_a_crash(desk, forum):
    response = desk.post(at_desk("announce", forum))

    assert response.url == at_desk("desk", forum)
    assert said(response) == ["This event has been announced already."]


def test_moving_an_event_says_first_how_many_letters_go_out(desk, forum, invitation):
    page = desk.get(at_desk("reschedule", forum))
    assert page.context["view"].warning().startswith("1 person gets a letter with the new days")

    moved = forum.starts_on + datetime.timedelta(days=7)
    desk.post(at_desk("reschedule", forum), {"starts_on": moved, "ends_on": moved})

    forum.refresh_from_db()
    assert (forum.starts_on, forum.ends_on) == (moved, moved)
    assert Message.objects.filter(letter="event_rescheduled").count() == 1


def test_moving_an_event_to_the_same_days_is_refused_above_the_form(desk, forum):
    page = desk.post(at_desk("reschedule", forum), {"starts_on": forum.starts_on, "ends_on": forum.ends_on})

    assert page.context["form"].non_field_errors() == ["These are the days and the venue that the event has already."]


def test_cancelling_asks_and_then_tells_everybody_why(desk, forum, invitation):
    page = desk.get(at_desk("cancel", forum))
    assert page.context["view"].warning().startswith("1 person gets a letter, and the event is taken out")
    assert Event.objects.get().status == "ANNOUNCED"

    desk.post(at_desk("cancel", forum), {"reason": "A strike."})

    assert Event.objects.get().status == "CANCELLED"
    assert "A strike." in Message.objects.get(letter="event_cancelled").text


def test_seats_are_limited_and_widened_at_the_desk(desk, forum, invitation, olga):
    invitation.answer("ACCEPTED", by=olga)

    desk.post(at_desk("seats", forum), {"ROOM": 3, "ONLINE": 40})
    assert (forum.seats.used, forum.seats.size) == (1, 3)
    sizes = forum.quotas.of_event().values_list("place", "size")
    assert dict(sizes) == {"ROOM": 3, "ONLINE": 40, "PLENARY": None}

    page = desk.post(at_desk("seats", forum), {"ROOM": 0, "ONLINE": 40})
    assert page.context["form"].non_field_errors() == ["More places than that are taken already."]
    assert (forum.seats.used, forum.seats.size) == (1, 3)


def names(page) -> list[str]:
    return [person.name for person in page.context["object_list"]]


def test_people_are_found_by_words_country_kind_topic_and_competence(desk, forum, france, pavel, dina, tobacco):
    other = person("Zoë", "Ångström", "es", country=france)
    university = Organization.objects.create(kind="ACADEMIA", name="University")
    university.topics.add(tobacco)
    Affiliation.objects.create(person=other, organization=university)
    url = at_desk("invite", forum)

    assert names(desk.get(url)) == ["Dina Haddad", "Pavel Novak", "Zoë Ångström"]
    assert names(desk.get(url, {"q": "angstrom"})) == ["Zoë Ångström"]
    assert names(desk.get(url, {"country": "FR"})) == ["Zoë Ångström"]
    assert names(desk.get(url, {"kind": "LAW_ENFORCEMENT"})) == ["Dina Haddad", "Pavel Novak"]
    assert names(desk.get(url, {"topic": tobacco.pk})) == ["Zoë Ångström"]
    assert names(desk.get(url, {"focal_point": "true"})) == ["Pavel Novak"]
    assert names(desk.get(url, {"language": "ar"})) == ["Dina Haddad"]


def test_a_former_position_does_not_find_a_person(desk, forum, pavel):
    pavel.affiliations.update(ends_on=timezone.localdate() - datetime.timedelta(days=1))

    assert names(desk.get(at_desk("invite", forum), {"kind": "LAW_ENFORCEMENT"})) == []


def test_a_segment_is_put_on_the_list_as_it_is_now(desk, forum, pavel, dina):
    segment = Segment.objects.create(name="French", answers={"language": ["fr"]})
    url = f"{at_desk('invite', forum)}?segment={segment.pk}"
    assert names(desk.get(url)) == ["Pavel Novak"]

    segment.put(dina, True, by=None)
    desk.post(url, {"everybody": "1"})

    assert {draft.person for draft in forum.invitations.drafts()} == {pavel, dina}


def test_those_ticked_are_put_on_the_list_and_nobody_else(desk, forum, pavel, dina):
    response = desk.post(at_desk("invite", forum), {"rows": [dina.pk, "nonsense"]})

    assert [draft.person for draft in forum.invitations.drafts()] == [dina]
    assert said(response) == ["1 person is on the list of invitations now."]
    assert names(desk.get(at_desk("invite", forum))) == ["Pavel Novak"]


def test_all_who_match_are_put_on_the_list_beyond_the_page(desk, forum, pavel):
    for number in range(55):
        person(f"Ana{number}", "Crowd")

    desk.post(at_desk("invite", forum) + "?q=crowd", {"everybody": "1"})

    assert forum.invitations.drafts().count() == 55


def test_more_than_the_most_at_once_are_refused(desk, forum, monkeypatch, pavel, dina):
    monkeypatch.setattr("events.views.desk.choosing.MOST_AT_ONCE", 1)

    response = desk.post(at_desk("invite", forum), {"everybody": "1"})

    assert forum.invitations.count() == 0
    assert said(response) == ["More than 1 match. Narrow the list down before you take all of them."]


def test_the_list_of_people_asks_equally_often_for_one_and_for_three(desk, forum, pavel):
    url = at_desk("invite", forum)
    with_one = queries_of(desk, url)
    for given in ("Ana", "Bea"):
        who = person(given, "More", country=forum.venue.country)
        Affiliation.objects.create(person=who, organization=pavel.affiliations.get().organization)

    assert len(names(desk.get(url))) == 3
    assert queries_of(desk, url) == with_one


def test_letters_are_previewed_once_a_language_and_then_sent(desk, forum, pavel, dina, olga):
    forum.invitations.draft([pavel, dina, person("Ana", "Ramos")], by=olga)
    nobody = Person.objects.create(given_name="No", family_name="Address")
    forum.invitations.draft([nobody], by=olga)

    page = desk.get(at_desk("letters", forum))

    assert [(preview.code, preview.count, preview.letter.language) for preview in page.context["previews"]] == [
        ("ar", 1, "ar"),
        ("en", 1, "en"),
        ("fr", 1, "fr"),
    ]
    assert [invitation.person for invitation, _url in page.context["unsendable"]] == [nobody]
    assert Message.objects.count() == 0

    assert said(desk.post(at_desk("letters", forum))) == ["3 letters are in the outbox."]
    assert Message.objects.count() == 3
    assert [invitation.person for invitation in forum.invitations.drafts()] == [nobody]


def shown(page) -> list[tuple[str, int]]:
    return [(one.invitation.person.given_name, one.position) for one in page.context["previews"]]


def test_the_letter_to_each_reader_can_be_looked_at_before_it_goes(desk, forum, pavel, dina, olga):
    first, last = (person(given, "Adler", "fr") for given in ("Anne", "Zoe"))
    forum.invitations.draft([pavel, dina, first, last], by=olga)
    letters = reverse("event:letters", args=[forum.pk])

    page = desk.get(letters)
    step = desk.get(letters, {"reader": page.context["previews"][0].after})
    named = desk.get(letters, {"name": "novak"})

    assert shown(page) == [("Anne", 1), ("Dina", 1)]
    assert shown(step) == [("Zoe", 2), ("Dina", 1)]
    assert shown(named) == [("Pavel", 3), ("Dina", 1)]
    assert named.context["previews"][0].after is None
    assert "Pavel Novak" in named.context["previews"][0].letter.text


def test_a_reader_who_is_not_among_them_is_said(desk, forum, pavel, dina, olga):
    forum.invitations.draft([pavel], by=olga)

    page = desk.get(reverse("event:letters", args=[forum.pk]), {"name": "Haddad"})

    [told] = page.context["messages"]
    assert str(told).strip() == "Nobody to whom this letter goes is called “Haddad”."


def test_the_paper_is_looked_at_before_it_is_numbered(desk, forum, pavel, dina, olga):
    text = {"language": "fr", "subject": "Invitation de {name}", "body": "{salutation}", "signatory": "A. Director"}
    LetterText.objects.create(event=forum, kind="INVITATION", **text)
    [invitation] = forum.invitations.draft([pavel], by=olga)
    paper = reverse("event:paper", args=[forum.pk])

    pdf = desk.get(paper, {"reader": invitation.pk})

    words = " ".join(PdfReader(BytesIO(pdf.content)).pages[0].extract_text().split())
    assert ("Invitation de M. Pavel Novak" in words, "Brouillon" in words) == (True, True)
    assert list(FormalLetter.objects.all()) == []
    assert desk.get(paper, {"reader": "999"}, follow=True).status_code == 404


def test_a_letter_in_the_preview_cannot_break_out_of_its_frame(desk, forum, pavel, olga):
    forum.title = {"en": '"><script>alert(1)</script>'}
    forum.save()
    forum.invitations.draft([pavel], by=olga)

    assert "<script>alert(1)" not in desk.get(at_desk("letters", forum)).content.decode()


def test_an_address_found_later_is_looked_up_again(desk, forum, olga):
    nobody = Person.objects.create(given_name="No", family_name="Address")
    forum.invitations.draft([nobody], by=olga)
    PersonEmail.objects.create(person=nobody, address="now@example.org")

    assert said(desk.post(at_desk("look_again", forum))) == ["1 address was found."]
    assert forum.invitations.get().address == "now@example.org"


def test_a_draft_event_previews_and_does_not_send(desk, draft_event, pavel, olga):
    draft_event.invitations.draft([pavel], by=olga)

    response = desk.post(at_desk("letters", draft_event))

    assert said(response) == ["Announce the event before you send invitations."]
    assert Message.objects.count() == 0


def test_an_answer_by_telephone_is_taken_and_says_who_took_it(desk, forum, invitation, olga):
    url = reverse("invitation:answer", args=[invitation.pk])

    assert said(desk.post(url, {"reply": "ACCEPTED", "reason": "By telephone"})) == [
        "The answer of Pavel Novak is noted."
    ]
    invitation.refresh_from_db()
    assert (invitation.reply, invitation.registration.state) == ("ACCEPTED", "CONFIRMED")
    page = desk.get(reverse("invitation:history", args=[invitation.pk]))
    assert next((entry.message, entry.user) for entry in page.context["object_list"]) == ("Took an answer", olga)


def test_an_answer_that_is_none_is_refused_in_words(desk, invitation):
    response = desk.post(reverse("invitation:answer", args=[invitation.pk]), {"reply": "PERHAPS"})

    assert (response.status_code, said(response)) == (422, ["This was not saved; see below."])
    told = response.context["form"].errors["reply"]
    assert told == ["Please accept, decline, or say that you are not sure yet."]


def test_an_invitation_is_taken_back_once(desk, invitation):
    url = reverse("invitation:withdraw", args=[invitation.pk])

    desk.post(url)
    assert Invitation.objects.get().state == "WITHDRAWN"
    assert said(desk.post(url))[-1] == "This invitation has been withdrawn already."


VERBS = ("announce", "publish", "reschedule", "cancel", "seats", "letters", "invite", "look_again")


@pytest.mark.parametrize("role", ["front desk", "reader"])
def test_who_may_only_look_sees_the_desk_without_buttons(client, forum, invitation, role):
    client.force_login(staff(role, "looker@example.org"))

    page = client.get(at_desk("desk", forum))
    one = client.get(reverse("invitation:inspect", args=[invitation.pk]))

    assert (page.status_code, one.status_code) == (200, 200)
    assert (page.context["can_change"], one.context["can_change"]) == (False, False)
    main = page.content.decode().partition("<main")[2]
    assert main.count("<form") == 0


@pytest.mark.parametrize("role", ["front desk", "reader", "editor"])
def test_who_may_only_look_changes_nothing(client, draft_event, pavel, olga, role):
    [draft] = draft_event.invitations.draft([pavel], by=olga)
    client.force_login(staff(role, "looker@example.org"))
    urls = [at_desk(verb, draft_event) for verb in VERBS]
    urls += [reverse(f"invitation:{verb}", args=[draft.pk]) for verb in ("answer", "withdraw", "delete")]

    answers = {client.post(url, {"everybody": "1", "size": 1, "reply": "ACCEPTED"}).url for url in urls}

    assert answers == {reverse("wagtailadmin_home")}
    assert Event.objects.get().status == "DRAFT"
    assert [(one.pk, one.state) for one in Invitation.objects.all()] == [(draft.pk, "DRAFT")]


def test_a_stranger_is_sent_to_sign_in(client, forum, stranger):
    client.force_login(stranger)

    assert client.get(at_desk("desk", forum)).status_code == 302
    assert client.post(at_desk("cancel", forum), {}).status_code == 302
    assert Event.objects.get().status == "ANNOUNCED"


@pytest.mark.parametrize("verb", ["announce", "look_again"])
def test_a_link_followed_changes_nothing(desk, draft_event, verb):
    assert desk.get(at_desk(verb, draft_event)).status_code == 405
    assert Event.objects.get().status == "DRAFT"
