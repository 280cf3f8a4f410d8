"""Meetings, calls and notes, what is to follow from them, and the timeline on which they stand with all the rest."""

import datetime
import re

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contacts.mail import Letter
from contacts.models import Delivery, Interaction, Message, Task
from network.models import Country, Desk, Organization
from network.viewsets.timeline import timeline
from tests.conftest import person, queries_of, staff

OURS = Letter("invitation", "fr", "Our letter", "Bonjour", "<p>Bonjour</p>")

pytestmark = pytest.mark.django_db


def on(day: int) -> datetime.datetime:
    return datetime.datetime(2025, 3, day, 10, tzinfo=datetime.UTC)


def met(subject: str, day: int, *people, kind="CALL", **fields) -> Interaction:
    interaction = Interaction.objects.create(kind=kind, subject=subject, happened_at=on(day), **fields)
    for one in people:
        name = "organization" if isinstance(one, Organization) else "person"
        interaction.parties.create(**{name: one})
    interaction.save()
    return interaction


def told(subject, viewer, **asked) -> list[str]:
    return [entry.title for entry in timeline(subject, viewer, **asked)]


@pytest.fixture
def story(pavel, customs, noor, forum) -> None:
    """A note, a call, a letter, a task and an invitation; and a note about the country."""
    met("Note on the draft law", 1, customs, kind="NOTE", by=noor)
    met("Call about the law", 3, pavel, text="Second reading in May.", by=noor)
    letter = Message.objects.post(pavel, Letter("invitation", "fr", "Our letter", "Bonjour", "<p>Bonjour</p>"))
    Message.objects.filter(pk=letter.pk).update(created_at=on(4))
    task = Task.objects.set_for(noor, "Send the model law", on(9).date(), by=noor, person=pavel)
    Task.objects.filter(pk=task.pk).update(created_at=on(5))
    [invitation] = forum.invitations.draft([pavel], by=noor)
    invitation.send(by=noor, now=on(6))
    Message.objects.filter(about_id=invitation.pk).delete()
    met("Elections are near", 7, kind="NOTE", country=Country.objects.get(pk="FR"))


EVERYTHING = ["Pavel Novak to Forum on illicit trade", "Send the model law", "Our letter", "Call about the law"]


def test_the_timelines_of_a_person_an_organization_and_a_country(story, pavel, customs, france, root):
    assert told(pavel, root) == EVERYTHING
    assert told(customs, root) == [*EVERYTHING, "Note on the draft law"]
    assert told(france, root) == ["Elections are near", *EVERYTHING]


def test_a_timeline_can_be_read_by_kind_and_on_from_where_it_stopped(story, customs, root):
    assert told(customs, root, kind="call") == ["Call about the law"]
    assert told(customs, root, limit=2) == EVERYTHING[:2]
    assert told(customs, root, before=on(5), limit=2) == EVERYTHING[2:]


def test_the_card_shows_the_latest_and_the_page_shows_all(client, story, pavel, noor):
    client.force_login(noor)

    card = client.get(reverse("person:inspect", args=[pavel.pk]))
    page = client.get(reverse("person:timeline", args=[pavel.pk]))
    calls = client.get(reverse("person:timeline", args=[pavel.pk]), {"kind": "call"})

    shown = [[entry.title for entry in answer.context["timeline"]] for answer in (card, page, calls)]
    assert shown == [EVERYTHING, EVERYTHING, ["Call about the law"]]
    assert "Second reading in May." in page.text


def test_a_seat_names_the_event(pavel, root, forum):
    forum.registrations.enter(pavel)

    [seat] = timeline(pavel, root, kind="registration")

    assert (seat.title, str(seat.detail)) == ("Pavel Novak: Forum on illicit trade", "Confirmed")


@pytest.mark.parametrize("before", ["yesterday", "2025-13-01T00:00:00Z", "2025-01-01T00:00:00"])
def test_a_moment_that_is_none_shows_everything(client, story, pavel, noor, before):
    client.force_login(noor)

    page = client.get(reverse("person:timeline", args=[pavel.pk]), {"before": before})

    assert len(page.context["timeline"]) == 4


