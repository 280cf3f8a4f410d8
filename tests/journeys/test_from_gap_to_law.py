"""A gap is found, a country asks for help, its focal point names the new law, and a reader sees what has changed."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contacts.models import Message
from legal.models import Assistance, Correspondence, Expression, NationalLaw, Suggestion
from tests.legal.conftest import convention, lena, luc, text  # noqa: F401  (fixtures)
from tests.legal.helping import account, paper

pytestmark = pytest.mark.django_db
LAST_YEAR = timezone.localdate() - datetime.timedelta(days=365)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_from_the_gap_to_the_law_that_fills_it(convention, france, customs, pavel, lena, luc):  # noqa: F811
    officer, reviewer, focal, reader = signed_in(lena), signed_in(luc), signed_in(account(pavel)), Client()
    offences = convention.provisions.get(eid="art_2")
    grading = reverse("gaps:compare", args=["FR", offences.pk])
    page = reverse("legal:country_gaps", args=[convention.slug, "FR"])

    # The officer finds that nothing in the law answers to the article on offences; another agrees.
    officer.post(grading, {"grade": "ABSENT", "rationale": "No act makes it an offence."})
    absent = Correspondence.objects.get()
    reviewer.post(reverse("correspondence:review", args=[absent.pk]))
    Correspondence.objects.update(assessed_on=LAST_YEAR, reviewed_on=LAST_YEAR)

    # The customs ask for help with a law.
    one = Assistance.objects.receive(
        france, "DRAFTING", "A tobacco act", by=lena, organization=customs, requester=pavel
    )
    one.instruments.add(convention)
    for verb in ("agree", "begin"):
        officer.post(reverse(f"assistance:{verb}", args=[one.pk]))
    officer.post(reverse("assistance:exchange", args=[one.pk]), {"file": paper("bill.pdf"), "came_from": "US"})

    # The focal point, without training, names the act once it is passed; the officer takes it over.
    said = {"title_fr": "Loi sur le tabac", "form": "ACT", "dated_on": str(timezone.localdate()), "source": "Journal"}
    focal.post(reverse("legal:suggest_law", args=["FR"]), said)
    suggestion = Suggestion.objects.get()
    card = officer.get(reverse("suggestion:inspect", args=[suggestion.pk])).context
    taken = [difference.name for difference in card["differences"]]
    officer.post(
        reverse("suggestion:accept", args=[suggestion.pk]), {"seal": card["seal"], "fields_taken": taken, "answer": ""}
    )
    law = NationalLaw.objects.get()
    Expression.objects.record(law, text("fr"), by=lena, valid_on=law.dated_on)
    officer.post(reverse("nationallaw:publish", args=[law.pk]))
    assert [letter.letter for letter in Message.objects.filter(person=pavel)] == ["suggestion_accepted"]

    # The new act is graded and reviewed; the request is completed with its outcome, which everybody may read.
    place = f"{law.slug}#art_2"
    officer.post(grading, {"grade": "FULL", "place": place, "rationale": "Article 2 makes it an offence."})
    reviewer.post(reverse("correspondence:review", args=[Correspondence.objects.open().get().pk]))
    outcome = {"outcome_en": "The act makes it an offence."}
    officer.post(reverse("assistance:complete", args=[one.pk]), outcome)
    officer.post(reverse("assistance:credit", args=[one.pk, law.pk]))
    officer.post(reverse("assistance:publish", args=[one.pk]))

    # A reader sees the gap of last year, that it is filled, and that we helped.
    seen = reader.get(page, {"since": str(LAST_YEAR)})
    [line] = seen.context["matrix"].changed
    assert (line.unit.eid, line.before, line.grade) == ("art_2", "ABSENT", "FULL")
    assert [words for words in ("Loi sur le tabac", "The act makes it an offence.") if words not in seen.text] == []
    profile = reader.get(reverse("cms:country", args=["FR"]))
    assert [str(helped) for helped in profile.context["assistance"]] == ["A tobacco act"]
    assert "bill.pdf" not in profile.text
