"""The cases in fixtures/: abstracts written for this project with the records that they must give.

    python -m tests.fixture_cases           show what each failing case gets wrong
    python -m tests.fixture_cases --sort    move cases that fail to known_failures.jsonl, and cases that pass back

A case is a paper in the gold format with ``shows``, what it is there for; in known_failures.jsonl also with ``fails``,
the fields that are wrong (all others must hold), and ``kind``, the file that it belongs to once it passes.
"""

from __future__ import annotations

import argparse
import json
from functools import lru_cache

from extractor.evaluate import Facts, as_facts, evaluate
from extractor.pipeline import Extractor
from extractor.records import Paper
from tests.shared_data import ROOT

FOLDER = ROOT / "fixtures"
KINDS = ("in_the_wild", "synthetic", "negative")
KNOWN_FAILURES = "known_failures"
FIELDS = ("results", "bit_widths", "models", "datasets", "proposed", "links", "code", "tasks")


def read(kind: str) -> list[Facts]:
    """Return the cases of one file."""
    path = FOLDER / f"{kind}.jsonl"
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@lru_cache(maxsize=1)
def _extractor() -> Extractor:
    return Extractor()


def errors(case: Facts, kind: str) -> dict[str, list[str]]:
    """Return by field what is wrong with the answer to ``case``, by the scorer's notion of equality.

    Tasks count for real abstracts only, and there the most central one must be among those found.
    """
    paper = Paper(paper_id=case["id"], title=case["title"], abstract=case["abstract"])
    found = as_facts(_extractor().extract(paper))
    wrong: dict[str, list[str]] = {field: [] for field in FIELDS}
    for miss in evaluate({"case": case}, {"case": found}).misses:
        if miss.field in FIELDS and miss.field != "tasks":
            wrong[miss.field].append(f"{miss.field} {miss.what} {miss.text}")
    if kind == "in_the_wild" and case["tasks"][0] not in found["tasks"]:
        wrong["tasks"].append(f"tasks {case['tasks'][0]} not in {found['tasks']}")
    return wrong


def main() -> None:
    """Show failing cases, or move them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sort", action="store_true", help="move cases to where they belong")
    sort = parser.parse_args().sort
    cases = [(case, kind) for kind in KINDS for case in read(kind)]
    for case in read(KNOWN_FAILURES):
        cases.append(({key: value for key, value in case.items() if key not in ("kind", "fails")}, case["kind"]))
    files: dict[str, list[Facts]] = {kind: [] for kind in (*KINDS, KNOWN_FAILURES)}
    for case, kind in cases:
        wrong = {field: lines for field, lines in errors(case, kind).items() if lines}
        if wrong:
            print(
                f"{kind} {case['id']} ({case['shows']})", *(x for lines in wrong.values() for x in lines), sep="\n    "
            )
            files[KNOWN_FAILURES].append({"id": case["id"], "kind": kind, "fails": list(wrong), **case})
        else:
            files[kind].append(case)
    print({name: len(rows) for name, rows in files.items()})
    if sort:
        for name, rows in files.items():
            text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
            (FOLDER / f"{name}.jsonl").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
