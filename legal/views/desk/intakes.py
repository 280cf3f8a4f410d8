"""Texts on their way in: uploaded, compared with what is recorded, set right, and only then imported."""

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages

from legal.forms.texts import IncomingTextForm, TextUploadForm
from legal.models import IncomingText, Intake, Work
from legal.views.desk.door import TextDoor, refusals_shown

SHOWN = 200  # changes of a text on the page


class IntakeIndexView(TextDoor):
    """GET says what waits and asks for files (`?work=` for those of one work); POST takes them and compares."""

    template_name = "legal/desk/intakes.html"
    page_title = gettext_lazy("Import texts")
    header_icon = "upload"

    @cached_property
    def work(self) -> Work | None:
        slug = self.request.GET.get("work", "")
        return get_object_or_404(Work.objects.visible_to(self.request.user), slug=slug) if slug else None

    def get(self, request):
        return self.show(TextUploadForm(work=self.work))

    def post(self, request):
        form = TextUploadForm(request.POST, request.FILES, work=self.work)
        if form.is_valid():
            said = dict(form.cleaned_data)
            try:
                intake = Intake.objects.receive(said.pop("files"), by=request.user, work=self.work, **said)
                return redirect("intake:show", intake.pk)
            except ValidationError as refusal:
                form.add_error("files", refusal.messages)
        return self.show(form)

    def show(self, form):
        waiting = Intake.objects.newest_first().prefetch_related("texts").select_related("by")
        context = self.get_context_data(form=form, work=self.work, waiting=waiting, media=form.media)
        return self.render_to_response(context)


class OfIntake(TextDoor):
    """A screen about an upload that waits."""

    @cached_property
    def intake(self) -> Intake:
        return get_object_or_404(Intake.objects.select_related("work", "by"), pk=self.kwargs["pk"])

    @cached_property
    def incoming(self) -> IncomingText:
        return get_object_or_404(self.intake.texts.select_related("intake__work"), pk=self.kwargs["text"])

    def way(self):
        return [{"url": reverse("intake:index"), "label": _("Import texts")}]

    def to_intake(self):
        return redirect("intake:show", self.intake.pk)


class IntakeView(OfIntake):
    """What taking the texts would do, provision by provision."""

    template_name = "legal/desk/intake.html"
    page_title = gettext_lazy("What would change")

    def get(self, request, pk):
        texts = list(self.intake.texts.select_related("intake"))
        told = [(one, one.account, one.account.told[:SHOWN]) for one in texts]
        writes = sum(account.writes(one.replaces) for one, account, _changes in told)
        is_complete = not any(account.problems for _one, account, _changes in told)
        context = {"intake": self.intake, "told": told, "writes": writes, "is_complete": is_complete, "shown": SHOWN}
        return self.render_to_response(self.get_context_data(**context))

    def get_page_subtitle(self):
        return str(self.intake)


class IntakeActView(OfIntake):
    """A POST about the upload as it was looked at."""

    http_method_names = ["post"]

    def post(self, request, **_where):
        with refusals_shown(request):
            if (to := self.act()) is not None:
                return to
        return self.to_intake()

    def act(self):
        raise NotImplementedError


class IntakeApplyView(IntakeActView):
    def act(self):
        count = self.intake.apply(by=self.request.user)
        told = ngettext("%(count)d text is recorded.", "%(count)d texts are recorded.", count)
        messages.success(self.request, told % {"count": count} if count else _("Nothing was to be recorded."))
        return redirect("expression:index") if count else redirect("intake:index")


class IntakeCompareView(IntakeActView):
    def act(self):
        self.intake.look_again()
        messages.success(self.request, _("Compared with what is recorded now."))


class IntakeDiscardView(IntakeActView):
    def act(self):
        self.intake.discard(by=self.request.user)
        messages.success(self.request, _("The files are gone; nothing was imported."))
        return redirect("intake:index")


class IncomingReplaceView(IntakeActView):
    """Whether the text takes the place of what is recorded and reads otherwise."""

    def act(self):
        self.incoming.answer(replaces="replaces" in self.request.POST)


class IncomingLeaveView(IntakeActView):
    def act(self):
        self.incoming.leave_out()
        messages.success(self.request, _("That text is left out."))


class IncomingFactsView(OfIntake):
    """What is said of a text beside its words: GET asks, POST notes it and compares again."""

    template_name = "legal/desk/form.html"
    page_title = gettext_lazy("About the text")

    def get(self, request, **_where):
        return self.show(IncomingTextForm(incoming=self.incoming))

    def post(self, request, **_where):
        form = IncomingTextForm(request.POST, incoming=self.incoming)
        if not form.is_valid():
            return self.show(form)
        self.incoming.answer(**form.facts())
        return self.to_intake()

    def show(self, form):
        back = reverse("intake:show", args=[self.intake.pk])
        return self.render_to_response(self.get_context_data(form=form, back=back, media=form.media))

    def get_page_subtitle(self):
        return self.incoming.file_name

    def way(self):
        return [*super().way(), {"url": reverse("intake:show", args=[self.intake.pk]), "label": str(self.intake)}]
