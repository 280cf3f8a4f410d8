"""The portal: what a focal point sees, suggests and is told; and what an officer does with it on the desk."""

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from contacts.models import Affiliation, Message, User
from legal.models import Authority, Suggestion
from tests.conftest import person, queries_of
from tests.legal.assessed import place
from tests.legal.helping import PDF, account, focal_point, paper, suggested

PORTAL = reverse("legal:portal")


@pytest.fixture
def focal(client, pavel):
    """Pavel, signed in: focal point of France."""
    client.force_login(account(pavel))
    return client


def fields(law=None, **said) -> dict:
    """The form as the page shows it, with what was changed."""
    facts = {"title_en": "Tobacco Act", "title_fr": "Loi sur le tabac", "title_es": "", "title_ar": "", "form": "ACT"}
    if law:
        facts |= {"number": law.number, "dated_on": law.dated_on, "in_force_on": law.in_force_on}
    return {**facts, **said}


def test_a_focal_point_sees_the_published_laws_of_their_country_alone(focal, act, bill, case):
    page = focal.get(PORTAL)

    [(country, laws)] = page.context["countries"]
    assert (country.pk, laws) == ("FR", [act])
    assert ("Candlelight" in page.text, "no-store" in page["Cache-Control"]) == (False, True)


def test_who_is_no_focal_point_finds_nothing_and_who_has_not_signed_in_is_asked_to(client, act, dina, stranger):
    assert client.get(PORTAL)["Location"].startswith("/en/accounts/login/code/")
    for user in (stranger, account(dina)):
        client.force_login(user)
        assert client.get(PORTAL).context["countries"] == []
        for name, where in (("suggest_law", "FR"), ("suggest_correction", act.slug), ("suggest_citation", act.slug)):
            assert client.get(reverse(f"legal:{name}", args=[where])).status_code == 404


def test_a_law_of_another_country_or_a_draft_cannot_be_corrected(client, act, bill):
    client.force_login(focal_point(person("Wanjiru", "Kamau"), "KE"))
    abroad = client.post(reverse("legal:suggest_correction", args=[act.slug]), fields(act, number="x")).status_code
    there = client.get(reverse("legal:suggest_law", args=["FR"])).status_code
    client.force_login(focal_point(person("Ana", "Roux"), "FR"))

    assert (abroad, there) == (404, 404)
    assert client.get(reverse("legal:suggest_correction", args=[bill.slug])).status_code == 404
    assert Suggestion.objects.count() == 0


def test_a_missing_law_is_named_with_its_text(focal, pavel, france):
    url = reverse("legal:suggest_law", args=["FR"])

    answer = focal.post(url, fields(dated_on="2026-02-01", note="Voici.", file=paper("loi.pdf")))

    [one] = Suggestion.objects.all()
    assert (answer["Location"], one.kind, one.person, one.country, one.name) == (
        PORTAL,
        "LAW",
        pavel,
        france,
        "loi.pdf",
    )
    assert one.proposed == {
        "title": {"en": "Tobacco Act", "fr": "Loi sur le tabac"},
        "dated_on": "2026-02-01",
    }
    assert "Thank you. A legal officer looks at it and writes to you." in focal.get(PORTAL).text
    file = focal.get(reverse("legal:suggestion_file", args=[one.pk]))
    assert b"".join(file.streaming_content) == PDF


