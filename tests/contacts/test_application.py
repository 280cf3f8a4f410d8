"""Applications: asked, confirmed, looked at, sent back, decided; by two people where the kind demands it."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.translation import override
from wagtail.models import ModelLogEntry

from contacts.models import (
    AdmissionRule,
    Application,
    ApplicationDocument,
    Consent,
    DuplicatePair,
    Message,
    Person,
    RetentionRule,
    User,
)
from contacts.models.erasure import erase
from contacts.models.likeness import organizations_like, people_like
from network.models import Country, Organization
from network.sentences import said
from network.viewsets.history import differences
from tests.conftest import person, staff

PDF = b"%PDF-1.7 a letter of registration"


def facts(**changes) -> dict:
    said = {
        "organization_name": "Coalition against Counterfeits",
        "kind": "ACADEMIA",
        "country": Country.objects.get(code="KE"),
        "website": "https://coalition.example.org/",
        "why": "We train customs officers.",
        "given_name": "Amina",
        "family_name": "Odhiambo",
        "position": "Director",
        "email": "Amina@coalition.example.org",
    }
    return {**said, **changes}


def paper(name: str = "register.pdf") -> ContentFile:
    return ContentFile(PDF, name)


def applied(*, confirmed: bool = True, documents=(), language: str = "en", **changes) -> Application:
    application = Application.objects.apply(facts(**changes), documents, language=language)
    if confirmed:
        application.confirm()
    return application


def in_review(by: User, *, ticked: bool = True, **changes) -> Application:
    application = applied(**changes)
    application.begin_review(by=by)
    for check in application.checks.all() if ticked else ():
        check.tick(by=by)
    return application


def letters() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("letter", flat=True))


@pytest.fixture
def nina(db) -> User:
    """Another network officer."""
    return staff("network officer", "nina@example.org")


# -- asking


@pytest.mark.django_db
def test_a_letter_asks_whether_it_was_they_and_nobody_sees_it_before(noor, tobacco):
    application = applied(confirmed=False, documents=[paper()], topics=[tobacco])

    assert list(Application.objects.visible_to(noor)) == []
    application.confirm()
    application.confirm()

    assert list(Application.objects.visible_to(noor)) == [application]
    assert letters() == ["application_confirm", "application_received"]
    assert set(Message.objects.values_list("to_address", flat=True)) == {"amina@coalition.example.org"}
    assert application.steps.get().said() == [
        ("name of the organization", "Coalition against Counterfeits"),
        ("kind of organization", "Academia"),
        ("country", "Kenya"),
        ("website", "https://coalition.example.org/"),
        ("given name", "Amina"),
        ("family name", "Odhiambo"),
        ("position", "Director"),
        ("why you wish to join", "We train customs officers."),
        ("topics", "Tobacco"),
        ("documents", "register.pdf"),
    ]


@pytest.mark.django_db
def test_what_nobody_confirms_is_forgotten_after_seven_days_with_its_papers():
    kept = applied(confirmed=False)
    old = applied(confirmed=False, documents=[paper()], email="other@example.org")
    Application.objects.filter(pk=old.pk).update(created_at=timezone.now() - datetime.timedelta(days=7, minutes=1))
    token, file = old.token, ApplicationDocument.objects.get().file.name
    with pytest.raises(Application.DoesNotExist):
        Application.objects.by_token(token)

    assert Application.objects.forget_unconfirmed() == 1

    assert list(Application.objects.all()) == [kept]
    assert ApplicationDocument.objects.count() == 0
    assert "other@example.org" not in str(list(Message.objects.values_list()))
    assert file.startswith("applications/")


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_files_of_what_is_forgotten_are_gone():
    old = applied(confirmed=False, documents=[paper()])
    Application.objects.update(created_at=timezone.now() - datetime.timedelta(days=8))
    name = old.documents.get().file.name
    assert default_storage.exists(name)

    Application.objects.forget_unconfirmed()

    assert not default_storage.exists(name)


@pytest.mark.django_db
def test_a_strangers_mailbox_is_not_filled():
    for _time in range(5):
        Application.objects.apply(facts(), language="en")

    assert (Application.objects.count(), letters()) == (3, ["application_confirm"] * 3)


# -- looking at it


def test_the_checklist_of_the_kind_is_laid_out_and_a_later_rule_does_not_touch_it(noor):
    application = in_review(noor, ticked=False)
    AdmissionRule.objects.get(kind="ACADEMIA").items.all().delete()

    assert [str(check) for check in application.checks.all()] == [
        "Its mandate fits the aims of the network",
        "The contact person belongs to it and may speak for it",
    ]
    assert (application.state, application.reviewer) == ("IN_REVIEW", noor)


def test_who_ticked_what_and_when_is_said(noor, nina):
    application = in_review(noor, ticked=False)
    check = application.checks.first()

    check.tick(by=nina)
    assert (check.ticked_by, check.ticked_at.date()) == (nina, timezone.now().date())
    check.tick(by=noor, is_right=False)

    assert (check.ticked_by, check.ticked_at) == (None, None)
    entries = ModelLogEntry.objects.filter(action="contacts.application.tick").order_by("pk")
    sides = [[str(said(side)) for side in entry.data["changes"][0][1:]] for entry in entries]
    assert [entry.user for entry in entries] == [nina, noor]
    assert sides == [["", str(check.label)], [str(check.label), ""]]


def test_nobody_is_admitted_while_something_is_not_ticked(noor):
    application = in_review(noor, ticked=False)

    with pytest.raises(ValidationError, match="Not everything on the checklist is ticked"):
        application.admit(by=noor)
    assert Organization.objects.count() == 0


def test_what_comes_back_from_the_applicant_is_checked_anew_and_the_old_words_are_kept(noor):
    application = in_review(noor)
    application.ask_for_more("Which year were you founded?", by=noor)
    assert (application.standing, list(Application.objects.awaiting(noor))) == ("With the applicant", [])

    application.resubmit(facts(why="Founded in 1998, we train customs officers."), [paper("statutes.pdf")])

    application.refresh_from_db()
    assert (application.version, application.standing, application.checks.filter(ticked_at=None).count()) == (
        *(2, "In review"),
        2,
    )
    assert list(Application.objects.awaiting(noor)) == [application]
    steps = [(step.kind, step.text, step.data.get("why", "")) for step in application.steps.all()]
    assert steps == [
        ("SUBMITTED", "", "We train customs officers."),
        ("BEGUN", "", ""),
        ("ASKED", "Which year were you founded?", ""),
        ("SUBMITTED", "", "Founded in 1998, we train customs officers."),
    ]
    entry = ModelLogEntry.objects.get(action="contacts.application.resubmit")
    assert entry.data["changes"] == [
        ["why you wish to join", "We train customs officers.", "Founded in 1998, we train customs officers."],
        ["documents", "", "statutes.pdf"],
    ]


def test_what_the_applicant_chose_is_read_in_the_language_of_the_reviewer(noor):
    application = in_review(noor, kind="NGO", country=Country.objects.get(code="DE"))
    application.ask_for_more("Which kind are you?", by=noor)
    with override("fr"):
        application.resubmit(facts(kind="IGO", country=Country.objects.get(code="ES")))

    step = application.steps.last()
    entry = ModelLogEntry.objects.get(action="contacts.application.resubmit")

    with override("en"):
        assert dict(step.said())["kind of organization"] == "International organization"
        assert differences({}, entry).count("Spain") == 1
    with override("es"):
        assert "España" in [text for _label, text in step.said()]
        assert "Organización internacional" in differences({}, entry)


def test_nothing_is_sent_again_that_was_not_asked_for(noor):
    application = in_review(noor)

    with pytest.raises(ValidationError, match="not asked for any more"):
        application.resubmit(facts(organization_name="Somebody Else"))
    application.refresh_from_db()
    assert application.organization_name == "Coalition against Counterfeits"


def test_who_decides_about_an_older_version_is_told(noor, nina):
    seen = in_review(noor)
    now = Application.objects.get()
    now.ask_for_more("Which year?", by=nina)
    now.resubmit(facts(why="1998."))
    for check in now.checks.all():
        check.tick(by=nina)

    with pytest.raises(ValidationError, match="changed in the meantime"):
        seen.admit(by=noor)
    assert Organization.objects.count() == 0


# -- deciding


def test_admission_makes_the_organization_the_person_and_the_post(noor, tobacco):
    application = in_review(noor, topics=[tobacco], language="fr")

    application.admit(by=noor)

    organization, who = Organization.objects.get(), Person.objects.get()
    assert (organization.name, organization.kind, organization.country_id, list(organization.topics.all())) == (
        *("Coalition against Counterfeits", "ACADEMIA", "KE"),
        [tobacco],
    )
    assert (who.name, who.address, who.languages) == ("Amina Odhiambo", "amina@coalition.example.org", ["fr"])
    assert [str(post) for post in who.affiliations.all()] == ["Director, Coalition against Counterfeits"]
    ground = who.consents.get()
    assert (ground.purpose, ground.basis, ground.by) == (Consent.Purpose.NETWORK, Consent.Basis.CONSENT, noor)
    assert list(who.messages.order_by("pk").values_list("letter", "language")) == [
        ("application_confirm", "fr"),
        ("application_received", "fr"),
        ("application_in_review", "fr"),
        ("application_admitted", "fr"),
    ]


def test_admission_links_what_is_known_already(noor, customs, tobacco):
    known = person("Amina", "Odhiambo")
    customs.status = Organization.Status.ENDED
    customs.save()
    application = in_review(noor, topics=[tobacco])

    application.admit(by=noor, organization=customs, person=known)

    customs.refresh_from_db()
    assert (Organization.objects.get(), customs.status, list(customs.topics.all())) == (customs, "ACTIVE", [tobacco])
    assert [email.address for email in Person.objects.get().emails.all()] == [
        "amina.odhiambo@example.org",
        "amina@coalition.example.org",
    ]
    assert Person.objects.get().address == "amina.odhiambo@example.org"


def test_those_who_are_called_nearly_so_are_proposed(noor, customs, pavel):
    like = Organization.objects.create(kind="NGO", name="Coalition Against Counterfeit", country_id="KE")
    same_site = Organization.objects.create(kind="NGO", name="CAC", website="http://www.coalition.example.org/about")
    known = person("Amina", "Odhiambo")
    application = applied(email="amina.odhiambo@example.org")

    assert organizations_like(application, noor) == [same_site, like]
    assert people_like(application, noor) == [known]
    application.begin_review(by=noor)
    for check in application.checks.all():
        check.tick(by=noor)
    application.admit(by=noor)
    assert DuplicatePair.objects.open().count() == 1


def test_a_refusal_needs_a_reason_and_says_it_to_the_applicant(noor):
    application = applied()

    with pytest.raises(ValidationError, match="Say why it is refused"):
        application.refuse(" ", by=noor)
    application.refuse("You are not an organization.", by=noor)

    assert (application.state, application.is_open) == ("REFUSED", False)
    assert "You are not an organization." in Message.objects.get(letter="application_refused").text
    with pytest.raises(ValidationError, match="changed in the meantime"):
        application.begin_review(by=noor)


def test_a_partner_is_suspended_reinstated_and_ended_each_with_a_letter_and_a_row(noor):
    application = in_review(noor)
    application.admit(by=noor)
    organization, standings = application.organization, []

    for act in (
        lambda: application.suspend("An inquiry is open.", by=noor),
        lambda: application.reinstate(by=noor),
        lambda: application.end("It was dissolved.", by=noor),
    ):
        act()
        organization.refresh_from_db()
        standings.append((application.state, organization.status))

    assert standings == [("SUSPENDED", "SUSPENDED"), ("ADMITTED", "ACTIVE"), ("ENDED", "ENDED")]
    assert letters()[-4:] == [
        *("application_admitted", "membership_suspended", "membership_reinstated", "membership_ended"),
    ]
    actions = ModelLogEntry.objects.filter(action__startswith="contacts.application").exclude(action__endswith="tick")
    assert [action.rpartition(".")[2] for action in actions.order_by("pk").values_list("action", flat=True)] == [
        *("confirm", "begin_review", "admit", "suspend", "reinstate", "end"),
    ]
    with pytest.raises(ValidationError, match="changed in the meantime"):
        application.reinstate(by=noor)


# -- two people


def test_where_two_must_agree_they_are_two(noor, nina):
    application = in_review(noor, kind="INDUSTRY")

    with pytest.raises(ValidationError, match="Two people must agree"):
        application.admit(by=noor)
    application.approve(by=noor)
    assert (list(Application.objects.awaiting(noor)), list(Application.objects.awaiting(nina))) == ([], [application])
    with pytest.raises(ValidationError, match="You have recommended it yourself"):
        application.admit(by=noor)
    application.admit(by=nina)

    assert application.state == "ADMITTED"
    steps = application.steps.filter(kind__in=["APPROVED", "ADMITTED"]).values_list("kind", "by__email")
    assert list(steps) == [("APPROVED", noor.email), ("ADMITTED", nina.email)]


def test_a_recommendation_is_void_once_more_was_asked(noor, nina):
    application = in_review(noor, kind="NGO")
    application.approve(by=noor)
    application.ask_for_more("Who funds you?", by=nina)
    application.resubmit(facts(kind="NGO", why="The members fund us."))
    for check in application.checks.all():
        check.tick(by=nina)

    with pytest.raises(ValidationError, match="Two people must agree"):
        application.admit(by=nina)


def test_another_kind_in_the_second_version_brings_its_own_rule(noor):
    application = in_review(noor)
    application.ask_for_more("Are you an association?", by=noor)

    application.resubmit(facts(kind="NGO"))

    assert (application.needs_two, application.checks.count()) == (True, 4)


def test_where_one_is_enough_nobody_recommends(noor):
    application = in_review(noor)

    with pytest.raises(ValidationError, match="One person is enough"):
        application.approve(by=noor)


# -- what is held of the applicant


def test_an_erased_applicant_is_out_of_the_application_and_its_letters(noor):
    application = in_review(noor, documents=[paper("odhiambo.pdf")])
    application.admit(by=noor)

    erase(application.person, by=noor)

    held = Application.objects.get()
    assert (held.state, held.organization_name, held.email, held.why, held.name) == (
        *("ADMITTED", "Coalition against Counterfeits", "", "", "(erased)"),
    )
    assert [(step.text, step.data) for step in held.steps.all()] == [("", {})] * 3
    assert held.documents.count() == 0
    assert set(Message.objects.values_list("to_address", "text")) == {("", "")}


def test_an_open_application_of_somebody_who_is_erased_goes_with_them(noor):
    known = person("Amina", "Odhiambo")
    applied(email="Amina.Odhiambo@example.org", documents=[paper()])

    erase(known, by=noor)

    assert (Application.objects.count(), ApplicationDocument.objects.count()) == (0, 0)
    assert set(Message.objects.values_list("to_address", "text")) == {("", "")}


def test_a_rule_empties_what_was_refused_long_ago(noor, root):
    old, young = applied(), applied(email="young@example.org")
    for application in (old, young):
        application.refuse("No.", by=noor)
    Application.objects.filter(pk=old.pk).update(decided_at=timezone.now() - datetime.timedelta(days=800))
    rule = RetentionRule.objects.create(kind="APPLICATIONS", months=24, purpose="Policy")

    assert list(rule.due()) == [old]
    assert (rule.apply(by=root), list(rule.due())) == (1, [])

    assert sorted(Application.objects.values_list("email", flat=True)) == ["", "young@example.org"]
