"""The lists, cards and forms of people and letters in the admin, and the accounts of those who work there."""

import datetime
import re
from io import BytesIO

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.models import ModelLogEntry
from wagtail.users.models import UserProfile

from contacts.forms import AccountCreationForm
from contacts.mail import Letter
from contacts.models import Affiliation, Delivery, Message, Person, PersonEmail, PersonPhone
from contacts.wagtail_hooks import ContactsGroup
from network.models import Organization, Topic
from tests.conftest import PASSWORD, person, queries_of, rows_of_sheet, staff

NO_LETTER = "No letter has been written yet. Letters appear here when you send invitations from an event&#x27;s desk."
NOBODY = 'There are no people to display. Why not <a href="/admin/contacts/people/new/">add one</a>?'
EMPTY = {"message": NO_LETTER, "person": NOBODY}
NEEDED = ["This field is required."]
BACKWARDS = {"organization": "", "starts_on": "2024-05-01", "ends_on": "2024-04-01"}
TWICE = "Please correct the duplicate data for person and address, which must be unique."


@pytest.fixture
def desk(client, noor):
    client.force_login(noor)
    return client


@pytest.fixture
def letter(pavel) -> Message:
    """To Pavel, in French; the mail server refused it."""
    written = Letter("invitation", "fr", "Venez à Lyon", "Bonjour", "<p>Bonjour</p>")
    message = Message.objects.post(pavel, written)
    message.deliveries.update(state="FAILED", error="550 No such user")
    return message


def several(count: int, after: int = 0) -> None:
    """`count` people more, with something in every column, and a letter to each."""
    topic, _new = Topic.objects.get_or_create(slug="law", defaults={"name": {"en": "Law"}})
    for number in range(after, after + count):
        office = Organization.objects.create(kind="GOVERNMENT", name=f"Ministry {number}", country_id="FR")
        guest = person(f"Guest{number}", "Dubois", "pt", country_id="FR", honorific="Me", reference=f"list:{number}")
        PersonPhone.objects.create(person=guest, number="+33 1")
        for position in ("Director", "Adviser"):
            Affiliation.objects.create(
                person=guest, organization=office, position=position, is_focal_point=True, competence=topic
            )
        Message.objects.post(guest, Letter("event_cancelled", "fr", "Annulation", "Bonjour", "<p>Bonjour</p>"))


def shown(client, name: str, **asked) -> list[str]:
    """The names in the list."""
    return [str(record) for record in client.get(reverse(f"{name}:index"), asked).context["object_list"]]


def exported(client, name: str, **asked) -> list[list[str]]:
    """The rows of the export in CSV, of which the workbook says the same."""
    url = reverse(f"{name}:index")
    rows = rows_of_sheet(client.get(url, {**asked, "export": "csv"}))
    book = b"".join(client.get(url, {**asked, "export": "xlsx"}).streaming_content)
    assert load_workbook(BytesIO(book)).active.max_row == len(rows)
    return rows


def history(client, name: str, key) -> list[tuple]:
    """Who did what: the user, the action, and each field with what it said before and says now; the latest first."""
    page = client.get(reverse(f"{name}:history", args=[key]))
    told = re.findall(r'<div>([^<]*): <del dir="auto">(.*?)</del> <ins dir="auto">(.*?)</ins></div>', page.text)
    return [(str(entry.user), entry.message) for entry in page.context["object_list"]] + told


@pytest.mark.parametrize("name", ["person", "message"])
def test_a_list_asks_as_often_for_three_rows_as_for_one(desk, name):
    several(1)
    with_one = queries_of(desk, reverse(f"{name}:index"))
    several(2, after=1)

    assert queries_of(desk, reverse(f"{name}:index")) == with_one


@pytest.fixture
def ranked(customs, pavel, dina) -> list[str]:
    """The people of Customs in the order of precedence: who heads it, a minister, Pavel (focal point), Dina."""
    for names, facts in (("Ada Abel", {"rank": 70, "is_head": True}), ("Zoe Zimmer", {"rank": 20})):
        Affiliation.objects.create(person=person(*names.split()), organization=customs, **facts)
    return ["Ada Abel", "Zoe Zimmer", "Pavel Novak", "Dina Haddad"]


def test_the_people_of_an_organization_stand_in_the_order_of_precedence(desk, ranked, customs):
    card = desk.get(reverse("organization:inspect", args=[customs.pk]))

    assert [str(one.person) for one in card.context["affiliations"]] == ranked


