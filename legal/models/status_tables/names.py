"""StatusName: which instrument, or which country, tables mean by a name, as somebody has said it once; and what is
known without asking anybody."""

import re
from collections.abc import Iterable, Mapping

from django.db import models
from django.db.models import Q
from django.utils import timezone
from rapidfuzz import fuzz, process

from contacts.models import User
from contacts.sheets.words import country_of
from legal.models.instrument import Instrument
from legal.sheets import key, other_names, spellings
from network.models import Country
from network.sheets import one_line

LIKELY = 90  # of 100, from which on two titles may be the same
SHORTEST = 12  # letters of a title that is compared so


class StatusNameManager(models.Manager):
    def remember(self, kind: str, meant: Mapping[str, object], *, by) -> None:
        """`meant`: what was written -> the instrument or the country; None is not remembered."""
        field = "instrument" if kind == StatusName.Kind.TREATY else "country"
        for text, record in meant.items():
            if record is not None:
                said = {field: record, "by": by, "used_at": timezone.now()}
                self.update_or_create(kind=kind, text=key(text)[:300], defaults=said)

    def instruments(self) -> dict[str, int]:
        return dict(self.filter(kind=StatusName.Kind.TREATY).values_list("text", "instrument"))

    def countries(self) -> dict[str, str]:
        return dict(self.filter(kind=StatusName.Kind.COUNTRY).values_list("text", "country"))


class StatusName(models.Model):
    class Kind(models.TextChoices):
        TREATY = "TREATY"
        COUNTRY = "COUNTRY"

    kind = models.CharField(max_length=7, choices=Kind)
    text = models.CharField(max_length=300)  # as `legal.sheets.key` writes it
    instrument = models.ForeignKey(Instrument, models.CASCADE, related_name="+", null=True)
    country = models.ForeignKey(Country, models.CASCADE, related_name="+", null=True)
    by = models.ForeignKey(User, models.SET_NULL, related_name="+", null=True)
    used_at = models.DateTimeField(default=timezone.now)

    objects = StatusNameManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "text"], name="status_name_once"),
            models.CheckConstraint(
                condition=Q(kind="TREATY", instrument__isnull=False, country=None)
                | Q(kind="COUNTRY", country__isnull=False, instrument=None),
                name="status_name_means_one",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Countries:
    """Finds countries by what tables write for them: a code, or a name in many spellings and languages."""

    def __init__(self):
        self.codes: dict[str, str] = {}
        self.names = dict(other_names())
        for country in Country.objects.all():
            self.codes |= dict.fromkeys((country.code, country.alpha3, country.numeric), country.code)
            names = (*country.name.values(), *country.display_name.values())
            self.names |= {key(name): country.code for name in names if name}
        self.names |= StatusName.objects.countries()

    def find(self, text: str) -> str:
        """The code of the country that is written as `text`, or "". A code is one in plain letters only: in Arabic a
        name may read like a code when it is written in Latin letters."""
        text = one_line(text)
        if re.fullmatch(r"[A-Za-z]{2,3}|\d{3}", text, re.ASCII) and text.upper() in self.codes:
            return self.codes[text.upper()]
        found = next((self.names[name] for name in spellings(text) if name in self.names), "")
        spoken = "" if found else country_of(text)
        return found or (spoken if spoken in self.codes else "")


class Instruments:
    """Finds instruments by what tables call them: what was said before, their short name or number, their title."""

    def __init__(self):
        self.known = StatusName.objects.instruments()
        self.titles: dict[str, int] = {}
        for one in Instrument.objects.all():
            for name in (one.slug, one.number, one.registration, *one.title.values(), *one.short_title.values()):
                if name:
                    self.titles.setdefault(key(name), one.pk)

    def find(self, texts: Iterable[str]) -> int | None:
        """The key of the instrument that one of `texts` names, the first that names one, or that has nearly such a
        title; a person looks at it before anything is written."""
        keys = [key(text) for text in texts if text]
        for name in keys:
            if found := self.known.get(name) or self.titles.get(name):
                return found
        titles = [name for name in self.titles if len(name) > SHORTEST]
        for name in keys:
            likely = process.extractOne(name, titles, scorer=fuzz.ratio, score_cutoff=LIKELY)
            if likely and len(name) > SHORTEST:
                return self.titles[likely[0]]
        return None
