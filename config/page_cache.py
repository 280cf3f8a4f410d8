"""Ready answers for anonymous readers: public pages and feeds, byte for byte, with a strong ETag.

A view opts in by answering 200 with `Cache-Control: public`. The audit log is the clock: whatever anybody changes
leaves an audit row, and an audit row starts a new generation, so a reader never sees what has been taken back.
"""

import gzip
import hashlib
from collections.abc import Callable
from secrets import token_hex

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.http import parse_http_date_safe

GENERATION = "page-cache-generation"
KEPT = ("Content-Type", "Content-Language", "Content-Disposition", "Content-Security-Policy", "Last-Modified", "Vary")
KEPT += ("Cache-Control", "X-Frame-Options", "ETag", "Access-Control-Allow-Origin", "X-Robots-Tag", "Referrer-Policy")
KEPT += ("Cross-Origin-Resource-Policy",)
COMPRESS_FROM = 500  # bytes


def forget(**_signal) -> None:
    """Start a new generation once the change is committed."""
    transaction.on_commit(lambda: cache.set(GENERATION, token_hex(8), None))


def public(response: HttpResponse) -> HttpResponse:
    """Mark `response` as the same for every anonymous reader."""
    patch_cache_control(response, public=True, max_age=settings.PAGE_CACHE_SECONDS)
    return response


class PageCacheMiddleware:
    """Serves and keeps public answers. Who has a session is never served from here, nor kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD") or settings.SESSION_COOKIE_NAME in request.COOKIES:
            return self.get_response(request)
        coding = "gzip" if "gzip" in request.headers.get("Accept-Encoding", "") else "identity"
        key = self._key(request)
        stored = cache.get(f"{key}:{coding}")
        if stored is None:
            response = self.get_response(request)
            if not _is_public(response):
                return response
            variants = _variants(response)
            if request.method == "GET":
                ready = {f"{key}:{name}": variant for name, variant in variants.items()}
                cache.set_many(ready, settings.PAGE_CACHE_SECONDS)
            stored = variants[coding]
        return _answer(request, *stored)

    def _key(self, request: HttpRequest) -> str:
        where = f"{request.get_host()}{request.get_full_path()}"
        return f"page:{cache.get(GENERATION, '')}:{hashlib.sha256(where.encode()).hexdigest()}"


def _is_public(response: HttpResponse) -> bool:
    control = response.get("Cache-Control", "")
    return response.status_code == 200 and "public" in control and not response.cookies and not response.streaming


def _variants(response: HttpResponse) -> dict[str, tuple[dict[str, str], bytes]]:
    """Headers and body for each Content-Encoding; the same where compressing does not pay."""
    body = response.content
    response.headers.setdefault("ETag", f'"{hashlib.sha256(body).hexdigest()[:32]}"')
    patch_vary_headers(response, ["Accept-Encoding"])
    headers = {name: response[name] for name in KEPT if name in response}
    plain = headers, body
    if len(body) < COMPRESS_FROM:
        return {"identity": plain, "gzip": plain}
    # Other bytes, so another strong ETag (RFC 9110, 8.8.3.3). Without the time, every node makes the same bytes.
    zipped = headers | {"Content-Encoding": "gzip", "ETag": f'{headers["ETag"][:-1]}-gzip"'}
    return {"identity": plain, "gzip": (zipped, gzip.compress(body, 6, mtime=0))}


def _answer(request: HttpRequest, headers: dict[str, str], body: bytes) -> HttpResponse:
    response = HttpResponse(b"" if request.method == "HEAD" else body, headers=headers)
    response["Content-Length"] = str(len(body))
    changed_at = parse_http_date_safe(headers.get("Last-Modified", ""))
    return get_conditional_response(request, etag=response["ETag"], last_modified=changed_at, response=response)
