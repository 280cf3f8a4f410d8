"""What we hold about a reader: the page behind their own link, where they confirm it, correct it, or take a consent
back. No sign-in is needed."""

from contextlib import suppress
from functools import wraps

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from contacts.forms import CorrectionForm
from contacts.models import Consent, Person, Task
from network.labels import language_name
from network.views.answers import problem, too_many


def for_the_person(view):
    """Hands the view the person whose link it is; a forged or void link gets a sentence instead."""

    @wraps(view)
    def wrapped(request: HttpRequest, token: str, **where) -> HttpResponse:
        try:
            person = Person.objects.by_token(token)
        except Person.DoesNotExist:
            sentence = _("This link is not valid any more. Please use the link in our latest letter, complete.")
            braked = too_many(request, "own_data", most=60)
            return braked or problem(request, 404, _("We do not know this link"), sentence)
        response = view(request, person, **where)
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex"
        return response

    return never_cache(wrapped)


@for_the_person
def own_data(request: HttpRequest, person: Person) -> HttpResponse:
    """Shows (GET) what is held; a POST says that it is right."""
    if request.method == "POST":
        person.confirm()
        return redirect(f"{request.path}?done=confirmed")
    return _page(request, person, CorrectionForm())


@require_POST
@for_the_person
def correct(request: HttpRequest, person: Person) -> HttpResponse:
    """Takes what the person says is wrong; somebody here mends it."""
    form = CorrectionForm(request.POST)
    if not form.is_valid():
        return _page(request, person, form)
    if braked := too_many(request, "correction", most=10):
        return braked
    Task.objects.ask_to_correct(person, form.cleaned_data["text"])
    return redirect(f"{_own(person)}?done=told")


@require_POST
@for_the_person
def withdraw(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """Takes a consent back."""
    consent = get_object_or_404(person.consents.filter(basis=Consent.Basis.CONSENT), pk=pk)
    with suppress(ValidationError):  # the button was pressed twice
        consent.withdraw(by=None)
    return redirect(f"{_own(person)}?done=withdrawn")


def _own(person: Person) -> str:
    return reverse("contacts:own_data", args=[person.token])


def _page(request: HttpRequest, person: Person, form: CorrectionForm) -> HttpResponse:
    context = {
        "person": person,
        "facts": facts(person),
        "posts": person.affiliations.current().select_related("organization", "competence"),
        "consents": person.consents.standing(),
        "form": form,
        "done": request.GET.get("done", ""),
    }
    return render(request, "contacts/own_data.html", context, status=422 if form.errors else 200)


def facts(person: Person) -> list[tuple[str, str]]:
    """Label and value of what is held; nothing that is empty."""
    rows = [
        (_("Name"), person.formal_name),
        (_("Name as on the passport"), person.passport_name),
        (_("Country"), str(person.country or "")),
        (_("E-mail addresses"), ", ".join(email.address for email in person.emails.all())),
        (_("Telephone numbers"), ", ".join(phone.number for phone in person.phones.all())),
        (_("Languages"), ", ".join(language_name(code) for code in person.languages)),
    ]
    return [(label, value) for label, value in rows if value]
