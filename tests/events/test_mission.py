"""Missions: where we go, what is told of them, who may read it, and that the report is asked for once."""

import datetime
import re

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import ModelLogEntry

from contacts.models import Interaction, Merge, Message, Person, Task, User
from contacts.models.dossier import dossier
from contacts.models.erasure import erase
from events.models import Encounter, Envoy, FollowUp, Mission, MissionReport, Talk
from network.models import Country, Organization, OrganizationMerge
from tests.conftest import person, several_connections, staff
from tests.events.missions import PAPER, day, mission, reported


def names(missions) -> list[str]:
    return [str(one) for one in missions]


# -- The state, the days, the country


def test_the_state_is_read_off_the_days(olga):
    one = mission(olga, starts=-1, ends=1)

    states = [one.standing(day(days)) for days in (-2, -1, 1, 2)]
    found = [
        [getattr(Mission.objects, name)(day(days)).exists() for days in (-2, -1, 1, 2)]
        for name in ("coming", "under_way", "over", "lacking_report")
    ]

    assert states == ["Planned", "Under way", "Under way", "Over"]
    assert found == [
        [True, False, False, False],
        [False, True, True, False],
        [False, False, False, True],
        [False, False, False, True],
    ]


def test_the_last_mission_to_a_country_is_the_last_that_took_place(olga, france):
    for title, starts in (("First", -300), ("Second", -100), ("Coming", 20)):
        mission(olga, title, starts=starts, country=france)
    mission(olga, "Elsewhere", starts=-10, country=Country.objects.get(code="KE"))
    mission(olga, "Called off", starts=-20, country=france).call_off("Strike.", by=olga)

    found = [Mission.objects.last_to(france, on) for on in (None, day(-99), day(-100), day(-400))]

    assert [str(one) for one in found] == ["Second", "Second", "First", "None"]


def test_it_ends_after_it_starts(olga):
    with pytest.raises(ValidationError, match="cannot end before it starts"):
        Mission(title="x", starts_on=day(2), ends_on=day(1), owner=olga).validate_constraints()


# -- What a calendar is told


def sequence(one: Mission) -> int:
    return Mission.objects.get(pk=one.pk).sequence


def test_what_a_calendar_shows_is_counted_and_nothing_else(olga, france):
    one = mission(olga)
    stale, uid, before = Mission.objects.get(pk=one.pk), one.uid, one.revised_at

    one.purpose = "To learn."
    one.save()
    assert (sequence(one), one.revised_at) == (0, before)
    one.title = "Another name"
    one.save()
    assert (sequence(one), one.revised_at > before) == (0, True)
    one.country = france
    one.save()
    one.ends_on = day(9)
    one.save()
    assert sequence(one) == 2
    stale.city = "Lyon"  # whoever read it before does not set it back
    stale.save()
    assert (sequence(one), Mission.objects.get().uid) == (3, uid)


def test_it_is_called_off_with_a_reason_and_taken_up_again(olga):
    one = mission(olga)

    with pytest.raises(ValidationError, match="Say why"):
        one.call_off("  ", by=olga)
    one.call_off("There is a strike.", by=olga)

    assert (one.standing(), one.slot("en").status, sequence(one)) == ("Called off", "CANCELLED", 1)
    assert names(Mission.objects.called_off()) == ["Customs conference"]
    with pytest.raises(ValidationError, match="was called off"):
        one.call_off("Again.", by=olga)
    one.take_up_again(by=olga)
    assert (one.standing(), one.call_off_reason, one.slot("en").status, sequence(one)) == (
        "Planned",
        "",
        "CONFIRMED",
        2,
    )
    with pytest.raises(ValidationError, match="was not called off"):
        one.take_up_again(by=olga)
    actions = ["events.mission.call_off", "events.mission.take_up_again"]
    assert list(ModelLogEntry.objects.order_by("pk").values_list("action", flat=True)) == actions


