"""The organizers' side of questionnaires: writing, asking, and the results."""

import csv
import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from contacts.models import Message
from events.models import Item, Questionnaire
from events.models.results import comparison
from tests.conftest import person, queries_of, staff
from tests.events.test_desk import said as told
from tests.events.test_details import coming
from tests.events.test_questionnaire import answer, asked, before, begun, came, guest, labels, opened, over, past, pick

pytestmark = pytest.mark.django_db
__all__ = ["before", "guest", "past"]
SECRET = "A quiet word"


@pytest.fixture
def desk(client, olga):
    client.force_login(olga)
    return client


def at(name: str, record) -> str:
    return reverse(name if ":" in name else f"questionnaire:{name}", args=[record.pk])


def test_a_questionnaire_is_begun_written_opened_asked_for_and_closed(desk, past, guest):
    desk.post(at("event:questionnaires", past), {"kind": "FEEDBACK"})
    feedback = Questionnaire.objects.get()
    here = at("desk", feedback)
    assert (feedback.is_anonymous, str(feedback)) == (True, "How was it?")

    assert told(desk.post(here, {"usual": "1"}))[-1] == "Nothing was ticked."
    desk.post(here, {"usual": "1", "sets": ["event"]})
    first = feedback.items.first()
    desk.post(here, {"item": first.pk, "down": "1"})
    desk.post(here, {"item": feedback.items.first().pk, "drop": "1"})
    assert (labels(feedback)[0], len(labels(feedback))) == ("Content of the sessions", 7)
    desk.post(here, {"open": "1"})
    assert told(desk.post(at("ask", feedback)))[-1] == "1 letter is in the outbox."
    told_again = told(desk.post(at("ask", feedback)))[-1]
    assert told_again == "Nobody is to be asked: all have answered, or were asked within the hour."
    desk.post(here, {"close": "1"})

    feedback.refresh_from_db()
    assert (feedback.is_over(), Message.objects.filter(letter="feedback_request").count()) == (True, 1)
    assert told(desk.post(at("ask", feedback)))[-1] == "It is not open."


def test_an_unseen_one_is_deleted_and_a_second_assessment_refused(desk, past, olga):
    draft = begun(past, "BEFORE", olga)
    answer = desk.post(at("event:questionnaires", past), {"kind": "BEFORE"})
    assert told(answer)[-1] == "This event has such an assessment already."

    desk.post(at("desk", draft), {"dispose": "1"})

    assert Questionnaire.objects.count() == 0


def written(questionnaire, *options: str, **more) -> dict:
    """What the form of a question sends; an option that begins with + is right."""
    data = {
        "questionnaire": questionnaire.pk,
        "kind": "RATING",
        "label_0": "Seal",
        "label_en": "Seal",
        "right_word": "",
    }
    data |= {"options-TOTAL_FORMS": len(options), "options-INITIAL_FORMS": 0}
    for number, label in enumerate(options):
        data |= {f"options-{number}-label_en": label.lstrip("+"), f"options-{number}-position": number}
        data |= {f"options-{number}-is_right": "on"} if label.startswith("+") else {}
    return {**data, **more}


def test_a_question_of_a_test_is_written_with_what_is_right(desk, past, olga):
    test = begun(past, "BEFORE", olga)

    answer = desk.post(reverse("item:add"), written(test, "+Customs", "Carrier", kind="CHOICE"))

    assert answer["Location"] == at("desk", test)
    [item] = test.items.all()
    assert [(str(one), one.is_right) for one in item.options.all()] == [("Customs", True), ("Carrier", False)]
    assert "scored" in desk.get(at("desk", test)).text


@pytest.mark.parametrize(
    ("options", "more", "field", "sentence"),
    [
        ((), {"kind": "CHOICE"}, "kind", "Write the options among which one chooses."),
        (("One",), {}, "kind", "An answer of this kind has no options; take them away."),
        (("+A", "+B"), {"kind": "CHOICE"}, "kind", "Of several options one chooses one, so only one can be right."),
        (
            (),
            {"right_word": "YES"},
            "right_word",
            "Only a question with yes or no has such a right answer; mark options instead.",
        ),
    ],
)
def test_a_question_that_cannot_be_is_refused_with_a_sentence(desk, past, olga, options, more, field, sentence):
    test = begun(past, "BEFORE", olga)

    page = desk.post(reverse("item:add"), written(test, *options, **more))

    assert (page.context["form"].errors[field], test.items.count()) == ([sentence], 0)


def test_what_somebody_has_answered_is_changed_by_no_form(desk, past, guest, olga):
    feedback = opened(past, olga)
    answer(feedback, guest, "4")
    item = feedback.items.first()

    edited = desk.post(at("item:edit", item), written(feedback, label_en="Other"))
    added = desk.post(reverse("item:add"), written(feedback))

    for page in (edited, added):
        assert page.context["form"].non_field_errors() == [
            "Somebody has answered; what is asked cannot be changed any more."
        ]
    assert labels(feedback) == ["Content", "Missing"]


