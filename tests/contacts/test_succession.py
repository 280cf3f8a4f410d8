"""Names and protocol; who holds a post, who comes after, and what goes over."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import override
from wagtail.models import ModelLogEntry

from contacts.models import Affiliation, Person, Segment, Task
from contacts.models.erasure import erase
from contacts.models.succession import legacies, succeed
from tests.conftest import person
from tests.contacts.test_dossier import told
from tests.contacts.test_viewsets import history

pytestmark = pytest.mark.django_db

MAY = datetime.date(2026, 5, 1)


@pytest.fixture
def post(pavel, tobacco) -> Affiliation:
    """Director of the customs service since 2024, focal point for everything; and for tobacco."""
    held = pavel.affiliations.get()
    held.starts_on, held.is_head, held.rank = datetime.date(2024, 1, 1), True, Affiliation.Rank.DIRECTOR
    held.save()
    Affiliation.objects.create(person=pavel, organization=held.organization, is_focal_point=True, competence=tobacco)
    return held


@pytest.fixture
def work(post, pavel, forum, noor):
    """What waits for whoever holds the post."""
    [invitation] = forum.invitations.draft([pavel], by=noor)
    invitation.send(by=noor)
    Task.objects.set_for(noor, "Send the model law", None, by=noor, person=pavel)
    return invitation


def test_a_successor_holds_the_post_and_takes_over_what_hangs_on_it(post, work, pavel, dina, noor, forum, tobacco):
    assert [legacy.name for legacy in legacies(post)] == ["focal", "tasks", "invitations"]

    new = succeed(post, MAY, successor=dina, take=["focal", "tasks", "invitations"], by=noor)

    ended = pavel.affiliations.values_list("ends_on", flat=True)
    assert (set(ended), new.starts_on) == ({datetime.date(2026, 4, 30)}, MAY)
    assert (new.position, new.rank, new.is_head, new.is_focal_point) == ("Director", 60, True, True)
    points = Affiliation.objects.focal_points().current(MAY)
    assert {(held.person, held.competence) for held in points} == {(dina, None), (dina, tobacco)}
    assert Task.objects.get().person == dina
    states = dict(forum.invitations.values_list("person", "state"))
    assert states == {pavel.pk: "WITHDRAWN", dina.pk: "DRAFT"}
    assert [letter.letter for letter in pavel.messages.order_by("pk")] == ["invitation", "invitation_withdrawn"]


def test_a_successor_may_be_called_otherwise_in_the_post(post, pavel, dina, noor, tobacco):
    pavel.affiliations.update(position="Directeur")
    post.refresh_from_db()
    chair = Affiliation.objects.create(
        person=pavel, organization=post.organization, position="Chair of the committee", is_focal_point=True
    )

    new = succeed(post, MAY, successor=dina, position="Directrice", take=["focal"], by=noor)

    assert (new.position, str(Affiliation.objects.get(pk=post.pk))) == ("Directrice", "Directeur, Customs of Example")
    titles = dina.affiliations.filter(starts_on=MAY).values_list("position", "is_focal_point", "competence")
    assert sorted(titles, key=str) == [
        (chair.position, True, None),
        ("Directrice", True, tobacco.pk),
        ("Directrice", True, None),
    ]
    assert ModelLogEntry.objects.get(action="contacts.person.succeed").data["changes"][0] == [
        "affiliation",
        "",
        "Directrice, Customs of Example",
    ]


def test_the_history_of_both_says_who_came_after_whom_and_what_went_over(client, post, work, pavel, dina, noor, forum):
    with override("ar"):
        succeed(post, MAY, successor=dina, take=["focal", "tasks", "invitations"], by=noor)
    client.force_login(noor)

    assert history(client, "person", dina.pk)[1:] == [
        ("affiliation", "", "Director, Customs of Example"),
        ("Predecessor", "", "Pavel Novak"),
        ("Focal point", "", "For everything, Tobacco"),
        ("Open tasks", "", "Send the model law"),
        ("Invitations that are not answered", "", str(forum)),
    ]
    assert history(client, "person", pavel.pk)[-5:] == [
        ("affiliation", "Director, Customs of Example", "no longer held"),
        ("Successor", "", "Dina Haddad"),
        ("Focal point", "For everything, Tobacco", "handed over"),
        ("Open tasks", "Send the model law", "handed over"),
        ("Invitations that are not answered", str(forum), "handed over"),
    ]
    left, *_others = [row for row in told(pavel, "history") if row["What"] == "Left a post"]
    assert left["In detail"].splitlines() == [
        "Affiliation: Director, Customs of Example → no longer held",
        "Successor: Dina Haddad",
        "Focal point: For everything, Tobacco → handed over",
        "Open tasks: Send the model law → handed over",
        f"Invitations that are not answered: {forum} → handed over",
    ]


@pytest.mark.parametrize("gone", ["pavel", "dina"])
def test_who_is_erased_is_named_in_the_history_of_nobody(post, pavel, dina, noor, gone):
    succeed(post, MAY, successor=dina, by=noor)
    gone = {"pavel": pavel, "dina": dina}[gone]
    name = gone.name
    assert name in str(list(ModelLogEntry.objects.values_list("label", "data")))

    erase(gone, by=noor)

    assert name not in str(list(ModelLogEntry.objects.values_list("label", "data")))


def test_who_was_put_into_a_segment_by_hand_gives_the_place_to_the_successor(post, pavel, dina, noor):
    segment = Segment.objects.create(name="Steering group")
    segment.put(pavel, True, by=noor)
    assert [legacy.name for legacy in legacies(post)] == ["focal", "lists"]

    succeed(post, MAY, successor=dina, take=["lists"], by=noor)

    assert list(segment.people()) == [dina]
    acts = [(entry.action, entry.user) for entry in ModelLogEntry.objects.for_instance(segment).order_by("pk")]
    assert acts == [
        ("contacts.segment.put", noor),
        ("contacts.segment.leave", noor),
        ("contacts.segment.put", noor),
    ]


def test_a_successor_whom_somebody_left_out_of_a_segment_stays_out(post, pavel, dina, noor):
    segment = Segment.objects.create(name="Steering group")
    segment.put(pavel, True, by=noor)
    segment.put(dina, False, by=noor)

    succeed(post, MAY, successor=dina, take=["lists"], by=noor)

    assert list(segment.people()) == []


def test_of_several_things_each_is_taken_or_left(post, pavel, dina, noor, tobacco):
    first = Task.objects.set_for(noor, "Send the model law", None, by=noor, person=pavel)
    Task.objects.set_for(noor, "Ask for the figures", None, by=noor, person=pavel)
    focal = pavel.affiliations.get(competence=tobacco)

    succeed(post, MAY, successor=dina, take=[f"tasks-{first.pk}", f"focal-{focal.pk}"], by=noor)

    assert dict(Task.objects.values_list("title", "person")) == {
        "Send the model law": dina.pk,
        "Ask for the figures": pavel.pk,
    }
    points = Affiliation.objects.focal_points().current(MAY)
    assert [(held.person, held.competence) for held in points] == [(dina, tobacco)]


def test_what_is_not_taken_stays(post, work, pavel, dina, noor, forum):
    new = succeed(post, MAY, successor=dina, take=["tasks"], by=noor)

    assert (new.is_focal_point, Task.objects.get().person) == (False, dina)
    assert [(one.person, one.state) for one in forum.invitations.all()] == [(pavel, "SENT")]


def test_a_post_may_end_without_a_successor(post, work, pavel, noor):
    assert succeed(post, MAY, take=["tasks"], by=noor) is None

    assert (Affiliation.objects.get(pk=post.pk).ends_on, Task.objects.get().person) == (
        datetime.date(2026, 4, 30),
        pavel,
    )


def test_who_held_the_post_on_a_day_is_known_ever_after(post, pavel, dina, customs, noor):
    succeed(post, MAY, successor=dina, by=noor)

    heads = [
        [held.person for held in customs.affiliations.current(day).filter(is_head=True)]
        for day in (datetime.date(2023, 12, 31), datetime.date(2024, 3, 1), datetime.date(2026, 4, 30), MAY)
    ]

    assert heads == [[], [pavel], [pavel], [dina]]


@pytest.mark.parametrize(
    ("on", "sentence"),
    [("2023-12-01", "That is before the post began."), ("2025-06-01", "The post has ended before that day already.")],
)
def test_a_post_cannot_be_handed_over_outside_its_time(post, dina, noor, on, sentence):
    post.ends_on = datetime.date(2025, 3, 1)

    with pytest.raises(ValidationError) as refusal:
        succeed(post, datetime.date.fromisoformat(on), successor=dina, by=noor)

    assert (refusal.value.messages, Affiliation.objects.filter(person=dina, is_head=True).count()) == ([sentence], 0)


def test_the_screen_proposes_each_thing_and_hands_over_what_is_ticked(client, post, work, dina, noor, pavel, forum):
    client.force_login(noor)
    url = reverse("person:hand_over", args=[post.pk])
    assert url in client.get(reverse("person:inspect", args=[pavel.pk])).text
    here = client.get(url).context["breadcrumbs_items"][-1]
    assert (here["label"], here["sublabel"]) == ("Hand a post over", "Pavel Novak: Director, Customs of Example")

    asked = client.get(url).context["form"]
    ticked = [key for key in asked.initial["take"] if not key.startswith("invitations")]
    done = client.post(url, {"on": "2026-05-01", "successor": dina.pk, "position": "Directress", "take": ticked})

    assert [(label, [words for _key, words in rows]) for label, rows in asked.fields["take"].choices] == [
        ("Focal point", ["For everything", "Tobacco"]),
        ("Open tasks", ["Send the model law"]),
        ("Invitations that are not answered", [str(forum)]),
    ]
    assert (asked.initial["position"], len(asked.initial["take"])) == ("Director", 4)
    assert done.url == reverse("person:inspect", args=[dina.pk])
    assert [(one.person, one.state) for one in forum.invitations.all()] == [(pavel, "SENT")]
    head = Affiliation.objects.current(MAY).get(is_head=True)
    assert (head.person, head.position) == (dina, "Directress")


def test_nobody_succeeds_themselves(client, post, pavel, noor):
    client.force_login(noor)

    page = client.post(reverse("person:hand_over", args=[post.pk]), {"on": "2026-05-01", "successor": pavel.pk})

    assert page.context["form"].errors == {"successor": ["Nobody succeeds to their own post."]}


def test_a_name_stands_in_the_order_of_its_culture():
    ban = person("Ki-moon", "Ban", honorific="H.E.", is_family_name_first=True)

    assert (ban.name, ban.formal_name) == ("Ban Ki-moon", "H.E. Ban Ki-moon")


def test_a_letter_begins_as_its_reader_is_addressed(pavel):
    pavel.form_of_address = {"fr": "Monsieur le Directeur", "ar": "معالي المدير"}
    begins = {}
    for language in ("fr", "en", "ar"):
        with override(language):
            begins[language] = pavel.salutation

    assert begins == {"fr": "Monsieur le Directeur,", "en": "Dear Mr Pavel Novak,", "ar": "معالي المدير،"}


def test_a_french_title_is_not_said_in_an_arabic_letter(pavel):
    with override("ar"):
        assert pavel.salutation == "السيد Pavel Novak، تحية طيبة وبعد،"


def test_people_stand_in_the_order_of_precedence(customs, pavel, dina):
    minister, officer = person("Zoe", "Zimmer"), person("Adam", "Abel")
    Affiliation.objects.create(person=minister, organization=customs, rank=Affiliation.Rank.MINISTER)
    Affiliation.objects.create(person=officer, organization=customs, rank=Affiliation.Rank.OFFICER)
    past = datetime.date(2020, 1, 1)
    Affiliation.objects.create(person=dina, organization=customs, rank=Affiliation.Rank.HEAD_OF_STATE, ends_on=past)

    assert list(Person.objects.in_precedence()) == [minister, officer, dina, pavel]


def test_what_somebody_asks_for_in_their_language_is_a_task_in_that_of_the_house(pavel):
    with override("fr"):
        task = Task.objects.ask_to_correct(pavel, "Mon titre est faux.")

    assert (task.title, task.note) == ("Correct what we hold of Pavel Novak", "Mon titre est faux.")
