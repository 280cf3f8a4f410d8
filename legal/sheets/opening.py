"""Opening a table of participation: the XML of the UN Treaty Collection, or whatever `network.sheets` reads."""

from pathlib import Path

from django.utils.translation import gettext as _

from legal.sheets.untc import Status, is_xml, untc_status
from network.sheets import Reading, SheetError, open_sheet


def open_status(path: str | Path, reading: Reading | None = None) -> Status:
    """The table in the file at `path`, and the title of its treaty where the file says one. Raises SheetError; also
    later, from the rows, where a file that began well cannot be read to its end."""
    path = Path(path)
    try:
        with path.open("rb") as file:
            start = file.read(512)
    except OSError:
        raise SheetError(_("The file cannot be opened.")) from None
    return untc_status(path) if is_xml(start) else Status(open_sheet(path, reading), "")