def test_what_people_were_promised_stays(desk, past, olga):
    feedback = opened(past, olga, is_anonymous=True)
    form = {"title_en": "New title", "closes_on": ""}

    desk.post(at("edit", feedback), form)
    late = desk.post(at("edit", feedback), {**form, "closes_on": "2999-01-01"})

    feedback.refresh_from_db()
    assert (str(feedback), feedback.is_anonymous) == ("New title", True)
    [sentence] = late.context["form"].errors["closes_on"]
    assert sentence.startswith("The links in the letters expire on ")


def test_the_preview_is_in_the_language_that_is_asked_for(desk, past, olga):
    feedback = begun(past, "FEEDBACK", olga)
    Item.objects.add_usual(feedback, ["event"], by=olga)

    page = desk.get(at("preview", feedback), {"language": "fr"})

    assert ('<html lang="fr"' in page.text, "Le contenu des séances" in page.text) == (True, True)


def test_the_letters_are_previewed_and_of_an_anonymous_one_no_names_are_shown(desk, past, guest, olga):
    named, secret = opened(past, olga), opened(past, olga, is_anonymous=True)

    pages = [desk.get(at("ask", one)) for one in (named, secret)]

    assert [[str(seat.person) for seat in page.context["people"]] for page in pages] == [["Dina Haddad"], []]
    assert [[one.letter.name for one in page.context["previews"]] for page in pages] == [["feedback_request"]] * 2


# -- Results


def handed_in(past, olga, count: int, *, is_anonymous: bool) -> Questionnaire:
    feedback = opened(past, olga, is_anonymous=is_anonymous)
    for number, one in enumerate(past.invitations.order_by("pk")[:count]):
        answer(feedback, one, str(1 + number % 5), SECRET if not number else "")
    return feedback


@pytest.fixture
def crowd(forum, olga):
    came(forum, olga, 6)
    over(forum)
    return forum


def test_the_results_say_what_was_said_and_the_file_who_said_it(desk, crowd, olga):
    feedback = handed_in(crowd, olga, 2, is_anonymous=False)

    page = desk.get(at("results", feedback))
    sheet = load_workbook(io.BytesIO(desk.get(at("results", feedback), {"format": "xlsx"}).content)).active

    assert (page.context["ratings"][0].mean, page.context["tallies"][1].words) == (1.5, [SECRET])
    assert '<rect class="chart-bar__fill" width="50" height="10"/>' in page.text
    rows = sorted([cell.value or "" for cell in row] for row in list(sheet)[1:])
    assert [[row[0], *row[4:]] for row in rows] == [["Ada Guest", "1", SECRET], ["Bo Guest", "2", ""]]


def test_the_file_of_an_anonymous_one_names_nobody_and_no_time(desk, crowd, olga):
    feedback = handed_in(crowd, olga, 5, is_anonymous=True)
    feedback.close(by=olga)

    content = desk.get(at("results", feedback), {"format": "csv"}).content.decode("utf-8-sig")

    headings, *rows = csv.reader(io.StringIO(content))
    assert (headings, sorted(rows)) == (
        ["Content", "Missing"],
        [["1", SECRET], ["2", ""], ["3", ""], ["4", ""], ["5", ""]],
    )


@pytest.mark.parametrize(("count", "close"), [(5, False), (4, True)])
def test_hidden_results_are_nowhere(desk, crowd, olga, count, close):
    feedback = handed_in(crowd, olga, count, is_anonymous=True)
    if close:
        feedback.close(by=olga)

    page = desk.get(at("results", feedback))

    assert (bool(page.context["why_hidden"]), SECRET in page.text, page.context["ratings"]) == (True, False, [])
    for kind in ("xlsx", "csv"):
        assert SECRET not in desk.get(at("results", feedback), {"format": kind}, follow=True).text
        assert desk.get(at("results", feedback), {"format": kind}, follow=True).status_code == 404


def test_no_cell_of_the_file_is_taken_for_a_formula(desk, past, guest, olga):
    feedback = opened(past, olga)
    answer(feedback, guest, "4", "=1+1")

    content = desk.get(at("results", feedback), {"format": "csv"}).content.decode("utf-8-sig")
    sheet = load_workbook(io.BytesIO(desk.get(at("results", feedback), {"format": "xlsx"}).content)).active

    assert list(csv.reader(io.StringIO(content)))[1][-1] == "'=1+1"
    assert (sheet["F2"].value, sheet["F2"].data_type) == ("=1+1", "s")


def both(past, before, olga, *said: tuple) -> Questionnaire:
    """People with what they said before and after; None where they handed nothing in."""
    after = begun(past, "AFTER", olga)
    Item.objects.add_those_before(after, by=olga)
    after.open(by=olga)
    for invitation, parts in zip(past.invitations.order_by("pk"), said, strict=True):
        for questionnaire, part in zip((before, after), parts, strict=True):
            if part:
                seals, photo, grade = part
                answer(questionnaire, invitation, pick(questionnaire.items.first(), *seals), photo, grade)
    return after


