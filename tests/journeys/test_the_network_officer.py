"""A network officer's week, as the how-to pages tell it: the screens, a real mail server, files as they come."""

import datetime
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contacts.models import (
    Affiliation,
    Delivery,
    DuplicatePair,
    ImportBatch,
    Mailing,
    Merge,
    Person,
    ReceivedLetter,
    Segment,
    Suppression,
    Task,
)
from network.models import CountryGroup, Organization, Seal, Topic
from tests.conftest import several_connections
from tests.contacts.incoming_mail import report

pytestmark = several_connections

# As Outlook writes it in a Spanish office: semicolons, Windows-1252, a title and a blank row above, people twice.
OUTLOOK = """Exportado de Outlook;;;;;;
;;;;;;
Title;First Name;Last Name;Company;Job Title;Business Country/Region;E-mail Address
Sra.;Lucía;Peña;Fiscalía de Ejemplo;Fiscal;ES;lucia.pena@example.org
;Lucia;Pena;Fiscalía de Ejemplo;;ES;l.pena@example.org
M.;Émile;Bénard;Douane d’Exemple;Inspecteur;FR;emile.benard@example.org
;;;Fiscalía de Ejemplo;;ES;info@example.org
""".encode("cp1252")


@pytest.fixture
def desk(client, noor) -> Client:
    client.force_login(noor)
    return client


@pytest.fixture
def recovery(db) -> Topic:
    return Topic.objects.create(slug="asset-recovery", name={"en": "Asset recovery", "fr": "Recouvrement d’avoirs"})


@pytest.fixture
def offices(france) -> CountryGroup:
    """Two bodies whose names the file writes, in two countries of one group."""
    Organization.objects.create(kind="CRIMINAL_JUSTICE", name="Fiscalía de Ejemplo", country_id="ES")
    Organization.objects.create(kind="LAW_ENFORCEMENT", name="Douane d’Exemple", country=france)
    group = CountryGroup.objects.create(slug="pair", name={"en": "Two countries"})
    group.countries.set(["ES", "FR"])
    return group


def test_a_network_officers_week(desk, offices, recovery, mail_server, noor):
    lucia, emile = _import_the_export(desk)
    _resolve_the_double(desk, lucia)
    _find_the_gap(desk, offices, recovery, emile)
    mailing = _write_to_them(desk, mail_server)
    _see_who_bounced(desk, mailing, lucia)
    _record_a_call(desk, lucia)
    _hand_the_post_over(desk, lucia)
    _answer_what_do_you_hold(desk, lucia)
    Seal.objects.append()
    assert Seal.objects.verify().broken == []


def _import_the_export(desk) -> tuple[Person, Person]:
    columns = desk.post(reverse("importbatch:add"), {"file": SimpleUploadedFile("contactos.csv", OUTLOOK)}, follow=True)
    batch = ImportBatch.objects.get()
    assert dict(columns.context["facts"])["Names of the columns"] == "row 3"
    chosen = {f"column_{place}": field for place, field in enumerate(batch.fields)}

    preview = desk.post(reverse("importbatch:columns", args=[batch.pk]), chosen, follow=True)
    assert [(tab.label, tab.count) for tab in preview.context["tabs"]] == [("All", 4), ("Create", 3), ("Refuse", 1)]
    done = desk.post(reverse("importbatch:start", args=[batch.pk]), follow=True)

    assert [line.status for line in done.context["lines"]] == ["Created", "Created", "Created", "Refused"]
    return Person.objects.get(given_name="Lucía"), Person.objects.get(given_name="Émile")


def _resolve_the_double(desk, lucia) -> None:
    DuplicatePair.objects.scan()
    listed = desk.get(reverse("duplicatepair:index"))
    [pair] = listed.context["object_list"]
    assert "The same name in two scripts or spellings" in listed.text
    other = next(one for one in (pair.first, pair.second) if one != lucia)

    desk.post(reverse("person:merge", args=[lucia.pk]), {"other": other.pk})

    assert (Merge.objects.get().kept, Person.objects.count(), lucia.emails.count()) == (lucia, 2, 2)


