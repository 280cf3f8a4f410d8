"""The screens for missions: lists, the card, what is told on it, and where it shows beside."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from contacts.models import Interaction, Task
from events.models import Encounter, Mission, MissionReport, Talk
from tests.conftest import person, queries_of, rows_of_sheet, staff
from tests.events.missions import PAPER, day, mission, reported


def card(one: Mission) -> str:
    return reverse("mission:inspect", args=[one.pk])


def act(client, one: Mission, name: str, *more, **answers) -> str:
    """The page that follows."""
    return client.post(reverse(f"mission:{name}", args=[one.pk, *more]), answers, follow=True).text


def test_an_organizer_plans_a_mission(client, olga, dina, customs, tobacco):
    client.force_login(olga)
    initial = client.get(reverse("mission:add") + f"?country=KE&host={customs.pk}").context["form"].initial
    assert (initial["country"], initial["host"], initial["owner"]) == ("KE", customs.pk, olga.pk)
    delegation = {
        "envoys-TOTAL_FORMS": 1,
        "envoys-INITIAL_FORMS": 0,
        "envoys-0-person": dina.pk,
        "envoys-0-role": "SPEAKER",
    }
    facts = {"kind": "VISIT", "owner": olga.pk, "host": customs.pk, "city": "Nairobi", "country": "KE"}
    days = {"starts_on": day(3), "ends_on": day(4)}
    texts = {"title_en": "", "title_fr": "Visite", "title_es": "", "title_ar": ""}

    page = client.post(reverse("mission:add"), {**facts, **days, **texts, **delegation, "topics": [tobacco.pk]})

    [one] = Mission.objects.all()
    assert page["Location"] == card(one)
    assert (str(one.title), one.place(), list(one.topics.all())) == ("Visite", "Nairobi, Kenya", [tobacco])
    assert [str(envoy) for envoy in one.envoys.all()] == ["Dina Haddad (Speaker)"]


def test_a_code_that_is_no_country_is_passed_over(client, olga):
    client.force_login(olga)

    initial = client.get(reverse("mission:add") + "?country=XX&host=x").context["form"].initial

    assert (initial["country"], initial["host"]) == (None, None)


def test_on_the_card_a_mission_is_told(client, olga, dina, pavel, customs):
    one = mission(olga, dina, starts=-3, ends=-2)
    client.force_login(olga)

    assert "the report is missing" in client.get(card(one)).text
    act(client, one, "talk", title="On tobacco", person=dina.pk, language="fr", file=SimpleUploadedFile("t.pdf", PAPER))
    met = {"subject": "Seizure data", "at": "2020-01-01 10:00", "people": [pavel.pk], "more_people": dina.pk}
    act(client, one, "meet", **met, organizations=[customs.pk], text="They would share.")
    act(client, one, "report", summary="We went.", outcomes="A promise.", file=SimpleUploadedFile("r.pdf", PAPER))
    act(client, one, "follow_up", title="Send the law", owner=olga.pk, due_on=day(9))

    page = client.get(card(one)).text
    said = ("On tobacco", "French", "Seizure data", "Pavel Novak", "We went.", "A promise.", "r.pdf", "Send the law")
    assert [word for word in said if word not in page] == []
    assert ("the report is missing" in page, "Call it off" in page) == (False, False)
    [meeting] = Interaction.objects.all()
    assert {str(party) for party in meeting.parties.all()} == {"Pavel Novak", "Dina Haddad", "Customs of Example (CEX)"}
    talk, report = Talk.objects.get(), MissionReport.objects.get()
    papers = [("talk_file", talk.pk), ("report_file", report.pk)]
    answers = [client.get(reverse(f"mission:{name}", args=[one.pk, row])) for name, row in papers]
    assert [b"".join(answer.streaming_content) for answer in answers] == [PAPER, PAPER]
    assert ["no-store" in answer["Cache-Control"] for answer in answers] == [True, True]
    act(client, one, "talk_drop", talk.pk)
    assert Talk.objects.count() == 0


def test_what_was_written_is_not_lost_with_a_file_that_is_not_taken(client, olga):
    one = mission(olga, starts=-3)
    client.force_login(olga)

    page = act(client, one, "report", summary="Three long pages.", file=SimpleUploadedFile("r.pdf", b"MZ program"))

    assert ("Three long pages." in page, "is not a PDF" in page, MissionReport.objects.count()) == (True, True, 0)


def test_a_meeting_with_nobody_is_refused_and_its_words_stay(client, olga):
    one = mission(olga, starts=-3)
    client.force_login(olga)

    page = act(client, one, "meet", subject="Alone", at="2020-01-01 10:00", text="Long words.")

    assert ("Say whom you met." in page, "Long words." in page, Encounter.objects.count()) == (True, True, 0)


def test_a_refusal_is_said_on_the_card(client, olga, dina):
    one = mission(olga, dina, starts=3)
    client.force_login(olga)

    page = act(client, one, "talk", title="On tobacco", person=dina.pk, on=day(9), language="")
    assert ("not on that day" in page, Talk.objects.count()) == (True, 0)
    assert "Called off" in act(client, one, "call_off", reason="There is a strike.")
    assert "Planned" in act(client, one, "take_up_again")


def test_a_report_begins_with_the_words_of_the_last(client, olga):
    one = reported(mission(olga, starts=-3), olga, outcomes="A promise.", is_restricted=True)
    client.force_login(olga)

    initial = client.get(reverse("mission:report", args=[one.pk])).context["form"].initial

    assert initial == {
        "summary": "Data will be shared.",
        "outcomes": "A promise.",
        "recommendations": "",
        "is_restricted": True,
    }


# -- Who sees what


def test_a_restricted_report_is_nowhere_for_a_reader(client, olga, dina, customs):
    reader = staff("reader", "rita@example.org")
    one = mission(olga, dina, starts=-3, host=customs, country_id="FR")
    reported(one, olga, file=SimpleUploadedFile("r.pdf", PAPER), is_restricted=True)
    report = MissionReport.objects.get()
    places = [
        card(one),
        *(reverse(f"{name}:timeline", args=[key]) for name, key in (("person", dina.pk), ("organization", customs.pk))),
        reverse("country:timeline", args=["FR"]),
    ]

    def told(viewer) -> list[bool]:
        client.force_login(viewer)
        return ["Data will be shared." in client.get(place).text for place in places]

    assert (told(olga), told(reader)) == ([True] * 4, [False] * 4)
    assert "It is restricted" in client.get(card(one)).text
    file = reverse("mission:report_file", args=[one.pk, report.pk])
    assert client.get(file, follow=True).status_code == 404
    client.force_login(olga)
    assert b"".join(client.get(file).streaming_content) == PAPER


def test_another_desks_mission_is_not_there(client, olga, dina, fatou):
    theirs = mission(olga, "To Kenya", dina, country_id="KE", starts=-3)
    mission(olga, "To France", country_id="FR", starts=-3)
    talk = theirs.talks.give(theirs, dina, "On tobacco", file=SimpleUploadedFile("t.pdf", PAPER), by=olga)
    paper = reverse("mission:talk_file", args=[theirs.pk, talk.pk])
    places = [card(theirs), paper, reverse("mission:report", args=[theirs.pk])]
    client.force_login(fatou)
    page = client.get(reverse("mission:index"))

    assert ("To France" in page.text, "To Kenya" in page.text) == (True, False)
    assert [client.get(place, follow=True).status_code for place in places] == [404] * 3
    assert client.post(reverse("mission:call_off", args=[theirs.pk]), {"reason": "x"}).status_code in (302, 404)
    assert Mission.objects.get(pk=theirs.pk).called_off_at is None
    assert [str(one) for one in page.context["filters"].form.fields["envoy"].queryset] == []
    assert "To Kenya" not in client.get(reverse("person:timeline", args=[dina.pk])).text
    assert "To Kenya" not in client.get(reverse("country:inspect", args=["KE"])).text
    client.force_login(olga)
    answers = [client.get(place) for place in places]
    assert [answer.status_code for answer in answers] == [200] * 3
    assert b"".join(answers[1].streaming_content) == PAPER


def test_of_those_met_only_whom_the_viewer_may_see_is_named(client, olga, fatou, pavel):
    kenyan = person("Wanjiru", "Kamau", country_id="KE")
    one = mission(olga, starts=-3, country_id="FR")
    now = timezone.now()
    Encounter.objects.note(one, "Both", "", now, people=[pavel, kenyan], organizations=[], by=olga)
    Encounter.objects.note(one, "Hers", "", now, people=[kenyan], organizations=[], by=olga)

    def named(viewer) -> list[bool]:
        client.force_login(viewer)
        page = client.get(card(one)).text
        return [word in page for word in ("Both", "Pavel Novak", "Kamau", "Hers")]

    assert (named(olga), named(fatou)) == ([True] * 4, [True, True, False, False])


def test_who_only_reads_changes_nothing(client, olga, dina):
    one = mission(olga, dina, starts=-3)
    client.force_login(staff("reader", "rita@example.org"))

    page = client.get(card(one)).text
    assert [word in page for word in ("Hand the report in", "Note a meeting", "Add a talk", "Call it off")] == [
        False
    ] * 4
    act(client, one, "report", summary="Mine.")
    act(client, one, "call_off", reason="No.")
    assert (MissionReport.objects.count(), Mission.objects.get().called_off_at) == (0, None)


# -- The list


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Coming", "Late", "Told"]),
        ("standing=lacking_report", ["Late"]),
        ("standing=coming", ["Coming"]),
        ("country=KE", ["Late"]),
        ("kind=VISIT", ["Told"]),
        ("topic={tobacco}", ["Told"]),
        ("envoy={dina}", ["Coming"]),
        ("host={customs}", ["Late"]),
        ("year={year}", ["Late"]),
        ("q=custom", ["Late"]),
        ("q=harare", ["Told"]),
        ("q=nothing", []),
    ],
)
def test_the_list_is_narrowed(client, olga, dina, customs, tobacco, query, found):
    mission(olga, "Coming", dina, starts=400)
    mission(olga, "Late", starts=-3, country_id="KE", host=customs)
    told = reported(mission(olga, "Told", starts=-400, kind="VISIT", city="Harare"), olga)
    told.topics.set([tobacco])
    keys = {"tobacco": tobacco.pk, "dina": dina.pk, "customs": customs.pk, "year": day(-3).year}
    client.force_login(olga)

    page = client.get(f"{reverse('mission:index')}?{query.format(**keys)}")

    assert sorted(str(one) for one in page.context["object_list"]) == found


def test_the_list_asks_as_much_for_three_as_for_one(client, olga, dina, pavel, customs):
    mission(olga, "One", dina, starts=-5, country_id="KE", host=customs)
    client.force_login(olga)
    one = queries_of(client, reverse("mission:index"))
    for title in ("Two", "Three"):
        reported(mission(olga, title, dina, pavel, starts=-9, country_id="FR", host=customs), olga)

    assert queries_of(client, reverse("mission:index")) == one


def test_the_list_is_exported(client, olga, dina, pavel, customs, tobacco):
    one = mission(olga, "One", dina, pavel, starts=-5, country_id="KE", host=customs, city="Nairobi", purpose="=1+1")
    one.topics.set([tobacco])
    client.force_login(olga)

    [heads, cells] = rows_of_sheet(client.get(reverse("mission:index") + "?export=csv"))

    row = dict(zip(heads, cells, strict=True))
    assert [row[head] for head in ("Title", "Country code", "City", "Who goes", "Topics", "Purpose", "Report")] == [
        *("One", "KE", "Nairobi", "Dina Haddad, Pavel Novak", "Tobacco", "'=1+1", "Missing")
    ]


# -- Beside


def test_it_stands_on_the_timelines_of_who_went_of_the_host_and_of_the_country(client, olga, dina, pavel, customs):
    one = mission(olga, dina, starts=-9, host=customs, country_id="KE")
    one.talks.give(one, dina, "On tobacco", by=olga)
    reported(one, olga)
    client.force_login(olga)

    def told(place: str, key) -> list[bool]:
        page = client.get(reverse(f"{place}:timeline", args=[key]) + "?kind=mission").text
        return [word in page for word in ("Customs conference", "On tobacco", "Data will be shared.")]

    subjects = [("person", dina.pk), ("organization", customs.pk), ("country", "KE"), ("person", pavel.pk)]
    assert [told(*subject) for subject in subjects] == [[True] * 3] * 3 + [[False] * 3]


def test_a_meeting_and_a_task_lead_back_to_the_mission(client, olga, pavel, noor):
    one = mission(olga, starts=-3, country_id="FR")
    client.force_login(olga)
    act(client, one, "meet", subject="Data", at="2020-01-01 10:00", people=[pavel.pk], text="")
    act(client, one, "follow_up", title="Send the law", owner=noor.pk, due_on="")
    pages = [("interaction", Interaction.objects.get().pk), ("task", Task.objects.get().pk)]

    assert [card(one) in client.get(reverse(f"{name}:inspect", args=[key])).text for name, key in pages] == [True] * 2
    alone = Interaction.objects.create(subject="Call", country_id="FR")
    assert "Noted on the mission" not in client.get(reverse("interaction:inspect", args=[alone.pk])).text


def test_a_country_says_the_last_mission_and_the_next(client, olga):
    client.force_login(olga)
    place = reverse("country:inspect", args=["KE"])
    assert "none" in client.get(place).text
    for title, starts in (("Before", -90), ("Last", -9), ("Next", 9), ("Later", 90)):
        mission(olga, title, starts=starts, country_id="KE")

    panel = client.get(place).text.partition('id="missions"')[2].partition("</section>")[0]

    assert [word in panel for word in ("Before", "Last<", "Next<", "Later")] == [False, True, True, False]
    assert f"{reverse('mission:add')}?country=KE" in client.get(place).text