def test_a_viewer_sees_of_it_what_they_may_see(story, pavel, customs, dina):
    kenya = Desk.objects.create(name="Kenya", countries=[Country.objects.get(pk="KE")])
    stranger, reader, keith = (staff(role, f"{role[:5]}@example.org") for role in ("front desk", "reader", "organizer"))
    keith.desks.add(kenya)
    amani = person("Amani", "Otieno", country_id="KE")
    met("Three of us", 8, amani, pavel)

    assert told(pavel, stranger) == [EVERYTHING[0]]
    assert told(pavel, reader) == ["Three of us", *(title for title in EVERYTHING if title != "Our letter")]
    assert told(pavel, keith) == ["Three of us"]


def test_a_meeting_seen_through_one_party_does_not_name_the_others(client, pavel):
    keith = staff("network officer", "keith@example.org")
    keith.desks.add(Desk.objects.create(name="Kenya", countries=[Country.objects.get(pk="KE")]))
    meeting = met("Three of us", 8, person("Amani", "Otieno", country_id="KE"), pavel)
    client.force_login(keith)

    page = client.get(reverse("interaction:inspect", args=[meeting.pk])).text

    assert ("Amani Otieno" in page, "Pavel Novak" in page) == (True, False)


def form_of(*parties: dict, **more) -> dict:
    form = {"kind": "CALL", "subject": "Call", "happened_at": "2025-03-03 10:00", "parties-INITIAL_FORMS": 0}
    form["parties-TOTAL_FORMS"] = len(parties)
    for place, party in enumerate(parties):
        form |= {f"parties-{place}-{name}": one.pk for name, one in party.items()}
    return form | more


def test_a_call_is_recorded_with_what_is_to_follow(client, noor, olga, pavel, customs):
    client.force_login(noor)
    asked = client.get(reverse("interaction:add"), {"person": pavel.pk})
    assert "Pavel Novak" in asked.text

    form = form_of({"person": pavel, "organization": customs}, follow_up="Send it", follow_up_on="2025-04-01")
    answer = client.post(reverse("interaction:add"), form | {"follow_up_by": olga.pk})
    told = [str(message).split("\n")[0] for message in get_messages(answer.wsgi_request)]

    call, task = Interaction.objects.get(), Task.objects.get()
    assert (call.by, str(call.parties.get())) == (noor, f"Pavel Novak, {customs}")
    assert (task.owner, task.title, str(task.due_on), task.person) == (olga, "Send it", "2025-04-01", pavel)
    assert (answer.url, told) == (reverse("person:inspect", args=[pavel.pk]), ["Recorded: Call"])


def test_a_task_is_offered_to_those_alone_who_may_see_tasks(client, noor, olga, root):
    staff("editor", "edith@example.org"), staff("front desk", "fred@example.org")
    reader = staff("reader", "rita@example.org")
    client.force_login(noor)

    asked = client.get(reverse("interaction:add")).context["form"].fields["follow_up_by"]
    given = client.get(reverse("task:add")).context["form"].fields["owner"]

    assert [set(field.queryset) for field in (asked, given)] == [{noor, olga, root, reader}] * 2


@pytest.mark.parametrize(
    ("more", "field", "sentence"),
    [
        ({"subject": ""}, "subject", "This field is required."),
        ({"follow_up_on": "2025-04-01"}, "follow_up", "Say what is to be done by that day."),
    ],
)
def test_a_call_that_cannot_be_recorded_is_told_why(client, noor, pavel, more, field, sentence):
    client.force_login(noor)

    page = client.post(reverse("interaction:add"), form_of({"person": pavel}, **more))

    assert (page.context["form"].errors[field], Interaction.objects.count()) == ([sentence], 0)


def test_a_call_with_nobody_about_nothing_is_not_recorded(client, noor):
    client.force_login(noor)

    page = client.post(reverse("interaction:add"), form_of())

    told = ["Say with whom it was, or which country it is about."]
    assert (page.context["form"].non_field_errors(), Interaction.objects.count()) == (told, 0)


