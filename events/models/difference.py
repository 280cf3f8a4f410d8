"""What a file would change in a programme, session by session, as JSON keeps it: each reader reads it in their own
language, and two of them are compared to see whether the programme has changed meanwhile."""

from dataclasses import asdict, dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_noop as _

from network.changes import both_in_words, change, named
from network.sentences import kept, said
from network.sheets import Refusal, Tally

if TYPE_CHECKING:
    from events.models.event import Event
    from events.models.session import Session

LABELS = {
    "title": _("title"),
    "abstract": _("abstract"),
    "kind": _("kind"),
    "language": _("language"),
    "room": _("room"),
    "track": _("track"),
    "starts_at": _("starts"),
    "ends_at": _("ends"),
    "status": _("status"),
    "audience": _("audience"),
}


CODES = ("status", "audience")
WHAT = {"NEW": gettext_lazy("New"), "CHANGED": gettext_lazy("Changed"), "GONE": gettext_lazy("Not in the file")}


@dataclass(frozen=True)
class SessionDifference:
    """`what`: NEW, CHANGED or GONE. `changes` as `network.changes.change` makes them. `place`: where in the file."""

    what: str
    title: Any
    starts_at: str
    room: Any
    place: str = field(default="", compare=False)
    changes: list = field(default_factory=list)

    @classmethod
    def of(
        cls, what: str, session: "Session", event: "Event", place: str = "", before: dict | None = None, added: Any = ()
    ) -> "SessionDifference":
        """What `session` is now; compared with what it was `before`, and with the names of people `added` to it."""
        now = facts_of(session, event)
        changes = []
        if what == "CHANGED" and before:
            changes = [change(LABELS[name], before[name], now[name]) for name in LABELS if before[name] != now[name]]
        if added:
            changes.append(change(_("people added"), "", [*added]))
        return cls(what, kept(now["title"]), now["starts_at"], kept(now["room"]), place, changes)

    @property
    def name(self) -> str:
        """Its title, in the active language."""
        return str(said(self.title))

    @property
    def where(self) -> str:
        """Its room, in the active language."""
        return str(said(self.room))

    @property
    def label(self) -> str:
        return str(WHAT[self.what])

    def told(self) -> list[tuple[str, str, str]]:
        """What changes, in the active language: label, before, afterwards."""
        return [(gettext(label), *both_in_words(label, *sides)) for label, *sides in self.changes]

    def __str__(self) -> str:
        changes = "; ".join(f"{label}: {before} → {after}" for label, before, after in self.told())
        return f"{self.label}: {self.name} ({self.starts_at})" + (f": {changes}" if changes else "")


@dataclass(frozen=True)
class Foreseen:
    """What taking a file would do."""

    tally: Tally
    differences: list[SessionDifference]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Foreseen":
        tally = stored["tally"]
        lists = {name: [Refusal(**one) for one in tally[name]] for name in ("refused", "notes")}
        return cls(Tally(**{**tally, **lists}), [SessionDifference(**one) for one in stored["differences"]])


def facts_of(session: "Session", event: "Event") -> dict[str, Any]:
    """What is told of a session, by the clock of its event."""
    moments = {
        name: f"{moment.astimezone(event.zone):%Y-%m-%d %H:%M}" if (moment := getattr(session, name)) else ""
        for name in ("starts_at", "ends_at")
    }
    return {
        **{name: getattr(session, name) for name in ("title", "abstract", "kind", "language")},
        **moments,
        "room": session.room.name if session.room else "",
        "track": session.track.name if session.track else "",
        **{name: _choice(session._meta.get_field(name), getattr(session, name)) for name in CODES},
    }


@cache
def _choice(field: Any, code: str) -> Any:
    """What a field with choices says, in each language."""
    return named(dict(field.flatchoices).get(code, code))
