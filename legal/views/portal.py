"""The pages for the focal points of countries, who sign in by a code: the law of their country, and what they say."""

from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from legal.forms.gaps import standards
from legal.forms.portal import CitationForm, LawForm
from legal.models import Authority, NationalLaw, Suggestion
from legal.models.focal_point import countries_of
from legal.models.suggestion import FIELDS
from network.forms import alphabetically
from network.models import Country
from network.views.answers import handed_out, too_many

MOST = 50  # suggestions an hour by one reader

signed_in = login_required(login_url="account_request_login_code")


def for_focal_point(view):
    """Hands the view the country, of which the reader is focal point; to everybody else there is none."""

    @wraps(view)
    def wrapped(request: HttpRequest, code: str) -> HttpResponse:
        return view(request, get_object_or_404(countries_of(request.user), pk=code))

    return never_cache(signed_in(wrapped))


def for_law(view):
    """Hands the view a law that is published, of a country of which the reader is focal point."""

    @wraps(view)
    def wrapped(request: HttpRequest, slug: str) -> HttpResponse:
        mine = NationalLaw.objects.published().filter(country__in=countries_of(request.user).values("pk"))
        return view(request, get_object_or_404(mine.select_related("country"), slug=slug))

    return never_cache(signed_in(wrapped))


@never_cache
@signed_in
@require_safe
def portal(request: HttpRequest) -> HttpResponse:
    """The laws of the reader's countries, and what was suggested of them."""
    countries = alphabetically(countries_of(request.user))
    laws = NationalLaw.objects.published().filter(country__in=countries).select_related("country").newest_first()
    suggestions = Suggestion.objects.of_countries(request.user).select_related("country", "law", "person")
    context = {
        "countries": [(country, [law for law in laws if law.country_id == country.pk]) for country in countries],
        "suggestions": suggestions[:100],
        "has_authorities": Authority.objects.visible_to(request.user).exists(),
    }
    return render(request, "legal/portal.html", context)


@for_focal_point
def suggest_law(request: HttpRequest, country: Country) -> HttpResponse:
    """A law that is missing. GET asks, POST suggests it."""
    initial = {"form": NationalLaw.Form.ACT}
    return _ask(request, LawForm(request.POST or None, request.FILES or None, initial=initial), country)


@for_law
def suggest_correction(request: HttpRequest, law: NationalLaw) -> HttpResponse:
    """What is wrong with a law that is here, or its text."""
    initial = {name: getattr(law, name) for name in FIELDS}
    return _ask(request, LawForm(request.POST or None, request.FILES or None, initial=initial), law.country, law)


@for_law
def suggest_citation(request: HttpRequest, law: NationalLaw) -> HttpResponse:
    """Which provision of a law answers to an article of the standard `?standard=`."""
    offered = standards(request.user).published()
    standard = offered.filter(slug=said_in(request, "standard")).first() or offered.first()
    form = CitationForm(request.POST or None, law=law, standard=standard) if standard else None
    if form and form.is_valid():
        if braked := too_many(request, "suggest", most=MOST):
            return braked
        try:
            Suggestion.objects.suggest(law.country, Suggestion.Kind.CITATION, by=request.user, law=law, **form.places)
            return _thanked(request)
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
    context = {"law": law, "standard": standard, "standards": offered, "form": form}
    return render(request, "legal/suggest_citation.html", context, status=422 if form and form.errors else 200)


@never_cache
@signed_in
@require_safe
def suggestion_file(request: HttpRequest, pk: int) -> FileResponse:
    """Hands the file out to the focal points of the country."""
    found = get_object_or_404(Suggestion.objects.of_countries(request.user), pk=pk)
    if not found.file:
        raise Http404
    return handed_out(found.file, found.name)


@never_cache
@signed_in
@require_safe
def authorities(request: HttpRequest) -> HttpResponse:
    """Whom one asks in which country; for those who may know, and to everybody else there is nothing."""
    rows = Authority.objects.visible_to(request.user).select_related("country", "organization").in_order()
    if not rows.exists():
        raise Http404
    code = said_in(request, "country")
    countries = alphabetically(Country.objects.filter(pk__in=rows.order_by().values("country")))
    shown = rows.filter(country=code) if code else rows
    context = {"rows": shown, "countries": countries, "code": code}
    return render(request, "legal/authorities.html", context)


def said_in(request: HttpRequest, name: str) -> str:
    """A parameter of the address; "" for what no name can be."""
    said = request.GET.get(name, "")
    return said if said.isprintable() else ""


def _ask(request: HttpRequest, form: LawForm, country: Country, law: NationalLaw | None = None) -> HttpResponse:
    """The form; once it is filled in, what it says is suggested. What is refused stands on the form."""
    if form.is_valid():
        if braked := too_many(request, "suggest", most=MOST):
            return braked
        kind = Suggestion.Kind.CORRECTION if law else Suggestion.Kind.LAW
        words = {name: form.cleaned_data[name] for name in ("note", "file")}
        try:
            Suggestion.objects.suggest(country, kind, by=request.user, said=form.said, law=law, **words)
            return _thanked(request)
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
    context = {"form": form, "country": country, "law": law}
    return render(request, "legal/suggest_law.html", context, status=422 if form.errors else 200)


def _thanked(request: HttpRequest) -> HttpResponse:
    messages.success(request, _("Thank you. A legal officer looks at it and writes to you."))
    return redirect("legal:portal")
