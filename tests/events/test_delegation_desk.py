"""The organizers' side of delegations: the table, allotments, approval, one delegation, the list of participants."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from contacts.models import Affiliation, Message
from events.models import Allotment, Delegation, Event, Invitation, Question
from events.viewsets.sources import delegations
from network.models import Organization
from tests.conftest import person, queries_of
from tests.events.conftest import LAYLA, OMAR, confirmed, letters, places
from tests.events.test_desk import said

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, olga):
    client.force_login(olga)
    return client


@pytest.fixture
def watch(db) -> Organization:
    """An NGO without a focal point or a country."""
    return Organization.objects.create(kind="NGO", name="Watch")


def at(name: str, record, *more) -> str:
    kind = "delegation" if isinstance(record, Delegation) else "event"
    return reverse(f"{kind}:{name}", args=[record.pk, *more])


def rows(page) -> dict[str, tuple]:
    """Organization -> what the table says of it."""
    return {
        one.organization.name: (one.state, one.named, one.confirmed, one.approved)
        for one in page.context["object_list"]
    }


def lacking(desk, forum, what: str) -> list[str]:
    return list(rows(desk.get(at("delegations", forum), {"missing": what})))


def test_organizations_are_chosen_and_put_on_the_list_without_a_letter(desk, forum, customs, watch):
    page = desk.get(at("delegations_add", forum))
    assert [one.name for one in page.context["object_list"]] == ["Customs of Example", "Watch"]

    desk.post(at("delegations_add", forum), {"rows": [watch.pk]})

    assert rows(desk.get(at("delegations", forum))) == {"Watch": ("DRAFT", 0, 0, 0)}
    assert [one.name for one in desk.get(at("delegations_add", forum)).context["object_list"]] == ["Customs of Example"]
    assert letters() == []


def test_those_ticked_are_invited_and_what_cannot_be_is_said(desk, forum, customs, watch, pavel, olga):
    forum.delegations.draft([customs, watch], by=olga)

    answer = desk.post(at("delegations", forum), {"everybody": "1", "invite": "1"})

    assert said(answer) == [
        "1 letter is in the outbox.",
        "1 organization has no focal point with an e-mail address: Watch.",
    ]
    assert {name: row[0] for name, row in rows(desk.get(at("delegations", forum))).items()} == {
        "Customs of Example": "INVITED",
        "Watch": "DRAFT",
    }


def test_moving_and_cancelling_say_first_that_focal_points_hear_of_it(desk, forum, delegation):
    told = "The focal points of 1 delegation hear of it."
    moved, cancelled = (desk.get(at(verb, forum)).context["view"].warning() for verb in ("reschedule", "cancel"))

    assert moved.startswith(f"{told} The sessions move along")
    assert cancelled == f"{told} A cancelled event cannot be called back."


def test_moving_an_event_to_where_nobody_can_answer_any_more_says_so(desk, forum):
    today = timezone.localdate()

    answer = desk.post(at("reschedule", forum), {"starts_on": today, "ends_on": today, "venue": forum.venue.pk})

    assert said(answer)[0] == (
        "The time for answers has moved along and is over: nobody can confirm. Set it anew in the form."
    )


def test_the_table_counts_and_says_what_is_missing(desk, forum, delegation, focal, watch, olga):
    forum.delegations.draft([watch], by=olga)
    layla = confirmed(delegation.nominate(LAYLA, "DELEGATE", "ROOM", by=focal))
    delegation.nominate(OMAR, "ADVISER", "ONLINE", by=focal)
    delegation.notes_verbales.submit(delegation, SimpleUploadedFile("note.pdf", b"%PDF-1.7"), by=focal)

    assert rows(desk.get(at("delegations", forum)))["Customs of Example"] == ("INVITED", 2, 1, 0)
    assert {what: lacking(desk, forum, what) for what in ("focal_point", "places", "head", "confirmation")} == {
        "focal_point": ["Watch"],
        "places": ["Watch"],
        "head": ["Customs of Example"],
        "confirmation": ["Customs of Example"],
    }
    assert {what: lacking(desk, forum, what) for what in ("names", "approval", "note", "check")} == {
        "names": [],
        "approval": ["Customs of Example"],
        "note": [],
        "check": ["Customs of Example"],
    }
    table = desk.get(at("delegations", forum))
    assert re.findall("To be checked|In order", table.text.partition("<tbody")[2]) == ["To be checked"]
    layla.approve(by=olga)
    assert rows(desk.get(at("delegations", forum)))["Customs of Example"] == ("INVITED", 2, 1, 1)


def test_reminders_go_to_those_ticked_that_are_invited(desk, forum, delegation, pavel):
    desk.post(at("delegations", forum), {"rows": [delegation.pk], "remind": "1"})

    assert letters(pavel) == ["delegation_invited", "delegation_reminder"]


def test_the_table_asks_equally_often_for_one_and_for_three(desk, forum, customs, olga):
    forum.delegations.draft([customs], by=olga)
    with_one = queries_of(desk, at("delegations", forum))
    forum.delegations.draft([Organization.objects.create(kind="NGO", name=name) for name in "AB"], by=olga)

    assert len(rows(desk.get(at("delegations", forum)))) == 3
    assert queries_of(desk, at("delegations", forum)) == with_one


def test_the_list_of_all_events_says_who_lacks_details_where_they_are_still_asked(
    desk, forum, delegation, focal, venue
):
    Question.objects.create(event=forum, label={"en": "Badge name"}, is_required=True)
    confirmed(delegation.nominate(LAYLA, "DELEGATE", "ROOM", by=focal))
    delegation.nominate(OMAR, "ADVISER", "ONLINE", by=focal)
    address = reverse("delegation:index")

    def listed(**asked) -> dict[str, int]:
        return {one.organization.name: one.details for one in desk.get(address, asked).context["object_list"]}

    assert (listed(), listed(missing="details")) == ({"Customs of Example": 1}, {"Customs of Example": 1})
    assert lacking(desk, forum, "details") == ["Customs of Example"]
    confirmed(Invitation.objects.get(person__family_name="Amari")).fill_in({Question.objects.get().pk: "L. Amari"})
    assert (listed(), listed(missing="details")) == ({"Customs of Example": 0}, {})


def test_the_list_of_all_events_asks_equally_often_for_one_and_for_three(desk, forum, customs, olga):
    Question.objects.create(event=forum, label={"en": "Badge name"}, is_required=True)
    forum.delegations.draft([customs], by=olga)
    with_one = queries_of(desk, reverse("delegation:index"))
    forum.delegations.draft([Organization.objects.create(kind="NGO", name=name) for name in "AB"], by=olga)

    assert queries_of(desk, reverse("delegation:index")) == with_one


def test_the_desk_of_france_sees_its_delegations_alone(client, forum, customs, watch, fatou, olga, pavel):
    forum.delegations.draft([customs, watch], by=olga)
    client.force_login(fatou)
    hidden = forum.delegations.get(organization=watch)

    assert [one.organization for one in client.get(reverse("delegation:index")).context["object_list"]] == [customs]
    assert client.get(at("inspect", hidden), follow=True).status_code == 404
    assert list(Delegation.objects.visible_to(fatou).values_list("organization__name", flat=True)) == [customs.name]


def test_places_are_given_to_a_kind_and_taken_back(desk, forum, delegation):
    url = at("allotments", forum)
    desk.post(url, {"kind": "LAW_ENFORCEMENT", "role": "", "place": "ROOM", "size": "5"})
    assert places(delegation)[0] == ("", "ROOM", 0, 5)

    desk.post(url, {"drop": Allotment.objects.get(role="HEAD").pk})

    assert list(Allotment.objects.values_list("role", "place", "size")) == [("", "ROOM", 5), ("ADVISER", "ONLINE", 1)]
    assert len(places(delegation)) == 3


def test_the_next_line_of_places_begins_with_the_same_kind(desk, forum):
    answer = desk.post(at("allotments", forum), {"kind": "INDUSTRY", "role": "", "place": "ROOM", "size": "1"})

    assert desk.get(answer.url).context["form"]["kind"].value() == "INDUSTRY"


def test_one_delegation_is_given_other_places_or_told_why_not(desk, delegation, focal):
    delegation.nominate(LAYLA, "DELEGATE", "ROOM", by=focal)

    refused = desk.post(at("places", delegation), {"role": "", "place": "ROOM", "size": "0"})
    desk.post(at("places", delegation), {"role": "OBSERVER", "place": "", "size": ""})

    assert said(refused) == ["More places than that are taken already."]
    assert places(delegation)[0] == ("", "ROOM", 1, 2)
    assert places(delegation)[-1] == ("OBSERVER", "", 0, None)


def test_those_ticked_are_approved_and_the_others_wait(desk, forum, delegation, focal):
    layla = confirmed(delegation.nominate(LAYLA, "DELEGATE", "ROOM", by=focal))
    omar = confirmed(delegation.nominate(OMAR, "ADVISER", "ONLINE", by=focal))

    answer = desk.post(at("approvals", forum), {"members": [layla.pk]})

    assert said(answer) == ["1 person is approved."]
    assert [one for one, *_more in desk.get(at("approvals", forum)).context["people"]] == [omar]
    assert forum.registrations.confirmed().get().person == layla.person


def test_two_people_approve_where_the_event_wants_it(client, forum, delegation, focal, olga, root):
    Event.objects.update(is_approved_by_two=True)
    layla = confirmed(Invitation.objects.get(pk=delegation.nominate(LAYLA, "DELEGATE", "ROOM", by=focal).pk))
    client.force_login(olga)

    first = client.post(at("approvals", forum), {"members": [layla.pk]})
    again = client.post(at("approvals", forum), {"members": [layla.pk]})

    assert said(first) == ["You have agreed to 1 person; somebody else is to agree as well."]
    assert said(again)[-1] == "You have agreed already; somebody else is to agree as well."
    client.force_login(root)
    assert said(client.post(at("approvals", forum), {"members": [layla.pk]}))[-1] == "1 person is approved."
    card = client.get(reverse("invitation:inspect", args=[layla.pk]))
    assert [(str(words), who) for words, who, _when in card.context["decisions"]] == [
        ("Approved who was named", root),
        ("Agreed, as the first of two", olga),
    ]


def test_those_ticked_are_turned_down_with_a_reason(desk, forum, delegation, focal):
    layla = confirmed(delegation.nominate(LAYLA, "DELEGATE", "ROOM", by=focal))

    without = desk.post(at("approvals", forum), {"members": [layla.pk], "reject": "1", "reason": ""})
    desk.post(at("approvals", forum), {"members": [layla.pk], "reject": "1", "reason": "Too late."})

    assert said(without) == ["Say why: the person and the focal points read it."]
    layla.refresh_from_db()
    assert (layla.approval, layla.objection) == ("REJECTED", "Too late.")


def test_staff_name_somebody_whose_name_came_on_paper(desk, delegation):
    named = {"given_name": "Layla", "family_name": "Amari", "email": "layla@example.org", "language": "fr"}

    answer = desk.post(at("nominate", delegation), {**named, "seat": "HEAD:ROOM"})

    assert said(answer) == ["Layla Amari is named, and a letter asks them to confirm."]
    assert delegation.members.get().role == "HEAD"


def test_a_name_that_is_refused_stays_as_it_was_typed(desk, delegation):
    named = {"given_name": "Layla", "family_name": "Amari", "email": "nobody", "language": "fr", "seat": "HEAD:ROOM"}

    page = desk.post(at("nominate", delegation), named)

    assert (page.status_code, said(page)) == (422, ["This was not saved; see below."])
    form = page.context["form"]
    assert (form["given_name"].value(), list(form.errors), '<details class="desk-more" open>' in page.text) == (
        "Layla",
        ["email"],
        True,
    )
    assert not delegation.members.exists()


def test_what_the_verb_refuses_stays_as_it_was_typed_too(desk, delegation, focal):
    delegation.nominate(LAYLA, "HEAD", "ROOM", by=focal)
    named = {"given_name": "Layla", "family_name": "Amari", "email": "layla@example.org", "language": "fr"}

    page = desk.post(at("nominate", delegation), {**named, "seat": "DELEGATE:ROOM"})

    assert (page.status_code, said(page)) == (422, ["Layla Amari is on the list of this event already."])
    assert page.context["form"]["email"].value() == "layla@example.org"


def test_a_note_verbale_that_came_on_paper_is_kept_and_waits_to_be_checked(desk, forum, delegation, olga):
    none = desk.post(at("note_add", delegation), {"file": SimpleUploadedFile("note.exe", b"MZ")})
    kept = desk.post(at("note_add", delegation), {"file": SimpleUploadedFile("note.pdf", b"%PDF-1.7")})

    assert (none.status_code, list(none.context["note_form"].errors)) == (422, ["file"])
    assert said(kept) == ["The note verbale is kept. Look at it, and say whether it is in order."]
    note = delegation.notes_verbales.get()
    assert (note.name, note.sent_by, note.state) == ("note.pdf", olga, "NEW")
    page = desk.get(at("desk", forum))
    assert (page.context["next"], page.context["delegations"]["to_check"]) == ("check", 1)
    note.accept(by=olga)
    assert desk.get(at("desk", forum)).context["delegations"]["to_check"] == 0


def test_a_card_without_a_focal_point_leads_to_the_organization(desk, forum, watch, olga):
    [draft] = forum.delegations.draft([watch], by=olga)

    page = desk.get(at("inspect", draft))

    assert reverse("organization:inspect", args=[watch.pk]) in page.text
    assert "tick focal point at the affiliation" in page.text


def test_a_note_verbale_is_in_order_or_goes_back_with_a_remark(desk, delegation, focal, pavel):
    first, second = (
        delegation.notes_verbales.submit(delegation, SimpleUploadedFile("note.pdf", b"%PDF-1.7"), by=focal)
        for _version in range(2)
    )

    silent = desk.post(at("check", delegation), {"note": first.pk, "return": "1", "remark": ""})
    desk.post(at("check", delegation), {"note": first.pk, "return": "1", "remark": "The seal is missing."})
    desk.post(at("check", delegation), {"note": second.pk})

    assert said(silent) == ["Say what is wrong: the focal points read it."]
    assert [note.state for note in delegation.notes_verbales.all()] == ["IN_ORDER", "RETURNED"]
    assert "The seal is missing." in Message.objects.filter(person=pavel).first().text
    twice = desk.post(at("check", delegation), {"note": second.pk})
    assert said(twice)[-1] == "This note verbale has been checked already."


def test_the_paper_of_a_hidden_delegation_is_not_handed_out(client, forum, watch, fatou, olga, root):
    [hidden] = forum.delegations.draft([watch], by=olga)
    note = hidden.notes_verbales.submit(hidden, SimpleUploadedFile("note.pdf", b"%PDF-1.7"), by=root)

    client.force_login(fatou)
    assert client.get(at("note", hidden, note.pk), follow=True).status_code == 404
    client.force_login(olga)
    assert b"".join(client.get(at("note", hidden, note.pk)).streaming_content) == b"%PDF-1.7"


def test_the_card_of_who_was_named_says_for_whom_and_how_it_stands(desk, delegation, focal):
    nominee = confirmed(delegation.nominate(LAYLA, "ADVISER", "ONLINE", by=focal))

    page = desk.get(reverse("invitation:inspect", args=[nominee.pk])).text

    assert [words in page for words in ("Customs of Example", "Adviser, Online", "Approve who has confirmed")] == [
        True
    ] * 3


def test_the_invitation_of_a_delegation_stands_on_the_timelines_of_those_who_see_it(
    customs, delegation, olga, stranger
):
    told = [entry.title for entry in delegations(customs, olga, timezone.now(), 9)]

    assert told == ["Customs of Example (CEX) to Forum on illicit trade"]
    assert delegations(customs.country, olga, timezone.now(), 9)[0].detail == "Invited"
    assert delegations(customs, stranger, timezone.now(), 9) == []


# -- The list of participants


@pytest.fixture
def coming(forum, delegation, focal, watch, olga) -> Event:
    """A head and a delegate of the customs service, of whom one is approved; a guest of an NGO, and one of nobody."""
    delegate = confirmed(delegation.nominate(OMAR, "DELEGATE", "ROOM", by=focal))
    confirmed(delegation.nominate(LAYLA, "HEAD", "ROOM", by=focal))
    delegate.approve(by=olga)
    guest, alone = person("Zoe", "Zed", honorific="Dr"), person("Ana", "Alone")
    Affiliation.objects.create(person=guest, organization=watch, position="=Director")
    forum.invitations.draft([guest, alone], by=olga)
    forum.invitations.send_drafts(by=olga)
    for invitation in forum.invitations.filter(person__in=[guest, alone]):
        invitation.answer("ACCEPTED")
    return forum


def test_the_draft_stands_in_the_order_of_protocol(desk, coming):
    content = desk.get(at("participants", coming), {"list": "draft", "language": "en", "format": "xlsx"}).content

    sheet = list(load_workbook(io.BytesIO(content)).active.values)
    assert sheet[0] == ("Section", "Group", "Name", "Position", "Organization", "Role", "Place", "Standing")
    assert [row[:4] + row[5:] for row in sheet[1:]] == [
        ("States", "France", "Layla Amari", "Adviser", "Head of delegation", "In the room", "To be confirmed"),
        ("States", "France", "Omar Saleh", None, "Delegate", "In the room", "Confirmed"),
        ("Non-governmental organization", "Watch", "Dr Zoe Zed", "=Director", "Delegate", "In the room", "Confirmed"),
        ("Others", None, "Ana Alone", None, "Delegate", "In the room", "Confirmed"),
    ]


def test_who_has_not_agreed_to_be_listed_is_counted_beside_the_final_list(desk, forum, coming):
    assert desk.get(at("participants", forum)).context["left_out"] == 0

    Question.objects.create(event=forum, label={"en": "May we list you?"}, kind="LISTING")

    page = desk.get(at("participants", forum))
    assert page.context["left_out"] == forum.registrations.confirmed().count() > 0


def test_a_cell_of_the_workbook_is_never_a_formula(desk, coming):
    content = desk.get(at("participants", coming), {"list": "final", "language": "en", "format": "xlsx"}).content

    kinds = {cell.value: cell.data_type for row in load_workbook(io.BytesIO(content)).active.rows for cell in row}
    assert kinds["=Director"] == "s"


@pytest.mark.parametrize(("kind", "has_head"), [("draft", True), ("final", False)])
def test_the_list_as_a_paper(desk, coming, kind, has_head):
    content = desk.get(at("participants", coming), {"list": kind, "language": "fr", "format": "pdf"}).content

    reader = PdfReader(io.BytesIO(content))
    text = " ".join(page.extract_text() for page in reader.pages)
    assert ("Layla Amari" in text, "Omar Saleh" in text, "Forum sur le commerce illicite" in text) == (
        has_head,
        True,
        True,
    )
    assert reader.trailer["/Root"]["/Lang"].startswith("fr")


def test_the_list_names_nobody_whom_the_viewer_does_not_see(client, coming, fatou):
    client.force_login(fatou)

    content = client.get(at("participants", coming), {"list": "draft", "format": "xlsx"}).content

    names = {row[2] for row in load_workbook(io.BytesIO(content)).active.values}
    assert names == {"Name", "Layla Amari", "Omar Saleh"}