def test_of_what_was_called_off_nothing_is_told(olga, dina):
    one = mission(olga, dina, starts=-9)
    one.call_off("There is a strike.", by=olga)

    for tell in (
        lambda: MissionReport.objects.hand_in(one, "We went.", by=olga),
        lambda: Talk.objects.give(one, dina, "On tobacco", by=olga),
        lambda: FollowUp.objects.ask(one, olga, "Write", None, by=olga),
        lambda: Encounter.objects.note(one, "x", "", timezone.now(), people=[dina], organizations=[], by=olga),
    ):
        with pytest.raises(ValidationError, match="was called off"):
            tell()
    assert Task.objects.count() == Interaction.objects.count() == 0


def test_what_has_a_report_is_neither_called_off_nor_deleted(olga):
    one = reported(mission(olga, starts=-9), olga)

    with pytest.raises(ValidationError, match="has taken place"):
        one.call_off("Mistake.", by=olga)
    with pytest.raises(ValidationError, match="Call it off instead"):
        one.delete()
    assert Mission.objects.count() == 1
    mission(olga, "Never").delete()
    assert Mission.objects.count() == 1


# -- Talks, meetings, what follows


def test_a_talk_is_given_by_somebody_who_goes_on_a_day_of_the_mission(olga, dina, pavel):
    one = mission(olga, dina, starts=3, ends=4)

    with pytest.raises(ValidationError, match="Pavel Novak does not go"):
        one.talks.give(one, pavel, "On tobacco", by=olga)
    with pytest.raises(ValidationError, match="not on that day"):
        one.talks.give(one, dina, "On tobacco", on=day(5), by=olga)
    talk = one.talks.give(
        one, dina, " On tobacco ", on=day(4), language="fr", file=ContentFile(PAPER, "a/../b.pdf"), by=olga
    )

    assert (talk.title, talk.language, talk.name) == ("On tobacco", "fr", "b.pdf")
    assert re.fullmatch(r"missions/\w{20}/b.pdf", talk.file.name)


def test_a_talk_that_is_taken_off_takes_its_paper_along(olga, dina, django_capture_on_commit_callbacks):
    one = mission(olga, dina)
    talk = one.talks.give(one, dina, "On tobacco", file=ContentFile(PAPER, "b.pdf"), by=olga)
    path = talk.file.name

    with django_capture_on_commit_callbacks(execute=True):
        talk.drop(by=olga)

    assert (Talk.objects.count(), default_storage.exists(path)) == (0, False)


def met(one: Mission, by: User, *people: Person, organizations=()) -> Interaction:
    at = timezone.now() - datetime.timedelta(hours=1)
    found = Encounter.objects.note(
        one, "Seizure data", "They would share.", at, people=list(people), organizations=list(organizations), by=by
    )
    return found.interaction


def test_a_meeting_on_a_mission_is_a_meeting_like_any_other(olga, pavel, dina, customs):
    one = mission(olga, starts=-1, ends=1)

    meeting = met(one, olga, pavel, dina, organizations=[customs])

    assert (meeting.kind, meeting.by, meeting.encounter.mission) == ("MEETING", olga, one)
    assert [str(party) for party in meeting.parties.all()] == [
        "Pavel Novak",
        "Dina Haddad",
        "Customs of Example (CEX)",
    ]
    assert [list(Interaction.objects.about(who)) for who in (pavel, customs)] == [[meeting]] * 2


def test_a_meeting_is_with_somebody_and_not_tomorrow(olga, pavel):
    one, tomorrow = mission(olga), timezone.now() + datetime.timedelta(days=1)

    for people, at, sentence in (([], timezone.now(), "Say whom"), ([pavel], tomorrow, "still to come")):
        with pytest.raises(ValidationError, match=sentence):
            Encounter.objects.note(one, "x", "", at, people=people, organizations=[], by=olga)
    assert Interaction.objects.count() == 0


def test_what_follows_is_a_task_about_the_host_and_the_country(olga, noor, customs, france):
    one = mission(olga, starts=-2, host=customs, country=france)

    FollowUp.objects.ask(one, noor, "Send the model law", day(20), by=olga)

    [task] = Task.objects.all()
    assert (task.owner, task.asked_by, task.due_on) == (noor, olga, day(20))
    assert (task.organization, task.country, task.follow_up.mission) == (customs, france, one)


# -- The report


