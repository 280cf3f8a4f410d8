"""The screens of trainings: curricula, the desk of a training, running it again, and what readers see."""

import datetime

import pytest
from django.urls import reverse

from events.models import Appearance, Curriculum, Event, Session, Trainer
from tests.conftest import at, person, queries_of, staff
from tests.events.conftest import trained

LIST = "/admin/events/curriculum/"


def told(page) -> list[str]:
    return [str(message).strip() for message in page.context["messages"]]


def text(html: str) -> str:
    return " ".join(html.split())


# -- Curricula --------------------------------------------------------------------------------------------------------


def test_an_organizer_writes_a_curriculum_with_modules_and_trainers(client, olga, dina, tobacco):
    client.force_login(olga)
    rows = {"INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000, "TOTAL_FORMS": 1}
    modules = {"0-title_en": "Risk", "0-objectives_en": "Knows it.", "0-minutes": 90, "0-position": 0, "0-ORDER": 1}
    trainers = {"0-person": dina.pk, "0-teaches": "Risk"}
    formsets = {"modules": {**rows, **modules}, "trainers": {**rows, **trainers}}
    inline = {f"{formset}-{name}": value for formset, values in formsets.items() for name, value in values.items()}

    data = {"title_en": "Containers", "audience": ["POLICE"], "topics": [tobacco.pk], "certificate_share": 80}
    answer = client.post(f"{LIST}new/", {**data, **inline})

    curriculum = Curriculum.objects.get()
    assert answer["Location"] == reverse("curriculum:inspect", args=[curriculum.pk])
    assert (str(curriculum), curriculum.audience, list(curriculum.topics.all())) == (
        "Containers",
        ["POLICE"],
        [tobacco],
    )
    assert [(str(one), one.minutes) for one in curriculum.modules.all()] == [("Risk", 90)]
    assert [(one.person, one.teaches) for one in curriculum.trainers.all()] == [(dina, "Risk")]


def test_the_list_is_found_in_any_language_and_narrowed_by_profession(client, olga, curriculum):
    client.force_login(olga)
    other = Curriculum.objects.create(title="Drafting", audience=["DRAFTERS"])

    def found(**asked) -> list:
        return list(client.get(LIST, asked).context["object_list"])

    assert found() == [curriculum, other]
    assert found(q="conteneurs") == found(audience="CUSTOMS") == [curriculum]


def test_the_list_asks_as_many_questions_for_three_as_for_one(client, olga, curriculum):
    client.force_login(olga)
    one = queries_of(client, LIST)

    for title in ("Two", "Three"):
        Curriculum.objects.create(title=title)

    assert queries_of(client, LIST) == one


def test_the_card_says_where_it_was_taught_by_whom_and_how_many_were_trained(client, olga, training, curriculum, pavel):
    trained(training, pavel)
    Trainer.objects.create(curriculum=curriculum, person=pavel, teaches="In French")
    client.force_login(olga)

    page = client.get(reverse("curriculum:inspect", args=[curriculum.pk]))

    words = ("1 person", "7 hours", "Knows Risk.", "Pavel Novak", "In French", str(training))
    assert [word in page.text for word in words] == [True] * 6
    assert f"/admin/events/training-record/?curriculum={curriculum.pk}" in page.text


def test_a_desk_sees_only_trainers_of_its_own(client, fatou, curriculum, pavel):
    Trainer.objects.create(curriculum=curriculum, person=person("Kofi", "Mensah", country_id="GH"))
    Trainer.objects.create(curriculum=curriculum, person=pavel)
    client.force_login(fatou)

    page = client.get(reverse("curriculum:inspect", args=[curriculum.pk]))

    assert [one.person for one in page.context["trainers"]] == [pavel]
    assert "Kofi" not in page.text


def test_a_curriculum_that_was_taught_is_not_deleted_but_told_why(client, olga, training, curriculum):
    client.force_login(olga)

    page = client.post(reverse("curriculum:delete", args=[curriculum.pk]), follow=True)

    assert told(page) == ["Containers cannot be deleted while these refer to it: events."]
    assert Curriculum.objects.count() == 1


# -- The desk of a training -------------------------------------------------------------------------------------------


def test_a_training_is_convened_from_the_card_of_its_curriculum(client, olga, curriculum):
    client.force_login(olga)

    form = client.get(f"/admin/events/event/new/?curriculum={curriculum.pk}").context["form"]

    assert (form.initial["curriculum"], form.initial["kind"]) == (curriculum.pk, "TRAINING")


def edited(client, event: Event, **changes) -> Event:
    """`event` after its form was sent with `changes`."""
    form = client.get(reverse("event:edit", args=[event.pk])).context["form"]
    rows = {"INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000, "TOTAL_FORMS": 0}
    data = {name: form.initial[name] for name in ("slug", "kind", "timezone", "reply_to")}
    data |= {f"{formset}-{name}": value for formset in form.formsets for name, value in rows.items()}
    page = client.post(
        reverse("event:edit", args=[event.pk]),
        {**data, "title_en": "Training", "day_starts_at": "09:00", "is_public": "on", **changes},
    )
    assert page.status_code == 302
    return Event.objects.get(pk=event.pk)


def test_it_gives_certificates_as_its_curriculum_says_where_nothing_else_is_said(client, olga, forum, curriculum):
    client.force_login(olga)

    assert edited(client, forum, curriculum=curriculum.pk).certificate_share == 80
    assert edited(client, forum, curriculum=curriculum.pk, certificate_share="").certificate_share is None
    Event.objects.update(curriculum=None)
    assert edited(client, forum, curriculum=curriculum.pk, certificate_share="60").certificate_share == 60


def test_the_desk_says_what_is_missing_and_lays_the_modules_out(client, olga, training, dina):
    client.force_login(olga)
    desk = reverse("event:desk", args=[training.pk])
    before = text(client.get(desk).text)

    page = client.post(reverse("event:lay_out", args=[training.pk]), follow=True)
    Appearance.objects.create(session=training.sessions.get(title__icontains="Risk"), person=dina, role="TRAINER")
    after = text(client.get(desk).text)

    assert told(page) == ["3 sessions are in the draft."]
    counts = [(one.count("<strong>no session yet"), one.count("<strong>no trainer yet")) for one in (before, after)]
    assert counts == [(3, 3), (0, 2)]
    assert ["Lay the modules out" in one for one in (before, after)] == [True, False]


def test_what_does_not_fit_is_told_on_the_desk(client, olga, training, curriculum):
    client.force_login(olga)
    times = {"starts_at": at(training, 0, 9), "ends_at": at(training, 1, 18)}
    Session.objects.create(event=training, title="Everything", **times)

    page = client.post(reverse("event:lay_out", args=[training.pk]), follow=True)

    assert told(page) == ["Only 0 of 3 modules fit into its days. Add a day, shorten modules, or make room."]


def test_the_desk_asks_as_many_questions_for_three_modules_as_for_one(client, olga, training, curriculum):
    client.force_login(olga)
    curriculum.modules.exclude(minutes=90).delete()
    training.lay_out(by=olga)
    desk = reverse("event:desk", args=[training.pk])
    one = queries_of(client, desk)

    for title in ("Two", "Three"):
        curriculum.modules.model.objects.create(curriculum=curriculum, title=title, minutes=60, position=5)
    training.lay_out(by=olga)

    assert queries_of(client, desk) == one


def test_a_session_offers_the_modules_of_its_own_curriculum(client, olga, training, sessions, curriculum):
    client.force_login(olga)
    other = Curriculum.objects.create(title="Other")
    curriculum.modules.model.objects.create(curriculum=other, title="Foreign")

    form = client.get(reverse("session:edit", args=[sessions["opening"].pk])).context["form"]

    assert list(form.fields["module"].queryset) == list(curriculum.modules.all())


# -- Running it again -------------------------------------------------------------------------------------------------


@pytest.fixture
def asked(training) -> dict:
    starts_on = training.starts_on + datetime.timedelta(days=100)
    return {"title_en": "In Dakar", "slug": "dakar", "starts_on": starts_on, "timezone": "Africa/Dakar"}


def test_an_organizer_runs_it_again_and_comes_to_the_new_desk(client, olga, training, asked):
    client.force_login(olga)
    training.lay_out(by=olga)
    url = reverse("event:run_again", args=[training.pk])
    assert client.get(url).context["form"].initial["timezone"] == "Europe/Paris"

    page = client.post(url, asked, follow=True)

    again = Event.objects.get(slug="dakar")
    assert page.redirect_chain == [(reverse("event:desk", args=[again.pk]), 302)]
    assert told(page) == ["“In Dakar” is a draft now. Nobody is invited to it yet."]
    assert (again.venue, again.sessions.count(), again.timezone) == (None, 3, "Africa/Dakar")


def test_a_short_name_that_is_taken_is_said_beside_the_field(client, olga, training, asked):
    client.force_login(olga)

    page = client.post(reverse("event:run_again", args=[training.pk]), {**asked, "slug": training.slug})

    assert page.context["form"].errors == {"slug": ["Another event has this short name."]}
    assert Event.objects.count() == 1


def test_who_may_only_look_runs_nothing_again(client, training, asked):
    client.force_login(staff("reader", "rita@example.org"))

    client.post(reverse("event:run_again", args=[training.pk]), asked)
    client.post(reverse("event:lay_out", args=[training.pk]))

    assert (Event.objects.count(), training.sessions.count()) == (1, 0)


# -- Readers ----------------------------------------------------------------------------------------------------------


def test_the_page_of_a_training_says_what_it_teaches_and_to_whom(client, training):
    page = text(client.get(f"/en/events/{training.slug}/").text)

    words = ("What it teaches", "Prosecutors, Customs officers", "Exercise", "Knows Search.", "120 minutes")
    assert [word in page for word in words] == [True] * 5


def test_the_page_of_another_event_says_nothing_of_it(client, forum, curriculum):
    page = client.get(f"/en/events/{forum.slug}/").text

    assert [word in page for word in ("What it teaches", "Exercise")] == [False, False]


def test_a_trainer_is_named_in_the_published_programme(client, training, dina, olga):
    training.lay_out(by=olga)
    Appearance.objects.create(session=training.sessions.first(), person=dina, role="TRAINER")
    training.publish(by=olga)

    session = training.programme.entries.first()
    page = client.get(f"/en/events/{training.slug}/sessions/{session.guid}/").text

    assert ["Dina Haddad" in page, "Trainer" in page, "Module" in page] == [True] * 3
