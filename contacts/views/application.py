"""Asking to join the network: the form, and the applicant's own page behind the link in their letters."""

from functools import wraps

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from contacts.forms.application import AmendForm, ApplyForm
from contacts.models import Application
from network.views.answers import problem, too_many


@never_cache
def apply(request: HttpRequest) -> HttpResponse:
    """The form. The answer is the same for everybody, whoever is known here and whoever is a machine."""
    form = ApplyForm(*_sent(request))
    if form.is_valid():
        if braked := too_many(request, "apply", most=10):
            return braked
        if not form.is_machine:
            Application.objects.apply(form.facts(), form.cleaned_data["documents"], language=get_language())
        return redirect("contacts:apply_sent")
    return render(request, "contacts/apply.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@never_cache
def sent(request: HttpRequest) -> HttpResponse:
    """What happens next."""
    return render(request, "contacts/apply_sent.html")


def for_applicant(view):
    """Hands the view the application whose link it is; a forged or forgotten one gets a sentence instead."""

    @wraps(view)
    def wrapped(request: HttpRequest, token: str) -> HttpResponse:
        try:
            application = Application.objects.by_token(token)
        except Application.DoesNotExist:
            told = _(
                "This link is not valid, or too old: an application that nobody confirms is forgotten after 7 days."
            )
            braked = too_many(request, "application", most=60)
            return braked or problem(request, 404, _("We do not know this link"), told)
        response = view(request, application)
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex"
        return response

    return never_cache(wrapped)


@for_applicant
def application(request: HttpRequest, application: Application) -> HttpResponse:
    """Shows (GET) how it stands. A POST confirms it, or, where more was asked, sends it again."""
    if request.method == "POST" and application.confirmed_at is None:
        application.confirm()
        return redirect(f"{_own(application)}?done=confirmed")
    if not application.is_with_applicant:
        return _page(request, application)
    form = AmendForm(*_sent(request), application=application)
    if form.is_valid():
        if braked := too_many(request, "amend", most=20):
            return braked
        try:
            application.resubmit(form.facts(), form.cleaned_data["documents"], without=form.cleaned_data["without"])
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return redirect(f"{_own(application)}?done=sent")
    return _page(request, application, form)


def _sent(request: HttpRequest) -> tuple:
    """What was sent, be it nothing at all; None where somebody only looks."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _own(application: Application) -> str:
    return reverse("contacts:application", args=[application.token])


def _page(request: HttpRequest, application: Application, form: AmendForm | None = None) -> HttpResponse:
    told = [step for step in application.steps.all() if step.kind in ("ASKED", "REFUSED", "SUSPENDED", "ENDED")]
    context = {
        "application": application,
        "facts": facts(application),
        "form": form,
        "said": told[-1].text if told and told[-1].kind == _kind(application) else "",
        "done": request.GET.get("done", ""),
    }
    return render(request, "contacts/application.html", context, status=422 if form and form.errors else 200)


def _kind(application: Application) -> str:
    return "ASKED" if application.is_with_applicant else application.state


def facts(application: Application) -> list[tuple[str, str]]:
    """Label and value of what the applicant said; nothing that is empty."""
    rows = [
        (_("Organization"), application.organization_name),
        (_("Kind"), application.get_kind_display()),
        (_("Country"), str(application.country or "")),
        (_("Website"), application.website),
        (_("Contact person"), ", ".join(filter(None, [application.name, application.position]))),
        (_("E-mail address"), application.email),
        (_("Topics"), ", ".join(str(topic) for topic in application.topics.all())),
        (_("Why"), application.why),
        (_("Documents"), ", ".join(document.name for document in application.documents.all())),
    ]
    return [(label, value) for label, value in rows if value]
