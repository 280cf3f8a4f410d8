"""The admin's screens for texts: what there is in which language and version, how authentic, and its provisions."""

import django_filters
from django import forms
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.widgets.button import HeaderButton

from legal.models import Expression, Work
from legal.text_formats.languages import language_choices, name_of
from legal.views.desk.contents import ExpressionContentsView, ExpressionPassageView
from legal.views.desk.door import RECORDS
from legal.viewsets.works import VerifyForm, VerifyView, provenance
from network.forms import RecordForm
from network.names import fold
from network.viewsets.records import RecordIndexView, RecordInspectView, RecordViewSet


class ExpressionFilterSet(WagtailFilterSet):
    kind = django_filters.ChoiceFilter(
        label=gettext_lazy("Kind of work"), field_name="work__kind", choices=Work.Kind.choices
    )
    language = django_filters.ChoiceFilter(label=gettext_lazy("Language"), choices=language_choices)
    authenticity = django_filters.ChoiceFilter(
        label=gettext_lazy("Authenticity"), choices=Expression.Authenticity.choices
    )
    stale = django_filters.BooleanFilter(
        label=gettext_lazy("To be checked again"),
        method="overdue",
        widget=forms.Select(choices=[("", "---"), ("true", gettext_lazy("Yes"))]),
    )

    class Meta:
        model = Expression
        fields = []

    def overdue(self, texts, _name, is_stale):
        return texts.stale() if is_stale else texts


class ExpressionIndexView(RecordIndexView):
    title_label = gettext_lazy("Text of")
    title_accessor = "work"
    title_sort_key = None
    related = ("work",)
    export_values = {"work": lambda text: text.work.slug}

    def search_queryset(self, queryset):
        if not self.is_searching:
            return queryset
        return queryset.filter(work__in=Work.objects.matching(fold(self.search_query)).values("pk"))


class ExpressionInspectView(RecordInspectView):
    template_name = "legal/desk/expression.html"

    def facts(self):
        one = self.object
        work = reverse(f"{one.work.model_name}:inspect", args=[one.work_id])
        return [
            (_("text of"), format_html('<a href="{}">{}</a>', work, one.work)),
            (_("language"), name_of(one.language)),
            (_("authenticity"), one.get_authenticity_display()),
            (_("reads so from"), date_format(one.valid_on)),
            (_("name of the version"), one.label),
            (_("title"), one.title),
            (_("provisions"), one.passages.count()),
            (_("identifier"), one.uri),
            *provenance(one),
        ]

    @property
    def header_buttons(self):
        if not self.request.user.has_perm(RECORDS):
            return super().header_buttons
        url = reverse("expression:contents", args=[self.object.pk])
        return [*super().header_buttons, HeaderButton(_("Set right by hand"), url=url, icon_name="list-ul")]

    def get_context_data(self, **kwargs):
        may = self.request.user.has_perm("legal.change_expression")
        acts = [(_("Verified"), "expression:verify", VerifyForm(), _("I have compared it with its source"), "")]
        may_correct = self.request.user.has_perm(RECORDS)
        kwargs["may_correct"] = may_correct
        return super().get_context_data(acts=acts if may else [], media=VerifyForm().media, **kwargs)


class ExpressionViewSet(RecordViewSet):
    model = Expression
    icon = "doc-full-inverse"
    url_prefix = "legal/texts"
    menu_label = gettext_lazy("Texts")
    filterset_class = ExpressionFilterSet
    index_view_class = ExpressionIndexView
    inspect_view_class = ExpressionInspectView
    export_filename = "texts"
    list_export = ["work", "language", "authenticity", "valid_on", "label", "title", "source", "source_url", "as_at"]
    list_display = [
        Column("language", label=gettext_lazy("Language"), accessor=lambda text: name_of(text.language)),
        DateColumn("valid_on", label=gettext_lazy("Reads so from"), sort_key="valid_on"),
        Column("authenticity", label=gettext_lazy("Authenticity"), accessor="get_authenticity_display"),
    ]
    edit_handler = ObjectList(
        [
            FieldPanel("title"),
            FieldRowPanel([FieldPanel("authenticity"), FieldPanel("label")]),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("source"), FieldPanel("source_url")]),
                    FieldRowPanel([FieldPanel("as_at"), FieldPanel("review_by")]),
                ],
                heading=gettext_lazy("Where it comes from"),
            ),
        ],
        base_form_class=RecordForm,
    )

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),
            path("<int:pk>/verify/", VerifyView.as_view(model=Expression), name="verify"),
            path("<int:pk>/contents/", ExpressionContentsView.as_view(), name="contents"),
            path("<int:pk>/passage/", ExpressionPassageView.as_view(), name="passage"),
        ]
