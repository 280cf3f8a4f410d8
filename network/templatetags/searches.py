"""What the reader of a page of the admin may search, where the sidebar asks for the first of it alone."""

from django import template
from wagtail.admin.search import SearchArea, admin_search_areas

register = template.Library()


@register.simple_tag(takes_context=True)
def searches(context) -> list[SearchArea]:
    return admin_search_areas.search_items_for_request(context["request"])
