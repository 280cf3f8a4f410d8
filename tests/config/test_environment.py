"""What the environment says, and what is so where it says nothing."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

from config import environment

ASKED = "from django.conf import settings; print(*settings.ALLOWED_HOSTS)"


@pytest.mark.parametrize(
    ("site", "more", "answered"),
    [
        ("localhost", "", ["localhost", "127.0.0.1", "[::1]"]),
        ("127.0.0.1", "", ["127.0.0.1", "localhost", "[::1]"]),
        ("localhost", "entente.lan 127.0.0.1", ["localhost", "127.0.0.1", "[::1]", "entente.lan"]),
        ("entente.example.org", "", ["entente.example.org"]),
        ("entente.example.org", "www.example.org", ["entente.example.org", "www.example.org"]),
    ],
)
def test_a_site_on_this_machine_answers_to_all_its_names_and_another_to_its_own(monkeypatch, site, more, answered):
    monkeypatch.setenv("ENTENTE_ALLOWED_HOSTS", more)

    assert environment.hosts(site) == answered


@pytest.mark.parametrize(
    ("bind", "site"),
    [
        ("127.0.0.1:8010", "http://127.0.0.1:8010"),
        ("localhost:80", "http://localhost:80"),
        ("0.0.0.0:8010", "http://localhost:8010"),
        ("[::]:8010", "http://localhost:8010"),
        (":8010", "http://localhost:8010"),
        ("[::1]:8010", "http://[::1]:8010"),
        ("192.168.1.5", "http://192.168.1.5:8000"),
    ],
)
def test_a_site_that_nobody_named_is_called_as_what_it_is_bound_to(bind, site):
    assert environment.site_on(bind) == site


@pytest.mark.parametrize(
    ("url", "answered"),
    [("", "localhost 127.0.0.1 [::1]"), ("https://entente.example.org", "entente.example.org")],
)
def test_the_settings_ask_for_them(tmp_path, url, answered):
    said = {"DJANGO_SETTINGS_MODULE": "config.settings", "ENTENTE_DATA_DIR": str(tmp_path), "ENTENTE_URL": url}

    told = subprocess.run(
        [sys.executable, "-c", ASKED],
        cwd=settings.BASE_DIR,
        env={**os.environ, "ENTENTE_ALLOWED_HOSTS": "", **said},
        capture_output=True,
        text=True,
        check=True,
    )

    assert told.stdout.split("\n")[0] == answered
