"""Row by row in the admin: a record that the viewer may not see is not there, and none can be hidden from oneself."""

from django.contrib.admin.utils import quote
from django.db import models, transaction
from django.forms import ModelChoiceField, Widget
from django.http import Http404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin.views.generic.base import BaseObjectMixin, WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.permissions import policy_registry

from network.models import Desk, key_in
from network.models.guarded import GuardedQuerySet, sees, visible

ANY = ["add", "change", "delete", "view"]


class SeenObject:
    """For a view of one record: 404 where the viewer may not see it. Who may see no such record at all is turned away
    by the view's own permission."""

    def get_object(self, *args, **kwargs):
        found, viewer = super().get_object(*args, **kwargs), self.request.user
        may_see_some = policy_registry.get_by_type(type(found)).user_has_any_permission(viewer, ANY)
        if may_see_some and not sees(viewer, found):
            raise Http404
        return found


class OutOfSight(Exception):
    """The writer would not see the record any more."""


class KeptInSight:
    """For a form: it offers only what its writer may see, and refuses what would take the record out of sight."""

    def get_form(self, *args, **kwargs):
        form = super().get_form(*args, **kwargs)
        narrow(form, self.request.user)
        return form

    def save_instance(self):
        saved = super().save_instance()
        if not sees(self.request.user, saved):
            raise OutOfSight
        return saved

    def form_valid(self, form):
        is_new = form.instance._state.adding
        try:
            with transaction.atomic():
                return super().form_valid(form)
        except OutOfSight:
            if is_new:
                form.instance.pk, form.instance._state.adding, self.object = None, True, None
            sentence = _("None of your desks would see this record. Choose a country or an organization of theirs.")
            form.add_error(None, sentence)
            self.is_valid(form)
            return self.form_invalid(form)


class Unseen(Widget):
    """In the place of a record that the writer may not see."""

    def render(self, *_asked, **_more):
        return format_html('<p class="help">{}</p>', _("(not to be seen by you)"))


def narrow(form, viewer) -> None:
    """Let `form` and the rows in it offer only records that `viewer` may see. What a record that is there says of
    another stays, unseen; what an address says of it is passed over."""
    for name, field in form.fields.items():
        if not (isinstance(field, ModelChoiceField) and isinstance(field.queryset, GuardedQuerySet)):
            continue
        everything, field.queryset = field.queryset, visible(field.queryset, viewer)
        field.widget.offered = field.queryset
        told = form.initial.get(name)
        if told is None or field.queryset.filter(pk=key_in(str(getattr(told, "pk", told)))).exists():
            continue
        if getattr(form, "instance", None) and form.instance.pk:
            field.queryset, field.disabled, field.widget = everything, True, Unseen()
        else:
            del form.initial[name]
    for formset in getattr(form, "formsets", {}).values():
        for row in formset.forms:
            narrow(row, viewer)


def is_guarded(model: type[models.Model]) -> bool:
    return isinstance(model._default_manager.all(), GuardedQuerySet)


class WhoSeesView(PermissionCheckedMixin, SeenObject, BaseObjectMixin, WagtailAdminTemplateMixin, View):
    """Who may see a record, and through what: a role that sees everything, or a desk."""

    any_permission_required = ANY
    template_name = "network/who_sees.html"
    page_title = gettext_lazy("Who can see this?")
    header_icon = "view"
    index_url_name = inspect_url_name = None

    def get(self, request, **_where):
        return self.render_to_response(self.get_context_data(people=self.people()))

    def people(self) -> list[tuple]:
        """(user, roles, names of desks; none for who sees everything, or does it), in the order of their names."""
        desks = {desk.pk: desk.name for desk in self.desks()}
        users = self.permission_policy.users_with_any_permission(ANY).prefetch_related("groups", "desks")
        seen = []
        for user in sorted(users, key=str):
            own = [] if user.is_superuser else [desk.pk for desk in user.desks.all()]
            if not own or set(own) & desks.keys() or sees(user, self.object):
                seen.append((user, list(user.groups.all()), [desks[key] for key in own if key in desks]))
        return seen

    def desks(self) -> list[Desk]:
        """Those that the record belongs to."""
        record = self.model._default_manager.filter(pk=self.object.pk)
        return [desk for desk in Desk.objects.all() if record.of_desks([desk.pk]).exists()]

    def get_page_subtitle(self):
        return str(self.object)

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse(f"{self.index_url_name}"), "label": capfirst(self.model._meta.verbose_name_plural)},
            {"url": reverse(f"{self.inspect_url_name}", args=[quote(self.object.pk)]), "label": str(self.object)},
            {"url": "", "label": self.page_title, "sublabel": str(self.object)},
        ]
