"""The production settings, with one trivial view beside them to measure against."""

from config.settings import *  # noqa: F403  (all of them, as Django reads settings)

ROOT_URLCONF = "bench.urls"
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
ALLAUTH_TRUSTED_PROXY_COUNT = 1  # visitors of a measurement come from addresses of their own
