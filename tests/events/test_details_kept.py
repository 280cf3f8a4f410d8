"""How far somebody agrees to be listed, and what vanishes of the registration form."""

import datetime

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from wagtail.models import ModelLogEntry

from contacts.models import Consent
from contacts.models.dossier import dossier
from contacts.models.erasure import erase
from events.models import Answer, Question
from events.models.details import Filler, listing_of
from events.models.participants import participants, public_participants
from tests.conftest import person
from tests.events.test_details import ask, coming, guest, missing, option, said, used

pytestmark = pytest.mark.django_db
__all__ = ["guest"]


def names(rows) -> list[str]:
    return [row.name for row in rows]


@pytest.fixture
def listing(forum) -> Question:
    return ask(forum, "May we list you?", "LISTING", is_required=True)


def test_each_is_listed_as_far_as_they_agree(forum, guest, pavel, olga, listing):
    wide, closed = coming(forum, pavel, olga), coming(forum, person("Nora", "None"), olga)
    silent = coming(forum, person("Sam", "Silent"), olga)
    guest.fill_in({listing.pk: "PARTICIPANTS"})
    wide.fill_in({listing.pk: "PUBLIC"})
    closed.fill_in({listing.pk: "NONE"})

    assert names(public_participants(forum, "en")) == ["Mr Pavel Novak"]
    assert names(participants(forum, "en", is_final=True, viewer=olga)) == ["Dr Dina Haddad", "Mr Pavel Novak"]
    draft = participants(forum, "en", is_final=False, viewer=olga)
    assert {row.name: row.listing for row in draft} == {
        "Dr Dina Haddad": "In the list for participants",
        "Mr Pavel Novak": "In the public list as well",
        "Nora None": "Not listed",
        "Sam Silent": "Not listed",
    }
    assert missing(silent) == ["May we list you?"]


def test_where_the_event_does_not_ask_the_list_is_as_it_was_and_nobody_is_public(forum, guest, olga):
    assert names(participants(forum, "en", is_final=True, viewer=olga)) == ["Dr Dina Haddad"]
    assert public_participants(forum, "en") == []
    assert listing_of(forum, [guest.person_id]) is None


def test_a_consent_is_noted_with_the_person_and_holds_until_it_is_taken_back(forum, guest, listing):
    guest.fill_in({listing.pk: "PUBLIC"})
    consent = guest.person.consents.standing().get(purpose="LISTING")
    assert (consent.basis, consent.source) == (
        "CONSENT",
        "Registration form of Forum on illicit trade: In the public list as well",
    )
    assert names(public_participants(forum, "en")) == ["Dr Dina Haddad"]

    consent.withdraw(by=None)
    assert public_participants(forum, "en") == []
    guest.fill_in({listing.pk: "PUBLIC"})
    assert names(public_participants(forum, "en")) == ["Dr Dina Haddad"]


def test_a_consent_that_was_taken_back_does_not_return_with_one_for_another_event(forum, guest, listing, olga):
    guest.fill_in({listing.pk: "PUBLIC"})
    guest.person.consents.standing().get(purpose="LISTING").withdraw(by=None)
    before = timezone.localdate() - datetime.timedelta(days=5)
    Consent.objects.update(given_on=before, withdrawn_on=before)
    Answer.objects.update(at=timezone.now() - datetime.timedelta(days=5))

    give = {"purpose": "LISTING", "basis": "CONSENT", "source": "Another", "given_on": timezone.localdate()}
    Consent.objects.give(guest.person, **give, by=olga)

    assert public_participants(forum, "en") == []


def test_who_says_no_takes_back_what_the_form_had_noted(forum, guest, listing):
    guest.fill_in({listing.pk: "PUBLIC"})
    guest.fill_in({listing.pk: "NONE"})

    assert not guest.person.consents.standing().filter(purpose="LISTING").exists()


def test_a_focal_point_cannot_consent_for_somebody(forum, guest, listing, olga):
    guest.fill_in({listing.pk: "PUBLIC"}, by=olga, filler=Filler.FOCAL_POINT)

    assert (said(guest), guest.details().missing(Filler.FOCAL_POINT)) == ({}, [])


# -- What vanishes ---------------------------------------------------------------------------------------------------


def upload(name: str = "passport.pdf") -> ContentFile:
    return ContentFile(b"%PDF-1.7 a passport", name)


def over(event, days: int) -> None:
    event.starts_on = event.ends_on = timezone.localdate() - datetime.timedelta(days=days)
    event.save()


def test_travel_data_vanish_with_all_versions_and_files_thirty_days_after_the_event(
    forum, guest, django_capture_on_commit_callbacks
):
    number, badge = ask(forum, "Passport", is_travel_data=True), ask(forum, "Badge")
    scan = ask(forum, "Scan", "FILE", is_travel_data=True)
    guest.fill_in({number.pk: "X1", badge.pk: "Dina", scan.pk: upload()})
    guest.fill_in({number.pk: "X2"})
    path = Answer.objects.exclude(file="").get().file.name
    over(forum, 30)
    assert (Answer.objects.vanish(), default_storage.exists(path)) == (0, True)
    over(forum, 31)

    with django_capture_on_commit_callbacks(execute=True):
        assert Answer.objects.vanish() == 3

    assert (said(guest), default_storage.exists(path)) == ({"Badge": "Dina"}, False)
    assert Answer.objects.vanish() == 0
    [entry] = forum_log(forum, "events.details.vanish")
    assert entry.data == {"answers": 3, "files": 1}


def forum_log(event, action: str) -> list:
    return list(ModelLogEntry.objects.filter(action=action, object_id=str(event.pk)))


def test_what_is_on_legal_hold_does_not_vanish(forum, guest):
    number = ask(forum, "Passport", is_travel_data=True)
    guest.fill_in({number.pk: "X1"})
    guest.person.hold_reason = "Case 7"
    guest.person.save()
    over(forum, 60)

    assert Answer.objects.vanish() == 0


def test_the_history_says_which_questions_were_answered_and_never_what_was_said(forum, guest):
    number = ask(forum, "Passport", is_travel_data=True)
    guest.fill_in({number.pk: "X123456"})

    [entry] = ModelLogEntry.objects.filter(action="events.details.fill")
    assert entry.data == {"questions": ["Passport"]}


def test_what_somebody_said_is_in_their_dossier_and_goes_with_them(forum, guest, olga):
    tour, badge = ask(forum, "Tour", "CHOICE", ("Harbour",)), ask(forum, "Badge")
    guest.fill_in({tour.pk: (option("Harbour").pk,), badge.pk: "Dina"})
    [held] = [one for one in dossier(guest.person) if one.kind == "answer"]
    assert sorted(fact.text for row in held.told for fact in row if fact.name == "value") == ["Dina", "Harbour"]

    erase(guest.person, by=olga)

    assert (Answer.objects.count(), used()) == (0, {"Harbour": (0, 0)})
