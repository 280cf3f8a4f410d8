"""User: somebody who signs in, by e-mail address."""

from django.contrib.auth.models import AbstractUser, BaseUserManager, Permission
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from network.models import Desk


class UserQuerySet(models.QuerySet):
    def staff(self):
        """Those who work here: active, with a role."""
        return self.filter(Q(is_superuser=True) | Q(groups__isnull=False), is_active=True).distinct()

    def who_may(self, permission: str):
        """Those whose role, or who themselves, have the permission, such as "contacts.view_task"."""
        app, _dot, name = permission.partition(".")
        given = Permission.objects.filter(content_type__app_label=app, codename=name)
        may = Q(is_superuser=True) | Q(groups__permissions__in=given) | Q(user_permissions__in=given)
        return self.filter(may, is_active=True).distinct()


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        """A new account; without a password nobody can sign in until one is set."""
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def open_for(self, person) -> "User | None":
        """The account with which `person`, a partner, signs in by a code that goes to their address; None where they
        have no address, or somebody else has an account with it."""
        if person.user:
            return self._follow(person.user, person.address)
        if not person.address:
            return None
        account = self.filter(email__iexact=person.address).first() or self.create_user(person.address)
        if hasattr(account, "person"):
            return None
        person.user = account
        person.save(update_fields=["user"])
        return account

    def _follow(self, account: "User", address: str) -> "User":
        """A partner signs in with the address to which we write now; who works here keeps their own."""
        is_free = address and not self.filter(email__iexact=address).exists()
        if is_free and not self.staff().filter(pk=account.pk).exists():
            account.email = address
            account.save(update_fields=["email"])
        return account

    def get_by_natural_key(self, email: str) -> "User":
        return self.get(email__iexact=email)


class User(AbstractUser):
    username = None
    email = models.EmailField(_("e-mail address"), unique=True)
    desks = models.ManyToManyField(
        Desk,
        verbose_name=_("desks"),
        related_name="members",
        blank=True,
        help_text=_("Sees the records of these desks alone; without one, everything that the role opens."),
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []

    objects = UserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_once",
                violation_error_message=_("Somebody signs in with this address already."),
            )
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    @cached_property
    def desk_keys(self) -> list[int]:
        """The desks that the user's sight ends at; none for an administrator of everything."""
        return [] if self.is_superuser else list(self.desks.values_list("pk", flat=True))