def test_a_task_is_finished_once_and_taken_up_again(noor, olga, pavel):
    task = Task.objects.set_for(noor, "Send it", None, by=olga, person=pavel)

    task.finish(by=noor)

    with pytest.raises(ValidationError, match="done already"):
        Task.objects.get().finish(by=olga)
    assert (list(Task.objects.open()), Task.objects.get().done_by) == ([], noor)
    task.take_up_again(by=olga)
    assert list(Task.objects.open()) == [task]


def test_my_desk_today_shows_what_is_due_and_what_did_not_arrive(client, noor, olga, pavel):
    today = timezone.localdate()
    days = {"Late": -2, "Today": 0, "Soon": 3, "Much later": None}
    for title, ahead in days.items():
        due = None if ahead is None else today + datetime.timedelta(days=ahead)
        Task.objects.set_for(noor, title, due, by=noor, person=pavel)
    Task.objects.set_for(olga, "Not mine", today, by=noor)
    letter = Message.objects.post(pavel, Letter("invitation", "fr", "Our letter", "Bonjour", "<p>Bonjour</p>"))
    letter.deliveries.update(state="FAILED")
    client.force_login(noor)

    page = client.get(reverse("wagtailadmin_home")).text

    assert [title for title in (*days, "Not mine") if f">{title}</a>" in page] == list(days)
    assert "1 letter of the last 30 days did not arrive." in page
    client.post(reverse("task:finish", args=[Task.objects.get(title="Late").pk]), {"next": "/admin/"}, follow=True)
    assert ">Late</a>" not in client.get(reverse("wagtailadmin_home")).text


@pytest.mark.parametrize("screen", ["wagtailadmin_home", "message:index"])
def test_how_old_the_oldest_letter_is_and_whether_a_worker_comes(client, noor, pavel, dina, screen):
    now = timezone.now()

    def said() -> tuple[bool, bool]:
        page = client.get(reverse(screen)).text
        sentences = ["2 letters are on their way", "The oldest was written 3\xa0hours ago."]
        return all(one in page for one in sentences), "No worker has come for them for 15\xa0minutes" in page

    client.force_login(noor)
    for one in (pavel, dina):
        Message.objects.post(one, OURS)
    Message.objects.filter(person=pavel).update(created_at=now - datetime.timedelta(hours=3, seconds=1))
    is_list = screen == "message:index"
    assert said() == (is_list, False)  # they have only just become due

    Delivery.objects.update(due_at=now - datetime.timedelta(minutes=15, seconds=1))
    assert said() == (True, True)

    later = Message.objects.post(person("Ida", "Holm"), OURS)
    assert Delivery.objects.claim([later.deliveries.get()]) == [later.deliveries.get()]
    later.deliveries.update(state="SENT")
    assert said() == (is_list, False)  # a worker is at it


def test_letters_that_were_put_off_or_wait_for_their_day(client, noor, pavel, dina):
    soon = timezone.now() + datetime.timedelta(minutes=5)
    for one in (pavel, dina):
        Message.objects.post(one, OURS, due_at=soon)
    Delivery.objects.filter(message__person=pavel).update(attempts=2)
    client.force_login(noor)

    page = client.get(reverse("message:index")).text

    assert "1 letter is on its way" in page and "The mail server has put off 1: it goes again by itself." in page


@pytest.mark.parametrize(("role", "is_seen"), [("network officer", True), ("organizer", False)])
def test_letters_to_applicants_are_in_the_line_of_those_alone_who_see_them(client, pavel, role, is_seen, db):
    Message.objects.post(pavel, Letter("application_received", "fr", "Our letter", "Bonjour", "<p>Bonjour</p>"))
    client.force_login(staff(role, "somebody@example.org"))

    assert ("1 letter is on its way" in client.get(reverse("message:index")).text) == is_seen