def test_people_are_listed_and_exported_in_the_order_of_precedence_on_demand(desk, ranked):
    listed = ["Zoe Zimmer", "Ada Abel", "Dina Haddad", "Pavel Novak"]

    assert shown(desk, "person", ordering="precedence") == listed
    assert shown(desk, "person", ordering="-precedence") == listed[::-1]
    assert [" ".join(row[1:3]) for row in exported(desk, "person", ordering="precedence")[1:]] == listed


def test_the_order_of_precedence_asks_as_often_for_three_people_as_for_one(desk):
    url = reverse("person:index") + "?ordering=precedence"
    several(1)
    with_one = queries_of(desk, url)
    several(2, after=1)

    assert queries_of(desk, url) == with_one


def test_the_chooser_tells_those_of_one_name_apart_and_asks_as_often_for_three(desk):
    url = reverse("person_chooser:choose_results")
    person("Awa", "Diouf")
    with_one = queries_of(desk, url)
    for number in (1, 2):
        PersonEmail.objects.filter(person=person("Awa", "Diouf")).update(address=f"awa{number}@example.org")

    page = desk.get(url).text

    assert queries_of(desk, url) == with_one
    assert [f"awa{number}@example.org" in page for number in (1, 2)] == [True, True]
    assert re.findall(r"<th[^>]*>\s*(?:<a[^>]*>)?\s*(Name|Title)", page) == ["Name"]


@pytest.mark.parametrize("name", EMPTY)
def test_an_empty_list_says_what_to_do_next(desk, name):
    assert desk.get(reverse(f"{name}:index")).text.count(f"<p>{EMPTY[name]}</p>") == 1


@pytest.mark.parametrize(
    ("name", "asked", "found"),
    [
        ("person", {"q": "novák"}, ["Pavel Novak"]),
        ("person", {"q": "dina.haddad@"}, ["Dina Haddad"]),
        ("person", {"language": "ar"}, ["Dina Haddad"]),
        ("person", {"focal_point": "true"}, ["Guest0 Dubois", "Pavel Novak"]),
        ("person", {"focal_point": "false"}, ["Dina Haddad"]),
        ("person", {"country": "FR"}, ["Guest0 Dubois"]),
        ("person", {"kind": "LAW_ENFORCEMENT"}, ["Dina Haddad", "Pavel Novak"]),
        ("person", {"kind": "LAW_ENFORCEMENT", "language": "fr", "q": "pavel"}, ["Pavel Novak"]),
        ("person", {"kind": "NGO"}, []),
        ("message", {"state": "FAILED"}, ["Venez à Lyon"]),
        ("message", {"state": ["FAILED", "QUEUED"]}, ["Venez à Lyon", "Annulation"]),
        ("message", {"state": "SENT"}, []),
        ("message", {"letter": "event_cancelled"}, ["Annulation"]),
        ("message", {"language": "ar"}, []),
        ("message", {"created_at_from": "2024-01-01", "created_at_to": "2024-01-31"}, ["Annulation"]),
        ("message", {"q": "novák"}, ["Venez à Lyon"]),
        ("message", {"q": "guest0.dubois@"}, ["Annulation"]),
    ],
)
def test_people_and_letters_are_found_and_exported_alike(desk, letter, dina, name, asked, found):
    several(1)
    january = datetime.datetime(2024, 1, 9, tzinfo=datetime.UTC)
    Message.objects.filter(letter="event_cancelled").update(created_at=january)
    cells = {"person": slice(1, 3), "message": slice(4, 5)}[name]

    assert shown(desk, name, **asked) == found
    assert [" ".join(row[cells]) for row in exported(desk, name, **asked)[1:]] == found


def test_of_very_many_found_the_first_are_shown_and_it_is_said_that_there_are_more(desk, pavel, monkeypatch):
    monkeypatch.setattr("network.viewsets.records.MOST_FOUND", 2)
    for number in range(3):
        person(f"Ana {number}", "Novak")

    some = desk.get(reverse("person:index"), {"q": "novak"})
    few = desk.get(reverse("person:index"), {"q": "1 novak"})
    exported = desk.get(reverse("person:index"), {"q": "novak", "export": "csv"})

    assert "More than 2 match" in some.text
    assert (some.context["items_count"], "There is 1 match" in few.text) == (2, True)
    assert len(b"".join(exported).splitlines()) == 5


