"""The admin's screens for mailings: write, look at each copy, test, send, watch, stop."""

from collections import Counter
from collections.abc import Container

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, InlinePanel, ObjectList
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets import AdminAutoHeightTextInput
from wagtail.admin.widgets.button import HeaderButton

from contacts.forms import SendMailingForm
from contacts.mail import Unfilled
from contacts.models import Mailing, MailingText, Person, ReturnedLetter, Segment
from contacts.models.mailing import PLACEHOLDERS, Outlook
from contacts.viewsets.returned import returns_of
from network.labels import language_name
from network.models import key_in
from network.viewsets.history import RecordEditView
from network.viewsets.records import (
    RecordCreateView,
    RecordDeleteView,
    RecordIndexView,
    RecordInspectView,
    RecordViewSet,
)

State = Mailing.State
MOST_SHOWN = 200
WHEN = gettext_lazy("Say when as date and time, such as 2026-05-01 09:00.")


def languages_of(outlook: Outlook, without: Container[str] = ()) -> list[tuple[str, int]]:
    """In which languages how many read it, the most read first; those in `without` left out."""
    read = Counter(row.language for row in outlook.going if row.language not in without)
    return [(language_name(code), count) for code, count in read.most_common()]


def instead(mailing: Mailing) -> str:
    """The language in which it reaches those in whose own it has no text; "" while it has none at all."""
    text = mailing.text_in("")
    return language_name(text.language) if text else ""


def first_readers(outlook: Outlook) -> list[tuple[str, int, int]]:
    """The languages of `outlook`, the most read first: code, how many read it, and the number of the first who does."""
    first = {}
    for number, row in enumerate(outlook.going, start=1):
        first.setdefault(row.language, number)
    read = Counter(row.language for row in outlook.going)
    return [(code, count, first[code]) for code, count in read.most_common()]


def progress_of(mailing: Mailing, viewer) -> dict[str, object]:
    """How far it is among those whom `viewer` sees, on its card and to the script that looks again."""
    is_due = Mailing.objects.due().filter(pk=mailing.pk).exists()
    return {
        "progress": mailing.progress(viewer),
        "at_work": is_due or (mailing.state == State.SENT and mailing.is_on_its_way),
        "progress_url": reverse("mailing:progress", args=[mailing.pk]),
    }


class LetterHelp(HelpPanel):
    """What can stand in the letter, and in which languages the segment reads, once it is chosen."""

    class BoundPanel(HelpPanel.BoundPanel):
        def get_context_data(self, parent_context=None):
            context = super().get_context_data(parent_context)
            if self.instance.segment_id:
                read = self.instance.segment.people().visible_to(self.request.user).languages_of_letters()
                context["languages"] = [(language_name(code), count) for code, count in read.most_common()]
            return context


class MailingIndexView(RecordIndexView):
    related = ("segment", "by")
    export_values = {"state": Mailing.get_state_display}

    def search_queryset(self, queryset):
        return queryset.filter(name__icontains=self.search_query) if self.is_searching else queryset


class MailingCreateView(RecordCreateView):
    """`?segment=` says to whom; the first text is open, in the language of its writer."""

    def get_initial_form_instance(self):
        asked = self.request.GET.get("segment", "")
        mailing = Mailing(by=self.request.user, segment=Segment.objects.filter(pk=key_in(asked)).first())
        if self.request.method == "GET":
            mailing.texts.add(MailingText(language=get_language().split("-")[0]))
        return mailing

    def get_initial(self):
        return {"reply_to": self.request.user.email}

    def get_success_url(self):
        return reverse("mailing:inspect", args=[self.object.pk])


class DraftsOnly:
    """What is on its way stays as it is."""

    def get_object(self, *args, **kwargs):
        mailing = super().get_object(*args, **kwargs)
        if mailing.state != State.DRAFT:
            raise PermissionDenied
        return mailing


class MailingEditView(DraftsOnly, RecordEditView):
    def get_success_url(self):
        return reverse("mailing:inspect", args=[self.object.pk])


class MailingDeleteView(DraftsOnly, RecordDeleteView):
    pass


