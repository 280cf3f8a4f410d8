"""The admin's screens for agreements, applications and admission rules; and that a desk sees its own alone."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from wagtail.models import ModelLogEntry

from contacts.models import AdmissionRule, Agreement, Application, Message, Person, Task
from contacts.models.likeness import organizations_like
from network.models import Country, Organization
from network.viewsets.timeline import timeline
from tests.conftest import queries_of, rows_of_sheet, staff
from tests.contacts.test_agreement import agreement, day
from tests.contacts.test_application import PDF, applied, in_review, paper

pytestmark = pytest.mark.django_db

NO_ROWS = {"parties-INITIAL_FORMS": 0}


@pytest.fixture
def desk(client, noor):
    client.force_login(noor)
    return client


@pytest.fixture
def guard(db) -> Organization:
    return Organization.objects.create(kind="LAW_ENFORCEMENT", name="Nairobi Secret Guard", country_id="KE")


@pytest.fixture
def hidden(noor, customs, guard) -> dict:
    """What the French desk must not see, beside what it may: an agreement and an application with its paper."""
    agreement(noor, customs, title="With France", document=ContentFile(PDF, "france.pdf"))
    applied(organization_name="Alliance Française", email="fr@example.org", country=Country.objects.get(code="FR"))
    application = in_review(noor, organization_name="Secret Alliance", documents=[paper("secret.pdf")])
    secret = agreement(noor, customs, guard, title="Secret pact", document=ContentFile(PDF, "secret.pdf"))
    return {"agreement": secret, "application": application}


def listed(client, name: str, **asked) -> list[str]:
    return [str(one) for one in client.get(reverse(f"{name}:index"), asked).context["object_list"]]


def page(client, url: str) -> str:
    return client.get(url).content.decode()


def told(answer) -> list[str]:
    return [str(message).strip() for message in answer.context["messages"]]


def body(answer) -> bytes:
    return b"".join(answer.streaming_content)


def test_an_agreement_is_looked_after_by_those_who_may_see_it(desk, noor, olga):
    staff("front desk", "fred@example.org")

    assert set(desk.get(reverse("agreement:add")).context["form"].fields["owner"].queryset) == {noor, olga}


# -- lists


@pytest.mark.parametrize("name", ["agreement", "application", "admissionrule"])
def test_a_list_asks_as_often_for_three_rows_as_for_one(desk, noor, name):
    AdmissionRule.objects.exclude(kind="NGO").delete()

    def several(count: int) -> None:
        for number in range(count):
            body = Organization.objects.create(kind="NGO", name=f"Body {number}", country_id="FR")
            agreement(noor, body, title=f"Pact {number}")
            in_review(noor, email=f"a{number}@example.org")

    several(1)
    once = queries_of(desk, reverse(f"{name}:index"))
    several(2)
    AdmissionRule.objects.create(kind="IGO")
    AdmissionRule.objects.create(kind="INDUSTRY")

    assert queries_of(desk, reverse(f"{name}:index")) == once


def test_an_empty_list_says_what_to_do_next(desk):
    add = f'There are no agreements to display. Why not <a href="{reverse("agreement:add")}">add one</a>?'
    assert add in page(desk, reverse("agreement:index"))
    assert 'Give partners the address of the form: <a href="/en/apply/">' in page(desk, reverse("application:index"))


def test_agreements_are_found_by_their_parties_and_filtered_by_state_and_owner(desk, noor, olga, customs, guard):
    agreement(noor, customs, title="Soon", expires=20)
    agreement(olga, guard, title="Later", expires=500)
    agreement(noor, customs, title="Talks", signed_on=None, expires=None)
    agreement(noor, customs, title="Past", expires=-3)

    assert listed(desk, "agreement", standing="expiring") == ["Soon"]
    assert listed(desk, "agreement", standing="in_force") == ["Soon", "Later"]
    assert listed(desk, "agreement", standing="under_negotiation") == ["Talks"]
    assert listed(desk, "agreement", standing="over") == ["Past"]
    assert listed(desk, "agreement") == ["Past", "Soon", "Later", "Talks"]
    assert listed(desk, "agreement", owner=olga.pk) == ["Later"]
    assert listed(desk, "agreement", q="nairobi") == ["Later"]
    sheet = rows_of_sheet(desk.get(reverse("agreement:index"), {"standing": "expiring", "export": "csv"}))
    assert sheet[1][:3] == ["Soon", "Memorandum of understanding", "Customs of Example (CEX)"]


def test_the_queue_counts_and_filters(desk, noor):
    waiting = applied(organization_name="New")
    asked = in_review(noor, organization_name="Asked", email="b@example.org")
    asked.ask_for_more("?", by=noor)
    applied(organization_name="Gone", email="c@example.org").refuse("No.", by=noor)
    applied(organization_name="Nobody", email="d@example.org", confirmed=False)

    counts = desk.get(reverse("application:index")).context["counts"]

    assert [(label, count) for label, count, _url in counts if count] == [
        *(("Waits for me", 1), ("Pending", 1), ("In review", 1), ("Refused", 1)),
    ]
    assert listed(desk, "application", waits_for="me") == [str(waiting)]
    assert listed(desk, "application", state="REFUSED") == ["Gone"]
    assert listed(desk, "application", q="asked") == ["Asked"]


def test_the_first_page_shows_what_awaits_whom(client, noor, olga, customs):
    application = in_review(noor, kind="NGO")
    agreement(noor, customs, expires=20)
    client.force_login(noor)
    assert "Applications that wait for you" in page(client, "/admin/")
    assert "Your agreements that expire soon" in page(client, "/admin/")

    application.approve(by=noor)

    assert "Applications that wait for you" not in page(client, "/admin/")
    client.force_login(staff("network officer", "nina@example.org"))
    assert "Waits for a second person" in page(client, "/admin/")
    client.force_login(olga)
    assert "Coalition" not in page(client, "/admin/")


# -- agreements


def agreement_answers(noor, *parties, **changes) -> dict:
    rows = {f"parties-{n}-organization": party.pk for n, party in enumerate(parties)}
    rows |= {f"parties-{n}-ORDER": n for n in range(len(parties))}
    said = {"title": "Pact", "kind": "CONTRACT", "owner": noor.pk, "note": "", "signed_on": "2026-01-02"}
    return {**said, **NO_ROWS, "parties-TOTAL_FORMS": len(parties), **rows, **changes}


def test_an_officer_records_an_agreement_with_its_paper_and_the_card_of_the_party_shows_it(desk, noor, customs):
    form = page(desk, reverse("agreement:add") + f"?organization={customs.pk}")
    assert 'enctype="multipart/form-data"' in form

    desk.post(reverse("agreement:add"), agreement_answers(noor, customs, document=paper("pact.pdf")))

    made = Agreement.objects.get()
    assert ([str(party) for party in made.parties.all()], made.document_name) == ([str(customs)], "pact.pdf")
    card = page(desk, reverse("organization:inspect", args=[customs.pk]))
    assert reverse("agreement:inspect", args=[made.pk]) in card
    answer = desk.get(reverse("agreement:document", args=[made.pk]))
    assert body(answer) == PDF
    assert (answer["Content-Disposition"], answer["Content-Security-Policy"]) == (
        'attachment; filename="pact.pdf"',
        "default-src 'none'; sandbox",
    )
    assert {"private", "no-store"} <= set(answer["Cache-Control"].split(", "))
    assert desk.get(f"/media/{made.document.name}").status_code == 404


def test_what_is_wrong_with_an_agreement_is_said_and_nothing_is_written(desk, noor, customs):
    fake = ContentFile(b"MZ program", "pact.pdf")

    nobody = desk.post(reverse("agreement:add"), agreement_answers(noor))
    wrong = desk.post(
        reverse("agreement:add"), agreement_answers(noor, customs, document=fake, expires_on="2025-01-01")
    )

    assert nobody.context["form"].non_field_errors() == ["Name at least one organization as a party."]
    assert wrong.context["form"].errors["document"] == [
        "“pact.pdf” is not a PDF, a picture (JPEG, PNG) or a document (DOCX, XLSX, ODT, ODS)."
    ]
    again = desk.post(reverse("agreement:add"), agreement_answers(noor, customs, expires_on="2025-01-01"))
    assert again.context["form"].non_field_errors() == ["An agreement cannot expire before it is signed."]
    assert Agreement.objects.count() == 0


def test_signing_renewing_and_ending_are_buttons_on_the_card(desk, noor, customs):
    made = agreement(noor, customs, signed_on=None, expires=None)

    def press(name: str, **said):
        answer = desk.post(reverse(f"agreement:{name}", args=[made.pk]), said, follow=True)
        made.refresh_from_db()
        return told(answer)

    assert press("sign", on="soon") == ["Signed on: Enter a valid date."]
    assert press("sign", on=str(day(-1)), expires_on=str(day(30))) == ["The signature is noted."]
    assert press("renew", until=str(day(10))) == [
        "Choose a day that is later than today and than the present last day."
    ]
    assert press("renew", until=str(day(400))) == ["It is renewed. The owner hears of it before the new day."]
    assert press("end", reason="Closed.") == ["It has ended."]
    assert (made.standing(), made.end_reason) == ("Ended", "Closed.")
    actions = ModelLogEntry.objects.order_by("pk").values_list("action", "user")
    assert list(actions) == [(f"contacts.agreement.{act}", noor.pk) for act in ("sign", "renew", "end")]


def test_the_timeline_of_an_organization_and_its_country_tells_of_agreements_and_admission(
    noor, customs, france, guard
):
    agreement(noor, customs, title="Pact", expires=20)
    application = in_review(noor)
    application.admit(by=noor, organization=customs)

    titles = [entry.title for entry in timeline(customs, noor, kind="agreement")]
    assert {entry.is_day for entry in timeline(customs, noor, kind="agreement")} == {True}
    assert titles == ["Expires: Pact", "Signed: Pact"]
    assert [entry.title for entry in timeline(france, noor, kind="agreement")] == titles
    steps = [entry.title.partition(":")[0] for entry in timeline(customs, noor, kind="application")]
    assert steps == ["Admitted", "Review begun", "Sent by the applicant"]
    assert timeline(guard, noor, kind="agreement") == timeline(guard, noor, kind="application") == []


# -- applications


def act(client, application: Application, name: str, *args, **said) -> list[str]:
    said = {"version": Application.objects.get(pk=application.pk).version, **said}
    return told(client.post(reverse(f"application:{name}", args=[application.pk, *args]), said, follow=True))


def test_an_officer_takes_an_application_through_the_review(desk, noor, customs):
    application = applied(documents=[paper()])
    assert "register.pdf" in page(desk, reverse("application:inspect", args=[application.pk]))

    assert act(desk, application, "begin") == ["You review it now. The applicant has a letter."]
    assert act(desk, application, "admit") == ["Not everything on the checklist is ticked."]
    for check in application.checks.all():
        act(desk, application, "tick", check.pk)
    assert act(desk, application, "ask", text="") == ["Say what is missing."]
    assert act(desk, application, "admit", organization=customs.pk) == [f"{customs} is in the network."]
    assert act(desk, application, "suspend", text="Inquiry.")[0].startswith("It is suspended")
    assert act(desk, application, "reinstate") == ["It counts among the members again."]
    assert act(desk, application, "end", text="Dissolved.")[0].startswith("The membership has ended")

    customs.refresh_from_db()
    assert (Application.objects.get().state, customs.status) == ("ENDED", "ENDED")
    card = page(desk, reverse("application:inspect", args=[application.pk]))
    assert "Dissolved." in card


def test_the_second_person_finds_the_button_that_the_first_has_not(client, noor):
    application = in_review(noor, kind="INDUSTRY")
    nina = staff("network officer", "nina@example.org")
    url = reverse("application:inspect", args=[application.pk])
    client.force_login(noor)
    act(client, application, "recommend")
    admit = reverse("application:admit", args=[application.pk])

    assert (admit in page(client, url), act(client, application, "admit")) == (
        False,
        ["You have recommended it yourself. Somebody else has to admit."],
    )
    client.force_login(nina)
    assert admit in page(client, url)
    assert act(client, application, "admit") == ["Coalition against Counterfeits is in the network."]


def test_who_decides_about_what_has_changed_since_is_told(desk, noor):
    application = in_review(noor)

    answer = act(desk, application, "admit", version=7)

    assert answer == ["This has been changed in the meantime. Please look at it again."]
    assert Application.objects.get().state == "IN_REVIEW"


def test_look_alikes_are_shown_before_somebody_admits(desk, noor):
    like = Organization.objects.create(kind="NGO", name="Coalition against Counterfeiting", country_id="KE")
    application = in_review(noor)

    card = desk.get(reverse("application:inspect", args=[application.pk]))

    assert (card.context["organizations"], "These may be the same" in card.content.decode()) == ([like], True)


def test_nobody_writes_or_deletes_an_application_by_hand(client, root):
    application = applied()
    client.force_login(root)

    doors = [client.post(reverse(f"application:{door}", args=[application.pk])) for door in ("edit", "delete")]

    assert [answer.status_code for answer in doors] == [302, 302]
    assert Application.objects.count() == 1


def test_a_rule_is_changed_on_its_form_and_by_no_desk(client, noor, fatou):
    rule = AdmissionRule.objects.get(kind="ACADEMIA")
    client.force_login(noor)
    rows = {"items-TOTAL_FORMS": 1, "items-INITIAL_FORMS": 0, "items-0-label_en": "Seen at work", "items-0-ORDER": 1}

    client.post(reverse("admissionrule:edit", args=[rule.pk]), {"kind": "ACADEMIA", "needs_two": "on", **rows})

    rule.refresh_from_db()
    assert (rule.needs_two, str(rule.items.last())) == (True, "Seen at work")
    client.force_login(fatou)
    assert (
        listed(client, "admissionrule"),
        client.get(reverse("admissionrule:edit", args=[rule.pk]), follow=True).status_code,
    ) == (
        [],
        404,
    )


# -- one desk does not see the other's


def test_lists_counts_search_and_exports_end_at_the_desk(client, noor, fatou, hidden):
    client.force_login(noor)
    for name in hidden:
        assert [len(listed(client, name, **asked)) for asked in ({}, {"q": "secret"})] == [2, 1]
    client.force_login(fatou)

    assert (listed(client, "agreement"), listed(client, "application")) == (["With France"], ["Alliance Française"])
    for name in hidden:
        assert listed(client, name, q="secret") == []
        export = rows_of_sheet(client.get(reverse(f"{name}:index"), {"export": "csv"}))
        assert (len(export), "Secret" in str(export)) == (2, False)
    counts = {label: count for label, count, _url in client.get(reverse("application:index")).context["counts"]}
    assert (counts["Pending"], counts["In review"], counts["Waits for me"]) == (1, 0, 1)


DOORS = {
    "agreement": ["inspect", "edit", "delete", "history", "who", "document"],
    "application": ["inspect", "history", "who"],
}


@pytest.mark.parametrize(("name", "door"), [(name, door) for name, doors in DOORS.items() for door in doors])
def test_no_door_of_a_hidden_record_opens(client, noor, fatou, hidden, name, door):
    url = reverse(f"{name}:{door}", args=[hidden[name].pk])
    client.force_login(noor)
    answer = client.get(url)
    assert (answer.status_code, b"" in (body(answer) if answer.streaming else answer.content)) == (200, True)
    client.force_login(fatou)

    assert client.get(url, follow=True).status_code == 404


def test_no_paper_of_a_hidden_application_is_handed_out(client, noor, fatou, olga, hidden):
    url = reverse("application:document", args=[hidden["application"].documents.get().pk])
    client.force_login(noor)
    assert body(client.get(url)) == PDF

    for viewer in (fatou, olga):
        client.force_login(viewer)
        assert client.get(url, follow=True).status_code == 404
    client.logout()
    assert "/login/" in client.get(url)["Location"]


def test_no_verb_touches_a_hidden_record(client, fatou, hidden):
    client.force_login(fatou)
    application, pact = hidden["application"], hidden["agreement"]
    acts = ("begin", "ask", "recommend", "admit", "refuse", "suspend", "reinstate", "end")
    urls = [reverse(f"application:{act}", args=[application.pk]) for act in acts]
    urls += [reverse(f"agreement:{act}", args=[pact.pk]) for act in ("renew", "end")]
    urls.append(reverse("application:tick", args=[application.pk, application.checks.first().pk]))

    answers = [client.post(url, {"text": "x", "reason": "x"}, follow=True) for url in urls]

    assert [answer.status_code for answer in answers] == [404] * 11
    application.refresh_from_db()
    assert (application.state, Agreement.objects.get(pk=pact.pk).ended_on) == ("IN_REVIEW", None)


def test_cards_timelines_letters_and_the_first_page_do_not_name_what_is_hidden(client, noor, fatou, hidden, customs):
    surfaces = ["/admin/", reverse("organization:inspect", args=[customs.pk]), reverse("message:index")]
    surfaces += [reverse("organization:timeline", args=[customs.pk]), reverse("country:inspect", args=["FR"])]
    client.force_login(noor)
    assert [("Secret" in page(client, url)) for url in surfaces] == [True] * 5

    client.force_login(fatou)
    assert [("Secret" in page(client, url)) for url in surfaces] == [False] * 5


def test_letters_to_applicants_are_not_for_who_may_not_see_applications(client, noor, olga, pavel):
    in_review(noor, organization_name="Secret Alliance").admit(by=noor, person=pavel)
    surfaces = [reverse("message:index"), reverse("person:timeline", args=[pavel.pk])]
    surfaces.append(reverse("message:inspect", args=[Message.objects.first().pk]))
    client.force_login(noor)
    assert [("Secret Alliance" in page(client, url)) for url in surfaces] == [True] * 3

    client.force_login(olga)
    affiliation = Organization.objects.get(name="Secret Alliance").affiliations.get()
    affiliation.delete()  # the post itself is there for everybody who sees people
    assert [("Secret Alliance" in page(client, url)) for url in surfaces] == [False] * 3
    assert client.get(surfaces[-1], follow=True).status_code == 404


def test_a_hidden_look_alike_is_neither_proposed_nor_taken(client, fatou, guard):
    application = in_review(fatou, organization_name=guard.name, country=Country.objects.get(code="FR"))
    assert organizations_like(application, fatou) == []
    client.force_login(fatou)

    answer = client.post(
        reverse("application:admit", args=[application.pk]),
        {"organization": guard.pk, "version": application.version},
        follow=True,
    )

    assert (answer.status_code, Application.objects.get().state) == (404, "IN_REVIEW")


def test_a_tick_belongs_to_its_own_application(client, noor, hidden):
    other = in_review(noor, email="e@example.org", ticked=False)
    client.force_login(noor)

    answer = client.post(
        reverse("application:tick", args=[hidden["application"].pk, other.checks.first().pk]), follow=True
    )

    assert (answer.status_code, other.checks.filter(ticked_at=None).count()) == (404, 2)


def test_the_admitted_partner_is_seen_by_the_desk_that_keeps_the_organization(fatou, noor, customs):
    application = in_review(noor)
    assert list(Application.objects.visible_to(fatou)) == []

    application.admit(by=noor, organization=customs)

    assert list(Application.objects.visible_to(fatou)) == [application]
    assert (Person.objects.count(), Task.objects.count(), Message.objects.count()) == (1, 0, 4)