@pytest.mark.parametrize(("name", "asked"), [("person", "language=fr&q=novak"), ("message", "state=FAILED&q=novak")])
def test_a_filter_stays_in_the_address_of_every_way_on_and_back(desk, letter, name, asked):
    url, key = reverse(f"{name}:index"), {"person": letter.person_id, "message": letter.pk}[name]

    page = desk.get(f"{url}?{asked}").text.replace("&amp;", "&")

    assert {f"export={kind}" for kind in ("csv", "xlsx") if f'href="{url}?{asked}&export={kind}"' not in page} == set()
    card = reverse(f"{name}:inspect", args=[key])
    assert desk.get(url, headers={"Referer": f"http://testserver{card}"}).url == f"{url}?{asked}"


def test_an_export_says_what_somebody_does_and_where_and_how_a_letter_fared(desk, letter):
    several(1)
    written = ["Invitation", "fr", "pavel.novak@example.org", "Venez à Lyon", "Refused", "550 No such user"]

    assert exported(desk, "message", q="novak")[1][1:] == [*written, letter.message_id]
    assert dict(zip(*exported(desk, "person", q="dubois"), strict=True)) == {
        "Honorific": "Me",
        "Given name": "Guest0",
        "Family name": "Dubois",
        "Country code": "FR",
        "Country": "France",
        "Languages": "pt",
        "E-mail addresses": "guest0.dubois@example.org",
        "Position": "Director; Adviser",
        "Rank": "",
        "Organization": "Ministry 0; Ministry 0",
        "Focal point": "True",
        "Reference": "list:0",
    }


def form_of(kept: int = 0, **parts: list[dict]) -> dict:
    """What the form of a person posts, with rows of `emails`, `phones` and `affiliations`, `kept` of each not new."""
    form = {"given_name": "Amina", "family_name": "Haddad", "honorific": "Dr", "languages": ["ar", "fr", ""]}
    for name in ("emails", "phones", "affiliations"):
        rows = parts.get(name, [])
        form |= {f"{name}-TOTAL_FORMS": len(rows), f"{name}-INITIAL_FORMS": min(kept, len(rows))}
        for place, row in enumerate(rows):
            form |= {f"{name}-{place}-{field}": value for field, value in row.items()}
    return form


def test_a_person_is_added_with_addresses_and_affiliations(desk, customs, tobacco):
    desk.post(
        reverse("person:add"),
        form_of(
            emails=[{"address": "amina@work.example"}, {"address": "amina@home.example", "is_primary": "on"}],
            phones=[{"number": "+216 71", "kind": "MOBILE"}],
            affiliations=[
                {"organization": customs.pk, "position": "Adviser", "is_focal_point": "on", "competence": tobacco.pk},
                {"organization": customs.pk, "position": "Lecturer", "ends_on": "2020-12-31"},
            ],
        ),
    )

    amina = Person.objects.get()
    assert (amina.formal_name, amina.address, amina.language) == ("Dr Amina Haddad", "amina@home.example", "ar")
    assert shown(desk, "person", q="amina@work") == ["Amina Haddad"]
    assert [str(held) for held in Affiliation.objects.current()] == ["Adviser, Customs of Example"]
    assert history(desk, "person", amina.pk) == [
        ("Network Officer", "Created"),
        ("honorific", "", "Dr"),
        ("given name", "", "Amina"),
        ("family name", "", "Haddad"),
        ("languages", "", "Arabic, French"),
        ("e-mail address", "", "amina@home.example, for letters"),
        ("e-mail address", "", "amina@work.example"),
        ("telephone number", "", "+216 71, Mobile"),
        ("affiliation", "", f"{customs}, Adviser, Tobacco, focal point"),
        ("affiliation", "", f"{customs}, Lecturer, 2020-12-31"),
    ]


def test_history_says_who_changed_what_field_by_field(desk, dina, customs):
    [address, held] = dina.emails.get(), dina.affiliations.get()
    gone = {"id": address.pk, "address": address.address, "DELETE": "on"}
    head = {"id": held.pk, "organization": customs.pk, "position": "Director", "is_head": "on"}

    desk.post(
        reverse("person:edit", args=[dina.pk]),
        form_of(1, emails=[gone, {"address": "dina@new.example", "is_primary": "on"}], affiliations=[head]),
    )

    assert history(desk, "person", dina.pk) == [
        ("Network Officer", "Edited"),
        ("given name", "Dina", "Amina"),
        ("languages", "Arabic", "Arabic, French"),
        ("e-mail address", "dina.haddad@example.org, for letters", ""),
        ("affiliation", f"{customs}, Head of unit", f"{customs}, Director, head of the organization"),
        ("e-mail address", "", "dina@new.example, for letters"),
    ]
    assert shown(desk, "person", q="dina@new") == ["Amina Haddad"]


