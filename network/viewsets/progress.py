"""How far an errand is, on its page and to the script that looks again: both show the same part, `_errand.html`."""

from network.models.errand import Errand


def progress_of(errand: Errand | None, url: str) -> dict[str, object]:
    """What `_errand.html` says of `errand`; `url` answers with it as it is then."""
    return {"run": errand, "at_work": bool(errand and errand.ended_at is None), "progress_url": url}
