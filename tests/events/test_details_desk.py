"""The organizers' side of the registration form: writing it, reading the answers, asking for what is missing."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from contacts.models import Message
from events.models import Answer, Invitation, Option
from tests.conftest import person, queries_of, staff
from tests.events.conftest import OMAR, confirmed
from tests.events.test_desk import said as told
from tests.events.test_details import approved, ask, coming, guest, option, said

pytestmark = pytest.mark.django_db
__all__ = ["approved", "guest"]


@pytest.fixture
def desk(client, olga):
    client.force_login(olga)
    return client


def at(name: str, record, *more) -> str:
    return reverse(f"{name if ':' in name else f'event:{name}'}", args=[record.pk, *more])


def written(event, **more) -> dict:
    """What the form of a question sends."""
    rows = more.pop("options", [])
    data = {"event": event.pk, "kind": "TEXT", "stage": "REGISTRATION", "depends": ""}
    data |= {"label_en": "Badge"}
    data |= {"options-TOTAL_FORMS": len(rows), "options-INITIAL_FORMS": sum("id" in row for row in rows)}
    for number, row in enumerate(rows):
        data |= {f"options-{number}-{name}": value for name, value in {"position": number, **row}.items()}
    return {**data, **more}


def labels(event) -> list[str]:
    return [str(question) for question in event.questions.all()]


def test_a_question_is_written_with_its_options_and_counted_from_the_start(desk, forum):
    options = [{"label_en": "Harbour"}, {"label_en": "Museum"}]
    data = written(forum, kind="CHOICE", label_en="Tour", label_fr="Visite", roles=["HEAD"], options=options)

    answer = desk.post(reverse("question:add"), data)

    assert answer["Location"] == at("questions", forum)
    [question] = forum.questions.all()
    assert (question.label, question.roles) == ({"en": "Tour", "fr": "Visite"}, ["HEAD"])
    assert [(str(one), one.quota.used, one.quota.size) for one in question.options.all()] == [
        ("Harbour", 0, None),
        ("Museum", 0, None),
    ]


@pytest.mark.parametrize(
    ("more", "field", "sentence"),
    [
        ({"kind": "CHOICE"}, "kind", "Write the options among which one chooses."),
        ({"options": [{"label_en": "One"}]}, "kind", "An answer of this kind has no options; take them away."),
        ({"label_en": ""}, "label", "Write it in at least one language."),
        ({"depends": "7:YES"}, "depends", "Select a valid choice. 7:YES is not one of the available choices."),
    ],
)
def test_a_question_that_cannot_be_is_refused_with_a_sentence(desk, forum, more, field, sentence):
    page = desk.post(reverse("question:add"), written(forum, **more))

    assert (page.context["form"].errors[field], forum.questions.count()) == ([sentence], 0)


def test_a_question_depends_on_an_earlier_answer_of_the_same_event(desk, forum):
    visa = ask(forum, "Visa?", "YES_NO")
    tour = ask(forum, "Tour", "CHOICE", ("Harbour",))

    desk.post(reverse("question:add"), written(forum, label_en="Passport", depends=f"{visa.pk}:YES"))
    desk.post(reverse("question:add"), written(forum, label_en="Shoes", depends=f"{tour.pk}:{option('Harbour').pk}"))

    found = {str(one): (one.only_if, one.wanted_word, one.wanted_option) for one in forum.questions.all()[2:]}
    assert found == {"Passport": (visa, "YES", None), "Shoes": (tour, "", option("Harbour"))}
    edit = desk.get(at("question:edit", forum.questions.last()))
    assert edit.context["form"]["depends"].value() == f"{tour.pk}:{option('Harbour').pk}"


def test_an_option_that_was_chosen_stays(desk, forum, guest):
    tour = ask(forum, "Tour", "CHOICE", ("Harbour", "Museum"))
    harbour, museum = option("Harbour"), option("Museum")
    guest.fill_in({tour.pk: (harbour.pk,)})
    rows = [{"id": one.pk, "label_en": str(one), "DELETE": "on"} for one in (harbour, museum)]

    page = desk.post(at("question:edit", tour), written(forum, kind="CHOICE", label_en="Tour", options=rows))
    assert "“Harbour” has been chosen" in page.text
    rows[0].pop("DELETE")
    desk.post(at("question:edit", tour), written(forum, kind="CHOICE", label_en="Tour", options=rows))

    assert list(Option.objects.all()) == [harbour]


def test_questions_are_moved_dropped_and_added_ready_made(desk, forum):
    first, second = ask(forum, "First"), ask(forum, "Second")

    desk.post(at("questions", forum), {"question": second.pk, "up": "1"})
    assert labels(forum) == ["Second", "First"]
    desk.post(at("questions", forum), {"question": first.pk, "drop": "1"})
    answer = desk.post(at("questions", forum), {"usual": "1", "sets": ["listing", "access"]})

    assert told(answer)[-1] == "2 questions are new."
    assert labels(forum)[0] == "Second"
    assert forum.questions.count() == 3
    assert told(desk.post(at("questions", forum), {"usual": "1"}))[-1] == "Nothing was ticked."


def test_places_of_an_option_are_given_and_never_fewer_than_are_taken(desk, forum, guest):
    tour = ask(forum, "Tour", "CHOICE", ("Harbour",))
    guest.fill_in({tour.pk: (option("Harbour").pk,)})

    desk.post(at("questions", forum), {"option": option("Harbour").pk, "size": "3"})
    assert option("Harbour").quota.size == 3
    answer = desk.post(at("questions", forum), {"option": option("Harbour").pk, "size": "0"})

    assert told(answer)[-1] == "More places than that are taken already."
    assert option("Harbour").quota.size == 3


def test_a_question_of_another_event_is_not_touched_from_here(desk, forum, venue):
    other = type(forum).objects.create(slug="other", title="Other", starts_on=forum.starts_on, ends_on=forum.ends_on)
    theirs = ask(other, "Theirs", "CHOICE", ("Harbour",))

    assert desk.post(at("questions", forum), {"question": theirs.pk, "drop": "1"}, follow=True).status_code == 404
    size = {"option": option("Harbour").pk, "size": "1"}
    assert desk.post(at("questions", forum), size, follow=True).status_code == 404
    assert (labels(other), option("Harbour").quota.size) == (["Theirs"], None)


def test_the_preview_shows_the_form_to_each_role(desk, forum):
    ask(forum, "Speech", roles=["HEAD"])
    ask(forum, "Flight", stage="FOLLOW_UP")
    ask(forum, "Room", is_for_managers=True)

    def shown(role):
        page = desk.get(at("form_preview", forum), {"role": role})
        return [str(one) for one in page.context["details"].questions]

    assert (shown("HEAD"), shown("DELEGATE")) == (["Speech", "Flight"], ["Flight"])


def test_the_preview_is_in_the_language_that_is_asked_for(desk, forum):
    question = ask(forum, "Flight")
    question.label = {"en": "Flight", "ar": "الرحلة"}
    question.save()

    pages = [desk.get(at("form_preview", forum), {"language": code}).text for code in ("ar", "en", "nothing")]

    assert ["الرحلة" in page for page in pages] == [True, False, False]
    assert ['dir="rtl"' in page for page in pages] == [True, False, False]


# -- Answers


def people(page) -> list[str]:
    return [str(row["invitation"].person) for row in page.context["people"]]


def test_the_answers_are_narrowed_counted_and_handed_out(desk, forum, guest, pavel, olga):
    badge = ask(forum, "Badge", is_required=True)
    tour = ask(forum, "Tour", "CHOICE", ("Harbour", "Museum"))
    other = coming(forum, pavel, olga)
    guest.fill_in({badge.pk: "=1+1", tour.pk: (option("Harbour").pk,)})
    everybody = [str(one.person) for one in (guest, other)]

    assert people(desk.get(at("answers", forum))) == everybody
    assert people(desk.get(at("answers", forum), {"missing": "1"})) == [str(other.person)]
    assert people(desk.get(at("answers", forum), {"question": badge.pk, "answered": "yes"})) == [str(guest.person)]
    assert people(desk.get(at("answers", forum), {"question": badge.pk, "answered": "no"})) == [str(other.person)]
    [(_question, options)] = desk.get(at("answers", forum)).context["options"]
    assert [(str(one), count) for one, count in options] == [("Harbour", 1), ("Museum", 0)]
    sheet = load_workbook(io.BytesIO(desk.get(at("answers", forum), {"format": "xlsx"}).content)).active
    assert [[cell.value or "" for cell in row] for row in sheet] == [
        ["Name", "Delegation", "Comes as", "Details missing", "Badge", "Tour"],
        ["Dina Haddad", "", "Delegate", "", "=1+1", "Harbour"],
        ["Pavel Novak", "", "Delegate", "Badge", "", ""],
    ]
    assert sheet["E2"].data_type == "s"


def test_a_desk_sees_the_answers_of_its_own_people_alone(client, forum, guest, french_desk, olga):
    ask(forum, "Badge", is_required=True)
    coming(forum, person("Jean", "Petit", country_id="FR"), olga)
    guest.person.affiliations.all().delete()
    french = staff("organizer", "frank@example.org")
    french.desks.add(french_desk)
    client.force_login(french)

    assert people(client.get(at("answers", forum))) == ["Jean Petit"]
    assert people(client.get(at("ask_details", forum))) == ["Jean Petit"]
    client.post(at("ask_details", forum), {"invitations": [guest.pk]})
    assert not Message.objects.filter(letter="details_missing").exists()
    answer = client.post(reverse("invitation:details", args=[guest.pk]), {}, follow=True)
    assert answer.status_code == 404


def test_a_letter_goes_to_those_ticked_who_lack_something(desk, forum, guest, pavel, olga):
    ask(forum, "Badge", is_required=True)
    other = coming(forum, pavel, olga)
    page = desk.get(at("ask_details", forum))
    assert {(row["invitation"].person.pk, *map(str, row["missing"])) for row in page.context["people"]} == {
        (guest.person_id, "Badge"),
        (other.person_id, "Badge"),
    }
    assert sorted((one.code, one.count) for one in page.context["previews"]) == [("ar", 1), ("fr", 1)]

    answer = desk.post(at("ask_details", forum), {"invitations": [guest.pk]})
    again = desk.post(at("ask_details", forum), {"invitations": [guest.pk]})

    assert told(answer)[-1] == "1 letter is in the outbox."
    assert told(again)[-1] == "Nobody who was ticked is to be asked: they lack nothing, or were asked within the hour."
    [letter] = Message.objects.filter(letter="details_missing")
    assert (letter.person, letter.language) == (guest.person, "ar")


@pytest.mark.parametrize("name", ["answers", "ask_details", "desk", "delegations"])
def test_the_pages_ask_the_database_as_often_for_three_people_as_for_one(
    desk, forum, delegation, focal, olga, settings, name
):
    ask(forum, "Badge", is_required=True)
    ask(forum, "Tour", "CHOICES", ("Harbour",))
    delegation.give("", "ROOM", 9, by=olga)
    counts = []
    for number in range(3):
        named = type(OMAR)("Omar", f"No{number}", f"omar{number}@example.org")
        one = confirmed(delegation.nominate(named, "DELEGATE", "ROOM", by=focal))
        one.fill_in({forum.questions.last().pk: (option("Harbour").pk,)})
        counts.append(queries_of(desk, at(name, forum)))

    assert counts[0] == counts[2]


def test_the_desk_and_the_table_say_how_many_lack_something(desk, forum, approved, delegation):
    ask(forum, "Badge", is_required=True)

    assert desk.get(at("desk", forum)).context["lacking"] == 1
    page = desk.get(at("delegations", forum))
    assert [one.details for one in page.context["object_list"]] == [1]
    assert f"?delegation={delegation.pk}&amp;missing=1" in page.text
    assert people(desk.get(at("answers", forum), {"delegation": delegation.pk, "missing": "1"})) == ["Layla Amari"]


# -- One person


def test_an_organizer_fills_in_what_is_for_organizers_and_sees_the_versions(desk, forum, guest, olga):
    badge, room = ask(forum, "Badge"), ask(forum, "Room", is_for_managers=True)
    guest.fill_in({badge.pk: "Dina"})
    here = reverse("invitation:inspect", args=[guest.pk])

    answer = desk.post(reverse("invitation:details", args=[guest.pk]), {badge.name: "D. Haddad", room.name: "101"})

    assert answer["Location"] == here
    found = desk.get(here).context["details_said"]
    assert [(str(question), [(one.words, one.by) for one in versions]) for question, versions in found] == [
        ("Badge", [("D. Haddad", olga), ("Dina", None)]),
        ("Room", [("101", olga)]),
    ]


def test_what_an_organizer_cannot_fill_in_is_said(desk, forum, guest):
    arrival = ask(forum, "Arrival", "DATE")

    page = desk.post(reverse("invitation:details", args=[guest.pk]), {arrival.name: "soon"})

    assert (page.status_code, page.context["details_form"].errors[arrival.name]) == (422, ["Enter a valid date."])


@pytest.mark.parametrize("role", ["reader", "front desk", "network officer", "legal officer"])
def test_the_card_shows_the_answers_only_to_who_may_see_answers(client, forum, guest, role):
    scan = ask(forum, "Scan", "FILE")
    guest.fill_in({scan.pk: SimpleUploadedFile("passport-of-dina.pdf", b"%PDF-1.7")})
    client.force_login(staff(role, "somebody@example.org"))

    page = client.get(reverse("invitation:inspect", args=[guest.pk]))

    assert (page.status_code, "passport-of-dina" in page.text) == (200, False)
    file = reverse("invitation:details_file", args=[guest.pk, Answer.objects.get().pk])
    assert client.get(file, follow=True).status_code == 404


def test_the_approvals_show_what_has_changed(desk, forum, approved, olga):
    name = ask(forum, "Name in the passport", asks_approval_again=True)
    approved.fill_in({name.pk: "Layla"})
    approved.fill_in({name.pk: "Leila"})

    page = desk.get(at("approvals", forum))
    [(member, _is_mine, changes)] = page.context["people"]
    assert (member, changes) == (approved, [(name, "Layla", "Leila")])
    desk.post(at("approvals", forum), {"members": [approved.pk]})

    assert Invitation.objects.get(pk=approved.pk).approval == "APPROVED"
    assert said(approved) == {"Name in the passport": "Leila"}


def test_the_working_list_says_who_agrees_to_what_and_the_list_for_participants_does_not(
    desk, forum, guest, pavel, olga
):
    listing = ask(forum, "May we list you?", "LISTING")
    coming(forum, pavel, olga).fill_in({listing.pk: "PARTICIPANTS"})

    def rows(kind):
        content = desk.get(at("participants", forum), {"list": kind, "format": "xlsx", "language": "en"}).content
        return [[cell.value for cell in row] for row in load_workbook(io.BytesIO(content)).active]

    assert ([row[2] for row in rows("final")], rows("final")[0][-1]) == (["Name", "Mr Pavel Novak"], "Standing")
    assert [(row[2], row[-1]) for row in rows("draft")] == [
        ("Name", "Agrees to be listed"),
        ("Dr Dina Haddad", "Not listed"),
        ("Mr Pavel Novak", "In the list for participants"),
    ]
    page = desk.get(at("participants", forum)).text
    assert ("whoever does not agree to be listed is left out" in page, "Do not hand it out." in page) == (True, True)


@pytest.mark.parametrize("role", ["reader", "front desk", "network officer", "legal officer"])
def test_who_may_only_look_fills_nothing_in(client, forum, guest, role):
    badge = ask(forum, "Badge")
    client.force_login(staff(role, "somebody@example.org"))

    client.post(reverse("invitation:details", args=[guest.pk]), {badge.name: "Dina"})

    assert said(guest) == {}
