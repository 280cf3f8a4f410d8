"""Agreements and applications of the demonstration."""

import datetime

from django.core.files.base import ContentFile

from contacts.models import Agreement, AgreementParty, Application, User
from network.models import Country, Organization

# The smallest paper that opens.
PAPER = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


def load(content: dict, organizations: dict[str, Organization], users: dict[str, User], today: datetime.date) -> None:
    """What `content` (partners.toml) says; network officer and administrator are the two who review."""
    officer = users["network officer"]
    for row in content["agreement"]:
        _agreement(row, organizations, officer, today)
    for row in content["application"]:
        _application(row, officer)


def _agreement(row: dict, organizations: dict[str, Organization], owner: User, today: datetime.date) -> None:
    agreement = Agreement.objects.create(
        kind=row["kind"],
        title=row["title"],
        owner=owner,
        note=row.get("note", ""),
        document=ContentFile(PAPER, "agreement.pdf") if "signed_days_ago" in row else "",
    )
    for key in row["parties"]:
        AgreementParty.objects.create(agreement=agreement, organization=organizations[key])
    if "signed_days_ago" in row:
        signed_on = today - datetime.timedelta(days=row["signed_days_ago"])
        agreement.sign(on=signed_on, expires_on=today + datetime.timedelta(days=row["expires_in_days"]), by=owner)


def _application(row: dict, officer: User) -> None:
    names = ("organization_name", "kind", "website", "why", "given_name", "family_name", "position", "email")
    facts = {**{name: row[name] for name in names}, "country": Country.objects.filter(code=row.get("country")).first()}
    papers = [ContentFile(PAPER, row["document"])] if "document" in row else []
    application = Application.objects.apply(facts, papers, language=row["language"])
    application.confirm()
    state = row.get("state")
    if state == "refused":
        application.refuse(row["text"], by=officer)
    elif state:
        application.begin_review(by=officer)
    if state == "asked":
        application.ask_for_more(row["text"], by=officer)
    if state == "recommended":
        for check in application.checks.all():
            check.tick(by=officer)
        application.approve(by=officer)
