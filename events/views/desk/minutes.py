"""Minutes on the desk of an event: which sessions have some, and the page on which they are written and approved."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin import messages

from events.forms.audience import MinutesForm
from events.models import Minutes
from events.models.minutes import may_write
from events.views.desk.event_view import EventTimeView, refusals_shown
from events.views.minutes import form_of, language_asked, languages, write

ACTS = {"approve": gettext_lazy("The minutes are approved."), "reopen": gettext_lazy("The minutes are a draft again.")}


class MinutesListView(EventTimeView):
    """The sessions with the state of their minutes in each language."""

    shows_all = True
    template_name = "events/desk/minutes.html"
    page_title = pgettext_lazy("of a session", "Minutes")

    def get(self, request, **_where):
        sessions = self.object.sessions.taking_place().in_order().prefetch_related("minutes")
        return self.render_to_response(self.get_context_data(sessions=sessions))


class MinutesView(EventTimeView):
    """The minutes of one session in `?language=`: GET shows them, POST saves the draft, approves it or opens it."""

    shows_all = True
    template_name = "events/desk/session_minutes.html"
    page_title = pgettext_lazy("of a session", "Minutes")

    def get(self, request, session, **_where):
        self._ask(session)
        return self._shown(self._form())

    def post(self, request, session, **_where):
        self._ask(session)
        if act := next((name for name in ACTS if name in request.POST), None):
            with refusals_shown(request):
                getattr(get_object_or_404(Minutes, session=self.session, language=self.language), act)(by=request.user)
                messages.success(request, ACTS[act])
            return self._back()
        form = self._form(request.POST)
        if form.is_valid():
            try:
                write(form, self.session, self.language, by=request.user)
                messages.success(request, _("The draft is saved."))
                return self._back()
            except ValidationError as refusal:
                form.add_error(None, refusal.messages)
        return self._shown(form, status=422)

    def _ask(self, key: int) -> None:
        self.session = get_object_or_404(self.object.sessions.select_related("event"), pk=key)
        if not may_write(self.session, self.request.user):
            raise PermissionDenied
        self.language = language_asked(self.request)
        self.minutes = self.session.minutes.filter(language=self.language).first()

    def _form(self, data=None) -> MinutesForm:
        return form_of(self.session, self.minutes, data)

    def _back(self):
        url = reverse("event:session_minutes", args=[self.object.pk, self.session.pk])
        return redirect(f"{url}?language={self.language}")

    def _shown(self, form: MinutesForm, **answer) -> HttpResponse:
        context = self.get_context_data(
            session=self.session,
            minutes=self.minutes,
            form=form,
            languages=languages(self.session, self.language),
        )
        return self.render_to_response(context, **answer)