class MailingInspectView(RecordInspectView):
    """Before: the outlook, each copy, test and send. Afterwards: how far it is, and who was skipped and why."""

    template_name = "contacts/mailing.html"

    @cached_property
    def may_send(self) -> bool:
        viewer, mine = self.request.user, Mailing.objects.filter(pk=self.object.pk)
        return viewer.has_perm("contacts.change_mailing") and mine.within_reach_of(viewer).exists()

    @cached_property
    def is_draft(self) -> bool:
        return self.object.state == State.DRAFT

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        return super().header_buttons if self.is_draft else []

    def facts(self):
        mailing = self.object
        return [
            (_("segment"), mailing.segment),
            (_("replies go to"), mailing.reply_to),
            (_("languages"), ", ".join(language_name(text.language) for text in mailing.texts.all())),
            (_("state"), mailing.get_state_display()),
            (_("goes out"), mailing.send_at),
            (_("by"), mailing.by),
        ]

    def get_context_data(self, **kwargs):
        outlook = self.outlook()
        form = SendMailingForm()
        return super().get_context_data(
            is_draft=self.is_draft,
            may_send=self.may_send,
            outlook=outlook,
            languages=languages_of(outlook),
            untold=languages_of(outlook, without=self.object.in_language),
            instead=instead(self.object),
            returned=[]
            if self.is_draft
            else returns_of(ReturnedLetter.objects.of_mailing(self.object), self.request.user),
            held=outlook.held[:MOST_SHOWN],
            **({"progress": None} if self.is_draft else progress_of(self.object, self.request.user)),
            copy=self.copy(outlook),
            form=form,
            media=form.media,
            **kwargs,
        )

    def outlook(self) -> Outlook:
        """Who gets it and who not: as it would be now, or as it was fixed."""
        viewer = self.request.user
        if self.is_draft:
            return self.object.outlook(viewer) if self.object.in_language else Outlook([], [])
        rows = self.object.recipients.visible_to(viewer).select_related("person__country")
        return Outlook(list(rows.filter(obstacle="")), list(rows.skipped()))

    def copy(self, outlook: Outlook) -> dict | None:
        """The copy of one recipient, the first or the one asked for by number, with the way to the next, and to the
        first who reads each language. What has been written is shown as it was written; of what cannot be written any
        more, why."""
        asked = self.request.GET.get("copy", "")
        number = min(key_in(asked) or 1, len(outlook.going))
        if not outlook.going:
            return None
        row = outlook.going[number - 1]
        following = number + 1 if number < len(outlook.going) else None
        try:
            shown = {"letter": row.letter}
        except Unfilled as gap:
            shown = {"gap": gap}
        shown["untold"] = "" if row.language in self.object.in_language else language_name(row.language)
        shown["languages"] = [
            (language_name(code), count, first, code == row.language) for code, count, first in first_readers(outlook)
        ]
        return {"row": row, "number": number, "before": number - 1, "next": following, **shown}


class ProgressView(View):
    """How far a mailing is, for the page that waits for it."""

    def get(self, request, pk):
        if not request.user.has_perm("contacts.view_mailing"):
            raise PermissionDenied
        mailing = get_object_or_404(Mailing, pk=pk)
        return render(request, "contacts/_mailing_progress.html", progress_of(mailing, request.user))


class MailingActView(View):
    """A POST that calls one verb of a mailing, all of whose recipients the viewer sees."""

    http_method_names = ["post"]

    def mailing(self, pk: int) -> Mailing:
        if not self.request.user.has_perm("contacts.change_mailing"):
            raise PermissionDenied
        return get_object_or_404(Mailing.objects.within_reach_of(self.request.user), pk=pk)

    def post(self, request, pk):
        mailing = self.mailing(pk)
        try:
            messages.success(request, self.act(mailing))
        except (ValidationError, Unfilled) as refusal:
            messages.error(request, " ".join(getattr(refusal, "messages", [str(refusal)])))
        return redirect(f"{reverse('mailing:inspect', args=[pk])}{self.place()}")

    def place(self) -> str:
        """Where on the card to go on."""
        return ""

    def act(self, mailing: Mailing) -> str:
        raise NotImplementedError