def _find_the_gap(desk, offices, recovery, emile) -> None:
    emile.affiliations.update(is_focal_point=True, competence=recovery)
    asked = {"group": offices.pk, "topics": [recovery.pk], "gaps": "on"}
    matrix = desk.get(reverse("coverage:index"), asked).context["coverage"]
    assert [row.country.pk for row in matrix.countries] == ["ES"]

    gathered = {"name": "Without asset recovery", "answer_gap": recovery.pk, "answer_group": offices.pk}
    card = desk.get(desk.post(reverse("segment:add"), gathered).url)

    assert (card.context["count"], [who.name for who in card.context["people"]]) == (1, ["Lucía Peña"])


def _write_to_them(desk, mail_server) -> Mailing:
    form = {"name": "Who recovers assets?", "segment": Segment.objects.get().pk, "reply_to": ""}
    form |= {"texts-INITIAL_FORMS": 0, "texts-TOTAL_FORMS": 2}
    form |= {"texts-0-language": "en", "texts-0-subject": "Who recovers assets?", "texts-0-body": "{salutation} Hello."}
    form |= {"texts-1-language": "es", "texts-1-subject": "¿Quién recupera?", "texts-1-body": "{salutation} Hola."}
    Person.objects.get(given_name="Lucía").read_in("es")
    card = desk.post(reverse("mailing:add"), form).url
    assert desk.get(card).context["copy"]["letter"].subject == "¿Quién recupera?"

    mailing = Mailing.objects.get()
    desk.post(reverse("mailing:send", args=[mailing.pk]), {"at": ""})
    Mailing.objects.work_off()
    Delivery.objects.update(due_at=datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC))
    Delivery.objects.empty_outbox()

    [mail] = mail_server.mails
    assert (mail["To"], mail["Subject"]) == ("lucia.pena@example.org", "¿Quién recupera?")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    return mailing


def _see_who_bounced(desk, mailing, lucia) -> None:
    letter = lucia.messages.get()
    ReceivedLetter.objects.take(report(letter.message_id, letter.to_address))

    page = desk.get(reverse("mailing:inspect", args=[mailing.pk]))

    assert [row.person for row in page.context["returned"]] == [lucia]
    assert Suppression.objects.standing().get().address == "lucia.pena@example.org"


def _record_a_call(desk, lucia) -> None:
    form = {"kind": "CALL", "subject": "The address is the other one", "happened_at": "2026-03-03 10:00"}
    form |= {"parties-INITIAL_FORMS": 0, "parties-TOTAL_FORMS": 1, "parties-0-person": lucia.pk}
    form |= {"follow_up": "Send it there", "follow_up_on": str(timezone.localdate())}
    desk.post(reverse("interaction:add"), form)

    timeline = desk.get(reverse("person:timeline", args=[lucia.pk])).text
    assert "The address is the other one" in timeline
    assert "Send it there" in desk.get("/admin/").text


def _hand_the_post_over(desk, lucia) -> None:
    successor = Person.objects.create(given_name="Inés", family_name="Soto", languages=["es"], country_id="ES")
    post = lucia.affiliations.get(position="Fiscal")
    url = reverse("person:hand_over", args=[post.pk])
    proposed = desk.get(url).context["form"].initial["take"]

    asked = {"on": str(timezone.localdate()), "successor": successor.pk, "position": "Fiscal jefa", "take": proposed}
    desk.post(url, asked)

    assert [held.position for held in Affiliation.objects.current().filter(person=successor)] == ["Fiscal jefa"]
    assert Task.objects.get(title="Send it there").person == successor


def _answer_what_do_you_hold(desk, lucia) -> None:
    held = desk.get(reverse("person:data_protection", args=[lucia.pk]))
    assert held.status_code == 200
    told, paper = (desk.get(reverse("person:dossier_file", args=[lucia.pk, kind])) for kind in ("json", "pdf"))

    everything = json.dumps(json.loads(told.content), ensure_ascii=False)
    for said in ("l.pena@example.org", "The address is the other one", "¿Quién recupera?", "Fiscal", "contactos.csv"):
        assert said in everything
    assert paper.content[:5] == b"%PDF-"
