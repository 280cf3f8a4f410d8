"""Pictures that are kept on this machine. A web server in front, or a store elsewhere, hands them out by itself."""

from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_cache_control
from django.views.static import serve

DAY = 24 * 60 * 60


def picture(request: HttpRequest, folder: str, path: str) -> HttpResponseBase:
    """The file `path` in the folder of uploaded pictures; 404 where there is none."""
    response = serve(request, path, document_root=Path(settings.MEDIA_ROOT) / folder)
    # Whatever somebody managed to upload, nothing in it runs.
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    patch_cache_control(response, public=True, max_age=DAY)
    return response
