"""Application: a partner asks to join the network; we look at it, ask for more, admit or refuse, suspend, end."""

import datetime

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from contacts import mail
from contacts.models.admission import AdmissionRule
from contacts.models.admittance import Admittance
from contacts.models.message import Message
from contacts.models.person import Person, PersonEmail
from contacts.models.user import User
from network.changes import change
from network.models import Country, Organization, Seal, Topic
from network.models.facts import Said, told
from network.models.guarded import GuardedQuerySet
from network.models.linked import Linked, behind, new_nonce

# What nobody confirmed is forgotten after this time.
FORGET_AFTER = datetime.timedelta(days=7)
# So many letters may wait for one address to be confirmed: a stranger's mailbox is not filled by our form.
MOST_UNCONFIRMED = 3
# What the form asks, in the order in which it is read.
FACTS = ("organization_name", "kind", "country", "website", "given_name", "family_name", "position", "why")
BLANK = {"given_name": "", "family_name": "", "position": "", "email": "", "why": ""}


class ApplicationQuerySet(GuardedQuerySet):
    def of_desks(self, desks):
        """Those from the countries of the desks, and those of the organizations that the desks keep."""
        countries = Country.objects.of_desks(desks).values("pk")
        kept = Organization.objects.kept_by(desks).values("pk")
        return self.filter(Q(country__in=countries) | Q(organization__in=kept))

    def visible_to(self, viewer):
        """Nobody sees what has not been confirmed: it may be a joke at somebody's expense."""
        return super().visible_to(viewer).exclude(confirmed_at=None)

    def matching(self, text: str):
        found = self
        for word in text.split():
            named = Q(organization_name__icontains=word) | Q(given_name__icontains=word)
            found = found.filter(named | Q(family_name__icontains=word) | Q(email__icontains=word))
        return found

    def in_state(self, *states: str):
        return self.filter(state__in=states)

    def members(self):
        """Those whose organizations were taken in, and have not ended."""
        return self.in_state(Application.State.ADMITTED, Application.State.SUSPENDED)

    def open(self):
        """Confirmed, and not decided yet."""
        return self.in_state(Application.State.PENDING, Application.State.IN_REVIEW).exclude(confirmed_at=None)

    def awaiting(self, user):
        """Those with which `user` could go on: neither with the applicant, nor waiting for somebody else to agree."""
        return self.open().filter(asked_at=None).exclude(approved_by=user)

    def unconfirmed(self):
        return self.filter(confirmed_at=None)

    def to_forget(self, now: datetime.datetime | None = None):
        """Those that nobody confirmed in time."""
        return self.unconfirmed().filter(created_at__lt=(now or timezone.now()) - FORGET_AFTER)

    def held_of(self, people):
        """Those by which `people` were taken into the network, and those from one of their addresses."""
        addresses = PersonEmail.objects.filter(person__in=people).values_list("address", flat=True)
        return self.filter(Q(person__in=people) | Q(email__in=[address.lower() for address in addresses]))

    def erase(self) -> None:
        """What is undecided goes; what was decided counts on, without anybody in it."""
        keys = list(self.values_list("pk", flat=True))
        found = Application.objects.filter(pk__in=keys)
        content_type = ContentType.objects.get_for_model(Application)
        for application in found:
            application.documents.all().delete()
            application.steps.all().erase()
        if keys:
            Message.objects.about(*found).erase()
        entries = ModelLogEntry.objects.filter(content_type=content_type, object_id__in=[str(key) for key in keys])
        Seal.objects.empty(entries)
        Application.objects.filter(pk__in=keys).open().delete()
        Application.objects.filter(pk__in=keys).unconfirmed().delete()
        Application.objects.filter(pk__in=keys).update(**BLANK)


class ApplicationManager(models.Manager.from_queryset(ApplicationQuerySet)):
    @transaction.atomic
    def apply(self, facts: dict, documents=(), *, language: str) -> "Application | None":
        """Somebody asks to join; a letter asks them to confirm that it is they. None where too many letters to that
        address wait already: the asker is told the same."""
        email = facts["email"].lower()
        if self.unconfirmed().filter(email=email).exclude(pk__in=self.to_forget()).count() >= MOST_UNCONFIRMED:
            return None
        topics = facts.get("topics", ())
        said = {name: facts[name] for name in FACTS}
        application = self.create(**said, email=email, language=language)
        application.topics.set(topics)
        application.documents.keep(application, documents)
        Message.objects.post(None, mail.application_confirm(application), address=email, about=application)
        return application

    def by_token(self, token: str) -> "Application":
        """Whose link `token` is. Raises Application.DoesNotExist for a forged one, and for what is forgotten."""
        return behind(self.exclude(email="").exclude(pk__in=self.to_forget().values("pk")), token)

    @transaction.atomic
    def forget_unconfirmed(self, now: datetime.datetime | None = None) -> int:
        """Forget what nobody confirmed in time, with its documents and letters; returns how many."""
        due = list(self.to_forget(now).values_list("pk", flat=True))
        self.filter(pk__in=due).erase()
        return len(due)