def test_what_was_written_in_one_language_is_read_in_another(desk, noor, dina, customs, tobacco):
    speaks = UserProfile.objects.get_or_create(user=noor)[0]
    rows = [{"organization": customs.pk, "position": "Adviser", "is_focal_point": "on", "competence": tobacco.pk}]
    told = {}

    for language in ("ar", "fr"):
        speaks.preferred_language = language
        speaks.save()
        if language == "ar":
            form = form_of(phones=[{"number": "+216 71", "kind": "MOBILE"}], affiliations=rows) | {"country": "TN"}
            desk.post(reverse("person:edit", args=[dina.pk]), form)
        told[language] = history(desk, "person", dina.pk)[-3:]

    assert told == {
        "ar": [
            ("البلد", "", "تونس"),
            ("رقم الهاتف", "", "+216 71, الهاتف المحمول"),
            ("انتماء", "", f"{customs}, Adviser, التبغ, جهة تنسيق"),
        ],
        "fr": [
            ("pays", "", "Tunisie"),
            ("numéro de téléphone", "", "+216 71, Mobile"),
            ("affiliation", "", f"{customs}, Adviser, {tobacco.name['fr']}, point de contact"),
        ],
    }


@pytest.mark.parametrize(
    ("parts", "faults"),
    [
        ({"emails": [{"address": "amina"}]}, ["Enter a valid email address."]),
        ({"emails": [{"address": "a@b.example"}] * 2}, ["Please correct the duplicate values below.", TWICE]),
        ({"affiliations": [{"position": "Nowhere"}]}, NEEDED),
        ({"affiliations": [BACKWARDS]}, ["An affiliation cannot end before it starts."]),
    ],
)
def test_what_is_wrong_stands_at_its_row_and_nothing_is_written(desk, customs, parts, faults):
    form = form_of(**parts)
    form |= {field: customs.pk for field in form if field.endswith("organization")}

    page = desk.post(reverse("person:add"), form)

    [formset] = [formset for formset in page.context["form"].formsets.values() if not formset.is_valid()]
    said = [error for row in formset.errors for errors in row.values() for error in errors]
    assert [*said, *formset.non_form_errors()] == faults
    assert Person.objects.count() == 0


def test_nobody_is_without_a_name(desk):
    page = desk.post(reverse("person:add"), {**form_of(), "given_name": "", "family_name": " "})

    assert page.context["form"].errors == {"family_name": ["There is no name."]}


def test_a_card_shows_letters_to_who_may_see_them(client, desk, pavel, letter):
    card = reverse("person:inspect", args=[pavel.pk])
    assert [entry.title for entry in desk.get(card).context["timeline"]] == [letter.subject]

    client.force_login(staff("reader", "reader@example.org"))

    page = client.get(card)
    assert (page.context["timeline"], page.status_code) == ([], 200)
    assert letter.subject not in page.text


def test_who_has_been_invited_is_not_deleted_and_who_only_had_letters_is(client, root, pavel, dina, forum, olga):
    forum.invitations.draft([pavel], by=olga)
    Message.objects.post(dina, Letter("invitation", "ar", "دعوة", "أهلا", "<p>أهلا</p>"))
    client.force_login(root)

    pages = [client.post(reverse("person:delete", args=[who.pk]), follow=True) for who in (pavel, dina)]

    said = [str(message).strip() for message in pages[0].context["messages"]]
    assert said == ["Pavel Novak cannot be deleted while these refer to it: invitations."]
    assert (list(Person.objects.all()), Message.objects.get().person) == ([pavel], None)


def test_a_refused_letter_goes_out_once_more_when_an_organizer_says_so(client, olga, letter, mail_server):
    client.force_login(olga)
    again = reverse("message:send_again", args=[letter.deliveries.get().pk])
    assert "550 No such user" in client.get(reverse("message:inspect", args=[letter.pk])).text

    pages = [client.post(again, follow=True) for _press in range(2)]

    assert [str(message).strip() for page in pages for message in page.context["messages"]] == [
        "The letter to pavel.novak@example.org is in the outbox again.",
        "Only a letter that is uncertain or was refused can be sent again.",
    ]
    assert (Delivery.objects.empty_outbox(), len(mail_server.mails)) == (1, 1)
    assert history(client, "message", letter.pk) == [("Organizer", "Decided to send once more")]


