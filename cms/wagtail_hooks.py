"""The door to Wagtail's admin for what joins the rooms below."""

from wagtail import hooks

from cms.viewsets import GapPeopleViewSet, gap_people


@hooks.register("register_admin_viewset")
def register_viewsets():
    return [GapPeopleViewSet()]


@hooks.register("gap_links")
def gap_links(country, viewer):
    return gap_people.gap_links(country, viewer)


@hooks.register("record_buttons")
def record_buttons(record, viewer):
    return gap_people.buttons(record, viewer)
