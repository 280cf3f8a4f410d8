"""The demonstration is a believable house, loaded once, through the verbs that people use."""

import datetime
from collections import Counter

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from icalendar import Calendar
from wagtail.models import Page

from config import demo
from config.roles import ROLES
from contacts.models import Agreement, Delivery, Interaction, Message, Person, Task, User
from events.models import (
    Commitment,
    Event,
    FormalLetter,
    Invitation,
    Mission,
    MissionReport,
    Questionnaire,
    Registration,
)
from events.models.agenda import clashes
from events.models.results import comparison, why_hidden
from legal.models import Assistance, Instrument, Suggestion
from legal.models.effect import effects
from legal.models.gaps import gap_matrix
from network.models import Country, CountryGroup, Organization

pytestmark = [pytest.mark.slow, pytest.mark.same_everywhere, pytest.mark.django_db]

LANGUAGES = [code for code, _name in settings.LANGUAGES]
COMING, PAST, DRAFT = "illicit-trade-marseille", "illicit-trade-nairobi", "free-zone-controls-panama"


@pytest.fixture(scope="module", autouse=True)
def house(django_db_setup, django_db_blocker):
    """Loaded once for all tests here, and taken away at the end."""
    quick = override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])
    with django_db_blocker.unblock(), transaction.atomic(), quick:
        call_command("load_demo", verbosity=0)
        yield
        transaction.set_rollback(True)


def all_rows() -> dict[str, int]:
    return {model._meta.label: model._base_manager.count() for model in apps.get_models() if model._meta.managed}


def event(slug: str) -> Event:
    return Event.objects.get(slug=slug)


def test_loading_it_twice_changes_nothing(capsys):
    before = all_rows()

    call_command("load_demo")

    assert (all_rows(), capsys.readouterr().out) == (before, "")


def test_it_says_with_which_account_each_role_signs_in(client, capsys):
    call_command("load_demo", sign_ins=True)

    said = capsys.readouterr().out
    for role in ROLES:
        assert demo.address(role.name) in said
        assert client.login(email=demo.address(role.name), password=demo.PASSWORD) is True


def test_the_members_of_interpol_are_a_group_of_196_countries():
    assert CountryGroup.objects.get(slug="interpol").countries.count() == 196


def test_there_are_about_sixty_bodies_of_every_kind():
    kinds = Counter(Organization.objects.values_list("kind", flat=True))

    assert (set(kinds), kinds.total() >= 55) == (set(Organization.Kind.values), True)


def test_every_invented_person_has_an_address_that_reaches_nobody():
    hosts = {host.rpartition(".")[2] for host in Person.objects.values_list("emails__address", flat=True)}

    assert (Person.objects.count() >= 60, hosts) == (True, {"example"})


def test_one_forum_is_over_and_one_is_to_come():
    today = timezone.localdate()

    forums = Event.objects.filter(kind=Event.Kind.FORUM).order_by("starts_on")

    assert [(forum.slug, forum.ends_on < today) for forum in forums] == [(PAST, True), (COMING, False)]
    assert [(forum.ends_on - forum.starts_on).days for forum in forums] == [1, 1]
    assert [forum.status for forum in forums] == ["ANNOUNCED", "ANNOUNCED"]


@pytest.mark.parametrize("slug", [COMING, PAST])
def test_each_forum_has_a_programme_of_two_days_with_rooms_and_speakers(slug):
    entries = event(slug).programme.entries.all()

    assert len(set(entries.values_list("day", flat=True))) == 2
    assert len(set(entries.exclude(room_slug="").values_list("room_slug", flat=True))) >= 2
    assert len(entries) >= 14
    assert any(entry.people for entry in entries)


def test_invitations_are_in_every_state():
    states = set(Invitation.objects.values_list("state", "reply"))

    assert {state for state, _reply in states} == set(Invitation.State.values)
    assert {reply for state, reply in states if state == "SENT"} == set(Invitation.Reply.values)
    assert Invitation.objects.exclude(reason="").filter(reply="DECLINED").exists()


def test_the_seats_of_the_coming_forum_are_gone_and_some_wait():
    quota = event(COMING).seats
    seats = Counter(event(COMING).registrations.filter(place="ROOM").values_list("state", flat=True))

    assert (quota.used, seats["CONFIRMED"], seats["WAITING"]) == (quota.size, quota.size, 4)
    assert event(DRAFT).registrations.count() == 0


def test_every_seat_came_from_an_invitation_that_was_accepted():
    seated = Registration.objects.exclude(state="CANCELLED").values_list("event", "person")
    accepted = Invitation.objects.accepted().exclude(approval="PENDING").values_list("event", "person")

    assert set(seated) == set(accepted)


def test_of_the_past_forum_some_came_some_have_a_certificate_and_it_is_public_what_was_undertaken(client):
    past = event(PAST)
    certified = FormalLetter.objects.certificates().filter(event=past).count()

    assert 0 < certified < past.registrations.present().count()
    assert client.get(f"/ar/events/{PAST}/commitments/").status_code == 200


def test_a_training_is_over_with_certificates_and_one_is_to_come_on_the_same_curriculum(client):
    coming, past = event(DRAFT), event("free-zone-controls-tangier")
    trained = FormalLetter.objects.trained().filter(event=past)

    assert (past.curriculum, past.ends_on < timezone.localdate()) == (coming.curriculum, True)
    assert 0 < trained.count() < past.registrations.present().count()
    assert [bool(lesson.session and lesson.trainers) for lesson in past.lessons()] == [True] * 4
    assert [lesson.session for lesson in coming.lessons()] == [None] * 4
    assert len(client.get("/ar/events/free-zone-controls-tangier/").context["papers"].documents) == 1


