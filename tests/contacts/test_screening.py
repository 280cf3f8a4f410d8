"""Screening: whether somebody whom we know is on a list. The house asks, a person decides, nothing else follows."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from contacts.models import Merge, Person, ScreeningQuestion, ScreeningRun, Watchlist, WatchlistEntry
from contacts.models.erasure import erase
from contacts.tasks import screen
from network.models import Organization, OrganizationName, Seal
from network.sentences import said
from tests.conftest import person
from tests.contacts.conftest import HEADER
from tests.contacts.test_watchlist_files import ADD, ALT, SDN

NOWAK = "NK-1,Person,Pavel Nowak,Павел Новак,,,,2026-11-20"
HARBOUR = "NK-2,Company,Customs of Exampel,,,fr,,2026-11-20"
OTHER = "NK-3,Person,Somebody Else,,1950,ru,,2026-11-20"


def run() -> list[str]:
    """The worker does what waits; the open questions after it."""
    Seal.objects.append()
    while ScreeningRun.objects.has_work():
        screen.call()
    return [str(question) for question in ScreeningQuestion.objects.open()]


def edit(record, by, **fields) -> None:
    """Somebody changes a record, as the admin does."""
    for name, value in fields.items():
        setattr(record, name, value)
    record.save()
    log(record, "wagtail.edit", user=by)


# -- loading


def test_a_list_is_loaded_with_its_version_and_the_digest_of_its_file(load, noor):
    watchlist = load(NOWAK, HARBOUR, "NK-9,Vessel,Sea Example,,,,,")

    assert (watchlist.version, watchlist.count, watchlist.skipped) == ("2026-11-20", 2, 1)
    assert (len(watchlist.digest), watchlist.loaded_by) == (64, noor)
    entry = ModelLogEntry.objects.get(action="contacts.watchlist.load")
    assert (entry.user, entry.data["digest"], entry.data["new"]) == (noor, watchlist.digest, 2)


def test_a_new_version_takes_the_place_of_the_old_one_and_what_stays_is_the_same_row(load):
    load(NOWAK, HARBOUR)
    before = WatchlistEntry.objects.get(reference="NK-1").pk

    load(NOWAK, OTHER)

    assert Watchlist.objects.count() == 1
    assert dict(WatchlistEntry.objects.values_list("reference", "pk")).keys() == {"NK-1", "NK-3"}
    assert WatchlistEntry.objects.get(reference="NK-1").pk == before
    entry = ModelLogEntry.objects.filter(action="contacts.watchlist.load").first()
    assert {name: entry.data[name] for name in ("new", "changed", "gone")} == {"new": 1, "changed": 0, "gone": 1}


def test_a_file_that_cannot_be_read_leaves_the_list_as_it_was(load):
    before = load(NOWAK).digest

    with pytest.raises(ValidationError, match=r"Row 3: the entry has no name\."):
        load(HARBOUR, "NK-3,Person,,,,,,")

    assert (Watchlist.objects.get().digest, WatchlistEntry.objects.get().reference) == (before, "NK-1")


def test_a_list_stays_of_one_kind(load, sheet, noor):
    load(NOWAK)

    with pytest.raises(ValidationError, match="was loaded from another kind of file"):
        Watchlist.objects.load("Invented list", "OFAC", sheet('1,"A","individual"' + ",-0-" * 9 + "\n"), by=noor)


def test_the_command_loads_a_list_and_says_what_it_was(sheet, capsys, db):
    path = sheet(f"{HEADER}\n{NOWAK}\n", "targets.simple.csv")

    call_command("load_watchlist", path, name="Invented list")

    assert Watchlist.objects.get().digest in capsys.readouterr().out
    with pytest.raises(CommandError, match=r"x\.xml: .*No such file"):
        call_command("load_watchlist", path.with_name("x.xml"))


def test_the_command_takes_the_files_that_belong_to_ofac_s_list(sheet, db):
    path = sheet(SDN, "sdn.csv")

    call_command("load_watchlist", path, beside=[sheet(ALT, "alt.csv"), sheet(ADD, "add.csv")])

    assert [entry.countries for entry in WatchlistEntry.objects.all()] == [["BY", "IR", "RU", "US"], ["BS", "CY"]]


# -- asking


def test_everybody_is_compared_after_a_list_was_loaded(load, pavel, dina, customs):
    load(NOWAK, HARBOUR, OTHER)

    assert run() == ["Pavel Novak and Pavel Nowak", "Customs of Example (CEX) and Customs of Exampel"]

    questions = {str(one.subject): one for one in ScreeningQuestion.objects.open()}
    assert [reason.code for reason in questions["Pavel Novak"].reasons] == ["name_spelled"]
    assert [reason.code for reason in questions["Customs of Example (CEX)"].reasons] == ["name_spelled", "country"]
    done = ScreeningRun.objects.get()
    assert (done.done, done.total, done.questions, done.failure) == (3, 3, 2, "")


def test_nothing_is_compared_where_there_is_no_list(pavel):
    assert ScreeningRun.objects.has_work() is False
    assert (screen.call(), ScreeningRun.objects.count()) == (False, 0)


def test_a_second_run_asks_nothing_twice(load, pavel, noor):
    load(NOWAK)
    first = run()
    ScreeningRun.objects.ask(by=noor)

    assert run() == first
    assert ScreeningQuestion.objects.count() == 1


def test_an_open_question_goes_when_nothing_speaks_for_it_any_more(load, pavel):
    load(NOWAK, OTHER)
    run()

    load(OTHER)

    assert (run(), ScreeningQuestion.objects.count()) == ([], 0)


def test_whoever_is_added_or_changed_is_compared_by_the_worker(load, pavel, dina, noor):
    load(NOWAK)
    run()
    new = person("Paweł", "Nowak")
    log(new, "wagtail.create", user=noor)
    edit(pavel, noor, family_name="Kovář")

    assert run() == ["Paweł Nowak and Pavel Nowak"]
    assert ScreeningRun.objects.count() == 1


def test_after_an_import_everybody_is_compared(load, pavel, noor):
    load(OTHER, NOWAK)
    run()
    log(person("Somebody", "Else"), "contacts.person.import", user=noor)

    assert run() == ["Pavel Novak and Pavel Nowak", "Somebody Else and Somebody Else"]
    assert ScreeningRun.objects.count() == 2


def test_a_run_whose_worker_is_gone_is_done_by_another(load, pavel, noor):
    load(NOWAK)
    asked = ScreeningRun.objects.ask(by=noor)
    ScreeningRun.objects.update(started_at=timezone.now())
    assert ScreeningRun.objects.run_next() is False

    ScreeningRun.objects.update(started_at=timezone.now() - datetime.timedelta(hours=3))

    assert (ScreeningRun.objects.run_next(), ScreeningRun.objects.get(pk=asked.pk).questions) == (True, 1)


# -- deciding


@pytest.fixture
def question(load, pavel) -> ScreeningQuestion:
    """Whether Pavel is the Pavel Nowak of the list."""
    load(NOWAK, OTHER)
    run()
    return ScreeningQuestion.objects.open().get()


def test_a_decision_keeps_who_why_and_on_which_version(question, noor):
    question.decide("NO_MATCH", "Born thirty years later.", by=noor)

    kept, watchlist = ScreeningQuestion.objects.get(), Watchlist.objects.get()
    assert (kept.verdict, kept.reason, kept.decided_by) == ("NO_MATCH", "Born thirty years later.", noor)
    assert (kept.version, kept.file_digest) == (watchlist.version, watchlist.digest)
    assert kept.listed["names"] == ["Pavel Nowak", "Павел Новак"]
    entry = ModelLogEntry.objects.get(action="contacts.screening.decide")
    assert (entry.user, said(entry.data["changes"])) == (noor, [["verdict", "Open", "Not a match"]])


def test_a_decision_changes_nothing_of_the_person(question, pavel, noor):
    before = Person.objects.filter(pk=pavel.pk).values().get()

    question.decide("MATCH", "The same passport.", by=noor)

    assert Person.objects.filter(pk=pavel.pk).values().get() == before


def test_a_decision_needs_a_reason_and_is_taken_once(question, noor):
    with pytest.raises(ValidationError, match="Say why"):
        question.decide("NO_MATCH", "  ", by=noor)
    with pytest.raises(ValidationError, match="one of the two answers"):
        question.decide("OPEN", "Because", by=noor)
    question.decide("NO_MATCH", "Another country.", by=noor)

    with pytest.raises(ValidationError, match="decided this already"):
        ScreeningQuestion.objects.get().decide("MATCH", "No, the same.", by=noor)


def test_not_a_match_is_remembered_while_both_sides_stay_what_they_are(question, load, pavel, noor):
    question.decide("NO_MATCH", "Another man.", by=noor)

    load(OTHER, NOWAK)
    edit(pavel, noor, honorific="Dr")

    assert run() == []


def test_not_a_match_is_asked_again_when_the_person_changes(question, pavel, noor):
    question.decide("NO_MATCH", "Another man.", by=noor)

    edit(pavel, noor, birth_year=1961)

    assert run() == ["Pavel Novak and Pavel Nowak"]
    assert sorted(ScreeningQuestion.objects.values_list("verdict", "reason")) == [
        ("NO_MATCH", "Another man."),
        ("OPEN", ""),
    ]


def test_not_a_match_is_asked_again_when_the_entry_changes(question, load, noor):
    question.decide("NO_MATCH", "Another man.", by=noor)

    load(NOWAK.replace("Павел Новак", "Pasha Nowak"), OTHER)

    assert run() == ["Pavel Novak and Pavel Nowak"]


def test_a_match_stays_one_also_when_it_leaves_the_list(question, load, pavel, noor):
    question.decide("MATCH", "The same passport.", by=noor)

    load(OTHER)
    edit(pavel, noor, birth_year=1961)

    assert run() == []
    kept = ScreeningQuestion.objects.get()
    assert (kept.verdict, kept.listed_name, kept.entry) == ("MATCH", "Pavel Nowak", None)


def test_who_doubts_a_decision_asks_again_and_the_old_answer_stays(question, noor, olga):
    question.decide("MATCH", "The same passport.", by=noor)

    again = ScreeningQuestion.objects.get().ask_again(by=olga)

    assert run() == [str(again)]
    assert ScreeningQuestion.objects.get(pk=question.pk).verdict == "MATCH"
    with pytest.raises(ValidationError, match="being asked already"):
        ScreeningQuestion.objects.get(pk=question.pk).ask_again(by=noor)


# -- a list that is retired


def test_a_retired_list_asks_nothing_and_nobody_is_compared_with_it(question, pavel, dina, noor):
    Watchlist.objects.get().retire(by=noor)

    edit(pavel, noor, birth_year=1961)

    assert (run(), ScreeningQuestion.objects.count(), WatchlistEntry.objects.count()) == ([], 0, 0)
    assert list(Watchlist.objects.in_use()) == []
    entry, kept = ModelLogEntry.objects.get(action="contacts.watchlist.retire"), Watchlist.objects.get()
    assert (kept.count, kept.entries.count()) == (0, 0)
    assert (entry.user, entry.data) == (noor, {"version": kept.version, "digest": kept.digest, "questions": 1})


def test_what_was_decided_on_a_retired_list_stays(question, noor):
    question.decide("MATCH", "The same passport.", by=noor)
    before = Watchlist.objects.get()

    before.retire(by=noor)

    kept = ScreeningQuestion.objects.get()
    assert (kept.verdict, kept.version, kept.file_digest) == ("MATCH", before.version, before.digest)
    assert (kept.listed_name, kept.entry) == ("Pavel Nowak", None)


def test_a_list_is_retired_once(load, noor):
    load(NOWAK).retire(by=noor)

    with pytest.raises(ValidationError, match="retired already"):
        Watchlist.objects.get().retire(by=noor)


def test_the_other_lists_ask_on(question, load, noor):
    load(NOWAK, name="Another list")
    assert len(run()) == 2

    Watchlist.objects.get(name="Invented list").retire(by=noor)

    assert [str(one.watchlist) for one in ScreeningQuestion.objects.open()] == ["Another list"]


def test_a_file_puts_a_retired_list_back_and_no_match_is_remembered(question, load, dina, noor):
    question.decide("NO_MATCH", "Another man.", by=noor)
    Watchlist.objects.get().retire(by=noor)
    assert run() == []

    load(NOWAK, "NK-4,Person,Dina Haddad,,,,,2026-12-01")

    assert (run(), Watchlist.objects.get().retired_at) == (["Dina Haddad and Dina Haddad"], None)


# -- what becomes of the questions of people


def test_questions_go_over_with_a_merge_and_come_back(question, pavel, dina, noor):
    question.decide("NO_MATCH", "Another man.", by=noor)
    merge = Merge.objects.join(dina, pavel, by=noor)
    assert ScreeningQuestion.objects.get().person_id == dina.pk

    merge.undo(by=noor)

    assert ScreeningQuestion.objects.get().person_id == pavel.pk


def test_of_the_same_open_question_of_two_records_one_is_asked(question, noor, dina):
    double = person("Paweł", "Nowak")
    log(double, "wagtail.create", user=noor)
    assert len(run()) == 2

    Merge.objects.join(question.person, double, by=noor)

    assert run() == ["Pavel Novak and Pavel Nowak"]


def test_the_questions_of_an_erased_person_are_gone(question, pavel, noor):
    question.decide("NO_MATCH", "Pavel Novak lives in Lyon.", by=noor)

    erase(pavel, by=noor)

    assert ScreeningQuestion.objects.count() == 0
    assert [entry for entry in ModelLogEntry.objects.all() if "Lyon" in str(entry.data)] == []


def test_the_digest_of_an_organization_knows_its_other_names(load, customs, noor):
    load("NK-2,Company,Zoll Beispiel,,,,,")
    assert run() == []
    OrganizationName.objects.create(organization=customs, name="Zoll Beispiel", language="de")
    edit(Organization.objects.get(pk=customs.pk), noor)

    assert run() == ["Customs of Example (CEX) and Zoll Beispiel"]
