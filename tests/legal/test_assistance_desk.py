"""The desk: a request from its opening to its outcome, files for those alone who may see it, experts, authorities."""

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from legal.models import Assistance, Authority, Draft, Engagement, Expert, Milestone
from network.models import Country, Desk
from tests.conftest import person, queries_of, rows_of_sheet, staff
from tests.legal.assessed import FOUND, LATER, place, reviewed
from tests.legal.helping import PDF, asked, completed, day, expert, paper, under_way


@pytest.fixture
def officer(client, lena):
    client.force_login(lena)
    return client


@pytest.fixture
def kenyan(db):
    """Legal officer of the Kenyan desk alone."""
    kenyan = staff("legal officer", "kenyan@example.org")
    kenyan.desks.add(Desk.objects.create(name="Kenya", countries=[Country.objects.get(code="KE")]))
    return kenyan


def card(one: Assistance) -> str:
    return reverse("assistance:inspect", args=[one.pk])


def act(client, one: Assistance, name: str, *more, **answers) -> list[str]:
    """What one is told."""
    answer = client.post(reverse(f"assistance:{name}", args=[one.pk, *more]), answers)
    return [str(told).strip() for told in get_messages(answer.wsgi_request)][-1:]


def test_an_officer_opens_a_request_from_the_card_of_an_organization(officer, lena, customs, convention, pavel):
    add = reverse("assistance:add") + f"?organization={customs.pk}"
    initial = officer.get(add).context["form"].initial
    rows = {"milestones-TOTAL_FORMS": 1, "milestones-INITIAL_FORMS": 0}
    rows |= {"milestones-0-title": "First draft", "milestones-0-due_on": day(30)}
    titles = {f"{name}_{code}": "" for name in ("title", "outcome") for code in ("en", "fr", "es", "ar")}
    facts = {"kind": "DRAFTING", "received_on": day(0), "requester": pavel.pk, "instruments": [convention.pk]}
    said = {name: initial[name] for name in ("country", "organization", "owner")}

    page = officer.post(add, {**titles, **rows, **facts, **said, "title_fr": "Projet de loi", "scope": "A bill."})

    [one] = Assistance.objects.all()
    assert page["Location"] == card(one)
    assert (str(one.title), one.country_id, one.owner, one.state) == ("Projet de loi", "FR", lena, "RECEIVED")
    assert [(row.title, row.due_on) for row in Milestone.objects.all()] == [("First draft", day(30))]


def test_on_the_card_a_request_is_brought_to_its_outcome(officer, lena, dina, pavel, convention):
    one = asked(lena, requester=pavel)
    one.instruments.add(convention)
    expert(dina, "ar")
    act(officer, one, "agree")
    act(officer, one, "begin")
    act(officer, one, "milestone", title="First draft", due_on=day(3))
    act(officer, one, "reach", Milestone.objects.get().pk)
    act(officer, one, "engage", expert=Expert.objects.get().pk, task="Drafts", starts_on=day(0), ends_on=day(2))
    act(officer, one, "plan", purpose="Read the bill", starts_on=day(0), ends_on=day(1), people=[dina.pk])
    act(officer, one, "exchange", file=paper("bill.pdf"), came_from="US", language="fr", note="With our notes")
    act(officer, one, "concern", articles=[place(convention, "art_2").pk])
    report = reverse("assistance:report", args=[one.pk, one.missions.get().pk])
    officer.post(report, {"report": "It was read.", "file": paper("report.pdf")})
    act(officer, one, "complete", outcome_en="The act is in force.", outcome_fr="", outcome_es="", outcome_ar="")
    act(officer, one, "publish")

    page = officer.get(card(one)).text
    said = ("First draft", "Dina Haddad", "Read the bill", "It was read.", "bill.pdf", "With our notes", "report.pdf")
    assert [word for word in said if word not in page] == []
    one.refresh_from_db()
    assert (one.state, str(one.outcome), one.is_public) == ("COMPLETED", "The act is in force.", True)
    assert [place.eid for place in one.provisions.all()] == ["art_2"]


def test_what_is_refused_is_said_on_the_card(officer, lena, dina):
    one = under_way(lena)
    who = expert(dina)
    days = {"starts_on": day(1), "ends_on": day(3)}
    Engagement.objects.engage(one, who, "Drafts", **days, by=lena)

    assert act(officer, one, "engage", expert=who.pk, task="More", **days)[0].startswith("Dina Haddad is at work")
    assert act(officer, one, "agree") == ["It is “Under way”, so this cannot be done."]
    assert act(officer, one, "hold_back", reason="") == ["Why: This field is required."]
    assert act(officer, one, "exchange", file=SimpleUploadedFile("bill.pdf", b"MZ"), came_from="US")[0].startswith(
        "File: “bill.pdf” is not a PDF"
    )
    assert Draft.objects.count() == 0


def test_a_report_that_is_refused_is_not_lost(officer, lena):
    one = under_way(lena)
    act(officer, one, "plan", purpose="Later", starts_on=day(5), ends_on=day(6))
    url = reverse("assistance:report", args=[one.pk, one.missions.get().pk])

    page = officer.post(url, {"report": "Many words."})

    assert ("It has not begun yet." in page.text, "Many words." in page.text) == (True, True)


def test_what_our_help_changed_stands_on_the_card(officer, convention, act, france, lena, luc):
    one = under_way(lena, on=FOUND)
    one.instruments.add(convention)
    act.dated_on = LATER
    act.save()
    reviewed(place(convention, "art_2"), place(act, "art_2"), "FULL", lena, luc, LATER)

    page = officer.get(card(one))
    officer.post(reverse("assistance:credit", args=[one.pk, act.pk]))

    [effect] = page.context["effects"]
    assert [line.unit.label for line in effect.lines] == ["Article 2 Offences"]
    assert ([law.slug for law in page.context["since"]], list(one.laws.all())) == (["fr-tobacco-act"], [act])