class SendView(WagtailAdminTemplateMixin, MailingActView, TemplateView):
    """GET says to how many it would go, and in which languages; POST sends."""

    http_method_names = ["get", "post"]
    template_name = "contacts/mailing_send.html"
    page_title = gettext_lazy("Send")
    header_icon = "mail"

    def get(self, request, pk):
        mailing, form = self.mailing(pk), SendMailingForm(request.GET)
        if not form.is_valid() or mailing.state != State.DRAFT or not mailing.in_language:
            messages.error(request, WHEN if form.errors else _("Nobody would get this letter."))
            return redirect("mailing:inspect", pk)
        outlook = mailing.outlook(request.user)
        written = Counter(mailing.text_in(row.language).language for row in outlook.going)
        languages = [(language_name(code), count) for code, count in written.most_common()]
        untold = languages_of(outlook, without=mailing.in_language)
        context = {"outlook": outlook, "languages": languages, "untold": untold, "instead": instead(mailing)}
        at = form.cleaned_data["at"]
        return self.render_to_response(self.get_context_data(mailing=mailing, form=form, at=at, **context))

    def get_breadcrumbs_items(self):
        card = {"url": reverse("mailing:inspect", args=[self.kwargs["pk"]]), "label": _("Mailing")}
        return [*self.breadcrumbs_items, card, {"url": "", "label": self.page_title}]

    def act(self, mailing):
        form = SendMailingForm(self.request.POST)
        if not form.is_valid():
            raise ValidationError(WHEN)
        count = mailing.send(by=self.request.user, at=form.cleaned_data["at"])
        told = ngettext("It goes to %(count)d person.", "It goes to %(count)d people.", count)
        return told % {"count": count}


class TestView(MailingActView):
    def act(self, mailing):
        key = self.request.POST.get("person", "")
        people = Person.objects.visible_to(self.request.user)
        person = get_object_or_404(people, pk=key_in(key))
        mailing.test(person, to=self.request.user)
        return _("The letter as %(person)s would get it is on its way to you.") % {"person": person}

    def place(self):
        copy = key_in(self.request.POST.get("copy", ""))
        return f"?copy={copy}#copy" if copy else ""


class StopView(MailingActView):
    def act(self, mailing):
        kept = mailing.stop(by=self.request.user)
        told = ngettext("Stopped. %(count)d letter is kept back.", "Stopped. %(count)d letters are kept back.", kept)
        return told % {"count": kept}


class ResumeView(MailingActView):
    def act(self, mailing):
        mailing.resume(by=self.request.user)
        return _("It goes on.")


class MailingViewSet(RecordViewSet):
    model = Mailing
    icon = "mail"
    url_prefix = "contacts/mailings"
    index_view_class = MailingIndexView
    add_view_class = MailingCreateView
    edit_view_class = MailingEditView
    delete_view_class = MailingDeleteView
    inspect_view_class = MailingInspectView
    ordering = "-pk"
    list_display = [
        Column("segment", label=gettext_lazy("Segment"), sort_key="segment__name"),
        StatusTagColumn(
            "state",
            label=gettext_lazy("State"),
            accessor="get_state_display",
            primary=lambda mailing: mailing.state == State.SENDING,
        ),
        DateColumn("send_at", label=gettext_lazy("Goes out"), sort_key="send_at"),
    ]
    list_export = ["name", "segment", "state", "send_at"]
    export_filename = "mailings"
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            FieldRowPanel([FieldPanel("segment", widget=forms.Select), FieldPanel("reply_to")]),
            LetterHelp(
                template="contacts/mailing_help.html",
                heading=gettext_lazy("What can stand in the letter"),
                attrs={"placeholders": list(PLACEHOLDERS)},
            ),
            InlinePanel(
                "texts",
                [
                    FieldPanel("language", widget=forms.Select),
                    FieldPanel("subject", widget=forms.TextInput(attrs={"dir": "auto"})),
                    FieldPanel("body", widget=AdminAutoHeightTextInput(attrs={"dir": "auto"})),
                ],
                heading=gettext_lazy("The letter, in each language"),
                label=gettext_lazy("Language"),
            ),
        ]
    )

    def get_urlpatterns(self):
        acts = {"send": SendView, "test": TestView, "stop": StopView, "resume": ResumeView, "progress": ProgressView}
        return [
            *super().get_urlpatterns(),
            *(path(f"<int:pk>/{name}/", view.as_view(), name=name) for name, view in acts.items()),
        ]
