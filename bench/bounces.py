"""Counts how often bounces, complaints, automatic answers and replies are taken for what they are.

    python -m bench.bounces [--write docs/reference/bounces.md]

Reads the real input beside the project and its two tables of what is expected; nothing is written to a database.
"""

import argparse
import ast
import csv
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from contacts.incoming import Incoming, Kind, read

FILES = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "bounces"
# What the table of sisimai says of those that are no bounces; the rest are.
OTHER = {"feedback": Kind.COMPLAINT, "vacation": Kind.AUTO_REPLY, "delivered": Kind.ARRIVED}
BOUNCES = (Kind.HARD, Kind.SOFT)
# Written by people; the third file of the second folder is a server's "mailbox full", and counted as what it is.
ORDINARY = ("talon-replies/*", "sisimai-not-a-bounce/is-not-bounce-*")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    lines = list(_lines())
    print("\n".join(lines))
    if options.write:
        begin, end = "<!-- figures -->", "<!-- end of figures -->"
        head, _begin, rest = options.write.read_text().partition(begin)
        options.write.write_text(f"{head}{begin}\n\n" + "\n".join(lines) + f"\n\n{end}{rest.partition(end)[2]}")


def _lines() -> Iterator[str]:
    counts, mistakes = sisimai()
    yield "| measure | right | of | share |"
    yield "|---|---:|---:|---:|"
    for name, (right, total) in {**counts, **flufl(), **ordinary()}.items():
        yield f"| {name} | {right} | {total} | {right / total:.3f} |"
    yield ""
    yield "| expected reason, where hard and soft are confounded | messages |"
    yield "|---|---:|"
    for name, count in mistakes.most_common():
        yield f"| {name} | {count} |"


def sisimai() -> tuple[dict[str, tuple[int, int]], Counter]:
    """By the table of sisimai: what kind of message it is, and whether a bounce is for good."""
    rows: dict[str, list[dict]] = defaultdict(list)
    for row in csv.DictReader((FILES / "sisimai_expected.csv").read_text().splitlines()):
        rows[row["file"]].append(row)
    kinds, hard, recipients, mistakes = Counter(), Counter(), Counter(), Counter()
    for name, expected in rows.items():
        found = read((FILES / "sisimai" / name).read_bytes())
        reason = expected[0]["reason"]
        is_bounce = reason not in OTHER
        kinds[found.kind in BOUNCES if is_bounce else found.kind is OTHER[reason]] += 1
        if not is_bounce:
            continue
        wanted = [row["hard_bounce"] == "true" for row in expected]
        got = [failure.reason.is_hard for failure in found.report.failures]
        is_right = found.kind in BOUNCES and any(got) == any(wanted)
        hard[is_right] += 1
        recipients.update(place < len(got) and got[place] == one for place, one in enumerate(wanted))
        if not is_right:
            mistakes[f"{reason} ({'hard' if any(wanted) else 'soft'})"] += 1
    return {
        "sisimai: hard or soft, by message": _share(hard),
        "sisimai: hard or soft, by recipient": _share(recipients),
        "sisimai: bounce, complaint, automatic answer or arrival": _share(kinds),
    }, mistakes


def flufl() -> dict[str, tuple[int, int]]:
    """By the table of flufl.bounce: for good or for now, and whose address."""
    expected: dict[str, set[str]] = defaultdict(set)
    is_temporary: dict[str, bool] = defaultdict(bool)
    for row in csv.DictReader((FILES / "flufl_expected.csv").read_text().splitlines()):
        expected[row["file"]] |= {address.decode().lower() for address in ast.literal_eval(row["expected_addresses"])}
        is_temporary[row["file"]] |= row["is_temporary"] == "True"
    finality, addresses = Counter(), Counter()
    for name, wanted in expected.items():
        failures = read((FILES / "flufl-bounce" / name).read_bytes()).report.failures
        is_late = not any(failure.is_final for failure in failures)
        finality[bool(failures) and is_late == is_temporary[name]] += 1
        addresses[wanted <= {failure.address.lower() for failure in failures}] += 1
    return {
        "flufl: given up, or still tried": _share(finality),
        "flufl: the addresses": _share(addresses),
    }


def ordinary() -> dict[str, tuple[int, int]]:
    found = [read(path.read_bytes()) for pattern in ORDINARY for path in sorted(FILES.glob(pattern))]
    return {"ordinary replies not taken for anything else": _share(Counter(map(_is_reply, found)))}


def _is_reply(message: Incoming) -> bool:
    return message.kind is Kind.REPLY


def _share(counts: Counter) -> tuple[int, int]:
    return counts[True], counts[True] + counts[False]


if __name__ == "__main__":
    main()
