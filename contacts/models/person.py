"""Person: a human being that we know, with names, languages and the ways to reach them."""

from collections import Counter
from collections.abc import Iterable

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.log_actions import log

from contacts.matching import Profile
from contacts.models.intake import PersonManager
from contacts.models.user import User
from contacts.names import honorific_in
from network.labels import LabelsField
from network.models import Country, Organization
from network.models.desk import DeskOrganization
from network.models.few import Each, Either
from network.models.known import Known, KnownQuerySet
from network.models.linked import Linked, behind, new_nonce
from network.names import fold

STANDS = models.Q(merged_into=None, erased_at=None)


def english() -> list[str]:
    return ["en"]


class PersonQuerySet(KnownQuerySet):
    def of_desks(self, desks):
        """Those who live in the countries of the desks, or belong, or once belonged, to one of their organizations.

        For all people PostgreSQL makes a set of who belongs to the organizations of their countries, and another of who
        belongs to one that a desk names: of "one or the other" it makes none. Few people are looked up one by one."""
        affiliations = self.model._meta.get_field("affiliations").related_model.objects
        held = affiliations.filter(person=models.OuterRef("pk"))
        here = Country.objects.of_desks(desks).values("pk")
        there = models.Q(organization__in=Organization.everyone.filter(country__in=here).values("pk"))
        named = models.Q(organization__in=DeskOrganization.objects.filter(desk__in=desks).values("organization"))
        belongs = Either(
            of_each=Each(held.filter(there | named)),
            of_all=models.Exists(held.filter(there)) | models.Exists(held.filter(named)),
        )
        return self.filter(models.Q(country__in=here) | belongs)

    def of(self, subject):
        """A person alone; the people who belong, or belonged, to an organization; everybody of a country."""
        if isinstance(subject, Person):
            return self.filter(pk=subject.pk)
        affiliations = self.model._meta.get_field("affiliations").related_model.objects
        if isinstance(subject, Organization):
            return self.filter(pk__in=affiliations.filter(organization=subject).values("person"))
        there = affiliations.filter(person=models.OuterRef("pk"), organization__country=subject)
        return self.filter(models.Q(country=subject) | models.Exists(there))

    def held(self):
        """Those on legal hold, by whichever record of theirs says so: all that were merged together are kept."""
        found, new = set(), set(Person.everyone.exclude(hold_reason="").values_list("pk", flat=True))
        while new:
            found |= new
            above = Person.everyone.filter(pk__in=new).values("merged_into")
            near = Person.everyone.filter(models.Q(merged_into__in=new) | models.Q(pk__in=above))
            new = set(near.values_list("pk", flat=True)) - found
        return self.filter(pk__in=found)

    def languages_of_letters(self) -> Counter:
        """Language of letters -> how many of them read it."""
        read = Counter()
        for languages, count in self.values_list("languages").annotate(count=models.Count("pk")).order_by():
            read[Person(languages=languages).language] += count
        return read

    def in_precedence(self):
        """In the order of protocol: by the highest rank that each holds now, then by name."""
        affiliations = self.model._meta.get_field("affiliations").related_model.objects.current()
        held = affiliations.filter(person=models.OuterRef("pk")).order_by(F("rank").asc(nulls_last=True))
        return self.annotate(rank=models.Subquery(held.values("rank")[:1])).order_by(
            F("rank").asc(nulls_last=True), "family_name", "given_name", "pk"
        )

    def profiled(self):
        """With all that their profiles are made of."""
        named = models.Prefetch("affiliations__organization", Organization.everyone.only("name"))
        return self.prefetch_related("emails", "phones", named)

    def reachable(self):
        """Those whom a letter can reach."""
        return self.filter(models.Exists(PersonEmail.objects.filter(person=models.OuterRef("pk"))))


class CurrentManager(PersonManager.from_queryset(PersonQuerySet)):
    """The records that stand: an old one, merged into another, is found through that alone; an erased one never."""

    def get_queryset(self):
        return super().get_queryset().filter(merged_into=None, erased_at=None)

    def by_token(self, token: str) -> "Person":
        """Whose own link `token` is. Raises Person.DoesNotExist for a forged or void one."""
        return behind(self, token)