ALL, NONE = (("Customs", "Police"), "NO", "5"), ((), "YES", "1")


def test_before_and_after_are_compared_for_those_who_handed_both_in(desk, crowd, olga):
    test = _test(crowd, olga)
    middle = (("Customs", "Police"), "YES", "3")
    after = both(crowd, test, olga, (NONE, ALL), (middle, ALL), (NONE, None), (None, NONE), (None, None), (ALL, middle))

    found = comparison(after, olga)

    assert [(one.name, one.before, one.after, one.gain) for one in found.people] == [
        ("Ada Guest", 0, 100, 100),
        ("Bo Guest", 50, 100, 50),
        ("Fay Guest", 100, 50, -50),
    ]
    assert (found.before, found.after) == (50, 83)
    assert [(str(one.item), one.before, one.after, one.gain) for one in found.gains] == [
        ("Seal", 67, 100, 33),
        ("Photo", 33, 67, 34),
        ("Knowledge", 3.0, 4.3, 1.3),
    ]
    page = desk.get(at("results", after))
    assert [sheet.score for sheet in page.context["people"]] == [2, 2, 1, 0]


def _test(event, olga) -> Questionnaire:
    test = begun(event, "BEFORE", olga)
    asked(test, "Seal", "CHOICES", ("+Customs", "+Police", "Carrier"))
    asked(test, "Photo", "YES_NO", right_word="NO")
    asked(test, "Knowledge")
    test.closes_on = event.ends_on.replace(year=event.ends_on.year + 1)
    test.save()
    test.open(by=olga)
    return test


# -- Who sees what


def test_a_desk_sees_the_named_sheets_of_its_own_people_alone(client, crowd, french_desk, olga):
    jean = person("Jean", "Petit", country_id="FR")
    crowd.starts_on = crowd.ends_on = crowd.ends_on.replace(year=crowd.ends_on.year + 2)
    crowd.save()
    coming(crowd, jean, olga)
    over(crowd)
    feedback = opened(crowd, olga)
    for one in crowd.invitations.all():
        answer(feedback, one, "4", f"By {one.person.given_name}")
    french = staff("organizer", "frank@example.org")
    french.desks.add(french_desk)
    client.force_login(french)

    page = client.get(at("results", feedback))
    content = client.get(at("results", feedback), {"format": "csv"}).content.decode("utf-8-sig")

    assert page.context["tallies"][1].words == ["By Jean"]
    assert ("By Ada" in page.text, "Ada" in content, "Jean" in content) == (False, False, True)


@pytest.mark.parametrize("role", ["reader", "front desk", "network officer", "legal officer"])
def test_who_does_not_run_events_reads_no_answer(client, past, guest, olga, role):
    feedback = opened(past, olga)
    answer(feedback, guest, "4", SECRET)
    client.force_login(staff(role, "somebody@example.org"))

    for name in ("desk", "ask", "results", "preview"):
        assert SECRET not in client.get(at(name, feedback), follow=True).text
    card = client.get(reverse("event:desk", args=[past.pk]))
    assert ("How was it?" in card.text, at("results", feedback) in card.text) == (True, False)


@pytest.mark.parametrize("name", ["event:questionnaires", "event:desk", "desk", "ask", "results"])
def test_the_pages_ask_the_database_as_often_for_three_sheets_as_for_one(desk, crowd, olga, name):
    feedback = opened(crowd, olga)
    record = crowd if name.startswith("event:") else feedback
    counts = []
    for number, one in enumerate(crowd.invitations.order_by("pk")[:3]):
        answer(feedback, one, "4", f"Words {number}")
        counts.append(queries_of(desk, at(name, record)))

    assert counts[0] == counts[2]


def test_the_letters_of_an_anonymous_one_do_not_tell_who_has_not_answered(desk, crowd, olga):
    """One steps through all to whom it is put, before and after somebody has answered; nobody can be told by it."""
    feedback = opened(crowd, olga, is_anonymous=True)

    def shown() -> list[tuple]:
        page = desk.get(at("ask", feedback))
        return [(one.invitation, one.position, one.count) for one in page.context["previews"]]

    before = shown()
    answer(feedback, before[0][0], "4", "Words")

    assert (shown(), len(before) > 0, feedback.unanswered().count()) == (before, True, before[0][2] - 1)


def test_the_letter_to_each_of_those_who_are_asked_can_be_looked_at(desk, crowd, olga):
    feedback = opened(crowd, olga)
    [first] = desk.get(at("ask", feedback)).context["previews"]

    [second] = desk.get(at("ask", feedback), {"reader": first.after}).context["previews"]

    assert (second.position, second.invitation.pk) == (2, first.after)
