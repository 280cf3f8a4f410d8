"""Commentary and drafting options of a model law, and what a country chooses among them."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.log_actions import log

from legal.forms.drafting import BeginDraftForm, ChooseForm, CommentaryForm, DraftingOptionForm, RecordDraftForm
from legal.models import Commentary, DraftingOption, ModelLaw, NationalDraft, Provision
from legal.views.desk.work_view import WorkView
from network.models import Country, key_in


class DraftingView(WorkView):
    """The text of a model law with what is said of each provision; a provision opens its own screen."""

    model = ModelLaw
    template_name = "legal/desk/drafting.html"
    page_title = gettext_lazy("Commentary and options")

    def get_context_data(self, **more):
        expression = self.object.expression_in()
        passages = (
            expression.passages.select_related("provision__commentary").order_by("position") if expression else []
        )
        rows = passages and passages.prefetch_related("provision__drafting_options")
        drafts = self.object.drafts.select_related("country", "expression", "law")
        form = BeginDraftForm(model=self.object)
        return super().get_context_data(rows=rows, expression=expression, drafts=drafts, form=form, **more)


class ProvisionView(WorkView):
    """Commentary and options of one provision. POST keeps the commentary, or an option, or drops an option."""

    model = ModelLaw
    template_name = "legal/desk/drafting_provision.html"
    page_title = gettext_lazy("Commentary and options")

    @cached_property
    def provision(self) -> Provision:
        return get_object_or_404(self.object.provisions, pk=self.kwargs["provision"])

    @cached_property
    def commentary(self) -> Commentary:
        kept = Commentary.objects.filter(provision=self.provision).first()
        return kept or Commentary(provision=self.provision)

    def post(self, request, **_where) -> HttpResponse:
        if "drop" in request.POST:
            return self.drop(get_object_or_404(self.provision.drafting_options, pk=key_in(request.POST["drop"])))
        if "comment" in request.POST:
            form = CommentaryForm(request.POST, instance=self.commentary)
            return self.keep(form, "legal.commentary.keep", commentary_form=form)
        option = self.provision.drafting_options.filter(letter=request.POST.get("letter", "").strip()).first()
        form = DraftingOptionForm(request.POST, instance=option or DraftingOption(provision=self.provision))
        return self.keep(form, "legal.option.keep", option_form=form)

    def keep(self, form, action: str, **shown) -> HttpResponse:
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(**shown), status=422)
        if isinstance(form, CommentaryForm) and not form.cleaned_data["text"]:
            Commentary.objects.filter(provision=self.provision).delete()
        else:
            form.save()
        log(self.object, action, user=self.request.user, data={"provision": self.provision.eid})
        messages.success(self.request, _("It is kept."))
        return redirect(self.request.path)

    def drop(self, option: DraftingOption) -> HttpResponse:
        if option.choices.exists():
            messages.error(self.request, _("A draft of a country has chosen this option: it stays."))
        else:
            option.delete()
            log(self.object, "legal.option.drop", user=self.request.user, data={"provision": self.provision.eid})
        return redirect(self.request.path)

    def get_context_data(self, **more):
        passages = self.provision.passages.select_related("expression").order_by("expression__language")
        forms = {"commentary_form": CommentaryForm(instance=self.commentary), "option_form": DraftingOptionForm()}
        options = [
            (one, DraftingOptionForm(instance=one, auto_id=f"id_{one.pk}_%s"))
            for one in self.provision.drafting_options.all()
        ]
        back = reverse("modellaw:drafting", args=[self.object.pk])
        shown = {**forms, "provision": self.provision, "passages": passages, "options": options, "back": back, **more}
        return super().get_context_data(**shown)


class BeginDraftView(WorkView):
    """POST begins the draft of a country."""

    model = ModelLaw
    http_method_names = ["post"]

    def post(self, request, **_where) -> HttpResponse:
        form = BeginDraftForm(request.POST, model=self.object)
        if form.is_valid():
            country = get_object_or_404(Country, pk=form.cleaned_data["country"])
            try:
                draft = NationalDraft.objects.begin(
                    self.object, country, form.cleaned_data["language"], by=request.user
                )
                return redirect("nationaldraft:choose", draft.pk)
            except ValidationError as refusal:
                self.refuse(refusal)
        else:
            messages.error(request, _("Choose a country and a language."))
        return redirect("modellaw:drafting", self.object.pk)


class ChooseView(WorkView):
    """The open questions of a draft, and what it says as they are answered now. POST answers one, or makes a law of
    the draft."""

    model = NationalDraft
    template_name = "legal/desk/choose.html"
    page_title = gettext_lazy("Choices")

    def post(self, request, **_where) -> HttpResponse:
        try:
            if "slug" in request.POST:
                return self.record(request)
            self.choose(request)
        except ValidationError as refusal:
            self.refuse(refusal)
        return redirect("nationaldraft:choose", self.object.pk)

    def choose(self, request) -> None:
        provision = get_object_or_404(self.object.model.provisions, pk=key_in(request.POST.get("provision", "")))
        form = ChooseForm(request.POST, options=list(provision.drafting_options.all()))
        if form.is_valid():
            said = form.cleaned_data
            self.object.choose(provision, said["option"], by=request.user, reason=said["reason"])
            messages.success(request, _("It is kept."))
        else:
            messages.error(request, _("Choose one of the options."))

    def record(self, request) -> HttpResponse:
        form = RecordDraftForm(request.POST)
        if not form.is_valid():
            raise ValidationError([sentence for found in form.errors.values() for sentence in found])
        law = self.object.record(form.cleaned_data["slug"], by=request.user)
        messages.success(request, _("It is recorded as a law that readers do not see yet."))
        return redirect("nationallaw:inspect", law.pk)

    def get_context_data(self, **more):
        questions = self.questions()
        return super().get_context_data(
            questions=questions,
            unanswered=sum(not one["choice"] for one in questions),
            expression=self.object.expression,
            nodes=list(self.object.as_text().walk()),
            record_form=RecordDraftForm(),
            **more,
        )

    def questions(self) -> list[dict]:
        """Each with its options, and what was chosen."""
        chosen = {one.provision_id: one for one in self.object.choices.select_related("option", "by")}
        found = []
        for passage in self.object.open_questions():
            provision = passage.provision
            choice, options = chosen.get(provision.pk), list(provision.drafting_options.all())
            initial = {"option": str(choice.option_id or ""), "reason": choice.reason} if choice else {}
            form = ChooseForm(initial=initial, options=options, auto_id=f"id_{provision.pk}_%s")
            label = passage.label or provision.eid
            found.append({"provision": provision, "label": label, "form": form, "options": options, "choice": choice})
        return found