class Person(Linked, Known):
    profile_fields = {"given_name", "family_name", "country", "merged_into"}

    user = models.OneToOneField(
        User, models.SET_NULL, verbose_name=_("account"), related_name="person", null=True, blank=True
    )

    honorific = models.CharField(_("honorific"), max_length=40, blank=True, help_text=_("H.E., Dr, Ms, Col. ..."))
    given_name = models.CharField(_("given name"), max_length=150, blank=True)
    family_name = models.CharField(_("family name"), max_length=150, blank=True)
    is_family_name_first = models.BooleanField(
        _("family name first"), default=False, help_text=_("As in Chinese, Hungarian, Japanese or Korean names.")
    )
    form_of_address = LabelsField(
        _("form of address"), blank=True, help_text=_("How a letter begins: Your Excellency; Monsieur le Directeur.")
    )
    passport_given_name = models.CharField(_("given names as on the passport"), max_length=150, blank=True)
    passport_family_name = models.CharField(_("family name as on the passport"), max_length=150, blank=True)
    languages = models.JSONField(
        _("languages"), default=english, blank=True, help_text=_("The first one is the language of letters.")
    )
    country = models.ForeignKey(
        Country, models.PROTECT, verbose_name=_("country"), related_name="people", null=True, blank=True
    )
    birth_year = models.PositiveSmallIntegerField(
        _("year of birth"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1850), MaxValueValidator(2100)],
        help_text=_("Tells people of one name apart when they are compared with watchlists."),
    )
    created_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(_("last confirmed"), null=True, editable=False)
    confirmed_by = models.ForeignKey(
        User, models.SET_NULL, verbose_name=_("confirmed by"), related_name="+", null=True, editable=False
    )
    nonce = models.CharField(max_length=16, default=new_nonce, editable=False)
    hold_reason = models.CharField(
        _("legal hold"),
        max_length=300,
        blank=True,
        help_text=_("Why this record must be kept; empty where it need not."),
    )
    erased_at = models.DateTimeField(null=True, editable=False)

    everyone = models.Manager.from_queryset(PersonQuerySet)()  # old records too: relations lead to them
    objects = CurrentManager()

    class Meta:
        base_manager_name = "everyone"
        default_manager_name = "objects"
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["family_name", "given_name", "pk"]
        indexes = [  # and, on PostgreSQL, one of the search text: see migration 0010
            # A list by name, of all or of a country, is read from an index alone; a desk's as well, by the country.
            models.Index(
                fields=["family_name", "given_name", "id", "country"], name="person_by_name", condition=STANDS
            ),
            models.Index(
                fields=["country", "family_name", "given_name", "id"], name="person_of_country", condition=STANDS
            ),
            models.Index(fields=["id", "country"], name="person_standing", condition=STANDS),  # small, for counting
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self):
        if not (self.given_name or self.family_name):
            raise ValidationError({"family_name": _("There is no name.")})

    def delete(self, *args, **kwargs):
        """Raises ValidationError for who is on legal hold."""
        if Person.everyone.filter(pk=self.pk).held().exists():
            raise ValidationError(_("This record is on legal hold and must be kept."))
        return super().delete(*args, **kwargs)

    @property
    def name(self) -> str:
        """The name in the order of the person's own culture."""
        parts = [self.given_name, self.family_name]
        if self.is_family_name_first:
            parts.reverse()
        nobody = _("(erased)") if self.erased_at else _("(no name)")
        return " ".join(filter(None, parts)) or str(nobody)

    @property
    def formal_name(self) -> str:
        """The name as a letter in the active language says it, with the honorific before it."""
        return self.formal_name_in((get_language() or "").split("-")[0])

    def formal_name_in(self, language: str) -> str:
        return f"{honorific_in(language, self.honorific)} {self.name}".strip()

    @property
    def salutation(self) -> str:
        """How a letter in the active language begins."""
        language = (get_language() or "").split("-")[0]
        if own := self.form_of_address.get(language):
            return _("%(form_of_address)s,") % {"form_of_address": own}
        if self.honorific:
            return _("Dear %(honorific)s %(name)s,") % {
                "honorific": honorific_in(language, self.honorific),
                "name": self.name,
            }
        return _("Dear %(name)s,") % {"name": self.name}

    @property
    def passport_name(self) -> str:
        """The name as on the passport, where it is known."""
        return f"{self.passport_given_name} {self.passport_family_name}".strip()

    @property
    def language(self) -> str:
        """The language of letters: the first of the person's that the house speaks."""
        ours = dict(settings.LANGUAGES)
        return next((code for code in self.languages or [] if code in ours), settings.LANGUAGE_CODE)

    @property
    def address(self) -> str:
        """The e-mail address for letters, or ""."""
        addresses = sorted(self.emails.all(), key=lambda email: (not email.is_primary, email.pk or 0))
        return addresses[0].address if addresses else ""

    def profile(self) -> Profile:
        """What the record says, for comparing it with others."""
        return Profile(
            self.pk,
            self.given_name,
            self.family_name,
            tuple(email.address for email in self.emails.all()),
            tuple(phone.number for phone in self.phones.all()),
            tuple(affiliation.organization.name for affiliation in self.affiliations.all()),
            self.country_id or "",
        )

    @property
    def link(self) -> str:
        """The address of the page on which the person sees and confirms what is held, in the language of letters."""
        with override(self.language):
            return settings.SITE_URL + reverse("contacts:own_data", args=[self.token])

    @transaction.atomic
    def confirm(self, *, by=None) -> None:
        """What is held is right: says the person, or `by` for them."""
        self.confirmed_at, self.confirmed_by = timezone.now(), by
        self.save(update_fields=["confirmed_at", "confirmed_by"])
        log(self, "contacts.person.confirm", user=by)

    @transaction.atomic
    def void_link(self, *, by) -> None:
        """The person's own link leads nowhere any more; the next letter carries a new one."""
        self.nonce = new_nonce()
        self.save(update_fields=["nonce"])
        log(self, "contacts.person.void_link", user=by)

    def read_in(self, language: str) -> None:
        """Letters come in `language` from now on; the other languages stay behind it."""
        languages = [language, *(code for code in self.languages if code != language)]
        if languages != self.languages:
            self.languages = languages
            self.save(update_fields=["languages"])
            log(self, "contacts.person.read_in", data={"language": language})

    @transaction.atomic
    def add_address(self, address: str, *, by) -> None:
        """The person is known by `address` too, to which no letters go; nothing changes where they are already."""
        if self.emails.filter(address__iexact=address).exists():
            return
        if PersonEmail.objects.filter(address__iexact=address, person__merged_into=None).exists():
            told = _("Somebody else is known by %(address)s. If they are one and the same, merge the two records.")
            raise ValidationError(told % {"address": address})
        PersonEmail.objects.create(person=self, address=address)
        type(self).objects.get(pk=self.pk).save()  # found by it as well
        log(self, "contacts.person.add_address", user=by, data={"address": address})

    def spelled_with(self) -> Iterable[str]:
        return (email.address for email in self.emails.all())

    def spell(self, addresses: Iterable[str]) -> str:
        """The text that `matching` searches: names and addresses, folded."""
        return fold(
            self.given_name,
            self.family_name,
            self.passport_given_name,
            self.passport_family_name,
            *addresses,
        )


class PersonEmail(models.Model):
    person = ParentalKey(Person, on_delete=models.CASCADE, verbose_name=_("person"), related_name="emails")
    address = models.EmailField(_("e-mail address"), db_index=True)
    is_primary = models.BooleanField(_("for letters"), default=False)

    class Meta:
        verbose_name = _("e-mail address")
        verbose_name_plural = _("e-mail addresses")
        ordering = ["-is_primary", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "address"],
                name="person_email_once",
                violation_error_message=_("This person has that address already."),
            )
        ]

    def __str__(self) -> str:
        return self.address


class PersonPhone(models.Model):
    class Kind(models.TextChoices):
        WORK = "WORK", _("Work")
        MOBILE = "MOBILE", _("Mobile")
        ASSISTANT = "ASSISTANT", _("Assistant")

    person = ParentalKey(Person, on_delete=models.CASCADE, verbose_name=_("person"), related_name="phones")
    number = models.CharField(_("number"), max_length=40)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.WORK)

    class Meta:
        verbose_name = _("telephone number")
        verbose_name_plural = _("telephone numbers")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.number
