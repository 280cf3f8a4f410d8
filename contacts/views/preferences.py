"""Which letters a reader wants: the page behind the link in a letter, and the one click of RFC 8058."""

from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from contacts.forms import PreferencesForm
from contacts.mail import Purpose
from contacts.models import Message, Suppression
from contacts.models.suppression import OPTIONAL
from network.views.answers import problem, too_many


def for_reader(view):
    """Hands the view the letter that its link came from; a forged link gets a sentence instead."""

    @wraps(view)
    def wrapped(request: HttpRequest, token: str) -> HttpResponse:
        try:
            message = Message.objects.by_token(token)
        except Message.DoesNotExist:
            sentence = _("This link is not valid. Please use the link in your letter once more, complete.")
            braked = too_many(request, "letter", most=60)
            return braked or problem(request, 404, _("We do not know this link"), sentence)
        response = view(request, message)
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex"
        return response

    return never_cache(wrapped)


@for_reader
def preferences(request: HttpRequest, message: Message) -> HttpResponse:
    """Shows (GET) and takes (POST) what the reader wants to get at this address, and in which language."""
    form = PreferencesForm(request.POST or None, initial=_chosen(message))
    if request.method == "POST" and form.is_valid():
        Suppression.objects.choose(message.to_address, set(form.cleaned_data["wanted"]))
        if message.person:
            message.person.read_in(form.cleaned_data["language"])
        return redirect(f"{request.path}?saved=1")
    context = {"form": form, "address": message.to_address, "is_saved": "saved" in request.GET}
    return render(request, "contacts/preferences.html", context)


@csrf_exempt  # mail programs press this button, without any of our pages open
@for_reader
def unsubscribe(request: HttpRequest, message: Message) -> HttpResponse:
    """One click: no more news and mailings. A GET shows a button, because scanners follow links."""
    if request.method == "POST":
        Suppression.objects.suppress(message.to_address, Suppression.Reason.OPT_OUT, Purpose.NEWS)
        if "List-Unsubscribe" not in request.POST:
            return redirect(f"{message.preferences_link()}?saved=1")
    context = {"address": message.to_address, "link": message.preferences_link(), "is_done": request.method == "POST"}
    return render(request, "contacts/unsubscribe.html", context)


def _chosen(message: Message) -> dict:
    wanted = [one for one in OPTIONAL if not Suppression.objects.against(message.to_address, one).exists()]
    return {"wanted": wanted, "language": message.person.language if message.person else message.language}
