"""Accounts are opened by an administrator; nobody signs up from outside."""

import time

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, override
from django.views.generic import RedirectView
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.reports.audit_logging import LogEntriesView
from wagtail.log_actions import log

from contacts import mail
from contacts.models import Message

# One way in, and it is braked: Wagtail's own pages for it would let a stranger try passwords without end.
sign_in = RedirectView.as_view(pattern_name="account_login", query_string=True)
new_password = RedirectView.as_view(pattern_name="account_reset_password")


def admin_door(request: HttpRequest) -> HttpResponse:
    """Where Wagtail sends whom it does not let in: strangers go on to sign in; an account without a role is told no,
    because asking it to sign in again would lead in circles."""
    if not request.user.is_authenticated:
        return sign_in(request)
    if not request.user.has_perm("wagtailadmin.access_admin"):
        raise PermissionDenied
    return redirect("wagtailadmin_home")


def site_history(request: HttpRequest, results: str = "") -> HttpResponse:
    """Wagtail's report of everybody's acts names every record, so it is not for who sees the rows of a desk alone."""
    if request.user.is_authenticated and request.user.desk_keys:
        raise PermissionDenied
    return require_admin_access(LogEntriesView.as_view(results_only=bool(results)))(request)


# Whoever has just signed in, by whatever way, is not asked again who they are before their passkeys change.
JUST_NOW = 15 * 60
# What allauth tells the owner of an account, and our letter for it.
NOTICES = {
    "mfa/email/webauthn_added": (mail.passkey_added, "contacts.user.add_passkey"),
    "mfa/email/webauthn_removed": (mail.passkey_removed, "contacts.user.remove_passkey"),
}


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Staff go to their desk, partners to their delegations, everybody else to the site."""
        if request.user.has_perm("wagtailadmin.access_admin"):
            return reverse("wagtailadmin_home")
        if hasattr(request.user, "person"):
            return reverse("events:delegations")
        return super().get_login_redirect_url(request)

    def get_login_stages(self) -> list[str]:
        """A passkey is a way in of its own. Who loses the telephone comes in by a code or a password as before."""
        return [stage for stage in super().get_login_stages() if stage != "allauth.mfa.stages.AuthenticateStage"]

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """With the name of the house, which its readers know, and not that of the machine."""
        house = {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL}
        super().send_mail(template_prefix, email, {**context, **house})

    def is_reauthentication_required(self, *, app: str) -> bool:
        if not super().is_reauthentication_required(app=app):
            return False
        ways = get_authentication_records(self.request, self.request.user)
        return not ways or time.time() - ways[-1]["at"] > JUST_NOW

    def send_notification_mail(self, template_prefix: str, user, context=None, email=None) -> None:
        """Whoever owns the account reads of each new way into it, by a letter of ours."""
        if template_prefix not in NOTICES:
            return
        write, action = NOTICES[template_prefix]
        person = getattr(user, "person", None)
        language = person.language if person else get_language() or settings.LANGUAGE_CODE
        with override(language):
            link = settings.SITE_URL + reverse("mfa_list_webauthn")
        Message.objects.post(person, write(person, language, link), address=user.email, about=user)
        log(user, action, user=user)