def test_another_desk_finds_nothing_of_it_at_any_address(client, lena, kenyan):
    one = under_way(lena, "Candlelight bill")
    draft = Draft.objects.exchange(one, paper(), came_from="US", by=lena)
    Milestone.objects.set_for(one, "First draft", day(-1), by=lena)
    client.force_login(kenyan)
    pages = [
        client.get(reverse("assistance:index")),
        client.get(reverse("workload:index")),
        client.get(reverse("country:inspect", args=["FR"])),
    ]
    sheet = rows_of_sheet(client.get(reverse("assistance:index"), {"export": "csv"}))
    missing = [
        client.get(reverse("assistance:draft_file", args=[one.pk, draft.pk]), follow=True).status_code,
        client.post(reverse("assistance:begin", args=[one.pk]), follow=True).status_code,
    ]

    assert (["Candlelight" in page.text for page in pages], len(sheet), missing) == ([False] * 3, 1, [404, 404])
    client.force_login(lena)
    assert ["Candlelight" in client.get(page.request["PATH_INFO"]).text for page in pages] == [True] * 3


def test_a_draft_is_handed_out_to_who_may_see_the_request(client, lena, kenyan, stranger):
    one = under_way(lena)
    draft = Draft.objects.exchange(one, paper("bill.pdf"), came_from="COUNTRY", by=lena)
    url = reverse("assistance:draft_file", args=[one.pk, draft.pk])

    answers = {}
    for viewer in (lena, kenyan, stranger):
        client.force_login(viewer)
        answers[viewer] = client.get(url, follow=True)
        if viewer == lena:
            content = b"".join(answers[lena].streaming_content)

    assert [answer.status_code for answer in answers.values()] == [200, 404, 403]
    assert (content, "no-store" in answers[lena]["Cache-Control"]) == (PDF, True)


def test_whose_milestones_are_overdue_is_counted_by_owner(officer, lena, luc):
    late = under_way(lena)
    Milestone.objects.set_for(late, "First draft", day(-3), by=lena)
    Milestone.objects.set_for(late, "Second draft", day(4), by=lena)
    asked(luc)
    completed(luc)

    page = officer.get(reverse("workload:index"))

    assert page.context["rows"] == [(lena, 1, 1, day(4)), (luc, 1, 0, None)]
    assert [str(one) for one in page.context["overdue"]] == ["First draft"]


@pytest.mark.parametrize("door", ["assistance:index", "workload:index", "expert:index", "authority:index"])
def test_a_list_takes_as_many_queries_for_three_as_for_one(officer, lena, dina, pavel, door):
    def more(people):
        for who in people:
            one = under_way(lena)
            Milestone.objects.set_for(one, "Draft", day(-1), by=lena)
            expert(who, "fr")
            Authority.objects.create(name="Office", country_id="FR")

    more([dina])
    url = reverse(door)
    first = queries_of(officer, url)
    more([pavel, person("Ada", "Third"), person("Bea", "Fourth")])

    assert queries_of(officer, url) == first


def test_experts_are_found_by_language_and_days(officer, dina, pavel):
    expert(dina, "ar", "fr")
    expert(pavel, "fr")

    def found(**asked):
        return [str(one) for one in officer.get(reverse("expert:index"), asked).context["object_list"]]

    assert (found(language="ar"), len(found(language="fr"))) == (["Dina Haddad"], 2)
    assert len(found(days_from=str(day(1)), days_to=str(day(2)))) == 2


def test_authorities_are_for_legal_officers_and_those_of_a_desk_for_that_desk(client, lena, kenyan, noor):
    for name, code in (("Bureau Candlelight", "FR"), ("Central Authority", "KE")):
        Authority.objects.create(name=name, country_id=code, source="Letter")
    url = reverse("authority:index")
    found = {}
    for viewer in (lena, kenyan, noor):
        client.force_login(viewer)
        page = client.get(url)
        card_of_france = client.get(reverse("country:inspect", args=["FR"])).text
        found[viewer] = (page.status_code, "Candlelight" in page.text, "Candlelight" in card_of_france)

    assert list(found.values()) == [(200, True, True), (200, False, False), (302, False, False)]
    client.force_login(kenyan)
    assert rows_of_sheet(client.get(url, {"export": "csv"}))[1:][0][0] == "Central Authority"
    hidden = reverse("authority:inspect", args=[Authority.objects.get(country="FR").pk])
    assert client.get(hidden, follow=True).status_code == 404


def test_what_is_to_be_checked_again_comes_to_who_keeps_it(client, convention, act, lena, luc):
    Authority.objects.create(name="Bureau", country_id="FR", owner=lena)
    client.force_login(lena)

    page = client.get(reverse("checking:index"))

    assert [str(work) for work, _url in page.context["works"]] == ["Protocol on tobacco"]
    assert {name: len(rows) for name, rows in ((n, page.context[n]) for n in ("texts", "authorities"))} == {
        "texts": 3,
        "authorities": 1,
    }
    convention.verify(by=lena)
    assert client.get(reverse("checking:index")).context["works"] == []
    client.force_login(luc)
    assert "Nothing that you keep" in client.get(reverse("checking:index")).text


def test_the_first_page_of_the_desk_says_what_waits(client, convention, act, lena, luc):
    late = under_way(lena)
    Milestone.objects.set_for(late, "First draft", day(-3), by=lena)
    client.force_login(lena)

    home = client.get("/admin/").text

    assert ("Your requests with an overdue milestone" in home, "Kept by you, and to be checked again" in home) == (
        True,
        True,
    )
    assert "Grades of others" not in home