def test_each_version_of_a_report_is_kept_with_its_paper(olga, noor):
    one = mission(olga, starts=-5)
    with pytest.raises(ValidationError, match="few sentences"):
        MissionReport.objects.hand_in(one, "  ", by=olga)

    first = MissionReport.objects.hand_in(one, "We went.", file=ContentFile(PAPER, "r.pdf"), by=olga)
    second = MissionReport.objects.hand_in(one, "We went and spoke.", outcomes="A promise.", by=noor)

    assert [(report.version, report.summary, report.by) for report in one.reports.all()] == [
        (2, "We went and spoke.", noor),
        (1, "We went.", olga),
    ]
    assert (second.file.name, second.name) == (first.file.name, "r.pdf")
    assert list(MissionReport.objects.current()) == [second]


def test_there_is_no_report_before_the_mission_has_begun(olga):
    with pytest.raises(ValidationError, match="still to come"):
        MissionReport.objects.hand_in(mission(olga, starts=1), "We shall go.", by=olga)


def test_a_restricted_report_is_read_by_those_alone_who_may_change_missions(olga, noor, settings):
    reader, one = staff("reader", "rita@example.org"), mission(olga, starts=-5)
    seen = MissionReport.objects.visible_to

    reported(one, olga)
    assert [seen(who).count() for who in (olga, noor, reader)] == [1, 1, 1]
    reported(one, olga, is_restricted=True)  # and the version before says what it says
    assert [seen(who).count() for who in (olga, noor, reader)] == [2, 2, 0]
    reported(one, olga)
    assert [report.version for report in seen(reader)] == [3]


# -- The letter


def letters(on: datetime.date | None = None) -> list[tuple]:
    before = set(Message.objects.values_list("pk", flat=True))
    Mission.objects.ask_for_reports(on)
    new = Message.objects.exclude(pk__in=before).order_by("pk")
    return list(new.values_list("to_address", "subject"))


def colleague(user: User, given: str) -> Person:
    who = person(given, "Ours")
    who.user = user
    who.save()
    return who


def test_the_report_is_asked_for_a_week_after_the_end_and_once(olga):
    mission(olga, starts=-2, ends=0)

    told = {days: letters(day(days)) for days in range(-3, 100)}

    assert {days: said for days, said in told.items() if said} == {
        7: [("olga@example.org", "The report on “Customs conference” is due")]
    }


def test_who_went_and_works_here_is_asked_too_and_each_once(olga, noor, dina, stranger):
    mission(olga, colleague(olga, "Olga"), colleague(noor, "Noor"), colleague(stranger, "Former"), dina, starts=-20)

    assert [address for address, _subject in letters()] == ["olga@example.org", "noor@example.org"]
    assert [str(message.person) for message in Message.objects.order_by("pk")] == ["Olga Ours", "Noor Ours"]


@pytest.mark.parametrize("what", ["reported", "called off", "long ago"])
def test_nobody_is_asked_for_what_is_there_or_will_not_come(olga, what):
    one = mission(olga, starts=-200 if what == "long ago" else -20)
    if what == "reported":
        reported(one, olga)
    if what == "called off":
        one.call_off("There is a strike.", by=olga)

    assert letters() == []


def test_two_workers_write_one_letter(olga):
    mission(olga, starts=-20)
    [one], [other] = [list(Mission.objects.to_ask()) for _worker in range(2)]

    assert (one.ask_for_report(), other.ask_for_report(), Message.objects.count()) == (True, False, 1)


def test_where_nobody_is_left_it_waits_on_everybodys_desk(olga, customs):
    mission(olga, starts=-20, host=customs)
    User.objects.update(is_active=False)

    assert letters() == []
    [task] = Task.objects.all()
    assert (task.title, task.owner, task.organization) == (
        "“Customs conference” is over, and its report is missing",
        None,
        customs,
    )


@several_connections
def test_the_worker_asks_and_the_letter_leads_to_the_mission(olga, settings):
    one = mission(olga, starts=-20)
    call_command("worker", once=True)  # writes the letter
    call_command("worker", once=True)  # and sends it

    [message] = Message.objects.all()
    assert message.link == f"{settings.SITE_URL}/admin/events/mission/inspect/{one.pk}/"
    assert [delivery.state for delivery in message.deliveries.all()] == ["SENT"]


