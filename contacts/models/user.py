"""User: somebody who signs in, by e-mail address."""

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from network.models import Desk


class UserQuerySet(models.QuerySet):
    def staff(self):
        """Those who work here: active, with a role."""
        return self.filter(models.Q(is_superuser=True) | models.Q(groups__isnull=False), is_active=True).distinct()


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        """A new account; without a password nobody can sign in until one is set."""
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

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
