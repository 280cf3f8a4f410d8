"""The screens of screening: loading a list, answering questions, and who may see that somebody was asked about."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from contacts.models import Person, ScreeningQuestion, ScreeningRun, User, Watchlist
from network.models import Country, Desk
from tests.conftest import person, queries_of, rows_of_sheet, staff
from tests.contacts.conftest import HEADER
from tests.contacts.test_screening import HARBOUR, NOWAK, run
from tests.contacts.test_watchlist_files import ADD, ALT, SDN

QUEUE = "screeningquestion:index"


@pytest.fixture
def desk(client, noor):
    client.force_login(noor)
    return client


@pytest.fixture
def question(load, pavel) -> ScreeningQuestion:
    load(NOWAK)
    run()
    return ScreeningQuestion.objects.get()


def sent(*rows: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("targets.simple.csv", "\n".join([HEADER, *rows, ""]).encode())


def test_an_officer_loads_a_list_and_the_worker_compares(desk, pavel, noor):
    assert "No list is loaded, so nobody is compared." in desk.get(reverse("watchlist:index")).text
    assert "No watchlist is loaded" in desk.get(reverse(QUEUE)).text

    page = desk.post(
        reverse("watchlist:add"), {"name": "Invented", "kind": "OPENSANCTIONS", "file": sent(NOWAK)}, follow=True
    )

    assert "“Invented”: 1 entries loaded." in page.text
    assert "The worker will compare everybody in a moment." in desk.get(reverse(QUEUE)).text
    assert (Watchlist.objects.get().loaded_by, run()) == (noor, ["Pavel Novak and Pavel Nowak"])


def test_a_file_with_a_fault_comes_back_with_its_place(desk):
    form = {"name": "Invented", "kind": "OPENSANCTIONS", "file": sent(NOWAK, "NK-2,Person,,,,,,")}

    page = desk.post(reverse("watchlist:add"), form)

    assert page.context["form"].errors["file"] == ["Row 3: the entry has no name."]
    assert Watchlist.objects.count() == 0


def test_the_files_of_ofac_are_loaded_in_one_go(desk):
    beside = [SimpleUploadedFile("add.csv", ADD.encode()), SimpleUploadedFile("alt.csv", ALT.encode())]
    form = {"name": "OFAC", "kind": "OFAC", "file": SimpleUploadedFile("sdn.csv", SDN.encode())}

    desk.post(reverse("watchlist:add"), {**form, "beside": beside})

    entries = Watchlist.objects.get().entries.values_list("names", "countries")
    assert (["BLUE HARBOUR TRADING"], ["BS", "CY"]) in entries
    assert entries[0][0] == ["NOWAK, Pavel", "NOVAK, Pavel", "PASHA", "D'NOWAK"]


def test_a_file_that_is_none_of_ofac_s_is_named(desk):
    form = {"name": "OFAC", "kind": "OFAC", "file": SimpleUploadedFile("sdn.csv", SDN.encode())}

    page = desk.post(reverse("watchlist:add"), {**form, "beside": [sent(NOWAK)]})

    told = "targets.simple.csv is none of the files that belong to OFAC's list: alt.csv, add.csv, sdn_comments.csv."
    assert (page.context["form"].errors["file"], Watchlist.objects.count()) == ([told], 0)


def test_a_new_version_is_asked_for_from_the_card_of_the_list(desk, question):
    card = desk.get(reverse("watchlist:inspect", args=[question.watchlist_id]))
    url = f"{reverse('watchlist:add')}?list={question.watchlist_id}"

    assert (url in card.text, question.watchlist.digest in card.text) == (True, True)
    assert desk.get(url).context["form"].initial == {"name": "Invented list", "kind": "OPENSANCTIONS"}
    assert desk.get(reverse("watchlist:add") + "?list=999").context["form"].initial == {}


def test_an_officer_retires_a_list_and_the_screens_say_so(desk, question, pavel, noor):
    card = reverse("watchlist:inspect", args=[question.watchlist_id])
    assert "Retire the list" in desk.get(card).text

    page = desk.post(reverse("watchlist:retire", args=[question.watchlist_id]), follow=True)

    assert "Nobody is compared with “Invented list” any more." in page.text
    assert [field["label"] for field in page.context["fields"]][-1] == "Retired"
    assert "Retire the list" not in page.text
    assert "No watchlist is loaded, so nobody is compared." in desk.get(reverse(QUEUE)).text
    assert "Screened against" not in desk.get(reverse("person:inspect", args=[pavel.pk])).text
    again = desk.post(reverse("watchlist:retire", args=[question.watchlist_id]), follow=True)
    assert "This list is retired already." in again.text


def test_an_officer_sees_both_sides_and_answers(desk, question, noor):
    listed = desk.get(reverse(QUEUE))
    assert "The same name in another order, script or spelling: Pavel Novak, Павел Новак" in listed.text
    url = reverse("screeningquestion:inspect", args=[question.pk])

    shown = {row.label: (row.ours, row.theirs) for row in desk.get(url).context["rows"]}
    answered = desk.post(url, {"verdict": "NO_MATCH", "reason": "Another man."}, follow=True)

    assert shown["Names"] == (["Pavel Novak"], ["Pavel Nowak", "Павел Новак"])
    assert "Noted: Not a match." in answered.text
    assert list(answered.context["object_list"]) == []
    decided = desk.get(reverse(QUEUE) + "?verdict=NO_MATCH")
    assert list(decided.context["object_list"]) == [question]
    assert "Another man." in desk.get(url).text


def test_countries_are_said_as_the_house_calls_them(desk, load, customs):
    Country.objects.filter(code="FR").update(display_name={"en": "The French Republic"})
    load(HARBOUR)
    run()
    url = reverse("screeningquestion:inspect", args=[ScreeningQuestion.objects.get().pk])

    told = "The same country: The French Republic"
    assert (desk.get(reverse(QUEUE)).text.count(told), desk.get(url).text.count(told)) == (1, 1)
    shown = {row.label: (row.ours, row.theirs) for row in desk.get(url).context["rows"]}
    assert shown["Countries"] == (["The French Republic"], ["The French Republic"])


def test_an_answer_without_a_reason_comes_back(desk, question):
    page = desk.post(reverse("screeningquestion:inspect", args=[question.pk]), {"verdict": "MATCH", "reason": " "})

    assert page.context["form"].errors["reason"] == ["This field is required."]
    assert ScreeningQuestion.objects.get().verdict == "OPEN"


def test_who_is_slower_is_told(desk, question, root):
    question.decide("MATCH", "The same passport.", by=root)

    page = desk.post(
        reverse("screeningquestion:inspect", args=[question.pk]),
        {"verdict": "NO_MATCH", "reason": "Another man."},
        follow=True,
    )

    assert "Somebody has decided this already" in page.text
    assert ScreeningQuestion.objects.get().verdict == "MATCH"


def test_an_answer_that_is_doubted_is_asked_for_once_more(desk, question, noor):
    question.decide("MATCH", "The same passport.", by=noor)

    page = desk.post(reverse("screeningquestion:ask_again", args=[question.pk]), follow=True)

    assert page.context["question"].verdict == "OPEN"
    assert ScreeningQuestion.objects.count() == 2


def test_a_card_says_of_nobody_that_they_were_compared_before_they_were_there(desk, question):
    ada = person("Ada", "Abel")
    log(ada, "wagtail.create")
    card, listed = reverse("person:inspect", args=[ada.pk]), "<bdi>Invented list</bdi> (version <bdi>2026-11-20</bdi>)"

    assert f"Not yet screened against {listed}." in desk.get(card).text
    run()
    written = timezone.localtime(ModelLogEntry.objects.for_instance(ada).get().timestamp)
    day = date_format(written, "DATETIME_FORMAT")
    assert f"Screened against {listed} after its last change on {day}." in desk.get(card).text


def test_the_card_of_a_person_says_with_which_list_they_were_compared(desk, load, question, pavel, noor):
    card = reverse("person:inspect", args=[pavel.pk])
    page = desk.get(card)
    assert "Screened against <bdi>Invented list</bdi> (version <bdi>2026-11-20</bdi>) on" in page.text
    assert "1 open question:" in page.text

    question.decide("NO_MATCH", "Another man.", by=noor)
    load(HARBOUR, name="A second list")
    page = desk.get(card)

    assert "No open question." in page.text
    assert "Not yet screened against <bdi>A second list</bdi> (version <bdi>2026-11-20</bdi>)." in page.text
    assert "Not a match: <a" in page.text


def test_the_card_says_that_a_change_is_still_to_be_compared(desk, question, pavel):
    card = reverse("person:inspect", args=[pavel.pk])
    assert "Changed since then" not in desk.get(card).text
    pavel.confirm()

    assert "Changed since then" in desk.get(card).text
    run()
    assert "Changed since then" not in desk.get(card).text


def test_the_card_of_an_organization_says_it_too(desk, load, customs):
    load(HARBOUR)
    run()

    assert "1 open question:" in desk.get(reverse("organization:inspect", args=[customs.pk])).text


def test_a_run_is_asked_for_and_its_progress_is_shown(desk, question):
    desk.post(reverse("screeningquestion:run"))
    ScreeningRun.objects.filter(ended_at=None).update(started_at=timezone.now(), done=1, total=2)

    told = desk.get(reverse("screeningquestion:run")).text
    assert ("data-progress" in told, "the worker is at it: 1 of 2." in told) == (True, True)
    assert told.strip() in desk.get(reverse(QUEUE)).text

    ScreeningRun.objects.filter(ended_at=None).update(ended_at=timezone.now(), failure="OSError")
    assert "broke off (OSError)" in desk.get(reverse(QUEUE)).text


def test_the_queue_asks_as_often_for_three_questions_as_for_one(desk, load, question):
    with_one = queries_of(desk, reverse(QUEUE))
    for given in ("Pawel", "Paweł"):
        person(given, "Nowak")
    ScreeningRun.objects.ask(by=None)

    assert (len(run()), queries_of(desk, reverse(QUEUE))) == (3, with_one)


def test_the_list_of_lists_asks_as_often_for_three_as_for_one(desk, load):
    load(NOWAK)
    with_one = queries_of(desk, reverse("watchlist:index"))
    load(NOWAK, name="Second")
    load(NOWAK, name="Third")

    assert (Watchlist.objects.count(), queries_of(desk, reverse("watchlist:index"))) == (3, with_one)


def test_the_export_holds_the_decisions(desk, question, noor):
    question.decide("NO_MATCH", "=Another man.", by=noor)

    heading, row = rows_of_sheet(desk.get(reverse(QUEUE) + "?verdict=NO_MATCH&export=csv"))

    assert dict(zip(heading, row, strict=True))["Reason"] == "'=Another man."
    assert row[0] == "Pavel Novak"


def test_the_first_page_counts_what_waits_and_leads_to_it(desk, load, question, noor):
    waits = "1 screening question waits for somebody to decide it."
    page = desk.get(reverse("wagtailadmin_home"))
    assert page.text.count(waits) == 1
    assert f'href="{reverse(QUEUE)}?verdict=OPEN"' in page.text
    assert list(desk.get(f"{reverse(QUEUE)}?verdict=OPEN").context["object_list"]) == [question]

    question.decide("NO_MATCH", "Another man.", by=noor)

    assert "screening question" not in desk.get(reverse("wagtailadmin_home")).text


def test_a_question_whose_entry_is_gone_waits_for_nobody(desk, question):
    Watchlist.objects.get().entries.all().delete()

    assert list(desk.get(f"{reverse(QUEUE)}?verdict=OPEN").context["object_list"]) == []


# -- leaks: something is there, and not shown


@pytest.fixture
def of_brazil(client, load, question) -> User:
    """A network officer whose desk keeps Brazil, where somebody on the list lives as well; signed in."""
    officer, brazil = staff("network officer", "brasilia@example.org"), Desk.objects.create(name="Brazil")
    brazil.countries.add(Country.objects.get(code="BR"))
    brazil.save()
    officer.desks.add(brazil)
    person("Paulo", "Nowak", country_id="BR")
    load("NK-8,Person,Paulo Nowak,,,,,", NOWAK)
    run()
    client.force_login(officer)
    return officer


def test_a_desk_sees_the_questions_about_its_own_people_alone(client, of_brazil, question):
    assert ScreeningQuestion.objects.open().count() == 2

    queue = client.get(reverse(QUEUE))
    assert [str(one.subject) for one in queue.context["object_list"]] == ["Paulo Nowak"]
    assert "Novak" not in queue.text
    assert list(client.get(reverse(QUEUE) + "?q=Novak").context["object_list"]) == []
    assert len(rows_of_sheet(client.get(reverse(QUEUE) + "?export=csv"))) == 2
    for act in ("inspect", "history", "who"):
        assert client.get(reverse(f"screeningquestion:{act}", args=[question.pk]), follow=True).status_code == 404


def test_a_desk_cannot_answer_for_others(client, of_brazil, question):
    answer = {"verdict": "MATCH", "reason": "Because."}

    posted = client.post(reverse("screeningquestion:inspect", args=[question.pk]), answer, follow=True)
    again = client.post(reverse("screeningquestion:ask_again", args=[question.pk]), follow=True)

    assert (posted.status_code, again.status_code) == (404, 404)
    assert ScreeningQuestion.objects.get(pk=question.pk).verdict == "OPEN"


def test_the_first_page_counts_those_of_the_desk_alone(client, of_brazil, question):
    assert "1 screening question waits" in client.get(reverse("wagtailadmin_home")).text

    ScreeningQuestion.objects.exclude(pk=question.pk).get().decide("NO_MATCH", "Another man.", by=of_brazil)

    assert "screening question" not in client.get(reverse("wagtailadmin_home")).text


def test_the_first_page_counts_none_for_who_may_not_decide(client, question):
    client.force_login(staff("organizer", "reads@example.org"))

    page = client.get(reverse("wagtailadmin_home")).text

    assert ("My desk today" in page, "screening question" in page) == (True, False)


@pytest.mark.parametrize("role", ["organizer", "legal officer", "front desk", "reader"])
def test_who_reads_people_does_not_read_that_they_were_asked_about(client, question, pavel, role):
    client.force_login(staff(role, "reads@example.org"))

    card = client.get(reverse("person:inspect", args=[pavel.pk]))

    assert (card.status_code, "Nowak" in card.text, "Screen" in card.text) == (200, False, False)
    assert list(ScreeningQuestion.objects.visible_to(User.objects.get(email="reads@example.org"))) == []


def test_the_history_of_a_question_is_not_in_the_report_of_who_may_not_see_it(client, question, noor):
    question.decide("NO_MATCH", "Another man, of Lyon.", by=noor)
    client.force_login(staff("organizer", "reads@example.org"))

    assert "Lyon" not in client.get("/admin/reports/site-history/").text


def test_questions_about_a_merged_record_are_not_shown(desk, question, pavel, dina):
    Person.everyone.filter(pk=pavel.pk).update(merged_into=dina)

    assert list(desk.get(reverse(QUEUE)).context["object_list"]) == []


def test_a_card_can_be_read_years_later(desk, question, noor):
    question.decide("NO_MATCH", "Another man.", by=noor)
    ScreeningQuestion.objects.update(decided_at=timezone.now() - datetime.timedelta(days=4000))
    Watchlist.objects.get().entries.all().delete()

    page = desk.get(reverse("screeningquestion:inspect", args=[question.pk]))

    assert [row.theirs for row in page.context["rows"] if row.label == "Names"] == [["Pavel Nowak", "Павел Новак"]]
    assert page.context["may_ask_again"] is False
