"""Accounts are opened by an administrator; nobody signs up from outside."""

from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.generic import RedirectView
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.reports.audit_logging import LogEntriesView

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
