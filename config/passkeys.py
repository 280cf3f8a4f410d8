"""Passkeys: what they are called, and what is said to a credential that is none."""

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.webauthn import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

REFUSED = _("This passkey was not recognised. Sign in with a code or a password instead, and make a new one.")


class PasskeyAdapter(DefaultMFAAdapter):
    error_messages = {**DefaultMFAAdapter.error_messages, "incorrect_code": REFUSED}

    def generate_authenticator_name(self, user, type) -> str:
        return gettext("Passkey of %(day)s") % {"day": date_format(timezone.localdate())}

    def _get_site_name(self) -> str:
        return str(settings.SITE_NAME)


class Careful:
    """A credential comes from a stranger's program: what cannot be read is refused, and never crashes."""

    def clean_credential(self):
        try:
            return super().clean_credential()
        except (AttributeError, KeyError, TypeError, ValueError) as unreadable:
            raise ValidationError(REFUSED) from unreadable


class SignInForm(Careful, forms.LoginWebAuthnForm):
    pass


class AskAgainForm(Careful, forms.ReauthenticateWebAuthnForm):
    pass


class AddForm(forms.AddWebAuthnForm):
    def clean(self):
        try:
            return super().clean()
        except (AttributeError, KeyError, TypeError, ValueError) as unreadable:
            raise ValidationError(REFUSED) from unreadable