# -- Who sees it


def test_a_desk_sees_missions_to_its_countries_and_organizations_and_ones_own(olga, fatou, customs, france):
    kenya = Country.objects.get(code="KE")
    mission(olga, "To France", country=france)
    mission(olga, "Held by ours", country=kenya, host=customs)
    mission(olga, "To Kenya", country=kenya)
    mission(fatou, "Mine", country=kenya)
    mission(olga, "I go", colleague(fatou, "Fatou"), country=kenya)

    seen = Mission.objects.visible_to
    assert sorted(names(seen(fatou))) == ["Held by ours", "I go", "Mine", "To France"]
    assert seen(olga).count() == 5
    fatou.groups.clear()
    assert list(seen(User.objects.get(pk=fatou.pk))) == []


@pytest.mark.parametrize(
    ("role", "may"),
    [("network officer", 2), ("organizer", 2), ("legal officer", 2), ("reader", 1), ("front desk", 0), ("editor", 0)],
)
def test_who_goes_on_missions_may_write_them_down(db, role, may):
    user = staff(role, "somebody@example.org")

    assert sum(user.has_perm(f"events.{action}_mission") for action in ("view", "change")) == may
    assert Permission.objects.filter(codename="change_mission").count() == 1


# -- People who become one, or are taken out


def test_two_records_that_become_one_bring_their_missions_and_talks_along(olga, noor, pavel):
    double = person("Paul", "Novak")
    both, alone = mission(olga, pavel, double), mission(olga, "Alone", double)
    alone.talks.give(alone, double, "On tobacco", by=olga)

    merge = Merge.objects.join(pavel, double, by=noor)

    assert sorted(names(Mission.objects.about(pavel))) == ["Alone", "Customs conference"]
    assert (alone.talks.get().person, both.envoys.count()) == (pavel, 2)
    assert merge.left == ["part in a mission: Paul Novak (Delegate)"]
    merge.undo(by=noor)
    assert (names(Mission.objects.about(pavel)), alone.talks.get().person) == (["Customs conference"], double)


def test_two_organizations_that_become_one_hold_all_their_missions(olga, customs, noor):
    double = Organization.objects.create(kind="LAW_ENFORCEMENT", name="Customs", country_id="FR")
    mission(olga, host=double)

    OrganizationMerge.objects.join(customs, double, by=noor)

    assert names(Mission.objects.about(customs)) == ["Customs conference"]


def test_what_we_hold_of_somebody_tells_of_missions_talks_and_meetings(olga, dina):
    one = mission(olga, dina, starts=-2)
    one.talks.give(one, dina, "On tobacco", by=olga)
    met(one, olga, dina)

    held = {found.kind: [{fact.name: fact.text for fact in row} for row in found.told] for found in dossier(dina)}

    assert held["envoy"] == [{"mission": "Customs conference", "role": "Delegate"}]
    assert [row["title"] for row in held["talk"]] == ["On tobacco"]
    assert [row["subject"] for row in held["interaction"]] == ["Seizure data"]


def test_who_is_erased_went_as_nobody_and_leaves_no_paper(olga, dina, pavel, django_capture_on_commit_callbacks):
    one = mission(olga, dina, starts=-2)
    talk = one.talks.give(
        one, dina, "On tobacco", link="https://example.org/dina", file=ContentFile(PAPER, "d.pdf"), by=olga
    )
    path, alone, together = talk.file.name, met(one, olga, dina), met(one, olga, dina, pavel)

    with django_capture_on_commit_callbacks(execute=True):
        erase(dina, by=olga)

    talk.refresh_from_db()
    assert (str(Envoy.objects.get()), talk.title) == ("(erased) (Delegate)", "On tobacco")
    assert (talk.link, talk.file.name, talk.name, default_storage.exists(path)) == ("", "", "", False)
    assert [encounter.interaction for encounter in one.encounters.all()] == [together]
    assert not Interaction.objects.filter(pk=alone.pk).exists()
    assert [str(party) for party in together.parties.all()] == ["Pavel Novak"]