class Application(Linked, Admittance, models.Model):
    class State(models.TextChoices):
        PENDING = "PENDING", _("Pending")
        IN_REVIEW = "IN_REVIEW", _("In review")
        ADMITTED = "ADMITTED", _("Admitted")
        REFUSED = "REFUSED", _("Refused")
        SUSPENDED = "SUSPENDED", _("Suspended")
        ENDED = "ENDED", _("Ended")

    organization_name = models.CharField(_("name of the organization"), max_length=500)
    kind = models.CharField(_("kind of organization"), max_length=20, choices=Organization.Kind)
    country = models.ForeignKey(
        Country, models.PROTECT, verbose_name=_("country"), related_name="applications", null=True, blank=True
    )
    website = models.URLField(_("website"), max_length=500, blank=True)
    topics = models.ManyToManyField(Topic, verbose_name=_("topics"), related_name="applications", blank=True)
    why = models.TextField(_("why you wish to join"))
    given_name = models.CharField(_("given name"), max_length=150)
    family_name = models.CharField(_("family name"), max_length=150)
    position = models.CharField(_("position"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail address"), max_length=320, db_index=True)
    language = models.CharField(_("language of letters"), max_length=12, choices=settings.LANGUAGES)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PENDING, db_index=True)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)
    asked_at = models.DateTimeField(_("more was asked"), null=True)
    decided_at = models.DateTimeField(_("decided"), null=True)
    needs_two = models.BooleanField(_("two people must agree"), default=False)
    reviewer = models.ForeignKey(User, models.SET_NULL, verbose_name=_("reviewer"), related_name="+", null=True)
    approved_by = models.ForeignKey(
        User, models.SET_NULL, verbose_name=_("recommended by"), related_name="+", null=True
    )
    organization = models.ForeignKey(
        Organization, models.SET_NULL, verbose_name=_("organization"), related_name="applications", null=True
    )
    person = models.ForeignKey(
        Person, models.SET_NULL, verbose_name=_("person"), related_name="applications", null=True
    )
    nonce = models.CharField(max_length=16, default=new_nonce, editable=False)

    objects = ApplicationManager()

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ["-confirmed_at", "-pk"]

    def __str__(self) -> str:
        return self.organization_name

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip() or str(_("(erased)"))

    @property
    def salutation(self) -> str:
        """How a letter to the applicant begins."""
        return gettext("Dear %(name)s,") % {"name": self.name}

    @property
    def link(self) -> str:
        """The page on which the applicant confirms, sees how it stands, and amends; in their language."""
        with override(self.language):
            return settings.SITE_URL + reverse("contacts:application", args=[self.token])

    @property
    def is_with_applicant(self) -> bool:
        return self.state == self.State.IN_REVIEW and self.asked_at is not None

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.PENDING, self.State.IN_REVIEW)

    @property
    def standing(self) -> str:
        """The state in words, with whom it waits for."""
        if self.is_with_applicant:
            return gettext("With the applicant")
        return (
            gettext("Waits for a second person") if self.is_open and self.approved_by_id else self.get_state_display()
        )

    def facts(self) -> dict[str, Said]:
        """What the applicant says, for comparing one version with another, and for readers of any language."""
        said = {name: told(self, name) for name in (*FACTS, "topics")}
        return said | {"documents": ", ".join(document.name for document in self.documents.all())}

    @classmethod
    def label(cls, name: str) -> str:
        """What one of its facts is called."""
        return _("documents") if name == "documents" else cls._meta.get_field(name).verbose_name

    @transaction.atomic
    def confirm(self) -> None:
        """The applicant is who they say, at least where their letters go. Done twice it is done once."""
        if not Application.objects.unconfirmed().filter(pk=self.pk).update(confirmed_at=timezone.now()):
            return
        self.refresh_from_db()
        self._note("SUBMITTED", data=self.facts())
        self._post(mail.application_received(self))
        log(self, "contacts.application.confirm")

    @transaction.atomic
    def begin_review(self, *, by) -> None:
        """Somebody takes it up: the checklist of its kind is laid before them, and the applicant hears of it."""
        rule = AdmissionRule.objects.for_kind(self.kind)
        self._move(self.State.IN_REVIEW, of=[self.State.PENDING], reviewer=by, needs_two=rule.needs_two)
        self.checks.lay_out(self, rule)
        self._note("BEGUN", by=by)
        self._post(mail.application_in_review(self))
        log(self, "contacts.application.begin_review", user=by)

    @transaction.atomic
    def ask_for_more(self, question: str, *, by) -> None:
        """Send it back to the applicant with a question; a recommendation is void."""
        self._require(question, "question", _("Say what is missing."))
        asked = {"asked_at": timezone.now(), "approved_by": None}
        self._move(self.State.IN_REVIEW, of=[self.State.IN_REVIEW], where=Q(asked_at=None), **asked)
        self._note("ASKED", question, by=by)
        self._post(mail.application_more_wanted(self, question))
        log(self, "contacts.application.ask_for_more", user=by)

    @transaction.atomic
    def resubmit(self, facts: dict, documents=(), *, without=()) -> None:
        """The applicant answers what was asked: with other words, more documents, or `without` some (keys). Everything
        has to be checked again. What it said before stays in the steps."""
        before = self.facts()
        values = {name: facts[name] for name in FACTS}
        rule = AdmissionRule.objects.for_kind(values["kind"])
        taken = Application.objects.filter(pk=self.pk, state=self.State.IN_REVIEW, version=self.version)
        following = {"asked_at": None, "version": self.version + 1, "needs_two": rule.needs_two}
        if not taken.exclude(asked_at=None).update(**values, **following):
            raise ValidationError(_("This has been sent already, or is not asked for any more."))
        self.refresh_from_db()
        self.topics.set(facts.get("topics", ()))
        self.documents.filter(pk__in=without).delete()
        self.documents.keep(self, documents)
        self.checks.lay_out(self, rule)
        after = {name: said for name, said in self.facts().items() if said != before[name]}
        self._note("SUBMITTED", data=after)
        self._post(mail.application_received(self))
        changes = [change(self.label(name), before[name], said) for name, said in after.items()]
        log(self, "contacts.application.resubmit", data={"changes": changes})
