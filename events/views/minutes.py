"""The page on which rapporteurs write the minutes of their session, and what the desk has in common with it."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from events.forms.audience import MinutesForm
from events.models import Minutes, Session
from events.models.minutes import may_write
from events.views.delegations import signed_in


@never_cache
@signed_in
def minutes_write(request: HttpRequest, slug: str, guid) -> HttpResponse:
    """The minutes of the session in `?language=`, for its rapporteurs and for organizers: GET shows them, POST saves
    the draft."""
    session = get_object_or_404(Session.objects.select_related("event"), event__slug=slug, guid=guid)
    if not may_write(session, request.user):
        raise Http404
    language = language_asked(request)
    minutes = session.minutes.filter(language=language).first()
    form, status = form_of(session, minutes, request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                write(form, session, language, by=request.user)
                messages.success(request, _("The draft is saved."))
                return redirect(f"{request.path}?language={language}")
            except ValidationError as refusal:
                form.add_error(None, refusal.messages)
    context = {"event": session.event, "session": session, "minutes": minutes, "form": form}
    context["languages"] = languages(session, language)
    return render(request, "events/minutes_write.html", context, status=status)


def language_asked(request: HttpRequest) -> str:
    """The language of minutes that the address says, or else the reader's own."""
    asked = request.GET.get("language", "")
    return asked if asked in dict(settings.LANGUAGES) else get_language() or settings.LANGUAGE_CODE


def form_of(session: Session, minutes: Minutes | None, data=None) -> MinutesForm:
    """The form for the minutes of `session`, with what they say now."""
    form = MinutesForm(data, initial={"text": minutes.text if minutes else ""})
    form.who_for(session.event, minutes or Minutes(session=session))
    return form


def write(form: MinutesForm, session: Session, language: str, *, by) -> Minutes:
    return Minutes.objects.write(session, language, form.cleaned_data["text"], *form.who(), by=by)


def languages(session: Session, chosen: str) -> list[dict]:
    """The languages to write in, each with what there is."""
    there = {one.language: one for one in session.minutes.all()}
    return [
        {"code": code, "name": name, "minutes": there.get(code), "is_current": code == chosen}
        for code, name in settings.LANGUAGES
    ]
