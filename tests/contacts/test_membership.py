"""Suspending, reinstating and ending the membership of any organization, with its letters and its rows."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.models import ModelLogEntry

from contacts.models import Affiliation, Application, Message, Person, PersonEmail
from contacts.models.membership import Membership
from network.models import Organization
from network.viewsets.timeline import timeline
from tests.conftest import staff
from tests.contacts.test_application import in_review

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(customs):
    """Gives somebody a post at the customs."""

    def post(family_name: str, address: str = "", *, languages=("en",), **facts) -> Person:
        person = Person(given_name="A", family_name=family_name, languages=list(languages))
        person.emails = [PersonEmail(address=address, is_primary=True)] * bool(address)
        person.save()
        Affiliation.objects.create(person=person, organization=customs, **facts)
        return person

    return post


def told() -> list[tuple[str, str, str]]:
    return list(Message.objects.order_by("pk").values_list("to_address", "language", "letter"))


def test_its_focal_points_and_its_head_are_told_in_their_languages(noor, customs, post):
    post("Head", "head@example.org", languages=["fr"], is_head=True)
    post("Focal", "focal@example.org", languages=["ar"], is_focal_point=True)
    post("Clerk", "clerk@example.org")
    post("Former", "former@example.org", is_head=True, ends_on="2020-01-01")
    post("Silent", is_focal_point=True)

    assert Membership(customs).suspend("An inquiry is open.", by=noor) == 2

    assert told() == [
        ("head@example.org", "fr", "membership_suspended"),
        ("focal@example.org", "ar", "membership_suspended"),
    ]
    letter = Message.objects.get(language="fr")
    assert (letter.about, letter.link) == (customs, "")
    assert customs.name in letter.subject
    assert "An inquiry is open." in letter.text
    assert "https://your-own-link.invalid/" not in letter.text + letter.html
    customs.refresh_from_db()
    assert customs.status == "SUSPENDED"


def test_an_organization_without_people_is_written_to_itself(noor, customs):
    Organization.objects.filter(pk=customs.pk).update(email="office@example.org")
    customs.refresh_from_db()

    assert Membership(customs).end("It was dissolved.", by=noor) == 1
    assert told() == [("office@example.org", "en", "membership_ended")]
    assert "Dear Sir or Madam," in Message.objects.get().text


def test_who_cannot_be_reached_is_no_reason_to_keep_a_member(noor, customs):
    assert Membership(customs).end("It was dissolved.", by=noor) == 0

    customs.refresh_from_db()
    assert (customs.status, told()) == ("ENDED", [])


def test_the_applicant_is_told_with_the_way_to_their_page_and_nobody_twice(noor, post):
    application = in_review(noor)
    application.admit(by=noor)
    organization, person = application.organization, application.person
    Affiliation.objects.filter(person=person, organization=organization).update(is_focal_point=True)
    Message.objects.all().delete()

    Membership(organization).suspend("An inquiry is open.", by=noor)

    application.refresh_from_db()
    letter = Message.objects.get()
    assert (application.state, letter.about, letter.to_address) == ("SUSPENDED", application, application.email)
    assert application.link in letter.with_link(letter.text)


def test_its_applications_and_it_stand_alike_whichever_is_acted_on(noor):
    application = in_review(noor)
    application.admit(by=noor)
    membership, standings = Membership(application.organization), []

    def stand() -> None:
        application.refresh_from_db()
        standings.append((application.state, Organization.objects.get().status))

    application.suspend("An inquiry is open.", by=noor)
    stand()
    membership.reinstate(by=noor)
    stand()
    membership.end("It was dissolved.", by=noor)
    stand()

    assert standings == [("SUSPENDED", "SUSPENDED"), ("ADMITTED", "ACTIVE"), ("ENDED", "ENDED")]
    assert list(application.steps.values_list("kind", flat=True))[-3:] == ["SUSPENDED", "REINSTATED", "ENDED"]


def test_what_has_ended_by_mistake_comes_back_and_its_old_application_stays_decided(noor):
    application = in_review(noor)
    application.admit(by=noor)
    application.end("It was dissolved.", by=noor)

    Membership(application.organization).reinstate(by=noor)

    application = Application.objects.get()
    assert (application.state, application.organization.status) == ("ENDED", "ACTIVE")


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        (lambda one, noor: one.suspend(" ", by=noor), "Say why it is suspended."),
        (lambda one, noor: one.end("", by=noor), "Say why it ends."),
        (lambda one, noor: one.reinstate(by=noor), "This has been changed in the meantime."),
    ],
)
def test_a_verb_out_of_turn_or_without_a_reason_changes_nothing(noor, customs, act, sentence):
    with pytest.raises(ValidationError, match=sentence):
        act(Membership(customs), noor)

    customs.refresh_from_db()
    assert (customs.status, told(), list(Membership(customs).steps())) == ("ACTIVE", [], [])


def test_the_history_says_what_and_why_and_the_timeline_too(noor, customs):
    Membership(customs).suspend("An inquiry is open.", by=noor)
    Membership(customs).reinstate(by=noor)

    changes = [row.data["changes"] for row in ModelLogEntry.objects.for_instance(customs).order_by("pk")]
    assert [change[0] for change in changes[0]] == ["status", "reason"]
    entries = timeline(customs, noor, kind="membership")
    assert [(str(entry.title), entry.detail, entry.by) for entry in entries] == [
        ("Membership reinstated", "", str(noor)),
        ("Membership suspended", "An inquiry is open.", str(noor)),
    ]


# -- the screens


def said(answer) -> list[str]:
    return [str(message).strip() for message in answer.context["messages"]]


def test_an_officer_suspends_from_the_card_and_sees_who_is_told(client, noor, customs, post):
    client.force_login(noor)
    head = post("Head", "head@example.org", is_head=True)
    card = reverse("organization:inspect", args=[customs.pk])
    before = client.get(card).content.decode()
    assert f"<bdi>{head}</bdi>" in before

    answer = client.post(reverse("membership:suspend", args=[customs.pk]), {"text": "An inquiry."}, follow=True)

    assert said(answer) == ["The membership is suspended. 1 letter says so."]
    after = client.get(card).content.decode()
    assert [address in after for address in (f"{customs.pk}/reinstate/", f"{customs.pk}/suspend/")] == [True, False]
    assert "An inquiry." in after
    answer = client.post(reverse("membership:end", args=[customs.pk]), {"text": ""}, follow=True)
    assert said(answer) == ["Say why it ends."]


def test_the_form_of_an_organization_has_no_field_for_what_verbs_decide(client, noor, customs):
    client.force_login(noor)

    form = client.get(reverse("organization:edit", args=[customs.pk])).context["form"]

    assert "status" not in form.fields


def test_another_desk_can_neither_see_nor_end_it(client, customs, fatou):
    elsewhere = Organization.objects.create(kind="GOVERNMENT", name="Nairobi Customs", country_id="KE")
    client.force_login(fatou)

    urls = [reverse(f"membership:{act}", args=[elsewhere.pk]) for act in ("suspend", "end")]
    answers = [client.post(url, {"text": "x"}, follow=True) for url in urls]

    elsewhere.refresh_from_db()
    assert ([answer.status_code for answer in answers], elsewhere.status) == ([404, 404], "ACTIVE")


def test_who_only_reads_is_shown_no_button(client, customs, post):
    post("Head", "head@example.org", is_head=True)
    reader = staff("legal officer", "lena@example.org")
    client.force_login(reader)

    card = client.get(reverse("organization:inspect", args=[customs.pk]))
    answer = client.post(reverse("membership:end", args=[customs.pk]), {"text": "x"})

    assert (card.status_code, "membership/" in card.content.decode(), answer.status_code) == (200, False, 302)
    customs.refresh_from_db()
    assert customs.status == "ACTIVE"


def test_a_desk_neither_learns_who_stands_for_an_international_body_nor_decides_about_it(client, fatou):
    world = Organization.objects.create(kind="IGO", name="World Body")
    secret = Person.objects.create(given_name="Secret", family_name="Focal", country_id="KE")
    PersonEmail.objects.create(person=secret, address="secret@example.org", is_primary=True)
    Affiliation.objects.create(person=secret, organization=world, is_focal_point=True)
    client.force_login(fatou)

    card = client.get(reverse("organization:inspect", args=[world.pk])).content.decode()
    answer = client.post(reverse("membership:end", args=[world.pk]), {"text": "x"}, follow=True)

    assert ("World Body" in card, "Secret" in card, f"{world.pk}/end/" in card) == (True, False, False)
    assert said(answer) == ["None of your desks keeps this organization. Somebody else has to decide."]
    world.refresh_from_db()
    assert (world.status, told()) == ("ACTIVE", [])


def test_a_desk_reads_what_went_to_an_organization_of_its_own_at_its_own_address(client, noor, fatou, customs):
    guard = Organization.objects.create(
        kind="LAW_ENFORCEMENT", name="Guard", country_id="KE", email="guard@example.org"
    )
    Organization.objects.filter(pk=customs.pk).update(email="customs@example.org")
    customs.refresh_from_db()
    for organization in (customs, guard):
        Membership(organization).suspend("An inquiry is open.", by=noor)

    def read_by(viewer) -> set[str]:
        return set(Message.objects.visible_to(viewer).values_list("to_address", flat=True))

    assert read_by(noor) == {"customs@example.org", "guard@example.org"}
    assert read_by(fatou) == {"customs@example.org"}


def test_a_letter_calls_the_organization_as_its_reader_does(noor, customs, post):
    customs.other_names.create(kind="TRANSLATION", language="fr", name="Douanes d’Exemple")
    post("Head", "head@example.org", languages=["fr"], is_head=True)

    Membership(customs).suspend("An inquiry is open.", by=noor)

    assert "Douanes d’Exemple" in Message.objects.get().subject
