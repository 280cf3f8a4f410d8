"""What the script of the board says."""

from django.utils.translation import gettext as _


def words() -> dict[str, str]:
    """By the names under which the script knows them; it puts in what stands in %(…)s."""
    return {
        "everywhere": _("All over the house"),
        "waits": _("Not scheduled yet"),
        "restricted": _("Not for everybody"),
        "dropped": _("Cancelled"),
        "conflicts": _("Conflicts: %(count)s"),
        "no_conflict": _("No conflicts"),
        "closed": _("The room is closed"),
        "seats": _("%(count)s seats"),
        "lifted": _(
            "“%(title)s” is picked up. Arrows move it, with Shift by half an hour; + and − make it longer and shorter; "
            "Page Up and Page Down change the day; Enter puts it down, Escape puts it back."
        ),
        "at": _("%(when)s, %(room)s"),
        "moved": _("“%(title)s” is moved: %(where)s."),
        "moved_many": _("Sessions moved: %(count)s."),
        "copied": _("Sessions copied: %(count)s."),
        "gone": _("Copies taken back: %(count)s."),
        "put_back": _("“%(title)s” is back where it was."),
        "undone": _("Undone."),
        "redone": _("Done again."),
        "nothing_to_undo": _("There is nothing to undo."),
        "nothing_to_redo": _("There is nothing to do again."),
        "others": _("Somebody else has changed sessions: %(count)s."),
        "stale": _("Somebody else was quicker: “%(title)s” is now: %(where)s. You wanted: %(wanted)s."),
        "stale_many": _("Somebody else was quicker: %(titles)s. Nothing was moved."),
        "no_line": _("The server does not answer. Nothing was moved."),
        "swap_with": _("Choose the session with which “%(title)s” changes places. Escape gives up."),
        "not_swapped": _("Nothing was swapped."),
        "empty_day": _("Nothing takes place on this day yet."),
        "empty_pile": _("Every session has a place."),
    }
