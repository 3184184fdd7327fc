"""Quality floors: the figures that this tree must reach on the labelled papers, pinned with what they were measured with.

    python -m tests.floors              show the figures beside their floors
    python -m tests.floors --update     raise the floors to the figures; refuses to lower any
    python -m tests.floors --update --lower   write the figures whatever they are (say why in the commit)

tests/floors.json holds F1 (or accuracy) in percent per field, for the rules alone and for rules and model, and the
hashes of rules, model weights and gold files. The model has learned from these papers, and lists of names were read off
them: the figures guard against losing something, they do not measure accuracy on new papers. That is what the
cross-validations in training/ are for.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from extractor.evaluate import as_facts, evaluate, load_gold
from extractor.pipeline import Extractor
from extractor.records import Paper
from extractor.rulebook import load_rules
from tests.shared_data import GOLD, ROOT

FLOORS = Path(__file__).with_name("floors.json")
# train.jsonl is what the model learned from, so only what stands on rules is measured there.
MEASURED: dict[str, tuple[str, ...] | None] = {
    "hf_dev": None,
    "arxiv_dev": None,
    "train": ("bit_widths", "bit_widths.bits", "links", "links.repo", "code"),
}
ARMS = {"rules": False, "rules and model": True}


def pins() -> dict[str, str]:
    """Return the hashes of everything that the figures depend on, but for the code."""
    weights = hashlib.sha256()
    for path in sorted((ROOT / "extractor" / "model").rglob("*")):
        if path.is_file() and path.suffix not in (".py", ".pyc"):
            weights.update(path.name.encode() + b"\0" + path.read_bytes())
    gold = {f"gold {n}": hashlib.sha256((GOLD / f"{n}.jsonl").read_bytes()).hexdigest() for n in MEASURED}
    return {"rules": load_rules().hash, "model": weights.hexdigest(), **gold}


def measure() -> dict[str, dict[str, dict[str, float]]]:
    """Return the figures of this tree: gold file, arm, field."""
    figures: dict[str, dict[str, dict[str, float]]] = {name: {} for name in MEASURED}
    for arm, ner in ARMS.items():
        extractor = Extractor(ner=ner)
        for name, fields in MEASURED.items():
            gold = load_gold(GOLD / f"{name}.jsonl")
            found = {
                key: as_facts(
                    extractor.extract(Paper(paper_id=paper["id"], title=paper["title"], abstract=paper["abstract"]))
                )
                for key, paper in gold.items()
            }
            headline = evaluate(gold, found).headline()
            figures[name][arm] = {field: headline[field] for field in fields or headline}
    return figures


def read() -> dict[str, Any]:
    """Return the pinned floors; empty ones where there is no file yet."""
    return json.loads(FLOORS.read_text()) if FLOORS.exists() else {"pins": {}, "floors": {}}


def lowered(floors: dict[str, Any], figures: dict[str, Any]) -> list[str]:
    """Return a line for each floor that the figures miss."""
    return [
        f"{name}, {arm}: {field} {figures.get(name, {}).get(arm, {}).get(field)} is below the floor {floor}"
        for name, arms in floors.items()
        for arm, fields in arms.items()
        for field, floor in fields.items()
        if figures.get(name, {}).get(arm, {}).get(field, -1) < floor
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--update", action="store_true", help="write the figures of this tree")
    parser.add_argument("--lower", action="store_true", help="with --update: also where they are below a floor")
    options = parser.parse_args()
    if not GOLD.is_dir():
        print(f"no labelled papers in {GOLD}", file=sys.stderr)
        return 2
    pinned, figures = read(), measure()
    for name, arms in figures.items():
        for field in next(iter(arms.values())):
            row = "  ".join(
                f"{arm} {fields[field]:5.1f} (floor {pinned['floors'].get(name, {}).get(arm, {}).get(field, '-')})"
                for arm, fields in arms.items()
            )
            print(f"{name:10s} {field:16s} {row}")
    below = lowered(pinned["floors"], figures)
    print(*below, sep="\n", file=sys.stderr)
    if not options.update:
        return 1 if below else 0
    if below and not options.lower:
        print("not written: --lower writes them all the same", file=sys.stderr)
        return 1
    FLOORS.write_text(json.dumps({"pins": pins(), "floors": figures}, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
