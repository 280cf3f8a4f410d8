"""The style page: what the site is made of, shown alive, for those who work on it."""

import re
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cms.views.samples import samples

COMPONENTS = Path(settings.BASE_DIR) / "templates" / "components"
SHEET = Path(settings.BASE_DIR) / "static" / "entente" / "site.css"
ARGUMENTS = re.compile(r"\{% comment %\}\n(.*?)\{% endcomment %\}", re.DOTALL)
SCHEMES = re.compile(r":root \{\n  color-scheme(.*?)\n\}", re.DOTALL)
COLORS = re.compile(r"--([\w-]+): (#[0-9a-f]{3,6});")


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """404 for who does not work here: it says nothing to readers."""
    if not request.user.has_perm("wagtailadmin.access_admin"):
        raise Http404
    context = {"components": [_component(name) for name in component_names()], "colors": colors(), **samples(request)}
    return render(request, "styleguide/styleguide.html", context)


def component_names() -> list[str]:
    """Those that pages include; a name that begins with a line is a piece of another."""
    return sorted(path.stem for path in COMPONENTS.glob("[!_]*.html"))


def colors() -> list[tuple[str, str]]:
    """Name and value of each colour by day."""
    [light] = SCHEMES.findall(SHEET.read_text(encoding="utf-8"))
    return COLORS.findall(light)


def _component(name: str) -> dict:
    """The name, the arguments as its file says them, and the template of its sample."""
    said = ARGUMENTS.match((COMPONENTS / f"{name}.html").read_text(encoding="utf-8"))
    return {"name": name, "arguments": said[1].strip() if said else "", "sample": f"styleguide/{name}.html"}
