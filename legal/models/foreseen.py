"""What taking an uploaded text would do, as JSON keeps it: each reader reads it in their own language, and two of them
are compared to see whether what is recorded has changed meanwhile."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from legal.text_formats.comparing import ADDED, CHANGED, GONE, MOVED, Change, Segment, worded
from network.sentences import said

MOST_LETTERS = 3000  # of a provision, before and after
LABELS = {
    ADDED: gettext_lazy("Added"),
    CHANGED: gettext_lazy("Changed"),
    GONE: gettext_lazy("Gone"),
    MOVED: gettext_lazy("Moved"),
}


@dataclass(frozen=True)
class TextAccount:
    """`what`: one of those below. `against`: the day of the version that it was compared with. `seen`: a digest of
    both, so that a change of something else than words is noticed too."""

    what: str
    work: str = ""
    name: Any = ""
    language: str = ""
    valid_on: str = ""
    against: str = ""
    seen: str = ""
    changes: list[dict[str, str]] = field(default_factory=list)
    problems: list[Any] = field(default_factory=list)

    NEW_WORK, NEW_TEXT, SAME, DIFFERS, PROBLEM = "NEW_WORK", "NEW_TEXT", "SAME", "DIFFERS", "PROBLEM"

    @classmethod
    def of(cls, what: str, changes: Iterable[Change], **told) -> "TextAccount":
        short = [
            {**asdict(one), "before": one.before[:MOST_LETTERS], "after": one.after[:MOST_LETTERS]} for one in changes
        ]
        return cls(what, changes=short, **told)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> "TextAccount":
        return cls(**found)

    @property
    def label(self) -> str:
        return str(WHAT[self.what])

    @property
    def title(self) -> str:
        """What the work is called, in the active language."""
        return str(said(self.name))

    @property
    def told(self) -> list["ToldChange"]:
        return [ToldChange(**one) for one in self.changes]

    def counts(self) -> dict[str, int]:
        """How many provisions are added, changed, ..."""
        return {what: found for what in LABELS if (found := sum(one["what"] == what for one in self.changes))}

    def sentences(self, file_name: str) -> list[str]:
        """What is wrong, for the reader."""
        return [_("“%(file)s”: %(reason)s") % {"file": file_name, "reason": said(one)} for one in self.problems]

    def writes(self, replaces: bool) -> bool:
        """Whether taking it writes something."""
        return self.what in (self.NEW_WORK, self.NEW_TEXT) or (self.what == self.DIFFERS and replaces)


WHAT = {
    TextAccount.NEW_WORK: gettext_lazy("New work"),
    TextAccount.NEW_TEXT: gettext_lazy("New text"),
    TextAccount.SAME: gettext_lazy("The same as recorded"),
    TextAccount.DIFFERS: gettext_lazy("Differs from what is recorded"),
    TextAccount.PROBLEM: gettext_lazy("Something is missing"),
}


@dataclass(frozen=True)
class ToldChange(Change):
    """A change of a provision, for readers."""

    @property
    def what_label(self) -> str:
        return str(LABELS[self.what])

    @property
    def segments(self) -> list[Segment]:
        """Its words, each run with what becomes of it."""
        return worded(self.before, self.after) if self.what == CHANGED else []
