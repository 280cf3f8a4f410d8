"""Questions of registration forms: the form in which one is written. Their list is on the desk of the event."""

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.views import generic

from events.forms.question import QuestionForm
from events.models import Event, Question
from events.viewsets.lists import RecordViewSet
from network.models import key_in
from network.viewsets.history import RecordCreate, RecordEditView


class QuestionCreateView(generic.CreateView):
    action_class = RecordCreate

    def get_initial(self):
        event = Event.objects.filter(pk=key_in(self.request.GET.get("event", ""))).first()
        return {**super().get_initial(), **({"event": event.pk} if event else {})}

    def get_success_url(self):
        return to_list(self.object)


class QuestionEditView(RecordEditView):
    can_delete = False  # on the list, where nobody has answered

    def get_success_url(self):
        return to_list(self.object)


class QuestionListView(generic.IndexView):
    """There is a list for each event, and none of all."""

    def dispatch(self, request, *args, **kwargs):
        raise PermissionDenied


def to_list(question: Question) -> str:
    return reverse("event:questions", args=[question.event_id])


class QuestionViewSet(RecordViewSet):
    model = Question
    name = "question"
    url_prefix = "events/question"
    icon = "help"
    add_to_admin_menu = False
    doors = ("add", "edit", "history", "history_results", "index")
    index_view_class = QuestionListView
    add_view_class = QuestionCreateView
    edit_view_class = QuestionEditView
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [
                    FieldPanel("event"),
                    FieldPanel("label"),
                    FieldPanel("help"),
                    FieldPanel("section"),
                    FieldRowPanel([FieldPanel("kind"), FieldPanel("stage")]),
                ],
                heading=_("What is asked"),
            ),
            InlinePanel(
                "options",
                [FieldPanel("label"), FieldPanel("position")],
                heading=_("Options"),
                label=_("Option"),
                help_text=_("For an answer chosen among several. How many places each has is set on the list."),
            ),
            MultiFieldPanel(
                [FieldPanel("roles"), FieldPanel("depends"), FieldPanel("is_required"), FieldPanel("is_for_managers")],
                heading=_("Of whom"),
            ),
            MultiFieldPanel(
                [FieldPanel("asks_approval_again"), FieldPanel("is_travel_data")],
                heading=_("What follows"),
            ),
        ],
        base_form_class=QuestionForm,
    )
