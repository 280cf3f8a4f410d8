"""The files of imports: looked at once to their end, kept under a name that says nothing."""

import hashlib
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from itertools import chain, islice
from pathlib import Path, PurePath
from tempfile import NamedTemporaryFile
from uuid import uuid4

from django.db.models.fields.files import FieldFile

from network.sentences import Sentence
from network.sheets import Reading, Row, open_sheet

FIRST = 50  # rows by which columns are suggested


@dataclass(frozen=True)
class Found:
    """What a file holds, how it was read, and what is to be said about that."""

    sha256: str
    reading: dict
    remarks: list[Sentence]
    columns: tuple[str, ...]
    first: list[Row]
    rows: int
    all_rows: Iterable[Row]


def look_at(path: Path, chosen: Mapping[str, object], *, to_end: bool = True) -> Found:
    """Read the file, as `chosen` says where it says something. Raises SheetError; with `to_end` also for what is wrong
    in its last row, and `rows` counts them all."""
    sheet = open_sheet(path, Reading(**chosen))
    first = list(islice(sheet.rows, FIRST))
    told, remarks = asdict(replace(sheet.reading, remarks=())), list(sheet.reading.remarks)
    del told["remarks"]  # beside the rest: each reader has them in their own language
    if not to_end:
        return Found("", told, remarks, sheet.columns, first, 0, chain(first, sheet.rows))
    count = len(first) + sum(1 for _row in sheet.rows)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Found(digest, told, remarks, sheet.columns, first, count, ())


@contextmanager
def on_disk(file) -> Iterator[Path]:
    """A copy with a path, wherever files are stored; it goes afterwards."""
    with NamedTemporaryFile(suffix=".import") as copy:
        file.open("rb")
        shutil.copyfileobj(file, copy)
        if isinstance(file, FieldFile):
            file.close()
        copy.flush()
        yield Path(copy.name)


def kept_file(name: str) -> str:
    return f"{uuid4().hex}{PurePath(name).suffix.lower()[:10]}"