@pytest.mark.parametrize(("role", "is_offered"), [("organizer", True), ("reader", False), ("legal officer", False)])
def test_the_first_page_offers_to_write_down_a_task_to_those_who_may(client, role, is_offered, db):
    client.force_login(staff(role, "somebody@example.org"))

    page = client.get(reverse("wagtailadmin_home")).text

    assert ("Nothing is due today." in page, "Write down a task" in page) == (True, is_offered)


@pytest.mark.parametrize(("owner", "button"), [("noor", "Done"), ("", "I do this")])
def test_a_task_is_dealt_with_by_its_button_on_the_first_page(noor, owner, button):
    task = Task.objects.set_for(noor if owner else None, "Send it", timezone.localdate(), by=noor)
    client = Client(enforce_csrf_checks=True)
    client.force_login(noor)

    page = client.get(reverse("wagtailadmin_home")).text
    form = re.search(r'<form method="post" action="(\S+)">((?:(?!</form>).)*)', page, re.DOTALL)
    answer = client.post(form[1], dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[2])))

    assert (f">{button}<" in form[2], answer.status_code, answer.url) == (True, 302, "/admin/")
    task.refresh_from_db()
    assert (task.owner, task.done_by) == (noor, noor if owner else None)


def test_done_leads_back_into_the_house_alone(client, noor, pavel):
    task = Task.objects.set_for(noor, "Send it", None, by=noor)
    client.force_login(noor)

    answer = client.post(reverse("task:finish", args=[task.pk]), {"next": "https://elsewhere.example/"})

    assert answer.url == reverse("task:inspect", args=[task.pk])


@pytest.mark.parametrize("name", ["interaction", "task"])
def test_a_list_asks_as_often_for_three_rows_as_for_one(client, noor, pavel, customs, name):
    client.force_login(noor)

    def one_more(number: int) -> None:
        met(f"Call {number}", number, pavel, by=noor)
        Task.objects.set_for(noor, f"Task {number}", None, by=noor, person=pavel, organization=customs)

    one_more(1)
    with_one = queries_of(client, reverse(f"{name}:index"))
    one_more(2), one_more(3)

    assert queries_of(client, reverse(f"{name}:index")) == with_one


def test_interactions_are_found_by_words_and_by_who_took_part(client, noor, pavel, customs):
    met("About tobacco", 1, pavel)
    met("About steel", 2, customs, text="The tariff")
    client.force_login(noor)

    found = {q: client.get(reverse("interaction:index"), {"q": q}).context["object_list"] for q in ("novak", "tariff")}

    assert {q: [str(one) for one in ones] for q, ones in found.items()} == {
        "novak": ["About tobacco"],
        "tariff": ["About steel"],
    }


# -- what is about a country


def test_a_task_about_a_country_is_written_from_its_card_and_stands_in_its_timeline(client, noor, france):
    client.force_login(noor)
    card = reverse("country:inspect", args=["FR"])
    add = f"{reverse('task:add')}?country=FR"
    assert add in client.get(card).content.decode()
    assert client.get(add).context["form"]["country"].value() == "FR"

    client.post(add, {"title": "Ask for the decree", "owner": noor.pk, "due_on": "", "note": "", "country": "FR"})

    task = Task.objects.get()
    assert (task.country, list(Task.objects.about(france))) == (france, [task])
    assert [entry.title for entry in timeline(france, noor, kind="task")] == ["Ask for the decree"]


def test_what_is_to_follow_from_a_note_about_a_country_is_about_it(client, noor, france):
    client.force_login(noor)
    add = reverse("interaction:add")
    assert client.get(f"{add}?country=FR").context["form"]["country"].value() == "FR"

    answer = client.post(add, form_of(country="FR", follow_up="Read it"))

    assert (Task.objects.get().country, answer.url) == (france, reverse("country:inspect", args=["FR"]))


def test_a_desk_sees_the_tasks_about_its_countries_alone(fatou, noor):
    here, _there = (
        Task.objects.set_for(noor, "Ask for the decree", None, by=noor, country_id=code) for code in ("FR", "KE")
    )

    assert list(Task.objects.visible_to(fatou)) == [here]
