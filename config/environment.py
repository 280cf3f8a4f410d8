"""What the environment says: every setting that an installation may change, read in one place."""

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
EVERYWHERE = ("", "0.0.0.0", "[::]")  # noqa: S104  (as somebody may say it)


def text(name: str, default: str = "") -> str:
    """The value of the variable `name`, or `default` where it is absent or empty."""
    return os.environ.get(name) or default


def flag(name: str) -> bool:
    """True where the variable `name` says yes (1, true, yes, on)."""
    return text(name).lower() in {"1", "true", "yes", "on"}


def number(name: str, default: int) -> int:
    """The whole number that `name` holds; raises ImproperlyConfigured for anything else."""
    value = text(name, str(default))
    try:
        return int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a whole number; it is {value!r}.") from error


def hosts(site: str) -> list[str]:
    """The names that are answered: the host of the site, what ENTENTE_ALLOWED_HOSTS adds, and for a site on this
    machine alone all the names that this machine has for itself."""
    loopback = LOOPBACK if site in LOOPBACK else ()
    return list(dict.fromkeys([site, *loopback, *text("ENTENTE_ALLOWED_HOSTS").split()]))


def site_on(bind: str) -> str:
    """Where a browser on this machine finds what is bound to `bind`, an address and a port."""
    port = urlsplit(f"//{bind}").port
    host = bind.removesuffix(f":{port}")
    return f"http://{LOOPBACK[0] if host in EVERYWHERE else host}:{port or 8000}"


def secret_key(data_dir: Path) -> str:
    """ENTENTE_SECRET_KEY, or a key made once and kept in the data directory, readable by its owner alone."""
    if given := text("ENTENTE_SECRET_KEY"):
        return given
    path = data_dir / "secret_key"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text().strip()