def test_of_a_correction_only_what_differs_is_suggested(focal, act):
    url = reverse("legal:suggest_correction", args=[act.slug])
    shown = focal.get(url).context["form"].initial

    focal.post(url, fields(act, number="2015-13"))

    [one] = Suggestion.objects.all()
    assert (shown["number"], one.proposed, one.before) == ("2015-12", {"number": "2015-13"}, {"number": "2015-12"})


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({}, "Nothing differs from what is here."),
        ({"dated_on": "31.02.2026"}, "Enter a valid date."),
        ({"url": "not an address"}, "Enter a valid URL."),
        ({"in_force_on": "2026-02-01", "repealed_on": "2026-01-01"}, "It cannot be repealed before it came into force"),
        ({"file": SimpleUploadedFile("law.pdf", b"MZ\x90")}, "“law.pdf” is not a PDF"),
        ({"title_en": "", "title_fr": ""}, "Write it in at least one language."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(focal, act, said, sentence):
    answer = focal.post(reverse("legal:suggest_correction", args=[act.slug]), fields(act, note="My words", **said))
    if not said:
        answer = focal.post(reverse("legal:suggest_correction", args=[act.slug]), fields(act))

    expected = ["My words"] if said else []
    assert [words for words in (sentence, *expected) if words not in answer.text] == []
    assert answer.status_code == 422


def test_a_provision_is_said_to_answer_to_an_article(focal, act, convention):
    url = reverse("legal:suggest_citation", args=[act.slug])
    said = {"article": place(convention, "art_2").pk, "provision": place(act, "art_2").pk, "note": "Voir."}

    answer = focal.post(url, said)

    [one] = Suggestion.objects.all()
    assert (answer["Location"], one.standard.eid, one.provision.eid, one.law.slug) == (
        PORTAL,
        "art_2",
        "art_2",
        act.slug,
    )
    assert focal.post(url, {**said, "provision": place(convention, "art_1").pk}).status_code == 422


def test_colleagues_see_what_was_suggested_and_its_file_and_nobody_else(client, focal, act, stranger):
    focal.post(reverse("legal:suggest_correction", args=[act.slug]), fields(act, file=paper("loi.pdf")))
    [one] = Suggestion.objects.all()
    url = reverse("legal:suggestion_file", args=[one.pk])
    seen = {}
    for name, user in (
        ("colleague", focal_point(person("Ana", "Roux"), "FR")),
        ("abroad", focal_point(person("Wanjiru", "Kamau"), "KE")),
        ("stranger", stranger),
    ):
        client.force_login(user)
        file = client.get(url)
        b"".join(file.streaming_content if file.streaming else [])
        seen[name] = (len(client.get(PORTAL).context["suggestions"]), file.status_code)

    assert seen == {"colleague": (1, 200), "abroad": (0, 404), "stranger": (0, 404)}


def test_an_officer_sees_the_difference_takes_over_what_is_ticked_and_the_answer_stands_in_the_portal(
    focal, client, act, pavel, lena
):
    focal.post(reverse("legal:suggest_correction", args=[act.slug]), fields(act, number="2015-13", citation="L. 13"))
    one = Suggestion.objects.get()
    client.force_login(lena)
    card = client.get(reverse("suggestion:inspect", args=[one.pk]))
    shown = [(row.label, row.now, row.suggested) for row in card.context["differences"]]

    sent = {"seal": card.context["seal"], "fields_taken": ["number"], "answer": "The citation needs the gazette."}
    client.post(reverse("suggestion:accept", args=[one.pk]), sent)

    act.refresh_from_db()
    assert shown == [("Number", "2015-12", "2015-13"), ("Citation", "", "L. 13")]
    assert (act.number, act.citation) == ("2015-13", "")
    client.force_login(pavel.user)
    assert "The citation needs the gazette." in client.get(PORTAL).text
    assert [one.letter for one in Message.objects.all()] == ["suggestion_accepted"]


def test_what_was_changed_since_the_officer_looked_is_refused(client, act, pavel, lena):
    user = account(pavel)
    one = Suggestion.objects.suggest(act.country, "CORRECTION", by=user, law=act, said={"number": "2015-13"})
    act.number = "2015-99"
    act.save()
    client.force_login(lena)

    answer = client.post(reverse("suggestion:accept", args=[one.pk]), {"seal": "old", "fields_taken": ["number"]})

    assert "changed meanwhile" in str(next(iter(get_messages(answer.wsgi_request))))
    act.refresh_from_db()
    assert act.number == "2015-99"


def test_without_a_reason_nothing_is_returned(client, pavel, lena):
    one = suggested(account(pavel))
    client.force_login(lena)

    client.post(reverse("suggestion:return", args=[one.pk]), {"answer": ""})
    one.refresh_from_db()
    before = one.state
    client.post(reverse("suggestion:return", args=[one.pk]), {"answer": "We have it."})
    one.refresh_from_db()

    assert (before, one.state) == ("WAITING", "RETURNED")


def test_a_focal_point_is_asked_to_look_through_the_law_and_gets_an_account(client, pavel, dina, lena):
    client.force_login(lena)

    client.post(reverse("suggestion:invite", args=["FR", pavel.pk]))
    refused = client.post(reverse("suggestion:invite", args=["FR", dina.pk]))

    [letter] = Message.objects.all()
    assert (letter.letter, letter.to_address) == ("contribution_invited", "pavel.novak@example.org")
    assert "/fr/law/portal/" in letter.text
    assert User.objects.filter(person=pavel).exists()
    assert "no focal point" in str(list(get_messages(refused.wsgi_request))[-1])


def test_authorities_are_there_for_focal_points_and_not_for_others(client, focal, stranger):
    Authority.objects.create(name="Central Authority", country_id="KE", source="Letter")
    Authority.objects.create(name="Candlelight bureau", country_id="FR", is_internal=True, source="Letter")
    url = reverse("legal:authorities")
    page = focal.get(url)
    client.force_login(stranger)

    assert ("Central Authority" in page.text, "Candlelight" in page.text) == (True, False)
    assert client.get(url).status_code == 404
    client.logout()
    assert client.get(url).status_code == 302


def test_who_was_a_focal_point_finds_the_door_closed(focal, act):
    Affiliation.objects.update(ends_on="2020-01-01")

    assert focal.get(PORTAL).context["countries"] == []
    assert focal.post(reverse("legal:suggest_law", args=["FR"]), fields()).status_code == 404


def test_the_portal_takes_as_many_queries_for_three_suggestions_as_for_one(focal, pavel, act):
    suggested(pavel.user)
    first = queries_of(focal, PORTAL)
    for title in ("Autre", "Encore"):
        suggested(pavel.user, title)

    assert queries_of(focal, PORTAL) == first
