"""Requests for assistance, experts and suggestions for tests, and small words about them."""

import datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from contacts.models import Affiliation, Person, User
from legal.models import Assistance, Expert, Suggestion
from network.models import Country, Organization

PDF = b"%PDF-1.7\n"


def day(days: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


def paper(name: str = "draft.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF)


def asked(by: User, title: str = "Tobacco bill", code: str = "FR", kind: str = "DRAFTING", **facts) -> Assistance:
    country = Country.objects.get(code=code)
    return Assistance.objects.receive(country, kind, title, by=by, **facts)


def under_way(owner: User, *said: str, on: datetime.date | None = None, **facts) -> Assistance:
    found = asked(owner, *said, **facts)
    found.agree(by=owner, on=on)
    found.begin(by=owner, on=on)
    return found


def completed(owner: User, *said: str, outcome: str = "The act is in force.", on=None, **facts) -> Assistance:
    found = under_way(owner, *said, on=on, **facts)
    found.complete(outcome, by=owner)
    return found


def expert(who: Person, *languages: str) -> Expert:
    return Expert.objects.create(person=who, languages=list(languages))


def account(who: Person) -> User:
    """With which somebody signs in."""
    User.objects.open_for(who)
    return User.objects.get(person=who)


def focal_point(who: Person, code: str, kind: str = "GOVERNMENT") -> User:
    """The account of `who`, who is focal point of an organization of that kind in that country."""
    there = Organization.objects.create(kind=kind, name=f"Ministry of {code}", country_id=code)
    Affiliation.objects.create(person=who, organization=there, is_focal_point=True)
    return account(who)


def suggested(by: User, title: str = "Loi nouvelle", **said) -> Suggestion:
    """A new law of France."""
    return Suggestion.objects.suggest(
        Country.objects.get(code="FR"), "LAW", by=by, said={"title": {"fr": title}, "form": "ACT", **said}
    )