def test_of_the_missions_one_is_reported_one_lacks_its_report_and_somebody_is_wanted_at_two_places():
    missions = Mission.objects.prefetch_related("envoys__person")

    assert (MissionReport.objects.count(), missions.lacking_report().count(), missions.coming().count()) == (1, 1, 2)
    assert Interaction.objects.exclude(encounter=None).count() == 2
    wanted = clashes(missions, demo.User.objects.get(is_superuser=True))
    assert [(one.person.given_name, one.other) for one in wanted] == [
        ("Rafael", event(COMING)),
        ("Zainab", event(COMING)),
    ]


def test_the_past_forum_has_been_rated_and_a_training_is_compared_before_and_after():
    rated = event(PAST).questionnaires.get()
    after = Questionnaire.objects.get(kind="AFTER")

    assert (rated.is_anonymous, why_hidden(rated), rated.sheets.count() >= 12) == (True, "", True)
    compared = comparison(after, User.objects.get(email=demo.address("organizer")))
    assert (len(compared.people), compared.after > compared.before) == (6, True)
    feedback = after.event.questionnaires.get(kind="FEEDBACK")
    assert (feedback.takes_sheets(), why_hidden(feedback) != "") == (True, True)


def test_letters_of_the_past_forum_are_not_sent_today():
    past = Message.objects.about(*event(PAST).invitations.all())

    assert past.count() > 0
    assert Delivery.objects.due().filter(message__in=past).count() == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_there_in_this_language(client, language):
    pages = Page.objects.live().filter(locale__language_code=language, depth__gte=2).exclude(depth=1)
    kinds = Counter(page.specific_class.__name__ for page in pages)

    answers = {page.url: client.get(page.url) for page in pages}

    assert kinds == {"HomePage": 1, "ForumPage": 2, "ArticlePage": 2}
    assert {url: answer.status_code for url, answer in answers.items()} == dict.fromkeys(answers, 200)
    direction = "rtl" if language == "ar" else "ltr"
    assert [f'<html lang="{language}" dir="{direction}">' in answer.text for answer in answers.values()] == [True] * 5


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_front_door_opens_in_this_language(client, language):
    assert client.get(f"/{language}/").status_code == 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_event_programme_sessions_and_calendars_answer_in_this_language(client, language):
    base = f"/{language}/events/{COMING}/"
    session = event(COMING).programme.entries.visible_to(None).first()
    paths = ["", "programme/", "programme/?day=all", f"sessions/{session.guid}/", "event.ics", "programme.ics"]

    assert [client.get(base + path).status_code for path in paths] == [200] * len(paths)
    written = Calendar.from_ical(client.get(f"{base}programme.ics").content).events
    assert len(written) == event(COMING).programme.entries.visible_to(None).for_calendar().count()


def test_a_draft_is_nowhere(client):
    assert client.get(f"/en/events/{DRAFT}/").status_code == 404


def test_who_has_a_letter_can_still_answer(client):
    invitation = event(COMING).invitations.open().first()
    path = f"/{invitation.language}/invitations/{invitation.token}/"

    assert client.post(path, {"reply": "TENTATIVE"}).status_code == 302
    assert Invitation.objects.get(pk=invitation.pk).reply == "TENTATIVE"


def test_it_is_not_loaded_beside_other_data(django_db_blocker, capsys):
    with transaction.atomic():
        for held in (Agreement, Assistance, Commitment, Mission, Task):  # they hold their owners
            held.objects.all().delete()
        demo.User.objects.all().delete()
        call_command("load_demo")
        transaction.set_rollback(True)

    assert capsys.readouterr().out == "There is data already: the demonstration is not loaded.\n"


def test_our_help_to_senegal_has_changed_what_its_law_meets():
    convention, helped = Instrument.objects.get(slug="demo-illicit-trade-convention"), Assistance.objects.published()
    officer = User.objects.get(email="legal-officer@entente.example")

    matrix = gap_matrix(Country.objects.get(code="SN"), convention, officer)
    [effect] = effects(helped.get(), officer)

    assert Counter(line.grade.value for line in matrix.lines) == {"FULL": 4, "PARTIAL": 1, "NOT_ASSESSED": 3}
    assert [line.unit.eid for line in effect.lines] == ["art_1", "art_2", "art_3", "art_4", "art_6"]
    assert [one.state for one in Suggestion.objects.order_by("pk")] == ["WAITING", "RETURNED"]


def test_its_forum_is_always_on_working_days():
    assert [event(slug).starts_on.weekday() < 5 for slug in (COMING, PAST)] == [True, True]
    assert event(COMING).starts_on - timezone.localdate() > datetime.timedelta(days=100)


def test_a_forum_has_papers_in_several_languages_and_the_past_one_has_minutes(client):
    papers = client.get(f"/ar/events/{COMING}/").context["papers"]

    assert [(one["kind"], len(one["others"])) for one in papers.documents] == [("PDF", 3)]
    assert event(COMING).documents.count() == 5
    assert [len(one["others"]) for one in client.get(f"/en/events/{PAST}/").context["papers"].minutes] == [3]