def test_who_only_reads_letters_sends_none_again_nor_deletes_any(desk, letter):
    delivery = letter.deliveries.get()

    desk.post(reverse("message:send_again", args=[delivery.pk]))
    desk.post(reverse("message:delete", args=[letter.pk]))

    assert (Delivery.objects.get().state, Message.objects.count()) == ("FAILED", 1)
    assert "Send again" not in desk.get(reverse("message:inspect", args=[letter.pk])).text


def test_who_held_a_position_on_a_day_is_told_by_its_dates(pavel, customs):
    Affiliation.objects.filter(person=pavel).update(
        starts_on=datetime.date(2024, 3, 1), ends_on=datetime.date(2024, 3, 31)
    )

    assert Affiliation.objects.current(datetime.date(2024, 3, 31)).count() == 1
    assert Affiliation.objects.current(datetime.date(2024, 4, 1)).count() == 0
    assert Affiliation.objects.current(timezone.localdate()).count() == 0


# -- Accounts ---------------------------------------------------------------------------------------------------------


def account(*roles: str, **changes) -> dict:
    """What the form of an account posts."""
    groups = Group.objects.filter(name__in=roles).values_list("pk", flat=True)
    names = {"email": "new@example.org", "first_name": "New", "last_name": "Colleague", "is_active": "on"}
    return {**names, "groups": list(groups), "password1": PASSWORD, "password2": PASSWORD, **changes}


def opens(url: str, email: str) -> bool:
    """Whether somebody who signs in with this address and the password comes to the screen."""
    browser = Client()
    browser.post("/en/accounts/login/", {"login": email, "password": PASSWORD})
    return browser.get(url).status_code == 200


@pytest.fixture
def accounts(client, db):
    """The desk of an administrator."""
    client.force_login(staff("administrator", "ada@example.org"))
    return client


def test_an_administrator_opens_an_account_with_a_role_and_it_signs_in(accounts):
    accounts.post(reverse("wagtailusers_users:add"), account("organizer"))

    assert opens(reverse("event:add"), "NEW@example.org") is True


def test_a_role_is_taken_away_and_then_the_account_is_shut(accounts, olga):
    edit = reverse("wagtailusers_users:edit", args=[olga.pk])
    form = account("reader", email=olga.email, password1="", password2="")
    assert opens(reverse("event:add"), olga.email) is True

    accounts.post(edit, form)

    assert [opens(reverse(f"event:{door}"), olga.email) for door in ("index", "add")] == [True, False]
    del form["is_active"]
    accounts.post(edit, form)
    assert opens(reverse("event:index"), olga.email) is False
    edits = ModelLogEntry.objects.for_instance(olga).filter(action="wagtail.edit")
    assert [entry.user.email for entry in edits] == ["ada@example.org"] * 2


def test_an_address_is_one_account_however_it_is_written(olga):
    form = AccountCreationForm(account(email="OLGA@example.org", password2="another long one"))

    assert form.errors == {
        "email": ["Somebody signs in with this address already."],
        "password2": ["The two password fields didn't match."],
    }


@pytest.mark.parametrize("name", ["returnedletter", "suppression", "interaction", "importbatch", "retentionrule"])
def test_a_list_is_called_what_the_menu_calls_it(client, noor, name):
    client.force_login(noor)
    menu = {item.url: item.label for item in ContactsGroup().get_submenu_items()}

    page = client.get(reverse(f"{name}:index"))

    assert page.context["page_title"] == menu[reverse(f"{name}:index")]


def test_the_form_for_a_call_is_called_like_the_button_that_leads_there(client, noor, pavel):
    client.force_login(noor)
    card = client.get(reverse("person:inspect", args=[pavel.pk]))
    form = client.get(reverse("interaction:add"))

    assert "Record a call or meeting" in [button.label for button in card.context["header_buttons"]]
    assert form.context["breadcrumbs_items"][-1]["label"] == "Record a call or meeting"


@pytest.mark.parametrize(("asked", "said"), [("true", "Yes"), ("false", "No")])
def test_a_list_says_in_words_what_it_is_narrowed_to(client, noor, pavel, asked, said):
    client.force_login(noor)

    page = client.get(reverse("person:index"), {"focal_point": asked})

    assert [(shown.field_label, shown.value) for shown in page.context["view"].active_filters] == [
        ("Focal point", said)
    ]
