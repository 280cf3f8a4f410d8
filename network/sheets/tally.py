"""What an import did, and what it did not take in and why."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Refusal:
    """One row that was not taken in, or about which there is something to say; `place` where it is not a row."""

    row: int
    reason: str
    place: str = ""

    @property
    def where(self) -> str:
        return self.place or _("row %(row)s") % {"row": self.row}


@dataclass(slots=True)
class Tally:
    """Counts of one import. `refused` rows wrote nothing; rows with `notes` were taken in, but not all of them."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: list[Refusal] = field(default_factory=list)
    notes: list[Refusal] = field(default_factory=list)

    def summary(self, file: str) -> list[str]:
        """The lines to show after the import of `file`: the counts, then each refusal and each note with its place."""
        counts = _("%(file)s: %(created)s created, %(changed)s changed, %(unchanged)s unchanged, %(refused)s refused.")
        return [
            counts
            % {
                "file": file,
                "created": self.created,
                "changed": self.changed,
                "unchanged": self.unchanged,
                "refused": len(self.refused),
            },
            *(_tell(file, refusal, _("%(file)s, %(where)s: %(reason)s")) for refusal in self.refused),
            *(_tell(file, note, _("%(file)s, %(where)s (taken in): %(reason)s")) for note in self.notes),
        ]


def _tell(file: str, refusal: Refusal, sentence: str) -> str:
    return sentence % {"file": file, "where": refusal.where, "reason": refusal.reason}
