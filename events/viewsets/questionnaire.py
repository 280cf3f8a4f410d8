"""Questionnaires and their questions: the forms in which they are written. They are listed on the desk of the event."""

from django.core.exceptions import PermissionDenied
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.views import generic

from events.forms.questionnaire import ItemForm, QuestionnaireForm
from events.models import Item, Questionnaire
from events.views.desk import questionnaires, results
from events.viewsets.lists import RecordViewSet
from network.models import key_in
from network.viewsets.history import RecordCreate, RecordEditView


class NoListView(generic.IndexView):
    """There is a list for each event, and none of all."""

    def dispatch(self, request, *args, **kwargs):
        raise PermissionDenied


class QuestionnaireEditView(RecordEditView):
    can_delete = False  # on its own page, before anybody has seen it

    def get_success_url(self):
        return reverse("questionnaire:desk", args=[self.object.pk])


class QuestionnaireViewSet(RecordViewSet):
    model = Questionnaire
    name = "questionnaire"
    url_prefix = "events/questionnaire"
    icon = "clipboard-list"
    add_to_admin_menu = False
    doors = ("edit", "history", "history_results", "index")
    edit_door = "desk"
    index_view_class = NoListView
    edit_view_class = QuestionnaireEditView
    edit_handler = ObjectList(
        [
            FieldPanel("title"),
            FieldPanel("introduction"),
            FieldRowPanel([FieldPanel("is_anonymous"), FieldPanel("shows_score")]),
            FieldPanel("closes_on"),
        ],
        base_form_class=QuestionnaireForm,
    )

    def get_urlpatterns(self):
        views = {
            "desk": questionnaires.WriteView,
            "preview": questionnaires.SheetPreviewView,
            "ask": questionnaires.AskView,
            "results": results.ResultsView,
        }
        own = [path(f"<int:pk>/{name}/", view.as_view(), name=name) for name, view in views.items()]
        return [*super().get_urlpatterns(), *own]


class ItemCreateView(generic.CreateView):
    action_class = RecordCreate

    def get_initial(self):
        asked = Questionnaire.objects.filter(pk=key_in(self.request.GET.get("questionnaire", ""))).first()
        return {**super().get_initial(), **({"questionnaire": asked.pk} if asked else {})}

    def get_success_url(self):
        return to_list(self.object)


class ItemEditView(RecordEditView):
    can_delete = False  # on the list, where nobody has answered

    def get_success_url(self):
        return to_list(self.object)


def to_list(item: Item) -> str:
    return reverse("questionnaire:desk", args=[item.questionnaire_id])


class ItemViewSet(RecordViewSet):
    model = Item
    name = "item"
    url_prefix = "events/item"
    icon = "help"
    add_to_admin_menu = False
    doors = ("add", "edit", "history", "history_results", "index")
    index_view_class = NoListView
    add_view_class = ItemCreateView
    edit_view_class = ItemEditView
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [
                    FieldPanel("questionnaire"),
                    FieldPanel("label"),
                    FieldPanel("help"),
                    FieldRowPanel([FieldPanel("kind"), FieldPanel("right_word")]),
                    FieldPanel("is_required"),
                ],
                heading=_("What is asked"),
            ),
            InlinePanel(
                "options",
                [FieldPanel("label"), FieldRowPanel([FieldPanel("is_right"), FieldPanel("position")])],
                heading=_("Options"),
                label=_("Option"),
                help_text=_("For an answer chosen among several. In an assessment, mark those that are right."),
            ),
        ],
        base_form_class=ItemForm,
    )
